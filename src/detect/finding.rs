//! Findings: the phrases of a text that were swapped, and what may have stood there.

use serde::{Deserialize, Serialize};

use crate::decode::Decoded;
use crate::dictionary::Dictionary;
use crate::text::{Tokens, casing_of, recase};

use super::candidates::{Candidate, Candidates};
use super::consistency::{WITNESS, Witnesses};
use super::grade::Applicability;
use super::rate::Fit;

/// A wording that may have stood there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replacement {
    /// The wording, cased like what it replaces.
    pub text: String,
    /// How probable it is that it stood there, given that something else than the text did.
    pub probability: f32,
}

/// What speaks for a finding's first replacement, in natural logarithms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The pack of the dictionary that the swap is from.
    pub pack: String,
    /// How much more probable the replacement is in its context than the text as it stands.
    pub context: f32,
    /// How usual the swap is for this document's spinner, at the document's rate.
    pub channel: f32,
    /// What genuine writers' use of both wordings adds.
    pub genuine_use: f32,
}

/// A phrase that was swapped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Byte offset of the phrase in the source.
    pub start: usize,
    /// Byte offset of what follows it.
    pub end: usize,
    /// The line it begins on, counted from 1.
    pub line: usize,
    /// The column it begins in, in characters, counted from 1.
    pub column: usize,
    /// The phrase as it stands.
    pub text: String,
    /// How probable it is that the phrase was swapped, 0 to 1.
    pub confidence: f32,
    /// Whether the first replacement may be put in without a look.
    pub applicability: Applicability,
    /// What may have stood there, the most probable first.
    pub replacements: Vec<Replacement>,
    /// Why.
    pub evidence: Evidence,
}

/// The most replacements a finding lists.
const MOST_REPLACEMENTS: usize = 5;

/// Candidates below this probability are not looked at.
const NEGLIGIBLE: f32 = 0.01;

/// From these probabilities that the first replacement stood there it is safe, or unsafe. The
/// second was set on the development set, where three in four of its replacements must be right.
const SAFE: f32 = 0.85;
const UNSAFE: f32 = 0.6;

/// An edit that nobody looks at must hold in a collection where one document in so many is spun,
/// not only in one where every second is, for which probabilities of documents are calibrated.
const SPUN_IS_RARE: f32 = 30.0;

/// A straight line from log odds to log odds (Platt 1999).
#[derive(Clone, Copy, Debug)]
struct Calibration {
    offset: f32,
    slope: f32,
}

/// Posterior to what is held of a phrase by itself, the scale on which witnesses were weighed.
/// The decoder is too timid in the middle and too sure at the top. Fitted on genuine text spun with
/// the dictionary itself.
const BY_ITSELF: Calibration = Calibration { offset: 0.5, slope: 0.85 };

/// Posterior, given the others of the same swap, to confidence in a document that was spun. Fitted
/// by recipes/calibration.sh.
const CONFIDENCE: Calibration = Calibration { offset: 0.834, slope: 0.926 };

impl Calibration {
    fn of(self, posterior: f32) -> f32 {
        expit(self.offset + self.slope * logit(posterior))
    }

    /// The posterior that something was made of.
    fn undo(self, calibrated: f32) -> f32 {
        expit((logit(calibrated) - self.offset) / self.slope)
    }
}

fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

fn expit(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// A figure as it is reported: nobody reads, and no figure here means, more digits.
fn rounded(figure: f32, unit: f32) -> f32 {
    (figure * unit).round() / unit
}

/// A candidate without the words that its original shares with the text at either end:
/// `because the` for `as the` says something of `because` alone.
#[derive(Clone, Copy, Debug)]
struct View {
    candidate: usize,
    start: usize,
    end: usize,
    /// Where in the original's text the rest lies.
    original: (usize, usize),
    posterior: f32,
    on_best: bool,
}

/// A span of the text and the probability that it was swapped by a candidate of just this span.
#[derive(Debug)]
struct Span {
    start: usize,
    end: usize,
    mass: f32,
    /// Whether the best path swaps just this span.
    on_best: bool,
}

/// What findings are built from.
#[derive(Clone, Copy, Debug)]
pub struct Scanned<'s> {
    /// The text.
    pub text: &'s str,
    /// Its tokens.
    pub tokens: &'s Tokens,
    /// Its candidates.
    pub candidates: &'s Candidates,
    /// The dictionaries they are from.
    pub dictionaries: &'s [Dictionary],
    /// How the document was spun.
    pub fit: &'s Fit,
    /// What decoding made of the candidates.
    pub decoded: &'s Decoded,
    /// How probable it is that the document was spun at all: it bounds every confidence.
    pub spun: f32,
}

/// Builds findings from posteriors; holds the buffers.
#[derive(Debug, Default)]
pub struct FindingBuilder {
    views: Vec<View>,
    spans: Vec<Span>,
    drafts: Vec<Draft>,
    witnesses: Witnesses,
    posteriors: Vec<f32>,
}

