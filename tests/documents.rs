//! Every command that README, guides and help texts show does what they say.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All that is written for readers: names from the root, and texts.
fn guides() -> Vec<(String, String)> {
    let mut guides = Vec::new();
    for folder in ["", "docs", "dictionaries", "dictionaries/model"] {
        let mut names: Vec<_> = fs::read_dir(repository().join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        names.sort();
        for path in names.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
            let name = path.strip_prefix(repository()).unwrap().display().to_string();
            guides.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    assert!(guides.len() > 8, "{}", guides.len());
    guides
}

/// A folder in which the files lie that the commands name.
fn scene() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let spun = fs::read_to_string(repository().join("examples/spun.txt")).unwrap();
    let genuine = fs::read_to_string(repository().join("examples/genuine.txt")).unwrap();
    for name in ["texts", "examples", "originals", "spun", "words", "drafts", "held-out"] {
        fs::create_dir(at(name)).unwrap();
    }
    for name in ["article.txt", "page.txt", "examples/spun.txt", "texts/a.txt", "spun/a.txt"] {
        fs::write(at(name), &spun).unwrap();
    }
    for name in ["texts/b.md", "originals/a.txt", "examples/genuine.txt", "held-out/a.txt"] {
        fs::write(at(name), &genuine).unwrap();
    }
    for name in ["examples/spun.gold.jsonl", "tests/data/genuine.txt", "tests/data/short.txt", "tests/data/wrong.toml"]
    {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::copy(repository().join(name), at(name)).unwrap();
    }
    for name in ["mine.tsv", "words/mine.tsv"] {
        fs::copy(repository().join("tests/data/mine.tsv"), at(name)).unwrap();
    }
    // The folders that shells and `man` read.
    for name in [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"] {
        fs::create_dir_all(at(name)).unwrap();
    }
    fs::write(at("text.txt"), &spun).unwrap();
    fs::write(at("spun.txt"), &spun).unwrap();
    let pair = serde_json::json!({"original": genuine, "spun": genuine.replace("school", "faculty")});
    fs::write(at("pairs.jsonl"), pair.to_string()).unwrap();
    fs::write(at("talk.jsonl"), serde_json::json!({"text": genuine}).to_string()).unwrap();
    let post = serde_json::json!({"url": "a", "text": genuine, "body": {"text": spun}}).to_string();
    fs::write(at("crawl.jsonl"), &post).unwrap();
    fs::write(at("posts.jsonl"), &post).unwrap();
    fs::write(at("posts.csv"), format!("n,text\n1,\"{}\"\n", spun.replace('"', "\"\""))).unwrap();
    let page = format!("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: {}\r\n\r\n{spun}\r\n\r\n", spun.len());
    fs::create_dir(at("crawl")).unwrap();
    fs::write(at("crawl/a.warc"), &page).unwrap();
    let packed = "gzip crawl.jsonl posts.jsonl crawl/a.warc; cp crawl/a.warc.gz crawl.warc.gz";
    assert!(shell(packed, folder.path()).status.success());
    assert!(shell("gzip -c article.txt > dump.gz; cp dump.gz news.txt.gz", folder.path()).status.success());
    let other = "unspin lm count examples/*.txt -o other.counts && unspin lm build other.counts -o other.arpa";
    assert!(shell(other, folder.path()).status.success());
    folder
}

fn shell(command: &str, folder: &Path) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_unspin")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(programs.to_path_buf()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path.unwrap())
        .env("HOME", folder)
        .env_remove("XDG_CONFIG_HOME")
        .output()
        .unwrap()
}

/// The commands of a text: lines that begin with `unspin`, or with a prompt before it. What is
/// explained beside a command stands two blanks after it or behind a number sign.
fn commands(text: &str) -> Vec<(String, bool)> {
    let mut commands = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let is_command = line.starts_with("unspin ") || line.contains("cat ") && line.contains("| unspin ");
        if !is_command || line.starts_with("unspin: ") || line.contains('<') && line.contains('>') {
            continue;
        }
        let command = line.split(" #").next().unwrap().split("  ").next().unwrap().trim();
        // What other programs make of it is theirs.
        let command = command.split(" | jq").next().unwrap().split(" | man").next().unwrap().to_string();
        commands.push((command, lines.peek().is_some_and(|next| next.trim() == "? 2")));
    }
    commands
}

