//! The compiled dictionary: a finite-state map over phrases, read in place.
//!
//! Layout, little-endian: the magic, the format version (u32), section lengths (u32 each),
//! then the sections: pack names (one a line); the map from phrases to the numbers of their
//! keys; keys in blocks of [`BLOCK`] (first posting of the block u32, postings of each key
//! u8, the channel at which each is replaced u16, [`NEVER`] for none); postings of [`POSTING`]
//! bytes (original u24, of which the highest bit is [`TELLING`]; constant i8, slope u8, channel
//! u16); original index (text end u24,
//! word end u24, key u24); original text; original words (u24, places in the next section);
//! distinct words (u64); the distinct channels of [`CHANNEL`] bytes (a probability for
//! each style, the pack): there are few of them; and which two words phrases of several begin
//! with, as a static function (seed u64, segment u32, segments u32, cells) without values.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use fst::raw::{Fst, Node, Output};

use crate::language_model::{Shape, Table, WordId, pair};

use super::entry::{Channel, STYLES};
use super::error::{DictionaryError, ErrorKind};
use super::memo::{Entry, Memo};
use super::phrase::normal_phrase;
use super::weight::Weight;

pub(super) const MAGIC: &[u8; 8] = b"UNSPINDC";
pub(super) const SECTIONS: usize = 10;
const HEADER: usize = 8 + 4 + 4 * SECTIONS;
pub(super) const BLOCK: usize = 16;
const BLOCK_BYTES: usize = 4 + BLOCK + 2 * BLOCK;
pub(super) const POSTING: usize = 3 + 1 + 1 + 2;
pub(super) const ORIGINAL: usize = 3 + 3 + 3;
const WORD: usize = 3;
/// Bits of the fingerprint of the first two words of a phrase, and the bytes of their shape.
pub(super) const PRINT_BITS: u32 = 8;
const SHAPE: usize = 8 + 4 + 4;
pub(super) const CHANNEL: usize = STYLES + 1;

/// The bit of an original's number, in a posting, that says that the pair is telling.
pub(super) const TELLING: u32 = 1 << 23;

/// The number that stands for no channel.
pub(super) const NEVER: u16 = u16::MAX;

/// Steps of stored constants and slopes in one unit of each.
pub(super) const CONSTANT_STEPS: f32 = 9.0;
pub(super) const SLOPE_STEPS: f32 = 200.0;

/// The version of the compiled format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 4;

/// The pack of pairs that a thesaurus lists and no spinner is known for: a layer that is
/// looked at only where the rest of a document speaks for it.
pub const THESAURUS: &str = "thesaurus";

/// What a phrase leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Number of the first posting: the originals that the phrase may stand for.
    pub first: u32,
    /// How many postings there are; 0 where no spinner writes the phrase.
    pub count: u32,
    /// The key's own number where spinners replace the phrase, for [`Dictionary::replaced`].
    pub replaced: Option<u32>,
    /// Whether a posting is [`Posting::telling`].
    pub telling: bool,
}

/// One original that a phrase may stand for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Posting {
    /// Number of the original, for [`Dictionary::original`].
    pub original: u32,
    /// Style by style, how probable the spun phrase is when the original is rewritten.
    pub channel: Channel,
    /// How the genuine use of both phrases weighs the language model's gain.
    pub weight: Weight,
    /// Number of the pack, for [`Dictionary::pack`].
    pub pack: u8,
    /// Whether the spun phrase speaks for the swap wherever it stands, so that a text without such
    /// phrases need not be looked at further: genuine writers use it little beside the original.
    pub telling: bool,
}

/// A compiled dictionary. Immutable; shared between threads.
pub struct Dictionary {
    bytes: Cow<'static, [u8]>,
    map: Fst<Cow<'static, [u8]>>,
    packs: Vec<String>,
    /// The number of the pack named [`THESAURUS`], where there is one.
    thesaurus: Option<u8>,
    /// Where each section begins, and where the last ends.
    at: [usize; SECTIONS + 1],
    /// Which two words phrases begin with.
    pairs: Table,
    /// Tells it from all others of the process, for [`Memo`].
    id: u64,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary").field("packs", &self.packs).field("keys", &self.map.len()).finish_non_exhaustive()
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u24_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 3).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], 0]))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

