//! Inflected forms: an entry for `assault`/`attack` also stands for `assaults`/`attacks`.
//!
//! Regular forms follow the spelling rules below; `dictionaries/en/inflection.tsv` holds
//! the words that do not, made by [`exceptions`] from the table of the lemminflect package.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::entry::PartOfSpeech;

/// The forms of one slot (plural, past ...): the usual one first, variants after it.
type Variants = Vec<String>;

/// Makes inflected forms.
#[derive(Debug, Default)]
pub struct Inflector {
    exceptions: HashMap<(PartOfSpeech, String), Vec<Variants>>,
}

impl Inflector {
    /// The inflector for English, with the embedded table of exceptions.
    pub fn english() -> &'static Inflector {
        static ENGLISH: OnceLock<Inflector> = OnceLock::new();
        ENGLISH.get_or_init(|| Inflector::from_table(include_str!("../../dictionaries/en/inflection.tsv")))
    }

    /// An inflector with a table of exceptions: `lemma`, part of speech and one column a slot
    /// (noun: plural; verb: past, participle, -ing, third person; adjective: comparative,
    /// superlative), variants parted by `/`.
    #[must_use]
    pub fn from_table(text: &str) -> Inflector {
        let mut exceptions = HashMap::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(lemma), Some(pos)) = (columns.next(), columns.next().and_then(PartOfSpeech::from_letter)) else {
                continue;
            };
            let slots = columns.map(|c| c.split('/').map(str::to_string).collect()).collect();
            exceptions.insert((pos, lemma.to_string()), slots);
        }
        Inflector { exceptions }
    }

    /// All slots of a word, the base form first.
    fn slots(&self, word: &str, pos: PartOfSpeech) -> Vec<Variants> {
        let known = self.exceptions.get(&(pos, word.to_string())).cloned();
        let base = vec![word.to_string()];
        match pos {
            PartOfSpeech::Fixed => vec![base],
            PartOfSpeech::Noun => {
                let mut slots = known.unwrap_or_else(|| regular(word, pos));
                let possessive = |v: &Variants| -> Variants {
                    v.iter().filter(|w| !w.ends_with('s')).map(|w| format!("{w}'s")).collect()
                };
                let (one, many) = (possessive(&base), possessive(&slots[0]));
                slots.insert(0, base);
                slots.push(one);
                slots.push(many);
                slots
            }
            // Two slots more than other verbs have, so that they stay in step with them.
            PartOfSpeech::Verb if word == "be" => {
                [&["be", "am", "are"][..], &["was", "were"], &["been"], &["being"], &["is"]]
                    .iter()
                    .map(|v| v.iter().map(|w| (*w).to_string()).collect())
                    .collect()
            }
            PartOfSpeech::Verb => {
                let mut slots = known.unwrap_or_else(|| regular(word, pos));
                slots.insert(0, base);
                slots
            }
            PartOfSpeech::Adjective => {
                let mut slots =
                    known.unwrap_or_else(|| vec![vec![format!("more {word}")], vec![format!("most {word}")]]);
                slots.insert(0, base);
                slots
            }
        }
    }

    /// All slots of a phrase: its head is inflected, the rest stays.
    fn phrase_slots(&self, phrase: &str, pos: PartOfSpeech) -> Vec<Variants> {
        let words: Vec<&str> = phrase.split(' ').collect();
        let head = head(&words, pos);
        let (before, after) = (&words[..head], &words[head + 1..]);
        // `weight-reduction` is inflected in its last part.
        let word = words[head].trim_start_matches('^');
        let (stem, last) = word.rsplit_once('-').map_or(("", word), |(a, b)| (&word[..=a.len()], b));
        let place = |form: &String| {
            let inflected = format!("{stem}{form}");
            let mut all: Vec<&str> = before.to_vec();
            all.push(&inflected);
            all.extend(after);
            all.join(" ")
        };
        self.slots(last, pos).iter().map(|v| v.iter().map(place).collect()).collect()
    }

    /// The pairs of spun and original phrase that an entry stands for, in parallel forms,
    /// the base form first, without repetition.
    ///
    /// ```
    /// use unspin::dictionary::{Inflector, PartOfSpeech};
    /// let pairs = Inflector::english().pairs("make use of", "use", PartOfSpeech::Verb);
    /// assert!(pairs.contains(&("made use of".to_string(), "used".to_string())));
    /// ```
    #[must_use]
    pub fn pairs(&self, spun: &str, original: &str, pos: PartOfSpeech) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (spun, original) in self.phrase_slots(spun, pos).iter().zip(&self.phrase_slots(original, pos)) {
            for (i, form) in spun.iter().enumerate() {
                // Variants go in step where both sides have as many (`was`/`were`).
                let other = if spun.len() == original.len() { original.get(i) } else { original.first() };
                let Some(other) = other else { continue };
                let pair = (form.clone(), other.clone());
                if form != other && !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
        }
        pairs
    }

    /// The first form that both phrases have in the same place, base forms aside: a pair that
    /// [`Inflector::pairs`] leaves out.
    pub(super) fn equal_form(&self, spun: &str, original: &str, pos: PartOfSpeech) -> Option<String> {
        let (spun, original) = (self.phrase_slots(spun, pos), self.phrase_slots(original, pos));
        let mut slots = spun.into_iter().zip(original).skip(1);
        slots.find_map(|(spun, original)| spun.into_iter().find(|form| original.contains(form)))
    }

    /// All words of the table of exceptions, in every form.
    pub(super) fn words(&self) -> HashSet<&str> {
        let forms = self.exceptions.values().flatten().flatten().map(String::as_str);
        self.exceptions.keys().map(|key| key.1.as_str()).chain(forms).collect()
    }
}

