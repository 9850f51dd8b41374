//! Replacing what a file holds in one step.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use tempfile::Builder;

/// Puts `new` in place of `old` in a file. The new text is written beside it and takes its name
/// once it is on the disk, so that the file holds the one or the other whatever interrupts this.
/// Its permissions stay; of a symbolic link it is the file that it leads to.
///
/// # Errors
/// When the file may not be written, holds another text than `old` by now, or the disk is full;
/// it is as it was then.
pub fn replace(path: &Path, old: &[u8], new: &[u8], backup: bool) -> Result<()> {
    let name = path.display();
    let target = path.canonicalize().with_context(|| name.to_string())?;
    let permissions = fs::metadata(&target).with_context(|| name.to_string())?.permissions();
    if permissions.readonly() {
        bail!("{name}: it is read-only, and stays as it was; give yourself leave to write it");
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let failed = |error: io::Error| anyhow!("{name}: {error}; it stays as it was");
    let mut beside = Builder::new().prefix(".unspin-").suffix(".tmp").tempfile_in(folder).map_err(failed)?;
    beside.write_all(new).map_err(failed)?;
    beside.as_file().set_permissions(permissions).map_err(failed)?;
    keep_owner(&target, beside.as_file());
    beside.as_file().sync_all().map_err(failed)?;
    if fs::read(&target).map_err(failed)? != old {
        bail!("{name}: it was changed meanwhile, and stays as it is now; restore it again");
    }
    if backup {
        keep(&target, &backup_of(&target)).with_context(|| format!("{name}, which stays as it was"))?;
    }
    beside.persist(&target).map_err(|e| failed(e.error))?;
    Ok(())
}

/// Gives a file the owner of another, as far as one may.
#[cfg(unix)]
fn keep_owner(of: &Path, file: &File) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if let Ok(owner) = fs::metadata(of) {
        // Only the superuser may give files away; for all others the owner is right already.
        let _ = fchown(file, Some(owner.uid()), Some(owner.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_of: &Path, _file: &File) {}

/// `a.txt.bak` for `a.txt`.
fn backup_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".bak");
    name.into()
}

/// Whether a file has the name of a backup: one that is only met in a folder is left alone.
pub fn is_backup(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "bak")
}

/// Keeps a file under a second name. An older backup is never written over: it may hold the only
/// text from before the first restoration.
fn keep(path: &Path, backup: &Path) -> Result<()> {
    let name = backup.display();
    match fs::hard_link(path, backup) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{name}: there is a backup already; move it away")
        }
        // Not every file system has links.
        Err(_) => {
            let mut copy = File::create_new(backup).with_context(|| name.to_string())?;
            copy.write_all(&fs::read(path)?).and_then(|()| copy.sync_all()).with_context(|| name.to_string())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_changed_meanwhile_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "newer").unwrap();
        let error = replace(&path, b"older", b"restored", true).unwrap_err().to_string();
        assert!(error.contains("a.txt: it was changed meanwhile"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_backup_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        replace(&path, b"old", b"new", true).unwrap();
        let error = format!("{:#}", replace(&path, b"new", b"newest", true).unwrap_err());
        assert!(error.contains("there is a backup already"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read(folder.path().join("a.txt.bak")).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
