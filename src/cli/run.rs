//! `gongbao run`: many inputs are read, and what became of each is reported.

mod listen;
mod worker;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::report::{Counts, summary};
use super::say::say;
use super::{
    ALL_FAILED, ConfigFile, Ended, Failure, INTERRUPTED, Ocr, SOME_FAILED, UNWRITABLE, USAGE, print,
};
use crate::batch::{
    self, Again, Batch, Input, Journal, Links, Lock, LockError, MadeBy, Pages, Plan, Row, Shard,
    Status, Stop, shown,
};
use crate::config::Config;
use listen::Report;

#[derive(clap::Args)]
pub struct Arguments {
    /// PDFs, text files, patterns of these ('2023/*.pdf'), or folders that are searched for both
    inputs: Vec<PathBuf>,
    /// Folder for the results; the tree of a searched folder is mirrored in it
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
    /// Inputs that are read at a time, or threads for one alone [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: Option<u16>,
    /// Only these pages, e.g. 1-40
    #[arg(long, value_name = "FIRST-LAST", value_parser = super::pages)]
    pages: Option<Pages>,
    /// A file with one input a line; - for standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Read links that are found in folders as the files that they lead to
    #[arg(long)]
    follow_links: bool,
    /// Read only the I-th of N parts of the inputs, parted by what they hold: one machine each
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Leave out what an earlier run into this folder has read as this one would
    #[arg(long)]
    resume: bool,
    /// As --resume, but read again what has this status
    #[arg(long, value_enum, value_name = "STATUS")]
    retry: Vec<Retry>,
    /// Begin no further input after one has failed
    #[arg(long)]
    fail_fast: bool,
    /// Say which inputs would be read, and read none
    #[arg(long)]
    dry_run: bool,
    /// Which pages of a PDF are read by OCR
    #[arg(long, value_enum, default_value = "auto")]
    ocr: Ocr,
    /// Keep what OCR reads of each page in this folder, and read no page again that is there; runs can share it
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Write DIR/STEM.searchable.pdf as well: the PDF with what OCR read laid unseen on its pages
    #[arg(long)]
    searchable: bool,
    /// End an input that takes longer [default: limits.input_seconds of the configuration]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// End an input that takes more memory [default: limits.memory_mb of the configuration]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(100..))]
    max_memory: Option<u64>,
    /// Read what standard input names, for a run that has started this process
    #[arg(long, hide = true)]
    worker: bool,
    /// Draw each page of a PDF as SVG: its lines, columns, cells and reading order
    #[arg(long, value_name = "DIR")]
    draw: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    log_format: LogFormat,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// What is read again of what an earlier run has read.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Retry {
    Failed,
    Partial,
}

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text
        .split_once('/')
        .and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((part, of)) if (1..=of).contains(&part) => Ok(Shard { part, of }),
        _ => Err("write which part of how many, e.g. 2/8".to_owned()),
    }
}

pub fn run(arguments: &Arguments) -> Ended {
    let config = arguments.config.load()?;
    if arguments.worker {
        return worker::serve(arguments, &config);
    }
    let mut inputs = inputs(arguments)?;
    if arguments.searchable {
        batch::refuse_copies_over_inputs(&mut inputs, &arguments.out);
    }
    if arguments.dry_run {
        let paths: Vec<String> = (inputs.iter())
            .map(|input| format!("{}\n", shown(&input.path)))
            .collect();
        return print(&paths.concat());
    }
    let _lock = lock(&arguments.out)?;
    let made_by = made_by(arguments, &config, &inputs);
    let plan = plan(arguments, inputs, &made_by)?;
    let journal = Journal::open(&arguments.out).map_err(|e| unwritable(&arguments.out, &e))?;
    let stop = Arc::new(Stop::default());
    listen_for_interrupts(&stop);
    let batch = batch(arguments, &config, made_by, plan.inputs.len())?;
    let rows = read_all(&plan, arguments, &batch, &journal, &stop)?;
    shrink_cache(arguments, &config);
    Ok(exit_code(&rows, &stop))
}

