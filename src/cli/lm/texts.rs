//! The texts of corpora, section by section: never more than a few in memory.

use std::io::{BufRead, Read};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use unspin::document::{Document, is_binary};
use unspin::text::{PART, part_end};

use crate::cli::corpus::Kind;
use crate::cli::open::open;
use crate::cli::{Outcome, complain, input};

/// The field of JSON Lines that holds the text where nothing is said.
pub const TEXT: &str = "text";

/// So many bytes of text are handed on together.
const BATCH: usize = 8 * PART;
/// A longer line of JSON Lines is refused.
const MOST_LINE: u64 = 64 << 20;
/// How many complaints about lines are said in full.
const COMPLAINTS: usize = 20;

/// Hands the texts of files and folders on in batches, each text whole or a section of one.
pub fn for_each_section(paths: &[PathBuf], field: &str, each: impl FnMut(&[String]) -> Result<()>) -> Result<Outcome> {
    let mut batches = Batches { texts: Vec::new(), bytes: 0, each };
    let mut outcome = Outcome::Clean;
    for path in input::files(paths) {
        let done = path.and_then(|path| {
            let name = path.display().to_string();
            let source = open(&path)?;
            if Kind::of(&path) == Kind::JsonLines {
                lines(&name, source, field, &mut batches)
            } else {
                plain(&name, source, &mut batches)
            }
        });
        match done {
            Ok(of_file) => outcome = outcome.max(of_file),
            // What cannot be counted is fatal, what cannot be read is not.
            Err(error) if error.is::<Fatal>() => return Err(error),
            Err(error) => {
                complain(&format!("{error:#}"));
                outcome = Outcome::Failed;
            }
        }
    }
    batches.flush()?;
    Ok(outcome)
}

/// An error of those who get the texts.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
struct Fatal(anyhow::Error);

struct Batches<F> {
    texts: Vec<String>,
    bytes: usize,
    each: F,
}

impl<F: FnMut(&[String]) -> Result<()>> Batches<F> {
    fn add(&mut self, text: String) -> Result<()> {
        self.bytes += text.len();
        self.texts.push(text);
        if self.bytes >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let result = (self.each)(&self.texts).map_err(|error| anyhow::Error::new(Fatal(error)));
        self.texts.clear();
        self.bytes = 0;
        result
    }
}

fn plain<F: FnMut(&[String]) -> Result<()>>(
    name: &str,
    mut source: impl BufRead,
    batches: &mut Batches<F>,
) -> Result<Outcome> {
    let mut bytes = Vec::new();
    let mut first = true;
    loop {
        let wanted = (2 * PART - bytes.len()) as u64;
        let read = source.by_ref().take(wanted).read_to_end(&mut bytes).with_context(|| name.to_string())?;
        if first && is_binary(&bytes) {
            complain(&format!("{name}: skipped, it is a binary file"));
            return Ok(Outcome::Clean);
        }
        first = false;
        let ended = (read as u64) < wanted;
        // A character may go on in what was not read yet.
        let whole = if ended { bytes.len() } else { whole_characters(&bytes) };
        let text = Document::plain(&bytes[..whole]).text;
        if ended && text.len() <= PART {
            batches.add(text.into_owned())?;
            return Ok(Outcome::Clean);
        }
        let (mut at, mut sections) = (0, Vec::new());
        while text.len() - at > PART || (ended && at < text.len()) {
            let end = part_end(&text, at);
            sections.push(text[at..end].to_string());
            at = end;
        }
        // Sections end where text and bytes agree only if nothing was replaced: the rest is kept as text.
        let mut rest = text[at..].as_bytes().to_vec();
        rest.extend_from_slice(&bytes[whole..]);
        for section in sections {
            batches.add(section)?;
        }
        bytes = rest;
        if ended {
            return Ok(Outcome::Clean);
        }
    }
}

/// How many of the bytes make whole characters, if they are UTF-8.
fn whole_characters(bytes: &[u8]) -> usize {
    let begin = bytes.len().saturating_sub(4);
    match bytes[begin..].iter().rposition(|b| b & 0xC0 != 0x80) {
        Some(last) if bytes[begin + last] >= 0xC0 => begin + last,
        _ => bytes.len(),
    }
}

fn lines<F: FnMut(&[String]) -> Result<()>>(
    name: &str,
    mut source: impl BufRead,
    field: &str,
    batches: &mut Batches<F>,
) -> Result<Outcome> {
    let mut refused = 0;
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let read = source.by_ref().take(MOST_LINE + 1).read_until(b'\n', &mut line);
        if read.with_context(|| format!("{name}:{number}"))? == 0 {
            break;
        }
        if line.len() as u64 > MOST_LINE {
            bail!("{name}:{number}: a line of more than {MOST_LINE} bytes; split it");
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match text_of(&line, field) {
            Ok(text) => cut(&text, batches)?,
            Err(wrong) => {
                refused += 1;
                if refused <= COMPLAINTS {
                    complain(&format!("{name}:{number}: {wrong}"));
                }
            }
        }
    }
    if refused > COMPLAINTS {
        complain(&format!("{name}: {} more lines refused", refused - COMPLAINTS));
    }
    Ok(if refused == 0 { Outcome::Clean } else { Outcome::Failed })
}

/// Hands a text on, in sections where it is long.
fn cut<F: FnMut(&[String]) -> Result<()>>(text: &str, batches: &mut Batches<F>) -> Result<()> {
    let mut at = 0;
    while at < text.len() {
        let end = part_end(text, at);
        batches.add(text[at..end].to_string())?;
        at = end;
    }
    Ok(())
}

fn text_of(line: &[u8], field: &str) -> Result<String, String> {
    let value: serde_json::Value =
        serde_json::from_slice(line).map_err(|error| format!("no JSON: {error}; mend or leave out the line"))?;
    match value.get(field) {
        Some(serde_json::Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("the field `{field}` holds no text; name another one with --text-field")),
        None => Err(format!("no field `{field}`; name the one that holds the text with --text-field")),
    }
}
