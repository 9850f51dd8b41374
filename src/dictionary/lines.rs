//! Reading lines of a file in bounded memory, whatever the file holds.

use std::io::{self, BufRead};

/// A line of a file.
#[derive(Debug, PartialEq)]
pub(crate) enum Line<'b> {
    /// Its text, without the line break.
    Text(&'b str),
    /// It cannot be had, and why.
    Refused(String),
}

/// Calls `each` with every line and its number, counted from 1. Lines of more than `limit`
/// bytes and lines that are no UTF-8 are refused. A byte order mark at the start is no part of
/// the text.
///
/// # Errors
/// When the reader fails.
pub(crate) fn for_each_line(
    mut reader: impl BufRead,
    limit: usize,
    mut each: impl FnMut(usize, Line<'_>),
) -> io::Result<()> {
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        buffer.clear();
        number += 1;
        let length = read_line(&mut reader, limit, &mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        if length > limit {
            each(number, Line::Refused(format!("a line of {length} bytes; at most {limit} are read")));
            continue;
        }
        let mut line = &buffer[..];
        if number == 1 {
            line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        }
        line = line.strip_suffix(b"\n").unwrap_or(line);
        line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line) {
            Ok(text) => each(number, Line::Text(text)),
            Err(error) => each(
                number,
                Line::Refused(format!("byte {} is no UTF-8; save the file in UTF-8", error.valid_up_to() + 1)),
            ),
        }
    }
}

/// Reads up to and with the next line break; keeps `limit` bytes at most and gives how many
/// there were.
fn read_line(reader: &mut impl BufRead, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let mut length = 0;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let newline = memchr::memchr(b'\n', chunk);
        let used = newline.map_or(chunk.len(), |at| at + 1);
        let room = limit.saturating_sub(buffer.len()).min(used);
        buffer.extend_from_slice(&chunk[..room]);
        length += used;
        reader.consume(used);
        if newline.is_some() || used == 0 {
            return Ok(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_bad_ones_refused() {
        let mut bytes = b"\xEF\xBB\xBFone\r\n\nth\xFFree\n".to_vec();
        bytes.extend(vec![b'x'; 50]);
        bytes.extend(b"\nlast");
        let mut found = Vec::new();
        for_each_line(io::BufReader::with_capacity(7, &bytes[..]), 20, |number, line| {
            found.push((
                number,
                match line {
                    Line::Text(text) => text.to_string(),
                    Line::Refused(why) => format!("! {why}"),
                },
            ));
        })
        .unwrap();
        let texts: Vec<&str> = found.iter().map(|f| f.1.as_str()).collect();
        assert_eq!(
            texts,
            [
                "one",
                "",
                "! byte 3 is no UTF-8; save the file in UTF-8",
                "! a line of 51 bytes; at most 20 are read",
                "last"
            ]
        );
        assert_eq!(found[4].0, 5);
    }
}
