//! Near-misses: phrases of the dictionary with a slip in one long word.
//!
//! Spun pages are careless pages: `counterfiet consciousness` is met beside *counterfeit
//! consciousness*. Only words that nobody knows are looked at, only in phrases of several
//! words, and only slips that a bound on the edit distance (Damerau 1964) allows: all else of
//! the phrase must stand there as it is listed.

use fst::{IntoStreamer, Streamer};

use super::store::{Dictionary, Key};

/// The shortest word that may be misspelt, and the shortest in which two slips are allowed.
const LEAST_LETTERS: usize = 7;
const TWO_SLIPS: usize = 11;

/// The shortest phrase that is recognised in spite of a slip, in bytes.
const LEAST_PHRASE: usize = 14;

/// So many letters at the beginning must be right.
const RIGHT: usize = 3;

/// Whether a word is long enough to be recognised in spite of a slip, and spelt in letters of
/// the alphabet.
#[must_use]
pub fn may_be_misspelt(word: &str) -> bool {
    word.len() >= LEAST_LETTERS && word.bytes().all(|b| b.is_ascii_lowercase())
}

impl Dictionary {
    /// Calls `found` with each phrase that begins with the first of `words`, goes on with the
    /// rest of them as far as it is long, and has a slip in the word number `misspelt`; with
    /// its length in words and its key.
    ///
    /// # Panics
    /// Never: `words` without a word of that number have no near-misses.
    pub fn near(&self, words: &[&str], misspelt: usize, mut found: impl FnMut(usize, &str, Key)) {
        let Some(word) = words.get(misspelt).filter(|word| may_be_misspelt(word)) else { return };
        let slips = if word.len() >= TWO_SLIPS { 2 } else { 1 };
        let mut prefix = words[..misspelt].join(" ");
        if misspelt > 0 {
            prefix.push(' ');
        }
        prefix.push_str(&word[..RIGHT]);
        let mut end = prefix.clone().into_bytes();
        end.push(0xff);
        let mut stream = self.phrases().range().ge(prefix.as_bytes()).lt(&end).into_stream();
        while let Some((phrase, value)) = stream.next() {
            let Ok(phrase) = std::str::from_utf8(phrase) else { continue };
            if phrase.len() < LEAST_PHRASE {
                continue;
            }
            let mut length = 0;
            let agrees = phrase.split(' ').all(|listed| {
                let (number, stands) = (length, words.get(length));
                length += 1;
                match stands {
                    Some(stands) if number == misspelt => {
                        listed.len().abs_diff(stands.len()) <= slips
                            && (1..=slips).contains(&strsim::osa_distance(listed, stands))
                    }
                    Some(stands) => listed == *stands,
                    None => false,
                }
            });
            if agrees && length > 1 {
                found(length, phrase, self.key(value.value()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{GenuineUse, Inflector, compile, read_pack};
    use crate::language_model::{Ngrams, pack};

    #[test]
    fn a_slip_in_a_long_word_is_seen_through() {
        let words: Vec<String> = ["<s>", "</s>"].map(String::from).to_vec();
        let model = pack(&Ngrams { unigrams: vec![(-9.0, 0.0); 2], words, ..Ngrams::default() }).unwrap();
        let text =
            "counterfeit consciousness\tartificial intelligence\nprofound learning\tdeep learning\ncounterfeit\tfake\n";
        let packs = [read_pack("p", "p.tsv", text).unwrap()];
        let dictionary = compile(&packs, Inflector::english(), &GenuineUse::default(), &model).unwrap();
        let near = |words: &[&str], misspelt| {
            let mut found = Vec::new();
            dictionary.near(words, misspelt, |length, phrase, _| found.push((length, phrase.to_string())));
            found
        };
        assert_eq!(near(&["counterfiet", "consciousness", "is"], 0), [(2, "counterfeit consciousness".to_string())]);
        assert_eq!(near(&["counterfeit", "conciousness"], 1).len(), 1);
        assert_eq!(near(&["profound", "leanring"], 1).len(), 1);
        // Another beginning, too many slips, a short word, another word beside it.
        assert!(near(&["kounterfeit", "consciousness"], 0).is_empty());
        assert!(near(&["counterxxxt", "consciousness"], 0).is_empty());
        assert!(near(&["counterfiet"], 0).is_empty());
        assert!(near(&["counterfiet", "money"], 0).is_empty());
        assert!(near(&["profound", "learnxyz"], 1).is_empty());
        assert!(near(&[], 3).is_empty());
    }
}
