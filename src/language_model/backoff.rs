//! Back-off models that can be listed: every n-gram with its probability, in a trie.
//!
//! The form in which models are made, mixed, pruned and written; scans use the packed one.

use rayon::prelude::*;

use crate::text::word_hash;

use super::error::ModelError;
use super::pack::Ngrams;
use super::store::WordId;

/// The longest n-grams that are counted, read and written.
pub const MOST_ORDER: usize = 5;

/// The word that begins every sentence.
pub const BEGIN: &str = "<s>";
/// The word that ends every sentence.
pub const END: &str = "</s>";
/// What all words stand for that a model does not list.
pub const UNKNOWN: &str = "<unk>";

/// The natural logarithm that stands for a probability of nothing: 10 to the -99, as ARPA files
/// have it.
pub(super) const LOG_NOTHING: f32 = -99.0 * std::f32::consts::LN_10;
/// That of an unlisted word where a model has no `<unk>`: 10 to the -100, as KenLM has it.
pub(super) const LOG_UNLISTED: f32 = -100.0 * std::f32::consts::LN_10;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// A back-off model of any order up to [`MOST_ORDER`]. All logarithms are natural.
///
/// The probability of a word after others is that of the longest listed n-gram they end in,
/// times the back-off weights of the longer contexts, as ARPA files mean it. Words are numbered
/// in the order of their hashes, so that the result of everything depends on the model alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BackoffModel {
    words: Vec<String>,
    ids: Vec<WordId>,
    pub(super) levels: Vec<Level>,
}

/// The n-grams of one length, sorted by their words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Level {
    /// The last word of each.
    pub words: Vec<u32>,
    /// Its logarithmic probability after the others.
    pub probs: Vec<f32>,
    /// The logarithmic weight of what is shorter, where the n-gram is a context.
    pub backoffs: Vec<f32>,
    /// N-gram `i` is continued by `first[i]..first[i + 1]` of the next level. Empty in the last.
    pub first: Vec<u32>,
}

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

/// Where a context and its shorter forms stand: the words from `j` on are node `nodes[j]` of
/// their level, or [`NONE`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    length: usize,
    nodes: [u32; MOST_ORDER],
}

impl Chain {
    /// The node of the whole context.
    pub fn node(&self) -> u32 {
        self.nodes[0]
    }
}

impl Level {
    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn children(&self, node: u32) -> std::ops::Range<usize> {
        match self.first.get(node as usize..node as usize + 2) {
            Some(ends) => ends[0] as usize..ends[1] as usize,
            None => 0..0,
        }
    }
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
        let ids = order.iter().map(|&w| hashes[w as usize]).collect();
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
        let mut model = BackoffModel { words, ids, levels: levels.collect() };
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

    /// The words of a model from its parts; `words` must be in the order of their hashes.
    pub(super) fn from_parts(words: Vec<String>, levels: Vec<Level>) -> BackoffModel {
        let ids = words.iter().map(|w| word_hash(w)).collect();
        BackoffModel { words, ids, levels }
    }

    /// How many words the longest n-grams have.
    #[must_use]
    pub fn order(&self) -> usize {
        self.levels.len()
    }

    /// How many n-grams of each length there are, single words first.
    #[must_use]
    pub fn counts(&self) -> Vec<usize> {
        self.levels.iter().map(Level::len).collect()
    }

