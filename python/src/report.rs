//! Reports, findings and sections as Python sees them.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// A phrase or section in characters, as the indices of a `str` count.
type Span = (usize, usize);

/// A report, and where its findings and sections lie in characters.
#[derive(Debug, PartialEq)]
struct Scanned {
    report: unspin::Report,
    findings: Vec<Span>,
    sections: Vec<Span>,
}

impl Scanned {
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.report).map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

/// Bytes to characters, for ascending spans; linear in the text.
fn in_characters(text: &str, spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let (mut byte, mut character) = (0, 0);
    let mut to = |offset: usize| {
        character += text.get(byte..offset).map_or(0, |between| between.chars().count());
        byte = offset;
        character
    };
    spans.map(|(start, end)| (to(start), to(end))).collect()
}

/// A figure of 32 bits with the digits that it is reported with: .35, not .3499999940395355.
fn as_written(figure: f32) -> f64 {
    figure.to_string().parse().unwrap_or_else(|_| figure.into())
}

/// What a scan says of a text.
#[pyclass(frozen, module = "unspin")]
#[derive(Debug)]
pub struct Report(Arc<Scanned>);

impl Report {
    /// A report on a text.
    pub fn new(text: &str, report: unspin::Report) -> Report {
        let findings = in_characters(text, report.findings.iter().map(|f| (f.start, f.end)));
        let sections = in_characters(text, report.sections.iter().map(|s| (s.start, s.end)));
        Report(Arc::new(Scanned { report, findings, sections }))
    }
}

#[pymethods]
impl Report {
    /// The version of the fields of `to_dict`.
    #[getter]
    fn schema(&self) -> u32 {
        self.0.report.schema
    }

    /// The file, as the caller named it.
    #[getter]
    fn path(&self) -> Option<&str> {
        self.0.report.path.as_deref()
    }

    /// The identifier that the caller gave.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.0.report.id.as_deref()
    }

    /// The length of the text in bytes of UTF-8.
    #[getter]
    fn bytes(&self) -> u64 {
        self.0.report.bytes
    }

    /// How many words and numbers it has.
    #[getter]
    fn words(&self) -> usize {
        self.0.report.words
    }

    /// The judgement: "spun", "suspect", "clean" or "unknown".
    #[getter]
    fn label(&self) -> &'static str {
        self.0.report.verdict.label.name()
    }

    /// How probable it is that the text was spun, 0 to 1.
    #[getter]
    fn probability(&self) -> f64 {
        self.0.report.verdict.probability
    }

    /// The decimal logarithm of the odds of that.
    #[getter]
    fn log10_odds(&self) -> f64 {
        self.0.report.verdict.log10_odds
    }

    /// The share of possible swaps that were made, 0 to 1.
    #[getter]
    fn spin_rate(&self) -> f64 {
        as_written(self.0.report.verdict.spin_rate)
    }

    /// The styles that the spinning shows with their shares, the largest first.
    #[getter]
    fn styles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let styles = PyDict::new(py);
        for style in &self.0.report.verdict.styles {
            styles.set_item(&style.name, as_written(style.share))?;
        }
        Ok(styles)
    }

    /// The phrases that were swapped, in the order of the text.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        (0..self.0.findings.len()).map(|number| Finding { of: Arc::clone(&self.0), number }).collect()
    }

    /// The parts that were spun, where the rest was left alone.
    #[getter]
    fn sections(&self) -> Vec<Section> {
        (0..self.0.sections.len()).map(|number| Section { of: Arc::clone(&self.0), number }).collect()
    }

    /// The line that the program writes with `--format jsonl`, without the line feed.
    fn to_json(&self) -> PyResult<String> {
        self.0.json()
    }

    /// The object that this line holds.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.0.json()?,))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Report>().is_ok_and(|other| self.0 == other.get().0)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = match &self.0.report.id {
            Some(id) => format!(" id={}", id.into_pyobject(py)?.repr()?),
            None => String::new(),
        };
        Ok(format!(
            "<unspin.Report{id} label='{}' probability={} words={} findings={}>",
            self.label(),
            (self.probability() * 1e4).round() / 1e4,
            self.words(),
            self.0.findings.len()
        ))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Parts)> {
        Ok((py.import("unspin._native")?.getattr("load_report")?, self.parts()?))
    }
}

/// What a report is pickled as.
type Parts = (String, Vec<Span>, Vec<Span>);

impl Report {
    fn parts(&self) -> PyResult<Parts> {
        Ok((self.0.json()?, self.0.findings.clone(), self.0.sections.clone()))
    }
}

/// A report from what it was pickled as.
#[pyfunction]
pub fn load_report(json: &str, findings: Vec<Span>, sections: Vec<Span>) -> PyResult<Report> {
    let wrong = |words: String| PyValueError::new_err(format!("no pickled report: {words}"));
    let report: unspin::Report = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
    if (report.findings.len(), report.sections.len()) != (findings.len(), sections.len()) {
        return Err(wrong("spans are missing; scan the text again".into()));
    }
    Ok(Report(Arc::new(Scanned { report, findings, sections })))
}

/// A finding from what it was pickled as.
#[pyfunction]
pub fn load_finding(json: &str, findings: Vec<Span>, sections: Vec<Span>, number: usize) -> PyResult<Finding> {
    let report = load_report(json, findings, sections)?;
    report.findings().into_iter().nth(number).ok_or_else(|| PyValueError::new_err("no pickled finding"))
}

