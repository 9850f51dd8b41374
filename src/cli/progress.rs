//! Long work shows itself: a bar on standard error, where that is a terminal and reports go elsewhere.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

/// Whether the user asked for an end.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether the user asked for an end: nothing new is begun then.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// The first Ctrl-C ends the work after the documents at hand, the second at once.
pub fn heed_interrupts() {
    // Without a handler Ctrl-C does what it always does.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(2);
        }
    });
}

/// A bar, or nothing where nobody would see it.
pub struct Progress {
    bar: Option<ProgressBar>,
    /// How many documents there are, and how many are done.
    documents: usize,
    done: AtomicUsize,
}

impl Progress {
    /// A bar over the files that `files` gives, if it can be seen; where it gives none, nobody knows
    /// how much there is. Reports on the same terminal show the progress themselves.
    pub fn over(files: impl FnOnce() -> Option<Vec<PathBuf>>) -> Progress {
        if !io::stderr().is_terminal() || io::stdout().is_terminal() {
            return Progress { bar: None, documents: 0, done: AtomicUsize::new(0) };
        }
        let Some(files) = files() else { return Progress::open_ended() };
        let bytes = files.iter().map(|f| std::fs::metadata(f).map_or(0, |m| m.len())).sum();
        let bar = ProgressBar::new(bytes);
        let style = "{wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left, {prefix} documents";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.set_prefix(format!("0 of {}", files.len()));
        Progress { bar: Some(bar), documents: files.len(), done: AtomicUsize::new(0) }
    }

    /// What was read so far, for work whose size nobody knows before.
    pub fn open_ended() -> Progress {
        let bar = io::stderr().is_terminal().then(ProgressBar::no_length);
        if let (Some(bar), Ok(style)) = (&bar, ProgressStyle::with_template("{bytes} read, {bytes_per_sec}, {prefix}"))
        {
            bar.set_style(style);
        }
        Progress { bar, documents: 0, done: AtomicUsize::new(0) }
    }

    /// So many bytes more were read; `done` says what came of all of them.
    pub fn read(&self, bytes: usize, done: impl FnOnce() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_prefix(done());
            bar.inc(bytes as u64);
        }
    }

    /// One document more is done, of so many bytes.
    pub fn add(&self, bytes: usize) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.set_prefix(match self.documents {
                0 => format!("{done} documents"),
                documents => format!("{done} of {documents}"),
            });
            bar.inc(bytes as u64);
        }
    }

    /// Does something that writes to standard error, with the bar out of the way.
    pub fn aside(&self, what: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(what),
            None => what(),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
