//! For people: the verdict, then each finding in its line, underlined, with what stood there
//! beneath it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::detect::{Finding, Label};

use super::escape::printable;
use super::writer::{Layout, Page, Tally};
use super::{Report, wording};

/// The most of a line that is shown around a finding, in columns on each side, and the least,
/// however narrow the terminal.
const CONTEXT: usize = 40;
const LEAST_CONTEXT: usize = 12;

/// The columns that line and column of a finding take, short of very long lines and files.
const MARGIN: usize = 11;

/// No more bytes than this are looked at for the context: marks may be heaped on one letter.
const WINDOW: usize = 16 * CONTEXT;

/// How reports for people look.
#[derive(Clone, Debug, Default)]
pub(super) struct Human {
    /// The width of the terminal in columns, where there is one.
    pub width: Option<usize>,
    /// One line a document.
    pub brief: bool,
    /// No escape sequences at all.
    pub plain: bool,
}

/// The styles of a report.
struct Styles {
    bold: Style,
    swapped: Style,
    underline: Style,
    original: Style,
    faint: Style,
    label: fn(Label) -> Style,
}

const COLOURED: Styles = Styles {
    bold: Style::new().bold(),
    swapped: AnsiColor::Red.on_default().bold(),
    underline: AnsiColor::Red.on_default(),
    original: AnsiColor::Green.on_default().bold(),
    faint: Style::new().dimmed(),
    label: |label| match label {
        Label::Spun => AnsiColor::Red.on_default().bold(),
        Label::Suspect => AnsiColor::Yellow.on_default().bold(),
        Label::Clean => AnsiColor::Green.on_default().bold(),
        Label::Unknown => Style::new().dimmed(),
    },
};

const PLAIN: Styles = Styles {
    bold: Style::new(),
    swapped: Style::new(),
    underline: Style::new(),
    original: Style::new(),
    faint: Style::new(),
    label: |_| Style::new(),
};

/// Writes a report for people to read. `text` is what was scanned and the findings' offsets
/// lead into it. Styles are written as ANSI escapes: strip them where there is no terminal.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_human(report: &Report, text: &str, out: &mut impl Write) -> io::Result<()> {
    let starts: Vec<usize> = report.findings.iter().map(|f| f.start).collect();
    let mut written = Vec::new();
    Human::default().document(&Page { report, text, starts: &starts }, &mut written)?;
    out.write_all(&written)
}

impl Layout for Human {
    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let styles = self.styles();
        let (report, verdict) = (page.report, &page.report.verdict);
        let (bold, style) = (styles.bold, (styles.label)(verdict.label));
        writeln!(
            out,
            "{bold}{}{bold:#}: {style}{}{style:#}, {}, {}, {}",
            printable(&report.title()),
            verdict.label.name(),
            wording::verdict(report),
            wording::counted(report.words, "word"),
            wording::counted(report.findings.len(), "finding")
        )?;
        if !self.brief {
            for (finding, span) in page.findings() {
                self.finding(finding, page.text, span, out)?;
            }
        }
        Ok(())
    }

    fn tail(&self, tally: &Tally, out: &mut Vec<u8>) -> io::Result<()> {
        if self.brief || tally.documents() < 2 {
            return Ok(());
        }
        let styles = self.styles();
        let faint = styles.faint;
        writeln!(out, "\n{faint}{:<14}{:>12}{:>12}{:>12}{faint:#}", "", "documents", "words", "findings")?;
        for (label, count) in tally.counts().filter(|(_, c)| c.documents > 0) {
            let style = (styles.label)(label);
            writeln!(
                out,
                "{style}{:<14}{style:#}{:>12}{:>12}{:>12}",
                label.name(),
                count.documents,
                count.words,
                count.findings
            )?;
        }
        if tally.unread > 0 {
            writeln!(out, "{:<14}{:>12}", "not read", tally.unread)?;
        }
        Ok(())
    }
}