impl Dictionary {
    /// Reads a compiled dictionary, in place: the work does not depend on its size.
    ///
    /// # Errors
    /// When the bytes are not a dictionary, are cut short, or have another format version.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Dictionary, DictionaryError> {
        let bytes = bytes.into();
        let wrong = |kind| Err(DictionaryError::new(kind));
        if !bytes.starts_with(MAGIC) {
            let start: String = bytes.iter().take(8).flat_map(|b| b.escape_ascii()).map(char::from).collect();
            return wrong(ErrorKind::Foreign { found: format!("`{start}`") });
        }
        if bytes.len() < HEADER {
            return wrong(ErrorKind::Truncated { needed: HEADER, found: bytes.len() });
        }
        let version = u32_at(&bytes, 8);
        if version != FORMAT_VERSION {
            return wrong(ErrorKind::Version { found: version, needed: FORMAT_VERSION });
        }
        let mut at = [HEADER; SECTIONS + 1];
        for section in 0..SECTIONS {
            at[section + 1] = at[section].saturating_add(u32_at(&bytes, 12 + 4 * section) as usize);
        }
        if at[SECTIONS] != bytes.len() {
            return wrong(ErrorKind::Truncated { needed: at[SECTIONS], found: bytes.len() });
        }
        let packs: Vec<String> = String::from_utf8_lossy(&bytes[at[0]..at[1]]).lines().map(str::to_string).collect();
        let thesaurus = packs.iter().position(|p| p == THESAURUS).and_then(|n| u8::try_from(n).ok());
        let map_bytes = match &bytes {
            Cow::Borrowed(all) => Cow::Borrowed(&all[at[1]..at[2]]),
            Cow::Owned(all) => Cow::Owned(all[at[1]..at[2]].to_vec()),
        };
        let Ok(map) = Fst::new(map_bytes) else {
            return wrong(ErrorKind::Corrupt { what: "its map of phrases cannot be read" });
        };
        // A damaged map leads its walker astray, out of its bounds. What the program carries
        // itself is checked by the tests, what comes from outside here.
        if matches!(bytes, Cow::Owned(_)) && map.verify().is_err() {
            return wrong(ErrorKind::Corrupt { what: "its map of phrases is not what was written" });
        }
        let last = at[SECTIONS - 1];
        let shape = Shape {
            seed: u64::from(u32_at(&bytes, last)) | u64::from(u32_at(&bytes, last + 4)) << 32,
            segment: u32_at(&bytes, last + 8),
            segments: u32_at(&bytes, last + 12),
            print_bits: PRINT_BITS,
            value_bits: 0,
        };
        if !shape.sound() || last + SHAPE + shape.bytes() != bytes.len() {
            return wrong(ErrorKind::Corrupt {
                what: "its table of the beginnings of phrases has an impossible shape",
            });
        }
        let pairs = Table::new(&shape, last + SHAPE);
        static LAST: AtomicU64 = AtomicU64::new(0);
        let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Dictionary { bytes, map, packs, thesaurus, at, pairs, id })
    }

    /// The compiled form, for a file that [`Dictionary::from_bytes`] reads.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn section(&self, number: usize) -> &[u8] {
        &self.bytes[self.at[number]..self.at[number + 1]]
    }

    /// Walks the phrases that begin with the first of `words` and calls `found` with each one's
    /// length in words and its key, shortest first. `words` are in normal form, each with its
    /// [`word_hash`](crate::text::word_hash), and are asked for only as long as some phrase goes on.
    /// Allocates nothing once the memo has grown.
    pub fn walk<'w>(
        &self,
        memo: &mut Memo,
        mut words: impl Iterator<Item = (WordId, &'w str)>,
        mut found: impl FnMut(usize, Key),
    ) {
        let Some((hash, first)) = words.next() else { return };
        let entry = memo.entry(self.id, hash, || self.enter(first));
        if let Some(key) = entry.key {
            found(1, key);
        }
        let Some((node, value)) = entry.onward else { return };
        let Some((second, word)) = words.next() else { return };
        if self.pairs.get(&self.bytes, pair(hash, second)).is_none() {
            return;
        }
        let (mut node, mut value) = (self.map.node(node), Output::new(value));
        for (number, word) in (2..).zip(std::iter::once(word).chain(words.map(|(_, word)| word))) {
            (node, value) = match self.follow(node, value, word) {
                Some(there) => there,
                None => return,
            };
            if node.is_final() {
                found(number, self.key(value.cat(node.final_output()).value()));
            }
            (node, value) = match self.follow(node, value, " ") {
                Some(there) => there,
                None => return,
            };
        }
    }

    /// The node that `text` leads to, with the value up to there.
    fn follow<'s>(&'s self, mut node: Node<'s>, mut value: Output, text: &str) -> Option<(Node<'s>, Output)> {
        for &byte in text.as_bytes() {
            let transition = node.transition(node.find_input(byte)?);
            value = value.cat(transition.out);
            node = self.map.node(transition.addr);
        }
        Some((node, value))
    }

    fn enter(&self, word: &str) -> Entry {
        let Some((node, value)) = self.follow(self.map.root(), Output::zero(), word) else { return Entry::default() };
        let key = node.is_final().then(|| self.key(value.cat(node.final_output()).value()));
        let onward = self.follow(node, value, " ").map(|(node, value)| (node.addr(), value.value()));
        Entry { key, onward }
    }

    /// The key of one phrase, in any case and spelling that [`normal_phrase`] evens out.
    #[must_use]
    pub fn get(&self, phrase: &str) -> Option<Key> {
        self.map.get(normal_phrase(phrase)).map(|v| self.key(v.value()))
    }

    /// The postings of a key, in the order of their originals.
    pub fn postings(&self, key: Key) -> impl Iterator<Item = Posting> + '_ {
        (key.first..key.first.saturating_add(key.count)).filter_map(|number| self.posting(number))
    }

    /// The map from phrases to the numbers of their keys.
    pub(super) fn phrases(&self) -> &Fst<Cow<'static, [u8]>> {
        &self.map
    }

    /// A key by its number.
    pub(super) fn key(&self, number: u64) -> Key {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let (block, within) = (number / BLOCK, number % BLOCK);
        let at = block.saturating_mul(BLOCK_BYTES);
        let Some(block) = self.section(2).get(at..at.saturating_add(BLOCK_BYTES)) else {
            return Key { first: 0, count: 0, replaced: None, telling: false };
        };
        let counts = &block[4..4 + BLOCK];
        let before: u32 = counts[..within].iter().map(|c| u32::from(*c)).sum();
        let replaced = u16_at(block, 4 + BLOCK + 2 * within) != NEVER;
        let (first, count) = (u32_at(block, 0).saturating_add(before), u32::from(counts[within]));
        Key {
            first,
            count,
            replaced: u32::try_from(number).ok().filter(|_| replaced),
            telling: (first..first.saturating_add(count)).any(|posting| self.is_telling(posting)),
        }
    }

    /// One posting by number; `None` past the last.
    #[must_use]
    pub fn posting(&self, number: u32) -> Option<Posting> {
        let at = number as usize * POSTING;
        let record = self.section(3).get(at..at + POSTING)?;
        let (channel, pack) = self.channel(u16_at(record, 5));
        Some(Posting {
            original: u24_at(record, 0) & !TELLING,
            telling: u24_at(record, 0) & TELLING != 0,
            weight: Weight {
                constant: f32::from(i8::from_le_bytes([record[3]])) / CONSTANT_STEPS,
                slope: f32::from(record[4]) / SLOPE_STEPS,
            },
            pack,
            channel,
        })
    }

    /// Whether only a thesaurus knows the pair of a posting ([`THESAURUS`]): cheaper than to
    /// decode it.
    #[must_use]
    pub fn is_of_thesaurus(&self, posting: u32) -> bool {
        self.thesaurus.is_some_and(|pack| {
            let channel = u16_at(self.section(3), posting as usize * POSTING + 5);
            self.section(8).get(usize::from(channel) * CHANNEL + STYLES) == Some(&pack)
        })
    }

    /// Whether a posting is [`Posting::telling`]: cheaper than to decode it.
    #[must_use]
    pub fn is_telling(&self, posting: u32) -> bool {
        u24_at(self.section(3), posting as usize * POSTING) & TELLING != 0
    }

    /// The rates of replacement of [`Key::replaced`]: style by style, how probable it is that
    /// the spinner knows the phrase as something to replace.
    #[must_use]
    pub fn replaced(&self, number: u32) -> Channel {
        let (block, within) = (number as usize / BLOCK, number as usize % BLOCK);
        self.channel(u16_at(self.section(2), block * BLOCK_BYTES + 4 + BLOCK + 2 * within)).0
    }

    /// A channel and its pack.
    fn channel(&self, number: u16) -> (Channel, u8) {
        let at = usize::from(number) * CHANNEL;
        let mut channel = [0.0; STYLES];
        let stored = self.section(8).get(at..at + CHANNEL).unwrap_or(&[]);
        for (value, byte) in channel.iter_mut().zip(stored) {
            *value = probability(*byte);
        }
        (channel, stored.last().copied().unwrap_or(0))
    }

    fn index(&self, original: u32, field: usize) -> u32 {
        u24_at(self.section(4), original as usize * ORIGINAL + 3 * field)
    }

    fn range(&self, original: u32, field: usize) -> std::ops::Range<usize> {
        let start = original.checked_sub(1).map_or(0, |before| self.index(before, field));
        start as usize..self.index(original, field) as usize
    }

    /// The text of an original.
    #[must_use]
    pub fn original(&self, number: u32) -> &str {
        let text = self.section(5).get(self.range(number, 0));
        text.and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// The number of an original's own key, for [`Dictionary::replaced`].
    #[must_use]
    pub fn original_key(&self, number: u32) -> u32 {
        self.index(number, 2)
    }

    /// The words of an original as the language model knows them.
    pub fn original_words(&self, number: u32) -> impl Iterator<Item = WordId> + '_ {
        let range = self.range(number, 1);
        let words = self.section(6).get(range.start * WORD..range.end * WORD).unwrap_or(&[]);
        words.chunks_exact(WORD).map(|w| {
            let at = u24_at(w, 0) as usize * 8;
            self.section(7).get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, WordId::from_le_bytes)
        })
    }

    /// The name of a pack.
    #[must_use]
    pub fn pack(&self, number: u8) -> &str {
        self.packs.get(usize::from(number)).map_or("", String::as_str)
    }

    /// The number of the pack of pairs that only a thesaurus knows, where there is one.
    #[must_use]
    pub fn thesaurus(&self) -> Option<u8> {
        self.thesaurus
    }

    /// How many keys, postings and originals it holds.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.map.len(), self.section(3).len() / POSTING, self.section(4).len() / ORIGINAL)
    }

    /// Calls `each` with every phrase and its key, in order of the phrases.
    pub fn for_each(&self, mut each: impl FnMut(&str, Key)) {
        use fst::Streamer;
        let mut stream = self.map.stream();
        while let Some((phrase, value)) = stream.next() {
            each(&String::from_utf8_lossy(phrase), self.key(value.value()));
        }
    }
}

