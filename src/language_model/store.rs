//! The packed model, read in place.
//!
//! Layout, little-endian: the magic, the format version (u32), the unknown word's log
//! probability (f32), the shapes of four tables (seed u64; segment, segments, bits of the
//! fingerprint, bits of the value and entries u32), five lists of levels (count u32, then f32
//! each: unigram probability and back-off, bigram probability, context back-off, trigram
//! probability), then the tables' cells, packed bit by bit:
//!
//! | table | value | fingerprint |
//! |---|---|---|
//! | unigrams | level of the probability (8 bits) over that of the back-off (8) | 16 bits |
//! | bigrams | whether it is a context (1 bit) over the level of the probability (6) | by the room there is |
//! | contexts | level of the back-off (6 bits) | none: the bigram says whether it is one |
//! | trigrams | level of the probability (6 bits) | by the room there is |
//!
//! The last two words of every trigram are a bigram of the table, and so is every context.

use std::path::Path;

use crate::text::word_hash;

use super::bytes::Bytes;
use super::error::{ErrorKind, ModelError};
use super::fuse::{Shape, Table, fold};

pub(super) const MAGIC: &[u8; 8] = b"UNSPINLM";

/// The version of the packed format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 2;

const TABLES: usize = 4;
const LISTS: usize = 5;
const LEVELS: usize = 256;
/// Bits of a bigram's value that hold its level; the one above says whether it is a context.
pub(super) const BIGRAM_LEVEL: u32 = 6;
/// Bits of the values of each table.
pub(super) const VALUE_BITS: [u32; TABLES] = [16, BIGRAM_LEVEL + 1, 6, 6];
const HEADER: usize = 8 + 4 + 4 + TABLES * 28;

/// A word as the model knows it: the hash of its normal form ([`word_hash`]).
pub type WordId = u64;

/// The key of two words in the order of the text.
pub(crate) fn pair(first: WordId, second: WordId) -> u64 {
    fold(first ^ 0xFF51_AFD7_ED55_8CCD, second ^ 0xC4CE_B9FE_1A85_EC53)
}

/// The key of three words, from the key of the first two.
pub(super) fn triple(pair: u64, third: WordId) -> u64 {
    fold(pair ^ 0x8EBC_6AF0_9C88_C6E3, third ^ 0x5899_65CC_7537_4CC3)
}

/// The two words before the next one, with what the model says of them as a context.
#[derive(Clone, Copy, Debug)]
pub struct State {
    last: WordId,
    /// The key of the last two words.
    pair: u64,
    /// Whether both words are a known context.
    context: bool,
}

impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.last == other.last && self.pair == other.pair
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
/// A query costs one to five look-ups of three reads each and allocates nothing. N-grams
/// are kept as fingerprints: one of a thousand absent pairs or triples is taken for a
/// present one, which shifts a score by a few units at most.
pub struct LanguageModel {
    bytes: Bytes,
    unknown: f32,
    tables: [Table; TABLES],
    entries: [u32; TABLES],
    levels: Box<[[f32; LEVELS]; LISTS]>,
    start: State,
    end: WordId,
}

impl std::fmt::Debug for LanguageModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LanguageModel").field("size", &self.size()).finish_non_exhaustive()
    }
}

impl LanguageModel {
    /// Opens the file of a packed model. It is mapped into memory: only the parts that queries
    /// look at are ever read, and all processes that use the file share them. The file must not
    /// be written to or cut while it is in use; replace it by renaming another one over it.
    ///
    /// ```no_run
    /// let model = unspin::language_model::LanguageModel::open("english.lm".as_ref())?;
    /// # Ok::<(), unspin::language_model::ModelError>(())
    /// ```
    ///
    /// # Errors
    /// When the file cannot be read, is not a packed model, is cut short, or has another format
    /// version.
    pub fn open(path: &Path) -> Result<LanguageModel, ModelError> {
        Self::read(Bytes::of_file(path).map_err(|cause| ModelError::new(ErrorKind::Unreadable { cause }))?)
    }

    /// Reads a packed model, in place: the work does not depend on its size.
    ///
    /// # Errors
    /// When the bytes are not a packed model, are cut short, or have another format version.
    pub fn from_bytes(bytes: impl Into<std::borrow::Cow<'static, [u8]>>) -> Result<LanguageModel, ModelError> {
        Self::read(bytes.into().into())
    }

