//! From lists of n-grams in any order to a back-off model, and back.

use rayon::prelude::*;

use crate::text::word_hash;

use super::backoff::{BackoffModel, Level, NONE, UNKNOWN};
use super::error::ModelError;
use super::pack::Ngrams;
use super::store::WordId;

/// N-grams of one length in any order: `keys` has as many words of each as its length says.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    pub keys: Vec<u32>,
    pub probs: Vec<f32>,
    pub backoffs: Vec<f32>,
}

/// Two n-grams of a listing that are the same: how long they are, and their places.
pub(super) struct Twice {
    pub order: usize,
    pub first: usize,
    pub second: usize,
}

impl BackoffModel {
    /// Builds the trie. Contexts that are not listed join in with what backing off gives.
    pub(super) fn build(words: Vec<String>, mut listings: Vec<Listing>) -> Result<BackoffModel, Twice> {
        let mut order: Vec<u32> = (0..words.len() as u32).collect();
        let hashes: Vec<WordId> = words.iter().map(|w| word_hash(w)).collect();
        order.sort_by_key(|&w| hashes[w as usize]);
        if let Some(pair) = order.windows(2).find(|w| hashes[w[0] as usize] == hashes[w[1] as usize]) {
            return Err(Twice { order: 1, first: pair[0] as usize, second: pair[1] as usize });
        }
        let mut rank = vec![0u32; words.len()];
        for (place, &word) in order.iter().enumerate() {
            rank[word as usize] = place as u32;
        }
        let mut names: Vec<Option<String>> = words.into_iter().map(Some).collect();
        let words = order.iter().filter_map(|&w| names[w as usize].take()).collect();
        while listings.len() > 1 && listings.last().is_some_and(|l| l.probs.is_empty()) {
            listings.pop();
        }
        for listing in &mut listings {
            listing.keys.iter_mut().for_each(|w| *w = rank[*w as usize]);
        }
        let mut sorted: Vec<Vec<u32>> = vec![Vec::new(); listings.len()];
        for level in (0..listings.len()).rev() {
            let length = level + 1;
            sorted[level] = sort(&listings[level], length)?;
            if level > 0 {
                let missing = missing_contexts(&listings, &sorted[level], length);
                let shorter = &mut listings[level - 1];
                let count = shorter.probs.len() + missing.len() / level;
                shorter.probs.resize(count, f32::NAN);
                shorter.backoffs.resize(count, 0.0);
                shorter.keys.extend(missing);
            }
        }
        let levels = listings.iter().zip(&sorted).enumerate().map(|(level, (listing, order))| Level {
            words: order.iter().map(|&i| listing.keys[i as usize * (level + 1) + level]).collect(),
            probs: order.iter().map(|&i| listing.probs[i as usize]).collect(),
            backoffs: order.iter().map(|&i| listing.backoffs[i as usize]).collect(),
            first: match (listings.get(level + 1), sorted.get(level + 1)) {
                (Some(next), Some(next_order)) => first_children(listing, order, next, next_order, level + 1),
                _ => Vec::new(),
            },
        });
        let mut model = BackoffModel::from_parts(words, levels.collect());
        model.fill();
        Ok(model)
    }

    /// Gives n-grams that joined in as contexts the probability that backing off gives.
    fn fill(&mut self) {
        for level in 1..self.levels.len() {
            if !self.levels[level].probs.iter().any(|p| p.is_nan()) {
                continue;
            }
            let given = self.for_each_context(level - 1, |model, chain| {
                let children = model.levels[level - 1].children(chain.node());
                let unset = children.filter(|&c| model.levels[level].probs[c].is_nan());
                let lower = |c: usize| model.log_after(chain, 1, model.levels[level].words[c]);
                let backoff = model.levels[level - 1].backoffs[chain.node() as usize];
                unset.map(|c| (c, backoff + lower(c))).collect::<Vec<_>>()
            });
            for (child, prob) in given.into_iter().flatten() {
                self.levels[level].probs[child] = prob;
            }
        }
    }

    /// All n-grams up to a length that hold none but words that `keeps` says yes to, by the
    /// numbers that they have among these.
    pub(super) fn listings(&self, order: usize, keeps: impl Fn(u32) -> bool + Sync) -> (Vec<String>, Vec<Listing>) {
        let mut number = vec![NONE; self.words().len()];
        let mut words = Vec::new();
        for (old, word) in self.words().iter().enumerate().filter(|(w, _)| keeps(*w as u32)) {
            number[old] = words.len() as u32;
            words.push(word.clone());
        }
        let order = order.min(self.order());
        let parents = self.parents(order.saturating_sub(1));
        let of_level = |level: usize| {
            let mut listing = Listing::default();
            for node in 0..self.levels[level].len() {
                let path = self.path(&parents, level, node as u32);
                let path = &path[..=level];
                if path.iter().all(|&w| number[w as usize] != NONE) {
                    listing.keys.extend(path.iter().map(|&w| number[w as usize]));
                    listing.probs.push(self.levels[level].probs[node]);
                    listing.backoffs.push(self.levels[level].backoffs[node]);
                }
            }
            listing
        };
        (words, (0..order).into_par_iter().map(of_level).collect())
    }

