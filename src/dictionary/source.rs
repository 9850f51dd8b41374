//! Reading packs: tab-separated text, one swap a line.

use super::entry::{Channel, Entry, Pack, PartOfSpeech, STYLES, Style};
use super::error::DictionaryError;

/// The longest phrase a pack may hold, in bytes.
pub const MAX_PHRASE: usize = 200;

/// The most words a phrase may have.
pub const MAX_WORDS: usize = 12;

/// The most entries of one pack: some hundred megabytes once they are compiled.
pub const MAX_ENTRIES: usize = 500_000;

/// What a line without a style column is taken to say: one time in three.
const DEFAULT_PROBABILITY: f32 = 0.33;

/// Reads a pack from tab-separated text.
///
/// The columns are `spun`, `original`, `pos`, `styles` and `origin`; all but the first two
/// may be left out. Empty lines and lines that begin with `#` say nothing. `pos` is one
/// letter (`n` noun, `v` verb, `a` adjective, `x` fixed: the default). `styles` holds
/// `name:probability` pairs parted by blanks, the probability being how often that spinner
/// writes the phrase when it rewrites the original.
///
/// ```
/// use unspin::dictionary::{read_pack, Style};
/// let pack = read_pack("mine", "mine.tsv", "spherical\tround\tn\tnews:0.4 spinbot:0.1\thand\n")?;
/// assert_eq!(pack.entries[0].original, "round");
/// assert_eq!(pack.entries[0].channel[Style::News as usize], 0.4);
/// # Ok::<(), unspin::dictionary::DictionaryError>(())
/// ```
///
/// # Errors
/// The first line that is not of this form, with file, line and what would be right.
pub fn read_pack(name: &str, file: &str, text: &str) -> Result<Pack, DictionaryError> {
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if entries.len() == MAX_ENTRIES {
            return Err(DictionaryError::line(
                file,
                number,
                format!("entry number {}", MAX_ENTRIES + 1),
                format!("a pack holds at most {MAX_ENTRIES}; split it, and pass each part by itself"),
            ));
        }
        entries.push(read_line(file, number, line)?);
    }
    Ok(Pack { name: name.to_string(), entries })
}

fn read_line(file: &str, number: usize, line: &str) -> Result<Entry, DictionaryError> {
    let wrong = |problem: String, mend: &str| Err(DictionaryError::line(file, number, problem, mend));
    let columns: Vec<&str> = line.split('\t').collect();
    if columns.len() < 2 {
        return wrong(
            format!("one column, `{}`", shorten(line)),
            "a line holds at least the spun phrase and the original, parted by a tab",
        );
    }
    if columns.len() > 5 {
        return wrong(
            format!("{} columns", columns.len()),
            "a line holds at most five: spun, original, pos, styles, origin",
        );
    }
    let spun = phrase(file, number, "spun phrase", columns[0])?;
    let original = phrase(file, number, "original", columns[1])?;
    if spun.replace('^', "") == original.replace('^', "") {
        return wrong(format!("`{spun}` stands for itself"), "the original must differ from the spun phrase");
    }
    let letter = columns.get(2).copied().filter(|c| !c.is_empty()).unwrap_or("x");
    let Some(pos) = PartOfSpeech::from_letter(letter) else {
        return wrong(
            format!("the part of speech `{}`", shorten(letter)),
            "it is n (noun), v (verb), a (adjective) or x (fixed)",
        );
    };
    let channel = match columns.get(3).copied().filter(|c| !c.trim().is_empty()) {
        Some(styles) => channel(file, number, styles)?,
        None => {
            let mut channel = [0.0; STYLES];
            channel[Style::Custom as usize] = DEFAULT_PROBABILITY;
            channel
        }
    };
    let origin = columns.get(4).map_or("user", |o| o.trim()).to_string();
    Ok(Entry { spun, original, pos, channel, origin, line: number })
}

