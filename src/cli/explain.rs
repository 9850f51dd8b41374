//! `unspin explain`: every candidate of a sentence with the terms that decide it.

mod place;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use unicode_width::UnicodeWidthStr;

use unspin::document::{Document, Input, is_binary};
use unspin::report::printable;
use unspin::{Explained, Finding, Label, Model};

use super::{ModelArgs, Outcome, input};
use place::Place;

/// Shows every candidate of a sentence with its channel, context and genuine-use terms
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin explain 'A second spherical of negotiations was held.'
  unspin explain --in article.txt spherical          in its sentence there, and what a scan reports
  unspin explain --rate 0.9 'a second spherical of negotiations'

How to read it: channel says how usual the swap is for a spinner of that rate, context how much better
the original fits its neighbours, genuine use what is known of writers who mean the phrase as it
stands. They add up to the sum, the logarithm of the odds that this phrase alone was swapped so: 0 is
even, 2.3 is ten to one, -2.3 one to ten. The posterior weighs all readings of the sentence together, so
rivals for a phrase share what there is.

With --in, a phrase or sentence that stands in the document is explained where it stands first, and what
a scan of the whole document reports of it is said beneath: the document's style, what its spinner leaves
alone, and calibration come in there.")]
pub struct Explain {
    /// The sentence; with --in, a phrase of the document is enough
    #[arg(required = true)]
    sentence: Vec<String>,
    /// Judges as in a document that was spun at this rate
    #[arg(long, default_value_t = 0.4, value_name = "0..1", value_parser = super::unit_interval,
        allow_negative_numbers = true)]
    rate: f32,
    /// Judges at the rate of this document, and in its sentence there
    #[arg(long = "in", value_name = "FILE", conflicts_with = "rate")]
    document: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
}

/// A column's name, and what it shows of a candidate.
type Column = (&'static str, fn(&Explained) -> String);

/// The columns; those of words come first.
const COLUMNS: [Column; 8] = [
    ("phrase", |row| printable(&row.phrase).into_owned()),
    ("original", |row| row.original.clone()),
    ("pack", |row| row.pack.clone()),
    ("channel", |row| format!("{:.1}", row.channel)),
    ("context", |row| format!("{:.1}", row.context)),
    ("genuine use", |row| format!("{:.1}", row.genuine_use)),
    ("posterior", |row| format!("{:.3}", row.posterior)),
    ("sum", |row| format!("{:.1}", row.channel + row.context + row.genuine_use)),
];

/// So many columns hold words and are set to the left.
const OF_WORDS: usize = 3;

impl Explain {
    pub fn run(self) -> Result<Outcome> {
        let model = self.model.build()?;
        let asked = self.sentence.join(" ");
        let mut out = io::stdout().lock();
        match &self.document {
            Some(path) => within(&model, &asked, path, &mut out)?,
            None => {
                let rows = model.explain(&asked, self.rate);
                table(&rows, &format!("in a document spun at a rate of {}", self.rate), &mut out)?;
            }
        }
        Ok(Outcome::Clean)
    }
}

/// Explains what is asked where it stands in a document, or else by itself at the document's rate.
fn within(model: &Model, asked: &str, path: &Path, out: &mut impl Write) -> Result<()> {
    let bytes = input::read(path)?;
    let name = path.display().to_string();
    if is_binary(&bytes) {
        bail!("{name}: it is a binary file; text is wanted");
    }
    let document = Document::read(&bytes, Input::of(path));
    let report = model.scan(document.prose());
    if report.verdict.label == Label::Unknown {
        bail!("{name}: too little English prose to tell its rate; say it with --rate");
    }
    // At a rate of nothing there would be nothing to see.
    let rate = report.verdict.spin_rate.max(0.01);
    let name = printable(&name);
    let Some(place) = Place::find(document.prose(), asked) else {
        table(&model.explain(asked, rate), &format!("in {name} spun at a rate of {rate}"), out)?;
        writeln!(out, "these words do not stand in {name}: they were judged by themselves")?;
        return Ok(());
    };
    let mut rows = model.explain(&document.prose()[place.sentence.clone()], rate);
    let from = place.sentence.start;
    rows.retain(|row| place.touches(&(from + row.span.start..from + row.span.end)));
    let line = 1 + document.text[..document.place(place.words.start)].matches('\n').count();
    table(&rows, &format!("in {name}, line {line}, spun at a rate of {rate}"), out)?;
    // Judged where they stand in the prose, told where they stand in the file.
    let mut told = report.clone();
    document.map_report(&mut told, bytes.len());
    let of_place = report.findings.iter().zip(&told.findings).filter(|(f, _)| place.touches(&(f.start..f.end)));
    let mut reported = of_place.map(|(_, told)| told).peekable();
    if reported.peek().is_none() {
        writeln!(out, "a scan of {name} reports nothing there")?;
    }
    for finding in reported {
        writeln!(out, "a scan of {name} reports {}", reported_as(finding))?;
    }
    Ok(())
}

/// A finding as a scan reports it, in the figures of the table.
fn reported_as(finding: &Finding) -> String {
    let mut said = format!(
        "{}:{} {}, confidence {:.3}, {}",
        finding.line,
        finding.column,
        printable(&finding.text),
        finding.confidence,
        finding.applicability.name()
    );
    for replacement in &finding.replacements {
        said += &format!("; {} {:.3}", replacement.text, replacement.probability);
    }
    said
}

/// Writes the candidates, a row each, under what they are judged by.
fn table(rows: &[Explained], judged: &str, out: &mut impl Write) -> io::Result<()> {
    if rows.is_empty() {
        return writeln!(out, "no phrase of this sentence is in a dictionary");
    }
    writeln!(out, "{judged}; natural logarithms")?;
    let cells: Vec<[String; 8]> = rows.iter().map(|row| COLUMNS.map(|(_, show)| show(row))).collect();
    let widths: [usize; 8] =
        std::array::from_fn(|n| cells.iter().map(|row| row[n].width()).max().unwrap_or(0).max(COLUMNS[n].0.width()));
    let mut line = |cells: [&str; 8]| {
        let mut shown = String::new();
        for (number, cell) in cells.into_iter().enumerate() {
            let blanks = " ".repeat(widths[number] - cell.width());
            let gap = if number == 0 { "" } else { "  " };
            shown += gap;
            shown += &if number < OF_WORDS { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") };
        }
        writeln!(out, "{shown}")
    };
    line(COLUMNS.map(|(name, _)| name))?;
    for row in &cells {
        line(row.each_ref().map(String::as_str))?;
    }
    Ok(())
}
