//! Samples: texts, the edits known to have been made in them, and what their folders say.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use serde::Deserialize;

use crate::dictionary::{Line, for_each_line};
use crate::document::is_binary;

use super::error::EvaluateError;

/// The longest line of a gold file, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// An edit that a spinner is known to have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldEdit {
    /// Byte offset into the file of what it wrote.
    pub start: usize,
    /// Byte offset of what follows that.
    pub end: usize,
    /// What may have stood there, each as good as the others.
    pub original: Vec<String>,
}

/// A text with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The file, as it was named.
    pub path: PathBuf,
    /// Its folder, seen from the folder under evaluation; `.` for that itself.
    pub group: String,
    /// The style that the folder's name `STYLE-RATE` gives.
    pub style: Option<String>,
    /// The rate that it gives, above 0 and at most 1, as it is written there.
    pub rate: Option<String>,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// The edits that were made in it; `None` for genuine text.
    pub gold: Option<Vec<GoldEdit>>,
}

/// A line of a gold file; other fields say nothing.
#[derive(Deserialize)]
struct GoldLine {
    start: usize,
    end: usize,
    original: Vec<String>,
    spun: Option<String>,
}

/// The texts (`*.txt`) of a folder and all below it, in the order of their paths. Hidden and
/// ignored ones count: what is measured is what lies there.
///
/// Beside them stands what is wrong with the folder: gold without its text, and texts without
/// gold where the folder is named `STYLE-RATE` and others in it have theirs. Such texts are left
/// out. Anywhere else a text without gold is genuine.
///
/// # Errors
/// When the folder cannot be read or holds no text.
pub fn texts(folder: &Path) -> Result<(Vec<PathBuf>, Vec<EvaluateError>), EvaluateError> {
    let entries = std::fs::read_dir(folder);
    entries.map_err(|error| EvaluateError::Unreadable { path: folder.to_path_buf(), error })?;
    let (mut texts, mut gold, mut errors) = (Vec::new(), BTreeSet::new(), Vec::new());
    for entry in WalkBuilder::new(folder).standard_filters(false).build() {
        let path = match entry {
            Ok(entry) => entry.into_path(),
            Err(error) => {
                let error = std::io::Error::other(error);
                errors.push(EvaluateError::Unreadable { path: folder.to_path_buf(), error });
                continue;
            }
        };
        let name = path.file_name().map_or(&b""[..], OsStr::as_encoded_bytes);
        if name.ends_with(b".txt") && path.is_file() {
            texts.push(path);
        } else if name.ends_with(b".gold.jsonl") && path.is_file() {
            gold.insert(path);
        }
    }
    if texts.is_empty() {
        return Err(EvaluateError::Empty { path: folder.to_path_buf() });
    }
    // Not the order of `Path`, which goes by components.
    texts.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    let spun: BTreeSet<PathBuf> = gold.iter().filter_map(|g| g.parent().map(Path::to_path_buf)).collect();
    let expected: BTreeSet<PathBuf> = texts.iter().map(|text| gold_of(text)).collect();
    errors.extend(gold.difference(&expected).map(|gold| EvaluateError::Missing {
        path: gold.clone(),
        missing: PathBuf::from(gold.to_string_lossy().replace(".gold.jsonl", ".txt")),
        mend: "add the text or take the gold file away",
    }));
    texts.retain(|text| {
        let folder_of = text.parent().unwrap_or(folder);
        let told = spun.contains(folder_of) && style_and_rate(&group_of(folder, text)).is_some();
        let missing = gold_of(text);
        let keep = !told || gold.contains(&missing);
        if !keep {
            let mend = "the folder's name and its other texts say that it was spun: add its gold edits or move it away";
            errors.push(EvaluateError::Missing { path: text.clone(), missing, mend });
        }
        keep
    });
    Ok((texts, errors))
}

/// The gold file of a text: `NAME.gold.jsonl` for `NAME.txt`.
fn gold_of(text: &Path) -> PathBuf {
    text.with_extension("gold.jsonl")
}

fn group_of(folder: &Path, text: &Path) -> String {
    let within = text.parent().and_then(|p| p.strip_prefix(folder).ok()).unwrap_or(Path::new(""));
    let parts: Vec<_> = within.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".into() } else { parts.join("/") }
}

/// Style and rate of a group: the innermost folder that is named `STYLE-RATE` says them.
fn style_and_rate(group: &str) -> Option<(&str, &str)> {
    group.rsplit('/').find_map(|name| {
        let (style, rate) = name.rsplit_once('-')?;
        let is_rate = rate.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && rate.parse::<f64>().is_ok_and(|r| r > 0.0 && r <= 1.0);
        (!style.is_empty() && is_rate).then_some((style, rate))
    })
}

impl Sample {
    /// A genuine text that was in no folder.
    #[must_use]
    pub fn genuine(path: &str, text: &str) -> Sample {
        Sample { path: path.into(), group: ".".into(), style: None, rate: None, bytes: text.into(), gold: None }
    }

