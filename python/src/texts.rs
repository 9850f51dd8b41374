//! Texts from Python: `str` to UTF-8, once.

use pyo3::exceptions::{PyTypeError, PyUnicodeEncodeError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString};

/// A text as UTF-8, which is copied once and can be read while Python goes on.
pub struct Text<'py>(Bound<'py, PyBytes>);

impl<'py> Text<'py> {
    /// The UTF-8 of a `str`; `name` is what the caller calls it.
    pub fn of(text: &Bound<'py, PyAny>, name: impl Fn() -> String) -> PyResult<Text<'py>> {
        let Ok(string) = text.cast::<PyString>() else { return Err(wrong_type(text, &name())) };
        string.encode_utf8().map(Text).map_err(|error| of_surrogates(text.py(), error, &name()))
    }

    pub fn as_str(&self) -> &str {
        // What Python encodes is UTF-8.
        str::from_utf8(self.0.as_bytes()).unwrap_or_default()
    }
}

fn wrong_type(text: &Bound<'_, PyAny>, name: &str) -> PyErr {
    let mend = if text.is_instance_of::<PyBytes>() || text.is_instance_of::<PyByteArray>() {
        "; decode it first, e.g. with .decode(\"utf-8\", \"replace\")"
    } else if text.is_none() {
        "; leave it out, or use scan_batch, which gives None for None"
    } else {
        ""
    };
    let found = text.get_type().name().map_or_else(|_| "something else".to_string(), |n| n.to_string());
    PyTypeError::new_err(format!("{name} is of the type {found} where a str is wanted{mend}"))
}

/// The same error with words that say where, and how to mend it.
fn of_surrogates(py: Python<'_>, error: PyErr, name: &str) -> PyErr {
    let named = || -> PyResult<PyErr> {
        let value = error.value(py);
        let (object, start, end) = (value.getattr("object")?, value.getattr("start")?, value.getattr("end")?);
        let reason = format!(
            "{name} holds a lone surrogate, which is no character; replace it, e.g. with \
             .encode(\"utf-8\", \"replace\").decode(\"utf-8\")"
        );
        Ok(PyUnicodeEncodeError::new_err(("utf-8", object.unbind(), start.unbind(), end.unbind(), reason)))
    };
    if !error.is_instance_of::<PyUnicodeEncodeError>(py) {
        return error;
    }
    named().unwrap_or(error)
}
