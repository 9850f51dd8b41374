//! CSV (RFC 4180): a row a finding, and one for each document that has none.

use std::io;

use super::escape::{cell, printable};
use super::writer::{Layout, Page};

/// Rows for spreadsheets and data frames. Columns are only ever added, at the end.
pub(super) struct Table;

const COLUMNS: [&str; 20] = [
    "path",
    "label",
    "probability",
    "spin_rate",
    "words",
    "line",
    "column",
    "start",
    "end",
    "phrase",
    "replacement",
    "replacement_probability",
    "confidence",
    "applicability",
    "others",
    "pack",
    "context",
    "channel",
    "genuine_use",
    "id",
];

impl Layout for Table {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        rows(out, |table| Ok(table.write_record(COLUMNS)?))
    }

    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let report = page.report;
        let verdict = &report.verdict;
        let (path, id) = (cell(report.name()), cell(report.id.as_deref().unwrap_or_default()));
        let of_document = [
            path.into_owned(),
            verdict.label.name().to_string(),
            verdict.probability.to_string(),
            verdict.spin_rate.to_string(),
            report.words.to_string(),
        ];
        rows(out, |table| {
            let mut row: Vec<String> = Vec::with_capacity(COLUMNS.len());
            for finding in &report.findings {
                let best = finding.replacements.first();
                let others: Vec<String> = finding
                    .replacements
                    .iter()
                    .skip(1)
                    .map(|r| format!("{} {}", printable(&r.text), r.probability))
                    .collect();
                row.clear();
                row.extend_from_slice(&of_document);
                row.extend([finding.line, finding.column, finding.start, finding.end].map(|n| n.to_string()));
                row.push(cell(&finding.text).into_owned());
                row.push(best.map_or(String::new(), |r| cell(&r.text).into_owned()));
                row.push(best.map_or(String::new(), |r| r.probability.to_string()));
                row.push(finding.confidence.to_string());
                row.push(finding.applicability.name().to_string());
                row.push(cell(&others.join("; ")).into_owned());
                row.push(cell(&finding.evidence.pack).into_owned());
                let evidence = &finding.evidence;
                row.extend([evidence.context, evidence.channel, evidence.genuine_use].map(|n| n.to_string()));
                row.push(id.to_string());
                table.write_record(&row)?;
            }
            if report.findings.is_empty() {
                row.extend_from_slice(&of_document);
                row.resize(COLUMNS.len() - 1, String::new());
                row.push(id.to_string());
                table.write_record(&row)?;
            }
            Ok(())
        })
    }
}

fn rows(out: &mut Vec<u8>, fill: impl FnOnce(&mut csv::Writer<&mut Vec<u8>>) -> io::Result<()>) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().buffer_capacity(1 << 12).from_writer(out);
    fill(&mut table)?;
    table.flush()
}
