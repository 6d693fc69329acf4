//! How long a process has been at something, so that a busy machine doesn't make it late: while it waits for a processor its
//! clock stands still.

use std::time::Instant;

/// The clock of a process.
#[derive(Debug)]
pub struct Clock {
    process: u32,
    looked: Instant,
    worked: Option<f64>,
    seconds: f64,
}

impl Clock {
    pub fn start(process: u32) -> Self {
        Clock {
            process,
            looked: Instant::now(),
            worked: worked(process),
            seconds: 0.0,
        }
    }

    /// Seconds since the start. What passes while the process could run and doesn't get to is not counted; what passes
    /// while it waits for something else is.
    pub fn seconds(&mut self) -> f64 {
        let passed = self.looked.elapsed().as_secs_f64();
        self.looked = Instant::now();
        let worked = worked(self.process);
        let is_waiting_for_processor = is_runnable(self.process);
        self.seconds += match (self.worked, worked) {
            (Some(before), Some(now)) if is_waiting_for_processor => (now - before).min(passed),
            _ => passed,
        };
        self.worked = worked;
        self.seconds
    }
}

/// Ticks of a second in what Linux says of processes.
const TICKS: f64 = 100.0;

/// Seconds of processor time that a process has had, where the system says it.
fn worked(process: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets can hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

/// Whether a thread of a process is running, or could be.
fn is_runnable(process: u32) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return false;
    };
    let is_running = |thread: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        stat.rsplit_once(')')
            .is_some_and(|(_, fields)| fields.trim_start().starts_with('R'))
    };
    threads.flatten().any(is_running)
}
