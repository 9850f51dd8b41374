//! The command line: one file a verb.

mod check;
mod comments;
mod completions;
mod config;
mod corpus;
mod dict;
mod eval;
mod explain;
mod import;
mod input;
mod known;
mod learn;
mod lm;
mod mistaken;
mod open;
mod output;
mod progress;
mod prune;
mod read;
mod restore;
mod scan;
mod version;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use unspin::dictionary::{Dictionary, Style, read_pack};
use unspin::language_model::LanguageModel;
use unspin::{Model, ModelBuilder, Profile};

use config::{Settings, Value};

/// Finds machine-rewritten ("spun") English and restores the wording that stood there.
#[derive(Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  unspin scan article.txt            what was swapped, and what stood there
  unspin scan --format jsonl texts/  a report a line, for every file of a folder
  unspin restore article.txt         the text with the sure swaps undone
  unspin explain \"a second spherical of negotiations\"

Exit status: 0 nothing judged spun, 1 at least one document judged spun, 2 an error."
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Scan(Box<scan::Scan>),
    Restore(restore::Restore),
    Explain(explain::Explain),
    Learn(learn::Learn),
    Eval(eval::Eval),
    #[command(subcommand)]
    Dict(dict::Dict),
    #[command(subcommand)]
    Lm(lm::Lm),
    Completions(completions::Completions),
    Man(completions::Man),
}

/// How a run ended, short of an error that stopped it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Nothing was judged spun.
    Clean,
    /// At least one document was judged spun, or a check found errors.
    Spun,
    /// Something could not be done; what could be was.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome as u8)
    }
}

