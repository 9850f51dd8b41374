//! How well language models tell which word stood there: the original of a substituted word
//! ranked among everything a thesaurus would offer for what was put in its place.
//!
//!     UNSPIN_RECIPE=OUT cargo bench --bench substitution -- [MODEL...]
//!
//! OUT is the folder that dictionaries/recipes/rebuild.sh filled; without the variable nothing
//! is measured. A thousand words of OUT/texts/held-out, news that is in no model, are replaced one at
//! a time by an alternative that the thesaurus in OUT/moby.txt lists for them, drawn by lot.
//! Candidates are all words and phrases that list the alternative. Each is scored by the
//! sentence it makes, nothing else: no dictionary, no channel, no rate. For every model, packed
//! ones by name or the bundled one, three figures are printed: how often the original scores
//! above the substitute, is the best of all candidates, and is among the best five.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use unspin::Model;
use unspin::language_model::{LanguageModel, Reading, phrase_words};
use unspin::text::{Capitals, TokenKind, Tokens};

/// How many words are replaced, and how many of one text at most.
const ITEMS: usize = 1_000;
const OF_ONE_TEXT: usize = 8;
/// Words at least this probable (natural logarithm) are function words, or words that any model
/// of English guesses.
const COMMON: f32 = -8.5;
/// Letters of a word that is replaced, at least.
const SHORTEST: usize = 4;

fn main() {
    let Some(folder) = std::env::var_os("UNSPIN_RECIPE") else {
        println!("skipped: set UNSPIN_RECIPE to the folder that dictionaries/recipes/rebuild.sh filled");
        return;
    };
    let folder = Path::new(&folder);
    let english = Model::english();
    let thesaurus = Thesaurus::read(&folder.join("moby.txt"));
    let items = items(&folder.join("texts/held-out"), &thesaurus, english.language_model());
    let candidates: usize = items.iter().map(|i| thesaurus.listing[&i.spun].len()).sum();
    println!("{} words, {:.1} candidates each", items.len(), candidates as f64 / items.len() as f64);
    assert_eq!(items.len(), ITEMS);

    println!("{:>9} {:>6} {:>6}  model", "pairwise", "top-1", "top-5");
    let named: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    for name in &named {
        print(&figures(&items, &thesaurus, &LanguageModel::open(name.as_ref()).unwrap()), name);
    }
    if named.is_empty() {
        let bundled = figures(&items, &thesaurus, english.language_model());
        print(&bundled, "bundled");
        assert!(bundled[0] >= 0.93 && bundled[1] >= 0.54 && bundled[2] >= 0.79, "worse than it was");
    }
}

fn print(figures: &[f64; 3], name: &str) {
    println!("{:>9.3} {:>6.3} {:>6.3}  {name}", figures[0], figures[1], figures[2]);
}

/// Moby's thesaurus: a headword a line, with the words it lists.
struct Thesaurus {
    lists: BTreeMap<String, Vec<String>>,
    /// The headwords that list a word.
    listing: BTreeMap<String, Vec<String>>,
}

impl Thesaurus {
    fn read(path: &Path) -> Thesaurus {
        let (mut lists, mut listing) = (BTreeMap::new(), BTreeMap::<String, Vec<String>>::new());
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let mut words = line.split(',').map(|w| w.trim().to_lowercase());
            let Some(head) = words.next() else { continue };
            let listed: BTreeSet<String> = words.filter(|w| *w != head && w.split(' ').count() <= 3).collect();
            for word in &listed {
                listing.entry(word.clone()).or_default().push(head.clone());
            }
            lists.insert(head, listed.into_iter().collect());
        }
        Thesaurus { lists, listing }
    }
}

/// A word of a text, and what it was replaced by.
struct Item {
    text: String,
    token: usize,
    original: String,
    spun: String,
}

fn items(folder: &Path, thesaurus: &Thesaurus, model: &LanguageModel) -> Vec<Item> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut random = Random(7);
    let mut items = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).unwrap();
        let tokens = tokens(&text);
        let mut words: Vec<usize> = (0..tokens.len()).filter(|&i| replaceable(&tokens, i, thesaurus, model)).collect();
        for _ in 0..OF_ONE_TEXT.min(words.len()) {
            let token = words.swap_remove(random.below(words.len()));
            let original = tokens.normal(token).to_string();
            let alternatives: Vec<&String> = thesaurus.lists[&original].iter().filter(|a| known(a, model)).collect();
            if !alternatives.is_empty() && items.len() < ITEMS {
                let spun = alternatives[random.below(alternatives.len())].clone();
                items.push(Item { text: text.clone(), token, original, spun });
            }
        }
    }
    items
}

fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::default();
    tokens.read(text);
    tokens
}

/// Whether a token is a plain word with alternatives: in small letters and not too common.
fn replaceable(tokens: &Tokens, i: usize, thesaurus: &Thesaurus, model: &LanguageModel) -> bool {
    let token = &tokens.as_slice()[i];
    let (plain, normal) = (token.kind == TokenKind::Word && token.capitals == Capitals::None, tokens.normal(i));
    plain
        && normal.len() >= SHORTEST
        && model.log_probability(token.hash) < COMMON
        && thesaurus.lists.contains_key(normal)
        && model.knows(token.hash)
}

fn known(phrase: &str, model: &LanguageModel) -> bool {
    phrase_words(phrase, model).iter().all(|w| model.knows(*w))
}

fn figures(items: &[Item], thesaurus: &Thesaurus, model: &LanguageModel) -> [f64; 3] {
    let mut counts = [0usize; 3];
    let mut reading = Reading::default();
    for item in items {
        reading.read(&tokens(&item.text), model);
        let state = reading.state_before(model, item.token);
        let score =
            |phrase: &str| reading.path(model, state, phrase_words(phrase, model), item.token + 1, f32::NEG_INFINITY);
        let original = score(&item.original);
        let above =
            thesaurus.listing[&item.spun].iter().filter(|c| **c != item.original && score(c) >= original).count();
        counts[0] += usize::from(original > score(&item.spun));
        counts[1] += usize::from(above == 0);
        counts[2] += usize::from(above < 5);
    }
    counts.map(|c| c as f64 / items.len() as f64)
}

/// Pseudo-random numbers, the same at every run (splitmix64; Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) % bound as u64) as usize
    }
}
