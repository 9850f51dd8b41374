//! Learning: gathering the figures that weigh a dictionary.

mod gather;

pub use gather::gather;
