//! Input that nobody would call good: a clear message, the exit status of the contract, and
//! everything else reported all the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use unspin::dictionary::{Dictionary, GenuineUse, Inflector, compile, read_pack};
use unspin::language_model::{LanguageModel, Ngrams, pack};
use unspin::{Label, Model, ModelBuilder};

const SPUN: &str = include_str!("../examples/spun.txt");
const GENUINE: &str = include_str!("../examples/genuine.txt");

/// More than the sections that long texts are scanned in, many times over.
const TEN_MB: usize = 10 << 20;

fn unspin(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unspin")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> (String, String) {
    (String::from_utf8(output.stdout.clone()).unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

/// The reports of a run, a line each.
fn reports(output: &Output) -> Vec<Value> {
    said(output).0.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_string()
}

fn is_one_line_of_sense(stderr: &str) {
    assert!(stderr.starts_with("unspin: ") && stderr.ends_with('\n') && stderr.lines().count() == 1, "{stderr}");
    assert!(stderr.len() < 500, "{} bytes of message", stderr.len());
}

#[test]
fn a_missing_file_leaves_the_others_reported() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.txt", GENUINE);
    let missing = folder.path().join("missing.txt");
    let output = unspin(&["scan", "--format", "jsonl", missing.to_str().unwrap(), &good]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(reports(&output)[0]["path"], good);
    let (_, stderr) = said(&output);
    is_one_line_of_sense(&stderr);
    assert!(stderr.contains("missing.txt") && stderr.contains("check the name"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_of_a_folder_leaves_the_others_reported() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.txt", GENUINE);
    let locked = write(folder.path(), "b.txt", GENUINE);
    write(folder.path(), "c.txt", GENUINE);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&locked).is_ok() {
        // The superuser reads everything: there is nothing to see here.
        return;
    }
    let output = unspin(&["scan", "--format", "jsonl", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(reports(&output).len(), 2);
    let (_, stderr) = said(&output);
    is_one_line_of_sense(&stderr);
    assert!(stderr.contains("b.txt") && stderr.contains("give yourself leave to read it"), "{stderr}");
}

#[test]
fn what_holds_too_little_english_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let german = "Der Gemeinderat hat am Dienstag beschlossen, die alte Brücke über den Fluss bis zum Herbst für den \
        Verkehr zu sperren. Gutachter hatten im Frühjahr Risse in zwei Pfeilern gefunden. Fußgänger und Radfahrer \
        dürfen weiter hinüber, Autos müssen den Umweg über das Nachbardorf nehmen, der gut zwölf Kilometer lang ist. \
        Die Bürgermeisterin sagte, die Sicherheit gehe vor. Ein Landwirt, dessen Felder auf der anderen Seite liegen, \
        will gegen den Beschluss klagen. Bis das Gericht entscheidet, fährt er jeden Morgen eine halbe Stunde länger.";
    let french = "Le conseil municipal a décidé mardi de fermer le vieux pont aux voitures jusqu'à l'automne. Des \
        experts avaient trouvé au printemps des fissures dans deux piliers. Les piétons et les cyclistes peuvent \
        encore passer, mais les voitures doivent faire un détour de douze kilomètres par le village voisin. La \
        mairesse a dit que la sécurité passait avant tout. Un agriculteur dont les champs se trouvent de l'autre côté \
        veut attaquer la décision en justice. En attendant, il part chaque matin une demi-heure plus tôt.";
    let greek = "Το δημοτικό συμβούλιο αποφάσισε να κλείσει την παλιά γέφυρα για τα αυτοκίνητα. ".repeat(8);
    let files = [
        ("empty", String::new()),
        ("blank", " \n\t\u{a0}\r\n".repeat(100)),
        ("digits", "1984 3.14 007 1,000,000 ".repeat(100)),
        ("emoji", "😀 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 ".repeat(100)),
        ("punctuation", "...!?—“”‘’()[]{}<>|\\/~ ".repeat(100)),
        ("combining", "e\u{301}\u{301}\u{301}".repeat(200)),
        ("german", german.repeat(3)),
        ("french", french.repeat(3)),
        ("greek", greek),
    ];
    let paths: Vec<String> = files.iter().map(|(name, text)| write(folder.path(), name, text)).collect();
    let mut arguments = vec!["scan", "--format", "jsonl"];
    arguments.extend(paths.iter().map(String::as_str));
    let output = unspin(&arguments);
    assert_eq!((output.status.code(), said(&output).1.as_str()), (Some(0), ""));
    let reports = reports(&output);
    assert_eq!(reports.len(), files.len());
    for (report, (name, text)) in reports.iter().zip(&files) {
        assert_eq!(report["verdict"]["label"], "unknown", "{name}");
        assert_eq!(report["bytes"], text.len(), "{name}");
        assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{name}");
    }
}

#[test]
fn offsets_lead_into_the_file_where_it_is_no_utf_8() {
    let folder = tempfile::tempdir().unwrap();
    // Bytes that begin no character, characters cut short, and an overlong form, throughout.
    let mut bytes = b"\xff\xfe".to_vec();
    for line in SPUN.lines() {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b" \xe2\x80 caf\xe9 \xf0\x9f\x98 \xc0\xaf\n");
    }
    let path = write(folder.path(), "broken.txt", &bytes);
    let output = unspin(&["scan", "--format", "jsonl", &path]);
    assert_eq!(output.status.code(), Some(1));
    let report = &reports(&output)[0];
    assert_eq!(report["bytes"], bytes.len());
    let findings = report["findings"].as_array().unwrap();
    let offset = |finding: &Value, field: &str| usize::try_from(finding[field].as_u64().unwrap()).unwrap();
    assert!(findings.len() > 20);
    assert!(findings.iter().any(|f| offset(f, "start") > bytes.len() / 2));
    for finding in findings {
        let slice = &bytes[offset(finding, "start")..offset(finding, "end")];
        assert_eq!(std::str::from_utf8(slice).unwrap(), finding["text"]);
    }

    // Restoring leaves the bytes alone that it does not understand.
    let restored = unspin(&["restore", &path]).stdout;
    assert_ne!(restored, bytes);
    let odd = |bytes: &[u8]| bytes.iter().copied().filter(|b| *b >= 0x80).collect::<Vec<u8>>();
    assert_eq!(odd(&restored), odd(&bytes));
}

#[test]
fn a_binary_file_is_skipped_with_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let binary = write(folder.path(), "a.bin", b"\x7fELF\x02\x01\x01\0\0\0\0said");
    let good = write(folder.path(), "good.txt", GENUINE);
    let output = unspin(&["scan", "--format", "jsonl", &binary, &good]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(reports(&output).len(), 1);
    let (_, stderr) = said(&output);
    is_one_line_of_sense(&stderr);
    assert!(stderr.contains("a.bin: skipped, it is a binary file"), "{stderr}");
    let output = unspin(&["restore", &binary]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    is_one_line_of_sense(&said(&output).1);
}

#[test]
fn one_line_of_ten_megabytes_is_scanned_within_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let prose = GENUINE.replace('\n', " ");
    let hostile = [
        ("letters", "x".repeat(TEN_MB)),
        ("apostrophes", "a'".repeat(TEN_MB / 2)),
        ("digits", "1234567890".repeat(TEN_MB / 10)),
        ("full stops", ".".repeat(TEN_MB)),
        ("abbreviations", "U.S.".repeat(TEN_MB / 4)),
        ("combining marks", "e\u{301}\u{302}".repeat(TEN_MB / 5)),
        ("prose", prose.repeat(TEN_MB / prose.len())),
    ];
    for (name, text) in hostile {
        let path = write(folder.path(), "line.txt", &text);
        let begun = Instant::now();
        let output = unspin(&["scan", "--format", "jsonl", &path]);
        let taken = begun.elapsed();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {:?}", said(&output).1);
        assert_eq!(reports(&output)[0]["bytes"], text.len(), "{name}");
        // Several times what it takes; a cost that grows with the square takes many minutes.
        assert!(taken < Duration::from_secs(60), "{name}: {taken:?}");
        eprintln!("{name}: {taken:?}");
    }
}

/// A small dictionary and a small language model in their compiled forms.
fn compiled() -> (Vec<u8>, Vec<u8>) {
    let words: Vec<String> = ["<s>", "</s>", "round", "spherical", "a"].map(String::from).to_vec();
    let unigrams = vec![(-9.0, 0.0), (-2.0, 0.0), (-3.0, 0.0), (-8.0, 0.0), (-1.0, 0.0)];
    let bigrams = vec![([4, 2], -0.5, -0.1), ([4, 3], -6.0, 0.0)];
    let model = pack(&Ngrams { words, unigrams, bigrams, trigrams: vec![([0, 4, 2], -0.2)] }).unwrap();
    let entries = read_pack("p", "p.tsv", "spherical\tround\ta\tnews:0.5\nin opposition to\tagainst\n").unwrap();
    let dictionary = compile(&[entries], Inflector::english(), &GenuineUse::default(), &model).unwrap();
    (dictionary.as_bytes().to_vec(), model.as_bytes().to_vec())
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let (dictionary, model) = compiled();
    for length in 0..dictionary.len() {
        let error = Dictionary::from_bytes(dictionary[..length].to_vec()).unwrap_err().to_string();
        assert!(error.contains("cut short") || error.contains("not a compiled"), "{length}: {error}");
    }
    for length in 0..model.len() {
        let error = LanguageModel::from_bytes(model[..length].to_vec()).unwrap_err().to_string();
        assert!(error.contains("cut short") || error.contains("this is not"), "{length}: {error}");
    }
    let longer = |bytes: &[u8]| [bytes, b"?"].concat();
    assert!(Dictionary::from_bytes(longer(&dictionary)).is_err());
    assert!(LanguageModel::from_bytes(longer(&model)).is_err());
}

#[test]
fn a_damaged_file_is_refused_or_scanned_all_the_same() {
    let (dictionary, model) = compiled();
    let text = "A second spherical of negotiations stood in opposition to a round.";
    let damaged = |bytes: &[u8], at: usize, bits: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= bits;
        bytes
    };
    for bits in [0x01, 0x10, 0x80, 0xff] {
        for at in 0..dictionary.len() {
            let Ok(dictionary) = Dictionary::from_bytes(damaged(&dictionary, at, bits)) else { continue };
            let builder = ModelBuilder::without_dictionary().dictionary(dictionary).min_confidence(0.0);
            let _ = builder.build().unwrap().scan(text);
        }
        for at in 0..model.len() {
            let Ok(model) = LanguageModel::from_bytes(damaged(&model, at, bits)) else { continue };
            let _ = ModelBuilder::english().language_model(model).min_confidence(0.0).build().unwrap().scan(text);
        }
    }
}

#[test]
fn foreign_and_other_version_files_are_refused_by_name_with_the_mend() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(folder.path(), "a.txt", GENUINE);
    let (dictionary, model) = compiled();
    let other_version = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[8..12].copy_from_slice(&99u32.to_le_bytes());
        bytes
    };
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let archive = b"PK\x03\x04\x14\0\0\0\x08\0\xb7\xac\xce\x34".to_vec();
    let cases: [(&str, &str, Vec<u8>, &str); 8] = [
        ("--dict", "cut.dict", half(&dictionary), "copy or build it again"),
        ("--dict", "old.dict", other_version(&dictionary), "format version 99"),
        ("--dict", "zip.dict", archive.clone(), "compile a pack with `unspin dict build`"),
        ("--dict", "model.dict", model.clone(), "not a compiled unspin dictionary"),
        ("--lm", "cut.lm", half(&model), "copy or build it again"),
        ("--lm", "old.lm", other_version(&model), "unspin lm build"),
        ("--lm", "zip.lm", archive, "unspin lm build"),
        ("--lm", "empty.lm", Vec::new(), "unspin lm build"),
    ];
    for (flag, name, bytes, mend) in cases {
        let path = write(folder.path(), name, bytes);
        let output = unspin(&["scan", flag, &path, &text]);
        let (stdout, stderr) = said(&output);
        assert_eq!((output.status.code(), stdout.as_str()), (Some(2), ""), "{name}");
        is_one_line_of_sense(&stderr);
        assert!(stderr.contains(name) && stderr.contains(mend), "{stderr}");
    }
    let output = unspin(&["scan", "--lm", folder.path().join("none").to_str().unwrap(), &text]);
    assert_eq!(output.status.code(), Some(2));
    is_one_line_of_sense(&said(&output).1);
}

