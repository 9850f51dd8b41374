//! Configuration, and what is left out of reports.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const SPUN: &str = include_str!("../examples/spun.txt");
const GENUINE: &str = include_str!("../examples/genuine.txt");

/// A folder of the test's own, with a home beside it that holds nothing.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("home")).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unspin"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env("HOME", folder.join("home"));
    command.env("XDG_CONFIG_HOME", folder.join("home/.config"));
    command
}

fn unspin(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn reports(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = unspin(folder, &[&["scan", "--format", "jsonl"], arguments].concat());
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn paths(of: &[Value]) -> Vec<&str> {
    of.iter().map(|r| r["path"].as_str().unwrap()).collect()
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().unwrap()
}

#[test]
fn files_environment_and_flags_stand_above_each_other() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "home/.config/unspin/unspin.toml", "min-confidence = 0.6\nfail-on = \"suspect\"\njobs = 1\n");
    write(folder, "project/unspin.toml", "min-confidence = 0.7\nfail-on = \"never\"\n");
    write(folder, "project/deep/down/a.txt", SPUN);
    // Upwards from the document, not from the working folder.
    let output = command(folder, &["scan", "--show-config", "--min-confidence", "0.9", "project/deep/down/a.txt"])
        .env("UNSPIN_MIN_CONFIDENCE", "0.8")
        .env("UNSPIN_BRIEF", "true")
        .output()
        .unwrap();
    let shown = stdout(&output);
    let value = |name: &str| {
        let line = shown.lines().find(|l| l.starts_with(&format!("{name} = "))).unwrap();
        let (value, from) = line.split_once(" # ").unwrap();
        (value.split(" = ").nth(1).unwrap().trim().to_string(), from.to_string())
    };
    assert_eq!(value("min-confidence"), ("0.9".into(), "--min-confidence".into()));
    assert_eq!(value("brief"), ("true".into(), "UNSPIN_BRIEF".into()));
    assert_eq!(value("color"), ("\"auto\"".into(), "default".into()));
    let (word, from) = value("fail-on");
    assert!(word == "\"never\"" && from.ends_with("unspin.toml:2") && from.contains("project"), "{from}");
    assert!(value("jobs").1.ends_with("unspin.toml:3"));
    // What is shown is what is done.
    assert_eq!(unspin(folder, &["scan", "project/deep/down/a.txt"]).status.code(), Some(0));
    write(folder, "a.txt", SPUN);
    assert_eq!(unspin(folder, &["scan", "a.txt"]).status.code(), Some(1));
    // A file that is named takes the place of both.
    write(folder, "other.toml", "jobs = 2\n");
    let output = unspin(folder, &["scan", "--config", "other.toml", "--show-config", "project/deep/down/a.txt"]);
    assert!(stdout(&output).contains("fail-on = \"spun\"") && stdout(&output).contains("# other.toml:1"));
}

#[test]
fn a_configuration_that_cannot_be_read_stops_before_any_scan() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "a.txt", SPUN);
    for (text, said) in [
        ("formatt = \"csv\"\n", "unspin.toml:1: `formatt` is no setting; did you mean `format`?"),
        ("\nformat = \"cvs\"\n", "unspin.toml:2: `cvs` is no value of `format`"),
        ("format = csv\n", "unspin.toml:1: "),
        ("dict = [\"none.tsv\"]\n", "none.tsv"),
        ("baseline = \"none.jsonl\"\n", "none.jsonl"),
        ("\nallow-pattern = [\"a\", \"(\"]\n", "unspin.toml:2: `(` is no regular expression: unclosed group"),
        ("type = [\"markdwn\"]\n", "unspin.toml:1: `markdwn` is no type of file; did you mean `markdown`?"),
        ("\n\nglob = [\"[\"]\n", "unspin.toml:3: `[` is no glob"),
        ("allow = \"x\"\n", "unspin.toml:1: `\"x\"` is no value of `allow`: a list of texts"),
        ("[scan]\nformat = \"csv\"\n", "unspin.toml:1: `scan` is no setting; all of them stand at the top"),
    ] {
        write(folder, "unspin.toml", text);
        let output = unspin(folder, &["scan", "nowhere.txt", "a.txt"]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{text}");
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    // Restoring reads it too.
    write(folder, "unspin.toml", "formatt = \"csv\"\n");
    assert_eq!(unspin(folder, &["restore", "a.txt"]).status.code(), Some(2));
    fs::remove_file(folder.join("unspin.toml")).unwrap();
    let output = command(folder, &["scan", "a.txt"]).env("UNSPIN_FORMAT", "cvs").output().unwrap();
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains("UNSPIN_FORMAT: `cvs`") && stderr(&output).contains("\"csv\"?"));
}

