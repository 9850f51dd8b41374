//! Reviewing: each finding is shown in its line, and a person says what becomes of it.
//!
//! Every decision is kept in a file beside the text as soon as it is made, so that whoever stops,
//! or is stopped, goes on from there. The text itself is written once all is decided.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use unspin::document::{Document, without_marks};
use unspin::restore::Edit;
use unspin::text::{casing_of, recase};
use unspin::{Finding, Report};

/// So much of the text is shown on each side of a finding, in characters.
const AROUND: usize = 60;

const HELP: &str = "y: put the first in   2 to 5: another   e: type one   n: leave it   a: as y, and all like this   \
                    q: stop, and go on another time";

/// What was decided of one finding.
#[derive(Serialize, Deserialize)]
struct Decision {
    start: usize,
    /// What stands there.
    text: String,
    /// What is put in its place, if anything.
    put: Option<String>,
}

/// Where the decisions on a text are kept.
fn kept_in(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.unspin-review"))
}

/// Asks about the findings of a report on the prose of `document` and gives the edits of it that
/// were chosen; `None` where it was stopped before the last.
pub fn review(
    path: &Path,
    document: &Document<'_>,
    report: &Report,
    answers: &mut impl BufRead,
    out: &mut impl Write,
) -> Result<Option<Vec<Edit>>> {
    let (text, findings) = (document.prose(), &report.findings);
    let mut mapped = report.clone();
    document.map_report(&mut mapped, 0);
    let lines: Vec<usize> = mapped.findings.iter().map(|f| f.line).collect();
    let kept = kept_in(path);
    let mut decided = read(&kept, text);
    let mut like: HashMap<String, String> = HashMap::new();
    let mut edits = Vec::new();
    for (number, finding) in findings.iter().enumerate() {
        let put = match decided.remove(&finding.start) {
            Some(put) => put,
            None => {
                let alike = like.get(&finding.text.to_lowercase());
                let answer = match alike {
                    Some(put) => Answer::Decided(Some(recase(put, casing_of(&finding.text)))),
                    None => {
                        write!(out, "\n{} of {}, ", number + 1, findings.len())?;
                        show(finding, lines[number], text, out)?;
                        ask(finding, answers, out)?
                    }
                };
                let put = match answer {
                    Answer::Decided(put) => put,
                    Answer::AllLikeThis(put) => {
                        like.insert(finding.text.to_lowercase(), put.clone());
                        Some(put)
                    }
                    Answer::Stop => {
                        writeln!(out, "{number} of {} decided; the same command goes on from here", findings.len())?;
                        return Ok(None);
                    }
                };
                keep(&kept, finding, put.as_deref()).with_context(|| kept.display().to_string())?;
                put
            }
        };
        edits.extend(put.map(|text| Edit { start: finding.start, end: finding.end, text }));
    }
    Ok(Some(edits))
}

/// Forgets the decisions on a text, once it is written.
pub fn forget(path: &Path) {
    // Where nothing was asked there is no such file.
    let _ = fs::remove_file(kept_in(path));
}

/// The decisions that were kept; none where they are of another text.
fn read(kept: &Path, text: &str) -> HashMap<usize, Option<String>> {
    let lines = fs::read_to_string(kept).unwrap_or_default();
    let decisions: Vec<Decision> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let fit = decisions.iter().all(|d| text.get(d.start..d.start + d.text.len()) == Some(&d.text));
    if fit { decisions.into_iter().map(|d| (d.start, d.put)).collect() } else { HashMap::new() }
}

fn keep(kept: &Path, finding: &Finding, put: Option<&str>) -> io::Result<()> {
    let decision = Decision { start: finding.start, text: finding.text.clone(), put: put.map(str::to_string) };
    let mut line = serde_json::to_vec(&decision)?;
    line.push(b'\n');
    File::options().create(true).append(true).open(kept)?.write_all(&line)
}

enum Answer {
    Decided(Option<String>),
    AllLikeThis(String),
    Stop,
}

/// Nothing in a document may steer the terminal.
fn flat(text: &str) -> String {
    without_marks(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn show(finding: &Finding, line: usize, text: &str, out: &mut impl Write) -> io::Result<()> {
    let from = text[..finding.start].char_indices().rev().take(AROUND).last().map_or(finding.start, |(i, _)| i);
    let to = text[finding.end..].char_indices().take(AROUND).last().map_or(0, |(i, c)| i + c.len_utf8()) + finding.end;
    let (before, after) = (flat(&text[from..finding.start]), flat(&text[finding.end..to]));
    writeln!(out, "line {line}, {}:", finding.applicability.name())?;
    writeln!(out, "  ...{before}[{}]{after}...", flat(&finding.text))?;
    for (number, replacement) in (1..).zip(&finding.replacements) {
        writeln!(out, "  {number}: {} ({:.0}%)", flat(&replacement.text), 100.0 * replacement.probability)?;
    }
    Ok(())
}

fn ask(finding: &Finding, answers: &mut impl BufRead, out: &mut impl Write) -> Result<Answer> {
    let best = finding.replacements.first().map(|r| r.text.clone());
    loop {
        write!(out, "y, 1-5, e, n, a, q or ?: ")?;
        out.flush()?;
        let Some(answer) = line(answers)? else { return Ok(Answer::Stop) };
        match (answer.as_str(), &best) {
            ("y", Some(_)) => return Ok(Answer::Decided(best)),
            ("n", _) => return Ok(Answer::Decided(None)),
            ("a", Some(best)) => return Ok(Answer::AllLikeThis(best.clone())),
            ("q", _) => return Ok(Answer::Stop),
            ("e", _) => {
                write!(out, "instead of {}: ", flat(&finding.text))?;
                out.flush()?;
                let Some(typed) = line(answers)? else { return Ok(Answer::Stop) };
                return Ok(Answer::Decided(Some(typed)));
            }
            _ => {}
        }
        let number = answer.parse::<usize>().unwrap_or(0);
        if let Some(other) = number.checked_sub(1).and_then(|n| finding.replacements.get(n)) {
            return Ok(Answer::Decided(Some(other.text.clone())));
        }
        writeln!(out, "{HELP}")?;
    }
}

/// The next line of the answers; `None` at their end.
fn line(answers: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = String::new();
    let read = answers.read_line(&mut line).context("standard input")?;
    Ok((read > 0).then(|| line.trim().to_string()))
}
