//! Documents: from the bytes of a file to the prose in it, and from offsets into that back to
//! offsets into the file.
//!
//! Markup, code and addresses are no prose: the scanner never sees them, so nothing in them is
//! found or edited. Words that markup or an entity parts (`<b>T</b>he`, `caf&eacute;`) are read as
//! the words they are, and left as they stand.

mod html;
mod markdown;
mod plain;
mod prose;
mod shifts;

use std::borrow::Cow;
use std::path::Path;

use crate::report::Report;
use crate::restore::Edit;
use crate::worker::locate;

pub use plain::is_binary;
pub use prose::without_marks;
use shifts::Shifts;

/// How the prose of a file is told from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Input {
    /// All of it is prose.
    #[default]
    Text,
    /// Markdown, as CommonMark has it and with what GitHub adds.
    Markdown,
    /// HTML, or XHTML.
    Html,
}

impl Input {
    /// The kind of a file by the end of its name, whatever its case.
    ///
    /// ```
    /// use unspin::document::Input;
    /// assert_eq!(Input::of("a/README.md".as_ref()), Input::Markdown);
    /// assert_eq!(Input::of("index.HTM".as_ref()), Input::Html);
    /// assert_eq!(Input::of("notes".as_ref()), Input::Text);
    /// ```
    #[must_use]
    pub fn of(path: &Path) -> Input {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("md" | "markdown" | "mdx") => Input::Markdown,
            Some("html" | "htm" | "xhtml") => Input::Html,
            _ => Input::Text,
        }
    }
}

/// A file's text and the prose in it, with the way back to its bytes.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The text. Bytes that are no UTF-8 are replaced by `U+FFFD`.
    pub text: Cow<'a, str>,
    /// From the text to the file.
    decoded: Shifts,
    /// The prose where it is not the whole text, and from it to the text.
    prose: Option<(String, Shifts)>,
    input: Input,
}

