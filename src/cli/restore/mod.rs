//! `unspin restore`: the text with its swaps undone.

mod chosen;
mod replace;
mod review;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use thread_local::ThreadLocal;

use unspin::document::{Document, Input, is_binary, without_marks};
use unspin::restore::{Annotation, Edit, annotate, make, with_repairs, write_diff};
use unspin::{Applicability, Label, Model, Worker};

use super::config::ConfigArgs;
use super::corpus::{Feed, Item, for_each_file, side_by_side};
use super::input::{self, Selection};
use super::open::is_packed;
use super::progress::{heed_interrupts, is_interrupted};
use super::read::{InputArgs, Reader, RecordArgs};
use super::{ModelArgs, Outcome, complain};

/// Writes documents with their swaps undone; everything else stays byte for byte
#[derive(Args)]
pub struct Restore {
    /// Files or folders, or - for standard input
    #[arg(required_unless_present = "apply", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Also undoes swaps of which the original is only more likely right than not
    #[arg(long)]
    r#unsafe: bool,
    /// Writes the restored text into each file, in one step: whatever interrupts it, the file is
    /// as it was or restored
    #[arg(long, group = "what")]
    write: bool,
    /// Asks about every finding, of each grade, and writes each file once all of it is decided;
    /// where it was stopped, it goes on the next time
    #[arg(long, group = "what", conflicts_with_all = ["apply", "unsafe"])]
    review: bool,
    /// Keeps each file that is written as FILE.bak
    #[arg(long)]
    backup: bool,
    /// Shows the lines that change as a unified diff
    #[arg(long, group = "what")]
    diff: bool,
    /// Writes both wordings into the text: [round|spherical], or <del> and <ins> of HTML
    #[arg(long, group = "what", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    annotate: Option<Annotate>,
    /// Writes for each document the N word sequences that are likeliest to find its source in a
    /// search engine
    #[arg(long, group = "what", value_name = "N", num_args = 0..=1, default_missing_value = "4",
        value_parser = clap::value_parser!(u8).range(1..=20), conflicts_with = "apply")]
    query: Option<u8>,
    /// Makes the edits of a report, as `unspin scan --format jsonl` writes it, instead of
    /// scanning
    #[arg(long, value_name = "REPORT")]
    apply: Option<PathBuf>,
    /// How many threads to use; one a core where nothing is said
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0, value_parser = super::whole_number,
        allow_negative_numbers = true)]
    jobs: usize,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    model: ModelArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Annotate {
    /// In brackets, the restored wording first
    Text,
    /// As a fragment of HTML; in HTML and Markdown as tags between theirs
    Html,
}

/// What one document comes to.
struct Done {
    /// What goes to standard output.
    shown: Vec<u8>,
    is_spun: bool,
}

