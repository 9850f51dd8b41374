//! The library's errors as Python's exceptions.

use std::io;
use std::path::Path;

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;

/// A file that cannot be read; Python makes the fitting one of its subclasses, `FileNotFoundError` say.
pub fn of_file(path: &Path, error: &io::Error) -> PyErr {
    let words = error.to_string();
    let Some(number) = error.raw_os_error() else {
        return PyOSError::new_err(format!("{}: {words}", path.display()));
    };
    let code = format!(" (os error {number})");
    let words = words.strip_suffix(&code).unwrap_or(&words).to_string();
    PyOSError::new_err((number, words, path.display().to_string()))
}

/// What a file holds is not what it should be.
pub fn in_file(path: &Path, error: &impl std::fmt::Display) -> PyErr {
    let (path, words) = (path.display().to_string(), error.to_string());
    // Errors in packs name the file themselves.
    if words.starts_with(&path) {
        PyValueError::new_err(words)
    } else {
        PyValueError::new_err(format!("{path}: {words}"))
    }
}

/// A figure that must lie between 0 and 1.
pub fn check_share(name: &str, value: Option<f64>) -> PyResult<()> {
    match value {
        Some(value) if !(0.0..=1.0).contains(&value) => Err(PyValueError::new_err(format!(
            "{name} is {value}; a number from 0 to 1 is wanted, e.g. 0.7, or None for that of the profile"
        ))),
        _ => Ok(()),
    }
}
