//! British and American spelling.
//!
//! A pair of one word's two spellings says nothing of spinning: it says where the writer went
//! to school.

/// Endings and letters of British spelling with their American counterparts.
const COUNTERPARTS: [(&str, &str); 16] = [
    ("our", "or"),
    ("yse", "yze"),
    ("ysing", "yzing"),
    ("isation", "ization"),
    ("ise", "ize"),
    ("ising", "izing"),
    ("metre", "meter"),
    ("entre", "enter"),
    ("eatre", "eater"),
    ("ibre", "iber"),
    ("ogue", "og"),
    ("efence", "efense"),
    ("icence", "icense"),
    ("ffence", "ffense"),
    ("ae", "e"),
    ("oe", "e"),
];

/// Words whose two spellings no rule gives.
const WORDS: [(&str, &str); 12] = [
    ("programme", "program"),
    ("grey", "gray"),
    ("cheque", "check"),
    ("tyre", "tire"),
    ("kerb", "curb"),
    ("plough", "plow"),
    ("sceptic", "skeptic"),
    ("storey", "story"),
    ("aluminium", "aluminum"),
    ("mould", "mold"),
    ("practise", "practice"),
    ("jewellery", "jewelry"),
];

/// Whether two phrases in normal form differ in nothing but British and American spelling.
#[must_use]
pub fn same_but_for_spelling(a: &str, b: &str) -> bool {
    // Cheap before dear: nearly all pairs begin with other letters.
    a.as_bytes().first() == b.as_bytes().first() && (a == b || american(a) == american(b))
}

/// A phrase in American spelling, as far as the rules go; doubled `l` counts as one. Only good for comparing.
fn american(phrase: &str) -> String {
    let mut text = phrase.to_string();
    for (british, american) in WORDS {
        text = text.replace(british, american);
    }
    for (british, american) in COUNTERPARTS {
        text = text.replace(british, american);
    }
    text.replace("ll", "l")
}

#[cfg(test)]
mod tests {
    use super::same_but_for_spelling as same;

    #[test]
    fn spellings_are_told_from_words() {
        for (a, b) in [
            ("metres", "meters"),
            ("flavours", "flavors"),
            ("neighbouring", "neighboring"),
            ("programmes", "programs"),
            ("organisation", "organization"),
            ("levelled", "leveled"),
            ("centre", "center"),
            ("analysed", "analyzed"),
        ] {
            assert!(same(a, b) && same(b, a), "{a} {b}");
        }
        for (a, b) in
            [("spherical", "round"), ("stated", "said"), ("whilst", "while"), ("form", "from"), ("on line", "online")]
        {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
