use super::super::{Gain, PairUse, read_pack};
use super::*;
use crate::Model;

fn remarks(packs: &[(&str, &str)], genuine: &GenuineUse) -> Vec<(usize, usize, RemarkKind, String)> {
    let packs: Vec<Pack> = packs.iter().map(|(name, text)| read_pack(name, "p.tsv", text).unwrap()).collect();
    let found = check(&packs, genuine, Model::english().language_model());
    found.into_iter().map(|r| (r.pack, r.line, r.kind, r.message)).collect()
}

fn kinds(text: &str) -> Vec<(usize, RemarkKind)> {
    remarks(&[("p", text)], &GenuineUse::default()).into_iter().map(|r| (r.1, r.2)).collect()
}

#[test]
fn a_sound_pack_gives_no_remark() {
    assert_eq!(
        kinds(
            "assault\tattack\tn\tnews:0.4\nassault\tattack\tv\tnews:0.4\nspherical\tround\tn\nWall Avenue\tWall Street\n"
        ),
        []
    );
}

#[test]
fn duplicates_within_a_pack_and_across() {
    let first = "on-line\tconnected\tx\nOn line\tconnected\nspherical\tround\tn\nspherical\tround\tv\n";
    let found =
        remarks(&[("one", first), ("two", "spherical\tround\tn\nspherical\tround\tn\n")], &GenuineUse::default());
    let duplicates: Vec<_> =
        found.into_iter().filter(|r| matches!(r.2, RemarkKind::Duplicate | RemarkKind::DuplicateAcross)).collect();
    assert_eq!(duplicates.len(), 3, "{duplicates:?}");
    assert_eq!(duplicates[0].3, "`On line` and `connected` (x) stand in line 1 too");
    assert_eq!((duplicates[1].0, duplicates[1].2), (1, RemarkKind::DuplicateAcross));
    assert_eq!(duplicates[1].3, "`spherical` and `round` (n) stand in line 3 of one too");
    assert_eq!((duplicates[2].1, duplicates[2].2), (2, RemarkKind::Duplicate));
    assert_eq!(duplicates[2].3, "`spherical` and `round` (n) stand in line 1 too");
}

#[test]
fn originals_with_other_hyphens_are_others() {
    assert_eq!(kinds("12 months old\tyear old\tx\n12 months old\tyear-old\tx\n"), []);
}

#[test]
fn cycles_are_of_one_style_and_equal_weight() {
    let found = kinds(
        "assault\tattack\tn\tnews:0.4 literal:0.1\nattack\tassault\tn\tnews:0.4\nbig\thuge\ta\tnews:0.4\nhuge\tbig\ta\tnews:0.1\n",
    );
    assert_eq!(found, [(2, RemarkKind::Cycle)]);
}

#[test]
fn order_is_by_lower_case_and_without_marks() {
    assert_eq!(kinds("Big\tlarge\tx\nbigger\tlarger\tx\n^do well\tthrive\tv\n"), []);
    assert_eq!(kinds("huge\tlarge\tx\nbig\tlarge\tx\n"), [(2, RemarkKind::OutOfOrder)]);
    assert_eq!(kinds("huge\tlarge\tx\nhuge\tbig\tx\nhuge\tgreat\tx\n"), [(2, RemarkKind::OutOfOrder)]);
}

#[test]
fn spelling_variants_are_no_swaps() {
    assert_eq!(
        kinds("centre\tcenter\tn\ncolour\tcolor\tv\nwell-known\twell known\tx\n"),
        [1, 2, 3].map(|line| (line, RemarkKind::SpellingVariant))
    );
}

#[test]
fn genuine_use_is_held_against_a_phrase() {
    let mut genuine = GenuineUse::new(1_000_000);
    let uses = |spun: u32, original: u32| {
        let gain = |count| Gain { count, ..Gain::default() };
        PairUse { spun: gain(spun), original: gain(original) }
    };
    genuine.insert("however", "but still", uses(500, 20));
    genuine.insert("spherical", "round", uses(3, 2));
    genuine.insert("stated", "said", uses(40, 900));
    let found = remarks(&[("p", "however\tbut still\tx\nspherical\tround\tx\nstated\tsaid\tx\n")], &genuine);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].3, "genuine writers wrote `however` 500 times and `but still` 20 times");
}

#[test]
fn unknown_words_and_equal_forms_are_noted() {
    let found = remarks(&[("p", "qwzzkt plan\tdiet\tn\nU.S. bucks\tdollars\tx\n")], &GenuineUse::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].1, found[0].3.as_str()), (1, "`qwzzkt` in `qwzzkt plan` is no known word"));
    // `found` is a form of both.
    let found = remarks(&[("p", "bind up\tbound up\tv\n")], &GenuineUse::default());
    assert_eq!(found.iter().map(|r| r.2).collect::<Vec<_>>(), [RemarkKind::EqualForm; 0]);
    let found = remarks(&[("p", "data\tdatum\tn\n")], &GenuineUse::default());
    assert!(found.iter().all(|r| r.2 == RemarkKind::EqualForm), "{found:?}");
}

#[test]
fn a_hundred_thousand_entries_are_checked_in_one_go() {
    let mut text = String::new();
    for n in 0..100_000 {
        let word = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        let name: String = [n / 17_576, n / 676, n / 26, n].map(word).iter().collect();
        text.push_str(&format!("{name} location\tcountry side\tn\tnews:0.3\n"));
    }
    let pack = read_pack("p", "p.tsv", &text).unwrap();
    let start = std::time::Instant::now();
    let found = check(&[pack.clone(), pack], &GenuineUse::default(), Model::english().language_model());
    assert!(found.iter().filter(|r| r.kind == RemarkKind::DuplicateAcross).count() == 100_000);
    // A bound for slow machines and builds without optimisation: anything quadratic takes minutes.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
