//! What the evidence says of the document as a whole.

use serde::{Deserialize, Serialize};

use crate::dictionary::{STYLES, Style};

use super::profile::Thresholds;
use super::rate::Fit;

/// The judgement on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Rewritten by a machine, beyond reasonable doubt.
    Spun,
    /// More likely rewritten than not, or nearly so: worth a look.
    Suspect,
    /// No sign of rewriting.
    Clean,
    /// Too little text, or not English.
    Unknown,
}

impl Label {
    /// The name used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Label::Spun => "spun",
            Label::Suspect => "suspect",
            Label::Clean => "clean",
            Label::Unknown => "unknown",
        }
    }
}

/// How much of a document's spinning is of one style.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StyleShare {
    /// The style's name, as in [`Style::name`].
    pub name: String,
    /// Between 0 and 1.
    pub share: f32,
}

/// What is said of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The judgement.
    pub label: Label,
    /// How probable it is that the document was spun, 0 to 1.
    pub probability: f64,
    /// The decimal logarithm of the odds of that.
    pub log10_odds: f64,
    /// The share of possible swaps that were made, 0 to 1.
    pub spin_rate: f32,
    /// The styles the spinning shows, the largest share first; empty where there is none.
    pub styles: Vec<StyleShare>,
}

/// A document of fewer words than this is only judged on overwhelming evidence.
const FEW_WORDS: usize = 60;

/// The share of words the language model must know for a text to count as English. Of the
/// genuine texts it knows 89 in 100 at the least.
const ENGLISH: f32 = 0.75;

/// Odds that count as overwhelming, as a decimal logarithm.
const OVERWHELMING: f64 = 4.0;

/// Evidence to log odds (natural): what counts is the evidence in so many words, since what
/// genuine text shows by chance grows with its length. Fitted by recipes/calibration.sh, which
/// gives -3.50 and .651 where both kinds are as many; here genuine documents are taken to be
/// twice as many as spun ones, since a wrong accusation is worse than a miss.
const PER_WORDS: f64 = 1000.0;
const FURTHER_WORDS: f64 = 150.0;
/// A short text counts as this long: a few words prove little, whatever they are. Set so that
/// genuine texts cut to 65 to 800 words are called spun no more often than about one in 250
/// (docs/model.md).
const LEAST_WORDS: f64 = 700.0;
/// The same for a part of a document, whose evidence is charged for the choice already.
const LEAST_WORDS_OF_PART: f64 = 400.0;
const OFFSET: f64 = -4.19;
const SLOPE: f64 = 0.651;

/// What evidence is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Of a document of so many words.
    Whole(usize),
    /// Of a part of so many words, which was chosen for its evidence.
    Part(usize),
}

impl Extent {
    fn words(self) -> usize {
        match self {
            Extent::Whole(words) | Extent::Part(words) => words,
        }
    }

    /// The words among which its evidence counts.
    fn in_words(self) -> f64 {
        let least = match self {
            Extent::Whole(_) => LEAST_WORDS,
            Extent::Part(_) => LEAST_WORDS_OF_PART,
        };
        (self.words() as f64 + FURTHER_WORDS).max(least)
    }
}

/// The evidence per 1,000 words, in natural logarithms: what [`judge`] turns into a probability.
#[must_use]
pub fn density(evidence: f32, of: Extent) -> f64 {
    PER_WORDS * f64::from(evidence) / of.in_words()
}

/// Below these densities of what is telling by itself, of a document and of its spun part, it is not
/// looked at more closely: of 494 documents that were held spun none lies below, of 162 of which a
/// part was one does, of genuine ones nineteen in twenty.
const SUSPICIOUS: f64 = 1.5;
const SUSPICIOUS_PART: f64 = 0.8;

/// Whether a fit to what is telling calls for a closer look.
#[must_use]
pub fn is_suspicious(fit: &Fit, of: Extent) -> bool {
    let least = match of {
        Extent::Whole(_) => SUSPICIOUS,
        Extent::Part(_) => SUSPICIOUS_PART,
    };
    density(fit.evidence, of) >= least
}

/// From this density of evidence on it is looked whether a thesaurus explains more.
const WORTH_A_LOOK: f64 = 3.0;

/// What a thesaurus must explain beyond the known styles, as a density: genuine documents
/// reach 5, those of known styles 2, nearly all that a thesaurus spun are above 24.
const THESAURUS_MORE: f64 = 10.0;

/// Whether the thesaurus layer is worth reading for a document.
#[must_use]
pub fn is_worth_a_look(fit: &Fit, of: Extent) -> bool {
    // A look only costs time: short texts get one as soon as parts do.
    density(fit.evidence, Extent::Part(of.words())) >= WORTH_A_LOOK
}

/// What the evidence of a fit with the thesaurus layer counts beside that of one without.
#[must_use]
pub fn discounted(evidence: f32, of: Extent) -> f32 {
    #[allow(clippy::cast_possible_truncation)]
    let discount = (THESAURUS_MORE * Extent::Part(of.words()).in_words() / PER_WORDS) as f32;
    evidence - discount
}

/// Judges a document, or a part of one, of whose words the language model knows the share `known`,
/// with labels from the probabilities `from` on.
#[must_use]
pub fn judge(fit: &Fit, of: Extent, known: f32, from: Thresholds) -> Verdict {
    let log_odds = (OFFSET + SLOPE * density(fit.evidence, of)).clamp(-700.0, 700.0);
    let english = known >= ENGLISH;
    let probability = if english { 1.0 / (1.0 + (-log_odds).exp()) } else { 0.0 };
    let log10_odds = (log_odds / std::f64::consts::LN_10 * 1e4).round() / 1e4;
    let label = if !english || (of.words() < FEW_WORDS && log10_odds < OVERWHELMING) {
        Label::Unknown
    } else if probability >= from.spun {
        Label::Spun
    } else if probability >= from.suspect {
        Label::Suspect
    } else {
        Label::Clean
    };
    let mut styles = Vec::new();
    if matches!(label, Label::Spun | Label::Suspect) {
        styles = (0..STYLES)
            .filter(|&s| fit.mixture[s] >= 0.05)
            .map(|s| StyleShare { name: Style::ALL[s].name().to_string(), share: (fit.mixture[s] * 1e3).round() / 1e3 })
            .collect();
        styles.sort_by(|a, b| b.share.total_cmp(&a.share));
    }
    let spin_rate = if english { (fit.rate * 1e3).round() / 1e3 } else { 0.0 };
    Verdict { label, probability, log10_odds, spin_rate, styles }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(evidence: f32, words: usize, known: f32) -> Verdict {
        judge(
            &Fit { rate: 0.4, mixture: [1.0 / STYLES as f32; STYLES], evidence, channel: Vec::new(), left: Vec::new() },
            Extent::Whole(words),
            known,
            Thresholds::default(),
        )
    }

    #[test]
    fn labels_follow_the_probability() {
        assert_eq!(verdict(100.0, 500, 0.95).label, Label::Spun);
        assert_eq!(verdict(-10.0, 500, 0.95).label, Label::Clean);
        assert_eq!(verdict(-10.0, 20, 0.95).label, Label::Unknown);
        assert_eq!(verdict(100.0, 500, 0.2).label, Label::Unknown);
        assert!(verdict(100.0, 500, 0.95).styles.len() == STYLES);
        assert!(verdict(-1e30, 500, 0.95).probability >= 0.0);
    }
}
