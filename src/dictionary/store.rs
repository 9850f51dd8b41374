//! The compiled dictionary: a finite-state map over phrases, read in place.
//!
//! Layout, little-endian: the magic, the format version (u32), section lengths (u32 each),
//! then the sections: pack names (one a line), the map, postings of [`POSTING`] bytes
//! (original u24, constant i16, slope u8, pack u8, channel u16), rates (u16, a channel each),
//! original index (text end u32, word end u32, rates u24), original text, original words
//! (u24, places in the next section), distinct words (u64), and the
//! distinct channels of [`STYLES`] bytes: there are few of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use fst::raw::Fst;

use crate::language_model::WordId;

use super::entry::{Channel, STYLES};
use super::error::{DictionaryError, ErrorKind};
use super::phrase::normal_phrase;
use super::weight::Weight;

const MAGIC: &[u8; 8] = b"UNSPINDC";
const SECTIONS: usize = 9;
const HEADER: usize = 8 + 4 + 4 * SECTIONS;
const POSTING: usize = 3 + 2 + 1 + 1 + 2;
const ORIGINAL: usize = 4 + 4 + 3;
const WORD: usize = 3;

/// Numbers of originals and of distinct words are stored in three bytes, of channels in two.
const MOST_ORIGINALS: usize = 1 << 24;
const MOST_CHANNELS: usize = 1 << 16;

/// The version of the compiled format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 2;

/// What a phrase leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Number of the first posting: the originals that the phrase may stand for.
    pub first: u32,
    /// How many postings there are; 0 where no spinner writes the phrase.
    pub count: u32,
    /// Number of the rates at which spinners replace the phrase, where they do.
    pub replaced: Option<u32>,
}

impl Key {
    fn pack(self) -> Option<u64> {
        let replaced = self.replaced.map_or(0, |r| u64::from(r) + 1);
        (self.first < 1 << 28 && self.count < 1 << 12 && replaced < 1 << 24)
            .then(|| u64::from(self.first) << 36 | u64::from(self.count) << 24 | replaced)
    }

    fn unpack(value: u64) -> Key {
        let low = |v: u64, bits: u32| u32::try_from(v & ((1 << bits) - 1)).unwrap_or(0);
        Key { first: low(value >> 36, 28), count: low(value >> 24, 12), replaced: low(value, 24).checked_sub(1) }
    }
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
}

