//! ARPA files, the text form in which tools exchange back-off models: reading and writing.

use std::collections::HashMap;
use std::io::{BufRead, Read, Write};

use crate::text::word_hash;

use super::backoff::{BEGIN, BackoffModel, LOG_NOTHING, MOST_ORDER, UNKNOWN};
use super::error::{ErrorKind, ModelError};
use super::listing::Listing;

/// A longer line is no n-gram.
const MOST_LINE: u64 = 64 << 10;
/// How much may stand before `\data\`.
const MOST_PREFACE: usize = 1000;
/// Room is made at once for at most so many n-grams, whatever a header claims.
const ROOM: usize = 1 << 20;

/// Reads an ARPA file as KenLM and SRILM write it: logarithms to base 10, fields parted by tabs or
/// blanks, no weight where none is needed, anything before `\data\`, `<unk>` or `<UNK>`. Memory
/// grows with what is there, not with what is announced.
///
/// # Errors
/// At the first line that is not as it should be, with its number and what it holds.
pub fn read_arpa(source: impl BufRead) -> Result<BackoffModel, ModelError> {
    let mut lines = Lines { source, number: 0, line: Vec::new() };
    let announced = header(&mut lines)?;
    let mut words = Words::default();
    let mut listings = Vec::new();
    let mut places = Vec::new();
    for (level, &count) in announced.iter().enumerate() {
        let (listing, numbers) = section(&mut lines, level + 1, announced.len(), count, &mut words)?;
        listings.push(listing);
        places.push(numbers);
    }
    match lines.content()? {
        Some("\\end\\") => {}
        Some(line) => {
            let what = format!("`{}` where `\\end\\` should stand", short(line));
            return Err(lines.error(format!("{what}; every section but the announced ones is refused")));
        }
        None => {
            return Err(lines.error("the file ends without `\\end\\`; it is cut short: write or copy it again"));
        }
    }
    let names = std::mem::take(&mut words.names);
    BackoffModel::build(names, listings).map_err(|twice| {
        let line = |i: usize| places[twice.order - 1].get(i).copied().unwrap_or(0);
        ModelError::new(ErrorKind::Line {
            line: u64::from(line(twice.second)),
            what: format!("this n-gram stands in line {} already; take one of the two out", line(twice.first)),
        })
    })
}

#[derive(Default)]
struct Words {
    names: Vec<String>,
    numbers: HashMap<u64, u32>,
}

/// How many n-grams of each length are announced.
fn header<R: BufRead>(lines: &mut Lines<R>) -> Result<Vec<usize>, ModelError> {
    let mut preface = 0;
    loop {
        match lines.raw()? {
            None => return Err(lines.error("the file ends and no line says `\\data\\`; this is no ARPA file")),
            Some(line) if trim(line) == b"\\data\\" => break,
            Some(_) if preface == MOST_PREFACE => {
                return Err(
                    lines.error(format!("no `\\data\\` in the first {MOST_PREFACE} lines; this is no ARPA file"))
                );
            }
            Some(_) => preface += 1,
        }
    }
    let mut announced = Vec::new();
    loop {
        let expected = format!("ngram {}=COUNT", announced.len() + 1);
        let Some(line) = lines.content()? else {
            return Err(lines.error(format!("the file ends where `{expected}` or `\\1-grams:` should stand")));
        };
        if line == "\\1-grams:" {
            break;
        }
        let wrong = format!("`{}` where `{expected}` should stand", short(line));
        let count = line.strip_prefix("ngram").and_then(|rest| rest.split_once('='));
        let count = count.and_then(|(order, count)| {
            let order: usize = order.trim().parse().ok()?;
            (order == announced.len() + 1).then_some(count.trim().parse::<u32>().ok()?)
        });
        match count {
            Some(_) if announced.len() == MOST_ORDER => {
                return Err(lines.error(format!("n-grams longer than {MOST_ORDER} words, the most that are read")));
            }
            Some(count) => announced.push(count as usize),
            None => return Err(lines.error(format!("{wrong}; the header announces each order in turn"))),
        }
    }
    match announced.first() {
        None => Err(lines.error("no counts stand before `\\1-grams:`; the header must say `ngram 1=COUNT` and so on")),
        Some(0) => Err(lines.error("a model of no words; `ngram 1=` must announce some")),
        Some(_) => Ok(announced),
    }
}

/// The n-grams of one length, and the lines they stand in. The title of the first section was read.
fn section<R: BufRead>(
    lines: &mut Lines<R>,
    order: usize,
    highest: usize,
    count: usize,
    words: &mut Words,
) -> Result<(Listing, Vec<u32>), ModelError> {
    if order > 1 {
        let title = format!("\\{order}-grams:");
        match lines.content()? {
            Some(line) if line == title => {}
            Some(line) => {
                let found = short(line);
                return Err(lines.error(format!(
                    "`{found}` where `{title}` should stand; the section before must hold as many n-grams as announced"
                )));
            }
            None => return Err(lines.error(format!("the file ends where `{title}` should stand; it is cut short"))),
        }
    }
    let mut listing = Listing::default();
    let room = count.min(ROOM);
    listing.keys.reserve(room * order);
    listing.probs.reserve(room);
    let mut places = Vec::with_capacity(room);
    for read in 0..count {
        let Some(line) = lines.content()? else {
            return Err(
                lines.error(format!("the file ends after {read} of {count} announced {order}-grams; it is cut short"))
            );
        };
        if line.starts_with('\\') && (line.ends_with("-grams:") || line == "\\end\\") {
            let found = line.to_string();
            return Err(lines.error(format!(
                "`{found}` after {read} {order}-grams, where the header announces {count}; mend the count or the section"
            )));
        }
        if let Some(wrong) = entry(line, order, highest, words, &mut listing).err() {
            return Err(lines.error(wrong));
        }
        places.push(u32::try_from(lines.number).unwrap_or(u32::MAX));
    }
    Ok((listing, places))
}

