//! Files of records and compressed files, what is written of them, and what is done where they are
//! broken.

#![cfg(feature = "compression")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

const SPUN: &str = include_str!("../examples/spun.txt");
const GENUINE: &str = include_str!("../examples/genuine.txt");

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unspin"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env("HOME", folder);
    command.env("XDG_CONFIG_HOME", folder.join(".config"));
    command
}

fn unspin(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// Runs with bytes on standard input.
fn piped(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child =
        command(folder, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // The program may have seen enough before.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(reports: &[Value]) -> Vec<&str> {
    reports.iter().map(|r| r["id"].as_str().unwrap()).collect()
}

fn labels(reports: &[Value]) -> Vec<&str> {
    reports.iter().map(|r| r["verdict"]["label"].as_str().unwrap()).collect()
}

/// Three records: a spun one, a genuine one, a short one.
fn three() -> String {
    let record = |name: &str, text: &str| json!({"meta": {"id": name}, "body": {"text": text}}).to_string() + "\n";
    [record("s", SPUN), record("g", GENUINE), record("t", "Too short.")].concat()
}

const NESTED: [&str; 5] = ["scan", "--format=jsonl", "--text-field=body.text", "--id-field=meta.id", "--input=jsonl"];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn csv_rows(rows: &[[&str; 2]]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn every_line_of_json_lines_is_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.ndjson"), three()).unwrap();
    let output = unspin(folder, &[&NESTED[..4], &["a.ndjson"]].concat());
    let reports = lines(&stdout(&output));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!((ids(&reports), labels(&reports)), (vec!["s", "g", "t"], vec!["spun", "clean", "unknown"]));
    assert_eq!(reports[0]["path"], "a.ndjson");
    // Offsets count bytes of the text, not of the line.
    for finding in reports[0]["findings"].as_array().unwrap() {
        let [start, end] = ["start", "end"].map(|k| finding[k].as_u64().unwrap() as usize);
        assert_eq!(SPUN[start..end], *finding["text"].as_str().unwrap());
    }
    assert_eq!(reports[0]["bytes"], SPUN.len());
    // The same as of the text by itself, and from standard input.
    let alone = lines(&stdout(&piped(folder, &["scan", "--format=jsonl", "-"], SPUN.as_bytes())));
    assert_eq!(reports[0]["verdict"], alone[0]["verdict"]);
    let from_input = lines(&stdout(&piped(folder, &[&NESTED[..], &["-"]].concat(), three().as_bytes())));
    assert_eq!((from_input[0]["path"].as_str(), ids(&from_input)), (Some("-"), vec!["s", "g", "t"]));
    assert_eq!(from_input[0]["findings"], reports[0]["findings"]);
    // People are told which record.
    let brief = stdout(&unspin(folder, &["scan", "--brief", "--text-field=body.text", "a.ndjson"]));
    assert!(brief.starts_with("a.ndjson [1]: spun"), "{brief}");
}

#[test]
fn a_broken_line_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let long = json!({"text": "x ".repeat(20_000)}).to_string();
    let broken = ["{\"text\": \"cut", "{}", "{\"text\": 7}", "{\"text\": null}", "[]", &long, ""];
    let good = json!({"text": GENUINE}).to_string();
    let file = format!("{good}\n{}\n{good}", broken.join("\n"));
    fs::write(folder.join("a.jsonl"), file).unwrap();
    let output = unspin(folder, &["scan", "--format=jsonl", "--max-record=30K", "a.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(ids(&lines(&stdout(&output))), ["1", "9"]);
    let said = stderr(&output);
    for (line, wrong) in [
        (2, "no JSON: EOF while parsing a string at column 13; mend"),
        (3, "no field `text`; name the one that holds the text with --text-field"),
        (4, "the field `text` holds a number, where text is wanted"),
        (5, "the field `text` holds null"),
        (6, "a list, where an object is wanted"),
        (7, "a line of more than 30720 bytes; split it, or allow more with --max-record"),
    ] {
        assert!(said.contains(&format!("unspin: a.jsonl:{line}: {wrong}")), "{said}");
    }
    assert_eq!(said.lines().count(), 6, "{said}");
    let output = piped(folder, &["scan", "--format=jsonl", "--input=jsonl", "-"], b"{\n");
    assert!(stderr(&output).starts_with("unspin: standard input:1: no JSON"), "{}", stderr(&output));
    let output = unspin(folder, &["scan", "--max-record=many", "a.jsonl"]);
    assert!(stderr(&output).contains("a size is wanted, e.g. 500K"), "{}", stderr(&output));
}

#[test]
fn rows_of_tables_are_documents() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.csv"), csv_rows(&[["n", "text"], ["one", SPUN], ["two", GENUINE]])).unwrap();
    let output = unspin(folder, &["scan", "--format=jsonl", "--id-field=n", "a.csv"]);
    let reports = lines(&stdout(&output));
    assert_eq!((ids(&reports), labels(&reports)), (vec!["one", "two"], vec!["spun", "clean"]));
    let table = format!("words\tid\n{}\t7\nbroken\n", GENUINE.replace(['\n', '"'], " "));
    let arguments = ["scan", "--format=jsonl", "--input=tsv", "--text-field=words", "-"];
    let output = piped(folder, &arguments, table.as_bytes());
    assert_eq!((ids(&lines(&stdout(&output))), output.status.code()), (vec!["2"], Some(2)));
    assert!(stderr(&output).contains("standard input:3: 1 cells, where the first row has 2"), "{}", stderr(&output));
    // Without the column the file is named, and the others go on.
    fs::write(folder.join("b.csv"), "a,b\n1,2\n").unwrap();
    let output = unspin(folder, &["scan", "--format=jsonl", "b.csv", "a.csv"]);
    assert_eq!((lines(&stdout(&output)).len(), output.status.code()), (2, Some(2)));
    assert!(stderr(&output).starts_with("unspin: b.csv: line 1: no column `text` among `a`, `b`; name another"));
    // As one document it can be read all the same.
    assert_eq!(unspin(folder, &["scan", "--input=text", "b.csv"]).status.code(), Some(0));
}

#[test]
fn compressed_inputs_are_told_by_how_they_begin() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // Two members, one after the other.
    let (first, rest) = SPUN.split_at(500);
    let packed = [gzip(first.as_bytes()), gzip(rest.as_bytes())].concat();
    fs::write(folder.join("a.txt.gz"), &packed).unwrap();
    fs::write(folder.join("b"), &packed).unwrap();
    let output = unspin(folder, &["scan", "--format=jsonl", "a.txt.gz", "b"]);
    let alone = lines(&stdout(&piped(folder, &["scan", "--format=jsonl", "-"], SPUN.as_bytes())));
    for report in lines(&stdout(&output)) {
        assert_eq!((&report["findings"], &report["bytes"]), (&alone[0]["findings"], &json!(SPUN.len())));
    }
    fs::write(folder.join("a.jsonl.gz"), gzip(three().as_bytes())).unwrap();
    let reports = lines(&stdout(&unspin(folder, &[&NESTED[..4], &["a.jsonl.gz"]].concat())));
    assert_eq!(ids(&reports), ["s", "g", "t"]);
    let reports = lines(&stdout(&piped(folder, &[&NESTED[..], &["-"]].concat(), &gzip(three().as_bytes()))));
    assert_eq!(ids(&reports), ["s", "g", "t"]);
    // Restored too, but never in place.
    let restored = unspin(folder, &["restore", "a.txt.gz"]);
    assert_eq!(restored.stdout, piped(folder, &["restore", "-"], SPUN.as_bytes()).stdout);
    let output = unspin(folder, &["restore", "--write", "a.txt.gz"]);
    assert!(stderr(&output).contains("a.txt.gz: compressed; unpack it"), "{}", stderr(&output));
    assert_eq!(fs::read(folder.join("a.txt.gz")).unwrap(), packed);
}

/// Files of zstd, bzip2 and xz are made by their programs, where those are installed.
#[test]
fn other_compressions_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.jsonl"), three()).unwrap();
    for (program, end, is_built) in
        [("zstd", "zst", true), ("bzip2", "bz2", cfg!(feature = "bzip2")), ("xz", "xz", cfg!(feature = "xz"))]
    {
        let Ok(packed) = Command::new(program).args(["-q", "-c", "a.jsonl"]).current_dir(folder).output() else {
            continue;
        };
        // Twice, as those programs allow.
        let packed = packed.stdout.repeat(2);
        fs::write(folder.join(format!("a.jsonl.{end}")), &packed).unwrap();
        let output = unspin(folder, &[&NESTED[..4], &[&format!("a.jsonl.{end}")]].concat());
        if is_built {
            assert_eq!(ids(&lines(&stdout(&output))), ["s", "g", "t", "s", "g", "t"], "{program}: {}", stderr(&output));
        } else {
            assert!(stderr(&output).contains(&format!("without the feature `{program}`")), "{}", stderr(&output));
        }
        if is_built {
            fs::write(folder.join(format!("cut.jsonl.{end}")), &packed[..packed.len() - 30]).unwrap();
            let output = unspin(folder, &[&NESTED[..4], &[&format!("cut.jsonl.{end}")]].concat());
            assert_eq!(output.status.code(), Some(2), "{program}");
            assert!(lines(&stdout(&output)).len() >= 3, "{program}");
            assert!(stderr(&output).contains(&format!("cut.jsonl.{end}: line ")), "{program}: {}", stderr(&output));
        }
    }
    // A text may begin as bzip2 does.
    fs::write(folder.join("b.txt"), "BZh9 is how the file begins.").unwrap();
    assert_eq!(unspin(folder, &["scan", "b.txt"]).status.code(), Some(0));
}

