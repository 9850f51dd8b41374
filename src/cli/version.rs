//! Which program, dictionary and language model this is.

use unspin::Model;

/// The program's version with those of what it carries: reports made with the same are the same.
pub fn version() -> String {
    let model = Model::english();
    let dictionary = model.dictionaries().first().map_or(&[][..], |d| d.as_bytes());
    let language_model = model.language_model().as_bytes();
    format!(
        "unspin {} (dictionary {:08x}, format {}; language model {:08x}, format {})",
        env!("CARGO_PKG_VERSION"),
        checksum(dictionary),
        format_version(dictionary),
        checksum(language_model),
        format_version(language_model),
    )
}

/// The format version that stands in every compiled file after its magic of eight bytes.
fn format_version(bytes: &[u8]) -> u32 {
    bytes.get(8..12).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// FNV-1a over words of eight bytes, folded to 32 bits: tells one state of a file from another.
fn checksum(bytes: &[u8]) -> u32 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(PRIME);
        hash ^= hash >> 29;
    }
    #[allow(clippy::cast_possible_truncation)]
    let folded = (hash ^ hash >> 32) as u32;
    folded
}