    /// The n-grams up to order 3 for [`super::pack`]. Those with `<unk>` are left out: the packed
    /// model has a figure of its own for words that it does not list.
    ///
    /// # Errors
    /// When no word is listed.
    pub fn to_ngrams(&self) -> Result<Ngrams, ModelError> {
        let unknown = self.named(UNKNOWN);
        let (words, listings) = self.listings(3, |w| Some(w) != unknown);
        if words.is_empty() {
            return Err(ModelError::invalid("it lists no word"));
        }
        let mut ngrams = Ngrams { words, ..Ngrams::default() };
        for (level, Listing { keys, probs, backoffs }) in listings.into_iter().enumerate() {
            match level {
                0 => ngrams.unigrams = probs.into_iter().zip(backoffs).collect(),
                1 => {
                    let pairs = keys.chunks_exact(2).zip(probs.into_iter().zip(backoffs));
                    ngrams.bigrams = pairs.map(|(k, (p, b))| ([k[0], k[1]], p, b)).collect();
                }
                _ => {
                    ngrams.trigrams = keys.chunks_exact(3).zip(probs).map(|(k, p)| ([k[0], k[1], k[2]], p)).collect();
                }
            }
        }
        Ok(ngrams)
    }

    /// A model from n-grams up to order 3.
    ///
    /// # Errors
    /// When a word or an n-gram stands twice.
    pub fn from_ngrams(ngrams: Ngrams) -> Result<BackoffModel, ModelError> {
        let (probs, backoffs) = ngrams.unigrams.iter().copied().unzip();
        let unigrams = Listing { keys: (0..ngrams.words.len() as u32).collect(), probs, backoffs };
        let bigrams = Listing {
            keys: ngrams.bigrams.iter().flat_map(|b| b.0).collect(),
            probs: ngrams.bigrams.iter().map(|b| b.1).collect(),
            backoffs: ngrams.bigrams.iter().map(|b| b.2).collect(),
        };
        let trigrams = Listing {
            keys: ngrams.trigrams.iter().flat_map(|t| t.0).collect(),
            probs: ngrams.trigrams.iter().map(|t| t.1).collect(),
            backoffs: vec![0.0; ngrams.trigrams.len()],
        };
        let listings = vec![unigrams, bigrams, trigrams];
        Self::build(ngrams.words, listings)
            .map_err(|twice| ModelError::invalid(format!("an n-gram of order {} that stands twice", twice.order)))
    }
}

fn key(listing: &Listing, length: usize, i: u32) -> &[u32] {
    &listing.keys[i as usize * length..(i as usize + 1) * length]
}

/// The places of a listing's n-grams in the order of their words.
fn sort(listing: &Listing, length: usize) -> Result<Vec<u32>, Twice> {
    let mut order: Vec<u32> = (0..listing.probs.len() as u32).collect();
    order.par_sort_unstable_by(|&a, &b| key(listing, length, a).cmp(key(listing, length, b)).then(a.cmp(&b)));
    match order.windows(2).find(|w| key(listing, length, w[0]) == key(listing, length, w[1])) {
        Some(twice) => Err(Twice { order: length, first: twice[0] as usize, second: twice[1] as usize }),
        None => Ok(order),
    }
}

/// The words of contexts of n-grams of a length that are not listed themselves.
fn missing_contexts(listings: &[Listing], sorted: &[u32], length: usize) -> Vec<u32> {
    let (listing, shorter) = (&listings[length - 1], &listings[length - 2]);
    let mut known: Vec<&[u32]> = shorter.keys.chunks_exact(length - 1).collect();
    known.par_sort_unstable();
    let mut missing: Vec<u32> = Vec::new();
    let mut last: &[u32] = &[];
    for &i in sorted {
        let context = &key(listing, length, i)[..length - 1];
        if context != last && known.binary_search(&context).is_err() {
            missing.extend(context);
        }
        last = context;
    }
    missing
}

/// Where the continuations of each n-gram begin; all contexts are there.
fn first_children(listing: &Listing, order: &[u32], next: &Listing, next_order: &[u32], length: usize) -> Vec<u32> {
    let mut first = Vec::with_capacity(order.len() + 1);
    let mut at = 0;
    for &i in order {
        first.push(at as u32);
        let context = key(listing, length, i);
        while next_order.get(at).is_some_and(|&j| &key(next, length + 1, j)[..length] == context) {
            at += 1;
        }
    }
    first.push(at as u32);
    first
}
