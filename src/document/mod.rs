//! Documents: from the bytes of a file to text, and from offsets into the text back to
//! offsets into the file.

mod plain;

pub use plain::{Document, is_binary};
