//! Reports: what a scan says of a document, and one writer a format.

mod human;
mod jsonl;

use serde::{Deserialize, Serialize};

use crate::detect::{Applicability, Finding, Verdict};
use crate::restore;

pub use human::write_human;
pub use jsonl::write_jsonl;

/// The version of the report's fields. Fields are only ever added to it.
pub const SCHEMA: u32 = 1;

/// What a scan says of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The file, as it was named; `None` for a text that came from none.
    pub path: Option<String>,
    /// The record's identifier, where the input has any.
    pub id: Option<String>,
    /// The length of the source in bytes.
    pub bytes: u64,
    /// How many words and numbers it has.
    pub words: usize,
    /// The judgement on the whole.
    pub verdict: Verdict,
    /// The phrases that were swapped, in the order of the text, without overlaps.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The text with every finding of at least the grade `least` undone. `text` must be the
    /// one that was scanned; everything outside the findings stays byte for byte, but for an `a` or
    /// `an` before one. [`Model::restore`](crate::Model::restore) goes on until nothing is left to
    /// undo, and repairs more.
    ///
    /// ```
    /// use unspin::{Applicability, Model};
    /// let text = "Nothing was swapped here.";
    /// let report = Model::english().scan(text);
    /// assert_eq!(report.restore(text, Applicability::Safe), text);
    /// ```
    #[must_use]
    pub fn restore(&self, text: &str, least: Applicability) -> String {
        let restored = restore::apply(text.as_bytes(), &self.findings, least);
        // Findings begin and end where characters do, so this only ever moves the bytes.
        String::from_utf8(restored).unwrap_or_else(|_| text.to_string())
    }
}
