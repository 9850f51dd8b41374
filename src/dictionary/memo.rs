//! What a dictionary says of a first word, remembered.
//!
//! Few words make most of a text. Where the phrases that begin with a word go on in the map is
//! found once for each of these; the others are looked up anew.

use super::store::Key;

/// How many words are remembered, a power of two: those that follow each other in a text seldom
/// share a place.
const PLACES: usize = 1 << 14;

/// What the map holds of a word that phrases may begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Entry {
    /// The key of the word alone.
    pub key: Option<Key>,
    /// The node after the word and a blank with the value up to there, where phrases go on.
    pub onward: Option<(usize, u64)>,
}

/// An entry in half the room: what is read for every word should stay in the inner caches. Zero
/// stands for nothing, so keys and nodes are kept by one more than their numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    mark: u64,
    first: u32,
    replaced: u32,
    node: u32,
    value: u32,
    count: u16,
    is_key: bool,
    telling: bool,
}

impl Place {
    /// `None` where a number is out of all bounds, which a sound map has none of.
    fn of(mark: u64, entry: Entry) -> Option<Place> {
        let mut place = Place { mark, ..Place::default() };
        if let Some(key) = entry.key {
            (place.is_key, place.telling, place.first) = (true, key.telling, key.first);
            place.count = u16::try_from(key.count).ok()?;
            place.replaced = key.replaced.map_or(Some(0), |number| number.checked_add(1))?;
        }
        if let Some((node, value)) = entry.onward {
            place.node = u32::try_from(node).ok()?.checked_add(1)?;
            place.value = u32::try_from(value).ok()?;
        }
        Some(place)
    }

    fn entry(&self) -> Entry {
        let key = Key {
            first: self.first,
            count: u32::from(self.count),
            replaced: self.replaced.checked_sub(1),
            telling: self.telling,
        };
        let onward = self.node.checked_sub(1).map(|node| (node as usize, u64::from(self.value)));
        Entry { key: self.is_key.then_some(key), onward }
    }
}

/// First words of phrases as dictionaries know them. Grows to half a megabyte; reused from document
/// to document, whatever the dictionary.
#[derive(Debug, Default)]
pub struct Memo {
    places: Vec<Place>,
}

impl Memo {
    /// The entry of the word of this hash in a dictionary, which `find` looks up where it is not
    /// remembered.
    #[inline]
    pub(super) fn entry(&mut self, dictionary: u64, hash: u64, find: impl FnOnce() -> Entry) -> Entry {
        if self.places.is_empty() {
            self.places.resize(PLACES, Place::default());
        }
        // Dictionaries are numbered from 1, and 0 is the mark of a place that is free.
        let mark = (hash ^ dictionary.wrapping_mul(0x9E37_79B9_7F4A_7C15)).max(1);
        #[allow(clippy::cast_possible_truncation)]
        let place = &mut self.places[mark as usize % PLACES];
        if place.mark == mark {
            return place.entry();
        }
        let entry = find();
        if let Some(found) = Place::of(mark, entry) {
            *place = found;
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_found() {
        let key = Key { first: 70_000, count: 255, replaced: Some(0), telling: true };
        let entries = [
            Entry::default(),
            Entry { key: Some(key), onward: None },
            Entry { key: Some(Key { replaced: None, telling: false, ..key }), onward: Some((0, 0)) },
            Entry { key: None, onward: Some((1 << 23, 90_000)) },
        ];
        let mut memo = Memo::default();
        for (hash, entry) in (0..).zip(entries) {
            assert_eq!(memo.entry(1, hash, || entry), entry);
            assert_eq!(memo.entry(1, hash, || unreachable!("it is known")), entry);
            // Another dictionary knows other things of the same word.
            assert_eq!(memo.entry(2, hash, Entry::default), Entry::default());
        }
        // What does not fit is found every time.
        let wide = Entry { key: None, onward: Some((usize::MAX, 0)) };
        assert_eq!(memo.entry(1, 77, || wide), wide);
        assert_eq!(memo.entry(1, 77, Entry::default), Entry::default());
    }
}
