//! All that a run writes, in the order of the input.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, bail};

use unspin::document::Document;
use unspin::report::{Rendered, Renderer, Writer};
use unspin::restore::make;
use unspin::{Applicability, Label, Report, Worker};

use super::checkpoint::{Checkpoint, Done};
use super::file::Out;
use super::summary::Counts;
use crate::cli::corpus::{self, Failure, Record, Shape};
use crate::cli::{Outcome, complain};

/// What is added to records that are passed through, under which names.
pub struct Passed {
    pub verdict: Option<String>,
    pub restored: Option<String>,
}

impl Passed {
    /// The names of what is added.
    pub fn names(&self) -> Vec<&str> {
        self.verdict.iter().chain(&self.restored).map(String::as_str).collect()
    }
}

/// What came of a document.
pub struct Scanned {
    pub label: Label,
    /// How many bytes its text has.
    pub bytes: usize,
    /// Whether it counts for the exit status.
    pub fails: bool,
    pub shown: Shown,
    /// The record that held it, where records are written.
    pub record: Option<Record>,
}

/// A document as it is written.
pub enum Shown {
    Report(Rendered),
    Record(Vec<u8>),
}

impl Passed {
    /// The record with what was found.
    ///
    /// # Errors
    /// When it is of a kind that nothing can be added to, or has such a field already.
    pub fn record(
        &self,
        worker: &mut Worker<'_>,
        record: &Record,
        document: &Document<'_>,
        report: &Report,
    ) -> Result<Vec<u8>> {
        let restored = self.restored.as_ref().map(|name| {
            let text = document.prose();
            let mut edits = match report.findings.is_empty() {
                true => Vec::new(),
                false => worker.restore(text, Applicability::Safe).edits,
            };
            document.map_edits(&mut edits);
            (name.as_str(), String::from_utf8_lossy(&make(document.text.as_bytes(), &edits)).into_owned())
        });
        corpus::passed(record, self.verdict.as_deref().unwrap_or_default(), report, restored)
    }
}

/// Records that are written one after the other, after a header where they have one.
pub struct Records {
    out: Out,
    /// Of what shape the first one was.
    shape: Option<Shape>,
    /// Whether an earlier run wrote the header.
    is_begun: bool,
}

impl Records {
    pub fn new(out: Out, is_begun: bool) -> Records {
        Records { out, shape: None, is_begun }
    }

