//! ARPA files: what is read, what is refused and how, and that nothing is lost in writing.

use proptest::prelude::*;
use unspin::language_model::{read_arpa, write_arpa};

use super::{TEXT, probability, smoothed, word};

const SMALL: &str = "\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n-99\t<s>\t-0.5\n-1\t</s>\n-0.5\ta\t-0.25\n-0.75\tb\n\n\
    \\2-grams:\n-0.2\t<s> a\n-0.1\ta b\n\n\\end\\\n";

#[test]
fn small_files_mean_what_they_say() {
    let model = read_arpa(SMALL.as_bytes()).unwrap();
    let log = |context: &[&str], name: &str| probability(&model, context, name).log10();
    for (found, expected) in [
        (log(&["<s>"], "a"), -0.2),
        (log(&["<s>", "a"], "b"), -0.1),
        (log(&["<s>"], "b"), -0.5 - 0.75),
        (log(&["a"], "a"), -0.25 - 0.5),
        (log(&["b"], "a"), -0.5),
        (log(&["unlisted"], "a"), -0.5),
    ] {
        assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
    }
    assert_eq!(model.log_probability(&[], None), -100.0 * std::f32::consts::LN_10);
}

#[test]
fn what_other_tools_write_is_read() {
    let quirks = "built by a tool\nngram 9=9\n\n\\data\\\n\nngram 1 = 5\r\nngram 2=1\n\n\n\\1-grams:\n0 <s> -0.5\n-1 </s> 0\n\
        -0.5\ta\t-0.25\n\n-0.75 b\n  -1.5 <UNK>  \n\\2-grams:\n-0.1 a b 0\n\\end\\\nwhatever follows";
    let model = read_arpa(quirks.as_bytes()).unwrap();
    assert_eq!(model.counts(), [5, 1]);
    assert!(word(&model, "<unk>").is_some() && word(&model, "<UNK>").is_none());
    // Nothing is followed by `<s>`, whatever stands beside it.
    assert!(probability(&model, &[], "<s>") < 1e-30);
    assert!((probability(&model, &["a"], "b").log10() + 0.1).abs() < 1e-5);
}

#[test]
fn a_context_that_is_not_listed_changes_nothing() {
    let without = "\\data\\\nngram 1=3\nngram 2=0\nngram 3=1\n\\1-grams:\n-1 a -0.25\n-0.5 b\n-0.75 c -0.5\n\
        \\2-grams:\n\\3-grams:\n-0.1 a b c\n\\end\\\n";
    let model = read_arpa(without.as_bytes()).unwrap();
    assert_eq!(model.counts(), [3, 1, 1]);
    assert!((probability(&model, &["a", "b"], "c").log10() + 0.1).abs() < 1e-5);
    assert!((probability(&model, &["a"], "b").log10() + 0.75).abs() < 1e-5);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let with = |from: &str, to: &str| SMALL.replacen(from, to, 1);
    for (file, line, message) in [
        ("some text\nand more\n".to_string(), 2, "no line says `\\data\\`"),
        ("x\n".repeat(2000), 1001, "no `\\data\\` in the first 1000 lines"),
        (with("ngram 1=4\nngram 2=2\n", ""), 3, "no counts stand before `\\1-grams:`"),
        (with("ngram 2=2", "ngram 3=2"), 3, "`ngram 3=2` where `ngram 2=COUNT` should stand"),
        (with("ngram 1=4", "ngram 1=many"), 2, "`ngram 1=many` where `ngram 1=COUNT` should stand"),
        (with("ngram 1=4", "ngram 1=-4"), 2, "`ngram 1=-4`"),
        (with("ngram 1=4", "ngram 1=0"), 5, "a model of no words"),
        (with("ngram 1=4", "ngram 1=5"), 11, "`\\2-grams:` after 4 1-grams, where the header announces 5"),
        (with("ngram 1=4", "ngram 1=3"), 9, "`-0.75\tb` where `\\2-grams:` should stand"),
        (with("ngram 2=2", "ngram 2=4000000000"), 15, "after 2 2-grams, where the header announces 4000000000"),
        (with("-0.1\ta b", "NaN\ta b"), 13, "the probability `NaN` is no number"),
        (with("-0.1\ta b", "-inf\ta b"), 13, "the probability `-inf` is no number"),
        (with("-0.1\ta b", "0.1\ta b"), 13, "the probability `0.1` is above one"),
        (with("a\t-0.25", "a\tx"), 8, "the weight `x` is no number"),
        (with("-0.1\ta b", "-0.1\ta"), 13, "has 2 fields, where an n-gram of order 2 has 3 or 4"),
        (with("-0.1\ta b", "-0.1\ta b c d"), 13, "has 5 fields"),
        (with("-0.1\ta b", "-0.1\ta z"), 13, "the word `z` is not among the 1-grams"),
        (with("-0.75\tb", "-0.75\ta"), 9, "the word `a` stands twice"),
        (with("-0.1\ta b", "-0.1\t<s> a"), 13, "stands in line 12 already"),
        (with("\\end\\\n", ""), 14, "ends without `\\end\\`"),
        (with("\\end\\", "\\3-grams:"), 15, "`\\3-grams:` where `\\end\\` should stand"),
        (with("-0.1\ta b\n\n\\end\\\n", ""), 12, "ends after 1 of 2 announced 2-grams"),
        (with("\tb\n", &format!("\t{}\n", "b".repeat(100_000))), 9, "a line of more than 65536 bytes"),
        (with("ngram 2=2", "ngram 2=2\nngram 3=0\nngram 4=0\nngram 5=0\nngram 6=0"), 7, "longer than 5 words"),
    ] {
        let error = read_arpa(file.as_bytes()).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("line {line}: ")) && error.contains(message),
            "{error}\nnot line {line}: {message}"
        );
    }
    let mut bytes = SMALL.as_bytes().to_vec();
    let place = SMALL.find("\tb").unwrap() + 1;
    bytes[place] = 0xFF;
    assert!(read_arpa(&bytes[..]).unwrap_err().to_string().contains("line 9: the line is not UTF-8"));
}

#[test]
fn nothing_is_lost_in_writing() {
    for order in 1..=5 {
        let model = smoothed(&[TEXT], order);
        let mut file = Vec::new();
        write_arpa(&model, &mut file).unwrap();
        let read = read_arpa(&file[..]).unwrap();
        assert_eq!(read, model);
        let mut again = Vec::new();
        write_arpa(&read, &mut again).unwrap();
        assert_eq!(file, again);
    }
}

proptest! {
    #[test]
    fn altered_files_are_refused_or_read(changes in prop::collection::vec((0..SMALL.len(), any::<u8>()), 1..6)) {
        let mut bytes = SMALL.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        if let Ok(model) = read_arpa(&bytes[..]) {
            let _ = probability(&model, &["a"], "b");
        }
    }

    #[test]
    fn cut_files_are_refused(length in 0..SMALL.len() - 1) {
        prop_assert!(read_arpa(&SMALL.as_bytes()[..length]).is_err());
    }
}