impl Restore {
    pub fn run(mut self) -> Result<Outcome> {
        super::set_threads(self.jobs)?;
        let chosen = self.apply.as_deref().map(chosen::read).transpose()?;
        if let (Some(chosen), true) = (&chosen, self.paths.is_empty()) {
            self.paths = chosen.paths()?;
        }
        let shows_text = !self.write && !self.review && !self.diff && self.query.is_none();
        if shows_text && (self.paths.len() > 1 || self.paths.iter().any(|p| p.is_dir())) {
            bail!("several documents: say --write to restore them in place, or --diff to see what would change");
        }
        if (self.write || self.review) && self.paths.iter().any(|p| p == Path::new("-")) {
            bail!("--write and --review want files; what comes by standard input goes to standard output");
        }
        if self.backup && !self.write && !self.review {
            bail!("--backup keeps what --write or --review would write over; say one of them too");
        }
        let mut settings = self.config.read(&self.paths)?;
        self.model.flags(&mut settings);
        self.input.flags(&mut settings);
        let (model, reader) = (ModelArgs::of(&settings).build()?, Reader::of(&settings));
        if self.review {
            return self.review(&model, &reader);
        }
        let least = if self.r#unsafe { Applicability::Unsafe } else { Applicability::Safe };
        let styled = self.diff && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let mut out = io::stdout().lock();
        let (mut outcome, mut done_any) = (Outcome::Clean, false);
        heed_interrupts();
        let (paths, plan, workers) = (self.paths.clone(), RecordArgs::plan(&settings), ThreadLocal::new());
        let most = plan.limits.document;
        let mut feed = Feed::begin(move |add| for_each_file(&paths, &Selection::default(), add));
        while let Some(batch) = feed.next(is_interrupted) {
            let each = |worker: &mut Worker<'_>, item: Item<'_>| {
                let Item::File(path, bytes) = item else { return Ok(None) };
                let mut shown = Vec::new();
                if is_interrupted() {
                    return Ok(None);
                }
                if self.write && replace::is_backup(path) && !self.paths.iter().any(|p| p == path) {
                    return Ok(Some(Done { shown, is_spun: false }));
                }
                if self.write && is_packed(path) {
                    bail!("{}: compressed; unpack it to restore it in place", path.display());
                }
                let document = reader.read(path, bytes)?;
                let (mut edits, label) = match &chosen {
                    Some(chosen) => chosen.edits(path, bytes, &document, least)?,
                    None => {
                        let restoration = worker.restore(document.prose(), least);
                        if let Some(most) = self.query {
                            write_queries(path, &restoration, &model, most.into(), &mut shown)?;
                        }
                        (restoration.edits, restoration.report.verdict.label)
                    }
                };
                document.map_edits(&mut edits);
                self.present(path, bytes, &document, &edits, styled, &mut shown)?;
                Ok(Some(Done { shown, is_spun: label == Label::Spun }))
            };
            for unit in side_by_side(batch, most, &workers, || model.worker(), each) {
                if let Some(done) = unit.result {
                    done_any = true;
                    outcome = outcome.max(if done.is_spun { Outcome::Spun } else { Outcome::Clean });
                    out.write_all(&done.shown).context("standard output")?;
                }
                if let Some(reason) = unit.skipped {
                    complain(&reason);
                }
                if let Some(failure) = unit.failed {
                    outcome = Outcome::Failed;
                    complain(&failure.reason);
                }
            }
        }
        out.flush().context("standard output")?;
        if shows_text && !done_any {
            // The one document that was asked for is binary, as has been said.
            return Ok(Outcome::Failed);
        }
        if is_interrupted() {
            complain("interrupted: the documents that follow were not restored");
            return Ok(Outcome::Failed);
        }
        Ok(outcome)
    }

    /// Asks about the findings of one file after the other.
    fn review(&self, model: &Model, reader: &Reader) -> Result<Outcome> {
        let (mut worker, mut outcome) = (model.worker(), Outcome::Clean);
        let (mut answers, mut out) = (io::stdin().lock(), io::stdout().lock());
        for path in input::files(&self.paths) {
            let path = path?;
            let bytes = input::read(&path)?;
            if is_binary(&bytes) || replace::is_backup(&path) {
                continue;
            }
            let document = reader.read(&path, &bytes)?;
            let report = worker.scan(document.prose());
            if report.verdict.label == Label::Spun {
                outcome = Outcome::Spun;
            }
            if report.findings.is_empty() {
                continue;
            }
            writeln!(out, "{}: {} findings", path.display(), report.findings.len())?;
            let Some(chosen) = review::review(&path, &document, &report, &mut answers, &mut out)? else {
                break;
            };
            let mut edits = with_repairs(document.prose(), chosen);
            document.map_edits(&mut edits);
            if !edits.is_empty() {
                replace::replace(&path, &bytes, &make(&bytes, &edits), self.backup)?;
            }
            review::forget(&path);
        }
        out.flush().context("standard output")?;
        Ok(outcome)
    }

    /// Writes a file, or what standard output is to show of it.
    fn present(
        &self,
        path: &Path,
        bytes: &[u8],
        document: &Document<'_>,
        edits: &[Edit],
        styled: bool,
        shown: &mut Vec<u8>,
    ) -> Result<()> {
        if self.write {
            if !edits.is_empty() {
                replace::replace(path, bytes, &make(bytes, edits), self.backup)?;
            }
        } else if self.diff {
            write_diff(&path.display().to_string(), bytes, edits, styled, shown)?;
        } else if let Some(how) = self.annotate {
            let how = match (how, document.input()) {
                (Annotate::Text, _) => Annotation::Brackets,
                (Annotate::Html, Input::Markdown | Input::Html) => Annotation::Tags,
                (Annotate::Html, _) => Annotation::Html,
            };
            shown.extend(annotate(bytes, edits, how));
        } else if self.query.is_none() {
            shown.extend(make(bytes, edits));
        }
        Ok(())
    }
}

/// A line a query: the document, a tab, the words in quotation marks.
fn write_queries(
    path: &Path,
    restoration: &unspin::Restoration,
    model: &Model,
    most: usize,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    for query in restoration.queries(model, most) {
        let words = without_marks(&restoration.text[query.range]).replace('"', "");
        let words: Vec<&str> = words.split_whitespace().collect();
        writeln!(out, "{}\t\"{}\"", path.display(), words.join(" "))?;
    }
    Ok(())
}
