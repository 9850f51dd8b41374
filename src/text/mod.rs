//! Text: from bytes to tokens and sentences with byte spans.
//!
//! [`Tokens::read`] cuts a text into words, numbers, punctuation and the rest, each with its
//! span, its normal form and how it hangs together with the one before.

mod casing;
mod chars;
mod part;
mod sentence;
mod spelling;
mod token;
mod tokenizer;

pub use casing::{Casing, casing_of, recase};
pub use chars::MARKUP;
pub use part::{PART, part_end};
pub use spelling::{american, british};
pub use token::{Capitals, Joint, Token, TokenKind, Tokens, word_hash};
