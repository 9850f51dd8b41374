//! Regressions, named after the issue that they came up in.

use unspin::{Applicability, Label, Model};

const SPUN_PAGE: &str = include_str!("../examples/spun.txt");
const GENUINE_PAGE: &str = include_str!("../examples/genuine.txt");

/// A page that holds one caption twice, as it was written and as it was spun: only the second
/// is found, and it comes back as it was.
#[test]
fn issue_2_one_sentence_twice_genuine_and_spun() {
    let genuine = "A fisherman holds a painted sign in front of a picture of the union leader during a rally in support of \
                   the crews and against the owners in Carrow Bay on Saturday.";
    let spun = "A fisherman holds a painted sign in entrance of a picture of the union chief throughout a rally in assist \
                of the crews and in opposition to the owners in Carrow Bay on Saturday.";
    let text = format!("{SPUN_PAGE}\n\n{genuine}\n\n{spun}\n");
    let report = Model::english().scan(&text);
    let at = text.find(genuine).unwrap();
    let within = at..at + genuine.len();
    assert!(!report.findings.iter().any(|f| within.contains(&f.start)));
    let restored = report.restore(&text, Applicability::Unsafe);
    for wording in ["in front of a picture", "union leader", "during a rally in support of", "and against the owners"] {
        assert_eq!(restored.matches(wording).count(), 2, "{wording}: {}", &restored[restored.len() - 400..]);
    }
}

#[test]
fn issue_2_the_examples_are_what_they_say() {
    let reports = Model::english().scan_batch(&[SPUN_PAGE, GENUINE_PAGE]);
    assert_eq!(reports[0].verdict.label, Label::Spun);
    assert!(reports[0].verdict.probability > 0.99 && reports[0].findings.len() > 60);
    assert_eq!(reports[1].verdict.label, Label::Clean);
    assert!(reports[1].findings.is_empty());
}

/// `US` is a country and `us` is not: neither stands for the other, and spelling is no swap.
#[test]
fn issue_2_acronyms_and_spelling_are_no_swaps() {
    let text = format!(
        "{SPUN_PAGE}\n\nThe US and the UK sent us their FT copies to the harbour in the neighbouring county.\n"
    );
    let report = Model::english().scan(&text);
    for finding in report.findings.iter().filter(|f| f.start > SPUN_PAGE.len()) {
        assert!(!["US", "UK", "us", "FT", "harbour", "neighbouring"].contains(&finding.text.as_str()), "{finding:?}");
    }
}

#[test]
fn issue_2_a_few_words_accuse_nobody() {
    for text in ["stated", "Utilize additional.", "The officers stated that."] {
        let report = Model::english().scan(text);
        assert_eq!(report.verdict.label, Label::Unknown, "{text}");
        assert!(report.verdict.probability < 0.9 && report.findings.is_empty(), "{text}: {report:?}");
    }
}
