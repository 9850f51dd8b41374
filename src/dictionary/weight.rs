//! The weight of a pair: how its genuine use turns a language model's gain into odds.
//!
//! Let `f(o)` and `f(x)` be how often genuine writers use original and spun phrase, and let
//! the gain `g` be normally distributed with mean `m1` where the original was written, mean
//! `m0` where the spun phrase was, and variance `s2`. The odds that an `x` met in a spun text
//! stands for an `o` are
//!
//! ```text
//! rate * channel * f(o)/f(x) * p(g | o was written) / p(g | x was written)
//! ```
//!
//! and the last ratio's logarithm is `slope * (g - (m0 + m1) / 2)` with `slope = (m1 - m0) / s2`
//! (linear discriminant analysis, Fisher 1936). So everything but rate and channel is a
//! constant and a slope for each pair. Where few uses were seen, means and spreads shrink to
//! what the frequencies of the phrases lead one to expect, and the whole shrinks to nothing in
//! particular: fitted on genuine text against the same text spun with the dictionary itself.

use std::collections::HashMap;

use crate::language_model::{LanguageModel, phrase_words};

use super::genuine::GenuineUse;
use super::phrase::normal_phrase;

/// The slope that is expected of a pair: joint decoding weighs the language model with it.
pub const GAIN_SLOPE: f32 = 0.6;

/// How a language model's gain speaks for an original: `constant + slope * gain` is the
/// natural logarithm of the odds, rate and channel left aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// The odds at no gain.
    pub constant: f32,
    /// What each unit of gain adds.
    pub slope: f32,
}

impl Weight {
    /// The logarithm of the odds at a gain. Gains far outside the ordinary say no more.
    #[must_use]
    pub fn merit(&self, gain: f32) -> f32 {
        self.constant + (self.slope * gain).min(MOST_GAIN)
    }

    /// A gain below which the merit stays below `merit`.
    #[must_use]
    pub fn least_gain(&self, merit: f32) -> f32 {
        if self.slope > 0.0 { (merit - self.constant) / self.slope } else { f32::NEG_INFINITY }
    }
}

/// The most that context can speak for a swap, in natural logarithms.
const MOST_GAIN: f32 = 14.0;

/// Means, as a line over the logarithm of the ratio of the phrases' probabilities without
/// context, and spread that are expected where nothing was seen: writers pick the phrase that
/// fits, so the mean is lower where they wrote the spun phrase and higher where they wrote
/// the original. Fitted over all pairs with more than 20 uses.
const EXPECTED_SPUN: (f32, f32) = (1.1, -2.9);
const EXPECTED_ORIGINAL: (f32, f32) = (1.1, 2.9);
const EXPECTED_SPREAD: f32 = 3.0;

/// How many uses these expectations are worth, and beyond how many more say nothing new.
const PRIOR_USES: f32 = 6.0;
const MOST_USES: u32 = 200;

/// Slopes outside this range are artefacts of a few odd uses.
const SLOPES: std::ops::RangeInclusive<f32> = 0.1..=1.2;

/// After how many uses the figures of a spun phrase, and of an original, can be relied on.
const RELIABLE_SPUN: f32 = 15.0;
const RELIABLE_ORIGINAL: f32 = 40.0;

/// What is left of the figures where there are none, and the offsets without and with them.
const UNRELIABLE_SPUN: f32 = 0.4;
const UNRELIABLE_ORIGINAL: f32 = 0.6;
const OFFSETS: (f32, f32) = (1.0, -0.6);

/// How many occurrences the language model's opinion of a phrase's frequency is worth.
const FREQUENCY_PRIOR: f64 = 0.5;

/// What is known of a pair, as logarithms of odds with rate and channel left aside.
pub(super) struct Weighed {
    pub weight: Weight,
    /// The merit that is expected where the original was written.
    pub prospect: f32,
    /// The merit without context: what the frequencies of the phrases say.
    pub apart: f32,
}

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

    pub fn weigh(&mut self, spun: &str, original: &str) -> Weighed {
        let original = normal_phrase(original);
        let figures = self.genuine.get(spun, &original).unwrap_or_default();
        let (spun_log, original_log) = (self.log(spun), self.log(&original));
        let words = self.genuine.words;
        let (spun, original) = (figures.spun, figures.original);
        let frequency = log_frequency(original.count, original_log, words) - log_frequency(spun.count, spun_log, words);
        let ratio = original_log - spun_log;
        let m0 = shrink(spun.count, spun.mean, EXPECTED_SPUN.0 * ratio + EXPECTED_SPUN.1);
        let m1 = shrink(original.count, original.mean, EXPECTED_ORIGINAL.0 * ratio + EXPECTED_ORIGINAL.1).max(m0);
        let s0 = shrink(spun.count, spun.spread, EXPECTED_SPREAD);
        let s1 = shrink(original.count, original.spread, EXPECTED_SPREAD);
        let variance = f32::midpoint(s0 * s0, s1 * s1).max(0.5);
        let slope = ((m1 - m0) / variance).clamp(*SLOPES.start(), *SLOPES.end());
        let reliable = reliability(spun.count, RELIABLE_SPUN);
        let rely = (UNRELIABLE_SPUN + (1.0 - UNRELIABLE_SPUN) * reliable)
            * (UNRELIABLE_ORIGINAL + (1.0 - UNRELIABLE_ORIGINAL) * reliability(original.count, RELIABLE_ORIGINAL));
        let offset = OFFSETS.0 + (OFFSETS.1 - OFFSETS.0) * reliable;
        let constant = offset + rely * (frequency - slope * f32::midpoint(m0, m1));
        let weight = Weight { constant: constant.clamp(-100.0, 100.0), slope: rely * slope };
        Weighed { weight, prospect: weight.merit(m1), apart: weight.merit(ratio) }
    }

    fn log(&mut self, phrase: &str) -> f32 {
        if let Some(log) = self.logs.get(phrase) {
            return *log;
        }
        let log = self.model.phrase(&phrase_words(phrase, self.model));
        self.logs.insert(phrase.to_string(), log);
        log
    }
}

fn shrink(count: u32, found: f32, expected: f32) -> f32 {
    let uses = count.min(MOST_USES) as f32;
    (uses * found + PRIOR_USES * expected) / (uses + PRIOR_USES)
}

fn reliability(count: u32, scale: f32) -> f32 {
    1.0 - (-(count as f32) / scale).exp()
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
        assert_eq!(shrink(0, 4.0, -2.0), -2.0);
        assert_eq!(shrink(6, 4.0, -2.0), 1.0);
        assert!(shrink(5000, 4.0, -2.0) > 3.5);
    }
}
