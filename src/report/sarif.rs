//! SARIF 2.1.0 (OASIS 2020), the exchange format of static analysis.
//!
//! Only what is written here of the standard has a struct. Results are written as they come; the
//! invocation, which says whether all went well, follows them.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::detect::{Applicability, Evidence, Finding, Label, Replacement};
use crate::text::word_hash;

use super::escape::uri;
use super::writer::{Layout, Page, Tally};
use super::{Place, wording};

/// One run, with a result a finding and one for each document that is judged spun or suspect.
pub(super) struct Sarif;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Message<&'static str>,
    full_description: Message<&'static str>,
    help: Message<&'static str>,
}

const RULES: [Rule; 2] = [
    Rule {
        id: "swapped-phrase",
        name: "SwappedPhrase",
        short_description: Message { text: "A phrase that a spinner put in place of another." },
        full_description: Message {
            text: "The phrase fits its context far worse than another for which spinners are known to write it, in a \
                document that shows more such swaps.",
        },
        help: Message {
            text: "Look whether the proposed wording reads better. `unspin explain` with the sentence shows what decided.",
        },
    },
    Rule {
        id: "spun-document",
        name: "SpunDocument",
        short_description: Message { text: "A document that was rewritten by swapping phrases." },
        full_description: Message {
            text: "Taken together, the document's phrases are explained far better by a spinner than by a writer.",
        },
        help: Message { text: "A verdict is a reason to look, not a proof. `unspin restore` undoes the sure swaps." },
    },
];

#[derive(Serialize)]
struct Message<T> {
    text: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a, P> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message<String>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_fingerprints: Option<Fingerprints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[Fix<'a>; 1]>,
    rank: f64,
    properties: P,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "swap/v1")]
    swap: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'a>>,
}

#[derive(Serialize)]
struct ArtifactLocation<'a> {
    uri: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message<&'a str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    artifact_changes: [ArtifactChange<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation<'a>,
    replacements: [Change<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    deleted_region: Region<'a>,
    inserted_content: Message<&'a str>,
}

#[derive(Serialize)]
struct OfFinding<'a> {
    confidence: f32,
    applicability: Applicability,
    replacements: &'a [Replacement],
    evidence: &'a Evidence,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfDocument {
    label: Label,
    probability: f64,
    spin_rate: f32,
    words: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification<'a> {
    level: &'static str,
    message: Message<&'a str>,
    locations: [Location<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

impl Layout for Sarif {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        write!(
            out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"unspin\",\
             \"semanticVersion\":\"{}\",\"rules\":",
            env!("CARGO_PKG_VERSION")
        )?;
        serde_json::to_writer(&mut *out, &RULES)?;
        // Columns of findings count characters, as SARIF's code points do.
        out.extend_from_slice(b"}},\"columnKind\":\"unicodeCodePoints\",\"results\":[");
        Ok(())
    }

    fn document(&self, page: &Page<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let (report, verdict) = (page.report, &page.report.verdict);
        let uri = uri(report.name());
        if matches!(verdict.label, Label::Spun | Label::Suspect) {
            let result = Found {
                rule_id: RULES[1].id,
                rule_index: 1,
                level: if verdict.label == Label::Spun { "warning" } else { "note" },
                message: Message { text: format!("{}, {}", verdict.label.name(), wording::verdict(report)) },
                locations: [location(&uri, None)],
                partial_fingerprints: None,
                fixes: None,
                rank: 100.0 * verdict.probability,
                properties: OfDocument {
                    label: verdict.label,
                    probability: verdict.probability,
                    spin_rate: verdict.spin_rate,
                    words: report.words,
                },
            };
            put(&result, out)?;
        }
        let mut seen: HashMap<u64, usize> = HashMap::new();
        for finding in &report.findings {
            let best = wording::best(finding);
            // Told apart from others of the document wherever the lines around it move.
            let swap = word_hash(&finding.text) ^ word_hash(best).rotate_left(1);
            let nth = seen.entry(swap).or_default();
            *nth += 1;
            let fix = || Fix {
                artifact_changes: [ArtifactChange {
                    artifact_location: ArtifactLocation { uri: &uri },
                    replacements: [Change {
                        deleted_region: region(finding, false),
                        inserted_content: Message { text: best },
                    }],
                }],
            };
            let result = Found {
                rule_id: RULES[0].id,
                rule_index: 0,
                level: if finding.applicability == Applicability::Safe { "warning" } else { "note" },
                message: Message { text: wording::sentence(finding) },
                locations: [location(&uri, Some(region(finding, true)))],
                partial_fingerprints: Some(Fingerprints { swap: format!("{swap:016x}:{nth}") }),
                fixes: (finding.applicability > Applicability::Display).then(|| [fix()]),
                rank: (f64::from(finding.confidence) * 1e4).round() / 100.0,
                properties: OfFinding {
                    confidence: finding.confidence,
                    applicability: finding.applicability,
                    replacements: &finding.replacements,
                    evidence: &finding.evidence,
                },
            };
            put(&result, out)?;
        }
        Ok(())
    }

    fn between(&self) -> &'static str {
        ","
    }

    fn keeps_reasons(&self) -> bool {
        true
    }

    fn tail(&self, tally: &Tally, out: &mut Vec<u8>) -> io::Result<()> {
        let uris: Vec<String> = tally.reasons.iter().map(|(path, _)| uri(path)).collect();
        let notifications = uris.iter().zip(&tally.reasons).map(|(uri, (_, reason))| Notification {
            level: "error",
            message: Message { text: reason },
            locations: [location(uri, None)],
        });
        let invocation = Invocation {
            execution_successful: tally.unread == 0,
            tool_execution_notifications: notifications.collect(),
        };
        out.extend_from_slice(b"\n],\"invocations\":[");
        serde_json::to_writer(&mut *out, &invocation)?;
        out.extend_from_slice(b"]}]}\n");
        Ok(())
    }
}

fn put(result: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    if !out.is_empty() {
        out.push(b',');
    }
    out.push(b'\n');
    Ok(serde_json::to_writer(out, result)?)
}

fn location<'a>(uri: &'a str, region: Option<Region<'a>>) -> Location<'a> {
    Location { physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri }, region } }
}

fn region(finding: &Finding, with_snippet: bool) -> Region<'_> {
    let place = Place::of(finding);
    Region {
        start_line: place.line,
        start_column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
        byte_offset: finding.start,
        byte_length: finding.end - finding.start,
        snippet: with_snippet.then_some(Message { text: &finding.text }),
    }
}
