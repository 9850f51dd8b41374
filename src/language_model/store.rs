//! The packed model, read in place.
//!
//! Layout, little-endian: the magic, the format version (u32), the unknown word's log
//! probability (f32), the shapes of four tables (seed u64; segment, segments, value bits and
//! entries u32), five lists of levels (count u32, then f32 each: unigram probability and
//! back-off, bigram probability, context back-off, trigram probability), then the tables'
//! cells: unigrams (u32: fingerprint 16, probability 8, back-off 8), bigrams, contexts and
//! trigrams (u16: fingerprint 10, level 6).

use std::borrow::Cow;

use crate::text::word_hash;

use super::error::{ErrorKind, ModelError};
use super::fuse::{self, Shape, mix};

pub(super) const MAGIC: &[u8; 8] = b"UNSPINLM";

/// The version of the packed format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 1;

const TABLES: usize = 4;
const LISTS: usize = 5;
const HEADER: usize = 8 + 4 + 4 + TABLES * 24;

/// A word as the model knows it: the hash of its normal form ([`word_hash`]).
pub type WordId = u64;

/// The key of two words in the order of the text.
pub(super) fn pair(first: WordId, second: WordId) -> u64 {
    mix(first.rotate_left(23) ^ second)
}

/// The key of three words in the order of the text.
pub(super) fn triple(first: WordId, second: WordId, third: WordId) -> u64 {
    mix(pair(first, second).rotate_left(29) ^ third)
}

/// The two words before the next one, with what the model says of them as a context.
#[derive(Clone, Copy, Debug)]
pub struct State {
    before: WordId,
    last: WordId,
    /// Back-off of the last word.
    backoff: f32,
    /// Back-off of both words, where they are a known context.
    context: Option<f32>,
}

impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.last == other.last && self.before == other.before
    }
}

/// How much a packed model holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Words.
    pub unigrams: u32,
    /// Pairs of words.
    pub bigrams: u32,
    /// Triples of words.
    pub trigrams: u32,
    /// Bytes of the packed form.
    pub bytes: usize,
}

/// A trigram model with Katz back-off in its packed form. Immutable; shared between threads.
///
/// A query costs one to three look-ups of three reads each and allocates nothing. N-grams
/// are kept as fingerprints: one of a thousand absent pairs or triples is taken for a
/// present one, which shifts a score by a few units at most.
pub struct LanguageModel {
    bytes: Cow<'static, [u8]>,
    unknown: f32,
    shapes: [Shape; TABLES],
    entries: [u32; TABLES],
    levels: [Vec<f32>; LISTS],
    /// Where each table's cells begin, and where the last's end.
    at: [usize; TABLES + 1],
    start: State,
    end: WordId,
}

impl std::fmt::Debug for LanguageModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LanguageModel").field("size", &self.size()).finish_non_exhaustive()
    }
}

