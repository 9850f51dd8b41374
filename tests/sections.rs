//! Documents of which a part was spun, and how ready to accuse a scan is.

#![allow(clippy::unwrap_used)]

use std::process::Command;

use unspin::document::{Document, Input};
use unspin::{Label, Model, ModelBuilder, Profile, Report};

const GENUINE: &str = include_str!("../examples/genuine.txt");
const SPUN: &str = include_str!("../examples/spun.txt");

fn paragraphs(text: &str) -> Vec<&str> {
    text.trim().split("\n\n").collect()
}

/// The genuine example with two paragraphs of the spun one in the middle, and where these lie.
fn mixed() -> (String, std::ops::Range<usize>) {
    let (genuine, spun) = (paragraphs(GENUINE), paragraphs(SPUN));
    let before = genuine[..4].join("\n\n") + "\n\n";
    let middle = spun[4..6].join("\n\n");
    let text = format!("{before}{middle}\n\n{}\n", genuine[4..].join("\n\n"));
    (text, before.len()..before.len() + middle.len())
}

/// Intersection over union, in bytes.
fn overlap(report: &Report, part: &std::ops::Range<usize>) -> f64 {
    let inside = |s: &unspin::Section| s.end.min(part.end).saturating_sub(s.start.max(part.start));
    let both: usize = report.sections.iter().map(inside).sum();
    let found: usize = report.sections.iter().map(|s| s.end - s.start).sum();
    both as f64 / (found + part.len() - both) as f64
}

#[test]
fn the_spun_part_is_found_and_nothing_outside_it_reported() {
    let (text, part) = mixed();
    let report = Model::english().scan(&text);
    assert_eq!(report.verdict.label, Label::Spun);
    assert!(overlap(&report, &part) > 0.9, "{:?} for {part:?}", report.sections);
    assert!(!report.findings.is_empty());
    assert!(report.findings.iter().all(|f| part.contains(&f.start) && f.end <= part.end));
    let section = &report.sections[0];
    assert!(section.probability > 0.9 && section.spin_rate > report.verdict.spin_rate);
    assert_eq!((section.line, section.end_line), (9, 11));
    assert!(section.words > 100 && section.words < report.words / 3);
}

#[test]
fn documents_of_one_piece_have_no_sections() {
    let model = Model::english();
    for text in [GENUINE, SPUN, "", "One word."] {
        let report = model.scan(text);
        assert!(report.sections.is_empty(), "{:?}", report.sections);
        assert!(!serde_json::to_string(&report).unwrap().contains("\"sections\""));
    }
}

#[test]
fn a_spun_part_of_a_long_document_is_found_where_it_lies() {
    let (text, part) = mixed();
    // Longer than what is worked on at a time, so that the part lies in the second piece.
    let filler = GENUINE.repeat((1_500_000 / GENUINE.len()).max(1));
    let report = Model::english().scan(&format!("{filler}\n{text}"));
    let part = filler.len() + 1 + part.start..filler.len() + 1 + part.end;
    assert_eq!(report.verdict.label, Label::Spun);
    assert!(overlap(&report, &part) > 0.9, "{:?} for {part:?}", report.sections);
    assert!(report.findings.iter().all(|f| part.contains(&f.start)));
}

#[test]
fn sections_of_markup_lead_into_the_file() {
    let (text, _) = mixed();
    let page: String = paragraphs(&text).iter().map(|p| format!("<p class=\"x\">{p}</p>\n")).collect();
    let document = Document::read(page.as_bytes(), Input::Html);
    let mut report = Model::english().scan(document.prose());
    document.map_report(&mut report, page.len());
    let first = paragraphs(SPUN)[4];
    let start = page.find(first).unwrap();
    let section = &report.sections[0];
    assert!(section.start.abs_diff(start) < 3, "{section:?} for {start}");
    assert_eq!(section.line, 1 + page[..start].matches('\n').count());
}

#[test]
fn the_verdict_line_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.txt");
    std::fs::write(&path, mixed().0).unwrap();
    let scan = |flags: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_unspin")).arg("scan").args(flags).arg(&path).output().unwrap();
        String::from_utf8(run.stdout).unwrap()
    };
    let said = scan(&["--brief"]);
    assert!(said.contains("of the possible swaps made in lines 9 to 11 (") && said.contains("the rest left alone"));
    let report: Report = serde_json::from_str(scan(&["--format", "jsonl"]).trim()).unwrap();
    assert_eq!(report.sections.len(), 1);
}

#[test]
fn profiles_accuse_more_and_more_readily() {
    let rank = |label: Label| match label {
        Label::Spun => 2,
        Label::Suspect => 1,
        Label::Clean | Label::Unknown => 0,
    };
    let (mixed, _) = mixed();
    // A text with a single swap is nothing to a strict scan and worth a look to a sensitive one.
    let hint = GENUINE.replacen("said", "stated", 9);
    for text in [GENUINE, SPUN, &mixed, &hint] {
        let reports = Profile::ALL.map(|p| ModelBuilder::english().profile(p).build().unwrap().scan(text));
        assert!(reports.is_sorted_by_key(|r| rank(r.verdict.label)));
        assert!(reports.is_sorted_by_key(|r| r.findings.len()));
        assert!(reports.iter().all(|r| r.verdict.probability == reports[0].verdict.probability));
    }
    let label = |threshold| {
        let model = ModelBuilder::english().threshold(threshold).build().unwrap();
        (model.scan(SPUN).verdict.label, model.scan(GENUINE).verdict.label)
    };
    assert_eq!(label(0.0), (Label::Spun, Label::Spun));
    assert_eq!(label(0.9), (Label::Spun, Label::Clean));
}