#[test]
fn every_command_of_the_guides_runs() {
    let mut count = 0;
    for (guide, text) in guides() {
        let found = commands(&text);
        if found.is_empty() {
            continue;
        }
        let folder = scene();
        for (command, fails) in found {
            let output = shell(&command, folder.path());
            let stderr = String::from_utf8_lossy(&output.stderr);
            let status = output.status.code().unwrap();
            assert_eq!(status == 2, fails, "{guide}: {command}: {status}, {stderr}");
            assert!(status <= 2, "{guide}: {command}: {status}, {stderr}");
            count += 1;
        }
    }
    assert!(count >= 30, "{count} commands");
}

#[test]
fn every_example_of_the_help_texts_runs() {
    let mut count = 0;
    for verb in ["", "scan", "explain", "learn", "eval", "lm", "lm count", "lm mix", "completions", "man"] {
        let folder = scene();
        // What examples of several steps make is there already.
        assert!(shell("unspin lm count texts/ -o my.counts", folder.path()).status.success());
        let help = shell(&format!("unspin {verb} --help"), folder.path());
        let help = String::from_utf8(help.stdout).unwrap();
        let found = commands(help.split("Examples:").nth(1).unwrap());
        assert!(!found.is_empty(), "{verb} shows no example");
        for (command, _) in found {
            let output = shell(&command, folder.path());
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{command}: {stderr}");
            count += 1;
        }
    }
    assert!(count >= 25, "{count} commands");
}

/// What is named in passing, as `unspin dict build`, is a verb, and has the flags that are named.
#[test]
fn every_verb_and_flag_that_guides_name_is_there() {
    let folder = scene();
    let mut count = 0;
    for (guide, text) in guides() {
        let text = text.replace('\n', " ");
        // In the code that is set between backquotes.
        for named in text.split('`').filter(|part| part.starts_with("unspin ")) {
            let command = named.split(['|', '>']).next().unwrap();
            let words: Vec<&str> = command.split_whitespace().skip(1).collect();
            let is_verb = |w: &&&str| w.bytes().all(|b| b.is_ascii_lowercase());
            let verbs = if matches!(words[0], "dict" | "lm") { 2 } else { 1 };
            let verb = words.iter().take(verbs).take_while(is_verb).copied().collect::<Vec<_>>().join(" ");
            let help = shell(&format!("unspin {verb} --help"), folder.path());
            assert!(help.status.success(), "{guide}: `{named}`: {}", String::from_utf8_lossy(&help.stderr));
            let help = String::from_utf8(help.stdout).unwrap();
            for flag in words.iter().filter(|w| w.starts_with('-') && w.len() > 1) {
                assert!(help.contains(flag), "{guide}: `{named}`: no {flag}");
            }
            count += 1;
        }
    }
    assert!(count >= 30, "{count} named");
}

/// Figures aside, the picture of the README is what the program prints.
#[test]
fn the_picture_of_the_readme_is_a_real_one() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let picture = readme.split("```text\n$ ").nth(1).unwrap().split("```").next().unwrap();
    let (command, shown) = picture.split_once('\n').unwrap();
    let output = shell(command, scene().path());
    let printed = String::from_utf8(output.stdout).unwrap();
    let masked = |line: &str| line.replace(|c: char| c.is_ascii_digit(), "").replace("over .%", "%").trim().to_string();
    let printed: Vec<String> = printed.lines().map(masked).collect();
    for line in shown.lines().filter(|l| !l.trim().is_empty()) {
        assert!(printed.contains(&masked(line)), "{line} is not printed");
    }
}
