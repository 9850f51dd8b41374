//! Reports: what a scan says of a document, and one writer a format.

mod checkstyle;
mod escape;
mod fields;
mod github;
mod html;
mod human;
mod json;
mod sarif;
mod table;
mod wording;
mod writer;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::detect::{Applicability, Finding, Section, Verdict};
use crate::restore;

pub(crate) use escape::escaped;
pub use escape::printable;
pub use fields::check_fields;
pub use human::write_human;
pub use json::write_jsonl;
pub use writer::{Options, Page, Rendered, Renderer, Writer};

/// The version of the report's fields. Fields are only ever added to it.
pub const SCHEMA: u32 = 1;

/// The formats that reports are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people: each finding in its line, with what stood there.
    Human,
    /// One object for the whole run.
    Json,
    /// One report object a line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// A page that stands alone.
    Html,
    /// A row a finding.
    Csv,
    /// Annotations for GitHub's workflows.
    Github,
    /// Checkstyle's XML.
    Checkstyle,
}

/// Where a finding lies, in lines and characters counted from 1; the end is what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl Place {
    fn of(finding: &Finding) -> Place {
        let (line, column) = (finding.line, finding.column);
        let (end_line, end_column) = match finding.text.rsplit_once('\n') {
            Some((before, last)) => (line + 1 + before.matches('\n').count(), 1 + last.chars().count()),
            None => (line, column + finding.text.chars().count()),
        };
        Place { line, column, end_line, end_column }
    }
}

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
    /// The parts that were spun, in the order of the text, where the rest was left alone; empty
    /// for a document that is of one piece.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// The phrases that were swapped, in the order of the text, without overlaps.
    pub findings: Vec<Finding>,
}

impl Report {
    /// What the document is called where people read of it.
    fn name(&self) -> &str {
        self.path.as_deref().unwrap_or("text")
    }

    /// The same with the record, where the document is one.
    fn title(&self) -> Cow<'_, str> {
        match &self.id {
            Some(id) => format!("{} [{id}]", self.name()).into(),
            None => self.name().into(),
        }
    }

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