    /// The vocabulary by the numbers of its words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    pub(super) fn ids(&self) -> &[WordId] {
        &self.ids
    }

    /// The number of a word, where it is listed.
    #[must_use]
    pub fn word(&self, id: WordId) -> Option<u32> {
        self.ids.binary_search(&id).ok().and_then(|w| u32::try_from(w).ok())
    }

    pub(super) fn named(&self, word: &str) -> Option<u32> {
        self.word(word_hash(word))
    }

    /// The number of a word, or that of `<unk>`.
    #[must_use]
    pub fn word_or_unknown(&self, id: WordId) -> Option<u32> {
        self.word(id).or_else(|| self.named(UNKNOWN))
    }

    /// Natural logarithm of the probability of a word after others, all by their numbers. Only
    /// as many of `context` count as the order has room for, and only those after the last one
    /// that has no number.
    ///
    /// ```
    /// # use unspin::language_model::read_arpa;
    /// let arpa = "\\data\\\nngram 1=3\n\n\\1-grams:\n-1\t<s>\n-0.3\t</s>\n-0.3\ta\n\n\\end\\\n";
    /// let model = read_arpa(arpa.as_bytes())?;
    /// let a = model.word(unspin::text::word_hash("a"));
    /// assert!((model.log_probability(&[], a) + 0.3 * 10f32.ln()).abs() < 1e-6);
    /// # Ok::<(), unspin::language_model::ModelError>(())
    /// ```
    #[must_use]
    pub fn log_probability(&self, context: &[Option<u32>], word: Option<u32>) -> f32 {
        let Some(word) = word else { return LOG_UNLISTED };
        let mut path = [0; MOST_ORDER];
        let mut length = 0;
        let most = self.order().saturating_sub(1).min(context.len());
        let context = &context[context.len() - most..];
        let known = context.iter().rposition(Option::is_none).map_or(0, |last| last + 1);
        for number in context[known..].iter().flatten() {
            path[length] = *number;
            length += 1;
        }
        self.log_after(&self.chain(&path[..length]), 0, word)
    }

    /// The node of an n-gram that ends in `word`, from that of the words before.
    pub(super) fn child(&self, level: usize, node: u32, word: u32) -> Option<usize> {
        let range = self.levels[level].children(node);
        let words = self.levels.get(level + 1)?.words.get(range.clone())?;
        words.binary_search(&word).ok().map(|at| range.start + at)
    }

    fn find(&self, path: &[u32]) -> u32 {
        let Some((&first, rest)) = path.split_first() else { return NONE };
        let mut node = first;
        for (level, &word) in rest.iter().enumerate() {
            match self.child(level, node, word) {
                Some(child) => node = child as u32,
                None => return NONE,
            }
        }
        node
    }

    /// Where a context of at most four words and its shorter forms stand.
    pub(super) fn chain(&self, path: &[u32]) -> Chain {
        let mut nodes = [NONE; MOST_ORDER];
        for (from, node) in nodes.iter_mut().enumerate().take(path.len()) {
            *node = self.find(&path[from..]);
        }
        Chain { length: path.len(), nodes }
    }

    /// Logarithm of the probability of a word after the context's words from `from` on.
    pub(super) fn log_after(&self, chain: &Chain, from: usize, word: u32) -> f32 {
        let mut backoff = 0.0;
        for (at, &node) in chain.nodes.iter().enumerate().take(chain.length).skip(from) {
            if node == NONE {
                continue;
            }
            let level = chain.length - at - 1;
            if let Some(child) = self.child(level, node, word) {
                return backoff + self.levels[level + 1].probs[child];
            }
            backoff += self.levels[level].backoffs[node as usize];
        }
        backoff + self.levels[0].probs[word as usize]
    }

    /// Does something for every n-gram of a level that is continued, side by side, with
    /// where it stands; gives the results in order.
    pub(super) fn for_each_context<T: Send>(
        &self,
        level: usize,
        work: impl Fn(&BackoffModel, &Chain) -> T + Sync,
    ) -> Vec<T> {
        let parents = self.parents(level);
        let nodes = 0..self.levels[level].len() as u32;
        nodes
            .into_par_iter()
            .filter(|&node| !self.levels[level].children(node).is_empty())
            .map(|node| {
                let path = self.path(&parents, level, node);
                work(self, &self.chain(&path[..=level]))
            })
            .collect()
    }

    /// The node that each n-gram of a level continues, level by level up to this one.
    pub(super) fn parents(&self, level: usize) -> Vec<Vec<u32>> {
        let of_level = |level: usize| -> Vec<u32> {
            let Some(before) = level.checked_sub(1) else { return Vec::new() };
            let before = &self.levels[before];
            (0..before.len() as u32).flat_map(|n| std::iter::repeat_n(n, before.children(n).len())).collect()
        };
        (0..=level).map(of_level).collect()
    }

    /// The words of a node: the first `level + 1` of what is given.
    pub(super) fn path(&self, parents: &[Vec<u32>], level: usize, mut node: u32) -> [u32; MOST_ORDER] {
        let mut path = [0; MOST_ORDER];
        for at in (0..=level).rev() {
            path[at] = self.levels[at].words[node as usize];
            node = parents[at].get(node as usize).copied().unwrap_or(0);
        }
        path
    }

    /// The node of a context's words and another without the first, one word shorter than both.
    pub(super) fn shorter(&self, chain: &Chain, level: usize, word: u32) -> u32 {
        if level == 0 {
            return word;
        }
        match chain.nodes[1] {
            NONE => NONE,
            node => self.child(level - 1, node, word).map_or(NONE, |child| child as u32),
        }
    }

    /// The first word of each n-gram of a level.
    pub(super) fn first_words(&self, level: usize) -> Vec<u32> {
        let mut firsts = self.levels[0].words.clone();
        for before in &self.levels[..level] {
            firsts = (0..before.len())
                .flat_map(|n| std::iter::repeat_n(firsts[n], before.children(n as u32).len()))
                .collect();
        }
        firsts
    }

    /// The words of one node, by a search for what it continues.
    pub(super) fn words_of(&self, level: usize, mut node: u32) -> [u32; MOST_ORDER] {
        let mut path = [0; MOST_ORDER];
        for at in (0..=level).rev() {
            path[at] = self.levels[at].words[node as usize];
            if at > 0 {
                node = (self.levels[at - 1].first.partition_point(|f| *f <= node) - 1) as u32;
            }
        }
        path
    }

    /// Leaves n-grams of a level out. Those that are continued must be kept.
    pub(super) fn retain(&mut self, level: usize, keep: &[bool]) {
        let mut kept_before = Vec::with_capacity(keep.len() + 1);
        let mut kept = 0u32;
        for &k in keep {
            kept_before.push(kept);
            kept += u32::from(k);
        }
        kept_before.push(kept);
        if let Some(before) = level.checked_sub(1) {
            self.levels[before].first.iter_mut().for_each(|f| *f = kept_before[*f as usize]);
        }
        let level = &mut self.levels[level];
        let chosen = |node: &usize| keep[*node];
        level.words = (0..keep.len()).filter(chosen).map(|n| level.words[n]).collect();
        level.probs = (0..keep.len()).filter(chosen).map(|n| level.probs[n]).collect();
        level.backoffs = (0..keep.len()).filter(chosen).map(|n| level.backoffs[n]).collect();
        if let Some(&end) = level.first.last() {
            level.first = (0..keep.len()).filter(chosen).map(|n| level.first[n]).chain([end]).collect();
        }
    }

    /// All n-grams up to a length that hold none but words that `keeps` says yes to, by the
    /// numbers that they have among these.
    pub(super) fn listings(&self, order: usize, keeps: impl Fn(u32) -> bool + Sync) -> (Vec<String>, Vec<Listing>) {
        let mut number = vec![NONE; self.words.len()];
        let mut words = Vec::new();
        for (old, word) in self.words.iter().enumerate().filter(|(w, _)| keeps(*w as u32)) {
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
