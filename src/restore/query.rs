//! Word sequences of a restored text by which a search engine is likeliest to find its source.

use std::ops::Range;

use crate::language_model::{LanguageModel, Reading};
use crate::text::{TokenKind, Tokens};

/// The least and the most words of a sequence: fewer are no fingerprint, and in more of them an
/// error is likelier than they are worth.
const LEAST_WORDS: usize = 5;
const MOST_WORDS: usize = 12;

/// How probable it is that a word at which nothing was found stands as in the source: spinners
/// swap more than is found.
const UNTOUCHED: f32 = 0.97;

/// The most that one word tells, in natural logarithms: a rare name is worth no whole sentence.
const MOST_FOR_ONE: f32 = 12.0;

/// A stretch of the text whose wording is not certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// Where it lies, in bytes.
    pub range: Range<usize>,
    /// How probable it is that it reads as in the source, 0 to 1.
    pub certainty: f32,
}

/// A word sequence to search for, as it stands in the text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Query {
    /// Where it lies, in bytes.
    pub range: Range<usize>,
    /// How probable it is that the source has it word by word, 0 to 1.
    pub certainty: f32,
}

/// At most `most` word sequences of different sentences that are long, certain and distinctive,
/// the best first. `doubts` are sorted by their range.
#[must_use]
pub fn queries(text: &str, doubts: &[Doubt], model: &LanguageModel, most: usize) -> Vec<Query> {
    let (mut tokens, mut reading) = (Tokens::default(), Reading::default());
    tokens.read(text);
    reading.read(&tokens, model);
    let words: Vec<Word> = (0..tokens.len()).map(|i| word(i, &tokens, &reading, doubts, model)).collect();
    let mut best: Vec<(f32, Query)> = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let end = (first + 1..words.len()).find(|&i| reading.sentence_start(i)).unwrap_or(words.len());
        best.extend(best_of_sentence(&words[first..end]));
        first = end;
    }
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.range.start.cmp(&b.1.range.start)));
    // What says much the same is asked once: a caption often stands under several pictures.
    let mut chosen: Vec<Query> = Vec::new();
    for (_, query) in best {
        let words = || text[query.range.clone()].split_whitespace();
        let known = |word: &str| chosen.iter().any(|c| text[c.range.clone()].split_whitespace().any(|w| w == word));
        if chosen.len() < most && 2 * words().filter(|w| known(w)).count() <= words().count() {
            chosen.push(query);
        }
    }
    chosen
}

/// What a token is worth in a query.
#[derive(Clone)]
struct Word {
    range: Range<usize>,
    /// Whether it counts as a word; marks are passed over.
    counts: bool,
    /// Whether no query goes across it: a line ends, or it is no prose.
    parts: bool,
    told: f32,
    certainty: f32,
    /// The number of its doubt: what is doubted as a whole counts once.
    doubt: Option<usize>,
}

fn word(i: usize, tokens: &Tokens, reading: &Reading, doubts: &[Doubt], model: &LanguageModel) -> Word {
    let token = tokens.as_slice()[i];
    let range = token.start as usize..token.end as usize;
    let counts = matches!(token.kind, TokenKind::Word | TokenKind::Number);
    let told = reading.words(i).iter().map(|w| -model.log_probability(*w)).sum::<f32>().clamp(0.0, MOST_FOR_ONE);
    let near = doubts.partition_point(|d| d.range.end <= range.start);
    let doubt = doubts.get(near).filter(|d| d.range.start < range.end).map(|_| near);
    let certainty = match doubt {
        Some(doubt) => doubts[doubt].certainty,
        None if counts => UNTOUCHED,
        None => 1.0,
    };
    Word { range, counts, parts: token.kind == TokenKind::Other, told, certainty, doubt }
}

/// The best sequence of a sentence with what it is worth: what its words tell, times how
/// probable it is that all of them stand in the source.
fn best_of_sentence(words: &[Word]) -> Option<(f32, Query)> {
    let mut best: Option<(f32, Query)> = None;
    for first in 0..words.len() {
        if !words[first].counts {
            continue;
        }
        let (mut told, mut certainty, mut count) = (0.0, 1.0f32, 0);
        let mut doubt = None;
        for word in &words[first..] {
            if word.parts || count == MOST_WORDS {
                break;
            }
            if word.doubt.is_none() || word.doubt != doubt {
                certainty *= word.certainty;
            }
            doubt = word.doubt;
            if !word.counts {
                continue;
            }
            told += word.told;
            count += 1;
            let worth = told * certainty;
            if count >= LEAST_WORDS && best.as_ref().is_none_or(|b| worth > b.0) {
                best = Some((worth, Query { range: words[first].range.start..word.range.end, certainty }));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;

    fn asked(text: &str, doubted: &[(&str, f32)], most: usize) -> Vec<String> {
        let doubts: Vec<Doubt> = doubted
            .iter()
            .map(|d| {
                let start = text.find(d.0).unwrap();
                Doubt { range: start..start + d.0.len(), certainty: d.1 }
            })
            .collect();
        let model = Model::english();
        queries(text, &doubts, model.language_model(), most).into_iter().map(|q| text[q.range].to_string()).collect()
    }

    #[test]
    fn what_is_doubted_is_left_out_where_it_can_be() {
        let text = "The ferry to Carrow Bay sank beside the old lighthouse, and nobody knew why it went under.";
        let certain = asked(text, &[], 3);
        assert_eq!(certain.len(), 1);
        assert!(certain[0].contains("Carrow Bay") && certain[0].contains("lighthouse"), "{certain:?}");
        let doubtful = asked(text, &[("lighthouse", 0.1)], 3);
        assert!(!doubtful[0].contains("lighthouse") && doubtful[0].contains("Carrow Bay"), "{doubtful:?}");
    }

    #[test]
    fn sentences_give_one_each_and_short_ones_none() {
        let text = "Too short. The miller's youngest daughter painted every shutter green. The miller's youngest \
                    daughter painted every shutter green. Her uncle sold the barn to a travelling circus.";
        assert_eq!(asked(text, &[], 5).len(), 2);
        assert_eq!(asked(text, &[], 1).len(), 1);
        assert!(asked("", &[], 5).is_empty());
    }
}
