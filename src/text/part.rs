//! Cutting long texts into parts.

/// Longer texts are worked on in parts of about this many bytes, so that memory stays bounded.
pub const PART: usize = 1 << 20;

/// Where the part that begins at `at` ends: after a line, else a sentence, else a word,
/// else wherever a character ends.
#[must_use]
pub fn part_end(text: &str, at: usize) -> usize {
    if text.len() - at <= PART {
        return text.len();
    }
    let mut limit = at + PART;
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let window = &text.as_bytes()[at + PART / 2..limit];
    let cut = memchr::memrchr(b'\n', window)
        .or_else(|| memchr::memmem::rfind(window, b". ").map(|i| i + 1))
        .or_else(|| memchr::memrchr(b' ', window));
    cut.map_or(limit, |i| at + PART / 2 + i + 1)
}
