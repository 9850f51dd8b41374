//! Fitting the constants that turn evidence into probabilities.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::detect::{Extent, SPUN, figures};

use super::logistic::{Line, Observation, fit_line};
use super::reliability::Reliability;
use super::sample::Sample;
use super::scored::{RawFinding, RawVerdict, Scored};

/// Findings count where their part of the document was held spun from this probability on:
/// elsewhere confidence says more of the document than of the finding.
const HELD_SPUN: f64 = 0.9;

/// Posteriors nearer to 0 or 1 than this count as this near.
const NEAREST: f64 = 1e-6;

/// A fitted line with how it does on groups that it was not fitted on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted<const N: usize> {
    /// How many observations there are, and of how many what they speak for was so.
    pub count: usize,
    /// See `count`.
    pub so: usize,
    /// The line, fitted on all groups.
    pub line: Line<N>,
    /// The probabilities as they are now, compared with the truth.
    pub now: Reliability,
    /// Those of lines fitted without the group in question. `None` where there is one group.
    pub left_out: Option<Reliability>,
    /// The same, group by group.
    pub groups: Vec<(String, Reliability, Reliability)>,
}

/// The constants of the verdict and of confidence, fitted on samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// Evidence as it counts, and length, to the probability that a document was spun. Every length
    /// weighs the same, and genuine documents twice as much as spun ones, whatever their numbers.
    pub documents: Option<Fitted<2>>,
    /// The log odds of a finding's posterior to those of its confidence, in spun documents.
    pub findings: Option<Fitted<1>>,
}

/// An observation with its group and the probability that is given now.
struct Case<const N: usize> {
    fold: String,
    observation: Observation<N>,
    now: f64,
}

impl Calibration {
    /// Fits on samples. Groups are those of one style, or else folders; genuine documents are
    /// dealt out to them in turn, so that whatever is left out holds documents of both kinds.
    #[must_use]
    pub fn of(scored: &[Scored]) -> Calibration {
        let mut folds: Vec<String> = scored.iter().filter(|s| s.sample.is_spun()).map(|s| fold(&s.sample)).collect();
        folds.sort_unstable();
        folds.dedup();
        let (mut documents, mut findings) = (Vec::new(), Vec::new());
        let mut genuine = 0;
        for text in scored {
            let fold = if text.sample.is_spun() {
                findings.extend(text.raw_findings().iter().filter_map(|f| of_finding(f, fold(&text.sample))));
                fold(&text.sample)
            } else {
                genuine += 1;
                folds.get(genuine % folds.len().max(1)).cloned().unwrap_or_default()
            };
            let raw = text.raw_verdict().and_then(|raw| of_verdict(raw, fold));
            documents.extend(raw.map(|case| (octave(text.words), case)));
        }
        let documents = weighed(documents);
        Calibration { documents: fit(&documents), findings: fit(&findings) }
    }

    /// Writes the constants, and how well they do, for people to read.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let documents = "evidence that counts, and length, to probability, every length and 2 genuine to 1 spun";
        write_fitted(out, "documents", documents, self.documents.as_ref())?;
        let findings = "log odds of the posterior to those of confidence, in spun documents";
        write_fitted(out, "findings", findings, self.findings.as_ref())
    }
}

fn write_fitted<const N: usize>(
    out: &mut impl Write,
    name: &str,
    what: &str,
    fitted: Option<&Fitted<N>>,
) -> io::Result<()> {
    writeln!(out, "{name}: {what}")?;
    let Some(f) = fitted else {
        return writeln!(
            out,
            "  nothing to fit: there must be some that are right and some that are not, documents at one length\n"
        );
    };
    write!(out, "  offset {:.3}, slope", f.line.offset)?;
    for slope in f.line.slopes {
        write!(out, " {slope:.3}")?;
    }
    writeln!(out, "; from {}, {} right", f.count, f.so)?;
    writeln!(out, "  {:30}  {:>6}  {:>17}  {:>17}", "", "", "now", "fitted on others")?;
    writeln!(
        out,
        "  {:30}  {:>6}  {:>8} {:>8}  {:>8} {:>8}",
        "left out", "count", "log loss", "ECE", "log loss", "ECE"
    )?;
    let rows = f.groups.iter().map(|(name, now, held)| (name.as_str(), now, Some(held)));
    for (name, now, held) in rows.chain([("ALL", &f.now, f.left_out.as_ref())]) {
        write!(out, "  {name:30}  {:>6}  {:>8.4} {:>8.4}", now.count, now.log_loss, now.ece)?;
        match held {
            Some(held) => writeln!(out, "  {:>8.4} {:>8.4}", held.log_loss, held.ece)?,
            None => writeln!(out, "  {:>8} {:>8}", "-", "-")?,
        }
    }
    writeln!(out)
}

fn fold(sample: &Sample) -> String {
    sample.style.clone().unwrap_or_else(|| sample.group.clone())
}

/// Parts are left out: they were chosen, and have a line of their own.
fn of_verdict(raw: RawVerdict, fold: String) -> Option<Case<2>> {
    let Extent::Whole(words) = raw.extent else { return None };
    let observation = Observation { x: figures(raw.evidence, words), truth: raw.truth, weight: 1.0 };
    Some(Case { fold, observation, now: raw.probability })
}

/// A length, to within a factor of two: 0 is that of the shortest texts that are judged.
#[allow(clippy::cast_possible_truncation)]
fn octave(words: usize) -> i32 {
    (words.max(1) as f64 / 65.0).log2().round() as i32
}

