//! What can be wrong with a folder of samples.

use std::io;
use std::path::PathBuf;

/// A sample that cannot be used. The message says what is wrong, where, and what would be right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A file or folder cannot be read.
    #[error("{}: {error}; check the name, and whether it may be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is no text.
    #[error("{}: it is a binary file; texts are wanted, move it away or rename it", path.display())]
    Binary {
        /// Which.
        path: PathBuf,
    },
    /// A line of a gold file is no edit of its text.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The gold file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// A gold file without its text, or the other way round.
    #[error("{}: {} is missing beside it; {mend}", path.display(), missing.display())]
    Missing {
        /// What is there.
        path: PathBuf,
        /// What is not.
        missing: PathBuf,
        /// What to do.
        mend: &'static str,
    },
    /// Nothing to evaluate.
    #[error("{}: no *.txt file is in this folder or below; name a folder with texts, NAME.txt, and the edits made in the \
             spun ones, NAME.gold.jsonl", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}
