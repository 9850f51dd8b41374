//! What a query of the language model costs, and what an n-gram takes, beside a hash map, an
//! `fst::Map` and the tries of `tongrams`.
//!
//! A query is a word after two others: what [`LanguageModel::step`] answers with the whole
//! chain of back-offs. The others only look the triple up, and answer with the same level
//! (a whole number, all that `tongrams` holds).
//!
//! With `UNSPIN_NGRAMS` naming the en-us.lm.bin of the pocketsphinx package (see
//! dictionaries/recipes/fetch.py) the model is all of it. Without, it is a model of the same
//! size of made-up words with Zipf's frequencies, so that the bench needs nothing but the
//! repository; figures of the two differ by a few nanoseconds.
//!
//! Each input is checked before it is timed: hits answer, misses do not, and the packed model
//! is as near to the probability as its levels are.

#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tongrams::EliasFanoTrieCountLm;

use unspin::language_model::{LanguageModel, Ngrams, State, WordId, pack, read_pocketsphinx};
use unspin::text::word_hash;

/// How many queries an input at random has: what they touch does not fit the inner caches.
const QUERIES: usize = 20_000;
/// How many words the document has that is read again and again.
const DOCUMENT: usize = 400;

/// Pseudo-random numbers, the same at every run (splitmix64; Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

fn ngrams() -> Ngrams {
    match std::env::var_os("UNSPIN_NGRAMS") {
        Some(path) => read_pocketsphinx(&std::fs::read(path).unwrap()).unwrap(),
        None => made_up(),
    }
}

