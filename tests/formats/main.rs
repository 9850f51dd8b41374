//! Every format over documents of every shape.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod browser;
mod cases;
mod page;
mod sarif;

use std::io::Read;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use unspin::report::Format;

use cases::{FORMATS, case, cases, hostile, large, options, written};

fn main_of(page: &str) -> &str {
    let from = page.find("<main").unwrap();
    &page[from..page.find("</main>").unwrap()]
}

#[test]
fn every_format_over_documents_of_every_shape() {
    let unread = [("gone away.txt", "gone away.txt: no such file; check the name")];
    for (name, format) in FORMATS {
        let all = written(format, &options(), &cases(), &unread);
        // Style and script have no place in a snapshot.
        let shown = if format == Format::Html { main_of(&all) } else { &all };
        // Snapshots hold no carriage returns.
        insta::assert_snapshot!(name, shown.replace('\r', "\u{240d}").replace(env!("CARGO_PKG_VERSION"), "[version]"));
    }
}

#[test]
fn people_may_have_one_line_a_document_colours_and_narrow_terminals() {
    let mut brief = options();
    brief.brief = true;
    let lines = written(Format::Human, &brief, &cases(), &[]);
    assert_eq!(lines.lines().count(), cases().len());
    let mut coloured = options();
    coloured.colour = true;
    let coloured = written(Format::Human, &coloured, &cases()[2..3], &[]);
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31mspherical\u{1b}[0m"), "{coloured:?}");
    assert!(!written(Format::Human, &options(), &cases(), &[]).contains('\u{1b}'));
    let text = "word ".repeat(30) + "spherical " + &"word ".repeat(30);
    let long = case("long.txt", text, "spun", &[("spherical", &[("round", 0.99)])]);
    for width in [40, 60, 80, 200] {
        let mut narrow = options();
        narrow.width = Some(width);
        let narrow = written(Format::Human, &narrow, std::slice::from_ref(&long), &[]);
        let lines: Vec<&str> = narrow.lines().skip(1).collect();
        assert!(lines.iter().all(|l| l.len() <= width.max(55)), "{narrow}");
        let at = lines[0].find("spherical").unwrap();
        assert!(lines[0].contains("... word") && lines[0].ends_with("word ..."), "{narrow}");
        assert_eq!(lines[1].find('^'), Some(at), "{narrow}");
        assert_eq!(lines[1].matches('^').count(), "spherical".len(), "{narrow}");
        // What stood there stands beside the marks, or beneath them where that is too narrow.
        assert!(lines.last().unwrap().ends_with("round 99.0%; swapped 99.5%; safe"), "{narrow}");
        assert_eq!(lines.len(), if width == 200 { 2 } else { 3 }, "{narrow}");
    }
}

#[test]
fn nothing_in_a_document_gets_out_of_its_place() {
    let all = |format| written(format, &options(), &[hostile()], &[("\u{1b}<x>\n::", "\u{1b}<x>%\n::error::y")]);
    for (name, format) in FORMATS {
        let text = all(format);
        let control = |c: char| c.is_control() && c != '\n';
        // The page's own script holds no control characters but line breaks either.
        assert_eq!(text.chars().find(|c| control(*c)), None, "{name}");
        // JSON may hold what it likes within its strings, as long as it is escaped where it steers.
        if !matches!(format, Format::Json | Format::Jsonl | Format::Sarif) {
            assert!(!text.contains('\u{202e}'), "{name}");
        }
    }
    for line in all(Format::Github).lines() {
        assert!(["::warning ", "::notice ", "::error "].iter().any(|c| line.starts_with(c)), "{line}");
        let ours = if line.contains("::error::y") { 4 } else { 2 };
        assert_eq!(line.matches("::").count(), ours, "{line}");
    }
    let page = Html::parse_document(&all(Format::Html));
    assert_eq!(page.select(&Selector::parse("script").unwrap()).count(), 1);
    assert_eq!(page.select(&Selector::parse("img, x, main b[onerror], main script").unwrap()).count(), 0);
    let table = all(Format::Csv);
    for record in csv::Reader::from_reader(table.as_bytes()).records() {
        for cell in record.unwrap().iter().filter(|c| c.parse::<f64>().is_err()) {
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{cell}");
            assert!(!cell.starts_with('-'), "{cell}");
        }
    }
    assert_xml(&all(Format::Checkstyle));
}

/// Elements, attributes and nothing else, as far as checkstyle's files need.
fn assert_xml(text: &str) {
    let mut open = Vec::new();
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let mut rest = body;
    while let Some(from) = rest.find('<') {
        assert!(rest[..from].trim().is_empty(), "text between elements: {}", &rest[..from]);
        let to = rest.find('>').unwrap();
        let tag = &rest[from + 1..to];
        assert!(!tag.contains('<') && tag.matches('"').count().is_multiple_of(2), "{tag}");
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = &rest[to + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty());
}

#[test]
fn json_holds_to_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/schema/report.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let check = |of: &Value| {
        let errors: Vec<String> = validator.iter_errors(of).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
    };
    let mut all = cases();
    all.push(hostile());
    for line in written(Format::Jsonl, &options(), &all, &[]).lines() {
        check(&serde_json::from_str(line).unwrap());
    }
    let run: Value = serde_json::from_str(&written(Format::Json, &options(), &all, &[("a", "b")])).unwrap();
    check(&run);
    assert_eq!(run["reports"].as_array().unwrap().len(), all.len());
    assert_eq!(run["unread"], json!([{"path": "a", "reason": "b"}]));
    // What the program really finds, too.
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(["scan", "--format", "json", "examples", "tests/data"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let run: Value = serde_json::from_str(&text).unwrap();
    check(&run);
    assert!(run["reports"].as_array().unwrap().len() > 5);
    // A schema that allows anything would prove nothing.
    for wrong in [json!({}), json!({"schema": 2}), json!([]), json!({"schema": 1, "reports": [{}], "unread": []})] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
    let mut wrong = run["reports"][0].clone();
    wrong["verdict"]["label"] = json!("perhaps");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn hundreds_of_findings_and_a_line_of_five_megabytes() {
    let mut summary = String::new();
    for (name, format) in FORMATS {
        let begun = std::time::Instant::now();
        for case in &large() {
            let text = written(format, &options(), std::slice::from_ref(case), &[]);
            let own = if format == Format::Html { main_of(&text) } else { &text };
            let (longest, lines) = (own.lines().map(str::len).max().unwrap(), own.lines().count());
            summary.push_str(&format!("{name} of {}: {lines} lines, the longest of {longest} bytes\n", case.path));
            assert!(own.matches("spherical").count() >= 300, "{name}");
        }
        assert!(begun.elapsed().as_secs() < 20, "{name}: {:?}", begun.elapsed());
    }
    insta::assert_snapshot!("large", summary);
}
