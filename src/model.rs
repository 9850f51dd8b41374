//! The model: everything that scanning needs, immutable and shared, and the workers that
//! hold the buffers of one thread.

use std::fmt;

use rayon::prelude::*;

use crate::decode::{Arc, Decoded, Decoder};
use crate::detect::{Candidates, Finding, FindingBuilder, Fit, Fitter, Label, Mixture, Scanned, judge};
use crate::dictionary::{Dictionary, DictionaryError, GAIN_SLOPE, GenuineUse, Inflector, Pack, STYLES, compile};
use crate::language_model::{LanguageModel, ModelError, Reading};
use crate::report::{Report, SCHEMA};
use crate::text::{TokenKind, Tokens};

/// Longer texts are scanned in sections of about this many bytes, so that memory stays bounded.
const SECTION: usize = 1 << 20;

/// Sections whose probability of being spun is below this are not decoded: no finding in
/// them could reach a confidence worth reporting.
const NOT_WORTH_DECODING: f64 = 0.02;

/// How many words are looked up to tell whether a text is English.
const LANGUAGE_SAMPLE: usize = 400;

/// The compiled dictionary and the language model that the program carries.
static ENGLISH_DICTIONARY: &[u8] = include_bytes!("../dictionaries/en/english.dict");
static ENGLISH_MODEL: &[u8] = include_bytes!("../dictionaries/en/english.lm");

/// Dictionaries, language model and thresholds. Immutable; `Send` and `Sync`.
///
/// ```
/// let model = unspin::Model::english();
/// let report = model.scan("A second spherical of negotiations was held, officers stated.");
/// assert_eq!(report.words, 9);
/// ```
#[derive(Debug)]
pub struct Model {
    language_model: LanguageModel,
    dictionaries: Vec<Dictionary>,
    min_confidence: f32,
}

/// What can go wrong when a model is built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A dictionary cannot be used.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The language model cannot be used.
    #[error(transparent)]
    LanguageModel(#[from] ModelError),
}

/// Builds a [`Model`] with other dictionaries or thresholds.
///
/// ```
/// use unspin::{ModelBuilder, dictionary::read_pack};
/// let pack = read_pack("mine", "mine.tsv", "frobnication\tmanagement\tn\n")?;
/// let model = ModelBuilder::english().pack(pack).min_confidence(0.7).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct ModelBuilder {
    language_model: Option<LanguageModel>,
    bundled: bool,
    dictionaries: Vec<Dictionary>,
    packs: Vec<Pack>,
    min_confidence: Option<f32>,
}

impl ModelBuilder {
    /// Begins with the bundled dictionary and language model.
    #[must_use]
    pub fn english() -> Self {
        ModelBuilder { bundled: true, ..Self::default() }
    }

    /// Begins with the bundled language model and no dictionary.
    #[must_use]
    pub fn without_dictionary() -> Self {
        Self::default()
    }

    /// Adds a pack of one's own.
    #[must_use]
    pub fn pack(mut self, pack: Pack) -> Self {
        self.packs.push(pack);
        self
    }

    /// Adds a compiled dictionary.
    #[must_use]
    pub fn dictionary(mut self, dictionary: Dictionary) -> Self {
        self.dictionaries.push(dictionary);
        self
    }

    /// Uses another language model.
    #[must_use]
    pub fn language_model(mut self, model: LanguageModel) -> Self {
        self.language_model = Some(model);
        self
    }

    /// Reports findings from this confidence on, 0 to 1; .5 where nothing is said.
    #[must_use]
    pub fn min_confidence(mut self, confidence: f32) -> Self {
        self.min_confidence = Some(confidence.clamp(0.0, 1.0));
        self
    }

    /// Builds the model.
    ///
    /// # Errors
    /// When a pack holds more pairs than a dictionary can, or embedded data is damaged.
    pub fn build(self) -> Result<Model, BuildError> {
        let language_model = match self.language_model {
            Some(model) => model,
            None => LanguageModel::from_bytes(ENGLISH_MODEL)?,
        };
        let mut dictionaries = self.dictionaries;
        if self.bundled {
            dictionaries.insert(0, Dictionary::from_bytes(ENGLISH_DICTIONARY)?);
        }
        if !self.packs.is_empty() {
            let none = GenuineUse::default();
            dictionaries.push(compile(&self.packs, Inflector::english(), &none, &language_model)?);
        }
        Ok(Model { language_model, dictionaries, min_confidence: self.min_confidence.unwrap_or(0.5) })
    }
}

impl Model {
    /// The model for English that the library carries: no files are needed.
    ///
    /// Costs well under a millisecond: dictionary and language model are read in place.
    ///
    /// # Panics
    /// Never: the embedded data is checked by the tests.
    #[must_use]
    #[allow(clippy::missing_panics_doc)]
    pub fn english() -> Model {
        match ModelBuilder::english().build() {
            Ok(model) => model,
            Err(error) => unreachable!("the embedded model is sound: {error}"),
        }
    }

    /// The language model.
    #[must_use]
    pub fn language_model(&self) -> &LanguageModel {
        &self.language_model
    }

    /// The dictionaries, the bundled one first.
    #[must_use]
    pub fn dictionaries(&self) -> &[Dictionary] {
        &self.dictionaries
    }