/// A finding before the rest of the document has been heard of it.
#[derive(Debug)]
struct Draft {
    finding: Finding,
    /// How probable it is by itself that its phrase was swapped, if the document was spun.
    calibrated: f32,
}

impl FindingBuilder {
    /// Of each finding of the last [`build`](Self::build), the posterior that its phrase was
    /// swapped, given the others of the same swap, before calibration and in a document that was spun.
    #[must_use]
    pub fn posteriors(&self) -> &[f32] {
        &self.posteriors
    }

    /// The findings of at least the confidence `least`, in the order of the text, without
    /// overlaps.
    pub fn build(&mut self, scanned: &Scanned<'_>, least: f32) -> Vec<Finding> {
        let all = &scanned.candidates.all;
        self.drafts.clear();
        // What bears witness for others is looked at too, though it will not be reported.
        let floor = WITNESS.min(BY_ITSELF.of(CONFIDENCE.undo(least / scanned.spun.max(1e-6))));
        let mut first = 0;
        while first < all.len() {
            // Overlapping candidates compete.
            let mut end = all[first].end;
            let mut last = first + 1;
            while last < all.len() && all[last].start < end {
                end = end.max(all[last].end);
                last += 1;
            }
            self.views.clear();
            let plausible = (first..last).filter(|&c| scanned.decoded.posterior[c] >= NEGLIGIBLE);
            self.views.extend(plausible.map(|c| View::of(c, scanned)).filter(|v| !v.is_of_articles(scanned)));
            self.split(scanned);
            first = last;
            if !self.views.is_empty() {
                self.group(scanned, floor);
            }
        }
        self.settle(scanned, least)
    }

    /// Weighs each draft by the others of the same swap, and keeps those of at least the confidence
    /// `least`.
    fn settle(&mut self, scanned: &Scanned<'_>, least: f32) -> Vec<Finding> {
        self.witnesses.clear();
        for Draft { finding, calibrated } in &self.drafts {
            self.witnesses.add(&finding.text, &finding.replacements[0].text, *calibrated);
        }
        self.posteriors.clear();
        let mut findings = Vec::new();
        for Draft { mut finding, calibrated } in self.drafts.drain(..) {
            let best = &finding.replacements[0];
            let posterior = BY_ITSELF.undo(self.witnesses.weigh(&finding.text, &best.text, calibrated));
            let confidence = CONFIDENCE.of(posterior) * scanned.spun;
            if confidence < least {
                continue;
            }
            finding.applicability = grade(confidence * best.probability, scanned.spun);
            finding.confidence = rounded(confidence, 1e4);
            findings.push(finding);
            self.posteriors.push(posterior);
        }
        findings
    }

    /// Parts views of several words, word by word, where another view says the same of one of
    /// them: two readings that give the same text are one.
    fn split(&mut self, scanned: &Scanned<'_>) {
        for number in 0..self.views.len() {
            let view = self.views[number];
            let text = scanned.original(&scanned.candidates.all[view.candidate]);
            let text = &text[view.original.0..view.original.1];
            if view.end - view.start < 2 || text.split(' ').count() != view.end - view.start {
                continue;
            }
            let says = |v: &View, token: usize, word: &str| {
                let original = scanned.original(&scanned.candidates.all[v.candidate]);
                (v.start, v.end) == (token, token + 1) && original[v.original.0..v.original.1] == *word
            };
            let mut words = (view.start..).zip(text.split(' '));
            if !words.any(|(token, word)| self.views.iter().any(|v| says(v, token, word))) {
                continue;
            }
            let mut from = view.original.0;
            let mut parted = false;
            for (token, word) in (view.start..).zip(text.split(' ')) {
                let part = View { start: token, end: token + 1, original: (from, from + word.len()), ..view };
                from += word.len() + 1;
                if scanned.tokens.normal(token).eq_ignore_ascii_case(word) {
                    continue;
                }
                if parted {
                    self.views.push(part)
                } else {
                    self.views[number] = part
                }
                parted = true;
            }
        }
    }

    /// The findings of one group of overlapping candidates.
    fn group(&mut self, scanned: &Scanned<'_>, floor: f32) {
        self.rank_spans();
        let first = self.drafts.len();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for span in &self.spans {
            if taken.iter().any(|t| t.0 < span.end && span.start < t.1) {
                continue;
            }
            let within = self.views.iter().filter(|v| v.start < span.end && span.start < v.end);
            let swapped = within.map(|v| v.posterior).sum::<f32>().min(1.0);
            let calibrated = BY_ITSELF.of(swapped);
            if calibrated < floor {
                continue;
            }
            taken.push((span.start, span.end));
            let mut exact: Vec<View> =
                self.views.iter().filter(|v| (v.start, v.end) == (span.start, span.end)).copied().collect();
            exact.sort_by(|a, b| b.posterior.total_cmp(&a.posterior).then(a.candidate.cmp(&b.candidate)));
            let finding = finding(scanned, &exact, swapped);
            self.drafts.extend(finding.map(|finding| Draft { finding, calibrated }));
        }
        self.drafts[first..].sort_by_key(|d| d.finding.start);
    }

