//! Compiling packs: entries are inflected, merged by pair, and written as a finite-state
//! map from phrases to postings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::language_model::{LanguageModel, phrase_words};

use super::entry::{Channel, Pack, STYLES, Style};
use super::error::{DictionaryError, ErrorKind};
use super::genuine::GenuineUse;
use super::inflect::Inflector;
use super::phrase::normal_phrase;
use super::prune::{LEAST_PROSPECT, prospect};
use super::spelling::same_but_for_spelling;
use super::store::{Dictionary, Posting, THESAURUS};
use super::variants::variants;
use super::weight::{Weigher, Weight};
use super::writer::Writer;

/// The most a spinner is taken to replace an original: some are always left alone.
const MOST_REPLACED: f32 = 0.95;

/// How often a style makes the swaps of another, beside how often that one makes them.
const SHARED: f32 = 0.05;

/// One pair of inflected forms.
struct Pair {
    channel: Channel,
    pack: u8,
    weight: Weight,
    telling: bool,
}

impl Pair {
    /// Takes over a channel, style by style the more usual one; gives what that adds.
    fn add(&mut self, channel: &Channel) -> Channel {
        let mut added = [0.0; STYLES];
        for ((known, said), added) in self.channel.iter_mut().zip(channel).zip(&mut added) {
            *added = (said - *known).max(0.0);
            *known += *added;
        }
        added
    }
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
        originals.retain(|original, pair| {
            let weighed = weigher.weigh(spun, original);
            pair.weight = weighed.weight;
            let prospect = prospect(weighed.prospect, pair.channel[Style::Thesaurus as usize]);
            let layer = packs[usize::from(pair.pack)].name == THESAURUS;
            share(&mut pair.channel);
            pair.telling = !layer && is_telling(weighed.apart, &pair.channel);
            // Without figures nothing is known of prospects.
            !layer || genuine.words == 0 || prospect >= LEAST_PROSPECT
        });
    }
    by_spun.retain(|_, originals| !originals.is_empty());
    write(packs, &by_spun, &rates, model)
}

/// A pair is telling from these log odds on, context left aside and the rate taken to be 1. Of the
/// candidates in genuine text one in twelve is; of 656 documents that were held spun, half of them
/// at half the rate or less or in a fifth of their length, all but one still stood out by these alone.
const TELLING: f32 = -1.0;

fn is_telling(apart: f32, channel: &Channel) -> bool {
    apart + channel.iter().fold(0.0f32, |most, c| most.max(*c)).ln() >= TELLING
}

/// Spinners borrow from each other: what one style writes the others write now and then.
fn share(channel: &mut Channel) {
    // A thesaurus says what could be written, not what is: the styles borrow nothing from it.
    let most = channel[..Style::Thesaurus as usize].iter().fold(0.0f32, |most, c| most.max(*c));
    for style in &mut channel[..Style::Custom as usize] {
        *style = style.max(SHARED * most);
    }
}

fn merge(packs: &[Pack], inflector: &Inflector) -> (PairsBySpun, RatesByOriginal) {
    let mut by_spun = PairsBySpun::new();
    let thesaurus = |number: u8| packs[usize::from(number)].name == THESAURUS;
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
                let mut note = |key: String| {
                    let pair = by_spun.entry(key).or_default().entry(original.clone()).or_insert(Pair {
                        channel: [0.0; STYLES],
                        pack: number,
                        weight: Weight { constant: 0.0, slope: 0.0 },
                        telling: false,
                    });
                    // What spinners are known to write is no longer a mere possibility.
                    if thesaurus(pair.pack) {
                        pair.pack = number;
                    }
                    pair.add(&entry.channel)
                };
                // Another spelling of a swap makes it no more frequent.
                for variant in variants(&spun).into_iter().filter(|v| !same_but_for_spelling(v, &original_key)) {
                    note(variant);
                }
                let added = note(key);
                let sums = sums.entry((original_key, entry.pos.letter())).or_insert([0.0; STYLES]);
                for (sum, more) in sums.iter_mut().zip(added) {
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
    let mut writer = Writer::new(packs.iter().map(|p| p.name.as_str()));
    let normal: BTreeMap<&str, String> =
        by_spun.values().flat_map(BTreeMap::keys).map(|o| (o.as_str(), normal_phrase(o))).collect();
    let phrases: BTreeSet<&str> = by_spun.keys().chain(normal.values()).map(String::as_str).collect();
    let numbers: HashMap<&str, usize> = phrases.iter().zip(0..).map(|(phrase, number)| (*phrase, number)).collect();
    let replaced: HashSet<&str> = normal.values().map(String::as_str).collect();
    let mut originals: HashMap<&str, u32> = HashMap::new();
    for phrase in phrases {
        writer.key(phrase, rates.get(phrase).filter(|_| replaced.contains(phrase)))?;
        for (original, pair) in by_spun.get(phrase).into_iter().flatten() {
            let number = match originals.get(original.as_str()) {
                Some(number) => *number,
                None => {
                    let key = numbers[normal[original.as_str()].as_str()];
                    writer.original(original, &phrase_words(original, model), key)?
                }
            };
            originals.insert(original, number);
            writer.posting(&Posting {
                original: number,
                channel: pair.channel,
                weight: pair.weight,
                pack: pair.pack,
                telling: pair.telling,
            })?;
        }
    }
    writer.finish()
}
