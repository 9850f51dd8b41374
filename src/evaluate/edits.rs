//! Comparing the edits that a report proposes with those that were made.
//!
//! Edits are compared without the words that a replacement shares with the text at its ends, so
//! that `in entrance of` for *in front of* and `entrance` for *front* are the same edit, and
//! without regard to case and spacing. Edits that overlap form a cluster: a swap counts as
//! detected when a finding overlaps it, and as restored when the cluster's text comes out as one
//! of the accepted originals.

use std::collections::HashSet;

/// The most combinations of accepted originals, and of replacements, that a cluster is tried with.
const MOST_WANTED: usize = 256;
const MOST_PROPOSED: usize = 27;

/// How many replacements of a finding count as its best ones.
const BEST: usize = 3;

/// An edit without what it shares with the text at its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Byte offset of what it replaces.
    pub start: usize,
    /// Byte offset of what follows that.
    pub end: usize,
    /// What to put there, in lower case with single blanks; the best first.
    pub options: Vec<String>,
}

/// Edits, found or known, that overlap each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Which of the known edits.
    pub gold: Vec<usize>,
    /// Which of the found ones.
    pub found: Vec<usize>,
    /// Where it begins and ends, in bytes.
    pub span: (usize, usize),
    /// Whether the best replacements give exactly an accepted original.
    pub restored: bool,
    /// Whether one of the best three of each does.
    pub within_three: bool,
    /// An accepted text of the span, normalised; empty where nothing is known or found.
    pub wanted: String,
    /// The text that the best replacements give, normalised; empty where nothing is known or found.
    pub proposed: String,
}

impl Edit {
    /// The edit of `data[start..end]` to one of `options`, cut to what it changes.
    ///
    /// ```
    /// use unspin::evaluate::Edit;
    /// let edit = Edit::minimal(b"sat in entrance of it", 4, 18, ["in front of"]);
    /// assert_eq!((edit.start, edit.end, edit.options), (7, 15, vec!["front".to_string()]));
    /// ```
    #[must_use]
    pub fn minimal<'o>(data: &[u8], start: usize, end: usize, options: impl IntoIterator<Item = &'o str>) -> Edit {
        let options: Vec<String> = options.into_iter().map(normalised).collect();
        let mut tokens = &tokens(data, start, end)[..];
        let all: Vec<Vec<&str>> = options.iter().map(|o| o.split(' ').filter(|w| !w.is_empty()).collect()).collect();
        let (mut from, mut cut) = (0, 0);
        let longer = |o: &Vec<&str>, from: usize, cut: usize| o.len() > from + cut + 1;
        while let [first, rest @ ..] = tokens
            && !rest.is_empty()
            && !all.is_empty()
            && all.iter().all(|o| longer(o, from, cut) && o[from] == first.2)
        {
            tokens = rest;
            from += 1;
        }
        while let [rest @ .., last] = tokens
            && !rest.is_empty()
            && !all.is_empty()
            && all.iter().all(|o| longer(o, from, cut) && o[o.len() - 1 - cut] == last.2)
        {
            tokens = rest;
            cut += 1;
        }
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => {
                let options = all.iter().map(|o| o[from..o.len() - cut].join(" ")).collect();
                Edit { start: first.0, end: last.1, options }
            }
            _ => Edit { start, end, options },
        }
    }
}

