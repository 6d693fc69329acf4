//! An input that may take only so much time or memory is read by a process of its own: both ends of that.

use std::ffi::OsString;
use std::time::Duration;

use clap::ValueEnum;

use super::{Arguments, options, thread_pool};
use crate::batch::{self, Input, Options, Pages, Worker};
use crate::cli::{Ended, Failure, USAGE, print};
use crate::config::Config;

/// How each input is read by a process of its own, if inputs are limited.
pub fn worker(arguments: &Arguments, n_inputs: usize) -> Result<Option<Worker>, Failure> {
    if arguments.timeout.is_none() && arguments.max_memory.is_none() {
        return Ok(None);
    }
    let program = std::env::current_exe()
        .map_err(|e| Failure(USAGE, format!("the program can't start itself: {e}")))?;
    Ok(Some(Worker {
        program,
        arguments: worker_arguments(arguments, n_inputs),
        timeout: arguments.timeout.map(Duration::from_secs),
    }))
}

/// The command line of such a process, but for the input's name and path.
fn worker_arguments(arguments: &Arguments, n_inputs: usize) -> Vec<OsString> {
    let out = arguments.out.as_os_str();
    let mut line: Vec<OsString> = vec!["run".into(), "--out".into(), out.into()];
    let mut add = |name: &str, value: OsString| line.extend([name.into(), value]);
    // Many inputs are read at the same time, one alone by all threads.
    if let Some(jobs) = if n_inputs > 1 {
        Some(1)
    } else {
        arguments.jobs
    } {
        add("--jobs", jobs.to_string().into());
    }
    if let Some(Pages { first, last }) = arguments.pages {
        add("--pages", format!("{first}-{last}").into());
    }
    if let Some(mode) = arguments.ocr.to_possible_value() {
        add("--ocr", mode.get_name().into());
    }
    if let Some(folder) = &arguments.draw {
        add("--draw", folder.into());
    }
    if let Some(config) = &arguments.config.config {
        add("--config", config.into());
    }
    if let Some(max_memory) = arguments.max_memory {
        add("--max-memory", max_memory.to_string().into());
    }
    line.extend(arguments.searchable.then(|| "--searchable".into()));
    line.push("--worker".into());
    line
}

/// Reads one input in this process, which is limited, and prints what became of it.
pub fn read_limited(input: &Input, arguments: &Arguments, config: &Config) -> Ended {
    if let Some(megabytes) = arguments.max_memory {
        limit_memory(megabytes)?;
    }
    let pool = thread_pool(arguments)?;
    let reader = arguments.ocr.reader(config, pool.current_num_threads());
    let options = Options {
        ocr: Some(&reader),
        ..options(arguments)
    };
    let row = pool.install(|| batch::read(input, &arguments.out, config, &options));
    print(&serde_json::json!(row).to_string())
}

#[cfg(unix)]
fn limit_memory(megabytes: u64) -> Result<(), Failure> {
    let bytes = megabytes << 20;
    rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes)
        .map_err(|e| Failure(USAGE, format!("memory can't be limited: {e}")))
}

#[cfg(not(unix))]
fn limit_memory(_megabytes: u64) -> Result<(), Failure> {
    Err(Failure(
        USAGE,
        "memory can't be limited on this system".to_owned(),
    ))
}
