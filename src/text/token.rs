//! What a token is.

/// The kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A word with its contraction or possessive (`don't`, `Yemen’s`), or an abbreviation
    /// with its dots (`U.S.`, `Mr.`).
    Word,
    /// A number: `12`, `1,256`, `3.5`, `1990s`, `12th`.
    Number,
    /// One mark of punctuation, or a run of dots or dashes.
    Punctuation,
    /// Addresses, mentions, hashtags, symbols and emoji.
    Other,
}

/// How a token hangs together with the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Joint {
    /// It is the first of its text.
    Start,
    /// Only blanks and at most one line break stand between.
    Space,
    /// A hyphen within a compound stands between, and is no token: `on-line`.
    Hyphen,
    /// Nothing stands between.
    Glued,
    /// Two line breaks or more stand between.
    Break,
    /// [`MARKUP`](super::MARKUP) stands between, and what it stands for in the source.
    Markup,
}

/// Which letters of a token are capitals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capitals {
    /// None.
    None,
    /// The first, and perhaps others.
    First,
    /// All, two or more.
    All,
}

/// A token of a text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Byte offset of its first character.
    pub start: u32,
    /// Byte offset of what follows it.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// How it hangs together with the one before it.
    pub joint: Joint,
    /// Which of its letters are capitals.
    pub capitals: Capitals,
    /// Whether a sentence begins with it.
    pub sentence_start: bool,
    /// Whether [`MARKUP`](super::MARKUP) stands within it: it can be read, but not replaced.
    pub has_markup: bool,
    /// [`word_hash`] of its normal form.
    pub hash: u64,
}

/// The tokens of a text with their normal forms. Reused from document to document.
///
/// ```
/// use unspin::text::Tokens;
/// let mut tokens = Tokens::default();
/// tokens.read("Mr. Hill’s on-line shop");
/// let words: Vec<&str> = (0..tokens.len()).map(|i| tokens.normal(i)).collect();
/// assert_eq!(words, ["mr.", "hill's", "on", "line", "shop"]);
/// ```
#[derive(Debug, Default)]
pub struct Tokens {
    pub(super) tokens: Vec<Token>,
    /// Where each token's normal form ends.
    pub(super) ends: Vec<u32>,
    pub(super) normal: String,
}

impl Tokens {
    /// The tokens in the order of the text.
    #[must_use]
    pub fn as_slice(&self) -> &[Token] {
        &self.tokens
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokens in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Token> {
        self.tokens.iter()
    }

    /// The normal form of token `i`: lower case, with straight apostrophes and without
    /// characters that have no width. `US` is `u.s.`, to be told from the pronoun.
    ///
    /// # Panics
    /// When there is no token `i`.
    #[must_use]
    pub fn normal(&self, i: usize) -> &str {
        let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.normal[start as usize..self.ends[i] as usize]
    }
}

/// A hash of a word in normal form. It is stored in files: the same on every platform and in
/// every version.
#[must_use]
pub fn word_hash(word: &str) -> u64 {
    const MULTIPLIER: u64 = 0x9FB2_1C65_1E98_DF25;
    let mut hash = (word.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut chunks = word.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        let bytes = chunk.iter().rev().fold(0u64, |sum, b| sum << 8 | u64::from(*b));
        hash = (hash ^ bytes).wrapping_mul(MULTIPLIER);
        hash ^= hash >> 35;
    }
    let rest = chunks.remainder().iter().rev().fold(0u64, |sum, b| sum << 8 | u64::from(*b));
    hash = (hash ^ rest).wrapping_mul(MULTIPLIER);
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(MULTIPLIER);
    hash ^ hash >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_stable_and_differ() {
        assert_eq!(word_hash("round"), word_hash("round"));
        let mut hashes: Vec<u64> = (0..100_000).map(|i| word_hash(&format!("w{i}"))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 100_000);
        // Stored in the bundled files: a change here must come with a new format version.
        assert_eq!(word_hash("negotiations"), 9_164_747_432_858_199_979);
    }
}
