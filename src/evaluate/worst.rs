//! The worst errors, with what is around them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use serde::Serialize;

use crate::Applicability;
use crate::detect::{Evidence, Finding};

use super::edits::Cluster;
use super::place::Excerpt;
use super::scored::Scored;

/// A finding where nothing was swapped; the most confident one of its phrase and proposal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FalseFinding {
    /// Where.
    #[serde(flatten)]
    pub place: Excerpt,
    /// How often the same is proposed for the same phrase where nothing was swapped.
    pub times: usize,
    /// The first replacement.
    pub proposed: String,
    /// The confidence that it was swapped.
    pub confidence: f32,
    /// The grade.
    pub applicability: Applicability,
    /// What spoke for it.
    pub evidence: Evidence,
}

/// A swap that is missed, with all its occurrences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MissedSwap {
    /// What was written, in lower case.
    pub spun: String,
    /// What stood there.
    pub original: String,
    /// How often it was missed.
    pub missed: usize,
    /// How often it was made.
    pub made: usize,
    /// The highest confidence below the threshold that a finding had at one of the missed places;
    /// `None` where there was not even such a finding, as where no dictionary has the swap.
    pub confidence: Option<f32>,
    /// The first missed place.
    #[serde(flatten)]
    pub place: Excerpt,
}

/// A swap that was found and not undone; the most probable one of its wordings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WrongRestoration {
    /// Where.
    #[serde(flatten)]
    pub place: Excerpt,
    /// How often the same was proposed where the same was wanted.
    pub times: usize,
    /// What stood there, in lower case.
    pub wanted: String,
    /// What the report proposes, in lower case.
    pub proposed: String,
    /// Whether one of the best three replacements is right.
    pub within_three: bool,
    /// The confidence that it was swapped.
    pub confidence: f32,
    /// The probability of the first replacement.
    pub probability: f32,
    /// The grade.
    pub applicability: Applicability,
    /// What spoke for it.
    pub evidence: Evidence,
}

/// The worst errors of each kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Worst {
    /// Findings in genuine texts, those of most confidence first.
    pub false_findings: Vec<FalseFinding>,
    /// Findings in spun texts where nothing was swapped, likewise.
    pub damage: Vec<FalseFinding>,
    /// Missed swaps, those missed most often first.
    pub missed_swaps: Vec<MissedSwap>,
    /// Wrong restorations, those that were held most probable first.
    pub wrong_restorations: Vec<WrongRestoration>,
}

impl Worst {
    /// The `most` worst errors of each kind.
    #[must_use]
    pub fn of(scored: &[Scored], most: usize) -> Worst {
        Worst {
            false_findings: false_findings(scored.iter().filter(|s| s.sample.gold.is_none()), most),
            damage: false_findings(scored.iter().filter(|s| s.sample.gold.is_some()), most),
            missed_swaps: missed_swaps(scored, most),
            wrong_restorations: wrong_restorations(scored, most),
        }
    }

    /// Both lists of false findings with their titles.
    pub(super) fn false_lists(&self) -> [(&'static str, &[FalseFinding]); 2] {
        [
            ("False findings in genuine texts, those of most confidence first", &self.false_findings),
            ("False findings in spun texts, those of most confidence first", &self.damage),
        ]
    }
}

fn excerpt(text: &Scored, (start, end): (usize, usize)) -> Excerpt {
    Excerpt::of(&text.sample.path.display().to_string(), &text.sample.bytes, start, end)
}

/// Sorts by falling value, ties in their order, and keeps the first of each key, each with how
/// often its key is there: one base text spun in many ways makes the same error many times.
fn first<K: Hash + Eq, T>(mut items: Vec<(f32, T)>, most: usize, key: impl Fn(&T) -> K) -> Vec<(usize, T)> {
    items.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut kept, mut known) = (Vec::new(), HashMap::new());
    for (_, item) in items {
        let number = *known.entry(key(&item)).or_insert(kept.len());
        match kept.get_mut(number) {
            Some((times, _)) => *times += 1,
            None => kept.push((1, item)),
        }
    }
    kept.truncate(most);
    kept
}

