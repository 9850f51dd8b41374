//! Detection: how a document was spun, where, and how sure that is.
//!
//! [`Candidates`] are looked up and weighed in their context, [`Fitter`] finds the rate,
//! style and habits that explain the document best, decoding turns them into posteriors, and
//! [`FindingBuilder`] and [`judge`] say what that means.

mod candidates;
mod consistency;
mod finding;
mod grade;
mod profile;
mod rate;
mod section;
mod verdict;

pub use candidates::{Candidate, Candidates, Kept, Layer, Look, matches};
pub use finding::{Evidence, Finding, FindingBuilder, Replacement, Scanned};
pub use grade::Applicability;
pub use profile::{Profile, Thresholds};
pub use rate::{Fit, Fitter, Mixture, mixed};
pub use section::{Part, Section, spun_part};
pub use verdict::{Extent, Label, StyleShare, Verdict, density, judge};
pub(crate) use verdict::{SPUN, cautious, discounted, figures, is_suspicious, is_well_explained, is_worth_a_look};
