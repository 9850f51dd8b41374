//! Agreement: an edit that puts in `has`, `is` or `was` right after a pronoun that wants the
//! other form.

use super::beside::before;
use super::edit::Edit;
use super::plan::Site;

const SINGULAR: [&str; 3] = ["he", "she", "it"];
const PLURAL: [&str; 3] = ["we", "they", "you"];

/// Words before a pronoun after which its verb has no ending, or which the pronoun may belong to.
const BARE_AFTER: [&str; 27] = [
    "did", "does", "do", "will", "would", "shall", "should", "can", "could", "may", "might", "must", "let", "make",
    "makes", "made", "if", "though", "that", "wish", "lest", "and", "or", "have", "has", "had", "than",
];

/// Gives the verb that an edit begins with the form that the pronoun before it wants.
pub(super) fn repair(site: &Site<'_>) -> Option<Edit> {
    let subject = site.before()?;
    let pronoun = subject.word.to_lowercase();
    if before(site.text, subject.start).is_some_and(|b| BARE_AFTER.contains(&b.word.to_lowercase().as_str())) {
        return None;
    }
    let verb = site.wording().split(' ').next()?;
    let right = if SINGULAR.contains(&pronoun.as_str()) {
        match verb {
            "have" => "has",
            "are" => "is",
            "were" => "was",
            "do" => "does",
            _ => return None,
        }
    } else if PLURAL.contains(&pronoun.as_str()) {
        match verb {
            "has" => "have",
            "is" => "are",
            "was" => "were",
            "does" => "do",
            _ => return None,
        }
    } else {
        return None;
    };
    Some(Edit { start: site.start, end: site.start + verb.len(), text: right.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::beside::repaired;

    #[test]
    fn the_verb_agrees_with_the_pronoun() {
        assert_eq!(repaired("Now they [enjoys|has] three boats.", repair), "Now they have three boats.");
        assert_eq!(repaired("She [own|have] three boats.", repair), "She has three boats.");
        assert_eq!(repaired("They [used to be|was not] there.", repair), "They were not there.");
    }

    #[test]
    fn other_subjects_and_bare_verbs_stay() {
        for sentence in [
            "Should she [own|have] a boat.",
            "The crews [enjoys|has] boats.",
            "If it [be|were] so.",
            "It [get|has] on.",
        ] {
            let plain = sentence.replace("[own|", "").replace("[enjoys|", "").replace("[be|", "").replace("[get|", "");
            assert_eq!(repaired(sentence, repair), plain.replace(']', ""));
        }
    }
}
