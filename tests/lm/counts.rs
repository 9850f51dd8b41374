//! Files of counts: the same whatever the memory, and never trusted.

use proptest::prelude::*;
use unspin::language_model::{Counts, CountsHeader, kneser_ney, merge_counts};

use super::{TEXT, counted};

#[test]
fn the_order_of_texts_and_the_merging_of_files_change_nothing() {
    let parts: Vec<&str> = TEXT.split("\n\n").collect();
    let whole = counted(&[TEXT], 3, &[]);
    assert_eq!(whole, counted(&parts, 3, &[]));
    assert_eq!(whole, counted(&parts.iter().rev().copied().collect::<Vec<_>>(), 3, &[]));
    let files: Vec<Vec<u8>> = parts.iter().map(|p| counted(&[p], 3, &[])).collect();
    let mut merged = Vec::new();
    merge_counts(files.iter().map(|f| &f[..]).collect(), &mut merged).unwrap();
    assert_eq!(whole, merged);
}

#[test]
fn words_are_those_that_scans_ask_for() {
    let counts =
        Counts::read(counted(&["Mr. Hill’s U.S. on-line shop\u{ad}s sold 21 £5 maps."], 1, &[]).as_slice()).unwrap();
    let (model, _) = kneser_ney(counts);
    let mut words: Vec<&str> = model.words().iter().map(String::as_str).collect();
    words.sort_unstable();
    let expected = [
        "</s>", "<s>", "<unk>", "five", "hill's", "line", "maps", "mr", "on", "one", "s.", "shops", "sold", "twenty",
        "u.",
    ];
    assert_eq!(words, expected);
}

#[test]
fn rare_ngrams_are_left_out_where_that_is_asked() {
    let all = Counts::read(&counted(&[TEXT], 3, &[])[..]).unwrap();
    let some = Counts::read(&counted(&[TEXT], 3, &[1, 1, 2])[..]).unwrap();
    assert_eq!(all.sizes()[..2], some.sizes()[..2]);
    assert!(some.sizes()[2] > 0 && some.sizes()[2] < all.sizes()[2] / 2, "{:?} of {:?}", some.sizes(), all.sizes());
    assert_eq!(some.header().least, [1, 1, 2]);
    let message = |order, least: &[u64]| CountsHeader::new(order, least).unwrap_err().to_string();
    assert!(message(3, &[2, 1]).contains("none below the one before it"));
    assert!(message(6, &[]).contains("order 6, where 1 to 5 can be counted"));
}

#[test]
fn counts_of_different_orders_do_not_merge() {
    let (two, three) = (counted(&[TEXT], 2, &[]), counted(&[TEXT], 3, &[]));
    let error = merge_counts(vec![&two[..], &three[..]], Vec::new()).unwrap_err().to_string();
    assert!(error.contains("counts of order 2 and of order 3 do not merge"), "{error}");
}

#[test]
fn a_cut_file_is_refused_wherever_it_is_cut() {
    let file = counted(&[TEXT], 3, &[]);
    for length in 0..file.len() {
        let error = Counts::read(&file[..length]).unwrap_err().to_string();
        assert!(
            error.contains(if length < 8 { "this is not a file of counts" } else { "cut short" }),
            "{length}: {error}"
        );
    }
    let mut other = file;
    other[8] = 9;
    assert!(
        Counts::read(&other[..]).unwrap_err().to_string().contains("format version 9 and this unspin reads version 1")
    );
}

#[test]
fn texts_without_words_make_no_model() {
    let error = Counts::read(&counted(&["", "!?"], 3, &[])[..]).unwrap_err().to_string();
    assert!(error.contains("hold no word"), "{error}");
}

proptest! {
    #[test]
    fn altered_counts_are_refused_or_smoothed(changes in prop::collection::vec((any::<u32>(), any::<u8>()), 1..4)) {
        let mut file = counted(&[TEXT], 3, &[]);
        for (at, byte) in changes {
            let at = at as usize % file.len();
            file[at] = byte;
        }
        if let Ok(counts) = Counts::read(&file[..]) {
            let _ = kneser_ney(counts).0.perplexity("The ferry left.");
        }
    }
}
