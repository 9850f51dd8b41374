//! Evaluations as a page of their own: tables and plots, nothing fetched from elsewhere.

use std::io::{self, Write};

use crate::report::escaped;

use super::evaluation::Evaluation;
use super::place::Excerpt;
use super::plot::Plot;
use super::reliability::Reliability;
use super::sections::{Section, sections};
use super::text::{terms, times};

const STYLE: &str = "\
:root{color-scheme:light dark;--ground:#fff;--ink:#1c1e21;--faint:#5c6470;--rule:#d9dde3;--curve:#0b62b8;--mark:#b3261e;--put:#17703a}
@media(prefers-color-scheme:dark){:root{--ground:#14171a;--ink:#e4e7eb;--faint:#9aa4b0;--rule:#343a42;--curve:#6db3f2;--mark:#ff8a80;--put:#7fd19b}}
body{background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .2rem}p{color:var(--faint);margin:.2rem 0 .6rem;max-width:50rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.15rem .6rem;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
th:first-child,td:first-child{text-align:left}th{color:var(--faint);font-weight:600}
.plots{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}figcaption{font-weight:600}
svg text{fill:var(--faint);font:11px system-ui,sans-serif}.grid{stroke:var(--rule);fill:none}
.ideal{stroke:var(--faint);stroke-dasharray:4 4;fill:none}.curve{stroke:var(--curve);stroke-width:2;fill:none}
circle{fill:var(--curve);fill-opacity:.65}ol{padding-left:1.6rem}li{margin:.5rem 0}
del{color:var(--mark)}ins{color:var(--put);text-decoration:none;font-weight:600}small{color:var(--faint);display:block}
";

/// The share of genuine texts up to which the ROC curve is drawn once more, larger.
const NEAR: f64 = 0.05;

/// Writes an evaluation as an HTML page that stands alone. `title` names what was evaluated.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_html(evaluation: &Evaluation, title: &str, out: &mut impl Write) -> io::Result<()> {
    let title = escaped(title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>unspin eval: {title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>unspin eval: {title}</h1>\n<p>{} texts, of which {} were spun.</p>\n",
        evaluation.texts, evaluation.labels.spun.texts
    )?;
    writeln!(out, "<div class=\"plots\">")?;
    for plot in plots(evaluation) {
        out.write_all(plot.svg().as_bytes())?;
    }
    writeln!(out, "</div>")?;
    for section in sections(evaluation) {
        write_section(&section, out)?;
    }
    write_worst(evaluation, out)?;
    writeln!(out, "</body>\n</html>")
}

fn plots(evaluation: &Evaluation) -> Vec<Plot<'static>> {
    let mut plots = Vec::new();
    let reliability = &evaluation.reliability;
    for (title, table) in [
        ("Reliability of verdicts", &reliability.documents),
        ("Reliability of confidences", &reliability.findings),
        ("Reliability of replacements", &reliability.replacements),
    ] {
        plots.extend(table.all.as_ref().map(|table| reliability_plot(title, table)));
    }
    if let Some(curve) = &evaluation.curve {
        let mut roc = vec![(0.0, 0.0)];
        roc.extend(curve.points.iter().map(|p| (p.false_rate, p.true_rate)));
        // The corner before the first point beyond the plot goes on to its edge.
        let up_to_edge = roc.iter().filter(|p| p.0 <= NEAR).map(|p| p.1).fold(0.0, f64::max);
        let mut near = roc.clone();
        near.retain(|p| p.0 <= NEAR);
        near.push((NEAR, up_to_edge));
        for (title, most, line) in [("ROC of documents", 1.0, roc), ("ROC, few false alarms", NEAR, near)] {
            let (across, upward) = (("genuine texts flagged", most), "spun texts flagged");
            plots.push(Plot { title, across, upward, line, dots: Vec::new(), diagonal: most >= 1.0 });
        }
        plots.push(Plot {
            title: "Precision and recall of documents",
            across: ("recall", 1.0),
            upward: "precision",
            line: curve.points.iter().map(|p| (p.true_rate, p.precision)).collect(),
            dots: Vec::new(),
            diagonal: false,
        });
    }
    let at: Vec<(f64, f64, f64, String)> = evaluation
        .thresholds
        .iter()
        .filter_map(|t| {
            let edits = t.edits.as_ref()?;
            Some((edits.detect_R?, edits.detect_P?, 3.0, format!("confidence from {}", t.confidence)))
        })
        .collect();
    if !at.is_empty() {
        plots.push(Plot {
            title: "Precision and recall of findings",
            across: ("recall", 1.0),
            upward: "precision",
            line: at.iter().map(|p| (p.0, p.1)).collect(),
            dots: at,
            diagonal: false,
        });
    }
    plots
}

/// Dots as large as their bins are full.
fn reliability_plot(title: &'static str, table: &Reliability) -> Plot<'static> {
    let fullest = table.bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1) as f64;
    let dots: Vec<_> = table
        .bins
        .iter()
        .filter_map(|bin| {
            let radius = 2.0 + 7.0 * (bin.count as f64 / fullest).sqrt();
            let remark = format!("{:.1} to {:.1}: {} of them", bin.from, bin.to, bin.count);
            Some((bin.said?, bin.right?, radius, remark))
        })
        .collect();
    let line = dots.iter().map(|d| (d.0, d.1)).collect();
    Plot { title, across: ("said", 1.0), upward: "right", line, dots, diagonal: true }
}

fn write_section(section: &Section, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<h2>{}</h2>\n<p>{}</p>\n<div class=\"wide\"><table>",
        escaped(section.title),
        escaped(section.note)
    )?;
    write!(out, "<thead><tr>")?;
    for cell in &section.head {
        write!(out, "<th scope=\"col\">{}</th>", escaped(cell))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &section.rows {
        write!(out, "<tr>")?;
        for cell in row {
            write!(out, "<td>{}</td>", escaped(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></div>")
}

fn write_worst(evaluation: &Evaluation, out: &mut impl Write) -> io::Result<()> {
    let worst = &evaluation.worst;
    for (title, errors) in worst.false_lists() {
        let errors = errors.iter().map(|e| {
            let (grade, often) = (e.applicability.name(), times(e.times));
            let about = format!("{:.3}, {grade}, {often}; {}", e.confidence, terms(&e.evidence));
            (&e.place, e.proposed.as_str(), about)
        });
        write_errors(title, errors, out)?;
    }
    let missed = worst.missed_swaps.iter().map(|e| {
        let weak = e.confidence.map_or_else(|| "no finding".into(), |c| format!("a finding of {c:.3} at most"));
        (&e.place, e.original.as_str(), format!("missed {} of {} times; {weak}", e.missed, e.made))
    });
    write_errors("Missed swaps, those missed most often first", missed, out)?;
    let wrong = worst.wrong_restorations.iter().map(|e| {
        let about = format!(
            "wanted: {}; {:.3} x {:.3}, {}, {}; {}",
            e.wanted,
            e.confidence,
            e.probability,
            e.applicability.name(),
            times(e.times),
            terms(&e.evidence)
        );
        (&e.place, e.proposed.as_str(), about)
    });
    write_errors("Wrong restorations, those held most probable first", wrong, out)
}

fn write_errors<'e>(
    title: &str,
    errors: impl Iterator<Item = (&'e Excerpt, &'e str, String)>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut errors = errors.peekable();
    if errors.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "<h2>{}</h2>\n<ol>", escaped(title))?;
    for (place, instead, about) in errors {
        writeln!(
            out,
            "<li>{}<del>{}</del> <ins>{}</ins>{}<small>{}:{}:{}; {}</small></li>",
            escaped(&place.before),
            escaped(&place.text),
            escaped(instead),
            escaped(&place.after),
            escaped(&place.path),
            place.line,
            place.column,
            escaped(&about)
        )?;
    }
    writeln!(out, "</ol>")
}
