//! `unspin lm` as its users meet it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use super::{TEXT, counted};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unspin")).current_dir(folder).args(arguments).output().unwrap()
}

/// Runs what must succeed; gives standard output.
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs what must fail; gives standard error.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn json_lines() -> String {
    TEXT.split("\n\n").map(|text| serde_json::json!({"text": text, "other": 1}).to_string() + "\n").collect()
}

#[test]
fn a_model_is_counted_built_mixed_measured_and_used() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("text.txt"), TEXT).unwrap();
    done(at, &["lm", "count", "text.txt", "-o", "my.counts"]);
    assert_eq!(std::fs::read(at.join("my.counts")).unwrap(), counted(&[TEXT], 3, &[]));
    assert!(done(at, &["lm", "stats", "my.counts"]).starts_with("counts of "));
    done(at, &["lm", "build", "my.counts", "-o", "my.arpa"]);
    done(at, &["lm", "build", "my.arpa", "-o", "my.lm"]);
    done(at, &["lm", "build", "my.counts", "-o", "same.lm"]);
    assert_eq!(std::fs::read(at.join("my.lm")).unwrap(), std::fs::read(at.join("same.lm")).unwrap());
    let measured = ["my.counts", "my.arpa", "my.lm"].map(|model| done(at, &["lm", "perplexity", model, "text.txt"]));
    assert_eq!(measured[0], measured[1]);
    assert_eq!(measured[0].lines().next(), measured[2].lines().next());
    let fitted = done(
        at,
        &[
            "lm",
            "mix",
            "my.arpa",
            "my.counts",
            "--tune",
            "text.txt",
            "-o",
            "mixed.lm",
            "--prune",
            "1e-4",
            "--vocabulary",
            "9",
        ],
    );
    assert!(fitted.contains("my.arpa: weight 0.5000, perplexity ") && fitted.contains("the mixture: "), "{fitted}");
    assert!(done(at, &["lm", "stats", "mixed.lm"]).starts_with("11 words, "));
    done(at, &["scan", "--lm", "my.lm", "text.txt"]);
    done(at, &["lm", "counts", "my.counts", "my.counts", "-o", "twice.counts"]);
    assert!(refused(at, &["lm", "counts", "my.counts", "-o", "my.counts"]).contains("would overwrite counts"));
    done(at, &["lm", "count", "--order", "5", "text.txt", "-o", "five.counts"]);
    let remark = run(at, &["lm", "build", "five.counts", "-o", "five.lm"]);
    assert!(String::from_utf8_lossy(&remark.stderr).contains("packed models have order 3; what is longer is left out"));
}

#[test]
fn corpora_come_in_many_forms() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("texts")).unwrap();
    for (i, text) in TEXT.split("\n\n").enumerate() {
        std::fs::write(at.join(format!("texts/{i}.txt")), text).unwrap();
    }
    std::fs::write(at.join("lines.jsonl"), json_lines()).unwrap();
    let expected = counted(&[TEXT], 3, &[]);
    let mut corpora = vec!["texts", "lines.jsonl"];
    if cfg!(feature = "compression") {
        corpora.extend(packed(at));
    }
    for corpus in corpora {
        for memory in ["1", "64"] {
            done(at, &["lm", "count", corpus, "-o", "out", "--memory", memory, "-j", memory]);
            assert!(std::fs::read(at.join("out")).unwrap() == expected, "{corpus}");
        }
    }
}

#[cfg(feature = "compression")]
fn packed(at: &Path) -> Vec<&'static str> {
    let gzip = |name: &str, bytes: &[u8]| {
        let file = std::fs::File::create(at.join(name)).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap();
    };
    gzip("text.txt.gz", TEXT.as_bytes());
    gzip("lines.jsonl.gz", json_lines().as_bytes());
    // Two frames, one after the other.
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let (one, two) = TEXT.split_at(TEXT.find("\n\n").unwrap());
    let frames = [one, two].map(|part| ruzstd::encoding::compress_to_vec(part.as_bytes(), level));
    std::fs::write(at.join("text.zst"), frames.concat()).unwrap();
    let whole = std::fs::read(at.join("text.txt.gz")).unwrap();
    std::fs::write(at.join("cut.gz"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(at.join("cut.zst"), &frames[0][..frames[0].len() / 2]).unwrap();
    for (broken, why) in [("cut.gz", "cut.gz: "), ("cut.zst", "no sound Zstandard")] {
        let message = refused(at, &["lm", "count", broken, "-o", "out"]);
        assert!(message.contains(why), "{message}");
    }
    vec!["text.txt.gz", "lines.jsonl.gz", "text.zst"]
}

#[cfg(not(feature = "compression"))]
fn packed(_: &Path) -> Vec<&'static str> {
    Vec::new()
}

