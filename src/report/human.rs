//! For people: the verdict, then each finding in its line with what stood there.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::detect::{Finding, Label};

use super::Report;

/// The most of a line that is shown around a finding, in characters on each side.
const CONTEXT: usize = 40;

const BOLD: Style = Style::new().bold();
const SWAPPED: Style = AnsiColor::Red.on_default().underline();
const ORIGINAL: Style = AnsiColor::Green.on_default().bold();
const FAINT: Style = Style::new().dimmed();

fn colour(label: Label) -> Style {
    match label {
        Label::Spun => AnsiColor::Red.on_default().bold(),
        Label::Suspect => AnsiColor::Yellow.on_default().bold(),
        Label::Clean => AnsiColor::Green.on_default().bold(),
        Label::Unknown => FAINT,
    }
}

/// Writes a report for people to read. `text` is what was scanned and the findings' offsets
/// lead into it. Styles are written as ANSI escapes: strip them where there is no terminal.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_human(report: &Report, text: &str, out: &mut impl Write) -> io::Result<()> {
    let verdict = &report.verdict;
    let style = colour(verdict.label);
    let path = report.path.as_deref().unwrap_or("text");
    write!(out, "{BOLD}{path}{BOLD:#}: {style}{}{style:#}", verdict.label.name())?;
    match verdict.label {
        Label::Unknown => write!(out, ", too little English prose to judge")?,
        _ => write!(out, ", probability {}", percent(verdict.probability))?,
    }
    if matches!(verdict.label, Label::Spun | Label::Suspect) {
        write!(out, ", {} of the possible swaps made", percent(f64::from(verdict.spin_rate)))?;
        if let Some(style) = verdict.styles.first() {
            write!(out, ", style {} ({})", style.name, percent(f64::from(style.share)))?;
        }
    }
    writeln!(out, ", {} words, {} findings", report.words, report.findings.len())?;
    for finding in &report.findings {
        write_finding(finding, text, out)?;
    }
    Ok(())
}

fn write_finding(finding: &Finding, text: &str, out: &mut impl Write) -> io::Result<()> {
    let best = finding.replacements.first().map_or("", |r| r.text.as_str());
    let (before, after) = context(text, finding.start, finding.end);
    writeln!(
        out,
        "{FAINT}{:>5}:{:<4}{FAINT:#} {before}{SWAPPED}{}{SWAPPED:#} {ORIGINAL}[{}]{ORIGINAL:#}{after}",
        finding.line,
        finding.column,
        flat(&finding.text),
        flat(best),
    )?;
    let mut others = String::new();
    for other in finding.replacements.iter().skip(1).filter(|r| r.probability >= 0.05) {
        others.push_str(if others.is_empty() { "; or " } else { ", " });
        others.push_str(&format!("{} {}", flat(&other.text), percent(f64::from(other.probability))));
    }
    let first = finding.replacements.first().map_or(0.0, |r| r.probability);
    writeln!(
        out,
        "           {FAINT}swapped {}, {best} {}{others}; {}{FAINT:#}",
        percent(f64::from(finding.confidence)),
        percent(f64::from(first)),
        finding.applicability.name(),
    )
}

/// What stands before and after a finding in its line, cut at word boundaries. Looks no
/// further than it shows, however long the line.
fn context(text: &str, start: usize, end: usize) -> (String, String) {
    let (mut from, mut cut) = (start, false);
    for (count, (i, _)) in text[..start].char_indices().rev().take_while(|(_, c)| *c != '\n').enumerate() {
        cut = count == CONTEXT;
        if cut {
            break;
        }
        from = i;
    }
    let mut before = flat(&text[from..start]);
    if cut {
        before = before.find(' ').map_or(before.clone(), |i| format!("...{}", &before[i..]));
    }
    let (mut to, mut cut) = (end, false);
    for (count, (i, c)) in text[end..].char_indices().take_while(|(_, c)| *c != '\n').enumerate() {
        cut = count == CONTEXT;
        if cut {
            break;
        }
        to = end + i + c.len_utf8();
    }
    let mut after = flat(&text[end..to]);
    if cut {
        after = after.rfind(' ').map_or(after.clone(), |i| format!("{} ...", &after[..i]));
    }
    (before, after)
}

/// Text without control characters: nothing in a document may steer the terminal.
fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p >= 99.95 => "over 99.9%".into(),
        p if p >= 99.0 => format!("{p:.1}%"),
        p if p < 0.1 => "under 0.1%".into(),
        p if p < 1.0 => format!("{p:.1}%"),
        p => format!("{p:.0}%"),
    }
}