#[test]
fn the_compiled_files_work_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(folder.path(), "a.txt", GENUINE);
    let (dictionary, model) = compiled();
    let dictionary = write(folder.path(), "good.dict", dictionary);
    let model = write(folder.path(), "good.lm", model);
    let output = unspin(&["scan", "--dict", &dictionary, "--lm", &model, &text]);
    assert_ne!(output.status.code(), Some(2), "{}", said(&output).1);
    let output = unspin(&["dict", "stats", &dictionary]);
    assert!(said(&output).0.contains("pack p: "), "{}", said(&output).0);
}

#[test]
fn broken_lines_of_a_pack_are_named_with_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(folder.path(), "a.txt", GENUINE);
    let good = "stated\tsaid\tv\tnews:0.5\thand\n";
    let cases = [
        ("a phrase of 1 MB", format!("{}\ty\n", "x".repeat(1 << 20)), "at most 200 bytes"),
        ("a phrase of many words", format!("{}\ty\n", "x ".repeat(60)), "at most 12 words"),
        ("a control character", "sta\u{7}ted\tsaid\n".into(), "U+0007"),
        ("an escape sequence", "\u{1b}[31mstated\tsaid\n".into(), "U+001B"),
        ("an entry for itself", "said\tsaid\tv\n".into(), "must differ"),
        ("one column", "stated said\n".into(), "parted by a tab"),
        ("six columns", "a\tb\tn\tnews:0.1\thand\tmore\n".into(), "at most five"),
        ("no original", "stated\t\tv\n".into(), "must hold a word"),
        ("no word", "...\tsaid\tv\n".into(), "must hold a word"),
        ("no such part of speech", "stated\tsaid\tverb\n".into(), "n (noun)"),
        ("no such style", "stated\tsaid\tv\tgnus:0.5\n".into(), "known are news"),
        ("no probability", "stated\tsaid\tv\tnews\n".into(), "news:0.4"),
        ("a probability above 1", "stated\tsaid\tv\tnews:40\n".into(), "at most 1"),
        ("not a number", "stated\tsaid\tv\tnews:NaN\n".into(), "at most 1"),
    ];
    for (name, line, mend) in cases {
        let path = write(folder.path(), "pack.tsv", format!("# a remark\n{good}{line}"));
        let unwritten = folder.path().join("out.dict");
        for arguments in
            [vec!["dict", "build", &path, "-o", unwritten.to_str().unwrap()], vec!["scan", "--dict", &path, &text]]
        {
            let output = unspin(&arguments);
            let (stdout, stderr) = said(&output);
            assert_eq!((output.status.code(), stdout.as_str()), (Some(2), ""), "{name}");
            is_one_line_of_sense(&stderr);
            assert!(stderr.contains("pack.tsv:3: ") && stderr.contains(mend), "{name}: {stderr}");
            assert!(!stderr.chars().any(|c| c.is_control() && c != '\n'), "{name}: {stderr:?}");
        }
        assert!(!unwritten.exists(), "{name}");
    }
}

