//! Documents of every shape, and what a scan might say of them. The reports are made here, so that no
//! better dictionary changes what these tests say.

use serde_json::{Value, json};

use unspin::Report;
use unspin::document::Document;
use unspin::report::{Format, Options, Page, Writer};

pub const FORMATS: [(&str, Format); 8] = [
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
pub struct Case {
    pub path: String,
    pub bytes: Vec<u8>,
    pub label: &'static str,
    /// Phrases in the order of the text, each with what may have stood there.
    pub swaps: Vec<(String, Vec<(String, f64)>)>,
}

pub fn case(path: &str, bytes: impl AsRef<[u8]>, label: &'static str, swaps: &[(&str, &[(&str, f64)])]) -> Case {
    let owned = |(text, p): &(&str, f64)| ((*text).to_string(), *p);
    let swaps = swaps.iter().map(|(phrase, of)| ((*phrase).to_string(), of.iter().map(owned).collect())).collect();
    Case { path: path.to_string(), bytes: bytes.as_ref().to_vec(), label, swaps }
}

/// The report of a case on its source, and where its findings start in its text.
pub fn report(case: &Case, document: &Document<'_>) -> (Report, Vec<usize>) {
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

pub fn options() -> Options {
    Options::default()
}

pub fn written(format: Format, options: &Options, cases: &[Case], unread: &[(&str, &str)]) -> String {
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
pub fn cases() -> Vec<Case> {
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
pub fn hostile() -> Case {
    let text = "\u{1b}]0;x\u{7}</pre><script>alert(1)</script> \u{202e}=cmd stated \"]]>&amp;\u{b}%0A\n::error::x\n";
    let replacement = "=HYPERLINK(\"x\")<img src=x onerror=alert(1)>\u{1b}[2J";
    case("-=<b>\u{1b}[31m%0A,:\".txt", text, "spun", &[("stated", &[(replacement, 0.5), ("'\"><x>", 0.5)])])
}

/// Hundreds of findings, over as many lines and at the end of a line of five megabytes.
pub fn large() -> [Case; 2] {
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
    [many, line]
}
