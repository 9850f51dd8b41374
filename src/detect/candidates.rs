//! Candidates: every place of a text where some known spinner may have swapped something,
//! and every place where it could have and did not.

use rustc_hash::FxHashMap;

use crate::dictionary::{Channel, Dictionary, Key, Memo, Weight, may_be_misspelt};
use crate::language_model::{LanguageModel, Reading, WordId, phrase_words};
use crate::text::{Capitals, Joint, TokenKind, Tokens};

/// A phrase of the text with one original that it may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// First token.
    pub start: usize,
    /// The token after the last.
    pub end: usize,
    /// What the original counts as, by its number among the [`Candidates::habits`].
    pub habit: u32,
    /// Which dictionary knows it.
    pub dictionary: u32,
    /// Its posting there.
    pub posting: u32,
    /// Number of the original there.
    pub original: u32,
    /// Number of the pack there.
    pub pack: u8,
    /// How usual the swap is, style by style.
    pub channel: Channel,
    /// How genuine use weighs the gain.
    pub weight: Weight,
    /// `ln P(original in context) - ln P(text as it stands)`.
    pub gain: f32,
    /// Where the original's words lie in the pool.
    pub words: (usize, usize),
}

impl Candidate {
    /// Context and genuine use together: the logarithm of the odds that this occurrence was
    /// an original, before the spinner's habits are counted in.
    #[must_use]
    pub fn merit(&self) -> f32 {
        self.weight.merit(self.gain)
    }
}

/// A phrase of the text that spinners replace and that stands there all the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// First token.
    pub start: usize,
    /// The token after the last.
    pub end: usize,
    /// What it counts as, by its number among the [`Candidates::habits`].
    pub habit: u32,
}

/// Everything that the dictionaries say of a text. Reused from document to document.
#[derive(Debug, Default)]
pub struct Candidates {
    /// Sorted by start.
    pub all: Vec<Candidate>,
    /// Sorted by start.
    pub kept: Vec<Kept>,
    /// The words of the originals.
    pub pool: Vec<WordId>,
    /// The originals of both, each as a unit of habit: style by style, how probable it is that the
    /// spinner knows it. Every spelling and capitalisation of an original is the same.
    pub habits: Vec<Channel>,
    /// The habits by dictionary and the number of the original's rates there.
    numbers: FxHashMap<(u32, u32), u32>,
    /// Whether a layer of the text was read: with the first come the unswapped phrases.
    is_begun: bool,
    memo: Memo,
}

/// Which candidates are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Of which layer.
    pub layer: Layer,
    /// Those too that have no prospect at any rate and by any spinner.
    pub hopeless: bool,
}

/// What is known of swaps comes in layers, each worth reading where those before it speak for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// What speaks for spinning wherever it stands ([`Posting::telling`](crate::dictionary::Posting)).
    #[default]
    Telling,
    /// The other swaps that spinners are known to make: most of them.
    Weak,
    /// Those that only a thesaurus knows ([`Dictionary::thesaurus`]).
    Thesaurus,
}

impl Layer {
    fn holds(self, dictionary: &Dictionary, posting: u32) -> bool {
        match self {
            Layer::Telling => dictionary.is_telling(posting),
            Layer::Weak => !dictionary.is_telling(posting) && !dictionary.is_of_thesaurus(posting),
            Layer::Thesaurus => dictionary.is_of_thesaurus(posting),
        }
    }
}

/// A candidate below this merit could not be taken at any rate and by any spinner.
const HOPELESS: f32 = -6.0;

/// So many misspelt words of a text are looked at, with so many words before them, and from
/// them on.
const MOST_MISSPELT: usize = 256;
const WORDS_BEFORE: usize = 2;
const WORDS_FROM: usize = 4;

impl Candidates {
    /// Forgets the text before.
    pub fn clear(&mut self) {
        self.all.clear();
        self.kept.clear();
        self.pool.clear();
        self.habits.clear();
        self.numbers.clear();
        self.is_begun = false;
    }