    /// Reads a text below `folder` and its gold file, if it has one.
    ///
    /// # Errors
    /// When a file cannot be read, the text is binary, or a line of the gold file is no edit of
    /// the text; the message names file and line.
    pub fn read(folder: &Path, path: &Path) -> Result<Sample, EvaluateError> {
        let unreadable = |path: &Path| {
            let path = path.to_path_buf();
            move |error| EvaluateError::Unreadable { path, error }
        };
        let bytes = std::fs::read(path).map_err(unreadable(path))?;
        if is_binary(&bytes) {
            return Err(EvaluateError::Binary { path: path.to_path_buf() });
        }
        let gold_path = gold_of(path);
        let gold = match std::fs::read(&gold_path) {
            Ok(lines) => Some(read_gold(&lines, &bytes).map_err(|(line, problem)| EvaluateError::Line {
                path: gold_path.clone(),
                line,
                problem,
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&gold_path)(error)),
        };
        let group = group_of(folder, path);
        let (style, rate) = style_and_rate(&group).map(|(s, r)| (s.to_string(), r.to_string())).unzip();
        Ok(Sample { path: path.to_path_buf(), group, style, rate, bytes, gold })
    }

    /// Whether swaps were made in it.
    #[must_use]
    pub fn is_spun(&self) -> bool {
        self.gold.as_ref().is_some_and(|gold| !gold.is_empty())
    }

    /// How many words it has, counted as `wc -w` counts them.
    #[must_use]
    pub fn words(&self) -> usize {
        self.bytes.split(|b| matches!(b, b' ' | 9..=13)).filter(|word| !word.is_empty()).count()
    }
}

/// The edits of a gold file, or the line that holds none and what is wrong with it.
fn read_gold(lines: &[u8], text: &[u8]) -> Result<Vec<GoldEdit>, (usize, String)> {
    let (mut edits, mut wrong) = (Vec::new(), None);
    let read = for_each_line(lines, LONGEST_LINE, |number, line| {
        let edit = match line {
            Line::Text(line) if line.trim().is_empty() => return,
            Line::Text(line) => gold_edit(line, text),
            Line::Refused(problem) => Err(problem),
        };
        match edit {
            Ok(edit) => edits.push(edit),
            Err(problem) => {
                wrong.get_or_insert((number, problem));
            }
        }
    });
    match (read, wrong) {
        (Err(error), _) => Err((0, error.to_string())),
        (Ok(()), Some(wrong)) => Err(wrong),
        (Ok(()), None) => Ok(edits),
    }
}

fn gold_edit(line: &str, text: &[u8]) -> Result<GoldEdit, String> {
    const WANTED: &str = r#"a line is an object {"start": 3, "end": 9, "spun": "stated", "original": ["said"]}"#;
    let GoldLine { start, end, original, spun } = serde_json::from_str(line).map_err(|error| {
        let message = error.to_string();
        let message: String = message
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(100)
            .collect();
        format!("{message}; {WANTED}")
    })?;
    let Some(found) = text.get(start..end) else {
        return Err(format!(
            "the edit from byte {start} to {end} does not lie in the text, which has {} bytes; offsets count bytes of \
             the file from 0",
            text.len()
        ));
    };
    if let Some(spun) = spun.filter(|spun| spun.as_bytes() != found && *spun != String::from_utf8_lossy(found)) {
        let found: String = String::from_utf8_lossy(found).chars().take(60).collect();
        let spun: String = spun.chars().take(60).collect();
        return Err(format!(
            "the text has {found:?} from byte {start} to {end}, not {spun:?}; was it changed after the edits were \
             written down? Offsets count bytes, not characters"
        ));
    }
    Ok(GoldEdit { start, end, original })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_tell_style_and_rate() {
        assert_eq!(style_and_rate("spun/A-0.2"), Some(("A", "0.2")));
        assert_eq!(style_and_rate("two-words-1.0/part"), Some(("two-words", "1.0")));
        for group in [".", "clean", "a-b", "A-0", "A-2", "-0.5", "A-nan", "A-+1"] {
            assert_eq!(style_and_rate(group), None, "{group}");
        }
    }

    #[test]
    fn gold_lines_are_checked_against_the_text() {
        let text = "He stated so.".as_bytes();
        let gold = |lines: &str| read_gold(lines.as_bytes(), text);
        let edit = r#"{"start": 3, "end": 9, "spun": "stated", "original": ["said"], "more": 1}"#;
        let good = vec![GoldEdit { start: 3, end: 9, original: vec!["said".into()] }];
        assert_eq!(gold(&format!("{edit}\n\n")), Ok(good));
        assert_eq!(gold(""), Ok(vec![]));
        let wrong = |lines: &str| gold(lines).unwrap_err();
        assert_eq!(wrong(&format!("{edit}\n{{\"start\": 3}}\n")).0, 2);
        assert!(wrong(r#"{"start": 3, "end": 99, "original": ["said"]}"#).1.contains("13 bytes"));
        assert!(wrong(r#"{"start": 9, "end": 3, "original": ["said"]}"#).1.contains("does not lie"));
        assert!(wrong(r#"{"start": 3, "end": 9, "original": "said"}"#).1.contains("invalid type"));
        assert!(wrong(r#"{"start": 2, "end": 8, "spun": "stated", "original": ["said"]}"#).1.contains("\" state\""));
    }
}
