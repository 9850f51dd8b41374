//! Workers: scanning documents one after the other with the buffers of one thread.

use std::fmt;

use crate::decode::{Arc, Decoded, Decoder};
use crate::detect::{
    Applicability, Candidates, Extent, Finding, FindingBuilder, Fit, Fitter, Label, Layer, Look, Mixture, Part,
    Scanned, Section, cautious, discounted, is_suspicious, is_well_explained, is_worth_a_look, judge, spun_part,
};
use crate::dictionary::GAIN_SLOPE;
use crate::language_model::{LanguageModel, Reading};
use crate::model::Model;
use crate::report::{Report, SCHEMA};
use crate::restoration::{Restoration, restore};
use crate::text::{TokenKind, Tokens, part_end};

/// How many words are looked up to tell whether a text is English.
const LANGUAGE_SAMPLE: usize = 400;

/// Where findings below this confidence are asked for, every document is looked at closely: one that
/// the first look passes over was spun with a probability below it.
const LEAST_SCREENED: f32 = 0.1;

/// A candidate whose log odds, with the spinner's habits, lie below this is left out of the lattice:
/// its neighbours would have to speak for it a thousand times as loud as its own context speaks against.
const IDLE: f32 = -8.0;

/// How a text was spun, and where.
struct Fitted {
    /// Taken as one.
    whole: Fit,
    words: usize,
    /// The part of it that was spun, where it was not all.
    part: Option<Part>,
}

impl Fitted {
    fn of(fitter: &mut Fitter, candidates: &Candidates, tokens: &Tokens, words: usize) -> Fitted {
        let whole = fitter.fit(candidates, std::slice::from_ref(&(0..tokens.len())));
        let part = spun_part(fitter, candidates, tokens, &whole);
        Fitted { whole, words, part }
    }

    /// The fit that says which swaps were made.
    fn fit(&self) -> &Fit {
        self.part.as_ref().map_or(&self.whole, |part| &part.fit)
    }

    fn is_suspicious(&self) -> bool {
        is_suspicious(&self.whole, Extent::Whole(self.words))
            || self.part.as_ref().is_some_and(|part| is_suspicious(&part.fit, Extent::Part(part.words)))
    }

    fn is_worth_a_look(&self) -> bool {
        is_worth_a_look(&self.whole, Extent::Whole(self.words))
            || self.part.as_ref().is_some_and(|part| is_worth_a_look(&part.fit, Extent::Part(part.words)))
    }

    /// The same as it counts beside a fit without the thesaurus layer.
    fn discounted(mut self) -> Fitted {
        self.whole.evidence = discounted(self.whole.evidence, Extent::Whole(self.words));
        if let Some(part) = &mut self.part {
            part.fit.evidence = discounted(part.fit.evidence, Extent::Part(part.words));
        }
        self
    }
}

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
    /// The candidate of each arc.
    of_arcs: Vec<usize>,
    on_arcs: Decoded,
    findings: FindingBuilder,
}

impl Buffers {
    /// Reads the candidates of a text of so many words and fits rate and style to them.
    ///
    /// Where only confidences from `least` on are asked for, the first look is at what speaks for
    /// spinning by itself, and ends it for most genuine documents. A document that is suspicious
    /// once all is read gets another look, for phrases with a slip in them, and for swaps that only
    /// a thesaurus knows: these join in where they explain far more.
    fn fit(&mut self, model: &Model, words: usize, least: f32) -> Fitted {
        let (tokens, reading, fitter) = (&self.tokens, &self.reading, &mut self.fitter);
        let (lm, dictionaries) = (&model.language_model, &model.dictionaries);
        let look = |layer| Look { hopeless: false, layer };
        self.candidates.clear();
        self.candidates.read(tokens, reading, dictionaries, lm, look(Layer::Telling));
        if least >= LEAST_SCREENED {
            let fitted = Fitted::of(fitter, &self.candidates, tokens, words);
            if !fitted.is_suspicious() {
                return fitted;
            }
        }
        self.candidates.read(tokens, reading, dictionaries, lm, look(Layer::Weak));
        let mut fitted = Fitted::of(fitter, &self.candidates, tokens, words);
        if !fitted.is_worth_a_look() {
            return fitted;
        }
        let known = [Layer::Telling, Layer::Weak].map(look);
        if self.candidates.read_near(tokens, reading, dictionaries, lm, &known) {
            fitted = Fitted::of(fitter, &self.candidates, tokens, words);
        }
        if !model.thesaurus || is_well_explained(&fitted.whole, Extent::Whole(words)) {
            return fitted;
        }
        self.layered.copy(&self.candidates);
        self.layered.read(tokens, reading, dictionaries, lm, look(Layer::Thesaurus));
        self.layered.read_near(tokens, reading, dictionaries, lm, &[look(Layer::Thesaurus)]);
        let layered = Fitted::of(fitter, &self.layered, tokens, words).discounted();
        if layered.fit().evidence <= fitted.fit().evidence {
            return fitted;
        }
        std::mem::swap(&mut self.candidates, &mut self.layered);
        layered
    }

