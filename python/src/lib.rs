//! The native half of the Python package `unspin`; `unspin/__init__.pyi` has its interface.

mod errors;
mod model;
mod pool;
mod report;
mod texts;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use model::Model;
use report::Report;

/// The model that the functions of the module use, made when the first of them is called.
static DEFAULT: PyOnceLock<Py<Model>> = PyOnceLock::new();

fn default_model(py: Python<'_>) -> PyResult<&'static Py<Model>> {
    DEFAULT.get_or_try_init(py, || Py::new(py, Model::of_defaults()?))
}

/// Scans one text with the default model; the same as `Model().scan(text, id)`.
#[pyfunction]
#[pyo3(signature = (text, id=None, *, path=None))]
fn scan(py: Python<'_>, text: &Bound<'_, PyAny>, id: Option<String>, path: Option<String>) -> PyResult<Report> {
    default_model(py)?.get().scan(py, text, id, path)
}

/// Scans many texts on all cores with the default model; the same as `Model().scan_batch(texts)`.
#[pyfunction]
#[pyo3(signature = (texts, *, threads=None))]
fn scan_batch(py: Python<'_>, texts: &Bound<'_, PyAny>, threads: Option<usize>) -> PyResult<Vec<Option<Report>>> {
    default_model(py)?.get().scan_batch(py, texts, threads)
}

/// Restores one text with the default model; the same as `Model().restore(text, grade)`.
#[pyfunction]
#[pyo3(signature = (text, grade="safe"))]
fn restore(py: Python<'_>, text: &Bound<'_, PyAny>, grade: &str) -> PyResult<String> {
    default_model(py)?.get().restore(py, text, grade)
}

/// The native half of `unspin`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::model::Model;
    #[pymodule_export]
    use super::report::{Finding, Report, Section, load_finding, load_report, load_section};
    #[pymodule_export]
    use super::{restore, scan, scan_batch};

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name of it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
