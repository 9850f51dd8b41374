//! Evaluations as text for a terminal, and as JSON.

use std::io::{self, Write};

use super::evaluation::Evaluation;
use super::place::Excerpt;
use super::sections::{Section, sections};
use crate::detect::Evidence;

/// The width that notes are wrapped to, in characters.
const WIDTH: usize = 100;

/// Writes an evaluation as one JSON object. `groups` has the figures of each folder and of `ALL`.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_json(evaluation: &Evaluation, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, evaluation)?;
    out.write_all(b"\n")
}

/// Writes an evaluation for people to read.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_text(evaluation: &Evaluation, out: &mut impl Write) -> io::Result<()> {
    for section in sections(evaluation) {
        write_section(&section, out)?;
    }
    let worst = &evaluation.worst;
    for (title, errors) in worst.false_lists().into_iter().filter(|(_, errors)| !errors.is_empty()) {
        writeln!(out, "{title}")?;
        for error in errors {
            let (grade, often) = (error.applicability.name(), times(error.times));
            write_place(&error.place, &error.proposed, out)?;
            writeln!(out, "      {:.3}, {grade}, {often}; {}", error.confidence, terms(&error.evidence))?;
        }
        writeln!(out)?;
    }
    if !worst.missed_swaps.is_empty() {
        writeln!(out, "Missed swaps, those missed most often first")?;
        for error in &worst.missed_swaps {
            write_place(&error.place, &error.original, out)?;
            let weak = error.confidence.map_or_else(|| "no finding".into(), |c| format!("a finding of {c:.3} at most"));
            writeln!(out, "      missed {} of {} times; {weak}", error.missed, error.made)?;
        }
        writeln!(out)?;
    }
    if !worst.wrong_restorations.is_empty() {
        writeln!(out, "Wrong restorations, those held most probable first")?;
        for error in &worst.wrong_restorations {
            write_place(&error.place, &error.proposed, out)?;
            writeln!(
                out,
                "      wanted: {}; {:.3} x {:.3}, {}, {}; {}",
                flat(&error.wanted),
                error.confidence,
                error.probability,
                error.applicability.name(),
                times(error.times),
                terms(&error.evidence)
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The terms of a finding, in natural logarithms.
pub(super) fn terms(evidence: &Evidence) -> String {
    let Evidence { pack, context, channel, genuine_use, .. } = evidence;
    format!("pack {}, context {context}, channel {channel}, genuine use {genuine_use}", flat(pack))
}

pub(super) fn times(count: usize) -> String {
    if count == 1 { "once".into() } else { format!("{count} times") }
}

fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn write_place(place: &Excerpt, instead: &str, out: &mut impl Write) -> io::Result<()> {
    let Excerpt { path, line, column, before, text, after, .. } = place;
    writeln!(out, "  {}:{line}:{column}", flat(path))?;
    writeln!(out, "      {before}[{text} -> {}]{after}", flat(instead))
}

fn write_section(section: &Section, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", section.title)?;
    let mut line = String::new();
    for word in section.note.split_whitespace() {
        if line.len() + word.len() > WIDTH - 4 {
            writeln!(out, " {line}")?;
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    writeln!(out, " {line}")?;
    let widths: Vec<usize> = (0..section.head.len())
        .map(|i| {
            let cells = section.rows.iter().map(|row| row[i].chars().count());
            cells.chain([section.head[i].len()]).max().unwrap_or(0)
        })
        .collect();
    let head: Vec<String> = section.head.iter().map(ToString::to_string).collect();
    for row in [&head].into_iter().chain(&section.rows) {
        let mut line = format!("  {:1$}", flat(&row[0]), widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}
