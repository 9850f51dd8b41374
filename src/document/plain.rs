//! From bytes to text.

use std::borrow::Cow;

use super::shifts::Shifts;

/// How far into a file a NUL byte marks it as binary.
const BINARY_WINDOW: usize = 8192;

/// The text of bytes, with the way back. Invalid UTF-8 is replaced.
pub fn decoded(bytes: &[u8]) -> (Cow<'_, str>, Shifts) {
    let mut shifts = Shifts::default();
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), shifts);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut source = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        source += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            source += chunk.invalid().len();
            shifts.push(text.len() - char::REPLACEMENT_CHARACTER.len_utf8()..text.len(), source);
        }
    }
    (Cow::Owned(text), shifts)
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
    fn binary_files_are_told_by_a_nul_byte() {
        assert!(is_binary(b"\x7fELF\0\0") && !is_binary(b"text") && !is_binary(b""));
    }
}
