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

/// The probability that counts as overwhelming.
const OVERWHELMING: f64 = 0.9999;

/// The share of documents that are taken to be spun before anything is read: genuine ones are
/// twice as many, since a wrong accusation is worse than a miss.
pub const SPUN: f64 = 1.0 / 3.0;

/// What genuine text shows by chance grows with its length, and so does what a spun one must show.
/// Evidence counts in so many words; in fewer, all of it by `words / AMONG` to the power `SHORT`,
/// which fits best, and in more by `words / AMONG` itself: there .3 would fit better too, but what is
/// long is often of several hands, and more so than what was fitted on (docs/model.md).
const AMONG: f64 = 600.0;
const SHORT: f64 = 0.3;

/// Log odds (natural) of no evidence in `AMONG` words, what one of the evidence that counts adds, and
/// what a length `e` times as large does: that a longer text shows nothing says more.
/// recipes/calibration.sh fits these three.
const OFFSET: f64 = -3.888;
const SLOPE: f64 = 0.858;
const LENGTH: f64 = -0.354;

/// A label takes a document for so long at the least: few words prove little, whatever they are, and
/// the most that genuine texts cut short show is rarer than what was fitted on tells. So those cut to
/// 65 to 800 words are called spun no more often than about one in 250 (docs/model.md).
const LEAST_WORDS: usize = 600;

/// Evidence of a part to log odds, by its density: the part was chosen, and is charged for it. The
/// offset was set so that as many are called spun as before the thresholds were set anew.
const PER_WORDS: f64 = 1000.0;
const FURTHER_WORDS: f64 = 150.0;
const LEAST_WORDS_OF_PART: f64 = 400.0;
const OFFSET_OF_PART: f64 = -4.39;
const SLOPE_OF_PART: f64 = 0.651;

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

    /// The same as it counts for labels.
    fn of_some_length(self) -> Extent {
        match self {
            Extent::Whole(words) => Extent::Whole(words.max(LEAST_WORDS)),
            Extent::Part(_) => self,
        }
    }
}

/// The evidence per 1,000 words, in natural logarithms: by it parts are judged, and whether a
/// second look is worth it.
#[must_use]
pub fn density(evidence: f32, words: usize) -> f64 {
    PER_WORDS * f64::from(evidence) / in_words(words)
}

fn in_words(words: usize) -> f64 {
    (words as f64 + FURTHER_WORDS).max(LEAST_WORDS_OF_PART)
}

/// What the log odds of a document of so many words are linear in: its evidence as it counts among
/// so many, and its length.
#[must_use]
pub fn figures(evidence: f32, words: usize) -> [f64; 2] {
    let length = words.max(FEW_WORDS) as f64 / AMONG;
    [f64::from(evidence) / length.max(length.powf(SHORT)), length.ln()]
}

