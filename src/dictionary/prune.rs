//! Pruning: leaving out of a pack what would find nothing.
//!
//! A thesaurus lists far more than a text can bear out: of most pairs the spun phrase is as
//! common as the original, and no context speaks clearly for either. What can be expected of a
//! pair follows from the figures of its genuine use alone.

use std::collections::HashSet;

use crate::language_model::LanguageModel;

use super::entry::{Entry, Pack};
use super::genuine::GenuineUse;
use super::inflect::Inflector;
use super::phrase::normal_phrase;
use super::spelling::same_but_for_spelling;
use super::weight::Weigher;

/// The least that must be expected of a pair of the thesaurus layer where its original was
/// written, as the natural logarithm of the odds at a rate of 1.
pub const LEAST_PROSPECT: f32 = 0.8;

/// The prospect of a pair that is made with this probability: what its merit is where the
/// original was written, and how usual the swap is.
pub(super) fn prospect(merit: f32, probability: f32) -> f32 {
    merit + probability.max(1e-6).ln()
}

/// The entries of a pack of which some form has the prospect `least`, in their order; each
/// pair once, and no two spellings of one phrase.
#[must_use]
pub fn prune(pack: Pack, least: f32, inflector: &Inflector, genuine: &GenuineUse, model: &LanguageModel) -> Vec<Entry> {
    let mut weigher = Weigher::new(genuine, model);
    let mut seen = HashSet::new();
    let mut bears = |entry: &Entry| {
        let (spun, original) = (normal_phrase(&entry.spun), normal_phrase(&entry.original));
        if same_but_for_spelling(&spun, &original) || !seen.insert((spun, original, entry.pos)) {
            return false;
        }
        let probability = entry.channel.iter().fold(0.0f32, |most, c| most.max(*c));
        let pairs = inflector.pairs(&entry.spun, &entry.original, entry.pos);
        pairs.iter().any(|(spun, original)| {
            prospect(weigher.weigh(&normal_phrase(spun), original).prospect, probability) >= least
        })
    };
    pack.entries.into_iter().filter(|entry| bears(entry)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Gain, PairUse, read_pack};
    use super::*;
    use crate::language_model::{Ngrams, pack};

    #[test]
    fn what_common_words_could_stand_for_is_left_out() {
        let words: Vec<String> = ["<s>", "</s>", "annum", "year", "day"].map(String::from).to_vec();
        let unigrams = vec![(-9.0, 0.0), (-9.0, 0.0), (-14.0, 0.0), (-6.0, 0.0), (-6.2, 0.0)];
        let model = pack(&Ngrams { words, unigrams, ..Ngrams::default() }).unwrap();
        let mut genuine = GenuineUse::new(1_000_000);
        let gain = |count, mean| Gain { count, mean, spread: 2.0 };
        genuine.insert("annum", "year", PairUse { spun: gain(20, 1.0), original: gain(900, 9.0) });
        genuine.insert("day", "year", PairUse { spun: gain(800, -3.0), original: gain(900, 3.0) });
        let text = "annum\tyear\tn\tthesaurus:0.05\nday\tyear\tn\tthesaurus:0.05\n";
        let kept = prune(read_pack("t", "t", text).unwrap(), LEAST_PROSPECT, Inflector::english(), &genuine, &model);
        assert_eq!(kept.iter().map(|e| e.spun.as_str()).collect::<Vec<_>>(), ["annum"]);
    }
}
