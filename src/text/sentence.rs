//! Where sentences begin.

/// Abbreviations that a full stop belongs to. A name or a number follows the first ones, so
/// no sentence ends with them.
const TITLES: [&str; 31] = [
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "col", "lt", "sgt", "capt", "maj", "rev", "hon", "st",
    "mt", "ft", "no", "nos", "vol", "fig", "figs", "eq", "sec", "pp", "ed", "cf", "vs", "pres",
];
const OTHERS: [&str; 21] = [
    "jr", "sr", "inc", "co", "corp", "ltd", "etc", "al", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "approx",
];

/// Words that begin a sentence when they stand capitalised after an abbreviation.
const OPENERS: [&str; 48] = [
    "the", "a", "an", "he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "there", "in",
    "on", "at", "but", "and", "however", "his", "her", "its", "their", "our", "if", "when", "while", "after", "before",
    "as", "for", "by", "to", "from", "with", "although", "since", "what", "who", "how", "why", "some", "many", "also",
    "so", "not",
];

/// What an abbreviation says about the sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Abbreviation {
    /// The sentence goes on.
    Title,
    /// The sentence may end with it.
    Any,
}

/// Whether a word in lower case, met before a full stop, is an abbreviation.
pub fn abbreviation(word: &str) -> Option<Abbreviation> {
    if word.len() > 6 {
        return None;
    }
    if TITLES.contains(&word) { Some(Abbreviation::Title) } else { OTHERS.contains(&word).then_some(Abbreviation::Any) }
}

/// Whether a word in lower case often begins a sentence.
pub fn is_opener(word: &str) -> bool {
    OPENERS.contains(&word)
}

/// A line shorter than this that has no final punctuation is a heading or an item of a list.
const HEADING: usize = 60;

/// What is known of the sentence at a place between two tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// A full stop, question or exclamation mark ended the last token, but for what closes.
    pub ended: bool,
    /// The last token is an abbreviation that may end a sentence.
    pub abbreviated: bool,
    /// Line breaks since the last token.
    pub newlines: u32,
    /// The length of the line that the last token stands in, in bytes.
    pub line: usize,
    /// The last token is a comma, a colon, a dash or another mark within a sentence.
    pub paused: bool,
}

impl Place {
    /// Whether a sentence begins with a token that begins with `first` and whose normal form
    /// is `normal`.
    pub fn begins(&self, first: char, normal: &str) -> bool {
        if self.newlines >= 2 {
            return true;
        }
        let lower = first.is_lowercase();
        if self.ended {
            return !lower || self.newlines > 0;
        }
        if self.abbreviated && first.is_uppercase() && is_opener(normal) {
            return true;
        }
        self.newlines == 1 && !self.paused && !lower && self.line < HEADING
    }
}