/// Parses the arguments and runs the verb they name.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // What is carried is only looked at where somebody asks for its version.
        Err(asked) if asked.kind() == ErrorKind::DisplayVersion => {
            let said = writeln!(io::stdout(), "{}", version::version());
            return if said.is_ok() { ExitCode::SUCCESS } else { Outcome::Failed.into() };
        }
        Err(mut error) => {
            let arguments: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into()).collect();
            mistaken::explain(&mut error, &arguments);
            error.exit()
        }
    };
    let outcome = match cli.verb {
        Verb::Scan(verb) => verb.run(),
        Verb::Restore(verb) => verb.run(),
        Verb::Explain(verb) => verb.run(),
        Verb::Learn(verb) => verb.run(),
        Verb::Eval(verb) => verb.run(),
        Verb::Dict(verb) => verb.run(),
        Verb::Lm(verb) => verb.run(),
        Verb::Completions(verb) => verb.run(),
        Verb::Man(verb) => verb.run(),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        // The reader has seen enough: no error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            Outcome::Failed.into()
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// Says on standard error what is wrong.
fn complain(message: &str) {
    // Nobody is left to hear of a standard error that cannot be written.
    let _ = writeln!(io::stderr(), "unspin: {}", unspin::report::printable(message));
}

/// Which dictionaries and thresholds to use.
#[derive(Args)]
struct ModelArgs {
    /// Adds a dictionary: a TSV pack, or one compiled by `unspin dict build`
    #[arg(long = "dict", value_name = "FILE")]
    dictionaries: Vec<PathBuf>,
    /// Uses another language model, made by `unspin lm build`
    #[arg(long, value_name = "FILE")]
    lm: Option<PathBuf>,
    /// How ready to accuse: strict, balanced, or sensitive
    #[arg(long, value_name = "PROFILE", value_parser = clap::builder::PossibleValuesParser::new(config::PROFILES))]
    profile: Option<String>,
    /// Calls documents spun from this probability on; the profile's where nothing is said
    #[arg(long, value_name = "0..1", value_parser = unit_interval, allow_negative_numbers = true)]
    threshold: Option<f32>,
    /// Reports findings from this confidence on; the profile's where nothing is said
    #[arg(long, value_name = "0..1", value_parser = unit_interval, allow_negative_numbers = true)]
    min_confidence: Option<f32>,
    /// Looks for known swaps only, whatever a thesaurus could explain
    #[arg(long)]
    no_thesaurus: bool,
}

impl ModelArgs {
    /// What the configuration says.
    fn of(settings: &Settings) -> ModelArgs {
        ModelArgs {
            dictionaries: settings.list("dict").into_iter().map(PathBuf::from).collect(),
            lm: settings.file("lm"),
            profile: settings.word("profile").map(String::from),
            threshold: settings.share("threshold"),
            min_confidence: settings.share("min-confidence"),
            no_thesaurus: settings.switch("thesaurus") == Some(false),
        }
    }

    /// Sets what the flags say above the rest of the configuration.
    fn flags(&self, settings: &mut Settings) {
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        let dictionaries: Vec<String> = self.dictionaries.iter().map(path).collect();
        settings.flag("dict", (!dictionaries.is_empty()).then_some(Value::List(dictionaries)));
        settings.flag("lm", self.lm.as_ref().map(|lm| Value::Word(path(lm))));
        settings.flag("profile", self.profile.clone().map(Value::Word));
        settings.flag("threshold", self.threshold.map(Value::share));
        settings.flag("min-confidence", self.min_confidence.map(Value::share));
        settings.flag("thesaurus", self.no_thesaurus.then_some(Value::Switch(false)));
    }

    fn build(&self) -> Result<Model> {
        self.build_on(ModelBuilder::english())
    }

    fn build_on(&self, mut builder: ModelBuilder) -> Result<Model> {
        for path in &self.dictionaries {
            let split = "split it, and pass each part with its own --dict";
            let bytes = input::read_at_most(path, MOST_PACK_BYTES, split)?;
            if bytes.starts_with(b"UNSPIN") {
                let dictionary = Dictionary::from_bytes(bytes).with_context(|| path.display().to_string())?;
                builder = builder.dictionary(dictionary);
            } else {
                builder = builder.pack(pack_of(path, &bytes)?);
            }
        }
        if let Some(path) = &self.lm {
            builder = builder.language_model(language_model(path)?);
        }
        if let Some(profile) = Profile::ALL.into_iter().find(|p| self.profile.as_deref() == Some(p.name())) {
            builder = builder.profile(profile);
        }
        if let Some(threshold) = self.threshold {
            builder = builder.threshold(config::as_written(threshold));
        }
        if let Some(confidence) = self.min_confidence {
            builder = builder.min_confidence(confidence);
        }
        Ok(builder.thesaurus(!self.no_thesaurus).build()?)
    }
}

/// A model without any dictionary, for its language model.
fn bare_model(lm: Option<PathBuf>) -> Result<Model> {
    let mut builder = ModelBuilder::without_dictionary();
    if let Some(path) = lm {
        builder = builder.language_model(language_model(&path)?);
    }
    Ok(builder.build()?)
}

fn text(path: &PathBuf) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn language_model(path: &std::path::Path) -> Result<LanguageModel> {
    LanguageModel::open(path).with_context(|| path.display().to_string())
}

/// What is longer than this is no pack: the most entries there may be, at some hundred bytes each.
const MOST_PACK_BYTES: u64 = 100 << 20;

/// The pack of a file.
fn read_pack_file(path: &std::path::Path) -> Result<unspin::dictionary::Pack> {
    pack_of(path, &input::read_at_most(path, MOST_PACK_BYTES, "split it, and pass each part by itself")?)
}

/// Works on so many threads; one a core where that is 0.
fn set_threads(jobs: usize) -> Result<()> {
    if jobs > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global().context("the threads")?;
    }
    Ok(())
}

fn pack_of(path: &std::path::Path, bytes: &[u8]) -> Result<unspin::dictionary::Pack> {
    let file = path.display().to_string();
    let text = std::str::from_utf8(bytes).with_context(|| {
        format!(
            "{file}: neither a compiled dictionary nor a TSV pack in UTF-8; compile a pack with `unspin dict build`"
        )
    })?;
    let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    Ok(read_pack(&name, &file, text)?)
}

fn unit_interval(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a number from 0 to 1 is wanted, e.g. 0.7".into()),
    }
}

fn whole_number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "a whole number, 0 or more, is wanted, e.g. 2".into())
}

fn style(name: &str) -> Result<Style, String> {
    Style::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Style::ALL.iter().map(|s| s.name()).collect();
        format!("known styles are {}", names.join(", "))
    })
}
