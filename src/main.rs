//! The command line. Data goes to standard output, all else to standard error.

use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use gongbao::audit::{self, Audited};
use gongbao::batch::{self, Input, Options, Pages, Status, Worker};
use gongbao::config::Config;
use gongbao::extract::{self, Reading, ocr};
use gongbao::model::{self, Output};
use gongbao::{check, output};

const USAGE: u8 = 2;
const SOME_FAILED: u8 = 3;
const ALL_FAILED: u8 = 4;
const NOT_VALID: u8 = 6;
const INTERRUPTED: u8 = 130;

/// Chinese government gazettes (人民政府公报) as structured JSON in which every character can be traced to its
/// printed line.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read gazettes and write DIR/<stem>.json, DIR/<stem>.lines.jsonl and DIR/journal.jsonl
    Run {
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
        #[arg(long, value_name = "FIRST-LAST", value_parser = pages)]
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
        /// Write DIR/<stem>.searchable.pdf as well: the PDF with what OCR read laid unseen on its pages
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
    },
    /// Print the text in reading order, a form feed between pages
    Text {
        input: PathBuf,
        /// As extracted, before repair
        #[arg(long)]
        raw: bool,
        /// Only these pages, e.g. 1-40
        #[arg(long, value_name = "FIRST-LAST", value_parser = pages)]
        pages: Option<Pages>,
        /// Which pages of a PDF are read by OCR
        #[arg(long, value_enum, default_value = "auto")]
        ocr: Ocr,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Prove that outputs lost and invented nothing, from each .json and the .lines.jsonl beside it
    Audit {
        #[arg(required = true)]
        outputs: Vec<PathBuf>,
    },
    /// Show the checks of outputs as a table
    Checks {
        #[arg(required = true)]
        outputs: Vec<PathBuf>,
        /// Only those that fail
        #[arg(long)]
        failed: bool,
    },
    /// Fetch the models that OCR needs (27 MB, once) and print where they are
    Models {
        /// Take them from the .whl file of rapidocr 3.10.0, or from a folder that holds that or the .onnx files, instead of the network
        #[arg(long, value_name = "FILE-OR-FOLDER")]
        from: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Print the JSON Schema of the output
    Schema,
    /// Print the configuration in force and where each value came from
    Config {
        #[command(flatten)]
        config: ConfigFile,
    },
}

#[derive(clap::Args)]
struct ConfigFile {
    /// Configuration [default: pipeline.toml here, else the built-in copy]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ocr {
    /// Those without text that can be trusted
    Auto,
    /// All that are not blank
    Always,
    Never,
}

impl Ocr {
    fn mode(self) -> ocr::Mode {
        match self {
            Ocr::Auto => ocr::Mode::Auto,
            Ocr::Always => ocr::Mode::Always,
            Ocr::Never => ocr::Mode::Never,
        }
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

fn pages(text: &str) -> Result<Pages, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last => Ok(Pages { first, last }),
        _ => Err("write first and last page, e.g. 1-40".to_owned()),
    }
}

/// Why a command ends without its result, and with which exit code.
struct Failure(u8, String);

type Ended = Result<u8, Failure>;

fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Run {
            inputs,
            out,
            config,
            jobs,
            pages,
            files_from,
            fail_fast,
            dry_run,
            ocr,
            searchable,
            timeout,
            max_memory,
            worker,
            draw,
            log_format,
            quiet,
        } => {
            let logging = Logging {
                format: log_format,
                quiet,
            };
            let limits = Limits {
                timeout,
                max_memory,
                worker,
                config: config.config.clone(),
            };
            config.load().and_then(|config| {
                let options = Options {
                    pages,
                    fail_fast,
                    draw,
                    searchable,
                    ..Options::default()
                };
                run(
                    inputs,
                    files_from.as_deref(),
                    &out,
                    &config,
                    jobs,
                    options,
                    ocr,
                    limits,
                    dry_run,
                    logging,
                )
            })
        }
        Command::Text {
            input,
            raw,
            pages,
            ocr,
            config,
        } => config
            .load()
            .and_then(|config| text(&input, raw, pages, ocr, &config)),
        Command::Audit { outputs } => audits(&outputs),
        Command::Checks { outputs, failed } => checks(&outputs, failed),
        Command::Models { from, config } => config
            .load()
            .and_then(|config| models(from.as_deref(), &config)),
        Command::Schema => print(&format!("{:#}\n", model::schema())),
        Command::Config { config } => config.load().and_then(|config| print(&config.explain())),
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(Failure(code, message)) => {
            eprintln!("gongbao: {message}");
            ExitCode::from(code)
        }
    }
}

