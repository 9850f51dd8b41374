//! Where two texts come apart: one made from the other, with pieces put in for others.

use std::ops::Range;

/// From each of these offsets of the made text on, add the difference of the offset beside it, up
/// to the next one. Sorted; behind every piece that is not the same in both there is one.
#[derive(Clone, Debug, Default)]
pub struct Shifts(Vec<(usize, usize)>);

impl Shifts {
    /// Notes that both texts are the same again from here on.
    pub fn push(&mut self, made: usize, source: usize) {
        self.0.push((made, source));
    }

    /// Whether the texts are the same.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The offset into the source of one into the made text. Of what lies in a piece that is not in
    /// it, it is the end at the most of what stands there instead.
    pub fn onward(&self, offset: usize) -> usize {
        let next = self.0.partition_point(|s| s.0 <= offset);
        let onward = match next.checked_sub(1) {
            Some(last) => offset - self.0[last].0 + self.0[last].1,
            None => offset,
        };
        self.0.get(next).map_or(onward, |next| onward.min(next.1))
    }

    /// The offset into the made text of one into the source. Of what lies in a piece that is not
    /// in it, it is the piece's end at the most.
    pub fn back(&self, offset: usize) -> usize {
        let next = self.0.partition_point(|s| s.1 <= offset);
        let back = match next.checked_sub(1) {
            Some(last) => offset - self.0[last].1 + self.0[last].0,
            None => offset,
        };
        self.0.get(next).map_or(back, |next| back.min(next.0))
    }

    /// Whether a range of the made text is the same in the source.
    pub fn is_whole(&self, range: &Range<usize>) -> bool {
        // A piece lies in front of its shift: one at the range's start is over by then.
        let next = self.0.partition_point(|s| s.0 <= range.start);
        range.start == range.end || self.0.get(next).is_none_or(|next| range.end < next.0)
    }
}
