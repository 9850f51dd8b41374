//! Counts of n-grams as a file: written, read, merged.
//!
//! Layout, little-endian: the magic, the format version (u32), the order (u8), for each length up to
//! the order the count below which n-grams were left out (varint), then the n-grams in the order of
//! the hashes of their words, each after the one that it continues: how many words it has (u8), its
//! last word (as text with its length in bytes as a varint where the n-gram is a single word, else
//! as its hash, u64), and its count (varint). A zero byte and the number of n-grams (varint) end the
//! file. A varint has seven bits a byte, the lowest first, and the high bit where more follow.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{BufRead, Read, Write};

use crate::text::word_hash;

use super::backoff::{Level, MOST_ORDER};
use super::error::{ErrorKind, ModelError};
use super::store::WordId;

const MAGIC: &[u8; 8] = b"UNSPINCT";
/// The version of the counts format that this program reads and writes.
pub const COUNTS_VERSION: u32 = 1;
/// A longer word is damage: counting takes words of this many bytes for `<unk>`.
pub(super) const MOST_WORD: usize = 64;

/// The words of an n-gram, padded with zeros: what is shorter comes first.
pub(super) type Path = [WordId; MOST_ORDER];

/// What counts were made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountsHeader {
    /// The longest n-grams.
    pub order: usize,
    /// By length: n-grams met less often were left out. Never falls.
    pub least: Vec<u64>,
}

impl CountsHeader {
    /// A header; `least` may be shorter than the order: its last figure holds for what is longer.
    ///
    /// # Errors
    /// When the order is not from 1 to 5, or longer n-grams may be rarer than those they continue.
    pub fn new(order: usize, least: &[u64]) -> Result<CountsHeader, ModelError> {
        if !(1..=MOST_ORDER).contains(&order) {
            return Err(ModelError::wrong(format!("order {order}, where 1 to {MOST_ORDER} can be counted")));
        }
        if least.len() > order || least.windows(2).any(|w| w[0] > w[1]) {
            return Err(ModelError::wrong(format!(
                "least counts {least:?} for order {order}; give at most one an order, none below the one before it"
            )));
        }
        let last = least.last().copied().unwrap_or(1);
        let least = (0..order).map(|i| least.get(i).copied().unwrap_or(last).max(1)).collect();
        Ok(CountsHeader { order, least })
    }
}

/// Writes n-grams that come in order.
pub(super) struct CountsWriter<W> {
    out: W,
    header: CountsHeader,
    /// How many of each length were written.
    pub written: [u64; MOST_ORDER],
}

impl<W: Write> CountsWriter<W> {
    pub fn new(mut out: W, header: CountsHeader) -> std::io::Result<Self> {
        out.write_all(MAGIC)?;
        out.write_all(&COUNTS_VERSION.to_le_bytes())?;
        out.write_all(&[u8::try_from(header.order).unwrap_or(0)])?;
        for &least in &header.least {
            write_varint(&mut out, least)?;
        }
        Ok(CountsWriter { out, header, written: [0; MOST_ORDER] })
    }

    /// Adds the n-gram of `depth` words that ends in `word`, whose text is `name`.
    pub fn add(&mut self, depth: usize, word: WordId, name: &str, count: u64) -> std::io::Result<()> {
        if count < self.header.least[depth - 1] {
            return Ok(());
        }
        self.out.write_all(&[u8::try_from(depth).unwrap_or(0)])?;
        if depth == 1 {
            write_varint(&mut self.out, name.len() as u64)?;
            self.out.write_all(name.as_bytes())?;
        } else {
            self.out.write_all(&word.to_le_bytes())?;
        }
        self.written[depth - 1] += 1;
        write_varint(&mut self.out, count)
    }

    pub fn finish(mut self) -> std::io::Result<(W, [u64; MOST_ORDER])> {
        self.out.write_all(&[0])?;
        write_varint(&mut self.out, self.written.iter().sum())?;
        self.out.flush()?;
        Ok((self.out, self.written))
    }
}

fn write_varint(out: &mut impl Write, mut value: u64) -> std::io::Result<()> {
    while value >= 128 {
        out.write_all(&[(value & 127) as u8 | 128])?;
        value >>= 7;
    }
    out.write_all(&[value as u8])
}

/// Reads n-grams one after the other. Memory does not grow with the file.
pub(super) struct CountsReader<R> {
    source: R,
    pub header: CountsHeader,
    pub path: Path,
    pub depth: usize,
    /// The text of the first word.
    pub name: String,
    pub count: u64,
    read: u64,
}

