//! Back-off models that can be listed: every n-gram with its probability, in a trie.
//!
//! The form in which models are made, mixed, pruned and written; scans use the packed one.
//! `listing.rs` has how it is built.

use rayon::prelude::*;

use crate::text::word_hash;

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
}
