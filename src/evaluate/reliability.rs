//! Whether probabilities mean what they say.

use serde::Serialize;

/// How many bins of equal width a reliability table has.
const BINS: usize = 10;

/// Probabilities nearer to 0 or 1 than this count as this near in the logarithmic loss.
const NEAREST: f64 = 1e-6;

/// What was said and what was so, among probabilities of one tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// From this probability.
    pub from: f64,
    /// To below this one; the last bin holds 1 too.
    pub to: f64,
    /// How many probabilities lie there.
    pub count: usize,
    /// Their mean; `None` in an empty bin.
    pub said: Option<f64>,
    /// The share that was right; `None` in an empty bin.
    pub right: Option<f64>,
}

/// A reliability table with the figures that sum it up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// How many probabilities were compared.
    pub count: usize,
    /// The mean probability.
    pub said: f64,
    /// The share that was right.
    pub right: f64,
    /// Expected calibration error: by how much what was said misses what was so, the mean over
    /// bins by their counts.
    pub ece: f64,
    /// The mean square of the difference between probability and truth (Brier 1950).
    pub brier: f64,
    /// The mean negative natural logarithm of the probability of the truth; probabilities are
    /// bounded by a millionth.
    pub log_loss: f64,
    /// The table.
    pub bins: Vec<Bin>,
}

/// Reliability overall and group by group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliabilities {
    /// Overall; `None` where nothing was to be compared.
    pub all: Option<Reliability>,
    /// By group, in the order of the groups, those left out in which nothing was to be compared.
    #[serde(serialize_with = "super::evaluation::as_map")]
    pub groups: Vec<(String, Reliability)>,
}

impl Reliability {
    /// Compares probabilities with the truth. `None` where there are none.
    #[must_use]
    pub fn of(claims: &[(f64, bool)]) -> Option<Reliability> {
        Reliability::weighted(&claims.iter().map(|&(said, right)| (said, right, 1.0)).collect::<Vec<_>>())
    }

    /// The same where claims weigh more and less, as those of a collection do that is mixed otherwise
    /// than what was measured. `None` where nothing weighs anything. Counts are of claims.
    #[must_use]
    pub fn weighted(claims: &[(f64, bool, f64)]) -> Option<Reliability> {
        // Of each bin how many claims, their weight, what they said, and what of it was right.
        let mut sums = [(0usize, 0.0f64, 0.0f64, 0.0f64); BINS];
        let (mut brier, mut log_loss) = (0.0, 0.0);
        for &(said, right, weight) in claims {
            let truth = f64::from(u8::from(right));
            let bin = &mut sums[bin_of(said)];
            bin.0 += 1;
            bin.1 += weight;
            bin.2 += weight * said;
            bin.3 += weight * truth;
            brier += weight * (said - truth).powi(2);
            let of_truth = if right { said } else { 1.0 - said };
            log_loss -= weight * of_truth.clamp(NEAREST, 1.0 - NEAREST).ln();
        }
        let all: f64 = sums.iter().map(|s| s.1).sum();
        if all <= 0.0 {
            return None;
        }
        let bins = sums.iter().enumerate().map(|(i, &(count, weight, said, right))| Bin {
            from: i as f64 / BINS as f64,
            to: (i + 1) as f64 / BINS as f64,
            count,
            said: (weight > 0.0).then(|| said / weight),
            right: (weight > 0.0).then(|| right / weight),
        });
        Some(Reliability {
            count: claims.len(),
            said: sums.iter().map(|s| s.2).sum::<f64>() / all,
            right: sums.iter().map(|s| s.3).sum::<f64>() / all,
            ece: sums.iter().map(|&(_, _, said, right)| (said - right).abs()).sum::<f64>() / all,
            brier: brier / all,
            log_loss: log_loss / all,
            bins: bins.collect(),
        })
    }

