//! Restoring: putting original wordings back into a text.
//!
//! [`edits`] turns findings into edits and repairs what stands beside them; a
//! [`Restoration`](crate::Restoration) is what comes of doing so until nothing is left to undo.

mod agreement;
mod annotate;
mod apply;
mod article;
mod beside;
mod degree;
mod diff;
mod doubled;
mod edit;
mod plan;
mod query;

pub use annotate::{Annotation, annotate};
pub use apply::apply;
pub use diff::write_diff;
pub use edit::{Edit, make};
pub(crate) use edit::{compose, made_ranges, make_in};
pub use plan::{edits, with_repairs};
pub use query::{Doubt, Query, queries};
