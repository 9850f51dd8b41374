//! The language model: how probable a word is after the two before it.
//!
//! A trigram model with Katz back-off (Katz 1987) in a packed form that is read in place
//! ([`LanguageModel`]), made by [`pack`] from any source of n-grams, such as the model that
//! the pocketsphinx package carries ([`read_pocketsphinx`]). All logarithms are natural.

mod bytes;
mod error;
mod fuse;
mod levels;
mod numbers;
mod pack;
mod pocketsphinx;
mod reading;
mod store;

pub use error::ModelError;
pub use numbers::spell;
pub use pack::{Ngrams, pack};
pub use pocketsphinx::read_pocketsphinx;
pub use reading::{Reading, phrase_words};
pub use store::{FORMAT_VERSION, LanguageModel, Size, State, WordId};
