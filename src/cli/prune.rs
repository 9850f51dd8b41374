//! `unspin dict prune`: leaving out of a pack what would find nothing.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use unspin::dictionary::{Inflector, LEAST_PROSPECT, prune, write_pack};

use super::Outcome;

/// Leaves out of a pack the entries that no context would bear out
#[derive(Args)]
pub struct Prune {
    /// A pack, as for `dict build`
    pack: PathBuf,
    /// Genuine-use figures of its pairs, made by `unspin dict calibrate`
    #[arg(long, value_name = "FILE")]
    genuine: PathBuf,
    /// The least logarithm of the odds that is expected of a swap where it was made
    #[arg(long, default_value_t = LEAST_PROSPECT, value_name = "LOG", allow_negative_numbers = true)]
    least: f32,
    /// What the header of the pack says of it
    #[arg(long, default_value = "pruned by `unspin dict prune`", value_name = "TEXT")]
    about: String,
    /// Where to write what is left
    #[arg(long, short)]
    output: PathBuf,
    /// The language model to weigh for; the bundled one where nothing is said
    #[arg(long, value_name = "FILE")]
    lm: Option<PathBuf>,
}

impl Prune {
    pub fn run(self) -> Result<Outcome> {
        let pack = super::read_pack_file(&self.pack)?;
        let genuine = super::dict::read_figures(&self.genuine)?;
        let model = super::bare_model(self.lm)?;
        let all = pack.entries.len();
        let kept = prune(pack, self.least, Inflector::english(), &genuine, model.language_model());
        eprintln!("{} of {all} entries kept", kept.len());
        std::fs::write(&self.output, write_pack(kept, &self.about))
            .with_context(|| self.output.display().to_string())?;
        Ok(Outcome::Clean)
    }
}
