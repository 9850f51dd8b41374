//! Web archives (WARC, ISO 28500; WET is the same): cutting them into records.
//!
//! Written here because what there is reads records of any length into memory and ends at the first
//! that is broken. A length that is wrong shows in what follows it: then the next record is looked
//! for, in what was read already too.

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;

use super::headers::Headers;
use super::json_lines::{BROKEN_OFF, too_long};
use super::{Add, Failure, Limits, Record, Shape, Unit, page};
use crate::cli::input::name_of;

/// How every record begins.
const BEGIN: &[u8] = b"WARC/";
/// The same where one is looked for.
const ON_NEW_LINE: &[u8] = b"\nWARC/1.";
/// No header is longer.
const MOST_HEADER: usize = 1 << 16;
/// So much of a block tells what it is.
const PEEK: usize = 1 << 16;
/// So much is read at once.
const STEP: usize = 1 << 16;

/// Cuts an archive into records.
///
/// # Errors
/// When the stream breaks off, with the offset; what stands before was handed on.
pub fn cut(source: &mut dyn BufRead, path: &Arc<Path>, limits: &Limits, add: Add<'_>) -> Result<bool, String> {
    let mut window = Window { source, bytes: Vec::new(), at: 0, offset: 0, has_ended: false };
    loop {
        let next = next(&mut window, limits);
        let offset = window.offset;
        let (place, raw) = match next.map_err(|error| format!("offset {offset}: {error}; {BROKEN_OFF}"))? {
            Next::End => return Ok(true),
            Next::PassedOver => continue,
            Next::Record(place, raw) => (place, Ok(raw)),
            Next::Broken(place, wrong) => (place, Err(wrong)),
        };
        let unit = match raw {
            Ok(raw) => Unit::Record(Record { path: path.clone(), place, raw, shape: Shape::Archived }),
            Err(wrong) => Unit::Failed(Failure {
                path: path.display().to_string(),
                reason: format!("{}: the record at offset {place}: {wrong}", name_of(path)),
            }),
        };
        if !add(unit) {
            return Ok(false);
        }
    }
}

enum Next {
    End,
    Record(u64, Vec<u8>),
    /// It is too long, and no page.
    PassedOver,
    Broken(u64, String),
}

/// What of a stream is in memory.
struct Window<'s> {
    source: &'s mut dyn BufRead,
    bytes: Vec<u8>,
    /// Where in `bytes` that begins which was not used yet, and its offset in the stream.
    at: usize,
    offset: u64,
    has_ended: bool,
}

impl Window<'_> {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    /// Reads until there are so many bytes, or the stream ends; says whether there are.
    fn fill(&mut self, wanted: usize) -> io::Result<bool> {
        while self.rest().len() < wanted && !self.has_ended {
            if self.at >= STEP {
                self.bytes.drain(..self.at);
                self.at = 0;
            }
            let read = self.source.fill_buf()?;
            let taken = read.len().min(STEP);
            self.has_ended = read.is_empty();
            self.bytes.extend_from_slice(&read[..taken]);
            self.source.consume(taken);
        }
        Ok(self.rest().len() >= wanted)
    }

    fn pass(&mut self, bytes: usize) {
        let bytes = bytes.min(self.rest().len());
        self.at += bytes;
        self.offset += bytes as u64;
    }

    /// Goes on to the next record after the next byte, or as far as `most` bytes or the stream go;
    /// says whether there is one.
    fn seek(&mut self, most: u64) -> io::Result<bool> {
        let end = self.offset.saturating_add(most);
        loop {
            let left = usize::try_from(end.saturating_sub(self.offset)).unwrap_or(usize::MAX);
            if let Some(place) = memmem::find(self.rest(), ON_NEW_LINE)
                && place < left
            {
                self.pass(place + 1);
                return Ok(true);
            }
            let overlap = ON_NEW_LINE.len() - 1;
            let done = self.rest().len().saturating_sub(overlap);
            if done >= left {
                self.pass(left);
                return Ok(false);
            }
            self.pass(done);
            if !self.fill(STEP + overlap)? && memmem::find(self.rest(), ON_NEW_LINE).is_none() {
                self.pass(left);
                return Ok(false);
            }
        }
    }
}