#[test]
fn what_stands_before_a_stream_breaks_off_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let many: String = (0..200).map(|n| json!({"text": format!("{n}. {GENUINE}")}).to_string() + "\n").collect();
    let packed = gzip(many.as_bytes());
    fs::write(folder.join("a.jsonl.gz"), &packed[..packed.len() / 2]).unwrap();
    let packed = gzip(SPUN.as_bytes());
    fs::write(folder.join("b.txt.gz"), &packed[..packed.len() * 3 / 4]).unwrap();
    fs::write(folder.join("c.txt"), GENUINE).unwrap();
    let output = unspin(folder, &["scan", "--format=jsonl", "a.jsonl.gz", "b.txt.gz", "c.txt"]);
    let reports = lines(&stdout(&output));
    let of = |path: &str| reports.iter().filter(|r| r["path"] == path).count();
    assert!((50..150).contains(&of("a.jsonl.gz")), "{}", of("a.jsonl.gz"));
    assert_eq!((of("b.txt.gz"), of("c.txt"), output.status.code()), (1, 1, Some(2)));
    let said = stderr(&output);
    assert!(said.contains("unspin: a.jsonl.gz: line ") && said.contains("what stands before was read"), "{said}");
    assert!(said.contains("unspin: b.txt.gz: ") && said.contains("it breaks off after "), "{said}");
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_bomb_is_named_and_not_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..64 {
        bomb.write_all(&b"words ".repeat(1 << 18)).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    for name in ["a.txt.gz", "a.jsonl.gz"] {
        fs::write(folder.join(name), &bomb).unwrap();
    }
    fs::write(folder.join("b.txt"), GENUINE).unwrap();
    let limits = ["scan", "--format=jsonl", "--max-document=1M", "--max-record=1M"];
    let output = unspin(folder, &[&limits[..], &["a.txt.gz", "a.jsonl.gz", "b.txt"]].concat());
    assert_eq!((output.status.code(), lines(&stdout(&output)).len()), (Some(2), 1));
    let said = stderr(&output);
    assert!(said.contains("a.txt.gz: more than the 1048576 bytes that a document may have"), "{said}");
    assert!(said.contains("a.jsonl.gz:1: a line of more than 1048576 bytes"), "{said}");
}

