//! A page that stands alone: each document with its findings as marks, what may have stood there
//! and why beside each, a strip that shows where they lie, and an index where there are many.
//!
//! Markup, style and script are files of their own beside this one. Nothing is fetched, and the
//! page's own policy forbids it; a document's text is escaped wherever it goes.

use std::io::{self, Write};
use std::ops::Range;

use crate::detect::{Applicability, Finding, Label};
use crate::restore;
use crate::text::word_hash;

use super::escape::html;
use super::wording::{self, percent};
use super::writer::{Layout, Page, Tally};

/// One page for all documents of a run.
pub(super) struct Html;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What parts of the page the documents stand between.
const DOCUMENTS: &str = "{{documents}}";

/// From these confidences on a mark is of the next strength.
const STRENGTHS: [f32; 3] = [0.7, 0.9, 0.99];

/// The widths of the strip and of a finding in it, in units of its own.
const STRIP: f64 = 1000.0;
const LEAST_TICK: f64 = 1.5;

fn filled(part: &str) -> String {
    let page = part.replace("{{version}}", env!("CARGO_PKG_VERSION"));
    page.replace("{{style}}", STYLE).replace("{{script}}", SCRIPT)
}

impl Layout for Html {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let (head, _) = PAGE.split_once(DOCUMENTS).unwrap_or((PAGE, ""));
        out.extend_from_slice(filled(head).as_bytes());
        Ok(())
    }

    fn tail(&self, tally: &Tally, out: &mut Vec<u8>) -> io::Result<()> {
        if !tally.reasons.is_empty() {
            out.extend_from_slice(b"<section class=\"unread\"><h2>Not read</h2><ul>\n");
            for (_, reason) in &tally.reasons {
                out.extend_from_slice(b"<li>");
                html(reason, out);
                out.extend_from_slice(b"</li>\n");
            }
            out.extend_from_slice(b"</ul></section>\n");
        }
        let (_, tail) = PAGE.split_once(DOCUMENTS).unwrap_or_default();
        out.extend_from_slice(filled(tail).as_bytes());
        Ok(())
    }

    fn keeps_reasons(&self) -> bool {
        true
    }

    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let report = page.report;
        // Parts the marks of one document from those of others.
        let id = word_hash(&report.title()) as u32;
        head(page, out)?;
        strip(page, id, out)?;
        out.extend_from_slice(b"<div class=\"text\">");
        let mut at = 0;
        for (number, (finding, span)) in page.findings().enumerate() {
            between(page.text, at..span.start, finding, out);
            mark(finding, id, number, out)?;
            at = span.end;
        }
        html(&page.text[at..], out);
        out.extend_from_slice(b"</div>\n</details>\n</article>\n");
        Ok(())
    }
}

/// The document's line in the index, and what opens its text.
fn head(page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (report, verdict) = (page.report, &page.report.verdict);
    let label = verdict.label.name();
    let (words, findings) = (report.words, report.findings.len());
    // Of what was not judged there is nothing to say.
    let share = |share| if verdict.label == Label::Unknown { "–".to_string() } else { percent(share) };
    write!(out, "<article class=\"{label}\" data-label=\"{label}\" data-path=\"")?;
    html(&report.title(), out);
    write!(
        out,
        "\" data-probability=\"{}\" data-rate=\"{}\" data-words=\"{words}\" data-findings=\"{findings}\">\n\
         <details>\n<summary><b>",
        verdict.probability, verdict.spin_rate
    )?;
    html(&report.title(), out);
    writeln!(
        out,
        "</b><span class=\"label\">{label}</span><span>{}</span><span>{} <small>rate</small></span><span>{words} <small>words</small>\
         </span><span>{findings} <small>found</small></span></summary>",
        share(verdict.probability),
        share(f64::from(verdict.spin_rate))
    )?;
    write!(out, "<p>{label}, ")?;
    html(&wording::verdict(report), out);
    out.extend_from_slice(b"</p>\n");
    Ok(())
}