fn false_findings<'s>(scored: impl Iterator<Item = &'s Scored>, most: usize) -> Vec<FalseFinding> {
    let mut all = Vec::new();
    for text in scored {
        let wrong = text.clusters.iter().filter(|c| c.gold.is_empty()).flat_map(|c| c.found.iter());
        all.extend(wrong.map(|&i| (text.report.findings[i].confidence, (text, &text.report.findings[i]))));
    }
    let key = |(_, finding): &(&Scored, &Finding)| (finding.text.to_lowercase(), proposed(finding).to_lowercase());
    let told = first(all, most, key).into_iter().map(|(times, (text, finding))| FalseFinding {
        times,
        place: excerpt(text, (finding.start, finding.end)),
        proposed: proposed(finding).to_string(),
        confidence: finding.confidence,
        applicability: finding.applicability,
        evidence: finding.evidence.clone(),
    });
    told.collect()
}

/// The occurrences of one swap.
#[derive(Default)]
struct Occurrences<'s> {
    made: usize,
    missed: usize,
    confidence: Option<f32>,
    first: Option<(&'s Scored, (usize, usize))>,
}

fn missed_swaps(scored: &[Scored], most: usize) -> Vec<MissedSwap> {
    let mut swaps: BTreeMap<(String, &str), Occurrences<'_>> = BTreeMap::new();
    for text in scored {
        for cluster in &text.clusters {
            for edit in cluster.gold.iter().map(|&i| &text.gold[i]) {
                let spun = String::from_utf8_lossy(&text.sample.bytes[edit.start..edit.end]).to_lowercase();
                let original = edit.options.first().map_or("", String::as_str);
                let swap = swaps.entry((spun, original)).or_default();
                swap.made += 1;
                if !cluster.found.is_empty() {
                    continue;
                }
                swap.missed += 1;
                swap.first.get_or_insert((text, (edit.start, edit.end)));
                let weak = text.all_findings().iter().filter(|f| f.start < edit.end && edit.start < f.end);
                swap.confidence = weak.map(|f| f.confidence).chain(swap.confidence).reduce(f32::max);
            }
        }
    }
    let mut swaps: Vec<_> = swaps.into_iter().filter(|(_, swap)| swap.missed > 0).collect();
    swaps.sort_by_key(|swap| Reverse(swap.1.missed));
    let told = swaps.into_iter().take(most).filter_map(|((spun, original), swap)| {
        let (text, span) = swap.first?;
        Some(MissedSwap {
            spun: spun.split_whitespace().collect::<Vec<_>>().join(" "),
            original: original.to_string(),
            missed: swap.missed,
            made: swap.made,
            confidence: swap.confidence,
            place: excerpt(text, span),
        })
    });
    told.collect()
}

fn wrong_restorations(scored: &[Scored], most: usize) -> Vec<WrongRestoration> {
    let mut all = Vec::new();
    for text in scored {
        let wrong = text.clusters.iter().filter(|c| !c.gold.is_empty() && !c.found.is_empty() && !c.restored);
        for cluster in wrong {
            let finding = |i: &usize| &text.report.findings[*i];
            let certainty = |i: &usize| finding(i).confidence * probability(finding(i));
            let best = cluster.found.iter().max_by(|a, b| certainty(a).total_cmp(&certainty(b)).then(b.cmp(a)));
            all.extend(best.map(|i| (certainty(i), (text, cluster, finding(i)))));
        }
    }
    let key = |(_, cluster, finding): &(&Scored, &Cluster, &Finding)| {
        (finding.text.to_lowercase(), cluster.wanted.clone(), cluster.proposed.clone())
    };
    let told = first(all, most, key).into_iter().map(|(times, (text, cluster, finding))| WrongRestoration {
        times,
        place: excerpt(text, cluster.span),
        wanted: cluster.wanted.clone(),
        proposed: cluster.proposed.clone(),
        within_three: cluster.within_three,
        confidence: finding.confidence,
        probability: probability(finding),
        applicability: finding.applicability,
        evidence: finding.evidence.clone(),
    });
    told.collect()
}

fn proposed(finding: &Finding) -> &str {
    finding.replacements.first().map_or("", |r| r.text.as_str())
}

fn probability(finding: &Finding) -> f32 {
    finding.replacements.first().map_or(0.0, |r| r.probability)
}
