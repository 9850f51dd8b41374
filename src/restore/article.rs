//! `a` or `an` before a word.

use std::ops::Range;

use super::edit::Edit;
use super::plan::Site;

/// How words begin whose sound is a consonant though their letter is a vowel.
const CONSONANT_SOUND: [&str; 12] =
    ["uni", "use", "usu", "uti", "eu", "one", "once", "ewe", "ubiq", "uran", "urin", "u-"];

/// Exceptions to that list.
const STILL_VOWEL: [&str; 8] = ["unin", "unim", "unid", "unill", "unint", "unir", "unis", "oner"];

/// How words begin whose sound is a vowel though their letter is a consonant.
const VOWEL_SOUND: [&str; 5] = ["hour", "honest", "honor", "honour", "heir"];

/// Whether a word begins with a vowel as it is spoken. The letters of abbreviations are
/// spoken one by one: `an FBI agent`.
#[must_use]
pub fn takes_an(word: &str) -> bool {
    let Some(first) = word.chars().next() else { return false };
    let letters: String = word.chars().take_while(|c| c.is_alphanumeric() || *c == '.').collect();
    if letters.len() > 1 && letters.chars().all(|c| c.is_ascii_uppercase() || c == '.') {
        return "AEFHILMNORSX".contains(first);
    }
    if first.is_ascii_digit() {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        return first == '8' || digits == "11" || digits == "18";
    }
    let lower = word.to_lowercase();
    let begins = |list: &[&str]| list.iter().any(|p| lower.starts_with(p));
    if lower.starts_with("x-") || begins(&VOWEL_SOUND) {
        return true;
    }
    if begins(&CONSONANT_SOUND) && !begins(&STILL_VOWEL) {
        return false;
    }
    matches!(lower.as_bytes()[0], b'a' | b'e' | b'i' | b'o' | b'u')
}

/// [`MARKUP`](crate::text::MARKUP) in UTF-8.
fn markup() -> &'static [u8] {
    const { "\u{fdd0}".as_bytes() }
}

/// Where the article at the end of `before` stands, and which is right, when `new` takes another
/// than `old` did. An article that did not suit `old` stays: it is the trace of the original.
pub fn wanted(before: &[u8], old: &str, new: &str) -> Option<(Range<usize>, &'static str)> {
    let wanted = takes_an(new);
    if takes_an(old) == wanted {
        return None;
    }
    let mut end = before.len();
    // An article belongs to its word though the one is set in another type.
    while let Some(shorter) = before[..end].strip_suffix(b" ").or_else(|| before[..end].strip_suffix(markup())) {
        end = shorter.len();
    }
    if !before[end..].contains(&b' ') {
        return None;
    }
    let start = before[..end].iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |i| i + 1);
    // A letter of another alphabet, or an apostrophe, makes it the end of a longer word.
    if start > 0 && (before[start - 1] >= 0x80 || matches!(before[start - 1], b'\'' | b'-' | b'.')) {
        return None;
    }
    let article = match (&before[start..end], wanted) {
        (b"a", true) => "an",
        (b"A", true) => "An",
        (b"an", false) => "a",
        (b"An" | b"AN", false) => "A",
        _ => return None,
    };
    Some((start..end, article))
}

/// Puts the article at the end of `out` right.
pub fn mend(out: &mut Vec<u8>, old: &str, new: &str) {
    if let Some((place, article)) = wanted(out, old, new) {
        out.splice(place, article.bytes());
    }
}

/// The article that an edit ends with, put right before the word that follows: `a` for *every*
/// in `every hour`.
pub(super) fn repair_within(site: &Site<'_>) -> Option<Edit> {
    let article = site.wording().rsplit(' ').next()?;
    let right = match (article, takes_an(site.after()?.word)) {
        ("a", true) => "an",
        ("A", true) => "An",
        ("an", false) => "a",
        ("An" | "AN", false) => "A",
        _ => return None,
    };
    Some(Edit { start: site.end - article.len(), end: site.end, text: right.into() })
}

/// The article before an edit, put right.
pub(super) fn repair(site: &Site<'_>) -> Option<Edit> {
    let (place, article) = wanted(&site.text.as_bytes()[..site.start], site.was, &site.text[site.start..site.end])?;
    Some(Edit { start: place.start, end: place.end, text: article.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::MARKUP;

    #[test]
    fn markup_is_one_character() {
        assert_eq!(markup(), MARKUP.to_string().as_bytes());
    }

    #[test]
    fn the_sound_decides() {
        for word in ["apple", "hour", "FBI", "8th", "uninsured", "umbrella", "honest", "18-year", "heir", "X-ray"] {
            assert!(takes_an(word), "{word}");
        }
        for word in ["unit", "European", "one", "university", "cat", "UN", "useful", "house", "10", "", "é"] {
            assert!(!takes_an(word), "{word}");
        }
    }

    #[test]
    fn an_article_that_is_put_in_suits_what_follows() {
        use crate::restore::beside::repaired;
        assert_eq!(repaired("It comes [every|a] hour.", repair_within), "It comes an hour.");
        assert_eq!(repaired("[Any|An] week will do.", repair_within), "A week will do.");
        assert_eq!(repaired("It is [every|a] week, [an hour", repair_within), "It is a week, [an hour");
        assert_eq!(repaired("Vitamin [Any|A] ", repair_within), "Vitamin A ");
        assert_eq!(repaired("It was a [method|approach] .", repair), "It was an approach .");
    }

    fn mended(before: &str, old: &str, new: &str) -> String {
        let mut out = before.as_bytes().to_vec();
        mend(&mut out, old, new);
        String::from_utf8(out).unwrap() + new
    }

    #[test]
    fn the_article_follows_the_edit() {
        assert_eq!(mended("It was a ", "method", "approach"), "It was an approach");
        assert_eq!(mended("An ", "illness", "disease"), "A disease");
        // The spinner left the original's article, which is right again.
        assert_eq!(mended("reach an ", "settlement", "agreement"), "reach an agreement");
        assert_eq!(mended("Ghana ", "method", "approach"), "Ghana approach");
        assert_eq!(mended("à a ", "method", "approach"), "à an approach");
        assert_eq!(mended("", "method", "approach"), "approach");
        assert_eq!(mended("a\n", "method", "approach"), "a\napproach");
        assert_eq!(mended(&format!("a {MARKUP}"), "method", "approach"), format!("an {MARKUP}approach"));
        assert_eq!(mended(&format!("a{MARKUP}"), "method", "approach"), format!("a{MARKUP}approach"));
    }
}