/// A compiled dictionary. Immutable; shared between threads.
pub struct Dictionary {
    bytes: Cow<'static, [u8]>,
    map: Fst<Cow<'static, [u8]>>,
    packs: Vec<String>,
    /// Where each section begins, and where the last ends.
    at: [usize; SECTIONS + 1],
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
        let packs = String::from_utf8_lossy(&bytes[at[0]..at[1]]).lines().map(str::to_string).collect();
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
        Ok(Dictionary { bytes, map, packs, at })
    }

    /// The compiled form, for a file that [`Dictionary::from_bytes`] reads.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn section(&self, number: usize) -> &[u8] {
        &self.bytes[self.at[number]..self.at[number + 1]]
    }

    /// Walks the phrases that begin with the first of `words` and calls `found` with each
    /// one's length in words and its key, shortest first. `words` are in normal form and are
    /// asked for only as long as some phrase goes on. Allocates nothing.
    pub fn walk<'w>(&self, words: impl Iterator<Item = &'w str>, mut found: impl FnMut(usize, Key)) {
        let mut node = self.map.root();
        let mut value = fst::raw::Output::zero();
        for (number, word) in words.enumerate() {
            let blank: &[u8] = if number == 0 { b"" } else { b" " };
            for &byte in blank.iter().chain(word.as_bytes()) {
                let Some(next) = node.find_input(byte) else { return };
                let transition = node.transition(next);
                value = value.cat(transition.out);
                node = self.map.node(transition.addr);
            }
            if node.is_final() {
                found(number + 1, Key::unpack(value.cat(node.final_output()).value()));
            }
        }
    }

    /// The key of one phrase, in any case and spelling that [`normal_phrase`] evens out.
    #[must_use]
    pub fn get(&self, phrase: &str) -> Option<Key> {
        self.map.get(normal_phrase(phrase)).map(|v| Key::unpack(v.value()))
    }

    /// The postings of a key, in the order of their originals.
    pub fn postings(&self, key: Key) -> impl Iterator<Item = Posting> + '_ {
        (key.first..key.first.saturating_add(key.count)).filter_map(|number| self.posting(number))
    }

    /// One posting by number; `None` past the last.
    #[must_use]
    pub fn posting(&self, number: u32) -> Option<Posting> {
        let at = number as usize * POSTING;
        let record = self.section(2).get(at..at + POSTING)?;
        Some(Posting {
            original: u24_at(record, 0),
            weight: Weight {
                constant: f32::from(i16::from_le_bytes([record[3], record[4]])) / 256.0,
                slope: f32::from(record[5]) / 200.0,
            },
            pack: record[6],
            channel: self.channel(u16_at(record, 7)),
        })
    }

    /// The rates of replacement of [`Key::replaced`]: style by style, how probable it is that
    /// the spinner knows the phrase as something to replace.
    #[must_use]
    pub fn replaced(&self, number: u32) -> Channel {
        self.channel(u16_at(self.section(3), number as usize * 2))
    }

    fn channel(&self, number: u16) -> Channel {
        let at = usize::from(number) * STYLES;
        let mut channel = [0.0; STYLES];
        for (value, byte) in channel.iter_mut().zip(self.section(8).get(at..at + STYLES).unwrap_or(&[])) {
            *value = probability(*byte);
        }
        channel
    }

    fn index(&self, original: u32, field: usize) -> u32 {
        u32_at(self.section(4), original as usize * ORIGINAL + 4 * field)
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

    /// The number of the rates at which an original is replaced, for [`Dictionary::replaced`].
    #[must_use]
    pub fn original_rates(&self, number: u32) -> u32 {
        u24_at(self.section(4), number as usize * ORIGINAL + 8)
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

    /// How many keys, postings and originals it holds.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.map.len(), self.section(2).len() / POSTING, self.section(4).len() / ORIGINAL)
    }

    /// Calls `each` with every phrase and its key, in order of the phrases.
    pub fn for_each(&self, mut each: impl FnMut(&str, Key)) {
        use fst::Streamer;
        let mut stream = self.map.stream();
        while let Some((phrase, value)) = stream.next() {
            each(&String::from_utf8_lossy(phrase), Key::unpack(value.value()));
        }
    }
}

