//! `unspin explain`: every candidate of a sentence with the terms that decide it.

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;

use super::{ModelArgs, Outcome};

/// Shows for one sentence every candidate with its channel, context and genuine-use terms
#[derive(Args)]
pub struct Explain {
    /// The sentence
    #[arg(required = true)]
    sentence: Vec<String>,
    /// Judges as in a document that was spun at this rate
    #[arg(long, default_value_t = 0.4, value_name = "0..1", value_parser = super::unit_interval)]
    rate: f32,
    #[command(flatten)]
    model: ModelArgs,
}

impl Explain {
    pub fn run(self) -> Result<Outcome> {
        let model = self.model.build()?;
        let sentence = self.sentence.join(" ");
        let rows = model.explain(&sentence, self.rate);
        let mut out = io::stdout().lock();
        if rows.is_empty() {
            writeln!(out, "no phrase of this sentence is in a dictionary")?;
            return Ok(Outcome::Clean);
        }
        writeln!(out, "in a document spun at a rate of {}; natural logarithms", self.rate)?;
        let width = |of: fn(&unspin::Explained) -> &str, name: &str| {
            rows.iter().map(|r| of(r).chars().count()).max().unwrap_or(0).max(name.len())
        };
        let (phrases, originals, packs) =
            (width(|r| &r.phrase, "phrase"), width(|r| &r.original, "original"), width(|r| &r.pack, "pack"));
        writeln!(
            out,
            "{:phrases$}  {:originals$}  {:packs$}  {:>7}  {:>7}  {:>11}  {:>9}",
            "phrase", "original", "pack", "channel", "context", "genuine use", "posterior"
        )?;
        for row in &rows {
            writeln!(
                out,
                "{:phrases$}  {:originals$}  {:packs$}  {:>7.1}  {:>7.1}  {:>11.1}  {:>9.3}",
                row.phrase, row.original, row.pack, row.channel, row.context, row.genuine_use, row.posterior
            )?;
        }
        Ok(Outcome::Clean)
    }
}
