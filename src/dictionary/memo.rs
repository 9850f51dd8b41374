//! What a dictionary says of a first word, remembered.
//!
//! Few words make most of a text. Where the phrases that begin with a word go on in the map is
//! found once for each of these; the others are looked up anew.

use super::store::Key;

/// How many words are remembered, a power of two: those that follow each other in a text seldom
/// share a place.
const PLACES: usize = 1 << 14;

/// What the map holds of a word that phrases may begin with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    /// The key of the word alone.
    pub key: Option<Key>,
    /// The node after the word and a blank with the value up to there, where phrases go on.
    pub onward: Option<(usize, u64)>,
}

/// First words of phrases as dictionaries know them. Grows to less than a megabyte; reused from
/// document to document, whatever the dictionary.
#[derive(Debug, Default)]
pub struct Memo {
    places: Vec<(u64, Entry)>,
}

impl Memo {
    /// The entry of the word of this hash in a dictionary, which `find` looks up where it is not
    /// remembered.
    pub(super) fn entry(&mut self, dictionary: u64, hash: u64, find: impl FnOnce() -> Entry) -> Entry {
        if self.places.is_empty() {
            self.places.resize(PLACES, (0, Entry::default()));
        }
        // Dictionaries are numbered from 1, and 0 is the mark of a place that is free.
        let mark = (hash ^ dictionary.wrapping_mul(0x9E37_79B9_7F4A_7C15)).max(1);
        #[allow(clippy::cast_possible_truncation)]
        let place = &mut self.places[mark as usize % PLACES];
        if place.0 != mark {
            *place = (mark, find());
        }
        place.1
    }
}
