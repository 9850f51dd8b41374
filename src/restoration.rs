//! Restorations: a text with its swaps undone until nothing is left to undo.

use crate::detect::Applicability;
use crate::model::Model;
use crate::report::Report;
use crate::restore::{Doubt, Edit, Query, compose, edits, made_ranges, make_in, queries};
use crate::worker::Worker;

/// More rounds than this are not made. On the 639 spun texts of the development set so many were
/// enough for each to come to rest.
const ROUNDS: usize = 8;

/// A text with its swaps undone.
///
/// ```
/// use unspin::{Applicability, Model};
/// let text = "Nothing was swapped here.";
/// let restoration = Model::english().restore(text, Applicability::Safe);
/// assert!(restoration.edits.is_empty() && restoration.text == text);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Restoration {
    /// What the scan of the text says.
    pub report: Report,
    /// What was changed, with offsets into the text, sorted and without overlaps. Everything
    /// else is as it was, to the byte.
    pub edits: Vec<Edit>,
    /// The text with these edits made.
    pub text: String,
    /// What the scan of that text says: what is left are findings below the grade.
    pub left: Report,
}

impl Restoration {
    /// At most `most` word sequences of the restored text by which a search engine is likeliest
    /// to find the source: long, certain and distinctive ones.
    #[must_use]
    pub fn queries(&self, model: &Model, most: usize) -> Vec<Query> {
        let certainty = |edit: &Edit| {
            let of_edit = self.report.findings.iter().filter(|f| f.start < edit.end && edit.start < f.end);
            let least = of_edit.map(|f| f.confidence * f.replacements.first().map_or(0.0, |r| r.probability));
            // What only a later round found was doubtful in the first.
            least.fold(None, |least: Option<f32>, c| Some(least.map_or(c, |l| l.min(c)))).unwrap_or(LATER)
        };
        let made = made_ranges(&self.edits).zip(&self.edits);
        let mut doubts: Vec<Doubt> = made.map(|(range, edit)| Doubt { range, certainty: certainty(edit) }).collect();
        let left = self.left.findings.iter();
        doubts.extend(left.map(|f| Doubt { range: f.start..f.end, certainty: 1.0 - f.confidence }));
        doubts.sort_by_key(|d| (d.range.start, d.range.end));
        queries(&self.text, &doubts, model.language_model(), most)
    }
}

/// How certain an edit counts that the first scan did not find.
const LATER: f32 = 0.5;

/// Restores a text: undoes the findings of at least the grade `least` and repairs what stands
/// beside them, then scans what came out, until there is nothing left to undo. Where neighbours
/// are restored, what was doubtful before becomes certain; so a second restoration finds
/// nothing more.
pub(crate) fn restore(worker: &mut Worker<'_>, text: &str, least: Applicability) -> Restoration {
    let report = worker.scan(text);
    let mut all = edits(text, &report.findings, least);
    let mut now = make_in(text, &all);
    // Every text met, with the edits that lead to it.
    let mut met = vec![(text.to_string(), Vec::new())];
    let mut left = report.clone();
    while met.len() <= ROUNDS {
        if let Some(first) = met.iter().position(|m| m.0 == now) {
            // Two texts that are each the restoration of the other: the same one of them stands
            // for both, whichever the document began with.
            let cycle = met.len() - first > 1;
            if let Some((text, edits)) = met.drain(first..).min_by(|a, b| a.0.cmp(&b.0)) {
                (now, all) = (text, edits);
            }
            if cycle {
                left = worker.scan(&now);
            }
            break;
        }
        left = worker.scan(&now);
        let more = edits(&now, &left.findings, least);
        let then = make_in(&now, &more);
        let composed = compose(text, all.clone(), &more);
        met.push((std::mem::replace(&mut now, then), std::mem::replace(&mut all, composed)));
    }
    Restoration { report, edits: all, text: now, left }
}
