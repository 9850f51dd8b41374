//! `unspin dict`: looking at dictionaries and making them.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;

use unspin::Model;
use unspin::dictionary::{
    Channel, Dictionary, GenuineUse, Inflector, Pack, STYLES, Style, compile, exceptions, normal_phrase,
};
use unspin::learn::gather;

use super::{Outcome, check, import, input};

/// Looks at dictionaries and makes them
#[derive(Subcommand)]
pub enum Dict {
    /// Shows what a phrase may stand for, and what spinners write for it
    Lookup {
        /// The phrase, in any case and spelling
        #[arg(required = true)]
        phrase: Vec<String>,
    },
    /// Compiles TSV packs to a dictionary for --dict
    Build {
        /// Packs: tab-separated, `spun, original, part of speech, styles, origin`
        #[arg(required = true)]
        packs: Vec<PathBuf>,
        /// Where to write the dictionary
        #[arg(long, short)]
        output: PathBuf,
        /// Genuine-use figures, made by `unspin dict calibrate`
        #[arg(long, value_name = "FILE")]
        genuine: Option<PathBuf>,
        /// The language model to weigh for; the bundled one where nothing is said
        #[arg(long, value_name = "FILE")]
        lm: Option<PathBuf>,
    },
    /// Gathers how genuine writers use the phrases of packs
    Calibrate {
        /// Packs, as for `dict build`
        #[arg(required = true)]
        packs: Vec<PathBuf>,
        /// Genuine texts: files or folders
        #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
        texts: Vec<PathBuf>,
        /// Where to write the figures
        #[arg(long, short)]
        output: PathBuf,
        /// The language model to measure with; the bundled one where nothing is said
        #[arg(long, value_name = "FILE")]
        lm: Option<PathBuf>,
    },
    Check(check::Check),
    Import(import::Import),
    /// Says how much a dictionary holds
    Stats {
        /// A compiled dictionary; the bundled one where nothing is said
        dictionary: Option<PathBuf>,
    },
    /// Lists all pairs: spun phrase, original, pack, genuine-use constant and styles
    List {
        /// A compiled dictionary; the bundled one where nothing is said
        dictionary: Option<PathBuf>,
    },
    /// Makes the table of inflected forms from the csv of the lemminflect package
    Inflections {
        /// `infl_lu.csv`, unpacked
        csv: PathBuf,
        /// Where to write the table
        #[arg(long, short)]
        output: PathBuf,
    },
}

impl Dict {
    pub fn run(self) -> Result<Outcome> {
        match self {
            Dict::Lookup { phrase } => lookup(&phrase.join(" ")),
            Dict::Build { packs, output, genuine, lm } => {
                let genuine = match genuine {
                    Some(path) => GenuineUse::from_table(&path.display().to_string(), &text(&path)?)?,
                    None => GenuineUse::default(),
                };
                let model = model(lm)?;
                let compiled = compile(&read(&packs)?, Inflector::english(), &genuine, model.language_model())?;
                std::fs::write(&output, compiled.as_bytes()).with_context(|| output.display().to_string())?;
            }
            Dict::Calibrate { packs, texts, output, lm } => {
                let model = model(lm)?;
                let none = GenuineUse::default();
                let compiled = compile(&read(&packs)?, Inflector::english(), &none, model.language_model())?;
                let mut genuine = Vec::new();
                for path in input::files(&texts) {
                    genuine.push(String::from_utf8_lossy(&input::read(&path?)?).into_owned());
                }
                let figures = gather(&compiled, model.language_model(), &genuine);
                std::fs::write(&output, figures.to_table()).with_context(|| output.display().to_string())?;
            }
            Dict::Check(verb) => return verb.run(),
            Dict::Import(verb) => return verb.run(),
            Dict::Stats { dictionary } => with_dictionary(dictionary, |d| {
                print_stats(d);
                Ok(())
            })?,
            Dict::List { dictionary } => with_dictionary(dictionary, list)?,
            Dict::Inflections { csv, output } => {
                std::fs::write(&output, exceptions(&text(&csv)?)).with_context(|| output.display().to_string())?;
            }
        }
        Ok(Outcome::Clean)
    }
}

/// A model without any dictionary, for its language model.
pub fn model(lm: Option<PathBuf>) -> Result<Model> {
    let mut builder = unspin::ModelBuilder::without_dictionary();
    if let Some(path) = lm {
        builder = builder.language_model(super::language_model(&path)?);
    }
    Ok(builder.build()?)
}

pub fn text(path: &PathBuf) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn read(packs: &[PathBuf]) -> Result<Vec<Pack>> {
    packs.iter().map(|p| super::pack_of(p, &input::read(p)?)).collect()
}

fn lookup(phrase: &str) {
    let model = Model::english();
    let mut found = false;
    for dictionary in model.dictionaries() {
        for posting in dictionary.get(phrase).into_iter().flat_map(|key| dictionary.postings(key)) {
            found = true;
            let original = dictionary.original(posting.original);
            println!(
                "{phrase} may stand for {original}\t{}\tgenuine use {:+.1}\t{}",
                dictionary.pack(posting.pack),
                posting.weight.constant,
                styles(&posting.channel)
            );
        }
        let normal = normal_phrase(phrase);
        dictionary.for_each(|spun, key| {
            for posting in dictionary.postings(key) {
                if normal_phrase(dictionary.original(posting.original)) == normal {
                    found = true;
                    println!("{phrase} is rewritten as {spun}\t{}", styles(&posting.channel));
                }
            }
        });
    }
    if !found {
        println!("{phrase} is in no pack; add it with a pack of your own and --dict");
    }
}

fn styles(channel: &Channel) -> String {
    let named = (0..STYLES).filter(|&s| channel[s] > 0.0);
    named.map(|s| format!("{}:{:.2}", Style::ALL[s].name(), channel[s])).collect::<Vec<_>>().join(" ")
}

fn with_dictionary(path: Option<PathBuf>, then: impl FnOnce(&Dictionary) -> Result<()>) -> Result<()> {
    match path {
        Some(path) => {
            then(&Dictionary::from_bytes(input::read(&path)?).with_context(|| path.display().to_string())?)
        }
        None => then(&Model::english().dictionaries()[0]),
    }
}

fn list(dictionary: &Dictionary) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut result = Ok(());
    dictionary.for_each(|phrase, key| {
        for posting in dictionary.postings(key) {
            let original = dictionary.original(posting.original);
            let pack = dictionary.pack(posting.pack);
            let styles = styles(&posting.channel);
            let row = writeln!(out, "{phrase}\t{original}\t{pack}\t{:.2}\t{styles}", posting.weight.constant);
            result = std::mem::replace(&mut result, Ok(())).and(row);
        }
    });
    result?;
    Ok(out.flush()?)
}

fn print_stats(dictionary: &Dictionary) {
    let (keys, pairs, originals) = dictionary.counts();
    println!("{keys} phrases, {pairs} pairs, {originals} originals, {} bytes", dictionary.as_bytes().len());
    let mut packs = std::collections::BTreeMap::new();
    let mut by_style = [0usize; STYLES];
    dictionary.for_each(|_, key| {
        for posting in dictionary.postings(key) {
            *packs.entry(dictionary.pack(posting.pack).to_string()).or_insert(0usize) += 1;
            for style in 0..STYLES {
                by_style[style] += usize::from(posting.channel[style] > 0.0);
            }
        }
    });
    for (pack, pairs) in packs {
        println!("pack {pack}: {pairs} pairs");
    }
    for (style, pairs) in Style::ALL.iter().zip(by_style) {
        println!("style {}: {pairs} pairs", style.name());
    }
}
