//! Where two texts come apart: one made from the other, with pieces put in for others.

use std::ops::Range;

/// A piece of the made text in place of one of the source, of whatever lengths.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    end: usize,
    /// Where what it stands for ends in the source.
    source_end: usize,
}

/// The pieces that are not the same in both, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Shifts(Vec<Piece>);

impl Shifts {
    /// Notes that what stands at `made` is in place of what ends at `source_end`.
    pub fn push(&mut self, made: Range<usize>, source_end: usize) {
        self.0.push(Piece { start: made.start, end: made.end, source_end });
    }

    /// Whether the texts are the same.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The offset into the source of one into the made text. Within a piece that is not in it, it is
    /// the end at the most of what stands there instead.
    pub fn onward(&self, offset: usize) -> usize {
        let next = self.0.partition_point(|p| p.end <= offset);
        let onward = match next.checked_sub(1) {
            Some(last) => offset - self.0[last].end + self.0[last].source_end,
            None => offset,
        };
        self.0.get(next).map_or(onward, |next| onward.min(next.source_end))
    }

    /// The offset into the made text of one into the source. Of what has a piece in its place, it is
    /// the piece's end at the most.
    pub fn back(&self, offset: usize) -> usize {
        let next = self.0.partition_point(|p| p.source_end <= offset);
        let back = match next.checked_sub(1) {
            Some(last) => offset - self.0[last].source_end + self.0[last].end,
            None => offset,
        };
        self.0.get(next).map_or(back, |next| back.min(next.end))
    }

    /// Whether a range of the made text is the same in the source.
    pub fn is_whole(&self, range: &Range<usize>) -> bool {
        let next = self.0.partition_point(|p| p.end <= range.start);
        self.0.get(next).is_none_or(|next| range.end <= next.start)
    }
}
