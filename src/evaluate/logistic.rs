//! Logistic regression on one figure.

/// A straight line from a figure to log odds: `logit(p) = offset + slope * x`, in natural
/// logarithms (Platt 1999).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Log odds where the figure is 0.
    pub offset: f64,
    /// What one more of the figure adds.
    pub slope: f64,
}

/// A figure, whether what it speaks for was so, and how much that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The figure.
    pub x: f64,
    /// Whether it was so.
    pub truth: bool,
    /// 1 for an observation as any other.
    pub weight: f64,
}

/// Draws offset and slope towards 0 a little, so that they stay finite where a figure parts
/// what was so from what was not without exception.
const RIDGE: f64 = 1e-3;

/// Newton's method needs about ten steps; more are of no use.
const STEPS: usize = 100;

impl Line {
    /// The probability at a figure.
    #[must_use]
    pub fn probability(&self, x: f64) -> f64 {
        1.0 / (1.0 + (-(self.offset + self.slope * x)).exp())
    }
}

/// The most likely line, found by Newton's method (iteratively reweighted least squares) with
/// steps halved where they would lead uphill. The same observations give the same line.
///
/// `None` unless something was so and something was not.
///
/// ```
/// use unspin::evaluate::{Observation, fit_line};
/// let at = |x, truth, count: u32| Observation { x, truth, weight: f64::from(count) };
/// // Half at 0, three in four at 1: the odds are 1 and 3.
/// let line = fit_line(&[at(0.0, true, 400), at(0.0, false, 400), at(1.0, true, 600), at(1.0, false, 200)]).unwrap();
/// assert!(line.offset.abs() < 1e-3 && (line.slope - 3f64.ln()).abs() < 1e-3);
/// ```
#[must_use]
pub fn fit_line(observations: &[Observation]) -> Option<Line> {
    if !observations.iter().any(|o| o.truth) || observations.iter().all(|o| o.truth) {
        return None;
    }
    let mut line = Line { offset: 0.0, slope: 0.0 };
    let mut loss = penalised_loss(&line, observations);
    for _ in 0..STEPS {
        // Gradient and Hessian of the loss.
        let (mut g0, mut g1) = (RIDGE * line.offset, RIDGE * line.slope);
        let (mut h00, mut h01, mut h11) = (RIDGE, 0.0, RIDGE);
        for o in observations {
            let p = line.probability(o.x);
            let error = o.weight * (p - f64::from(u8::from(o.truth)));
            let curvature = o.weight * p * (1.0 - p);
            g0 += error;
            g1 += error * o.x;
            h00 += curvature;
            h01 += curvature * o.x;
            h11 += curvature * o.x * o.x;
        }
        let determinant = h00 * h11 - h01 * h01;
        let (d0, d1) = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
        let step = (0..30).map(|halvings| 0.5f64.powi(halvings)).find_map(|share| {
            let next = Line { offset: line.offset - share * d0, slope: line.slope - share * d1 };
            let next_loss = penalised_loss(&next, observations);
            (next_loss < loss).then_some((next, next_loss))
        });
        let Some((next, next_loss)) = step else { break };
        (line, loss) = (next, next_loss);
    }
    Some(line)
}

fn penalised_loss(line: &Line, observations: &[Observation]) -> f64 {
    let of = |o: &Observation| {
        let logit = line.offset + line.slope * o.x;
        let against = if o.truth { -logit } else { logit };
        // ln(1 + e^x) without overflow.
        o.weight * (against.max(0.0) + (-against.abs()).exp().ln_1p())
    };
    observations.iter().map(of).sum::<f64>() + RIDGE / 2.0 * (line.offset.powi(2) + line.slope.powi(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, truth: bool, weight: f64) -> Observation {
        Observation { x, truth, weight }
    }

    #[test]
    fn a_line_that_made_the_shares_is_found_again() {
        let made = Line { offset: -5.0, slope: 0.55 };
        let shares = (0..40).flat_map(|i| {
            let x = f64::from(i) / 2.0;
            let p = made.probability(x);
            [at(x, true, 1000.0 * p), at(x, false, 1000.0 * (1.0 - p))]
        });
        let found = fit_line(&shares.collect::<Vec<_>>()).unwrap();
        assert!((found.offset - made.offset).abs() < 1e-3 && (found.slope - made.slope).abs() < 1e-4, "{found:?}");
    }

    #[test]
    fn a_figure_without_exceptions_gives_a_finite_line() {
        let line = fit_line(&[at(-700.0, false, 1.0), at(3.0, true, 1.0), at(900.0, true, 1.0)]).unwrap();
        assert!(line.offset.is_finite() && line.slope > 0.0 && line.slope < 100.0, "{line:?}");
        assert!(line.probability(-700.0) < 0.01 && line.probability(3.0) > 0.5);
    }

    #[test]
    fn one_kind_gives_no_line() {
        assert_eq!(fit_line(&[]), None);
        assert_eq!(fit_line(&[at(1.0, true, 1.0)]), None);
        assert_eq!(fit_line(&[at(1.0, false, 1.0), at(2.0, false, 1.0)]), None);
    }
}
