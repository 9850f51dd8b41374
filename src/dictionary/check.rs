//! Checking packs: what a reader of a diff would miss.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::language_model::{LanguageModel, phrase_words};
use crate::text::{TokenKind, Tokens};

use super::entry::{Entry, Pack, PartOfSpeech, STYLES, Style};
use super::genuine::GenuineUse;
use super::inflect::Inflector;
use super::phrase::normal_phrase;
use super::remark::{Remark, RemarkKind};
use super::spelling::same_but_for_spelling;
use super::write::sort_key;

/// A phrase is often used where genuine writers write it so many times, so many times in
/// a million words, and so many times as often as the original.
const OFTEN: u32 = 10;
const OFTEN_IN_A_MILLION: f64 = 20.0;
const TIMES_THE_ORIGINAL: u32 = 4;

/// Checks packs, each for itself and against the others.
///
/// `genuine` holds the figures that say which phrases genuine writers use; where it is empty
/// nothing is said of that. Remarks come in the order of packs and lines. 100,000 entries
/// take about half a second.
///
/// ```
/// use unspin::dictionary::{GenuineUse, Level, RemarkKind, check, read_pack};
/// let model = unspin::Model::english();
/// let pack = read_pack("p", "p.tsv", "spherical\tround\tn\nassault\tattack\tn\ncolour\tcolor\tn\n")?;
/// let remarks = check(&[pack], &GenuineUse::default(), model.language_model());
/// let kinds: Vec<(usize, RemarkKind)> = remarks.iter().map(|r| (r.line, r.kind)).collect();
/// assert_eq!(kinds, [(2, RemarkKind::OutOfOrder), (3, RemarkKind::SpellingVariant)]);
/// assert_eq!(remarks[0].kind.level(), Level::Error);
/// # Ok::<(), unspin::dictionary::DictionaryError>(())
/// ```
#[must_use]
pub fn check(packs: &[Pack], genuine: &GenuineUse, model: &LanguageModel) -> Vec<Remark> {
    let entries: Vec<(usize, &Entry)> =
        packs.iter().enumerate().flat_map(|(pack, p)| p.entries.iter().map(move |entry| (pack, entry))).collect();
    let rows: Vec<Row> = entries
        .into_par_iter()
        .map(|(pack, entry)| Row {
            entry,
            pack,
            spun: normal_phrase(&entry.spun),
            original: normal_phrase(&entry.original),
            written: entry.original.replace('^', "").to_lowercase(),
        })
        .collect();
    let index = Index::new(packs, &rows);
    let inflector = Inflector::english();
    let listed = inflector.words();
    let mut remarks: Vec<Remark> = rows
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, row)| {
            let mut found: Vec<(RemarkKind, String)> = Vec::new();
            found.extend(index.duplicate(number));
            found.extend(index.cycle(number));
            found.extend(spelling_variant(row));
            found.extend(genuinely_used(row, genuine));
            unknown_words(row.entry, model, &listed, &mut found);
            found.extend(equal_form(row.entry, inflector));
            let (pack, line) = (row.pack, row.entry.line);
            found.into_iter().map(move |(kind, message)| Remark { pack, line, kind, message })
        })
        .collect();
    for (pack, entries) in packs.iter().enumerate() {
        order(pack, &entries.entries, &mut remarks);
    }
    remarks.par_sort_unstable();
    remarks
}

/// An entry with what it is looked up by.
struct Row<'a> {
    entry: &'a Entry,
    pack: usize,
    spun: String,
    original: String,
    /// The original with its hyphens: with others it is restored as another.
    written: String,
}

type Key<'a> = (&'a str, &'a str, PartOfSpeech);

impl Row<'_> {
    fn key(&self) -> Key<'_> {
        (&self.spun, &self.written, self.entry.pos)
    }
}

/// Rows by phrases and part of speech.
struct Index<'a> {
    packs: &'a [Pack],
    rows: &'a [Row<'a>],
    /// The first row of a pair in any pack.
    anywhere: HashMap<Key<'a>, usize>,
    /// The first row of a pair in one pack, where another has an earlier one.
    later: HashMap<(usize, Key<'a>), usize>,
    /// The first row of a pair whatever its hyphens.
    normal: HashMap<Key<'a>, usize>,
}

