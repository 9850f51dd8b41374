//! What the checks of a pack find.

/// How grave a remark is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Level {
    /// The pack should be mended.
    Error,
    /// Worth a look; there may be good reasons for it.
    Note,
}

/// What a remark is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum RemarkKind {
    /// An earlier line of the pack has the same phrases and part of speech.
    Duplicate,
    /// The line does not stand where [`sort_key`](super::sort_key) puts it.
    OutOfOrder,
    /// The phrases differ in British and American spelling, or in hyphens, and in nothing else.
    SpellingVariant,
    /// Another pack has the same phrases and part of speech.
    DuplicateAcross,
    /// The reverse swap is as usual in a style.
    Cycle,
    /// Genuine writers use the spun phrase often, and the original far less.
    GenuinelyUsed,
    /// A word is neither in the language model nor in the table of inflections.
    UnknownWord,
    /// An inflected form is the same on both sides.
    EqualForm,
}

impl RemarkKind {
    /// How grave it is.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            RemarkKind::Duplicate | RemarkKind::OutOfOrder | RemarkKind::SpellingVariant => Level::Error,
            _ => Level::Note,
        }
    }
}

/// Something about one entry of a pack.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Remark {
    /// Number of the pack among those checked.
    pub pack: usize,
    /// The line of the pack, counted from 1.
    pub line: usize,
    /// What it is about.
    pub kind: RemarkKind,
    /// What was found, for people.
    pub message: String,
}
