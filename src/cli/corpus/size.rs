//! How much is read at once, and how sizes are written.

/// The longest record, and the longest document that is a file, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub record: usize,
    pub document: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { record: 64 << 20, document: 1 << 30 }
    }
}

/// A size in bytes: a whole number, with K, M or G after it for 1,024 of them, or of those.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (&text[..at], 10),
        Some((at, 'M' | 'm')) => (&text[..at], 20),
        Some((at, 'G' | 'g')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let number: Option<u64> = digits.parse().ok();
    number
        .filter(|n| *n > 0)
        .and_then(|n| n.checked_mul(1 << shift))
        .ok_or_else(|| "a size is wanted, e.g. 500K, 64M, 2G or a number of bytes".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_numbers_with_units() {
        assert_eq!(parse_size("64M"), Ok(64 << 20));
        assert_eq!(parse_size(" 7 "), Ok(7));
        assert_eq!(parse_size("2g"), Ok(2 << 30));
        for wrong in ["", "M", "0", "-1", "1.5M", "64MB", "99999999999G", "é"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }
}
