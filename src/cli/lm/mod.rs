//! `unspin lm`: language models, the bundled one and the user's own.

mod build;
mod count;
mod mix;
mod perplexity;
mod source;
mod stats;
mod texts;

use anyhow::Result;
use clap::Subcommand;

use super::Outcome;

/// Makes and looks at language models
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  unspin lm count texts/ -o my.counts
  unspin lm build my.counts -o my.lm
  unspin scan --lm my.lm article.txt
  unspin lm mix other.arpa my.counts --tune held-out/ -o mixed.lm
  unspin lm perplexity mixed.lm held-out/

docs/language-models.md tells more.")]
pub enum Lm {
    Count(count::Count),
    Counts(count::Merge),
    Build(build::Build),
    Mix(mix::Mix),
    Perplexity(perplexity::Measure),
    Stats(stats::Stats),
}

impl Lm {
    pub fn run(self) -> Result<Outcome> {
        match self {
            Lm::Count(verb) => verb.run(),
            Lm::Counts(verb) => verb.run(),
            Lm::Build(verb) => verb.run(),
            Lm::Mix(verb) => verb.run(),
            Lm::Perplexity(verb) => verb.run(),
            Lm::Stats(verb) => verb.run(),
        }
    }
}
