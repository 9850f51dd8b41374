//! One text, scanned and compared with what is known of it.

use crate::Label;
use crate::detect::{Extent, Finding};
use crate::document::Document;
use crate::report::Report;
use crate::worker::{Observed, Worker};

use super::edits::{Cluster, Edit, clusters};
use super::figures::Tally;
use super::sample::Sample;

/// Findings are also looked at from this confidence on, to tell what other thresholds would give.
const LEAST: f32 = 0.05;

/// The evidence of a document before calibration, with the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RawVerdict {
    /// The evidence, in natural logarithms.
    pub evidence: f32,
    /// What it is of.
    pub extent: Extent,
    /// The probability that was made of it.
    pub probability: f64,
    /// Whether the document was spun.
    pub truth: bool,
}

/// The posterior of a finding before calibration, with the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RawFinding {
    /// The posterior that the phrase was swapped, in a spun document.
    pub posterior: f64,
    /// The probability that its part of the document was spun.
    pub spun: f64,
    /// The confidence that was made of both.
    pub confidence: f64,
    /// Whether it overlaps a known edit.
    pub truth: bool,
}

/// A text, what a scan said of it, and how that compares with what is known.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The text.
    pub sample: Sample,
    /// How many words it has.
    pub words: usize,
    /// The report that a user would get, with offsets into the file.
    pub report: Report,
    /// The known edits, cut to what they change; none for genuine text.
    pub gold: Vec<Edit>,
    /// The findings of the report, likewise.
    pub found: Vec<Edit>,
    /// Which of them overlap.
    pub clusters: Vec<Cluster>,
    /// What that adds up to.
    pub tally: Tally,
    /// The same scan with findings of little confidence, and the figures before calibration.
    observed: Option<Observed>,
}

impl Scored {
    /// Scans a text and compares.
    #[must_use]
    pub fn scan(worker: &mut Worker<'_>, sample: Sample) -> Scored {
        let document = Document::plain(&sample.bytes);
        let mut report = worker.scan(document.prose());
        document.map_report(&mut report, sample.bytes.len());
        report.path = Some(sample.path.display().to_string());
        let mut observed = worker.observe(document.prose(), LEAST);
        document.map_report(&mut observed.report, sample.bytes.len());
        drop(document);
        let mut scored = Scored::of_report(sample, report);
        scored.observed = Some(observed);
        scored
    }

    /// Compares a report that was made elsewhere. Nothing is known then of what other thresholds
    /// would give, nor of figures before calibration.
    #[must_use]
    pub fn of_report(sample: Sample, report: Report) -> Scored {
        let edit =
            |g: &super::GoldEdit| Edit::minimal(&sample.bytes, g.start, g.end, g.original.iter().map(String::as_str));
        let gold: Vec<Edit> = sample.gold.iter().flatten().map(edit).collect();
        let found = edits_of(&sample, &report.findings);
        let clusters = clusters(&sample.bytes, &gold, &found);
        let words = sample.words();
        let mut tally = match sample.gold {
            Some(_) => Tally::of_edits(&clusters, gold.len(), found.len()),
            None => Tally::of_genuine(words, found.len()),
        };
        tally.verdicts.push((sample.is_spun(), report.verdict.probability));
        Scored { sample, words, report, gold, found, clusters, tally, observed: None }
    }

    /// What would have been counted with a threshold of `confidence`, from .05 up.
    ///
    /// Findings below the threshold are left out of a scan that had them all. A scan with this
    /// threshold can differ where findings compete for the same words.
    #[must_use]
    pub fn tally_from(&self, confidence: f32) -> Tally {
        let findings = self.all_findings().iter().filter(|f| f.confidence >= confidence);
        if self.sample.gold.is_none() {
            return Tally::of_genuine(self.words, findings.count());
        }
        let found = edits_of(&self.sample, findings);
        let clusters = clusters(&self.sample.bytes, &self.gold, &found);
        Tally::of_edits(&clusters, self.gold.len(), found.len())
    }

    /// The evidence before calibration, with the truth; `None` where nothing was claimed, or for
    /// a report that was made elsewhere.
    #[must_use]
    pub fn raw_verdict(&self) -> Option<RawVerdict> {
        let observed = self.observed.as_ref().filter(|o| o.report.verdict.label != Label::Unknown)?;
        let probability = observed.report.verdict.probability;
        let (evidence, extent) = (observed.evidence, observed.extent);
        Some(RawVerdict { evidence, extent, probability, truth: self.sample.is_spun() })
    }

    /// The findings from a confidence of .05 up before calibration, with the truth; none for a
    /// report that was made elsewhere.
    #[must_use]
    pub fn raw_findings(&self) -> Vec<RawFinding> {
        let Some(observed) = &self.observed else { return Vec::new() };
        let found = edits_of(&self.sample, &observed.report.findings);
        let mut right = vec![false; found.len()];
        for cluster in clusters(&self.sample.bytes, &self.gold, &found) {
            cluster.found.iter().for_each(|&i| right[i] = !cluster.gold.is_empty());
        }
        let raw = observed.report.findings.iter().enumerate().map(|(i, finding)| RawFinding {
            posterior: f64::from(observed.posteriors[i]),
            spun: f64::from(observed.spun[i]),
            confidence: f64::from(finding.confidence),
            truth: right[i],
        });
        raw.collect()
    }

    /// Whether findings of little confidence are known.
    pub(super) fn is_observed(&self) -> bool {
        self.observed.is_some()
    }

    /// The findings from the lowest confidence that is known.
    pub(super) fn all_findings(&self) -> &[Finding] {
        &self.observed.as_ref().map_or(&self.report, |o| &o.report).findings
    }
}

fn edits_of<'f>(sample: &Sample, findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Edit> {
    let edit =
        |f: &Finding| Edit::minimal(&sample.bytes, f.start, f.end, f.replacements.iter().map(|r| r.text.as_str()));
    findings.into_iter().map(edit).collect()
}
