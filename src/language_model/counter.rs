//! Counting the n-grams of texts in bounded memory.
//!
//! Every place of a sentence gives one record: the words from there on, as many as the order says.
//! Full buffers are sorted and written to a temporary file, and the files merged in the end; a record
//! counts for every n-gram that it begins with. The result depends on the texts alone.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::PathBuf;

use rayon::prelude::*;

use crate::text::{Tokens, american, word_hash};

use super::backoff::{BEGIN, END, MOST_ORDER, UNKNOWN};
use super::counts::{CountsHeader, CountsReader, CountsWriter, MOST_WORD, merge};
use super::error::{ErrorKind, ModelError};
use super::reading::for_each_word;
use super::store::WordId;

/// The least memory that makes sense, in bytes.
const LEAST_MEMORY: usize = 8 << 20;
/// So many files are merged at once at most.
const MOST_RUNS: usize = 64;
/// What a word takes besides its bytes, in the table of those of a run.
const WORD_OVERHEAD: usize = 64;

type Record = [u32; MOST_ORDER];

/// How to count.
#[derive(Clone, Debug)]
pub struct CountOptions {
    /// Order, and what is left out.
    pub header: CountsHeader,
    /// Bytes that buffers may take.
    pub memory: usize,
    /// Whether words in British spelling count as their American forms, which scans ask for where a
    /// model does not list a word.
    pub american: bool,
    /// Where temporary files go.
    pub folder: PathBuf,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Sentences that hold words.
    pub sentences: u64,
    /// Words.
    pub words: u64,
    /// Different n-grams of each length.
    pub ngrams: [u64; MOST_ORDER],
}

/// Counts texts, one batch after the other.
#[derive(Debug)]
pub struct Counter {
    options: CountOptions,
    records: Vec<Record>,
    most_records: usize,
    /// The words of the run, numbered from 1 on.
    numbers: HashMap<WordId, u32>,
    names: Vec<(WordId, Box<str>)>,
    name_bytes: usize,
    runs: Vec<File>,
    counted: Counted,
}

/// A text as numbers of its own words; 0 ends a sentence.
#[derive(Default)]
struct Numbered {
    names: Vec<(WordId, Box<str>)>,
    text: Vec<u32>,
}

impl Counter {
    /// A counter with nothing counted.
    #[must_use]
    pub fn new(options: CountOptions) -> Counter {
        let memory = options.memory.max(LEAST_MEMORY);
        Counter {
            most_records: memory / 4 * 3 / size_of::<Record>(),
            options: CountOptions { memory, ..options },
            records: Vec::new(),
            numbers: HashMap::new(),
            names: Vec::new(),
            name_bytes: 0,
            runs: Vec::new(),
            counted: Counted::default(),
        }
    }

    /// What was counted so far; n-grams are known in the end only.
    #[must_use]
    pub fn counted(&self) -> Counted {
        self.counted
    }

    /// Counts texts, side by side. Each begins and ends its sentences.
    ///
    /// # Errors
    /// When a temporary file cannot be written or read.
    pub fn add<T: AsRef<str> + Sync>(&mut self, texts: &[T]) -> Result<(), ModelError> {
        let american = self.options.american;
        let numbered: Vec<Numbered> =
            texts.par_iter().map_init(Tokens::default, |tokens, text| read(tokens, text.as_ref(), american)).collect();
        for text in numbered {
            self.take(&text)?;
        }
        Ok(())
    }

    fn take(&mut self, text: &Numbered) -> Result<(), ModelError> {
        let mut known = Vec::new();
        let mut sentence = Vec::new();
        let mut marks = (0, 0);
        let mut fresh = true;
        for &word in &text.text {
            if fresh {
                // After a spill all words are new again.
                known.clear();
                known.resize(text.names.len(), 0);
                marks = (self.number(word_hash(BEGIN), BEGIN), self.number(word_hash(END), END));
                fresh = false;
            }
            if word > 0 {
                let place = word as usize - 1;
                if known[place] == 0 {
                    let (id, name) = &text.names[place];
                    known[place] = self.number(*id, name);
                }
                if sentence.is_empty() {
                    sentence.push(marks.0);
                }
                sentence.push(known[place]);
                // A text without an end to its sentences must not fill the memory either.
                if sentence.len() < self.most_records / 2 {
                    continue;
                }
            }
            sentence.push(marks.1);
            self.counted.sentences += 1;
            self.counted.words += sentence.len() as u64 - 2;
            let order = self.options.header.order;
            for at in 0..sentence.len() {
                let mut record = [0; MOST_ORDER];
                let end = sentence.len().min(at + order);
                record[..end - at].copy_from_slice(&sentence[at..end]);
                self.records.push(record);
            }
            sentence.clear();
            if self.records.len() >= self.most_records || self.name_bytes >= self.options.memory / 4 {
                self.spill()?;
                fresh = true;
            }
        }
        Ok(())
    }

    fn number(&mut self, id: WordId, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(&id) {
            return number;
        }
        self.names.push((id, name.into()));
        self.name_bytes += name.len() + WORD_OVERHEAD;
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(id, number);
        number
    }

