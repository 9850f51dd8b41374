use super::super::{read_pack, write_pack};
use super::*;

fn read(list: &str) -> Imported {
    import(list.as_bytes(), "list.csv", None).unwrap()
}

fn pairs(imported: &Imported) -> Vec<(&str, &str)> {
    imported.entries.iter().map(|e| (e.spun.as_str(), e.original.as_str())).collect()
}

#[test]
fn the_screeners_csv_is_read_with_and_without_header() {
    let rows = "\"\"\"bosom peril\"\" AND NOT (\"\"x\"\" OR \"\"y\"\")\",breast cancer,30\n\
                bosom danger,breast cancer/breast tumor,9\nflag commotion,?,2\nclamor,,2\n";
    for list in [rows.to_string(), format!("tortured_phrase,expected_phrase,num_papers\n{rows}")] {
        let imported = read(&list);
        assert_eq!(
            pairs(&imported),
            [("bosom peril", "breast cancer"), ("bosom danger", "breast cancer"), ("bosom danger", "breast tumor")]
        );
        assert_eq!((imported.taken, imported.refusals), (2, 0));
        assert_eq!(imported.skipped["nothing is known to be expected"], 2);
        assert_eq!(imported.guarded.len(), 1);
        let academic = Style::Academic as usize;
        let weights: Vec<f32> = imported.entries.iter().map(|e| e.channel[academic]).collect();
        assert!((weights[0] - 30.3 / 40.5).abs() < 1e-6 && (weights[1] - 9.3 / 40.5).abs() < 1e-6, "{weights:?}");
    }
}

#[test]
fn columns_are_found_by_name() {
    let imported = read("id\tOriginal\tSpun\n7\tbreast cancer\tbosom peril\n8\tdeep learning\tprofound learning\n");
    assert_eq!(pairs(&imported), [("bosom peril", "breast cancer"), ("profound learning", "deep learning")]);
    assert_eq!(imported.entries[0].channel[Style::Custom as usize], DEFAULT_PROBABILITY);
}

#[test]
fn plain_lists_give_a_pack_that_is_read_again() {
    let imported = import(
        "\u{FEFF}profound learning\tdeep learning\r\n# note\n\nbosom peril\tbreast cancer".as_bytes(),
        "l",
        Some(Style::Literal),
    );
    let imported = imported.unwrap();
    let pack = read_pack("p", "p.tsv", &write_pack(imported.entries, "imported")).unwrap();
    assert_eq!(pack.entries[0].spun, "bosom peril");
    assert_eq!(pack.entries[1].channel[Style::Literal as usize], DEFAULT_PROBABILITY);
}

#[test]
fn rows_that_say_nothing_new_are_skipped() {
    let imported = read("colour,color\nbosom peril,breast cancer\nBosom Peril,breast cancer\ntortur*,tortured\n");
    assert_eq!(imported.taken, 1);
    assert_eq!(imported.skipped.values().sum::<usize>(), 3);
}

#[test]
fn what_is_broken_is_refused_by_line() {
    let long = "x".repeat(1 << 20);
    let mut list =
        format!("bosom peril,breast cancer\n{long},y\n\"open,quote\nonly\na{},b\n", "x".repeat(300)).into_bytes();
    list.extend(b"caf\xE9,coffee\na\x07b,c\nfine,good\n");
    let imported = import(&list[..], "list.csv", None).unwrap();
    assert_eq!(imported.refused.iter().map(|r| r.0).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
    assert!(imported.refused.iter().all(|r| r.1.len() < 200 && !r.1.contains("list.csv")), "{:?}", imported.refused);
    assert_eq!(pairs(&imported), [("bosom peril", "breast cancer"), ("fine", "good")]);
}

#[test]
fn refusals_are_kept_in_bounded_memory() {
    let imported = read(&"one column\n".repeat(5000));
    assert_eq!((imported.refusals, imported.refused.len()), (5000, KEPT));
}

#[test]
fn open_quotes_are_told_as_the_csv_crate_reads_them() {
    for (text, open) in [
        ("\"a\",b", false),
        ("\"a,b", true),
        ("a\"b,c", false),
        ("\"a\"\"", true),
        ("\"a\" AND \"b,c", false),
        ("a,\"b", true),
        ("\"\"\"a\"\"\",b", false),
    ] {
        assert_eq!(leaves_open(text, b','), open, "{text}");
    }
}