    /// The spans of a group, those of the best path first, then the most probable.
    fn rank_spans(&mut self) {
        self.spans.clear();
        for view in &self.views {
            match self.spans.iter_mut().find(|s| (s.start, s.end) == (view.start, view.end)) {
                Some(span) => {
                    span.mass += view.posterior;
                    span.on_best |= view.on_best;
                }
                None => self.spans.push(Span {
                    start: view.start,
                    end: view.end,
                    mass: view.posterior,
                    on_best: view.on_best,
                }),
            }
        }
        self.spans
            .sort_by(|a, b| b.on_best.cmp(&a.on_best).then(b.mass.total_cmp(&a.mass)).then(a.start.cmp(&b.start)));
    }
}

impl View {
    /// Whether it puts one article for the other: which stands there is the trace of the original.
    fn is_of_articles(&self, scanned: &Scanned<'_>) -> bool {
        let original = scanned.original(&scanned.candidates.all[self.candidate]);
        let is_article = |word: &str| matches!(word, "a" | "an");
        self.end - self.start == 1
            && is_article(scanned.tokens.normal(self.start))
            && is_article(&original[self.original.0..self.original.1])
    }

    fn of(number: usize, scanned: &Scanned<'_>) -> View {
        let candidate = &scanned.candidates.all[number];
        let original = scanned.original(candidate);
        let (mut start, mut end) = (candidate.start, candidate.end);
        let (mut from, mut to) = (0, original.len());
        let same = |token: usize, word: &str| scanned.tokens.normal(token).eq_ignore_ascii_case(word);
        while end - start > 1 {
            let Some((word, _)) = original[from..to].split_once(' ').filter(|(w, _)| same(start, w)) else { break };
            from += word.len() + 1;
            start += 1;
        }
        while end - start > 1 {
            let Some((_, word)) = original[from..to].rsplit_once(' ').filter(|(_, w)| same(end - 1, w)) else { break };
            to -= word.len() + 1;
            end -= 1;
        }
        View {
            candidate: number,
            start,
            end,
            original: (from, to),
            posterior: scanned.decoded.posterior[number],
            on_best: scanned.decoded.on_best[number],
        }
    }
}

impl Scanned<'_> {
    fn original(&self, candidate: &Candidate) -> &str {
        self.dictionaries[candidate.dictionary as usize].original(candidate.original)
    }
}

/// The grade of a finding whose first replacement stood there with the probability `certainty`, in
/// a document that was spun with the probability `spun`.
fn grade(certainty: f32, spun: f32) -> Applicability {
    let rarely = 1.0 / (spun + (1.0 - spun) * SPUN_IS_RARE);
    if certainty * rarely >= SAFE {
        Applicability::Safe
    } else if certainty >= UNSAFE {
        Applicability::Unsafe
    } else {
        Applicability::Display
    }
}

/// The finding that the views of one span make, the most probable first; how sure it is comes later.
fn finding(scanned: &Scanned<'_>, exact: &[View], swapped: f32) -> Option<Finding> {
    let best = exact.first()?;
    let slice = scanned.tokens.as_slice();
    let (start, end) = (slice[best.start].start as usize, slice[best.end - 1].end as usize);
    let phrase = scanned.text.get(start..end)?;
    let mut replacements: Vec<Replacement> = Vec::new();
    for view in exact {
        let original = scanned.original(&scanned.candidates.all[view.candidate]);
        let wording = recase(&original[view.original.0..view.original.1], casing_of(phrase));
        let probability = view.posterior / swapped;
        match replacements.iter_mut().find(|r| r.text == wording) {
            Some(same) => same.probability += probability,
            None => replacements.push(Replacement { text: wording, probability }),
        }
    }
    for replacement in &mut replacements {
        replacement.probability = rounded(replacement.probability, 1e4);
    }
    replacements.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    replacements.truncate(MOST_REPLACEMENTS);
    replacements.first()?;
    let candidate = &scanned.candidates.all[best.candidate];
    Some(Finding {
        start,
        end,
        line: 0,
        column: 0,
        text: phrase.to_string(),
        confidence: 0.0,
        applicability: Applicability::Display,
        replacements,
        evidence: Evidence {
            pack: scanned.dictionaries[candidate.dictionary as usize].pack(candidate.pack).to_string(),
            context: rounded(candidate.gain, 100.0),
            channel: rounded(scanned.fit.channel[best.candidate], 100.0),
            genuine_use: rounded(candidate.merit() - candidate.gain, 100.0),
        },
    })
}
