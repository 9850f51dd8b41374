//! How genuine writers use a phrase: the figures that keep a language model's taste for the
//! commoner word from becoming an accusation.
//!
//! For a pair of spun phrase and original, the *gain* is `ln P(original in context) -
//! ln P(spun in context)`. It is gathered twice from genuine text: where writers wrote the
//! spun phrase themselves, and where they wrote the original (as if it had been spun). The
//! two distributions say how much gain speaks for a swap, and their counts how often each
//! side is met at all.

use std::collections::HashMap;

use super::error::DictionaryError;

/// Count, mean and spread of a gain, in natural logarithms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gain {
    /// How often the phrase was met.
    pub count: u32,
    /// Mean gain.
    pub mean: f32,
    /// Standard deviation of the gain.
    pub spread: f32,
}

impl Gain {
    /// The gain of both together.
    #[allow(clippy::cast_possible_truncation)]
    fn with(self, other: Gain) -> Gain {
        let count = self.count.saturating_add(other.count);
        if self.count == 0 || other.count == 0 {
            return if other.count == 0 { self } else { other };
        }
        let share = f64::from(other.count) / f64::from(count);
        let (ours, theirs) = (f64::from(self.mean), f64::from(other.mean));
        let mean = ours + share * (theirs - ours);
        let squares = |g: Gain| f64::from(g.spread).powi(2) + (f64::from(g.mean) - mean).powi(2);
        let variance = (1.0 - share) * squares(self) + share * squares(other);
        Gain { count, mean: mean as f32, spread: variance.sqrt() as f32 }
    }
}

/// What genuine text says about one pair.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairUse {
    /// Where the spun phrase was written by a genuine author.
    pub spun: Gain,
    /// Where the original was written.
    pub original: Gain,
}

/// Genuine-use figures by pair, from a text of `words` words.
#[derive(Debug, Default, PartialEq)]
pub struct GenuineUse {
    /// How many words the figures were gathered from.
    pub words: u64,
    pairs: HashMap<String, PairUse>,
}

fn key(spun: &str, original: &str) -> String {
    format!("{spun}\t{original}")
}

impl GenuineUse {
    /// Figures gathered from `words` words, still empty.
    #[must_use]
    pub fn new(words: u64) -> Self {
        GenuineUse { words, pairs: HashMap::new() }
    }

    /// The figures of a pair, where any were gathered.
    #[must_use]
    pub fn get(&self, spun: &str, original: &str) -> Option<PairUse> {
        self.pairs.get(&key(spun, original)).copied()
    }

    /// Records the figures of a pair.
    pub fn insert(&mut self, spun: &str, original: &str, figures: PairUse) {
        self.pairs.insert(key(spun, original), figures);
    }

    /// Adds what other texts say, perhaps measured with another model: counts add up, means and
    /// spreads are those of both together, each weighing as much as its count.
    pub fn add(&mut self, other: GenuineUse) {
        self.words += other.words;
        for (pair, theirs) in other.pairs {
            let ours = self.pairs.entry(pair).or_default();
            ours.spun = ours.spun.with(theirs.spun);
            ours.original = ours.original.with(theirs.original);
        }
    }

    /// How many pairs have figures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether no pair has figures.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The figures as a sorted table, the form committed to `dictionaries/en/genuine.tsv`.
    #[must_use]
    pub fn to_table(&self) -> String {
        let mut rows: Vec<String> =
            self.pairs.iter().map(|(pair, u)| format!("{pair}\t{}\t{}", cells(u.spun), cells(u.original))).collect();
        rows.sort_unstable();
        let mut table = format!(
            "# Gain where genuine authors wrote the spun phrase, and where they wrote the original; recipe: dictionaries/README.md\n\
             # words\t{}\n# spun\toriginal\tn\tmean\tspread\tn\tmean\tspread\n",
            self.words
        );
        for row in rows {
            table.push_str(&row);
            table.push('\n');
        }
        table
    }

    /// Reads a table written by [`GenuineUse::to_table`].
    ///
    /// # Errors
    /// The first line that is not of its form, by file and line.
    pub fn from_table(file: &str, text: &str) -> Result<Self, DictionaryError> {
        let mut figures = GenuineUse::default();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(words) = line.strip_prefix("# words\t") {
                figures.words = words.trim().parse().unwrap_or(0);
            }
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let columns: Vec<&str> = line.split('\t').collect();
            let gain = |at: usize| -> Option<Gain> {
                let number = |i: usize| columns.get(i)?.parse::<f32>().ok().filter(|v| v.is_finite());
                Some(Gain { count: columns.get(at)?.parse().ok()?, mean: number(at + 1)?, spread: number(at + 2)? })
            };
            let (Some(spun), Some(original), 8) = (gain(2), gain(5), columns.len()) else {
                return Err(DictionaryError::line(
                    file,
                    number,
                    format!("{} columns that are not genuine-use figures", columns.len()),
                    "a line holds spun, original and twice a count, a mean and a spread; gather it again with `unspin dict calibrate`",
                ));
            };
            figures.insert(columns[0], columns[1], PairUse { spun, original });
        }
        Ok(figures)
    }
}

fn cells(gain: Gain) -> String {
    format!("{}\t{:.2}\t{:.2}", gain.count, gain.mean, gain.spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_other_texts_are_added() {
        let gain = |count, mean, spread| Gain { count, mean, spread };
        let uses = |words, spun, original| {
            let mut figures = GenuineUse::new(words);
            figures.insert("spherical", "round", PairUse { spun, original });
            figures
        };
        let mut figures = uses(100, gain(1, 2.0, 0.0), Gain::default());
        figures.add(uses(50, gain(3, 4.0, 0.0), gain(5, -1.0, 0.5)));
        figures.add(GenuineUse::new(7));
        let both = figures.get("spherical", "round").unwrap();
        assert_eq!((figures.words, both.original), (157, gain(5, -1.0, 0.5)));
        // Of 2, 4, 4, 4.
        assert!((both.spun.mean - 3.5).abs() < 1e-6 && (both.spun.spread - 0.75f32.sqrt()).abs() < 1e-6);
        assert_eq!(both.spun.count, 4);
    }

    #[test]
    fn a_table_is_read_back() {
        let mut figures = GenuineUse::new(1000);
        let gain = Gain { count: 3, mean: -1.25, spread: 0.5 };
        figures.insert("spherical", "round", PairUse { spun: gain, original: Gain::default() });
        let table = figures.to_table();
        assert_eq!(GenuineUse::from_table("g.tsv", &table).unwrap(), figures);
        let broken = table.replace("-1.25", "much");
        assert!(GenuineUse::from_table("g.tsv", &broken).unwrap_err().to_string().starts_with("g.tsv:4: 8 columns"));
    }
}