impl Human {
    fn styles(&self) -> &'static Styles {
        if self.plain { &PLAIN } else { &COLOURED }
    }

    /// The line with the finding, what marks it beneath it, and what stood there.
    fn finding(&self, finding: &Finding, text: &str, span: Range<usize>, out: &mut Vec<u8>) -> io::Result<()> {
        let Styles { swapped, underline, original, faint, .. } = self.styles();
        let phrase = printable(&finding.text);
        let columns = width(&phrase);
        let context = self.width.map_or(CONTEXT, |width| {
            // An ellipsis on either side.
            (width.saturating_sub(MARGIN + columns + 8) / 2).clamp(LEAST_CONTEXT, CONTEXT)
        });
        let (before, after) = (before(text, span.start, context), after(text, span.end, context));
        let place = format!("{:>5}:{:<4} ", finding.line, finding.column);
        writeln!(out, "{faint}{place}{faint:#}{before}{swapped}{phrase}{swapped:#}{after}")?;

        let best = printable(wording::best(finding));
        let gap = if best.is_empty() { "" } else { " " };
        let certainty = wording::certainty_after_best(finding);
        let said = width(&best) + gap.len() + width(&certainty);
        let (margin, marks) = (place.len() + width(&before), "^".repeat(columns));
        write!(out, "{:margin$}{underline}{marks}{underline:#}", "")?;
        match self.width {
            // It gets a line of its own, beneath the marks as far as it fits there.
            Some(width) if margin + columns + 1 + said > width => {
                write!(out, "\n{:indent$}", "", indent = margin.min(width.saturating_sub(said)))?;
            }
            _ => out.push(b' '),
        }
        writeln!(out, "{original}{best}{original:#}{gap}{faint}{certainty}{faint:#}")
    }
}

/// The columns that text takes which holds no control characters.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// What stands before a finding in its line, at most so many columns of it and cut where a word
/// begins. Looks no further than a window, however long the line.
fn before(text: &str, start: usize, columns: usize) -> String {
    let from = boundary(text, start.saturating_sub(WINDOW));
    let line = text[from..start].rsplit('\n').next().unwrap_or_default();
    let whole = from == 0 || line.len() < start - from;
    let kept = fitting(line, line.graphemes(true).rev(), columns);
    let shown = printable(&line[line.len() - kept..]);
    if kept == line.len() && whole {
        return isolated(shown).into_owned();
    }
    let cut = shown.find(' ').map_or(&*shown, |i| &shown[i..]);
    format!("...{}", isolated(cut.into()))
}

/// What stands after a finding in its line, in the same way.
fn after(text: &str, end: usize, columns: usize) -> String {
    let to = boundary(text, (end + WINDOW).min(text.len()));
    let line = text[end..to].split('\n').next().unwrap_or_default();
    let whole = to == text.len() || line.len() < to - end;
    let kept = fitting(line, line.graphemes(true), columns);
    let shown = printable(&line[..kept]);
    if kept == line.len() && whole {
        return isolated(shown.trim_end().into()).into_owned();
    }
    let cut = shown.rfind(' ').map_or(&*shown, |i| &shown[..i]);
    format!("{} ...", isolated(cut.into()))
}

/// Where the character begins that `at` lies in; at most the length of the text.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How many bytes of a line's graphemes fit into so many columns. A tab or another control
/// character is shown as one blank.
fn fitting<'l>(line: &str, graphemes: impl Iterator<Item = &'l str>, columns: usize) -> usize {
    // Nearly every line; the other way is slow.
    if line.is_ascii() {
        return line.len().min(columns);
    }
    let mut width = 0;
    let fit = graphemes.take_while(|grapheme| {
        width += if grapheme.chars().all(char::is_control) { 1 } else { grapheme.width() };
        width <= columns
    });
    fit.map(str::len).sum()
}

