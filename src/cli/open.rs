//! Opening files that may be compressed.

#[cfg(feature = "compression")]
use std::io::Read;
use std::io::{self, BufRead};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use super::input::failed;

/// Opens a file for reading piece by piece, or standard input where the path is `-`. What is
/// compressed by gzip or Zstandard, as its name says, is unpacked on the way.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|error| failed(&name, &error))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(anyhow!("{name}: a folder, where a file is wanted"));
    }
    unpacked(path, io::BufReader::with_capacity(1 << 16, file)).with_context(|| name)
}

#[cfg(feature = "compression")]
fn unpacked(path: &Path, file: io::BufReader<std::fs::File>) -> Result<Box<dyn BufRead>> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("gz") => Ok(Box::new(io::BufReader::new(flate2::bufread::MultiGzDecoder::new(file)))),
        Some("zst") => Ok(Box::new(io::BufReader::new(Frames(Frame::Between(file))))),
        _ => Ok(Box::new(file)),
    }
}

/// A Zstandard file: frames one after the other.
#[cfg(feature = "compression")]
struct Frames(Frame);

#[cfg(feature = "compression")]
enum Frame {
    Between(io::BufReader<std::fs::File>),
    Within(Box<ruzstd::decoding::StreamingDecoder<io::BufReader<std::fs::File>, ruzstd::decoding::FrameDecoder>>),
    Failed,
}

#[cfg(feature = "compression")]
impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wrong = |error: String| io::Error::new(io::ErrorKind::InvalidData, format!("no sound Zstandard: {error}"));
        loop {
            match std::mem::replace(&mut self.0, Frame::Failed) {
                Frame::Failed => return Err(wrong("it failed before".into())),
                Frame::Between(mut file) => {
                    if file.fill_buf()?.is_empty() {
                        self.0 = Frame::Between(file);
                        return Ok(0);
                    }
                    let decoder = ruzstd::decoding::StreamingDecoder::new(file).map_err(|e| wrong(e.to_string()))?;
                    self.0 = Frame::Within(Box::new(decoder));
                }
                Frame::Within(mut decoder) => {
                    let read = decoder.read(buffer).map_err(|e| wrong(e.to_string()))?;
                    if read > 0 || buffer.is_empty() {
                        self.0 = Frame::Within(decoder);
                        return Ok(read);
                    }
                    self.0 = Frame::Between(decoder.into_inner());
                }
            }
        }
    }
}

#[cfg(not(feature = "compression"))]
fn unpacked(path: &Path, file: io::BufReader<std::fs::File>) -> Result<Box<dyn BufRead>> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("gz" | "zst") => Err(anyhow!(
            "this unspin was built without the feature `compression`; unpack the file, or build with the feature"
        )),
        _ => Ok(Box::new(file)),
    }
}
