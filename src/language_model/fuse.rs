//! A static function: from known keys to small values, with a fingerprint to tell strangers.
//!
//! Every key owns three cells of an array whose exclusive or is its fingerprint and value, so
//! a look-up is three independent reads, whether it hits or misses. The construction is that
//! of binary fuse filters (Graf and Lemire, "Binary Fuse Filters", 2022) with a value beside
//! the fingerprint: 1.13 cells an entry, nothing else. The keys are not kept: a stranger is
//! taken for a known key once in `2^fingerprint bits` queries.

/// Where a key's cells lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Chosen when building, so that every key finds its place.
    pub seed: u64,
    /// Cells of a segment, a power of two.
    pub segment: u32,
    /// How many segments a first cell may lie in.
    pub segments: u32,
    /// Bits of a cell that hold the value; the others hold the fingerprint.
    pub value_bits: u32,
}

impl Shape {
    /// How many cells the array has.
    #[must_use]
    pub fn cells(&self) -> usize {
        (self.segments as usize + 2) * self.segment as usize
    }

    /// Whether look-ups stay inside an array of [`Shape::cells`] cells.
    #[must_use]
    pub fn sound(&self, cell_bits: u32) -> bool {
        self.segment.is_power_of_two() && self.segments > 0 && self.value_bits < cell_bits
    }

    #[inline]
    fn places(&self, hash: u64) -> [usize; 3] {
        let mask = self.segment - 1;
        let span = u64::from(self.segments) * u64::from(self.segment);
        // The high half of the product spreads the hash evenly over the span (Lemire 2019).
        #[allow(clippy::cast_possible_truncation)]
        let first = ((u128::from(hash) * u128::from(span)) >> 64) as u32;
        #[allow(clippy::cast_possible_truncation)]
        let (low, high) = (hash as u32, (hash >> 18) as u32);
        let second = (first + self.segment) ^ (high & mask);
        let third = (first + 2 * self.segment) ^ (low & mask);
        [first as usize, second as usize, third as usize]
    }

    #[inline]
    fn scatter(&self, key: u64) -> u64 {
        mix(key ^ self.seed)
    }
}

/// Scrambles 64 bits (the finaliser of MurmurHash3, Appleby 2011).
#[inline]
#[must_use]
pub fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    x ^= x >> 33;
    x = x.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    x ^ (x >> 33)
}

/// Cells of one width, read in place from little-endian bytes.
pub trait Cell: Copy + Default + std::ops::BitXor<Output = Self> {
    /// Bits of a cell.
    const BITS: u32;
    /// The cell's value as the low bits of an integer.
    fn widen(self) -> u32;
    /// The low bits of an integer.
    fn narrow(value: u32) -> Self;
    /// Cell `at` of an array that lies in `bytes`; zero beyond its end.
    fn read(bytes: &[u8], at: usize) -> Self;
    /// Appends the cell.
    fn write(self, bytes: &mut Vec<u8>);
}