impl<'a> Index<'a> {
    fn new(packs: &'a [Pack], rows: &'a [Row<'a>]) -> Self {
        let mut anywhere = HashMap::with_capacity(rows.len());
        let mut later = HashMap::new();
        let mut normal = HashMap::with_capacity(rows.len());
        for (number, row) in rows.iter().enumerate() {
            normal.entry((row.spun.as_str(), row.original.as_str(), row.entry.pos)).or_insert(number);
            let first = *anywhere.entry(row.key()).or_insert(number);
            if rows[first].pack != row.pack {
                later.entry((row.pack, row.key())).or_insert(number);
            }
        }
        Index { packs, rows, anywhere, later, normal }
    }

    /// Where another row stands, as seen from `row`.
    fn place(&self, row: &Row<'_>, other: &Row<'_>) -> String {
        if row.pack == other.pack {
            format!("line {}", other.entry.line)
        } else {
            format!("line {} of {}", other.entry.line, self.packs[other.pack].name)
        }
    }

    fn duplicate(&self, number: usize) -> Option<(RemarkKind, String)> {
        let row = &self.rows[number];
        let own = self.later.get(&(row.pack, row.key())).filter(|first| **first < number);
        let first = *own.or_else(|| self.anywhere.get(&row.key()))?;
        if first == number {
            return None;
        }
        let other = &self.rows[first];
        let kind = if other.pack == row.pack { RemarkKind::Duplicate } else { RemarkKind::DuplicateAcross };
        let (what, pos, place) = (both(row.entry), row.entry.pos.letter(), self.place(row, other));
        Some((kind, format!("{what} ({pos}) stand in {place} too")))
    }

    /// Said once, of the later of both rows.
    fn cycle(&self, number: usize) -> Option<(RemarkKind, String)> {
        let row = &self.rows[number];
        let reverse = *self.normal.get(&(&row.original, &row.spun, row.entry.pos)).filter(|r| **r < number)?;
        let other = &self.rows[reverse];
        let (here, there) = (row.entry.channel, other.entry.channel);
        let equal = |s: &usize| here[*s] > 0.0 && here[*s].total_cmp(&there[*s]) == Ordering::Equal;
        let style = Style::ALL[(0..STYLES).find(equal)?].name();
        let (what, place) = (both(row.entry), self.place(row, other));
        Some((RemarkKind::Cycle, format!("{what}: {place} says the reverse, as usual in style {style}")))
    }
}

fn both(entry: &Entry) -> String {
    format!("`{}` and `{}`", entry.spun, entry.original)
}

fn spelling_variant(row: &Row<'_>) -> Option<(RemarkKind, String)> {
    same_but_for_spelling(&row.spun, &row.original).then(|| {
        (RemarkKind::SpellingVariant, format!("{} are two spellings of one phrase and no swap", both(row.entry)))
    })
}

fn genuinely_used(row: &Row<'_>, genuine: &GenuineUse) -> Option<(RemarkKind, String)> {
    let figures = genuine.get(&row.spun, &row.original)?;
    let (spun, original) = (figures.spun.count, figures.original.count);
    let often = spun >= OFTEN && f64::from(spun) >= OFTEN_IN_A_MILLION * genuine.words as f64 / 1e6;
    (often && spun / TIMES_THE_ORIGINAL >= original).then(|| {
        let Entry { spun: phrase, original: other, .. } = row.entry;
        (
            RemarkKind::GenuinelyUsed,
            format!("genuine writers wrote `{phrase}` {spun} times and `{other}` {original} times"),
        )
    })
}

fn unknown_words(entry: &Entry, model: &LanguageModel, listed: &HashSet<&str>, found: &mut Vec<(RemarkKind, String)>) {
    let mut tokens = Tokens::default();
    for phrase in [&entry.spun, &entry.original] {
        let phrase = phrase.replace('^', "");
        tokens.read(&phrase);
        for (number, token) in tokens.iter().enumerate() {
            let normal = tokens.normal(number);
            let base = normal.strip_suffix("'s").unwrap_or(normal);
            if token.kind != TokenKind::Word || model.knows(token.hash) || listed.contains(base) {
                continue;
            }
            // Abbreviations are read letter by letter.
            let written = &phrase[token.start as usize..token.end as usize];
            let read = [phrase_words(written, model), phrase_words(base, model)];
            if !read.iter().any(|words| words.iter().all(|w| model.knows(*w))) {
                found.push((RemarkKind::UnknownWord, format!("`{normal}` in `{phrase}` is no known word")));
            }
        }
    }
}

/// A form that both phrases have in one place: `read` is the past of `read`.
fn equal_form(entry: &Entry, inflector: &Inflector) -> Option<(RemarkKind, String)> {
    // Cheap before dear: phrases that have a form in common differ in one word at most.
    let (spun, original) = (entry.spun.split(' '), entry.original.split(' '));
    let alike =
        spun.clone().count() == original.clone().count() && spun.zip(original).filter(|(a, b)| a != b).count() < 2;
    if entry.pos == PartOfSpeech::Fixed || !alike {
        return None;
    }
    let form = inflector.equal_form(&entry.spun, &entry.original, entry.pos)?;
    Some((RemarkKind::EqualForm, format!("{} have the form `{form}` in common", both(entry))))
}

fn order(pack: usize, entries: &[Entry], remarks: &mut Vec<Remark>) {
    let keys: Vec<_> = entries.par_iter().map(sort_key).collect();
    for (keys, entries) in keys.windows(2).zip(entries.windows(2)) {
        if keys[1] < keys[0] {
            remarks.push(Remark {
                pack,
                line: entries[1].line,
                kind: RemarkKind::OutOfOrder,
                message: format!(
                    "`{}` stands after `{}`; packs are sorted by spun phrase, original and part of speech, in lower case",
                    entries[1].spun, entries[0].spun
                ),
            });
        }
    }
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
