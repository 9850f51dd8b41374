//! How well a model foretells a text.

use crate::text::Tokens;

use super::backoff::{BEGIN, BackoffModel, LOG_UNLISTED, UNKNOWN};
use super::reading::for_each_word;
use super::store::{LanguageModel, WordId};

/// What a model makes of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Perplexity {
    /// Words, and an end for every sentence.
    pub tokens: u64,
    /// How many of the words the model does not list.
    pub unknown: u64,
    /// Sum of the natural logarithms of the probabilities of those it lists, and of the ends.
    pub log_known: f64,
    /// The same of the others, as the model reckons with unlisted words.
    pub log_unknown: f64,
}

impl Perplexity {
    /// Perplexity with unlisted words.
    #[must_use]
    pub fn of_all(&self) -> f64 {
        (-(self.log_known + self.log_unknown) / self.tokens.max(1) as f64).exp()
    }

    /// Perplexity without them.
    #[must_use]
    pub fn of_known(&self) -> f64 {
        (-self.log_known / (self.tokens - self.unknown).max(1) as f64).exp()
    }

    /// Adds the figures of another text.
    pub fn add(&mut self, other: &Perplexity) {
        self.tokens += other.tokens;
        self.unknown += other.unknown;
        self.log_known += other.log_known;
        self.log_unknown += other.log_unknown;
    }

    fn count(&mut self, log: f32, known: bool) {
        self.tokens += 1;
        self.unknown += u64::from(!known);
        *(if known { &mut self.log_known } else { &mut self.log_unknown }) += f64::from(log);
    }
}

/// The sentences of a text as words, each with the mark of its end. `knows` says which words the
/// model lists: others are read in another spelling, or letter by letter, as scans do.
#[must_use]
pub fn sentences(text: &str, knows: impl Fn(WordId) -> bool) -> Vec<Vec<WordId>> {
    let mut tokens = Tokens::default();
    tokens.read(text);
    let mut sentences = Vec::new();
    let mut sentence = Vec::new();
    for_each_word(&tokens, knows, |word| match word {
        Some((id, _)) => sentence.push(id),
        None => {
            sentence.push(crate::text::word_hash(super::backoff::END));
            sentences.push(std::mem::take(&mut sentence));
        }
    });
    sentences
}

impl LanguageModel {
    /// How well the packed model foretells a text.
    #[must_use]
    pub fn perplexity(&self, text: &str) -> Perplexity {
        let mut sum = Perplexity::default();
        for sentence in sentences(text, |w| self.knows(w)) {
            let mut state = self.start();
            for word in sentence {
                let (log, next) = self.step(&state, word);
                sum.count(log, self.knows(word));
                state = next;
            }
        }
        sum
    }
}

impl BackoffModel {
    /// How well the model foretells a text.
    #[must_use]
    pub fn perplexity(&self, text: &str) -> Perplexity {
        let mut sum = Perplexity::default();
        let (begin, unknown) = (self.named(BEGIN), self.named(UNKNOWN));
        for sentence in sentences(text, |w| self.word(w).is_some()) {
            let mut context = vec![begin];
            for id in sentence {
                let listed = self.word(id);
                let word = listed.or(unknown);
                let log = self.log_probability(&context, word).max(LOG_UNLISTED);
                sum.count(log, listed.is_some());
                context.push(word);
            }
        }
        sum
    }
}
