//! Restoring: putting original wordings back into a text.

mod apply;
mod article;

pub use apply::apply;
