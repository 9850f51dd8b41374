//! Mining phrase pairs from texts and their spun forms.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::dictionary::{Entry, PartOfSpeech, STYLES, Style, same_but_for_spelling};
use crate::text::{Capitals, Joint, TokenKind, Tokens};

use super::align::{Alignment, align};

/// The most words a mined phrase has on either side.
pub const MAX_SIDE: usize = 4;

/// The share of tokens that a pair of texts must have in common to be one text and its spun
/// form: what two English texts have in common by chance stays below.
const LEAST_SHARE: f64 = 1.0 / 3.0;

/// How far around a replaced region tokens must match, and which share of them. Where
/// sentences were moved or written anew, what matches is chance.
const AROUND: usize = 12;
const LEAST_AROUND: f64 = 0.4;

/// An original that was seen `n` times, always replaced by one phrase, gets
/// `(n + SEEN) / (n + UNSEEN)`: a prior of so many uses, one in five of them that swap.
const SEEN: f64 = 0.3;
const UNSEEN: f64 = 1.5;

/// No original is taken to be always replaced.
const MOST: f64 = 0.95;

/// Stands between runs of words that match.
const GAP: u32 = u32::MAX;

type Phrase = Box<[u32]>;

/// A pair of phrases as it was mined.
#[derive(Clone, Debug, PartialEq)]
pub struct Mined {
    /// What the spinner wrote, in normal form.
    pub spun: String,
    /// What stood there, with the capitals it mostly had within sentences.
    pub original: String,
    /// How often the one was written for the other.
    pub count: u32,
    /// How often the original was met, replaced by whatever or left alone.
    pub occurred: u32,
    /// How probable the swap is taken to be when the original is rewritten.
    pub weight: f32,
}

/// Collects phrase pairs from pairs of texts.
///
/// ```
/// use unspin::learn::Miner;
/// let mut miner = Miner::default();
/// assert!(miner.add(
///     "Officers said the second round of talks had ended, and they said no more.",
///     "Officers stated the second spherical of talks had ended, and they stated no more.",
/// ));
/// let mined = miner.finish(1);
/// assert_eq!((mined[0].spun.as_str(), mined[0].original.as_str()), ("spherical", "round"));
/// assert_eq!((mined[1].spun.as_str(), mined[1].count), ("stated", 2));
/// ```
///
/// What was collected depends on the texts alone, not on their order.
#[derive(Debug, Default)]
pub struct Miner {
    words: HashMap<String, u32>,
    /// Regions by spun and original phrase.
    regions: BTreeMap<(Phrase, Phrase), u32>,
    /// How originals were written.
    surfaces: HashMap<Phrase, BTreeMap<String, u32>>,
    /// The words that stand in both texts, run by run, with [`GAP`] between.
    stood: Vec<u32>,
    pairs: usize,
    left_out: usize,
}

impl Miner {
    /// Adds a text and its spun form. Whether they have enough in common to be that.
    pub fn add(&mut self, original: &str, spun: &str) -> bool {
        let (mut tokens, mut spun_tokens) = (Tokens::default(), Tokens::default());
        tokens.read(original);
        spun_tokens.read(spun);
        let hashes = |tokens: &Tokens| tokens.iter().map(|t| t.hash).collect::<Vec<u64>>();
        let alignment = align(&hashes(&tokens), &hashes(&spun_tokens));
        if alignment.share(tokens.len(), spun_tokens.len()) < LEAST_SHARE {
            self.left_out += 1;
            return false;
        }
        self.pairs += 1;
        let matches = prefix_sums(&alignment, tokens.len());
        for (run, _) in &alignment.matched {
            for at in run.clone() {
                let word = if is_word(&tokens, at) { self.word(tokens.normal(at)) } else { GAP };
                self.stood.push(word);
            }
            self.stood.push(GAP);
        }
        for (region, spun_region) in &alignment.replaced {
            if region.len().max(spun_region.len()) <= MAX_SIDE && is_supported(region, &matches) {
                self.region((&tokens, original, region), (&spun_tokens, spun_region));
            }
        }
        true
    }

