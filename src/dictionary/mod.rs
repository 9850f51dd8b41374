//! The synonym dictionary, read backwards: which originals a spun phrase may stand for.
//!
//! Packs of entries ([`read_pack`]) are inflected ([`Inflector`]), weighed by how genuine
//! writers use both phrases ([`GenuineUse`]) and compiled ([`compile`]) to a [`Dictionary`]:
//! a finite-state map from phrases to postings that is walked over the words of a text.

mod check;
mod compile;
mod entry;
mod error;
mod genuine;
mod import;
mod inflect;
mod lines;
mod memo;
mod near;
mod phrase;
mod prune;
mod query;
mod remark;
mod source;
mod spelling;
mod store;
mod variants;
mod weight;
mod write;
mod writer;

pub use check::check;
pub use compile::compile;
pub use entry::{Channel, Entry, Pack, PartOfSpeech, STYLES, Style};
pub use error::DictionaryError;
pub use genuine::{Gain, GenuineUse, PairUse};
pub use import::{Imported, import};
pub use inflect::{Inflector, exceptions};
pub(crate) use lines::{Line, for_each_line};
pub use memo::Memo;
pub use near::may_be_misspelt;
pub use phrase::normal_phrase;
pub use prune::{LEAST_PROSPECT, prune};
pub use remark::{Level, Remark, RemarkKind};
pub use source::{MAX_ENTRIES, MAX_PHRASE, MAX_WORDS, read_pack};
pub(crate) use spelling::same_but_for_spelling;
pub use store::{Dictionary, FORMAT_VERSION, Key, Posting, THESAURUS};
pub use weight::{GAIN_SLOPE, Weight};
pub use write::{sort_key, write_pack};
