//! JSON: one report object a line, or one object for the whole run.

use std::io::{self, Write};

use serde::Serialize;

use super::fields::Chosen;
use super::writer::{Layout, Page, Tally};
use super::{Report, SCHEMA};

/// Writes a report as one line of JSON.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_jsonl(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    out.write_all(b"\n")
}

/// JSON Lines: a report a line, or the chosen fields of it.
pub(super) struct JsonLines {
    pub fields: Chosen,
}

impl Layout for JsonLines {
    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        if self.fields.is_empty() { write_jsonl(page.report, out) } else { self.fields.write(page.report, out) }
    }
}

/// One object: the reports, and the documents that could not be read.
pub(super) struct Json;

#[derive(Serialize)]
struct Unread<'a> {
    path: &'a str,
    reason: &'a str,
}

impl Layout for Json {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        write!(out, "{{\"schema\":{SCHEMA},\"reports\":[")
    }

    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        out.push(b'\n');
        Ok(serde_json::to_writer(out, page.report)?)
    }

    fn between(&self) -> &'static str {
        ","
    }

    fn keeps_reasons(&self) -> bool {
        true
    }

    fn tail(&self, tally: &Tally, out: &mut Vec<u8>) -> io::Result<()> {
        let unread: Vec<_> = tally.reasons.iter().map(|(path, reason)| Unread { path, reason }).collect();
        out.extend_from_slice(b"\n],\"unread\":");
        serde_json::to_writer(&mut *out, &unread)?;
        out.extend_from_slice(b"}\n");
        Ok(())
    }
}
