//! Pages done, on standard error where that is a terminal.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

pub struct Progress {
    is_shown: bool,
    start: Instant,
    n_pages: AtomicUsize,
}

impl Progress {
    pub fn new(is_wanted: bool) -> Self {
        Self {
            is_shown: is_wanted && io::stderr().is_terminal(),
            start: Instant::now(),
            n_pages: AtomicUsize::new(0),
        }
    }

    /// Counts one more page; `n_done` of `n_pages` are those of this input.
    pub fn page_done(&self, path: &Path, n_done: usize, n_pages: usize) {
        /// Seconds that have passed at least, so that the first page has a rate.
        const SHORTEST: f64 = 0.001;
        let n = self.n_pages.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.is_shown {
            return;
        }
        let per_second = n as f64 / self.start.elapsed().as_secs_f64().max(SHORTEST);
        let left = (n_pages - n_done) as f64 / per_second;
        eprint!(
            "\r\x1b[K{}: page {n_done} of {n_pages}, {per_second:.2} pages/s, {left:.0} s left",
            path.display()
        );
        if n_done == n_pages {
            eprint!("\r\x1b[K");
        }
    }
}