/// Probabilities are stored as `255 - 32 * -ln p`, so 0 stands for never.
pub(super) fn level(probability: f32) -> u8 {
    if probability <= 0.0 {
        return 0;
    }
    // The clamped value is a whole number between 1 and 255.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let level = (255.0 + 32.0 * probability.ln()).round().clamp(1.0, 255.0) as u8;
    level
}

fn probability(level: u8) -> f32 {
    // One table for the process: exponentials are dear in a loop over every candidate.
    static TABLE: std::sync::OnceLock<[f32; 256]> = std::sync::OnceLock::new();
    let table =
        TABLE.get_or_init(|| std::array::from_fn(|i| if i == 0 { 0.0 } else { ((i as f32 - 255.0) / 32.0).exp() }));
    table[usize::from(level)]
}

#[cfg(test)]
mod tests {
    use super::super::{GenuineUse, Inflector, compile, read_pack};
    use super::*;
    use crate::language_model::{LanguageModel, Ngrams, pack};
    use crate::text::word_hash;

    fn model() -> LanguageModel {
        let words: Vec<String> = ["<s>", "</s>", "used", "round"].map(String::from).to_vec();
        let unigrams = vec![(-9.0, 0.0); words.len()];
        pack(&Ngrams { words, unigrams, ..Ngrams::default() }).unwrap()
    }

