//! `unspin restore`, as it is run: in place, as a diff, with edits chosen elsewhere, and
//! interrupted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use serde_json::Value;

use unspin::{Applicability, Model};

const SPUN: &str = include_str!("../examples/spun.txt");
const GENUINE: &str = include_str!("../examples/genuine.txt");

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

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder with a spun and a genuine file.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("spun.txt"), SPUN).unwrap();
    fs::write(folder.path().join("genuine.txt"), GENUINE).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn files_are_restored_in_place_and_only_those_that_change() {
    let folder = folder();
    let path = folder.path();
    let expected = stdout(&unspin(path, &["restore", "spun.txt"]));
    let output = unspin(path, &["restore", "--write", "--backup", "."]);
    assert_eq!((output.status.code(), stdout(&output).as_str(), stderr(&output).as_str()), (Some(1), "", ""));
    assert_eq!(fs::read_to_string(path.join("spun.txt")).unwrap(), expected);
    assert_eq!(fs::read_to_string(path.join("spun.txt.bak")).unwrap(), SPUN);
    assert_eq!(fs::read_to_string(path.join("genuine.txt")).unwrap(), GENUINE);
    assert_eq!(names(path), ["genuine.txt", "spun.txt", "spun.txt.bak"]);
    // What was restored is left alone, and so is what was kept.
    unspin(path, &["restore", "--write", "."]);
    assert_eq!(fs::read_to_string(path.join("spun.txt.bak")).unwrap(), SPUN);
    assert_eq!(fs::read_to_string(path.join("spun.txt")).unwrap(), expected);
}

#[test]
fn line_endings_and_a_byte_order_mark_stay() {
    let folder = folder();
    let path = folder.path().join("spun.txt");
    let windows = format!("\u{feff}{}", SPUN.replace('\n', "\r\n"));
    fs::write(&path, &windows).unwrap();
    unspin(folder.path(), &["restore", "--write", "spun.txt"]);
    let restored = fs::read_to_string(&path).unwrap();
    assert!(restored.starts_with('\u{feff}') && restored != windows);
    let count = |text: &str, what: &str| text.matches(what).count();
    assert_eq!(count(&restored, "\r\n"), count(&windows, "\r\n"));
    assert_eq!(count(&restored, "\n"), count(&restored, "\r\n"));
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_links_lead_where_they_led() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let path = folder.path().join("spun.txt");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("spun.txt", folder.path().join("link.txt")).unwrap();
    unspin(folder.path(), &["restore", "--write", "link.txt"]);
    assert_ne!(fs::read_to_string(&path).unwrap(), SPUN);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.path().join("link.txt")).unwrap().is_symlink());
}

