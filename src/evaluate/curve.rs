//! How well a probability tells two kinds of documents apart at every threshold.

use serde::Serialize;

/// The shares of genuine documents at which thresholds are given.
const FALSE_RATES: [f64; 3] = [0.001, 0.01, 0.05];

/// One threshold of a curve: what is flagged where a probability of at least so much flags.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The threshold.
    pub threshold: f64,
    /// The share of genuine documents that are flagged.
    pub false_rate: f64,
    /// The share of spun documents that are flagged, which is recall.
    pub true_rate: f64,
    /// The share of flagged documents that are spun, in a collection mixed like this one.
    pub precision: f64,
}

/// What a bound on false alarms costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FalseRate {
    /// At most this share of genuine documents is flagged.
    pub at_most: f64,
    /// The threshold for it: what is above is flagged.
    pub threshold: f64,
    /// How many genuine documents that are.
    pub flagged: usize,
    /// The share of spun documents above it.
    pub true_rate: f64,
}

/// The curves of two kinds of documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// How many are spun, and how many genuine.
    pub spun: usize,
    /// See `spun`.
    pub genuine: usize,
    /// The area under the ROC curve (Hanley and McNeil 1982): how often a spun document gets a
    /// higher probability than a genuine one, ties counted half.
    pub auc: f64,
    /// What bounds on false alarms cost.
    pub false_rates: Vec<FalseRate>,
    /// The corners of the ROC curve, from the highest threshold down.
    pub points: Vec<Point>,
}

impl Curve {
    /// The curve of documents of which is known whether they are spun, and how probable that was
    /// said to be. `None` unless there are both kinds.
    #[must_use]
    pub fn of(verdicts: &[(bool, f64)]) -> Option<Curve> {
        let (spun, genuine) = by_truth(verdicts);
        if spun.is_empty() || genuine.is_empty() {
            return None;
        }
        let false_rates = FALSE_RATES.map(|at_most| {
            let threshold = threshold(&genuine, at_most);
            let flagged = genuine.len() - genuine.partition_point(|p| *p <= threshold);
            FalseRate { at_most, threshold, flagged, true_rate: share_above(&spun, threshold) }
        });
        Some(Curve {
            spun: spun.len(),
            genuine: genuine.len(),
            auc: area(&spun, &genuine),
            false_rates: false_rates.into(),
            points: points(&spun, &genuine),
        })
    }
}

/// The probabilities of spun and of genuine documents, each in ascending order.
pub(super) fn by_truth(verdicts: &[(bool, f64)]) -> (Vec<f64>, Vec<f64>) {
    let of = |truth| {
        let mut p: Vec<f64> = verdicts.iter().filter(|v| v.0 == truth).map(|v| v.1).collect();
        p.sort_unstable_by(f64::total_cmp);
        p
    };
    (of(true), of(false))
}

/// The threshold above which at most the share `at_most` of ascending values lies.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn threshold(ascending: &[f64], at_most: f64) -> f64 {
    let count = ascending.len();
    ascending[((count as f64 * (1.0 - at_most)) as usize).min(count - 1)]
}

/// The share of ascending values above a threshold.
pub(super) fn share_above(ascending: &[f64], threshold: f64) -> f64 {
    (ascending.len() - ascending.partition_point(|p| *p <= threshold)) as f64 / ascending.len() as f64
}

/// The area under the ROC curve, of ascending values.
pub(super) fn area(spun: &[f64], genuine: &[f64]) -> f64 {
    let wins = |p: &f64| {
        let (below, not_above) = (genuine.partition_point(|g| g < p), genuine.partition_point(|g| g <= p));
        below as f64 + 0.5 * (not_above - below) as f64
    };
    spun.iter().map(wins).sum::<f64>() / spun.len() as f64 / genuine.len() as f64
}

/// The corners of the ROC curve: thresholds between which only one kind of document lies are
/// left out.
fn points(spun: &[f64], genuine: &[f64]) -> Vec<Point> {
    let mut thresholds: Vec<f64> = spun.iter().chain(genuine).copied().collect();
    thresholds.sort_unstable_by(|a, b| b.total_cmp(a));
    thresholds.dedup();
    let mut points: Vec<Point> = Vec::new();
    for threshold in thresholds {
        let flagged = |ascending: &[f64]| ascending.len() - ascending.partition_point(|p| *p < threshold);
        let (hits, alarms) = (flagged(spun), flagged(genuine));
        let point = Point {
            threshold,
            false_rate: alarms as f64 / genuine.len() as f64,
            true_rate: hits as f64 / spun.len() as f64,
            precision: hits as f64 / (hits + alarms) as f64,
        };
        if let [.., before, last] = points[..] {
            #[allow(clippy::float_cmp)]
            let upright = before.false_rate == point.false_rate && last.false_rate == point.false_rate;
            #[allow(clippy::float_cmp)]
            let level = before.true_rate == point.true_rate && last.true_rate == point.true_rate;
            if upright || level {
                points.pop();
            }
        }
        points.push(point);
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_six_documents() {
        let verdicts = [(true, 0.9), (true, 0.8), (false, 0.7), (true, 0.7), (false, 0.2), (false, 0.1)];
        let curve = Curve::of(&verdicts).unwrap();
        // Of nine pairs eight are won and one is a tie.
        assert!((curve.auc - 8.5 / 9.0).abs() < 1e-15);
        let corners: Vec<_> = curve.points.iter().map(|p| (p.threshold, p.false_rate, p.true_rate)).collect();
        let (third, two) = (1.0 / 3.0, 2.0 / 3.0);
        assert_eq!(corners, [(0.9, 0.0, third), (0.8, 0.0, two), (0.7, third, 1.0), (0.1, 1.0, 1.0)]);
        assert_eq!(curve.points[2].precision, 0.75);
        assert_eq!(curve.false_rates[0], FalseRate { at_most: 0.001, threshold: 0.7, flagged: 0, true_rate: two });
        assert!(Curve::of(&verdicts[..2]).is_none());
    }

    #[test]
    fn thresholds_flag_no_more_than_they_may() {
        let ascending: Vec<f64> = (0..1000).map(f64::from).collect();
        for (at_most, flagged) in [(0.001, 0), (0.01, 9), (0.05, 49)] {
            let threshold = threshold(&ascending, at_most);
            assert_eq!(ascending.iter().filter(|p| **p > threshold).count(), flagged);
        }
        assert_eq!(threshold(&[0.5], 0.05), 0.5);
    }
}