    /// The same as another.
    pub fn copy(&mut self, other: &Candidates) {
        self.all.clone_from(&other.all);
        self.kept.clone_from(&other.kept);
        self.pool.clone_from(&other.pool);
        self.habits.clone_from(&other.habits);
        self.numbers.clone_from(&other.numbers);
        self.is_begun = other.is_begun;
    }

    /// Looks a text up in the dictionaries and weighs each candidate of a layer in its context;
    /// adds them to those of other layers of the same text.
    pub fn read(
        &mut self,
        tokens: &Tokens,
        reading: &Reading,
        dictionaries: &[Dictionary],
        model: &LanguageModel,
        look: Look,
    ) {
        let mut memo = std::mem::take(&mut self.memo);
        let first = !std::mem::replace(&mut self.is_begun, true);
        for start in 0..tokens.len() {
            for (number, dictionary) in (0u32..).zip(dictionaries) {
                matches(tokens, start, dictionary, &mut memo, |end, key| {
                    if let Some(rates) = key.replaced.filter(|_| first) {
                        let habit = self.habit((number, rates), dictionary);
                        self.kept.push(Kept { start, end, habit });
                    }
                    if key.telling || (look.layer != Layer::Telling && key.count > 0) {
                        let place = Place { tokens, reading, start, end };
                        self.weigh(&place, reading.words_of(start..end), dictionary, model, (number, key), look);
                    }
                });
            }
        }
        self.memo = memo;
        if !first {
            self.sort();
        }
    }

    /// The order of a text, whatever was read first.
    fn sort(&mut self) {
        self.all.sort_unstable_by_key(|c| (c.start, c.dictionary, c.end, c.posting));
    }