fn next(window: &mut Window<'_>, limits: &Limits) -> io::Result<Next> {
    loop {
        window.fill(1)?;
        let blank = window.rest().iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        if blank == 0 {
            break;
        }
        window.pass(blank);
    }
    window.fill(BEGIN.len())?;
    let place = window.offset;
    if window.rest().is_empty() {
        return Ok(Next::End);
    }
    let broken = |window: &mut Window<'_>, wrong: &str| {
        let goes_on = window.seek(u64::MAX)?;
        let then = if goes_on { format!("; the next is at {}", window.offset) } else { "; no other follows".into() };
        Ok(Next::Broken(place, format!("{wrong}{then}")))
    };
    if !window.rest().starts_with(BEGIN) {
        return broken(window, "no record begins here, nor was one expected to end later");
    }
    let mut wanted = 4096;
    let (header, headers) = loop {
        let all = window.fill(wanted)?;
        if let Some(found) = Headers::read(&window.rest()[..window.rest().len().min(MOST_HEADER)]) {
            break found;
        }
        if !all || wanted >= MOST_HEADER {
            return broken(window, "its header does not end");
        }
        wanted *= 4;
    };
    let length = match headers.get("content-length").map(|l| (l.to_string(), l.parse::<u64>())) {
        Some((_, Ok(length))) => length,
        Some((written, Err(_))) => return broken(window, &format!("its Content-Length is `{written}`")),
        None => return broken(window, "it has no Content-Length"),
    };
    let whole = length.saturating_add(header as u64);
    let fits = usize::try_from(whole).ok().filter(|whole| *whole <= limits.record.saturating_add(MOST_HEADER));
    let Some(end) = fits else {
        window.fill(header + PEEK)?;
        let is_page = page::is_page(&headers, &window.rest()[header..]);
        if window.seek(whole)? {
            let wrong = format!("its length of {length} bytes reaches over the next, which is at {}", window.offset);
            return Ok(Next::Broken(place, wrong));
        }
        if window.offset - place < whole {
            return Ok(Next::Broken(place, format!("it ends early: {length} bytes were to follow its header")));
        }
        return Ok(if is_page { Next::Broken(place, too_long("a record", limits)) } else { Next::PassedOver });
    };
    if !window.fill(end)? {
        return broken(window, &format!("it ends early: {length} bytes were to follow its header"));
    }
    // Whatever the block is, a record ends with blank lines, and another one follows.
    window.fill(end + 4 + BEGIN.len())?;
    let after = &window.rest()[end..];
    let blank = after.iter().take(4).take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let follows = after[blank..].iter().take(BEGIN.len());
    if !follows.eq(BEGIN.iter().take(after.len() - blank)) && after.get(blank).is_some_and(|b| !b.is_ascii_whitespace())
    {
        return broken(window, &format!("no record follows its length of {length} bytes"));
    }
    let raw = window.rest()[..end + blank].to_vec();
    window.pass(end + blank);
    Ok(Next::Record(place, raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, length: usize, block: &str) -> String {
        let uri = "WARC-Target-URI: http://a.example/";
        format!("WARC/1.0\r\nWARC-Type: {kind}\r\n{uri}\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n")
    }

    fn good(block: &str) -> String {
        record("conversion", block.len(), block)
    }

    /// Blocks, or what is wrong.
    fn cut_up(archive: &str, most: usize) -> Vec<Result<String, String>> {
        let mut seen = Vec::new();
        let limits = Limits { record: most, ..Limits::default() };
        let mut source = io::BufReader::with_capacity(7, archive.as_bytes());
        let more = cut(&mut source, &Path::new("a.warc").into(), &limits, &mut |unit| {
            seen.push(match unit {
                Unit::Record(record) => {
                    let raw = String::from_utf8(record.raw).unwrap();
                    assert!(archive[record.place as usize..].starts_with(&raw));
                    Ok(raw.split_once("\r\n\r\n").unwrap().1.trim_end().to_string())
                }
                Unit::Failed(failure) => Err(failure.reason),
                Unit::File(_) | Unit::Skipped { .. } => unreachable!(),
            });
            true
        });
        assert_eq!(more, Ok(true));
        seen
    }

    #[test]
    fn records_are_cut_by_their_lengths() {
        let nested = good("one\r\n\r\nWARC/1.0 is no header here\r\nContent-Length: 3");
        let seen = cut_up(&[nested, good("two"), good("")].concat(), 1 << 20);
        assert!(seen[0].as_ref().unwrap().starts_with("one\r\n\r\nWARC/1.0 is"), "{seen:?}");
        assert_eq!(seen[1..], [Ok("two".into()), Ok(String::new())]);
        assert_eq!(cut_up("", 100), []);
    }

    #[test]
    fn after_a_wrong_length_the_next_record_is_found() {
        for length in [2, 40, 300, 100_000, usize::MAX] {
            let archive =
                [good("one"), record("conversion", length, "broken block"), good("three"), good("four")].concat();
            let place = good("one").len();
            let seen = cut_up(&archive, 1 << 12);
            assert_eq!(seen[0], Ok("one".into()));
            let wrong = seen[1].as_ref().unwrap_err();
            assert!(wrong.starts_with(&format!("a.warc: the record at offset {place}: ")), "{length}: {wrong}");
            assert_eq!(seen[2..], [Ok("three".into()), Ok("four".into())], "{length}: {seen:?}");
        }
    }

    #[test]
    fn broken_headers_are_named_and_passed_over() {
        for broken in ["rubbish\r\n", "WARC/1.0\r\nContent-Length: x\r\n\r\n\r\n\r\n", "WARC/1.0\r\nA: b\r\n\r\n"] {
            let seen = cut_up(&[broken.to_string(), good("two")].concat(), 1 << 20);
            assert!(seen[0].is_err() && seen.last() == Some(&Ok("two".into())), "{broken}: {seen:?}");
        }
        let cut_off = good("a block that ends");
        let seen = cut_up(&cut_off[..cut_off.len() - 10], 1 << 20);
        assert!(seen[0].as_ref().unwrap_err().contains("it ends early"), "{seen:?}");
    }

    #[test]
    fn a_record_that_is_too_long_is_named_if_it_is_a_page() {
        let long = "words ".repeat(50_000);
        let archive = [good(&long), record("request", long.len(), &long), good("three")].concat();
        let seen = cut_up(&archive, 1 << 10);
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(seen[0].as_ref().unwrap_err().contains("more than 1024 bytes"));
        assert_eq!(seen[1], Ok("three".into()));
    }
}
