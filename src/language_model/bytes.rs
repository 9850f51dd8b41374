//! The bytes of a model: linked in, in memory, or a file that is mapped into memory.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// Bytes that stay where they are.
pub enum Bytes {
    Memory(Cow<'static, [u8]>),
    Mapped(Mmap),
}

impl Bytes {
    /// The bytes of a file. What cannot be mapped, such as a pipe, is read.
    pub fn of_file(path: &Path) -> io::Result<Bytes> {
        let mut file = File::open(path)?;
        if file.metadata()?.is_file()
            && let Ok(map) = map(&file)
        {
            return Ok(Bytes::Mapped(map));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Bytes::Memory(bytes.into()))
    }
}

/// The one unsafe item of the crate: a file mapped into memory shows what others write to it,
/// and ends the process where they cut it short meanwhile.
///
/// What is read from the map is never trusted: every place is checked against the length, every
/// level taken modulo the size of its list, so bytes that change give other figures, as
/// [`super::LanguageModel::open`] says, and no read outside the map. Against a file being cut
/// there is no remedy but not to do it; reading 9 MB at every start would be the price.
#[allow(unsafe_code)]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the map is read only, through byte slices, and lives as long as they do.
    unsafe { Mmap::map(file) }
}

impl Deref for Bytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Memory(bytes) => bytes,
            Bytes::Mapped(map) => map,
        }
    }
}

impl From<Cow<'static, [u8]>> for Bytes {
    fn from(bytes: Cow<'static, [u8]>) -> Self {
        Bytes::Memory(bytes)
    }
}