impl ConfigFile {
    fn load(&self) -> Result<Config, Failure> {
        Config::load(self.config.as_deref()).map_err(|e| Failure(USAGE, e.to_string()))
    }
}

#[derive(Clone, Copy)]
struct Logging {
    format: LogFormat,
    quiet: bool,
}

#[expect(
    clippy::too_many_arguments,
    reason = "the options of one command, each used once"
)]
fn run(
    mut paths: Vec<PathBuf>,
    files_from: Option<&Path>,
    out: &Path,
    config: &Config,
    jobs: Option<u16>,
    options: Options,
    ocr: Ocr,
    limits: Limits,
    dry_run: bool,
    logging: Logging,
) -> Ended {
    if let (Some(name), [path]) = (&limits.worker, paths.as_slice()) {
        return work(
            Input {
                path: path.clone(),
                name: name.clone(),
            },
            out,
            config,
            jobs,
            options,
            ocr,
            limits.max_memory,
        );
    }
    if let Some(list) = files_from {
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
        return Err(Failure(
            USAGE,
            format!(
                "no .pdf or .txt file in {}",
                paths
                    .iter()
                    .map(|p| p.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        ));
    }
    if dry_run {
        return print(
            &inputs
                .iter()
                .map(|i| format!("{}\n", i.path.display()))
                .collect::<String>(),
        );
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, usize::from))
        .build()
        .map_err(|e| Failure(USAGE, e.to_string()))?;
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::new(AtomicBool::new(false));
    {
        let (stop, interrupted) = (stop.clone(), interrupted.clone());
        // The first interrupt lets the inputs that are under way end, the second does not.
        let _ = ctrlc::set_handler(move || {
            if interrupted.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED));
            }
            stop.store(true, Ordering::Relaxed);
        });
    }
    let paths_by_name: std::collections::HashMap<String, &Path> = inputs
        .iter()
        .map(|i| (i.name.display().to_string(), i.path.as_path()))
        .collect();
    let report = |row: &batch::Row| {
        let path = paths_by_name
            .get(&row.input)
            .map_or(row.input.clone(), |p| p.display().to_string());
        match (logging.format, row.status, &row.error) {
            (LogFormat::Json, ..) if !logging.quiet || row.status == Status::Failed => {
                eprintln!("{}", serde_json::json!(row))
            }
            (LogFormat::Text, Status::Failed, Some(error)) => eprintln!("gongbao: {path}: {error}"),
            (LogFormat::Text, Status::Ok, _) if !logging.quiet => {
                let counted = |n: Option<usize>, what: &str| match n {
                    Some(1) => format!("1 {what}"),
                    n => format!("{} {what}s", n.unwrap_or(0)),
                };
                eprintln!(
                    "{path}: {}, {} failed",
                    counted(row.documents, "document"),
                    counted(row.checks_failed, "check")
                );
            }
            _ => {}
        }
    };
    let reader = ocr::Reader::new(&config.ocr.models, ocr.mode(), pool.current_num_threads());
    let progress = Progress::new(!logging.quiet && logging.format == LogFormat::Text);
    let page_done =
        |path: &Path, n_done: usize, n_pages: usize| progress.page_done(path, n_done, n_pages);
    let worker = limits.worker(out, jobs, inputs.len(), &options, ocr)?;
    let options = Options {
        ocr: Some(&reader),
        progress: Some(&page_done),
        worker,
        ..options
    };
    let rows = pool
        .install(|| batch::run(&inputs, out, config, &options, &stop, &report))
        .map_err(|e| {
            Failure(
                ALL_FAILED,
                format!("{}: can't be written to: {e}", out.display()),
            )
        })?;
    if interrupted.load(Ordering::Relaxed) {
        return Ok(INTERRUPTED);
    }
    let failed = rows.iter().filter(|r| r.status != Status::Ok).count();
    Ok(match failed {
        0 => 0,
        n if n == rows.len() => ALL_FAILED,
        _ => SOME_FAILED,
    })
}

