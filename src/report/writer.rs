//! Writing the reports of a run one after the other, in any format.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use crate::detect::{Finding, Label};

use super::checkstyle::Checkstyle;
use super::fields::Chosen;
use super::github::Github;
use super::html::Html;
use super::human::Human;
use super::json::{Json, JsonLines};
use super::sarif::Sarif;
use super::table::Table;
use super::{Format, Report};

/// A document as writers see it.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The report; its offsets lead into the source as it lies on disk.
    pub report: &'a Report,
    /// The text that was scanned.
    pub text: &'a str,
    /// Of each finding, the byte offset in `text` where it starts. The same as in the report
    /// where text and source are the same.
    pub starts: &'a [usize],
}

impl<'a> Page<'a> {
    /// The findings with the byte spans they have in the text; those that do not fit it, which
    /// no scan makes, are left out.
    pub(super) fn findings(&self) -> impl Iterator<Item = (&'a Finding, Range<usize>)> + use<'a> {
        let text = self.text;
        let spans = self.report.findings.iter().zip(self.starts).map(|(f, &start)| (f, start..start + f.text.len()));
        let mut at = 0;
        spans.filter(move |(_, span)| {
            let fits = span.start >= at && text.get(span.clone()).is_some();
            at = if fits { span.end } else { at };
            fits
        })
    }
}

/// How reports are written where a format leaves a choice. The default is what a file gets.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The width of the terminal in columns, for people's formats; none where there is none.
    pub width: Option<usize>,
    /// One line a document, in the format for people.
    pub brief: bool,
    /// Escape sequences for colours, in the format for people.
    pub colour: bool,
    /// The fields that are written, in the format of JSON Lines; all of them where none is named.
    /// Names that [`check_fields`](super::check_fields) refuses are passed over.
    pub fields: Vec<String>,
}

/// What documents of one label add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub documents: usize,
    pub words: usize,
    pub findings: usize,
}

/// What a run adds up to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: [Count; 4],
    /// How many documents could not be read.
    pub unread: usize,
    /// Their names, as far as the format asks for them at its end, and what was wrong.
    pub reasons: Vec<(String, String)>,
}

impl Tally {
    const LABELS: [Label; 4] = [Label::Spun, Label::Suspect, Label::Clean, Label::Unknown];

    /// The labels, the gravest first, with their counts.
    pub fn counts(&self) -> impl Iterator<Item = (Label, Count)> + '_ {
        Tally::LABELS.into_iter().zip(self.counts)
    }

    /// How many documents were read.
    pub fn documents(&self) -> usize {
        self.counts.iter().map(|c| c.documents).sum()
    }

    fn add(&mut self, rendered: &Rendered) {
        let number = Tally::LABELS.iter().position(|l| *l == rendered.label).unwrap_or(3);
        let count = &mut self.counts[number];
        count.documents += 1;
        count.words += rendered.words;
        count.findings += rendered.findings;
    }
}

/// A format: what stands before, between and after the documents, and each of them.
pub(super) trait Layout: Send + Sync {
    fn head(&self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    /// Called on any thread; what it writes for a document depends on nothing else.
    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()>;

    /// What parts documents that wrote anything.
    fn between(&self) -> &'static str {
        ""
    }

    /// What is said, in its place, of a document that could not be read.
    fn unread(&self, _path: &str, _reason: &str, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    /// Whether [`tail`](Self::tail) asks for the names of documents that could not be read.
    fn keeps_reasons(&self) -> bool {
        false
    }

    fn tail(&self, _tally: &Tally, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}

/// Renders documents on any thread; made by [`Writer::renderer`].
#[derive(Clone)]
pub struct Renderer {
    layout: Arc<dyn Layout>,
}

/// A document ready to be written.
#[derive(Clone, Debug)]
pub struct Rendered {
    bytes: Vec<u8>,
    label: Label,
    words: usize,
    findings: usize,
}

/// Writes the reports of a run. Nothing of a document is kept once it is written.
///
/// ```
/// use unspin::report::{Format, Options, Page, Writer};
/// let text = "Nothing was swapped here.";
/// let report = unspin::Model::english().scan(text);
/// let mut writer = Writer::new(Format::Csv, &Options::default(), Vec::new());
/// let rendered = writer.renderer().render(&Page { report: &report, text, starts: &[] })?;
/// writer.write(&rendered)?;
/// assert!(writer.finish()?.starts_with(b"path,label,"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer<W> {
    layout: Arc<dyn Layout>,
    out: W,
    tally: Tally,
    begun: bool,
    any: bool,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").finish_non_exhaustive()
    }
}

impl<W> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("tally", &self.tally).finish_non_exhaustive()
    }
}

impl Renderer {
    /// Renders one document.
    ///
    /// # Errors
    /// When a report holds what the format cannot.
    pub fn render(&self, page: &Page<'_>) -> io::Result<Rendered> {
        let mut bytes = Vec::new();
        self.layout.document(page, &mut bytes)?;
        let report = page.report;
        Ok(Rendered { bytes, label: report.verdict.label, words: report.words, findings: report.findings.len() })
    }
}

impl<W: Write> Writer<W> {
    /// A writer of a format; nothing is written before the first document.
    pub fn new(format: Format, options: &Options, out: W) -> Self {
        let layout: Arc<dyn Layout> = match format {
            Format::Human => Arc::new(Human { width: options.width, brief: options.brief, plain: !options.colour }),
            Format::Json => Arc::new(Json),
            Format::Jsonl => Arc::new(JsonLines { fields: Chosen::new(&options.fields) }),
            Format::Sarif => Arc::new(Sarif),
            Format::Html => Arc::new(Html),
            Format::Csv => Arc::new(Table),
            Format::Github => Arc::new(Github),
            Format::Checkstyle => Arc::new(Checkstyle),
        };
        Writer { layout, out, tally: Tally::default(), begun: false, any: false }
    }

    /// What renders documents for this writer.
    pub fn renderer(&self) -> Renderer {
        Renderer { layout: self.layout.clone() }
    }

    /// Writes a document.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write(&mut self, rendered: &Rendered) -> io::Result<()> {
        self.tally.add(rendered);
        self.put(&rendered.bytes)
    }

    /// Says of a document that it could not be read, where the format has a place for it.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn unread(&mut self, path: &str, reason: &str) -> io::Result<()> {
        self.tally.unread += 1;
        if self.layout.keeps_reasons() {
            self.tally.reasons.push((path.to_string(), reason.to_string()));
        }
        let mut said = Vec::new();
        self.layout.unread(path, reason, &mut said)?;
        self.put(&said)
    }

    /// Where reports are written to.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Writes what stands at the end, and gives the output back.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        let mut tail = Vec::new();
        self.layout.tail(&self.tally, &mut tail)?;
        self.out.write_all(&tail)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let mut head = Vec::new();
        self.layout.head(&mut head)?;
        self.out.write_all(&head)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.begin()?;
        if bytes.is_empty() {
            return Ok(());
        }
        if std::mem::replace(&mut self.any, true) {
            self.out.write_all(self.layout.between().as_bytes())?;
        }
        self.out.write_all(bytes)
    }
}
