//! The packed language model as a file: cut, altered, mapped, and within its bounds.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;

use unspin::language_model::{LanguageModel, Ngrams, WordId, pack};
use unspin::text::word_hash;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What the registry takes for a package.
const PACKAGE: u64 = 10 << 20;

fn bundled() -> PathBuf {
    PathBuf::from(format!("{ROOT}/dictionaries/model/english.lm"))
}

fn words(count: u32) -> Vec<WordId> {
    (0..count).map(|i| word_hash(&format!("w{i}"))).collect()
}

/// A model of fifty words, a few hundred pairs and triples.
fn small() -> &'static [u8] {
    static SMALL: OnceLock<Vec<u8>> = OnceLock::new();
    SMALL.get_or_init(|| {
        let words = (0..50).map(|i| format!("w{i}")).chain(["<s>".into(), "</s>".into()]).collect();
        let log = |i: u32| -0.1 - (i * 37 % 101) as f32 / 10.0;
        let bigrams: Vec<_> = (0..300u32).map(|i| ([i % 50, (i * 7 + i / 50) % 50], log(i), -log(i + 1))).collect();
        let trigrams = (0..200u32).map(|i| ([i % 50, (i * 3 + i / 50) % 50, (i * 11 + 1) % 50], log(i + 2))).collect();
        let unigrams = (0..52).map(|i| (log(i) - 5.0, -0.3)).collect();
        pack(&Ngrams { words, unigrams, bigrams, trigrams }).unwrap().as_bytes().to_vec()
    })
}

/// Asks a model all sorts of things; answers of any kind will do.
fn ask(model: &LanguageModel) {
    let words = words(60);
    let mut state = model.start();
    for (i, &word) in words.iter().cycle().take(600).enumerate() {
        state = model.step(&state, words[(i * 7 + i / 60) % 60]).1;
        let _ = (model.knows(word), model.log_probability(word), model.phrase(&words[i % 57..i % 57 + 3]));
    }
    let _ = model.score(model.start(), words);
}

proptest! {
    #[test]
    fn a_cut_model_is_refused(length in 0..small().len(), mapped: bool) {
        let cut = small()[..length].to_vec();
        if mapped {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &cut).unwrap();
            prop_assert!(LanguageModel::open(file.path()).is_err());
        } else {
            prop_assert!(LanguageModel::from_bytes(cut).is_err());
        }
    }

    #[test]
    fn an_altered_model_is_refused_or_answers(
        changes in prop::collection::vec((0..small().len(), any::<u8>()), 1..8),
        in_header: bool,
    ) {
        let mut bytes = small().to_vec();
        for (at, byte) in changes {
            // The cells are most of the file: the shapes and levels before them get their share.
            bytes[if in_header { at % 400 } else { at }] = byte;
        }
        if let Ok(model) = LanguageModel::from_bytes(bytes) {
            ask(&model);
        }
    }
}

#[test]
fn the_small_model_answers_as_it_was_packed() {
    let model = LanguageModel::from_bytes(small()).unwrap();
    ask(&model);
    assert_eq!((model.size().unigrams, model.size().trigrams), (52, 200));
    let words = words(50);
    let triple = model.phrase(&[words[1], words[3], words[12]]) - model.phrase(&[words[1], words[3]]);
    let expected = -0.1 - (3 * 37 % 101) as f32 / 10.0;
    assert!((triple - expected).abs() < 0.1, "{triple}, not {expected}");
}

#[test]
fn a_mapped_model_answers_as_the_embedded_one() {
    let mapped = LanguageModel::open(&bundled()).unwrap();
    let embedded = unspin::Model::english();
    let sentence: Vec<WordId> =
        "the second round of negotiations was held in the capital".split(' ').map(word_hash).collect();
    let log = mapped.score(mapped.start(), sentence.iter().copied());
    assert!(log < -10.0 && log > -80.0, "{log}");
    assert_eq!(log, embedded.language_model().score(mapped.start(), sentence));
    assert!(LanguageModel::open("no such file".as_ref()).unwrap_err().to_string().contains("cannot be read"));
}

/// The kernel tells which pages of the map were touched.
#[cfg(target_os = "linux")]
#[test]
fn a_query_makes_only_its_own_pages_resident() {
    // A copy, so that no other test maps the same file.
    let copy = tempfile::NamedTempFile::new().unwrap();
    std::fs::copy(bundled(), copy.path()).unwrap();
    let resident = || -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let ours = maps.lines().skip_while(|l| !l.ends_with(copy.path().to_str().unwrap()));
        let line = ours.take_while(|l| !l.starts_with("VmFlags")).find(|l| l.starts_with("Rss:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let model = LanguageModel::open(copy.path()).unwrap();
    let opened = resident();
    assert!(opened <= 128, "opening made {opened} KiB resident");
    // Pages come sixteen at a time: 64 KiB for each of at most twelve reads.
    let _ = model.step(&model.start(), word_hash("the"));
    let asked = resident();
    assert!(asked - opened <= 12 * 64, "one query made {} KiB resident", asked - opened);
}

#[cfg(feature = "compression")]
#[test]
fn each_package_stays_within_what_the_registry_takes() {
    let size = |file: &str| std::fs::metadata(format!("{ROOT}/{file}")).unwrap().len();
    // A package is compressed; besides the model it holds a few KB.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&std::fs::read(bundled()).unwrap()).unwrap();
    let model = packed.finish().unwrap().len();
    assert!(model <= 10_000_000, "{model}");
    // Of the program's package this is an upper bound: it is compressed besides.
    let program = size("dictionaries/en/english.dict") + size("dictionaries/en/inflection.tsv");
    assert!(program < PACKAGE / 2, "{program}");
    let manifest = std::fs::read_to_string(format!("{ROOT}/Cargo.toml")).unwrap();
    for left_out in ["dictionaries/en/packs/", "dictionaries/en/genuine.tsv"] {
        assert!(manifest.contains(left_out), "{left_out} is not needed to build and must stay out of the package");
    }
}

#[test]
fn an_ngram_takes_less_than_three_and_a_half_bytes() {
    let size = LanguageModel::open(&bundled()).unwrap().size();
    let ngrams = f64::from(size.unigrams) + f64::from(size.bigrams) + f64::from(size.trigrams);
    assert!(size.bytes as f64 / ngrams <= 3.5, "{:.2} bytes", size.bytes as f64 / ngrams);
}

#[test]
fn the_notice_goes_with_the_model() {
    let of_the_model = std::fs::read_to_string(format!("{ROOT}/dictionaries/model/NOTICE")).unwrap();
    let of_all = std::fs::read_to_string(format!("{ROOT}/NOTICE")).unwrap();
    assert!(of_all.contains(of_the_model.trim_end()), "dictionaries/model/NOTICE differs from its section of NOTICE");
}
