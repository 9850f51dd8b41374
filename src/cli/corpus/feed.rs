//! From the thread that reads to those that work: batches in bounded memory.

use std::cell::RefCell;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::prelude::*;
use thread_local::ThreadLocal;

use super::{Add, Failure, Record, Unit};
use crate::cli::input::{Contents, read_document};

/// No more units wait than this, or bytes of records: as much again is worked through meanwhile.
const BATCH_UNITS: usize = 1024;
const BATCH_BYTES: u64 = 8 << 20;
/// Files are read where they are worked through, so that only their names wait.
const BATCH_FILE_BYTES: u64 = 64 << 20;

/// So often it is asked whether the run is over.
const PAUSE: Duration = Duration::from_millis(100);

/// Batches of units, read ahead on a thread of their own.
///
/// A batch is what has come since the last one: the records of a slow stream are handed on as they
/// come, those of a fast one in large batches.
pub struct Feed {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

/// What was read and not yet taken.
#[derive(Default)]
struct Waiting {
    units: Vec<Unit>,
    /// How much of a batch they are.
    share: f64,
    /// Whether no more will be read, or taken.
    has_ended: bool,
}

impl Waiting {
    fn is_full(&self) -> bool {
        self.units.len() >= BATCH_UNITS || self.share >= 1.0
    }
}

fn share(unit: &Unit) -> f64 {
    match unit {
        Unit::File(path) => std::fs::metadata(path).map_or(0, |m| m.len()) as f64 / BATCH_FILE_BYTES as f64,
        Unit::Record(record) => record.raw.len() as f64 / BATCH_BYTES as f64,
        Unit::Skipped { .. } | Unit::Failed(_) => 0.0,
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing that holds it can leave it half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room; says whether more is wanted.
    fn add(&self, unit: Unit) -> bool {
        let share = share(&unit);
        let mut waiting = self.lock();
        while waiting.is_full() && !waiting.has_ended {
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.has_ended {
            return false;
        }
        waiting.units.push(unit);
        waiting.share += share;
        self.changed.notify_all();
        true
    }

    fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_all();
    }
}

impl Feed {
    /// Begins to read; `source` hands on units as long as they are wanted.
    pub fn begin(source: impl FnOnce(Add<'_>) + Send + 'static) -> Feed {
        let shared = Arc::new(Shared::default());
        let reader = shared.clone();
        // Nobody waits for its end: it may hang on standard input when all else is over.
        std::thread::spawn(move || {
            source(&mut |unit| reader.add(unit));
            reader.end();
        });
        Feed { shared }
    }

    /// The next batch; none at the end, or once `is_over` says so.
    pub fn next(&mut self, is_over: impl Fn() -> bool) -> Option<Vec<Unit>> {
        let mut waiting = self.shared.lock();
        while waiting.units.is_empty() && !waiting.has_ended && !is_over() {
            let (woken, _) = self.shared.changed.wait_timeout(waiting, PAUSE).unwrap_or_else(PoisonError::into_inner);
            waiting = woken;
        }
        if waiting.units.is_empty() || is_over() {
            return None;
        }
        waiting.share = 0.0;
        let batch = std::mem::take(&mut waiting.units);
        self.shared.changed.notify_all();
        Some(batch)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.shared.end();
    }
}

/// What became of a unit.
pub struct Finished<T> {
    /// The file it is of.
    pub path: String,
    /// What came of its document, if it holds one that could be read.
    pub result: Option<T>,
    /// Why it was left out.
    pub skipped: Option<String>,
    /// What is wrong with it, or with the rest of it.
    pub failed: Option<Failure>,
}

impl<T> Finished<T> {
    fn failed(path: &Path, reason: String) -> Finished<T> {
        let path = path.display().to_string();
        Finished { path: path.clone(), result: None, skipped: None, failed: Some(Failure { path, reason }) }
    }

    fn of(result: anyhow::Result<Option<T>>, path: &Path) -> Finished<T> {
        match result {
            Ok(result) => Finished { path: path.display().to_string(), result, skipped: None, failed: None },
            Err(error) => Finished::failed(path, format!("{error:#}")),
        }
    }
}

/// What is worked through: a file's document or a record.
pub enum Item<'a> {
    File(&'a Path, &'a [u8]),
    Record(Record),
}

impl Item<'_> {
    /// All of its bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Item::File(_, bytes) => bytes,
            Item::Record(record) => &record.raw,
        }
    }
}

/// Works through a batch on all threads; the results are in its order. Each thread has a state of
/// its own, which stays for the next batch. Files of more than `most` bytes are refused.
pub fn side_by_side<S: Send, T: Send>(
    batch: Vec<Unit>,
    most: u64,
    states: &ThreadLocal<RefCell<S>>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Item<'_>) -> anyhow::Result<Option<T>> + Sync,
) -> Vec<Finished<T>> {
    let of_unit = |state: &mut S, unit: Unit| match unit {
        Unit::Failed(failure) => {
            Finished { path: failure.path.clone(), result: None, skipped: None, failed: Some(failure) }
        }
        Unit::Skipped { path, reason } => Finished { path, result: None, skipped: Some(reason), failed: None },
        Unit::Record(record) => {
            let path = record.path.clone();
            Finished::of(work(state, Item::Record(record)), &path)
        }
        Unit::File(path) => match read_document(&path, most) {
            Err(error) => Finished::failed(&path, format!("{error:#}")),
            Ok(Contents::Binary) => {
                let reason = format!("{}: skipped, it is a binary file", path.display());
                Finished { path: path.display().to_string(), result: None, skipped: Some(reason), failed: None }
            }
            Ok(Contents::Text { bytes, cut }) => {
                let mut finished = Finished::of(work(state, Item::File(&path, &bytes)), &path);
                if let Some(reason) = cut {
                    finished.failed.get_or_insert(Failure { path: path.display().to_string(), reason });
                }
                finished
            }
        },
    };
    let on_thread = |unit: Unit| match states.get_or(|| RefCell::new(state())).try_borrow_mut() {
        Ok(mut state) => of_unit(&mut state, unit),
        // Work that waits for work of its own may be given another unit meanwhile.
        Err(_) => of_unit(&mut state(), unit),
    };
    batch.into_par_iter().map(on_thread).collect()
}