#[cfg(feature = "warc")]
mod archives {
    use super::*;

    fn record(kind: &str, uri: &str, content: &str, block: &[u8]) -> Vec<u8> {
        let mut record = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Type: {content}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        )
        .into_bytes();
        record.extend_from_slice(block);
        record.extend_from_slice(b"\r\n\r\n");
        record
    }

    fn page(uri: &str, header: &str, body: &[u8]) -> Vec<u8> {
        let block = [format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n").as_bytes(), body].concat();
        record("response", uri, "application/http; msgtype=response", &block)
    }

    fn paragraphs(text: &str) -> String {
        let paragraphs: Vec<String> = text.split("\n\n").map(|p| format!("<p>{p}</p>")).collect();
        format!("<html><head><style>p {{ margin: 0 }}</style></head><body>{}</body></html>", paragraphs.join("\n"))
    }

    #[test]
    fn pages_of_archives_are_documents() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        // A byte that is a letter in one charset and half of one in another.
        let latin: Vec<u8> = [paragraphs(SPUN).as_bytes(), b"<p>Caf\xe9</p>"].concat();
        let records = [
            record("warcinfo", "", "application/warc-fields", b"software: mine\r\n"),
            record("request", "http://a.example/", "application/http", b"GET / HTTP/1.1\r\n\r\n"),
            page("http://a.example/s", "Content-Type: text/html; charset=iso-8859-1", &latin),
            page("http://a.example/i", "Content-Type: image/png", b"\x89PNG\r\n\0"),
            record("conversion", "http://a.example/g", "text/plain", GENUINE.as_bytes()),
            record("resource", "http://a.example/r", "text/plain", GENUINE.as_bytes()),
        ];
        fs::write(folder.join("a.warc"), records.concat()).unwrap();
        let members: Vec<u8> = records.iter().flat_map(|r| gzip(r)).collect();
        fs::write(folder.join("a.warc.wet.gz"), members).unwrap();
        let output = unspin(folder, &["scan", "--format=jsonl", "a.warc", "a.warc.wet.gz"]);
        let reports = lines(&stdout(&output));
        assert_eq!(stderr(&output), "");
        let wanted = ["http://a.example/s", "http://a.example/g", "http://a.example/r"];
        assert_eq!(ids(&reports), wanted.repeat(2));
        assert_eq!(labels(&reports), ["spun", "clean", "clean"].repeat(2));
        // Offsets lead into the page once it is decoded.
        let decoded: String = latin.iter().map(|b| char::from(*b)).collect();
        let finding = &reports[0]["findings"][0];
        let [start, end] = ["start", "end"].map(|k| finding[k].as_u64().unwrap() as usize);
        assert_eq!(decoded[start..end], *finding["text"].as_str().unwrap());
        // By label, byte for byte.
        let arguments = ["scan", "--quiet", "--out-spun=spun.warc", "--out-clean=clean.warc", "a.warc"];
        assert_eq!(unspin(folder, &arguments).status.code(), Some(1));
        assert_eq!(fs::read(folder.join("spun.warc")).unwrap(), records[2]);
        assert_eq!(fs::read(folder.join("clean.warc")).unwrap(), [&records[4][..], &records[5]].concat());
    }

    #[test]
    fn a_record_with_a_wrong_length_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let good = |name: &str| record("conversion", name, "text/plain", GENUINE.as_bytes());
        let right = format!("Content-Length: {}", GENUINE.len());
        for length in [10, GENUINE.len() + 900, 1 << 40] {
            let wrong = String::from_utf8(good("wrong")).unwrap().replace(&right, &format!("Content-Length: {length}"));
            fs::write(folder.join("a.wet"), [&good("one"), wrong.as_bytes(), &good("two")].concat()).unwrap();
            let output = unspin(folder, &["scan", "--format=jsonl", "a.wet"]);
            assert_eq!((ids(&lines(&stdout(&output))), output.status.code()), (vec!["one", "two"], Some(2)));
            let place = format!("unspin: a.wet: the record at offset {}: ", good("one").len());
            assert!(stderr(&output).starts_with(&place), "{}", stderr(&output));
        }
        // Cut off in the midst.
        fs::write(folder.join("a.wet"), &[good("one"), good("two")].concat()[..GENUINE.len() * 3 / 2]).unwrap();
        let output = unspin(folder, &["scan", "--format=jsonl", "a.wet"]);
        assert_eq!((ids(&lines(&stdout(&output))), output.status.code()), (vec!["one"], Some(2)));
        assert!(stderr(&output).contains("it ends early"), "{}", stderr(&output));
    }
}

