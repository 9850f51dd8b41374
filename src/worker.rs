//! Workers: scanning documents one after the other with the buffers of one thread.

use std::fmt;

use crate::decode::{Arc, Decoded, Decoder};
use crate::detect::{
    Applicability, Candidates, Finding, FindingBuilder, Fit, Fitter, Label, Look, Mixture, Scanned, density,
    discounted, is_worth_a_look, judge,
};
use crate::dictionary::{GAIN_SLOPE, STYLES};
use crate::language_model::{LanguageModel, Reading};
use crate::model::Model;
use crate::report::{Report, SCHEMA};
use crate::restoration::{Restoration, restore};
use crate::text::{TokenKind, Tokens, section_end};

/// How many words are looked up to tell whether a text is English.
const LANGUAGE_SAMPLE: usize = 400;

/// The buffers of one thread.
#[derive(Default)]
pub(crate) struct Buffers {
    pub tokens: Tokens,
    pub reading: Reading,
    pub candidates: Candidates,
    /// The same with the thesaurus layer.
    layered: Candidates,
    fitter: Fitter,
    decoder: Decoder,
    pub decoded: Decoded,
    arcs: Vec<Arc>,
    findings: FindingBuilder,
}

impl Buffers {
    /// Reads the candidates of a text of so many words and fits rate and style to them. A
    /// document that is suspicious gets a second look, for phrases with a slip in them, and for
    /// swaps that only a thesaurus knows: these join in where they explain far more.
    fn fit(&mut self, model: &Model, words: usize) -> Fit {
        let (tokens, reading) = (&self.tokens, &self.reading);
        let (lm, dictionaries) = (&model.language_model, &model.dictionaries);
        let known = Look::default();
        self.candidates.read(tokens, reading, dictionaries, lm, known);
        let mut fit = self.fitter.fit(&self.candidates, dictionaries);
        if !is_worth_a_look(&fit, words) {
            return fit;
        }
        if self.candidates.read_near(tokens, reading, dictionaries, lm, known) {
            fit = self.fitter.fit(&self.candidates, dictionaries);
        }
        if !model.thesaurus {
            return fit;
        }
        let all = Look { thesaurus: true, ..known };
        self.layered.read(tokens, reading, dictionaries, lm, all);
        self.layered.read_near(tokens, reading, dictionaries, lm, all);
        let mut layered = self.fitter.fit(&self.layered, dictionaries);
        layered.evidence = discounted(layered.evidence, words);
        if layered.evidence <= fit.evidence {
            return fit;
        }
        std::mem::swap(&mut self.candidates, &mut self.layered);
        layered
    }

    /// Decodes the candidates, to each of which the spinner's habits add `channel`.
    pub fn decode(&mut self, model: &Model, channel: &[f32]) {
        self.arcs.clear();
        for (candidate, channel) in self.candidates.all.iter().zip(channel) {
            // In the context as it stands an arc weighs what its pair's slope says; where
            // neighbours are undone too, the language model's share follows them.
            let weight = candidate.merit() - GAIN_SLOPE * candidate.gain + channel;
            self.arcs.push(Arc { start: candidate.start, end: candidate.end, words: candidate.words, weight });
        }
        let (lm, pool) = (&model.language_model, &self.candidates.pool);
        self.decoder.decode(lm, &self.reading, &self.arcs, pool, GAIN_SLOPE, &mut self.decoded);
    }
}

/// Scans documents one after the other with the buffers of one thread.
pub struct Worker<'m> {
    model: &'m Model,
    buffers: Buffers,
}

impl fmt::Debug for Worker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

/// A report with what its calibrated figures were made from, for measuring and for fitting.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Observed {
    /// The report.
    pub report: Report,
    /// The evidence per 1,000 words that the verdict was made from, in natural logarithms.
    pub density: f64,
    /// Of each finding, the posterior that its phrase was swapped if the document was spun, given its
    /// other findings of the same swap.
    pub posteriors: Vec<f32>,
    /// Of each finding, the probability that its part of the document was spun: confidence is the
    /// calibrated posterior times this.
    pub spun: Vec<f32>,
}

/// What the sections of a document add up to.
#[derive(Default)]
struct Total {
    words: usize,
    sampled: usize,
    known: usize,
    evidence: f32,
    rate: f32,
    mixture: Mixture,
}

impl<'m> Worker<'m> {
    /// A worker for a model, with empty buffers.
    pub(crate) fn new(model: &'m Model) -> Self {
        Worker { model, buffers: Buffers::default() }
    }
}

