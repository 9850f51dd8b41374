//! `unspin lm mix`: several models made one.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use unspin::language_model::{Mixer, sentences};

use super::source::{Output, Source};
use super::texts;
use crate::cli::Outcome;

/// Mixes models by linear interpolation
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin lm mix other.arpa my.counts --weights .6,.4 -o mixed.lm
  unspin lm mix other.arpa my.counts --tune held-out/ -o mixed.lm")]
pub struct Mix {
    /// Two models or more: counts, ARPA files, or models of pocketsphinx
    #[arg(required = true, num_args = 2..)]
    models: Vec<PathBuf>,
    /// The weight of each, in their order
    #[arg(long, value_name = "W,W", value_delimiter = ',', required_unless_present = "tune", conflicts_with = "tune")]
    weights: Vec<f64>,
    /// Fits the weights to texts that no model was counted from: files or folders
    #[arg(long, value_name = "PATH", num_args = 1..)]
    tune: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Mix {
    pub fn run(self) -> Result<Outcome> {
        if self.tune.is_empty() {
            if self.weights.len() != self.models.len() {
                bail!(
                    "{} weights for {} models; give one a model, as --weights .6,.4",
                    self.weights.len(),
                    self.models.len()
                );
            }
            if self.weights.iter().any(|w| !w.is_finite() || *w < 0.0) || self.weights.iter().sum::<f64>() <= 0.0 {
                bail!("weights {:?}; they must be numbers from 0 on, and not all 0", self.weights);
            }
        }
        let mut models = Vec::new();
        for path in &self.models {
            models.push(Source::listed(path)?);
        }
        let mixer = Mixer::new(models);
        let mut weights = self.weights.clone();
        let mut outcome = Outcome::Clean;
        if !self.tune.is_empty() {
            let mut held_out = Vec::new();
            outcome = texts::for_each_section(&self.tune, texts::TEXT, |section| {
                held_out.extend(section.iter().flat_map(|text| sentences(text, |w| mixer.lists(w))));
                Ok(())
            })?;
            let fitted = mixer.fit(&held_out);
            if fitted.words == 0 {
                bail!("the texts of --tune hold no word that a model lists; give more text, or --weights");
            }
            let mut out = std::io::stdout().lock();
            for ((path, weight), (perplexity, words)) in self.models.iter().zip(&fitted.weights).zip(&fitted.alone) {
                writeln!(
                    out,
                    "{}: weight {weight:.4}, perplexity {perplexity:.2} over {words} of {} words",
                    path.display(),
                    fitted.words
                )?;
            }
            writeln!(out, "the mixture: perplexity {:.2} over {} words", fitted.mixed, fitted.words)?;
            weights = fitted.weights;
        }
        self.output.write(mixer.mix(&weights))?;
        Ok(outcome)
    }
}
