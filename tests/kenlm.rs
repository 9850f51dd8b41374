//! Scores agree with those of the Python package `kenlm`, where it is installed.

#![allow(clippy::unwrap_used)]

use std::process::Command;

use unspin::language_model::{CountOptions, Counter, Counts, CountsHeader, Mixer, kneser_ney, write_arpa};
use unspin::text::word_hash;

const SCORES: &str = "
import sys, kenlm
model = kenlm.Model(sys.argv[1])
for line in open(sys.argv[2]):
    for log, length, unknown in model.full_scores(line.strip()):
        print(repr(log))
";

const TEXTS: [&str; 2] = [
    "The old mill stands by the river. Nobody has lived in the old mill for years. The river runs by the mill.",
    "By the river stands a boat. The boat has stood there for years, and nobody has moved the old boat.",
];

#[test]
fn scores_agree_with_kenlm() {
    let python = Command::new("python3").args(["-c", "import kenlm"]).output();
    if !python.is_ok_and(|o| o.status.success()) {
        println!("skipped: python3 with the package kenlm is not there (pip install kenlm)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let counted = |texts: &[&str]| {
        let header = CountsHeader::new(3, &[]).unwrap();
        let options = CountOptions { header, memory: 8 << 20, american: false, folder: folder.path().into() };
        let mut counter = Counter::new(options);
        counter.add(texts).unwrap();
        let mut file = Vec::new();
        counter.finish(&mut file).unwrap();
        kneser_ney(Counts::read(&file[..]).unwrap()).0
    };
    let mut pruned = counted(&TEXTS);
    pruned.prune(1e-4);
    let mixed = Mixer::new(vec![counted(&TEXTS[..1]), counted(&TEXTS[1..])]).mix(&[0.3, 0.7]);
    let sentences = [
        "the old mill stands by the river",
        "nobody has moved the river",
        "a zebra lived in the boat for zebra years",
        "boat",
        "mill mill mill",
    ];
    let text = folder.path().join("sentences");
    std::fs::write(&text, sentences.join("\n")).unwrap();
    for (name, model) in [("smoothed", counted(&TEXTS)), ("pruned", pruned), ("mixed", mixed)] {
        let arpa = folder.path().join(format!("{name}.arpa"));
        write_arpa(&model, std::fs::File::create(&arpa).unwrap()).unwrap();
        let output = Command::new("python3").args(["-c", SCORES]).args([&arpa, &text]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let theirs: Vec<f32> = String::from_utf8(output.stdout).unwrap().lines().map(|l| l.parse().unwrap()).collect();
        let mut ours = Vec::new();
        for sentence in sentences {
            let mut context = vec![model.word(word_hash("<s>"))];
            for word in sentence.split(' ').chain(["</s>"]) {
                let word = model.word_or_unknown(word_hash(word));
                ours.push(model.log_probability(&context, word) * std::f32::consts::LOG10_E);
                context.push(word);
            }
        }
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!((ours - theirs).abs() < 1e-4, "{name}: {ours}, where kenlm says {theirs}");
        }
        println!("{name}: {} scores agree with kenlm", ours.len());
    }
}