    /// Writes what is in memory to a file of its own.
    fn spill(&mut self) -> Result<(), ModelError> {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_unstable_by_key(|&n| self.names[n as usize].0);
        let mut rank = vec![0; self.names.len() + 1];
        for (place, &number) in (1u32..).zip(&order) {
            rank[number as usize + 1] = place;
        }
        self.records.par_iter_mut().for_each(|r| r.iter_mut().for_each(|w| *w = rank[*w as usize]));
        self.records.par_sort_unstable();
        let sorted: Vec<&(WordId, Box<str>)> = order.iter().map(|&n| &self.names[n as usize]).collect();
        let header = CountsHeader { least: vec![1; self.options.header.order], ..self.options.header.clone() };
        let written = |cause| ModelError::new(ErrorKind::Unwritable { cause });
        let file = tempfile::tempfile_in(&self.options.folder).map_err(written)?;
        let mut writer = CountsWriter::new(BufWriter::new(file), header.clone()).map_err(written)?;
        write_records(&mut writer, &sorted, &self.records, header.order, 1).map_err(written)?;
        let (file, _) = writer.finish().map_err(written)?;
        self.runs.push(file.into_inner().map_err(|e| written(e.into_error()))?);
        self.records.clear();
        self.numbers.clear();
        self.names.clear();
        self.name_bytes = 0;
        if self.runs.len() >= MOST_RUNS {
            let mut runs = opened(std::mem::take(&mut self.runs))?;
            let file = tempfile::tempfile_in(&self.options.folder).map_err(written)?;
            let (file, _) = merge(&mut runs, header, BufWriter::new(file))?;
            self.runs.push(file.into_inner().map_err(|e| written(e.into_error()))?);
        }
        Ok(())
    }

    /// Writes the counts of all that was added.
    ///
    /// # Errors
    /// When a file cannot be written or read.
    pub fn finish(mut self, out: impl Write) -> Result<Counted, ModelError> {
        self.spill()?;
        let mut runs = opened(std::mem::take(&mut self.runs))?;
        let (_, ngrams) = merge(&mut runs, self.options.header.clone(), out)?;
        Ok(Counted { ngrams, ..self.counted })
    }
}

fn opened(files: Vec<File>) -> Result<Vec<CountsReader<BufReader<File>>>, ModelError> {
    let open = |mut file: File| {
        file.rewind().map_err(|cause| ModelError::new(ErrorKind::Unreadable { cause }))?;
        CountsReader::new(BufReader::new(file))
    };
    files.into_iter().map(open).collect()
}

/// Writes the n-grams that sorted records begin with, from a depth on.
fn write_records<W: Write>(
    writer: &mut CountsWriter<W>,
    words: &[&(WordId, Box<str>)],
    mut records: &[Record],
    order: usize,
    depth: usize,
) -> std::io::Result<()> {
    while let Some(record) = records.first() {
        let word = record[depth - 1];
        let same = records.iter().take_while(|r| r[depth - 1] == word).count();
        let (these, rest) = records.split_at(same);
        records = rest;
        // 0: the sentence ended before.
        if let Some((id, name)) = (word as usize).checked_sub(1).and_then(|w| words.get(w)) {
            writer.add(depth, *id, name, same as u64)?;
            if depth < order {
                write_records(writer, words, these, order, depth + 1)?;
            }
        }
    }
    Ok(())
}

/// Numbers the words of a text as scans read them, where the model knows every word.
fn read(tokens: &mut Tokens, text: &str, to_american: bool) -> Numbered {
    tokens.read(text);
    let mut numbered = Numbered::default();
    let mut numbers: HashMap<WordId, u32> = HashMap::new();
    let known = |word: WordId| !(to_american && american(word).is_some());
    for_each_word(tokens, known, |word| {
        let Some((id, name)) = word else {
            numbered.text.push(0);
            return;
        };
        // Nothing that long is a word of any language.
        let (id, name) = if name.len() > MOST_WORD { (word_hash(UNKNOWN), UNKNOWN) } else { (id, name) };
        let number = *numbers.entry(id).or_insert_with(|| {
            numbered.names.push((id, name.into()));
            u32::try_from(numbered.names.len()).unwrap_or(u32::MAX)
        });
        numbered.text.push(number);
    });
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(texts: &[String], most_records: usize) -> (Vec<u8>, Counted) {
        let header = CountsHeader::new(3, &[]).unwrap();
        let folder = std::env::temp_dir();
        let mut counter = Counter::new(CountOptions { header, memory: 0, american: true, folder });
        counter.most_records = most_records;
        for batch in texts.chunks(7) {
            counter.add(batch).unwrap();
        }
        let mut file = Vec::new();
        let counted = counter.finish(&mut file).unwrap();
        (file, counted)
    }

    #[test]
    fn many_small_runs_give_what_one_gives() {
        let texts: Vec<String> =
            (0..500).map(|i| format!("W{} colour w{}.\n\nW{} w{}", i % 13, i * i % 101, i % 7, i * 31 % 211)).collect();
        let one = counted(&texts, 1 << 20);
        // More runs than are merged at once.
        assert_eq!(one, counted(&texts, 20));
        assert_eq!((one.1.sentences, one.1.words), (1000, 2500));
        let model = super::super::kneser_ney(super::super::Counts::read(&one.0[..]).unwrap()).0;
        assert!(model.named("color").is_some() && model.named("colour").is_none());
    }

    #[test]
    fn a_sentence_without_an_end_is_cut() {
        let text = "on and on ".repeat(1000);
        let (file, counted) = counted(&[text], 100);
        assert!(counted.sentences > 10 && counted.words == 3000, "{counted:?}");
        assert!(super::super::Counts::read(&file[..]).is_ok());
    }
}
