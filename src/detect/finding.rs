//! Findings: the phrases of a text that were swapped, and what may have stood there.

use serde::{Deserialize, Serialize};

use crate::decode::Decoded;
use crate::dictionary::Dictionary;
use crate::restore::{Applicability, fit_casing};
use crate::text::Tokens;

use super::candidates::{Candidate, Candidates};
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

/// From these probabilities that the first replacement stood there it is safe, or unsafe.
const SAFE: f32 = 0.8;
const UNSAFE: f32 = 0.5;

/// A span of the text with the candidates that cover exactly it.
#[derive(Debug)]
struct Span {
    start: usize,
    end: usize,
    mass: f32,
}

/// Builds findings from posteriors; holds the buffers.
#[derive(Debug, Default)]
pub struct FindingBuilder {
    spans: Vec<Span>,
}

impl FindingBuilder {
    /// The findings of a text, in its order, without overlaps.
    ///
    /// `spun` is the probability that the document was spun at all: it bounds every
    /// confidence. Findings below `least` are left out.
    #[allow(clippy::too_many_arguments)]
    pub fn build(
        &mut self,
        text: &str,
        tokens: &Tokens,
        candidates: &Candidates,
        dictionaries: &[Dictionary],
        fit: &Fit,
        decoded: &Decoded,
        spun: f32,
        least: f32,
    ) -> Vec<Finding> {
        let all = &candidates.all;
        let mut findings: Vec<(usize, Finding)> = Vec::new();
        let mut first = 0;
        while first < all.len() {
            // Overlapping candidates compete.
            let mut end = all[first].end;
            let mut last = first + 1;
            while last < all.len() && all[last].start < end {
                end = end.max(all[last].end);
                last += 1;
            }
            let group = first..last;
            first = last;
            if group.clone().all(|c| decoded.posterior[c] < NEGLIGIBLE) {
                continue;
            }
            self.rank_spans(&all[group.clone()], &decoded.posterior[group.clone()]);
            let mut taken: Vec<(usize, usize)> = Vec::new();
            for span in &self.spans {
                if taken.iter().any(|t| t.0 < span.end && span.start < t.1) {
                    continue;
                }
                taken.push((span.start, span.end));
                let within = group.clone().filter(|&c| all[c].start < span.end && span.start < all[c].end);
                let within: Vec<usize> = within.filter(|&c| decoded.posterior[c] >= NEGLIGIBLE).collect();
                let swapped = within.iter().map(|&c| decoded.posterior[c]).sum::<f32>().min(1.0);
                let confidence = swapped * spun;
                if confidence < least {
                    continue;
                }
                let mut exact: Vec<usize> =
                    within.into_iter().filter(|&c| (all[c].start, all[c].end) == (span.start, span.end)).collect();
                exact.sort_by(|&a, &b| decoded.posterior[b].total_cmp(&decoded.posterior[a]).then(a.cmp(&b)));
                if let Some(finding) =
                    finding(text, tokens, candidates, dictionaries, fit, decoded, &exact, swapped, confidence)
                {
                    findings.push((span.start, finding));
                }
            }
        }
        findings.sort_by_key(|f| f.0);
        findings.into_iter().map(|f| f.1).collect()
    }

    /// The spans of a group, the most probable first.
    fn rank_spans(&mut self, group: &[Candidate], posterior: &[f32]) {
        self.spans.clear();
        for (candidate, &mass) in group.iter().zip(posterior) {
            let known = self.spans.iter_mut().find(|s| (s.start, s.end) == (candidate.start, candidate.end));
            match known {
                Some(span) => span.mass += mass,
                None => self.spans.push(Span { start: candidate.start, end: candidate.end, mass }),
            }
        }
        self.spans.retain(|s| s.mass >= NEGLIGIBLE);
        self.spans.sort_by(|a, b| b.mass.total_cmp(&a.mass).then(a.start.cmp(&b.start)));
    }
}

#[allow(clippy::too_many_arguments)]
fn finding(
    text: &str,
    tokens: &Tokens,
    candidates: &Candidates,
    dictionaries: &[Dictionary],
    fit: &Fit,
    decoded: &Decoded,
    exact: &[usize],
    swapped: f32,
    confidence: f32,
) -> Option<Finding> {
    let best = &candidates.all[*exact.first()?];
    let slice = tokens.as_slice();
    let (start, end) = (slice[best.start].start as usize, slice[best.end - 1].end as usize);
    let phrase = text.get(start..end)?;
    let mut replacements: Vec<Replacement> = Vec::new();
    for &number in exact {
        let candidate = &candidates.all[number];
        let original = dictionaries[candidate.habit.dictionary as usize].original(candidate.original);
        let wording = fit_casing(original, phrase);
        let probability = decoded.posterior[number] / swapped;
        match replacements.iter_mut().find(|r| r.text == wording) {
            Some(same) => same.probability += probability,
            None => replacements.push(Replacement { text: wording, probability }),
        }
    }
    replacements.truncate(MOST_REPLACEMENTS);
    let certainty = confidence * replacements.first()?.probability;
    let applicability = if certainty >= SAFE {
        Applicability::Safe
    } else if certainty >= UNSAFE {
        Applicability::Unsafe
    } else {
        Applicability::Display
    };
    Some(Finding {
        start,
        end,
        line: 0,
        column: 0,
        text: phrase.to_string(),
        confidence,
        applicability,
        replacements,
        evidence: Evidence {
            pack: dictionaries[best.habit.dictionary as usize].pack(best.pack).to_string(),
            context: best.gain,
            channel: fit.channel[exact[0]],
            genuine_use: best.merit() - best.gain,
        },
    })
}