/// What an input may take.
struct Limits {
    timeout: Option<u64>,
    max_memory: Option<u64>,
    /// This process is the one that is limited, and reads the input under this name.
    worker: Option<PathBuf>,
    config: Option<PathBuf>,
}

impl Limits {
    /// How an input is read in a process of its own, if it is limited.
    fn worker(
        &self,
        out: &Path,
        jobs: Option<u16>,
        n_inputs: usize,
        options: &Options,
        ocr: Ocr,
    ) -> Result<Option<Worker>, Failure> {
        if self.timeout.is_none() && self.max_memory.is_none() {
            return Ok(None);
        }
        let program = std::env::current_exe()
            .map_err(|e| Failure(USAGE, format!("the program can't start itself: {e}")))?;
        let mut arguments: Vec<OsString> = vec!["run".into(), "--out".into(), out.into()];
        let mut add = |name: &str, value: OsString| arguments.extend([name.into(), value]);
        // Many inputs are read at the same time, one alone by all threads.
        if let Some(jobs) = if n_inputs > 1 { Some(1) } else { jobs } {
            add("--jobs", jobs.to_string().into());
        }
        if let Some(Pages { first, last }) = options.pages {
            add("--pages", format!("{first}-{last}").into());
        }
        if let Some(mode) = ocr.to_possible_value() {
            add("--ocr", mode.get_name().into());
        }
        if let Some(folder) = &options.draw {
            add("--draw", folder.into());
        }
        if let Some(config) = &self.config {
            add("--config", config.into());
        }
        if let Some(max_memory) = self.max_memory {
            add("--max-memory", max_memory.to_string().into());
        }
        arguments.extend(options.searchable.then(|| "--searchable".into()));
        arguments.push("--worker".into());
        Ok(Some(Worker {
            program,
            arguments,
            timeout: self.timeout.map(Duration::from_secs),
        }))
    }
}

/// Reads one input in this process, which is limited.
fn work(
    input: Input,
    out: &Path,
    config: &Config,
    jobs: Option<u16>,
    options: Options,
    ocr: Ocr,
    max_memory: Option<u64>,
) -> Ended {
    #[cfg(unix)]
    if let Some(bytes) = max_memory.map(|mb| mb << 20) {
        rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes)
            .map_err(|e| Failure(USAGE, format!("memory can't be limited: {e}")))?;
    }
    #[cfg(not(unix))]
    if max_memory.is_some() {
        return Err(Failure(
            USAGE,
            "memory can't be limited on this system".to_owned(),
        ));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, usize::from))
        .build()
        .map_err(|e| Failure(USAGE, e.to_string()))?;
    let reader = ocr::Reader::new(&config.ocr.models, ocr.mode(), pool.current_num_threads());
    let options = Options {
        ocr: Some(&reader),
        ..options
    };
    print(
        &serde_json::json!(pool.install(|| batch::read(&input, out, config, &options))).to_string(),
    )
}

/// Pages done, on standard error where that is a terminal.
struct Progress {
    is_shown: bool,
    start: std::time::Instant,
    n_pages: std::sync::atomic::AtomicUsize,
}

impl Progress {
    fn new(wanted: bool) -> Self {
        let is_shown = wanted && io::stderr().is_terminal();
        Self {
            is_shown,
            start: std::time::Instant::now(),
            n_pages: std::sync::atomic::AtomicUsize::new(0),
        }
    }

