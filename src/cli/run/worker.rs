//! Workers of a run: how they are started, and what they do.

use std::ffi::OsString;

use clap::ValueEnum;

use super::Arguments;
use crate::batch::worker::{Allowance, limit, serve as serve_jobs};
use crate::batch::{Deadlines, Options, Pages, Workers};
use crate::cli::{ALL_FAILED, Ended, Failure, USAGE};
use crate::config::Config;

/// How workers are started, each with so many threads.
pub fn workers(
    arguments: &Arguments,
    config: &Config,
    n_threads: usize,
) -> Result<Workers, Failure> {
    let program = std::env::current_exe()
        .map_err(|e| Failure(USAGE, format!("the program can't start itself: {e}")))?;
    let limits = &config.limits;
    Ok(Workers {
        program,
        arguments: command_line(arguments, n_threads),
        deadlines: Deadlines {
            input: arguments.timeout.unwrap_or(limits.input_seconds) as f64,
            page: limits.page_seconds as f64,
            ocr_page: limits.ocr_page_seconds as f64,
        },
        restart_after: limits.restart_after,
        keep_mb: limits.keep_mb,
    })
}

fn command_line(arguments: &Arguments, n_threads: usize) -> Vec<OsString> {
    let out = arguments.out.as_os_str();
    let mut line: Vec<OsString> = vec!["run".into(), "--worker".into(), "--out".into(), out.into()];
    let mut add = |name: &str, value: OsString| line.extend([name.into(), value]);
    add("--jobs", n_threads.max(1).to_string().into());
    if let Some(Pages { first, last }) = arguments.pages {
        add("--pages", format!("{first}-{last}").into());
    }
    if let Some(mode) = arguments.ocr.to_possible_value() {
        add("--ocr", mode.get_name().into());
    }
    if let Some(folder) = &arguments.draw {
        add("--draw", folder.into());
    }
    if let Some(folder) = &arguments.cache {
        add("--cache", folder.into());
    }
    if let Some(config) = &arguments.config.config {
        add("--config", config.into());
    }
    if let Some(max_memory) = arguments.max_memory {
        add("--max-memory", max_memory.to_string().into());
    }
    line.extend(arguments.searchable.then(|| "--searchable".into()));
    line
}

/// Reads what standard input names, within the limits of a worker.
pub fn serve(arguments: &Arguments, config: &Config) -> Ended {
    // Whoever interrupts a run means its supervisor, which ends this when it is time.
    let _ = ctrlc::set_handler(|| {});
    let n_threads = arguments.jobs.map_or(1, usize::from);
    let limits = &config.limits;
    limit(Allowance {
        memory_mb: arguments.max_memory.unwrap_or(limits.memory_mb),
        cpu_seconds: most_cpu_seconds(config, n_threads),
    })
    .map_err(|e| Failure(USAGE, format!("a worker can't be limited: {e}")))?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build()
        .map_err(|e| Failure(USAGE, e.to_string()))?;
    let cache = arguments.cache.as_deref();
    let reader = arguments.ocr.keeping_reader(config, n_threads, cache);
    let options = Options {
        pages: arguments.pages,
        draw: arguments.draw.is_some(),
        searchable: arguments.searchable,
        ocr: Some(&reader),
    };
    pool.install(|| serve_jobs(config, &options))
        .map(|()| 0)
        .map_err(|e| Failure(ALL_FAILED, e.to_string()))
}

/// Processor time that no worker needs: that of a few inputs which each take as long as one may.
fn most_cpu_seconds(config: &Config, n_threads: usize) -> u64 {
    const INPUTS: u64 = 8;
    INPUTS * config.limits.input_seconds * n_threads as u64
}
