//! Where the words that are asked about stand in a document.

use std::ops::Range;

use unspin::text::{Joint, Tokens};

/// Words of a document, in bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The words.
    pub words: Range<usize>,
    /// The sentences that they stand in.
    pub sentence: Range<usize>,
}

impl Place {
    /// Where the words stand first, whatever their case and the blanks between them; none where
    /// they do not.
    pub fn find(text: &str, words: &str) -> Option<Place> {
        let (mut there, mut asked) = (Tokens::default(), Tokens::default());
        there.read(text);
        asked.read(words);
        if asked.is_empty() {
            return None;
        }
        let is_at = |at: usize| (0..asked.len()).all(|i| there.normal(at + i) == asked.normal(i));
        let first = (0..(there.len() + 1).checked_sub(asked.len())?).find(|&at| is_at(at))?;
        let end = first + asked.len();
        let tokens = there.as_slice();
        let begins = |i: usize| tokens[i].sentence_start || matches!(tokens[i].joint, Joint::Start | Joint::Break);
        let from = (0..=first).rev().find(|&i| begins(i)).unwrap_or(0);
        let to = (end..tokens.len()).find(|&i| begins(i)).unwrap_or(tokens.len());
        let span = |from: usize, to: usize| tokens[from].start as usize..tokens[to - 1].end as usize;
        let words = span(first, end);
        Some(Place { sentence: span(from, to), words })
    }

    /// Whether a span of the text has anything in common with the words.
    pub fn touches(&self, span: &Range<usize>) -> bool {
        span.start < self.words.end && self.words.start < span.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_their_sentence_over_lines_and_whatever_their_case() {
        let text = "Heading\n\nThe boat left. A second\nspherical of talks was held! Nobody came.\n";
        let place = Place::find(text, "Second  Spherical").unwrap();
        assert_eq!(&text[place.words.clone()], "second\nspherical");
        assert_eq!(&text[place.sentence.clone()], "A second\nspherical of talks was held!");
        let spherical = text.find("spherical").unwrap();
        assert!(place.touches(&(spherical..spherical + 4)) && !place.touches(&(place.words.end..text.len())));
        let whole = Place::find(text, "the boat left. a second spherical").unwrap();
        assert!(text[whole.sentence].starts_with("The boat"));
        assert_eq!(&text[Place::find(text, "nobody").unwrap().sentence], "Nobody came.");
    }

    #[test]
    fn what_does_not_stand_there_is_nowhere() {
        for (text, words) in [("", "a"), ("a", ""), ("a b", "b a"), ("a", "a b c"), ("said", "sai"), ("x", " \n")] {
            assert_eq!(Place::find(text, words), None, "{text:?} {words:?}");
        }
    }
}
