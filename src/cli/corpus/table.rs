//! CSV (RFC 4180) and TSV: a record a row, the first row names the columns.

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Error, Result};
use csv::ByteRecord;
use unspin::document::Input;

use super::json_lines::{BROKEN_OFF, MARK, too_long};
use super::{Add, Failure, Plan, Record, Shape, Text, Unit};
use crate::cli::input::name_of;

/// The first row.
pub struct Header {
    /// Its bytes.
    pub raw: Vec<u8>,
    pub delimiter: u8,
    names: ByteRecord,
    text: usize,
    id: Option<usize>,
}

impl Header {
    fn read(raw: Vec<u8>, delimiter: u8, plan: &Plan) -> Result<Header, String> {
        let names = cells(raw.strip_prefix(MARK).unwrap_or(&raw), delimiter)?;
        let column = |name: &str, flag: &str| {
            names.iter().position(|n| n == name.as_bytes()).ok_or_else(|| {
                let there: Vec<String> = names.iter().map(|n| format!("`{}`", String::from_utf8_lossy(n))).collect();
                let there = there.join(", ");
                format!("line 1: no column `{name}` among {there}; name another with {flag}, or read the file as one document with --input text")
            })
        };
        if let Some(name) = plan.added.iter().find(|added| names.iter().any(|n| n == added.as_bytes())) {
            return Err(format!("line 1: there is a column `{name}` already; name another one for what is added"));
        }
        let text = column(&plan.fields.text, "--text-field")?;
        let id = plan.fields.id.as_deref().map(|name| column(name, "--id-field")).transpose()?;
        Ok(Header { raw, delimiter, names, text, id })
    }

    /// Whether the columns are the same.
    pub fn is_like(&self, other: &Header) -> bool {
        (self.delimiter, &self.names) == (other.delimiter, &other.names)
    }

    /// The row with columns added.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn with(&self, added: &[&str]) -> Result<Vec<u8>> {
        if added.is_empty() {
            return Ok(self.raw.clone());
        }
        with_cells(&self.raw, self.delimiter, added).map_err(Error::msg)
    }
}

/// Why a table has no texts, as its first row says.
pub fn lacks_text(mut source: impl BufRead, delimiter: u8, plan: &Plan) -> Option<String> {
    let mut rows = Rows { delimiter, most: plan.limits.record, line: 1 };
    let Ok(Next::Row(raw)) = rows.next(&mut source) else { return None };
    let names = cells(raw.strip_prefix(MARK).unwrap_or(&raw), delimiter).ok()?;
    let text = &plan.fields.text;
    let lacks = !names.iter().any(|name| name == text.as_bytes());
    lacks.then(|| format!("it has no column `{text}`; name another with --text-field"))
}

/// Cuts a stream into its rows.
///
/// # Errors
/// When it has no header that can be used, or breaks off; what stands before was handed on.
pub fn cut(
    mut source: impl BufRead,
    path: &Arc<Path>,
    delimiter: u8,
    plan: &Plan,
    add: Add<'_>,
) -> Result<bool, String> {
    let mut rows = Rows { delimiter, most: plan.limits.record, line: 1 };
    let mut header: Option<Arc<Header>> = None;
    loop {
        let place = rows.line;
        let next = rows.next(&mut source).map_err(|error| format!("line {}: {error}; {BROKEN_OFF}", rows.line))?;
        let wrong = match next {
            Next::End => return Ok(true),
            Next::Row(raw) if raw.trim_ascii().is_empty() && raw.len() <= 2 => continue,
            Next::Row(raw) => {
                let Some(header) = &header else {
                    header = Some(Arc::new(Header::read(raw, delimiter, plan)?));
                    continue;
                };
                let shape = Shape::Row(header.clone());
                if !add(Unit::Record(Record { path: path.clone(), place, raw, shape })) {
                    return Ok(false);
                }
                continue;
            }
            Next::Open => "a quotation mark of this row is never closed; what follows it was not read".to_string(),
            Next::TooLong => too_long("a row", &plan.limits) + "; perhaps a quotation mark of it is never closed",
        };
        let reason = format!("{}:{place}: {wrong}", name_of(path));
        if !add(Unit::Failed(Failure { path: path.display().to_string(), reason })) {
            return Ok(false);
        }
    }
}

enum Next {
    End,
    Row(Vec<u8>),
    TooLong,
    /// The stream ended within quotation marks.
    Open,
}

/// Where in a row the last byte was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Cell,
    Quoted,
    /// After a quotation mark within quotation marks: it ends them, or stands for itself.
    Quote,
}

/// The rows of a stream, line ends within quotation marks heeded.
struct Rows {
    delimiter: u8,
    most: usize,
    /// The line on which the next row begins, counted from 1.
    line: u64,
}

impl Rows {
    fn next(&mut self, source: &mut impl BufRead) -> io::Result<Next> {
        let (mut row, mut at, mut is_too_long, mut is_first) = (Vec::new(), At::CellStart, false, self.line == 1);
        loop {
            let bytes = source.fill_buf()?;
            if bytes.is_empty() {
                return Ok(match (is_too_long, at) {
                    (true, _) => Next::TooLong,
                    (_, At::Quoted) => Next::Open,
                    _ if row.is_empty() => Next::End,
                    _ => Next::Row(row),
                });
            }
            if is_first && bytes.starts_with(MARK) {
                row.extend_from_slice(MARK);
                source.consume(MARK.len());
                is_first = false;
                continue;
            }
            is_first = false;
            let end = self.end(bytes, &mut at);
            let taken = end.unwrap_or(bytes.len());
            is_too_long |= row.len() + taken > self.most;
            if is_too_long {
                row.clear();
            } else {
                row.extend_from_slice(&bytes[..taken]);
            }
            source.consume(taken);
            if end.is_some() {
                return Ok(if is_too_long { Next::TooLong } else { Next::Row(row) });
            }
        }
    }