/// The whole document as a strip, with a tick where each finding lies.
fn strip(page: &Page<'_>, id: u32, out: &mut Vec<u8>) -> io::Result<()> {
    if page.starts.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "<svg class=\"strip\" viewBox=\"0 0 {STRIP} 10\" preserveAspectRatio=\"none\" role=\"group\" \
         aria-label=\"Where the findings lie\">"
    )?;
    let unit = STRIP / page.text.len().max(1) as f64;
    for (number, (finding, span)) in page.findings().enumerate() {
        let (left, width) = (span.start as f64 * unit, ((span.end - span.start) as f64 * unit).max(LEAST_TICK));
        // Marks can be reached by themselves: the strip's links are for those who point.
        write!(
            out,
            "<a href=\"#f{id:x}-{number}\" tabindex=\"-1\"><rect x=\"{left:.1}\" width=\"{width:.1}\" height=\"10\" \
             opacity=\"{:.2}\"><title>",
            0.25 + 0.75 * finding.confidence
        )?;
        html(&finding.text, out);
        out.extend_from_slice(b"</title></rect></a>");
    }
    out.extend_from_slice(b"</svg>\n");
    Ok(())
}

/// What stands between findings. Its last article may have to change with the finding after it.
fn between(text: &str, span: Range<usize>, next: &Finding, out: &mut Vec<u8>) {
    let text_before = &text[span];
    let Some((kept, seen, was)) = changed_article(text_before, next) else { return html(text_before, out) };
    html(kept, out);
    out.extend_from_slice(b"<span class=\"article\"><span class=\"seen\">");
    html(seen, out);
    out.extend_from_slice(b"</span><span class=\"was\">");
    html(&was, out);
    out.extend_from_slice(b"</span></span>");
}

/// The text before a finding in two parts, and what restoring the finding makes of the second.
fn changed_article<'t>(before: &'t str, next: &Finding) -> Option<(&'t str, &'t str, String)> {
    let blank = before.trim_end_matches(' ');
    let word = blank.len() - blank.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    if !matches!(&blank[word..], "a" | "A" | "an" | "An" | "AN") {
        return None;
    }
    // One more word is given along: what stands before the article decides whether it is one.
    let from = before[..word].char_indices().rev().nth(7).map_or(0, |(i, _)| i);
    let piece = format!("{}{}", &before[from..], next.text);
    let mut moved = next.clone();
    (moved.start, moved.end) = (piece.len() - next.text.len(), piece.len());
    let restored = restore::apply(piece.as_bytes(), &[moved], Applicability::Display);
    let restored = String::from_utf8(restored).ok()?;
    let was = restored.strip_suffix(wording::best(next))?.get(word - from..)?.to_string();
    (was != before[word..]).then(|| (&before[..word], &before[word..], was))
}

/// A finding with its card: what may have stood there, how probable that is, and why.
fn mark(finding: &Finding, id: u32, number: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let strength = 1 + STRENGTHS.iter().filter(|&&s| finding.confidence >= s).count();
    write!(out, "<mark class=\"s{strength}\" id=\"f{id:x}-{number}\" tabindex=\"0\"><span class=\"seen\">")?;
    html(&finding.text, out);
    out.extend_from_slice(b"</span><span class=\"was\">");
    html(wording::best(finding), out);
    write!(
        out,
        "</span><span class=\"card\" role=\"tooltip\"><span>swapped {}; {}</span>",
        percent(f64::from(finding.confidence)),
        finding.applicability.name()
    )?;
    for replacement in &finding.replacements {
        out.extend_from_slice(b"<span class=\"row\"><b>");
        html(&replacement.text, out);
        write!(
            out,
            "</b><span>{}</span><span class=\"bar\" style=\"width:{:.0}%\"></span></span>",
            percent(f64::from(replacement.probability)),
            100.0 * replacement.probability
        )?;
    }
    let evidence = &finding.evidence;
    write!(
        out,
        "<span class=\"why\">context {:+.1}, channel {:+.1}, genuine use {:+.1}; pack ",
        evidence.context, evidence.channel, evidence.genuine_use
    )?;
    html(&evidence.pack, out);
    write!(out, "; line {}, column {}</span></span></mark>", finding.line, finding.column)
}
