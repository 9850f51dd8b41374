//! Annotations of GitHub's workflows: one command a line on standard output.

use std::io::{self, Write};

use crate::detect::{Applicability, Label};

use super::escape::{file, message, property};
use super::writer::{Layout, Page};
use super::{Place, wording};

/// `::warning file=...,line=...::...` for whatever a log of GitHub's shall show in its place.
pub(super) struct Github;

impl Layout for Github {
    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let (report, verdict) = (page.report, &page.report.verdict);
        let file = property(&file(report.name()));
        let command = match verdict.label {
            Label::Spun => "warning",
            Label::Suspect => "notice",
            Label::Clean | Label::Unknown => "",
        };
        if !command.is_empty() {
            let label = verdict.label.name();
            let said = message(&wording::verdict(report));
            writeln!(out, "::{command} file={file},title=unspin%3A {label}::{label}, {said}")?;
        }
        for finding in &report.findings {
            let command = if finding.applicability == Applicability::Safe { "warning" } else { "notice" };
            let place = Place::of(finding);
            write!(out, "::{command} file={file},line={},endLine={}", place.line, place.end_line)?;
            // Columns mean something within one line only.
            if place.line == place.end_line {
                write!(out, ",col={},endColumn={}", place.column, place.end_column)?;
            }
            writeln!(out, ",title=unspin%3A swapped phrase::{}", message(&wording::sentence(finding)))?;
        }
        Ok(())
    }

    fn unread(&self, path: &str, reason: &str, out: &mut Vec<u8>) -> io::Result<()> {
        writeln!(out, "::error file={},title=unspin%3A not read::{}", property(&file(path)), message(reason))
    }
}