    /// Where the row ends in these bytes, if it does.
    fn end(&mut self, bytes: &[u8], at: &mut At) -> Option<usize> {
        for (place, &byte) in bytes.iter().enumerate() {
            self.line += u64::from(byte == b'\n');
            *at = match (*at, byte) {
                (At::Quoted, b'"') => At::Quote,
                (At::Quoted, _) | (At::Quote, b'"') => At::Quoted,
                (_, b'\n') => return Some(place + 1),
                (_, byte) if byte == self.delimiter => At::CellStart,
                (At::CellStart, b'"') => At::Quoted,
                _ => At::Cell,
            };
        }
        None
    }
}

fn cells(row: &[u8], delimiter: u8) -> Result<ByteRecord, String> {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).delimiter(delimiter).buffer_capacity(row.len().clamp(64, 1 << 16));
    let mut cells = ByteRecord::new();
    reader.from_reader(row).read_byte_record(&mut cells).map_err(|error| error.to_string())?;
    Ok(cells)
}

/// The document in a row.
pub fn text(row: &[u8], number: u64, header: &Header) -> Result<Text, String> {
    let cells = cells(row, header.delimiter)?;
    if cells.len() != header.names.len() {
        let (cells, names) = (cells.len(), header.names.len());
        return Err(format!("{cells} cells, where the first row has {names}; quote cells that hold what parts cells"));
    }
    let cell = |column: usize| cells.get(column).unwrap_or_default();
    let id = header.id.map(cell).filter(|id| !id.is_empty());
    let id = id.map_or_else(|| number.to_string(), |id| String::from_utf8_lossy(id).into_owned());
    Ok(Text { id, bytes: cell(header.text).to_vec(), input: Input::Text })
}

/// A row with cells added at its end; what stands in it stays byte for byte.
pub fn with_cells(row: &[u8], delimiter: u8, added: &[&str]) -> Result<Vec<u8>, String> {
    let end = row.len() - row.iter().rev().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let mut out = row[..end].to_vec();
    out.push(delimiter);
    let mut cells = Vec::new();
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(&mut cells);
    writer.write_record(added).map_err(|error| error.to_string())?;
    writer.flush().map_err(|error| error.to_string())?;
    drop(writer);
    out.extend_from_slice(cells.strip_suffix(b"\n").unwrap_or(&cells));
    let rest = &row[end..];
    out.extend_from_slice(if rest.ends_with(b"\n") { rest } else { b"\n" });
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line and the text of a row, or what is wrong with it.
    type Seen = Result<(u64, Vec<u8>), String>;

    fn units(file: &[u8], most: usize) -> Result<Vec<Seen>, String> {
        let mut plan = Plan { kind: None, fields: Default::default(), limits: Default::default(), added: Vec::new() };
        plan.limits.record = most;
        let mut units = Vec::new();
        // In pieces of three bytes, so that rows lie across their ends.
        let source = io::BufReader::with_capacity(3, file);
        cut(source, &Path::new("a.csv").into(), b',', &plan, &mut |unit| {
            units.push(match unit {
                Unit::Record(record) => {
                    record.text(&plan).ok().flatten().map(|t| (record.place, t.bytes)).ok_or(record.name())
                }
                Unit::Failed(failure) => Err(failure.reason),
                Unit::File(_) | Unit::Skipped { .. } => Err("a file".into()),
            });
            true
        })?;
        Ok(units)
    }

    #[test]
    fn rows_are_cut_where_they_end() {
        let file = b"n,text\n1,\"a, \"\"b\"\"\nc\"\r\n\n2,5\" pipe\n3\n4,last";
        let units = units(file, 100).unwrap();
        let row = |line, text: &str| Ok((line, text.as_bytes().to_vec()));
        assert_eq!(units, [row(2, "a, \"b\"\nc"), row(5, "5\" pipe"), Err("a.csv:6".into()), row(7, "last")]);
    }

    #[test]
    fn what_cannot_be_cut_is_named() {
        let units_of = |file: &[u8], most| units(file, most).unwrap();
        let seen = units_of(b"text\nlong long long\nshort\n\"open\n", 12);
        assert!(seen[0].as_ref().unwrap_err().starts_with("a.csv:2: a row of more than 12 bytes"));
        assert_eq!(seen[1], Ok((3, b"short".to_vec())));
        assert!(seen[2].as_ref().unwrap_err().starts_with("a.csv:4: a quotation mark"));
        let wrong = units(b"a,b\n1,2\n", 100).unwrap_err();
        assert!(
            wrong.starts_with("line 1: no column `text` among `a`, `b`; name another with --text-field"),
            "{wrong}"
        );
        assert_eq!(units_of(b"", 100), []);
    }

    #[test]
    fn cells_are_added_and_the_rest_stays() {
        assert_eq!(with_cells(b"1, \"a\"\r\n", b',', &["x, y", "2"]).unwrap(), b"1, \"a\",\"x, y\",2\r\n");
        assert_eq!(with_cells(b"1\tb", b'\t', &["x"]).unwrap(), b"1\tb\tx\n");
    }
}
