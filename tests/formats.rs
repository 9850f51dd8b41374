//! Every format over documents of every shape. The reports are made here, so that no better
//! dictionary changes what these tests say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use unspin::Report;
use unspin::document::Document;
use unspin::report::{Format, Options, Page, Writer};

const FORMATS: [(&str, Format); 8] = [
    ("human", Format::Human),
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
    ("sarif", Format::Sarif),
    ("html", Format::Html),
    ("csv", Format::Csv),
    ("github", Format::Github),
    ("checkstyle", Format::Checkstyle),
];

/// A document and what a scan might say of it.
struct Case {
    path: String,
    bytes: Vec<u8>,
    label: &'static str,
    /// Phrases in the order of the text, each with what may have stood there.
    swaps: Vec<(String, Vec<(String, f64)>)>,
}

fn case(path: &str, bytes: impl AsRef<[u8]>, label: &'static str, swaps: &[(&str, &[(&str, f64)])]) -> Case {
    let owned = |(text, p): &(&str, f64)| ((*text).to_string(), *p);
    let swaps = swaps.iter().map(|(phrase, of)| ((*phrase).to_string(), of.iter().map(owned).collect())).collect();
    Case { path: path.to_string(), bytes: bytes.as_ref().to_vec(), label, swaps }
}

/// The report of a case on its source, and where its findings start in its text.
fn report(case: &Case, document: &Document<'_>) -> (Report, Vec<usize>) {
    let text = &*document.text;
    let mut at = 0;
    let mut findings = Vec::new();
    let mut starts = Vec::new();
    for (number, (phrase, replacements)) in case.swaps.iter().enumerate() {
        let start = at + text[at..].find(phrase.as_str()).unwrap();
        at = start + phrase.len();
        starts.push(start);
        let line = text[..start].matches('\n').count() + 1;
        let column = text[..start].rsplit('\n').next().unwrap().chars().count() + 1;
        let replacements: Vec<Value> =
            replacements.iter().map(|(text, p)| json!({"text": text, "probability": p})).collect();
        let confidence = [0.995, 0.93, 0.75, 0.55][number % 4];
        let applicability = ["safe", "unsafe", "display"][number % 3];
        findings.push(json!({
            "start": start, "end": at, "line": line, "column": column, "text": phrase,
            "confidence": confidence, "applicability": applicability,
            "replacements": replacements,
            "evidence": {"pack": "core", "context": 4.5, "channel": -1.25, "genuine_use": -0.5},
        }));
    }
    let probability = match case.label {
        "spun" => 0.98,
        "suspect" => 0.625,
        "clean" => 0.008,
        _ => 0.0,
    };
    let styles = if probability > 0.5 { json!([{"name": "news", "share": 0.75}]) } else { json!([]) };
    let mut report: Report = serde_json::from_value(json!({
        "schema": 1, "path": case.path, "id": null, "bytes": 0, "words": text.split_whitespace().count(),
        "verdict": {"label": case.label, "probability": probability, "log10_odds": 1.5, "spin_rate": 0.25,
            "styles": styles},
        "findings": findings,
    }))
    .unwrap();
    document.map_report(&mut report, case.bytes.len());
    (report, starts)
}

fn options() -> Options {
    Options::default()
}