    /// How many pairs of texts were added, and how many left out for want of what they have in
    /// common.
    #[must_use]
    pub fn texts(&self) -> (usize, usize) {
        (self.pairs, self.left_out)
    }

    fn word(&mut self, normal: &str) -> u32 {
        if let Some(&word) = self.words.get(normal) {
            return word;
        }
        // Fewer than 2^32 - 1 distinct words fit into memory.
        let word = u32::try_from(self.words.len()).unwrap_or(GAP);
        self.words.insert(normal.to_string(), word);
        word
    }

    fn region(
        &mut self,
        (tokens, text, region): (&Tokens, &str, &Range<usize>),
        (spun_tokens, spun_region): (&Tokens, &Range<usize>),
    ) {
        let words = |tokens: &Tokens, range: &Range<usize>| range.clone().all(|at| is_word(tokens, at));
        let letters = |tokens: &Tokens, range: &Range<usize>| {
            range.clone().any(|at| tokens.as_slice()[at].kind == TokenKind::Word)
        };
        // Other punctuation is no swap, and neither is another figure: that is an edit.
        if !words(tokens, region)
            || !words(spun_tokens, spun_region)
            || !(letters(tokens, region) || letters(spun_tokens, spun_region))
        {
            return;
        }
        let original: Phrase = region.clone().map(|at| self.word(tokens.normal(at))).collect();
        let spun: Phrase = spun_region.clone().map(|at| self.word(spun_tokens.normal(at))).collect();
        // Where the spun phrase has capitals, the original gets its own from them: `Avenue` may
        // be a `street` elsewhere.
        let bare = spun_region.clone().all(|at| spun_tokens.as_slice()[at].capitals == Capitals::None);
        // Of the parts too, in case it is split.
        for (number, at) in region.clone().enumerate() {
            self.surface(&original[number..=number], surface(tokens, text, &(at..at + 1), bare));
        }
        if region.len() > 1 {
            self.surface(&original, surface(tokens, text, region, bare));
        }
        *self.regions.entry((spun, original)).or_default() += 1;
    }

    fn surface(&mut self, phrase: &[u32], surface: String) {
        *self.surfaces.entry(phrase.into()).or_default().entry(surface).or_default() += 1;
    }

    /// The pairs met at least `min_count` times, sorted by spun phrase and original.
    #[must_use]
    pub fn finish(mut self, min_count: u32) -> Vec<Mined> {
        let pairs = split(std::mem::take(&mut self.regions));
        let mut occurred: HashMap<&[u32], u32> = HashMap::new();
        for ((_, original), count) in &pairs {
            *occurred.entry(original).or_default() += count;
        }
        for run in self.stood.split(|word| *word == GAP) {
            for start in 0..run.len() {
                for end in start + 1..=run.len().min(start + MAX_SIDE) {
                    if let Some(count) = occurred.get_mut(&run[start..end]) {
                        *count += 1;
                    }
                }
            }
        }
        let mut texts: Vec<&str> = vec![""; self.words.len()];
        for (text, &word) in &self.words {
            texts[word as usize] = text;
        }
        let text = |phrase: &[u32]| phrase.iter().map(|w| texts[*w as usize]).collect::<Vec<_>>().join(" ");
        let mut mined: Vec<Mined> = pairs
            .iter()
            .filter(|(_, count)| **count >= min_count.max(1))
            .filter_map(|((spun, original), &count)| {
                let (spun, normal) = (text(spun), text(original));
                if same_but_for_spelling(&spun, &normal) {
                    return None;
                }
                let original_text = self.surfaces.get(original).and_then(usual).unwrap_or(normal);
                let occurred = occurred.get(original.as_ref()).copied().unwrap_or(count);
                let weight = ((f64::from(count) + SEEN) / (f64::from(occurred) + UNSEEN)).min(MOST);
                #[allow(clippy::cast_possible_truncation)]
                let weight = weight as f32;
                Some(Mined { spun, original: original_text, count, occurred, weight })
            })
            .collect();
        mined.sort_by(|a, b| (&a.spun, &a.original).cmp(&(&b.spun, &b.original)));
        mined
    }
}

