//! `learn`, `dict import` and `dict check` as users run them.

// What cannot be set up fails the test.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn unspin(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unspin")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder of files of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (name, content) in files {
            let path = folder.0.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }
}

const ORIGINAL: &str = "The harbour was quiet on Sunday. Fishermen said the second round of repairs would begin \
    in spring, and they said that the old pier would stay open until then. A member of the council said nothing.";
const SPUN: &str = "The harbour was quiet on Sunday. Fishermen stated the second spherical of repairs would begin \
    in spring, and they stated that the old pier would stay open until then. A member of the council stated nothing.";

#[test]
fn a_learnt_pack_finds_what_it_was_learnt_from() {
    let folder = Folder::new(&[("original.txt", ORIGINAL.as_bytes()), ("spun.txt", SPUN.as_bytes())]);
    let pack = folder.path("mine.tsv");
    let (original, spun) = (folder.path("original.txt"), folder.path("spun.txt"));
    let output = unspin(&["learn", &original, &spun, "-o", &pack, "--style", "news"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "2 pairs, met 4 times in 1 texts; 0 texts left out\n");
    assert_eq!(
        folder.read("mine.tsv"),
        "# spun\toriginal\tpos\tstyles\torigin; learnt by `unspin learn` from 1 text\n\
         spherical\tround\tx\tnews:0.520\tlearnt\nstated\tsaid\tx\tnews:0.733\tlearnt\n"
    );
    let dictionary = folder.path("mine.dict");
    assert!(unspin(&["dict", "build", &pack, "-o", &dictionary]).status.success());
    for dictionary in [&pack, &dictionary] {
        let output = unspin(&["scan", "--dict", dictionary, &spun]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    }
    assert!(unspin(&["dict", "check", &pack]).status.success());
    let output = unspin(&["learn", &original, &spun, "-o", &pack, "--min-count", "3"]);
    assert!(output.status.success());
    assert_eq!(folder.read("mine.tsv").lines().count(), 2);
}

#[test]
fn folders_and_json_lines_give_the_same() {
    let object = serde_json::json!({"original": ORIGINAL, "spun": SPUN}).to_string();
    let folder = Folder::new(&[
        ("a/x/one.txt", ORIGINAL.as_bytes()),
        ("b/x/one.txt", SPUN.as_bytes()),
        ("a/two.txt", ORIGINAL.as_bytes()),
        ("b/two.txt", SPUN.as_bytes()),
        ("a/alone.txt", b"Nobody spun this."),
        ("a/other.txt", ORIGINAL.as_bytes()),
        ("b/other.txt", b"Bread wants time, and dough wants warmth."),
        ("pairs.jsonl", format!("{object}\n\n{object}\n").as_bytes()),
    ]);
    let output = unspin(&["learn", &folder.path("a"), &folder.path("b"), "-o", &folder.path("one.tsv")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("alone.txt: skipped"));
    assert!(stderr(&output).contains("other.txt: left out, less than a third"));
    let output = unspin(&["learn", "--jsonl", &folder.path("pairs.jsonl"), "-o", &folder.path("two.tsv")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(folder.read("one.tsv"), folder.read("two.tsv"));
}

#[test]
fn what_learn_cannot_read_is_said() {
    let folder = Folder::new(&[
        ("a.txt", ORIGINAL.as_bytes()),
        ("binary", b"\0\x01"),
        ("folder/a.txt", b"x"),
        ("pairs.jsonl", b"{\"original\":\"a\"}\nnonsense\n\xFF\n"),
    ]);
    let (text, pack) = (folder.path("a.txt"), folder.path("out.tsv"));
    for (arguments, expected) in [
        (vec![&text[..], "nowhere.txt"], "nowhere.txt"),
        (vec![&text, &folder.path("folder")], "name two files or two folders"),
        (vec![&text, &folder.path("binary")], "skipped, it is a binary file"),
        (vec!["--jsonl", &folder.path("pairs.jsonl")], "pairs.jsonl:1: missing field `spun`"),
        (vec!["--jsonl", &folder.path("pairs.jsonl")], "pairs.jsonl:3: byte 1 is no UTF-8"),
        (vec![&text], "required"),
        (vec![&text, &text, "--style", "gnus"], "known styles are news"),
    ] {
        let output = unspin(&[&["learn"], &arguments[..], &["-o", &pack]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_screeners_list_becomes_a_pack() {
    let list = "tortured_phrase,expected_phrase,num_papers\n\
        \"\"\"bosom peril\"\" AND NOT (\"\"x\"\" OR \"\"y\"\")\",breast cancer,30\n\
        profound learning,deep learning/deep neural learning,10\nflag commotion,?,2\n\"open,quote,1\n";
    let folder = Folder::new(&[("list.csv", list.as_bytes())]);
    let output = unspin(&["dict", "import", &folder.path("list.csv"), "-o", &folder.path("pack.tsv")]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("list.csv:5: refused, a quoted field is not closed"), "{said}");
    assert!(
        said.contains("2 rows taken, 3 entries\n1 of them without the conditions of their query: lines 2\n"),
        "{said}"
    );
    assert!(said.contains("1 rows skipped: nothing is known to be expected\n1 rows refused\n"), "{said}");
    assert_eq!(
        folder.read("pack.tsv"),
        "# spun\toriginal\tpos\tstyles\torigin; imported by `unspin dict import` from list.csv\n\
         bosom peril\tbreast cancer\tx\tacademic:0.950\timported\n\
         profound learning\tdeep learning\tx\tacademic:0.896\timported\n\
         profound learning\tdeep neural learning\tx\tacademic:0.896\timported\n"
    );
    assert!(unspin(&["dict", "check", &folder.path("pack.tsv")]).status.success());
}

#[test]
fn a_check_names_file_and_line() {
    let sound = "assault\tattack\tn\tnews:0.4\nspherical\tround\tn\tnews:0.4\n";
    let folder = Folder::new(&[
        ("sound.tsv", sound.as_bytes()),
        ("reverse.tsv", b"attack\tassault\tn\tnews:0.4\n"),
        ("bad.tsv", b"spherical\tround\tn\nbeat\ttop\tx\nbeat\ttop\tx\n"),
        ("broken.tsv", b"spherical\tround\tn\nspherical\n"),
        ("latin.tsv", b"caf\xE9\tcoffee house\n"),
    ]);
    let sound = folder.path("sound.tsv");
    let output = unspin(&["dict", "check", &sound]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
    let bad = folder.path("bad.tsv");
    let output = unspin(&["dict", "check", &sound, &bad]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).starts_with(&format!("{bad}:2: error: `beat` stands after `spherical`")),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&output).ends_with(&format!("{bad}:3: error: `beat` and `top` (x) stand in line 2 too\n")));
    assert!(stderr(&output).contains("5 entries, 2 errors, 1 notes (--notes shows them)"), "{}", stderr(&output));
    let reverse = folder.path("reverse.tsv");
    let output = unspin(&["dict", "check", "--notes", &sound, &reverse]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stdout(&output)
            .contains(&format!("{reverse}:1: note: `attack` and `assault`: line 1 of sound says the reverse"))
    );
    for (name, expected) in
        [("broken.tsv", "broken.tsv:2: one column"), ("latin.tsv", "UTF-8"), ("none.tsv", "none.tsv")]
    {
        let output = unspin(&["dict", "check", &folder.path(name)]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn lists_of_any_length_are_read() {
    let word = |n: usize| {
        (0..4).map(|k| char::from(b'a' + u8::try_from(n / 26usize.pow(k) % 26).unwrap())).collect::<String>()
    };
    let mut list: String = (0..200_000).map(|n| format!("{} location\tcountry{n}\n", word(n))).collect();
    list.push_str(&"x".repeat(1 << 20));
    list.push_str("\ty\n");
    let folder = Folder::new(&[("long.tsv", list.as_bytes())]);
    let output = unspin(&["dict", "import", &folder.path("long.tsv"), "-o", &folder.path("pack.tsv")]);
    assert!(stderr(&output).contains("long.tsv:200001: refused, a line of 1048579 bytes"), "{}", stderr(&output));
    assert!(stderr(&output).contains("200000 rows taken"));
}

/// The packs of the repository, in the order of their names.
fn packs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/en/packs");
    let mut packs: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    packs.sort();
    packs
}

#[test]
fn the_packs_have_no_errors() {
    let packs: Vec<String> = packs().iter().map(|p| p.display().to_string()).collect();
    let arguments: Vec<&str> = ["dict", "check"].into_iter().chain(packs.iter().map(String::as_str)).collect();
    let output = unspin(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}
