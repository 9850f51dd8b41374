//! `unspin scan`: reports on documents.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use anyhow::{Context, Error, Result, bail};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{ArgAction, Args};
use thread_local::ThreadLocal;

use unspin::document::Document;
use unspin::report::{Format, Options, Page, Renderer};
use unspin::{Label, Model, Worker};

use super::config::{ConfigArgs, FORMATS, Settings, Value};
use super::corpus::{Feed, Item, Plan, Record, for_each_unit_after, side_by_side};
use super::input::Selection;
use super::known::Known;
use super::output::{self, OutputArgs, Passed, Scanned, Shown, Sink};
use super::progress::{Progress, heed_interrupts, is_interrupted};
use super::read::{InputArgs, Reader, RecordArgs};
use super::{ModelArgs, Outcome, complain};

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
  unspin scan --format jsonl --text-field body.text crawl.jsonl.gz
                                                     a report a record

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
    #[arg(long, short, conflicts_with_all = ["brief", "format", "output"])]
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
    records: RecordArgs,
    #[command(flatten)]
    output: OutputArgs,
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
    plan: Plan,
    reader: Reader,
    renderer: Option<Renderer>,
    passed: Arc<Passed>,
    wants_records: bool,
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
        let sink = self.sink(&settings)?;
        let mut plan = RecordArgs::plan(&settings);
        plan.added = sink.passed().names().into_iter().map(String::from).collect();
        let work = Work {
            known,
            fail_on: fail_on(&settings),
            plan,
            reader: Reader::of(&settings),
            renderer: sink.renderer(),
            passed: sink.passed(),
            wants_records: sink.wants_records(),
        };
        heed_interrupts();
        self.work(&model, &work, selection, sink)
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
        self.records.flags(&mut settings);
        self.output.flags(&mut settings);
        settings.flag("type", list(&self.types));
        settings.flag("glob", list(&self.globs));
        settings.flag("jobs", self.jobs.map(Value::Count));
        self.model.flags(&mut settings);
        Ok(settings)
    }

    /// All that is written, and where to.
    fn sink(&self, settings: &Settings) -> Result<Sink> {
        let mut options = Options::default();
        let format = format(settings.word("format").unwrap_or("human"));
        if self.quiet {
            options.brief = true;
            return self.output.open(settings, Format::Human, options, None);
        }
        if format != Format::Human || !self.output.is_for_people() {
            options.brief = settings.switch("brief").unwrap_or(false);
            options.colour = settings.word("color") == Some("always");
            return self.output.open(settings, format, options, Some(output::stdout()));
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
        let stream = anstream::AutoStream::new(io::stdout(), choice);
        self.output.open(settings, format, options, Some(Box::new(stream)))
    }

    fn work(&self, model: &Model, work: &Work, selection: Selection, mut sink: Sink) -> Result<Outcome> {
        let progress = Progress::over(|| {
            let files: Vec<PathBuf> = selection.files(&self.paths).filter_map(Result::ok).collect();
            files.iter().all(|file| work.plan.is_document(file)).then_some(files)
        });
        let (paths, plan, workers) = (self.paths.clone(), work.plan.clone(), ThreadLocal::new());
        let (before, (changed, is_changed)) = (sink.done_before(), mpsc::channel());
        let mut feed = Feed::begin(move |add| {
            if let Err(wrong) = for_each_unit_after(&before, &paths, &selection, &plan, add) {
                // Nobody listens once the run has ended.
                let _ = changed.send(wrong);
            }
        });
        let each = |worker: &mut Worker<'_>, item: Item<'_>| {
            if is_interrupted() {
                return Ok(Some(None));
            }
            let bytes = item.bytes().len();
            let done = work.item(worker, item);
            progress.add(bytes);
            done.map(|scanned| scanned.map(Some))
        };
        'batches: while let Some(batch) = feed.next(is_interrupted) {
            for unit in side_by_side(batch, work.plan.limits.document, &workers, || model.worker(), each) {
                match unit.result {
                    // From here on documents may or may not have been scanned.
                    Some(None) => break 'batches,
                    Some(Some(scanned)) => sink.write(&scanned)?,
                    None => {}
                }
                if let Some(reason) = unit.skipped {
                    progress.aside(|| complain(&reason));
                }
                if let Some(failure) = unit.failed {
                    progress.aside(|| complain(&failure.reason));
                    sink.failed(&failure)?;
                }
                sink.count(unit.path);
            }
            sink.settle()?;
        }
        progress.end();
        if let (Some(path), Ok(wrong)) = (self.output.checkpoint(), is_changed.try_recv()) {
            bail!("{}: {wrong}", path.display());
        }
        let unfinished = is_interrupted().then_some("interrupted: what follows the last report was not scanned");
        unfinished.into_iter().for_each(complain);
        sink.finish(unfinished)
    }
}

impl Work {
    /// Scans a document; none where a record holds none.
    fn item(&self, worker: &mut Worker<'_>, item: Item<'_>) -> Result<Option<Scanned>> {
        match item {
            Item::File(path, bytes) => {
                let name = path.display().to_string();
                if self.wants_records {
                    bail!(
                        "{name}: no file of records, of which others are to be written; say --input jsonl, csv or warc if it is one"
                    );
                }
                let document = self.reader.read(path, bytes)?;
                self.document(worker, name, None, &document, bytes.len()).map(Some)
            }
            Item::Record(record) => {
                let Some(text) = record.text(&self.plan).map_err(Error::msg)? else { return Ok(None) };
                let document = self.reader.read_as(text.input, &record.name(), &text.bytes)?;
                let path = record.path.display().to_string();
                self.document(worker, path, Some((text.id, record)), &document, text.bytes.len()).map(Some)
            }
        }
    }

    fn document(
        &self,
        worker: &mut Worker<'_>,
        path: String,
        record: Option<(String, Record)>,
        document: &Document<'_>,
        bytes: usize,
    ) -> Result<Scanned> {
        let mut report = worker.scan(document.prose());
        let (id, record) = record.unzip();
        (report.path, report.id) = (Some(path), id);
        let counts = self.known.take_out(&mut report);
        let label = report.verdict.label;
        let fails = match self.fail_on {
            FailOn::Spun => label == Label::Spun,
            FailOn::Suspect => matches!(label, Label::Spun | Label::Suspect),
            FailOn::Finding => label == Label::Spun || !report.findings.is_empty(),
            FailOn::Never => false,
        };
        let starts = document.map_report(&mut report, bytes);
        let shown = match (&self.renderer, &record) {
            (None, Some(record)) => Shown::Record(self.passed.record(worker, record, document, &report)?),
            (Some(renderer), _) => {
                let page = Page { report: &report, text: &document.text, starts: &starts };
                Shown::Report(renderer.render(&page).context("the report")?)
            }
            (None, None) => Shown::Record(Vec::new()),
        };
        let record = record.filter(|_| self.wants_records);
        Ok(Scanned { label, bytes, fails: fails && counts, shown, record })
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
