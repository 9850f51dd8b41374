//! Profiles: from which probabilities on something is said.

/// How ready a scan is to accuse. README.md and docs/model.md have the rates measured with each.
///
/// ```
/// use unspin::{ModelBuilder, Profile};
/// let model = ModelBuilder::english().profile(Profile::Strict).build()?;
/// assert!(model.scan("Nothing was swapped here.").findings.is_empty());
/// # Ok::<(), unspin::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Where an accusation has consequences: hardly a genuine document in a thousand is called spun.
    Strict,
    /// The middle.
    #[default]
    Balanced,
    /// Where people look at everything that is named.
    Sensitive,
}

impl Profile {
    /// All profiles, the most reluctant first.
    pub const ALL: [Profile; 3] = [Profile::Strict, Profile::Balanced, Profile::Sensitive];

    /// The name used in flags and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Profile::Strict => "strict",
            Profile::Balanced => "balanced",
            Profile::Sensitive => "sensitive",
        }
    }

    /// From which probabilities on documents are labelled.
    #[must_use]
    pub fn thresholds(self) -> Thresholds {
        let (spun, suspect) = match self {
            Profile::Strict => (0.99, 0.88),
            Profile::Balanced => (0.88, 0.5),
            Profile::Sensitive => (0.5, 0.2),
        };
        Thresholds { spun, suspect }
    }

    /// From which confidence on findings are reported.
    #[must_use]
    pub fn min_confidence(self) -> f32 {
        match self {
            Profile::Strict => 0.85,
            Profile::Balanced => 0.57,
            Profile::Sensitive => 0.35,
        }
    }
}

/// From which probabilities on a document is labelled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// From here on it is spun.
    pub spun: f64,
    /// From here on it is suspect.
    pub suspect: f64,
}

impl Thresholds {
    /// The same with another threshold for `spun`; that for `suspect` never lies above it.
    #[must_use]
    pub fn with_spun(self, spun: f64) -> Thresholds {
        Thresholds { spun, suspect: self.suspect.min(spun) }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Profile::default().thresholds()
    }
}
