//! Aligning a text with its spun form: which stretches of words were replaced by which.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Stretches up to this many tokens a side are aligned as they are; longer ones are cut first
/// where three words in a row stand once in either text. What still is longer has little in
/// common and is left out: aligning it would take time that grows with its square.
const LONGEST: usize = 4000;

/// How two texts hang together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// Runs of tokens that stand in both, in the order of the texts: where in the original,
    /// where in the spun text.
    pub matched: Vec<(Range<usize>, Range<usize>)>,
    /// Stretches between two such runs that were replaced, neither side empty.
    pub replaced: Vec<(Range<usize>, Range<usize>)>,
}

impl Alignment {
    /// The share of both texts' tokens that match.
    #[must_use]
    pub fn share(&self, original: usize, spun: usize) -> f64 {
        let matched: usize = self.matched.iter().map(|(run, _)| run.len()).sum();
        2.0 * matched as f64 / (original + spun).max(1) as f64
    }
}

/// Aligns two token sequences, given as hashes of their normal forms.
///
/// Insertions and deletions are in neither list. Takes memory linear in the lengths, and time
/// linear but for stretches of at most 4,000 tokens.
///
/// ```
/// use unspin::learn::align;
/// let alignment = align(&[1, 2, 3, 4, 5], &[1, 9, 3, 5]);
/// assert_eq!(alignment.replaced, [(1..2, 1..2)]);
/// assert_eq!(alignment.matched, [(0..1, 0..1), (2..3, 2..3), (4..5, 3..4)]);
/// ```
#[must_use]
pub fn align(original: &[u64], spun: &[u64]) -> Alignment {
    let mut alignment = Alignment::default();
    let cuts = if original.len().max(spun.len()) > LONGEST { anchors(original, spun) } else { Vec::new() };
    let (mut from, mut last) = ((0, 0), (0, 0));
    for cut in cuts.into_iter().chain([(original.len(), spun.len())]) {
        // As few cuts as will do: an anchor may be a chance.
        if (cut.0 - from.0).max(cut.1 - from.1) > LONGEST && last != from {
            stretch(original, spun, from.0..last.0, from.1..last.1, &mut alignment);
            from = last;
        }
        last = cut;
    }
    stretch(original, spun, from.0..last.0, from.1..last.1, &mut alignment);
    alignment
}

/// Aligns one stretch of both texts.
fn stretch(original: &[u64], spun: &[u64], a: Range<usize>, b: Range<usize>, out: &mut Alignment) {
    if a.len().max(b.len()) > LONGEST {
        return;
    }
    for op in capture_diff_slices(Algorithm::Myers, &original[a.clone()], &spun[b.clone()]) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                let (start, start_spun) = (a.start + old_index, b.start + new_index);
                out.matched.push((start..start + len, start_spun..start_spun + len));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let (start, start_spun) = (a.start + old_index, b.start + new_index);
                out.replaced.push((start..start + old_len, start_spun..start_spun + new_len));
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
}

/// Where three words in a row stand once in the original and once in the spun text, kept as
/// far as their order is the same in both (patience).
fn anchors(original: &[u64], spun: &[u64]) -> Vec<(usize, usize)> {
    let places = |tokens: &[u64]| {
        let mut places: HashMap<[u64; 3], Option<usize>> = HashMap::new();
        for (at, window) in tokens.windows(3).enumerate() {
            places.entry([window[0], window[1], window[2]]).and_modify(|p| *p = None).or_insert(Some(at));
        }
        places
    };
    let (ours, theirs) = (places(original), places(spun));
    let mut pairs: Vec<(usize, usize)> =
        ours.iter().filter_map(|(words, at)| Some(((*at)?, (*theirs.get(words)?)?))).collect();
    pairs.sort_unstable();
    rising(&pairs)
}

/// The longest run of pairs that rise on both sides; `pairs` rise on the first.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair with the least second side that ends a run of `n + 1`.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (number, pair) in pairs.iter().enumerate() {
        let at = ends.partition_point(|&e| pairs[e].1 < pair.1);
        before.push(at.checked_sub(1).map(|at| ends[at]));
        if at == ends.len() {
            ends.push(number);
        } else {
            ends[at] = number;
        }
    }
    let mut run = Vec::new();
    let mut next = ends.last().copied();
    while let Some(number) = next {
        run.push(pairs[number]);
        next = before[number];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_stretches_lie_between_runs() {
        let alignment = align(&[1, 2, 3, 4, 5, 6], &[1, 7, 8, 3, 4, 9, 6, 10]);
        assert_eq!(alignment.replaced, [(1..2, 1..3), (4..5, 5..6)]);
        assert!((alignment.share(6, 8) - 8.0 / 14.0).abs() < 1e-9);
        assert_eq!(align(&[], &[1]), Alignment::default());
    }

    #[test]
    fn long_texts_are_cut_at_anchors() {
        // Every tenth token replaced, in 50,000.
        let original: Vec<u64> = (0..50_000).collect();
        let spun: Vec<u64> = (0..50_000).map(|n| if n % 10 == 5 { n + 1_000_000 } else { n }).collect();
        let alignment = align(&original, &spun);
        assert_eq!(alignment.replaced.len(), 5000);
        assert!(alignment.replaced.iter().all(|(a, b)| a == b && a.len() == 1));
    }

    #[test]
    fn long_texts_without_anchors_are_left_out() {
        let original: Vec<u64> = (0..300_000).collect();
        let spun: Vec<u64> = (0..300_000).rev().collect();
        assert!(align(&original, &spun).share(300_000, 300_000) < 0.1);
        let same = vec![7u64; 300_000];
        assert_eq!(align(&same, &same[1..]), Alignment::default());
    }

    #[test]
    fn the_longest_rising_run_is_kept() {
        assert_eq!(rising(&[(0, 5), (1, 1), (2, 2), (3, 9), (4, 3)]), [(1, 1), (2, 2), (4, 3)]);
        assert_eq!(rising(&[]), []);
    }
}