impl<R: BufRead> CountsReader<R> {
    pub fn new(mut source: R) -> Result<Self, ModelError> {
        let mut magic = Vec::new();
        source.by_ref().take(8).read_to_end(&mut magic).map_err(unreadable)?;
        if magic != MAGIC {
            return Err(ModelError::foreign("a file of counts, as `unspin lm count` writes it", &magic));
        }
        let version = u32::from_le_bytes(bytes(&mut source)?);
        if version != COUNTS_VERSION {
            return Err(ModelError::wrong(format!(
                "these counts have format version {version} and this unspin reads version {COUNTS_VERSION}; \
                 count again with this program's `unspin lm count`"
            )));
        }
        let order = usize::from(bytes::<1>(&mut source)?[0]);
        if !(1..=MOST_ORDER).contains(&order) {
            return Err(damaged(format!("order {order}")));
        }
        let mut least = Vec::new();
        for _ in 0..order {
            least.push(varint(&mut source)?);
        }
        let header = CountsHeader::new(order, &least).map_err(|_| damaged(format!("least counts {least:?}")))?;
        let (path, name) = ([0; MOST_ORDER], String::new());
        Ok(CountsReader { source, header, path, depth: 0, name, count: 0, read: 0 })
    }

    /// Goes on to the next n-gram; `false` at the end.
    pub fn advance(&mut self) -> Result<bool, ModelError> {
        let depth = usize::from(bytes::<1>(&mut self.source)?[0]);
        if depth == 0 {
            let announced = varint(&mut self.source)?;
            if announced != self.read {
                return Err(damaged(format!("{} n-grams, where its end says {announced}", self.read)));
            }
            return Ok(false);
        }
        if depth > self.depth + 1 || depth > self.header.order {
            return Err(damaged(format!("an n-gram of {depth} words after one of {}", self.depth)));
        }
        let word = if depth == 1 {
            let length = varint(&mut self.source)?;
            if length == 0 || length > MOST_WORD as u64 {
                return Err(damaged(format!("a word of {length} bytes")));
            }
            let mut text = Vec::new();
            self.source.by_ref().take(length).read_to_end(&mut text).map_err(unreadable)?;
            if text.len() as u64 != length {
                return Err(cut());
            }
            self.name = String::from_utf8(text).map_err(|_| damaged("a word that is not UTF-8"))?;
            if self.name.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Err(damaged(format!("the word `{}`", self.name.escape_debug())));
            }
            word_hash(&self.name)
        } else {
            u64::from_le_bytes(bytes(&mut self.source)?)
        };
        if depth <= self.depth && word <= self.path[depth - 1] {
            return Err(damaged("n-grams out of order"));
        }
        self.path[depth - 1] = word;
        self.path[depth..].fill(0);
        self.depth = depth;
        self.count = varint(&mut self.source)?;
        self.read += 1;
        if self.count == 0 { Err(damaged("an n-gram met no time")) } else { Ok(true) }
    }
}

fn unreadable(cause: std::io::Error) -> ModelError {
    ModelError::new(ErrorKind::Unreadable { cause })
}

fn cut() -> ModelError {
    ModelError::wrong("the counts are cut short; copy or count them again")
}

fn damaged(what: impl std::fmt::Display) -> ModelError {
    ModelError::wrong(format!("the counts are damaged: {what}; copy or count them again"))
}

fn bytes<const N: usize>(source: &mut impl Read) -> Result<[u8; N], ModelError> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::UnexpectedEof => cut(),
        _ => unreadable(cause),
    })?;
    Ok(bytes)
}

fn varint(source: &mut impl Read) -> Result<u64, ModelError> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let [byte] = bytes(source)?;
        value |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Ok(value);
        }
    }
    Err(damaged("a number of more than 64 bits"))
}

