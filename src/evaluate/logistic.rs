//! Logistic regression on a few figures.

/// A line from figures to log odds: `logit(p) = offset + slopes . x`, in natural logarithms
/// (for one figure Platt 1999).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<const N: usize> {
    /// Log odds where all figures are 0.
    pub offset: f64,
    /// What one more of each figure adds.
    pub slopes: [f64; N],
}

/// Figures, whether what they speak for was so, and how much that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation<const N: usize> {
    /// The figures.
    pub x: [f64; N],
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

impl<const N: usize> Line<N> {
    /// The log odds at some figures.
    #[must_use]
    pub fn logit(&self, x: &[f64; N]) -> f64 {
        self.offset + self.slopes.iter().zip(x).map(|(slope, x)| slope * x).sum::<f64>()
    }

    /// The probability at some figures.
    #[must_use]
    pub fn probability(&self, x: &[f64; N]) -> f64 {
        1.0 / (1.0 + (-self.logit(x)).exp())
    }

    /// The line a share of the way along a step.
    fn along(&self, step: &Line<N>, share: f64) -> Line<N> {
        let mut next = *self;
        next.offset -= share * step.offset;
        next.slopes.iter_mut().zip(step.slopes).for_each(|(slope, step)| *slope -= share * step);
        next
    }
}

/// The most likely line, found by Newton's method (iteratively reweighted least squares) with
/// steps halved where they would lead uphill. The same observations give the same line.
///
/// `None` unless something was so and something was not.
///
/// ```
/// use unspin::evaluate::{Observation, fit_line};
/// let at = |x, truth, count: u32| Observation { x: [x], truth, weight: f64::from(count) };
/// // Half at 0, three in four at 1: the odds are 1 and 3.
/// let line = fit_line(&[at(0.0, true, 400), at(0.0, false, 400), at(1.0, true, 600), at(1.0, false, 200)]).unwrap();
/// assert!(line.offset.abs() < 1e-3 && (line.slopes[0] - 3f64.ln()).abs() < 1e-3);
/// ```
#[must_use]
pub fn fit_line<const N: usize>(observations: &[Observation<N>]) -> Option<Line<N>> {
    if !observations.iter().any(|o| o.truth) || observations.iter().all(|o| o.truth) {
        return None;
    }
    let mut line = Line { offset: 0.0, slopes: [0.0; N] };
    let mut loss = penalised_loss(&line, observations);
    for _ in 0..STEPS {
        let Some(newton) = newton_step(&line, observations) else { break };
        let step = (0..30).map(|halvings| 0.5f64.powi(halvings)).find_map(|share| {
            let next = line.along(&newton, share);
            let next_loss = penalised_loss(&next, observations);
            (next_loss < loss).then_some((next, next_loss))
        });
        let Some((next, next_loss)) = step else { break };
        (line, loss) = (next, next_loss);
    }
    Some(line)
}

/// What Newton's method takes off a line. `None` where the figures are no numbers.
fn newton_step<const N: usize>(line: &Line<N>, observations: &[Observation<N>]) -> Option<Line<N>> {
    // Rows of the Hessian of the loss with its gradient at the end: first the offset's.
    let mut rows = vec![vec![0.0; N + 2]; N + 1];
    let weights: Vec<f64> = std::iter::once(line.offset).chain(line.slopes).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        row[i] = RIDGE;
        row[N + 1] = RIDGE * weights[i];
    }
    for o in observations {
        let p = line.probability(&o.x);
        let error = o.weight * (p - f64::from(u8::from(o.truth)));
        let curvature = o.weight * p * (1.0 - p);
        let x = |i: usize| if i == 0 { 1.0 } else { o.x[i - 1] };
        for (i, row) in rows.iter_mut().enumerate() {
            (0..=N).for_each(|j| row[j] += curvature * x(i) * x(j));
            row[N + 1] += error * x(i);
        }
    }
    // Gauss and Jordan's elimination; the ridge keeps what is divided by above 0.
    for i in 0..=N {
        let pivot = rows[i].clone();
        if !(pivot[i].is_finite() && pivot[i] > 0.0) {
            return None;
        }
        for (j, row) in rows.iter_mut().enumerate() {
            let share = if i == j { 1.0 - 1.0 / pivot[i] } else { row[i] / pivot[i] };
            row.iter_mut().zip(&pivot).for_each(|(cell, of_pivot)| *cell -= share * of_pivot);
        }
    }
    Some(Line { offset: rows[0][N + 1], slopes: std::array::from_fn(|i| rows[i + 1][N + 1]) })
}

fn penalised_loss<const N: usize>(line: &Line<N>, observations: &[Observation<N>]) -> f64 {
    let of = |o: &Observation<N>| {
        let logit = line.logit(&o.x);
        let against = if o.truth { -logit } else { logit };
        // ln(1 + e^x) without overflow.
        o.weight * (against.max(0.0) + (-against.abs()).exp().ln_1p())
    };
    let squares = line.slopes.iter().map(|slope| slope.powi(2)).sum::<f64>();
    observations.iter().map(of).sum::<f64>() + RIDGE / 2.0 * (line.offset.powi(2) + squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, truth: bool, weight: f64) -> Observation<1> {
        Observation { x: [x], truth, weight }
    }

    #[test]
    fn a_line_that_made_the_shares_is_found_again() {
        let made = Line { offset: -5.0, slopes: [0.55] };
        let shares = (0..40).flat_map(|i| {
            let x = f64::from(i) / 2.0;
            let p = made.probability(&[x]);
            [at(x, true, 1000.0 * p), at(x, false, 1000.0 * (1.0 - p))]
        });
        let found = fit_line(&shares.collect::<Vec<_>>()).unwrap();
        assert!(
            (found.offset - made.offset).abs() < 1e-3 && (found.slopes[0] - made.slopes[0]).abs() < 1e-4,
            "{found:?}"
        );
    }

    #[test]
    fn two_figures_are_told_apart() {
        let made = Line { offset: -1.0, slopes: [0.5, -2.0] };
        let shares = (0..200).flat_map(|i| {
            let x = [f64::from(i % 20), f64::from(i / 20) / 2.0];
            let p = made.probability(&x);
            [(true, p), (false, 1.0 - p)].map(|(truth, p)| Observation { x, truth, weight: 1000.0 * p })
        });
        let found = fit_line(&shares.collect::<Vec<_>>()).unwrap();
        assert!((found.offset - made.offset).abs() < 1e-3, "{found:?}");
        assert!(found.slopes.iter().zip(made.slopes).all(|(a, b)| (a - b).abs() < 1e-3), "{found:?}");
    }

    #[test]
    fn a_figure_without_exceptions_gives_a_finite_line() {
        let line = fit_line(&[at(-700.0, false, 1.0), at(3.0, true, 1.0), at(900.0, true, 1.0)]).unwrap();
        assert!(line.offset.is_finite() && line.slopes[0] > 0.0 && line.slopes[0] < 100.0, "{line:?}");
        assert!(line.probability(&[-700.0]) < 0.01 && line.probability(&[3.0]) > 0.5);
    }

    #[test]
    fn one_kind_gives_no_line() {
        assert_eq!(fit_line::<1>(&[]), None);
        assert_eq!(fit_line(&[at(1.0, true, 1.0)]), None);
        assert_eq!(fit_line(&[at(1.0, false, 1.0), at(2.0, false, 1.0)]), None);
    }
}
