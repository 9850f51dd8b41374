//! Which documents a run reads.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use ignore::types::{Types, TypesBuilder};
use strsim::jaro_winkler;

use unspin::document::is_binary;

use super::config::Placed;
use super::open::open;

/// So many bytes tell whether a file is text.
const BEGIN: u64 = 1 << 16;

/// A file of the project's that names what is not to be scanned, in the form of `.gitignore`.
const IGNORE_FILE: &str = ".unspinignore";

/// Which files are taken from folders. Files that are named themselves are always taken.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    types: Option<Types>,
    globs: Option<Override>,
}

impl Selection {
    /// Files of any of the types that match the globs; all of them where there are none.
    ///
    /// # Errors
    /// When there is no such type, with the one that was meant, or a glob cannot be read.
    pub fn new(types: &[Placed], globs: &[Placed]) -> Result<Selection> {
        let mut selection = Selection::default();
        if !types.is_empty() {
            let mut builder = TypesBuilder::new();
            builder.add_defaults();
            let known: Vec<String> = builder.definitions().iter().map(|d| d.name().to_string()).collect();
            for Placed { text: name, from } in types {
                if !known.contains(name) {
                    let nearest = known.iter().max_by(|a, b| jaro_winkler(name, a).total_cmp(&jaro_winkler(name, b)));
                    let nearest = nearest.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                    return Err(anyhow!(
                        "{from}: `{name}` is no type of file{nearest} Types are those of ripgrep, e.g. txt, md, html"
                    ));
                }
                builder.select(name);
            }
            selection.types = Some(builder.build()?);
        }
        if !globs.is_empty() {
            let mut builder = OverrideBuilder::new(".");
            for Placed { text: glob, from } in globs {
                builder.add(glob).map_err(|error| {
                    let error = match error {
                        ignore::Error::Glob { err, .. } => err,
                        other => other.to_string(),
                    };
                    anyhow!("{from}: `{glob}` is no glob: {error}")
                })?;
            }
            selection.globs = Some(builder.build()?);
        }
        Ok(selection)
    }

    /// The files that paths name: folders are walked in the order of their names; hidden files and
    /// what `.gitignore` and `.unspinignore` name are left out. Each that cannot be had is an
    /// error in its place.
    pub fn files<'p>(&self, paths: &'p [PathBuf]) -> impl Iterator<Item = Result<PathBuf>> + use<'p> {
        let selection = self.clone();
        paths.iter().flat_map(move |path| -> Box<dyn Iterator<Item = Result<PathBuf>>> {
            if !path.is_dir() {
                return Box::new(std::iter::once(Ok(path.clone())));
            }
            let mut walk = WalkBuilder::new(path);
            walk.sort_by_file_name(std::ffi::OsStr::cmp).add_custom_ignore_filename(IGNORE_FILE);
            if let Some(types) = &selection.types {
                walk.types(types.clone());
            }
            if let Some(globs) = selection.globs.clone() {
                // As the walk's own overrides they would bring back what ignore files leave out.
                walk.filter_entry(move |entry| {
                    let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
                    !globs.matched(entry.path(), is_folder).is_ignore()
                });
            }
            Box::new(walk.build().filter_map(|entry| match entry {
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => Some(Ok(entry.into_path())),
                Ok(_) => None,
                Err(error) => Some(Err(error.into())),
            }))
        })
    }
}

/// All files that paths name, as [`Selection::files`] gives them where nothing is said.
pub fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<PathBuf>> + '_ {
    Selection::default().files(paths)
}

/// What a path is called where people read of it.
pub fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_string() } else { path.display().to_string() }
}

/// What a file holds.
pub enum Contents {
    /// A text, or what there was before the file broke off, for which reason.
    Text { bytes: Vec<u8>, cut: Option<String> },
    /// No text.
    Binary,
}

/// Reads a document, unpacked where it is compressed.
///
/// # Errors
/// When it cannot be read, or has more than `most` bytes.
pub fn read_document(path: &Path, most: u64) -> Result<Contents> {
    let name = name_of(path);
    let mut source = open(path)?;
    let mut bytes = Vec::new();
    // What is no text is not unpacked any further.
    let begin = source.by_ref().take(BEGIN).read_to_end(&mut bytes);
    if is_binary(&bytes) {
        return Ok(Contents::Binary);
    }
    let read = begin.and_then(|_| source.take(most.saturating_add(1).saturating_sub(BEGIN)).read_to_end(&mut bytes));
    if bytes.len() as u64 > most {
        return Err(anyhow!(
            "{name}: more than the {most} bytes that a document may have; allow more with --max-document"
        ));
    }
    match read {
        Ok(_) => Ok(Contents::Text { bytes, cut: None }),
        Err(error) if bytes.is_empty() => Err(failed(&name, &error)),
        Err(error) => {
            let cut = format!("{name}: {error}; it breaks off after {} bytes, which were read", bytes.len());
            Ok(Contents::Text { bytes, cut: Some(cut) })
        }
    }
}

/// The bytes of a file, or of standard input where the path is `-`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    read_at_most(path, u64::MAX, "")
}

/// What to say of a file that cannot be had.
pub fn failed(name: &str, error: &io::Error) -> anyhow::Error {
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
    let name = name_of(path);
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
