//! Writing the compiled form of a [`Dictionary`]; its layout stands in `store.rs`.

use std::collections::HashMap;

use crate::language_model::{WordId, build, pair};
use crate::text::word_hash;

use super::entry::{Channel, STYLES};
use super::error::{DictionaryError, ErrorKind};
use super::store::{
    BLOCK, CHANNEL, CONSTANT_STEPS, Dictionary, FORMAT_VERSION, MAGIC, NEVER, ORIGINAL, POSTING, PRINT_BITS, Posting,
    SECTIONS, SLOPE_STEPS, TELLING, level,
};

/// What is numbered in three bytes, in two and in one.
const MOST: usize = 1 << 24;
const MOST_ORIGINALS: usize = TELLING as usize;
const MOST_CHANNELS: usize = NEVER as usize;
const MOST_POSTINGS: u8 = u8::MAX;

/// Puts the sections together: keys in the order of their phrases, each with its postings.
pub(super) struct Writer {
    sections: [Vec<u8>; SECTIONS],
    map: fst::raw::Builder<Vec<u8>>,
    /// For each key its postings and the number of the channel at which it is replaced.
    keys: Vec<(u8, u16)>,
    words: usize,
    distinct: HashMap<WordId, u32>,
    channels: HashMap<[u8; CHANNEL], u16>,
    /// The first two words of phrases.
    pairs: Vec<u64>,
}

fn too_large(what: &'static str, limit: usize) -> DictionaryError {
    DictionaryError::new(ErrorKind::TooLarge { what, limit })
}

/// The three bytes of a number.
fn u24(number: usize, what: &'static str) -> Result<[u8; 3], DictionaryError> {
    match u32::try_from(number).map(u32::to_le_bytes) {
        Ok([a, b, c, 0]) => Ok([a, b, c]),
        _ => Err(too_large(what, MOST)),
    }
}

impl Writer {
    pub fn new<'a>(packs: impl Iterator<Item = &'a str>) -> Writer {
        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        for name in packs {
            sections[0].extend(name.bytes().filter(|b| *b != b'\n'));
            sections[0].push(b'\n');
        }
        let map = fst::raw::Builder::memory();
        Writer {
            sections,
            map,
            keys: Vec::new(),
            words: 0,
            distinct: HashMap::new(),
            channels: HashMap::new(),
            pairs: Vec::new(),
        }
    }

    fn channel(&mut self, channel: &Channel, pack: u8) -> u16 {
        let mut stored = [pack; CHANNEL];
        for (level_of, probability) in stored[..STYLES].iter_mut().zip(channel) {
            *level_of = level(*probability);
        }
        if let Some(number) = self.channels.get(&stored) {
            return *number;
        }
        // Probabilities have few decimals, so channels are few; should they run out, the last
        // one stands for the rest.
        let number = u16::try_from(self.channels.len().min(MOST_CHANNELS - 1)).unwrap_or(NEVER - 1);
        if self.channels.len() < MOST_CHANNELS {
            self.sections[8].extend(stored);
            self.channels.insert(stored, number);
        }
        number
    }

    /// Adds the key of a phrase, in order of the phrases; the postings that follow are its.
    /// `replaced` says at which rates spinners replace it, where they do.
    pub fn key(&mut self, phrase: &str, replaced: Option<&Channel>) -> Result<(), DictionaryError> {
        let number = self.keys.len();
        self.map.insert(phrase, number as u64).map_err(|_| too_large("phrases", MOST))?;
        let mut words = phrase.split(' ').map(word_hash);
        if let (Some(first), Some(second)) = (words.next(), words.next()) {
            self.pairs.push(pair(first, second));
        }
        let channel = replaced.map_or(NEVER, |channel| self.channel(channel, 0));
        self.keys.push((0, channel));
        Ok(())
    }

    /// Adds a posting to the last key.
    pub fn posting(&mut self, posting: &Posting) -> Result<(), DictionaryError> {
        let Some((count, _)) = self.keys.last_mut() else { return Ok(()) };
        if *count == MOST_POSTINGS {
            return Err(too_large("originals for one phrase", usize::from(MOST_POSTINGS)));
        }
        *count += 1;
        let channel = self.channel(&posting.channel, posting.pack);
        let out = &mut self.sections[3];
        let telling = if posting.telling { TELLING } else { 0 };
        out.extend(u24((posting.original | telling) as usize, "originals")?);
        #[allow(clippy::cast_possible_truncation)]
        out.push((posting.weight.constant * CONSTANT_STEPS).round().clamp(-128.0, 127.0) as i8 as u8);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        out.push((posting.weight.slope * SLOPE_STEPS).round().clamp(0.0, 255.0) as u8);
        out.extend(channel.to_le_bytes());
        Ok(())
    }

    /// Adds an original, whose own phrase has the key `key`, and gives its number.
    pub fn original(&mut self, text: &str, words: &[WordId], key: usize) -> Result<u32, DictionaryError> {
        self.sections[5].extend(text.bytes().filter(|b| *b != b'^'));
        for word in words {
            let next = u32::try_from(self.distinct.len()).unwrap_or(u32::MAX);
            let number = *self.distinct.entry(*word).or_insert(next);
            if number == next {
                self.sections[7].extend(word.to_le_bytes());
            }
            self.sections[6].extend(u24(number as usize, "words")?);
        }
        self.words += words.len();
        let end = self.sections[5].len();
        for (number, what) in [(end, "bytes of originals"), (self.words, "words of originals"), (key, "phrases")] {
            self.sections[4].extend(u24(number, what)?);
        }
        let number = self.sections[4].len() / ORIGINAL - 1;
        match u32::try_from(number) {
            Ok(number) if number < TELLING => Ok(number),
            _ => Err(too_large("originals", MOST_ORIGINALS)),
        }
    }

    pub fn finish(mut self) -> Result<Dictionary, DictionaryError> {
        let mut first = 0u32;
        for block in self.keys.chunks(BLOCK) {
            let mut block = block.to_vec();
            block.resize(BLOCK, (0, NEVER));
            let out = &mut self.sections[2];
            out.extend(first.to_le_bytes());
            out.extend(block.iter().map(|k| k.0));
            out.extend(block.iter().flat_map(|k| k.1.to_le_bytes()));
            first += block.iter().map(|k| u32::from(k.0)).sum::<u32>();
        }
        debug_assert_eq!(first as usize, self.sections[3].len() / POSTING);
        self.sections[1] = self.map.into_inner().map_err(|_| too_large("phrases", MOST))?;
        self.pairs.sort_unstable();
        self.pairs.dedup();
        let pairs: Vec<(u64, u32)> = self.pairs.iter().map(|key| (*key, 0)).collect();
        let (shape, cells) = build(&pairs, PRINT_BITS, 0);
        let out = &mut self.sections[9];
        out.extend(shape.seed.to_le_bytes());
        out.extend(shape.segment.to_le_bytes());
        out.extend(shape.segments.to_le_bytes());
        out.extend(cells);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        for section in &self.sections {
            let length =
                u32::try_from(section.len()).map_err(|_| too_large("bytes in a section", u32::MAX as usize))?;
            bytes.extend(length.to_le_bytes());
        }
        for section in &self.sections {
            bytes.extend(section);
        }
        Dictionary::from_bytes(bytes)
    }
}
