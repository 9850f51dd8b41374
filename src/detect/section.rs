//! Sections: which part of a document was spun, where it was not all of it.
//!
//! Under a fitted spinner every place speaks for or against swapping by itself, so what a
//! run of sentences says is a sum. The runs that say most, less a price for each boundary, are
//! the best path through two states ("spun", "left alone"; Viterbi 1967). The spinner is fitted
//! again to what is held spun, until the runs stay. That a part was chosen among many is
//! charged to it: by chance the best of many looks spun.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::text::{Joint, TokenKind, Tokens};

use super::candidates::Candidates;
use super::profile::Thresholds;
use super::rate::{Fit, Fitter, Inside, MOST_FOR_ONE, MOST_MERIT};
use super::verdict::{Extent, density, judge};

/// A run of sentences that was spun in a document that was not spun as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Section {
    /// Byte offset of its first word in the source.
    pub start: usize,
    /// Byte offset of what follows it.
    pub end: usize,
    /// The line it begins on, counted from 1.
    pub line: usize,
    /// The line it ends on.
    pub end_line: usize,
    /// How many words and numbers it has.
    pub words: usize,
    /// The share of possible swaps that were made in it, 0 to 1.
    pub spin_rate: f32,
    /// How probable it is that it was spun, judged by itself, 0 to 1.
    pub probability: f64,
}

/// The price of a boundary within a paragraph, and of one between two, in natural logarithms.
const PRICE: f32 = 4.0;
const PRICE_AT_BREAK: f32 = 1.5;

/// Fits to what was held spun the time before, at most.
const ROUNDS: usize = 3;

/// An original that stands unswapped counts so much more than in a document's evidence, where
/// all its places are one witness.
const LEFT: f32 = 2.0;

/// A document is of two kinds where a fit to a part explains it better than one to all of it by so
/// much, what the rest says against the spinner of the part counted too, at this weight: its
/// silences depend on each other. Set on 274 news articles of which a fifth was spun and 1,110 spun
/// as a whole: one in a hundred of the latter lies above.
const MIXED: f32 = 2.2;
const SILENCE: f32 = 0.08;

/// What choosing a span among so many sentences costs, times the logarithm of their number. One
/// would do for a single chance at each; 1.5 is what keeps collections of mail by different hands
/// from being called spun.
const CHOICE: f32 = 1.5;

/// Of several spans those are kept that reach this density of evidence by themselves.
const WORTH_NAMING: f64 = 6.0;

/// A document of fewer words has no parts.
const LEAST_WORDS: usize = 300;

/// A document of which fewer words are left alone is spun as a whole.
const LEAST_LEFT: usize = 40;

/// The spun part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Spans of tokens, in order; none touches the next.
    pub spans: Vec<Range<usize>>,
    /// How many words they have.
    pub words: usize,
    /// How they were spun, and that nothing else was. Its evidence is less by what choosing the
    /// spans costs.
    pub fit: Fit,
    /// What choosing one span costs.
    choice: f32,
}

impl Part {
    /// Each span as a section, judged by itself, of a text of which the model knows the share
    /// `known`. Its lines are not known yet.
    pub fn sections(&self, fitter: &mut Fitter, candidates: &Candidates, tokens: &Tokens, known: f32) -> Vec<Section> {
        let section = |span: &Range<usize>| {
            let mut fit = self.fit.clone();
            if self.spans.len() > 1 {
                fit = fitter.fit_span(candidates, span);
                fit.evidence -= self.choice;
            }
            let words = words(tokens, span);
            let verdict = judge(&fit, Extent::Part(words), known, Thresholds::default());
            let slice = &tokens.as_slice()[span.clone()];
            Section {
                start: slice.first().map_or(0, |t| t.start as usize),
                end: slice.last().map_or(0, |t| t.end as usize),
                line: 0,
                end_line: 0,
                words,
                spin_rate: verdict.spin_rate,
                probability: verdict.probability,
            }
        };
        self.spans.iter().map(section).collect()
    }
}

fn words(tokens: &Tokens, span: &Range<usize>) -> usize {
    let slice = &tokens.as_slice()[span.clone()];
    slice.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).count()
}

/// Finds the part of a document that was spun, where that explains it better than `whole`, the fit
/// to all of it that the fitter has just made, and where enough is left alone.
pub fn spun_part(fitter: &mut Fitter, candidates: &Candidates, tokens: &Tokens, whole: &Fit) -> Option<Part> {
    let all = words(tokens, &(0..tokens.len()));
    if all < LEAST_WORDS {
        return None;
    }
    let sentences = Sentences::of(tokens);
    if sentences.prices.len() < 2 {
        return None;
    }
    let mut spans = sentences.spans(&sentences.speak(candidates, &fitter.guess(candidates)));
    let (mut fit, mut said) = (None, Vec::new());
    for _ in 0..ROUNDS {
        if spans.is_empty() {
            return None;
        }
        let fitted = fitter.fit(candidates, &spans);
        said = sentences.speak(candidates, &fitted);
        fit = Some(fitted);
        let next = sentences.spans(&said);
        if next == spans {
            break;
        }
        spans = next;
    }
    let mut fit = fit.filter(|_| !spans.is_empty())?;
    // The best of so many places was chosen for each span.
    let choice = CHOICE * (sentences.prices.len() as f32).ln();
    if spans.len() > 1 {
        spans.retain(|span| {
            let own = fitter.fit_span(candidates, span);
            density(own.evidence - choice, words(tokens, span)) >= WORTH_NAMING
        });
        if spans.is_empty() {
            return None;
        }
        fit = fitter.fit(candidates, &spans);
        said = sentences.speak(candidates, &fit);
    }
    let inside: usize = spans.iter().map(|span| words(tokens, span)).sum();
    let left = all - inside;
    let silence: f32 = sentences.outside(&spans).map(|sentence| said[sentence]).sum();
    if left < LEAST_LEFT || fit.evidence - whole.evidence - SILENCE * silence < MIXED {
        return None;
    }
    fit.evidence -= choice * spans.len() as f32;
    let mut spun = Inside::of(&spans);
    for (candidate, channel) in candidates.all.iter().zip(&mut fit.channel) {
        if !spun.holds(candidate.start, candidate.end) {
            *channel = f32::NEG_INFINITY;
        }
    }
    Some(Part { spans, words: inside, fit, choice })
}

