//! Cutting a text into tokens.

use unicode_segmentation::UnicodeSegmentation;

use super::chars::{
    MARKUP, is_apostrophe, is_blank, is_closing, is_combining, is_hyphen, is_letter, is_newline, is_punctuation,
    is_weightless,
};
use super::sentence::{Abbreviation, Place, abbreviation};
use super::token::{Capitals, Joint, Token, TokenKind, Tokens, word_hash};

/// Spans are 32 bits wide: what lies beyond is not read.
const LIMIT: usize = u32::MAX as usize;

impl Tokens {
    /// Cuts a text into tokens. Linear in its length; allocates nothing once the buffers have
    /// grown. Text beyond 4 GiB is not read: scan it in parts.
    pub fn read(&mut self, text: &str) {
        self.tokens.clear();
        self.ends.clear();
        self.normal.clear();
        let mut limit = text.len().min(LIMIT);
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        let text = &text[..limit];
        Tokenizer {
            text,
            bytes: text.as_bytes(),
            at: 0,
            place: Place::default(),
            hyphen: false,
            markup: false,
            line_start: 0,
            out: self,
        }
        .run();
    }
}

struct Tokenizer<'t, 'o> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    place: Place,
    /// A hyphen of a compound stands just before.
    hyphen: bool,
    /// Markup stands between the last token and here.
    markup: bool,
    line_start: usize,
    out: &'o mut Tokens,
}

