//! What can be wrong with a language model file.

use std::fmt;

/// A language model that cannot be read. The message says what is wrong, where, and how to
/// mend it.
#[derive(Debug)]
pub struct ModelError {
    kind: ErrorKind,
}

#[derive(Debug)]
pub(super) enum ErrorKind {
    Unreadable { cause: std::io::Error },
    Foreign { wanted: &'static str, found: String },
    Version { found: u32, needed: u32 },
    Truncated { what: &'static str, needed: u64, found: u64 },
    Invalid { what: String },
    Unwritable { cause: std::io::Error },
    Wrong { what: String },
    Line { line: u64, what: String },
}

impl ModelError {
    pub(super) fn new(kind: ErrorKind) -> Self {
        ModelError { kind }
    }

    pub(super) fn foreign(wanted: &'static str, bytes: &[u8]) -> Self {
        let found: String = bytes.iter().take(12).flat_map(|b| b.escape_ascii()).map(char::from).collect();
        Self::new(ErrorKind::Foreign { wanted, found })
    }

    pub(super) fn truncated(what: &'static str, needed: u64, found: u64) -> Self {
        Self::new(ErrorKind::Truncated { what, needed, found })
    }

    pub(super) fn wrong(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Wrong { what: what.into() })
    }

    pub(super) fn invalid(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid { what: what.into() })
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Unreadable { cause } => write!(f, "the language model cannot be read: {cause}"),
            ErrorKind::Foreign { wanted, found } => write!(
                f,
                "this is not {wanted} (it begins with `{found}`); `unspin lm build` makes a model from counts, an ARPA file, or the pocketsphinx package's en-us.lm.bin"
            ),
            ErrorKind::Version { found, needed } => write!(
                f,
                "this language model has format version {found} and this unspin reads version {needed}; there are two ways to mend it: \
                 rebuild it with this program's `unspin lm build`, or use the unspin it was built with"
            ),
            ErrorKind::Truncated { what, needed, found } => {
                write!(
                    f,
                    "the language model is cut short in its {what}: {needed} bytes are needed and {found} are there; copy or build it again"
                )
            }
            ErrorKind::Unwritable { cause } => write!(f, "cannot be written: {cause}; give it a place with room"),
            ErrorKind::Wrong { what } => f.write_str(what),
            ErrorKind::Line { line, what } => write!(f, "line {line}: {what}"),
            ErrorKind::Invalid { what } => write!(f, "the language model is damaged: {what}; copy or build it again"),
        }
    }
}

impl std::error::Error for ModelError {}
