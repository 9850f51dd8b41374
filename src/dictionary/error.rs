//! What can be wrong with a dictionary.

use std::fmt;

/// A dictionary that cannot be read or compiled. The message says what is wrong, where,
/// and what would be right.
#[derive(Debug)]
pub struct DictionaryError {
    kind: ErrorKind,
}

#[derive(Debug)]
pub(crate) enum ErrorKind {
    Line { file: String, line: usize, problem: String, mend: String },
    TooLarge { what: &'static str, limit: usize },
    Foreign { found: String },
    Version { found: u32, needed: u32 },
    Truncated { needed: usize, found: usize },
    Corrupt { what: &'static str },
}

impl DictionaryError {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        DictionaryError { kind }
    }

    pub(crate) fn line(file: &str, line: usize, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(ErrorKind::Line { file: file.into(), line, problem: problem.into(), mend: mend.into() })
    }

    /// The message without file and line, for those who say these themselves.
    pub(crate) fn problem(&self) -> String {
        match &self.kind {
            ErrorKind::Line { problem, mend, .. } => format!("{problem}; {mend}"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for DictionaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Line { file, line, problem, mend } => write!(f, "{file}:{line}: {problem}; {mend}"),
            ErrorKind::TooLarge { what, limit } => write!(
                f,
                "the dictionary has more than {limit} {what}; split it into several files and pass each with its own --dict"
            ),
            ErrorKind::Foreign { found } => write!(
                f,
                "this is not a compiled unspin dictionary (it begins with {found}); compile a TSV file with `unspin dict build`"
            ),
            ErrorKind::Version { found, needed } => write!(
                f,
                "this dictionary has format version {found} and this unspin reads version {needed}; there are two ways to mend it: \
                 rebuild it with this program's `unspin dict build`, or use the unspin it was built with"
            ),
            ErrorKind::Truncated { needed, found } => write!(
                f,
                "the compiled dictionary is cut short: {needed} bytes are needed and {found} are there; copy or build it again"
            ),
            ErrorKind::Corrupt { what } => {
                write!(f, "the compiled dictionary is damaged ({what}); build it again with `unspin dict build`")
            }
        }
    }
}

impl std::error::Error for DictionaryError {}
