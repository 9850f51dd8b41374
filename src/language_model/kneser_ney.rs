//! Modified Kneser-Ney smoothing, interpolated (Chen and Goodman, "An empirical study of smoothing
//! techniques for language modeling", 1998), in the form of a back-off model.

use super::backoff::{BEGIN, BackoffModel, LOG_NOTHING, Level, NONE, UNKNOWN};
use super::counts::Counts;
use super::normalise::{narrow, narrow_weight};

/// What is taken off n-grams met once, twice, and three times or more, of one order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discounts {
    /// By how often an n-gram was met.
    pub by_count: [f64; 3],
    /// Whether they were estimated: counts that are few or were cut give none, and .5, 1 and 1.5
    /// stand instead.
    pub estimated: bool,
}

const USUAL: Discounts = Discounts { by_count: [0.5, 1.0, 1.5], estimated: false };

impl Discounts {
    /// The discounts from how many n-grams were met once, twice, three and four times.
    fn of(met: [u64; 4]) -> Discounts {
        let [one, two, three, four] = met.map(|n| n as f64);
        if met.contains(&0) {
            return USUAL;
        }
        let share = one / (one + 2.0 * two);
        let by_count =
            [1.0 - 2.0 * share * two / one, 2.0 - 3.0 * share * three / two, 3.0 - 4.0 * share * four / three];
        let sound = by_count.iter().zip([1.0, 2.0, 3.0]).all(|(d, most)| *d > 0.0 && *d <= most);
        if sound { Discounts { by_count, estimated: true } } else { USUAL }
    }

    fn for_count(&self, count: u64) -> f64 {
        match count {
            0 => 0.0,
            n => self.by_count[(n.min(3) - 1) as usize],
        }
    }
}

/// Makes a model from counts, and says which discounts it used, order by order.
///
/// `<unk>` gets what an even share of the discounts leaves to words never met.
#[must_use]
pub fn kneser_ney(counts: Counts) -> (BackoffModel, Vec<Discounts>) {
    let (mut words, mut levels, raw) = counts.into_parts();
    let unknown = crate::text::word_hash(UNKNOWN);
    let place = words.partition_point(|w| crate::text::word_hash(w) < unknown);
    let mut raw = raw;
    if words.get(place).is_none_or(|w| w != UNKNOWN) {
        insert_word(&mut levels, place);
        raw[0].insert(place, 0);
        words.insert(place, UNKNOWN.to_string());
    }
    let mut model = BackoffModel::from_parts(words, levels);
    let begin = model.named(BEGIN);
    let adjusted = adjusted_counts(&model, raw, begin);
    let discounts: Vec<Discounts> = adjusted
        .iter()
        .enumerate()
        .map(|(level, counts)| {
            let mut met = [0; 4];
            for (node, &count) in counts.iter().enumerate() {
                if (1..=4).contains(&count) && !(level == 0 && Some(node as u32) == begin) {
                    met[count as usize - 1] += 1;
                }
            }
            Discounts::of(met)
        })
        .collect();
    single_words(&mut model, &adjusted[0], &discounts[0], begin);
    for level in 0..model.order().saturating_sub(1) {
        interpolate(&mut model, level, &adjusted[level + 1], &discounts[level + 1]);
    }
    (model, discounts)
}

/// Makes room for a word that nothing follows.
fn insert_word(levels: &mut [Level], place: usize) {
    for (number, level) in levels.iter_mut().enumerate() {
        level.words.iter_mut().filter(|w| **w as usize >= place).for_each(|w| *w += 1);
        if number == 0 {
            level.words.insert(place, place as u32);
            level.probs.insert(place, 0.0);
            level.backoffs.insert(place, 0.0);
            if let Some(&first) = level.first.get(place) {
                level.first.insert(place, first);
            }
        }
    }
}

/// Counts as smoothing wants them: of the longest n-grams, and of those that begin a sentence, how
/// often they were met; of the others, after how many different words.
fn adjusted_counts(model: &BackoffModel, mut raw: Vec<Vec<u64>>, begin: Option<u32>) -> Vec<Vec<u64>> {
    let shorter_ones = model.order().saturating_sub(1);
    for (level, raw) in raw.iter_mut().enumerate().take(shorter_ones) {
        let mut contexts = vec![0u64; model.levels[level].len()];
        // The n-grams one longer, without their first words.
        let next = &model.levels[level + 1];
        let shorter = model.for_each_context(level, |model, chain| {
            let children = model.levels[level].children(chain.node());
            children.map(|c| model.shorter(chain, level, next.words[c])).collect::<Vec<_>>()
        });
        for node in shorter.into_iter().flatten().filter(|n| *n != NONE) {
            contexts[node as usize] += 1;
        }
        let firsts = model.first_words(level);
        for (node, count) in contexts.into_iter().enumerate() {
            if Some(firsts[node]) != begin {
                // Counts that were cut may have lost all that stood before.
                raw[node] = count.max(raw[node].min(1));
            }
        }
    }
    raw
}

fn single_words(model: &mut BackoffModel, counts: &[u64], discounts: &Discounts, begin: Option<u32>) {
    let is_begin = |word: usize| Some(word as u32) == begin;
    let (mut total, mut taken) = (0.0, 0.0);
    for (_, &count) in counts.iter().enumerate().filter(|(w, _)| !is_begin(*w)) {
        total += count as f64;
        taken += discounts.for_count(count);
    }
    let words = counts.len() - usize::from(begin.is_some());
    let (total, even) = if total > 0.0 { (total, taken / total / words as f64) } else { (1.0, 1.0 / words as f64) };
    for (word, &count) in counts.iter().enumerate() {
        let prob = (count as f64 - discounts.for_count(count)) / total + even;
        model.levels[0].probs[word] = if is_begin(word) { LOG_NOTHING } else { narrow(prob.ln()) };
    }
}

/// Sets the probabilities of what follows contexts of one length, by those of shorter ones.
fn interpolate(model: &mut BackoffModel, level: usize, counts: &[u64], discounts: &Discounts) {
    let set = model.for_each_context(level, |model, chain| {
        let children = model.levels[level].children(chain.node());
        let total: f64 = counts[children.clone()].iter().map(|c| *c as f64).sum();
        let taken: f64 = counts[children.clone()].iter().map(|c| discounts.for_count(*c)).sum();
        let weight = taken / total;
        let prob = |child: usize| {
            let below = f64::from(model.log_after(chain, 1, model.levels[level + 1].words[child])).exp();
            let own = (counts[child] as f64 - discounts.for_count(counts[child])) / total;
            narrow((own + weight * below).ln())
        };
        (chain.node(), narrow_weight(weight.ln()), children.map(prob).collect::<Vec<f32>>())
    });
    let mut probs = Vec::with_capacity(counts.len());
    for (node, backoff, of_children) in set {
        model.levels[level].backoffs[node as usize] = backoff;
        probs.extend(of_children);
    }
    model.levels[level + 1].probs = probs;
}
