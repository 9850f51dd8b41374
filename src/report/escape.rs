//! Text of documents made harmless for where it is written: nothing in a document may steer a
//! terminal, a browser, a spreadsheet or whatever reads a build's output.

use std::borrow::Cow;

/// Whether a character turns the direction of what follows it: a document could show one thing
/// and hold another.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !is_bidi_control(c) && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// Text on one line, without control characters: those become blanks, and what turns the direction
/// of writing becomes `U+FFFD`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let replaced = |c| match c {
        c if is_printable(c) => c,
        c if is_bidi_control(c) => char::REPLACEMENT_CHARACTER,
        _ => ' ',
    };
    Cow::Owned(text.chars().map(replaced).collect())
}

/// A cell of a table that no spreadsheet takes for a formula: one that begins like one gets an
/// apostrophe before it.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    // A lone hyphen is standard input, and no formula.
    if text != "-" && text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        return Cow::Owned(format!("'{text}"));
    }
    text
}

/// Adds text to HTML, for content and for attributes in double quotes. Line breaks and tabs stay.
pub(super) fn html(text: &str, out: &mut Vec<u8>) {
    marked_up(text, out, |c| (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || is_bidi_control(c));
}

/// The same as text of its own.
pub fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    html(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Adds text to an attribute of XML. What XML cannot hold becomes `U+FFFD`.
pub(super) fn xml(text: &str, out: &mut Vec<u8>) {
    marked_up(text, out, |c| c.is_control() || is_bidi_control(c) || matches!(c, '\u{fffe}' | '\u{ffff}'));
}

fn marked_up(text: &str, out: &mut Vec<u8>, replaced: impl Fn(char) -> bool) {
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let written = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            ' '..='~' => continue,
            c if replaced(c) => "\u{fffd}",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[copied..at]);
        out.extend_from_slice(written.as_bytes());
        copied = at + c.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[copied..]);
}

/// The message of a workflow command: its percent signs would be read as escapes, its line breaks
/// as the command's end.
pub(super) fn message(text: &str) -> String {
    printable(text).replace('%', "%25")
}

/// A property of a workflow command, which colons and commas would end.
pub(super) fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// A path as those know it who look it up in a repository: parted by slashes, and without `./`
/// before it.
pub(super) fn file(path: &str) -> Cow<'_, str> {
    let path = path.strip_prefix("./").unwrap_or(path);
    if cfg!(windows) { Cow::Owned(path.trim_start_matches(".\\").replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// A path as a URI reference: relative as it is, absolute with the scheme `file`.
pub(super) fn uri(path: &str) -> String {
    let path = file(path);
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if cfg!(windows) && path.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            b if b.is_ascii_alphanumeric() => uri.push(char::from(b)),
            b => uri.push_str(&format!("%{b:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, by: fn(&str, &mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        by(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{9b}c\u{7}\n"), "a [31mb c  ");
        assert_eq!(printable("a\u{202e}b\u{2066}"), "a\u{fffd}b\u{fffd}");
        assert!(matches!(printable("naïve 漢字"), Cow::Borrowed(_)));
    }

    #[test]
    fn nothing_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        // A tab or line break before it would be skipped by a spreadsheet: it becomes a blank.
        assert_eq!(cell("\t=1"), " =1");
        assert_eq!((cell("a=1"), cell("-")), ("a=1".into(), "-".into()));
    }

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(
            written("<a b='c' d=\"e\">&\u{0}\n", html),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\u{fffd}\n"
        );
        assert_eq!(written("é<\u{1b}\n\u{ffff}", xml), "é&lt;\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn nothing_ends_a_workflow_command() {
        assert_eq!(message("50%\r\n::error::x"), "50%25  ::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("mit Blanks/naïve%.txt"), "mit%20Blanks/na%C3%AFve%25.txt");
        assert_eq!(uri("/texts/a:b"), "file:///texts/a%3Ab");
        assert_eq!((uri("./a/../b"), uri(".")), ("a/../b".into(), ".".into()));
    }
}
