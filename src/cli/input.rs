//! Which documents a run reads, and how they are worked through side by side.

use std::cell::RefCell;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use ignore::types::{Types, TypesBuilder};
use rayon::prelude::*;
use strsim::jaro_winkler;
use thread_local::ThreadLocal;

use unspin::document::is_binary;

use super::config::Placed;

/// Files are read and worked through in batches of at most this many, and bytes.
const BATCH_FILES: usize = 256;
const BATCH_BYTES: u64 = 64 << 20;

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

/// What became of a document.
pub enum Done<T> {
    /// It was worked through.
    Result(T),
    /// It was left out, for the reason that is said.
    Skipped(String),
    /// It could not be read or worked through.
    Failed {
        /// Its name; empty where the walk could not even name it.
        path: String,
        /// What is wrong, beginning with its name.
        reason: String,
    },
}

/// Works through all documents side by side and hands the results on in input order.
///
/// `work` is called with a state of its thread, the path and the bytes; `done` with what became
/// of each document, in order. One that cannot be read, or is binary, stops none of the others.
///
/// No more is begun once `is_over` says so.
///
/// # Errors
/// When `done` fails.
pub fn for_each_document<S: Send, T: Send>(
    files: impl Iterator<Item = Result<PathBuf>>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &Path, &[u8]) -> Result<T> + Sync + Send,
    mut done: impl FnMut(Done<T>) -> Result<()>,
    is_over: impl Fn() -> bool,
) -> Result<()> {
    // Rayon makes a state for every share of the work: one a thread is enough.
    let states = ThreadLocal::new();
    let mut files = files.peekable();
    while !is_over() && files.peek().is_some() {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_FILES && bytes < BATCH_BYTES {
            let Some(file) = files.next() else { break };
            if let Ok(path) = &file {
                bytes += std::fs::metadata(path).map_or(0, |m| m.len());
            }
            batch.push(file);
        }
        let results: Vec<Done<T>> = batch
            .into_par_iter()
            .map(|file| {
                let failed = |path: &Path, error: anyhow::Error| Done::Failed {
                    path: path.display().to_string(),
                    reason: format!("{error:#}"),
                };
                let path = match file {
                    Ok(path) => path,
                    Err(error) => return failed(Path::new(""), error),
                };
                let bytes = match read(&path) {
                    Ok(bytes) => bytes,
                    Err(error) => return failed(&path, error),
                };
                if is_binary(&bytes) {
                    return Done::Skipped(format!("{}: skipped, it is a binary file", path.display()));
                }
                match work(&mut states.get_or(|| RefCell::new(state())).borrow_mut(), &path, &bytes) {
                    Ok(result) => Done::Result(result),
                    Err(error) => failed(&path, error),
                }
            })
            .collect();
        for result in results {
            done(result)?;
        }
    }
    Ok(())
}