    /// One more page; `n_done` of `n_pages` are those of this input.
    fn page_done(&self, path: &Path, n_done: usize, n_pages: usize) {
        let n = self.n_pages.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_shown {
            let per_second = n as f64 / self.start.elapsed().as_secs_f64().max(0.001);
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
}

fn listed(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reader: Box<dyn BufRead> = if list == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = std::fs::File::open(list)
            .map_err(|e| Failure(USAGE, format!("{}: {e}", list.display())))?;
        Box::new(io::BufReader::new(file))
    };
    let lines: io::Result<Vec<String>> = reader.lines().collect();
    let lines = lines.map_err(|e| Failure(USAGE, format!("{}: {e}", list.display())))?;
    Ok(lines
        .into_iter()
        .filter(|l| !l.trim().is_empty())
        .map(PathBuf::from)
        .collect())
}

fn text(input: &Path, raw: bool, pages: Option<Pages>, ocr: Ocr, config: &Config) -> Ended {
    let reader = ocr::Reader::new(&config.ocr.models, ocr.mode(), rayon::current_num_threads());
    let reading = Reading {
        pages: pages.map(|p| p.first..=p.last),
        ocr: Some(&reader),
        ..Reading::default()
    };
    let extracted = extract::lines(input, &config.extract.page_marker, &reading)
        .map_err(|e| Failure(ALL_FAILED, format!("{}: {e}", input.display())))?;
    print(&if raw {
        output::raw_text(&extracted.lines)
    } else {
        output::text(&extracted, config)
    })
}

/// Findings of one output that are shown; the others are counted.
const FINDINGS_SHOWN: usize = 20;

fn audits(outputs: &[PathBuf]) -> Ended {
    let mut valid = true;
    for path in outputs {
        let name = path.display();
        match audit_files(path) {
            Ok(seen) => {
                print(&format!(
                    "{name}: nothing lost, nothing invented: {} characters in {} lines, {} repairs undone\n",
                    seen.n_chars, seen.n_lines, seen.n_repairs
                ))?;
            }
            Err(findings) => {
                valid = false;
                let shown = findings.iter().take(FINDINGS_SHOWN);
                let mut said: String = shown
                    .map(|finding| format!("{name}: {finding}\n"))
                    .collect();
                if let Some(n @ 1..) = findings.len().checked_sub(FINDINGS_SHOWN) {
                    said.push_str(&format!("{name}: and {n} more\n"));
                }
                print(&said)?;
            }
        }
    }
    Ok(if valid { 0 } else { NOT_VALID })
}

/// Audits an output with the lines beside it. What can't be read is not valid.
fn audit_files(path: &Path) -> Result<Audited, Vec<String>> {
    let lines = path.with_extension("lines.jsonl");
    let unread = |path: &Path, e: io::Error| vec![format!("{} can't be read: {e}", path.display())];
    let json = std::fs::read(path).map_err(|e| vec![format!("can't be read: {e}")])?;
    let rows = std::fs::read(&lines).map_err(|e| unread(&lines, e))?;
    audit::audit_bytes(&json, &rows)
}

fn checks(outputs: &[PathBuf], failed: bool) -> Ended {
    let mut table = String::new();
    for path in outputs {
        table.push_str(&check::table(&open(path)?, failed));
    }
    print(&table)
}

fn models(from: Option<&Path>, config: &Config) -> Ended {
    let installed = ocr::models::install(&config.ocr.models, from)
        .map_err(|e| Failure(ALL_FAILED, e.to_string()))?;
    match installed.n_written {
        0 => eprintln!("The models are there already."),
        1 => eprintln!("The model that was missing was written."),
        _ => eprintln!("The models were written."),
    }
    if !installed.licence {
        eprintln!(
            "Their licence (Apache-2.0) does not lie beside them: keep MODEL_LICENSES.md of the package with them if you pass them on."
        );
    }
    let paths: Vec<String> = installed
        .paths
        .iter()
        .map(|path| format!("{}\n", path.display()))
        .collect();
    print(&paths.concat())
}

fn open(path: &Path) -> Result<Output, Failure> {
    let bytes =
        std::fs::read(path).map_err(|e| Failure(NOT_VALID, format!("{}: {e}", path.display())))?;
    serde_json::from_slice(&bytes).map_err(|e| {
        Failure(
            NOT_VALID,
            format!("{}: is not an output of gongbao: {e}", path.display()),
        )
    })
}

/// Writes to standard output; a reader that has gone is no error.
fn print(text: &str) -> Ended {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure(ALL_FAILED, format!("standard output: {e}")))
        }
        _ => Ok(0),
    }
}
