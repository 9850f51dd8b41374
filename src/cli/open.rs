//! Opening files that may be compressed: how they begin tells, not what they are called.

use std::io::{self, BufRead, Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use super::input::{failed, name_of};

/// How many bytes tell how a stream is compressed.
const HEAD: usize = 10;

/// Opens a file for reading piece by piece, or standard input where the path is `-`. What is
/// compressed by gzip, Zstandard, bzip2 or xz is unpacked on the way.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let name = name_of(path);
    if path == Path::new("-") {
        return unpacked(io::BufReader::with_capacity(1 << 16, io::stdin())).context(name);
    }
    let file = std::fs::File::open(path).map_err(|error| failed(&name, &error))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(anyhow!("{name}: a folder, where a file is wanted"));
    }
    unpacked(io::BufReader::with_capacity(1 << 16, file)).context(name)
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packed {
    Gzip,
    Zstandard,
    Bzip2,
    Xz,
}

impl Packed {
    fn of(head: &[u8]) -> Option<Packed> {
        // A text may begin with BZh; what follows in a file of bzip2 are digits of pi, or the end.
        let is_block =
            |rest: &[u8]| rest == [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] || rest[..] == *b"\x17\x72\x45\x38\x50\x90";
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Packed::Gzip),
            // Its frames, or those that it leaves to others.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packed::Zstandard),
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if is_block(rest) => Some(Packed::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packed::Xz),
            _ => None,
        }
    }
}

/// Whether a file is compressed, as far as its beginning can be read.
pub fn is_packed(path: &Path) -> bool {
    let mut head = Vec::with_capacity(HEAD);
    let read = std::fs::File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head));
    read.is_ok() && Packed::of(&head).is_some()
}

fn unpacked(mut source: impl BufRead + 'static) -> Result<Box<dyn BufRead>> {
    let begin = source.fill_buf()?;
    let mut head = begin[..begin.len().min(HEAD)].to_vec();
    let source: Box<dyn BufRead> = if head.len() == HEAD {
        Box::new(source)
    } else {
        // A pipe may give less at first.
        head.clear();
        (&mut source).take(HEAD as u64).read_to_end(&mut head)?;
        Box::new(Cursor::new(head.clone()).chain(source))
    };
    match Packed::of(&head) {
        None => Ok(source),
        #[cfg(feature = "compression")]
        Some(Packed::Gzip) => Ok(buffered(flate2::bufread::MultiGzDecoder::new(source))),
        #[cfg(feature = "compression")]
        Some(Packed::Zstandard) => Ok(buffered(zstandard::Frames::new(source))),
        #[cfg(feature = "bzip2")]
        Some(Packed::Bzip2) => Ok(buffered(bzip2::bufread::MultiBzDecoder::new(source))),
        #[cfg(feature = "xz")]
        Some(Packed::Xz) => Ok(buffered(lzma_rust2::XzReader::new_mem_limit(source, true, MOST_XZ_KIB))),
        #[allow(unreachable_patterns, reason = "with all features nothing is left")]
        Some(packed) => {
            let (by, feature) = match packed {
                Packed::Gzip => ("gzip", "compression"),
                Packed::Zstandard => ("Zstandard", "compression"),
                Packed::Bzip2 => ("bzip2", "bzip2"),
                Packed::Xz => ("xz", "xz"),
            };
            Err(anyhow!(
                "compressed by {by}, and this unspin was built without the feature `{feature}`; unpack it, or build \
                 with the feature"
            ))
        }
    }
}

/// What `xz -9` needs is half of this; a file may ask for 4 GiB.
#[cfg(feature = "xz")]
const MOST_XZ_KIB: u32 = 144 << 10;

#[cfg(any(feature = "compression", feature = "bzip2", feature = "xz"))]
fn buffered(source: impl Read + 'static) -> Box<dyn BufRead> {
    Box::new(io::BufReader::with_capacity(1 << 16, source))
}

#[cfg(feature = "compression")]
mod zstandard {
    use std::io::{self, BufRead, Chain, Cursor, Read};

    use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

    /// A Zstandard file: frames one after the other.
    pub struct Frames<R: BufRead>(Frame<R>);

    /// A frame begins with four bytes that are read before.
    type Begun<R> = Chain<Cursor<[u8; 4]>, R>;

    enum Frame<R: BufRead> {
        Between(R),
        Within(Box<StreamingDecoder<Begun<R>, FrameDecoder>>),
        Failed,
    }

    fn wrong(error: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("no sound Zstandard: {error}"))
    }

    impl<R: BufRead> Frames<R> {
        pub fn new(source: R) -> Frames<R> {
            Frames(Frame::Between(source))
        }
    }

    /// Begins the next frame, if there is one. Those that hold other things are passed over.
    fn begin<R: BufRead>(mut source: R) -> io::Result<Frame<R>> {
        while !source.fill_buf()?.is_empty() {
            let mut magic = [0; 4];
            source.read_exact(&mut magic)?;
            if !(0x184d_2a50..=0x184d_2a5f).contains(&u32::from_le_bytes(magic)) {
                let decoder = StreamingDecoder::new(Cursor::new(magic).chain(source));
                return Ok(Frame::Within(Box::new(decoder.map_err(|e| wrong(&e.to_string()))?)));
            }
            let mut length = [0; 4];
            source.read_exact(&mut length)?;
            let length = u64::from(u32::from_le_bytes(length));
            if io::copy(&mut (&mut source).take(length), &mut io::sink())? < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(Frame::Between(source))
    }

    impl<R: BufRead> Read for Frames<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            loop {
                match std::mem::replace(&mut self.0, Frame::Failed) {
                    Frame::Failed => return Err(wrong("it failed before")),
                    Frame::Between(source) => {
                        self.0 = begin(source)?;
                        if matches!(self.0, Frame::Between(_)) {
                            return Ok(0);
                        }
                    }
                    Frame::Within(mut decoder) => {
                        let read = decoder.read(buffer).map_err(|e| wrong(&e.to_string()))?;
                        if read > 0 || buffer.is_empty() {
                            self.0 = Frame::Within(decoder);
                            return Ok(read);
                        }
                        self.0 = Frame::Between(decoder.into_inner().into_inner().1);
                    }
                }
            }
        }
    }
}
