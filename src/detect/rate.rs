//! The document's own rate and style of spinning.
//!
//! A spun document swaps a share `rate` of what its spinner knows. Its spinner is of one
//! style or a mixture of few, and it knows an original or does not: where `said` stands
//! unswapped time and again, the one `stated` was the writer's own. Rate, mixture and
//! habits are fitted to the whole document, the rate over a grid, mixture and habits by
//! expectation maximisation (Dempster, Laird and Rubin 1977). What the best fit gains over
//! "nothing was swapped" is the document's evidence.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::dictionary::{Channel, STYLES};

use super::candidates::{Candidate, Candidates, Kept};

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
const HABIT: f32 = 2.0;

/// The most that one occurrence can speak for spinning, in natural logarithms.
pub(super) const MOST_FOR_ONE: f32 = 2.5;

/// Odds beyond this logarithm are the same as at it where shares are reckoned.
pub(super) const MOST_MERIT: f32 = 9.0;

/// The most that a spinner is taken to know an original for certain.
const MOST_KNOWN: f32 = 0.97;

/// What is supposed of a spinner of whom nothing is known.
const GUESSED_RATE: f32 = 0.5;
const GUESSED_COVERAGE: f32 = 0.3;

/// So many factors are multiplied before a logarithm is taken of them: each lies between 0.03 and
/// e^60, so the product is a number.
const AT_ONCE: usize = 8;

/// What so many unswapped occurrences of an original count, reckoned once for the process: most
/// originals stand once or twice, and none of their candidates is worth a look.
struct Unswapped {
    discounted: [f32; 64],
    /// For each rate the ratio that they alone give.
    weights: [[f32; 64]; RATES.len()],
}

fn unswapped() -> &'static Unswapped {
    static TABLE: OnceLock<Unswapped> = OnceLock::new();
    TABLE.get_or_init(|| {
        let discounted = std::array::from_fn(|stands| KEPT * (stands as f32).powf(KEPT_REPEATS));
        let weights = RATES.map(|rate| discounted.map(|kept| (kept * (-rate).ln_1p()).exp()));
        Unswapped { discounted, weights }
    })
}

/// What so many unswapped occurrences count, repeats discounted.
fn discounted(stands: u32) -> f32 {
    let known = unswapped().discounted.get(stands as usize);
    known.copied().unwrap_or_else(|| KEPT * (stands as f32).powf(KEPT_REPEATS))
}

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
    /// For each unswapped phrase the logarithm of how probable it is that this spinner leaves it.
    pub left: Vec<f32>,
}

/// What a document shows of one original.
struct Block {
    /// Style by style, how probable it is that the spinner knows the original.
    known: Channel,
    /// How often it stands unswapped.
    stands: u32,
    /// Where its candidates lie in the list of uses.
    uses: Range<usize>,
    /// `known` seen through the mixture.
    style: f32,
    /// At the rate in question, how much better the text is explained by a spinner who knows
    /// the original than by one who does not.
    ratio: f32,
}

/// A candidate as a use of its original.
struct Use {
    candidate: usize,
    block: usize,
    cluster: usize,
    /// Repeats of one swap are discounted; what lies outside the spun part counts nothing.
    weight: f32,
    /// What context and genuine use say, as odds.
    odds: f32,
    /// The candidate's channel seen through the mixture.
    channel: f32,
    /// What it counts in its cluster, repeats discounted.
    share: f32,
    /// The odds of its cluster at a rate of 1, given that the original is known.
    given: f32,
}

/// Spans of tokens, gone through from the first to the last.
pub(super) struct Inside<'s> {
    spans: &'s [Range<usize>],
}

impl Inside<'_> {
    pub fn of(spans: &[Range<usize>]) -> Inside<'_> {
        Inside { spans }
    }

    /// Whether a place lies in a span. Places must come in the order of their starts.
    pub fn holds(&mut self, start: usize, end: usize) -> bool {
        while let [span, rest @ ..] = self.spans
            && span.end <= start
        {
            self.spans = rest;
        }
        self.spans.first().is_some_and(|span| span.start <= start && end <= span.end)
    }
}

/// The buffers of a fit. Reused from document to document.
#[derive(Default)]
pub struct Fitter {
    blocks: Vec<Block>,
    uses: Vec<Use>,
    /// For each block the probability that the spinner knows it.
    knows: Vec<f32>,
    /// The block of each habit of the document, where it has one.
    numbers: Vec<Option<usize>>,
    /// How often each posting is met.
    repeats: FxHashMap<(u32, u32), f32>,
    /// For each cluster of overlapping candidates the sum of their odds at a rate of 1.
    clusters: Vec<f32>,
    /// For each unswapped phrase its original, or `None` where it is part of a swap.
    kept: Vec<Option<usize>>,
}

impl std::fmt::Debug for Fitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fitter").finish_non_exhaustive()
    }
}

