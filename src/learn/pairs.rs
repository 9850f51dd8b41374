//! Pairs of texts in JSON Lines.

use std::io::{self, BufRead};

use serde::Deserialize;

use crate::dictionary::{Line, for_each_line};

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 64 << 20;

/// A text and what a spinner made of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TextPair {
    /// The text as its author wrote it.
    pub original: String,
    /// The text as the spinner left it.
    pub spun: String,
}

/// A line that holds no pair of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its number, counted from 1.
    pub line: usize,
    /// What is wrong with it, and what would be right.
    pub problem: String,
}

/// Reads JSON Lines of `{"original": ..., "spun": ...}` objects and calls `each` with every
/// pair, or with what is wrong with a line. Other fields say nothing, and empty lines neither.
/// Holds one line at a time; lines of more than 64 MB are refused.
///
/// ```
/// use unspin::learn::for_each_text_pair;
/// let lines = "{\"original\":\"He said so.\",\"spun\":\"He stated so.\"}\n{\"spun\":1}\n";
/// let mut found = Vec::new();
/// for_each_text_pair(lines.as_bytes(), |pair| found.push(pair))?;
/// assert_eq!(found[0].as_ref().map(|p| p.spun.as_str()), Ok("He stated so."));
/// assert_eq!(found[1].as_ref().map_err(|refused| refused.line), Err(2));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When the reader fails.
pub fn for_each_text_pair(reader: impl BufRead, mut each: impl FnMut(Result<TextPair, RefusedLine>)) -> io::Result<()> {
    for_each_line(reader, LONGEST_LINE, |line, text| match text {
        Line::Text(text) if text.trim().is_empty() => {}
        Line::Text(text) => each(serde_json::from_str(text).map_err(|error| RefusedLine {
            line,
            problem: format!(
                "{}; a line is an object {{\"original\": \"...\", \"spun\": \"...\"}}",
                without_line(&error)
            ),
        })),
        Line::Refused(problem) => each(Err(RefusedLine { line, problem })),
    })
}

/// The message of an error in a line that is its own document: its line number would mislead,
/// and values that it quotes may be long.
fn without_line(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let mut short: String = message.chars().filter(|c| !c.is_control()).take(100).collect();
    if error.column() > 0 {
        short.push_str(&format!(" at column {}", error.column()));
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_lines_are_named_and_the_others_go_on() {
        let long = "x".repeat(1 << 20);
        let lines = format!(
            "\n{{\"original\":\"a\"}}\n{{\"original\":\"a\",\"spun\":\n[1]\n{{\"spun\":1,\"{long}\":2}}\n\
             {{\"original\":\"a\",\"spun\":\"b\",\"more\":3}}\n"
        );
        let (mut pairs, mut refused) = (Vec::new(), Vec::new());
        for_each_text_pair(lines.as_bytes(), |pair| match pair {
            Ok(pair) => pairs.push(pair),
            Err(line) => refused.push(line),
        })
        .unwrap();
        assert_eq!(pairs, [TextPair { original: "a".into(), spun: "b".into() }]);
        assert_eq!(refused.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(refused[0].problem.starts_with("missing field `spun`"), "{}", refused[0].problem);
        assert!(refused.iter().all(|r| r.problem.len() < 250));
    }
}
