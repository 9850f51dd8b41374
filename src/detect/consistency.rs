//! One spinner keeps to its choice: what a document shows of a swap elsewhere.

use std::collections::HashMap;

/// Only findings from this calibrated posterior on bear witness.
pub const WITNESS: f32 = 0.1;

/// What the others of the same swap add to the logarithm of the odds of one: `FOR * ln(1 + swaps
/// among them) - AGAINST * ln(1 + genuine uses among them)`, both in expectation. A logistic regression
/// on the news articles, and with the spinners, that the verdict's constants are fitted on
/// (`dictionaries/recipes/calibration.sh`) gives 2.22 and .88. The first is halved: a word that a writer
/// likes bears itself out too, and at its full weight precision falls on the development set.
const FOR: f32 = 1.1;
const AGAINST: f32 = 0.88;

/// What a document shows of its swaps, each a phrase with the wording put in for it.
#[derive(Debug, Default)]
pub struct Witnesses {
    /// Expected swaps, and expected genuine uses.
    ///
    /// Case tells uses apart: `However` at the beginning of a sentence is another one than `however`.
    seen: HashMap<(String, String), (f32, f32)>,
}

fn key(phrase: &str, wording: &str) -> (String, String) {
    (phrase.to_string(), wording.to_string())
}

impl Witnesses {
    /// Forgets the last document.
    pub fn clear(&mut self) {
        self.seen.clear();
    }

    /// Adds an occurrence that is a swap with the probability `p`.
    pub fn add(&mut self, phrase: &str, wording: &str, p: f32) {
        if p >= WITNESS {
            let seen = self.seen.entry(key(phrase, wording)).or_default();
            seen.0 += p;
            seen.1 += 1.0 - p;
        }
    }

    /// The probability that an occurrence is a swap, which is `p` by itself and has been added,
    /// given the others.
    #[must_use]
    pub fn weigh(&self, phrase: &str, wording: &str, p: f32) -> f32 {
        let (mut swaps, mut genuine) = self.seen.get(&key(phrase, wording)).copied().unwrap_or_default();
        if p >= WITNESS {
            (swaps, genuine) = ((swaps - p).max(0.0), (genuine - (1.0 - p)).max(0.0));
        }
        let p = p.clamp(1e-5, 1.0 - 1e-5);
        let logit = (p / (1.0 - p)).ln() + FOR * swaps.ln_1p() - AGAINST * genuine.ln_1p();
        1.0 / (1.0 + (-logit).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certain_case_helps_a_doubtful_one_of_the_same_swap() {
        let mut witnesses = Witnesses::default();
        witnesses.add("stated", "said", 0.45);
        let alone = witnesses.weigh("stated", "said", 0.45);
        witnesses.add("Stated", "Said", 0.98);
        assert!((witnesses.weigh("stated", "said", 0.45) - alone).abs() < 1e-6);
        witnesses.add("stated", "said", 0.98);
        let helped = witnesses.weigh("stated", "said", 0.45);
        assert!(helped > 0.6 && (alone - 0.45).abs() < 1e-4, "{alone} {helped}");
        assert!((witnesses.weigh("stated", "told", 0.45) - alone).abs() < 1e-6);
        // And doubtful ones make it more doubtful.
        let mut witnesses = Witnesses::default();
        (0..4).for_each(|_| witnesses.add("stated", "said", 0.15));
        assert!(witnesses.weigh("stated", "said", 0.15) < 0.15);
        witnesses.clear();
        witnesses.add("stated", "said", 0.05);
        assert!((witnesses.weigh("stated", "said", 0.45) - alone).abs() < 1e-6);
    }
}