/// One n-gram: probability, words, and a weight where there is one.
fn entry(line: &str, order: usize, highest: usize, words: &mut Words, listing: &mut Listing) -> Result<(), String> {
    let mut fields = [""; MOST_ORDER + 2];
    let mut found = 0;
    for field in line.split_ascii_whitespace() {
        if let Some(place) = fields.get_mut(found) {
            *place = field;
        }
        found += 1;
    }
    if found != order + 1 && found != order + 2 {
        return Err(format!(
            "`{}` has {found} fields, where an n-gram of order {order} has {} or {}: logarithm, words, weight",
            short(line),
            order + 1,
            order + 2
        ));
    }
    let number = |what: &str, field: &str| match field.parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() < 1e6 => Ok(value),
        _ => Err(format!(
            "the {what} `{}` is no number that can be used; logarithms to base 10 are wanted",
            short(field)
        )),
    };
    let mut log = number("probability", fields[0])?;
    if order == 1 && fields[1] == BEGIN {
        // Nothing is followed by the beginning of a sentence, whatever a tool writes here.
        log = -99.0;
    }
    if log > 0.0 {
        return Err(format!("the probability `{}` is above one; logarithms to base 10 are at most 0", fields[0]));
    }
    let weight = if found == order + 2 { number("weight", fields[order + 1])? } else { 0.0 };
    for field in &fields[1..=order] {
        let name = if *field == "<UNK>" { UNKNOWN } else { field };
        let hash = word_hash(name);
        let known = words.numbers.get(&hash).copied();
        let word = match (order, known) {
            (1, Some(_)) => return Err(format!("the word `{}` stands twice; take one of the two out", short(name))),
            (1, None) => {
                let word = words.names.len() as u32;
                words.numbers.insert(hash, word);
                words.names.push(name.to_string());
                word
            }
            (_, Some(word)) => word,
            (_, None) => {
                return Err(format!("the word `{}` is not among the 1-grams; add it there", short(name)));
            }
        };
        listing.keys.push(word);
    }
    #[allow(clippy::cast_possible_truncation)]
    let natural = |log: f64| if log == -99.0 { LOG_NOTHING } else { (log * std::f64::consts::LN_10) as f32 };
    listing.probs.push(natural(log).max(super::backoff::LOG_UNLISTED));
    // What nothing can follow needs none.
    listing.backoffs.push(if order == highest { 0.0 } else { natural(weight) });
    Ok(())
}

/// Lines of a bounded length, with their numbers.
struct Lines<R> {
    source: R,
    number: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn raw(&mut self) -> Result<Option<&[u8]>, ModelError> {
        self.line.clear();
        let read = self.source.by_ref().take(MOST_LINE + 1).read_until(b'\n', &mut self.line);
        let read = read.map_err(|cause| ModelError::new(ErrorKind::Unreadable { cause }))?;
        self.number += u64::from(read > 0);
        if self.line.len() as u64 > MOST_LINE {
            return Err(self.error(format!("a line of more than {MOST_LINE} bytes; no n-gram is that long")));
        }
        Ok((read > 0).then_some(&self.line))
    }

    /// The next line that is not blank.
    fn content(&mut self) -> Result<Option<&str>, ModelError> {
        loop {
            match self.raw()? {
                None => return Ok(None),
                Some(line) if trim(line).is_empty() => {}
                Some(_) => break,
            }
        }
        match std::str::from_utf8(trim(&self.line)) {
            Ok(line) => Ok(Some(line)),
            Err(_) => Err(self.error("the line is not UTF-8; write the file in UTF-8")),
        }
    }

    fn error(&self, what: impl Into<String>) -> ModelError {
        ModelError::new(ErrorKind::Line { line: self.number, what: what.into() })
    }
}

fn trim(line: &[u8]) -> &[u8] {
    line.trim_ascii()
}

/// As much of a text as a message has room for.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.into() } else { text.chars().take(MOST).chain(['…']).collect() }
}

/// Writes a model as an ARPA file, its words in the order of their numbers. [`read_arpa`] gives back
/// exactly the same model.
///
/// # Errors
/// When writing fails.
pub fn write_arpa(model: &BackoffModel, mut out: impl Write) -> std::io::Result<()> {
    writeln!(out, "\\data\\")?;
    for (level, count) in model.counts().into_iter().enumerate() {
        writeln!(out, "ngram {}={count}", level + 1)?;
    }
    for level in 0..model.order() {
        writeln!(out, "\n\\{}-grams:", level + 1)?;
        let parents = model.parents(level);
        for node in 0..model.levels[level].len() {
            let of = &model.levels[level];
            write!(out, "{}", Decimal(of.probs[node]))?;
            for (at, &word) in model.path(&parents, level, node as u32)[..=level].iter().enumerate() {
                write!(out, "{}{}", if at == 0 { '\t' } else { ' ' }, model.words()[word as usize])?;
            }
            match of.backoffs[node] {
                0.0 if of.children(node as u32).is_empty() => writeln!(out)?,
                backoff => writeln!(out, "\t{}", Decimal(backoff))?,
            }
        }
    }
    writeln!(out, "\n\\end\\")?;
    out.flush()
}

/// A natural logarithm to base 10, in so many digits that the same number is read back.
struct Decimal(f32);

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == LOG_NOTHING {
            return f.write_str("-99");
        }
        let log = f64::from(self.0) * std::f64::consts::LOG10_E;
        if log == 0.0 {
            return f.write_str("0");
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let digits = (8.0 - log.abs().log10().floor()).clamp(0.0, 40.0) as usize;
        let text = format!("{log:.digits$}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}