#[test]
fn documents_under_different_configurations_are_not_mixed() {
    let folder = folder();
    let folder = folder.path();
    for name in ["one", "two"] {
        write(folder, &format!("{name}/unspin.toml"), "");
        write(folder, &format!("{name}/a.txt"), GENUINE);
    }
    let output = unspin(folder, &["scan", "one/a.txt", "two/a.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("different configurations"), "{}", stderr(&output));
    assert_eq!(unspin(folder, &["scan", "one/a.txt", "one"]).status.code(), Some(0));
}

#[test]
fn ignore_files_types_and_globs_choose_the_files_of_folders() {
    let folder = folder();
    let folder = folder.path();
    for name in ["a.txt", "b.md", "c.html", "drafts/d.txt", "made/e.txt", "f.txt"] {
        write(folder, &format!("site/{name}"), "Nothing.");
    }
    write(folder, "site/.unspinignore", "f.*\n");
    // Git's file counts where Git is.
    fs::create_dir(folder.join("site/.git")).unwrap();
    write(folder, "site/.gitignore", "made/\n");
    let found = |arguments: &[&str]| paths(&reports(folder, arguments)).join(" ");
    assert_eq!(found(&["site"]), "site/a.txt site/b.md site/c.html site/drafts/d.txt");
    assert_eq!(found(&["site", "--type", "md", "-t", "html"]), "site/b.md site/c.html");
    assert_eq!(found(&["site", "--glob", "*.txt"]), "site/a.txt site/drafts/d.txt");
    assert_eq!(found(&["site", "-g", "!drafts"]), "site/a.txt site/b.md site/c.html");
    assert_eq!(found(&["site/f.txt", "site/made/e.txt"]), "site/f.txt site/made/e.txt");
}

#[test]
fn allowed_phrases_are_not_reported() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "a.txt", SPUN);
    let all = reports(folder, &["a.txt"]);
    let has = |report: &Value, phrase: &str| {
        findings(report).iter().any(|f| f["text"].as_str().unwrap().eq_ignore_ascii_case(phrase))
    };
    assert!(has(&all[0], "spherical") && has(&all[0], "stated") && has(&all[0], "final"));
    write(folder, "unspin.toml", "allow = [\"SPHERICAL\"]\nallow-pattern = [\"sta.ed\"]\n");
    let left = reports(folder, &["--allow", "final", "a.txt"]);
    assert!(!has(&left[0], "spherical") && !has(&left[0], "stated") && !has(&left[0], "final"));
    assert!(findings(&left[0]).len() > 50);
    // The document is judged all the same.
    assert_eq!(left[0]["verdict"], all[0]["verdict"]);
}

#[test]
fn comments_leave_lines_out() {
    let folder = folder();
    let folder = folder.path();
    let first = SPUN.lines().next().unwrap().len();
    let beside = format!("{} <!-- unspin: ignore -->{}", &SPUN[..first], &SPUN[first..]);
    write(folder, "beside.md", &beside);
    write(folder, "beside.txt", &beside);
    write(folder, "whole.html", &format!("<!-- unspin: ignore-file -->\n{SPUN}"));
    write(folder, "wrong.md", "<!-- unspin: ignoer -->\n");
    let lines = |name: &str, more: &[&str]| -> Vec<u64> {
        let reports = reports(folder, &[&[name], more].concat());
        findings(&reports[0]).iter().map(|f| f["line"].as_u64().unwrap()).collect()
    };
    assert!(!lines("beside.md", &[]).contains(&1) && lines("beside.md", &[]).contains(&3));
    assert!(lines("beside.txt", &[]).contains(&1));
    assert!(lines("beside.md", &["--no-ignore-comments"]).contains(&1));
    assert_eq!(unspin(folder, &["scan", "whole.html"]).status.code(), Some(0));
    assert_eq!(unspin(folder, &["scan", "--no-ignore-comments", "whole.html"]).status.code(), Some(1));
    // Offsets lead into the file all the same.
    let reports = reports(folder, &["beside.md"]);
    for finding in findings(&reports[0]) {
        let at = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
        assert_eq!(&beside[at("start")..at("end")], finding["text"].as_str().unwrap());
    }
    let output = unspin(folder, &["scan", "wrong.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("wrong.md: line 1: the comment says `unspin: ignoer`"), "{}", stderr(&output));
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "a.txt", SPUN);
    fs::write(folder.join("before.jsonl"), unspin(folder, &["scan", "--format", "jsonl", "a.txt"]).stdout).unwrap();
    let arguments = ["scan", "--baseline", "before.jsonl", "./a.txt"];
    let output = unspin(folder, &arguments);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains(": spun, ") && stdout(&output).contains(" 0 findings\n"));
    // Lines may move; what is there once more is new.
    write(folder, "a.txt", &format!("A line.\n\n{SPUN}\nThe officers held one more spherical of talks on Tuesday.\n"));
    assert_eq!(unspin(folder, &arguments).status.code(), Some(1));
    let new = reports(folder, &["--baseline", "before.jsonl", "a.txt"]);
    let texts: Vec<&str> = findings(&new[0]).iter().map(|f| f["text"].as_str().unwrap()).collect();
    assert!(texts.contains(&"spherical") && texts.len() < 6, "{texts:?}");
    // A document that was not there is new as a whole.
    write(folder, "b.txt", SPUN);
    assert_eq!(unspin(folder, &["scan", "--baseline", "before.jsonl", "b.txt"]).status.code(), Some(1));
}

#[test]
fn the_exit_status_follows_fail_on() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "spun.txt", SPUN);
    write(folder, "genuine.txt", GENUINE);
    let status =
        |what: &str, name: &str| unspin(folder, &["scan", "-q", "--fail-on", what, name]).status.code().unwrap();
    for (what, spun) in [("spun", 1), ("suspect", 1), ("finding", 1), ("never", 0)] {
        assert_eq!((status(what, "spun.txt"), status(what, "genuine.txt")), (spun, 0), "{what}");
        assert_eq!(status(what, "nowhere.txt"), 2);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_with_what_is_finished() {
    let folder = folder();
    let folder = folder.path();
    for number in 0..4000 {
        write(folder, &format!("texts/{number:04}.txt"), SPUN);
    }
    let child = command(folder, &["scan", "--format", "sarif", "texts"])
        .stdout(fs::File::create(folder.join("out.sarif")).unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(stderr(&output), "unspin: interrupted: what follows the last report was not scanned\n");
    let log: Value = serde_json::from_slice(&fs::read(folder.join("out.sarif")).unwrap()).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let last = run["results"].as_array().unwrap().iter().filter(|r| r["ruleId"] == "spun-document").count();
    assert!(last < 4000, "{last} documents");
}
