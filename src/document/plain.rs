//! Plain text.

use std::borrow::Cow;

use crate::report::Report;
use crate::restore::Edit;

/// A document's text with the way back to its bytes.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The text. Bytes that are no UTF-8 are replaced by `U+FFFD`.
    pub text: Cow<'a, str>,
    /// Where text and source come apart: from this text offset on, add the difference of the
    /// source offset beside it. Sorted.
    shifts: Vec<(usize, usize)>,
}

/// How far into a file a NUL byte marks it as binary.
const BINARY_WINDOW: usize = 8192;

impl<'a> Document<'a> {
    /// Reads plain text. Invalid UTF-8 is read lossily.
    ///
    /// ```
    /// use unspin::document::Document;
    /// let document = Document::plain(b"caf\xe9 stated");
    /// let start = document.text.find("stated").unwrap();
    /// assert_eq!((start, document.source_offset(start)), (7, 5));
    /// ```
    #[must_use]
    pub fn plain(bytes: &'a [u8]) -> Document<'a> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Document { text: Cow::Borrowed(text), shifts: Vec::new() };
        }
        let mut text = String::with_capacity(bytes.len() + 16);
        let mut shifts = Vec::new();
        let mut source = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            source += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                source += chunk.invalid().len();
                shifts.push((text.len(), source));
            }
        }
        Document { text: Cow::Owned(text), shifts }
    }

    /// The offset into the source of an offset into the text.
    #[must_use]
    pub fn source_offset(&self, offset: usize) -> usize {
        match self.shifts.partition_point(|s| s.0 <= offset).checked_sub(1) {
            Some(last) => offset - self.shifts[last].0 + self.shifts[last].1,
            None => offset,
        }
    }

    /// The offset into the text of an offset into the source; the other way round than
    /// [`source_offset`](Self::source_offset).
    #[must_use]
    pub fn text_offset(&self, offset: usize) -> usize {
        match self.shifts.partition_point(|s| s.1 <= offset).checked_sub(1) {
            Some(last) => offset - self.shifts[last].1 + self.shifts[last].0,
            None => offset,
        }
    }

    /// Turns a report on the text into one on the source of `bytes` bytes.
    pub fn map_report(&self, report: &mut Report, bytes: usize) {
        report.bytes = bytes as u64;
        for finding in &mut report.findings {
            finding.start = self.source_offset(finding.start);
            finding.end = self.source_offset(finding.end);
        }
    }

    /// Turns edits of the text into ones of the source.
    pub fn map_edits(&self, edits: &mut [Edit]) {
        for edit in edits {
            (edit.start, edit.end) = (self.source_offset(edit.start), self.source_offset(edit.end));
        }
    }

    /// Whether the source was valid UTF-8.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.shifts.is_empty()
    }
}

/// Whether bytes are no text: a NUL byte stands among the first of them.
#[must_use]
pub fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(BINARY_WINDOW)]).is_some()
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
            assert_eq!(document.text_offset(document.source_offset(at)), at);
        }
        assert_eq!(document.source_offset(document.text.len()), bytes.len());
        let exact = Document::plain("é d".as_bytes());
        assert!(exact.is_exact() && exact.source_offset(3) == 3);
    }

    #[test]
    fn binary_files_are_told_by_a_nul_byte() {
        assert!(is_binary(b"\x7fELF\0\0") && !is_binary(b"text") && !is_binary(b""));
    }
}
