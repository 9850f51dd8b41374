//! The prose of HTML.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::prose::Builder;
use super::shifts::Shifts;

/// Elements whose content is no prose.
const SKIPPED: [&str; 24] = [
    "script",
    "style",
    "code",
    "pre",
    "kbd",
    "samp",
    "var",
    "tt",
    "textarea",
    "select",
    "svg",
    "math",
    "template",
    "noscript",
    "iframe",
    "object",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "listing",
    "canvas",
    "audio",
    "video",
];

/// Elements within a sentence; all others end one.
const INLINE: [&str; 42] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "label",
    "mark", "nobr", "output", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "wbr", "code", "kbd", "samp", "var", "img", "picture",
];

/// Whether the content of an element is no prose.
pub fn is_skipped(name: &str) -> bool {
    SKIPPED.contains(&name)
}

/// Whether an element is part of a sentence that goes on behind it.
fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// Text as content of an element.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The prose of a page, with the way back.
pub fn prose(text: &str) -> (String, Shifts) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page { text, builder: Builder::new(text), skipped: None };
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.start(&tag),
            Token::EndTag(tag) => page.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(string) if page.skipped.is_none() => page.string(string.span.start, string.span.end),
            _ => {}
        }
    }
    page.builder.finish()
}

struct Page<'t> {
    text: &'t str,
    builder: Builder<'t>,
    /// The element that is skipped, and how many of that name are open.
    skipped: Option<(String, usize)>,
}

impl Page<'_> {
    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name);
        match &mut self.skipped {
            Some((skipped, depth)) => *depth += usize::from(*skipped == name),
            None if is_skipped(&name) => self.skipped = Some((name.to_string(), 1)),
            None => {}
        }
        self.tag(&name);
    }

    fn end(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped
            && skipped == name
        {
            *depth -= 1;
            if *depth == 0 {
                self.skipped = None;
            }
        }
        self.tag(name);
    }

    /// What a tag is for the sentence it stands in.
    fn tag(&mut self, name: &str) {
        if name == "br" {
            self.builder.line();
        } else if !is_inline(name) {
            self.builder.block();
        } else if is_skipped(name) || matches!(name, "img" | "picture") {
            self.builder.object();
        }
    }

    /// Text between tags, with its entities.
    fn string(&mut self, start: usize, end: usize) {
        let text = self.text;
        let Some(string) = text.get(start..end) else { return };
        let mut at = 0;
        for (amp, _) in string.match_indices('&') {
            let rest = &string[amp + 1..];
            let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(rest.len());
            if name == 0 {
                continue;
            }
            let entity = amp..amp + 1 + name + usize::from(rest[name..].starts_with(';'));
            let meant = unescaped(&string[entity.clone()]);
            if meant == string[entity.clone()] {
                continue;
            }
            self.builder.prose(start + at..start + amp);
            self.builder.written(start + amp..start + entity.end, &meant);
            at = entity.end;
        }
        self.builder.prose(start + at..end);
    }
}

/// What an entity stands for; what is none, for itself.
fn unescaped(entity: &str) -> String {
    let mut out = String::new();
    for token in Tokenizer::new(entity) {
        let Ok(token) = token;
        if let Token::String(string) = token {
            out.push_str(&String::from_utf8_lossy(&string));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::prose::lines;

    fn pieces(text: &str) -> Vec<String> {
        lines(&prose(text).0)
    }

    #[test]
    fn paragraphs_are_parted_and_sentences_are_not() {
        let page = "<!doctype html><title>A title</title><style>p { color: red }</style>\
            <h1 class='big'>Head</h1><p>One <b>two</b> three<br>four.<p>Five</p><ul><li>six<li>seven</ul>";
        assert_eq!(
            pieces(page),
            ["A title", "Head", "One \u{fdd0}two\u{fdd0} three\u{fdd0}", "four.", "Five", "six", "seven"]
        );
    }

    #[test]
    fn code_scripts_and_comments_are_no_prose() {
        let page = "<p>Call <code>open <i>x</i></code> now<!-- or never -->.</p><pre>a <b>b</b></pre>\
            <script>if (a < b) { say('<p>no</p>') }</script><svg><text>none</text></svg>\
            <textarea><p>typed</textarea><code>a<code>b</code>c</code>End";
        assert_eq!(
            pieces(page),
            ["Call \u{fffc} now\u{fdd0}.", "\u{fffc}End"].map(|l| l.trim_start_matches('\u{fffc}'))
        );
    }

    #[test]
    fn entities_are_read() {
        let page = "Tom &amp; Ann&#8217;s caf&eacute; &#115;o &lt;3 AT&T &nosuch; a &";
        let mark = '\u{fdd0}';
        assert_eq!(
            pieces(page),
            [format!("Tom {mark}& Ann{mark}’s caf{mark}é{mark} {mark}s{mark}o {mark}<3 AT&T &nosuch; a &")]
        );
    }

    #[test]
    fn what_is_never_closed_ends_nowhere() {
        assert!(pieces("<p class=\"one two three").is_empty());
        assert!(pieces("<script>one two").is_empty());
        assert_eq!(pieces("<!-- one --> two <!-- three"), ["two"]);
        assert_eq!(pieces("a < b </> c"), ["a < b </> c"]);
    }
}