impl Worker<'_> {
    /// Scans one document; the same as [`Model::scan`].
    #[must_use]
    pub fn scan(&mut self, text: &str) -> Report {
        self.observe(text, self.model.min_confidence).report
    }

    /// Restores one document; the same as [`Model::restore`].
    #[must_use]
    pub fn restore(&mut self, text: &str, least: Applicability) -> Restoration {
        restore(self, text, least)
    }

    /// Scans one document, reports findings from the confidence `least` on, and keeps what the
    /// probabilities were before they were calibrated.
    ///
    /// ```
    /// let model = unspin::Model::english();
    /// let observed = model.worker().observe("Officials stated so.", 0.05);
    /// assert_eq!(observed.posteriors.len(), observed.report.findings.len());
    /// ```
    #[must_use]
    pub fn observe(&mut self, text: &str, least: f32) -> Observed {
        let mut total = Total::default();
        let (mut findings, mut posteriors, mut spun) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = 0;
        while at < text.len() {
            let end = section_end(text, at);
            let before = findings.len();
            let of_section = self.section(&text[at..end], least, &mut total, &mut findings);
            spun.resize(findings.len(), of_section);
            if findings.len() > before {
                posteriors.extend_from_slice(self.buffers.findings.posteriors());
            }
            for finding in &mut findings[before..] {
                finding.start += at;
                finding.end += at;
            }
            at = end;
        }
        locate(text, &mut findings);
        let words = total.words.max(1) as f32;
        let fit = Fit {
            rate: total.rate / words,
            mixture: total.mixture.map(|m| m / words),
            evidence: total.evidence,
            channel: Vec::new(),
        };
        let known = total.known as f32 / total.sampled.max(1) as f32;
        let verdict = judge(&fit, total.words, known);
        if verdict.label == Label::Unknown {
            // What cannot be judged is not accused phrase by phrase either.
            findings.clear();
            posteriors.clear();
            spun.clear();
        }
        let density = density(total.evidence, total.words);
        let (bytes, words) = (text.len() as u64, total.words);
        let report = Report { schema: SCHEMA, path: None, id: None, bytes, words, verdict, findings };
        Observed { report, density, posteriors, spun }
    }

    /// Adds up a section and its findings; gives the probability that it was spun.
    fn section(&mut self, text: &str, least: f32, total: &mut Total, findings: &mut Vec<Finding>) -> f32 {
        let model = self.model;
        let b = &mut self.buffers;
        b.tokens.read(text);
        b.reading.read(&b.tokens, &model.language_model);
        let words = b.tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).count();
        let fit = b.fit(model, words);
        let (sampled, known) = known_words(&b.tokens, &model.language_model);
        total.words += words;
        total.sampled += sampled;
        total.known += known;
        total.evidence += fit.evidence;
        total.rate += fit.rate * words as f32;
        for style in 0..STYLES {
            total.mixture[style] += fit.mixture[style] * words as f32;
        }
        let share = known as f32 / sampled.max(1) as f32;
        let verdict = judge(&fit, words, share);
        #[allow(clippy::cast_possible_truncation)]
        let spun = verdict.probability as f32;
        if spun < least {
            // It bounds the confidence of every finding.
            return spun;
        }
        b.decode(model, &fit.channel);
        let scanned = Scanned {
            text,
            tokens: &b.tokens,
            candidates: &b.candidates,
            dictionaries: &model.dictionaries,
            fit: &fit,
            decoded: &b.decoded,
            spun,
        };
        findings.extend(b.findings.build(&scanned, least));
        spun
    }
}

/// How many words of a text were looked up, and how many the language model knows.
fn known_words(tokens: &Tokens, model: &LanguageModel) -> (usize, usize) {
    let step = tokens.len() / LANGUAGE_SAMPLE + 1;
    let mut counts = (0, 0);
    for token in tokens.iter().step_by(step).filter(|t| t.kind == TokenKind::Word) {
        counts.0 += 1;
        counts.1 += usize::from(model.knows(token.hash));
    }
    counts
}

/// Fills in the lines and columns of findings that are in the order of the text.
pub(crate) fn locate(text: &str, findings: &mut [Finding]) {
    let (mut at, mut line, mut column) = (0, 1, 1);
    for finding in findings {
        let between = &text[at..finding.start];
        match memchr::memrchr(b'\n', between.as_bytes()) {
            Some(last) => {
                line += memchr::memchr_iter(b'\n', between.as_bytes()).count();
                column = 1 + between[last + 1..].chars().count();
            }
            None => column += between.chars().count(),
        }
        at = finding.start;
        (finding.line, finding.column) = (line, column);
    }
}
