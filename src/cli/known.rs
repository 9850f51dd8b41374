//! What is not reported: phrases that are allowed, and what an earlier report holds already.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use regex::{Regex, RegexBuilder};

use unspin::{Finding, Label, Report};

use super::config::Placed;
use super::input;

/// Findings that nobody is to be told of.
#[derive(Debug, Default)]
pub struct Known {
    phrases: HashSet<String>,
    patterns: Vec<Regex>,
    baseline: Option<Earliers>,
}

/// What the earlier report says of a document.
#[derive(Debug, Default)]
struct Earlier {
    label: Option<Label>,
    /// How often each phrase stands there for each original.
    swaps: HashMap<(String, String), usize>,
}

/// Documents by file and record.
type Earliers = HashMap<(String, Option<String>), Earlier>;

impl Known {
    /// Reads allow-lists and the earlier report.
    ///
    /// # Errors
    /// When a pattern is no regular expression, or the report cannot be read.
    pub fn read(phrases: &[String], patterns: &[Placed], baseline: Option<&Path>) -> Result<Known> {
        let patterns = patterns.iter().map(|Placed { text: pattern, from }| {
            let whole = format!("^(?:{pattern})$");
            RegexBuilder::new(&whole).case_insensitive(true).size_limit(1 << 20).build().map_err(|error| {
                anyhow!("{from}: `{pattern}` is no regular expression: {}", last_line(&error.to_string()))
            })
        });
        Ok(Known {
            phrases: phrases.iter().map(|p| folded(p)).collect(),
            patterns: patterns.collect::<Result<_>>()?,
            baseline: baseline.map(read_baseline).transpose()?,
        })
    }

    /// Takes what is known out of a report. Says whether what is left may count for the exit
    /// status: not where the earlier report judged the document alike and nothing is new.
    pub fn take_out(&self, report: &mut Report) -> bool {
        if !self.phrases.is_empty() || !self.patterns.is_empty() {
            report.findings.retain(|f| !self.is_allowed(&f.text));
        }
        let Some(baseline) = &self.baseline else { return true };
        let Some(earlier) = baseline.get(&named(report)) else { return true };
        let mut left = earlier.swaps.clone();
        report.findings.retain(|finding| match left.get_mut(&swap(finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        !report.findings.is_empty() || earlier.label != Some(report.verdict.label)
    }

    fn is_allowed(&self, phrase: &str) -> bool {
        let phrase = folded(phrase);
        self.phrases.contains(&phrase) || self.patterns.iter().any(|p| p.is_match(&phrase))
    }
}

/// Case and kind of blanks make no difference.
fn folded(phrase: &str) -> String {
    phrase.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default().trim_start_matches("error: ")
}

/// The file and, where it has several, the record.
fn named(report: &Report) -> (String, Option<String>) {
    let path = report.path.as_deref().unwrap_or_default();
    (path.strip_prefix("./").unwrap_or(path).to_string(), report.id.clone())
}

fn swap(finding: &Finding) -> (String, String) {
    let original = finding.replacements.first().map_or("", |r| r.text.as_str());
    (folded(&finding.text), original.to_lowercase())
}

fn read_baseline(path: &Path) -> Result<Earliers> {
    let bytes = input::read(path)?;
    let mut documents: Earliers = HashMap::new();
    for (number, line) in bytes.split(|b| *b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()) {
        let report: Report = serde_json::from_slice(line).with_context(|| {
            format!(
                "{}:{}: it is no report in JSON Lines; make one with `unspin scan --format jsonl`",
                path.display(),
                number + 1
            )
        })?;
        let earlier = documents.entry(named(&report)).or_default();
        earlier.label = Some(report.verdict.label);
        for finding in &report.findings {
            *earlier.swaps.entry(swap(finding)).or_default() += 1;
        }
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_patterns_are_allowed() {
        let placed = |text: &str| Placed { text: text.into(), from: "a.toml:3".into() };
        let known = Known::read(&["Final  Month".into()], &[placed("spheric.*|x")], None).unwrap();
        assert!(known.is_allowed("final\nmonth") && known.is_allowed("Spherical") && known.is_allowed("X"));
        assert!(!known.is_allowed("final months") && !known.is_allowed("a spherical"));
        let error = Known::read(&[], &[placed("(")], None).unwrap_err().to_string();
        assert_eq!(error, "a.toml:3: `(` is no regular expression: unclosed group");
    }
}
