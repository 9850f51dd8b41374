//! The same figures by style, rate, length and genre.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Label;

use super::figures::{Figures, Tally};
use super::scored::Scored;

/// Lengths of texts in words: below the first, from each to below the next, from the last on.
const LENGTHS: [usize; 4] = [60, 150, 400, 1001];
const LENGTH_NAMES: [&str; 5] = ["under 60", "60 to 149", "150 to 399", "400 to 1000", "over 1000"];

/// How many texts of one kind got which label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LabelCounts {
    /// How many texts there are.
    pub texts: usize,
    /// Labelled `clean`.
    pub clean: usize,
    /// Labelled `suspect`.
    pub suspect: usize,
    /// Labelled `spun`.
    pub spun: usize,
    /// Labelled `unknown`.
    pub unknown: usize,
    /// The mean probability of being spun; `None` where there is no text.
    pub mean_probability: Option<f64>,
}

/// The figures of some of the texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slice {
    /// What they have in common.
    pub name: String,
    /// The labels of those that were spun.
    pub spun: LabelCounts,
    /// The labels of those that are genuine.
    pub genuine: LabelCounts,
    /// Their figures.
    pub figures: Figures,
}

/// All slices.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Slices {
    /// By the style that folders are named after. How well verdicts separate is measured against
    /// all genuine texts.
    pub styles: Vec<Slice>,
    /// By the rate that folders are named after, likewise.
    pub rates: Vec<Slice>,
    /// By the number of words.
    pub lengths: Vec<Slice>,
    /// Genuine texts by folder.
    pub genres: Vec<Slice>,
}

impl LabelCounts {
    pub(super) fn of<'s>(scored: impl Iterator<Item = &'s Scored>) -> LabelCounts {
        let (mut counts, mut sum) = (LabelCounts::default(), 0.0);
        for text in scored {
            counts.texts += 1;
            sum += text.report.verdict.probability;
            *match text.report.verdict.label {
                Label::Clean => &mut counts.clean,
                Label::Suspect => &mut counts.suspect,
                Label::Spun => &mut counts.spun,
                Label::Unknown => &mut counts.unknown,
            } += 1;
        }
        counts.mean_probability = (counts.texts > 0).then(|| sum / counts.texts as f64);
        counts
    }
}

fn slice(name: &str, texts: &[&Scored], also: &[(bool, f64)]) -> Slice {
    let mut tally = Tally::default();
    texts.iter().for_each(|text| tally.add(&text.tally));
    tally.verdicts.extend(also);
    Slice {
        name: name.to_string(),
        spun: LabelCounts::of(texts.iter().copied().filter(|t| t.sample.is_spun())),
        genuine: LabelCounts::of(texts.iter().copied().filter(|t| !t.sample.is_spun())),
        figures: tally.figures(),
    }
}

impl Slices {
    /// Slices texts in every way.
    #[must_use]
    pub fn of(scored: &[Scored]) -> Slices {
        let genuine: Vec<(bool, f64)> =
            scored.iter().filter(|s| !s.sample.is_spun()).flat_map(|s| s.tally.verdicts.iter().copied()).collect();
        let by = |key: fn(&Scored) -> Option<String>, also: &[(bool, f64)]| -> Vec<Slice> {
            let mut texts: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
            for text in scored {
                if let Some(key) = key(text) {
                    texts.entry(key).or_default().push(text);
                }
            }
            texts.iter().map(|(name, texts)| slice(name, texts, also)).collect()
        };
        let mut rates = by(|s| s.sample.rate.clone().filter(|_| s.sample.is_spun()), &genuine);
        let number = |slice: &Slice| slice.name.parse::<f64>().unwrap_or(0.0);
        rates.sort_by(|a, b| number(a).total_cmp(&number(b)));
        let length = |text: &Scored| LENGTHS.partition_point(|from| *from <= text.words);
        let lengths = LENGTH_NAMES.iter().enumerate().filter_map(|(number, name)| {
            let texts: Vec<&Scored> = scored.iter().filter(|s| length(s) == number).collect();
            (!texts.is_empty()).then(|| slice(name, &texts, &[]))
        });
        Slices {
            styles: by(|s| s.sample.style.clone().filter(|_| s.sample.is_spun()), &genuine),
            rates,
            lengths: lengths.collect(),
            genres: by(|s| s.sample.gold.is_none().then(|| s.sample.group.clone()), &[]),
        }
    }
}