/// The sentences of a text.
struct Sentences {
    /// The first token of each, and the number of tokens at the end.
    starts: Vec<usize>,
    /// The price of a boundary before each.
    prices: Vec<f32>,
}

impl Sentences {
    fn of(tokens: &Tokens) -> Sentences {
        let (mut starts, mut prices) = (Vec::new(), Vec::new());
        for (i, token) in tokens.iter().enumerate() {
            if i == 0 || token.sentence_start {
                starts.push(i);
                prices.push(if token.joint == Joint::Break { PRICE_AT_BREAK } else { PRICE });
            }
        }
        starts.push(tokens.len());
        Sentences { starts, prices }
    }

    /// What each sentence says for having been spun that way.
    fn speak(&self, candidates: &Candidates, fit: &Fit) -> Vec<f32> {
        let mut said = vec![0.0f32; self.prices.len()];
        let sentence = |token: usize| self.starts.partition_point(|s| *s <= token) - 1;
        let mut next = 0;
        while let Some(first) = candidates.all.get(next) {
            // Candidates that overlap are one place.
            let (mut end, mut odds) = (first.end, 0.0);
            while let Some(candidate) = candidates.all.get(next).filter(|c| c.start < end) {
                end = end.max(candidate.end);
                odds += (fit.channel[next] + candidate.merit().min(MOST_MERIT)).exp();
                next += 1;
            }
            said[sentence(first.start)] += odds.ln_1p().min(MOST_FOR_ONE);
        }
        for (kept, left) in candidates.kept.iter().zip(&fit.left) {
            said[sentence(kept.start)] += LEFT * left;
        }
        said
    }

    /// The sentences that begin outside the spans.
    fn outside(&self, spans: &[Range<usize>]) -> impl Iterator<Item = usize> {
        let mut inside = Inside::of(spans);
        (0..self.prices.len()).filter(move |&i| !inside.holds(self.starts[i], self.starts[i]))
    }

    /// The spans of tokens of the sentences on the best path that are spun.
    fn spans(&self, said: &[f32]) -> Vec<Range<usize>> {
        // Whether the best path to each sentence, spun or not, comes from a spun one.
        let mut from = Vec::with_capacity(said.len());
        let (mut alone, mut spun) = (0.0f32, f32::NEG_INFINITY);
        for (i, (said, price)) in said.iter().zip(&self.prices).enumerate() {
            let price = if i == 0 { 0.0 } else { *price };
            let (ended, begun) = (spun - price, alone - price);
            from.push((ended > alone, spun >= begun));
            (alone, spun) = (alone.max(ended), spun.max(begun) + said);
        }
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut is_spun = spun > alone;
        for (i, from) in from.iter().enumerate().rev() {
            if is_spun {
                let (start, end) = (self.starts[i], self.starts[i + 1]);
                match spans.last_mut().filter(|s| s.start == end) {
                    Some(span) => span.start = start,
                    None => spans.push(start..end),
                }
            }
            is_spun = if is_spun { from.1 } else { from.0 };
        }
        spans.reverse();
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(count: usize) -> Sentences {
        Sentences { starts: (0..=count).map(|i| i * 10).collect(), prices: vec![PRICE; count] }
    }

    #[test]
    fn the_best_path_is_the_best_of_all() {
        // Every way to mark ten sentences, against what the path finds.
        let said = [0.4, -1.0, 3.0, 4.5, -0.5, 2.0, -6.0, -1.0, 5.0, 0.1];
        let worth = |marks: usize| -> f32 {
            let is = |i: usize| marks >> i & 1 == 1;
            (0..10).filter(|&i| is(i)).map(|i| said[i]).sum::<f32>()
                - (1..10).filter(|&i| is(i) != is(i - 1)).count() as f32 * PRICE
        };
        let best = (0..1 << 10).max_by(|a, b| worth(*a).total_cmp(&worth(*b))).unwrap_or_default();
        let marks: usize =
            sentences(10).spans(&said).iter().flat_map(|s| s.start / 10..s.end / 10).map(|i| 1 << i).sum();
        assert_eq!(best, marks, "{best:b} is the best, not {marks:b}");
        assert!(sentences(3).spans(&[1.0, 1.0, -9.0]).is_empty());
        assert_eq!(sentences(3).spans(&[9.0, 1.0, -9.0]), vec![0..20]);
    }
}