    /// Writes a record; `added` names the columns that are written beside its own.
    fn write(&mut self, record: &Record, bytes: &[u8], added: &[&str]) -> Result<()> {
        match &self.shape {
            None => {
                if let (Shape::Row(header), false) = (&record.shape, self.is_begun) {
                    self.out.write_all(&header.with(added)?)?;
                }
                self.shape = Some(record.shape.clone());
            }
            Some(first) if !first.is_like(&record.shape) => bail!(
                "{}: its records are of another kind, or have other columns, than those before; write them apart",
                record.path.display()
            ),
            Some(_) => {}
        }
        self.out.write_all(bytes)?;
        if !bytes.ends_with(b"\n") {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// What goes to standard output, or to the file in its place.
pub enum Main {
    Reports(Box<Writer<Out>>),
    Records(Records),
}

/// All that a run writes.
pub struct Sink {
    pub main: Main,
    pub clean: Option<Records>,
    pub spun: Option<Records>,
    pub names: [Option<PathBuf>; 3],
    pub only: Vec<Label>,
    pub passed: Arc<Passed>,
    pub checkpoint: Option<Checkpoint>,
    /// What earlier runs add up to, and those with this one.
    pub before: Counts,
    pub done: Done,
    pub begun: Instant,
    pub summary: bool,
}

impl Sink {
    /// What renders reports; none where records are written in their place.
    pub fn renderer(&self) -> Option<Renderer> {
        match &self.main {
            Main::Reports(writer) => Some(writer.renderer()),
            Main::Records(_) => None,
        }
    }

    /// How records are passed through.
    pub fn passed(&self) -> Arc<Passed> {
        self.passed.clone()
    }

    /// Whether records are written, so that documents that are files have no place.
    pub fn wants_records(&self) -> bool {
        self.clean.is_some() || self.spun.is_some() || matches!(self.main, Main::Records(_))
    }

    /// How many units earlier runs did, and the file of the last.
    pub fn done_before(&self) -> (u64, String) {
        (self.done.units, self.done.last.clone())
    }

    /// Writes what came of a document.
    pub fn write(&mut self, scanned: &Scanned) -> Result<()> {
        self.done.counts.add(scanned.label, scanned.bytes);
        self.done.spun |= scanned.fails;
        if self.only.is_empty() || self.only.contains(&scanned.label) {
            match (&mut self.main, &scanned.shown, &scanned.record) {
                (Main::Reports(writer), Shown::Report(rendered), _) => writer.write(rendered)?,
                (Main::Records(records), Shown::Record(bytes), Some(record)) => {
                    records.write(record, bytes, &self.passed.names())?;
                }
                _ => {}
            }
        }
        let split = if scanned.label == Label::Spun { &mut self.spun } else { &mut self.clean };
        if let (Some(records), Some(record)) = (split, &scanned.record) {
            records.write(record, &record.raw, &[])?;
        }
        Ok(())
    }

    /// Says what failed where the format has a place for it.
    pub fn failed(&mut self, failure: &Failure) -> Result<()> {
        self.done.failed = true;
        self.done.counts.errors += 1;
        if let Main::Reports(writer) = &mut self.main {
            writer.unread(&failure.path, &failure.reason)?;
        }
        Ok(())
    }

    /// That a unit of a file is done.
    pub fn count(&mut self, path: String) {
        self.done.units += 1;
        self.done.last = path;
    }

    /// Called between batches: what was written is seen by others, and the checkpoint tells of it.
    pub fn settle(&mut self) -> Result<()> {
        match &mut self.main {
            Main::Reports(writer) => writer.out().flush()?,
            Main::Records(records) => records.out.flush()?,
        }
        if self.checkpoint.as_ref().is_some_and(Checkpoint::is_due) { self.keep() } else { Ok(()) }
    }

    /// Writes the outputs to the disk, and then the checkpoint.
    fn keep(&mut self) -> Result<()> {
        let Some(checkpoint) = &mut self.checkpoint else { return Ok(()) };
        let main = match &mut self.main {
            Main::Reports(writer) => writer.out(),
            Main::Records(records) => &mut records.out,
        };
        let outs = [Some(main), self.clean.as_mut().map(|r| &mut r.out), self.spun.as_mut().map(|r| &mut r.out)];
        for (out, name) in outs.into_iter().zip(&self.names) {
            if let (Some(Out::File(file)), Some(name)) = (out, name) {
                file.sync()?;
                self.done.outputs.insert(name.display().to_string(), file.length());
            }
        }
        checkpoint.write(&self.done)
    }

    /// Ends all outputs, and tells how the run went.
    pub fn finish(mut self, unfinished: Option<&str>) -> Result<Outcome> {
        if let (Some(reason), Main::Reports(writer)) = (unfinished, &mut self.main) {
            writer.unread("", reason)?;
        }
        self.keep()?;
        for records in [&mut self.clean, &mut self.spun].into_iter().flatten() {
            records.out.flush()?;
        }
        match self.main {
            Main::Reports(writer) => drop(writer.finish()?),
            Main::Records(mut records) => records.out.flush()?,
        }
        if self.summary {
            let (all, before) = (self.done.counts, self.before);
            let mut here = all;
            here.bytes -= before.bytes;
            here.errors -= before.errors;
            for (count, before) in here.labels.iter_mut().zip(before.labels) {
                *count -= before;
            }
            complain(&all.said(&here, self.begun));
        }
        Ok(match (unfinished.is_some() || self.done.failed, self.done.spun) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Spun,
            (false, false) => Outcome::Clean,
        })
    }
}
