//! The query syntax of the Problematic Paper Screener's lists.

/// The operators of queries; they are in capitals, and words are not.
const OPERATORS: [&str; 6] = [" AND ", " OR ", " NOT ", " AND(", " OR(", " NOT("];

const QUOTES: [char; 3] = ['"', '\u{201C}', '\u{201D}'];

/// The spun phrase of a query, and whether the query says more: `"bosom peril" AND NOT ("x" OR
/// "y")` holds `bosom peril`, on conditions.
pub(super) fn spun_phrase(query: &str) -> (&str, bool) {
    let start = query.trim().trim_start_matches(['(', ' ']);
    if let Some(inner) = start.strip_prefix(QUOTES)
        && let Some((phrase, rest)) = inner.split_once(QUOTES)
        && !phrase.trim().is_empty()
    {
        return (phrase.trim(), says_something(rest));
    }
    // Where a CSV writer did not double the quotes, those of the first phrase are gone.
    let end = OPERATORS.iter().filter_map(|operator| query.find(operator)).min();
    match end {
        Some(end) => (bare(&query[..end]), true),
        None => (bare(query), false),
    }
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| QUOTES.contains(&c) || c.is_whitespace() || c == '(' || c == ')')
}

fn says_something(rest: &str) -> bool {
    rest.chars().any(|c| !(c.is_whitespace() || c == ')' || QUOTES.contains(&c)))
}

/// The terms that an expected phrase lists: parted by `;`, ` or ` and `/`. What stands in
/// brackets at the end of a term is an abbreviation or a remark, and `?` marks what nobody
/// knows.
pub(super) fn expected_terms(expected: &str) -> Vec<&str> {
    let parts = expected.split(';').flat_map(|part| part.split(" or ")).flat_map(slashed);
    let mut terms: Vec<&str> = Vec::new();
    for part in parts {
        let part = match part.split_once(" (") {
            Some((term, _)) if !term.trim().is_empty() => term,
            _ => part,
        };
        let term = bare(part.trim().trim_end_matches('?'));
        if term.chars().any(char::is_alphanumeric) && !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// Splits at slashes, but for those of names like `TCP/IP`.
fn slashed(part: &str) -> Vec<&str> {
    let capitals = |word: &str| word.chars().all(|c| c == '/' || c.is_uppercase() || c.is_ascii_digit());
    let joined = |word: &&str| word.contains('/') && word.len() > 1;
    if part.split_whitespace().filter(joined).any(capitals) { vec![part] } else { part.split('/').collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_phrase_of_a_query_is_read() {
        for (query, phrase, guarded) in [
            ("bosom peril", "bosom peril", false),
            ("\"bosom peril\"", "bosom peril", false),
            ("\"bosom peril\" AND NOT (\"x\" OR \"y\")", "bosom peril", true),
            ("bosom peril AND NOT (\"x\" OR \"y\")", "bosom peril", true),
            ("(\"bosom peril\" OR \"bosom danger\")", "bosom peril", true),
            ("\u{201C}bosom peril\u{201D}", "bosom peril", false),
            ("\"bosom peril\"~3", "bosom peril", true),
            ("\"bosom peril", "bosom peril", false),
            ("", "", false),
            ("\"", "", false),
            ("\"\" AND NOT x", "", true),
        ] {
            assert_eq!(spun_phrase(query), (phrase, guarded), "{query}");
        }
    }

    #[test]
    fn expected_terms_are_parted() {
        for (expected, terms) in [
            ("breast cancer", &["breast cancer"][..]),
            ("breast cancer/breast tumor", &["breast cancer", "breast tumor"]),
            ("random forest (RF); decision tree or tree?", &["random forest", "decision tree", "tree"]),
            ("TCP/IP protocol", &["TCP/IP protocol"]),
            ("a / b / a", &["a", "b"]),
            ("?", &[]),
            ("", &[]),
            (" ?? / ", &[]),
        ] {
            assert_eq!(expected_terms(expected), terms, "{expected}");
        }
    }
}
