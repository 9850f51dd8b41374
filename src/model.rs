//! The model: everything that scanning needs, immutable and shared.

use std::cell::RefCell;

use rayon::prelude::*;
use thread_local::ThreadLocal;

use crate::detect::{Applicability, Profile, Thresholds};
use crate::dictionary::{Dictionary, DictionaryError, GenuineUse, Inflector, Pack, compile};
use crate::language_model::{LanguageModel, ModelError};
use crate::report::Report;
use crate::restoration::Restoration;
use crate::worker::Worker;

/// The compiled dictionary that the program carries; the language model is a crate of its own.
static ENGLISH_DICTIONARY: &[u8] = include_bytes!("../dictionaries/en/english.dict");

/// Dictionaries, language model and thresholds. Immutable; `Send` and `Sync`.
///
/// ```
/// let model = unspin::Model::english();
/// let report = model.scan("A second spherical of negotiations was held, officers stated.");
/// assert_eq!(report.words, 9);
/// ```
#[derive(Debug)]
pub struct Model {
    pub(crate) language_model: LanguageModel,
    pub(crate) dictionaries: Vec<Dictionary>,
    pub(crate) min_confidence: f32,
    pub(crate) thresholds: Thresholds,
    pub(crate) thesaurus: bool,
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
    profile: Profile,
    threshold: Option<f64>,
    min_confidence: Option<f32>,
    no_thesaurus: bool,
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

    /// How ready to accuse the model is where nothing else is said; [`Profile::Balanced`] at first.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Labels documents `spun` from this probability on, 0 to 1; that of the profile where nothing
    /// is said.
    #[must_use]
    pub fn threshold(mut self, probability: f64) -> Self {
        self.threshold = Some(probability.clamp(0.0, 1.0));
        self
    }

    /// Reports findings from this confidence on, 0 to 1; that of the profile where nothing is said.
    #[must_use]
    pub fn min_confidence(mut self, confidence: f32) -> Self {
        self.min_confidence = Some(confidence.clamp(0.0, 1.0));
        self
    }

    /// Whether swaps that no spinner is known for are looked for in a thesaurus, where the rest
    /// of a document speaks for it; they are, where nothing is said.
    #[must_use]
    pub fn thesaurus(mut self, used: bool) -> Self {
        self.no_thesaurus = !used;
        self
    }

    /// Builds the model.
    ///
    /// # Errors
    /// When a pack holds more pairs than a dictionary can, or embedded data is damaged.
    pub fn build(self) -> Result<Model, BuildError> {
        let language_model = match self.language_model {
            Some(model) => model,
            None => LanguageModel::from_bytes(unspin_english::ENGLISH_LM)?,
        };
        let mut dictionaries = self.dictionaries;
        if self.bundled {
            dictionaries.insert(0, Dictionary::from_bytes(ENGLISH_DICTIONARY)?);
        }
        if !self.packs.is_empty() {
            let none = GenuineUse::default();
            dictionaries.push(compile(&self.packs, Inflector::english(), &none, &language_model)?);
        }
        let min_confidence = self.min_confidence.unwrap_or(self.profile.min_confidence());
        let of_profile = self.profile.thresholds();
        let thresholds = self.threshold.map_or(of_profile, |spun| of_profile.with_spun(spun));
        Ok(Model { language_model, dictionaries, min_confidence, thresholds, thesaurus: !self.no_thesaurus })
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
        Worker::new(self)
    }

    /// Scans one document. Never panics, whatever the text.
    #[must_use]
    pub fn scan(&self, text: &str) -> Report {
        self.worker().scan(text)
    }

    /// Restores one document: the findings of at least the grade `least` are undone, what stands
    /// beside them is repaired, and the text that comes out is looked at again until nothing is
    /// left to undo. Restoring what was restored changes nothing. Never panics.
    #[must_use]
    pub fn restore(&self, text: &str, least: Applicability) -> Restoration {
        self.worker().restore(text, least)
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
        let workers = ThreadLocal::new();
        let worker = || RefCell::new(self.worker());
        texts.par_iter().map(|text| workers.get_or(worker).borrow_mut().scan(text.as_ref())).collect()
    }
}
