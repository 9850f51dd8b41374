//! `unspin lm perplexity`: how well a model foretells texts.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use unspin::language_model::{Perplexity, kneser_ney};

use super::source::Source;
use super::texts;
use crate::cli::Outcome;

/// Says how well a model foretells texts
#[derive(Args)]
pub struct Measure {
    /// A model of any kind: packed, ARPA, counts, or of pocketsphinx
    model: PathBuf,
    /// Texts: files or folders, - for standard input
    #[arg(required = true)]
    texts: Vec<PathBuf>,
    /// The field of JSON Lines that holds the text
    #[arg(long, value_name = "NAME", default_value = texts::TEXT)]
    text_field: String,
}

impl Measure {
    pub fn run(self) -> Result<Outcome> {
        let measure: Box<dyn Fn(&str) -> Perplexity + Sync> = match Source::open(&self.model)? {
            Source::Packed(model) => Box::new(move |text| model.perplexity(text)),
            Source::Listed(model) => Box::new(move |text| model.perplexity(text)),
            Source::Counts(counts) => {
                let model = kneser_ney(counts).0;
                Box::new(move |text| model.perplexity(text))
            }
        };
        let mut sum = Perplexity::default();
        let outcome = texts::for_each_section(&self.texts, &self.text_field, |sections| {
            use rayon::prelude::*;
            let parts: Vec<Perplexity> = sections.par_iter().map(|text| measure(text)).collect();
            parts.iter().for_each(|part| sum.add(part));
            Ok(())
        })?;
        if sum.tokens == 0 {
            bail!("the texts hold no word; give some that do");
        }
        let mut out = std::io::stdout().lock();
        let log10 = (sum.log_known + sum.log_unknown) * std::f64::consts::LOG10_E;
        writeln!(out, "tokens {} (words and ends of sentences)", sum.tokens)?;
        let share = 100.0 * sum.unknown as f64 / sum.tokens as f64;
        writeln!(out, "unknown words {} ({share:.2} %)", sum.unknown)?;
        writeln!(out, "perplexity {:.2} with unknown words, {:.2} without", sum.of_all(), sum.of_known())?;
        writeln!(out, "log10 of the probability {log10:.3}")?;
        Ok(outcome)
    }
}
