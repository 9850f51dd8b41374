//! Making the probabilities of a model add up to one again.

use super::backoff::{BEGIN, BackoffModel, Chain, END, LOG_NOTHING, UNKNOWN};

/// What a context leaves at least to the words that are not listed after it, where there are any:
/// sums of quantised models may reach one.
pub(super) const LEAST_LEFT: f64 = 1e-6;

impl BackoffModel {
    /// Sets the weights of all contexts so that the probabilities after each add up to one over
    /// the vocabulary, `<s>` apart. Probabilities are changed only where they leave nothing.
    pub(super) fn normalise(&mut self) {
        self.normalise_words();
        for level in 0..self.levels.len().saturating_sub(1) {
            self.normalise_contexts(level);
        }
    }

    fn normalise_words(&mut self) {
        let begin = self.named(BEGIN);
        if let Some(begin) = begin {
            self.levels[0].probs[begin as usize] = LOG_NOTHING;
        }
        let sum: f64 = self.levels[0].probs.iter().map(|p| f64::from(*p).exp()).sum();
        if sum > 0.0 {
            for (word, prob) in self.levels[0].probs.iter_mut().enumerate() {
                if Some(word as u32) != begin {
                    *prob = narrow(f64::from(*prob) - sum.ln());
                }
            }
        }
    }

    /// The same for the contexts of one length, by the shorter ones as they are.
    pub(super) fn normalise_contexts(&mut self, level: usize) {
        let set = self.for_each_context(level, |model, chain| {
            let (explicit, lower) = model.masses(level, chain);
            let children = model.levels[level].children(chain.node());
            let (left, left_below) = (1.0 - explicit, 1.0 - lower);
            let (backoff, scale) = if left_below <= LEAST_LEFT {
                // Every word there is follows explicitly.
                (0.0, -explicit.ln())
            } else if left < LEAST_LEFT {
                ((LEAST_LEFT / left_below).ln(), ((1.0 - LEAST_LEFT) / explicit).ln())
            } else {
                ((left / left_below).ln(), 0.0)
            };
            (chain.node(), children, narrow_weight(backoff), scale)
        });
        let mut done = 0;
        let (now, next) = self.levels.split_at_mut(level + 1);
        for node in 0..now[level].len() as u32 {
            if set.get(done).is_none_or(|s| s.0 != node) {
                // Nothing follows: nothing is weighed.
                now[level].backoffs[node as usize] = 0.0;
                continue;
            }
            let (_, children, backoff, scale) = &set[done];
            now[level].backoffs[node as usize] = *backoff;
            if *scale != 0.0 {
                for prob in &mut next[0].probs[children.clone()] {
                    *prob = narrow(f64::from(*prob) + scale);
                }
            }
            done += 1;
        }
    }

    /// What the words listed after a context add up to, and what the same words add up to after
    /// the context without its first word.
    pub(super) fn masses(&self, level: usize, chain: &Chain) -> (f64, f64) {
        let children = self.levels[level].children(chain.node());
        let next = &self.levels[level + 1];
        children.fold((0.0, 0.0), |(explicit, lower), child| {
            let below = self.log_after(chain, 1, next.words[child]);
            (explicit + f64::from(next.probs[child]).exp(), lower + f64::from(below).exp())
        })
    }

    /// Keeps the `most` most probable words; what the others had goes to `<unk>`, and n-grams with
    /// them are left out. The sentence marks and `<unk>` stay and do not count. Of words as
    /// probable as each other those earlier in the alphabet stay.
    #[must_use]
    pub fn with_vocabulary(self, most: usize) -> BackoffModel {
        let marks = [BEGIN, END, UNKNOWN];
        let mut ranked: Vec<u32> =
            (0..self.words().len() as u32).filter(|&w| !marks.contains(&self.words()[w as usize].as_str())).collect();
        if ranked.len() <= most {
            return self;
        }
        let prob = |w: u32| self.levels[0].probs[w as usize];
        ranked.sort_by(|&a, &b| {
            let name = |w: u32| &self.words()[w as usize];
            prob(b).total_cmp(&prob(a)).then_with(|| name(a).cmp(name(b)))
        });
        let mut kept = vec![true; self.words().len()];
        let mut lost = 0.0;
        for &word in &ranked[most..] {
            kept[word as usize] = false;
            lost += f64::from(prob(word)).exp();
        }
        let (mut words, mut listings) = self.listings(self.order(), |w| kept[w as usize]);
        match words.iter().position(|w| w == UNKNOWN) {
            Some(unknown) => {
                let prob = &mut listings[0].probs[unknown];
                *prob = narrow((f64::from(*prob).exp() + lost).ln());
            }
            None => {
                listings[0].keys.push(words.len() as u32);
                listings[0].probs.push(narrow(lost.ln()));
                listings[0].backoffs.push(0.0);
                words.push(UNKNOWN.to_string());
            }
        }
        match BackoffModel::build(words, listings) {
            Ok(mut model) => {
                model.normalise();
                model
            }
            // A part of what stands once has nothing twice.
            Err(_) => self,
        }
    }
}

/// A logarithmic probability: never above nothing, never below what ARPA files can say.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn narrow(log: f64) -> f32 {
    (log as f32).clamp(LOG_NOTHING, 0.0)
}

/// A logarithmic weight, which may be above one.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn narrow_weight(log: f64) -> f32 {
    (log as f32).clamp(LOG_NOTHING, -LOG_NOTHING)
}
