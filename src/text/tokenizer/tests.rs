use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Tokens {
    let mut tokens = Tokens::default();
    tokens.read(text);
    tokens
}

/// Tokens as the source writes them; `|` before one that begins a sentence.
fn shown(text: &str) -> String {
    let tokens = read(text);
    let mut out = String::new();
    for token in tokens.iter() {
        if token.joint != Joint::Start {
            out.push(' ');
        }
        if token.sentence_start {
            out.push('|');
        }
        out.push_str(&text[token.start as usize..token.end as usize]);
    }
    out
}

fn kinds(text: &str) -> Vec<TokenKind> {
    read(text).iter().map(|t| t.kind).collect()
}

#[test]
fn words_keep_contractions_and_possessives() {
    assert_eq!(shown("Don't trust Yemen’s o’clock."), "|Don't trust Yemen’s o’clock .");
    assert_eq!(shown("the ships' crews said ‘yes’ twice"), "|the ships ' crews said ‘ yes ’ twice");
    assert_eq!(read("Yemen’s").normal(0), "yemen's");
}

#[test]
fn hyphens_join_the_parts_of_compounds() {
    let tokens = read("an on-line life-style, Ramon al-Kadir - twenty–five -x COVID-19");
    let hyphens: Vec<&str> =
        (0..tokens.len()).filter(|&i| tokens.as_slice()[i].joint == Joint::Hyphen).map(|i| tokens.normal(i)).collect();
    assert_eq!(hyphens, ["line", "style", "kadir", "19"]);
    assert_eq!(shown("a--b - c"), "|a -- b - c");
}

#[test]
fn numbers_are_one_token() {
    for number in ["12", "1,256", "3.5", "1990s", "12th", "2nd", "21st"] {
        assert_eq!(kinds(number), [TokenKind::Number], "{number}");
    }
    assert_eq!(shown("$6 and 50%, at 7:30."), "|$ 6 and 50 % , at 7 : 30 .");
    assert_eq!(kinds("3D 15km"), [TokenKind::Word, TokenKind::Word]);
    assert_eq!(shown("In 2024. Then 5."), "|In 2024 . |Then 5 .");
}

#[test]
fn abbreviations_keep_their_dots() {
    assert_eq!(
        shown("Mr. Hill of the U.S. Navy met J. Doe at 5 p.m. on Feb. 4."),
        "|Mr. Hill of the U.S. Navy met J. Doe at 5 p.m. on Feb. 4 ."
    );
    assert_eq!(
        shown("He left the U.S. They stayed. So do I. Mine too."),
        "|He left the U.S. |They stayed . |So do I . |Mine too ."
    );
    assert_eq!(shown("Hill Inc. said no. It lied, e.g. today."), "|Hill Inc. said no . |It lied , e.g. today .");
    assert_eq!(read("U.S.").normal(0), "u.s.");
}

#[test]
fn sentences_end_where_the_next_begins() {
    assert_eq!(
        shown("It rained. “Why?” she asked. (Nobody knew.) 12 left."),
        "|It rained . |“ Why ? ” she asked . |( Nobody knew . ) |12 left ."
    );
    assert_eq!(shown("Wait... what? Well… Yes!"), "|Wait ... what ? |Well … |Yes !");
    assert_eq!(shown("earlier this month.A reader"), "|earlier this month . |A reader");
    assert_eq!(shown("by Ann HillUS Navy staff"), "|by Ann Hill |US Navy staff");
    for whole in ["iPhone", "McGuirk", "YouTube", "PhD", "MPs", "JavaScript", "NATO"] {
        assert_eq!(read(&format!("{whole} x")).len(), 2, "{whole}");
    }
}

#[test]
fn line_breaks_end_headings_and_paragraphs_only() {
    assert_eq!(
        shown("News today\nIt rained all\nday.\r\n\r\nand so on"),
        "|News today |It rained all day . |and so on"
    );
    assert_eq!(read("a\r\nb").as_slice()[1].joint, Joint::Space);
    assert_eq!(read("a\r\n\r\nb").as_slice()[1].joint, Joint::Break);
    assert_eq!(read("a\u{a0}b").as_slice()[1].joint, Joint::Space);
}