/// A section from what it was pickled as.
#[pyfunction]
pub fn load_section(json: &str, findings: Vec<Span>, sections: Vec<Span>, number: usize) -> PyResult<Section> {
    let report = load_report(json, findings, sections)?;
    report.sections().into_iter().nth(number).ok_or_else(|| PyValueError::new_err("no pickled section"))
}

/// A phrase that was swapped.
#[pyclass(frozen, module = "unspin")]
#[derive(Debug)]
pub struct Finding {
    of: Arc<Scanned>,
    number: usize,
}

impl Finding {
    fn get(&self) -> &unspin::Finding {
        &self.of.report.findings[self.number]
    }
}

#[pymethods]
impl Finding {
    /// Where it begins, in bytes of UTF-8.
    #[getter]
    fn start(&self) -> usize {
        self.get().start
    }

    /// What follows it, in bytes of UTF-8.
    #[getter]
    fn end(&self) -> usize {
        self.get().end
    }

    /// The same in characters: `text[slice(*finding.span)]` is the phrase.
    #[getter]
    fn span(&self) -> Span {
        self.of.findings[self.number]
    }

    /// The line it begins on, counted from 1.
    #[getter]
    fn line(&self) -> usize {
        self.get().line
    }

    /// The column it begins in, in characters, counted from 1.
    #[getter]
    fn column(&self) -> usize {
        self.get().column
    }

    /// The phrase as it stands.
    #[getter]
    fn text(&self) -> &str {
        &self.get().text
    }

    /// How probable it is that it was swapped, 0 to 1.
    #[getter]
    fn confidence(&self) -> f64 {
        as_written(self.get().confidence)
    }

    /// Whether the first replacement may be put in without a look: "safe", "unsafe" or "display".
    #[getter]
    fn applicability(&self) -> &'static str {
        self.get().applicability.name()
    }

    /// What may have stood there with its probability, the most probable first.
    #[getter]
    fn replacements(&self) -> Vec<(&str, f64)> {
        self.get().replacements.iter().map(|r| (r.text.as_str(), as_written(r.probability))).collect()
    }

    /// Why, in natural logarithms, and the pack that the swap is from.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (evidence, of) = (PyDict::new(py), &self.get().evidence);
        evidence.set_item("pack", &of.pack)?;
        evidence.set_item("context", as_written(of.context))?;
        evidence.set_item("channel", as_written(of.channel))?;
        evidence.set_item("genuine_use", as_written(of.genuine_use))?;
        Ok(evidence)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Finding>().is_ok_and(|other| {
            let other = other.get();
            self.get() == other.get() && self.span() == other.span()
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let best = self.get().replacements.first().map_or("", |r| r.text.as_str());
        let quoted = |text: &str| text.into_pyobject(py)?.repr().map(|r| r.to_string());
        let (start, end) = self.span();
        Ok(format!(
            "<unspin.Finding {} for {} at {start}:{end} confidence={} {}>",
            quoted(self.text())?,
            quoted(best)?,
            self.confidence(),
            self.applicability()
        ))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        pickled(py, "load_finding", &self.of, self.number)
    }
}

/// How the part of a report with this number is pickled.
fn pickled<'py>(
    py: Python<'py>,
    load: &str,
    of: &Arc<Scanned>,
    number: usize,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
    let (json, findings, sections) = Report(Arc::clone(of)).parts()?;
    let arguments = (json, findings, sections, number).into_pyobject(py)?;
    Ok((py.import("unspin._native")?.getattr(load)?, arguments))
}

/// A run of sentences that was spun in a text that was not spun as a whole.
#[pyclass(frozen, module = "unspin")]
#[derive(Debug)]
pub struct Section {
    of: Arc<Scanned>,
    number: usize,
}

impl Section {
    fn get(&self) -> &unspin::Section {
        &self.of.report.sections[self.number]
    }
}

#[pymethods]
impl Section {
    /// Where it begins, in bytes of UTF-8.
    #[getter]
    fn start(&self) -> usize {
        self.get().start
    }

    /// What follows it, in bytes of UTF-8.
    #[getter]
    fn end(&self) -> usize {
        self.get().end
    }

    /// The same in characters: `text[slice(*section.span)]` is the section.
    #[getter]
    fn span(&self) -> Span {
        self.of.sections[self.number]
    }

    /// The line it begins on, counted from 1.
    #[getter]
    fn line(&self) -> usize {
        self.get().line
    }

    /// The line it ends on.
    #[getter]
    fn end_line(&self) -> usize {
        self.get().end_line
    }

    /// How many words and numbers it has.
    #[getter]
    fn words(&self) -> usize {
        self.get().words
    }

    /// The share of possible swaps that were made in it, 0 to 1.
    #[getter]
    fn spin_rate(&self) -> f64 {
        as_written(self.get().spin_rate)
    }

    /// How probable it is that it was spun, judged by itself, 0 to 1.
    #[getter]
    fn probability(&self) -> f64 {
        self.get().probability
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Section>().is_ok_and(|other| {
            let other = other.get();
            self.get() == other.get() && self.span() == other.span()
        })
    }

    fn __repr__(&self) -> String {
        let (start, end) = self.span();
        let probability = (self.probability() * 1e4).round() / 1e4;
        format!("<unspin.Section {start}:{end} probability={probability} words={}>", self.words())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        pickled(py, "load_section", &self.of, self.number)
    }
}
