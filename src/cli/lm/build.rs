//! `unspin lm build`: a model from counts or from another tool's file.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::source::{Output, Source};
use crate::cli::Outcome;

/// Builds a model from counts, an ARPA file, or the pocketsphinx package's en-us.lm.bin
#[derive(Args)]
pub struct Build {
    /// Counts (smoothed by modified Kneser-Ney), an ARPA file, or a model of pocketsphinx
    source: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Build {
    pub fn run(self) -> Result<Outcome> {
        self.output.write(Source::listed(&self.source)?)?;
        Ok(Outcome::Clean)
    }
}
