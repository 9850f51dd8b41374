//! Counts of edits and verdicts, and the figures that follow from them.

use serde::Serialize;

use super::curve;
use super::edits::Cluster;

/// What was counted in some texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Known edits.
    pub gold: usize,
    /// Findings in texts that have known edits.
    pub found: usize,
    /// Known edits that a finding overlaps.
    pub hit_gold: usize,
    /// Findings that overlap a known edit.
    pub hit_found: usize,
    /// Known edits that the best replacements undo exactly.
    pub restored: usize,
    /// Findings whose best replacements do.
    pub restored_found: usize,
    /// Known edits that one of the best three undoes.
    pub within_three: usize,
    /// Findings in spun texts that overlap no known edit.
    pub damage: usize,
    /// Words of genuine texts.
    pub clean_words: usize,
    /// Findings in genuine texts.
    pub clean_found: usize,
    /// Of each text, whether it was spun and how probable that was said to be.
    pub verdicts: Vec<(bool, f64)>,
}

/// How well swaps are found and undone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[allow(non_snake_case)]
pub struct EditFigures {
    /// Known edits.
    pub gold: usize,
    /// The share of findings that overlap a known edit; `None` without findings.
    pub detect_P: Option<f64>,
    /// The share of known edits that a finding overlaps.
    pub detect_R: Option<f64>,
    /// The harmonic mean of both.
    pub detect_F1: f64,
    /// The share of findings whose best replacement gives exactly an accepted original.
    pub restore_P: Option<f64>,
    /// The share of known edits that are undone exactly.
    pub restore_R: Option<f64>,
    /// Their mean, with precision weighing twice as much as recall.
    pub restore_F05: f64,
    /// Of the known edits that were detected, the share undone by the best replacement.
    pub top1: Option<f64>,
    /// And by one of the best three.
    pub top3: Option<f64>,
    /// (Edits undone - edits made to genuine words) / known edits: what restoring is worth.
    pub net: f64,
}

/// How quiet it is on genuine text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GenuineFigures {
    /// Words of genuine text.
    pub clean_words: usize,
    /// Findings in 10,000 of them.
    pub false_per_10k: f64,
}

/// How well verdicts tell spun from genuine texts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeparationFigures {
    /// The area under the ROC curve: how often a spun text gets the higher probability.
    #[serde(rename = "AUC")]
    pub auc: f64,
    /// The share of spun texts found where at most 1 genuine text in 1,000 is accused.
    #[serde(rename = "TPR@0.001")]
    pub tpr_001: f64,
    /// The same at 1 in 100.
    #[serde(rename = "TPR@0.01")]
    pub tpr_01: f64,
}

/// The figures of some texts; those that do not apply are absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Of known edits, where there are any.
    #[serde(flatten)]
    pub edits: Option<EditFigures>,
    /// Of genuine texts, where there are any.
    #[serde(flatten)]
    pub genuine: Option<GenuineFigures>,
    /// Of verdicts, where there are texts of both kinds.
    #[serde(flatten)]
    pub separation: Option<SeparationFigures>,
    /// The mean of the verdicts' probabilities, where there are texts of one kind only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_probability: Option<f64>,
}

impl Tally {
    /// Counts the clusters of one text with known edits, of which `gold` were made and `found`
    /// found.
    #[must_use]
    pub fn of_edits(clusters: &[Cluster], gold: usize, found: usize) -> Tally {
        let mut tally = Tally { gold, found, ..Tally::default() };
        for cluster in clusters {
            match (cluster.gold.len(), cluster.found.len()) {
                (0, found) => tally.damage += found,
                (_, 0) => {}
                (gold, found) => {
                    tally.hit_gold += gold;
                    tally.hit_found += found;
                    tally.restored += if cluster.restored { gold } else { 0 };
                    tally.restored_found += if cluster.restored { found } else { 0 };
                    tally.within_three += if cluster.within_three { gold } else { 0 };
                }
            }
        }
        tally
    }

    /// Counts a genuine text of `words` words with `found` findings.
    #[must_use]
    pub fn of_genuine(words: usize, found: usize) -> Tally {
        Tally { clean_words: words, clean_found: found, ..Tally::default() }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Tally) {
        for (to, from) in [
            (&mut self.gold, other.gold),
            (&mut self.found, other.found),
            (&mut self.hit_gold, other.hit_gold),
            (&mut self.hit_found, other.hit_found),
            (&mut self.restored, other.restored),
            (&mut self.restored_found, other.restored_found),
            (&mut self.within_three, other.within_three),
            (&mut self.damage, other.damage),
            (&mut self.clean_words, other.clean_words),
            (&mut self.clean_found, other.clean_found),
        ] {
            *to += from;
        }
        self.verdicts.extend(&other.verdicts);
    }