#[test]
fn a_pack_without_end_is_refused_in_bounded_time_and_memory() {
    let folder = tempfile::tempdir().unwrap();
    let long = write(folder.path(), "long.tsv", "spherical\tround\n".repeat(600_000));
    let text = write(folder.path(), "a.txt", GENUINE);
    let endless = folder.path().join("endless.tsv");
    // Ten million lines of forty bytes, none of which is read: the file is a hole.
    std::fs::File::create(&endless).unwrap().set_len(400_000_000).unwrap();
    let output = folder.path().join("out.dict");
    for (path, said_of) in
        [(long.as_str(), "long.tsv:500001: entry number 500001"), (endless.to_str().unwrap(), "400000000 bytes")]
    {
        let build = vec!["dict", "build", path, "-o", output.to_str().unwrap()];
        for arguments in [build, vec!["dict", "check", path], vec!["scan", "--dict", path, &text]] {
            let begun = std::time::Instant::now();
            let run = unspin(&arguments);
            let (_, stderr) = said(&run);
            assert_eq!(run.status.code(), Some(2), "{stderr}");
            is_one_line_of_sense(&stderr);
            assert!(stderr.contains(said_of) && stderr.contains("split it"), "{stderr}");
            assert!(begun.elapsed().as_secs() < 20);
        }
    }
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "long.txt", SPUN.repeat(50));
    for arguments in [
        vec!["scan", &path],
        vec!["scan", "--format", "jsonl", &path],
        vec!["restore", &path],
        vec!["explain", "The officers stated."],
        vec!["dict", "list"],
        vec!["dict", "lookup", "stated"],
        vec!["dict", "stats"],
        vec!["lm", "stats", "dictionaries/model/english.lm"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_unspin"))
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn standard_input_may_be_anything() {
    for (bytes, status) in [(&b""[..], 0), (b"\xff\xff\xff", 0), (SPUN.as_bytes(), 1)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_unspin"))
            .args(["scan", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status));
        assert!(said(&output).0.starts_with("-: "));
    }
}

#[test]
fn the_library_takes_what_the_program_takes() {
    let model = Model::english();
    for text in ["", "\u{feff}", "\0", "\u{202e}stated\u{202c}", "\r", "a\u{0}b", "-", "'", "’s", "I\u{307}"] {
        assert_eq!(model.scan(text).verdict.label, Label::Unknown, "{text:?}");
        assert!(model.explain(text, 0.5).len() < 100);
    }
}
