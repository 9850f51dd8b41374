//! JSON Lines: one report object a line.

use std::io::{self, Write};

use super::Report;

/// Writes a report as one line of JSON.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_jsonl(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    out.write_all(b"\n")
}
