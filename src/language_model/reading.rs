//! A text as the language model reads it: word numbers by token.

use crate::text::{Capitals, TokenKind, Tokens, american, word_hash};

use super::numbers::spell;
use super::store::{LanguageModel, State, WordId};

/// Unknown words in capitals up to this length are read letter by letter.
const LETTERS: usize = 4;

/// The words of every token of a text. Reused from document to document.
#[derive(Debug, Default)]
pub struct Reading {
    words: Vec<WordId>,
    /// Token `i` reads as `words[ends[i - 1]..ends[i]]`.
    ends: Vec<u32>,
    sentence_starts: Vec<bool>,
}

impl Reading {
    /// Reads a text anew. Numbers are spelt out, and so are abbreviations that the model has
    /// only as letters (`u. s.`); punctuation reads as nothing.
    pub fn read(&mut self, tokens: &Tokens, model: &LanguageModel) {
        self.words.clear();
        self.ends.clear();
        self.sentence_starts.clear();
        let knows = |word| model.knows(word);
        for (i, token) in tokens.iter().enumerate() {
            read_token(tokens, i, &knows, &mut |word, _| self.words.push(word));
            self.ends.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
            self.sentence_starts.push(token.sentence_start);
        }
    }

    /// How many tokens were read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the text holds no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The words of a token: none for punctuation, several for most numbers.
    #[must_use]
    pub fn words(&self, token: usize) -> &[WordId] {
        self.words_of(token..token + 1)
    }

    /// The words of a range of tokens.
    #[must_use]
    pub fn words_of(&self, tokens: std::ops::Range<usize>) -> &[WordId] {
        let start = tokens.start.checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = tokens.end.checked_sub(1).map_or(0, |last| self.ends[last]);
        &self.words[start as usize..end as usize]
    }

    /// Whether a sentence begins with this token.
    #[must_use]
    pub fn sentence_start(&self, token: usize) -> bool {
        self.sentence_starts[token]
    }

    /// The state of the model before a token: the two words before it within its sentence.
    #[must_use]
    pub fn state_before(&self, model: &LanguageModel, token: usize) -> State {
        let mut first = token;
        let mut words = 0;
        while first > 0 && words < 2 && !(first < self.len() && self.sentence_start(first)) {
            first -= 1;
            words += self.words(first).len();
        }
        model.state_after(self.words_of(first..token))
    }

    /// Natural logarithm of the probability of `words` after `state`, and of what follows
    /// them from token `end` on as far as the words still matter: two words, or the end of
    /// the sentence. It is not added up further than to below `least`.
    pub fn path(
        &self,
        model: &LanguageModel,
        mut state: State,
        words: impl IntoIterator<Item = WordId>,
        end: usize,
        least: f32,
    ) -> f32 {
        let mut sum = 0.0;
        let mut add = |word| {
            let (log, next) = model.step(&state, word);
            sum += log;
            state = next;
            sum >= least
        };
        if !words.into_iter().all(&mut add) {
            return sum;
        }
        let mut left = 2;
        let mut token = end;
        while left > 0 {
            if token >= self.len() || self.sentence_start(token) {
                add(model.end());
                break;
            }
            for &word in self.words(token).iter().take(left) {
                if !add(word) {
                    return sum;
                }
                left -= 1;
            }
            token += 1;
        }
        sum
    }
}

/// The words of a token for a model that `knows` some, each with its text.
fn read_token(tokens: &Tokens, i: usize, knows: &impl Fn(WordId) -> bool, each: &mut impl FnMut(WordId, &str)) {
    let token = &tokens.as_slice()[i];
    let normal = tokens.normal(i);
    match token.kind {
        TokenKind::Word if normal.contains('.') => abbreviation(normal, each),
        TokenKind::Word if token.capitals == Capitals::All && normal.len() <= LETTERS && !knows(token.hash) => {
            letters(normal, each);
        }
        // In American spelling where the model has it in no other.
        TokenKind::Word => match american(token.hash) {
            Some(spelling) if !knows(token.hash) => each(word_hash(spelling), spelling),
            _ => each(token.hash, normal),
        },
        TokenKind::Number => spell(normal, &mut |w| each(word_hash(w), w)),
        TokenKind::Punctuation | TokenKind::Other => {}
    }
}

/// `u.s.` is two letters to the model, `mr.` a word.
fn abbreviation(normal: &str, each: &mut impl FnMut(WordId, &str)) {
    if normal.split('.').all(|part| part.chars().count() <= 1) {
        letters(normal, each);
    } else {
        let word = normal.trim_end_matches('.');
        each(word_hash(word), word);
    }
}

fn letters(normal: &str, each: &mut impl FnMut(WordId, &str)) {
    let mut letter = [0u8; 5];
    for c in normal.chars().filter(|c| c.is_alphanumeric()) {
        let length = c.encode_utf8(&mut letter).len();
        letter[length] = b'.';
        if let Ok(letter) = std::str::from_utf8(&letter[..=length]) {
            each(word_hash(letter), letter);
        }
    }
}

/// The words of a text for a model that `knows` some, with their texts; `None` ends every sentence
/// that has words.
pub(super) fn for_each_word(
    tokens: &Tokens,
    knows: impl Fn(WordId) -> bool,
    mut each: impl FnMut(Option<(WordId, &str)>),
) {
    let mut open = false;
    for (i, token) in tokens.iter().enumerate() {
        if token.sentence_start && std::mem::take(&mut open) {
            each(None);
        }
        read_token(tokens, i, &knows, &mut |word, name| {
            open = true;
            each(Some((word, name)));
        });
    }
    if open {
        each(None);
    }
}

/// The words of a phrase as the language model knows them.
#[must_use]
pub fn phrase_words(phrase: &str, model: &LanguageModel) -> Vec<WordId> {
    let mut tokens = Tokens::default();
    tokens.read(phrase);
    let mut reading = Reading::default();
    reading.read(&tokens, model);
    reading.words
}
