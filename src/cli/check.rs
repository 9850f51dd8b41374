//! `unspin dict check`: what is wrong with packs.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use unspin::dictionary::{GenuineUse, Level, Pack, check};

use super::Outcome;

/// Checks packs: errors by file and line, exit status 1 where there are any
#[derive(Args)]
pub struct Check {
    /// Packs, as for `dict build`
    #[arg(required = true, value_name = "PACK")]
    packs: Vec<PathBuf>,
    /// Shows notes as well: what is worth a look, and may be right
    #[arg(long)]
    notes: bool,
    /// Genuine-use figures, made by `unspin dict calibrate`: notes phrases that genuine writers
    /// use often
    #[arg(long, value_name = "FILE")]
    genuine: Option<PathBuf>,
    /// The language model whose words are known; the bundled one where nothing is said
    #[arg(long, value_name = "FILE")]
    lm: Option<PathBuf>,
}

impl Check {
    pub fn run(self) -> Result<Outcome> {
        let packs: Vec<Pack> = self.packs.iter().map(|p| super::read_pack_file(p)).collect::<Result<_>>()?;
        let genuine = match &self.genuine {
            Some(path) => super::dict::read_figures(path)?,
            None => GenuineUse::default(),
        };
        let model = super::bare_model(self.lm)?;
        let remarks = check(&packs, &genuine, model.language_model());
        let errors = remarks.iter().filter(|r| r.kind.level() == Level::Error).count();
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for remark in &remarks {
            let level = match remark.kind.level() {
                Level::Error => "error",
                Level::Note if self.notes => "note",
                Level::Note => continue,
            };
            writeln!(out, "{}:{}: {level}: {}", self.packs[remark.pack].display(), remark.line, remark.message)?;
        }
        out.flush()?;
        let entries: usize = packs.iter().map(|p| p.entries.len()).sum();
        let notes = remarks.len() - errors;
        let hint = if notes > 0 && !self.notes { " (--notes shows them)" } else { "" };
        eprintln!("{entries} entries, {errors} errors, {notes} notes{hint}");
        Ok(if errors > 0 { Outcome::Spun } else { Outcome::Clean })
    }
}
