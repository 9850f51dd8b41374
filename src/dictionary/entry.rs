//! What one line of a pack says.

use serde::{Deserialize, Serialize};

/// How many styles there are: the length of a [`Channel`].
pub const STYLES: usize = 8;

/// A known manner of spinning: every spinner keeps to a dictionary of its own, so the
/// swaps of a document tend to be of one style.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// News sites: `stated` for *said*, `in opposition to` for *against*, `the place` for *where*.
    News,
    /// Tutorials and marketing: `with the aid of` for *by*, `commercial enterprise` for *business*.
    Marketing,
    /// Spinbot and its kin: `on the off chance that` for *if*, `urban communities` for *cities*.
    Spinbot,
    /// Single words in another sense: `beat` for *top*, `respectful war` for *civil war*.
    Literal,
    /// Scholarly spinning: `victimization` for *using*, `area unit` for *are*.
    Academic,
    /// Bookmark spam and abstracts: `made use of` for *used*, `US bucks` for *dollars*.
    Bookmark,
    /// Any spinner that picks plain synonyms from a thesaurus: `commence` for *begin*.
    Thesaurus,
    /// Entries of a user's own dictionary that name no style.
    Custom,
}

impl Style {
    /// Every style, in the order of a [`Channel`].
    pub const ALL: [Style; STYLES] = [
        Style::News,
        Style::Marketing,
        Style::Spinbot,
        Style::Literal,
        Style::Academic,
        Style::Bookmark,
        Style::Thesaurus,
        Style::Custom,
    ];

    /// The name used in packs and reports.
    ///
    /// ```
    /// use unspin::dictionary::Style;
    /// assert_eq!(Style::Spinbot.name(), "spinbot");
    /// assert_eq!(Style::from_name("spinbot"), Some(Style::Spinbot));
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Style::News => "news",
            Style::Marketing => "marketing",
            Style::Spinbot => "spinbot",
            Style::Literal => "literal",
            Style::Academic => "academic",
            Style::Bookmark => "bookmark",
            Style::Thesaurus => "thesaurus",
            Style::Custom => "custom",
        }
    }

    /// The style of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Style> {
        Style::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// For each [`Style`], the probability that its spinner writes this spun phrase when it
/// rewrites this original; 0 where it never does.
pub type Channel = [f32; STYLES];

/// Which inflected forms an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PartOfSpeech {
    /// `n`: singular, plural and possessives.
    Noun,
    /// `v`: base, third person, past, participle and -ing forms.
    Verb,
    /// `a`: positive, comparative and superlative.
    Adjective,
    /// `x`: this form alone.
    Fixed,
}

impl PartOfSpeech {
    /// The letter used in packs.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            PartOfSpeech::Noun => "n",
            PartOfSpeech::Verb => "v",
            PartOfSpeech::Adjective => "a",
            PartOfSpeech::Fixed => "x",
        }
    }

    /// The part of speech of that letter.
    #[must_use]
    pub fn from_letter(letter: &str) -> Option<PartOfSpeech> {
        use PartOfSpeech::{Adjective, Fixed, Noun, Verb};
        [Noun, Verb, Adjective, Fixed].into_iter().find(|p| p.letter() == letter)
    }
}

/// One swap as a pack states it, before inflection.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// What the spinner writes. `^` before a word marks the one to inflect.
    pub spun: String,
    /// What stood there. `^` as in [`Entry::spun`].
    pub original: String,
    /// Which inflected forms the pair stands for.
    pub pos: PartOfSpeech,
    /// How usual the swap is, style by style.
    pub channel: Channel,
    /// Where the entry comes from, e.g. `hand`.
    pub origin: String,
    /// The line of the pack it stands on, counted from 1.
    pub line: usize,
}

/// A set of entries read from one file.
#[derive(Clone, PartialEq, Debug)]
pub struct Pack {
    /// The name that findings show, e.g. `news`: the file's name without its ending.
    pub name: String,
    /// Its entries, in the order of the file.
    pub entries: Vec<Entry>,
}
