//! Words that an edit leaves standing twice: `go to` put in before another `to`.

use super::beside::Beside;
use super::edit::Edit;
use super::plan::Site;

/// Words that good sentences hold twice running.
const MAY_STAND_TWICE: [&str; 7] = ["had", "that", "very", "her", "is", "so", "do"];

/// Takes away the word beside the new wording that is the same as the word it ends, or begins,
/// with, where the old wording was not like that.
pub(super) fn repair(site: &Site<'_>) -> Option<Edit> {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let mut words = site.wording().split(' ');
    let first = words.next()?;
    let last = words.next_back().unwrap_or(first);
    let (old_first, old_last) = (site.was.split(' ').next()?, site.was.rsplit(' ').next()?);
    let stands_twice = |beside: &Beside<'_>, word: &str, old: &str| {
        let letters = word.chars().all(char::is_alphabetic);
        letters && same(beside.word, word) && !same(beside.word, old) && !MAY_STAND_TWICE.iter().any(|w| same(w, word))
    };
    if let Some(next) = site.after().filter(|next| stands_twice(next, last, old_last)) {
        return Some(Edit { start: site.end, end: next.end, text: String::new() });
    }
    // At the beginning of a sentence the word before has the capital: it stays, and the other goes.
    let before = site.before().filter(|before| stands_twice(before, first, old_first))?;
    Some(Edit { start: before.end, end: site.start + first.len(), text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::beside::repaired;

    #[test]
    fn a_word_stands_once() {
        assert_eq!(repaired("They [attend|go to] to school.", repair), "They go to school.");
        assert_eq!(
            repaired("Sometimes in [amid|in the middle of] winter.", repair),
            "Sometimes in the middle of winter."
        );
        assert_eq!(repaired("In [amid|in the middle of] winter.", repair), "In the middle of winter.");
    }

    #[test]
    fn what_stood_twice_before_or_may_stays() {
        for sentence in [
            "They [went to|go to] to school.",
            "He said [it|that] that mattered.",
            "They [attend|go to], to be sure, school.",
            "They [attend|go to] two schools.",
        ] {
            let plain = sentence.replace("[went to|", "").replace("[it|", "").replace("[attend|", "").replace(']', "");
            assert_eq!(repaired(sentence, repair), plain);
        }
    }
}
