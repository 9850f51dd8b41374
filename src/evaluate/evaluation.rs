//! Everything that is said of a folder of samples.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::Label;

use super::curve::Curve;
use super::figures::{Figures, Tally};
use super::grades::{GradeFigures, ThresholdFigures, grades, thresholds};
use super::reliability::{Reliabilities, Reliability};
use super::scored::Scored;
use super::slices::{LabelCounts, Slices};
use super::worst::Worst;
use crate::detect::SPUN;

/// The version of an evaluation's fields in JSON. Fields are only ever added to it.
pub const EVALUATION_SCHEMA: u32 = 1;

/// The group of all texts.
const ALL: &str = "ALL";

/// The figures of a folder of samples.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// [`EVALUATION_SCHEMA`].
    pub schema: u32,
    /// How many texts there are.
    pub texts: usize,
    /// The figures of each folder, in order, and of `ALL`.
    #[serde(serialize_with = "as_map")]
    pub groups: Vec<(String, Figures)>,
    /// By style, rate, length and genre.
    #[serde(flatten)]
    pub slices: Slices,
    /// The labels of texts that were spun, and of genuine ones.
    pub labels: Labels,
    /// How well verdicts separate; `None` unless there are texts of both kinds.
    pub curve: Option<Curve>,
    /// Whether probabilities mean what they say.
    pub reliability: ReliabilityTables,
    /// Findings by grade, the best first.
    pub grades: Vec<GradeFigures>,
    /// What other thresholds of confidence would give.
    pub thresholds: Vec<ThresholdFigures>,
    /// The worst errors.
    pub worst: Worst,
}

/// Labels by truth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Labels {
    /// Of texts that were spun.
    pub spun: LabelCounts,
    /// Of genuine ones.
    pub genuine: LabelCounts,
}

/// Whether the three kinds of probabilities mean what they say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReliabilityTables {
    /// That the document was spun. Documents labelled `unknown` are left out: nothing is claimed
    /// of them.
    pub documents: Reliabilities,
    /// The same as in a collection where genuine documents are twice as many as spun ones, which
    /// probabilities are made for; `None` unless there are texts of both kinds.
    pub documents_at_prior: Option<Reliability>,
    /// That a finding's phrase was swapped: right where it overlaps a known edit.
    pub findings: Reliabilities,
    /// That the first replacement stood there, among findings that are right: right where the
    /// text comes out as an accepted original.
    pub replacements: Reliabilities,
}

impl Evaluation {
    /// Adds up texts, which are to be in the order of their paths, and lists the `worst` worst
    /// errors of each kind.
    #[must_use]
    pub fn of(scored: &[Scored], worst: usize) -> Evaluation {
        let mut groups: BTreeMap<&str, Tally> = BTreeMap::new();
        let mut total = Tally::default();
        for text in scored {
            groups.entry(&text.sample.group).or_default().add(&text.tally);
            total.add(&text.tally);
        }
        let mut groups: Vec<_> = groups.into_iter().map(|(name, tally)| (name.to_string(), tally.figures())).collect();
        groups.push((ALL.to_string(), total.figures()));
        Evaluation {
            schema: EVALUATION_SCHEMA,
            texts: scored.len(),
            groups,
            slices: Slices::of(scored),
            labels: Labels {
                spun: LabelCounts::of(scored.iter().filter(|s| s.sample.is_spun())),
                genuine: LabelCounts::of(scored.iter().filter(|s| !s.sample.is_spun())),
            },
            curve: Curve::of(&total.verdicts),
            reliability: ReliabilityTables::of(scored),
            grades: grades(scored),
            thresholds: thresholds(scored),
            worst: Worst::of(scored, worst),
        }
    }
}

impl ReliabilityTables {
    fn of(scored: &[Scored]) -> ReliabilityTables {
        let (mut documents, mut findings, mut replacements) = (Vec::new(), Vec::new(), Vec::new());
        for text in scored {
            let group = text.sample.group.as_str();
            if text.report.verdict.label != Label::Unknown {
                documents.push((group, text.report.verdict.probability, text.sample.is_spun()));
            }
            for cluster in &text.clusters {
                let right = !cluster.gold.is_empty();
                for finding in cluster.found.iter().map(|&i| &text.report.findings[i]) {
                    findings.push((group, f64::from(finding.confidence), right));
                    if let Some(first) = finding.replacements.first().filter(|_| right) {
                        replacements.push((group, f64::from(first.probability), cluster.restored));
                    }
                }
            }
        }
        let claims: Vec<(f64, bool)> = documents.iter().map(|d| (d.1, d.2)).collect();
        ReliabilityTables {
            documents_at_prior: Reliability::at_share(&claims, SPUN),
            documents: Reliabilities::of(&documents),
            findings: Reliabilities::of(&findings),
            replacements: Reliabilities::of(&replacements),
        }
    }

    /// The three with their names.
    pub(super) fn named(&self) -> [(&'static str, &Reliabilities); 3] {
        [("documents", &self.documents), ("findings", &self.findings), ("replacements", &self.replacements)]
    }
}

/// Pairs as an object with its fields in their order.
#[allow(clippy::ptr_arg)]
pub(super) fn as_map<V: Serialize, S: Serializer>(pairs: &Vec<(String, V)>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

impl Reliabilities {
    /// All, then the groups.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&str, &Reliability)> {
        let all = self.all.iter().map(|r| (ALL, r));
        self.groups.iter().map(|(name, r)| (name.as_str(), r)).chain(all)
    }
}
