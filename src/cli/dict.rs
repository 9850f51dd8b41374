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

use super::{Outcome, check, import, input, prune};

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
        /// Figures of other texts to add, perhaps measured with another model
        #[arg(long, value_name = "FIGURES")]
        add: Vec<PathBuf>,
        /// Where to write the figures
        #[arg(long, short)]
        output: PathBuf,
        /// The language model to measure with; the bundled one where nothing is said
        #[arg(long, value_name = "FILE")]
        lm: Option<PathBuf>,
    },
    Check(check::Check),
    Import(import::Import),
    Prune(prune::Prune),
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
            Dict::Lookup { phrase } => lookup(&phrase.join(" "))?,
            Dict::Build { packs, output, genuine, lm } => {
                let genuine = match genuine {
                    Some(path) => read_figures(&path)?,
                    None => GenuineUse::default(),
                };
                let model = super::bare_model(lm)?;
                let compiled = compile(&read(&packs)?, Inflector::english(), &genuine, model.language_model())?;
                std::fs::write(&output, compiled.as_bytes()).with_context(|| output.display().to_string())?;
            }
            Dict::Calibrate { packs, texts, add, output, lm } => {
                let model = super::bare_model(lm)?;
                let none = GenuineUse::default();
                let compiled = compile(&read(&packs)?, Inflector::english(), &none, model.language_model())?;
                let mut genuine = Vec::new();
                for path in input::files(&texts) {
                    genuine.push(String::from_utf8_lossy(&input::read(&path?)?).into_owned());
                }
                let mut figures = gather(&compiled, model.language_model(), &genuine);
                for path in add {
                    figures.add(read_figures(&path)?);
                }
                std::fs::write(&output, figures.to_table()).with_context(|| output.display().to_string())?;
            }
            Dict::Check(verb) => return verb.run(),
            Dict::Import(verb) => return verb.run(),
            Dict::Prune(verb) => return verb.run(),
            Dict::Stats { dictionary } => with_dictionary(dictionary, stats)?,
            Dict::List { dictionary } => with_dictionary(dictionary, list)?,
            Dict::Inflections { csv, output } => {
                std::fs::write(&output, exceptions(&super::text(&csv)?))
                    .with_context(|| output.display().to_string())?;
            }
        }
        Ok(Outcome::Clean)
    }
}

/// The genuine-use figures of a file.
pub fn read_figures(path: &PathBuf) -> Result<GenuineUse> {
    Ok(GenuineUse::from_table(&path.display().to_string(), &super::text(path)?)?)
}

fn read(packs: &[PathBuf]) -> Result<Vec<Pack>> {
    packs.iter().map(|p| super::read_pack_file(p)).collect()
}

fn lookup(phrase: &str) -> Result<()> {
    let model = Model::english();
    let normal = normal_phrase(phrase);
    let mut rows = Vec::new();
    for dictionary in model.dictionaries() {
        for posting in dictionary.get(phrase).into_iter().flat_map(|key| dictionary.postings(key)) {
            rows.push(format!(
                "{phrase} may stand for {}\t{}\tgenuine use {:+.1}\t{}",
                dictionary.original(posting.original),
                dictionary.pack(posting.pack),
                posting.weight.constant,
                styles(&posting.channel)
            ));
        }
        dictionary.for_each(|spun, key| {
            for posting in dictionary.postings(key) {
                if normal_phrase(dictionary.original(posting.original)) == normal {
                    rows.push(format!("{phrase} is rewritten as {spun}\t{}", styles(&posting.channel)));
                }
            }
        });
    }
    if rows.is_empty() {
        let near = nearest(&model, &normal);
        let meant = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        rows.push(format!("{phrase} is in no pack{meant}; add it with a pack of your own and --dict"));
    }
    say(&rows)
}

/// How alike a phrase must be to be taken for the one that was meant, 0 to 1.
const ALIKE: f64 = 0.8;

/// The phrase of the dictionaries that is most like one that none of them has.
fn nearest(model: &Model, phrase: &str) -> Option<String> {
    let mut best = (ALIKE, None);
    for dictionary in model.dictionaries() {
        dictionary.for_each(|known, _| {
            // Lengths further apart than this cannot be alike enough.
            if known.len().abs_diff(phrase.len()) > phrase.len() / 4 {
                return;
            }
            let alike = strsim::normalized_damerau_levenshtein(known, phrase);
            if alike > best.0 {
                best = (alike, Some(known.to_string()));
            }
        });
    }
    best.1
}

/// Writes lines to standard output: a reader who goes away is an error like any other.
fn say(lines: &[String]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// Whether a style makes a swap of its own accord: all make a little of each other's.
fn is_own(channel: &Channel, style: usize) -> bool {
    let most = channel.iter().fold(0.0f32, |most, c| most.max(*c));
    channel[style] > 0.1 * most
}

fn styles(channel: &Channel) -> String {
    let named = (0..STYLES).filter(|&s| is_own(channel, s));
    named.map(|s| format!("{}:{:.2}", Style::ALL[s].name(), channel[s])).collect::<Vec<_>>().join(" ")
}

fn with_dictionary(path: Option<PathBuf>, then: impl FnOnce(&Dictionary) -> Result<()>) -> Result<()> {
    match path {
        Some(path) => then(&Dictionary::from_bytes(input::read(&path)?).with_context(|| path.display().to_string())?),
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

fn stats(dictionary: &Dictionary) -> Result<()> {
    let (keys, pairs, originals) = dictionary.counts();
    let bytes = dictionary.as_bytes().len();
    let mut rows = vec![format!("{keys} phrases, {pairs} pairs, {originals} originals, {bytes} bytes")];
    let mut packs = std::collections::BTreeMap::new();
    let mut by_style = [0usize; STYLES];
    dictionary.for_each(|_, key| {
        for posting in dictionary.postings(key) {
            *packs.entry(dictionary.pack(posting.pack).to_string()).or_insert(0usize) += 1;
            for (style, pairs) in by_style.iter_mut().enumerate() {
                *pairs += usize::from(is_own(&posting.channel, style));
            }
        }
    });
    rows.extend(packs.iter().map(|(pack, pairs)| format!("pack {pack}: {pairs} pairs")));
    let named = Style::ALL.iter().zip(by_style);
    rows.extend(named.map(|(style, pairs)| format!("style {}: {pairs} pairs", style.name())));
    say(&rows)
}
