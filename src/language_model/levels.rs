//! Quantising: real numbers to a few levels, each the mean of those it stands for.

/// Chooses at most `count` levels for `values`, in rising order: the means of cells of equal
/// width. No value is further than a cell's width from its level, however rare such values
/// are: the few probable n-grams count as much as the many improbable ones. The result
/// depends on the values alone.
#[must_use]
pub fn choose(values: &[f32], count: usize) -> Vec<f32> {
    let mut sorted: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    if distinct.len() <= count {
        return if distinct.is_empty() { vec![0.0] } else { distinct };
    }
    // A value far below all others would widen every cell: it gets a cell of its own.
    let apart = sorted.windows(2).position(|w| w[1] - w[0] < 20.0).unwrap_or(0);
    let (outliers, rest) = sorted.split_at(apart);
    let (low, high) = (rest[0], rest[rest.len() - 1]);
    let cells = count - outliers.len().min(count - 1);
    let width = (high - low) / cells as f32;
    let mut levels: Vec<f32> = outliers.iter().take(count - cells).copied().collect();
    levels.dedup();
    let mut first = 0;
    for cell in 1..=cells {
        let bound = if cell == cells { f32::INFINITY } else { low + width * cell as f32 };
        let end = first + rest[first..].partition_point(|v| *v < bound);
        if end > first {
            levels.push(mean(&rest[first..end]));
        }
        first = end;
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
    fn rare_values_are_kept_as_closely_as_common_ones() {
        let mut values: Vec<f32> = (0..10_000).map(|i| -12.0 - i as f32 / 10_000.0).collect();
        values.extend([-99.0, -3.0, -1.5, -0.1]);
        let levels = choose(&values, 64);
        assert!(levels.len() <= 64 && levels.windows(2).all(|w| w[0] < w[1]));
        for value in &values {
            assert!((levels[nearest(&levels, *value) as usize] - value).abs() < 0.25, "{value}");
        }
    }
}
