//! `unspin lm count` and `unspin lm counts`: counting corpora.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use unspin::language_model::{CountOptions, Counter, CountsHeader, merge_counts};

use super::texts;
use crate::cli::Outcome;
use crate::cli::open::open;
use crate::cli::progress::Progress;

/// Counts the n-grams of texts, for `unspin lm build`
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin lm count texts/ -o my.counts
  unspin lm count --order 4 --min-count 1,1,2 news.txt.gz talk.jsonl -o my.counts
  zcat dump.gz | unspin lm count - -o my.counts")]
pub struct Count {
    /// Plain texts or JSON Lines (.jsonl, .ndjson), also with .gz or .zst: files, folders, or -
    #[arg(required = true)]
    corpora: Vec<PathBuf>,
    /// Where to write the counts
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// How many words the longest n-grams have, 1 to 5
    #[arg(long, value_name = "N", default_value_t = 3)]
    order: usize,
    /// Leaves out n-grams met less often: one figure, or one an order
    #[arg(long, value_name = "N,N", value_delimiter = ',')]
    min_count: Vec<u64>,
    /// How much memory buffers may take, in MiB; temporary files lie beside the output
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    memory: usize,
    /// Counts British spellings as American ones, which scans fall back on where a model lacks a word
    #[arg(long)]
    american: bool,
    /// The field of JSON Lines that holds the text
    #[arg(long, value_name = "NAME", default_value = texts::TEXT)]
    text_field: String,
    /// How many threads to use; one a core where nothing is said
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0, value_parser = crate::cli::whole_number,
        allow_negative_numbers = true)]
    jobs: usize,
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

impl Count {
    pub fn run(self) -> Result<Outcome> {
        crate::cli::set_threads(self.jobs)?;
        let name = || self.output.display().to_string();
        let options = CountOptions {
            header: CountsHeader::new(self.order, &self.min_count)?,
            memory: self.memory.saturating_mul(1 << 20),
            american: self.american,
            folder: folder_of(&self.output),
        };
        let mut counter = Counter::new(options);
        let progress = Progress::open_ended();
        let outcome = texts::for_each_section(&self.corpora, &self.text_field, |sections| {
            counter.add(sections).with_context(name)?;
            let bytes = sections.iter().map(String::len).sum();
            progress.read(bytes, || format!("{} words counted", counter.counted().words));
            Ok(())
        })?;
        progress.end();
        let file = File::create(&self.output).with_context(name)?;
        let counted = counter.finish(BufWriter::new(file)).with_context(name)?;
        let sizes: Vec<String> = counted.ngrams[..self.order].iter().map(u64::to_string).collect();
        eprintln!("{} words in {} sentences; {} n-grams by length", counted.words, counted.sentences, sizes.join(", "));
        Ok(outcome)
    }
}

/// Merges counts
#[derive(Args)]
pub struct Merge {
    /// Counts of one order, made by `unspin lm count`
    #[arg(required = true)]
    counts: Vec<PathBuf>,
    /// Where to write their sum
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Merge {
    pub fn run(self) -> Result<Outcome> {
        let mut sources = Vec::new();
        for path in &self.counts {
            sources.push(open(path)?);
        }
        let names = || self.counts.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        let output = || self.output.display().to_string();
        let same =
            |path: &PathBuf| matches!((path.canonicalize(), self.output.canonicalize()), (Ok(a), Ok(b)) if a == b);
        if self.counts.iter().any(same) {
            bail!("{}: the sum would overwrite counts that go into it; give --output another name", output());
        }
        let file = File::create(&self.output).with_context(output)?;
        merge_counts(sources, BufWriter::new(file)).with_context(names)?;
        Ok(Outcome::Clean)
    }
}
