//! Findings by grade and by confidence.

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::Serialize;

use crate::Applicability;

use super::figures::{EditFigures, GenuineFigures, Tally, ratio};
use super::scored::Scored;

/// Thresholds of confidence that are compared.
const THRESHOLDS: [f32; 23] = [
    0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97,
    0.98, 0.99, 0.995,
];

/// Reports that were made elsewhere are taken to have all findings from about here on.
const USUAL: f32 = 0.5;

/// The figures of the findings of one grade.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GradeFigures {
    /// The grade.
    pub grade: Applicability,
    /// Findings of it in texts with known edits.
    pub found: usize,
    /// The share of them that overlap a known edit.
    pub detect_precision: Option<f64>,
    /// The share of them that give exactly an accepted original.
    pub restore_precision: Option<f64>,
    /// The share of all known edits that a finding of this grade overlaps, and none of a better one.
    pub detect_recall: Option<f64>,
    /// The share of all known edits that are undone by these.
    pub restore_recall: Option<f64>,
    /// Findings of it in 10,000 words of genuine text.
    pub false_per_10k: Option<f64>,
}

/// What a threshold of confidence gives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ThresholdFigures {
    /// Findings of at least this confidence are kept.
    pub confidence: f32,
    /// Findings that are kept in texts with known edits.
    pub found: usize,
    /// The figures of edits.
    #[serde(flatten)]
    pub edits: Option<EditFigures>,
    /// The figures of genuine text.
    #[serde(flatten)]
    pub genuine: Option<GenuineFigures>,
}

/// The figures of each grade, the best first.
pub(super) fn grades(scored: &[Scored]) -> Vec<GradeFigures> {
    let gold: usize = scored.iter().map(|s| s.gold.len()).sum();
    let words: usize = scored.iter().map(|s| s.tally.clean_words).sum();
    let of = |grade| {
        let (mut found, mut right, mut exact, mut hit, mut undone, mut alarms) = (0, 0, 0, 0, 0, 0);
        for text in scored {
            let is = |i: &usize| text.report.findings[*i].applicability == grade;
            if text.sample.gold.is_none() {
                alarms += text.report.findings.iter().filter(|f| f.applicability == grade).count();
                continue;
            }
            for cluster in &text.clusters {
                let here = cluster.found.iter().filter(|i| is(i)).count();
                found += here;
                if cluster.gold.is_empty() {
                    continue;
                }
                right += here;
                exact += if cluster.restored { here } else { 0 };
                let best = cluster.found.iter().map(|&i| text.report.findings[i].applicability).max();
                if best == Some(grade) {
                    hit += cluster.gold.len();
                    undone += if cluster.restored { cluster.gold.len() } else { 0 };
                }
            }
        }
        GradeFigures {
            grade,
            found,
            detect_precision: ratio(right, found),
            restore_precision: ratio(exact, found),
            detect_recall: ratio(hit, gold),
            restore_recall: ratio(undone, gold),
            false_per_10k: ratio(alarms, words).map(|share| 1e4 * share),
        }
    };
    let mut grades = [Applicability::Safe, Applicability::Unsafe, Applicability::Display];
    grades.sort_by_key(|grade| Reverse(*grade));
    grades.map(of).into()
}

/// The figures at each threshold of confidence. Reports that were made elsewhere say nothing of
/// thresholds below the usual one.
pub(super) fn thresholds(scored: &[Scored]) -> Vec<ThresholdFigures> {
    let least = if scored.iter().all(Scored::is_observed) { 0.0 } else { USUAL };
    let of = |&confidence: &f32| {
        let mut sum = Tally::default();
        scored.iter().for_each(|text| sum.add(&text.tally_from(confidence)));
        let figures = sum.figures();
        ThresholdFigures { confidence, found: sum.found, edits: figures.edits, genuine: figures.genuine }
    };
    THRESHOLDS.par_iter().filter(|t| **t >= least).map(of).collect()
}
