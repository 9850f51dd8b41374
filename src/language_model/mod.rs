//! The language model: how probable a word is after the two before it.
//!
//! Models are counted ([`Counter`]), smoothed ([`kneser_ney`]), read and written as ARPA files
//! ([`read_arpa`], [`write_arpa`]), mixed ([`Mixer`]) and pruned ([`BackoffModel::prune`]) in a form
//! that lists every n-gram. Scans use the packed form:
//!
//! A trigram model with Katz back-off (Katz 1987) in a packed form that is read in place
//! ([`LanguageModel`]), made by [`pack`] from any source of n-grams, such as the model that
//! the pocketsphinx package carries ([`read_pocketsphinx`]). All logarithms are natural.

mod arpa;
mod backoff;
mod bytes;
mod counter;
mod counts;
mod entropy;
mod error;
mod fuse;
mod kneser_ney;
mod levels;
mod listing;
mod mixture;
mod normalise;
mod numbers;
mod pack;
mod perplexity;
mod pocketsphinx;
mod reading;
mod store;

pub use arpa::{read_arpa, write_arpa};
pub use backoff::{BEGIN, BackoffModel, END, MOST_ORDER, UNKNOWN};
pub use counter::{CountOptions, Counted, Counter};
pub use counts::{COUNTS_VERSION, Counts, CountsHeader, merge_counts};
pub use error::ModelError;
pub(crate) use fuse::{Shape, Table, build};
pub use kneser_ney::{Discounts, kneser_ney};
pub use mixture::{Fitted, Mixer};
pub use numbers::spell;
pub use pack::{Ngrams, pack};
pub use perplexity::{Perplexity, sentences};
pub use pocketsphinx::read_pocketsphinx;
pub use reading::{Reading, phrase_words};
pub(crate) use store::pair;
pub use store::{FORMAT_VERSION, LanguageModel, Size, State, WordId};
