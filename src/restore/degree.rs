//! Degree: `more big` where *bigger* stood, and `more bigger`.

use super::beside::before;
use super::edit::Edit;
use super::plan::Site;

/// Adjectives that are compared by `-er` and hardly ever by `more`.
const SHORT: [&str; 46] = [
    "big", "small", "large", "high", "low", "long", "short", "old", "young", "new", "fast", "slow", "hard", "cheap",
    "strong", "weak", "rich", "poor", "tall", "wide", "deep", "cold", "hot", "warm", "dark", "bright", "late", "early",
    "near", "easy", "happy", "heavy", "busy", "safe", "great", "thick", "thin", "quick", "loud", "light", "soft",
    "sharp", "brave", "wise", "healthy", "wealthy",
];

/// Words after which `more` belongs to the adjective, not to a noun that follows: `a more big
/// house`, but `more big houses`.
const BEFORE_DEGREE: [&str; 18] = [
    "a", "an", "the", "is", "are", "was", "were", "be", "been", "being", "much", "far", "even", "become", "became",
    "becoming", "get", "no",
];

/// The comparative of a word of [`SHORT`].
fn comparative(adjective: &str) -> String {
    let bytes = adjective.as_bytes();
    let is_vowel = |b: u8| b"aeiou".contains(&b);
    match bytes {
        [.., b'e'] => format!("{adjective}r"),
        [stem @ .., b'y'] if stem.last().is_some_and(|b| !is_vowel(*b)) => {
            format!("{}ier", &adjective[..adjective.len() - 1])
        }
        [.., before, vowel, last] if !is_vowel(*before) && is_vowel(*vowel) && !is_vowel(*last) && *last != b'w' => {
            format!("{adjective}{}er", char::from(*last))
        }
        _ => format!("{adjective}er"),
    }
}

/// Joins `more` and an adjective beside an edit where the language does.
pub(super) fn repair(site: &Site<'_>) -> Option<Edit> {
    // The edit may have made the `more`, or the adjective.
    let (more, adjective) = if site.wording().eq_ignore_ascii_case("more") {
        let adjective = site.after()?;
        ((site.start, site.end), (adjective.start, adjective.end))
    } else {
        let more = site.before().filter(|b| b.word.eq_ignore_ascii_case("more"))?;
        ((more.start, more.end), (site.start, site.end))
    };
    let word = &site.text[adjective.0..adjective.1];
    let joined = if SHORT.iter().any(|short| comparative(short) == word) {
        word.to_string()
    } else if SHORT.contains(&word) && is_of_adjective(site.text, more.0, adjective.1) {
        comparative(word)
    } else {
        return None;
    };
    let capital = site.text[more.0..].starts_with('M');
    let joined = if capital { format!("{}{}", joined[..1].to_uppercase(), &joined[1..]) } else { joined };
    Some(Edit { start: more.0, end: adjective.1, text: joined })
}

/// Whether `more`, which begins at `start`, compares the adjective that ends at `end`.
fn is_of_adjective(text: &str, start: usize, end: usize) -> bool {
    let governed = before(text, start).is_some_and(|b| BEFORE_DEGREE.contains(&b.word));
    let tail = &text[end..];
    let ends = tail.is_empty() || tail.starts_with(['.', ',', ';', '!', '?']) || tail.starts_with(" than ");
    governed || ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::beside::repaired;

    #[test]
    fn comparatives_are_spelt_right() {
        for (adjective, expected) in [
            ("big", "bigger"),
            ("large", "larger"),
            ("easy", "easier"),
            ("low", "lower"),
            ("deep", "deeper"),
            ("hot", "hotter"),
            ("cold", "colder"),
            ("thin", "thinner"),
            ("healthy", "healthier"),
        ] {
            assert_eq!(comparative(adjective), expected);
        }
    }

    #[test]
    fn more_and_its_adjective_are_joined() {
        assert_eq!(repaired("It was a more [massive|big] ship.", repair), "It was a bigger ship.");
        assert_eq!(repaired("The hull is [extra|more] cheap than that.", repair), "The hull is cheaper than that.");
        assert_eq!(repaired("They want more [massive|bigger] ships.", repair), "They want bigger ships.");
        assert_eq!(repaired("More [massive|bigger] ships came.", repair), "Bigger ships came.");
    }

    #[test]
    fn more_of_a_noun_stays() {
        for sentence in ["They want more [massive|big] ships.", "It is more [costly|expensive] now."] {
            let plain = sentence.replace("[massive|", "").replace("[costly|", "").replace(']', "");
            assert_eq!(repaired(sentence, repair), plain);
        }
    }
}
