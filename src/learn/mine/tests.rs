use super::*;

const ORIGINAL: &str = "The town council met on Monday night. Members said the new bridge will cost more than \
    planned, and the mayor said that the town cannot pay for it alone. A second round of talks with the county \
    is planned for next week.";
const SPUN: &str = "The town council met on Monday evening time. Members stated the new bridge will value more than \
    planned, and the mayor stated that the town cannot pay for it alone. A second spherical of talks with the county \
    is deliberate for next week.";

fn rows(miner: Miner, min_count: u32) -> Vec<String> {
    miner.finish(min_count).iter().map(|m| format!("{}<{} {}/{}", m.spun, m.original, m.count, m.occurred)).collect()
}

#[test]
fn pairs_are_counted_and_so_is_what_was_left_alone() {
    let mut miner = Miner::default();
    assert!(miner.add(ORIGINAL, SPUN));
    assert_eq!(
        rows(miner, 1),
        [
            "deliberate<planned 1/2",
            "evening time<night 1/1",
            "spherical<round 1/1",
            "stated<said 2/2",
            "value<cost 1/1"
        ]
    );
    let mut miner = Miner::default();
    miner.add(ORIGINAL, SPUN);
    let mined = miner.finish(2);
    assert_eq!(mined.len(), 1);
    assert!((mined[0].weight - 2.3 / 3.5).abs() < 1e-6);
    assert_eq!(mined[0].entry(Style::News).channel[0], mined[0].weight);
}

#[test]
fn neighbours_are_parted_only_where_each_was_met_alone() {
    let context = |words: &str| format!("We went there and {words} before the rain came down on us.");
    let mut miner = Miner::default();
    miner.add(&context("saw big ships"), &context("saw huge vessels"));
    assert_eq!(rows(miner, 1), ["huge vessels<big ships 1/1"]);
    let mut miner = Miner::default();
    miner.add(&context("saw big ships"), &context("saw huge vessels"));
    miner.add(&context("saw big dogs"), &context("saw huge dogs"));
    miner.add(&context("saw old ships"), &context("saw old vessels"));
    assert_eq!(rows(miner, 1), ["huge<big 2/2", "vessels<ships 2/2"]);
}

#[test]
fn what_is_no_swap_is_left_out() {
    let mut miner = Miner::default();
    // Inserted, deleted, other figures, other punctuation, other spelling, more than four words.
    miner.add(
        "The centre opened at 9, and the big hall was full of people from the valley; they sang there until late, some of them.",
        "The center opened at 10, and the hall was very full of people from the valley. they sang there until \
         it was rather very dark, some of them.",
    );
    assert_eq!(rows(miner, 1), Vec::<String>::new());
}

#[test]
fn other_texts_and_moved_sentences_are_left_out() {
    let mut miner = Miner::default();
    assert!(!miner.add(ORIGINAL, "Bread wants time. Leave your dough in a warm place overnight and bake it hot."));
    assert!(!miner.add(ORIGINAL, ""));
    assert!(!miner.add("", ""));
    assert_eq!(miner.texts(), (0, 3));
    let sentences: Vec<&str> = ORIGINAL.split_inclusive(". ").collect();
    let moved = format!("{} {} {}", sentences[2], sentences[0], sentences[1]);
    miner.add(ORIGINAL, &moved);
    assert_eq!(rows(miner, 1), Vec::<String>::new());
}

#[test]
fn originals_keep_the_capitals_they_have_within_sentences() {
    let mut miner = Miner::default();
    miner.add(
        "Shares fell on Wall Street on Friday, said two traders at the bank. Round two comes on Monday in the NFL, in June.",
        "Shares fell on Wall Avenue on Friday, said two traders at the bank. Spherical two comes on Monday in the Soccer \
         League, in summer month.",
    );
    assert_eq!(
        rows(miner, 1),
        ["avenue<street 1/1", "soccer league<NFL 1/1", "spherical<round 1/1", "summer month<June 1/1"]
    );
}

#[test]
fn the_order_of_the_texts_makes_no_difference() {
    let texts = [
        (ORIGINAL, SPUN),
        ("He said it was the last round of the night.", "He stated it was the last spherical of the night."),
    ];
    let mine = |order: [usize; 2]| {
        let mut miner = Miner::default();
        for at in order {
            miner.add(texts[at].0, texts[at].1);
        }
        miner.finish(1)
    };
    assert_eq!(mine([0, 1]), mine([1, 0]));
}