impl Fitter {
    /// Fits rate, mixture and habits to the candidates in the spans of tokens `within`, which are
    /// in order and do not overlap. What the fit says of a candidate it says of them all.
    pub fn fit(&mut self, candidates: &Candidates, within: &[Range<usize>]) -> Fit {
        self.collect(&candidates.all, &candidates.kept, &candidates.habits, within);
        self.settle(&candidates.all)
    }

    /// The fit to the candidates of one span of tokens alone; it says nothing of others, and its
    /// candidates and unswapped phrases are numbered from the first ones of the span.
    pub fn fit_span(&mut self, candidates: &Candidates, span: &Range<usize>) -> Fit {
        let (inside, kept) = candidates.inside(span);
        self.collect(inside, kept, &candidates.habits, std::slice::from_ref(span));
        self.settle(inside)
    }

    /// Finds the rate and mixture that explain what was collected.
    fn settle(&mut self, candidates: &[Candidate]) -> Fit {
        let mut mixture: Mixture = [1.0 / STYLES as f32; STYLES];
        let (mut rate, mut coverage) = (0, 0);
        for _ in 0..ROUNDS {
            self.see_through(candidates, &mixture);
            let mut most = f64::NEG_INFINITY;
            for tried in 0..RATES.len() {
                self.weigh_blocks(tried);
                for (share, found) in self.evidence().into_iter().enumerate() {
                    if found > most {
                        (rate, coverage, most) = (tried, share, found);
                    }
                }
            }
            self.weigh_blocks(rate);
            self.find_known(COVERAGES[coverage]);
            mixture = self.remix(candidates, RATES[rate], &mixture);
        }
        self.see_through(candidates, &mixture);
        self.weigh_blocks(rate);
        self.find_known(COVERAGES[coverage]);
        #[allow(clippy::cast_possible_truncation)]
        let evidence = self.evidence()[coverage] as f32;
        let (channel, left) = self.seen(candidates.len(), RATES[rate]);
        let rate = if evidence > 0.0 { RATES[rate] * COVERAGES[coverage] } else { 0.0 };
        Fit { rate, mixture, evidence, channel, left }
    }

    /// What a spinner of unknown style would make of the candidates that were fitted last, at a middling
    /// rate and before anything is learnt from them: forgets what was.
    pub fn guess(&mut self, candidates: &Candidates) -> Fit {
        let mixture: Mixture = [1.0 / STYLES as f32; STYLES];
        self.see_through(&candidates.all, &mixture);
        for block in &mut self.blocks {
            (block.ratio, block.stands) = (1.0, 0);
        }
        self.find_known(GUESSED_COVERAGE);
        let (channel, left) = self.seen(candidates.all.len(), GUESSED_RATE);
        Fit { rate: GUESSED_RATE * GUESSED_COVERAGE, mixture, evidence: 0.0, channel, left }
    }

    /// What the fitted spinner's habits say of each candidate and each unswapped phrase.
    fn seen(&self, candidates: usize, rate: f32) -> (Vec<f32>, Vec<f32>) {
        let mut channel = vec![f32::NEG_INFINITY; candidates];
        for used in &self.uses {
            let block = &self.blocks[used.block];
            // Where an original stands time and again, the spinner leaves it alone.
            let habit = rate * self.knows[used.block] * HABIT / (HABIT + block.stands as f32);
            // How probable the spun phrase is once the spinner replaces the original.
            let given = (used.channel / block.style).min(1.0);
            channel[used.candidate] = (habit * given).ln();
        }
        let of_block: Vec<f32> = self.knows.iter().map(|knows| KEPT * (-rate * knows).ln_1p()).collect();
        let left = |block: &Option<usize>| block.map_or(0.0, |b| of_block[b]);
        (channel, self.kept.iter().map(left).collect())
    }

