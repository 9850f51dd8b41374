//! Lines of a stream, none of them longer than is allowed.

use std::io::{self, BufRead, Read};

/// What comes next.
pub enum Line {
    /// Nothing: the stream has ended.
    End,
    /// A line, with its end where it has one.
    Whole(Vec<u8>),
    /// A line that is too long; it was passed over.
    TooLong,
}

/// The lines of a stream.
pub struct Lines<R> {
    source: R,
    most: usize,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub fn new(source: R, most: usize) -> Lines<R> {
        Lines { source, most, number: 0 }
    }

    /// The number of the line that came last, counted from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line.
    ///
    /// # Errors
    /// When the stream cannot be read on; [`number`](Self::number) is the line's that broke off.
    pub fn next(&mut self) -> io::Result<Line> {
        self.number += 1;
        let mut line = Vec::new();
        let most = self.most as u64 + 1;
        if (&mut self.source).take(most).read_until(b'\n', &mut line)? == 0 {
            return Ok(Line::End);
        }
        if line.len() > self.most && line.last() != Some(&b'\n') {
            self.source.skip_until(b'\n')?;
            return Ok(Line::TooLong);
        }
        Ok(Line::Whole(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let mut lines = Lines::new(&b"four\nfives\n\nsixsix\nlast"[..], 4);
        let mut seen = Vec::new();
        loop {
            match lines.next().unwrap() {
                Line::End => break,
                Line::Whole(line) => seen.push((lines.number(), Some(String::from_utf8(line).unwrap()))),
                Line::TooLong => seen.push((lines.number(), None)),
            }
        }
        let whole = |number, text: &str| (number, Some(text.to_string()));
        assert_eq!(seen, [whole(1, "four\n"), (2, None), whole(3, "\n"), (4, None), whole(5, "last")]);
    }
}
