//! British and American spelling, word by word: `dictionaries/en/spelling.tsv`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::token::word_hash;

struct Table {
    american: FxHashMap<u64, &'static str>,
    british: FxHashMap<&'static str, &'static str>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = include_str!("../../dictionaries/en/spelling.tsv").lines().filter(|l| !l.starts_with('#'));
        let rows: Vec<_> = rows.filter_map(|line| line.split_once('\t')).collect();
        Table {
            american: rows.iter().map(|(british, american)| (word_hash(british), *american)).collect(),
            british: rows.iter().map(|(british, american)| (*american, *british)).collect(),
        }
    })
}

/// The American spelling of a word that is right in British spelling only, by the word's hash.
///
/// ```
/// use unspin::text::{american, british, word_hash};
/// assert_eq!(american(word_hash("organised")), Some("organized"));
/// assert_eq!(american(word_hash("organized")), None);
/// assert_eq!(british("color"), Some("colour"));
/// ```
#[must_use]
pub fn american(word: u64) -> Option<&'static str> {
    table().american.get(&word).copied()
}

/// The British spelling of a word that is right in American spelling only.
#[must_use]
pub fn british(word: &str) -> Option<&'static str> {
    table().british.get(word).copied()
}