/// The word of a phrase that is inflected: the one marked `^`; else the first of a verb
/// phrase, and the last before a preposition of any other.
fn head(words: &[&str], pos: PartOfSpeech) -> usize {
    const PREPOSITIONS: [&str; 14] =
        ["of", "for", "in", "to", "with", "from", "on", "at", "by", "about", "against", "between", "over", "and"];
    if let Some(marked) = words.iter().position(|w| w.starts_with('^')) {
        return marked;
    }
    if pos == PartOfSpeech::Verb {
        return 0;
    }
    let end = words.iter().skip(1).position(|w| PREPOSITIONS.contains(w)).map_or(words.len(), |i| i + 1);
    end - 1
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The slots after the base form that the spelling rules give.
fn regular(word: &str, pos: PartOfSpeech) -> Vec<Variants> {
    let letters: Vec<char> = word.chars().collect();
    let last = letters.last().copied().unwrap_or('s');
    let before = letters.len().checked_sub(2).map_or('a', |i| letters[i]);
    let stem = |cut: usize| letters[..letters.len().saturating_sub(cut)].iter().collect::<String>();
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|e| word.ends_with(e));
    let consonant_y = last == 'y' && !is_vowel(before);
    let plural = if consonant_y {
        stem(1) + "ies"
    } else if hissing || (pos == PartOfSpeech::Verb && last == 'o' && !is_vowel(before)) {
        stem(0) + "es"
    } else {
        stem(0) + "s"
    };
    if pos != PartOfSpeech::Verb {
        return vec![vec![plural]];
    }
    // One syllable that ends in consonant, vowel, consonant doubles the last: stop, stopped.
    let vowels = letters.windows(2).filter(|w| is_vowel(w[1]) && !is_vowel(w[0])).count()
        + usize::from(letters.first().copied().is_some_and(is_vowel));
    let third = letters.len().checked_sub(3).map(|i| letters[i]);
    let doubles = vowels == 1
        && is_vowel(before)
        && !is_vowel(last)
        && !matches!(last, 'w' | 'x' | 'y')
        && third.is_none_or(|c| !is_vowel(c));
    let (past, ing) = if last == 'e' {
        let ing = match before {
            'i' => stem(2) + "ying",
            'e' | 'y' | 'o' => stem(0) + "ing",
            _ => stem(1) + "ing",
        };
        (stem(0) + "d", ing)
    } else if consonant_y {
        (stem(1) + "ied", stem(0) + "ing")
    } else if doubles {
        (format!("{word}{last}ed"), format!("{word}{last}ing"))
    } else {
        (stem(0) + "ed", stem(0) + "ing")
    };
    vec![vec![past.clone()], vec![past], vec![ing], vec![plural]]
}

