//! Cutting long texts into sections.

/// Longer texts are worked on in sections of about this many bytes, so that memory stays bounded.
pub const SECTION: usize = 1 << 20;

/// Where the section that begins at `at` ends: after a line, else a sentence, else a word,
/// else wherever a character ends.
#[must_use]
pub fn section_end(text: &str, at: usize) -> usize {
    if text.len() - at <= SECTION {
        return text.len();
    }
    let mut limit = at + SECTION;
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let window = &text.as_bytes()[at + SECTION / 2..limit];
    let cut = memchr::memrchr(b'\n', window)
        .or_else(|| memchr::memmem::rfind(window, b". ").map(|i| i + 1))
        .or_else(|| memchr::memrchr(b' ', window));
    cut.map_or(limit, |i| at + SECTION / 2 + i + 1)
}