#[test]
fn words_and_lines_of_megabytes_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let long = "x".repeat(700_000);
    std::fs::write(at.join("word.txt"), format!("A {long} stood here. A {long}y stood there.")).unwrap();
    done(at, &["lm", "count", "word.txt", "-o", "word.counts"]);
    // <s> </s> a <unk> stood here there
    assert!(done(at, &["lm", "stats", "word.counts"]).starts_with("counts of 7 words, "));
    // A line without an end, longer than any buffer, with words that are cut nowhere.
    let line = "storm ferry harbour ".repeat(200_000);
    std::fs::write(at.join("line.txt"), &line).unwrap();
    done(at, &["lm", "count", "line.txt", "-o", "line.counts", "--memory", "8"]);
    let stats = done(at, &["lm", "stats", "line.counts"]);
    assert!(stats.starts_with("counts of 5 words, "), "{stats}");
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("my.counts"), counted(&[TEXT], 3, &[])).unwrap();
    std::fs::write(at.join("text.txt"), TEXT).unwrap();
    std::fs::write(at.join("ken.bin"), b"mmap lm http://kheafield.com/code format version 5\n\0").unwrap();
    std::fs::write(at.join("bad.arpa"), "\\data\\\nngram 1=1\n\\1-grams:\n0.5 a\n\\end\\\n").unwrap();
    std::fs::write(
        at.join("bad.jsonl"),
        "{\"body\": \"One.\"}\n{\"text\": 3}\nno json\n{\"text\": \"A fair text.\"}\n",
    )
    .unwrap();
    done(at, &["lm", "build", "my.counts", "-o", "my.lm"]);
    for (arguments, message) in [
        (&["lm", "build", "ken.bin", "-o", "x.lm"][..], "ken.bin: a binary model of KenLM"),
        (&["lm", "build", "bad.arpa", "-o", "x.lm"], "bad.arpa: line 4: the probability `0.5` is above one"),
        (&["lm", "build", "text.txt", "-o", "x.lm"], "no line says `\\data\\`"),
        (
            &["lm", "mix", "my.lm", "my.counts", "--weights", ".5,.5", "-o", "x.lm"],
            "a packed model does not list its n-grams",
        ),
        (&["lm", "mix", "my.counts", "my.counts", "--weights", ".5", "-o", "x.lm"], "1 weights for 2 models"),
        (&["lm", "mix", "my.counts", "my.counts", "--weights", "0,0", "-o", "x.lm"], "not all 0"),
        (&["lm", "build", "my.counts", "--prune", "2", "-o", "x.lm"], "a number from 0 to 1 is wanted"),
        (&["lm", "build", "my.counts", "-o", "nowhere/x.lm"], "nowhere/x.lm"),
        (&["lm", "count", "text.txt", "-o", "nowhere/x"], "nowhere/x"),
        (&["lm", "count", "text.txt", "--order", "7", "-o", "x"], "order 7, where 1 to 5 can be counted"),
        (&["lm", "count", "missing.txt", "-o", "x"], "missing.txt"),
        (
            &["lm", "count", "bad.jsonl", "-o", "x"],
            "bad.jsonl:1: no field `text`; name the one that holds the text with --text-field",
        ),
        (&["lm", "count", "bad.jsonl", "-o", "x"], "bad.jsonl:2: the field `text` holds no text"),
        (&["lm", "count", "bad.jsonl", "-o", "x"], "bad.jsonl:3: no JSON"),
        (&["lm", "perplexity", "my.lm", "missing.txt"], "missing.txt"),
        (&["scan", "--lm", "my.counts", "text.txt"], "`unspin lm build` makes a model from counts"),
    ] {
        let found = refused(at, arguments);
        assert!(found.contains(message), "{arguments:?}: {found}");
    }
    let cut = std::fs::read(at.join("my.counts")).unwrap();
    std::fs::write(at.join("cut.counts"), &cut[..cut.len() - 2]).unwrap();
    assert!(refused(at, &["lm", "build", "cut.counts", "-o", "x.lm"]).contains("cut.counts: the counts are cut short"));
}
