//! Packing n-grams into the form that [`LanguageModel`] reads.

use std::collections::{BTreeMap, HashSet};

use crate::text::word_hash;

use super::error::ModelError;
use super::fuse::{self, Shape};
use super::levels;
use super::store::{self, BIGRAM_LEVEL, FORMAT_VERSION, LanguageModel, MAGIC, VALUE_BITS};

/// N-grams up to order 3 with their probabilities and back-off weights, in natural logarithms.
///
/// `bigrams` and `trigrams` name words by their place in `words`, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ngrams {
    /// The vocabulary, in normal form, with `<s>` and `</s>`.
    pub words: Vec<String>,
    /// Probability and back-off of each word.
    pub unigrams: Vec<(f32, f32)>,
    /// Pairs, the probability of the second after the first, and the pair's back-off.
    pub bigrams: Vec<([u32; 2], f32, f32)>,
    /// Triples and the probability of the third after the first two.
    pub trigrams: Vec<([u32; 3], f32)>,
}

/// How much worse than the rarest listed word an unlisted one is taken to be: the model's
/// 72,000 words leave out names and rare words, each of them rarer than the listed ones.
const UNKNOWN_BELOW: f32 = 1.5;

/// A packed model is meant to take at most this many bytes, so that it fits a published
/// package of 10 MiB: larger models get shorter fingerprints.
const ROOM: usize = 10_440_000;
/// Bits of the fingerprints of unigrams.
const UNIGRAM_PRINT: u32 = 16;
/// The most and the fewest bits of the fingerprints of bigrams; trigrams get up to two fewer,
/// since they are looked up only where their last two words are a bigram. At the most, scans
/// hardly differ from those with longer ones (docs/language-model.md).
const MOST_PRINT: u32 = 12;
const LEAST_PRINT: u32 = 8;