/// Probabilities are stored as `255 - 32 * -ln p`, so 0 stands for never.
fn level(probability: f32) -> u8 {
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

/// Puts the sections together.
pub(super) struct Writer {
    sections: [Vec<u8>; SECTIONS],
    words: u32,
    distinct: HashMap<WordId, u32>,
    channels: HashMap<[u8; STYLES], u16>,
}

fn too_large() -> DictionaryError {
    DictionaryError::new(ErrorKind::TooLarge { what: "originals", limit: MOST_ORIGINALS })
}

/// The three bytes of a number, once it is known that it fits them.
fn u24(number: u32) -> [u8; 3] {
    let [a, b, c, _] = number.to_le_bytes();
    [a, b, c]
}

impl Writer {
    pub fn new<'a>(packs: impl Iterator<Item = &'a str>) -> Writer {
        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        for name in packs {
            sections[0].extend(name.bytes().filter(|b| *b != b'\n'));
            sections[0].push(b'\n');
        }
        Writer { sections, words: 0, distinct: HashMap::new(), channels: HashMap::new() }
    }

    pub fn postings(&self) -> u32 {
        u32::try_from(self.sections[2].len() / POSTING).unwrap_or(u32::MAX)
    }

    fn channel(&mut self, channel: Channel) -> u16 {
        let levels = channel.map(level);
        if let Some(number) = self.channels.get(&levels) {
            return *number;
        }
        // Weights have few decimals, so channels are few; should they run out, the last one
        // stands for the rest.
        let number = u16::try_from(self.channels.len().min(MOST_CHANNELS - 1)).unwrap_or(u16::MAX);
        if self.channels.len() < MOST_CHANNELS {
            self.sections[8].extend(levels);
            self.channels.insert(levels, number);
        }
        number
    }

    pub fn posting(&mut self, posting: Posting) {
        let channel = self.channel(posting.channel);
        let out = &mut self.sections[2];
        out.extend(u24(posting.original));
        #[allow(clippy::cast_possible_truncation)]
        let constant = (posting.weight.constant * 256.0).round().clamp(-32768.0, 32767.0) as i16;
        out.extend(constant.to_le_bytes());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        out.push((posting.weight.slope * 200.0).round().clamp(0.0, 255.0) as u8);
        out.push(posting.pack);
        out.extend(channel.to_le_bytes());
    }

    /// Adds rates of replacement and gives their number.
    pub fn replaced(&mut self, rates: Channel) -> u32 {
        let channel = self.channel(rates);
        self.sections[3].extend(channel.to_le_bytes());
        u32::try_from(self.sections[3].len() / 2 - 1).unwrap_or(u32::MAX)
    }

    /// Adds an original and gives its number.
    pub fn original(&mut self, text: &str, words: &[WordId], rates: u32) -> u32 {
        self.sections[5].extend(text.bytes().filter(|b| *b != b'^'));
        for word in words {
            let next = u32::try_from(self.distinct.len()).unwrap_or(u32::MAX);
            let number = *self.distinct.entry(*word).or_insert(next);
            if number == next {
                self.sections[7].extend(word.to_le_bytes());
            }
            self.sections[6].extend(u24(number));
        }
        self.words += u32::try_from(words.len()).unwrap_or(0);
        let end = u32::try_from(self.sections[5].len()).unwrap_or(u32::MAX);
        self.sections[4].extend(end.to_le_bytes());
        self.sections[4].extend(self.words.to_le_bytes());
        self.sections[4].extend(u24(rates));
        u32::try_from(self.sections[4].len() / ORIGINAL - 1).unwrap_or(u32::MAX)
    }

    pub fn finish(mut self, keys: BTreeMap<&str, Key>) -> Result<Dictionary, DictionaryError> {
        if self.sections[4].len() / ORIGINAL >= MOST_ORIGINALS || self.distinct.len() >= MOST_ORIGINALS {
            return Err(too_large());
        }
        let mut map = fst::raw::Builder::memory();
        for (phrase, key) in keys {
            let value = key.pack().ok_or_else(too_large)?;
            map.insert(phrase, value).map_err(|_| too_large())?;
        }
        self.sections[1] = map.into_inner().map_err(|_| too_large())?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        for section in &self.sections {
            bytes.extend(u32::try_from(section.len()).map_err(|_| too_large())?.to_le_bytes());
        }
        for section in &self.sections {
            bytes.extend(section);
        }
        Dictionary::from_bytes(bytes)
    }
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
        pack(&Ngrams { words, unigrams, ..Ngrams::default() }, 0.0).unwrap()
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
        dictionary.walk(["made", "use", "of", "it"].into_iter(), |n, key| found.push((n, key)));
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
        dictionary.walk(["on", "line"].into_iter(), |n, _| hyphen = n);
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
        assert_eq!(dictionary.original_rates(posting.original), key.replaced.unwrap());
    }

    #[test]
    fn foreign_cut_and_other_versions_are_refused() {
        let bytes = small().as_bytes().to_vec();
        let message = |bytes: &[u8]| Dictionary::from_bytes(bytes.to_vec()).unwrap_err().to_string();
        assert!(message(b"PK\x03\x04 zip").contains("not a compiled unspin dictionary (it begins with `PK\\x03\\x04"));
        let mut other = bytes.clone();
        other[8] = 9;
        assert!(message(&other).contains("format version 9 and this unspin reads version 2"));
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
