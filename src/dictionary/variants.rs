//! Spelling variants: an entry for `colour-blind` also stands for `color blind` and
//! `colourblind`, one for `email` for `e-mail`, one for `two weeks` for `2 weeks`.

use crate::text::{american, british, word_hash};

use super::phrase::normal_phrase;

/// Beginnings of words that are written together, with a hyphen or apart, parted where that is.
/// Neither part alone would do: `inter` begins *international* too, and `on line` may be what it says.
const PARTED: [(&str, &str); 20] = [
    ("anti", "oxid"),
    ("anti", "social"),
    ("anti", "virus"),
    ("co", "author"),
    ("co", "exist"),
    ("co", "found"),
    ("co", "operat"),
    ("co", "ordinat"),
    ("co", "worker"),
    ("e", "book"),
    ("e", "commerce"),
    ("e", "mail"),
    ("multi", "cultur"),
    ("multi", "media"),
    ("multi", "nation"),
    ("multi", "purpose"),
    ("multi", "task"),
    ("non", "fiction"),
    ("non", "profit"),
    ("non", "stop"),
];

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
    add(each(&parted));
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

/// A word in two, where it begins like one that is also written so.
fn parted(word: &str) -> Option<String> {
    PARTED.iter().find_map(|(prefix, stem)| {
        let rest = word.strip_prefix(prefix)?;
        rest.starts_with(stem).then(|| format!("{prefix} {rest}"))
    })
}

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
        assert_eq!(variants("international"), [""; 0]);
    }
}
