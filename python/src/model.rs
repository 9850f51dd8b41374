//! Models: the configuration that they are pickled by, and scanning without Python's lock.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use rayon::prelude::*;
use thread_local::ThreadLocal;
use unspin::dictionary::{Dictionary, Pack, read_pack};
use unspin::{Applicability, ModelBuilder, Profile, Worker};

use crate::errors::{check_share, in_file, of_file};
use crate::pool::pool;
use crate::report::Report;
use crate::texts::Text;

/// So many bytes of a batch are scanned before Python is asked whether to go on, and to hand over more.
const PORTION: usize = 4 << 20;

/// What is longer than this is no pack; as in the program.
const MOST_PACK_BYTES: u64 = 100 << 20;

/// What a model is made from.
#[derive(Clone, Debug)]
struct Configuration {
    packs: Vec<PathBuf>,
    profile: Profile,
    threshold: Option<f64>,
    min_confidence: Option<f64>,
    thesaurus: bool,
}

impl Configuration {
    fn build(&self) -> PyResult<unspin::Model> {
        check_share("threshold", self.threshold)?;
        check_share("min_confidence", self.min_confidence)?;
        let mut builder = ModelBuilder::english().profile(self.profile).thesaurus(self.thesaurus);
        for path in &self.packs {
            builder = match swaps_of(path)? {
                Swaps::Compiled(dictionary) => builder.dictionary(dictionary),
                Swaps::Pack(pack) => builder.pack(pack),
            };
        }
        if let Some(threshold) = self.threshold {
            builder = builder.threshold(threshold);
        }
        if let Some(least) = self.min_confidence {
            #[allow(clippy::cast_possible_truncation)]
            let least = least as f32;
            builder = builder.min_confidence(least);
        }
        builder.build().map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

/// What a file of swaps holds.
enum Swaps {
    Compiled(Dictionary),
    Pack(Pack),
}

fn swaps_of(path: &Path) -> PyResult<Swaps> {
    let failed = |error| of_file(path, &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(MOST_PACK_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_PACK_BYTES {
        let words =
            format!("more than the {MOST_PACK_BYTES} bytes that are read; split it, and pass each part by itself");
        return Err(in_file(path, &words));
    }
    if bytes.starts_with(b"UNSPIN") {
        return Dictionary::from_bytes(bytes).map(Swaps::Compiled).map_err(|error| in_file(path, &error));
    }
    let Ok(text) = str::from_utf8(&bytes) else {
        let words = "neither a compiled dictionary nor a TSV pack in UTF-8; compile a pack with `unspin dict build`";
        return Err(in_file(path, &words));
    };
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    read_pack(&name, &path.display().to_string(), text).map(Swaps::Pack).map_err(|error| in_file(path, &error))
}

fn profile_of(name: &str) -> PyResult<Profile> {
    Profile::ALL.into_iter().find(|profile| profile.name() == name).ok_or_else(|| {
        let names = Profile::ALL.map(|profile| format!("\"{}\"", profile.name())).join(", ");
        PyValueError::new_err(format!("there is no profile \"{name}\"; there are {names}"))
    })
}

fn grade_of(name: &str) -> PyResult<Applicability> {
    match name {
        "safe" => Ok(Applicability::Safe),
        "unsafe" => Ok(Applicability::Unsafe),
        "display" => Err(PyValueError::new_err(
            "findings of the grade \"display\" are shown and never undone; \"unsafe\" undoes the most",
        )),
        _ => Err(PyValueError::new_err(format!(
            "there is no grade \"{name}\"; \"safe\" undoes the sure findings, \"unsafe\" also the likely ones"
        ))),
    }
}

fn paths_of(packs: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<PathBuf>> {
    let Some(packs) = packs else { return Ok(Vec::new()) };
    let wrong = || PyTypeError::new_err("packs is a list of paths; put a single one into a list, packs=[\"mine.tsv\"]");
    if packs.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    packs.try_iter().map_err(|_| wrong())?.map(|path| path?.extract::<PathBuf>()).collect()
}

/// Dictionaries, language model and thresholds: everything that scanning needs. Immutable, and
/// shared by all threads; pickled by its configuration.
#[pyclass(frozen, module = "unspin")]
#[derive(Debug)]
pub struct Model {
    configuration: Configuration,
    model: unspin::Model,
}

impl Model {
    fn of(configuration: Configuration) -> PyResult<Model> {
        let model = configuration.build()?;
        Ok(Model { configuration, model })
    }

    /// The model where nothing is said.
    pub fn of_defaults() -> PyResult<Model> {
        let profile = Profile::default();
        Model::of(Configuration { packs: Vec::new(), profile, threshold: None, min_confidence: None, thesaurus: true })
    }

    /// Scans a portion of a batch, on so many threads.
    fn scan_portion<'m>(
        &'m self,
        py: Python<'_>,
        portion: &[Option<Text<'_>>],
        threads: usize,
        workers: &ThreadLocal<RefCell<Worker<'m>>>,
    ) -> PyResult<Vec<Option<Report>>> {
        let texts: Vec<Option<&str>> = portion.iter().map(|text| text.as_ref().map(Text::as_str)).collect();
        let scan = |text: &Option<&str>| {
            text.map(|text| {
                let worker = workers.get_or(|| RefCell::new(self.model.worker()));
                Report::new(text, worker.borrow_mut().scan(text))
            })
        };
        if threads == 1 {
            return Ok(py.detach(|| texts.iter().map(scan).collect()));
        }
        let pool = pool(py, threads)?;
        Ok(py.detach(|| pool.install(|| texts.par_iter().map(scan).collect())))
    }
}

#[pymethods]
impl Model {
    /// Makes a model.
    #[new]
    #[pyo3(signature = (packs=None, profile="balanced", threshold=None, min_confidence=None, thesaurus=true))]
    fn new(
        packs: Option<&Bound<'_, PyAny>>,
        profile: &str,
        threshold: Option<f64>,
        min_confidence: Option<f64>,
        thesaurus: bool,
    ) -> PyResult<Model> {
        let (packs, profile) = (paths_of(packs)?, profile_of(profile)?);
        Model::of(Configuration { packs, profile, threshold, min_confidence, thesaurus })
    }

    /// Scans one text. `id` and `path` are put into the report as they are.
    #[pyo3(signature = (text, id=None, *, path=None))]
    pub fn scan(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        id: Option<String>,
        path: Option<String>,
    ) -> PyResult<Report> {
        let text = Text::of(text, || "text".into())?;
        let text = text.as_str();
        Ok(py.detach(|| {
            let mut report = self.model.scan(text);
            (report.id, report.path) = (id, path);
            Report::new(text, report)
        }))
    }

    /// Scans many texts on all cores, or on so many threads; None among them gives None.
    #[pyo3(signature = (texts, *, threads=None))]
    pub fn scan_batch(
        &self,
        py: Python<'_>,
        texts: &Bound<'_, PyAny>,
        threads: Option<usize>,
    ) -> PyResult<Vec<Option<Report>>> {
        if texts.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err(
                "texts is one str where a list of them is wanted; use scan for a single one",
            ));
        }
        let mut texts = texts.try_iter().map_err(|error| {
            PyTypeError::new_err(format!(
                "texts is no list of str, and nothing else that can be gone through ({error})"
            ))
        })?;
        if threads == Some(0) {
            return Err(PyValueError::new_err("threads is 0; 1 is the least, and None takes one a core"));
        }
        let (workers, mut reports) = (ThreadLocal::new(), Vec::new());
        let mut portion = Vec::new();
        let mut more = true;
        while more {
            portion.clear();
            let mut bytes = 0;
            while bytes < PORTION {
                let Some(text) = texts.next() else {
                    more = false;
                    break;
                };
                let (text, number) = (text?, reports.len() + portion.len());
                let text = if text.is_none() { None } else { Some(Text::of(&text, || format!("texts[{number}]"))?) };
                // What an empty text or None costs is little, not nothing.
                bytes += text.as_ref().map_or(0, |text| text.as_str().len()) + 64;
                portion.push(text);
            }
            if !portion.is_empty() {
                reports.extend(self.scan_portion(py, &portion, threads.unwrap_or(0), &workers)?);
            }
            py.check_signals()?;
        }
        Ok(reports)
    }

    /// The text with its swaps undone: the sure ones ("safe"), or also the likely ones ("unsafe").
    #[pyo3(signature = (text, grade="safe"))]
    pub fn restore(&self, py: Python<'_>, text: &Bound<'_, PyAny>, grade: &str) -> PyResult<String> {
        let (least, text) = (grade_of(grade)?, Text::of(text, || "text".into())?);
        let text = text.as_str();
        Ok(py.detach(|| self.model.restore(text, least).text))
    }

    /// The files of swaps of one's own.
    #[getter]
    fn packs(&self) -> Vec<String> {
        self.configuration.packs.iter().map(|path| path.display().to_string()).collect()
    }

    /// How ready to accuse it is: "strict", "balanced" or "sensitive".
    #[getter]
    fn profile(&self) -> &'static str {
        self.configuration.profile.name()
    }

    /// From this probability on texts are labelled "spun"; None for that of the profile.
    #[getter]
    fn threshold(&self) -> Option<f64> {
        self.configuration.threshold
    }

    /// From this confidence on findings are reported; None for that of the profile.
    #[getter]
    fn min_confidence(&self) -> Option<f64> {
        self.configuration.min_confidence
    }

    /// Whether swaps that no spinner is known for are looked for in a thesaurus.
    #[getter]
    fn thesaurus(&self) -> bool {
        self.configuration.thesaurus
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut said = Vec::new();
        if !self.configuration.packs.is_empty() {
            said.push(format!("packs={}", self.packs().into_pyobject(py)?.repr()?));
        }
        said.push(format!("profile='{}'", self.profile()));
        if let Some(threshold) = self.threshold() {
            said.push(format!("threshold={threshold}"));
        }
        if let Some(least) = self.min_confidence() {
            said.push(format!("min_confidence={least}"));
        }
        if !self.thesaurus() {
            said.push("thesaurus=False".into());
        }
        Ok(format!("unspin.Model({})", said.join(", ")))
    }

    /// By its configuration, with paths that hold wherever the other process works.
    #[allow(clippy::type_complexity)]
    fn __reduce__(
        slf: &Bound<'_, Self>,
    ) -> PyResult<(Py<PyAny>, (Vec<PathBuf>, &'static str, Option<f64>, Option<f64>, bool))> {
        let of = &slf.get().configuration;
        let packs = of.packs.iter().map(|path| std::path::absolute(path).map_err(|error| of_file(path, &error)));
        let arguments =
            (packs.collect::<PyResult<_>>()?, of.profile.name(), of.threshold, of.min_confidence, of.thesaurus);
        Ok((slf.get_type().into_any().unbind(), arguments))
    }
}
