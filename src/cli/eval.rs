//! `unspin eval`: how well scans find swaps that are known.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use thread_local::ThreadLocal;

use unspin::ModelBuilder;
use unspin::evaluate::{Calibration, EvaluateError, Evaluation, Sample, Scored};
use unspin::evaluate::{texts, write_html, write_json, write_text};

use super::{ModelArgs, Outcome, complain};

/// Measures how well the swaps of a folder of texts are found and undone
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin eval texts/
  unspin eval texts/ --format html -o figures.html
  unspin eval texts/ --format json --worst 100 | jq .groups.ALL
  unspin eval texts/ --calibration

The folder holds genuine texts, NAME.txt, and spun ones, NAME.txt beside NAME.gold.jsonl, a line an
edit: {\"start\": 3, \"end\": 9, \"spun\": \"stated\", \"original\": [\"said\"]}, offsets in bytes. Folders below
it are groups; one named STYLE-RATE, as news-0.5, tells style and rate. docs/evaluation.md says what
each figure means.

Exit status: 0, or 2 where a text or its edits could not be used; the others are measured.")]
pub struct Eval {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Where to write; standard output where nothing is said
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many of the worst errors of each kind to list
    #[arg(long, value_name = "N", default_value_t = 10)]
    worst: usize,
    /// Fits the constants of verdict and confidence instead, and prints them
    #[arg(long, conflicts_with_all = ["format", "worst"])]
    calibration: bool,
    /// Uses the dictionaries of --dict alone, not the bundled one
    #[arg(long, requires = "dictionaries")]
    only_dict: bool,
    /// How many threads to use; one a core where nothing is said
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0, value_parser = super::whole_number,
        allow_negative_numbers = true)]
    jobs: usize,
    #[command(flatten)]
    model: ModelArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for a terminal
    Text,
    /// One JSON object
    Json,
    /// A page with plots that stands alone
    Html,
}

impl Eval {
    pub fn run(self) -> Result<Outcome> {
        let builder = if self.only_dict { ModelBuilder::without_dictionary() } else { ModelBuilder::english() };
        let model = self.model.build_on(builder)?;
        super::set_threads(self.jobs)?;
        let (paths, mut errors) = texts(&self.folder)?;
        let workers = ThreadLocal::new();
        let results: Vec<Result<Scored, EvaluateError>> = paths
            .par_iter()
            .map(|path| {
                let worker = workers.get_or(|| RefCell::new(model.worker()));
                Sample::read(&self.folder, path).map(|sample| Scored::scan(&mut worker.borrow_mut(), sample))
            })
            .collect();
        let mut scored = Vec::with_capacity(results.len());
        for result in results {
            match result {
                Ok(text) => scored.push(text),
                Err(error) => errors.push(error),
            }
        }
        for error in &errors {
            complain(&error.to_string());
        }
        let mut rendered = Vec::new();
        if let Ok(path) = std::env::var("CAL_DUMP") {
            let mut f = std::io::BufWriter::new(std::fs::File::create(path)?);
            for s in &scored {
                if let Some(r) = s.raw_verdict() {
                    writeln!(
                        f,
                        "D\t{}\t{:?}\t{}\t{}\t{}\t{}\t{}",
                        s.sample.path.display(),
                        r.extent,
                        r.evidence,
                        r.probability,
                        r.truth,
                        s.words,
                        s.report.verdict.label.name()
                    )?;
                }
                for r in s.raw_findings() {
                    writeln!(
                        f,
                        "F\t{}\t{}\t{}\t{}\t{}",
                        s.sample.path.display(),
                        r.posterior,
                        r.spun,
                        r.confidence,
                        r.truth
                    )?;
                }
            }
        }
        if self.calibration {
            Calibration::of(&scored).write(&mut rendered)?;
        } else {
            let evaluation = Evaluation::of(&scored, self.worst);
            match self.format {
                Format::Text => write_text(&evaluation, &mut rendered)?,
                Format::Json => write_json(&evaluation, &mut rendered)?,
                Format::Html => write_html(&evaluation, &self.folder.display().to_string(), &mut rendered)?,
            }
        }
        match &self.output {
            Some(path) => std::fs::write(path, rendered).with_context(|| path.display().to_string())?,
            None => io::stdout().lock().write_all(&rendered)?,
        }
        Ok(if errors.is_empty() { Outcome::Clean } else { Outcome::Failed })
    }
}
