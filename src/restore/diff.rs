//! Edits as a unified diff, the words that were changed marked in their lines.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::edit::Edit;

/// Lines shown before and after a change.
const CONTEXT: usize = 3;

const HEAD: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

/// A stretch of a changed line, and whether it is what was changed.
type Piece<'t> = (&'t [u8], bool);

/// Lines that change together, or a stretch of lines around them.
struct Block {
    /// First line, from 0, and the one after the last.
    lines: (usize, usize),
    /// Which edits are made in them.
    edits: (usize, usize),
}

/// Writes the edits of `source` as a unified diff that `patch` can apply. With `styled` it is
/// for a terminal instead: coloured, and without control characters of the document's.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_diff(name: &str, source: &[u8], edits: &[Edit], styled: bool, out: &mut impl Write) -> io::Result<()> {
    if edits.is_empty() {
        return Ok(());
    }
    let paint = |style: Style| if styled { style } else { Style::new() };
    let head = paint(HEAD);
    write!(out, "{head}--- {name}{head:#}\n{head}+++ {name}{head:#}\n")?;
    let starts: Vec<usize> = std::iter::once(0)
        .chain(memchr::memchr_iter(b'\n', source).map(|i| i + 1))
        .filter(|s| *s < source.len())
        .collect();
    let blocks = blocks(&starts, edits);
    let line = |number: usize| starts.get(number).copied().unwrap_or(source.len());
    let mut shift = 0isize;
    let mut first = 0;
    while first < blocks.len() {
        let mut last = first;
        while blocks.get(last + 1).is_some_and(|b| b.lines.0 <= blocks[last].lines.1 + 2 * CONTEXT) {
            last += 1;
        }
        let from = blocks[first].lines.0.saturating_sub(CONTEXT);
        let to = (blocks[last].lines.1 + CONTEXT).min(starts.len());
        let mut body = Vec::new();
        let (mut at, mut grown) = (from, 0isize);
        for block in &blocks[first..=last] {
            let (start, end) = (line(block.lines.0), line(block.lines.1));
            write_lines(" ", paint(Style::new()), styled, &[(&source[line(at)..start], false)], &mut body)?;
            let (old, new) = pieces(source, (start, end), &edits[block.edits.0..block.edits.1]);
            let removed = write_lines("-", paint(OLD), styled, &old, &mut body)?;
            grown += write_lines("+", paint(NEW), styled, &new, &mut body)? as isize - removed as isize;
            at = block.lines.1;
        }
        write_lines(" ", paint(Style::new()), styled, &[(&source[line(at)..line(to)], false)], &mut body)?;
        let hunk = paint(HUNK);
        let (new_from, new_count) = (from.saturating_add_signed(shift), (to - from).saturating_add_signed(grown));
        writeln!(out, "{hunk}@@ -{},{} +{},{} @@{hunk:#}", from + 1, to - from, new_from + 1, new_count)?;
        out.write_all(&body)?;
        shift += grown;
        first = last + 1;
    }
    Ok(())
}

/// The lines that edits change.
fn blocks(starts: &[usize], edits: &[Edit]) -> Vec<Block> {
    let line_of = |offset: usize| starts.partition_point(|s| *s <= offset).saturating_sub(1);
    let mut blocks: Vec<Block> = Vec::new();
    for (number, edit) in edits.iter().enumerate() {
        let lines = (line_of(edit.start), line_of(edit.end) + 1);
        match blocks.last_mut().filter(|b| lines.0 <= b.lines.1) {
            Some(block) => {
                block.lines.1 = block.lines.1.max(lines.1);
                block.edits.1 = number + 1;
            }
            None => blocks.push(Block { lines, edits: (number, number + 1) }),
        }
    }
    blocks
}

/// A stretch of the source as it was and as it becomes.
fn pieces<'t>(source: &'t [u8], (start, end): (usize, usize), edits: &'t [Edit]) -> (Vec<Piece<'t>>, Vec<Piece<'t>>) {
    let (mut old, mut new): (Vec<Piece<'t>>, Vec<Piece<'t>>) = (Vec::new(), Vec::new());
    let mut at = start;
    for edit in edits {
        for side in [&mut old, &mut new] {
            side.push((&source[at..edit.start], false));
        }
        old.push((&source[edit.start..edit.end], true));
        new.push((edit.text.as_bytes(), true));
        at = edit.end;
    }
    for side in [&mut old, &mut new] {
        side.push((&source[at..end], false));
    }
    (old, new)
}

/// Writes pieces line by line; says how many lines there are.
fn write_lines(sign: &str, style: Style, styled: bool, pieces: &[Piece<'_>], out: &mut Vec<u8>) -> io::Result<usize> {
    let mut count = 0;
    let mut open = false;
    for (text, changed) in pieces {
        let style = if *changed && styled { style.underline().bold() } else { style };
        for part in text.split_inclusive(|b| *b == b'\n') {
            if !open {
                write!(out, "{sign}")?;
                count += 1;
            }
            let ends = part.ends_with(b"\n");
            let words = &part[..part.len() - usize::from(ends)];
            if styled {
                let flat: String =
                    String::from_utf8_lossy(words).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                write!(out, "{style}{flat}{style:#}")?;
            } else {
                out.extend_from_slice(words);
            }
            if ends {
                out.push(b'\n');
            }
            open = !ends;
        }
    }
    if open {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(source: &str, edits: &[(usize, usize, &str)], styled: bool) -> String {
        let edits: Vec<Edit> = edits.iter().map(|e| Edit { start: e.0, end: e.1, text: e.2.to_string() }).collect();
        let mut out = Vec::new();
        write_diff("a.txt", source.as_bytes(), &edits, styled, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_shown_as_they_were_and_as_they_become() {
        let source = "1\n2\n3\n4\nold tale\r\n6\n7\n8\n9\n10\n11\n12\nlast old";
        let expected = "--- a.txt\n+++ a.txt\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-old tale\r\n+new tale\r\n 6\n 7\n 8\n\
                        @@ -10,4 +10,4 @@\n 10\n 11\n 12\n-last old\n\\ No newline at end of file\n+last new\n\
                        \\ No newline at end of file\n";
        let end = source.len();
        assert_eq!(diff(source, &[(8, 11, "new"), (end - 3, end, "new")], false), expected);
        assert_eq!(diff(source, &[], false), "");
    }

    #[test]
    fn lines_that_grow_together_are_counted() {
        let expected = "--- a.txt\n+++ a.txt\n@@ -1,3 +1,2 @@\n-in\n-front\n+before\n b\n";
        assert_eq!(diff("in\nfront\nb\n", &[(0, 8, "before")], false), expected);
    }

    #[test]
    fn a_terminal_is_not_steered_by_the_document() {
        let shown = diff("a \u{1b}[31mold\n", &[(7, 10, "new")], true);
        assert!(shown.contains("\u{1b}[1m\u{1b}[4m\u{1b}[31mold") && !shown.contains("a \u{1b}[31m"), "{shown:?}");
    }
}