/// The recipe of `dictionaries/en/inflection.tsv`: the rows of lemminflect's `infl_lu.csv`
/// that the spelling rules would get wrong, as a sorted table.
///
/// Adjectives are listed when they compare with endings; all others take `more`, `most`.
#[must_use]
pub fn exceptions(csv: &str) -> String {
    let mut rows = Vec::new();
    for line in csv.lines() {
        let columns: Vec<&str> = line.split(',').collect();
        let [lemma, pos, forms @ ..] = &columns[..] else { continue };
        let pos = match *pos {
            "noun" => PartOfSpeech::Noun,
            "verb" => PartOfSpeech::Verb,
            "adj" => PartOfSpeech::Adjective,
            _ => continue,
        };
        if lemma.chars().any(|c| !c.is_ascii_lowercase()) || forms.iter().all(|f| f.is_empty()) {
            continue;
        }
        let mut slots: Vec<Variants> = Vec::new();
        for form in forms {
            // An empty participle is the past again.
            let same = slots.first().cloned();
            let mut variants: Variants = form.split('/').filter(|f| !f.is_empty()).map(str::to_string).collect();
            if pos == PartOfSpeech::Noun && variants.len() > 1 {
                variants.retain(|v| v != lemma);
            }
            if variants.is_empty() {
                variants = same.unwrap_or_default();
            }
            slots.push(variants);
        }
        let expected = if pos == PartOfSpeech::Adjective { Vec::new() } else { regular(lemma, pos) };
        if slots != expected && slots.iter().all(|v| !v.is_empty()) {
            let forms: Vec<String> = slots.iter().map(|v| v.join("/")).collect();
            rows.push(format!("{lemma}\t{}\t{}", pos.letter(), forms.join("\t")));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    let mut table = String::from(
        "# Words whose forms the spelling rules do not give; origin, licence and recipe: dictionaries/README.md\n",
    );
    for row in rows {
        table.push_str(&row);
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use PartOfSpeech::{Adjective, Fixed, Noun, Verb};

    fn has(spun: &str, original: &str, pos: PartOfSpeech, expected: &[(&str, &str)]) {
        let pairs = Inflector::english().pairs(spun, original, pos);
        for (a, b) in expected {
            assert!(pairs.contains(&(a.to_string(), b.to_string())), "{a}/{b} not in {pairs:?}");
        }
    }

    #[test]
    fn both_sides_are_inflected_in_parallel() {
        has("assault", "attack", Noun, &[("assault", "attack"), ("assaults", "attacks"), ("assault's", "attack's")]);
        has(
            "assault",
            "attack",
            Verb,
            &[("assaulted", "attacked"), ("assaulting", "attacking"), ("assaults", "attacks")],
        );
        has("take", "carry", Verb, &[("took", "carried"), ("taken", "carried"), ("taking", "carrying")]);
        has("huge", "big", Adjective, &[("huge", "big"), ("huger", "bigger")]);
        has("substantial", "big", Adjective, &[("more substantial", "bigger"), ("most substantial", "biggest")]);
        assert_eq!(Inflector::english().pairs("stated", "said", Fixed), [("stated".to_string(), "said".to_string())]);
    }

    #[test]
    fn the_head_of_a_phrase_is_inflected() {
        has("international location", "country", Noun, &[("international locations", "countries")]);
        has("way of life", "lifestyle", Noun, &[("ways of life", "lifestyles")]);
        has("keep away from", "avoid", Verb, &[("kept away from", "avoided"), ("keeping away from", "avoiding")]);
        has("well ^know by", "love", Verb, &[("well knew by", "loved")]);
        has("weight-reduction plan", "diet", Noun, &[("weight-reduction plans", "diets")]);
        has(
            "be capable of",
            "be able to",
            Verb,
            &[("were capable of", "were able to"), ("is capable of", "is able to")],
        );
    }

    #[test]
    fn spelling_rules() {
        let forms = |w: &str, p| regular(w, p).into_iter().map(|v| v[0].clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(forms("stop", Verb), "stopped stopped stopping stops");
        assert_eq!(forms("try", Verb), "tried tried trying tries");
        assert_eq!(forms("use", Verb), "used used using uses");
        assert_eq!(forms("tie", Verb), "tied tied tying ties");
        assert_eq!(forms("agree", Verb), "agreed agreed agreeing agrees");
        assert_eq!(forms("fix", Verb), "fixed fixed fixing fixes");
        assert_eq!(forms("look", Verb), "looked looked looking looks");
        assert_eq!(forms("city", Noun), "cities");
        assert_eq!(forms("church", Noun), "churches");
    }

    #[test]
    fn the_recipe_keeps_only_exceptions() {
        let csv = "attack,noun,attacks/attack\nchild,noun,children\nmodest,adj,,\nbig,adj,bigger,biggest\nsay,verb,said,,saying,says\nlook,verb,looked,,looking,looks\n";
        let table = exceptions(csv);
        let rows: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(rows, ["big\ta\tbigger\tbiggest", "child\tn\tchildren", "say\tv\tsaid\tsaid\tsaying\tsays"]);
    }
}
