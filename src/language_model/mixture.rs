//! Mixing models: linear interpolation, with weights that are given or fitted.

use rayon::prelude::*;

use super::backoff::{BackoffModel, LOG_NOTHING, Level, NONE};
use super::normalise::narrow;
use super::store::WordId;

/// Nodes that are worked on together.
const CHUNK: usize = 4096;
/// The weights are fitted when the text gains less than this a word from another round.
const SETTLED: f64 = 1e-7;
const MOST_ROUNDS: usize = 200;

/// Models over one vocabulary, ready to be mixed.
#[derive(Debug)]
pub struct Mixer {
    words: Vec<String>,
    models: Vec<BackoffModel>,
}

/// Weights fitted to a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// One a model; they add up to 1.
    pub weights: Vec<f64>,
    /// How many words were used, ends of sentences included: those that some model lists.
    pub words: usize,
    /// The perplexity of each model over the words it lists itself, and how many these are.
    pub alone: Vec<(f64, usize)>,
    /// The perplexity of the mixture over all that were used.
    pub mixed: f64,
}

impl Mixer {
    /// Brings models to one vocabulary: all words of any. A word that a model does not list has
    /// no probability there.
    #[must_use]
    pub fn new(models: Vec<BackoffModel>) -> Mixer {
        let mut words: Vec<(WordId, &String)> =
            models.iter().flat_map(|m| m.ids().iter().copied().zip(m.words())).collect();
        words.sort_unstable();
        words.dedup();
        let ids: Vec<WordId> = words.iter().map(|w| w.0).collect();
        let words: Vec<String> = words.into_iter().map(|w| w.1.clone()).collect();
        let models = models.into_par_iter().map(|m| widened(m, &words, &ids)).collect();
        Mixer { words, models }
    }

    /// Whether any of the models lists a word.
    #[must_use]
    pub fn lists(&self, word: WordId) -> bool {
        self.models.first().is_some_and(|m| m.word(word).is_some())
    }

    /// The mixture: every n-gram of any model with the weighted sum of its probabilities, and
    /// back-off weights that make it add up.
    ///
    /// # Panics
    /// When there are not as many weights as models.
    #[must_use]
    pub fn mix(&self, weights: &[f64]) -> BackoffModel {
        assert_eq!(weights.len(), self.models.len(), "one weight a model");
        let sum: f64 = weights.iter().sum();
        let weights: Vec<f64> = weights.iter().map(|w| w / sum).collect();
        let vocabulary = self.words.len() as u32;
        let probs = (0..vocabulary as usize).map(|word| {
            let sum = self.models.iter().zip(&weights).map(|(m, w)| w * f64::from(m.levels[0].probs[word]).exp());
            narrow(sum.sum::<f64>().ln())
        });
        let first = Level {
            words: (0..vocabulary).collect(),
            probs: probs.collect(),
            backoffs: vec![0.0; self.words.len()],
            first: Vec::new(),
        };
        let mut mixed = BackoffModel::from_parts(self.words.clone(), vec![first]);
        let order = self.models.iter().map(BackoffModel::order).max().unwrap_or(1);
        // Of each n-gram of the mixture, the node in every model.
        let mut nodes: Vec<Vec<u32>> = self.models.iter().map(|_| (0..vocabulary).collect()).collect();
        for level in 0..order - 1 {
            nodes = self.add_level(&mut mixed, level, &nodes, &weights);
        }
        mixed.normalise();
        mixed
    }

    /// Adds what follows the n-grams of a level of the mixture; gives the nodes of what was added.
    fn add_level(&self, mixed: &mut BackoffModel, level: usize, nodes: &[Vec<u32>], weights: &[f64]) -> Vec<Vec<u32>> {
        let parents = mixed.parents(level);
        let count = mixed.levels[level].len();
        let begins: Vec<usize> = (0..count).step_by(CHUNK).collect();
        let parts: Vec<Added> = begins
            .into_par_iter()
            .map(|begin| {
                let mut added = Added { nodes: vec![Vec::new(); self.models.len()], ..Added::default() };
                for node in begin..(begin + CHUNK).min(count) {
                    let own: Vec<u32> = nodes.iter().map(|n| n[node]).collect();
                    let path = mixed.path(&parents, level, node as u32);
                    self.follow(&mut added, level, &own, &path[..=level], weights);
                }
                added
            })
            .collect();
        let mut next = Level::default();
        let mut first = vec![0u32];
        let mut next_nodes = vec![Vec::new(); self.models.len()];
        for part in parts {
            for size in part.sizes {
                first.push(first[first.len() - 1] + size);
            }
            next.words.extend(part.words);
            next.probs.extend(part.probs);
            for (all, part) in next_nodes.iter_mut().zip(part.nodes) {
                all.extend(part);
            }
        }
        next.backoffs = vec![0.0; next.words.len()];
        mixed.levels[level].first = first;
        mixed.levels.push(next);
        next_nodes
    }

