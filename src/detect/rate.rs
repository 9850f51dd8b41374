//! The document's own rate and style of spinning.
//!
//! A spun document swaps a share `rate` of what its spinner knows. Its spinner is of one
//! style or a mixture of few, and it knows an original or does not: where `said` stands
//! unswapped time and again, the one `stated` was the writer's own. Rate, mixture and
//! habits are fitted to the whole document, the rate over a grid, mixture and habits by
//! expectation maximisation (Dempster, Laird and Rubin 1977). What the best fit gains over
//! "nothing was swapped" is the document's evidence.

use std::collections::HashMap;

use crate::dictionary::{Channel, Dictionary, STYLES};

use super::candidates::{Candidates, Habit};

/// The rates tried.
const RATES: [f32; 5] = [0.1, 0.25, 0.5, 0.75, 0.95];

/// The coverages tried: which share of what its style is known to replace this document's
/// spinner knows.
const COVERAGES: [f32; 4] = [0.06, 0.15, 0.4, 1.0];

/// Rounds of expectation maximisation: the mixture settles in three or four.
const ROUNDS: usize = 4;

/// What one more occurrence of a phrase counts, as a power of how often it occurs: the uses
/// that one author makes of a phrase are no independent witnesses.
const REPEATS: f32 = 0.3;

/// What one more unswapped occurrence of an original counts, and what the first one does:
/// spinners leave some alone, and originals stand inside names and fixed phrases.
const KEPT_REPEATS: f32 = 0.8;
const KEPT: f32 = 0.4;

/// After how many unswapped occurrences of an original half of the opinion is left that it is
/// replaced at the document's rate.
const HABIT: f32 = 3.0;

/// The most that one occurrence can speak for spinning, in natural logarithms.
const MOST_FOR_ONE: f32 = 2.5;

/// Odds beyond this logarithm are the same as at it where shares are reckoned.
const MOST_MERIT: f32 = 9.0;

/// The share of each style in a document's spinner, summing to 1.
pub type Mixture = [f32; STYLES];

/// A channel seen through a mixture of styles.
#[must_use]
pub fn mixed(channel: &Channel, mixture: &Mixture) -> f32 {
    channel.iter().zip(mixture).map(|(c, m)| c * m).sum()
}

/// How a document was spun.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The share of swaps made of those the spinner knows; 0 where there is none.
    pub rate: f32,
    /// The share of each style.
    pub mixture: Mixture,
    /// Natural logarithm of how much better this explains the document than rate 0.
    pub evidence: f32,
    /// For each candidate the logarithm of what the spinner's habits add to its merit.
    pub channel: Vec<f32>,
}

/// What a document shows of one original.
struct Block {
    /// Style by style, how probable it is that the spinner knows the original.
    known: Channel,
    /// How often it stands unswapped.
    stands: f32,
    /// The same, repeats discounted.
    kept: f32,
    /// Where its candidates lie in the list of uses.
    uses: std::ops::Range<usize>,
}

/// A candidate as a use of its original.
struct Use {
    candidate: usize,
    block: usize,
    cluster: usize,
    /// Repeats of one swap are discounted.
    weight: f32,
    merit: f32,
}

/// The buffers of a fit. Reused from document to document.
#[derive(Default)]
pub struct Fitter {
    blocks: Vec<Block>,
    uses: Vec<Use>,
    /// For each block the probability that the spinner knows it.
    knows: Vec<f32>,
    /// For each cluster of overlapping candidates the sum of their odds.
    clusters: Vec<f32>,
}

impl std::fmt::Debug for Fitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fitter").finish_non_exhaustive()
    }
}

impl Fitter {
    /// Fits rate, mixture and habits to a document's candidates.
    pub fn fit(&mut self, candidates: &Candidates, dictionaries: &[Dictionary]) -> Fit {
        self.collect(candidates, dictionaries);
        let mut mixture: Mixture = [1.0 / STYLES as f32; STYLES];
        let (mut rate, mut coverage) = (0.3, 0.3);
        for _ in 0..ROUNDS {
            let mut most = f32::NEG_INFINITY;
            for tried in RATES.iter().flat_map(|r| COVERAGES.map(|c| (*r, c))) {
                let found = self.evidence(candidates, tried.0, tried.1, &mixture);
                if found > most {
                    (rate, coverage, most) = (tried.0, tried.1, found);
                }
            }
            self.evidence(candidates, rate, coverage, &mixture);
            mixture = self.remix(candidates, rate, &mixture);
        }
        let evidence = self.evidence(candidates, rate, coverage, &mixture);
        let mut channel = vec![f32::NEG_INFINITY; candidates.all.len()];
        for used in &self.uses {
            let block = &self.blocks[used.block];
            // Where an original stands time and again, the spinner leaves it alone.
            let habit = rate * self.knows[used.block] * HABIT / (HABIT + block.stands);
            channel[used.candidate] = (habit * self.given(candidates, used, &mixture)).ln();
        }
        Fit { rate: if evidence > 0.0 { rate * coverage } else { 0.0 }, mixture, evidence, channel }
    }

