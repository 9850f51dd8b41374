//! Gathering genuine-use figures: where genuine authors wrote a spun phrase, and where they
//! wrote its original, how much does the language model prefer the original?

use std::collections::HashMap;

use rayon::prelude::*;

use crate::detect::matches;
use crate::dictionary::{Dictionary, Gain, GenuineUse, Memo, PairUse, normal_phrase};
use crate::language_model::{LanguageModel, Reading, WordId, phrase_words};
use crate::text::{TokenKind, Tokens};

/// All uses of a pair are counted; the gain is measured at the first so many of a chunk of
/// texts, and at every sixteenth after them.
const MEASURED: u32 = 24;
const THEN_EVERY: u32 = 16;

/// Texts are worked through in so many chunks side by side; fixed, so that the figures do not
/// depend on the number of threads.
const CHUNKS: usize = 32;

#[derive(Clone, Copy, Default)]
struct Sum {
    count: u32,
    measured: u32,
    sum: f64,
    squares: f64,
}

impl Sum {
    fn is_due(&self) -> bool {
        self.count < MEASURED || self.count.is_multiple_of(THEN_EVERY)
    }

    fn add(&mut self, gain: f32) {
        self.measured += 1;
        self.sum += f64::from(gain);
        self.squares += f64::from(gain) * f64::from(gain);
    }

    fn merge(&mut self, other: &Sum) {
        self.count += other.count;
        self.measured += other.measured;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    #[allow(clippy::cast_possible_truncation)]
    fn gain(&self) -> Gain {
        let n = f64::from(self.measured.max(1));
        let mean = self.sum / n;
        Gain { count: self.count, mean: mean as f32, spread: (self.squares / n - mean * mean).max(0.0).sqrt() as f32 }
    }
}

/// A pair as seen from its spun phrase.
struct Pair {
    spun: String,
    original: String,
    spun_words: Vec<WordId>,
}

/// The figures of one chunk of texts.
struct Chunk {
    words: u64,
    /// By posting: where the spun phrase was written, where the original was.
    sums: Vec<(Sum, Sum)>,
}

/// Gathers figures for every pair of a dictionary from genuine texts.
///
/// The result depends on the dictionary, the model and the texts in their order, nothing else.
#[must_use]
pub fn gather<T: AsRef<str> + Sync>(dictionary: &Dictionary, model: &LanguageModel, texts: &[T]) -> GenuineUse {
    let mut pairs = Vec::new();
    let mut by_rates: HashMap<u32, Vec<u32>> = HashMap::new();
    dictionary.for_each(|phrase, key| {
        if key.count == 0 {
            return;
        }
        let spun_words = phrase_words(phrase, model);
        for (number, posting) in (key.first..).zip(dictionary.postings(key)) {
            let original = normal_phrase(dictionary.original(posting.original));
            pairs.push((number, Pair { spun: phrase.to_string(), original, spun_words: spun_words.clone() }));
            by_rates.entry(dictionary.original_key(posting.original)).or_default().push(number);
        }
    });
    pairs.sort_by_key(|p| p.0);
    let pairs: Vec<Pair> = pairs.into_iter().map(|p| p.1).collect();

    let size = texts.len().div_ceil(CHUNKS).max(1);
    let chunks: Vec<Chunk> = texts
        .par_chunks(size)
        .map(|texts| {
            let mut chunk = Chunk { words: 0, sums: vec![Default::default(); pairs.len()] };
            let (mut tokens, mut reading) = (Tokens::default(), Reading::default());
            for text in texts {
                tokens.read(text.as_ref());
                reading.read(&tokens, model);
                chunk.add(&tokens, &reading, dictionary, model, &pairs, &by_rates);
            }
            chunk
        })
        .collect();

    let mut figures = GenuineUse::new(chunks.iter().map(|c| c.words).sum());
    for (number, pair) in pairs.iter().enumerate() {
        let (mut spun, mut original) = (Sum::default(), Sum::default());
        for chunk in &chunks {
            spun.merge(&chunk.sums[number].0);
            original.merge(&chunk.sums[number].1);
        }
        if spun.count + original.count > 0 {
            figures.insert(&pair.spun, &pair.original, PairUse { spun: spun.gain(), original: original.gain() });
        }
    }
    figures
}

impl Chunk {
    fn add(
        &mut self,
        tokens: &Tokens,
        reading: &Reading,
        dictionary: &Dictionary,
        model: &LanguageModel,
        pairs: &[Pair],
        by_rates: &HashMap<u32, Vec<u32>>,
    ) {
        let mut memo = Memo::default();
        for start in 0..tokens.len() {
            let kind = tokens.as_slice()[start].kind;
            self.words += u64::from(matches!(kind, TokenKind::Word | TokenKind::Number));
            matches(tokens, start, dictionary, &mut memo, |end, key| {
                let state = reading.state_before(model, start);
                let path = |words: &[WordId]| reading.path(model, state, words.iter().copied(), end, f32::NEG_INFINITY);
                let mut stands = None;
                let mut gain_of = |words: &[WordId]| {
                    let stands = *stands.get_or_insert_with(|| path(reading.words_of(start..end)));
                    path(words) - stands
                };
                for number in key.first..key.first + key.count {
                    let sum = &mut self.sums[number as usize].0;
                    if sum.is_due() {
                        let Some(posting) = dictionary.posting(number) else { continue };
                        let words: Vec<WordId> = dictionary.original_words(posting.original).collect();
                        sum.add(gain_of(&words));
                    }
                    sum.count += 1;
                }
                let spun_forms = key.replaced.and_then(|r| by_rates.get(&r)).map_or(&[][..], Vec::as_slice);
                for &number in spun_forms {
                    let sum = &mut self.sums[number as usize].1;
                    if sum.is_due() {
                        // The gain of the original over what the spinner would have written.
                        sum.add(-gain_of(&pairs[number as usize].spun_words));
                    }
                    sum.count += 1;
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::{Inflector, compile, read_pack};
    use crate::language_model::{Ngrams, pack};

    #[test]
    fn both_sides_of_a_pair_are_counted_and_measured() {
        let words: Vec<String> = ["<s>", "</s>", "round", "spherical", "a"].map(String::from).to_vec();
        let unigrams = vec![(-9.0, 0.0), (-2.0, 0.0), (-3.0, 0.0), (-8.0, 0.0), (-1.0, 0.0)];
        let model = pack(&Ngrams { words, unigrams, ..Ngrams::default() }).unwrap();
        let pack = read_pack("p", "p.tsv", "spherical\tround\tx\tnews:0.5\n").unwrap();
        let dictionary = compile(&[pack], Inflector::english(), &GenuineUse::default(), &model).unwrap();
        let texts = ["a round.", "A spherical round a", "a"];
        let figures = gather(&dictionary, &model, &texts);
        let pair = figures.get("spherical", "round").unwrap();
        assert_eq!((figures.words, pair.spun.count, pair.original.count), (7, 1, 2));
        assert!((pair.spun.mean - 5.0).abs() < 1e-3 && (pair.original.mean - 5.0).abs() < 1e-3);
    }
}
