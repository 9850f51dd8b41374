//! Schema 1 of the report: fields are only ever added to it, so all of these stay.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use serde_json::{Map, Value};

fn reports(paths: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(["scan", "--format", "jsonl"])
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("an object is wanted: {value}"))
}

/// A whole number, written without a fraction.
fn whole(of: &Map<String, Value>, field: &str) -> u64 {
    of.get(field).and_then(Value::as_u64).unwrap_or_else(|| panic!("`{field}` is to be a whole number: {of:?}"))
}

fn real(of: &Map<String, Value>, field: &str) -> f64 {
    of.get(field).and_then(Value::as_f64).unwrap_or_else(|| panic!("`{field}` is to be a number: {of:?}"))
}

fn share(of: &Map<String, Value>, field: &str) -> f64 {
    let share = real(of, field);
    assert!((0.0..=1.0).contains(&share), "`{field}` is to lie between 0 and 1: {share}");
    share
}

fn string<'v>(of: &'v Map<String, Value>, field: &str) -> &'v str {
    of.get(field).and_then(Value::as_str).unwrap_or_else(|| panic!("`{field}` is to be a string: {of:?}"))
}

fn list<'v>(of: &'v Map<String, Value>, field: &str) -> &'v [Value] {
    of.get(field).and_then(Value::as_array).unwrap_or_else(|| panic!("`{field}` is to be a list: {of:?}"))
}

fn check_report(report: &Value, path: &str) {
    let report = object(report);
    let source = std::fs::read(path).unwrap();
    assert_eq!(whole(report, "schema"), 1);
    assert_eq!(string(report, "path"), path);
    assert!(report["id"].is_null() || report["id"].is_string());
    assert_eq!(whole(report, "bytes"), source.len() as u64);
    assert!(whole(report, "words") <= source.len() as u64);

    let verdict = object(&report["verdict"]);
    assert!(["spun", "suspect", "clean", "unknown"].contains(&string(verdict, "label")));
    share(verdict, "probability");
    assert!(real(verdict, "log10_odds").is_finite());
    share(verdict, "spin_rate");
    let mut shares = 0.0;
    for style in list(verdict, "styles") {
        assert!(!string(object(style), "name").is_empty());
        shares += share(object(style), "share");
    }
    assert!(shares <= 1.001, "{shares}");

    let mut at = 0;
    for finding in list(report, "findings") {
        let finding = object(finding);
        let (start, end) = (whole(finding, "start"), whole(finding, "end"));
        assert!(at <= start && start < end);
        at = end;
        let slice = &source[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
        assert_eq!(std::str::from_utf8(slice).unwrap(), string(finding, "text"));
        assert!(whole(finding, "line") >= 1 && whole(finding, "column") >= 1);
        share(finding, "confidence");
        assert!(["safe", "unsafe", "display"].contains(&string(finding, "applicability")));
        assert!(!list(finding, "replacements").is_empty());
        for replacement in list(finding, "replacements") {
            assert!(!string(object(replacement), "text").is_empty());
            share(object(replacement), "probability");
        }
        let evidence = object(&finding["evidence"]);
        assert!(!string(evidence, "pack").is_empty());
        for term in ["context", "channel", "genuine_use"] {
            assert!(real(evidence, term).is_finite(), "{term}");
        }
    }
}

#[test]
fn every_field_of_schema_1_is_there_with_its_type() {
    let paths = ["examples/spun.txt", "tests/data/empty.txt", "examples/genuine.txt", "tests/data/short.txt"];
    let reports = reports(&paths);
    assert_eq!(reports.len(), paths.len());
    for (report, path) in reports.iter().zip(paths) {
        check_report(report, path);
    }
    let labels: Vec<&str> = reports.iter().map(|r| r["verdict"]["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["spun", "unknown", "clean", "unknown"]);
    assert!(!list(object(&reports[0]), "findings").is_empty());
    assert!(!reports[0]["verdict"]["styles"].as_array().unwrap().is_empty());
}

/// A reader of the first hour must understand every later report.
#[test]
fn a_report_of_schema_1_is_read_whatever_fields_came_later() {
    let line = r#"{"schema": 1, "path": "a.txt", "id": null, "bytes": 7970, "words": 1256, "later": [1],
        "verdict": {"label": "spun", "probability": 0.9998, "log10_odds": 41.2, "spin_rate": 0.42,
            "styles": [{"name": "news", "share": 0.93}], "later": {}},
        "findings": [{"start": 312, "end": 321, "line": 9, "column": 12, "text": "spherical",
            "confidence": 0.997, "applicability": "safe", "replacements": [{"text": "round", "probability": 0.99}],
            "evidence": {"pack": "news", "context": 4.9, "channel": -1.2, "genuine_use": -0.1}, "later": null}]}"#;
    let report: unspin::Report = serde_json::from_str(line).unwrap();
    assert_eq!(report.findings[0].replacements[0].text, "round");
    assert_eq!(report.verdict.label, unspin::Label::Spun);
}
