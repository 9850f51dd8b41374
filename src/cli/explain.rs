//! `unspin explain`: every candidate of a sentence with the terms that decide it.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use unicode_width::UnicodeWidthStr;

use unspin::document::{Document, Input, is_binary};
use unspin::report::printable;
use unspin::{Explained, Label, Model};

use super::{ModelArgs, Outcome, input};

/// Shows every candidate of a sentence with its channel, context and genuine-use terms
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin explain 'A second spherical of negotiations was held.'
  unspin explain --in article.txt 'A second spherical of negotiations was held.'
  unspin explain --rate 0.9 'a second spherical of negotiations'

How to read it: channel says how usual the swap is for a spinner of that rate, context how much better
the original fits its neighbours, genuine use what is known of writers who mean the phrase as it
stands. They add up to the sum, the logarithm of the odds that this phrase alone was swapped so: 0 is
even, 2.3 is ten to one, -2.3 one to ten. The posterior weighs all readings of the sentence together, so
rivals for a phrase share what there is.")]
pub struct Explain {
    /// The sentence
    #[arg(required = true)]
    sentence: Vec<String>,
    /// Judges as in a document that was spun at this rate
    #[arg(long, default_value_t = 0.4, value_name = "0..1", value_parser = super::unit_interval)]
    rate: f32,
    /// Judges at the rate of this document
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
        let sentence = self.sentence.join(" ");
        let (rate, of) = self.rate(&model)?;
        let rows = model.explain(&sentence, rate);
        let mut out = io::stdout().lock();
        if rows.is_empty() {
            writeln!(out, "no phrase of this sentence is in a dictionary")?;
            return Ok(Outcome::Clean);
        }
        writeln!(out, "in {of} spun at a rate of {rate}; natural logarithms")?;
        let cells: Vec<[String; 8]> = rows.iter().map(|row| COLUMNS.map(|(_, show)| show(row))).collect();
        let widths: [usize; 8] = std::array::from_fn(|n| {
            cells.iter().map(|row| row[n].width()).max().unwrap_or(0).max(COLUMNS[n].0.width())
        });
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
        Ok(Outcome::Clean)
    }

    /// The rate to judge at, and of what it is.
    fn rate(&self, model: &Model) -> Result<(f32, String)> {
        let Some(path) = &self.document else { return Ok((self.rate, "a document".into())) };
        let bytes = input::read(path)?;
        if is_binary(&bytes) {
            bail!("{}: it is a binary file; text is wanted", path.display());
        }
        let verdict = model.scan(Document::read(&bytes, Input::of(path)).prose()).verdict;
        if verdict.label == Label::Unknown {
            bail!("{}: too little English prose to tell its rate; say it with --rate", path.display());
        }
        // At a rate of nothing there would be nothing to see.
        Ok((verdict.spin_rate.max(0.01), path.display().to_string()))
    }
}
