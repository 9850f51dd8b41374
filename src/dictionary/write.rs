//! Writing packs: the text that [`read_pack`](super::read_pack) reads, in its one order.

use std::fmt::Write;

use super::entry::{Entry, Style};

/// The header that explains the columns.
const HEADER: &str = "# spun\toriginal\tpos\tstyles\torigin";

/// The lowest probability that is written: a pack must not say *never*.
const LEAST: f32 = 0.001;

/// What packs are sorted by: the spun phrase without head marks in lower case, the original
/// in lower case, the part of speech. So a diff shows what was added where it belongs.
///
/// ```
/// use unspin::dictionary::{read_pack, sort_key};
/// let pack = read_pack("p", "p.tsv", "well ^do\tDo Well\tv\n")?;
/// assert_eq!(sort_key(&pack.entries[0]), ("well do".to_string(), "do well".to_string(), "v"));
/// # Ok::<(), unspin::dictionary::DictionaryError>(())
/// ```
#[must_use]
pub fn sort_key(entry: &Entry) -> (String, String, &'static str) {
    (entry.spun.replace('^', "").to_lowercase(), entry.original.to_lowercase(), entry.pos.letter())
}

/// The text of a pack: a header, then the entries sorted by [`sort_key`]. `about` is put at
/// the end of the header. Probabilities are rounded to thousandths.
///
/// ```
/// use unspin::dictionary::{read_pack, write_pack};
/// let pack = read_pack("p", "p.tsv", "stated\tsaid\tx\tnews:0.4\thand\nbeat\ttop\n")?;
/// let text = write_pack(pack.entries, "two of many");
/// assert_eq!(text.lines().nth(1), Some("beat\ttop\tx\tcustom:0.330\tuser"));
/// assert_eq!(read_pack("p", "p.tsv", &text)?.entries.len(), 2);
/// # Ok::<(), unspin::dictionary::DictionaryError>(())
/// ```
#[must_use]
pub fn write_pack(mut entries: Vec<Entry>, about: &str) -> String {
    entries.sort_by_cached_key(sort_key);
    let mut text = format!("{HEADER}; {about}\n");
    for entry in &entries {
        let _ = write!(text, "{}\t{}\t{}\t", entry.spun, entry.original, entry.pos.letter());
        let styles = Style::ALL.iter().zip(entry.channel).filter(|(_, probability)| *probability > 0.0);
        for (number, (style, probability)) in styles.enumerate() {
            let blank = if number == 0 { "" } else { " " };
            let _ = write!(text, "{blank}{}:{:.3}", style.name(), probability.clamp(LEAST, 1.0));
        }
        let _ = writeln!(text, "\t{}", entry.origin);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::read_pack;
    use super::*;

    #[test]
    fn what_is_written_is_read_back_in_order() {
        let text = "well ^do\tdo well\tv\tnews:0.25 literal:0.0001\thand\nWall Avenue\tWall Street\tx\tnews:0.5\thand\n\
                    wall\tbarrier\tn\tspinbot:0.125\thand\nwall\tbarrier\tv\tspinbot:0.125\thand\n";
        let entries = read_pack("p", "p.tsv", text).unwrap().entries;
        let written = write_pack(entries, "about");
        let rows: Vec<&str> = written.lines().collect();
        assert_eq!(rows[0], "# spun\toriginal\tpos\tstyles\torigin; about");
        assert_eq!(rows[1], "wall\tbarrier\tn\tspinbot:0.125\thand");
        assert_eq!(rows[3], "Wall Avenue\tWall Street\tx\tnews:0.500\thand");
        assert_eq!(rows[4], "well ^do\tdo well\tv\tnews:0.250 literal:0.001\thand");
        let again = read_pack("p", "p.tsv", &written).unwrap();
        assert_eq!(write_pack(again.entries, "about"), written);
    }
}
