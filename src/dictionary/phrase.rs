//! Phrases in normal form.

use crate::text::Tokens;

/// A phrase as the map knows it: its tokens' normal forms, hyphens as blanks, no head marks.
///
/// ```
/// use unspin::dictionary::normal_phrase;
/// assert_eq!(normal_phrase("On-Line"), "on line");
/// assert_eq!(normal_phrase("US officials"), "u.s. officials");
/// ```
#[must_use]
pub fn normal_phrase(phrase: &str) -> String {
    let mut tokens = Tokens::default();
    tokens.read(&phrase.replace('^', ""));
    (0..tokens.len()).map(|i| tokens.normal(i)).collect::<Vec<_>>().join(" ")
}
