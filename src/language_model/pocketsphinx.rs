//! Reading the binary trie model of the pocketsphinx package (`en-us.lm.bin`).
//!
//! The trie is reversed: a unigram is the predicted word, its children are the words before
//! it, their children the words before those. Bits are read from the lowest up; values are
//! logarithms to base 1.0001.

use super::error::ModelError;
use super::pack::Ngrams;

const MAGIC: &[u8] = b"Trie Language Model";
/// Natural logarithm of 1.0001.
const LN_BASE: f64 = 9.999_500_033_330_834e-5;
const LEVELS: usize = 65_536;

const BIGRAM_BITS: usize = 70;
const TRIGRAM_BITS: usize = 33;

/// Reads the model file of the pocketsphinx package.
///
/// # Errors
/// When the bytes are not such a model, or end before what its header announces.
pub fn read_pocketsphinx(bytes: &[u8]) -> Result<Ngrams, ModelError> {
    if !bytes.starts_with(MAGIC) {
        return Err(ModelError::foreign("a binary trie model of pocketsphinx", bytes));
    }
    let mut at = MAGIC.len();
    let order = take(bytes, &mut at, 1, "header")?[0];
    if order != 3 {
        return Err(ModelError::invalid(format!("order {order}, where 3 is read")));
    }
    let mut counts = [0usize; 3];
    for count in &mut counts {
        *count = u32_of(take(bytes, &mut at, 4, "header")?) as usize;
    }
    let kind = u32_of(take(bytes, &mut at, 4, "header")?);
    if kind != 1 {
        return Err(ModelError::invalid(format!("quantisation {kind}, where 1 (16 bits) is read")));
    }
    let [bigram_prob, bigram_backoff, trigram_prob] =
        [floats(bytes, &mut at)?, floats(bytes, &mut at)?, floats(bytes, &mut at)?];
    let unigrams = take(bytes, &mut at, (counts[0] + 1).saturating_mul(12), "unigrams")?;
    let bigrams = take(bytes, &mut at, bits_size(counts[1], BIGRAM_BITS), "bigrams")?;
    let trigrams = take(bytes, &mut at, bits_size(counts[2], TRIGRAM_BITS), "trigrams")?;
    let length = u32_of(take(bytes, &mut at, 4, "vocabulary")?) as usize;
    let blob = take(bytes, &mut at, length, "vocabulary")?;
    let words: Vec<String> =
        blob.split(|b| *b == 0).take(counts[0]).map(|w| String::from_utf8_lossy(w).into_owned()).collect();
    if words.len() != counts[0] {
        return Err(ModelError::invalid(format!("{} words for {} unigrams", words.len(), counts[0])));
    }

    let unigram = |i: usize| {
        let record = &unigrams[12 * i..12 * i + 12];
        (ln(f32_of(&record[..4])), ln(f32_of(&record[4..8])), u32_of(&record[8..]) as usize)
    };
    let mut model = Ngrams { words, ..Ngrams::default() };
    for word in 0..counts[0] {
        let (prob, backoff, next) = unigram(word);
        model.unigrams.push((prob, backoff));
        let end = unigram(word + 1).2.min(counts[1]);
        for child in next..end {
            let at = child * BIGRAM_BITS;
            let before = bits(bigrams, at, 17) as usize;
            let id = |w: usize| u32::try_from(w).unwrap_or(u32::MAX);
            if before >= counts[0] {
                return Err(ModelError::invalid(format!("bigram {child} names word {before} of {}", counts[0])));
            }
            // The values are those of the bigram `before word`; its back-off is that of the
            // context `before word`.
            let backoff = bigram_backoff[bits(bigrams, at + 17, 16) as usize];
            let prob = bigram_prob[bits(bigrams, at + 33, 16) as usize];
            model.bigrams.push(([id(before), id(word)], prob, backoff));
            let (from, to) = (bits(bigrams, at + 49, 21) as usize, bits(bigrams, at + BIGRAM_BITS + 49, 21) as usize);
            for grandchild in from..to.min(counts[2]) {
                let at = grandchild * TRIGRAM_BITS;
                let first = bits(trigrams, at, 17) as usize;
                if first < counts[0] {
                    let prob = trigram_prob[bits(trigrams, at + 17, 16) as usize];
                    model.trigrams.push(([id(first), id(before), id(word)], prob));
                }
            }
        }
    }
    Ok(model)
}

fn bits_size(entries: usize, width: usize) -> usize {
    (entries + 1).saturating_mul(width).div_ceil(8) + 8
}

fn take<'a>(bytes: &'a [u8], at: &mut usize, length: usize, what: &'static str) -> Result<&'a [u8], ModelError> {
    let end = at.saturating_add(length);
    let part = bytes.get(*at..end).ok_or_else(|| ModelError::truncated(what, end as u64, bytes.len() as u64))?;
    *at = end;
    Ok(part)
}

fn u32_of(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

fn f32_of(bytes: &[u8]) -> f32 {
    bytes.try_into().map_or(0.0, f32::from_le_bytes)
}

#[allow(clippy::cast_possible_truncation)]
fn ln(value: f32) -> f32 {
    (f64::from(value) * LN_BASE) as f32
}

fn floats(bytes: &[u8], at: &mut usize) -> Result<Vec<f32>, ModelError> {
    Ok(take(bytes, at, 4 * LEVELS, "quantisation tables")?.chunks_exact(4).map(|c| ln(f32_of(c))).collect())
}

/// `width` bits from bit `at` on, lowest first.
fn bits(bytes: &[u8], at: usize, width: u32) -> u64 {
    let byte = at / 8;
    let mut word = [0u8; 8];
    if let Some(part) = bytes.get(byte..(byte + 8).min(bytes.len())) {
        word[..part.len()].copy_from_slice(part);
    }
    u64::from_le_bytes(word) >> (at % 8) & ((1 << width) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bits_across_bytes() {
        let bytes = [0b1010_0000, 0b0000_0111, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(bits(&bytes, 5, 6), 0b11_1101);
        assert_eq!(bits(&bytes, 70, 17), 0);
    }

    #[test]
    fn foreign_and_cut_files_are_refused() {
        let message = |b: &[u8]| read_pocketsphinx(b).unwrap_err().to_string();
        assert!(message(b"\\data\\ ngram 1=3").contains("not a binary trie model"));
        let mut start = MAGIC.to_vec();
        start.push(3);
        assert!(message(&start).contains("cut short in its header: 24 bytes are needed and 20"));
        start.extend([255; 12]);
        start.extend(1u32.to_le_bytes());
        assert!(message(&start).contains("quantisation tables"), "{}", message(&start));
    }
}
