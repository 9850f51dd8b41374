//! Going on where a run was stopped.
//!
//! A checkpoint tells how many units (files and records) are done, and how long each output was by
//! then. It is written after the outputs are on the disk, and takes its name in one step, so that
//! whatever stops a run, what it tells of is there. What the outputs hold beyond is dropped.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::summary::Counts;

const VERSION: u32 = 1;

/// Waiting for the disk takes time: so much lies between two checkpoints at least.
const PAUSE: Duration = Duration::from_secs(1);

/// What a run did so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Done {
    version: u32,
    /// The command, without the program.
    command: Vec<String>,
    /// How many units are done, and the file of the last.
    pub units: u64,
    pub last: String,
    /// How long each output is.
    pub outputs: BTreeMap<String, u64>,
    /// Whether a document was judged spun; whether something failed.
    pub spun: bool,
    pub failed: bool,
    pub counts: Counts,
}

/// The file that tells of it.
pub struct Checkpoint {
    path: PathBuf,
    written: Instant,
}

impl Checkpoint {
    /// What the file tells of; nothing where there is none yet.
    ///
    /// # Errors
    /// When it is no checkpoint, or another command's.
    pub fn read(path: &Path) -> Result<(Checkpoint, Done)> {
        let name = path.display();
        let command: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
        let checkpoint = Checkpoint { path: path.to_path_buf(), written: Instant::now() };
        let text = match fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok((checkpoint, Done { version: VERSION, command, ..Done::default() }));
            }
            read => read.with_context(|| name.to_string())?,
        };
        let Ok(done) = serde_json::from_slice::<Done>(&text) else {
            bail!("{name}: no checkpoint of a scan; name another file with --checkpoint");
        };
        if done.version != VERSION {
            bail!(
                "{name}: a checkpoint of version {}, where {VERSION} is wanted; delete it to begin anew",
                done.version
            );
        }
        if done.command != command {
            bail!(
                "{name}: the checkpoint of another command, `unspin {}`; say that again to go on with it, or delete the \
                 file to begin anew",
                done.command.join(" ")
            );
        }
        Ok((checkpoint, done))
    }

    /// Whether the last one was written long enough ago.
    pub fn is_due(&self) -> bool {
        self.written.elapsed() >= PAUSE
    }

    /// Writes the file in one step. What it tells of must be on the disk.
    pub fn write(&mut self, done: &Done) -> Result<()> {
        let name = || self.path.display().to_string();
        let folder = match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let mut beside =
            tempfile::Builder::new().prefix(".unspin-").suffix(".tmp").tempfile_in(folder).with_context(name)?;
        serde_json::to_writer(&mut beside, done).with_context(name)?;
        beside.write_all(b"\n").with_context(name)?;
        beside.as_file().sync_all().with_context(name)?;
        beside.persist(&self.path).map_err(|e| e.error).with_context(name)?;
        #[cfg(unix)]
        fs::File::open(folder).and_then(|folder| folder.sync_all()).with_context(name)?;
        self.written = Instant::now();
        Ok(())
    }
}
