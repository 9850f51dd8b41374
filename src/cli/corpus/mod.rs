//! Corpora: files that hold many documents, and how inputs of all kinds become units of work.
//!
//! One thread reads: it cuts files of records into records, without looking into them, and hands
//! them on in batches ([`Feed`]). All others look into records and scan ([`side_by_side`]).

mod feed;
mod fields;
#[cfg(feature = "warc")]
mod headers;
mod json_lines;
mod kind;
mod lines;
#[cfg(feature = "warc")]
mod page;
mod size;
mod table;
#[cfg(feature = "warc")]
mod warc;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};

use unspin::Report;
use unspin::document::Input;

pub use feed::{Feed, Item, side_by_side};
pub use fields::Fields;
pub use kind::Kind;
pub use size::{Limits, parse_size};

use table::Header;

use super::input::{Selection, name_of};
use super::open::{is_packed, open};

/// A piece of work, in input order.
pub enum Unit {
    /// A document that is a file; it is read where it is worked through.
    File(PathBuf),
    /// A record of a file.
    Record(Record),
    /// A file of a folder that holds no texts, and why.
    Skipped { path: String, reason: String },
    /// What could not be read.
    Failed(Failure),
}

impl Unit {
    /// The file that it is of.
    pub fn path(&self) -> String {
        match self {
            Unit::File(path) => path.display().to_string(),
            Unit::Record(record) => record.path.display().to_string(),
            Unit::Skipped { path, .. } => path.clone(),
            Unit::Failed(failure) => failure.path.clone(),
        }
    }
}

/// What could not be read, and why.
pub struct Failure {
    /// The file; empty where not even its name is known.
    pub path: String,
    /// What is wrong, beginning with the place.
    pub reason: String,
}

/// A record as it stands in its file.
pub struct Record {
    pub path: Arc<Path>,
    /// The line it begins on, counted from 1; in an archive the offset.
    pub place: u64,
    /// All of its bytes, with what ends it.
    pub raw: Vec<u8>,
    pub shape: Shape,
}

/// What kind of record it is.
#[derive(Clone)]
pub enum Shape {
    JsonLine,
    Row(Arc<Header>),
    #[cfg(feature = "warc")]
    Archived,
}

