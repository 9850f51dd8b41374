//! Relative-entropy pruning (Stolcke, "Entropy-based pruning of backoff language models", 1998).

use super::backoff::{BEGIN, BackoffModel, Chain, END};
use super::normalise::LEAST_LEFT;

impl BackoffModel {
    /// Leaves out n-grams without which the perplexity grows by less than `threshold` of itself,
    /// each looked at by itself; 1e-8 drops few, 1e-6 most. Contexts of kept n-grams stay. The
    /// weights of contexts are set anew. 0 keeps everything.
    pub fn prune(&mut self, threshold: f64) {
        if threshold <= 0.0 {
            return;
        }
        for level in (0..self.order().saturating_sub(1)).rev() {
            let kept = self.for_each_context(level, |model, chain| model.kept(level, chain, threshold));
            let keep: Vec<bool> = kept.into_iter().flatten().collect();
            self.retain(level + 1, &keep);
        }
        // Only now: what longer contexts leave depends on the shorter n-grams that are left.
        for level in 0..self.order().saturating_sub(1) {
            self.normalise_contexts(level);
        }
        while self.order() > 1 && self.levels.last().is_some_and(|l| l.len() == 0) {
            self.levels.pop();
            if let Some(last) = self.levels.last_mut() {
                last.first.clear();
            }
        }
    }

    /// Which n-grams of a context are worth their place.
    fn kept(&self, level: usize, chain: &Chain, threshold: f64) -> Vec<bool> {
        let (explicit, lower) = self.masses(level, chain);
        let (left, left_below) = ((1.0 - explicit).max(LEAST_LEFT), (1.0 - lower).max(LEAST_LEFT));
        let weight = (left / left_below).ln();
        let history = self.log_context(level, chain).exp();
        let next = &self.levels[level + 1];
        let worth = |child: usize| {
            if !next.children(child as u32).is_empty() {
                return true;
            }
            let log = f64::from(next.probs[child]);
            let below = f64::from(self.log_after(chain, 1, next.words[child]));
            let new_weight = ((left + log.exp()) / (left_below + below.exp())).ln();
            let change = log.exp() * (below + new_weight - log) + left * (new_weight - weight);
            (-history * change).exp_m1() >= threshold
        };
        self.levels[level].children(chain.node()).map(worth).collect()
    }

    /// Logarithm of the probability of a context's words wherever they may stand.
    fn log_context(&self, level: usize, chain: &Chain) -> f64 {
        let path = self.words_of(level, chain.node());
        let (begin, end) = (self.named(BEGIN), self.named(END));
        let mut sum = 0.0;
        for at in 0..=level {
            // A sentence begins as often as one ends.
            let word = if Some(path[at]) == begin { end } else { Some(path[at]) };
            if let Some(word) = word {
                sum += f64::from(self.log_after(&self.chain(&path[..at]), 0, word));
            }
        }
        sum
    }
}
