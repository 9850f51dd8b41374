//! `unspin learn`: a dictionary from texts and their spun forms.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use unspin::dictionary::{Style, write_pack};
use unspin::document::{Document, is_binary};
use unspin::learn::{Miner, for_each_text_pair};

use super::{Outcome, complain, input};

/// How many complaints about lines are said in full.
const COMPLAINTS: usize = 20;

/// Mines a dictionary from texts and what a spinner made of them
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin learn article.txt spun.txt -o mine.tsv
  unspin learn originals/ spun/ -o mine.tsv --style spinbot --min-count 2
  unspin learn --jsonl pairs.jsonl -o mine.tsv
  unspin scan --dict mine.tsv text.txt

A file of a folder goes with the file of the same name in the other. Texts that have less than a
third of their words in common are left out.")]
pub struct Learn {
    /// The text as its author wrote it: a file or a folder
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl", requires = "spun")]
    original: Option<PathBuf>,
    /// What the spinner made of it: a file, or a folder with files of the same names
    spun: Option<PathBuf>,
    /// Reads pairs from JSON Lines: {"original": "...", "spun": "..."}; - for standard input
    #[arg(long, value_name = "FILE")]
    jsonl: Option<PathBuf>,
    /// Where to write the pack
    #[arg(long, short)]
    output: PathBuf,
    /// The style that the entries are of
    #[arg(long, value_name = "NAME", default_value = "custom", value_parser = super::style)]
    style: Style,
    /// Leaves out pairs met less often; 2 or 3 keep chance out where there are many texts
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_count: u32,
}

impl Learn {
    pub fn run(self) -> Result<Outcome> {
        let mut miner = Miner::default();
        let outcome = match (&self.jsonl, &self.original, &self.spun) {
            (Some(path), ..) => lines(path, &mut miner)?,
            (None, Some(original), Some(spun)) if original.is_dir() && spun.is_dir() => {
                folders(original, spun, &mut miner)?
            }
            (None, Some(original), Some(spun)) => files(original, spun, &mut miner)?,
            _ => bail!("what to learn from is missing: name the original and the spun text, or --jsonl FILE"),
        };
        let (texts, left_out) = miner.texts();
        let mined = miner.finish(self.min_count);
        let swaps: u32 = mined.iter().map(|m| m.count).sum();
        let about = format!("learnt by `unspin learn` from {texts} {}", if texts == 1 { "text" } else { "texts" });
        let pack = write_pack(mined.iter().map(|m| m.entry(self.style)).collect(), &about);
        std::fs::write(&self.output, pack).with_context(|| self.output.display().to_string())?;
        eprintln!("{} pairs, met {swaps} times in {texts} texts; {left_out} texts left out", mined.len());
        Ok(outcome)
    }
}

/// Adds one pair of files; `false` where one of them is no text.
fn add(original: &Path, spun: &Path, miner: &mut Miner) -> Result<bool> {
    let (original_bytes, spun_bytes) = (input::read(original)?, input::read(spun)?);
    for (path, bytes) in [(original, &original_bytes), (spun, &spun_bytes)] {
        if is_binary(bytes) {
            complain(&format!("{}: skipped, it is a binary file", path.display()));
            return Ok(false);
        }
    }
    if !miner.add(&Document::plain(&original_bytes).text, &Document::plain(&spun_bytes).text) {
        complain(&format!("{}: left out, less than a third of it stands in {}", original.display(), spun.display()));
    }
    Ok(true)
}

fn files(original: &Path, spun: &Path, miner: &mut Miner) -> Result<Outcome> {
    if original.is_dir() || spun.is_dir() {
        bail!(
            "{} and {}: one is a folder and one is not; name two files or two folders",
            original.display(),
            spun.display()
        );
    }
    Ok(if add(original, spun, miner)? { Outcome::Clean } else { Outcome::Failed })
}

fn folders(original: &Path, spun: &Path, miner: &mut Miner) -> Result<Outcome> {
    let (originals, spuns) = (names(original)?, names(spun)?);
    let mut outcome = Outcome::Clean;
    for name in originals.union(&spuns) {
        if !originals.contains(name) || !spuns.contains(name) {
            let (here, missing) = if originals.contains(name) { (original, spun) } else { (spun, original) };
            complain(&format!(
                "{}: skipped, {} has no file of this name",
                here.join(name).display(),
                missing.display()
            ));
            continue;
        }
        match add(&original.join(name), &spun.join(name), miner) {
            Ok(_) => {}
            Err(error) => {
                complain(&format!("{error:#}"));
                outcome = Outcome::Failed;
            }
        }
    }
    Ok(outcome)
}

/// The files of a folder, named from it.
fn names(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let paths = [folder.to_path_buf()];
    let mut names = BTreeSet::new();
    for path in input::files(&paths) {
        let path = path?;
        names.insert(path.strip_prefix(folder).map(Path::to_path_buf).unwrap_or(path));
    }
    Ok(names)
}

fn lines(path: &Path, miner: &mut Miner) -> Result<Outcome> {
    let name = if path == Path::new("-") { "standard input".to_string() } else { path.display().to_string() };
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).with_context(|| name.clone())?))
    };
    let mut refused = 0;
    for_each_text_pair(reader, |pair| match pair {
        Ok(pair) => {
            miner.add(&pair.original, &pair.spun);
        }
        Err(line) => {
            refused += 1;
            if refused <= COMPLAINTS {
                complain(&format!("{name}:{}: {}", line.line, line.problem));
            }
        }
    })
    .with_context(|| name.clone())?;
    if refused > COMPLAINTS {
        complain(&format!("{name}: {} more lines refused", refused - COMPLAINTS));
    }
    Ok(if refused == 0 { Outcome::Clean } else { Outcome::Failed })
}