    fn small() -> Dictionary {
        let text = "spherical\tround\tn\tnews:0.5\nmake use of\tuse\tv\tnews:0.4 bookmark:0.1\nmake\tproduce\tv\tspinbot:0.3\non-line\tonline\tx\n";
        let pack = read_pack("core", "core.tsv", text).unwrap();
        compile(&[pack], Inflector::english(), &GenuineUse::default(), &model()).unwrap()
    }

    #[test]
    fn walks_phrases_over_words() {
        let dictionary = small();
        let mut found = Vec::new();
        let mut memo = Memo::default();
        let words = ["made", "use", "of", "it"].map(|word| (word_hash(word), word));
        dictionary.walk(&mut memo, words.into_iter(), |n, key| found.push((n, key)));
        assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn postings_lead_to_originals() {
        let dictionary = small();
        let posting = dictionary.postings(dictionary.get("made use of").unwrap()).next().unwrap();
        assert_eq!(dictionary.original(posting.original), "used");
        assert_eq!(dictionary.original_words(posting.original).collect::<Vec<_>>(), [word_hash("used")]);
        assert!((posting.channel[0] - 0.4).abs() < 0.01 && posting.channel[2] < 0.03);
        assert_eq!(dictionary.pack(posting.pack), "core");
        let mut hyphen = 0;
        let words = ["on", "line"].map(|word| (word_hash(word), word));
        dictionary.walk(&mut Memo::default(), words.into_iter(), |n, _| hyphen = n);
        assert_eq!(hyphen, 2);
    }

    #[test]
    fn originals_know_how_often_they_are_replaced() {
        let dictionary = small();
        let key = dictionary.get("used").unwrap();
        assert_eq!(key.count, 0);
        let rates = dictionary.replaced(key.replaced.unwrap());
        assert!((rates[0] - 0.4).abs() < 0.01 && (rates[5] - 0.1).abs() < 0.01, "{rates:?}");
        let posting = dictionary.postings(dictionary.get("made use of").unwrap()).next().unwrap();
        assert_eq!(dictionary.original_key(posting.original), key.replaced.unwrap());
    }

    #[test]
    fn foreign_cut_and_other_versions_are_refused() {
        let bytes = small().as_bytes().to_vec();
        let message = |bytes: &[u8]| Dictionary::from_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(message(b"PK\x03\x04 zip").contains("not a compiled unspin dictionary (it begins with `PK\\x03\\x04"));
        let mut other = bytes.clone();
        other[8] = 9;
        assert!(message(&other).contains("format version 9 and this unspin reads version 4"));
        for length in 0..bytes.len() {
            assert!(Dictionary::from_bytes(bytes[..length].to_vec()).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn levels_keep_probabilities_to_two_per_cent() {
        for p in [1.0f32, 0.8, 0.45, 0.18, 0.05, 0.012, 0.001] {
            assert!((probability(level(p)) / p - 1.0).abs() < 0.02, "{p}");
        }
        assert_eq!(probability(level(0.0)), 0.0);
    }
}
