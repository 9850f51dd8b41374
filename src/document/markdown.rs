//! The prose of Markdown.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html::is_skipped;
use super::prose::Builder;
use super::shifts::Shifts;

/// What is read beyond CommonMark: what GitHub has, front matter, and identifiers of headings.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// The prose of a document, with the way back.
pub fn prose(text: &str) -> (String, Shifts) {
    let mut page = Page { builder: Builder::new(text), silent: 0, links: Vec::new(), element: None };
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(tag) => page.start(&tag),
            Event::End(tag) => page.end(tag),
            Event::Text(words) if page.is_prose() => {
                if text[range.clone()] == *words {
                    page.builder.prose(range);
                } else {
                    page.builder.written(range, &words);
                }
            }
            Event::SoftBreak | Event::HardBreak if page.is_prose() => {
                if text[range.clone()].trim().is_empty() {
                    page.builder.prose(range);
                } else {
                    page.builder.line();
                }
            }
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => page.builder.object(),
            Event::InlineHtml(tag) => page.tag(&tag),
            Event::Rule => page.builder.block(),
            _ => {}
        }
    }
    page.builder.finish()
}

struct Page<'t> {
    builder: Builder<'t>,
    /// How many things are open whose text is no prose.
    silent: usize,
    /// Of the links that are open, whether they are among those.
    links: Vec<bool>,
    /// The element of HTML that is skipped, and how many of that name are open.
    element: Option<(String, usize)>,
}

impl Page<'_> {
    fn is_prose(&self) -> bool {
        self.silent == 0 && self.element.is_none()
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.silent += 1;
                self.builder.block();
            }
            Tag::Image { .. } => {
                self.silent += 1;
                self.builder.object();
            }
            Tag::Link { link_type, .. } => {
                let silent = !is_of_words(*link_type);
                self.links.push(silent);
                if silent {
                    self.silent += 1;
                    self.builder.object();
                }
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            _ => {
                // An element that is left open ends with its paragraph, for all that matters here.
                self.element = None;
                self.builder.block();
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {
                self.silent = self.silent.saturating_sub(1);
                self.builder.block();
            }
            TagEnd::Image => self.silent = self.silent.saturating_sub(1),
            TagEnd::Link => self.silent -= usize::from(self.links.pop() == Some(true)),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            _ => self.builder.block(),
        }
    }

    /// A tag of HTML within a sentence.
    fn tag(&mut self, tag: &str) {
        let (closes, name) = match tag.strip_prefix("</") {
            Some(name) => (true, name),
            None => (false, tag.trim_start_matches('<')),
        };
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let name = name.to_ascii_lowercase();
        match &mut self.element {
            Some((skipped, depth)) if *skipped == name => {
                *depth = if closes { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    self.element = None;
                }
            }
            None if !closes && is_skipped(&name) && !tag.ends_with("/>") => {
                self.builder.object();
                self.element = Some((name, 1));
            }
            _ if name == "br" => self.builder.line(),
            _ => {}
        }
    }
}

/// Whether the text of a link is its own, not the name by which it is looked up.
fn is_of_words(link: LinkType) -> bool {
    matches!(link, LinkType::Inline | LinkType::Reference | LinkType::ReferenceUnknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::prose::lines;

    fn pieces(text: &str) -> Vec<String> {
        lines(&prose(text).0)
    }

    #[test]
    fn paragraphs_items_and_cells_are_parted() {
        let text = "---\ntitle: none\n---\n# Head {#id}\n\n> One *two*\n> three\n\n- four\n  five\n- six\n\n\
            | a | b |\n|---|---|\n| c | d |\n\nSeven[^1]\n\n[^1]: A note.\n";
        let mark = '\u{fdd0}';
        assert_eq!(
            pieces(text),
            [
                "Head",
                &format!("One {mark}two{mark}"),
                &format!("{mark}three"),
                "four",
                "five",
                "six",
                "a",
                "b",
                "c",
                "d",
                "Seven",
                "A note."
            ]
        );
    }

    #[test]
    fn code_addresses_and_html_are_no_prose() {
        let text = "Call `open` or <kbd>Ctrl</kbd> at <https://a.b/c>, ![a picture](p.png).\n\n```\nfenced\n```\n\n    \
            indented\n\n<div>\nblock\n</div>\n\nA sum: $x + y$.\n";
        assert_eq!(pieces(text), ["Call \u{fffc} or \u{fffc} at \u{fffc}, \u{fffc}.", "A sum: \u{fffc}."]);
    }

    #[test]
    fn a_link_has_words_of_its_own_or_a_name() {
        let text = "See [the words](http://a.b \"none\"), [more][id], [id] and [id][].\n\n[id]: /u \"Title\"\n";
        let mark = '\u{fdd0}';
        assert_eq!(pieces(text), [format!("See {mark}the words{mark}, {mark}more{mark}, \u{fffc} and \u{fffc}.")]);
    }

    #[test]
    fn characters_may_be_written_otherwise() {
        assert_eq!(pieces("A &amp; B\\* c"), ["A \u{fdd0}& B\u{fdd0}* c"]);
        assert_eq!(pieces("one  \ntwo\\\nthree<br>four"), ["one", "two\u{fdd0}", "three\u{fdd0}", "four"]);
    }
}
