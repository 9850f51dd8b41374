//! Spelling variants: an entry for `colour-blind` also stands for `color blind` and
//! `colourblind`, one for `email` for `e-mail`, one for `two weeks` for `2 weeks`.

use crate::text::{american, british, word_hash};

use super::phrase::normal_phrase;

/// Prefixes that are written together with what follows, with a hyphen or apart, and are no
/// words of their own: `on line` may be what it says, `e mail` is always one word.
const PREFIXES: [&str; 9] = ["e", "co", "non", "pre", "anti", "multi", "inter", "semi", "pro"];

/// The shortest word that a prefix may be parted from.
const LEAST_REST: usize = 4;

const NUMBERS: [(&str, &str); 12] = [
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
];

/// The other forms, normal ones, in which a phrase of a pack may be met.
pub(super) fn variants(phrase: &str) -> Vec<String> {
    let normal = normal_phrase(phrase);
    let mut found = Vec::new();
    let mut add = |variant: String| {
        if variant != normal && !found.contains(&variant) {
            found.push(variant);
        }
    };
    let each = |form: &dyn Fn(&str) -> Option<String>| {
        normal.split(' ').map(|word| form(word).unwrap_or_else(|| word.to_string())).collect::<Vec<_>>().join(" ")
    };
    add(each(&|word| american(word_hash(word)).map(str::to_string)));
    add(each(&|word| british(word).map(str::to_string)));
    add(each(&|word| parted(word)));
    if normal.contains(' ') {
        add(each(&|word| NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, digits)| (*digits).to_string())));
        add(each(&|word| NUMBERS.iter().find(|(_, digits)| *digits == word).map(|(name, _)| (*name).to_string())));
    }
    if phrase.split(' ').any(hyphenated) {
        let joined: Vec<_> =
            phrase.split(' ').map(|w| if hyphenated(w) { w.replace('-', "") } else { w.to_string() }).collect();
        add(normal_phrase(&joined.join(" ")));
    }
    found
}

/// Whether a word is two or more words of letters with hyphens between them.
fn hyphenated(word: &str) -> bool {
    word.contains('-') && word.split('-').all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic))
}

fn parted(word: &str) -> Option<String> {
    // Only words of the kind that are met with a hyphen: `e` begins too many others.
    let rest = |prefix: &&str| {
        word.strip_prefix(*prefix).filter(|rest| {
            rest.len() >= LEAST_REST
                && (prefix.len() > 1 || ["mail", "commerce", "book"].iter().any(|w| rest.starts_with(w)))
        })
    };
    let (prefix, rest) = PREFIXES.iter().find_map(|prefix| Some((prefix, rest(prefix)?)))?;
    // `prepare` is no `pre-pare`.
    (prefix.len() == 1 || COMPOUNDS.iter().any(|w| rest.starts_with(w))).then(|| format!("{prefix} {rest}"))
}

/// What the longer prefixes are met before.
const COMPOUNDS: [&str; 22] = [
    "operat", "ordinat", "worker", "author", "found", "profit", "stop", "fiction", "exist", "heat", "order", "school",
    "social", "virus", "oxid", "media", "task", "nation", "purpose", "cultur", "final", "active",
];

#[cfg(test)]
mod tests {
    use super::variants;

    #[test]
    fn phrases_are_met_in_several_forms() {
        assert_eq!(variants("colour-blind"), ["color blind", "colourblind"]);
        assert_eq!(variants("organize"), ["organise"]);
        assert_eq!(variants("emails"), ["e mails"]);
        assert_eq!(variants("cooperating"), ["co operating"]);
        assert_eq!(variants("two sides"), ["2 sides"]);
        assert_eq!(variants("two"), [""; 0]);
        assert_eq!(variants("on-line"), ["online"]);
        assert_eq!(variants("on line"), [""; 0]);
        assert_eq!(variants("prepared"), [""; 0]);
        assert_eq!(variants("election"), [""; 0]);
    }
}