/// As many words, pairs and triples as the bundled model has.
fn made_up() -> Ngrams {
    let mut random = Random(1);
    let words: Vec<String> =
        ["<s>", "</s>"].map(String::from).into_iter().chain((2..72_500).map(|i| format!("w{i}"))).collect();
    let count = words.len();
    // The logarithm of a word's rank is evenly spread.
    let zipf = |random: &mut Random| {
        let share = (random.next() >> 11) as f64 / (1u64 << 53) as f64;
        (count as f64).powf(share) as u32 % count as u32
    };
    let log = |random: &mut Random| -0.1 - random.below(1_000) as f32 / 100.0;
    let mut pairs = HashSet::new();
    while pairs.len() < 2_050_000 {
        pairs.insert([zipf(&mut random), zipf(&mut random)]);
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    let mut after: HashMap<u32, Vec<u32>> = HashMap::new();
    for &[a, b] in &pairs {
        after.entry(a).or_default().push(b);
    }
    let mut triples = HashSet::new();
    while triples.len() < 1_670_000 {
        // About a seventh of the pairs are contexts.
        let [a, b] = pairs[random.below(pairs.len() / 7) * 7];
        if let Some(followers) = after.get(&b) {
            triples.insert([a, b, followers[random.below(followers.len())]]);
        }
    }
    let mut triples: Vec<_> = triples.into_iter().collect();
    triples.sort_unstable();
    let unigrams = words.iter().map(|_| (log(&mut random) - 5.0, -0.5)).collect();
    let bigrams = pairs.into_iter().map(|p| (p, log(&mut random), 0.0)).collect();
    let trigrams = triples.into_iter().map(|t| (t, log(&mut random))).collect();
    Ngrams { words, unigrams, bigrams, trigrams }
}

/// A word after two others, by its words' numbers.
type Query = [u32; 3];

struct Input {
    name: &'static str,
    queries: Vec<Query>,
    /// Whether the triples are there; `None` where some are.
    hit: Option<bool>,
}

fn inputs(ngrams: &Ngrams, known: &HashMap<u64, u32>) -> Vec<Input> {
    let mut random = Random(2);
    let triples = &ngrams.trigrams;
    let hits: Vec<Query> = (0..QUERIES).map(|_| triples[random.below(triples.len())].0).collect();
    let mut misses = Vec::new();
    while misses.len() < QUERIES {
        // A known context with a word that does not follow it: all of the chain is gone through.
        let ([a, b, _], [_, _, c]) = (triples[random.below(triples.len())].0, triples[random.below(triples.len())].0);
        if !known.contains_key(&packed([a, b, c])) {
            misses.push([a, b, c]);
        }
    }
    // Triples one after the other, so that hits and misses come as in a text.
    let words: Vec<u32> = hits.iter().flatten().copied().take(DOCUMENT + 2).collect();
    let document = words.windows(3).map(|w| [w[0], w[1], w[2]]).collect();
    vec![
        Input { name: "hits", queries: hits, hit: Some(true) },
        Input { name: "misses", queries: misses, hit: Some(false) },
        Input { name: "document", queries: document, hit: None },
    ]
}

/// A triple as one number: words need 17 bits.
fn packed([a, b, c]: Query) -> u64 {
    u64::from(a) << 40 | u64::from(b) << 20 | u64::from(c)
}

fn level(log: f32) -> u32 {
    (-log * 8.0).max(0.0) as u32 + 1
}

/// The bytes of a triple in an `fst::Map`: three for each word.
fn bytes(query: Query) -> [u8; 9] {
    let mut bytes = [0; 9];
    for (part, word) in bytes.chunks_exact_mut(3).zip(query) {
        part.copy_from_slice(&word.to_be_bytes()[1..]);
    }
    bytes
}

/// N-grams as the tries read them: a table of each order.
fn tries(ngrams: &Ngrams) -> EliasFanoTrieCountLm {
    let folder = tempfile::tempdir().unwrap();
    let word = |w: u32| ngrams.words[w as usize].as_str();
    // Words in the order of their frequency, pairs and triples in the order of their words.
    let mut words: Vec<u32> = (0..ngrams.words.len() as u32).collect();
    words.sort_by(|&a, &b| ngrams.unigrams[b as usize].0.total_cmp(&ngrams.unigrams[a as usize].0).then(a.cmp(&b)));
    let mut rank = vec![0; words.len()];
    for (place, &w) in words.iter().enumerate() {
        rank[w as usize] = place;
    }
    let line = |gram: &[u32], log: f32| {
        let gram: Vec<&str> = gram.iter().map(|&w| word(w)).collect();
        format!("{}\t{}\n", gram.join(" "), level(log))
    };
    let mut pairs: HashMap<[u32; 2], f32> = ngrams.bigrams.iter().map(|b| (b.0, b.1)).collect();
    for ([a, b, _], _) in &ngrams.trigrams {
        pairs.entry([*a, *b]).or_insert(-9.0);
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(p, _)| p.map(|w| rank[w as usize]));
    let mut triples = ngrams.trigrams.clone();
    triples.sort_by_key(|(t, _)| t.map(|w| rank[w as usize]));
    let tables: [(usize, String); 3] = [
        (words.len(), words.iter().map(|&w| line(&[w], ngrams.unigrams[w as usize].0)).collect()),
        (pairs.len(), pairs.iter().map(|(p, log)| line(p, *log)).collect()),
        (triples.len(), triples.iter().map(|(t, log)| line(t, *log)).collect()),
    ];
    let mut files = Vec::new();
    for (order, (count, lines)) in (1..).zip(&tables) {
        files.push(folder.path().join(format!("{order}-grams.sorted")));
        std::fs::write(&files[order - 1], format!("{count}\n{lines}")).unwrap();
    }
    EliasFanoTrieCountLm::from_plain_files(&files).unwrap()
}

fn queries(criterion: &mut Criterion) {
    let ngrams = ngrams();
    let ids: Vec<WordId> = ngrams.words.iter().map(|w| word_hash(w)).collect();
    let model = pack(&ngrams).unwrap();
    let map: HashMap<u64, u32> = ngrams.trigrams.iter().map(|t| (packed(t.0), level(t.1))).collect();
    let mut sorted: Vec<([u8; 9], u64)> = ngrams.trigrams.iter().map(|t| (bytes(t.0), u64::from(level(t.1)))).collect();
    sorted.sort_unstable();
    let fst = fst::Map::from_iter(sorted).unwrap();
    let tries = tries(&ngrams);
    let logs: HashMap<u64, f32> = ngrams.trigrams.iter().map(|t| (packed(t.0), t.1)).collect();
    sizes(&ngrams, &model, &fst, &tries);

    for Input { name, queries, hit } in inputs(&ngrams, &map) {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(queries.len() as u64));
        let steps: Vec<(State, WordId)> = queries.iter().map(|&q| state(&model, &ids, q)).collect();
        check(&model, &steps, &queries, &logs, hit);
        group.bench_function("unspin", |bencher| {
            bencher.iter(|| steps.iter().map(|(state, word)| model.step(black_box(state), *word).0).sum::<f32>());
        });
        let found = queries.iter().filter(|q| map.contains_key(&packed(**q))).count();
        assert!(hit.is_none_or(|hit| found == if hit { queries.len() } else { 0 }));
        let sum = queries.iter().filter_map(|q| map.get(&packed(*q))).map(|l| u64::from(*l)).sum::<u64>();
        group.bench_function("HashMap", |bencher| {
            bencher.iter(|| {
                queries.iter().filter_map(|q| map.get(&packed(black_box(*q)))).map(|l| u64::from(*l)).sum::<u64>()
            });
        });
        let by_fst = || queries.iter().filter_map(|q| fst.get(bytes(black_box(*q)))).sum::<u64>();
        assert_eq!(by_fst(), sum);
        group.bench_function("fst", |bencher| bencher.iter(by_fst));
        let words: Vec<[&str; 3]> = queries.iter().map(|q| q.map(|w| ngrams.words[w as usize].as_str())).collect();
        let by_tries = || {
            let mut lookuper = tries.lookuper();
            words.iter().filter_map(|q| lookuper.with_tokens(black_box(q))).sum::<usize>()
        };
        assert_eq!(by_tries() as u64, sum);
        group.bench_function("tongrams", |bencher| bencher.iter(by_tries));
        group.finish();
    }
}

