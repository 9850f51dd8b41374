//! Texts that are hardly texts: no words, one sentence a million times, several languages in
//! turn, capitals throughout. Whatever else is said of them, nobody is accused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use unspin::{Label, Model, Report};

const GENUINE: &str = include_str!("../examples/genuine.txt");

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(Model::english)
}

/// Scans a text that nobody rewrote: the label is sound, and what is not judged has no findings.
fn scanned(what: &str, text: &str) -> Report {
    let report = model().scan(text);
    let label = report.verdict.label;
    assert!(matches!(label, Label::Clean | Label::Unknown), "{what}: {:?}, {:?}", report.verdict, report.findings);
    assert!(report.verdict.probability < 0.5, "{what}: {:?}", report.verdict);
    assert!(report.sections.is_empty(), "{what}: {:?}", report.sections);
    if label == Label::Unknown {
        assert!(report.findings.is_empty(), "{what}: {:?}", report.findings);
    }
    report
}

#[test]
fn what_holds_no_prose_is_unknown() {
    let cases = [
        ("nothing", String::new()),
        ("blanks", " \t\n\u{a0}\u{3000}\r\n".repeat(50)),
        ("one word", "harbour".into()),
        ("a word of spinners", "spherical".into()),
        ("one sentence", "The ferry leaves at seven, and nobody waits for it.".into()),
        ("digits", "0123456789".repeat(500)),
        ("numbers", "12 345 6.78 90,000 -1 1/2 ".repeat(300)),
        ("a number a line", (0..2000).map(|n| format!("{n}\n")).collect()),
        ("emoji", "😀🐈🚲".repeat(500)),
        ("emoji with blanks", "😀 🐈‍⬛ 👩🏽‍🚒 🇩🇰 ".repeat(500)),
        ("signs", "!?.,;:-–—()[]{}«»“”".repeat(200)),
        ("one letter", "a ".repeat(50)),
    ];
    for (what, text) in cases {
        let report = scanned(what, &text);
        assert_eq!(report.verdict.label, Label::Unknown, "{what}: {:?}", report.verdict);
    }
}

