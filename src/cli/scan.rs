//! `unspin scan`: reports on documents.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use unspin::Label;
use unspin::document::Document;
use unspin::report::{write_human, write_jsonl};

use super::{ModelArgs, Outcome, input};

/// Reports which phrases of documents were swapped, and what stood there
#[derive(Args)]
pub struct Scan {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// How many threads to use; one a core where nothing is said
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0)]
    jobs: usize,
    #[command(flatten)]
    model: ModelArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: each finding in its line, with what stood there
    Human,
    /// One report object a line, in input order
    Jsonl,
}

impl Scan {
    pub fn run(self) -> Result<Outcome> {
        let model = self.model.build()?;
        super::set_threads(self.jobs)?;
        let mut out = anstream::AutoStream::auto(io::stdout());
        let mut spun = false;
        let outcome = input::for_each_document(
            &self.paths,
            || model.worker(),
            |worker, path, bytes| {
                let document = Document::plain(bytes);
                let mut report = worker.scan(&document.text);
                report.path = Some(path.display().to_string());
                let mut rendered = Vec::new();
                if self.format == Format::Human {
                    write_human(&report, &document.text, &mut rendered)?;
                }
                document.map_report(&mut report, bytes.len());
                if self.format == Format::Jsonl {
                    write_jsonl(&report, &mut rendered)?;
                }
                Ok((rendered, report.verdict.label == Label::Spun))
            },
            |(rendered, is_spun)| {
                spun |= is_spun;
                Ok(out.write_all(&rendered)?)
            },
        )?;
        out.flush()?;
        Ok(outcome.max(if spun { Outcome::Spun } else { Outcome::Clean }))
    }
}