#[test]
fn reports_are_chosen_by_label_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.jsonl"), three()).unwrap();
    let scan = |more: &[&str]| unspin(folder, &[&NESTED[..], more, &["a.jsonl"]].concat());
    assert_eq!(ids(&lines(&stdout(&scan(&["--only=clean,unknown"])))), ["g", "t"]);
    // What is not reported counts all the same.
    assert_eq!(scan(&["--only=clean"]).status.code(), Some(1));
    assert!(stderr(&scan(&["--only=span"])).contains("spun"));
    let chosen = stdout(&scan(&["--fields=id,verdict.label"]));
    assert_eq!(chosen.lines().last(), Some("{\"id\":\"t\",\"verdict\":{\"label\":\"unknown\"}}"));
    assert!(stderr(&scan(&["--fields=label"])).contains("did you mean `verdict.label`?"));
    let wrong = unspin(folder, &["scan", "--fields=id", "a.jsonl"]);
    assert!(stderr(&wrong).contains("say --format jsonl too"), "{}", stderr(&wrong));
    let output = scan(&["--summary", "--output=out.jsonl"]);
    assert_eq!(
        (stdout(&output).as_str(), fs::read_to_string(folder.join("out.jsonl")).unwrap().lines().count()),
        ("", 3)
    );
    let said = stderr(&output);
    assert!(
        said.starts_with("unspin: 3 documents, ") && said.contains("1 spun (33.3%), 0 suspect (0.0%), 1 clean"),
        "{said}"
    );
    fs::write(folder.join("unspin.toml"), "only = [\"span\"]\n").unwrap();
    assert!(stderr(&scan(&[])).contains("unspin.toml:1: `span` is no label"));
}