/// Makes every octave weigh the same, with genuine documents twice as much as spun ones. An octave
/// that has but one kind is left out: it would say that its length decides.
fn weighed(cases: Vec<(i32, Case<2>)>) -> Vec<Case<2>> {
    let mut counts: BTreeMap<i32, [usize; 2]> = BTreeMap::new();
    for (octave, case) in &cases {
        counts.entry(*octave).or_default()[usize::from(case.observation.truth)] += 1;
    }
    counts.retain(|_, [genuine, spun]| *genuine > 0 && *spun > 0);
    let each = counts.values().flatten().sum::<usize>() as f64 / counts.len().max(1) as f64;
    let weigh = |(octave, mut case): (i32, Case<2>)| {
        let [genuine, spun] = *counts.get(&octave)?;
        let (share, alike) = if case.observation.truth { (SPUN, spun) } else { (1.0 - SPUN, genuine) };
        case.observation.weight = each * share / alike as f64;
        Some(case)
    };
    cases.into_iter().filter_map(weigh).collect()
}

fn of_finding(raw: &RawFinding, fold: String) -> Option<Case<1>> {
    let posterior = raw.posterior.clamp(NEAREST, 1.0 - NEAREST);
    let observation = Observation { x: [(posterior / (1.0 - posterior)).ln()], truth: raw.truth, weight: 1.0 };
    (raw.spun >= HELD_SPUN).then_some(Case { fold, observation, now: raw.confidence })
}

fn fit<const N: usize>(cases: &[Case<N>]) -> Option<Fitted<N>> {
    let all: Vec<Observation<N>> = cases.iter().map(|c| c.observation).collect();
    let line = fit_line(&all)?;
    let claims = |cases: &[&Case<N>], p: &dyn Fn(&Case<N>) -> f64| {
        let claim = |c: &&Case<N>| (p(c), c.observation.truth, c.observation.weight);
        Reliability::weighted(&cases.iter().map(claim).collect::<Vec<_>>())
    };
    let mut folds: Vec<&String> = cases.iter().map(|c| &c.fold).collect();
    folds.sort_unstable();
    folds.dedup();
    let (mut groups, mut held) = (Vec::new(), Vec::new());
    for fold in folds {
        let others: Vec<Observation<N>> = cases.iter().filter(|c| c.fold != *fold).map(|c| c.observation).collect();
        let Some(without) = fit_line(&others) else { continue };
        let here: Vec<&Case<N>> = cases.iter().filter(|c| c.fold == *fold).collect();
        let of = |c: &Case<N>| without.probability(&c.observation.x);
        held.extend(here.iter().map(|c| (of(c), c.observation.truth, c.observation.weight)));
        let now = claims(&here, &|c| c.now);
        let fitted = claims(&here, &of);
        groups.extend(now.zip(fitted).map(|(now, fitted)| (fold.clone(), now, fitted)));
    }
    Some(Fitted {
        count: cases.len(),
        so: cases.iter().filter(|c| c.observation.truth).count(),
        line,
        now: claims(&cases.iter().collect::<Vec<_>>(), &|c| c.now)?,
        left_out: Reliability::weighted(&held),
        groups,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(fold: &str, x: f64, truth: bool) -> Case<1> {
        Case { fold: fold.into(), observation: Observation { x: [x], truth, weight: 1.0 }, now: 0.5 }
    }

    #[test]
    fn a_group_is_judged_by_what_the_others_taught() {
        // In groups a and b what is above 0 is so; in c it is the other way round.
        let mut cases = Vec::new();
        for fold in ["a", "b", "c"] {
            for i in -20..=20 {
                cases.push(case(fold, f64::from(i), (i > 0) != (fold == "c")));
            }
        }
        let fitted = fit(&cases).unwrap();
        assert!((fitted.now.log_loss - 2f64.ln()).abs() < 1e-9);
        let (name, now, held) = &fitted.groups[2];
        assert!(name == "c" && held.log_loss > 4.0 && now.log_loss < 1.0);
        assert_eq!(fitted.left_out.unwrap().count, fitted.count);
    }

    #[test]
    fn one_group_gives_constants_and_no_check() {
        let cases = [case("a", 1.0, true), case("a", 0.0, true), case("a", 0.0, false), case("a", -1.0, false)];
        let fitted = fit(&cases).unwrap();
        assert!(fitted.line.slopes[0] > 0.0 && fitted.left_out.is_none() && fitted.groups.is_empty());
        assert_eq!(fit(&cases[..2]), None);
    }

    #[test]
    fn every_length_weighs_the_same_and_genuine_documents_twice_as_much() {
        assert_eq!([60, 65, 92, 130, 700, 2_000].map(octave), [0, 0, 1, 1, 3, 5]);
        let of = |words: usize, truth: bool| {
            let raw = RawVerdict { evidence: 1.0, extent: Extent::Whole(words), probability: 0.5, truth };
            (octave(words), of_verdict(raw, "a".into()).unwrap())
        };
        let mut cases = vec![of(65, true), of(500, true), of(500, false), of(9_000, false)];
        cases.extend((0..5).map(|_| of(65, false)));
        let weights: Vec<_> = weighed(cases).iter().map(|c| (c.observation.truth, c.observation.weight)).collect();
        assert_eq!(weights.len(), 8, "texts of 9,000 words are all genuine: {weights:?}");
        let sum = |truth: bool| weights.iter().filter(|w| w.0 == truth).map(|w| w.1).sum::<f64>();
        assert!((sum(true) - 8.0 / 3.0).abs() < 1e-9 && (sum(false) - 16.0 / 3.0).abs() < 1e-9);
        assert!((weights[0].1 - weights[1].1).abs() < 1e-9 && (weights[2].1 - 5.0 * weights[3].1).abs() < 1e-9);
    }
}