impl Cell for u16 {
    const BITS: u32 = 16;
    fn widen(self) -> u32 {
        u32::from(self)
    }
    #[allow(clippy::cast_possible_truncation)]
    fn narrow(value: u32) -> Self {
        value as u16
    }
    #[inline]
    fn read(bytes: &[u8], at: usize) -> Self {
        bytes.get(2 * at..2 * at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
    }
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl Cell for u32 {
    const BITS: u32 = 32;
    fn widen(self) -> u32 {
        self
    }
    fn narrow(value: u32) -> Self {
        value
    }
    #[inline]
    fn read(bytes: &[u8], at: usize) -> Self {
        bytes.get(4 * at..4 * at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

/// The cell that a key's three must combine to, but for its value.
#[inline]
fn fingerprint<C: Cell>(shape: &Shape, hash: u64) -> u32 {
    let bits = C::BITS - shape.value_bits;
    #[allow(clippy::cast_possible_truncation)]
    let print = (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as u32;
    print << shape.value_bits
}

/// The value of `key` in an array of cells, or `None` for a stranger.
#[inline]
#[must_use]
pub fn get<C: Cell>(shape: &Shape, bytes: &[u8], key: u64) -> Option<u32> {
    let hash = shape.scatter(key);
    let [a, b, c] = shape.places(hash);
    let cell = (C::read(bytes, a) ^ C::read(bytes, b) ^ C::read(bytes, c)).widen();
    let value = cell ^ fingerprint::<C>(shape, hash);
    (value >> shape.value_bits == 0).then_some(value)
}

/// Builds the array for `entries`, whose keys differ and whose values fit `value_bits`.
///
/// The result depends on the entries alone, to the byte.
#[must_use]
pub fn build<C: Cell>(entries: &[(u64, u32)], value_bits: u32) -> (Shape, Vec<u8>) {
    let count = entries.len().max(2) as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let segment = 1u32 << ((count.ln() / 3.33f64.ln() + 2.25).floor() as u32).min(18);
    let factor = (0.875 + 0.25 * 1e6f64.ln() / count.ln()).max(1.125);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let capacity = (count * factor).round() as u32;
    let segments = capacity.div_ceil(segment).saturating_sub(2).max(1);
    let mut shape = Shape { seed: 0, segment, segments, value_bits };
    // A seed fails about once in a hundred; ever larger arrays make the loop end.
    for attempt in 1.. {
        shape.seed = mix(attempt);
        if attempt % 8 == 0 {
            shape.segments += 1;
        }
        if let Some(cells) = assign::<C>(&shape, entries) {
            let mut bytes = Vec::with_capacity(cells.len() * C::BITS as usize / 8);
            for cell in cells {
                cell.write(&mut bytes);
            }
            return (shape, bytes);
        }
    }
    (shape, Vec::new())
}

/// Peels the keys off, each with a cell that no key after it uses, and sets those cells in
/// reverse order. `None` when some keys hold each other fast.
fn assign<C: Cell>(shape: &Shape, entries: &[(u64, u32)]) -> Option<Vec<C>> {
    let cells = shape.cells();
    let mut count = vec![0u32; cells];
    // The exclusive or of the numbers of all entries at a cell: the entry itself once alone.
    let mut which = vec![0u32; cells];
    for (number, &(key, _)) in (0u32..).zip(entries) {
        for place in shape.places(shape.scatter(key)) {
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
        for place in shape.places(shape.scatter(entries[number as usize].0)) {
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
    let mut array = vec![C::default(); cells];
    for &(number, cell) in order.iter().rev() {
        let (key, value) = entries[number as usize];
        let hash = shape.scatter(key);
        let mut wanted = C::narrow(fingerprint::<C>(shape, hash) ^ value);
        for place in shape.places(hash) {
            if place != cell {
                wanted = wanted ^ array[place];
            }
        }
        array[cell] = wanted;
    }
    Some(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_key_and_few_strangers() {
        for size in [0u64, 1, 2, 3, 10, 1_000, 60_000] {
            let entries: Vec<(u64, u32)> = (0..size).map(|i| (mix(i + 1), (i % 64) as u32)).collect();
            let (shape, bytes) = build::<u16>(&entries, 6);
            assert_eq!(bytes.len(), 2 * shape.cells());
            assert!(entries.iter().all(|&(k, v)| get::<u16>(&shape, &bytes, k) == Some(v)), "{size}");
            let strangers =
                (0..100_000u64).filter(|i| get::<u16>(&shape, &bytes, mix(i + 1_000_000)).is_some()).count();
            assert!(strangers < 150, "{strangers} of 100,000 strangers were taken for known keys");
        }
    }

    #[test]
    fn wide_cells_hold_wide_values() {
        let entries: Vec<(u64, u32)> = (0..5_000u64).map(|i| (mix(i), (i * 13 % 65_536) as u32)).collect();
        let (shape, bytes) = build::<u32>(&entries, 16);
        assert!(entries.iter().all(|&(k, v)| get::<u32>(&shape, &bytes, k) == Some(v)));
        assert!(shape.cells() < 5_000 * 14 / 10);
    }

    #[test]
    fn a_cut_array_is_never_read_past_its_end() {
        let entries: Vec<(u64, u32)> = (0..500u64).map(|i| (mix(i), 1)).collect();
        let (shape, bytes) = build::<u16>(&entries, 6);
        for length in [0, 1, 99, bytes.len() - 1] {
            for key in 0..500 {
                let _ = get::<u16>(&shape, &bytes[..length], mix(key));
            }
        }
    }
}
