//! `unspin lm`: the language model.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;

use unspin::language_model::{pack, read_pocketsphinx};

use super::Outcome;

/// Makes and looks at language models
#[derive(Subcommand)]
pub enum Lm {
    /// Packs the model of the pocketsphinx package (en-us.lm.bin)
    Build {
        /// The model file of the pocketsphinx package
        source: PathBuf,
        /// Where to write the packed model
        #[arg(long, short)]
        output: PathBuf,
        /// Leaves out trigrams that backing off gives within this much, in natural logarithms
        #[arg(long, default_value_t = 0.0, value_name = "LOG")]
        prune: f32,
    },
    /// Says how much a packed model holds
    Stats {
        /// A packed model
        model: PathBuf,
    },
}

impl Lm {
    pub fn run(self) -> Result<Outcome> {
        match self {
            Lm::Build { source, output, prune } => {
                let name = source.display().to_string();
                let bytes = std::fs::read(&source).with_context(|| name.clone())?;
                let model = read_pocketsphinx(&bytes).and_then(|n| pack(&n, prune)).with_context(|| name)?;
                std::fs::write(&output, model.as_bytes()).with_context(|| output.display().to_string())?;
            }
            Lm::Stats { model } => {
                let size = super::language_model(&model)?.size();
                writeln!(
                    std::io::stdout(),
                    "{} words, {} pairs, {} triples, {} bytes",
                    size.unigrams,
                    size.bigrams,
                    size.trigrams,
                    size.bytes
                )?;
            }
        }
        Ok(Outcome::Clean)
    }
}