    fn collect(&mut self, candidates: &[Candidate], kept: &[Kept], habits: &[Channel], within: &[Range<usize>]) {
        self.blocks.clear();
        self.uses.clear();
        self.kept.clear();
        self.numbers.clear();
        self.numbers.resize(habits.len(), None);
        self.repeats.clear();
        let (numbers, repeats) = (&mut self.numbers, &mut self.repeats);
        let mut cluster = 0;
        let mut cluster_end = 0;
        let mut covered: Vec<(usize, usize)> = Vec::new();
        let mut block_of = |habit: u32, blocks: &mut Vec<Block>| {
            *numbers[habit as usize].get_or_insert_with(|| {
                blocks.push(Block { known: habits[habit as usize], stands: 0, uses: 0..0, style: 0.0, ratio: 1.0 });
                blocks.len() - 1
            })
        };
        let mut inside = Inside::of(within);
        for (number, candidate) in candidates.iter().enumerate() {
            if number > 0 && candidate.start >= cluster_end {
                cluster += 1;
            }
            cluster_end = cluster_end.max(candidate.end);
            let block = block_of(candidate.habit, &mut self.blocks);
            let merit = candidate.merit().min(MOST_MERIT);
            if merit > 0.0 {
                covered.push((candidate.start, candidate.end));
            }
            let counts = inside.holds(candidate.start, candidate.end);
            if counts {
                *repeats.entry((candidate.dictionary, candidate.posting)).or_default() += 1.0;
            }
            self.uses.push(Use {
                candidate: number,
                block,
                cluster,
                weight: if counts { 1.0 } else { 0.0 },
                odds: merit.exp(),
                channel: 0.0,
                share: 0.0,
                given: 0.0,
            });
        }
        for used in &mut self.uses {
            let candidate = &candidates[used.candidate];
            let count = repeats.get(&(candidate.dictionary, candidate.posting)).copied().unwrap_or(1.0);
            if count > 1.0 {
                used.weight *= count.powf(REPEATS - 1.0);
            }
        }
        self.clusters.clear();
        self.clusters.resize(cluster + 1, 0.0);
        // An unswapped phrase inside what looks like a swap is part of the swap.
        let mut next = 0;
        let mut inside = Inside::of(within);
        for kept in kept {
            while next < covered.len() && covered[next].1 <= kept.start {
                next += 1;
            }
            let counts = inside.holds(kept.start, kept.end);
            let part = covered.get(next).is_some_and(|c| c.0 <= kept.start && kept.end <= c.1 && c.1 - c.0 > 1);
            let block = (!part).then(|| block_of(kept.habit, &mut self.blocks));
            if let Some(block) = block.filter(|_| counts) {
                self.blocks[block].stands += 1;
            }
            self.kept.push(block);
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

    /// Sees channels through a mixture. What does not depend on the rate is reckoned here,
    /// once for all rates and coverages.
    fn see_through(&mut self, candidates: &[Candidate], mixture: &Mixture) {
        for block in &mut self.blocks {
            block.style = mixed(&block.known, mixture).max(1e-6);
        }
        // Candidates of one place share what it shows, in proportion to their odds.
        self.clusters.fill(0.0);
        for used in &mut self.uses {
            used.channel = mixed(&candidates[used.candidate].channel, mixture);
            self.clusters[used.cluster] += used.channel * used.odds;
        }
        for used in &mut self.uses {
            let all = self.clusters[used.cluster];
            used.share = if all > 0.0 { used.weight * used.channel * used.odds / all } else { 0.0 };
            used.given = all / self.blocks[used.block].style;
        }
    }

    /// Weighs each original at a rate, given by its number.
    fn weigh_blocks(&mut self, rate: usize) {
        let kept = &unswapped().weights[rate];
        let rate = RATES[rate];
        let stays = (-rate).ln_1p();
        for block in &mut self.blocks {
            if block.uses.is_empty()
                && let Some(weight) = kept.get(block.stands as usize)
            {
                block.ratio = *weight;
                continue;
            }
            let mut log = discounted(block.stands) * stays;
            for used in &self.uses[block.uses.clone()] {
                log += used.share * (1.0 + rate * used.given).ln().min(MOST_FOR_ONE);
            }
            block.ratio = log.min(60.0).exp();
        }
    }

    /// The evidence at each coverage and the rate the originals were weighed at.
    fn evidence(&self) -> [f64; COVERAGES.len()] {
        let mut evidence = [0.0f64; COVERAGES.len()];
        for blocks in self.blocks.chunks(AT_ONCE) {
            let mut products = [1.0f64; COVERAGES.len()];
            for block in blocks {
                for (product, coverage) in products.iter_mut().zip(COVERAGES) {
                    let known = (coverage * block.style).min(MOST_KNOWN);
                    *product *= f64::from(1.0 - known + known * block.ratio);
                }
            }
            for (sum, product) in evidence.iter_mut().zip(products) {
                *sum += product.ln();
            }
        }
        evidence
    }

    /// How probably each original is known, at a coverage and the rate they were weighed at.
    fn find_known(&mut self, coverage: f32) {
        self.knows.clear();
        self.knows.extend(self.blocks.iter().map(|block| {
            let known = (coverage * block.style).min(MOST_KNOWN);
            let odds = known * block.ratio;
            odds / (1.0 - known + odds)
        }));
    }

    /// The mixture's next estimate: each style's share of the expected swaps, lessened where
    /// the style would have replaced much of what stands.
    fn remix(&self, candidates: &[Candidate], rate: f32, mixture: &Mixture) -> Mixture {
        // A little of everything, so that no style is lost for good.
        let mut share = [0.05f32; STYLES];
        for used in &self.uses {
            let channel = &candidates[used.candidate].channel;
            let odds = rate * used.odds * self.knows[used.block];
            let total = 1.0 + rate * self.clusters[used.cluster];
            for style in 0..STYLES {
                share[style] += used.weight * odds / total * mixture[style] * channel[style];
            }
        }
        let mut idle = [0.0f32; STYLES];
        for block in &self.blocks {
            let kept = discounted(block.stands);
            for (idle, known) in idle.iter_mut().zip(&block.known) {
                *idle += kept * known;
            }
        }
        for style in 0..STYLES {
            share[style] *= share[style] / (share[style] + 0.1 * rate * idle[style]);
        }
        let sum: f32 = share.iter().sum();
        share.map(|s| s / sum)
    }
}
