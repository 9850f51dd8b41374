//! Evaluations of reports written by hand, so that every figure can be worked out and none
//! depends on a dictionary.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use unspin::Model;
use unspin::evaluate::{Edit, Evaluation, GoldEdit, Sample, Scored, clusters, write_html, write_json, write_text};

/// A text of a group with its edits and findings, each named by a phrase of the text.
fn scored(
    path: &str,
    text: &str,
    gold: Option<&[(&str, &[&str])]>,
    findings: &[(&str, &[&str], f64)],
    verdict: (&str, f64),
) -> Scored {
    let span = |phrase: &str| {
        let start = text.find(phrase).unwrap();
        (start, start + phrase.len())
    };
    let edit = |(phrase, original): &(&str, &[&str])| {
        let (start, end) = span(phrase);
        GoldEdit { start, end, original: original.iter().map(ToString::to_string).collect() }
    };
    let mut sample = Sample::genuine(path, text);
    sample.group = path.rsplit_once('/').unwrap().0.to_string();
    if sample.group == "news-0.5" {
        (sample.style, sample.rate) = (Some("news".into()), Some("0.5".into()));
    }
    sample.gold = gold.map(|gold| gold.iter().map(edit).collect());
    let finding = |(phrase, replacements, confidence): &(&str, &[&str], f64)| -> Value {
        let (start, end) = span(phrase);
        let each = 1.0 / 2f64.powi(i32::try_from(replacements.len()).unwrap() - 1);
        json!({"start": start, "end": end, "line": 1, "column": start + 1, "text": phrase, "confidence": confidence,
            "applicability": if *confidence >= 0.9 { "safe" } else { "display" },
            "replacements": replacements.iter().map(|r| json!({"text": r, "probability": each})).collect::<Vec<_>>(),
            "evidence": {"pack": "core", "context": 4.5, "channel": -1.25, "genuine_use": 0.5}})
    };
    let report = json!({"schema": 1, "path": path, "id": null, "bytes": text.len(), "words": 9,
        "verdict": {"label": verdict.0, "probability": verdict.1, "log10_odds": 1.0, "spin_rate": 0.5, "styles": []},
        "findings": findings.iter().map(finding).collect::<Vec<_>>()});
    Scored::of_report(sample, serde_json::from_value(report).unwrap())
}

/// Four texts: seven edits of which five are found and four undone, and three false findings.
fn samples() -> Vec<Scored> {
    vec![
        scored("genuine/quiet.txt", "The kettle was cold when Una came down at six.", None, &[], ("clean", 0.25)),
        scored(
            "genuine/tags.txt",
            "She wrote <b>stated</b> & left it at that, \"for now\".",
            None,
            &[("stated", &["said"], 0.75)],
            ("suspect", 0.5),
        ),
        scored(
            "news-0.5/gate.txt",
            "A second spherical of talks was held in entrance of the gate. The chief stated that folks had been ill.",
            Some(&[
                ("spherical", &["round"]),
                ("in entrance of", &["in front of"]),
                ("chief", &["head", "leader"]),
                ("stated", &["said"]),
                ("had been", &["were"]),
            ]),
            &[
                ("second", &["other"], 0.95),
                ("spherical of", &["round of"], 0.95),
                ("entrance", &["front", "way in"], 0.75),
                ("chief", &["leader"], 0.95),
                ("stated", &["declared", "said"], 0.75),
            ],
            ("spun", 1.0),
        ),
        scored(
            "news-0.5/shut.txt",
            "It could shut subsequent year, the board stated. The fog was thick.",
            Some(&[("subsequent", &["next"]), ("stated", &["said"])]),
            &[("subsequent year", &["next year"], 0.95), ("thick", &["dense"], 0.55)],
            ("clean", 0.375),
        ),
    ]
}

