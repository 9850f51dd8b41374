//! Applying edits to a text; everything else stays byte for byte.

use serde::{Deserialize, Serialize};

use crate::detect::Finding;
use crate::text::{casing_of, recase};

use super::article;

/// Whether a replacement may be put in without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// One alternative among several: shown, never applied.
    Display,
    /// More likely right than not.
    Unsafe,
    /// Right beyond reasonable doubt.
    Safe,
}

impl Applicability {
    /// The name used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// An original cased like the phrase it replaces: `Assaults` gives `Attacks`, `STATED` gives
/// `SAID`.
#[must_use]
pub fn fit_casing(original: &str, phrase: &str) -> String {
    recase(original, casing_of(phrase))
}

/// The source with the first replacement of every finding of at least the grade `least` put
/// in, and `a` or `an` put right before it. `findings` hold offsets into `source`, in rising
/// order; any that does not fit it, or overlaps one before, is left out.
#[must_use]
pub fn apply(source: &[u8], findings: &[Finding], least: Applicability) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len() + 64);
    let mut at = 0;
    for finding in findings {
        let Some(replacement) = finding.replacements.first() else { continue };
        if finding.applicability < least || finding.start < at || finding.end < finding.start {
            continue;
        }
        if source.get(finding.start..finding.end) != Some(finding.text.as_bytes()) {
            continue;
        }
        out.extend_from_slice(&source[at..finding.start]);
        article::mend(&mut out, &finding.text, &replacement.text);
        out.extend_from_slice(replacement.text.as_bytes());
        at = finding.end;
    }
    out.extend_from_slice(&source[at..]);
    out
}
