//! Issue 8: most genuine documents are passed over after a first look at what is telling by itself.
//! What is passed over must be what a close look finds nothing in.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use unspin::{Finding, Label, Model, Profile};

/// Below the confidences that a first look is enough for.
const CLOSE: f32 = 0.05;

fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["examples", "tests/odd"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "txt") {
                texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts.sort();
    texts
}

fn confident(findings: &[Finding], least: f32) -> Vec<(usize, usize, String)> {
    let all = findings.iter().filter(|f| f.confidence >= least);
    all.map(|f| (f.start, f.end, f.replacements[0].text.clone())).collect()
}

#[test]
fn a_first_look_overlooks_nothing_in_spun_and_odd_texts() {
    let model = Model::english();
    let least = Profile::default().min_confidence();
    let mut worker = model.worker();
    let texts = texts();
    assert!(texts.len() > 2);
    let mut accused = 0;
    for (name, text) in &texts {
        let (first, close) = (worker.scan(text), worker.observe(text, CLOSE).report);
        assert_eq!(first.verdict.label, close.verdict.label, "{name}");
        assert_eq!(confident(&first.findings, least), confident(&close.findings, least), "{name}");
        accused += usize::from(matches!(first.verdict.label, Label::Spun | Label::Suspect));
    }
    assert!(accused > 0, "there is nothing here that could be overlooked");
}

/// Every passage of the spun example that a close look accuses by itself is accused at first sight too.
#[test]
fn a_first_look_overlooks_no_passage() {
    let model = Model::english();
    let mut worker = model.worker();
    let text = include_str!("../examples/spun.txt");
    let genuine = include_str!("../examples/genuine.txt");
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let mut accused = 0;
    for first in 0..paragraphs.len() {
        for last in first + 1..=paragraphs.len() {
            for text in
                [paragraphs[first..last].join("\n\n"), format!("{genuine}\n\n{}", paragraphs[first..last].join("\n\n"))]
            {
                let (first, close) =
                    (worker.scan(&text).verdict.label, worker.observe(&text, CLOSE).report.verdict.label);
                assert_eq!(first, close, "{text}");
                accused += usize::from(matches!(first, Label::Spun | Label::Suspect));
            }
        }
    }
    assert!(accused > 5, "{accused} passages accused");
}
