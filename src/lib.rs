//! Finds machine-rewritten ("spun") English and restores the wording that stood there.
//!
//! A spinner replaces the words of a text by dictionary synonyms without understanding them:
//! a second *round* of talks becomes a second *spherical*. `unspin` reads its dictionary
//! backwards: it knows what spinners write for what, weighs every possibility in its context,
//! infers from the whole document how much was swapped and in which style, and reports what
//! was found with a probability for each restoration.
//!
//! ```
//! use unspin::{Applicability, Model};
//!
//! let model = Model::english();
//! let text = "The officers stated the assaults had been a part of the warfare, and that the navy \
//!     would additionally cease its assaults throughout the negotiations, in keeping with the \
//!     international locations involved. They stated a second spherical of negotiations had been \
//!     scheduled for final month, throughout which an settlement would be reached, and the chief \
//!     of the motion stated the authorities had been knowledgeable.";
//! let report = model.scan(text);
//! for finding in &report.findings {
//!     println!("{}: {}", finding.text, finding.replacements[0].text);
//! }
//! let restored = report.restore(text, Applicability::Safe);
//! assert_ne!(restored, text);
//! ```
//!
//! The modules follow the data, each knowing only those before it:
//!
//! | module | what |
//! |---|---|
//! | [`text`] | tokens and sentences with byte spans |
//! | [`language_model`] | how probable a word is after the two before it |
//! | [`dictionary`] | which originals a spun phrase may stand for |
//! | [`decode`] | the lattice of readings, its best path and posteriors |
//! | [`detect`] | a document's rate and style, findings and verdict |
//! | [`restore`] | putting originals back |
//! | [`report`] | the report and its formats |
//! | [`document`] | files to text, with offsets back into the file |
//! | [`learn`] | gathering genuine-use figures, mining entries from text pairs |
//! | [`evaluate`] | measuring scans against known edits, fitting calibration |

pub mod decode;
pub mod detect;
pub mod dictionary;
pub mod document;
pub mod evaluate;
mod explain;
pub mod language_model;
pub mod learn;
mod model;
pub mod report;
mod restoration;
pub mod restore;
pub mod text;
mod worker;

pub use detect::{Applicability, Finding, Label, Profile, Section, Verdict};
pub use explain::Explained;
pub use model::{BuildError, Model, ModelBuilder};
pub use report::Report;
pub use restoration::Restoration;
pub use worker::{Observed, Worker};