impl Mined {
    /// The pair as an entry of a pack, in `style`; its origin is `learnt`.
    #[must_use]
    pub fn entry(&self, style: Style) -> Entry {
        let mut channel = [0.0; STYLES];
        channel[style as usize] = self.weight;
        Entry {
            spun: self.spun.clone(),
            original: self.original.clone(),
            pos: PartOfSpeech::Fixed,
            channel,
            origin: "learnt".into(),
            line: 0,
        }
    }
}

/// Words and numbers make phrases; all else parts them.
fn is_word(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.as_slice()[at].kind, TokenKind::Word | TokenKind::Number)
}

/// How many tokens of the original match before each.
fn prefix_sums(alignment: &Alignment, tokens: usize) -> Vec<u32> {
    let mut sums = vec![0; tokens + 1];
    for (run, _) in &alignment.matched {
        for at in run.clone() {
            sums[at + 1] = 1;
        }
    }
    for at in 0..tokens {
        sums[at + 1] += sums[at];
    }
    sums
}

/// Whether enough of what surrounds a region matches.
fn is_supported(region: &Range<usize>, matches: &[u32]) -> bool {
    let start = region.start.saturating_sub(AROUND);
    let end = (region.end + AROUND).min(matches.len() - 1);
    let around = end - start - region.len();
    f64::from(matches[end] - matches[start]) >= LEAST_AROUND * around as f64
}

/// Parts regions of as many words on both sides word by word, where each pair of words was
/// also met by itself: two swaps that happen to be neighbours.
fn split(regions: BTreeMap<(Phrase, Phrase), u32>) -> BTreeMap<(Phrase, Phrase), u32> {
    let (mut pairs, longer): (BTreeMap<_, _>, BTreeMap<_, _>) =
        regions.into_iter().partition(|((spun, original), _)| spun.len() == 1 && original.len() == 1);
    let single = pairs.clone();
    for ((spun, original), count) in longer {
        let words = spun.iter().zip(&original).filter(|(a, b)| a != b);
        let words: Vec<(Phrase, Phrase)> = words.map(|(a, b)| ([*a].into(), [*b].into())).collect();
        if spun.len() == original.len() && words.iter().all(|pair| single.contains_key(pair)) {
            for pair in words {
                *pairs.entry(pair).or_default() += count;
            }
        } else {
            *pairs.entry((spun, original)).or_default() += count;
        }
    }
    pairs
}

/// A phrase as it was written. Capitals only where no sentence begins; without `names`, only
/// abbreviations.
fn surface(tokens: &Tokens, text: &str, range: &Range<usize>, names: bool) -> String {
    let mut surface = String::new();
    for at in range.clone() {
        let token = &tokens.as_slice()[at];
        if at > range.start {
            surface.push(if token.joint == Joint::Hyphen { '-' } else { ' ' });
        }
        let written = &text[token.start as usize..token.end as usize];
        let normal = tokens.normal(at);
        // Letters that have no width, and apostrophes of every kind, come from the normal form.
        let keeps = match token.capitals {
            Capitals::None => false,
            Capitals::First => names && !token.sentence_start,
            Capitals::All => true,
        };
        surface.push_str(if keeps && written.to_lowercase() == normal { written } else { normal });
    }
    surface
}

/// The commonest, and of those the first.
fn usual(surfaces: &BTreeMap<String, u32>) -> Option<String> {
    surfaces.iter().rev().max_by_key(|(_, count)| **count).map(|(text, _)| text.clone())
}

#[cfg(test)]
#[path = "mine/tests.rs"]
mod tests;
