//! The case of a phrase, and giving it to another.

/// How a phrase is cased.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Casing {
    /// No capital: `attacks`.
    Lower,
    /// One capital, the first letter: `Attacks`, `In front of`.
    Sentence,
    /// Every word of two or more begins with a capital: `Wall Avenue`.
    Title,
    /// Capitals only, two or more: `ATTACKS`.
    Upper,
    /// Anything else: `iPhone`, `the White Home`.
    Mixed,
}

/// The case of a phrase.
///
/// ```
/// use unspin::text::{Casing, casing_of};
/// assert_eq!(casing_of("Wall Avenue"), Casing::Title);
/// ```
#[must_use]
pub fn casing_of(phrase: &str) -> Casing {
    let letters = || phrase.chars().filter(|c| c.is_alphabetic());
    let capitals = letters().filter(|c| c.is_uppercase()).count();
    let first = letters().next().is_some_and(char::is_uppercase);
    if capitals == 0 {
        return Casing::Lower;
    }
    if capitals >= 2 && letters().all(|c| !c.is_lowercase()) {
        return Casing::Upper;
    }
    if capitals == 1 && first {
        return Casing::Sentence;
    }
    let words = phrase.split(|c: char| c.is_whitespace() || c == '-').filter(|w| !w.is_empty());
    let title = words.clone().count() >= 2
        && words.clone().all(|w| {
            let mut rest = w.chars();
            rest.next().is_some_and(|c| !c.is_lowercase()) && rest.all(|c| !c.is_uppercase())
        });
    if title { Casing::Title } else { Casing::Mixed }
}

/// A phrase in the given case. What it has of capitals it keeps: names stay names.
///
/// ```
/// use unspin::text::{Casing, recase};
/// assert_eq!(recase("front", Casing::Sentence), "Front");
/// assert_eq!(recase("said", Casing::Upper), "SAID");
/// ```
#[must_use]
pub fn recase(phrase: &str, like: Casing) -> String {
    match like {
        Casing::Lower | Casing::Mixed => phrase.to_string(),
        Casing::Upper => phrase.to_uppercase(),
        Casing::Sentence => capitalised(phrase),
        Casing::Title => {
            let mut out = String::with_capacity(phrase.len());
            for part in phrase.split_inclusive([' ', '-']) {
                out.push_str(&capitalised(part));
            }
            out
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_told_apart() {
        for (phrase, casing) in [
            ("attacks", Casing::Lower),
            ("12 months", Casing::Lower),
            ("Attacks", Casing::Sentence),
            ("A", Casing::Sentence),
            ("In front of", Casing::Sentence),
            ("Wall Avenue", Casing::Title),
            ("STATED", Casing::Upper),
            ("U.S.", Casing::Upper),
            ("iPhone", Casing::Mixed),
            ("Name of Responsibility", Casing::Mixed),
            ("", Casing::Lower),
        ] {
            assert_eq!(casing_of(phrase), casing, "{phrase}");
        }
    }

    #[test]
    fn a_replacement_takes_the_case_over() {
        assert_eq!(recase("attacks", casing_of("Assaults")), "Attacks");
        assert_eq!(recase("said", casing_of("STATED")), "SAID");
        assert_eq!(recase("Wall Street", casing_of("wall avenue")), "Wall Street");
        assert_eq!(recase("artificial intelligence", casing_of("Synthetic Cleverness")), "Artificial Intelligence");
        assert_eq!(recase("élan", Casing::Sentence), "Élan");
        assert_eq!(recase("", Casing::Title), "");
    }
}
