//! Edits: what is put in place of what, and how two rounds of them make one.

/// A change of a text: what stands from `start` up to `end` reads `text` instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Byte offset of the first byte that is replaced.
    pub start: usize,
    /// Byte offset of what follows the last; `start` where something is put in only.
    pub end: usize,
    /// What is put there.
    pub text: String,
}

/// The source with edits made. They are sorted and do not overlap; one that overlaps an earlier
/// one, or reaches beyond the source, is left out.
///
/// ```
/// use unspin::restore::{Edit, make};
/// let edits = [Edit { start: 9, end: 18, text: "round".into() }];
/// assert_eq!(make(b"a second spherical of talks", &edits), b"a second round of talks");
/// ```
#[must_use]
pub fn make(source: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len() + 64);
    let mut at = 0;
    for edit in edits {
        let Some(between) = source.get(at..edit.start).filter(|_| edit.start <= edit.end && edit.end <= source.len())
        else {
            continue;
        };
        out.extend_from_slice(between);
        out.extend_from_slice(edit.text.as_bytes());
        at = edit.end;
    }
    out.extend_from_slice(&source[at..]);
    out
}

/// The same for a text, at whose characters' borders the edits begin and end.
pub(crate) fn make_in(text: &str, edits: &[Edit]) -> String {
    String::from_utf8(make(text.as_bytes(), edits)).unwrap_or_else(|_| text.to_string())
}

/// Where the texts of edits lie once these are made.
pub(crate) fn made_ranges(edits: &[Edit]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut shift = 0isize;
    edits.iter().map(move |edit| {
        let start = edit.start.saturating_add_signed(shift);
        shift += edit.text.len() as isize - (edit.end - edit.start) as isize;
        start..start + edit.text.len()
    })
}

/// The edits of `source` that make what `first` and then, in what came out, `second` make. An
/// edit of the second round that touches ones of the first is one edit with them.
pub(crate) fn compose(source: &str, first: Vec<Edit>, second: &[Edit]) -> Vec<Edit> {
    if second.is_empty() {
        return first;
    }
    let between = make_in(source, &first);
    let ranges: Vec<_> = made_ranges(&first).collect();
    let mut composed = Vec::with_capacity(first.len() + second.len());
    // From an offset between the rounds to one into the source, behind all edits met so far.
    let mut shift = 0isize;
    let (mut next, mut later) = (0, 0);
    while next < first.len() || later < second.len() {
        let of_first = ranges.get(next).map_or(usize::MAX, |r| r.start);
        let of_second = second.get(later).map_or(usize::MAX, |e| e.start);
        let (low, before) = (of_first.min(of_second), (next, later));
        let (start, mut high) = (low.saturating_add_signed(shift), low);
        loop {
            if let Some(range) = ranges.get(next).filter(|r| r.start <= high) {
                high = high.max(range.end);
                shift += (first[next].end - first[next].start) as isize - first[next].text.len() as isize;
                next += 1;
            } else if let Some(edit) = second.get(later).filter(|e| e.start <= high) {
                high = high.max(edit.end);
                later += 1;
            } else {
                break;
            }
        }
        if before.1 == later {
            composed.extend_from_slice(&first[before.0..next]);
            continue;
        }
        let within: Vec<Edit> = second[before.1..later]
            .iter()
            .map(|e| Edit { start: e.start - low, end: e.end - low, text: e.text.clone() })
            .collect();
        let text = make_in(&between[low..high], &within);
        let end = high.saturating_add_signed(shift);
        if source[start..end] != text {
            composed.push(Edit { start, end, text });
        }
    }
    composed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { start, end, text: text.into() }
    }

    #[test]
    fn edits_that_do_not_fit_are_left_out() {
        assert_eq!(make(b"abc", &[edit(1, 2, "x"), edit(1, 3, "y"), edit(2, 9, "z")]), b"axc");
        assert_eq!(make(b"abc", &[edit(3, 3, "!")]), b"abc!");
    }

    #[test]
    fn two_rounds_become_one() {
        let first = vec![edit(0, 3, "an"), edit(4, 5, "")];
        assert_eq!(compose("one x two", first.clone(), &[edit(3, 7, "2")]), [edit(0, 3, "an"), edit(4, 9, "2")]);
        // What the second round takes back was no edit.
        assert_eq!(compose("one x two", vec![edit(0, 3, "an")], &[edit(0, 2, "one")]), []);
        assert_eq!(compose("one x two", first.clone(), &[]), first);
    }

    /// Sorted edits without overlaps in a text of so many bytes.
    fn edits(length: usize) -> impl Strategy<Value = Vec<Edit>> {
        prop::collection::vec((0..=length, "[xyz]{0,3}"), 0..8).prop_map(|mut cuts| {
            cuts.sort();
            cuts.chunks_exact(2).map(|c| edit(c[0].0, c[1].0, &c[0].1)).collect()
        })
    }

    proptest! {
        #[test]
        fn composing_is_making_one_after_the_other(
            (first, second) in edits(12).prop_flat_map(|first| {
                let length = make(&[b'a'; 12], &first).len();
                (Just(first), edits(length))
            })
        ) {
            let source = "abcdefghijkl";
            let twice = make_in(&make_in(source, &first), &second);
            prop_assert_eq!(make_in(source, &compose(source, first, &second)), twice);
        }
    }
}
