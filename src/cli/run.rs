//! `gongbao run`: many inputs are read, and what became of each is reported.

mod progress;
mod report;
mod worker;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use rayon::ThreadPool;

use super::{ALL_FAILED, ConfigFile, Ended, Failure, INTERRUPTED, Ocr, SOME_FAILED, USAGE, print};
use crate::batch::{self, Input, Options, Pages, Row, Status};
use crate::config::Config;
use progress::Progress;
use report::Reporter;

#[derive(clap::Args)]
pub struct Arguments {
    /// PDFs that carry text, text files, or folders that are searched for both
    inputs: Vec<PathBuf>,
    /// Folder for the results; the tree of a searched folder is mirrored in it
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
    /// Threads [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Only these pages, e.g. 1-40
    #[arg(long, value_name = "FIRST-LAST", value_parser = super::pages)]
    pages: Option<Pages>,
    /// A file with one input a line; - for standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Begin no further input after one has failed
    #[arg(long)]
    fail_fast: bool,
    /// Say which inputs would be read, and read none
    #[arg(long)]
    dry_run: bool,
    /// Which pages of a PDF are read by OCR
    #[arg(long, value_enum, default_value = "auto")]
    ocr: Ocr,
    /// Write DIR/STEM.searchable.pdf as well: the PDF with what OCR read laid unseen on its pages
    #[arg(long)]
    searchable: bool,
    /// End an input that takes longer; each is read by a process of its own
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// End an input that takes more memory; each is read by a process of its own
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(100..))]
    max_memory: Option<u64>,
    /// Read the one input as NAME, and print what became of it
    #[arg(long, value_name = "NAME", hide = true)]
    worker: Option<PathBuf>,
    /// Draw each page of a PDF as SVG: its lines, columns, cells and reading order
    #[arg(long, value_name = "DIR")]
    draw: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    log_format: LogFormat,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

pub fn run(arguments: &Arguments) -> Ended {
    let config = arguments.config.load()?;
    if let (Some(name), [path]) = (&arguments.worker, arguments.inputs.as_slice()) {
        let input = Input {
            path: path.clone(),
            name: name.clone(),
        };
        return worker::read_limited(&input, arguments, &config);
    }
    let inputs = inputs(arguments)?;
    if arguments.dry_run {
        let paths: Vec<String> = inputs
            .iter()
            .map(|input| format!("{}\n", input.path.display()))
            .collect();
        return print(&paths.concat());
    }
    let interrupt = Interrupt::listen();
    let rows = read_all(&inputs, arguments, &config, &interrupt.stop)?;
    if interrupt.has_come.load(Ordering::Relaxed) {
        return Ok(INTERRUPTED);
    }
    let n_failed = rows.iter().filter(|row| row.status != Status::Ok).count();
    Ok(match n_failed {
        0 => 0,
        n if n == rows.len() => ALL_FAILED,
        _ => SOME_FAILED,
    })
}

/// The inputs that the command line names, folders searched.
fn inputs(arguments: &Arguments) -> Result<Vec<Input>, Failure> {
    let mut paths = arguments.inputs.clone();
    if let Some(list) = &arguments.files_from {
        paths.extend(listed(list)?);
    }
    if paths.is_empty() {
        return Err(Failure(
            USAGE,
            "name an input: a text file or a folder of them".to_owned(),
        ));
    }
    let inputs = batch::inputs(&paths);
    if inputs.is_empty() {
        let paths: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
        return Err(Failure(
            USAGE,
            format!("no .pdf or .txt file in {}", paths.join(", ")),
        ));
    }
    Ok(inputs)
}

/// The inputs that a file lists, one a line.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |e: io::Error| Failure(USAGE, format!("{}: {e}", list.display()));
    let reader: Box<dyn BufRead> = if list == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(list).map_err(unreadable)?))
    };
    let lines: io::Result<Vec<String>> = reader.lines().collect();
    Ok(lines
        .map_err(unreadable)?
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .map(PathBuf::from)
        .collect())
}

/// Reads the inputs by as many threads as are asked for, and says what became of each.
fn read_all(
    inputs: &[Input],
    arguments: &Arguments,
    config: &Config,
    stop: &AtomicBool,
) -> Result<Vec<Row>, Failure> {
    let pool = thread_pool(arguments)?;
    let reader = arguments.ocr.reader(config, pool.current_num_threads());
    let reporter = Reporter::new(inputs, arguments.log_format, arguments.quiet);
    let progress = Progress::new(!arguments.quiet && arguments.log_format == LogFormat::Text);
    let page_done =
        |path: &Path, n_done: usize, n_pages: usize| progress.page_done(path, n_done, n_pages);
    let options = Options {
        ocr: Some(&reader),
        progress: Some(&page_done),
        worker: worker::worker(arguments, inputs.len())?,
        ..options(arguments)
    };
    let report = |row: &Row| reporter.report(row);
    pool.install(|| batch::run(inputs, &arguments.out, config, &options, stop, &report))
        .map_err(|e| {
            Failure(
                ALL_FAILED,
                format!("{}: can't be written to: {e}", arguments.out.display()),
            )
        })
}

/// What the command line says of reading an input.
fn options(arguments: &Arguments) -> Options<'static> {
    Options {
        pages: arguments.pages,
        fail_fast: arguments.fail_fast,
        draw: arguments.draw.clone(),
        searchable: arguments.searchable,
        ..Options::default()
    }
}

fn thread_pool(arguments: &Arguments) -> Result<ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.jobs.map_or(0, usize::from))
        .build()
        .map_err(|e| Failure(USAGE, e.to_string()))
}

/// An interrupt from the keyboard.
struct Interrupt {
    has_come: Arc<AtomicBool>,
    /// Set when no further input is to be begun.
    stop: Arc<AtomicBool>,
}

impl Interrupt {
    /// The first interrupt lets the inputs that are under way end, the second does not.
    fn listen() -> Self {
        let interrupt = Self {
            has_come: Arc::new(AtomicBool::new(false)),
            stop: Arc::new(AtomicBool::new(false)),
        };
        let (has_come, stop) = (interrupt.has_come.clone(), interrupt.stop.clone());
        let _ = ctrlc::set_handler(move || {
            if has_come.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED));
            }
            stop.store(true, Ordering::Relaxed);
        });
        interrupt
    }
}
