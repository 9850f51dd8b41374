//! Which documents a run reads, and how they are worked through side by side.

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use ignore::WalkBuilder;
use rayon::prelude::*;

use unspin::document::is_binary;

use super::{Outcome, complain};

/// Files are read and worked through in batches of at most this many, and bytes.
const BATCH_FILES: usize = 256;
const BATCH_BYTES: u64 = 64 << 20;

/// The files that paths name: folders are walked in the order of their names, hidden files
/// and what `.gitignore` names left out. Each that cannot be had is an error in its place.
pub fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<PathBuf>> + '_ {
    paths.iter().flat_map(|path| -> Box<dyn Iterator<Item = Result<PathBuf>>> {
        if path.is_dir() {
            let walk = WalkBuilder::new(path).sort_by_file_name(std::ffi::OsStr::cmp).build();
            Box::new(walk.filter_map(|entry| match entry {
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => Some(Ok(entry.into_path())),
                Ok(_) => None,
                Err(error) => Some(Err(error.into())),
            }))
        } else {
            Box::new(std::iter::once(Ok(path.clone())))
        }
    })
}

/// The bytes of a file, or of standard input where the path is `-`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    read_at_most(path, u64::MAX, "")
}

/// What to say of a file that cannot be had.
fn failed(name: &str, error: &io::Error) -> anyhow::Error {
    let mend = match error.kind() {
        io::ErrorKind::NotFound => "; check the name",
        io::ErrorKind::PermissionDenied => "; give yourself leave to read it",
        _ => "",
    };
    anyhow!("{name}: {error}{mend}")
}

/// The same, refused where there are more than `most`, with the mend, whatever kind of file it
/// is: of a pipe nobody knows the length before.
pub fn read_at_most(path: &Path, most: u64, mend: &str) -> Result<Vec<u8>> {
    let name = if path == Path::new("-") { "standard input".to_string() } else { path.display().to_string() };
    let failed = |error: io::Error| failed(&name, &error);
    let (source, length): (Box<dyn Read>, u64) = if path == Path::new("-") {
        (Box::new(io::stdin().lock()), 0)
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        (Box::new(file), length)
    };
    if length > most {
        return Err(anyhow!("{name}: {length} bytes, where at most {most} are read; {mend}"));
    }
    let mut bytes = Vec::new();
    source.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(anyhow!("{name}: more than the {most} bytes that are read; {mend}"));
    }
    Ok(bytes)
}

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

/// Works through all documents side by side and hands the results on in input order.
///
/// `work` is called with a state of its thread, the path and the bytes; `done` with each
/// result in order. Files that cannot be read, and binary ones, are said on standard error
/// and the others go on.
pub fn for_each_document<S, T: Send>(
    paths: &[PathBuf],
    state: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &Path, &[u8]) -> Result<T> + Sync + Send,
    mut done: impl FnMut(T) -> Result<()>,
) -> Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let mut files = files(paths).peekable();
    while files.peek().is_some() {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_FILES && bytes < BATCH_BYTES {
            let Some(file) = files.next() else { break };
            if let Ok(path) = &file {
                bytes += std::fs::metadata(path).map_or(0, |m| m.len());
            }
            batch.push(file);
        }
        let results: Vec<Result<Result<T, String>>> = batch
            .into_par_iter()
            .map_init(&state, |state, file| {
                let path = file?;
                let bytes = read(&path)?;
                if is_binary(&bytes) {
                    return Ok(Err(format!("{}: skipped, it is a binary file", path.display())));
                }
                work(state, &path, &bytes).map(Ok)
            })
            .collect();
        for result in results {
            match result {
                Ok(Ok(value)) => done(value)?,
                Ok(Err(skipped)) => complain(&skipped),
                Err(error) => {
                    complain(&format!("{error:#}"));
                    outcome = Outcome::Failed;
                }
            }
        }
    }
    Ok(outcome)
}