#[test]
fn a_read_only_file_is_refused_and_the_others_go_on() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("zeal.txt"), SPUN).unwrap();
    let mut permissions = fs::metadata(path.join("spun.txt")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(path.join("spun.txt"), permissions).unwrap();
    let output = unspin(path, &["restore", "--write", "spun.txt", "zeal.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr(&output).lines().count(), 1);
    assert!(stderr(&output).contains("spun.txt: it is read-only"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(path.join("spun.txt")).unwrap(), SPUN);
    assert_ne!(fs::read_to_string(path.join("zeal.txt")).unwrap(), SPUN);
}

/// A file that may not grow stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let folder = folder();
    let command =
        format!("trap '' XFSZ; ulimit -f 1; exec '{}' restore --write spun.txt", env!("CARGO_BIN_EXE_unspin"));
    let output = Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("spun.txt: ") && stderr(&output).contains("it stays as it was"));
    assert_eq!(fs::read_to_string(folder.path().join("spun.txt")).unwrap(), SPUN);
    assert_eq!(names(folder.path()), ["genuine.txt", "spun.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_an_error() {
    let folder = folder();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(["restore", "spun.txt"])
        .current_dir(folder.path())
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("standard output"), "{}", stderr(&output));
}

/// Killed at any moment, it leaves the old file or the new one.
#[test]
fn a_file_is_old_or_new_whatever_interrupts_it() {
    let folder = folder();
    let path = folder.path().join("long.txt");
    let old = SPUN.repeat(20);
    fs::write(&path, &old).unwrap();
    let begun = std::time::Instant::now();
    let new = stdout(&unspin(folder.path(), &["restore", "long.txt"]));
    let whole = begun.elapsed();
    assert_ne!(old, new);
    for part in 0..24u32 {
        fs::write(&path, &old).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_unspin"))
            .args(["restore", "--write", "long.txt"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        // Most of the kills fall around the end, where the file is written.
        std::thread::sleep(whole.mul_f64(0.6 + f64::from(part) / 40.0));
        let _ = child.kill();
        child.wait().unwrap();
        let now = fs::read_to_string(&path).unwrap();
        assert!(now == old || now == new, "killed after {part}: {} bytes", now.len());
    }
}

#[test]
fn a_diff_is_one_that_patch_can_apply() {
    let folder = folder();
    let path = folder.path();
    let restored = stdout(&unspin(path, &["restore", "spun.txt"]));
    let output = unspin(path, &["restore", "--diff", "spun.txt", "genuine.txt"]);
    let diff = stdout(&output);
    assert!(diff.starts_with("--- spun.txt\n+++ spun.txt\n@@ -1,") && !diff.contains('\u{1b}'));
    assert_eq!(diff.matches("--- ").count(), 1);
    // Made by hand: context and additions are the restored text, hunk by hunk.
    let lines: Vec<&str> = restored.split_inclusive('\n').collect();
    let mut at = 0;
    for line in diff.split_inclusive('\n').skip(2) {
        if let Some(head) = line.strip_prefix("@@ ") {
            at = head.split(['+', ',']).nth(2).unwrap().parse::<usize>().unwrap() - 1;
        } else if let Some(text) = line.strip_prefix(['+', ' ']) {
            assert_eq!(lines[at], text);
            at += 1;
        }
    }
}

#[test]
fn both_wordings_can_be_written() {
    let folder = folder();
    let text = stdout(&unspin(folder.path(), &["restore", "--annotate", "spun.txt"]));
    assert!(text.contains("a second [round|spherical] of negotiations"), "{text}");
    let html = stdout(&unspin(folder.path(), &["restore", "--annotate=html", "spun.txt"]));
    assert!(html.contains("a second <del>spherical</del><ins>round</ins> of negotiations"), "{html}");
}

#[test]
fn queries_are_words_of_the_restored_text() {
    let folder = folder();
    let restored = stdout(&unspin(folder.path(), &["restore", "--unsafe", "spun.txt"]));
    let output = stdout(&unspin(folder.path(), &["restore", "--unsafe", "--query", "3", "spun.txt"]));
    assert_eq!(output.lines().count(), 3, "{output}");
    let flat = restored.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', "");
    for line in output.lines() {
        let words = line.strip_prefix("spun.txt\t\"").unwrap().strip_suffix('"').unwrap();
        assert!(flat.contains(words) && words.split(' ').count() >= 5, "{words}");
    }
}

#[test]
fn several_documents_want_to_be_told_apart() {
    let folder = folder();
    for arguments in [vec!["restore", "spun.txt", "genuine.txt"], vec!["restore", "."], vec!["restore", "--write", "-"]]
    {
        let output = unspin(folder.path(), &arguments);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
        assert!(stderr(&output).contains("--write"), "{}", stderr(&output));
    }
}

/// The report of `spun.txt`, changed, with what `restore --apply` makes of it.
fn applied(folder: &Path, change: impl Fn(&mut Value)) -> Output {
    let report = unspin(folder, &["scan", "--format", "jsonl", "spun.txt"]);
    let mut report: Value = serde_json::from_slice(&report.stdout).unwrap();
    change(&mut report);
    fs::write(folder.join("report.jsonl"), report.to_string()).unwrap();
    unspin(folder, &["restore", "--apply", "report.jsonl"])
}

#[test]
fn edits_chosen_elsewhere_are_made() {
    let folder = folder();
    let output = applied(folder.path(), |report| {
        let findings = report["findings"].as_array_mut().unwrap();
        findings.retain(|f| f["text"] == "spherical");
        findings[0]["replacements"][0]["text"] = "sphere".into();
    });
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), ""));
    assert_eq!(stdout(&output), SPUN.replacen("spherical", "sphere", 1));
}

/// A change of a report, and what must be said of it.
type Misfit<'t> = (&'t dyn Fn(&mut Value), &'t str);

#[test]
fn a_report_that_does_not_fit_is_refused() {
    let folder = folder();
    let changes: [Misfit<'_>; 6] = [
        (&|r| r["bytes"] = 3.into(), "it is of 3 bytes"),
        (&|r| r["findings"][0]["text"] = "other".into(), "does not stand at bytes"),
        (&|r| r["findings"][0]["end"] = 99_999_999.into(), "does not stand at bytes"),
        (&|r| r["findings"].as_array_mut().unwrap().reverse(), "out of order"),
        (&|r| r["schema"] = 7.into(), "schema 7"),
        (&|r| r["findings"] = 1.into(), "report.jsonl:1: no report"),
    ];
    for (change, message) in changes {
        let output = applied(folder.path(), change);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{message}");
        assert_eq!(stderr(&output).lines().count(), 1);
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    let output = unspin(folder.path(), &["restore", "--apply", "report.jsonl", "genuine.txt"]);
    assert_eq!(output.status.code(), Some(2));
}

/// Reviews `spun.txt` with the answers given.
fn reviewed(folder: &Path, answers: &str) -> String {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(["restore", "--review", "--backup", "spun.txt"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have stopped before it has read all of them.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    stdout(&child.wait_with_output().unwrap())
}

#[test]
fn a_review_goes_on_where_it_was_stopped() {
    let folder = folder();
    let path = folder.path();
    let now = || fs::read_to_string(path.join("spun.txt")).unwrap();
    let asked = reviewed(path, "n\ny\nwhat\nq\n");
    assert!(
        asked.contains("2 of ") && asked.contains("the same command goes on") && asked.contains("q: stop"),
        "{asked}"
    );
    assert_eq!(now(), SPUN);
    assert_eq!(names(path), [".spun.txt.unspin-review", "genuine.txt", "spun.txt"]);
    let report = Model::english().scan(SPUN);
    let (first, second) = (&report.findings[0], &report.findings[1]);
    // The third by hand, and nothing of the rest.
    let asked = reviewed(path, &format!("e\nBY HAND\n{}", "n\n".repeat(report.findings.len())));
    assert!(asked.contains("\n3 of ") && !asked.contains("\n2 of "), "{asked}");
    let restored = now();
    assert!(restored.starts_with(&SPUN[..second.start]) && SPUN[first.start..].starts_with(&first.text));
    assert!(restored[second.start..].starts_with(&second.replacements[0].text));
    assert_eq!(restored.matches("BY HAND").count(), 1);
    assert_eq!(fs::read_to_string(path.join("spun.txt.bak")).unwrap(), SPUN);
    assert_eq!(names(path), ["genuine.txt", "spun.txt", "spun.txt.bak"]);
}

#[test]
fn a_review_decides_all_alike_at_once() {
    let folder = folder();
    let report = Model::english().scan(SPUN);
    let count = |text: &str| report.findings.iter().filter(|f| f.text == text).count();
    let repeated = report.findings.iter().find(|f| count(&f.text) > 1).unwrap();
    let answers: String = report.findings.iter().map(|f| if f.text == repeated.text { "a\n" } else { "n\n" }).collect();
    let asked = reviewed(folder.path(), &answers);
    assert_eq!(asked.matches(&format!("[{}]", repeated.text)).count(), 1, "{asked}");
    let restored = fs::read_to_string(folder.path().join("spun.txt")).unwrap();
    let left = |text: &str| text.matches(&repeated.text).count();
    assert!(left(&restored) <= left(SPUN) - count(&repeated.text), "{restored}");
}

/// Sentences as a spinner leaves them: a text dense with swaps, in which neighbours that are
/// restored make others certain.
fn dense() -> impl Strategy<Value = String> {
    let sentences: Vec<String> = SPUN.split_inclusive(". ").map(str::to_string).collect();
    prop::collection::vec(prop::sample::select(sentences), 8..24).prop_map(|s| s.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn issue_6_restoring_twice_changes_nothing_more(text in dense(), safe in any::<bool>()) {
        let model = Model::english();
        let least = if safe { Applicability::Safe } else { Applicability::Unsafe };
        let once = model.restore(&text, least);
        let twice = model.restore(&once.text, least);
        prop_assert!(twice.edits.is_empty(), "{:?}", twice.edits);
        prop_assert_eq!(twice.text, once.text);
    }

    #[test]
    fn what_no_edit_names_stays_to_the_byte(text in dense()) {
        let restoration = Model::english().restore(&text, Applicability::Unsafe);
        let (mut at, mut now) = (0, 0);
        for edit in &restoration.edits {
            prop_assert!(at <= edit.start && edit.start <= edit.end);
            let between = &text[at..edit.start];
            prop_assert!(restoration.text[now..].starts_with(between));
            now += between.len();
            prop_assert!(restoration.text[now..].starts_with(&edit.text));
            prop_assert_ne!(&text[edit.start..edit.end], &edit.text);
            (at, now) = (edit.end, now + edit.text.len());
        }
        prop_assert_eq!(&text[at..], &restoration.text[now..]);
    }
}