    /// Decodes the candidates, to each of which the spinner's habits add `channel`.
    pub fn decode(&mut self, model: &Model, channel: &[f32]) {
        self.arcs.clear();
        self.of_arcs.clear();
        for (number, (candidate, channel)) in self.candidates.all.iter().zip(channel).enumerate() {
            if candidate.merit() + channel < IDLE {
                continue;
            }
            // In the context as it stands an arc weighs what its pair's slope says; where
            // neighbours are undone too, the language model's share follows them.
            let weight = candidate.merit() - GAIN_SLOPE * candidate.gain + channel;
            self.arcs.push(Arc { start: candidate.start, end: candidate.end, words: candidate.words, weight });
            self.of_arcs.push(number);
        }
        let (lm, pool) = (&model.language_model, &self.candidates.pool);
        self.decoder.decode(lm, &self.reading, &self.arcs, pool, GAIN_SLOPE, &mut self.on_arcs);
        self.decoded.reset(self.candidates.all.len());
        for (arc, &number) in self.of_arcs.iter().enumerate() {
            self.decoded.posterior[number] = self.on_arcs.posterior[arc];
            self.decoded.on_best[number] = self.on_arcs.on_best[arc];
        }
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
    /// The evidence that the verdict was made from, in natural logarithms.
    pub evidence: f32,
    /// What it is of.
    pub extent: Extent,
    /// Of each finding, the posterior that its phrase was swapped if the document was spun, given its
    /// other findings of the same swap.
    pub posteriors: Vec<f32>,
    /// Of each finding, the probability that its part of the document was spun: confidence is the
    /// calibrated posterior times this.
    pub spun: Vec<f32>,
}

/// What the parts of a document add up to.
#[derive(Default)]
struct Total {
    sampled: usize,
    known: usize,
    fit: Sum,
    /// The most suspicious of the parts that were not spun as a whole.
    mixed: Option<(f64, Fit, usize)>,
    sections: Vec<Section>,
}

/// Fits added up, each by its words.
#[derive(Default)]
struct Sum {
    evidence: f32,
    rate: f32,
    mixture: Mixture,
    words: usize,
    spun: usize,
}

impl Sum {
    /// Adds the evidence of so many words, and the fit to those of them that are `spun`.
    fn add(&mut self, evidence: f32, words: usize, fit: &Fit, spun: usize) {
        self.evidence += evidence;
        self.rate += fit.rate * spun as f32;
        for (sum, share) in self.mixture.iter_mut().zip(&fit.mixture) {
            *sum += share * spun as f32;
        }
        self.words += words;
        self.spun += spun;
    }

