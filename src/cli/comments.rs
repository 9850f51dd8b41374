//! Comments that leave lines of Markdown and HTML out of a scan.
//!
//! * `<!-- unspin: ignore -->` beside text leaves its own line out; on a line of its own the paragraph
//!   after it.
//! * `<!-- unspin: ignore-start -->` and `<!-- unspin: ignore-end -->` leave out what lies between.
//! * `<!-- unspin: ignore-file -->` leaves the whole document out.
//!
//! Lines that are left out count nowhere, neither as findings nor in the verdict.

use std::ops::Range;

use memchr::memmem;

const COMMENT: &str = "<!--";
const NAME: &str = "unspin:";

/// The lines of a text that comments leave out, as ranges of bytes.
///
/// # Errors
/// When a comment asks for what there is not, with its line.
pub fn left_out(text: &str) -> Result<Vec<Range<usize>>, String> {
    let mut ranges = Vec::new();
    // Nearly every document has none.
    if memmem::find(text.as_bytes(), NAME.as_bytes()).is_none() {
        return Ok(ranges);
    }
    let (mut within, mut paragraph, mut at) = (false, false, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let mut left_out = within;
        let mut alone = false;
        for (order, rest) in orders(line) {
            match order {
                "ignore-file" => return Ok(std::iter::once(0..text.len()).collect()),
                "ignore-start" => (within, left_out) = (true, true),
                "ignore-end" => within = false,
                "ignore" => (left_out, alone) = (true, rest.trim().is_empty()),
                other => {
                    return Err(format!(
                        "line {}: the comment says `unspin: {}`; ignore, ignore-start, ignore-end and ignore-file are \
                         known",
                        number + 1,
                        unspin::report::printable(other)
                    ));
                }
            }
        }
        // A paragraph ends at a blank line.
        paragraph &= !line.trim().is_empty();
        left_out |= paragraph;
        paragraph |= alone;
        if left_out {
            ranges.push(at..at + line.len());
        }
        at += line.len();
    }
    Ok(ranges)
}

/// The orders of a line's comments, each with what the line holds beside that comment.
fn orders(line: &str) -> impl Iterator<Item = (&str, String)> {
    line.match_indices(COMMENT).filter_map(move |(from, _)| {
        let after = &line[from + COMMENT.len()..];
        let (said, rest) = after.split_once("-->")?;
        let order = said.trim().strip_prefix(NAME)?.trim();
        Some((order, format!("{}{rest}", &line[..from])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_paragraphs_and_what_lies_between_are_left_out() {
        let text = "one\n\
            two <!-- unspin: ignore -->\n\
            thrée\n\
            <!-- unspin: ignore -->\n\
            four é\n\
            five\n\
            \n\
            six\n\
            <!--unspin:ignore-start-->\n\
            seven\n\
            \n\
            <!-- unspin: ignore-end -->\n\
            eight <!-- a remark -->\n";
        let mut left = text.to_string();
        for range in left_out(text).unwrap().into_iter().rev() {
            left.replace_range(range, "");
        }
        assert_eq!(left, "one\nthrée\n\nsix\neight <!-- a remark -->\n");
    }

    #[test]
    fn a_whole_file_and_what_is_no_order() {
        let whole = left_out("a\n<!-- unspin: ignore-file -->\nb").unwrap();
        assert_eq!((whole.len(), whole[0].clone()), (1, 0..32));
        assert!(left_out("unspin without a comment").unwrap().is_empty());
        assert!(left_out("unspin: ignore\n").unwrap().is_empty());
        let error = left_out("a\n<!-- unspin: ignore-lines -->").unwrap_err();
        assert!(error.starts_with("line 2: the comment says `unspin: ignore-lines`"), "{error}");
    }
}