impl Shape {
    /// Whether records of both can stand in one file.
    pub fn is_like(&self, other: &Shape) -> bool {
        match (self, other) {
            (Shape::Row(one), Shape::Row(other)) => Arc::ptr_eq(one, other) || one.is_like(other),
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}

/// The document in a record.
pub struct Text {
    pub id: String,
    pub bytes: Vec<u8>,
    pub input: Input,
}

impl Record {
    /// The document in it; none where it is of a kind that holds none.
    ///
    /// # Errors
    /// When it is broken: what is wrong, with the place.
    pub fn text(&self, plan: &Plan) -> Result<Option<Text>, String> {
        let text = match &self.shape {
            Shape::JsonLine => json_lines::text(&self.raw, self.place, &plan.fields).map(Some),
            #[cfg(feature = "warc")]
            Shape::Archived => page::text(&self.raw, self.place, &plan.limits),
            Shape::Row(header) => table::text(&self.raw, self.place, header).map(Some),
        };
        text.map_err(|wrong| format!("{}: {wrong}", self.name()))
    }

    /// The file and the place in it.
    pub fn name(&self) -> String {
        let (name, place) = (name_of(&self.path), self.place);
        match self.shape {
            #[cfg(feature = "warc")]
            Shape::Archived => format!("{name}: the record at offset {place}"),
            _ => format!("{name}:{place}"),
        }
    }
}

/// A record with its verdict under the name `verdict`, and with the restored text under its own;
/// all else byte for byte.
///
/// # Errors
/// When nothing can be added to it, or it has something under one of the names.
pub fn passed(record: &Record, verdict: &str, report: &Report, restored: Option<(&str, String)>) -> Result<Vec<u8>> {
    let added = match &record.shape {
        Shape::JsonLine => {
            let mut members = vec![(verdict, serde_json::to_string(&report.verdict)?)];
            members.extend(restored.map(|(name, text)| (name, serde_json::Value::from(text).to_string())));
            json_lines::with_members(&record.raw, &members)
        }
        Shape::Row(header) => {
            let mut cells = vec![report.verdict.label.name()];
            cells.extend(restored.as_ref().map(|(_, text)| text.as_str()));
            table::with_cells(&record.raw, header.delimiter, &cells)
        }
        #[cfg(feature = "warc")]
        Shape::Archived => Err("nothing can be added to a page; --pass-through wants JSON Lines or CSV".into()),
    };
    added.map_err(|wrong| anyhow!("{}: {wrong}", record.name()))
}

/// How files are read.
#[derive(Clone)]
pub struct Plan {
    /// As what; by the ends of their names where that is not said.
    pub kind: Option<Kind>,
    pub fields: Fields,
    pub limits: Limits,
    /// The columns that tables must not have, because they are added.
    pub added: Vec<String>,
}

impl Plan {
    /// Whether a file is one document, which is not compressed.
    pub fn is_document(&self, path: &Path) -> bool {
        matches!(self.kind.unwrap_or_else(|| Kind::of(path)), Kind::Document(_)) && !is_packed(path)
    }
}

/// What takes units; it says whether more are wanted.
pub type Add<'a> = &'a mut dyn FnMut(Unit) -> bool;

/// Hands on the files that paths name, in order, each as a document.
pub fn for_each_file(paths: &[PathBuf], selection: &Selection, add: Add<'_>) {
    for path in selection.files(paths) {
        if !add(path.map_or_else(unnamed, Unit::File)) {
            return;
        }
    }
}

fn unnamed(error: anyhow::Error) -> Unit {
    Unit::Failed(Failure { path: String::new(), reason: format!("{error:#}") })
}

/// Hands on all units of the files that paths name, in order, after those that are done.
///
/// As many of them as `done` says are, of which the last is of the file `last`; where that is not
/// so, nothing is handed on.
///
/// # Errors
/// When the inputs are not those of before.
pub fn for_each_unit_after(
    (done, last): &(u64, String),
    paths: &[PathBuf],
    selection: &Selection,
    plan: &Plan,
    add: Add<'_>,
) -> Result<(), String> {
    let (mut passed, mut wrong) = (0, None);
    for_each_unit(paths, selection, plan, &mut |unit| {
        if passed >= *done {
            return add(unit);
        }
        passed += 1;
        let path = unit.path();
        if passed == *done && path != *last {
            wrong = Some(format!("unit {done} of the inputs is of `{path}`, where the checkpoint tells of `{last}`"));
        }
        wrong.is_none()
    });
    if wrong.is_none() && passed < *done {
        wrong = Some(format!("the inputs have {passed} documents and records, where the checkpoint tells of {done}"));
    }
    wrong.map_or(Ok(()), |wrong| Err(format!("{wrong}; put them back, or delete the checkpoint to begin anew")))
}

/// Hands on all units of the files that paths name, in order.
fn for_each_unit(paths: &[PathBuf], selection: &Selection, plan: &Plan, add: Add<'_>) {
    for path in selection.files(paths) {
        let more = match path {
            Err(error) => add(unnamed(error)),
            Ok(path) => {
                let kind = plan.kind.unwrap_or_else(|| Kind::of(&path));
                match kind {
                    Kind::Document(_) => add(Unit::File(path)),
                    // What is named is meant.
                    _ if plan.kind.is_some() || paths.contains(&path) => records(&path, kind, plan, add),
                    // A folder holds what it holds.
                    _ => match lacks_text(&path, kind, plan) {
                        Some(wrong) => {
                            let reason = format!("{}: skipped, {wrong}", name_of(&path));
                            add(Unit::Skipped { path: path.display().to_string(), reason })
                        }
                        None => records(&path, kind, plan, add),
                    },
                }
            }
        };
        if !more {
            return;
        }
    }
}

/// Why a file can hold no record with a text: its columns say so, or the first of its lines.
fn lacks_text(path: &Path, kind: Kind, plan: &Plan) -> Option<String> {
    match kind {
        Kind::Table(delimiter) => table::lacks_text(open(path).ok()?, delimiter, plan),
        Kind::JsonLines => json_lines::lacks_text(open(path).ok()?, plan),
        Kind::Archive | Kind::Document(_) => None,
    }
}

/// Cuts a file into its records.
fn records(path: &Path, kind: Kind, plan: &Plan, add: Add<'_>) -> bool {
    let shared: Arc<Path> = path.into();
    let failed = |reason: String| Unit::Failed(Failure { path: path.display().to_string(), reason });
    let mut source = match open(path) {
        Ok(source) => source,
        Err(error) => return add(failed(format!("{error:#}"))),
    };
    let cut = match kind {
        Kind::Table(delimiter) => table::cut(&mut source, &shared, delimiter, plan, add),
        #[cfg(feature = "warc")]
        Kind::Archive => warc::cut(&mut source, &shared, &plan.limits, add),
        #[cfg(not(feature = "warc"))]
        Kind::Archive => Err("a web archive, and this unspin was built without the feature `warc`".into()),
        Kind::JsonLines | Kind::Document(_) => json_lines::cut(&mut source, &shared, &plan.limits, add),
    };
    match cut {
        Ok(more) => more,
        Err(reason) => add(failed(format!("{}: {reason}", name_of(path)))),
    }
}
