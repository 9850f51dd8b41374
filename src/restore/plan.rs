//! From findings to edits: which are made, and what has to change beside them.

use crate::detect::{Applicability, Finding};

use super::edit::{Edit, compose, made_ranges, make_in};
use super::{agreement, article, degree, doubled};

/// An edit that was made, seen from its surroundings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'t> {
    /// The text with all edits made.
    pub text: &'t str,
    /// Where in it the new wording begins.
    pub start: usize,
    /// Where what follows it begins.
    pub end: usize,
    /// What stood there before.
    pub was: &'t str,
}

/// A repair of the text at an edit.
type Repair = fn(&Site<'_>) -> Option<Edit>;

/// In the order in which they are tried; where two want the same place the first has it.
const REPAIRS: [Repair; 5] =
    [degree::repair, doubled::repair, agreement::repair, article::repair_within, article::repair];

/// The edits that undo the findings of at least the grade `least`, in the order of the text,
/// with the repairs beside them. `findings` hold offsets into `text`, in rising order; any that
/// does not fit it, or overlaps one before, is left out.
#[must_use]
pub fn edits(text: &str, findings: &[Finding], least: Applicability) -> Vec<Edit> {
    let mut made: Vec<Edit> = Vec::new();
    for finding in findings.iter().filter(|f| f.applicability >= least) {
        let Some(best) = finding.replacements.first() else { continue };
        let follows = made.last().is_none_or(|last| last.end <= finding.start);
        if follows && text.get(finding.start..finding.end) == Some(&finding.text) {
            made.push(Edit { start: finding.start, end: finding.end, text: best.text.clone() });
        }
    }
    with_repairs(text, made)
}

/// Edits, sorted and without overlaps, with what has to change beside them.
#[must_use]
pub fn with_repairs(text: &str, made: Vec<Edit>) -> Vec<Edit> {
    let restored = make_in(text, &made);
    let mut repairs: Vec<Edit> = Vec::new();
    for (edit, range) in made.iter().zip(made_ranges(&made)) {
        let was = text.get(edit.start..edit.end).unwrap_or_default();
        let site = Site { text: &restored, start: range.start, end: range.end, was };
        for wanted in REPAIRS.iter().filter_map(|repair| repair(&site)) {
            if !repairs.iter().rev().take(REPAIRS.len() * 2).any(|r| r.start < wanted.end && wanted.start < r.end) {
                repairs.push(wanted);
            }
        }
    }
    repairs.sort_by_key(|r| (r.start, r.end));
    compose(text, made, &repairs)
}
