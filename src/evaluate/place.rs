//! Where something stands in a text, with the sentence around it.

use serde::Serialize;

use crate::text::Tokens;

/// How far around a place its sentence is looked for, in bytes on each side, and how much of
/// that is shown, in characters.
const WINDOW: usize = 600;
const SHOWN: usize = 160;

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// Byte offset into the file.
    pub start: usize,
    /// Byte offset of what follows.
    pub end: usize,
    /// What stands before it in its sentence.
    pub before: String,
    /// What stands there.
    pub text: String,
    /// What stands after it in its sentence.
    pub after: String,
}

impl Excerpt {
    /// The place from byte `start` to `end` of the file `path`, which holds `data`.
    ///
    /// ```
    /// use unspin::evaluate::Excerpt;
    /// let place = Excerpt::of("a.txt", b"It rained. He stated so. We left.", 14, 20);
    /// assert_eq!((place.before.as_str(), place.text.as_str(), place.after.as_str()), ("He ", "stated", " so."));
    /// ```
    ///
    /// # Panics
    /// When the span does not lie in the data.
    #[must_use]
    pub fn of(path: &str, data: &[u8], start: usize, end: usize) -> Excerpt {
        let line_start = memchr::memrchr(b'\n', &data[..start]).map_or(0, |i| i + 1);
        let line = 1 + memchr::memchr_iter(b'\n', &data[..start]).count();
        let column = 1 + String::from_utf8_lossy(&data[line_start..start]).chars().count();
        let line_end = memchr::memchr(b'\n', &data[end..]).map_or(data.len(), |i| end + i);
        let inside = |at: &usize| *at == 0 || *at >= data.len() || data[*at] & 0xC0 != 0x80;
        let from = (line_start.max(start.saturating_sub(WINDOW))..=start).find(inside).unwrap_or(start);
        let to = (end..=line_end.min(end + WINDOW)).rev().find(inside).unwrap_or(end);
        let before = String::from_utf8_lossy(&data[from..start]);
        let text = String::from_utf8_lossy(&data[start..end]);
        let after = String::from_utf8_lossy(&data[end..to]);
        let (first, last) = sentence(&format!("{before}{text}{after}"), before.len(), before.len() + text.len());
        let last = (last - before.len() - text.len()).min(after.len());
        Excerpt {
            path: path.to_string(),
            line,
            column,
            start,
            end,
            before: last_of(before.get(first..).unwrap_or(&before)),
            text: flat(&text),
            after: first_of(after.get(..last).unwrap_or(&after).trim_end()),
        }
    }
}

/// Where the sentence around a span of a text begins, and where it ends.
fn sentence(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut tokens = Tokens::default();
    tokens.read(text);
    let begins = tokens.iter().filter(|t| t.sentence_start).map(|t| t.start as usize);
    let first = begins.clone().rfind(|at| *at <= start).unwrap_or(0);
    let last = begins.filter(|at| *at >= end).min().unwrap_or(text.len());
    (first, last)
}

/// The last characters, from a blank on where some are left out.
fn last_of(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().rev().nth(SHOWN) else { return flat(text) };
    let shown = &text[cut..];
    format!("... {}", flat(shown.split_once(' ').map_or(shown, |(_, rest)| rest)))
}

/// The first characters, up to a blank where some are left out.
fn first_of(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(SHOWN) else { return flat(text) };
    let shown = &text[..cut];
    format!("{} ...", flat(shown.rsplit_once(' ').map_or(shown, |(rest, _)| rest)))
}

/// Text without control characters: nothing in a document may steer the terminal.
fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_line_and_its_sentence() {
        let text = "Heading\nIt was late. “The éclair was stated,” he said. Then he left.\nMore";
        let start = text.find("stated").unwrap();
        let place = Excerpt::of("a.txt", text.as_bytes(), start, start + 6);
        assert_eq!((place.line, place.column), (2, 30));
        assert!(place.before.ends_with("The éclair was ") && !place.before.contains("late"), "{place:?}");
        assert_eq!(place.after, ",” he said.");
    }

    #[test]
    fn long_lines_and_broken_bytes_are_cut() {
        let mut text = "é ".repeat(5000).into_bytes();
        let start = text.len();
        text.extend(b"x\xff\x1b");
        text.extend("é ".repeat(5000).bytes());
        let place = Excerpt::of("a.txt", &text, start, start + 3);
        assert!(place.before.starts_with("... ") && place.after.ends_with(" ..."));
        assert!(place.before.chars().count() <= SHOWN + 5);
        assert_eq!(place.text, "x\u{fffd} ");
        assert_eq!(Excerpt::of("", b"", 0, 0).line, 1);
    }
}
