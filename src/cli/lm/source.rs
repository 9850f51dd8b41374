//! Files of language models, of any kind: told apart by how they begin.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;

use unspin::language_model::{
    BackoffModel, Counts, LanguageModel, kneser_ney, pack, read_arpa, read_pocketsphinx, write_arpa,
};

use crate::cli::complain;
use crate::cli::open::open;

/// A language model as a file holds it.
pub enum Source {
    Packed(Box<LanguageModel>),
    Counts(Counts),
    Listed(BackoffModel),
}

impl Source {
    pub fn open(path: &Path) -> Result<Source> {
        let name = path.display().to_string();
        let mut file = open(path)?;
        let begin = file.fill_buf().with_context(|| name.clone())?;
        let kind = |magic: &[u8]| begin.starts_with(magic);
        if kind(b"UNSPINLM") {
            return Ok(Source::Packed(Box::new(super::super::language_model(path)?)));
        }
        if kind(b"UNSPINCT") {
            return Ok(Source::Counts(Counts::read(file).context(name)?));
        }
        if kind(b"mmap lm http://kheafield.com/code") {
            bail!("{name}: a binary model of KenLM, which cannot be read; give the ARPA file that it was made from");
        }
        if kind(b"Trie Language Model") {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).with_context(|| name.clone())?;
            let model = read_pocketsphinx(&bytes).and_then(BackoffModel::from_ngrams).context(name)?;
            return Ok(Source::Listed(model));
        }
        Ok(Source::Listed(read_arpa(file).context(name)?))
    }

    /// The model with all its n-grams; of counts, the smoothed one.
    pub fn listed(path: &Path) -> Result<BackoffModel> {
        match Source::open(path)? {
            Source::Packed(_) => bail!(
                "{}: a packed model does not list its n-grams; give the counts or the ARPA file that it was made from",
                path.display()
            ),
            Source::Counts(counts) => {
                let (model, discounts) = kneser_ney(counts);
                for (order, discounts) in (1..).zip(&discounts).filter(|(_, d)| !d.estimated) {
                    let [one, two, more] = discounts.by_count;
                    complain(&format!(
                        "{}: too few counts to estimate the discounts of order {order}; {one}, {two} and {more} are used",
                        path.display()
                    ));
                }
                Ok(model)
            }
            Source::Listed(model) => Ok(model),
        }
    }
}

/// Where a model goes, and what is left out of it.
#[derive(Args)]
pub struct Output {
    /// Where to write the model: an ARPA file where the name ends in .arpa, else the packed form
    #[arg(long, short, value_name = "FILE")]
    output: std::path::PathBuf,
    /// Leaves out n-grams without which the perplexity grows by less than this share (relative entropy)
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", value_parser = threshold)]
    prune: f64,
    /// Keeps the N most probable words only; the others become <unk>
    #[arg(long, value_name = "N")]
    vocabulary: Option<std::num::NonZeroUsize>,
}

fn threshold(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..1.0).contains(&value) => Ok(value),
        _ => Err("a number from 0 to 1 is wanted, e.g. 1e-8".into()),
    }
}

impl Output {
    pub fn write(&self, mut model: BackoffModel) -> Result<()> {
        if let Some(words) = self.vocabulary {
            model = model.with_vocabulary(words.get());
        }
        model.prune(self.prune);
        let name = || self.output.display().to_string();
        if self.output.extension().is_some_and(|e| e == "arpa") {
            let file = File::create(&self.output).with_context(name)?;
            return write_arpa(&model, BufWriter::new(file)).with_context(name);
        }
        if model.order() > 3 {
            complain(&format!(
                "{}: packed models have order 3; what is longer is left out (an .arpa file keeps it)",
                name()
            ));
        }
        let packed = model.to_ngrams().and_then(|n| pack(&n)).with_context(name)?;
        let mut file = File::create(&self.output).with_context(name)?;
        file.write_all(packed.as_bytes()).with_context(name)
    }
}
