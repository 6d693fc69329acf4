//! A worker: a process that reads one input after the other, as its supervisor says, and can be ended at any moment.

use std::io::{self, BufReader, Write};
use std::sync::Mutex;
use std::sync::mpsc;

use super::protocol::{Done, Job, hear_job, say_done, say_page};
use super::reading::{Options, read};
use crate::config::Config;
use extract::watch::PageEvent;

/// Reads what standard input names, until it ends.
pub fn serve(config: &Config, options: &Options) -> io::Result<()> {
    let jobs = jobs();
    let out = Mutex::new(io::BufWriter::new(io::stdout()));
    let out = || out.lock().expect("no writer panics");
    for job in jobs {
        forget_peak();
        let watch = |event: PageEvent| {
            // Who no longer listens has ended, and so will this.
            let _ = say_page(&mut *out(), event);
        };
        let read = read(job.path.as_ref(), config, options, &job.given_up, &watch);
        let done = Done {
            read,
            peak_memory: peak_memory("self"),
        };
        say_done(&mut *out(), &done)?;
        out().flush()?;
    }
    Ok(())
}

/// What the supervisor asks for. When it is gone, this process ends, whatever it is at.
fn jobs() -> mpsc::Receiver<Job> {
    let (send, jobs) = mpsc::channel();
    std::thread::spawn(move || {
        let mut from = BufReader::new(io::stdin());
        while let Ok(Some(job)) = hear_job(&mut from) {
            if send.send(job).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    jobs
}

/// The most memory that a process has taken, in bytes, where the system says it.
pub fn peak_memory(process: &str) -> Option<u64> {
    memory(process, "VmHWM:")
}

/// The memory that a process takes, in bytes, where the system says it.
pub fn memory_now(process: &str) -> Option<u64> {
    memory(process, "VmRSS:")
}

fn memory(process: &str, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes << 10)
}

/// Lets the peak begin anew: it is one input's.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// What a worker may take.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Megabytes of address space.
    pub memory_mb: u64,
    /// Seconds of processor time, in all.
    pub cpu_seconds: u64,
}

/// Sets the limits of this process: no decoder that runs away takes the machine with it.
#[cfg(all(unix, feature = "cli"))]
pub fn limit(allowance: Allowance) -> io::Result<()> {
    use rlimit::{Resource, setrlimit};
    /// Files that reading one input opens, and what the runtime does.
    const FILES: u64 = 256;
    let lower = |resource: Resource, most: u64| {
        let (_, hard) = resource.get()?;
        let most = most.min(hard);
        setrlimit(resource, most, most)
    };
    lower(Resource::CORE, 0)?;
    lower(Resource::NOFILE, FILES)?;
    lower(Resource::CPU, allowance.cpu_seconds)?;
    lower(Resource::AS, allowance.memory_mb << 20)
}

#[cfg(not(all(unix, feature = "cli")))]
pub fn limit(_allowance: Allowance) -> io::Result<()> {
    Ok(())
}
