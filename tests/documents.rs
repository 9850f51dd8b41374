//! Every command that README, guides and help texts show does what they say.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const GUIDES: [&str; 6] = [
    "README.md",
    "docs/reports.md",
    "docs/configuration.md",
    "docs/restoring.md",
    "docs/language-models.md",
    "CONTRIBUTING.md",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
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
        let is_command = line.starts_with("unspin ") || (line.starts_with("cat ") && line.contains("| unspin"));
        if !is_command || line.starts_with("unspin: ") || line.contains('<') && line.contains('>') {
            continue;
        }
        let command = line.split(" #").next().unwrap().split("   ").next().unwrap().trim().to_string();
        commands.push((command, lines.peek().is_some_and(|next| next.trim() == "? 2")));
    }
    commands
}

#[test]
fn every_command_of_the_guides_runs() {
    let mut count = 0;
    for guide in GUIDES {
        let folder = scene();
        let other = "unspin lm count examples/*.txt -o other.counts && unspin lm build other.counts -o other.arpa";
        assert!(shell(other, folder.path()).status.success());
        for (command, fails) in commands(&fs::read_to_string(repository().join(guide)).unwrap()) {
            let output = shell(&command, folder.path());
            let stderr = String::from_utf8_lossy(&output.stderr);
            let status = output.status.code().unwrap();
            assert_eq!(status == 2, fails, "{guide}: {command}: {status}, {stderr}");
            assert!(status <= 2, "{guide}: {command}: {status}, {stderr}");
            count += 1;
        }
    }
    assert!(count >= 20, "{count} commands");
}

#[test]
fn every_example_of_the_help_texts_runs() {
    for verb in ["scan", "explain"] {
        let folder = scene();
        let help = shell(&format!("unspin {verb} --help"), folder.path());
        let found = commands(&String::from_utf8(help.stdout).unwrap());
        assert!(!found.is_empty(), "{verb} shows no example");
        for (command, _) in found {
            let output = shell(&command, folder.path());
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{command}: {stderr}");
        }
    }
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
