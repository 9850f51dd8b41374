//! `unspin restore`: the text with its swaps undone.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use unspin::document::Document;
use unspin::restore::apply;
use unspin::{Applicability, Label};

use super::config::ConfigArgs;
use super::{ModelArgs, Outcome, input};

/// Writes a document with its swaps undone; everything else stays byte for byte
#[derive(Args)]
pub struct Restore {
    /// A file, or - for standard input
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Also undoes swaps of which the original is only more likely right than not
    #[arg(long)]
    r#unsafe: bool,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    model: ModelArgs,
}

impl Restore {
    pub fn run(self) -> Result<Outcome> {
        let model = self.config.model(&self.model, std::slice::from_ref(&self.path))?;
        let bytes = input::read(&self.path)?;
        if unspin::document::is_binary(&bytes) {
            anyhow::bail!("{}: it is a binary file; text is wanted", self.path.display());
        }
        let document = Document::plain(&bytes);
        let mut report = model.scan(&document.text);
        document.map_report(&mut report, bytes.len());
        let least = if self.r#unsafe { Applicability::Unsafe } else { Applicability::Safe };
        let mut out = io::stdout().lock();
        out.write_all(&apply(&bytes, &report.findings, least))?;
        out.flush()?;
        Ok(if report.verdict.label == Label::Spun { Outcome::Spun } else { Outcome::Clean })
    }
}
