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

/// A spinner that nobody has seen: each word swapped for one that a thesaurus lists beside it.
fn spun_from_a_thesaurus() -> String {
    let swaps = "after succeeding,river brook,door egress,weeks moons,left forsook,head steer,old erstwhile,\
                 parents progenitors,tears crying,lost preoccupied,day dusk,church offshoot,complained carped,\
                 night sundown,two duos,new ulterior,wall bulwark,carried lugged,elderly hoar,promised augured,\
                 raise ascent,another accessory,work tome,before beforehand,building edifice,cost tolled,paid defrayed,\
                 rest residual,brought fetched,on respecting,when whereupon,but nonetheless,because whereas";
    let mut words: Vec<String> = GENUINE_PAGE.split(' ').map(str::to_string).collect();
    for word in &mut words {
        if let Some(swap) = swaps.split(',').filter_map(|s| s.trim().split_once(' ')).find(|s| s.0 == word.as_str()) {
            *word = swap.1.to_string();
        }
    }
    words.join(" ")
}

#[test]
fn issue_3_a_thesaurus_explains_what_no_known_spinner_writes() {
    let text = spun_from_a_thesaurus();
    let of_thesaurus = |model: &Model| {
        let report = model.scan(&text);
        (report.findings.iter().filter(|f| f.evidence.pack == "thesaurus").count(), report.verdict)
    };
    let (found, verdict) = of_thesaurus(&Model::english());
    assert!(found >= 10, "{found} {verdict:?}");
    assert_eq!(verdict.label, Label::Spun);
    assert!(verdict.styles[0].name == "thesaurus", "{verdict:?}");
    let without = unspin::ModelBuilder::english().thesaurus(false).build().unwrap();
    let (found, other) = of_thesaurus(&without);
    assert!(found == 0 && other.probability < verdict.probability, "{other:?}");
}

/// What the known styles explain, they go on explaining: the layer joins in nowhere else.
#[test]
fn issue_3_the_thesaurus_leaves_known_styles_alone() {
    let without = unspin::ModelBuilder::english().thesaurus(false).build().unwrap();
    for page in [SPUN_PAGE, GENUINE_PAGE] {
        assert_eq!(Model::english().scan(page), without.scan(page));
    }
}

#[test]
fn issue_3_a_slip_in_a_long_phrase_hides_nothing() {
    let text = format!("{SPUN_PAGE}\n\nThe town has bought counterfiet consciousness for its traffic lights.\n");
    let report = Model::english().scan(&text);
    let finding = report.findings.iter().find(|f| f.text == "counterfiet consciousness").unwrap();
    assert_eq!(finding.replacements[0].text, "artificial intelligence");
    let genuine = "The counterfiet coin lay on the counter, and nobody said a word about artifical flowers.";
    let text = format!("{SPUN_PAGE}\n\n{genuine}\n");
    let report = Model::english().scan(&text);
    assert!(!report.findings.iter().any(|f| f.text.contains("counterfiet") || f.text.contains("artifical")));
}

/// One entry serves British and American spelling, joined and parted forms, digits and words.
#[test]
fn issue_3_one_entry_serves_every_spelling() {
    let model = Model::english();
    let originals = |phrase: &str| {
        let dictionary = &model.dictionaries()[0];
        let key = dictionary.get(phrase).unwrap_or_else(|| panic!("{phrase}"));
        let known = dictionary.postings(key).filter(|p| Some(p.pack) != dictionary.thesaurus());
        known.map(|p| dictionary.original(p.original).to_string()).collect::<Vec<_>>()
    };
    for (one, other) in [("organize", "organise"), ("endeavor", "endeavour"), ("e-mail", "e mail")] {
        let (one, other) = (originals(one), originals(other));
        assert!(one.iter().all(|o| other.contains(o)), "{one:?} {other:?}");
    }
    // The language model reads British spelling as it reads American.
    use unspin::language_model::phrase_words;
    assert_eq!(phrase_words("organised", model.language_model()), phrase_words("organized", model.language_model()));
}
