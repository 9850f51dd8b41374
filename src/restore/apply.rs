//! Applying edits to a text; everything else stays byte for byte.

use crate::detect::{Applicability, Finding};

use super::article;

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