/// Packs n-grams.
///
/// All are kept; [`super::BackoffModel::prune`] makes a model smaller before. The result depends on
/// the n-grams alone, to the byte.
///
/// # Errors
/// When a number is not finite, an n-gram names a word that is not there, or two words or
/// n-grams cannot be told apart.
pub fn pack(ngrams: &Ngrams) -> Result<LanguageModel, ModelError> {
    check(ngrams)?;
    let ids: Vec<u64> = ngrams.words.iter().map(|w| word_hash(w)).collect();
    let key = |[a, b]: [u32; 2]| store::pair(ids[a as usize], ids[b as usize]);
    let trigrams = &ngrams.trigrams;
    let bigrams = closed_bigrams(ngrams, trigrams);

    let prob_1 = levels::choose(&values(ngrams.unigrams.iter().map(|u| u.0)), 256);
    let backoff_1 = levels::choose(&values(ngrams.unigrams.iter().map(|u| u.1)), 256);
    let unigram_cells = ids.iter().zip(&ngrams.unigrams).map(|(&id, &(prob, backoff))| {
        (id, levels::nearest(&prob_1, prob) << 8 | levels::nearest(&backoff_1, backoff))
    });
    let prob_2 = levels::choose(&values(bigrams.values().map(|b| b.prob)), 64);
    let bigram_cells = bigrams
        .iter()
        .map(|(&words, b)| (key(words), u32::from(b.context()) << BIGRAM_LEVEL | levels::nearest(&prob_2, b.prob)));
    let contexts = || bigrams.iter().filter(|(_, b)| b.context());
    let backoff_2 = levels::choose(&values(contexts().map(|(_, b)| b.backoff)), 64);
    let context_cells = contexts().map(|(&words, b)| (key(words), levels::nearest(&backoff_2, b.backoff)));
    let prob_3 = levels::choose(&values(trigrams.iter().map(|t| t.1)), 64);
    let trigram_cells = trigrams
        .iter()
        .map(|&([a, b, c], prob)| (store::triple(key([a, b]), ids[c as usize]), levels::nearest(&prob_3, prob)));

    let (for_bigrams, for_trigrams) = fingerprints(ids.len(), bigrams.len(), contexts().count(), trigrams.len());
    let tables = [
        table(unigram_cells.collect(), UNIGRAM_PRINT, VALUE_BITS[0])?,
        table(bigram_cells.collect(), for_bigrams, VALUE_BITS[1])?,
        table(context_cells.collect(), 0, VALUE_BITS[2])?,
        table(trigram_cells.collect(), for_trigrams, VALUE_BITS[3])?,
    ];
    let rarest = ngrams.unigrams.iter().map(|u| u.0).filter(|p| *p > -40.0).fold(0.0f32, f32::min);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT_VERSION.to_le_bytes());
    bytes.extend((rarest - UNKNOWN_BELOW).to_le_bytes());
    for (shape, entries, _) in &tables {
        bytes.extend(shape.seed.to_le_bytes());
        for field in [shape.segment, shape.segments, shape.print_bits, shape.value_bits, *entries] {
            bytes.extend(field.to_le_bytes());
        }
    }
    for levels in [prob_1, backoff_1, prob_2, backoff_2, prob_3] {
        bytes.extend(u32::try_from(levels.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(levels.iter().flat_map(|l| l.to_le_bytes()));
    }
    for (_, _, cells) in &tables {
        bytes.extend(cells);
    }
    LanguageModel::from_bytes(bytes)
}

fn check(ngrams: &Ngrams) -> Result<(), ModelError> {
    let words = ngrams.words.len();
    if words != ngrams.unigrams.len() {
        return Err(ModelError::invalid(format!("{words} words for {} unigrams", ngrams.unigrams.len())));
    }
    let numbers = ngrams.unigrams.iter().flat_map(|u| [u.0, u.1]);
    let numbers = numbers.chain(ngrams.bigrams.iter().flat_map(|b| [b.1, b.2]));
    if numbers.chain(ngrams.trigrams.iter().map(|t| t.1)).any(|n| !n.is_finite()) {
        return Err(ModelError::invalid("a probability that is no number"));
    }
    if ngrams.bigrams.len() != ngrams.bigrams.iter().map(|b| b.0).collect::<HashSet<_>>().len() {
        return Err(ModelError::invalid("a bigram that stands twice"));
    }
    let named = ngrams.bigrams.iter().flat_map(|b| b.0).chain(ngrams.trigrams.iter().flat_map(|t| t.0));
    match named.max() {
        Some(most) if most as usize >= words => {
            Err(ModelError::invalid(format!("an n-gram names word {most} of {words}")))
        }
        _ => Ok(()),
    }
}

/// A bigram as it is stored.
struct Bigram {
    prob: f32,
    backoff: f32,
    begins_trigram: bool,
}

impl Bigram {
    /// Whether the words after it must know that it is a context.
    fn context(&self) -> bool {
        self.begins_trigram || self.backoff != 0.0
    }
}

/// The bigrams, with the first two and the last two words of every trigram among them, so
/// that where the look-up of a bigram fails that of a trigram may be left out. Those that
/// were not there get the probability that backing off gives.
fn closed_bigrams(ngrams: &Ngrams, trigrams: &[([u32; 3], f32)]) -> BTreeMap<[u32; 2], Bigram> {
    let listed =
        ngrams.bigrams.iter().map(|&(words, prob, backoff)| (words, Bigram { prob, backoff, begins_trigram: false }));
    let mut bigrams: BTreeMap<_, _> = listed.collect();
    let backed_off = |[a, b]: [u32; 2]| {
        let prob = ngrams.unigrams[a as usize].1 + ngrams.unigrams[b as usize].0;
        Bigram { prob, backoff: 0.0, begins_trigram: false }
    };
    for &([a, b, c], _) in trigrams {
        bigrams.entry([a, b]).or_insert_with(|| backed_off([a, b])).begins_trigram = true;
        bigrams.entry([b, c]).or_insert_with(|| backed_off([b, c]));
    }
    bigrams
}

/// Bits of the fingerprints of bigrams and of trigrams: as many as there is room for.
fn fingerprints(unigrams: usize, bigrams: usize, contexts: usize, trigrams: usize) -> (u32, u32) {
    let bytes = |entries, print_bits, table: usize| Shape::planned(entries, print_bits, VALUE_BITS[table]).bytes();
    let fits = |&(b, t): &(u32, u32)| {
        let fixed = bytes(unigrams, UNIGRAM_PRINT, 0) + bytes(contexts, 0, 2);
        fixed + bytes(bigrams, b, 1) + bytes(trigrams, t, 3) <= ROOM
    };
    let fewer = (LEAST_PRINT + 1..=MOST_PRINT).rev().flat_map(|b| [(b, b - 2), (b - 1, b - 2)]);
    fewer.into_iter().find(fits).unwrap_or((LEAST_PRINT, LEAST_PRINT - 2))
}

fn values(iter: impl Iterator<Item = f32>) -> Vec<f32> {
    iter.collect()
}

fn table(mut entries: Vec<(u64, u32)>, print_bits: u32, value_bits: u32) -> Result<(Shape, u32, Vec<u8>), ModelError> {
    entries.sort_unstable();
    if entries.windows(2).any(|w| w[0].0 == w[1].0) {
        return Err(ModelError::invalid("an n-gram that stands twice, or two words with one hash"));
    }
    let count = u32::try_from(entries.len()).map_err(|_| ModelError::invalid("more than 4 billion n-grams"))?;
    let (shape, cells) = fuse::build(&entries, print_bits, value_bits);
    Ok((shape, count, cells))
}
