//! A static function: from known keys to small values, with a fingerprint to tell strangers.
//!
//! Every key owns three cells of an array whose exclusive or is its fingerprint and value, so
//! a look-up is three independent reads, whether it hits or misses. The construction is that
//! of binary fuse filters (Graf and Lemire, "Binary Fuse Filters", 2022) with a value beside
//! the fingerprint, in cells of as many bits as the two need: about 1.12 cells an entry,
//! nothing else. The keys are not kept: a stranger is taken for a known key once in
//! `2^fingerprint bits` queries.

/// Where a key's cells lie, and what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Chosen when building, so that every key finds its place.
    pub seed: u64,
    /// Cells of a segment, a power of two.
    pub segment: u32,
    /// How many segments a first cell may lie in.
    pub segments: u32,
    /// Bits of a cell that hold the fingerprint, above those of the value.
    pub print_bits: u32,
    /// Bits of a cell that hold the value.
    pub value_bits: u32,
}

/// The largest segment: a key's hash has 16 bits for each of its places in one.
const LARGEST_SEGMENT: u32 = 1 << 16;

/// A cell is read as four bytes, from the byte in which it begins: what follows the last one
/// for that.
const PADDING: usize = 3;

impl Shape {
    /// How many cells the array has.
    #[must_use]
    pub fn cells(&self) -> usize {
        (self.segments as usize).saturating_add(2).saturating_mul(self.segment as usize)
    }

    /// Bits of a cell.
    fn cell_bits(&self) -> u32 {
        self.print_bits + self.value_bits
    }

    /// How many bytes the array takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.cells().saturating_mul(self.cell_bits() as usize).div_ceil(8).saturating_add(PADDING)
    }

    /// Whether an array of [`Shape::bytes`] bytes can be looked up.
    #[must_use]
    pub fn sound(&self) -> bool {
        // A cell that begins within a byte must lie in the four bytes from there on.
        let readable = self.print_bits <= 16 && self.value_bits <= 16 && matches!(self.cell_bits(), 1..=25 | 32);
        let placed = self.segment.is_power_of_two() && self.segment <= LARGEST_SEGMENT && self.segments > 0;
        readable && placed && u32::try_from(self.cells()).is_ok()
    }
}

/// An array as look-ups need it: its shape with everything worked out that no key changes.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Where the array begins.
    at: usize,
    seed: u64,
    segment: u64,
    /// The cells that a first one may be.
    span: u64,
    cell_bits: usize,
    value_bits: u32,
    print_mask: u32,
    cell_mask: u32,
}

impl Table {
    /// The array of a sound shape that begins `at` so many bytes.
    #[must_use]
    pub fn new(shape: &Shape, at: usize) -> Table {
        let segment = u64::from(shape.segment);
        Table {
            at,
            seed: shape.seed,
            segment,
            span: u64::from(shape.segments) * segment,
            cell_bits: shape.cell_bits() as usize,
            value_bits: shape.value_bits,
            print_mask: (1 << shape.print_bits) - 1,
            cell_mask: u32::MAX >> (32 - shape.cell_bits()),
        }
    }

    /// The three cells of a key: one in each of three neighbouring segments.
    #[inline]
    fn places(&self, hash: u64) -> [usize; 3] {
        let mask = self.segment - 1;
        // The high half of the product spreads the hash evenly over the span (Lemire 2019).
        #[allow(clippy::cast_possible_truncation)]
        let first = ((u128::from(hash) * u128::from(self.span)) >> 64) as u64;
        let second = (first + self.segment) ^ (hash >> 16 & mask);
        let third = (first + 2 * self.segment) ^ (hash & mask);
        #[allow(clippy::cast_possible_truncation)]
        [first as usize, second as usize, third as usize]
    }

    #[inline]
    fn scatter(&self, key: u64) -> u64 {
        fold(key ^ self.seed, 0x9E37_79B9_7F4A_7C15)
    }

    /// What a key's cells must combine to, but for its value. The bits lie between those that
    /// choose the first cell and those that choose the others.
    #[inline]
    fn fingerprint(&self, hash: u64) -> u32 {
        #[allow(clippy::cast_possible_truncation)]
        let print = (hash >> 32) as u32 & self.print_mask;
        print << self.value_bits
    }

