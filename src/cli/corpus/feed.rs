//! From the thread that reads to those that work: batches in bounded memory.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rayon::prelude::*;
use thread_local::ThreadLocal;

use super::{Add, Failure, Record, Unit};
use crate::cli::input::{Contents, read_document};

/// A batch ends after so many units, or bytes of records. Three are in memory at most: one that
/// is read, one that waits, one that is worked through.
const BATCH_UNITS: usize = 1024;
const BATCH_BYTES: u64 = 8 << 20;
/// Files are read where they are worked through, so that only their names wait.
const BATCH_FILE_BYTES: u64 = 64 << 20;

/// Batches of units, read ahead on a thread of their own.
pub struct Feed {
    batches: Receiver<Vec<Unit>>,
    /// Whether somebody waits: then what there is goes out, however little.
    is_awaited: Arc<AtomicBool>,
}

struct Batch {
    units: Vec<Unit>,
    share: f64,
    out: SyncSender<Vec<Unit>>,
    is_awaited: Arc<AtomicBool>,
}

impl Batch {
    fn add(&mut self, unit: Unit) -> bool {
        self.share += match &unit {
            Unit::File(path) => std::fs::metadata(path).map_or(0, |m| m.len()) as f64 / BATCH_FILE_BYTES as f64,
            Unit::Record(record) => record.raw.len() as f64 / BATCH_BYTES as f64,
            Unit::Failed(_) => 0.0,
        };
        self.units.push(unit);
        let is_full = self.units.len() >= BATCH_UNITS || self.share >= 1.0;
        if is_full || self.is_awaited.swap(false, Ordering::Relaxed) { self.send() } else { true }
    }

    /// Says whether anybody takes them.
    fn send(&mut self) -> bool {
        self.share = 0.0;
        self.units.is_empty() || self.out.send(std::mem::take(&mut self.units)).is_ok()
    }
}

impl Feed {
    /// Begins to read; `source` hands on units as long as they are wanted.
    pub fn begin(source: impl FnOnce(Add<'_>) + Send + 'static) -> Feed {
        let (out, batches) = sync_channel(1);
        let is_awaited = Arc::new(AtomicBool::new(true));
        let mut batch = Batch { units: Vec::new(), share: 0.0, out, is_awaited: is_awaited.clone() };
        // Not awaited at the end: a reader that has gone away does not wait for standard input.
        std::thread::spawn(move || {
            source(&mut |unit| batch.add(unit));
            batch.send();
        });
        Feed { batches, is_awaited }
    }

    /// The next batch; none at the end.
    pub fn next(&mut self) -> Option<Vec<Unit>> {
        if let Ok(batch) = self.batches.try_recv() {
            return Some(batch);
        }
        self.is_awaited.store(true, Ordering::Relaxed);
        self.batches.recv().ok()
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
