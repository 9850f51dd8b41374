//! Language models of one's own: counting, smoothing, ARPA files, mixing, pruning, measuring.

#![allow(clippy::unwrap_used)]

mod arpa;
mod counts;
mod program;
mod smoothing;

use unspin::language_model::{BackoffModel, CountOptions, Counter, Counts, CountsHeader, kneser_ney};

/// Sentences of the tests' own.
const TEXT: &str = "\
The ferry left the harbour at nine. The ferry came back at noon, and the crew went home.\n\n\
A storm kept the boats in the harbour. The crew of the ferry waited for the storm to pass.\n\n\
Nobody in the town had seen such a storm before. The town had 2 ferries and 14 boats.\n\n\
In the harbour the boats of the town waited. The storm came back at nine, and nobody left.";

/// The counts of texts as a file.
fn counted(texts: &[&str], order: usize, least: &[u64]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let header = CountsHeader::new(order, least).unwrap();
    let options = CountOptions { header, memory: 8 << 20, american: false, folder: folder.path().into() };
    let mut counter = Counter::new(options);
    counter.add(texts).unwrap();
    let mut file = Vec::new();
    counter.finish(&mut file).unwrap();
    file
}

/// The smoothed model of texts.
fn smoothed(texts: &[&str], order: usize) -> BackoffModel {
    kneser_ney(Counts::read(&counted(texts, order, &[])[..]).unwrap()).0
}

/// The number of a word.
fn word(model: &BackoffModel, name: &str) -> Option<u32> {
    model.word(unspin::text::word_hash(name))
}

/// The probability of a word after others, by their names.
fn probability(model: &BackoffModel, context: &[&str], name: &str) -> f32 {
    let context: Vec<Option<u32>> = context.iter().map(|w| word(model, w)).collect();
    model.log_probability(&context, word(model, name)).exp()
}
