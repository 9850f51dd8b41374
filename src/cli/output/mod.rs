//! Where the results of a scan go: reports, or the records that were read; files of records by
//! label; a checkpoint; a summary.

mod checkpoint;
mod file;
mod sink;
mod summary;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use unspin::Label;
use unspin::report::{Format, Options, Writer};

use super::config::{Settings, Value};
use checkpoint::{Checkpoint, Done};
use file::{Out, OutFile};
use sink::{Main, Records};
pub use sink::{Passed, Scanned, Shown, Sink};
use summary::LABELS;

/// What is written, and where to
#[derive(Args)]
pub struct OutputArgs {
    /// Writes reports or records to this file, not to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Reports only documents of these labels: spun, suspect, clean, unknown
    #[arg(long, value_name = "LABEL", value_delimiter = ',', value_parser = LABELS.map(Label::name))]
    only: Vec<String>,
    /// Writes only these fields of reports in jsonl, dots leading into objects and lists:
    /// id,verdict.label,findings.text
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    fields: Vec<String>,
    /// Writes, in place of reports, the records of JSON Lines or CSV as they were read, with their
    /// verdict in the field or column NAME, unspin where nothing is said
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "unspin",
        conflicts_with_all = ["format", "brief", "quiet", "fields"])]
    pass_through: Option<String>,
    /// Adds the restored text, with the sure swaps undone, to records that are passed through
    #[arg(long, value_name = "NAME", requires = "pass_through")]
    restore_field: Option<String>,
    /// Writes the records that were not judged spun to this file, byte for byte
    #[arg(long, value_name = "FILE")]
    out_clean: Option<PathBuf>,
    /// Writes the records that were judged spun to this file, byte for byte
    #[arg(long, value_name = "FILE")]
    out_spun: Option<PathBuf>,
    /// Goes on where the same command was stopped, as this file tells, which is written meanwhile
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Says at the end, on standard error, how many documents were read, what they were judged, and
    /// how long it took
    #[arg(long)]
    summary: bool,
}

impl OutputArgs {
    /// Sets what the flags say above the rest of the configuration.
    pub fn flags(&self, settings: &mut Settings) {
        let list = |list: &[String]| (!list.is_empty()).then(|| Value::List(list.to_vec()));
        settings.flag("only", list(&self.only));
        settings.flag("fields", list(&self.fields));
        settings.flag("summary", self.summary.then_some(Value::Switch(true)));
    }

    /// The file that tells what is done.
    pub fn checkpoint(&self) -> Option<&Path> {
        self.checkpoint.as_deref()
    }

    /// Whether reports go to standard output, which may be a terminal.
    pub fn is_for_people(&self) -> bool {
        self.output.is_none() && self.pass_through.is_none()
    }

    /// Opens all that is written to. `stream` is standard output; nothing is shown where there is none.
    ///
    /// # Errors
    /// When a file cannot be written, or the flags do not go together.
    pub fn open(
        &self,
        settings: &Settings,
        format: Format,
        mut options: Options,
        stream: Option<Box<dyn Write>>,
    ) -> Result<Sink> {
        let only = labels(settings)?;
        options.fields = settings.list("fields");
        if !options.fields.is_empty() && stream.is_some() {
            if format != Format::Jsonl {
                bail!("--fields chooses the fields of reports in JSON Lines; say --format jsonl too");
            }
            unspin::report::check_fields(&options.fields).map_err(|wrong| anyhow::anyhow!("--fields: {wrong}"))?;
        }
        let files = [&self.output, &self.out_clean, &self.out_spun, &self.checkpoint];
        for (number, path) in files.iter().enumerate() {
            if path.is_some() && files[..number].contains(path) {
                bail!(
                    "{}: named for two outputs; name another file for one",
                    path.as_deref().unwrap_or(Path::new("")).display()
                );
            }
        }
        let (checkpoint, done) = match &self.checkpoint {
            None => (None, Done::default()),
            Some(path) => {
                if self.output.is_none() && stream.is_some() {
                    bail!("--checkpoint cannot go back in standard output; name a file with --output FILE");
                }
                if format != Format::Jsonl && self.pass_through.is_none() && self.output.is_some() {
                    bail!("--checkpoint goes on in files of lines; say --format jsonl, or --pass-through");
                }
                let (checkpoint, done) = Checkpoint::read(path)?;
                (Some(checkpoint), done)
            }
        };
        let kept = |path: &Path| done.outputs.get(&path.display().to_string()).copied().unwrap_or(0);
        let file = |path: &Path| OutFile::open(path, kept(path));
        let out = match &self.output {
            Some(path) => Out::File(file(path)?),
            None => Out::Stream(stream.unwrap_or_else(|| Box::new(io::sink()))),
        };
        let main = match &self.pass_through {
            Some(_) => {
                let is_begun = self.output.as_deref().is_some_and(|path| kept(path) > 0);
                Main::Records(Records::new(out, is_begun))
            }
            None => Main::Reports(Box::new(Writer::new(format, &options, out))),
        };
        let split = |path: &Option<PathBuf>| -> Result<Option<Records>> {
            let Some(path) = path else { return Ok(None) };
            Ok(Some(Records::new(Out::File(file(path)?), kept(path) > 0)))
        };
        let passed = Passed { verdict: self.pass_through.clone(), restored: self.restore_field.clone() };
        Ok(Sink {
            main,
            clean: split(&self.out_clean)?,
            spun: split(&self.out_spun)?,
            names: [self.output.clone(), self.out_clean.clone(), self.out_spun.clone()],
            only,
            passed: Arc::new(passed),
            checkpoint,
            before: done.counts,
            done,
            begun: Instant::now(),
            summary: settings.switch("summary").unwrap_or(false),
        })
    }
}

fn labels(settings: &Settings) -> Result<Vec<Label>> {
    let label = |placed: super::config::Placed| {
        LABELS.into_iter().find(|l| l.name() == placed.text).with_context(|| {
            let names = LABELS.map(Label::name).join(", ");
            format!("{}: `{}` is no label; labels are {names}", placed.from, placed.text)
        })
    };
    settings.placed("only").into_iter().map(label).collect()
}

/// Standard output, written in large pieces.
pub fn stdout() -> Box<dyn Write> {
    Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout()))
}