#[test]
fn records_are_passed_through_with_their_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = format!("{}{{ \"n\":1.50 }}\n", three());
    fs::write(folder.join("a.jsonl"), &file).unwrap();
    let fields = ["scan", "--text-field=body.text", "--pass-through", "--restore-field=restored"];
    let output = unspin(folder, &[&fields[..], &["a.jsonl"]].concat());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let written = stdout(&output);
    for (line, old) in written.lines().zip(file.lines()) {
        assert!(line.starts_with(old.strip_suffix('}').unwrap()), "{line}");
    }
    let records = lines(&written);
    let labels: Vec<&Value> = records.iter().map(|r| &r["unspin"]["label"]).collect();
    assert_eq!(labels, ["spun", "clean", "unknown"]);
    let restored = stdout(&piped(folder, &["restore", "-"], SPUN.as_bytes()));
    assert_eq!((&records[0]["restored"], &records[1]["restored"]), (&json!(restored), &json!(GENUINE)));
    // What was written once has a verdict already.
    fs::write(folder.join("b.jsonl"), &written).unwrap();
    let again = ["scan", "--text-field=body.text", "b.jsonl"];
    let output = unspin(folder, &[&again[..], &["--pass-through"]].concat());
    assert!(stderr(&output).contains("b.jsonl:1: the record has a field `unspin` already"), "{}", stderr(&output));
    let output = unspin(folder, &[&again[..], &["--pass-through=second", "--only=spun"]].concat());
    assert_eq!(lines(&stdout(&output)).len(), 1);
    // Tables get columns.
    fs::write(folder.join("a.csv"), csv_rows(&[["n", "text"], ["1", SPUN], ["2", GENUINE]])).unwrap();
    let output = unspin(folder, &["scan", "--pass-through", "a.csv", "a.csv"]);
    let mut table = csv::Reader::from_reader(&output.stdout[..]);
    assert_eq!(table.headers().unwrap(), vec!["n", "text", "unspin"]);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let cells: Vec<&str> = rows.iter().map(|r| &r[2]).collect();
    assert_eq!((cells, &rows[0][1]), (vec!["spun", "clean", "spun", "clean"], SPUN));
    // Other things have no place among them.
    let output = unspin(folder, &["scan", "--pass-through", "--text-field=text", "a.csv", "b.jsonl"]);
    assert!(stderr(&output).contains("b.jsonl"), "{}", stderr(&output));
    fs::write(folder.join("c.txt"), GENUINE).unwrap();
    let output = unspin(folder, &["scan", "--pass-through", "c.txt"]);
    assert!(stderr(&output).starts_with("unspin: c.txt: no file of records"), "{}", stderr(&output));
}

#[test]
fn records_are_split_by_label() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.jsonl"), three().trim_end()).unwrap();
    let split = ["scan", "--brief", "--text-field=body.text", "--out-clean=c.jsonl", "--out-spun=s.jsonl", "a.jsonl"];
    let output = unspin(folder, &split);
    assert_eq!(stdout(&output).lines().count(), 3, "{}", stdout(&output));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let three = three();
    let all: Vec<&str> = three.split_inclusive('\n').collect();
    assert_eq!((read("s.jsonl"), read("c.jsonl")), (all[0].to_string(), all[1..].concat()));
    let output = unspin(folder, &["scan", "--out-clean=x", "--out-spun=x", "a.jsonl"]);
    assert!(stderr(&output).contains("x: named for two outputs"), "{}", stderr(&output));
}

