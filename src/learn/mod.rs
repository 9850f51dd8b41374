//! Learning: gathering the figures that weigh a dictionary, and mining new entries from
//! texts whose originals are at hand.

mod align;
mod gather;
mod mine;
mod pairs;

pub use align::{Alignment, align};
pub use gather::gather;
pub use mine::{MAX_SIDE, Mined, Miner};
pub use pairs::{RefusedLine, TextPair, for_each_text_pair};