pub(super) fn phrase(file: &str, number: usize, what: &str, text: &str) -> Result<String, DictionaryError> {
    let wrong = |problem: String, mend: String| Err(DictionaryError::line(file, number, problem, mend));
    if text.len() > MAX_PHRASE {
        return wrong(
            format!("a {what} of {} bytes, `{}`", text.len(), shorten(text)),
            format!("phrases have at most {MAX_PHRASE} bytes"),
        );
    }
    if let Some(bad) = text.chars().find(|c| c.is_control()) {
        return wrong(
            format!("the {what} holds the control character U+{:04X}", bad as u32),
            "remove it; words are parted by single blanks".into(),
        );
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || !text.chars().any(char::is_alphanumeric) {
        return wrong(format!("an empty {what}"), "both the spun phrase and the original must hold a word".into());
    }
    if words.len() > MAX_WORDS {
        return wrong(
            format!("a {what} of {} words, `{}`", words.len(), shorten(text)),
            format!("phrases have at most {MAX_WORDS} words"),
        );
    }
    Ok(words.join(" "))
}

fn channel(file: &str, number: usize, text: &str) -> Result<Channel, DictionaryError> {
    let mend = "styles are written like `news:0.4 spinbot:0.1`, with probabilities above 0 and at most 1";
    let mut channel = [0.0; STYLES];
    for part in text.split_whitespace() {
        let wrong = |problem: String, mend: &str| Err(DictionaryError::line(file, number, problem, mend));
        let Some((name, value)) = part.split_once(':') else {
            return wrong(format!("the style `{}` has no probability", shorten(part)), mend);
        };
        let Some(style) = Style::from_name(name) else {
            let names: Vec<&str> = Style::ALL.iter().map(|s| s.name()).collect();
            return wrong(
                format!("no style is called `{}`", shorten(name)),
                &format!("known are {}", names.join(", ")),
            );
        };
        match value.parse::<f32>() {
            Ok(p) if p > 0.0 && p <= 1.0 => channel[style as usize] = p,
            _ => return wrong(format!("the probability `{}` of style `{name}`", shorten(value)), mend),
        }
    }
    Ok(channel)
}

/// Enough of a text to recognise it by in a message.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: &str) -> String {
        read_pack("p", "p.tsv", &format!("# header\n{line}\n")).unwrap_err().to_string()
    }

    #[test]
    fn two_columns_are_enough() {
        let pack = read_pack("p", "p.tsv", "\n# note\nspherical\tround\r\n").unwrap();
        assert_eq!(pack.entries.len(), 1);
        assert_eq!(pack.entries[0].pos, PartOfSpeech::Fixed);
        assert_eq!(pack.entries[0].line, 3);
        assert!(pack.entries[0].channel[Style::Custom as usize] > 0.0);
    }

    #[test]
    fn a_broken_line_is_named_with_what_would_be_right() {
        assert_eq!(
            problem("spherical"),
            "p.tsv:2: one column, `spherical`; a line holds at least the spun phrase and the original, parted by a tab"
        );
        assert_eq!(problem("a\ta"), "p.tsv:2: `a` stands for itself; the original must differ from the spun phrase");
        assert!(problem("a\tb\tq").contains("the part of speech `q`; it is n (noun)"));
        assert!(problem("a\tb\tn\tnews").contains("has no probability"));
        assert!(problem("a\tb\tn\tnews:1.5").contains("`1.5`"));
        assert!(problem("a\tb\tn\tnews:NaN").contains("`NaN`"));
        assert!(problem("a\tb\tn\tgnus:0.5").contains("known are news, marketing"));
        assert!(problem("a\t\tn").contains("an empty original"));
        assert!(problem("a\u{7}b\tc").contains("U+0007"));
        assert!(problem("a\tb\tn\tnews:0.1\thand\tmore").contains("6 columns"));
        let long = "x".repeat(1 << 20);
        let message = problem(&format!("{long}\ty"));
        assert!(message.contains("1048576 bytes") && message.len() < 200, "{message}");
    }
}
