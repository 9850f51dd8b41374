//! Quantising: real numbers to a few levels, each the mean of those it stands for.

/// The most rounds of Lloyd's algorithm: it settles in about ten.
const ROUNDS: usize = 12;

/// Chooses at most `count` levels for `values`, in rising order (Lloyd 1982, begun from
/// classes of equal size). The result depends on the values alone.
#[must_use]
pub fn choose(values: &[f32], count: usize) -> Vec<f32> {
    let mut sorted: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    if distinct.len() <= count {
        return if distinct.is_empty() { vec![0.0] } else { distinct };
    }
    let mut bounds: Vec<usize> = (0..=count).map(|i| i * sorted.len() / count).collect();
    let mut levels = Vec::new();
    for _ in 0..ROUNDS {
        levels = bounds.windows(2).filter(|w| w[0] < w[1]).map(|w| mean(&sorted[w[0]..w[1]])).collect();
        levels.dedup();
        let mut next = vec![0];
        for pair in levels.windows(2) {
            let middle = f32::midpoint(pair[0], pair[1]);
            next.push(sorted.partition_point(|v| *v < middle));
        }
        next.push(sorted.len());
        if next == bounds {
            break;
        }
        bounds = next;
    }
    levels
}

#[allow(clippy::cast_possible_truncation)]
fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64) as f32
}

/// The number of the level nearest to a value.
#[must_use]
pub fn nearest(levels: &[f32], value: f32) -> u32 {
    let after = levels.partition_point(|l| *l < value);
    let number = match (after.checked_sub(1), levels.get(after)) {
        (Some(before), Some(next)) if value - levels[before] > next - value => before + 1,
        (Some(before), _) => before,
        (None, _) => 0,
    };
    u32::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_kept_exactly() {
        let levels = choose(&[-1.0, -3.0, -1.0, 0.0], 8);
        assert_eq!(levels, [-3.0, -1.0, 0.0]);
        assert_eq!([-9.0, -3.0, -1.9, 5.0].map(|v| nearest(&levels, v)), [0, 0, 1, 2]);
        assert_eq!(choose(&[], 4), [0.0]);
    }

    #[test]
    fn many_values_are_kept_closely() {
        let values: Vec<f32> = (0..10_000).map(|i| -(i as f32 / 1000.0).powi(2) / 6.0).collect();
        let levels = choose(&values, 64);
        assert!(levels.len() <= 64 && levels.windows(2).all(|w| w[0] < w[1]));
        let error: f32 = values.iter().map(|v| (levels[nearest(&levels, *v) as usize] - v).abs()).sum::<f32>() / 1e4;
        assert!(error < 0.1, "{error}");
    }
}
