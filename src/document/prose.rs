//! Putting the prose of a document together from its pieces.

use std::ops::Range;

use crate::text::MARKUP;

use super::shifts::Shifts;

/// Stands where something was that is no prose, but part of the sentence: code, a picture.
const OBJECT: char = '\u{fffc}';

/// What lies between two pieces of prose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    /// Nothing but markup, if anything.
    Markup,
    /// Something that is part of the sentence.
    Object,
    /// The end of a line.
    Line,
    /// The end of a paragraph, a heading, an item.
    Block,
}

/// Takes the pieces of a text in their order.
pub struct Builder<'t> {
    text: &'t str,
    /// How far the text has been read.
    at: usize,
    between: Between,
    prose: String,
    shifts: Shifts,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str) -> Self {
        let prose = String::with_capacity(text.len());
        Builder { text, at: 0, between: Between::Block, prose, shifts: Shifts::default() }
    }

    /// A piece of prose, as it stands.
    pub fn prose(&mut self, range: Range<usize>) {
        if range.start < self.at || range.is_empty() {
            return;
        }
        self.bridge(range.start);
        self.prose.push_str(&self.text[range.clone()]);
        self.at = range.end;
    }

    /// A piece of prose that is written as something else: `&rsquo;` for `’`.
    pub fn written(&mut self, range: Range<usize>, prose: &str) {
        if range.start < self.at || range.is_empty() {
            return;
        }
        self.bridge(range.start);
        let from = self.prose.len();
        self.prose.push(MARKUP);
        self.prose.push_str(prose);
        // Of a word that goes on with it, it is a part that cannot be replaced.
        if prose.ends_with(char::is_alphanumeric) {
            self.prose.push(MARKUP);
        }
        self.at = range.end;
        self.shifts.push(from..self.prose.len(), self.at);
    }

    /// Here stands something that is part of the sentence, but no prose.
    pub fn object(&mut self) {
        self.between = self.between.max(Between::Object);
    }

    /// Here a line ends.
    pub fn line(&mut self) {
        self.between = if self.between >= Between::Line { Between::Block } else { Between::Line };
    }

    /// Here a paragraph ends, or the like.
    pub fn block(&mut self) {
        self.between = Between::Block;
    }

    /// Goes on to the next piece.
    fn bridge(&mut self, to: usize) {
        let between = std::mem::replace(&mut self.between, Between::Markup);
        let (skipped, from) = (&self.text[self.at..to], self.prose.len());
        match between {
            Between::Markup if skipped.is_empty() => return,
            // The indentation of a line.
            Between::Markup if skipped.trim().is_empty() => {
                self.prose.push_str(skipped);
                return;
            }
            Between::Markup => self.prose.push(MARKUP),
            Between::Object => self.prose.push(OBJECT),
            Between::Line => {
                self.prose.push(MARKUP);
                self.prose.push('\n');
            }
            Between::Block if self.prose.is_empty() && to == 0 => return,
            Between::Block => self.prose.push_str("\n\n"),
        }
        self.shifts.push(from..self.prose.len(), to);
    }

    pub fn finish(mut self) -> (String, Shifts) {
        // Whatever lies behind the last piece is behind its end.
        let from = self.prose.len();
        self.prose.push_str("\n\n");
        self.shifts.push(from..self.prose.len(), self.text.len());
        (self.prose, self.shifts)
    }
}

/// A piece of prose without the characters that stand for markup.
#[must_use]
pub fn without_marks(prose: &str) -> String {
    prose.replace([MARKUP, OBJECT], "")
}

/// The lines of some prose that are not blank.
#[cfg(test)]
pub fn lines(prose: &str) -> Vec<String> {
    prose.split('\n').map(str::trim).filter(|l| !l.is_empty()).map(str::to_string).collect()
}