/// Lower case, straight apostrophes, single blanks.
fn normalised(text: &str) -> String {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    // What Python's `str.split` takes for blanks, so that figures can be compared.
    let blank = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    lower.split(blank).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Words and single other bytes with their spans: runs of ASCII letters and digits, held together
/// by single apostrophes and bytes beyond ASCII.
fn tokens(data: &[u8], start: usize, end: usize) -> Vec<(usize, usize, String)> {
    let mut tokens = Vec::new();
    let mut at = start;
    while at < end {
        let begun = at;
        if data[at].is_ascii_alphanumeric() {
            while at < end && data[at].is_ascii_alphanumeric() {
                at += 1;
                let joins = at + 1 < end && (data[at] == b'\'' || data[at] >= 0x80);
                if joins && data[at + 1].is_ascii_alphanumeric() {
                    at += 1;
                }
            }
        } else {
            at += 1;
            if matches!(data[begun], b' ' | 9..=13) {
                continue;
            }
        }
        tokens.push((begun, at, normalised(&String::from_utf8_lossy(&data[begun..at]))));
    }
    tokens
}

/// The clusters of known and found edits, in the order of the text.
#[must_use]
pub fn clusters(data: &[u8], gold: &[Edit], found: &[Edit]) -> Vec<Cluster> {
    let numbered = |edits: &[Edit], kind: u8| -> Vec<(usize, usize, u8, usize)> {
        edits.iter().enumerate().map(|(i, e)| (e.start, e.end, kind, i)).collect()
    };
    let mut items = numbered(gold, 0);
    items.extend(numbered(found, 1));
    items.sort_unstable();
    let mut clusters: Vec<Cluster> = Vec::new();
    for (start, end, kind, number) in items {
        let cluster = match clusters.last_mut() {
            Some(last) if start < last.span.1 => last,
            _ => {
                clusters.push(Cluster {
                    gold: Vec::new(),
                    found: Vec::new(),
                    span: (start, end),
                    restored: false,
                    within_three: false,
                    wanted: String::new(),
                    proposed: String::new(),
                });
                let last = clusters.len() - 1;
                &mut clusters[last]
            }
        };
        if kind == 0 { &mut cluster.gold } else { &mut cluster.found }.push(number);
        cluster.span.1 = cluster.span.1.max(end);
    }
    for cluster in clusters.iter_mut().filter(|c| !c.gold.is_empty() && !c.found.is_empty()) {
        compare(data, gold, found, cluster);
    }
    clusters
}

/// Puts both kinds of edits into the text of a cluster and compares what comes out.
fn compare(data: &[u8], gold: &[Edit], found: &[Edit], cluster: &mut Cluster) {
    let gold: Vec<(&Edit, &[String])> = cluster.gold.iter().map(|&i| (&gold[i], &gold[i].options[..])).collect();
    let best = |i: &usize| {
        let edit: &Edit = &found[*i];
        (edit, &edit.options[..edit.options.len().min(BEST)])
    };
    let found: Vec<(&Edit, &[String])> = cluster.found.iter().map(best).collect();
    let wanted = readings(data, cluster.span, &gold, MOST_WANTED);
    let proposed = readings(data, cluster.span, &found, MOST_PROPOSED);
    cluster.wanted = wanted.first().cloned().unwrap_or_default();
    cluster.proposed = proposed.first().cloned().unwrap_or_default();
    let wanted: HashSet<&String> = wanted.iter().collect();
    cluster.restored = proposed.first().is_some_and(|text| wanted.contains(text));
    cluster.within_three = proposed.iter().any(|text| wanted.contains(text));
}

/// The texts of a span with one option of each edit put in, the first options first.
fn readings(data: &[u8], span: (usize, usize), edits: &[(&Edit, &[String])], most: usize) -> Vec<String> {
    let mut readings = Vec::new();
    if edits.iter().any(|(_, options)| options.is_empty()) {
        return readings;
    }
    let mut pick = vec![0; edits.len()];
    while readings.len() < most {
        let chosen = edits.iter().zip(&pick).map(|((edit, options), &p)| (edit.start, edit.end, options[p].as_str()));
        readings.push(applied(data, span, chosen.collect()));
        // The last edit's options turn fastest.
        let Some(turn) = (0..pick.len()).rev().find(|&i| pick[i] + 1 < edits[i].1.len()) else { break };
        pick[turn] += 1;
        pick[turn + 1..].fill(0);
    }
    readings
}

fn applied(data: &[u8], span: (usize, usize), mut edits: Vec<(usize, usize, &str)>) -> String {
    edits.sort_unstable();
    let mut out = String::new();
    let mut at = span.0;
    for (start, end, text) in edits {
        out.push_str(&String::from_utf8_lossy(data.get(at..start).unwrap_or_default()));
        out.push_str(text);
        at = end;
    }
    out.push_str(&String::from_utf8_lossy(data.get(at..span.1).unwrap_or_default()));
    normalised(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(data: &str, phrase: &str, options: &[&str]) -> Edit {
        let start = data.find(phrase).unwrap();
        Edit::minimal(data.as_bytes(), start, start + phrase.len(), options.iter().copied())
    }

    #[test]
    fn edits_are_cut_to_what_they_change() {
        let data = "We sat in entrance of John’s In the home.";
        let front = edit(data, "in entrance of", &["in front of", "In   Front of"]);
        assert_eq!((&data[front.start..front.end], front.options), ("entrance", vec!["front".into(), "front".into()]));
        // All options must share the word, and one word of text and option stays.
        assert_eq!(edit(data, "in entrance of", &["in front of", "before"]).options, ["in front of", "before"]);
        assert_eq!(edit(data, "In the home", &["the"]).options, ["the"]);
        assert_eq!(edit(data, "In the home", &["in the"]).options, ["the"]);
        assert_eq!(edit(data, "home", &[]).options, [""; 0]);
    }

    #[test]
    fn tokens_are_words_and_single_bytes() {
        let of = |text: &str| tokens(text.as_bytes(), 0, text.len()).into_iter().map(|t| t.2).collect::<Vec<_>>();
        assert_eq!(of("Don't  stop-12\u{b}x"), ["don't", "stop", "-", "12", "x"]);
        assert_eq!(of("o'"), ["o", "'"]);
        assert_eq!(of("a''b"), ["a", "'", "'", "b"]);
        // Three bytes beyond ASCII stand in the typographic apostrophe, so that it parts words.
        assert_eq!(of("n’t").len(), 5);
        assert_eq!(tokens(b"caf\xe9s x", 0, 5).len(), 1);
    }

    #[test]
    fn overlapping_edits_are_compared_as_a_whole() {
        let data = "a second spherical of the negotiations";
        let gold = [edit(data, "spherical", &["round"]), edit(data, "negotiations", &["talks", "discussions"])];
        let found = [
            edit(data, "second", &["third"]),
            edit(data, "spherical of", &["round of"]),
            edit(data, "the negotiations", &["chats", "the discussions"]),
        ];
        let clusters = clusters(data.as_bytes(), &gold, &found);
        let shape: Vec<_> =
            clusters.iter().map(|c| (c.gold.len(), c.found.len(), c.restored, c.within_three)).collect();
        assert_eq!(shape, [(0, 1, false, false), (1, 1, true, true), (1, 1, false, true)]);
        assert_eq!((clusters[2].wanted.as_str(), clusters[2].proposed.as_str()), ("the talks", "chats"));
    }

    #[test]
    fn edits_that_only_touch_do_not_overlap() {
        let data = "ab cd";
        let gold = [Edit { start: 0, end: 2, options: vec!["x".into()] }];
        let found = [Edit { start: 2, end: 5, options: vec!["y".into()] }];
        assert_eq!(clusters(data.as_bytes(), &gold, &found).len(), 2);
    }
}