fn rendered(write: impl Fn(&Evaluation, &mut Vec<u8>) -> std::io::Result<()>, worst: usize) -> String {
    let mut out = Vec::new();
    write(&Evaluation::of(&samples(), worst), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let evaluation = Evaluation::of(&samples(), 5);
    let json = serde_json::to_value(&evaluation).unwrap();
    let all = &json["groups"]["ALL"];
    assert_eq!(all["gold"], 7);
    // Of seven findings in spun texts, `second` and `thick` are false; `stated` is found and wrong.
    assert_eq!((&all["detect_P"], &all["detect_R"]), (&json!(5.0 / 7.0), &json!(5.0 / 7.0)));
    assert_eq!((&all["restore_P"], &all["restore_R"]), (&json!(4.0 / 7.0), &json!(4.0 / 7.0)));
    assert_eq!((&all["top1"], &all["top3"], &all["net"]), (&json!(0.8), &json!(1.0), &json!(2.0 / 7.0)));
    assert_eq!((&all["clean_words"], &all["false_per_10k"]), (&json!(20), &json!(500.0)));
    // .375 beats .25 and not .5.
    assert_eq!((&all["AUC"], &all["TPR@0.01"]), (&json!(0.75), &json!(0.5)));
    assert_eq!(json["groups"]["genuine"]["mean_probability"], 0.375);
    assert_eq!(json["groups"]["news-0.5"].get("AUC"), None);

    let safe = &json["grades"][0];
    assert_eq!((&safe["grade"], &safe["found"], &safe["detect_precision"]), (&json!("safe"), &json!(4), &json!(0.75)));
    assert_eq!((&safe["detect_recall"], &safe["false_per_10k"]), (&json!(3.0 / 7.0), &json!(0.0)));
    assert_eq!(json["grades"][2]["restore_recall"], json!(1.0 / 7.0));

    let style = &json["styles"][0];
    assert_eq!(
        (&style["name"], &style["spun"]["texts"], &style["figures"]["AUC"]),
        (&json!("news"), &json!(2), &json!(0.75))
    );
    assert_eq!((&json["rates"][0]["name"], &json["lengths"][0]["name"]), (&json!("0.5"), &json!("under 60")));
    let genre = &json["genres"][0];
    assert_eq!(
        (&genre["name"], &genre["genuine"]["suspect"], &genre["spun"]["texts"]),
        (&json!("genuine"), &json!(1), &json!(0))
    );

    // Findings say .95 four times and are right three times, .75 three times (twice), .55 once (never).
    let ece = (4.0 * (0.95f64 - 0.75) + 3.0 * (0.75 - 2.0 / 3.0) + 0.55) / 8.0;
    assert!((json["reliability"]["findings"]["all"]["ece"].as_f64().unwrap() - ece).abs() < 1e-7);
    // Replacements of right findings say 1, .5, 1, .5 and 1: only the second .5 is wrong.
    let replacements = &json["reliability"]["replacements"]["groups"]["news-0.5"];
    assert_eq!((&replacements["count"], &replacements["brier"]), (&json!(5), &json!(0.1)));

    let at = |confidence: f64| {
        let all = json["thresholds"].as_array().unwrap();
        all.iter().find(|t| (t["confidence"].as_f64().unwrap() - confidence).abs() < 1e-6).unwrap()
    };
    assert_eq!(
        (&at(0.8)["found"], &at(0.8)["detect_R"], &at(0.8)["false_per_10k"]),
        (&json!(4), &json!(3.0 / 7.0), &json!(0.0))
    );
}

#[test]
fn text() {
    insta::assert_snapshot!(rendered(write_text, 5));
}

#[test]
fn json() {
    insta::assert_snapshot!(rendered(write_json, 1));
}

#[test]
fn the_page_stands_alone_and_holds_no_markup_of_the_texts() {
    let page = rendered(|e, out| write_html(e, "a <folder>", out), 5);
    assert!(page.contains("a &lt;folder&gt;") && page.contains("She wrote &lt;b&gt;<del>stated</del> <ins>said</ins>"));
    for foreign in ["<b>", "http", "url(", "<script", "<link", "src=", "@import", "NaN", "inf"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert_eq!(page.matches("<svg").count(), 7);
    for element in ["svg", "figure", "table", "tr", "td", "th", "li", "ol", "div", "p", "h2", "small", "title", "text"]
    {
        let opened = page.matches(&format!("<{element}>")).count() + page.matches(&format!("<{element} ")).count();
        assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
    }
}

#[test]
fn nothing_measured_is_no_error() {
    let evaluation = Evaluation::of(&[], 5);
    let mut out = Vec::new();
    write_text(&evaluation, &mut out).unwrap();
    write_html(&evaluation, "", &mut out).unwrap();
    assert!(evaluation.curve.is_none() && evaluation.reliability.findings.all.is_none());
}

/// What is kept for fitting goes with the findings one by one.
#[test]
fn posteriors_belong_to_their_findings() {
    let text = std::fs::read_to_string("examples/spun.txt").unwrap();
    let observed = Model::english().worker().observe(&text, 0.05);
    let findings = &observed.report.findings;
    assert!(findings.len() > 100 && findings.iter().any(|f| f.confidence < 0.5));
    assert_eq!((findings.len(), findings.len()), (observed.posteriors.len(), observed.spun.len()));
    let mut pairs: Vec<(f32, f32)> =
        observed.posteriors.iter().copied().zip(findings.iter().map(|f| f.confidence)).collect();
    // The text is one section, so that confidence rises with the posterior, but for its rounding.
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(pairs.windows(2).all(|w| w[0].1 <= w[1].1 + 1e-4));
    assert!(observed.spun.iter().all(|p| (f64::from(*p) - observed.report.verdict.probability).abs() < 1e-6));
}

proptest! {
    /// Whatever the bytes, edits compared with themselves are found and undone.
    #[test]
    fn edits_agree_with_themselves(
        data in proptest::collection::vec(prop_oneof![Just(b' '), Just(b'a'), Just(b'\''), any::<u8>()], 0..60),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
        options in proptest::collection::vec("[a ’']{0,6}", 1..4),
    ) {
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(data.len() + 1)).collect();
        at.sort_unstable();
        at.dedup();
        let edit = |span: &[usize]| Edit::minimal(&data, span[0], span[1], options.iter().map(String::as_str));
        let edits: Vec<Edit> = at.chunks_exact(2).map(edit).collect();
        let all = clusters(&data, &edits, &edits);
        prop_assert!(all.iter().all(|c| c.restored && c.within_three && c.gold == c.found));
        prop_assert_eq!(all.iter().map(|c| c.gold.len()).sum::<usize>(), edits.len());
        prop_assert!(edits.iter().all(|e| e.start <= e.end && e.end <= data.len()));
    }
}
