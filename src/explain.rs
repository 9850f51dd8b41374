//! Explaining a sentence: every candidate with the terms that decide it.

use std::ops::Range;

use crate::detect::{Layer, Look};
use crate::model::Model;
use crate::worker::Buffers;

/// A candidate of a sentence with the terms that decide it, in natural logarithms.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explained {
    /// The phrase as it stands.
    pub phrase: String,
    /// Where it stands in the sentence, in bytes.
    pub span: Range<usize>,
    /// What it may stand for.
    pub original: String,
    /// The pack of the dictionary that says so.
    pub pack: String,
    /// How usual the swap is, at the rate in question.
    pub channel: f32,
    /// How much more probable the original is in this context.
    pub context: f32,
    /// What genuine writers' use of both adds.
    pub genuine_use: f32,
    /// The probability that the original stood there, all readings of the sentence weighed.
    pub posterior: f32,
}

impl Model {
    /// Explains a sentence: all candidates in the order of the text, as they would be judged
    /// in a document that was spun at `rate` in no particular style.
    #[must_use]
    pub fn explain(&self, sentence: &str, rate: f32) -> Vec<Explained> {
        let mut buffers = Buffers::default();
        let b = &mut buffers;
        b.tokens.read(sentence);
        b.reading.read(&b.tokens, &self.language_model);
        b.candidates.clear();
        let mut looks =
            [Layer::Telling, Layer::Weak, Layer::Thesaurus].map(|layer| Look { hopeless: true, layer }).to_vec();
        looks.retain(|look| self.thesaurus || look.layer != Layer::Thesaurus);
        let (lm, dictionaries) = (&self.language_model, &self.dictionaries);
        for look in &looks {
            b.candidates.read(&b.tokens, &b.reading, dictionaries, lm, *look);
        }
        b.candidates.read_near(&b.tokens, &b.reading, dictionaries, lm, &looks);
        let channel: Vec<f32> =
            b.candidates.all.iter().map(|c| (rate * c.channel.iter().fold(0.0f32, |a, c| a.max(*c))).ln()).collect();
        b.decode(self, &channel);
        let slice = b.tokens.as_slice();
        let explained = b.candidates.all.iter().enumerate().map(|(number, candidate)| {
            let dictionary = &self.dictionaries[candidate.dictionary as usize];
            let span = slice[candidate.start].start as usize..slice[candidate.end - 1].end as usize;
            Explained {
                phrase: sentence.get(span.clone()).unwrap_or_default().to_string(),
                span,
                original: dictionary.original(candidate.original).to_string(),
                pack: dictionary.pack(candidate.pack).to_string(),
                channel: channel[number],
                context: candidate.gain,
                genuine_use: candidate.merit() - candidate.gain,
                posterior: b.decoded.posterior[number],
            }
        });
        explained.collect()
    }
}