    /// What follows one n-gram in any of the models.
    fn follow(&self, added: &mut Added, level: usize, nodes: &[u32], path: &[u32], weights: &[f64]) {
        let range = |(model, node): (&BackoffModel, &u32)| match (*node, model.levels.get(level)) {
            (NONE, _) | (_, None) => 0..0,
            (node, Some(level)) => level.children(node),
        };
        let mut ranges: Vec<std::ops::Range<usize>> = self.models.iter().zip(nodes).map(range).collect();
        if ranges.iter().all(std::ops::Range::is_empty) {
            added.sizes.push(0);
            return;
        }
        let chains: Vec<_> = self
            .models
            .iter()
            .map(|m| m.chain(&path[path.len().saturating_sub(m.order().saturating_sub(1))..]))
            .collect();
        let word_at = |model: usize, range: &std::ops::Range<usize>| {
            (!range.is_empty()).then(|| self.models[model].levels[level + 1].words[range.start])
        };
        let mut size = 0;
        while let Some(word) = ranges.iter().enumerate().filter_map(|(m, r)| word_at(m, r)).min() {
            let mut sum = 0.0;
            for (model, range) in ranges.iter_mut().enumerate() {
                let lists = word_at(model, range) == Some(word);
                let of = &self.models[model];
                let log =
                    if lists { of.levels[level + 1].probs[range.start] } else { of.log_after(&chains[model], 0, word) };
                added.nodes[model].push(if lists { range.start as u32 } else { NONE });
                range.start += usize::from(lists);
                sum += weights[model] * f64::from(log).exp();
            }
            added.words.push(word);
            added.probs.push(narrow(sum.ln()));
            size += 1;
        }
        added.sizes.push(size);
    }

    /// Fits the weights to sentences, so that the mixture finds them as probable as it can
    /// (expectation maximisation; the optimum is unique).
    #[must_use]
    pub fn fit(&self, sentences: &[Vec<WordId>]) -> Fitted {
        let begin = self.models.iter().find_map(|m| m.named(super::backoff::BEGIN));
        let of_sentence = |sentence: &Vec<WordId>| {
            let numbers: Vec<Option<u32>> = std::iter::once(begin)
                .chain(sentence.iter().map(|w| self.models.first().and_then(|m| m.word(*w))))
                .collect();
            let listed = (1..numbers.len()).filter(|&at| numbers[at].is_some());
            let probs = listed.map(|at| {
                self.models.iter().map(|m| f64::from(m.log_probability(&numbers[..at], numbers[at])).exp()).collect()
            });
            probs.filter(|p: &Vec<f64>| p.iter().any(|p| *p > 0.0)).collect::<Vec<Vec<f64>>>()
        };
        let probs: Vec<Vec<f64>> =
            sentences.par_iter().map(of_sentence).collect::<Vec<_>>().into_iter().flatten().collect();
        let models = self.models.len();
        let count = probs.len().max(1) as f64;
        let mut weights = vec![1.0 / models as f64; models];
        let mut log = f64::NEG_INFINITY;
        for _ in 0..MOST_ROUNDS {
            let mut shares = vec![0.0; models];
            let mut sum = 0.0;
            for p in &probs {
                let all: f64 = p.iter().zip(&weights).map(|(p, w)| p * w).sum();
                sum += all.ln();
                for (share, (p, w)) in shares.iter_mut().zip(p.iter().zip(&weights)) {
                    *share += p * w / all;
                }
            }
            let settled = (sum - log) / count < SETTLED;
            log = sum;
            if settled || probs.is_empty() {
                break;
            }
            weights = shares.iter().map(|s| s / count).collect();
        }
        let alone = (0..models).map(|m| {
            let logs = probs.iter().map(|p| p[m]).filter(|p| *p > 0.0).map(f64::ln);
            let (sum, listed) = logs.fold((0.0, 0usize), |(sum, n), log| (sum + log, n + 1));
            ((-sum / listed.max(1) as f64).exp(), listed)
        });
        Fitted { alone: alone.collect(), words: probs.len(), mixed: (-log / count).exp(), weights }
    }
}

/// What a stretch of n-grams is followed by.
#[derive(Default)]
struct Added {
    sizes: Vec<u32>,
    words: Vec<u32>,
    probs: Vec<f32>,
    nodes: Vec<Vec<u32>>,
}

/// A model with the words of all: those it does not list have no probability, and nothing follows.
fn widened(model: BackoffModel, words: &[String], ids: &[WordId]) -> BackoffModel {
    let number: Vec<u32> =
        model.ids().iter().map(|id| ids.binary_search(id).map_or(NONE, |place| place as u32)).collect();
    let mut levels = model.levels;
    for level in &mut levels[1..] {
        level.words.iter_mut().for_each(|w| *w = number[*w as usize]);
    }
    let old = std::mem::take(&mut levels[0]);
    let mut first = Level {
        words: (0..words.len() as u32).collect(),
        probs: vec![f32::NEG_INFINITY; words.len()],
        backoffs: vec![0.0; words.len()],
        first: Vec::new(),
    };
    for (place, &new) in number.iter().enumerate() {
        // What stands for nothing is nothing: it would add up over many words.
        let prob = old.probs[place];
        first.probs[new as usize] = if prob <= LOG_NOTHING { f32::NEG_INFINITY } else { prob };
        first.backoffs[new as usize] = old.backoffs[place];
    }
    if let Some(&end) = old.first.last() {
        first.first = vec![end; words.len() + 1];
        let mut next = end;
        let mut places = number.iter().enumerate().rev().peekable();
        for new in (0..words.len()).rev() {
            if let Some((place, _)) = places.next_if(|(_, n)| **n as usize == new) {
                next = old.first[place];
            }
            first.first[new] = next;
        }
    }
    levels[0] = first;
    BackoffModel::from_parts(words.to_vec(), levels)
}
