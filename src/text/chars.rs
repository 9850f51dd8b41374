//! Which characters belong together.

/// Whether a character is a letter, of any script.
pub fn is_letter(c: char) -> bool {
    c.is_alphabetic()
}

/// Stands in the prose of a document where its source has markup, or a character that is written
/// in another way. A noncharacter: no text has it.
pub const MARKUP: char = '\u{fdd0}';

/// Whether a character has no width of its own: it belongs to the letter before it, and
/// normal forms leave it out where it is no combining mark.
pub fn is_weightless(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | MARKUP)
}

/// Whether a character is a mark that is written on the one before it.
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a character is a blank within a line.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_newline(c)
}

/// Whether a character ends a line.
pub fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character is an apostrophe, straight or curly.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}')
}

/// Whether a character is a hyphen that may stand in a compound.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Whether a character closes what another opened: after a full stop it still belongs to
/// the sentence.
pub fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '"' | '\'' | '\u{201d}' | '\u{2019}' | '\u{bb}')
}

/// Whether a character is punctuation, as opposed to a symbol.
pub fn is_punctuation(c: char) -> bool {
    match c {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' | '@' | '#' => false,
        c if c.is_ascii() => c.is_ascii_punctuation(),
        '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' => true,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' => true,
        _ => false,
    }
}
