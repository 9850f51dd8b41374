//! Edits that were chosen elsewhere: reports as `unspin scan --format jsonl` writes them, of
//! which somebody may have taken findings out, or put other replacements first.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;

use unspin::document::Document;
use unspin::report::SCHEMA;
use unspin::restore::{Edit, with_repairs};
use unspin::{Applicability, Label};

use crate::cli::input;

/// What is read of a report; it may hold more.
#[derive(Deserialize)]
struct ChosenReport {
    schema: u32,
    path: Option<String>,
    bytes: Option<u64>,
    verdict: Option<ChosenVerdict>,
    findings: Vec<ChosenFinding>,
    /// The line it stands on.
    #[serde(skip)]
    line: usize,
}

#[derive(Deserialize)]
struct ChosenVerdict {
    label: Label,
}

#[derive(Deserialize)]
struct ChosenFinding {
    start: usize,
    end: usize,
    text: String,
    applicability: Applicability,
    replacements: Vec<ChosenReplacement>,
}

#[derive(Deserialize)]
struct ChosenReplacement {
    text: String,
}

/// The reports of a file.
pub struct Chosen {
    file: String,
    reports: Vec<ChosenReport>,
    /// Which of them is of a path.
    by_path: HashMap<String, usize>,
}

/// Reads the reports of a file.
pub fn read(path: &Path) -> Result<Chosen> {
    let file = path.display().to_string();
    let bytes = input::read(path)?;
    let (mut reports, mut by_path) = (Vec::new(), HashMap::new());
    for (number, line) in (1..).zip(bytes.split(|b| *b == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let mut report: ChosenReport = serde_json::from_slice(line).map_err(|error| {
            anyhow!("{file}:{number}: no report: {error}; `unspin scan --format jsonl` writes one a line")
        })?;
        if report.schema != SCHEMA {
            bail!("{file}:{number}: schema {}, where {SCHEMA} is read; scan again with this version", report.schema);
        }
        report.line = number;
        if let Some(path) = &report.path
            && by_path.insert(path.clone(), reports.len()).is_some()
        {
            bail!("{file}:{number}: a second report of {path}; leave one of them out");
        }
        reports.push(report);
    }
    Ok(Chosen { file, reports, by_path })
}

impl Chosen {
    /// The files that the reports are of.
    pub fn paths(&self) -> Result<Vec<PathBuf>> {
        let path = |r: &ChosenReport| {
            let path = r.path.as_deref().filter(|p| *p != "-");
            path.map(PathBuf::from)
                .ok_or_else(|| anyhow!("{}:{}: it names no file; name it after --apply", self.file, r.line))
        };
        self.reports.iter().map(path).collect()
    }

    /// The edits of a document from the grade `least` on, as offsets into its prose, and its label.
    pub fn edits(
        &self,
        path: &Path,
        bytes: &[u8],
        document: &Document<'_>,
        least: Applicability,
    ) -> Result<(Vec<Edit>, Label)> {
        let name = path.display().to_string();
        let report = match (self.by_path.get(&name), self.reports.as_slice()) {
            (Some(&number), _) => &self.reports[number],
            // A text without a name can only be the one that a report without a name is of.
            (None, [only]) if only.path.as_deref().is_none_or(|p| p == "-" || name == "-") => only,
            _ => bail!("{name}: {} has no report of it; scan it under this name", self.file),
        };
        let misfit = |what: String| {
            anyhow!(
                "{name}: the report on line {} of {} does not fit it: {what}; scan it again",
                report.line,
                self.file
            )
        };
        if let Some(length) = report.bytes.filter(|b| *b != bytes.len() as u64) {
            return Err(misfit(format!("it is of {length} bytes, and the file has {}", bytes.len())));
        }
        let mut edits: Vec<Edit> = Vec::new();
        let mut at = 0;
        for finding in &report.findings {
            let ChosenFinding { start, end, text, .. } = finding;
            if bytes.get(*start..*end) != Some(text.as_bytes()) || text.is_empty() {
                return Err(misfit(format!("{text:?} does not stand at bytes {start} to {end}")));
            }
            if *start < at {
                return Err(misfit(format!("the finding at byte {start} overlaps the one before, or is out of order")));
            }
            if !document.is_prose(*start, *end) {
                return Err(misfit(format!("what stands at bytes {start} to {end} is no prose of it")));
            }
            at = *end;
            if finding.applicability < least {
                continue;
            }
            let Some(best) = finding.replacements.first() else {
                return Err(misfit(format!("the finding at byte {start} has no replacement")));
            };
            let (start, end) = (document.prose_offset(*start), document.prose_offset(*end));
            edits.push(Edit { start, end, text: best.text.clone() });
        }
        Ok((with_repairs(document.prose(), edits), report.verdict.as_ref().map_or(Label::Unknown, |v| v.label)))
    }
}