    fn read(bytes: Bytes) -> Result<LanguageModel, ModelError> {
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
        let mut shapes = [Shape { seed: 0, segment: 1, segments: 1, print_bits: 0, value_bits: 0 }; TABLES];
        let mut entries = [0; TABLES];
        for (table, shape) in shapes.iter_mut().enumerate() {
            shape.seed = u64::from(reader.u32("header")?) | u64::from(reader.u32("header")?) << 32;
            shape.segment = reader.u32("header")?;
            shape.segments = reader.u32("header")?;
            shape.print_bits = reader.u32("header")?;
            shape.value_bits = reader.u32("header")?;
            entries[table] = reader.u32("header")?;
            if shape.print_bits > 16 || shape.value_bits != VALUE_BITS[table] || !shape.sound() {
                return Err(ModelError::invalid(format!("table {table} has an impossible shape")));
            }
        }
        let mut levels = Box::new([[0.0; LEVELS]; LISTS]);
        for list in levels.iter_mut() {
            let count = reader.u32("levels")? as usize;
            let Some(list) = list.get_mut(..count).filter(|l| !l.is_empty()) else {
                return Err(ModelError::invalid(format!("a list of {count} levels, where 1 to {LEVELS} are read")));
            };
            for level in list {
                *level = reader.f32("levels")?;
            }
        }
        let mut at = reader.at;
        let tables = shapes.map(|shape| {
            let table = Table::new(&shape, at);
            at = at.saturating_add(shape.bytes());
            table
        });
        if at != bytes.len() {
            return Err(ModelError::truncated("tables", at as u64, bytes.len() as u64));
        }
        let begin = word_hash("<s>");
        let start = State { last: begin, pair: pair(0, begin), context: false };
        Ok(LanguageModel { bytes, unknown, tables, entries, levels, start, end: word_hash("</s>") })
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

    #[inline]
    fn get(&self, table: usize, key: u64) -> Option<u32> {
        self.tables[table].get(&self.bytes, key)
    }

    #[inline]
    fn level(&self, list: usize, number: u32) -> f32 {
        self.levels[list][number as usize % LEVELS]
    }

    fn unigram(&self, word: WordId) -> (f32, f32) {
        match self.get(0, word) {
            Some(value) => (self.level(0, value >> 8), self.level(1, value)),
            None => (self.unknown, 0.0),
        }
    }

    /// Whether the model lists a word. One unlisted word in 65,536 seems listed.
    #[must_use]
    pub fn knows(&self, word: WordId) -> bool {
        self.get(0, word).is_some()
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
        let (bigram, next) = self.entered(state, word);
        // Reading what may not be needed costs less than guessing wrong whether it is.
        let (mut trigram, mut backoff) = (None, 0.0);
        if state.context {
            trigram = self.get(3, triple(state.pair, word));
            backoff = self.get(2, state.pair).map_or(0.0, |level| self.level(3, level));
        }
        let Some(bigram) = bigram else { return (backoff + self.apart(state.last, word), next) };
        let lower = backoff + self.level(2, bigram % (1 << BIGRAM_LEVEL));
        (trigram.map_or(lower, |level| self.level(4, level)), next)
    }

    /// The score of two words that are no pair. Kept out of line: most are.
    #[cold]
    #[inline(never)]
    fn apart(&self, last: WordId, word: WordId) -> f32 {
        self.unigram(last).1 + self.unigram(word).0
    }

    /// The state after the words of a sentence so far: what stepping through them all would
    /// lead to, at the price of one look-up.
    #[must_use]
    pub fn state_after(&self, words: &[WordId]) -> State {
        match *words {
            [] => self.start,
            [word] => self.entered(&self.start, word).1,
            [.., last, word] => self.entered(&State { last, ..self.start }, word).1,
        }
    }

    /// The bigram of the last word and the next one, and the state after it.
    #[inline]
    fn entered(&self, state: &State, word: WordId) -> (Option<u32>, State) {
        let key = pair(state.last, word);
        let bigram = self.get(1, key);
        let context = bigram.is_some_and(|b| b >> BIGRAM_LEVEL != 0);
        (bigram, State { last: word, pair: key, context })
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
        let state = State { last: first, pair: pair(0, first), context: false };
        self.unigram(first).0 + self.score(state, rest.iter().copied())
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
        pack(&Ngrams { words, unigrams, bigrams, trigrams: vec![([2, 3, 4], -0.0625)] }).unwrap()
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
    fn foreign_cut_and_other_versions_are_refused() {
        let bytes = small().as_bytes().to_vec();
        let message = |bytes: &[u8]| LanguageModel::from_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(message(b"\\data\\\nngram 1=3").contains("not a language model of unspin (it begins with `\\\\data"));
        let mut other = bytes.clone();
        other[8] = 7;
        assert!(message(&other).contains("format version 7 and this unspin reads version 2"));
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
        assert!(pack(&ngrams).unwrap_err().to_string().contains("no number"));
        ngrams.unigrams[0].0 = -1.0;
        ngrams.bigrams.push(([0, 7], -1.0, 0.0));
        assert!(pack(&ngrams).unwrap_err().to_string().contains("names word 7 of 1"));
    }
}