impl Tokenizer<'_, '_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'a'..=b'z' | b'A'..=b'Z' => self.word(),
                b'0'..=b'9' => self.number(),
                _ if byte < 0x80 => self.mark(byte as char),
                _ => {
                    let c = self.char_at(self.at);
                    if is_letter(c) {
                        self.word();
                    } else {
                        self.mark(c);
                    }
                }
            }
        }
    }

    /// The character at a byte offset; a blank at the end.
    fn char_at(&self, at: usize) -> char {
        match self.bytes.get(at) {
            Some(&byte) if byte < 0x80 => byte as char,
            Some(_) => self.text[at..].chars().next().unwrap_or(' '),
            None => ' ',
        }
    }

    fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b' ')
    }

    /// A word from here on, or what begins like one.
    fn word(&mut self) {
        let start = self.at;
        let mut end = start;
        let mut ascii = true;
        loop {
            while self.byte_at(end).is_ascii_alphanumeric() {
                end += 1;
            }
            let c = self.char_at(end);
            if c.is_ascii() {
                if c == '\'' && is_letter(self.char_at(end + 1)) && end > start {
                    end += 1;
                    continue;
                }
                break;
            }
            let next = end + c.len_utf8();
            let apostrophe = is_apostrophe(c) && is_letter(self.char_at(next));
            let weightless = is_weightless(c) && (c != MARKUP || self.word_goes_on(next));
            if !(is_letter(c) || is_combining(c) || weightless || apostrophe) {
                break;
            }
            ascii = false;
            end = next;
        }
        if ascii {
            if self.address(start, end) || self.dotted(start, end) {
                return;
            }
            if let Some(seam) = seam(&self.bytes[start..end], self.char_at(end)) {
                self.push(start, start + seam, TokenKind::Word, true);
                self.place.ended = true;
                self.push(start + seam, end, TokenKind::Word, true);
                return;
            }
        }
        self.push(start, end, TokenKind::Word, ascii);
    }

    /// Whether a word goes on behind the markup that ends at `at`: `<b>T</b>he`, `don&rsquo;t`.
    fn word_goes_on(&self, at: usize) -> bool {
        let rest = self.text[at..].trim_start_matches(MARKUP);
        let mut chars = rest.chars();
        chars.next().is_some_and(|c| is_letter(c) || (is_apostrophe(c) && chars.next().is_some_and(is_letter)))
    }

    /// Letters with dots (`U.S.`, `a.m.`), and listed abbreviations.
    fn dotted(&mut self, start: usize, end: usize) -> bool {
        if self.byte_at(end) != b'.' {
            return false;
        }
        if end - start == 1 {
            let mut last = end;
            let mut letters = 1;
            while self.byte_at(last) == b'.'
                && self.byte_at(last + 1).is_ascii_alphabetic()
                && !self.byte_at(last + 2).is_ascii_alphanumeric()
            {
                last += 2;
                letters += 1;
            }
            let initial = self.bytes[start].is_ascii_uppercase()
                && self.bytes[start] != b'I'
                && self.byte_at(end + 1) == b' '
                && self.char_at(end + 2).is_uppercase();
            if letters > 1 || initial {
                last += usize::from(self.byte_at(last) == b'.');
                self.push(start, last, TokenKind::Word, true);
                self.place.abbreviated = letters > 1;
                return true;
            }
            return false;
        }
        let mut word = [0u8; 6];
        let Some(lower) = word.get_mut(..end - start) else { return false };
        lower.copy_from_slice(&self.bytes[start..end]);
        lower.make_ascii_lowercase();
        // `no.` ends a sentence more often than it stands for a number.
        let Some(kind) = std::str::from_utf8(lower).ok().and_then(abbreviation) else { return false };
        let numbered = matches!(&*lower, b"no" | b"nos" | b"fig" | b"figs" | b"eq" | b"sec" | b"mar" | b"dec" | b"ed");
        let after = self.bytes[end + 1..].iter().find(|b| **b != b' ').copied().unwrap_or(b' ');
        if numbered && !after.is_ascii_digit() {
            return false;
        }
        if self.byte_at(end + 1).is_ascii_alphanumeric() {
            return false;
        }
        self.push(start, end + 1, TokenKind::Word, true);
        self.place.abbreviated = kind == Abbreviation::Any;
        true
    }

    /// Addresses of the web and of mail, and file names: one token up to the next blank.
    fn address(&mut self, start: usize, end: usize) -> bool {
        let next = self.byte_at(end + 1);
        let is_address = match self.byte_at(end) {
            b':' => next == b'/' && self.byte_at(end + 2) == b'/',
            b'@' => next.is_ascii_alphanumeric(),
            b'.' => next.is_ascii_lowercase() && end - start > 1 || next == b'/',
            b'_' => next.is_ascii_alphanumeric(),
            _ => false,
        };
        if is_address {
            self.unbroken(start);
        }
        is_address
    }

    /// One token from `start` to the next blank, without the punctuation that ends it.
    fn unbroken(&mut self, start: usize) {
        let end =
            self.bytes[start..].iter().position(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'<' | b'>'));
        let mut end = end.map_or(self.bytes.len(), |n| start + n);
        let stop = self.text[start..end].find(|c: char| c.is_whitespace() || (!c.is_ascii() && !is_letter(c)));
        end = stop.map_or(end, |n| start + n);
        while end > start + 1
            && matches!(self.bytes[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']' | b'\'')
        {
            end -= 1;
        }
        self.push(start, end, TokenKind::Other, false);
    }

    fn number(&mut self) {
        let start = self.at;
        let mut end = start;
        loop {
            while self.byte_at(end).is_ascii_digit() {
                end += 1;
            }
            if matches!(self.byte_at(end), b',' | b'.') && self.byte_at(end + 1).is_ascii_digit() {
                end += 1;
            } else {
                break;
            }
        }
        let suffix = self.bytes[end..].iter().take(4).take_while(|b| b.is_ascii_alphabetic()).count();
        let attached = self.char_at(end + suffix);
        let listed = matches!(&self.bytes[end..end + suffix], b"st" | b"nd" | b"rd" | b"th" | b"s");
        if suffix == 0 && !is_letter(attached) {
            self.push(start, end, TokenKind::Number, true);
        } else if listed && !is_letter(attached) && !attached.is_ascii_digit() {
            self.push(start, end + suffix, TokenKind::Number, true);
        } else {
            // `3D`, `15km`: a word that begins with digits.
            let mut ascii = true;
            loop {
                let c = self.char_at(end);
                if !(c.is_ascii_alphanumeric() || (!c.is_ascii() && (is_letter(c) || is_combining(c)))) {
                    break;
                }
                ascii &= c.is_ascii();
                end += c.len_utf8();
            }
            self.push(start, end, TokenKind::Word, ascii);
        }
    }

    /// Whatever is neither letter nor digit.
    fn mark(&mut self, c: char) {
        let start = self.at;
        let end = start + c.len_utf8();
        if is_newline(c) {
            let crlf = c == '\r' && self.byte_at(end) == b'\n';
            if self.place.newlines == 0 {
                self.place.line = start - self.line_start;
            }
            self.place.newlines += 1;
            self.at = end + usize::from(crlf);
            self.line_start = self.at;
        } else if is_blank(c) || is_weightless(c) {
            self.markup |= c == MARKUP;
            self.at = end;
        } else if is_hyphen(c) && self.glued_word(start) && self.begins_word(end) {
            self.hyphen = true;
            self.at = end;
        } else if matches!(c, '.' | '-' | '*' | '_' | '=') {
            let run = self.bytes[start..].iter().take_while(|b| **b == c as u8).count();
            self.push(start, start + run, TokenKind::Punctuation, true);
        } else if matches!(c, '@' | '#') && !self.glued_word(start) && self.byte_at(end).is_ascii_alphanumeric() {
            let length = self.bytes[end..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            self.push(start, end + length, TokenKind::Other, true);
        } else if c == '/' && !self.glued_word(start) && self.byte_at(end).is_ascii_alphanumeric() {
            self.unbroken(start);
        } else if is_punctuation(c) {
            self.push(start, end, TokenKind::Punctuation, c.is_ascii());
        } else if c.is_ascii() {
            self.push(start, end, TokenKind::Other, true);
        } else {
            let length = self.text[start..].graphemes(true).next().map_or(c.len_utf8(), str::len);
            self.push(start, start + length, TokenKind::Other, false);
        }
    }

    /// Whether a word or number ends just before `at`.
    fn glued_word(&self, at: usize) -> bool {
        self.out.tokens.last().is_some_and(|t| {
            t.end as usize == at && matches!(t.kind, TokenKind::Word | TokenKind::Number) && !self.hyphen
        })
    }

    /// Where the last token ends.
    fn last_end(&self) -> usize {
        self.out.tokens.last().map_or(0, |t| t.end as usize)
    }

    fn begins_word(&self, at: usize) -> bool {
        let c = self.char_at(at);
        is_letter(c) || c.is_ascii_digit()
    }

    fn push(&mut self, start: usize, end: usize, kind: TokenKind, ascii: bool) {
        let from = self.out.normal.len();
        let source = &self.text[start..end];
        if source == "US" {
            self.out.normal.push_str("u.s.");
        } else if ascii {
            self.out.normal.push_str(source);
            self.out.normal.as_mut_str()[from..].make_ascii_lowercase();
        } else {
            for c in source.chars().filter(|c| !is_weightless(*c)) {
                match c {
                    c if is_apostrophe(c) => self.out.normal.push('\''),
                    c => self.out.normal.extend(c.to_lowercase()),
                }
            }
        }
        let normal = &self.out.normal[from..];
        let first = self.char_at(start);
        let hash = word_hash(normal);
        let capitals = match kind {
            TokenKind::Word => capitals(source),
            _ => Capitals::None,
        };
        let joint = match self.out.tokens.last() {
            None => Joint::Start,
            Some(_) if self.hyphen => Joint::Hyphen,
            Some(last) if last.end as usize == start => Joint::Glued,
            Some(_) if self.place.newlines >= 2 => Joint::Break,
            Some(_) if self.markup => Joint::Markup,
            Some(_) => Joint::Space,
        };
        let glued = match joint {
            Joint::Markup => self.text[..start].trim_end_matches(MARKUP).len() == self.last_end(),
            joint => joint == Joint::Glued,
        };
        // What closes a sentence belongs to it.
        let closes = kind == TokenKind::Punctuation && glued && is_closing(first);
        let sentence_start =
            joint == Joint::Start || (!closes && joint != Joint::Hyphen && self.place.begins(first, normal));
        let ends = kind == TokenKind::Punctuation && matches!(first, '.' | '!' | '?' | '\u{2026}' | '\u{3002}');
        self.place = Place {
            ended: ends || (closes && self.place.ended),
            paused: kind == TokenKind::Punctuation && !ends && !closes,
            ..Place::default()
        };
        self.hyphen = false;
        self.markup = false;
        let has_markup = !ascii && source.contains(MARKUP);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.out.tokens.push(Token {
            start: narrow(start),
            end: narrow(end),
            kind,
            joint,
            capitals,
            sentence_start,
            has_markup,
            hash,
        });
        self.out.ends.push(narrow(self.out.normal.len()));
        self.at = end;
    }
}

fn capitals(word: &str) -> Capitals {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match (letters.next(), letters.next()) {
        (Some(first), _) if !first.is_uppercase() => Capitals::None,
        (Some(_), Some(second)) if second.is_uppercase() && letters.all(char::is_uppercase) => Capitals::All,
        (Some(_), _) => Capitals::First,
        _ => Capitals::None,
    }
}

/// Where two words were run together: `HillUS` before a blank, but not `iPhone`, `McGuirk`,
/// `PhD` or `YouTube`.
fn seam(word: &[u8], after: char) -> Option<usize> {
    let capitals = word.iter().rev().take_while(|b| b.is_ascii_uppercase()).count();
    let seam = word.len() - capitals;
    let joined = capitals >= 2
        && seam >= 3
        && word[0].is_ascii_uppercase()
        && word[1..seam].iter().all(u8::is_ascii_lowercase)
        && after.is_whitespace();
    joined.then_some(seam)
}

#[cfg(test)]
mod tests;