impl<'a> Document<'a> {
    /// Reads plain text. Invalid UTF-8 is read lossily.
    ///
    /// ```
    /// use unspin::document::Document;
    /// let document = Document::plain(b"caf\xe9 stated");
    /// let start = document.prose().find("stated").unwrap();
    /// assert_eq!((start, document.source_offset(start)), (7, 5));
    /// ```
    #[must_use]
    pub fn plain(bytes: &'a [u8]) -> Document<'a> {
        let (text, decoded) = plain::decoded(bytes);
        Document { text, decoded, prose: None, input: Input::Text }
    }

    /// Reads a file of some kind. Invalid UTF-8 is read lossily.
    ///
    /// ```
    /// use unspin::document::{Document, Input};
    /// let source = "<p>They <b title='stated'>stated</b> so.</p>";
    /// let document = Document::read(source.as_bytes(), Input::Html);
    /// let start = document.prose().find("stated").unwrap();
    /// assert_eq!(document.source_offset(start), 26);
    /// ```
    #[must_use]
    pub fn read(bytes: &'a [u8], input: Input) -> Document<'a> {
        let (text, decoded) = plain::decoded(bytes);
        let prose = match input {
            Input::Text => None,
            Input::Markdown => Some(markdown::prose(&text)),
            Input::Html => Some(html::prose(&text)),
        };
        Document { text, decoded, prose, input }
    }

    /// What there is to scan: the prose. Where the text has something else in its place,
    /// [`MARKUP`](crate::text::MARKUP) or `U+FFFC` stands, or a line ends.
    #[must_use]
    pub fn prose(&self) -> &str {
        self.prose.as_ref().map_or(&self.text, |(prose, _)| prose)
    }

    /// What kind of file it is read as.
    #[must_use]
    pub fn input(&self) -> Input {
        self.input
    }

    /// Takes ranges of the text, sorted and without overlaps, out of the prose: blanks stand there.
    pub fn leave_out(&mut self, ranges: &[std::ops::Range<usize>]) {
        if ranges.is_empty() {
            return;
        }
        let (prose, shifts) = self.prose.take().unwrap_or_else(|| (self.text.to_string(), Shifts::default()));
        let mut out = String::with_capacity(prose.len());
        let mut at = 0;
        for range in ranges {
            let [start, end] = [range.start, range.end].map(|offset| shifts.back(offset).clamp(at, prose.len()));
            out.push_str(&prose[at..start]);
            // Byte for byte, so that all offsets stay.
            out.extend(prose[start..end].chars().map(|c| if c == '\n' { "\n" } else { &"    "[..c.len_utf8()] }));
            at = end;
        }
        out.push_str(&prose[at..]);
        self.prose = Some((out, shifts));
    }

    /// The offset into the file of an offset into the prose.
    #[must_use]
    pub fn source_offset(&self, offset: usize) -> usize {
        self.decoded.onward(self.place(offset))
    }

    /// The offset into the text of an offset into the prose.
    #[must_use]
    pub fn place(&self, offset: usize) -> usize {
        self.prose.as_ref().map_or(offset, |(_, shifts)| shifts.onward(offset))
    }

    /// The offset into the prose of an offset into the file; the other way round than
    /// [`source_offset`](Self::source_offset).
    #[must_use]
    pub fn prose_offset(&self, offset: usize) -> usize {
        let place = self.decoded.back(offset);
        self.prose.as_ref().map_or(place, |(_, shifts)| shifts.back(place))
    }

    /// Whether bytes `start` to `end` of the file stand in the prose as they are, in one piece.
    #[must_use]
    pub fn is_prose(&self, start: usize, end: usize) -> bool {
        let within = self.prose_offset(start)..self.prose_offset(end);
        self.source_offset(within.start) == start && self.source_offset(within.end) == end && self.is_whole(&within)
    }

    /// Whether a range of the prose is one of the file, byte by byte.
    fn is_whole(&self, range: &std::ops::Range<usize>) -> bool {
        let places = self.place(range.start)..self.place(range.end);
        self.decoded.is_whole(&places) && self.prose.as_ref().is_none_or(|(_, shifts)| shifts.is_whole(range))
    }

    /// Turns a report on the prose into one on the file of `bytes` bytes; gives where each finding
    /// starts in the text.
    pub fn map_report(&self, report: &mut Report, bytes: usize) -> Vec<usize> {
        report.bytes = bytes as u64;
        let places: Vec<usize> = report.findings.iter().map(|f| self.place(f.start)).collect();
        for finding in &mut report.findings {
            (finding.start, finding.end) = (self.place(finding.start), self.place(finding.end));
        }
        for section in &mut report.sections {
            (section.start, section.end) = (self.place(section.start), self.place(section.end));
        }
        if self.prose.is_some() {
            locate(&self.text, &mut report.sections, &mut report.findings);
        }
        for finding in &mut report.findings {
            (finding.start, finding.end) = (self.decoded.onward(finding.start), self.decoded.onward(finding.end));
        }
        for section in &mut report.sections {
            (section.start, section.end) = (self.decoded.onward(section.start), self.decoded.onward(section.end));
        }
        places
    }

    /// Turns edits of the prose into ones of the file. What reaches over markup is left out, and so
    /// is what would become markup.
    pub fn map_edits(&self, edits: &mut Vec<Edit>) {
        edits.retain(|edit| self.is_whole(&(edit.start..edit.end)) && !self.would_be_markup(edit));
        for edit in edits {
            (edit.start, edit.end) = (self.source_offset(edit.start), self.source_offset(edit.end));
            if self.input == Input::Html && edit.text.contains(['&', '<', '>']) {
                edit.text = html::escaped(&edit.text);
            }
        }
    }

    /// Whether an edit puts at the beginning of a line of Markdown what may begin a list there.
    fn would_be_markup(&self, edit: &Edit) -> bool {
        let begins = || {
            let before = &self.text[..self.place(edit.start)];
            before.rsplit('\n').next().is_none_or(|line| line.trim_start_matches(['>', '-', '*', '+', ' ']).is_empty())
        };
        self.input == Input::Markdown && !edit.text.starts_with(char::is_alphabetic) && begins()
    }

    /// Whether the file was valid UTF-8.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.decoded.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_source() {
        let bytes = b"a\xffb\xe2\x82c \xc3\xa9 d";
        let document = Document::plain(bytes);
        assert!(!document.is_exact());
        for c in ['a', 'b', 'c', 'd'] {
            let at = document.text.find(c).unwrap();
            assert_eq!(bytes[document.source_offset(at)], c as u8);
            assert_eq!(document.prose_offset(document.source_offset(at)), at);
        }
        assert_eq!(document.source_offset(document.text.len()), bytes.len());
        let exact = Document::plain("é d".as_bytes());
        assert!(exact.is_exact() && exact.source_offset(3) == 3);
    }

    #[test]
    fn both_ways_through_markup_and_damage() {
        let bytes = b"<p>One \xff <b>two</b> &amp; three</p>";
        let document = Document::read(bytes, Input::Html);
        for word in ["One", "two", "three"] {
            let at = document.prose().find(word).unwrap();
            let (start, end) = (document.source_offset(at), document.source_offset(at + word.len()));
            assert_eq!(&bytes[start..end], word.as_bytes());
            assert!(document.is_prose(start, end), "{word}");
            assert_eq!(document.prose_offset(start), at);
        }
        let at = |what: &[u8]| bytes.windows(what.len()).position(|w| w == what).unwrap();
        assert!(!document.is_prose(at(b"two"), at(b" &amp;")) && !document.is_prose(0, 3));
        assert!(!document.is_prose(at(b"&amp;"), at(b" three")));
    }

    #[test]
    fn edits_are_put_into_the_markup() {
        let source = "<p>The <i>two</i> &amp; a three.</p>";
        let document = Document::read(source.as_bytes(), Input::Html);
        let edit = |from: &str, to: &str| {
            let start = document.prose().find(from).unwrap();
            Edit { start, end: start + from.len(), text: to.into() }
        };
        let across = Edit { start: edit("The", "").start, end: edit("two", "").end, text: "x".into() };
        let mut edits = vec![across, edit("two", "R&D"), edit("three", "four")];
        document.map_edits(&mut edits);
        let made = crate::restore::make(source.as_bytes(), &edits);
        assert_eq!(String::from_utf8_lossy(&made), "<p>The <i>R&amp;D</i> &amp; a four.</p>");
        let source = "- Twelve. And\n  twelve more, twelve.";
        let document = Document::read(source.as_bytes(), Input::Markdown);
        let mut edits: Vec<Edit> = document
            .prose()
            .to_lowercase()
            .match_indices("twelve")
            .map(|(start, _)| Edit { start, end: start + 6, text: "12".into() })
            .collect();
        document.map_edits(&mut edits);
        let made = crate::restore::make(source.as_bytes(), &edits);
        assert_eq!(String::from_utf8_lossy(&made), "- Twelve. And\n  twelve more, 12.");
    }

    #[test]
    fn ranges_are_left_out() {
        let source = "One <!-- x -->\nthrée\nfour\n";
        let mut document = Document::read(source.as_bytes(), Input::Markdown);
        let start = source.find("thr").unwrap();
        let line = start..start + "thrée\n".len();
        document.leave_out(std::slice::from_ref(&line));
        assert!(!document.prose().contains("thr") && document.prose().contains("four"));
        let four = document.prose().find("four").unwrap();
        assert_eq!(document.source_offset(four), source.find("four").unwrap());
    }
}
