//! `unspin scan`: reports on documents.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{ArgAction, Args};

use unspin::report::{Format, Options, Page, Rendered, Renderer, Writer};
use unspin::{Label, Model, Worker};

use super::config::{ConfigArgs, FORMATS, Settings, Value};
use super::input::{Done, Selection};
use super::known::Known;
use super::progress::{Progress, heed_interrupts, is_interrupted};
use super::read::{InputArgs, Reader};
use super::{ModelArgs, Outcome, complain, input};

/// Reports which phrases of documents were swapped, and what stood there
#[derive(Args)]
// Only --show-config does without a path.
#[command(override_usage = "unspin scan [OPTIONS] <PATH>...")]
#[command(after_help = "\
Examples:
  unspin scan article.txt                            each swap in its line
  unspin scan --brief texts/                         a line a document
  unspin scan --format html texts/ > report.html     a page to read and to send on
  unspin scan --format jsonl texts/ > report.jsonl   a report a line, for programs
  unspin scan --baseline report.jsonl texts/         only what is new since then
  unspin scan --type md --fail-on suspect .          the Markdown files of a project
  unspin scan --allow 'final month' article.txt      a phrase that is meant as it stands

What is set in unspin.toml, in the environment (UNSPIN_FAIL_ON=never) and by flags, and where each
value comes from, is shown by --show-config.

Exit status: 0 nothing judged spun, 1 at least one document judged spun (see --fail-on), 2 an error.")]
pub struct Scan {
    /// Files, folders, or - for standard input
    #[arg(required_unless_present = "show_config", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to write: human, for people, where nothing is said
    #[arg(long, value_parser = formats())]
    format: Option<String>,
    /// One line a document, in the format for people
    #[arg(long)]
    brief: bool,
    /// No report: the exit status says whether a document was judged spun
    #[arg(long, short, conflicts_with_all = ["brief", "format"])]
    quiet: bool,
    /// Colours in the format for people; NO_COLOR turns them off where nothing is said
    #[arg(long, value_parser = ["auto", "always", "never"], value_name = "WHEN")]
    color: Option<String>,
    /// From what on the exit status is 1: spun, where nothing is said
    #[arg(long, value_parser = ["spun", "suspect", "finding", "never"], value_name = "WHAT")]
    fail_on: Option<String>,
    /// Reports only what is not in this report, made with --format jsonl
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Never reports this word or phrase, whatever its case
    #[arg(long, value_name = "PHRASE")]
    allow: Vec<String>,
    /// Never reports phrases that match this regular expression as a whole
    #[arg(long, value_name = "REGEX")]
    allow_pattern: Vec<String>,
    /// Reads from folders only files of this type, e.g. md; may be given several times
    #[arg(long = "type", short = 't', value_name = "TYPE")]
    types: Vec<String>,
    /// Reads from folders only files that match, or with ! before it only others
    #[arg(long = "glob", short = 'g', value_name = "GLOB")]
    globs: Vec<String>,
    /// How many threads to use; one a core where nothing is said
    #[arg(long, short = 'j', value_name = "N", value_parser = super::whole_number, allow_negative_numbers = true)]
    jobs: Option<usize>,
    /// Shows all settings and where each comes from, and scans nothing
    #[arg(long, action = ArgAction::SetTrue)]
    show_config: bool,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    model: ModelArgs,
}

/// What each of [`FORMATS`] is.
const ABOUT_FORMATS: [&str; 8] = [
    "For people: each finding in its line, with what stood there",
    "One object for the whole run",
    "One report object a line, in input order",
    "SARIF 2.1.0, for code scanning and editors",
    "A page that stands alone, with an index where there are many documents",
    "A row a finding, for spreadsheets",
    "Annotations for GitHub's workflows",
    "Checkstyle's XML",
];

fn formats() -> PossibleValuesParser {
    let formats = FORMATS.iter().zip(ABOUT_FORMATS);
    PossibleValuesParser::new(formats.map(|(name, about)| PossibleValue::new(*name).help(about)))
}

/// From what on a document counts for the exit status.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FailOn {
    Spun,
    Suspect,
    Finding,
    Never,
}

/// What the work on every document needs.
struct Work {
    known: Known,
    fail_on: FailOn,
    reader: Reader,
    renderer: Renderer,
}

impl Scan {
    pub fn run(self) -> Result<Outcome> {
        let settings = self.settings()?;
        if self.show_config {
            io::stdout().write_all(settings.shown().as_bytes())?;
            return Ok(Outcome::Clean);
        }
        let selection = Selection::new(&settings.placed("type"), &settings.placed("glob"))?;
        let baseline = settings.file("baseline");
        let known = Known::read(&settings.list("allow"), &settings.placed("allow-pattern"), baseline.as_deref())?;
        let model = ModelArgs::of(&settings).build()?;
        super::set_threads(settings.count("jobs").unwrap_or(0))?;
        let mut writer = self.writer(&settings);
        let work =
            Work { known, fail_on: fail_on(&settings), reader: Reader::of(&settings), renderer: writer.renderer() };
        heed_interrupts();
        let outcome = self.work(&model, &work, &selection, &mut writer)?;
        writer.finish()?;
        Ok(outcome)
    }

