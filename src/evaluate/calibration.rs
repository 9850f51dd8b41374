//! Fitting the constants that turn evidence into probabilities.

use std::io::{self, Write};

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
pub struct Fitted {
    /// How many observations there are, and of how many what they speak for was so.
    pub count: usize,
    /// See `count`.
    pub so: usize,
    /// The line, fitted on all groups.
    pub line: Line,
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
    /// Evidence per 1,000 words to the probability that a document was spun. Both kinds of
    /// documents weigh the same, whatever their numbers.
    pub documents: Option<Fitted>,
    /// The log odds of a finding's posterior to those of its confidence, in spun documents.
    pub findings: Option<Fitted>,
}

/// An observation with its group and the probability that is given now.
struct Case {
    fold: String,
    observation: Observation,
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
            documents.extend(text.raw_verdict().map(|raw| of_verdict(raw, fold)));
        }
        let spun = documents.iter().filter(|c| c.observation.truth).count();
        let genuine = documents.len() - spun;
        for case in &mut documents {
            let alike = if case.observation.truth { spun } else { genuine };
            case.observation.weight = (spun + genuine) as f64 / 2.0 / alike as f64;
        }
        Calibration { documents: fit(&documents), findings: fit(&findings) }
    }

    /// Writes the constants, and how well they do, for people to read.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let about = [
            ("documents", "density to probability, both kinds of documents weighing the same", &self.documents),
            ("findings", "log odds of the posterior to those of confidence, in spun documents", &self.findings),
        ];
        for (name, what, fitted) in about {
            writeln!(out, "{name}: {what}")?;
            let Some(f) = fitted else {
                writeln!(out, "  nothing to fit: there must be some that are right and some that are not\n")?;
                continue;
            };
            writeln!(
                out,
                "  offset {:.3}, slope {:.3}; from {}, {} right",
                f.line.offset, f.line.slope, f.count, f.so
            )?;
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
            writeln!(out)?;
        }
        Ok(())
    }
}

fn fold(sample: &Sample) -> String {
    sample.style.clone().unwrap_or_else(|| sample.group.clone())
}

fn of_verdict(raw: RawVerdict, fold: String) -> Case {
    let observation = Observation { x: raw.density, truth: raw.truth, weight: 1.0 };
    Case { fold, observation, now: raw.probability }
}

fn of_finding(raw: &RawFinding, fold: String) -> Option<Case> {
    let posterior = raw.posterior.clamp(NEAREST, 1.0 - NEAREST);
    let observation = Observation { x: (posterior / (1.0 - posterior)).ln(), truth: raw.truth, weight: 1.0 };
    (raw.spun >= HELD_SPUN).then_some(Case { fold, observation, now: raw.confidence })
}

fn fit(cases: &[Case]) -> Option<Fitted> {
    let all: Vec<Observation> = cases.iter().map(|c| c.observation).collect();
    let line = fit_line(&all)?;
    let claims = |cases: &[&Case], p: &dyn Fn(&Case) -> f64| {
        Reliability::of(&cases.iter().map(|c| (p(c), c.observation.truth)).collect::<Vec<_>>())
    };
    let mut folds: Vec<&String> = cases.iter().map(|c| &c.fold).collect();
    folds.sort_unstable();
    folds.dedup();
    let (mut groups, mut held) = (Vec::new(), Vec::new());
    for fold in folds {
        let others: Vec<Observation> = cases.iter().filter(|c| c.fold != *fold).map(|c| c.observation).collect();
        let Some(without) = fit_line(&others) else { continue };
        let here: Vec<&Case> = cases.iter().filter(|c| c.fold == *fold).collect();
        held.extend(here.iter().map(|c| (without.probability(c.observation.x), c.observation.truth)));
        let now = claims(&here, &|c| c.now);
        let fitted = claims(&here, &|c| without.probability(c.observation.x));
        groups.extend(now.zip(fitted).map(|(now, fitted)| (fold.clone(), now, fitted)));
    }
    Some(Fitted {
        count: cases.len(),
        so: cases.iter().filter(|c| c.observation.truth).count(),
        line,
        now: claims(&cases.iter().collect::<Vec<_>>(), &|c| c.now)?,
        left_out: Reliability::of(&held),
        groups,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(fold: &str, x: f64, truth: bool) -> Case {
        Case { fold: fold.into(), observation: Observation { x, truth, weight: 1.0 }, now: 0.5 }
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
        assert!(fitted.line.slope > 0.0 && fitted.left_out.is_none() && fitted.groups.is_empty());
        assert_eq!(fit(&cases[..2]), None);
    }
}
