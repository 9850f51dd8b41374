//! Decoding: which of the possible originals make the best reading of the text, and how
//! sure that is (Viterbi and forward-backward over the lattice of each island; Rabiner 1989).

mod lattice;

pub use lattice::{Arc, Decoded, Decoder};
