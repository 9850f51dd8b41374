//! Checkstyle's XML, which many tools for reviews and builds read.

use std::io::{self, Write};

use crate::detect::{Applicability, Label};

use super::escape::xml;
use super::wording;
use super::writer::{Layout, Page, Tally};

/// One `file` element a document, one `error` element a finding.
pub(super) struct Checkstyle;

impl Layout for Checkstyle {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n");
        Ok(())
    }

    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let (report, verdict) = (page.report, &page.report.verdict);
        open(report.name(), out);
        if matches!(verdict.label, Label::Spun | Label::Suspect) {
            let severity = if verdict.label == Label::Spun { "warning" } else { "info" };
            let said = format!("{}, {}", verdict.label.name(), wording::verdict(report));
            error((1, 1), severity, &said, "unspin.spun-document", out)?;
        }
        for finding in &report.findings {
            let severity = if finding.applicability == Applicability::Safe { "warning" } else { "info" };
            let place = (finding.line, finding.column);
            error(place, severity, &wording::sentence(finding), "unspin.swapped-phrase", out)?;
        }
        out.extend_from_slice(b"  </file>\n");
        Ok(())
    }

    fn unread(&self, path: &str, reason: &str, out: &mut Vec<u8>) -> io::Result<()> {
        open(path, out);
        error((1, 1), "error", reason, "unspin.not-read", out)?;
        out.extend_from_slice(b"  </file>\n");
        Ok(())
    }

    fn tail(&self, _: &Tally, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(b"</checkstyle>\n");
        Ok(())
    }
}

fn open(path: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"  <file name=\"");
    xml(path, out);
    out.extend_from_slice(b"\">\n");
}

fn error(place: (usize, usize), severity: &str, message: &str, source: &str, out: &mut Vec<u8>) -> io::Result<()> {
    write!(out, "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"", place.0, place.1)?;
    xml(message, out);
    writeln!(out, "\" source=\"{source}\"/>")
}
