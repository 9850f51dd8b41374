//! A text with both wordings at every edit.

use super::edit::Edit;

/// How both wordings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Annotation {
    /// What is put in, then what stands there: `a second [round|spherical] of talks`.
    Brackets,
    /// As a fragment of HTML: `a second <del>spherical</del><ins>round</ins> of talks`. What has
    /// a meaning in HTML is escaped, so that the text reads as it is.
    Html,
    /// The same in a document whose tags are markup already: HTML or Markdown. Nothing is escaped.
    Tags,
}

/// The source with both wordings at every edit. Edits are sorted, without overlaps, and lie
/// within the source.
///
/// ```
/// use unspin::restore::{Annotation, Edit, annotate};
/// let edits = [Edit { start: 2, end: 11, text: "round".into() }];
/// assert_eq!(annotate(b"a spherical", &edits, Annotation::Brackets), b"a [round|spherical]");
/// ```
#[must_use]
pub fn annotate(source: &[u8], edits: &[Edit], as_what: Annotation) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len() + 32 * edits.len());
    let mut at = 0;
    for edit in edits {
        let (Some(between), Some(old)) = (source.get(at..edit.start), source.get(edit.start..edit.end)) else {
            continue;
        };
        push(&mut out, between, as_what);
        let marks = match as_what {
            Annotation::Brackets => ["[", "|", "]"],
            Annotation::Html | Annotation::Tags => ["<del>", "</del><ins>", "</ins>"],
        };
        let sides = match as_what {
            Annotation::Brackets => [edit.text.as_bytes(), old],
            Annotation::Html | Annotation::Tags => [old, edit.text.as_bytes()],
        };
        out.extend_from_slice(marks[0].as_bytes());
        push(&mut out, sides[0], as_what);
        out.extend_from_slice(marks[1].as_bytes());
        push(&mut out, sides[1], as_what);
        out.extend_from_slice(marks[2].as_bytes());
        at = edit.end;
    }
    push(&mut out, &source[at..], as_what);
    out
}

fn push(out: &mut Vec<u8>, text: &[u8], as_what: Annotation) {
    if as_what != Annotation::Html {
        out.extend_from_slice(text);
        return;
    }
    for byte in text {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_escaped_but_for_the_marks() {
        let edits = [Edit { start: 4, end: 9, text: "R&B".into() }];
        let html = annotate(b"<b> R and B > jazz", &edits, Annotation::Html);
        assert_eq!(String::from_utf8(html).unwrap(), "&lt;b&gt; <del>R and</del><ins>R&amp;B</ins> B &gt; jazz");
    }
}