    /// The figures that follow.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        if self.gold > 0 {
            let (p, r) = (ratio(self.hit_found, self.found), ratio(self.hit_gold, self.gold));
            let (rp, rr) = (ratio(self.restored_found, self.found), ratio(self.restored, self.gold));
            figures.edits = Some(EditFigures {
                gold: self.gold,
                detect_P: p,
                detect_R: r,
                detect_F1: f_measure(p, r, 1.0),
                restore_P: rp,
                restore_R: rr,
                restore_F05: f_measure(rp, rr, 0.5),
                top1: ratio(self.restored, self.hit_gold),
                top3: ratio(self.within_three, self.hit_gold),
                net: (self.restored as f64 - self.damage as f64) / self.gold as f64,
            });
        }
        if self.clean_words > 0 {
            let false_per_10k = 1e4 * self.clean_found as f64 / self.clean_words as f64;
            figures.genuine = Some(GenuineFigures { clean_words: self.clean_words, false_per_10k });
        }
        let (spun, genuine) = curve::by_truth(&self.verdicts);
        if !spun.is_empty() && !genuine.is_empty() {
            let found = |share| curve::share_above(&spun, curve::threshold(&genuine, share));
            figures.separation = Some(SeparationFigures {
                auc: curve::area(&spun, &genuine),
                tpr_001: found(0.001),
                tpr_01: found(0.01),
            });
        } else if !self.verdicts.is_empty() {
            let sum: f64 = spun.iter().chain(&genuine).sum();
            figures.mean_probability = Some(sum / self.verdicts.len() as f64);
        }
        figures
    }
}

/// The share `a / b`, where there is one.
pub(super) fn ratio(a: usize, b: usize) -> Option<f64> {
    (b > 0).then(|| a as f64 / b as f64)
}

/// The mean of precision and recall in which recall weighs `beta` times as much (van Rijsbergen
/// 1979).
pub(super) fn f_measure(precision: Option<f64>, recall: Option<f64>, beta: f64) -> f64 {
    match (precision, recall) {
        (Some(p), Some(r)) if p > 0.0 && r > 0.0 => {
            let square = beta * beta;
            (1.0 + square) * p * r / (square * p + r)
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(gold: usize, found: usize, restored: bool, within_three: bool) -> Cluster {
        Cluster {
            gold: (0..gold).collect(),
            found: (0..found).collect(),
            span: (0, 1),
            restored,
            within_three,
            wanted: String::new(),
            proposed: String::new(),
        }
    }

    /// Ten known edits and eight findings, worked out by hand.
    #[test]
    fn figures_follow_from_the_counts() {
        let clusters = [
            cluster(2, 1, true, true),
            cluster(1, 2, true, true),
            cluster(1, 1, false, true),
            cluster(1, 1, false, false),
            cluster(0, 3, false, false),
            cluster(5, 0, false, false),
        ];
        let mut tally = Tally::of_edits(&clusters, 10, 8);
        tally.verdicts.push((true, 0.75));
        let figures = tally.figures();
        let edits = figures.edits.unwrap();
        assert_eq!((edits.detect_P, edits.detect_R), (Some(5.0 / 8.0), Some(0.5)));
        assert_eq!((edits.restore_P, edits.restore_R), (Some(3.0 / 8.0), Some(0.3)));
        assert!((edits.detect_F1 - 5.0 / 9.0).abs() < 1e-12);
        // 1.25 x .375 x .3 / (.25 x .375 + .3)
        assert!((edits.restore_F05 - 0.357_142_857_142_857_1).abs() < 1e-12);
        assert_eq!((edits.top1, edits.top3, edits.net), (Some(0.6), Some(0.8), 0.0));
        assert_eq!((figures.genuine, figures.separation, figures.mean_probability), (None, None, Some(0.75)));
    }

    #[test]
    fn texts_of_both_kinds_have_a_curve_and_no_mean() {
        let mut tally = Tally::of_genuine(20_000, 3);
        tally.verdicts = vec![(true, 0.9), (false, 0.2), (true, 0.2), (false, 0.1)];
        let figures = tally.figures();
        assert_eq!(figures.genuine, Some(GenuineFigures { clean_words: 20_000, false_per_10k: 1.5 }));
        let separation = figures.separation.unwrap();
        assert_eq!((separation.auc, separation.tpr_001, figures.mean_probability), (0.875, 0.5, None));
    }

    #[test]
    fn nothing_found_gives_no_precision() {
        let figures = Tally::of_edits(&[cluster(4, 0, false, false)], 4, 0).figures().edits.unwrap();
        assert_eq!((figures.detect_P, figures.detect_R, figures.top1), (None, Some(0.0), None));
        assert_eq!((figures.detect_F1, figures.net), (0.0, 0.0));
        let json = serde_json::to_value(Tally::of_edits(&[], 1, 0).figures()).unwrap();
        assert!(json["detect_P"].is_null() && json.get("AUC").is_none());
    }
}