    fn mean(&self) -> Fit {
        let mixture = self.mixture.map(|m| m / self.spun.max(1) as f32);
        let rate = self.rate / self.words.max(1) as f32;
        Fit { rate, mixture, evidence: self.evidence, channel: Vec::new(), left: Vec::new() }
    }
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
            let end = part_end(text, at);
            let (found, sections) = (findings.len(), total.sections.len());
            let of_part = self.part(&text[at..end], least, &mut total, &mut findings);
            spun.resize(findings.len(), of_part);
            if findings.len() > found {
                posteriors.extend_from_slice(self.buffers.findings.posteriors());
            }
            for finding in &mut findings[found..] {
                finding.start += at;
                finding.end += at;
            }
            for section in &mut total.sections[sections..] {
                section.start += at;
                section.end += at;
            }
            at = end;
        }
        let (fit, words, from) = (total.fit.mean(), total.fit.words, self.model.thresholds);
        let known = total.known as f32 / total.sampled.max(1) as f32;
        let mut verdict = judge(&fit, Extent::Whole(words), known, from);
        let (mut evidence, mut extent) = (fit.evidence, Extent::Whole(words));
        if let Some((probability, mixed, spun)) = total.mixed
            && probability > verdict.probability
        {
            let spin_rate = verdict.spin_rate;
            verdict = judge(&mixed, Extent::Part(spun), known, from);
            verdict.spin_rate = spin_rate;
            (evidence, extent) = (mixed.evidence, Extent::Part(spun));
        }
        if verdict.label == Label::Unknown {
            // What cannot be judged is not accused phrase by phrase either.
            findings.clear();
            posteriors.clear();
            spun.clear();
        }
        if !matches!(verdict.label, Label::Spun | Label::Suspect) {
            total.sections.clear();
        }
        locate(text, &mut total.sections, &mut findings);
        let (bytes, sections) = (text.len() as u64, total.sections);
        let report = Report { schema: SCHEMA, path: None, id: None, bytes, words, verdict, sections, findings };
        Observed { report, evidence, extent, posteriors, spun }
    }

    /// Adds up a part of a document and its findings; gives the probability that it was spun, as far
    /// as an accusation may count on it.
    fn part(&mut self, text: &str, least: f32, total: &mut Total, findings: &mut Vec<Finding>) -> f32 {
        let model = self.model;
        let b = &mut self.buffers;
        b.tokens.read(text);
        b.reading.read(&b.tokens, &model.language_model);
        let words = b.tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).count();
        let fitted = b.fit(model, words, least);
        let (sampled, known) = known_words(&b.tokens, &model.language_model);
        total.sampled += sampled;
        total.known += known;
        let share = known as f32 / sampled.max(1) as f32;
        let mut bound = cautious(fitted.whole.evidence, Extent::Whole(words), share);
        let spun_words = fitted.part.as_ref().map_or(words, |part| part.words);
        total.fit.add(fitted.whole.evidence, words, fitted.fit(), spun_words);
        if let Some(part) = &fitted.part {
            let of_part = judge(&part.fit, Extent::Part(part.words), share, model.thresholds);
            if of_part.label != Label::Unknown {
                if total.mixed.as_ref().is_none_or(|m| m.0 < of_part.probability) {
                    total.mixed = Some((of_part.probability, part.fit.clone(), part.words));
                }
                bound = bound.max(of_part.probability);
            }
        }
        #[allow(clippy::cast_possible_truncation)]
        let spun = bound as f32;
        if spun < least {
            // It bounds the confidence of every finding.
            return spun;
        }
        if let Some(part) = &fitted.part {
            let of = part.sections(&mut b.fitter, &b.candidates, &b.tokens, share);
            total.sections.extend(of);
        }
        b.decode(model, &fitted.fit().channel);
        let scanned = Scanned {
            text,
            tokens: &b.tokens,
            candidates: &b.candidates,
            dictionaries: &model.dictionaries,
            fit: fitted.fit(),
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

/// Fills in the lines of sections, and the lines and columns of findings; both are in the order of
/// the text.
pub(crate) fn locate(text: &str, sections: &mut [Section], findings: &mut [Finding]) {
    let (mut at, mut line) = (0, 1);
    let mut line_of = |offset: usize| {
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[at..offset]).count();
        at = offset;
        line
    };
    for section in sections {
        (section.line, section.end_line) = (line_of(section.start), line_of(section.end));
    }

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
