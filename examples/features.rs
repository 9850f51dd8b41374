//! Prints what decides every candidate of the files named, tab-separated, for fitting weights:
//! file, start and end in bytes, phrase, original, gain, constant, channel by style, number of
//! the place (overlapping candidates share one), how often the original stands unswapped,
//! logarithms of both phrases' probabilities without context.
use unspin::Model;
use unspin::detect::{Candidates, Layer, Look};
use unspin::language_model::{Reading, phrase_words};
use unspin::text::Tokens;

fn main() {
    let model = Model::english();
    let (mut tokens, mut reading, mut candidates) = (Tokens::default(), Reading::default(), Candidates::default());
    for path in std::env::args().skip(1) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        tokens.read(&text);
        reading.read(&tokens, model.language_model());
        candidates.clear();
        for layer in [Layer::Telling, Layer::Weak] {
            let look = Look { layer, ..Look::default() };
            candidates.read(&tokens, &reading, model.dictionaries(), model.language_model(), look);
        }
        let lm = model.language_model();
        let mut kept = std::collections::HashMap::new();
        for k in &candidates.kept {
            *kept.entry(k.habit).or_insert(0) += 1;
        }
        let (mut place, mut end) = (0, 0);
        for c in &candidates.all {
            if c.start >= end {
                place += 1;
            }
            end = end.max(c.end);
            let dictionary = &model.dictionaries()[c.dictionary as usize];
            let span = tokens.as_slice()[c.start].start as usize..tokens.as_slice()[c.end - 1].end as usize;
            let phrase: Vec<&str> = (c.start..c.end).map(|i| tokens.normal(i)).collect();
            let spun_log = lm.phrase(&phrase_words(&phrase.join(" "), lm));
            let original = dictionary.original(c.original);
            let words: Vec<u64> = dictionary.original_words(c.original).collect();
            let channel: Vec<String> = c.channel.iter().map(|c| format!("{c:.3}")).collect();
            println!(
                "{path}\t{}\t{}\t{}\t{original}\t{:.3}\t{:.3}\t{}\t{place}\t{}\t{spun_log:.2}\t{:.2}",
                span.start,
                span.end,
                phrase.join(" "),
                c.gain,
                c.merit(),
                channel.join(","),
                kept.get(&c.habit).copied().unwrap_or(0),
                lm.phrase(&words),
            );
        }
    }
}