/// The same text in another form: what can still be read is clean, the rest is unknown.
#[test]
fn the_form_of_a_genuine_text_accuses_nobody() {
    let is_sign = |c: char| c.is_ascii_punctuation() || "“”‘’–—£".contains(c);
    let words = || GENUINE.split(|c: char| c.is_whitespace() || is_sign(c)).filter(|word| !word.is_empty());
    let lower = GENUINE.to_lowercase();
    let cases = [
        ("as it is", GENUINE.to_string()),
        ("capitals", GENUINE.to_uppercase()),
        ("lower case", lower.clone()),
        ("every word capitalised", words().map(capitalised).collect::<Vec<_>>().join(" ")),
        ("no punctuation", words().collect::<Vec<_>>().join(" ")),
        ("lower case, no punctuation", lower.replace(is_sign, "")),
        ("one word a line", words().collect::<Vec<_>>().join("\n")),
        ("one word a paragraph", words().collect::<Vec<_>>().join("\n\n")),
        ("one word a sentence", words().collect::<Vec<_>>().join(". ")),
        ("no blanks", words().collect()),
        ("many blanks", words().collect::<Vec<_>>().join(" \t  ")),
        ("backwards", words().rev().collect::<Vec<_>>().join(" ")),
        ("letters parted", words().map(parted).collect::<Vec<_>>().join("  ")),
        ("every letter doubled", GENUINE.chars().flat_map(|c| [c, c]).collect()),
    ];
    for (what, text) in cases {
        let is_read = !["no blanks", "every letter doubled"].contains(&what);
        let expected = if is_read { Label::Clean } else { Label::Unknown };
        assert_eq!(scanned(what, &text).verdict.label, expected, "{what}");
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn parted(word: &str) -> String {
    word.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

#[test]
fn languages_in_turn_accuse_nobody() {
    let english = [
        "The bakery on the corner has changed hands twice since the spring.",
        "My neighbour swears that the bread was better under the first owner.",
        "I buy my rolls there all the same, because it opens before the bus leaves.",
        "On Saturdays the queue reaches as far as the chemist's.",
    ];
    let french = [
        "La boulangerie du coin a changé deux fois de propriétaire depuis le printemps.",
        "Ma voisine jure que le pain était meilleur du temps du premier.",
        "J'y achète quand même mes petits pains, parce qu'elle ouvre avant le départ du bus.",
        "Le samedi, la queue va jusqu'à la pharmacie.",
    ];
    let german = [
        "Die Bäckerei an der Ecke hat seit dem Frühjahr zweimal den Besitzer gewechselt.",
        "Meine Nachbarin schwört, das Brot sei beim ersten besser gewesen.",
        "Ich hole meine Brötchen trotzdem dort, weil sie vor der Abfahrt des Busses öffnet.",
        "Samstags reicht die Schlange bis zur Apotheke.",
    ];
    let by_sentence: Vec<&str> = (0..4).flat_map(|i| [english[i], french[i], german[i]]).collect();
    let by_text = [english.join(" "), french.join(" "), german.join(" ")].join("\n\n");
    let by_word: Vec<&str> = (0..4)
        .flat_map(|i| {
            let [a, b, c] = [english[i], french[i], german[i]].map(|s| s.split(' ').collect::<Vec<_>>());
            let most = a.len().max(b.len()).max(c.len());
            (0..most).flat_map(move |w| [a.get(w).copied(), b.get(w).copied(), c.get(w).copied()]).flatten()
        })
        .collect();
    for times in [1, 5, 50] {
        scanned("by sentence", &vec![by_sentence.join(" "); times].join(" "));
        scanned("by text", &vec![by_text.clone(); times].join("\n\n"));
        scanned("by word", &vec![by_word.join(" "); times].join(" "));
        for (what, text) in [("French", french.join(" ")), ("German", german.join(" "))] {
            let report = scanned(what, &vec![text; times].join(" "));
            assert_eq!(report.verdict.label, Label::Unknown, "{what} {times} times");
        }
        let both: Vec<&str> = (0..4).flat_map(|i| [french[i], german[i]]).collect();
        let report = scanned("French and German", &vec![both.join(" "); times].join(" "));
        assert_eq!(report.verdict.label, Label::Unknown, "{times} times");
    }
}

/// What the scan of so many copies of a sentence takes.
fn repeated(sentence: &str, copies: usize) -> Duration {
    let text = sentence.repeat(copies);
    let begun = Instant::now();
    let report = scanned(sentence, &text);
    let taken = begun.elapsed();
    assert_eq!(report.bytes, text.len() as u64);
    assert_eq!(report.verdict.label, Label::Clean, "{sentence}: {:?}", report.verdict);
    taken
}

/// Four times as much takes four times as long; a cost that grew with the square would make it
/// sixteen times. What else a machine does may slow one of the two down, but not each time.
fn takes_linear_time(sentence: &str, copies: usize) {
    const ATTEMPTS: usize = 3;
    let mut taken = Vec::new();
    for _ in 0..ATTEMPTS {
        let (quarter, whole) = (repeated(sentence, copies / 4), repeated(sentence, copies));
        taken.push((quarter, whole));
        if whole < quarter * 8 {
            println!("{sentence:?}: {taken:?}");
            return;
        }
    }
    panic!("{sentence:?}, a quarter and {copies} times: {taken:?}");
}

#[test]
fn one_sentence_a_million_times_takes_linear_time() {
    takes_linear_time("It rained. ", 1_000_000);
}

#[test]
fn one_paragraph_many_times_takes_linear_time() {
    takes_linear_time("The goats came home on their own.\n\n", 100_000);
}

/// One line, no full stop.
#[test]
fn a_sentence_without_an_end_takes_linear_time() {
    takes_linear_time("and then it rained ", 100_000);
}
