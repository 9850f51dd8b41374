//! Files that a run writes to, and standard output.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Where output goes.
pub enum Out {
    /// To a stream that nobody can go back in.
    Stream(Box<dyn Write>),
    /// To a file.
    File(OutFile),
}

/// A file, and how much was written to it.
pub struct OutFile {
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
}

impl OutFile {
    /// Opens a file for what follows its first `keep` bytes; the rest of it is dropped.
    ///
    /// # Errors
    /// When it cannot be written, or is shorter.
    pub fn open(path: &Path, keep: u64) -> Result<OutFile> {
        let name = || path.display().to_string();
        let file = File::options().create(true).write(true).truncate(false).open(path).with_context(name)?;
        // What is no file on a disk has no length to go back to.
        let metadata = file.metadata().with_context(name)?;
        if metadata.is_file() {
            if metadata.len() < keep {
                bail!(
                    "{}: it has {} bytes, where the checkpoint tells of {keep}; put it back, or delete the checkpoint \
                     to begin anew",
                    name(),
                    metadata.len()
                );
            }
            file.set_len(keep).with_context(name)?;
        } else if keep > 0 {
            bail!("{}: it is no file, so that nothing can go on in it", name());
        }
        let mut file = BufWriter::with_capacity(1 << 16, file);
        if metadata.is_file() {
            file.seek(SeekFrom::Start(keep)).with_context(name)?;
        }
        Ok(OutFile { path: path.to_path_buf(), file, length: keep })
    }

    /// How many bytes were written, those of earlier runs too.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Waits until all of it is on the disk.
    pub fn sync(&mut self) -> Result<()> {
        let name = || self.path.display().to_string();
        self.file.flush().with_context(name)?;
        match self.file.get_ref().sync_data() {
            // A pipe has no disk.
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => Err(error).with_context(name),
            _ => Ok(()),
        }
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Stream(stream) => stream.write(bytes),
            Out::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Stream(stream) => stream.flush(),
            Out::File(file) => file.flush(),
        }
    }
}
