//! Threads for batches, also after a fork.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// A pool, the process it works in, and how many threads were asked for.
struct Kept {
    process: u32,
    threads: usize,
    pool: Arc<ThreadPool>,
}

/// The pool that was used last.
static KEPT: Mutex<Option<Kept>> = Mutex::new(None);

/// A pool of so many threads, one a core where that is 0.
///
/// A fork takes no threads along: a child that used its parent's pool would wait for ever, so it
/// makes its own. Whoever calls this is attached to the interpreter, as is whoever forks, so that no
/// fork happens while the lock is held.
pub fn pool(_: Python<'_>, threads: usize) -> PyResult<Arc<ThreadPool>> {
    let process = std::process::id();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = kept.as_ref()
        && (kept.process, kept.threads) == (process, threads)
    {
        return Ok(Arc::clone(&kept.pool));
    }
    let made = ThreadPoolBuilder::new().num_threads(threads).thread_name(|n| format!("unspin-{n}")).build();
    let pool = Arc::new(made.map_err(|error| {
        PyRuntimeError::new_err(format!("no threads can be made ({error}); scan_batch(..., threads=1) needs none"))
    })?);
    let before = kept.replace(Kept { process, threads, pool: Arc::clone(&pool) });
    if let Some(before) = before
        && before.process != process
    {
        // Its threads are not here to be told that it ends.
        std::mem::forget(before);
    }
    Ok(pool)
}
