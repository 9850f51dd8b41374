//! What formats for people say in the same words.

use crate::detect::{Finding, Label, Replacement, Section};

use super::Report;
use super::escape::printable;

/// Alternatives below this probability are left out where people read.
const WORTH_NAMING: f32 = 0.05;

/// A share as people read it: never all or nothing, which no figure here means.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p >= 99.95 => "over 99.9%".into(),
        p if p >= 99.0 => format!("{p:.1}%"),
        p if p < 0.1 => "under 0.1%".into(),
        p if p < 1.0 => format!("{p:.1}%"),
        p => format!("{p:.0}%"),
    }
}

/// What a verdict says beside its label, and of which part of the document.
pub(super) fn verdict(report: &Report) -> String {
    let verdict = &report.verdict;
    let mut said = match verdict.label {
        Label::Unknown => "too little English prose to judge".to_string(),
        _ => format!("probability {}", percent(verdict.probability)),
    };
    if matches!(verdict.label, Label::Spun | Label::Suspect) {
        match report.sections.as_slice() {
            [] => said.push_str(&format!(", {} of the possible swaps made", percent(f64::from(verdict.spin_rate)))),
            sections => said.push_str(&format!(", {}, the rest left alone", parts(sections))),
        }
        if let Some(style) = verdict.styles.first() {
            said.push_str(&format!(", style {} ({})", style.name, percent(f64::from(style.share))));
        }
    }
    said
}

/// Where the spun sections lie, and how each was spun.
fn parts(sections: &[Section]) -> String {
    let of = |s: &Section| {
        let lines = match (s.line, s.end_line) {
            (first, last) if first == last => format!("line {first}"),
            (first, last) => format!("lines {first} to {last}"),
        };
        let rate = percent(f64::from(s.spin_rate));
        format!("{rate} of the possible swaps made in {lines} ({})", counted(s.words, "word"))
    };
    sections.iter().map(of).collect::<Vec<_>>().join(", ")
}

/// The most probable wording that may have stood there.
pub(super) fn best(finding: &Finding) -> &str {
    finding.replacements.first().map_or("", |r| r.text.as_str())
}

/// How sure a finding is: of the swap, of its replacements, and its grade.
pub(super) fn certainty(finding: &Finding) -> String {
    let mut said = format!("swapped {}", percent(f64::from(finding.confidence)));
    for (number, r) in worth_naming(finding).enumerate() {
        said.push_str(if number == 1 { "; or " } else { ", " });
        said.push_str(&format!("{} {}", printable(&r.text), percent(f64::from(r.probability))));
    }
    said.push_str("; ");
    said.push_str(finding.applicability.name());
    said
}

/// The same where the best wording has just been named.
pub(super) fn certainty_after_best(finding: &Finding) -> String {
    let mut said = String::new();
    for (number, r) in worth_naming(finding).enumerate() {
        match number {
            0 => {}
            1 => said.push_str(&format!(", or {} ", printable(&r.text))),
            _ => said.push_str(&format!(", {} ", printable(&r.text))),
        }
        said.push_str(&percent(f64::from(r.probability)));
    }
    let gap = if said.is_empty() { "" } else { "; " };
    said.push_str(&format!(
        "{gap}swapped {}; {}",
        percent(f64::from(finding.confidence)),
        finding.applicability.name()
    ));
    said
}

/// The best wording, and the others that are not too improbable to be named.
fn worth_naming(finding: &Finding) -> impl Iterator<Item = &Replacement> {
    let numbered = finding.replacements.iter().enumerate();
    numbered.take_while(|(number, r)| *number == 0 || r.probability >= WORTH_NAMING).map(|(_, r)| r)
}

/// So many of a thing, in one or in several.
pub(super) fn counted(count: usize, of: &str) -> String {
    format!("{count} {of}{}", if count == 1 { "" } else { "s" })
}

/// A finding in a sentence, for formats that show no line of the document.
pub(super) fn sentence(finding: &Finding) -> String {
    format!("\"{}\" may stand for \"{}\": {}", printable(&finding.text), printable(best(finding)), certainty(finding))
}