fn state(model: &LanguageModel, ids: &[WordId], [a, b, c]: Query) -> (State, WordId) {
    let [a, b, c] = [a, b, c].map(|w| ids[w as usize]);
    let first = model.step(&model.start(), a).1;
    (model.step(&first, b).1, c)
}

/// Hits must be near what was packed; of misses a few in a thousand may be taken for hits.
fn check(
    model: &LanguageModel,
    steps: &[(State, WordId)],
    queries: &[Query],
    logs: &HashMap<u64, f32>,
    hit: Option<bool>,
) {
    for ((state, word), query) in steps.iter().zip(queries) {
        let log = model.step(state, *word).0;
        match logs.get(&packed(*query)) {
            Some(expected) => assert!((log - expected).abs() < 0.5, "{query:?}: {log}, not {expected}"),
            None => assert!(hit != Some(true) && log.is_finite(), "{query:?}: {log}"),
        }
    }
}

/// Prints what each takes. The map and the tries hold no back-off; the map and the fst hold
/// the triples alone, the tries all three orders, the packed model back-off weights too.
fn sizes(ngrams: &Ngrams, model: &LanguageModel, fst: &fst::Map<Vec<u8>>, tries: &EliasFanoTrieCountLm) {
    let triples = ngrams.trigrams.len();
    let all = ngrams.words.len() + ngrams.bigrams.len() + triples;
    let mut written = Vec::new();
    tries.serialize_into(&mut written).unwrap();
    // A slot of the standard map is the pair and a byte; seven of eight slots at most are filled.
    let slots = (triples * 8 / 7).next_power_of_two();
    println!("{all} n-grams, {triples} of them triples");
    let per = |name: &str, bytes: usize, count: usize| {
        println!("{name:>10}: {:.2} bytes an n-gram", bytes as f64 / count as f64)
    };
    per("unspin", model.as_bytes().len(), all);
    per("HashMap", slots * (size_of::<(u64, u32)>() + 1), triples);
    per("fst", fst.as_fst().as_bytes().len(), triples);
    per("tongrams", written.len(), all);
}

criterion_group! {
    name = benches;
    // The tries take a tenth of a millisecond a miss: more samples would take minutes.
    config = Criterion::default().sample_size(20);
    targets = queries
}
criterion_main!(benches);
