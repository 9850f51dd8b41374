//! Importing lists of others: the Problematic Paper Screener's CSV, and plain lists of two
//! columns.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead};

use super::entry::{Entry, PartOfSpeech, STYLES, Style};
use super::lines::{Line, for_each_line};
use super::phrase::normal_phrase;
use super::query::{expected_terms, spun_phrase};
use super::source::phrase;
use super::spelling::same_but_for_spelling;

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 64 << 10;

/// How many refused lines are kept with what is wrong with them.
const KEPT: usize = 100;

/// What an entry without counts is taken to say, as in packs: one time in three.
const DEFAULT_PROBABILITY: f32 = 0.33;

/// Probabilities from counts keep to this range: a list knows what was found, not what was
/// left alone.
const PROBABILITIES: std::ops::RangeInclusive<f64> = 0.02..=0.95;

/// What was read from a list.
#[derive(Debug, Default)]
pub struct Imported {
    /// The entries, in the order of the file, none twice.
    pub entries: Vec<Entry>,
    /// Rows that gave an entry at least.
    pub taken: usize,
    /// Rows that gave none although nothing is wrong with them, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Rows whose query had conditions beside the phrase (`AND NOT ...`). They are taken
    /// without: packs have no conditions.
    pub guarded: Vec<usize>,
    /// The first lines refused, with what is wrong and what would be right.
    pub refused: Vec<(usize, String)>,
    /// How many lines were refused.
    pub refusals: usize,
}

/// Reads a list of spun phrases and originals.
///
/// Columns are parted by tabs where the first line has one, else by commas; fields may be
/// quoted, and each row is one line. A first line that names `tortured_phrase` and
/// `expected_phrase` (or `spun` and `original`) says which columns to read; without one they
/// are the first and the second. `num_papers`, or a number in the third, makes the probability
/// of an entry its share of all papers with the same original.
///
/// Of a spun phrase in query syntax, `"bosom peril" AND NOT ("x" OR "y")`, the first quoted
/// phrase is read. Several expected terms, parted by `/`, `;` or ` or `, give an entry each; rows
/// where what is expected is empty or `?` are skipped.
///
/// Entries are of `style`; without one they are `academic` where papers are counted and else
/// `custom`. Lines that cannot be read are refused and the others go on; one line of at most
/// 64 KB is held at a time. Empty lines and lines that begin with `#` say nothing.
///
/// ```
/// use unspin::dictionary::{Style, import};
/// let list = "tortured_phrase,expected_phrase,num_papers\nbosom peril,breast cancer,12\nflag commotion,?,3\n";
/// let imported = import(list.as_bytes(), "list.csv", None)?;
/// assert_eq!(imported.entries[0].original, "breast cancer");
/// assert!(imported.entries[0].channel[Style::Academic as usize] > 0.9);
/// assert_eq!(imported.skipped["nothing is known to be expected"], 1);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When the reader fails.
pub fn import(reader: impl BufRead, file: &str, style: Option<Style>) -> io::Result<Imported> {
    let mut importer = Importer { file, ..Importer::default() };
    for_each_line(reader, LONGEST_LINE, |number, line| {
        let result = match line {
            Line::Text(text) => importer.line(number, text),
            Line::Refused(problem) => Err(problem),
        };
        if let Err(problem) = result {
            importer.imported.refusals += 1;
            if importer.imported.refused.len() < KEPT {
                importer.imported.refused.push((number, problem));
            }
        }
    })?;
    Ok(importer.finish(style))
}

#[derive(Default)]
struct Importer<'f> {
    file: &'f str,
    imported: Imported,
    layout: Option<Layout>,
    /// Each entry's papers, where they are counted.
    papers: Vec<Option<u64>>,
    /// Entries by normal forms.
    known: HashMap<(String, String), usize>,
}

/// Where a list has what.
#[derive(Clone, Copy)]
struct Layout {
    delimiter: u8,
    spun: usize,
    original: usize,
    papers: usize,
}