/// Keeps the cache within its bound.
fn shrink_cache(arguments: &Arguments, config: &Config) {
    if let Some(folder) = arguments.cache.as_deref().filter(|folder| folder.exists()) {
        let shrunk = extract::ocr::shrink_cache(folder, config.limits.cache_mb << 20);
        if let Err(error) = shrunk {
            say(&format!(
                "gongbao: {}: the cache can't be kept small: {error}",
                shown(folder)
            ));
        }
    }
}

fn exit_code(rows: &[Row], stop: &Stop) -> u8 {
    let n_failed = (rows.iter())
        .filter(|row| matches!(row.status, Status::Failed | Status::Skipped))
        .count();
    match n_failed {
        _ if stop.is_interrupted() => INTERRUPTED,
        _ if stop.is_unwritable() => UNWRITABLE,
        n if n > 0 && n == rows.len() => ALL_FAILED,
        0 if rows.iter().all(|row| row.status == Status::Ok) => 0,
        _ => SOME_FAILED,
    }
}

/// The inputs that the command line names, folders searched.
fn inputs(arguments: &Arguments) -> Result<Vec<Input>, Failure> {
    let mut paths = Vec::new();
    for path in &arguments.inputs {
        paths.extend(matching(path)?);
    }
    if let Some(list) = &arguments.files_from {
        paths.extend(listed(list)?);
    }
    if paths.is_empty() {
        let problem = "name an input: a PDF, a text file, or a folder of them";
        return Err(Failure(USAGE, problem.to_owned()));
    }
    let links = if arguments.follow_links {
        Links::Follow
    } else {
        Links::Refuse
    };
    let inputs = batch::inputs(&paths, links);
    if inputs.is_empty() {
        let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
        return Err(Failure(
            USAGE,
            format!("no .pdf or .txt file in {}", paths.join(", ")),
        ));
    }
    Ok(inputs)
}

/// The files that a pattern matches, where nothing is called like it.
fn matching(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let Some(pattern) = path.to_str().filter(|text| text.contains(['*', '?', '['])) else {
        return Ok(vec![path.to_owned()]);
    };
    if path.symlink_metadata().is_ok() {
        return Ok(vec![path.to_owned()]);
    }
    let found = glob::glob(pattern).map_err(|e| Failure(USAGE, format!("{pattern}: {e}")))?;
    let mut found: Vec<PathBuf> = found.flatten().collect();
    found.sort();
    if found.is_empty() {
        return Err(Failure(USAGE, format!("{pattern}: matches no file")));
    }
    Ok(found)
}

/// The inputs that a file lists, one a line.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |e: io::Error| Failure(USAGE, format!("{}: {e}", shown(list)));
    let mut reader: Box<dyn BufRead> = if list == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(list).map_err(unreadable)?))
    };
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(unreadable)?;
    let lines = bytes.split(|&byte| byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(path_of_bytes)
        .collect())
}

#[cfg(unix)]
fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    let path: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
    path.into()
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Takes the output folder for this run.
fn lock(out: &Path) -> Result<Lock, Failure> {
    std::fs::create_dir_all(out).map_err(|e| unwritable(out, &e))?;
    Lock::take(out).map_err(|error| match error {
        LockError::Io(error) => unwritable(out, &error),
        LockError::Taken(holder) => {
            let holder = if holder.is_empty() {
                "another run"
            } else {
                &holder
            };
            Failure(
                UNWRITABLE,
                format!(
                    "{}: another run writes here ({holder}); wait for it, or name another folder",
                    shown(out)
                ),
            )
        }
    })
}

fn unwritable(out: &Path, error: &io::Error) -> Failure {
    Failure(
        UNWRITABLE,
        format!("{}: can't be written to: {error}", shown(out)),
    )
}

