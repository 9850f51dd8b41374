//! The constant of a pair: what its genuine use adds to or takes from every candidate.
//!
//! Let `f(o)` and `f(x)` be how often genuine writers use original and spun phrase, and let
//! the gain `g` be spread around `m1` where the original was written and around `m0` where
//! the spun phrase was. The odds that an `x` met in a spun text stands for an `o` are
//!
//! ```text
//! rate * channel * f(o)/f(x) * p(g | o was written) / p(g | x was written)
//! ```
//!
//! With the likelihood ratio taken as log-linear in `g` with slope [`GAIN_SLOPE`] and even at
//! the middle between `m0` and `m1`, everything but `rate`, `channel` and `slope * g` is one
//! constant a pair. Where few uses were seen, `m0` and `m1` shrink to what the frequencies
//! of the words alone lead one to expect.

use std::collections::HashMap;

use crate::language_model::{LanguageModel, phrase_words};

use super::genuine::{Gain, GenuineUse};
use super::store::normal_phrase;

/// How much a natural logarithm of language-model gain counts as evidence.
///
/// Below 1, because the model's ratios are noisy: fitted on genuine text spun with known swaps.
pub const GAIN_SLOPE: f32 = 0.75;

/// How many uses the expectation for a pair without figures is worth.
const PRIOR_USES: f32 = 6.0;

/// Mean gain expected from the ratio of the phrases' probabilities without context: writers
/// pick the phrase that fits, so it is lower where the spun phrase was written, higher where
/// the original was. Fitted over all pairs with more than 20 uses.
const BELOW: (f32, f32) = (0.6, -1.6);
const ABOVE: (f32, f32) = (0.6, 1.6);

/// How much of the spread where `x` is genuine is kept clear of.
const SPREAD_MARGIN: f32 = 0.35;
const EXPECTED_SPREAD: f32 = 2.2;

/// How many occurrences the language model's opinion of a phrase's frequency is worth.
const FREQUENCY_PRIOR: f64 = 0.5;

/// Weighs pairs; remembers the phrases it has met.
pub(super) struct Weigher<'a> {
    genuine: &'a GenuineUse,
    model: &'a LanguageModel,
    logs: HashMap<String, f32>,
}

impl<'a> Weigher<'a> {
    pub fn new(genuine: &'a GenuineUse, model: &'a LanguageModel) -> Self {
        Weigher { genuine, model, logs: HashMap::new() }
    }

    /// The constant of a pair, in natural logarithms.
    pub fn constant(&mut self, spun: &str, original: &str) -> f32 {
        let original = normal_phrase(original);
        let figures = self.genuine.get(spun, &original).unwrap_or_default();
        let (spun_log, original_log) = (self.log(spun), self.log(&original));
        let words = self.genuine.words;
        let frequency =
            log_frequency(figures.original.count, original_log, words) - log_frequency(figures.spun.count, spun_log, words);
        let ratio = original_log - spun_log;
        let m0 = shrink(figures.spun, BELOW.0 * ratio + BELOW.1);
        let m1 = shrink(figures.original, ABOVE.0 * ratio + ABOVE.1).max(m0);
        let uses = figures.spun.count.min(200) as f32;
        let spread = (uses * figures.spun.spread + PRIOR_USES * EXPECTED_SPREAD) / (uses + PRIOR_USES);
        let even = f32::midpoint(m0, m1) + SPREAD_MARGIN * (spread - EXPECTED_SPREAD);
        (frequency - GAIN_SLOPE * even).clamp(-100.0, 100.0)
    }

    fn log(&mut self, phrase: &str) -> f32 {
        if let Some(log) = self.logs.get(phrase) {
            return *log;
        }
        let log = self.model.phrase(&phrase_words(phrase));
        self.logs.insert(phrase.to_string(), log);
        log
    }
}

fn shrink(gain: Gain, expected: f32) -> f32 {
    let uses = gain.count.min(200) as f32;
    (uses * gain.mean + PRIOR_USES * expected) / (uses + PRIOR_USES)
}

/// How often a phrase is met, as a log probability: the mean of a gamma distribution whose
/// prior mean is the language model's opinion.
fn log_frequency(count: u32, model_log: f32, words: u64) -> f32 {
    let prior = f64::from(model_log).exp().max(1e-15);
    let frequency = (f64::from(count) + FREQUENCY_PRIOR) / (words as f64 + FREQUENCY_PRIOR / prior);
    #[allow(clippy::cast_possible_truncation)]
    let log = frequency.ln() as f32;
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_lie_between_counts_and_the_models_opinion() {
        let model = (1e-6f32).ln();
        assert!((log_frequency(0, model, 0) - model).abs() < 1e-4);
        assert!((log_frequency(1000, model, 1_000_000) - (1e-3f32).ln()).abs() < 0.5);
        assert!(log_frequency(0, model, 10_000_000) < model - 2.0);
    }

    #[test]
    fn figures_move_the_expectation_as_far_as_they_are_many() {
        let gain = |count| Gain { count, mean: 4.0, spread: 1.0 };
        assert_eq!(shrink(gain(0), -2.0), -2.0);
        assert!(shrink(gain(6), -2.0) == 1.0);
        assert!(shrink(gain(5000), -2.0) > 3.8);
    }
}