/// The log odds, in natural logarithms, that what shows this evidence was spun.
fn log_odds(evidence: f32, of: Extent) -> f64 {
    let log_odds = match of {
        Extent::Whole(words) => {
            let [counted, length] = figures(evidence, words);
            OFFSET + SLOPE * counted + LENGTH * length
        }
        Extent::Part(words) => OFFSET_OF_PART + SLOPE_OF_PART * density(evidence, words),
    };
    log_odds.clamp(-700.0, 700.0)
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The probability that an accusation may count on: that for a document of some length, where this
/// one is shorter. It bounds the confidence of findings, and labels are made from it.
#[must_use]
pub fn cautious(evidence: f32, of: Extent, known: f32) -> f64 {
    if known < ENGLISH { 0.0 } else { probability(log_odds(evidence, of.of_some_length())) }
}

/// Below these densities of what is telling by itself, of a document and of its spun part, it is not
/// looked at more closely: of 494 documents that were held spun none lies below, of 162 of which a
/// part was one does, of genuine ones more than nine in ten.
const SUSPICIOUS: f64 = 1.5;
const SUSPICIOUS_PART: f64 = 0.8;

/// Whether a fit to what is telling calls for a closer look.
#[must_use]
pub fn is_suspicious(fit: &Fit, of: Extent) -> bool {
    let least = match of {
        Extent::Whole(_) => SUSPICIOUS,
        Extent::Part(_) => SUSPICIOUS_PART,
    };
    density(fit.evidence, of.words()) >= least
}

/// From this density of evidence on it is looked whether a thesaurus explains more.
const WORTH_A_LOOK: f64 = 3.0;

/// What a thesaurus must explain beyond the known styles, as a density: genuine documents
/// reach 5, those of known styles 2, nearly all that a thesaurus spun are above 24.
const THESAURUS_MORE: f64 = 10.0;

/// From this density on known styles explain a document so well that a thesaurus has nothing to
/// add: where it explained more, which in 621 spun documents of known styles it never did, they had
/// reached 30.
const WELL_EXPLAINED: f64 = 50.0;

/// Whether slips and the thesaurus layer are worth reading for a document.
#[must_use]
pub fn is_worth_a_look(fit: &Fit, of: Extent) -> bool {
    density(fit.evidence, of.words()) >= WORTH_A_LOOK
}

/// Whether the thesaurus layer can add nothing to a fit to known styles.
#[must_use]
pub fn is_well_explained(fit: &Fit, of: Extent) -> bool {
    density(fit.evidence, of.words()) >= WELL_EXPLAINED
}

/// What the evidence of a fit with the thesaurus layer counts beside that of one without.
#[must_use]
pub fn discounted(evidence: f32, of: Extent) -> f32 {
    #[allow(clippy::cast_possible_truncation)]
    let discount = (THESAURUS_MORE * in_words(of.words()) / PER_WORDS) as f32;
    evidence - discount
}

/// Judges a document, or a part of one, of whose words the language model knows the share `known`,
/// with labels from the probabilities `from` on.
#[must_use]
pub fn judge(fit: &Fit, of: Extent, known: f32, from: Thresholds) -> Verdict {
    let english = known >= ENGLISH;
    // Nothing was fitted on fewer words, and nothing is claimed of them.
    let log_odds = log_odds(fit.evidence, if of.words() < FEW_WORDS { of.of_some_length() } else { of });
    let probability = if english { probability(log_odds) } else { 0.0 };
    let log10_odds = (log_odds / std::f64::consts::LN_10 * 1e4).round() / 1e4;
    let cautious = cautious(fit.evidence, of, known);
    let label = if !english || (of.words() < FEW_WORDS && cautious < OVERWHELMING) {
        Label::Unknown
    } else if cautious >= from.spun {
        Label::Spun
    } else if cautious >= from.suspect {
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

    #[test]
    fn more_words_ask_for_more_evidence_at_every_length() {
        let lengths = [60, 65, 100, 250, 500, 599, 600, 601, 1_000, 2_000, 10_000, 1_000_000];
        for evidence in [0.0, 1.0, 4.0, 12.0, 60.0] {
            let probabilities = lengths.map(|words| verdict(evidence, words, 0.95).probability);
            assert!(probabilities.windows(2).all(|p| p[0] >= p[1]), "{evidence}: {probabilities:?}");
        }
        for words in lengths {
            let probabilities = [-3.0, 0.0, 2.0, 5.0, 9.0].map(|e| verdict(e, words, 0.95).probability);
            assert!(probabilities.windows(2).all(|p| p[0] < p[1]), "{words}: {probabilities:?}");
        }
    }

    #[test]
    fn a_few_words_are_believed_but_not_accused() {
        let short = verdict(5.0, 65, 0.95);
        assert!(short.probability > 0.9 && short.label == Label::Suspect, "{short:?}");
        for (words, is_bound) in [(65, true), (599, true), (600, false), (5_000, false)] {
            let of = Extent::Whole(words);
            let bound = cautious(5.0, of, 0.95);
            let probability = verdict(5.0, words, 0.95).probability;
            assert_eq!(bound < probability, is_bound, "{words}: {bound}, {probability}");
            assert!(bound <= probability && cautious(5.0, of, 0.2) == 0.0);
        }
        // Fewer still are not even believed.
        let fewest = verdict(3.0, 2, 0.95);
        assert!(fewest.probability < 0.5 && fewest.label == Label::Unknown, "{fewest:?}");
    }
}
