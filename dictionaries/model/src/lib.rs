//! The English language model of [`unspin`](https://docs.rs/unspin), in the packed form that it
//! reads in place. A crate of its own, since model and program together are too large for one
//! published package.
//!
//! ```
//! assert!(unspin_english::ENGLISH_LM.starts_with(b"UNSPINLM"));
//! ```
#![no_std]

/// The packed model: what `unspin::language_model::LanguageModel::from_bytes` reads. Linked
/// into the program, of which the system loads the pages that are looked at, and no more.
pub static ENGLISH_LM: &[u8] = include_bytes!("../english.lm");
