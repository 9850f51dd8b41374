//! `unspin dict import`: packs from lists of others.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use unspin::dictionary::{Style, import, write_pack};

use super::{Outcome, complain};

/// How many refused lines are said in full, and how many guards.
const COMPLAINTS: usize = 20;

/// Makes a pack of a list: the Problematic Paper Screener's CSV, or spun phrase and original
/// in two columns (TSV or CSV)
#[derive(Args)]
pub struct Import {
    /// The list
    list: PathBuf,
    /// Where to write the pack
    #[arg(long, short)]
    output: PathBuf,
    /// The style that the entries are of; academic where papers are counted, else custom
    #[arg(long, value_name = "NAME", value_parser = super::style)]
    style: Option<Style>,
}

impl Import {
    pub fn run(self) -> Result<Outcome> {
        let name = self.list.display().to_string();
        let reader = BufReader::new(File::open(&self.list).with_context(|| name.clone())?);
        let imported = import(reader, &name, self.style).with_context(|| name.clone())?;
        for (line, problem) in imported.refused.iter().take(COMPLAINTS) {
            complain(&format!("{name}:{line}: refused, {problem}"));
        }
        if imported.refusals > COMPLAINTS {
            complain(&format!("{name}: {} more lines refused", imported.refusals - COMPLAINTS));
        }
        let file = self.list.file_name().unwrap_or_default().to_string_lossy();
        // A name may hold a line break; a header must not.
        let about = format!("imported by `unspin dict import` from {}", file.replace(char::is_control, " "));
        let entries = imported.entries.len();
        std::fs::write(&self.output, write_pack(imported.entries, &about))
            .with_context(|| self.output.display().to_string())?;
        eprintln!("{} rows taken, {entries} entries", imported.taken);
        if !imported.guarded.is_empty() {
            let lines: Vec<String> = imported.guarded.iter().take(COMPLAINTS).map(usize::to_string).collect();
            let more = if imported.guarded.len() > COMPLAINTS { ", ..." } else { "" };
            let rows = imported.guarded.len();
            eprintln!("{rows} of them without the conditions of their query: lines {}{more}", lines.join(", "));
        }
        for (reason, rows) in &imported.skipped {
            eprintln!("{rows} rows skipped: {reason}");
        }
        if imported.refusals > 0 {
            eprintln!("{} rows refused", imported.refusals);
            return Ok(Outcome::Failed);
        }
        Ok(Outcome::Clean)
    }
}
