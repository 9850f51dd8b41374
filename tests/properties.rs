//! What holds of every text, tried on arbitrary ones and on ones full of swaps.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::sync::OnceLock;

use proptest::prelude::*;

use unspin::{Applicability, Model, Report};

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(Model::english)
}

/// Words and phrases that spinners write, and some that they do not, with odd neighbours.
const WORDS: &[&str] = &[
    "stated",
    "spherical",
    "officers",
    "in opposition to",
    "additionally",
    "the place",
    "throughout",
    "within the",
    "12 months",
    "final",
    "had been",
    "folks",
    "assaults",
    "an",
    "a",
    "settlement",
    "with out",
    "on-line",
    "can not",
    "in entrance of",
    "in keeping with",
    "greater than",
    "a couple of",
    "the corporate",
    "each",
    "different",
    "however",
    "council",
    "harbour",
    "boat",
    "river",
    "the",
    "of",
    "Tuesday",
    "Maria",
    "U.S.",
    "Mr.",
    "3.5",
    "2021",
    "naïve",
    "don't",
    "don’t",
    "company's",
    "life-style",
    "STATED",
    "Assaults",
    "Iranian",
    "e\u{301}tat",
    "İstanbul",
    "ﬁnal",
    "😀",
    "日本",
    "\u{200b}",
    "\u{ad}",
    "\u{feff}",
];

/// What may stand between words.
const JOINTS: &[&str] = &[
    " ", " ", " ", " ", " ", ", ", ". ", ".", "\n", "\r\n", "\n\n", "-", "–", "\u{a0}", "  ", "\t", " “", "” ", "'s ",
    " (", ") ", "... ", "/", "",
];

/// Sentences as a news spinner leaves them.
const SPUN: &[&str] = &[
    "The officers stated the assaults had been deliberate for a lot of months.",
    "The council requested for additional cash earlier than the top of the 12 months.",
    "She stated that folks ought to be advised in regards to the adjustments.",
    "The corporate confirmed that it might shut a number of retailers final month.",
    "Residents marched in opposition to the plan in entrance of the city corridor.",
    "A second spherical of negotiations will likely be held in different international locations.",
    "He was additionally in search of an settlement with the federal government.",
    "It takes greater than two hours to attain the hospital by automotive.",
    "THE POLICE STATED THE INVESTIGATION WAS NONETHELESS UNDERWAY.",
    "Throughout the assembly, the chief of the celebration spoke for virtually an hour.",
];

/// Sentences as people write them.
const GENUINE: &[&str] = &[
    "The bakery on Mill Street opens at six, but the bread is ready an hour before that.",
    "Her father did the same for thirty years and never once complained about the cold.",
    "When it rains the path along the river turns to mud, so we take the road instead.",
    "Nobody could say how old the piano was; it had always stood there.",
];

fn arbitrary_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "\\PC{0,200}", "[a-zA-Z ,.'-]{0,300}"]
}

fn word_salad() -> impl Strategy<Value = String> {
    let pieces = (prop::sample::select(WORDS), prop::sample::select(JOINTS));
    prop::collection::vec(pieces, 0..120).prop_map(|pieces| pieces.into_iter().flat_map(|(w, j)| [w, j]).collect())
}

fn spun_article() -> impl Strategy<Value = String> {
    let sentence = prop_oneof![4 => prop::sample::select(SPUN), 1 => prop::sample::select(GENUINE)];
    let joint = prop::sample::select(&[" ", "\n", "\r\n\r\n"][..]);
    prop::collection::vec((sentence, joint), 6..20)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(s, j)| [s, j]).collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![arbitrary_text(), word_salad(), spun_article()]
}

/// Every finding slices the text, in its order and without overlap, where it says it does.
fn findings_fit(text: &str, report: &Report) {
    assert_eq!(report.bytes, text.len() as u64);
    let mut at = 0;
    for finding in &report.findings {
        assert!(at <= finding.start && finding.start < finding.end, "{finding:?} begins before {at}");
        assert_eq!(text.get(finding.start..finding.end), Some(finding.text.as_str()));
        at = finding.end;

        let before = &text[..finding.start];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        assert_eq!(finding.line, before.matches('\n').count() + 1);
        assert_eq!(finding.column, before[line_start..].chars().count() + 1);

        assert!((0.0..=1.0).contains(&finding.confidence));
        assert!(!finding.replacements.is_empty());
        let mut last = 1.0 + 1e-3;
        for replacement in &finding.replacements {
            assert!((0.0..=last).contains(&replacement.probability), "{finding:?}");
            assert_ne!(replacement.text, finding.text);
            last = replacement.probability;
        }
        let sum: f32 = finding.replacements.iter().map(|r| r.probability).sum();
        assert!(sum <= 1.0 + 1e-3, "{finding:?}");
    }
    let verdict = &report.verdict;
    assert!((0.0..=1.0).contains(&verdict.probability) && (0.0..=1.0).contains(&verdict.spin_rate));
    assert!(verdict.log10_odds.is_finite());
}