impl LanguageModel {
    /// Reads a packed model, in place: the work does not depend on its size.
    ///
    /// # Errors
    /// When the bytes are not a packed model, are cut short, or have another format version.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<LanguageModel, ModelError> {
        let bytes = bytes.into();
        if !bytes.starts_with(MAGIC) {
            return Err(ModelError::foreign("a language model of unspin", &bytes));
        }
        let mut reader = Reader { bytes: &bytes, at: MAGIC.len() };
        let version = reader.u32("header")?;
        if version != FORMAT_VERSION {
            return Err(ModelError::new(ErrorKind::Version { found: version, needed: FORMAT_VERSION }));
        }
        if bytes.len() < HEADER {
            return Err(ModelError::truncated("header", HEADER as u64, bytes.len() as u64));
        }
        let unknown = reader.f32("header")?;
        let mut shapes = [Shape { seed: 0, segment: 1, segments: 1, value_bits: 0 }; TABLES];
        let mut entries = [0; TABLES];
        for (table, shape) in shapes.iter_mut().enumerate() {
            shape.seed = u64::from(reader.u32("header")?) | u64::from(reader.u32("header")?) << 32;
            shape.segment = reader.u32("header")?;
            shape.segments = reader.u32("header")?;
            shape.value_bits = reader.u32("header")?;
            entries[table] = reader.u32("header")?;
            if !shape.sound(if table == 0 { 32 } else { 16 }) || shape.cells() > u32::MAX as usize {
                return Err(ModelError::invalid(format!("table {table} has an impossible shape")));
            }
        }
        let mut levels: [Vec<f32>; LISTS] = Default::default();
        for list in &mut levels {
            let count = reader.u32("levels")? as usize;
            if count == 0 || count > 256 {
                return Err(ModelError::invalid(format!("a list of {count} levels, where 1 to 256 are read")));
            }
            for _ in 0..count {
                list.push(reader.f32("levels")?);
            }
        }
        let mut at = [reader.at; TABLES + 1];
        for table in 0..TABLES {
            let width = if table == 0 { 4 } else { 2 };
            at[table + 1] = at[table].saturating_add(shapes[table].cells().saturating_mul(width));
        }
        if at[TABLES] != bytes.len() {
            return Err(ModelError::truncated("tables", at[TABLES] as u64, bytes.len() as u64));
        }
        let nowhere = State { before: 0, last: 0, backoff: 0.0, context: None };
        let mut model =
            LanguageModel { bytes, unknown, shapes, entries, levels, at, start: nowhere, end: word_hash("</s>") };
        let begin = word_hash("<s>");
        model.start = State { last: begin, backoff: model.unigram(begin).1, ..nowhere };
        Ok(model)
    }

    /// The packed form, for a file that [`LanguageModel::from_bytes`] reads.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How much it holds.
    #[must_use]
    pub fn size(&self) -> Size {
        Size { unigrams: self.entries[0], bigrams: self.entries[1], trigrams: self.entries[3], bytes: self.bytes.len() }
    }

    /// The state before the first word of a sentence.
    #[must_use]
    pub fn start(&self) -> State {
        self.start
    }

    /// The word that stands for the end of a sentence.
    #[must_use]
    pub fn end(&self) -> WordId {
        self.end
    }

    fn cells(&self, table: usize) -> &[u8] {
        &self.bytes[self.at[table]..self.at[table + 1]]
    }

    fn level(&self, list: usize, number: u32) -> f32 {
        self.levels[list].get(number as usize).copied().unwrap_or(0.0)
    }

    fn unigram_entry(&self, word: WordId) -> Option<(f32, f32)> {
        let value = fuse::get::<u32>(&self.shapes[0], self.cells(0), word)?;
        Some((self.level(0, value >> 8), self.level(1, value & 255)))
    }

    fn unigram(&self, word: WordId) -> (f32, f32) {
        self.unigram_entry(word).unwrap_or((self.unknown, 0.0))
    }

    /// Whether the model lists a word. One unlisted word in 65,536 seems listed.
    #[must_use]
    pub fn knows(&self, word: WordId) -> bool {
        self.unigram_entry(word).is_some()
    }

    /// Natural logarithm of a word's probability without context.
    #[must_use]
    pub fn log_probability(&self, word: WordId) -> f32 {
        self.unigram(word).0
    }

    /// Natural logarithm of the probability of `word` after `state`, and the state after it.
    #[inline]
    #[must_use]
    pub fn step(&self, state: &State, word: WordId) -> (f32, State) {
        let pair_key = pair(state.last, word);
        let (unigram, backoff) = self.unigram(word);
        let context = fuse::get::<u16>(&self.shapes[2], self.cells(2), pair_key).map(|level| self.level(3, level));
        let next = State { before: state.last, last: word, backoff, context };
        if state.context.is_some() {
            let key = triple(state.before, state.last, word);
            if let Some(level) = fuse::get::<u16>(&self.shapes[3], self.cells(3), key) {
                return (self.level(4, level), next);
            }
        }
        let lower = match fuse::get::<u16>(&self.shapes[1], self.cells(1), pair_key) {
            Some(level) => self.level(2, level),
            None => state.backoff + unigram,
        };
        (state.context.unwrap_or(0.0) + lower, next)
    }

    /// Natural logarithm of the probability of `words` after `state`.
    pub fn score(&self, mut state: State, words: impl IntoIterator<Item = WordId>) -> f32 {
        let mut sum = 0.0;
        for word in words {
            let (log, next) = self.step(&state, word);
            sum += log;
            state = next;
        }
        sum
    }

    /// Natural logarithm of the probability of a phrase wherever it may stand.
    #[must_use]
    pub fn phrase(&self, words: &[WordId]) -> f32 {
        let Some((&first, rest)) = words.split_first() else { return 0.0 };
        let (log, backoff) = self.unigram(first);
        let state = State { before: 0, last: first, backoff, context: None };
        log + self.score(state, rest.iter().copied())
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn u32(&mut self, what: &'static str) -> Result<u32, ModelError> {
        let field = self.bytes.get(self.at..self.at + 4).and_then(|b| b.try_into().ok());
        let field = field.ok_or_else(|| ModelError::truncated(what, self.at as u64 + 4, self.bytes.len() as u64))?;
        self.at += 4;
        Ok(u32::from_le_bytes(field))
    }

    fn f32(&mut self, what: &'static str) -> Result<f32, ModelError> {
        let value = f32::from_bits(self.u32(what)?);
        if value.is_finite() { Ok(value) } else { Err(ModelError::invalid(format!("its {what} hold {value}"))) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ngrams, pack};
    use super::*;

    /// `a b c` is known whole, `b a` as a pair, everything else by its words.
    fn small() -> LanguageModel {
        let words = ["<s>", "</s>", "a", "b", "c"].map(str::to_string).to_vec();
        let unigrams = vec![(-99.0, -0.5), (-2.0, 0.0), (-1.0, -0.25), (-1.5, -0.75), (-3.0, 0.0)];
        let bigrams = vec![([2, 3], -0.5, -0.125), ([3, 2], -0.25, 0.0)];
        pack(&Ngrams { words, unigrams, bigrams, trigrams: vec![([2, 3, 4], -0.0625)] }, 0.0).unwrap()
    }

    #[test]
    fn backs_off_as_katz_does() {
        let model = small();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(word_hash);
        let close = |found: f32, expected: f32| assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
        close(model.score(model.start(), [a]), -0.5 - 1.0);
        close(model.score(model.start(), [a, b]), -1.5 - 0.5);
        close(model.score(model.start(), [a, b, c]), -2.0 - 0.0625);
        close(model.score(model.start(), [a, b, a]), -2.0 - 0.125 - 0.25);
        close(model.score(model.start(), [a, b, b]), -2.0 - 0.125 - 0.75 - 1.5);
        close(model.score(model.start(), [d]), -0.5 - 3.0 - 1.5);
        close(model.phrase(&[a, b, c]), -1.0 - 0.5 - 0.0625);
        assert!(model.knows(a) && !model.knows(d));
    }

    #[test]
    fn redundant_trigrams_are_pruned() {
        let words = ["<s>", "</s>", "a", "b"].map(str::to_string).to_vec();
        let unigrams = vec![(-99.0, 0.0), (-2.0, 0.0), (-1.0, 0.0), (-1.5, 0.0)];
        let ngrams = Ngrams {
            words,
            unigrams,
            bigrams: vec![([2, 3], -0.5, 0.0)],
            trigrams: vec![([2, 2, 3], -0.55), ([3, 2, 3], -0.1)],
        };
        assert_eq!(pack(&ngrams, 0.0).unwrap().size().trigrams, 2);
        assert_eq!(pack(&ngrams, 0.1).unwrap().size().trigrams, 1);
    }

    #[test]
    fn foreign_cut_and_other_versions_are_refused() {
        let bytes = small().as_bytes().to_vec();
        let message = |bytes: &[u8]| LanguageModel::from_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(message(b"\\data\\\nngram 1=3").contains("not a language model of unspin (it begins with `\\\\data"));
        let mut other = bytes.clone();
        other[8] = 7;
        assert!(message(&other).contains("format version 7 and this unspin reads version 1"));
        for length in 8..bytes.len() {
            assert!(message(&bytes[..length]).contains("cut short"), "cut to {length}");
        }
        let mut damaged = bytes;
        damaged[24..28].copy_from_slice(&3u32.to_le_bytes());
        assert!(message(&damaged).contains("impossible shape"));
    }

    #[test]
    fn unsound_ngrams_are_refused() {
        let mut ngrams = Ngrams { words: vec!["a".into()], unigrams: vec![(f32::NAN, 0.0)], ..Ngrams::default() };
        assert!(pack(&ngrams, 0.0).unwrap_err().to_string().contains("no number"));
        ngrams.unigrams[0].0 = -1.0;
        ngrams.bigrams.push(([0, 7], -1.0, 0.0));
        assert!(pack(&ngrams, 0.0).unwrap_err().to_string().contains("names word 7 of 1"));
    }
}