    /// The number of the habit whose rates have this number in this dictionary.
    fn habit(&mut self, (number, rates): (u32, u32), dictionary: &Dictionary) -> u32 {
        *self.numbers.entry((number, rates)).or_insert_with(|| {
            self.habits.push(dictionary.replaced(rates));
            u32::try_from(self.habits.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// The candidates and the unswapped phrases that begin in a span of tokens.
    pub(super) fn inside(&self, span: &std::ops::Range<usize>) -> (&[Candidate], &[Kept]) {
        let all = |start: usize| self.all.partition_point(|c| c.start < start);
        let kept = |start: usize| self.kept.partition_point(|k| k.start < start);
        (&self.all[all(span.start)..all(span.end)], &self.kept[kept(span.start)..kept(span.end)])
    }

    /// Adds phrases with a slip in a long word that the model does not know
    /// ([`Dictionary::near`]) to what was read, those of each look; says whether there are any.
    pub fn read_near(
        &mut self,
        tokens: &Tokens,
        reading: &Reading,
        dictionaries: &[Dictionary],
        model: &LanguageModel,
        looks: &[Look],
    ) -> bool {
        let before = self.all.len();
        let misspelt = |i: &usize| {
            let token = tokens.as_slice()[*i];
            token.kind == TokenKind::Word
                && token.capitals == Capitals::None
                && may_be_misspelt(tokens.normal(*i))
                && !model.knows(token.hash)
        };
        let mut words: Vec<&str> = Vec::new();
        for unknown in (0..tokens.len()).filter(misspelt).take(MOST_MISSPELT) {
            for start in unknown.saturating_sub(WORDS_BEFORE)..=unknown {
                words.clear();
                words.extend(phrase_from(tokens, start).take(WORDS_BEFORE + WORDS_FROM).map(|i| tokens.normal(i)));
                for (number, dictionary) in (0u32..).zip(dictionaries) {
                    dictionary.near(&words, unknown - start, |length, phrase, key| {
                        let place = Place { tokens, reading, start, end: start + length };
                        // Weighed as if it were spelt right: a slip is no sign of spinning.
                        let phrase = phrase_words(phrase, model);
                        for look in looks {
                            self.weigh(&place, &phrase, dictionary, model, (number, key), *look);
                        }
                    });
                }
            }
        }
        let added = self.all.len() > before;
        if added {
            self.sort();
        }
        added
    }

    /// Weighs what the key of a phrase, of which the model reads `phrase`, leads to.
    fn weigh(
        &mut self,
        place: &Place<'_>,
        phrase: &[WordId],
        dictionary: &Dictionary,
        model: &LanguageModel,
        (number, key): (u32, Key),
        look: Look,
    ) {
        let Place { tokens, reading, start, end } = *place;
        let acronym = (start..end).any(|i| is_acronym(tokens, i));
        // Many keys lead to other layers alone: the model is asked once a posting is looked at.
        let mut context = None;
        for posting in key.first..key.first.saturating_add(key.count) {
            if !look.layer.holds(dictionary, posting) {
                continue;
            }
            let Some(record) = dictionary.posting(posting) else { continue };
            // Spinners leave acronyms alone, but for those that they write out or make.
            if acronym && !dictionary.original(record.original).contains(|c: char| c.is_uppercase()) {
                continue;
            }
            let (state, stands) = *context.get_or_insert_with(|| {
                let state = reading.state_before(model, start);
                (state, reading.path(model, state, phrase.iter().copied(), end, f32::NEG_INFINITY))
            });
            let from = self.pool.len();
            self.pool.extend(dictionary.original_words(record.original));
            // What cannot be taken any more is not read to its end.
            let least = if look.hopeless { f32::NEG_INFINITY } else { stands + record.weight.least_gain(HOPELESS) };
            let gain = reading.path(model, state, self.pool[from..].iter().copied(), end, least) - stands;
            let candidate = Candidate {
                start,
                end,
                habit: 0,
                dictionary: number,
                posting,
                original: record.original,
                pack: record.pack,
                channel: record.channel,
                weight: record.weight,
                gain,
                words: (from, self.pool.len()),
            };
            if look.hopeless || candidate.merit() > HOPELESS {
                let habit = self.habit((number, dictionary.original_key(record.original)), dictionary);
                self.all.push(Candidate { habit, ..candidate });
            } else {
                self.pool.truncate(from);
            }
        }
    }
}

/// Where a phrase stands.
#[derive(Clone, Copy)]
struct Place<'t> {
    tokens: &'t Tokens,
    reading: &'t Reading,
    start: usize,
    end: usize,
}

/// Whether a token is written in capitals while the words around it are not.
fn is_acronym(tokens: &Tokens, token: usize) -> bool {
    let slice = tokens.as_slice();
    let capitals = |i: usize| slice.get(i).is_some_and(|t| t.capitals == Capitals::All);
    capitals(token) && !capitals(token + 1) && !token.checked_sub(1).is_some_and(capitals)
}

/// Calls `found` with the end and the key of every phrase of a dictionary that begins at
/// token `start`. Phrases cross blanks and the hyphens of compounds, nothing else.
pub fn matches(
    tokens: &Tokens,
    start: usize,
    dictionary: &Dictionary,
    memo: &mut Memo,
    mut found: impl FnMut(usize, Key),
) {
    let words = phrase_from(tokens, start).map(|i| (tokens.as_slice()[i].hash, tokens.normal(i)));
    dictionary.walk(memo, words, |length, key| found(start + length, key));
}

/// The tokens from `start` on that a phrase may reach over; none where it cannot begin there.
/// What markup parts is no phrase that could be replaced.
fn phrase_from(tokens: &Tokens, start: usize) -> impl Iterator<Item = usize> + '_ {
    let slice = tokens.as_slice();
    let readable = |i: usize| matches!(slice[i].kind, TokenKind::Word | TokenKind::Number) && !slice[i].has_markup;
    (start..slice.len()).take_while(move |&i| {
        readable(i)
            && (i == start || (!slice[i].sentence_start && matches!(slice[i].joint, Joint::Space | Joint::Hyphen)))
    })
}
