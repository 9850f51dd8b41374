//! Candidates: every place of a text where some known spinner may have swapped something,
//! and every place where it could have and did not.

use crate::dictionary::{Channel, Dictionary, Key, Memo, Weight, may_be_misspelt};
use crate::language_model::{LanguageModel, Reading, WordId, phrase_words};
use crate::text::{Capitals, Joint, TokenKind, Tokens};

/// An original as a document's unit of habit: its number among the rates of a dictionary.
/// Every spelling and capitalisation of it is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Habit {
    /// Which dictionary it is from.
    pub dictionary: u32,
    /// Number of its rates there, for [`Dictionary::replaced`].
    pub rates: u32,
}

/// A phrase of the text with one original that it may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// First token.
    pub start: usize,
    /// The token after the last.
    pub end: usize,
    /// What the original counts as.
    pub habit: Habit,
    /// Its posting in the habit's dictionary.
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
    /// What it counts as.
    pub habit: Habit,
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
    memo: Memo,
}

/// Which candidates are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Those too that say little by themselves ([`Posting::telling`](crate::dictionary::Posting)):
    /// most of them.
    pub weak: bool,
    /// Those too that have no prospect at any rate and by any spinner.
    pub hopeless: bool,
    /// Those too that only a thesaurus knows ([`Dictionary::thesaurus`]).
    pub thesaurus: bool,
}

/// A candidate below this merit could not be taken at any rate and by any spinner.
const HOPELESS: f32 = -6.0;

/// So many misspelt words of a text are looked at, with so many words before them, and from
/// them on.
const MOST_MISSPELT: usize = 256;
const WORDS_BEFORE: usize = 2;
const WORDS_FROM: usize = 4;

impl Candidates {
    /// Looks a text up in the dictionaries and weighs each candidate in its context.
    pub fn read(
        &mut self,
        tokens: &Tokens,
        reading: &Reading,
        dictionaries: &[Dictionary],
        model: &LanguageModel,
        look: Look,
    ) {
        self.all.clear();
        self.kept.clear();
        self.pool.clear();
        let mut memo = std::mem::take(&mut self.memo);
        for start in 0..tokens.len() {
            for (number, dictionary) in (0u32..).zip(dictionaries) {
                matches(tokens, start, dictionary, &mut memo, |end, key| {
                    if let Some(rates) = key.replaced {
                        self.kept.push(Kept { start, end, habit: Habit { dictionary: number, rates } });
                    }
                    if key.telling || (look.weak && key.count > 0) {
                        let place = Place { tokens, reading, start, end };
                        self.weigh(&place, reading.words_of(start..end), dictionary, model, (number, key), look);
                    }
                });
            }
        }
        self.memo = memo;
    }

    /// The candidates and the unswapped phrases that begin in a span of tokens.
    pub(super) fn inside(&self, span: &std::ops::Range<usize>) -> (&[Candidate], &[Kept]) {
        let all = |start: usize| self.all.partition_point(|c| c.start < start);
        let kept = |start: usize| self.kept.partition_point(|k| k.start < start);
        (&self.all[all(span.start)..all(span.end)], &self.kept[kept(span.start)..kept(span.end)])
    }

    /// Adds phrases with a slip in a long word that the model does not know
    /// ([`Dictionary::near`]) to what was read; says whether there are any.
    pub fn read_near(
        &mut self,
        tokens: &Tokens,
        reading: &Reading,
        dictionaries: &[Dictionary],
        model: &LanguageModel,
        look: Look,
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
                        self.weigh(&place, &phrase_words(phrase, model), dictionary, model, (number, key), look);
                    });
                }
            }
        }
        let added = self.all.len() > before;
        if added {
            self.all.sort_by_key(|c| c.start);
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
        // Many keys lead to the thesaurus alone: the model is asked once a posting is looked at.
        let mut context = None;
        for posting in key.first..key.first.saturating_add(key.count) {
            if !look.weak && !dictionary.is_telling(posting) {
                continue;
            }
            if !look.thesaurus && dictionary.is_of_thesaurus(posting) {
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
                habit: Habit { dictionary: number, rates: dictionary.original_key(record.original) },
                posting,
                original: record.original,
                pack: record.pack,
                channel: record.channel,
                weight: record.weight,
                gain,
                words: (from, self.pool.len()),
            };
            if look.hopeless || candidate.merit() > HOPELESS {
                self.all.push(candidate);
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
    let words = phrase_from(tokens, start).map(|i| tokens.normal(i));
    let hash = tokens.as_slice()[start].hash;
    dictionary.walk(memo, hash, words, |length, key| found(start + length, key));
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