/// Adds up sources of one order into one file.
pub(super) fn merge<R: BufRead, W: Write>(
    sources: &mut [CountsReader<R>],
    header: CountsHeader,
    out: W,
) -> Result<(W, [u64; MOST_ORDER]), ModelError> {
    let unwritable = |cause| ModelError::new(ErrorKind::Unwritable { cause });
    let mut writer = CountsWriter::new(out, header).map_err(unwritable)?;
    let mut heads = BinaryHeap::new();
    for (number, source) in sources.iter_mut().enumerate() {
        if source.advance()? {
            heads.push(Reverse((source.path, number)));
        }
    }
    while let Some(Reverse((path, number))) = heads.pop() {
        let source = &mut sources[number];
        let (depth, mut count) = (source.depth, source.count);
        let name = if depth == 1 { source.name.clone() } else { String::new() };
        let mut advanced = vec![number];
        while let Some(Reverse((other, number))) = heads.peek().copied() {
            if other != path {
                break;
            }
            heads.pop();
            count = count.saturating_add(sources[number].count);
            advanced.push(number);
        }
        writer.add(depth, path[depth - 1], &name, count).map_err(unwritable)?;
        for number in advanced {
            if sources[number].advance()? {
                heads.push(Reverse((sources[number].path, number)));
            }
        }
    }
    writer.finish().map_err(unwritable)
}

/// Merges files of counts.
///
/// # Errors
/// When one is no such file or damaged, their orders differ, or writing fails.
pub fn merge_counts<R: BufRead>(sources: Vec<R>, out: impl Write) -> Result<CountsHeader, ModelError> {
    let mut readers = Vec::new();
    for source in sources {
        readers.push(CountsReader::new(source)?);
    }
    let Some(first) = readers.first() else { return Err(ModelError::wrong("no counts to merge")) };
    let mut header = first.header.clone();
    for reader in &readers {
        if reader.header.order != header.order {
            return Err(ModelError::wrong(format!(
                "counts of order {} and of order {} do not merge; count with one --order",
                header.order, reader.header.order
            )));
        }
        // What one of them left out is not known of the sum.
        let most = header.least.iter().zip(&reader.header.least).map(|(a, b)| *a.max(b));
        header.least = most.collect();
    }
    merge(&mut readers, header.clone(), out)?;
    Ok(header)
}

/// Counts in memory, as a trie.
#[derive(Clone, Debug)]
pub struct Counts {
    words: Vec<String>,
    levels: Vec<Level>,
    counts: Vec<Vec<u64>>,
    header: CountsHeader,
}

impl Counts {
    /// Reads a file of counts: about 30 bytes an n-gram.
    ///
    /// # Errors
    /// When it is no such file, cut short or damaged, or holds no word.
    pub fn read(source: impl BufRead) -> Result<Counts, ModelError> {
        let mut reader = CountsReader::new(source)?;
        let order = reader.header.order;
        let mut words = Vec::new();
        let mut last_words: Vec<Vec<WordId>> = vec![Vec::new(); order];
        let mut first: Vec<Vec<u32>> = vec![Vec::new(); order];
        let mut counts: Vec<Vec<u64>> = vec![Vec::new(); order];
        let narrow = |n: usize| u32::try_from(n).map_err(|_| ModelError::wrong("more than 4 billion n-grams"));
        while reader.advance()? {
            let level = reader.depth - 1;
            if level == 0 {
                words.push(reader.name.clone());
            }
            if level + 1 < order {
                let next = narrow(last_words[level + 1].len())?;
                first[level].push(next);
            }
            last_words[level].push(reader.path[level]);
            counts[level].push(reader.count);
        }
        if words.is_empty() {
            return Err(ModelError::wrong("the counts hold no word; count texts that have some"));
        }
        let ids = last_words[0].clone();
        let mut levels = Vec::new();
        for level in 0..order {
            if level + 1 < order {
                let end = narrow(last_words[level + 1].len())?;
                first[level].push(end);
            }
            let mut numbers = Vec::with_capacity(last_words[level].len());
            for id in std::mem::take(&mut last_words[level]) {
                match ids.binary_search(&id) {
                    Ok(number) => numbers.push(narrow(number)?),
                    Err(_) => return Err(damaged("an n-gram with a word that is not counted by itself")),
                }
            }
            let size = numbers.len();
            let first = std::mem::take(&mut first[level]);
            levels.push(Level { words: numbers, probs: vec![0.0; size], backoffs: vec![0.0; size], first });
        }
        while levels.len() > 1 && levels.last().is_some_and(|l| l.len() == 0) {
            levels.pop();
            counts.pop();
            if let Some(last) = levels.last_mut() {
                last.first.clear();
            }
        }
        Ok(Counts { words, levels, counts, header: reader.header })
    }

    /// What they were made with.
    #[must_use]
    pub fn header(&self) -> &CountsHeader {
        &self.header
    }

    /// How many n-grams of each length there are.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        self.levels.iter().map(Level::len).collect()
    }

    pub(super) fn into_parts(self) -> (Vec<String>, Vec<Level>, Vec<Vec<u64>>) {
        (self.words, self.levels, self.counts)
    }
}