    /// A cell of an array; zero beyond its end.
    #[inline]
    fn cell(&self, array: &[u8], at: usize) -> u32 {
        let bit = at * self.cell_bits;
        let window = array.get(bit / 8..bit / 8 + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        window >> (bit % 8)
    }

    /// The value of `key`, or `None` for a stranger, where `bytes` holds the array.
    #[inline]
    #[must_use]
    pub fn get(&self, bytes: &[u8], key: u64) -> Option<u32> {
        let array = bytes.get(self.at..)?;
        let hash = self.scatter(key);
        let [a, b, c] = self.places(hash);
        let cell = self.cell(array, a) ^ self.cell(array, b) ^ self.cell(array, c) ^ self.fingerprint(hash);
        let value = cell & self.cell_mask;
        (value >> self.value_bits == 0).then_some(value)
    }
}

/// Scrambles two numbers to one: both halves of their product.
#[inline]
#[must_use]
pub fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[allow(clippy::cast_possible_truncation)]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

impl Shape {
    /// The shape of an array for so many entries, before a seed is found.
    #[must_use]
    pub fn planned(entries: usize, print_bits: u32, value_bits: u32) -> Shape {
        let count = entries.max(2) as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let segment = 1u32 << ((count.ln() / 3.33f64.ln() + 2.25).floor() as u32).min(LARGEST_SEGMENT.ilog2());
        // Of two million keys all seeds tried found places at 1.115, none at 1.110.
        let least = if entries < 1_000_000 { 1.125 } else { 1.115 };
        let factor = (0.875 + 0.25 * 1e6f64.ln() / count.ln()).max(least);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let capacity = (count * factor).round() as u32;
        let segments = capacity.div_ceil(segment).saturating_sub(2).max(1);
        Shape { seed: 0, segment, segments, print_bits, value_bits }
    }
}

/// Builds the array for `entries`, whose keys differ and whose values fit `value_bits`.
///
/// The result depends on the entries alone, to the byte.
#[must_use]
pub fn build(entries: &[(u64, u32)], print_bits: u32, value_bits: u32) -> (Shape, Vec<u8>) {
    let mut shape = Shape::planned(entries.len(), print_bits, value_bits);
    // A seed fails about once in a hundred; ever larger arrays make the loop end.
    for attempt in 1u64.. {
        shape.seed = fold(attempt ^ 0xFF51_AFD7_ED55_8CCD, 0xC4CE_B9FE_1A85_EC53);
        if attempt % 8 == 0 {
            shape.segments += 1;
        }
        if let Some(cells) = assign(&Table::new(&shape, 0), shape.cells(), entries) {
            return (shape, packed(&shape, &cells));
        }
    }
    (shape, Vec::new())
}

/// Cells side by side, each of its bits and no more.
fn packed(shape: &Shape, cells: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(shape.bytes());
    let (mut window, mut filled) = (0u64, 0);
    for &cell in cells {
        window |= u64::from(cell) << filled;
        filled += shape.cell_bits();
        while filled >= 8 {
            bytes.push((window & 255) as u8);
            window >>= 8;
            filled -= 8;
        }
    }
    bytes.push((window & 255) as u8);
    bytes.resize(shape.bytes(), 0);
    bytes
}

/// Peels the keys off, each with a cell that no key after it uses, and sets those cells in
/// reverse order. `None` when some keys hold each other fast.
fn assign(table: &Table, cells: usize, entries: &[(u64, u32)]) -> Option<Vec<u32>> {
    let mut count = vec![0u32; cells];
    // The exclusive or of the numbers of all entries at a cell: the entry itself once alone.
    let mut which = vec![0u32; cells];
    for (number, &(key, _)) in (0u32..).zip(entries) {
        for place in table.places(table.scatter(key)) {
            count[place] += 1;
            which[place] ^= number;
        }
    }
    let mut alone: Vec<usize> = (0..cells).filter(|&c| count[c] == 1).collect();
    let mut order: Vec<(u32, usize)> = Vec::with_capacity(entries.len());
    while let Some(cell) = alone.pop() {
        if count[cell] != 1 {
            continue;
        }
        let number = which[cell];
        order.push((number, cell));
        for place in table.places(table.scatter(entries[number as usize].0)) {
            count[place] -= 1;
            which[place] ^= number;
            if count[place] == 1 {
                alone.push(place);
            }
        }
    }
    if order.len() < entries.len() {
        return None;
    }
    let mut array = vec![0u32; cells];
    for &(number, cell) in order.iter().rev() {
        let (key, value) = entries[number as usize];
        let hash = table.scatter(key);
        let mut wanted = table.fingerprint(hash) ^ value;
        for place in table.places(hash) {
            if place != cell {
                wanted ^= array[place];
            }
        }
        array[cell] = wanted;
    }
    Some(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> u64 {
        fold(number + 1, 0xFF51_AFD7_ED55_8CCD)
    }

    #[test]
    fn finds_every_key_and_few_strangers() {
        for size in [0u64, 1, 2, 3, 10, 1_000, 60_000] {
            let entries: Vec<(u64, u32)> = (0..size).map(|i| (key(i), (i % 64) as u32)).collect();
            let (shape, bytes) = build(&entries, 10, 6);
            assert!(shape.sound());
            assert_eq!(bytes.len(), shape.bytes());
            assert!(entries.iter().all(|&(k, v)| Table::new(&shape, 0).get(&bytes, k) == Some(v)), "{size}");
            let strangers =
                (0..100_000u64).filter(|i| Table::new(&shape, 0).get(&bytes, key(i + 1_000_000)).is_some()).count();
            assert!(strangers < 150, "{strangers} of 100,000 strangers were taken for known keys");
        }
    }

    #[test]
    fn cells_may_have_any_width() {
        for (print_bits, value_bits) in [(0, 1), (0, 6), (1, 6), (7, 7), (9, 8), (9, 16), (16, 16)] {
            let entries: Vec<(u64, u32)> =
                (0..5_000u32).map(|i| (key(u64::from(i)), i * 13 % (1 << value_bits))).collect();
            let (shape, bytes) = build(&entries, print_bits, value_bits);
            assert!(shape.sound());
            assert!(
                entries.iter().all(|&(k, v)| Table::new(&shape, 0).get(&bytes, k) == Some(v)),
                "{print_bits} and {value_bits} bits"
            );
            assert!(shape.cells() < 5_000 * 14 / 10);
        }
        let unsound = Shape { seed: 1, segment: 4, segments: 1, print_bits: 16, value_bits: 12 };
        assert!(!unsound.sound(), "28 bits may lie across five bytes");
    }

    #[test]
    fn a_cut_array_is_never_read_past_its_end() {
        let entries: Vec<(u64, u32)> = (0..500u64).map(|i| (key(i), 1)).collect();
        let (shape, bytes) = build(&entries, 10, 6);
        for length in [0, 1, 99, bytes.len() - 1] {
            for number in 0..500 {
                let _ = Table::new(&shape, 0).get(&bytes[..length], key(number));
            }
        }
    }
}