    /// A worker that scans documents one after the other and keeps its buffers.
    #[must_use]
    pub fn worker(&self) -> Worker<'_> {
        Worker { model: self, buffers: Buffers::default() }
    }

    /// Scans one document. Never panics, whatever the text.
    #[must_use]
    pub fn scan(&self, text: &str) -> Report {
        self.worker().scan(text)
    }

    /// Scans many documents on all cores. The reports are in the order of the texts, and the
    /// same whatever the number of threads.
    ///
    /// ```
    /// let reports = unspin::Model::english().scan_batch(&["One text.", "Another one."]);
    /// assert_eq!(reports.len(), 2);
    /// ```
    #[must_use]
    pub fn scan_batch<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Report> {
        texts.par_iter().map_init(|| self.worker(), |worker, text| worker.scan(text.as_ref())).collect()
    }
}

/// A candidate of a sentence with the terms that decide it, in natural logarithms.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explained {
    /// The phrase as it stands.
    pub phrase: String,
    /// What it may stand for.
    pub original: String,
    /// The pack of the dictionary that says so.
    pub pack: String,
    /// How usual the swap is, at the rate in question.
    pub channel: f32,
    /// How much more probable the original is in this context.
    pub context: f32,
    /// What genuine writers' use of both adds.
    pub genuine_use: f32,
    /// The probability that the original stood there, all readings of the sentence weighed.
    pub posterior: f32,
}

impl Model {
    /// Explains a sentence: all candidates in the order of the text, as they would be judged
    /// in a document that was spun at `rate` in no particular style.
    #[must_use]
    pub fn explain(&self, sentence: &str, rate: f32) -> Vec<Explained> {
        let mut buffers = Buffers::default();
        let b = &mut buffers;
        b.tokens.read(sentence);
        b.reading.read(&b.tokens, &self.language_model);
        b.candidates.read(&b.tokens, &b.reading, &self.dictionaries, &self.language_model, true);
        let channel: Vec<f32> =
            b.candidates.all.iter().map(|c| (rate * c.channel.iter().fold(0.0f32, |a, c| a.max(*c))).ln()).collect();
        b.decode(self, &channel);
        let slice = b.tokens.as_slice();
        let explained = b.candidates.all.iter().enumerate().map(|(number, candidate)| {
            let dictionary = &self.dictionaries[candidate.habit.dictionary as usize];
            let span = slice[candidate.start].start as usize..slice[candidate.end - 1].end as usize;
            Explained {
                phrase: sentence.get(span).unwrap_or_default().to_string(),
                original: dictionary.original(candidate.original).to_string(),
                pack: dictionary.pack(candidate.pack).to_string(),
                channel: channel[number],
                context: candidate.gain,
                genuine_use: candidate.merit() - candidate.gain,
                posterior: b.decoded.posterior[number],
            }
        });
        explained.collect()
    }
}

#[derive(Default)]
struct Buffers {
    tokens: Tokens,
    reading: Reading,
    candidates: Candidates,
    fitter: Fitter,
    decoder: Decoder,
    decoded: Decoded,
    arcs: Vec<Arc>,
    findings: FindingBuilder,
}

impl Buffers {
    /// Decodes the candidates, to each of which the spinner's habits add `channel`.
    fn decode(&mut self, model: &Model, channel: &[f32]) {
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

impl Worker<'_> {
    /// Scans one document; the same as [`Model::scan`].
    #[must_use]
    pub fn scan(&mut self, text: &str) -> Report {
        let mut total = Total::default();
        let mut findings = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let end = section_end(text, at);
            let before = findings.len();
            self.section(&text[at..end], &mut total, &mut findings);
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
        }
        Report { schema: SCHEMA, path: None, id: None, bytes: text.len() as u64, words: total.words, verdict, findings }
    }

    fn section(&mut self, text: &str, total: &mut Total, findings: &mut Vec<Finding>) {
        let model = self.model;
        let b = &mut self.buffers;
        b.tokens.read(text);
        b.reading.read(&b.tokens, &model.language_model);
        b.candidates.read(&b.tokens, &b.reading, &model.dictionaries, &model.language_model, false);
        let fit = b.fitter.fit(&b.candidates, &model.dictionaries);
        let words = b.tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)).count();
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
        if verdict.probability < NOT_WORTH_DECODING.min(f64::from(model.min_confidence)) {
            return;
        }
        b.decode(model, &fit.channel);
        #[allow(clippy::cast_possible_truncation)]
        let spun = verdict.probability as f32;
        let scanned = Scanned {
            text,
            tokens: &b.tokens,
            candidates: &b.candidates,
            dictionaries: &model.dictionaries,
            fit: &fit,
            decoded: &b.decoded,
            spun,
        };
        findings.extend(b.findings.build(&scanned, model.min_confidence));
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

/// Where the section that begins at `at` ends: after a line, else a sentence, else a word,
/// else wherever a character ends.
fn section_end(text: &str, at: usize) -> usize {
    if text.len() - at <= SECTION {
        return text.len();
    }
    let mut limit = at + SECTION;
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let window = &text.as_bytes()[at + SECTION / 2..limit];
    let cut = memchr::memrchr(b'\n', window)
        .or_else(|| memchr::memmem::rfind(window, b". ").map(|i| i + 1))
        .or_else(|| memchr::memrchr(b' ', window));
    cut.map_or(limit, |i| at + SECTION / 2 + i + 1)
}

/// Fills in the lines and columns of findings that are in the order of the text.
fn locate(text: &str, findings: &mut [Finding]) {
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
