//! How far a restoration can be trusted.

use serde::{Deserialize, Serialize};

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