/// What `report.restore` must give, put together the simple way: the text with the findings
/// replaced, of which nothing may differ but an article before a replacement.
fn outside_stays(text: &str, report: &Report, restored: &str, least: Applicability) {
    let mut out = String::new();
    let mut at = 0;
    for finding in report.findings.iter().filter(|f| f.applicability >= least) {
        out.push_str(&text[at..finding.start]);
        let replacement = &finding.replacements[0].text;
        if !restored.starts_with(&format!("{out}{replacement}")) {
            out = mend_article(&out).unwrap_or_else(|| panic!("{out:?} was changed: {restored:?}"));
        }
        out.push_str(replacement);
        assert!(restored.starts_with(&out), "{out:?} was changed: {restored:?}");
        at = finding.end;
    }
    out.push_str(&text[at..]);
    assert_eq!(restored, out);
}

/// The text with the article at its end changed for the other one.
fn mend_article(text: &str) -> Option<String> {
    let stem = text.trim_end_matches(' ');
    let blanks = &text[stem.len()..];
    let other = [("an", "a"), ("An", "A"), ("AN", "A"), ("a", "an"), ("A", "An")];
    other.iter().find_map(|(old, new)| Some(format!("{}{new}{blanks}", stem.strip_suffix(old)?)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn every_report_fits_its_text(text in any_text()) {
        let report = model().scan(&text);
        findings_fit(&text, &report);
        // The same text gives the same report, from a worker that has seen others too.
        let mut worker = model().worker();
        let _ = worker.scan("The officers stated the assaults had been deliberate.");
        prop_assert_eq!(&worker.scan(&text), &report);
    }

    #[test]
    fn a_report_survives_json(text in any_text()) {
        let report = model().scan(&text);
        let mut line = Vec::new();
        unspin::report::write_jsonl(&report, &mut line).unwrap();
        prop_assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1);
        let back: Report = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(back, report);
    }

    #[test]
    fn restoring_leaves_everything_else_as_it_was(text in any_text()) {
        let report = model().scan(&text);
        for least in [Applicability::Safe, Applicability::Unsafe, Applicability::Display] {
            outside_stays(&text, &report, &report.restore(&text, least), least);
        }
        // A report of another text does no harm.
        let _ = report.restore(&text.chars().rev().collect::<String>(), Applicability::Display);
    }

    /// Scanning goes on until nothing is left to undo.
    #[test]
    fn restoring_twice_changes_nothing_more(text in spun_article()) {
        let restore = |text: &str| model().restore(text, Applicability::Unsafe).text;
        let once = restore(&text);
        prop_assert_eq!(restore(&once), once);
    }

    #[test]
    fn the_report_for_people_steers_no_terminal(text in any_text()) {
        let mut rendered = Vec::new();
        let report = model().scan(&text);
        unspin::report::write_human(&report, &text, &mut rendered).unwrap();
        let plain = anstream::adapter::strip_bytes(&rendered).into_vec();
        let plain = String::from_utf8(plain).unwrap();
        prop_assert!(!plain.chars().any(|c| c.is_control() && c != '\n'), "{:?}", plain);
    }

    #[test]
    fn a_batch_is_what_its_texts_are(texts in prop::collection::vec(any_text(), 0..12)) {
        let one_by_one: Vec<Report> = texts.iter().map(|t| model().scan(t)).collect();
        prop_assert_eq!(model().scan_batch(&texts), one_by_one);
    }

    #[test]
    fn explaining_takes_any_sentence(text in any_text(), rate in 0.0f32..=1.0) {
        for row in model().explain(&text, rate) {
            prop_assert!(text.contains(&row.phrase));
            prop_assert!((0.0..=1.001).contains(&row.posterior), "{row:?}");
        }
    }
}

/// Spun articles do have findings: the properties above are not true of nothing.
#[test]
fn spun_articles_have_findings() {
    let mut text = String::new();
    for sentence in SPUN {
        writeln!(text, "{sentence}").unwrap();
    }
    let report = model().scan(&text);
    assert!(report.findings.len() >= 20, "{}", report.findings.len());
    assert!(report.findings.iter().filter(|f| f.applicability == Applicability::Safe).count() >= 10);
    assert_ne!(report.restore(&text, Applicability::Safe), text);
}