    /// Compares probabilities with the truth as in a collection of which the share `share` is so,
    /// whatever it is here. `None` unless some are so and some are not.
    #[must_use]
    pub fn at_share(claims: &[(f64, bool)], share: f64) -> Option<Reliability> {
        let so = claims.iter().filter(|c| c.1).count();
        let not = claims.len() - so;
        if so == 0 || not == 0 {
            return None;
        }
        let weight = |is_so: bool| if is_so { share / so as f64 } else { (1.0 - share) / not as f64 };
        Reliability::weighted(&claims.iter().map(|&(said, is_so)| (said, is_so, weight(is_so))).collect::<Vec<_>>())
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn bin_of(probability: f64) -> usize {
    ((probability * BINS as f64) as usize).min(BINS - 1)
}

impl Reliabilities {
    /// Compares claims, each with its group, the groups in order.
    #[must_use]
    pub fn of(claims: &[(&str, f64, bool)]) -> Reliabilities {
        let all: Vec<(f64, bool)> = claims.iter().map(|c| (c.1, c.2)).collect();
        let mut names: Vec<&str> = claims.iter().map(|c| c.0).collect();
        names.sort_unstable();
        names.dedup();
        let groups = names.into_iter().filter_map(|name| {
            let of: Vec<_> = claims.iter().filter(|c| c.0 == name).map(|c| (c.1, c.2)).collect();
            Reliability::of(&of).map(|r| (name.to_string(), r))
        });
        Reliabilities { all: Reliability::of(&all), groups: groups.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_claims_by_hand() {
        let claims = [(0.9, true), (0.95, false), (0.1, false), (0.0, false)];
        let table = Reliability::of(&claims).unwrap();
        // The last bin says .925 and is right in half; [.1, .2) says .1 and [0, .1) says 0.
        assert!((table.ece - (2.0 * 0.425 + 0.1) / 4.0).abs() < 1e-12);
        assert!((table.brier - (0.01 + 0.9025 + 0.01) / 4.0).abs() < 1e-12);
        let loss = -(0.9f64.ln() + 0.05f64.ln() + 0.9f64.ln() + (1.0 - 1e-6f64).ln()) / 4.0;
        assert!((table.log_loss - loss).abs() < 1e-12);
        assert_eq!((table.right, table.bins[9].count, table.bins[9].right), (0.25, 2, Some(0.5)));
        assert_eq!((table.bins[1].count, table.bins[0].count, table.bins[5].said), (1, 1, None));
        assert!(Reliability::of(&[]).is_none());
    }

    #[test]
    fn another_mixture_counts_otherwise() {
        // One in four is so; where two in three were, said would miss right by what one sees here.
        let claims = [(0.9, true), (0.95, false), (0.1, false), (0.0, false)];
        let table = Reliability::at_share(&claims, 2.0 / 3.0).unwrap();
        let (so, not) = (2.0 / 3.0, 1.0 / 9.0);
        assert!((table.right - so).abs() < 1e-12 && table.count == 4);
        assert!((table.ece - ((0.9 * so + 0.95 * not - so).abs() + 0.1 * not)).abs() < 1e-12);
        assert_eq!(Reliability::at_share(&claims[1..], 0.5), None);
    }

    #[test]
    fn certainty_has_a_bin_and_a_finite_loss() {
        let table = Reliability::of(&[(1.0, false)]).unwrap();
        assert_eq!((table.bins[9].count, table.ece), (1, 1.0));
        assert!(table.log_loss < 14.0);
    }

    #[test]
    fn groups_are_kept_apart() {
        let both = Reliabilities::of(&[("b", 0.5, true), ("a", 0.5, false), ("b", 0.5, true)]);
        let right: Vec<_> = both.groups.iter().map(|(name, r)| (name.as_str(), r.count, r.right)).collect();
        assert_eq!(right, [("a", 1, 0.0), ("b", 2, 1.0)]);
        assert_eq!(both.all.unwrap().count, 3);
    }
}