/// What the results depend on besides the inputs. Models that are not there are missed before anything is read.
fn made_by(arguments: &Arguments, config: &Config, inputs: &[Input]) -> MadeBy {
    let may_need_models = arguments.ocr != Ocr::Never
        && inputs.iter().any(|input| {
            let extension = input.path.extension();
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
        });
    let models = if may_need_models {
        extract::ocr::models::named(&config.ocr.models).map_err(|e| e.to_string())
    } else {
        Ok(None)
    };
    if let Err(problem) = &models {
        say(&format!(
            "gongbao: pages without text will stay unread: {problem}"
        ));
    }
    let mut key = config.explain();
    let pages = arguments
        .pages
        .map(|pages| format!("{}-{}", pages.first, pages.last));
    let mode = arguments.ocr.to_possible_value();
    key.push_str(&format!(
        "pages {pages:?}, ocr {:?}, searchable {}",
        mode.map(|mode| mode.get_name().to_owned()),
        arguments.searchable
    ));
    MadeBy {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        config: extract::hash::sha256(key.as_bytes()),
        models: models.ok().flatten(),
    }
}

fn plan(arguments: &Arguments, inputs: Vec<Input>, made_by: &MadeBy) -> Result<Plan, Failure> {
    let retried: Vec<Status> = (arguments.retry.iter())
        .map(|retry| match retry {
            Retry::Failed => Status::Failed,
            Retry::Partial => Status::Partial,
        })
        .collect();
    let again = if arguments.resume || !retried.is_empty() {
        Again::Unless(retried)
    } else {
        Again::All
    };
    let out = &arguments.out;
    batch::plan(inputs, out, made_by, arguments.shard, &again).map_err(|e| {
        Failure(
            UNWRITABLE,
            format!("{}: its journal can't be read: {e}", shown(out)),
        )
    })
}

fn batch<'a>(
    arguments: &'a Arguments,
    config: &Config,
    made_by: MadeBy,
    n_inputs: usize,
) -> Result<Batch<'a>, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments.jobs.map_or(processors, usize::from);
    let n_workers = jobs.min(n_inputs.max(1));
    Ok(Batch {
        out: &arguments.out,
        draw: arguments.draw.as_deref(),
        workers: worker::workers(arguments, config, jobs / n_workers)?,
        n_workers,
        fail_fast: arguments.fail_fast,
        made_by,
    })
}

/// Reads what is planned, and says what became of each.
fn read_all(
    plan: &Plan,
    arguments: &Arguments,
    batch: &Batch,
    journal: &Journal,
    stop: &Stop,
) -> Result<Vec<Row>, Failure> {
    let report = Report::new(&plan.inputs, arguments.log_format, arguments.quiet);
    let rows = batch::run(&plan.inputs, batch, journal, stop, &report);
    report.end();
    let mut rows = rows.map_err(|e| unwritable(&arguments.out, &e))?;
    if stop.is_unwritable() {
        let first = rows.iter().find_map(|row| row.message.clone());
        say(&format!(
            "gongbao: {}: nothing more can be written, so the run has ended ({}); make room and go on with --resume",
            shown(&arguments.out),
            first.unwrap_or_default()
        ));
    }
    let n_before = plan.done.len();
    rows.extend(plan.done.iter().cloned());
    if !arguments.quiet && arguments.log_format == LogFormat::Text && rows.len() > 1 {
        say(summary(&Counts::of(&rows), n_before, report.seconds(), &rows).trim_end());
    }
    Ok(rows)
}

/// The first interrupt lets the inputs that are under way end, the second does not.
fn listen_for_interrupts(stop: &Arc<Stop>) {
    let stop = stop.clone();
    let _ = ctrlc::set_handler(move || {
        if stop.interrupt() {
            std::process::exit(i32::from(INTERRUPTED));
        }
        say(&format!(
            "gongbao: interrupted: what is under way is finished, or given up after {} s; interrupt again to end at once",
            Stop::GRACE.as_secs()
        ));
    });
}
