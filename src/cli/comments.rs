//! Comments that leave lines of Markdown and HTML out of a scan.
//!
//! * `<!-- unspin: ignore -->` beside text leaves its own line out; on a line of its own the paragraph
//!   after it.
//! * `<!-- unspin: ignore-start -->` and `<!-- unspin: ignore-end -->` leave out what lies between.
//! * `<!-- unspin: ignore-file -->` leaves the whole document out.
//!
//! Lines that are left out count nowhere, neither as findings nor in the verdict.

use std::borrow::Cow;
use std::path::Path;

use memchr::memmem;

const COMMENT: &str = "<!--";
const NAME: &str = "unspin:";

/// Whether a file is of a kind that such comments are looked for in.
pub fn may_hold_comments(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    matches!(extension.as_deref(), Some("md" | "markdown" | "mdx" | "html" | "htm" | "xhtml"))
}

/// The text with every line that comments leave out blanked, byte for byte, so that all offsets stay.
///
/// # Errors
/// When a comment asks for what there is not, with its line.
pub fn blanked(text: &str) -> Result<Cow<'_, str>, String> {
    // Nearly every document has none.
    if memmem::find(text.as_bytes(), NAME.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let (mut within, mut paragraph) = (false, false);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let mut left_out = within;
        let mut alone = false;
        for (order, rest) in orders(line) {
            match order {
                "ignore-file" => return Ok(Cow::Owned(text.chars().map(blank).collect())),
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
        if left_out { out.extend(line.chars().map(blank)) } else { out.push_str(line) }
    }
    Ok(Cow::Owned(out))
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

/// As many blanks as a character has bytes would move the columns: lines are only ever left out
/// as wholes, so no column after them is looked at.
fn blank(c: char) -> &'static str {
    match c {
        '\n' => "\n",
        c => &"    "[..c.len_utf8()],
    }
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
        let blanked = blanked(text).unwrap();
        assert_eq!(blanked.len(), text.len());
        let left: Vec<&str> = blanked.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        assert_eq!(left, ["one", "thrée", "six", "eight <!-- a remark -->"]);
        assert_eq!(blanked.find("six"), text.find("six"));
    }

    #[test]
    fn a_whole_file_and_what_is_no_order() {
        assert!(blanked("a\n<!-- unspin: ignore-file -->\nb").unwrap().trim().is_empty());
        assert!(matches!(blanked("unspin without a comment"), Ok(Cow::Borrowed(_))));
        assert_eq!(blanked("unspin: ignore\n").unwrap(), "unspin: ignore\n");
        let error = blanked("a\n<!-- unspin: ignore-lines -->").unwrap_err();
        assert!(error.starts_with("line 2: the comment says `unspin: ignore-lines`"), "{error}");
    }

    #[test]
    fn comments_are_for_markup() {
        assert!(may_hold_comments(Path::new("a/B.MD")) && may_hold_comments(Path::new("a.html")));
        assert!(!may_hold_comments(Path::new("a.txt")) && !may_hold_comments(Path::new("-")));
    }
}