#[test]
fn addresses_and_mentions_are_one_token() {
    assert_eq!(
        shown("see https://a.example/x?y=1, node.js or me@mail.example."),
        "|see https://a.example/x?y=1 , node.js or me@mail.example ."
    );
    assert_eq!(shown("@someone likes #rust and/or /usr/bin"), "|@someone likes #rust and / or /usr/bin");
}

#[test]
fn emoji_and_marks_stay_whole() {
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    assert_eq!(
        kinds(&format!("ok {family}\u{1f44d}\u{1f3fd}!")),
        [TokenKind::Word, TokenKind::Other, TokenKind::Other, TokenKind::Punctuation]
    );
    assert_eq!(kinds("cafe\u{301} nai\u{308}ve"), [TokenKind::Word, TokenKind::Word]);
    let soft = read("nego\u{ad}tia\u{200b}tions");
    assert_eq!((soft.len(), soft.normal(0)), (1, "negotiations"));
    assert_eq!(read("Ärger ÉTÉ").normal(1), "été");
}

#[test]
fn odd_input_takes_linear_time() {
    for unit in [
        ".",
        "'",
        "-",
        "a.",
        "\u{301}",
        "\"",
        "a'",
        "a-",
        "\u{200d}",
        "@",
        "/a",
        "1,",
        "\u{1f468}\u{200d}",
        "\r",
        "A. ",
    ] {
        let text = unit.repeat(200_000);
        let start = std::time::Instant::now();
        let _ = read(&text);
        assert!(start.elapsed().as_secs() < 10, "{unit:?}");
    }
}

#[test]
fn markup_parts_phrases_but_no_words() {
    let text = "A <b>big</b> <i>T</i>he don&rsquo;t stop.</b>\" Next".replace("<b>", "\u{fdd0}");
    let text = text.replace("</b>", "\u{fdd0}").replace("<i>", "\u{fdd0}").replace("</i>", "\u{fdd0}");
    let tokens = read(&text.replace("&rsquo;", "\u{fdd0}’"));
    let normal: Vec<&str> = (0..tokens.len()).map(|i| tokens.normal(i)).collect();
    assert_eq!(normal, ["a", "big", "the", "don't", "stop", ".", "\"", "next"]);
    let has_markup: Vec<bool> = tokens.iter().map(|t| t.has_markup).collect();
    assert_eq!(has_markup, [false, false, true, true, false, false, false, false]);
    let joints: Vec<Joint> = tokens.iter().map(|t| t.joint).collect();
    assert_eq!(joints[1..4], [Joint::Markup, Joint::Markup, Joint::Space]);
    // What closes a sentence belongs to it all the same.
    let begins: Vec<&str> =
        (0..tokens.len()).filter(|&i| tokens.as_slice()[i].sentence_start).map(|i| normal[i]).collect();
    assert_eq!(begins, ["a", "next"]);
}

proptest! {
    #[test]
    fn spans_slice_their_source(text in "(\\PC|[a-zA-Z0-9 .,'’\\-\r\n@/:])*") {
        let tokens = read(&text);
        let mut at = 0;
        for (i, token) in tokens.iter().enumerate() {
            let (start, end) = (token.start as usize, token.end as usize);
            prop_assert!(at <= start && start < end);
            prop_assert!(text.get(start..end).is_some());
            for c in text[at..start].chars() {
                prop_assert!(c.is_whitespace() || is_hyphen(c) || is_weightless(c), "{c:?} is in no token");
            }
            prop_assert_eq!(token.hash, word_hash(tokens.normal(i)));
            at = end;
        }
    }

    #[test]
    fn buffers_leave_no_trace(first in "\\PC{0,40}", second in "\\PC{0,40}") {
        let mut reused = Tokens::default();
        reused.read(&first);
        reused.read(&second);
        prop_assert_eq!(format!("{reused:?}"), format!("{:?}", read(&second)));
    }
}