/// Text with right-to-left letters as an isolate of its own (UAX 9), so that it moves nothing of
/// the line around it. The isolate runs from left to right: what is judged is English, and its words stay in order
/// beside the phrase.
fn isolated(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_right_to_left = |c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if text.contains(is_right_to_left) { format!("\u{2066}{text}\u{2069}").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_cut_at_words_and_measured_in_columns() {
        let text = "one two three four PHRASE five six seven eight";
        let at = text.find("PHRASE").unwrap();
        assert_eq!(before(text, at, 12), "... three four ");
        // The word that would fit but for the blank before it might be the end of a longer one.
        assert_eq!(before(text, at, 11), "... four ");
        assert_eq!(before(text, at, 40), "one two three four ");
        assert_eq!(after(text, at + 6, 12), " five six ...");
        // Each of these takes two columns.
        assert_eq!(after("x 漢字 漢字 漢字", 1, 9), " 漢字 ...");
    }

    #[test]
    fn letters_keep_their_marks_and_tabs_count_one() {
        let text = "e\u{301}e\u{301}e\u{301} a\u{308}b\tc ";
        assert_eq!(before(text, text.len(), 5), "... c ");
        assert_eq!(before(text, text.len(), 40), "e\u{301}e\u{301}e\u{301} a\u{308}b c ");
        // However many marks there are, no more than a window is read.
        let heaped = format!("{} x", "e\u{301}".repeat(1 << 20).replace('e', "\u{301}"));
        assert!(before(&heaped, heaped.len(), 40).len() <= WINDOW + 8);
    }

    #[test]
    fn lines_end_where_they_end() {
        let text = "first line\r\nsecond PHRASE line\r\nthird";
        let at = text.find("PHRASE").unwrap();
        assert_eq!((before(text, at, 40).as_str(), after(text, at + 6, 40).as_str()), ("second ", " line"));
    }

    #[test]
    fn marks_stand_beneath_the_phrase_whatever_is_before_it() {
        // Blanks before them, columns of them, and what follows them.
        let marks = |text: &str, phrase: &str, column: usize| {
            let report: Report = serde_json::from_value(serde_json::json!({
                "schema": 1, "path": null, "id": null, "bytes": 0, "words": 0,
                "verdict": {"label": "spun", "probability": 1.0, "log10_odds": 9.0, "spin_rate": 0.5, "styles": []},
                "findings": [{"start": 0, "end": 0, "line": 1, "column": column, "text": phrase, "confidence": 0.9,
                    "applicability": "safe", "replacements": [{"text": "put", "probability": 0.8}],
                    "evidence": {"pack": "core", "context": 1.0, "channel": 1.0, "genuine_use": 1.0}}],
            }))
            .unwrap();
            let start = text.find(phrase).unwrap();
            let mut out = Vec::new();
            let human = Human { plain: true, ..Human::default() };
            human.finding(&report.findings[0], text, start..start + phrase.len(), &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            let line = out.lines().nth(1).unwrap();
            let from = line.find('^').unwrap();
            let marks = line[from..].bytes().take_while(|b| *b == b'^').count();
            (from, marks, line[from + marks..].to_string())
        };
        let said = " put 80%; swapped 90%; safe".to_string();
        assert_eq!(marks("an odd one", "odd", 4), (14, 3, said.clone()));
        // Two columns a letter, none for a mark that is heaped on one, one for a tab.
        assert_eq!(marks("漢字\ta\u{308} odd", "odd", 7), (11 + 4 + 1 + 2, 3, said.clone()));
        assert_eq!(marks("an 漢字 here", "漢字", 4), (14, 4, said.clone()));
        // Isolates take no column, and a long place moves the line and the marks alike.
        assert_eq!(marks("שלום odd", "odd", 6), (16, 3, said.clone()));
        assert_eq!(marks("an odd one", "odd", 1_234_567), (17, 3, said));
    }

    #[test]
    fn right_to_left_text_is_isolated_and_turns_nothing() {
        assert_eq!(before("שלום the ", "שלום the ".len(), 40), "\u{2066}שלום the \u{2069}");
        assert_eq!(before("a\u{202e}b ", "a\u{202e}b ".len(), 40), "a\u{fffd}b ");
    }
}