    fn collect(&mut self, candidates: &Candidates, dictionaries: &[Dictionary]) {
        self.blocks.clear();
        self.uses.clear();
        let mut numbers: HashMap<Habit, usize> = HashMap::new();
        let mut cluster = 0;
        let mut cluster_end = 0;
        let mut covered: Vec<(usize, usize)> = Vec::new();
        let mut block_of = |habit: Habit, blocks: &mut Vec<Block>| {
            *numbers.entry(habit).or_insert_with(|| {
                let known = dictionaries[habit.dictionary as usize].replaced(habit.rates);
                blocks.push(Block { known, stands: 0.0, kept: 0.0, uses: 0..0 });
                blocks.len() - 1
            })
        };
        let mut repeats: HashMap<(u32, u32), f32> = HashMap::new();
        for (number, candidate) in candidates.all.iter().enumerate() {
            if number > 0 && candidate.start >= cluster_end {
                cluster += 1;
            }
            cluster_end = cluster_end.max(candidate.end);
            let block = block_of(candidate.habit, &mut self.blocks);
            let merit = candidate.merit().min(MOST_MERIT);
            if merit > 0.0 {
                covered.push((candidate.start, candidate.end));
            }
            *repeats.entry((candidate.habit.dictionary, candidate.posting)).or_default() += 1.0;
            self.uses.push(Use { candidate: number, block, cluster, weight: 1.0, merit });
        }
        for used in &mut self.uses {
            let candidate = &candidates.all[used.candidate];
            let count = repeats.get(&(candidate.habit.dictionary, candidate.posting)).copied().unwrap_or(1.0);
            used.weight = count.powf(REPEATS - 1.0);
        }
        self.clusters.clear();
        self.clusters.resize(cluster + 1, 0.0);
        // An unswapped phrase inside what looks like a swap is part of the swap.
        let mut next = 0;
        for kept in &candidates.kept {
            while next < covered.len() && covered[next].1 <= kept.start {
                next += 1;
            }
            let inside = covered.get(next).is_some_and(|c| c.0 <= kept.start && kept.end <= c.1 && c.1 - c.0 > 1);
            if !inside {
                let block = block_of(kept.habit, &mut self.blocks);
                self.blocks[block].stands += 1.0;
            }
        }
        for block in &mut self.blocks {
            block.kept = KEPT * block.stands.powf(KEPT_REPEATS);
        }
        self.uses.sort_by_key(|u| u.block);
        let mut first = 0;
        while first < self.uses.len() {
            let block = self.uses[first].block;
            let end = first + self.uses[first..].iter().take_while(|u| u.block == block).count();
            self.blocks[block].uses = first..end;
            first = end;
        }
    }

    /// How probable the spun phrase is once the spinner replaces the original.
    fn given(&self, candidates: &Candidates, used: &Use, mixture: &Mixture) -> f32 {
        let known = mixed(&self.blocks[used.block].known, mixture).max(1e-6);
        (mixed(&candidates.all[used.candidate].channel, mixture) / known).min(1.0)
    }

    /// The evidence at a rate, and by the way how probably each original is known.
    fn evidence(&mut self, candidates: &Candidates, rate: f32, coverage: f32, mixture: &Mixture) -> f32 {
        // Candidates of one place share what it shows, in proportion to their odds.
        self.clusters.fill(0.0);
        for used in &self.uses {
            let odds = rate * mixed(&candidates.all[used.candidate].channel, mixture) * used.merit.exp();
            self.clusters[used.cluster] += odds;
        }
        self.knows.clear();
        let mut evidence = 0.0;
        for block in &self.blocks {
            let style = mixed(&block.known, mixture).max(1e-6);
            let known = (coverage * style).min(0.97);
            let mut log = block.kept * (-rate).ln_1p();
            for used in &self.uses[block.uses.clone()] {
                let channel = mixed(&candidates.all[used.candidate].channel, mixture);
                let all = self.clusters[used.cluster];
                if channel > 0.0 && all > 0.0 {
                    let share = rate * channel * used.merit.exp() / all;
                    let given = all / style;
                    log += used.weight * share * given.ln_1p().min(MOST_FOR_ONE);
                }
            }
            let odds = known * log.min(60.0).exp();
            self.knows.push(odds / (1.0 - known + odds));
            evidence += (1.0 - known + odds).ln();
        }
        evidence
    }

    /// The mixture's next estimate: each style's share of the expected swaps, lessened where
    /// the style would have replaced much of what stands.
    fn remix(&self, candidates: &Candidates, rate: f32, mixture: &Mixture) -> Mixture {
        // A little of everything, so that no style is lost for good.
        let mut share = [0.05f32; STYLES];
        for used in &self.uses {
            let channel = &candidates.all[used.candidate].channel;
            let odds = rate * used.merit.exp() * self.knows[used.block];
            let total = 1.0 + self.clusters[used.cluster];
            for style in 0..STYLES {
                share[style] += used.weight * odds / total * mixture[style] * channel[style];
            }
        }
        let mut idle = [0.0f32; STYLES];
        for block in &self.blocks {
            for style in 0..STYLES {
                idle[style] += block.kept * block.known[style];
            }
        }
        for style in 0..STYLES {
            share[style] *= share[style] / (share[style] + 0.1 * rate * idle[style]);
        }
        let sum: f32 = share.iter().sum();
        share.map(|s| s / sum)
    }
}