fn written(format: Format, options: &Options, cases: &[Case], unread: &[(&str, &str)]) -> String {
    let mut writer = Writer::new(format, options, Vec::new());
    let renderer = writer.renderer();
    for case in cases {
        let document = Document::plain(&case.bytes);
        let (report, starts) = report(case, &document);
        let page = Page { report: &report, text: &document.text, starts: &starts };
        writer.write(&renderer.render(&page).unwrap()).unwrap();
    }
    for (path, reason) in unread {
        writer.unread(path, reason).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// Documents of every shape that fit a snapshot.
fn cases() -> Vec<Case> {
    let one = [("spherical", &[("round", 0.99)][..])];
    let alternatives = [
        ("location", &[("country", 0.5), ("place", 0.25), ("site", 0.125), ("region", 0.04)][..]),
        ("had been bought", &[("were purchased", 0.75), ("were sold", 0.25)]),
    ];
    let several = [("stated", &[("said", 0.99)][..]), ("method", &[("approach", 0.9)]), ("last", &[("final", 0.6)])];
    let across = [("in opposition\r\nto", &[("against", 0.9)][..]), ("stated", &[("said", 0.99)])];
    vec![
        case("none.txt", "Nothing here was swapped.\n", "clean", &[]),
        case("few.txt", "", "unknown", &[]),
        case("one.txt", "A second spherical of talks.\n", "spun", &one),
        case("several.txt", "He stated that a method was the last one.\n", "suspect", &several),
        case("alternatives.txt", "In each location the fields had been bought.\n", "spun", &alternatives),
        case("crlf.txt", "They were in opposition\r\nto it.\r\nHe stated so.\r\n", "spun", &across),
        case("broken.txt", b"caf\xe9 \xff\xfe: A second spherical of talks.\n", "spun", &one),
        case("mit Blanks/naïve, 100%.txt", "漢字\ta\u{308} spherical\u{a0}שלום.\n", "spun", &one),
    ]
}

/// A document, path and dictionary that try to get out of whatever they are written into.
fn hostile() -> Case {
    let text = "\u{1b}]0;x\u{7}</pre><script>alert(1)</script> \u{202e}=cmd stated \"]]>&amp;\u{b}%0A\n::error::x\n";
    let replacement = "=HYPERLINK(\"x\")<img src=x onerror=alert(1)>\u{1b}[2J";
    case("-=<b>\u{1b}[31m%0A,:\".txt", text, "spun", &[("stated", &[(replacement, 0.5), ("'\"><x>", 0.5)])])
}

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
    assert!(coloured.contains("\u{1b}[4m\u{1b}[31mspherical\u{1b}[0m"), "{coloured:?}");
    assert!(!written(Format::Human, &options(), &cases(), &[]).contains('\u{1b}'));
    let text = "word ".repeat(30) + "spherical " + &"word ".repeat(30);
    let long = case("long.txt", text, "spun", &[("spherical", &[("round", 0.99)])]);
    let mut narrow = options();
    narrow.width = Some(60);
    let narrow = written(Format::Human, &narrow, &[long], &[]);
    let line = narrow.lines().find(|l| l.contains("[round]")).unwrap();
    assert!(line.len() <= 60, "{line}");
    assert!(line.contains("... word") && line.ends_with("word ..."), "{line}");
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
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/report.json")).unwrap();
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

/// The published schema of SARIF is not part of this repository, so what it asks of the parts
/// that are written is asked here.
#[test]
fn sarif_is_what_the_standard_asks_for() {
    let log = |unread: &[(&str, &str)]| -> Value {
        serde_json::from_str(&written(Format::Sarif, &options(), &cases(), unread)).unwrap()
    };
    let good = log(&[]);
    assert_eq!(good["version"], "2.1.0");
    let run = &good["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 10 + 6);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert!((0.0..=100.0).contains(&result["rank"].as_f64().unwrap()));
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|b| b.is_ascii_graphic()), "{uri}");
    }
    let of = |name: &str| {
        let found = results.iter().filter(|r| {
            let place = &r["locations"][0]["physicalLocation"];
            place["artifactLocation"]["uri"].as_str().unwrap().starts_with(name) && !place["region"].is_null()
        });
        found.map(|r| r["locations"][0]["physicalLocation"]["region"].clone()).collect::<Vec<_>>()
    };
    let across = &of("crlf")[0];
    assert_eq!((&across["startLine"], &across["startColumn"]), (&json!(1), &json!(11)));
    assert_eq!((&across["endLine"], &across["endColumn"]), (&json!(2), &json!(3)));
    // Columns count characters of the text, offsets bytes of the file.
    assert_eq!(of("broken")[0]["byteOffset"], 18);
    let wide = &of("mit%20Blanks/na%C3%AFve%2C%20100%25.txt")[0];
    assert_eq!((&wide["startColumn"], &wide["byteOffset"]), (&json!(7), &json!(11)));
    let bad = log(&[("a b.txt", "a b.txt: gone")]);
    let invocation = &bad["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notice = &invocation["toolExecutionNotifications"][0];
    assert_eq!((&notice["level"], &notice["message"]["text"]), (&json!("error"), &json!("a b.txt: gone")));
    let empty: Value = serde_json::from_str(&written(Format::Sarif, &options(), &[], &[])).unwrap();
    assert_eq!(empty["runs"][0]["results"], json!([]));
}

#[test]
fn a_page_has_a_mark_a_tick_and_a_card_for_every_finding() {
    let all = cases();
    let page = Html::parse_document(&written(Format::Html, &options(), &all, &[("x", "x: <gone>")]));
    assert_eq!(page.errors.len(), 0, "{:?}", page.errors);
    let select = |what: &str| page.select(&Selector::parse(what).unwrap()).collect::<Vec<_>>();
    let findings: usize = all.iter().map(|c| c.swaps.len()).sum();
    assert_eq!(select("article").len(), all.len());
    for what in ["mark[tabindex='0'] > .seen", "mark > .was", "mark > .card[role=tooltip]", ".strip rect"] {
        assert_eq!(select(what).len(), findings, "{what}");
    }
    let seen: Vec<String> = select("mark > .seen").iter().map(|e| e.text().collect()).collect();
    let phrases: Vec<&str> = all.iter().flat_map(|c| &c.swaps).map(|(p, _)| p.as_str()).collect();
    // Parsers read line breaks in one way only.
    assert_eq!(seen, phrases.iter().map(|p| p.replace("\r\n", "\n")).collect::<Vec<_>>());
    let targets: Vec<&str> = select(".strip a").iter().map(|a| &a.attr("href").unwrap()[1..]).collect();
    assert_eq!(targets, select("mark").iter().map(|m| m.attr("id").unwrap()).collect::<Vec<_>>());
    // The article before a finding changes with it.
    let article: Vec<String> = select(".article > span").iter().map(|e| e.text().collect()).collect();
    assert_eq!(article, ["a ", "an "]);
    // Nothing is fetched.
    for (what, attribute) in [("[src]", "src"), ("a[href]", "href"), ("link[href]", "href")] {
        for element in select(what) {
            let address = element.attr(attribute).unwrap();
            assert!(address.starts_with('#'), "{address}");
        }
    }
    assert!(select(".unread li")[0].text().collect::<String>().contains("<gone>"));
}

#[test]
fn hundreds_of_findings_and_a_line_of_five_megabytes() {
    let sentence = "He stated that a second spherical of talks in the location had been 漢字 delayed. ";
    let swaps: [(&str, &[(&str, f64)]); 2] = [("stated", &[("said", 0.9)]), ("spherical", &[("round", 0.9)])];
    let repeated = |times: usize, separator: &str| {
        let mut case = case("many.txt", format!("{sentence}{separator}").repeat(times), "spun", &swaps);
        case.swaps = case.swaps.iter().cloned().cycle().take(2 * 300).collect();
        case
    };
    let many = repeated(300, "\n");
    // All findings lie at the end of the line.
    let mut line = repeated(300, "");
    line.path = "line.txt".into();
    line.bytes = [b"word ".repeat(1 << 20), line.bytes].concat();
    let mut summary = String::new();
    for (name, format) in FORMATS {
        let begun = std::time::Instant::now();
        for case in [&many, &line] {
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
