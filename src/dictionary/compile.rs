//! Compiling packs: entries are inflected, merged by pair, and written as a finite-state
//! map from phrases to postings.

use std::collections::{BTreeMap, HashMap};

use crate::language_model::{LanguageModel, phrase_words};

use super::entry::{Channel, Pack, STYLES, Style};
use super::error::{DictionaryError, ErrorKind};
use super::genuine::GenuineUse;
use super::inflect::Inflector;
use super::phrase::normal_phrase;
use super::spelling::same_but_for_spelling;
use super::store::{self, Dictionary, Key, Posting};
use super::weight::{Weigher, Weight};

/// The most a spinner is taken to replace an original: some are always left alone.
const MOST_REPLACED: f32 = 0.95;

/// How often a style makes the swaps of another, beside how often that one makes them.
const SHARED: f32 = 0.05;

/// One pair of inflected forms.
struct Pair {
    channel: Channel,
    pack: u8,
    weight: Weight,
}

type PairsBySpun = BTreeMap<String, BTreeMap<String, Pair>>;
type RatesByOriginal = BTreeMap<String, Channel>;

/// Compiles packs into a dictionary, weighed for `model`.
///
/// Pairs that several entries give are merged, style by style the more usual one. `genuine`
/// holds the figures of [`GenuineUse`]; pairs without figures are weighed by word frequency
/// alone. The result depends on nothing but its arguments, to the byte.
///
/// # Errors
/// When there are more pairs or packs than the format numbers.
pub fn compile(
    packs: &[Pack],
    inflector: &Inflector,
    genuine: &GenuineUse,
    model: &LanguageModel,
) -> Result<Dictionary, DictionaryError> {
    if packs.len() > 255 {
        return Err(DictionaryError::new(ErrorKind::TooLarge { what: "packs", limit: 255 }));
    }
    let (mut by_spun, rates) = merge(packs, inflector);
    let mut weigher = Weigher::new(genuine, model);
    for (spun, originals) in &mut by_spun {
        for (original, pair) in originals {
            pair.weight = weigher.weight(spun, original);
            share(&mut pair.channel);
        }
    }
    write(packs, &by_spun, &rates, model)
}

/// Spinners borrow from each other: what one style writes the others write now and then.
fn share(channel: &mut Channel) {
    let styles = &mut channel[..Style::Custom as usize];
    let most = styles.iter().fold(0.0f32, |most, c| most.max(*c));
    for style in styles {
        *style = style.max(SHARED * most);
    }
}

fn merge(packs: &[Pack], inflector: &Inflector) -> (PairsBySpun, RatesByOriginal) {
    let mut by_spun = PairsBySpun::new();
    // How often an original is replaced: alternatives of one part of speech add up, and parts
    // of speech do not.
    let mut sums: BTreeMap<(String, &'static str), Channel> = BTreeMap::new();
    for (number, pack) in (0u8..).zip(packs) {
        for entry in &pack.entries {
            for (spun, original) in inflector.pairs(&entry.spun, &entry.original, entry.pos) {
                let (key, original_key) = (normal_phrase(&spun), normal_phrase(&original));
                if key.is_empty() || same_but_for_spelling(&key, &original_key) {
                    continue;
                }
                let sums = sums.entry((original_key, entry.pos.letter())).or_insert([0.0; STYLES]);
                let pair = by_spun.entry(key).or_default().entry(original).or_insert(Pair {
                    channel: [0.0; STYLES],
                    pack: number,
                    weight: Weight { constant: 0.0, slope: 0.0 },
                });
                for ((sum, known), said) in sums.iter_mut().zip(&mut pair.channel).zip(&entry.channel) {
                    let more = (said - *known).max(0.0);
                    *known += more;
                    *sum += more;
                }
            }
        }
    }
    let mut rates = RatesByOriginal::new();
    for ((original, _), sums) in sums {
        let most = rates.entry(original).or_insert([0.0; STYLES]);
        for style in 0..STYLES {
            most[style] = most[style].max(sums[style].min(MOST_REPLACED));
        }
    }
    (by_spun, rates)
}

fn write(
    packs: &[Pack],
    by_spun: &PairsBySpun,
    rates: &RatesByOriginal,
    model: &LanguageModel,
) -> Result<Dictionary, DictionaryError> {
    let mut writer = store::Writer::new(packs.iter().map(|p| p.name.as_str()));
    let mut keys: BTreeMap<&str, Key> = BTreeMap::new();
    for (original, channel) in rates {
        keys.insert(original, Key { first: 0, count: 0, replaced: Some(writer.replaced(*channel)) });
    }
    let mut originals: HashMap<&str, u32> = HashMap::new();
    for (spun, pairs) in by_spun {
        let first = writer.postings();
        for (original, pair) in pairs {
            let number = *originals.entry(original).or_insert_with(|| {
                let normal = normal_phrase(original);
                let replaced = keys.get(normal.as_str()).and_then(|k| k.replaced).unwrap_or(u32::MAX);
                writer.original(original, &phrase_words(original, model), replaced)
            });
            writer.posting(Posting { original: number, channel: pair.channel, weight: pair.weight, pack: pair.pack });
        }
        let key = keys.entry(spun).or_insert(Key { first: 0, count: 0, replaced: None });
        (key.first, key.count) = (first, writer.postings() - first);
    }
    writer.finish(keys)
}