/// Stops a run as hard as can be, once it has written something.
fn killed(mut child: Child, output: &Path, checkpoint: &Path) -> bool {
    loop {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if checkpoint.exists() && fs::metadata(output).is_ok_and(|m| m.len() > 0) {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn what_was_killed_goes_on_without_loss_or_double() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let texts = [SPUN, GENUINE, "Too short."];
    let line = |n: usize| json!({"id": n, "text": format!("{n}. {}", texts[n % 3])}).to_string() + "\n";
    let file: String = (0..1500).map(line).collect();
    fs::write(folder.join("a.jsonl"), &file).unwrap();
    fs::write(folder.join("b.jsonl"), format!("no record\n{}", line(3001))).unwrap();
    let outputs = ["--output=out", "--out-clean=clean", "--out-spun=spun"];
    let arguments = [&["scan", "--jobs=1", "--pass-through", "--id-field=id"], &outputs[..]].concat();
    let inputs = ["a.jsonl", "b.jsonl"];
    let mut again = [&arguments[..], &["--checkpoint=done"], &inputs[..]].concat();
    let mut kills = 0;
    while kills < 3 {
        let child = command(folder, &again).stderr(Stdio::null()).spawn().unwrap();
        let was_killed = killed(child, &folder.join("out"), &folder.join("done"));
        assert!(was_killed || kills > 0, "too fast to be killed");
        if !was_killed {
            break;
        }
        kills += 1;
        // What follows what the checkpoint tells of must not matter.
        let mut out = fs::File::options().append(true).open(folder.join("out")).unwrap();
        out.write_all(b"{\"half a li").unwrap();
        fs::write(folder.join("done.before"), fs::read(folder.join("done")).unwrap()).unwrap();
    }
    let output = unspin(folder, &[&again[..], &["--summary"]].concat());
    assert!(stderr(&output).contains("done: the checkpoint of another command"), "{}", stderr(&output));
    let output = unspin(folder, &again);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let resumed = ["out", "clean", "spun"].map(read);
    let straight = [&arguments[..], &inputs[..]].concat();
    unspin(folder, &straight);
    for (resumed, name) in resumed.iter().zip(["out", "clean", "spun"]) {
        assert!(*resumed == read(name), "{name} differs");
    }
    assert_eq!(String::from_utf8(read("out")).unwrap().lines().count(), 1501);
    // Once all is done, nothing is done again.
    assert_eq!(unspin(folder, &again).status.code(), Some(2));
    assert_eq!(resumed[0], read("out"));
    // What came after is taken up.
    let mut more = fs::File::options().append(true).open(folder.join("b.jsonl")).unwrap();
    more.write_all(line(3002).as_bytes()).unwrap();
    unspin(folder, &again);
    assert_eq!(String::from_utf8(read("out")).unwrap().lines().count(), 1502);
    // Other inputs are not.
    fs::write(folder.join("b.jsonl"), "").unwrap();
    let output = unspin(folder, &again);
    assert!(stderr(&output).contains("done: the inputs have 1500 documents and records"), "{}", stderr(&output));
    again.retain(|a| *a != "--output=out");
    assert!(stderr(&unspin(folder, &again)).contains("--checkpoint cannot go back in standard output"));
}

/// Peak memory in KiB, as Linux tells it.
#[cfg(target_os = "linux")]
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(target_os = "linux")]
#[test]
fn a_long_stream_is_read_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["scan", "--quiet", "--input=jsonl", "--text-field=t", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Most of a record is not its text, so that much is read in little time.
    let record = json!({"t": "Too short.", "rest": "x".repeat(20_000)}).to_string() + "\n";
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..10_000 {
        stdin.write_all(record.as_bytes()).unwrap();
    }
    let peak = peak(&child).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(peak < 192 << 10, "{peak} KiB for 200 MB");
}

/// A folder of a project holds tables and logs besides its texts: they are no errors.
#[test]
fn files_of_a_folder_that_hold_no_texts_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("all")).unwrap();
    fs::write(folder.join("all/a.txt"), GENUINE).unwrap();
    fs::write(folder.join("all/figures.csv"), "year,tons\n1990,3\n").unwrap();
    fs::write(folder.join("all/log.jsonl"), "{\"level\": 3}\n{\"level\": 4}\n").unwrap();
    fs::write(folder.join("all/posts.jsonl"), format!("{}\n", json!({"text": GENUINE}))).unwrap();
    let output = unspin(folder, &["scan", "--format", "jsonl", "all"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(lines(&stdout(&output)).len(), 2);
    assert!(stderr(&output).contains("figures.csv: skipped, it has no column `text`"), "{}", stderr(&output));
    assert!(stderr(&output).contains("log.jsonl: skipped, its first line has no field `text`"), "{}", stderr(&output));
    // What is named is meant to be read.
    for named in ["all/figures.csv", "all/log.jsonl"] {
        let output = unspin(folder, &["scan", "--format", "jsonl", named]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    }
    // Another field: then others are passed over.
    let output = unspin(folder, &["scan", "--format", "jsonl", "--text-field", "tons", "all"]);
    assert_eq!(lines(&stdout(&output)).len(), 2);
}
