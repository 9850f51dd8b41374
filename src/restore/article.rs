//! `a` or `an` before a word.

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

/// Puts the article at the end of `out` right when `new` takes another than `old` did. An
/// article that did not suit `old` stays: it is the trace of the original.
pub fn mend(out: &mut Vec<u8>, old: &str, new: &str) {
    let wanted = takes_an(new);
    if takes_an(old) == wanted {
        return;
    }
    let end = out.iter().rposition(|b| *b != b' ').map_or(0, |i| i + 1);
    if end == out.len() {
        return;
    }
    let start = out[..end].iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |i| i + 1);
    // A letter of another alphabet, or an apostrophe, makes it the end of a longer word.
    if start > 0 && (out[start - 1] >= 0x80 || matches!(out[start - 1], b'\'' | b'-' | b'.')) {
        return;
    }
    let article: &[u8] = match (&out[start..end], wanted) {
        (b"a", true) => b"an",
        (b"A", true) => b"An",
        (b"an", false) => b"a",
        (b"An" | b"AN", false) => b"A",
        _ => return,
    };
    out.splice(start..end, article.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_decides() {
        for word in ["apple", "hour", "FBI", "8th", "uninsured", "umbrella", "honest", "18-year", "heir", "X-ray"] {
            assert!(takes_an(word), "{word}");
        }
        for word in ["unit", "European", "one", "university", "cat", "UN", "useful", "house", "10", "", "é"] {
            assert!(!takes_an(word), "{word}");
        }
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
    }
}