    /// All layers of the configuration, the flags above the others.
    fn settings(&self) -> Result<Settings> {
        if let (true, Some(format)) = (self.brief, self.format.as_deref().filter(|f| *f != "human")) {
            bail!("--brief is a line a document in the format for people; say it without --format {format}");
        }
        let mut settings = self.config.read(&self.paths)?;
        let list = |list: &[String]| (!list.is_empty()).then(|| Value::List(list.to_vec()));
        let word = |word: &Option<String>| word.clone().map(Value::Word);
        settings.flag("format", word(&self.format));
        settings.flag("brief", self.brief.then_some(Value::Switch(true)));
        settings.flag("color", word(&self.color));
        settings.flag("fail-on", word(&self.fail_on));
        settings.flag("baseline", self.baseline.as_ref().map(|p| Value::Word(p.to_string_lossy().into_owned())));
        settings.flag("allow", list(&self.allow));
        settings.flag("allow-pattern", list(&self.allow_pattern));
        self.input.flags(&mut settings);
        settings.flag("type", list(&self.types));
        settings.flag("glob", list(&self.globs));
        settings.flag("jobs", self.jobs.map(Value::Count));
        self.model.flags(&mut settings);
        Ok(settings)
    }

    /// What writes the reports, and where to.
    fn writer(&self, settings: &Settings) -> Writer<Box<dyn Write>> {
        let mut options = Options::default();
        let format = format(settings.word("format").unwrap_or("human"));
        if self.quiet {
            options.brief = true;
            return Writer::new(Format::Human, &options, Box::new(io::sink()));
        }
        if format != Format::Human {
            return Writer::new(format, &options, Box::new(io::stdout()));
        }
        let choice = match settings.word("color") {
            Some("always") => anstream::ColorChoice::Always,
            Some("never") => anstream::ColorChoice::Never,
            _ => anstream::AutoStream::choice(&io::stdout()),
        };
        options.brief = settings.switch("brief").unwrap_or(false);
        options.colour = choice != anstream::ColorChoice::Never;
        if io::stdout().is_terminal() {
            options.width = terminal_size::terminal_size().map(|(width, _)| width.0.into());
        }
        // Old consoles get their colours by other means than escape sequences.
        let choice = if options.colour { choice } else { anstream::ColorChoice::AlwaysAnsi };
        Writer::new(format, &options, Box::new(anstream::AutoStream::new(io::stdout(), choice)))
    }

    fn work(
        &self,
        model: &Model,
        work: &Work,
        selection: &Selection,
        writer: &mut Writer<Box<dyn Write>>,
    ) -> Result<Outcome> {
        let mut outcome = Outcome::Clean;
        let progress = Progress::over(|| selection.files(&self.paths).filter_map(Result::ok).collect());
        input::for_each_document(
            selection.files(&self.paths),
            || model.worker(),
            |worker, path, bytes| {
                if is_interrupted() {
                    return Ok(None);
                }
                let done = work.document(worker, path, bytes)?;
                progress.add(bytes.len());
                Ok(Some(done))
            },
            |done| {
                match done {
                    Done::Result(Some((rendered, fails))) => {
                        outcome = outcome.max(if fails { Outcome::Spun } else { Outcome::Clean });
                        writer.write(&rendered)?;
                    }
                    Done::Result(None) => {}
                    Done::Skipped(reason) => progress.aside(|| complain(&reason)),
                    Done::Failed { path, reason } => {
                        outcome = Outcome::Failed;
                        progress.aside(|| complain(&reason));
                        writer.unread(&path, &reason)?;
                    }
                }
                Ok(())
            },
            is_interrupted,
        )?;
        progress.end();
        if is_interrupted() {
            let reason = "interrupted: what follows the last report was not scanned";
            complain(reason);
            writer.unread("", reason)?;
            return Ok(Outcome::Failed);
        }
        Ok(outcome)
    }
}

impl Work {
    /// Scans and renders a document; says whether it counts for the exit status.
    fn document(&self, worker: &mut Worker<'_>, path: &Path, bytes: &[u8]) -> Result<(Rendered, bool)> {
        let document = self.reader.read(path, bytes)?;
        let mut report = worker.scan(document.prose());
        report.path = Some(path.display().to_string());
        let counts = self.known.take_out(&mut report);
        let starts = document.map_report(&mut report, bytes.len());
        let label = report.verdict.label;
        let fails = match self.fail_on {
            FailOn::Spun => label == Label::Spun,
            FailOn::Suspect => matches!(label, Label::Spun | Label::Suspect),
            FailOn::Finding => label == Label::Spun || !report.findings.is_empty(),
            FailOn::Never => false,
        };
        let page = Page { report: &report, text: &document.text, starts: &starts };
        Ok((self.renderer.render(&page).context("the report")?, fails && counts))
    }
}

fn fail_on(settings: &Settings) -> FailOn {
    match settings.word("fail-on") {
        Some("suspect") => FailOn::Suspect,
        Some("finding") => FailOn::Finding,
        Some("never") => FailOn::Never,
        _ => FailOn::Spun,
    }
}

/// The format of a name among [`FORMATS`].
fn format(name: &str) -> Format {
    match name {
        "json" => Format::Json,
        "jsonl" => Format::Jsonl,
        "sarif" => Format::Sarif,
        "html" => Format::Html,
        "csv" => Format::Csv,
        "github" => Format::Github,
        "checkstyle" => Format::Checkstyle,
        _ => Format::Human,
    }
}
