//! `unspin lm stats`: how much a model holds.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use super::source::Source;
use crate::cli::Outcome;

/// Says how much a model of any kind holds
#[derive(Args)]
pub struct Stats {
    /// A packed model, counts, an ARPA file, or a model of pocketsphinx
    model: PathBuf,
}

impl Stats {
    pub fn run(self) -> Result<Outcome> {
        let (kind, sizes) = match Source::open(&self.model)? {
            Source::Packed(model) => {
                let size = model.size();
                ("", [size.unigrams, size.bigrams, size.trigrams].map(|n| n as usize).to_vec())
            }
            Source::Counts(counts) => ("counts of ", counts.sizes()),
            Source::Listed(model) => ("", model.counts()),
        };
        let bytes = std::fs::metadata(&self.model).with_context(|| self.model.display().to_string())?.len();
        let names = ["words", "pairs", "triples", "quadruples", "quintuples"];
        let sizes: Vec<String> = sizes.iter().zip(names).map(|(size, name)| format!("{size} {name}")).collect();
        writeln!(std::io::stdout(), "{kind}{}, {bytes} bytes", sizes.join(", "))?;
        Ok(Outcome::Clean)
    }
}
