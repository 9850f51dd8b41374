//! Markdown and HTML, scanned and restored in place: what is no prose stays as it is, and offsets
//! lead into the file.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};
use scraper::{Html, Node};
use serde_json::Value;

use unspin::document::{Document, Input};
use unspin::restore::make;
use unspin::{Applicability, Model};

const SPUN: &str = include_str!("../examples/spun.txt");

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(Model::english)
}

/// The source restored in place, with how many edits were made.
fn restored(source: &str, input: Input) -> (String, usize) {
    let document = Document::read(source.as_bytes(), input);
    let mut edits = model().restore(document.prose(), Applicability::Unsafe).edits;
    document.map_edits(&mut edits);
    for edit in &edits {
        assert!(source.is_char_boundary(edit.start) && source.is_char_boundary(edit.end));
    }
    (String::from_utf8(make(source.as_bytes(), &edits)).unwrap(), edits.len())
}

/// The tree of a page in a line a node. Of text only that it is there, but where it is no prose.
fn tree(page: &str) -> String {
    let mut out = String::new();
    let page = Html::parse_document(page);
    for node in page.tree.root().descendants() {
        let silent = |name: &str| matches!(name, "script" | "style" | "code" | "pre" | "textarea" | "svg");
        let inside = node.ancestors().any(|a| a.value().as_element().is_some_and(|e| silent(e.name())));
        match node.value() {
            Node::Text(text) if inside => writeln!(out, "text {:?}", &**text).unwrap(),
            Node::Text(_) => writeln!(out, "text").unwrap(),
            Node::Element(element) => {
                let mut attributes: Vec<_> = element.attrs().collect();
                attributes.sort_unstable();
                writeln!(out, "{} {attributes:?}", element.name()).unwrap();
            }
            other => writeln!(out, "{other:?}").unwrap(),
        }
    }
    out
}

/// The structure of Markdown: its events, of text only that it is there.
fn structure(text: &str) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    let mut in_code = false;
    for event in Parser::new_ext(text, Options::all()) {
        let event = match event {
            Event::Text(_) if !in_code => "text".to_string(),
            // Where lines break changes with the words, as in plain text.
            Event::SoftBreak => "text".to_string(),
            event => {
                match &event {
                    Event::Start(pulldown_cmark::Tag::CodeBlock(_) | pulldown_cmark::Tag::MetadataBlock(_)) => {
                        in_code = true;
                    }
                    Event::End(pulldown_cmark::TagEnd::CodeBlock | pulldown_cmark::TagEnd::MetadataBlock(_)) => {
                        in_code = false;
                    }
                    _ => {}
                }
                format!("{event:?}")
            }
        };
        if event != "text" || events.last().is_none_or(|last| last != "text") {
            events.push(event);
        }
    }
    events
}

