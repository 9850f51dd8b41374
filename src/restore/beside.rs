//! The words on either side of an edit.

use super::plan::Site;

/// A word of the text, with where it lies in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Beside<'t> {
    pub start: usize,
    pub end: usize,
    pub word: &'t str,
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '-')
}

/// The word that ends before `offset`, with nothing but blanks between.
pub(super) fn before(text: &str, offset: usize) -> Option<Beside<'_>> {
    let head = text[..offset].trim_end_matches([' ', '\u{a0}']);
    if head.len() == offset {
        return None;
    }
    let start = head.trim_end_matches(is_part).len();
    let word = &head[start..];
    (!word.is_empty()).then_some(Beside { start, end: head.len(), word })
}

/// The word that begins after `offset`, with nothing but blanks between.
pub(super) fn after(text: &str, offset: usize) -> Option<Beside<'_>> {
    let tail = text[offset..].trim_start_matches([' ', '\u{a0}']);
    let start = text.len() - tail.len();
    let word = &tail[..tail.find(|c| !is_part(c)).unwrap_or(tail.len())];
    (start > offset && !word.is_empty()).then_some(Beside { start, end: start + word.len(), word })
}

impl<'t> Site<'t> {
    /// The new wording.
    pub fn wording(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// The word before the new wording.
    pub fn before(&self) -> Option<Beside<'t>> {
        before(self.text, self.start)
    }

    /// The word after it.
    pub fn after(&self) -> Option<Beside<'t>> {
        after(self.text, self.end)
    }
}

/// What a repair makes of a sentence in which `[old|new]` marks the edit.
#[cfg(test)]
pub(super) fn repaired(marked: &str, repair: impl Fn(&Site<'_>) -> Option<super::edit::Edit>) -> String {
    let (head, rest) = marked.split_once('[').unwrap();
    let (was, rest) = rest.split_once('|').unwrap();
    let (new, tail) = rest.split_once(']').unwrap();
    let text = format!("{head}{new}{tail}");
    let site = Site { text: &text, start: head.len(), end: head.len() + new.len(), was };
    let edits: Vec<_> = repair(&site).into_iter().collect();
    super::edit::make_in(&text, &edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blanks_lie_between() {
        assert_eq!(before("one two, three", 4).unwrap().word, "one");
        assert_eq!(before("the crew’s boat", 13).unwrap(), Beside { start: 4, end: 12, word: "crew’s" });
        assert_eq!(after("one two, three", 3).unwrap(), Beside { start: 4, end: 7, word: "two" });
        for (offset, text) in [(7, "one two, three"), (0, ""), (3, "one\ntwo"), (1, "one")] {
            assert_eq!(after(text, offset), None, "{text}");
        }
        assert_eq!(before("one, two", 5), None);
    }
}