impl Importer<'_> {
    fn line(&mut self, number: usize, text: &str) -> Result<(), String> {
        if text.trim().is_empty() || text.starts_with('#') {
            return Ok(());
        }
        let delimiter = self.layout.map_or(if text.contains('\t') { b'\t' } else { b',' }, |l| l.delimiter);
        let row = fields(text, delimiter)?;
        let layout = match self.layout {
            Some(layout) => layout,
            None => {
                let (layout, is_header) = layout(&row, delimiter);
                self.layout = Some(layout);
                if is_header {
                    return Ok(());
                }
                layout
            }
        };
        self.row(number, &row, layout)
    }

    fn row(&mut self, number: usize, row: &csv::StringRecord, layout: Layout) -> Result<(), String> {
        let (Some(query), Some(expected)) = (row.get(layout.spun), row.get(layout.original)) else {
            let columns = if row.len() == 1 { "one column" } else { "too few columns" };
            return Err(format!("{columns}; a row holds the spun phrase and the original, parted by a comma or a tab"));
        };
        let (spun, guarded) = spun_phrase(query);
        let terms = expected_terms(expected);
        if terms.is_empty() {
            return self.skip("nothing is known to be expected");
        }
        if spun.contains('*') {
            return self.skip("the spun phrase has a wildcard");
        }
        let papers = row.get(layout.papers).and_then(|n| n.trim().parse::<u64>().ok());
        let valid = |what, text| {
            phrase(self.file, number, what, text).map(|p| p.replace('^', "")).map_err(|error| error.problem())
        };
        let spun = valid("spun phrase", spun)?;
        let originals = terms.into_iter().map(|term| valid("original", term)).collect::<Result<Vec<_>, _>>()?;
        let (mut fresh, mut repeated) = (false, false);
        for original in originals {
            let key = (normal_phrase(&spun), normal_phrase(&original));
            if same_but_for_spelling(&key.0, &key.1) {
                continue;
            }
            if let Some(&known) = self.known.get(&key) {
                repeated = true;
                self.papers[known] = self.papers[known].max(papers);
                continue;
            }
            fresh = true;
            self.known.insert(key, self.papers.len());
            self.papers.push(papers);
            self.imported.entries.push(Entry {
                spun: spun.clone(),
                original,
                pos: PartOfSpeech::Fixed,
                channel: [0.0; STYLES],
                origin: "imported".into(),
                line: number,
            });
        }
        match (fresh, repeated) {
            (true, _) => {
                self.imported.taken += 1;
                if guarded {
                    self.imported.guarded.push(number);
                }
                Ok(())
            }
            (false, true) => self.skip("an earlier row says the same"),
            (false, false) => self.skip("both phrases are the same but for spelling"),
        }
    }

    fn skip(&mut self, reason: &'static str) -> Result<(), String> {
        *self.imported.skipped.entry(reason).or_default() += 1;
        Ok(())
    }

    /// Gives the entries their probabilities.
    fn finish(self, style: Option<Style>) -> Imported {
        let Importer { mut imported, papers, .. } = self;
        let counted = papers.iter().any(Option::is_some);
        let style = style.unwrap_or(if counted { Style::Academic } else { Style::Custom });
        let mut of_original: HashMap<String, u64> = HashMap::new();
        for (entry, papers) in imported.entries.iter().zip(&papers) {
            let sum = of_original.entry(normal_phrase(&entry.original)).or_default();
            *sum = sum.saturating_add(papers.unwrap_or(0));
        }
        for (entry, papers) in imported.entries.iter_mut().zip(papers) {
            entry.channel[style as usize] = match papers {
                Some(papers) => {
                    let all = of_original.get(&normal_phrase(&entry.original)).copied().unwrap_or(papers);
                    share(papers, all)
                }
                None => DEFAULT_PROBABILITY,
            };
        }
        imported
    }
}

/// The share of papers, drawn towards one in five as far as they are few.
fn share(papers: u64, all: u64) -> f32 {
    let share = (papers as f64 + 0.3) / (all as f64 + 1.5);
    #[allow(clippy::cast_possible_truncation)]
    let share = share.clamp(*PROBABILITIES.start(), *PROBABILITIES.end()) as f32;
    share
}

/// Which columns hold what, and whether the first row is a header that says so.
fn layout(row: &csv::StringRecord, delimiter: u8) -> (Layout, bool) {
    let find = |names: &[&str]| {
        row.iter().position(|field| {
            let name: String = field.trim().to_lowercase().replace([' ', '-'], "_");
            names.contains(&name.as_str())
        })
    };
    let spun = find(&["tortured_phrase", "tortured_phrases", "tortured", "spun", "fingerprint"]);
    let original = find(&["expected_phrase", "expected_phrases", "expected", "original", "established_phrase"]);
    let papers = find(&["num_papers", "papers", "count"]);
    match (spun, original) {
        (Some(spun), Some(original)) => {
            (Layout { delimiter, spun, original, papers: papers.unwrap_or(usize::MAX) }, true)
        }
        _ => (Layout { delimiter, spun: 0, original: 1, papers: 2 }, false),
    }
}

/// The fields of one line.
fn fields(text: &str, delimiter: u8) -> Result<csv::StringRecord, String> {
    // Nearly all lines have no quotes, and a reader for each takes longer than all else.
    if !text.contains('"') {
        return Ok(text.split(char::from(delimiter)).collect::<Vec<_>>().into());
    }
    if leaves_open(text, delimiter) {
        return Err("a quoted field is not closed; a row is one line, and quotes in a quoted field are doubled".into());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 10)
        .from_reader(text.as_bytes());
    let mut row = csv::StringRecord::new();
    reader.read_record(&mut row).map_err(|error| format!("{error}; see RFC 4180 for the form of a CSV line"))?;
    Ok(row)
}

/// Whether a quoted field goes on after the end of a line. Read as the `csv` crate does: it would
/// take all that follows for a part of the field.
fn leaves_open(text: &str, delimiter: u8) -> bool {
    let mut bytes = text.bytes().peekable();
    let (mut at_start, mut quoted) = (true, false);
    while let Some(byte) = bytes.next() {
        if quoted {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                quoted = false;
            }
        } else {
            quoted = byte == b'"' && at_start;
            at_start = byte == delimiter;
        }
    }
    quoted
}

#[cfg(test)]
#[path = "import/tests.rs"]
mod tests;