fn sentences() -> Vec<String> {
    SPUN.split_inclusive(". ").map(|s| s.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// A sentence with some of its words in markup: those whose numbers the seeds give.
fn marked(sentence: &str, seeds: &[usize], wrap: &[(&str, &str)]) -> String {
    let mut words: Vec<String> = sentence.split(' ').map(str::to_string).collect();
    let count = words.len();
    let mut taken = vec![false; count];
    for (number, seed) in seeds.iter().enumerate() {
        let word = seed % count;
        if std::mem::replace(&mut taken[word], true) {
            continue;
        }
        let (before, after) = wrap[(seed / count + number) % wrap.len()];
        words[word] = format!("{before}{}{after}", words[word]);
    }
    words.join(" ")
}

const IN_HTML: [(&str, &str); 10] = [
    ("<b>", "</b>"),
    ("<a href=\"/stated?a=assaults&amp;b=1\" title=\"The officers stated so\">", "</a>"),
    ("<code>", "</code>"),
    ("<!-- a second spherical -->", ""),
    ("<span class='dropcap'>", "</span>"),
    ("&ldquo;", "&rdquo;"),
    ("", "&nbsp;"),
    ("<img alt=\"a second spherical of talks\" src=x.png>", "<br>"),
    ("Tom &amp; Ann &lt;3 ", ""),
    ("<em><i>", "</i></em>"),
];

const BLOCKS: [(&str, &str); 8] = [
    ("<p>", "</p>\n"),
    ("<h2 id=\"assaults\">", "</h2>"),
    ("<ul><li>", "<li>one more</ul>"),
    ("<pre>", "</pre>"),
    ("<script>let said = \"", "\";</script>"),
    ("<table><tr><td>", "</table>"),
    ("<p>", ""),
    ("<blockquote>\n", "\n</blockquote>"),
];

fn html() -> impl Strategy<Value = String> {
    let sentence = (
        prop::sample::select(sentences()),
        prop::collection::vec(0usize..1000, 0..4),
        prop::sample::select(&BLOCKS[..]),
    );
    prop::collection::vec(sentence, 6..20).prop_map(|pieces| {
        let mut page = String::from("<!doctype html><html lang=en><title>The officers stated so</title><body>");
        for (sentence, seeds, (before, after)) in pieces {
            write!(page, "{before}{}{after}", marked(&sentence, &seeds, &IN_HTML)).unwrap();
        }
        page
    })
}

const IN_MARKDOWN: [(&str, &str); 9] = [
    ("**", "**"),
    ("[", "](http://a.b/stated \"The officers stated so\")"),
    ("`", "`"),
    ("*", "*"),
    ("<kbd>", "</kbd>"),
    ("![a second spherical of talks](x.png) ", ""),
    ("A &amp; B ", ""),
    ("<http://a.b/assaults> ", ""),
    ("[stated] ", ""),
];

const PARAGRAPHS: [(&str, &str); 7] = [
    ("", "\n\n"),
    ("- ", "\n"),
    ("> ", "\n\n"),
    ("## ", "\n\n"),
    ("```text\n", "\n```\n\n"),
    ("\n    ", "\n\n"),
    ("\n| ", " | b |\n|---|---|\n| c | d |\n\n"),
];

fn markdown() -> impl Strategy<Value = String> {
    let sentence = (
        prop::sample::select(sentences()),
        prop::collection::vec(0usize..1000, 0..4),
        prop::sample::select(&PARAGRAPHS[..]),
    );
    prop::collection::vec(sentence, 6..20).prop_map(|pieces| {
        let mut page = String::from("---\ntitle: The officers stated so\n---\n\n");
        for (sentence, seeds, (before, after)) in pieces {
            write!(page, "{before}{}{after}", marked(&sentence, &seeds, &IN_MARKDOWN)).unwrap();
        }
        page + "\n[stated]: /the/officers/stated \"The officers stated so\"\n"
    })
}

/// Each finding stands in the file where the report says.
fn findings_stand_there(source: &str, input: Input) {
    let document = Document::read(source.as_bytes(), input);
    let mut report = model().scan(document.prose());
    let places = document.map_report(&mut report, source.len());
    for (finding, place) in report.findings.iter().zip(places) {
        assert_eq!(source.get(finding.start..finding.end), Some(&*finding.text), "{finding:?}");
        assert!(document.is_prose(finding.start, finding.end));
        assert_eq!(place, finding.start);
        let before = &source[..finding.start];
        assert_eq!(finding.line, before.matches('\n').count() + 1);
        assert_eq!(finding.column, before.rsplit('\n').next().unwrap().chars().count() + 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn html_parses_to_the_same_tree_but_for_text(page in html()) {
        findings_stand_there(&page, Input::Html);
        let (now, _) = restored(&page, Input::Html);
        prop_assert_eq!(tree(&page), tree(&now), "{}", now);
        let (again, _) = restored(&now, Input::Html);
        prop_assert_eq!(again, now);
    }

    #[test]
    fn markdown_keeps_its_structure(page in markdown()) {
        findings_stand_there(&page, Input::Markdown);
        let (now, _) = restored(&page, Input::Markdown);
        prop_assert_eq!(structure(&page), structure(&now), "{}", now);
        let (again, _) = restored(&now, Input::Markdown);
        prop_assert_eq!(again, now);
    }

    /// Whatever the text, and whatever it is taken for.
    #[test]
    fn any_text_can_be_read(text in prop_oneof![any::<String>(), "[<>&;!a-c/#`*\\[\\]() \\n-]{0,80}"], bytes: Vec<u8>) {
        for input in [Input::Text, Input::Markdown, Input::Html] {
            for source in [text.as_bytes(), &bytes] {
                let document = Document::read(source, input);
                let prose = document.prose();
                let mut last = 0;
                for (at, c) in prose.char_indices() {
                    let (start, end) = (document.source_offset(at), document.source_offset(at + c.len_utf8()));
                    prop_assert!(last <= start && start <= end && end <= source.len());
                    last = start;
                    if document.is_prose(start, end) && start < end && document.is_exact() {
                        let there = std::str::from_utf8(&source[start..end]).unwrap();
                        prop_assert!(there.chars().eq([c]), "{there:?} for {c:?}");
                    }
                }
                let _ = model().scan(prose);
            }
        }
    }

    #[test]
    fn html_is_html_whatever_becomes_of_it(text in "[<>&;!a-c/=\"' \\n-]{0,120}") {
        let source = format!("{SPUN}{text}{SPUN}");
        let (now, _) = restored(&source, Input::Html);
        prop_assert_eq!(tree(&source), tree(&now));
    }
}

/// The properties above are not true of nothing.
#[test]
fn prose_between_markup_is_restored() {
    let paragraphs: String = sentences().iter().map(|s| format!("<p>{s}</p>\n")).collect();
    let page = format!("<title>None</title><div title='stated'><code>stated</code>{paragraphs}</div>");
    let (now, edits) = restored(&page, Input::Html);
    let plain = model().restore(SPUN, Applicability::Unsafe).edits.len();
    assert!(edits * 10 >= plain * 9, "{edits} of {plain}");
    assert!(now.contains("<div title='stated'><code>stated</code>") && now.contains("round of"), "{now}");
    let text: String = sentences().iter().map(|s| format!("- **Item** {s}\n")).collect();
    let (now, edits) = restored(&text, Input::Markdown);
    assert!(edits * 10 >= plain * 8, "{edits} of {plain}: {now}");
}

#[test]
fn an_article_follows_its_word_through_markup() {
    let page = SPUN.replacen("spherical", "<b>spherical</b>", 1);
    let (now, _) = restored(&page, Input::Html);
    assert!(now.contains("<b>round</b>"), "{now}");
}

fn unspin(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn page() -> String {
    format!("<title>x</title>\n<p class=\"stated\">\n{}</p>\n<pre>{SPUN}</pre>\n", SPUN.replace("\n\n", "</p>\n<p>"))
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = unspin(folder, &[&["scan", "--format", "jsonl"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_end_of_the_name_says_how_it_is_read_and_a_flag_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let page = page();
    for name in ["page.html", "page.HTM", "page.txt"] {
        fs::write(path.join(name), &page).unwrap();
    }
    let words = |arguments: &[&str]| report(path, arguments)["words"].as_u64().unwrap();
    let as_html = words(&["page.html"]);
    assert_eq!(words(&["page.HTM"]), as_html);
    assert_eq!(words(&["--input", "html", "page.txt"]), as_html);
    assert!(words(&["page.txt"]) > 2 * as_html - 10);
    assert_eq!(words(&["--input", "text", "page.html"]), words(&["page.txt"]));
    let pre = page.find("<pre>").unwrap();
    let report = report(path, &["page.html"]);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 10 && findings.iter().all(|f| f["end"].as_u64().unwrap() < pre as u64));
    let output = unspin(path, &["scan", "--input", "rtf", "page.html"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_page_is_restored_in_place_and_its_code_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let page = page();
    fs::write(path.join("page.html"), &page).unwrap();
    unspin(path, &["restore", "--write", "page.html"]);
    let now = fs::read_to_string(path.join("page.html")).unwrap();
    let rest = |text: &str| text[text.find("<pre>").unwrap()..].to_string();
    assert_eq!(rest(&now), rest(&page));
    assert!(now.starts_with("<title>x</title>\n<p class=\"stated\">\n") && now.contains("round of"));
    assert_eq!(tree(&now), tree(&page));
}

#[test]
fn both_wordings_stand_between_the_tags() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.html"), page()).unwrap();
    let text = stdout(&unspin(folder.path(), &["restore", "--annotate=html", "page.html"]));
    assert!(text.starts_with("<title>x</title>\n<p class=\"stated\">"), "{text}");
    assert!(text.contains("<del>spherical</del><ins>round</ins>"), "{text}");
}

#[test]
fn a_report_of_markup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let page = page();
    fs::write(path.join("page.html"), &page).unwrap();
    let mut report = report(path, &["page.html"]);
    fs::write(path.join("report.jsonl"), report.to_string()).unwrap();
    let applied = stdout(&unspin(path, &["restore", "--apply", "report.jsonl"]));
    assert!(applied.contains("round of") && tree(&applied) == tree(&page));
    let at = page.find("stated").unwrap();
    report["findings"][0]["start"] = at.into();
    report["findings"][0]["end"] = (at + 6).into();
    report["findings"][0]["text"] = "stated".into();
    fs::write(path.join("report.jsonl"), report.to_string()).unwrap();
    let output = unspin(path, &["restore", "--apply", "report.jsonl"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is no prose of it"));
}

#[test]
fn lines_that_comments_leave_out_are_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (first, rest) = SPUN.split_once("\n\n").unwrap();
    fs::write(path.join("a.md"), format!("{first}\n\n<!-- unspin: ignore -->\n{rest}")).unwrap();
    let now = stdout(&unspin(path, &["restore", "a.md"]));
    let left_out = rest.split("\n\n").next().unwrap();
    assert!(now.contains(left_out), "{now}");
    let now = stdout(&unspin(path, &["restore", "--no-ignore-comments", "a.md"]));
    assert!(!now.contains(left_out), "{now}");
}
