//! The command line. Data goes to standard output, all else to standard error.

mod audit;
mod checks;
mod explain;
mod models;
mod report;
mod run;
mod say;
mod text;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::batch::Pages;
use crate::config::Config;
use extract::ocr;
use model::Output;

const USAGE: u8 = 2;
const SOME_FAILED: u8 = 3;
const ALL_FAILED: u8 = 4;
/// The output folder takes no more files, or another run has it.
const UNWRITABLE: u8 = 5;
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
    /// Read gazettes and write DIR/STEM.json, DIR/STEM.lines.jsonl and DIR/journal.jsonl
    Run(run::Arguments),
    /// Print the text in reading order, a form feed between pages
    Text(text::Arguments),
    /// Show what is known of each line and what joined it, or the registry of the rules
    Explain(explain::Arguments),
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
    /// Show what became of the inputs of an output folder, and write it as a page, DIR/report.html
    Report {
        #[arg(value_name = "DIR")]
        out: PathBuf,
    },
    /// Fetch the models that OCR needs (27 MB, once) and print where they are
    Models(models::Arguments),
    /// Print the JSON Schema of the output
    Schema,
    /// Print the configuration in force and where each value came from
    Config {
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// Which configuration a command takes.
#[derive(clap::Args)]
struct ConfigFile {
    /// Configuration [default: pipeline.toml here, else the built-in copy]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigFile {
    fn load(&self) -> Result<Config, Failure> {
        Config::load(self.config.as_deref()).map_err(|e| Failure(USAGE, e.to_string()))
    }
}

/// Which pages of a PDF are read by OCR.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ocr {
    /// Those without text that can be trusted
    Auto,
    /// All that are not blank
    Always,
    Never,
}

impl Ocr {
    /// A reader that keeps what it reads in a folder, if one is named.
    fn keeping_reader(
        self,
        config: &Config,
        n_threads: usize,
        cache: Option<&Path>,
    ) -> ocr::Reader {
        let reader = self.reader(config, n_threads);
        match cache {
            Some(folder) => reader.keeping(folder),
            None => reader,
        }
    }

    fn reader(self, config: &Config, n_threads: usize) -> ocr::Reader {
        let mode = match self {
            Ocr::Auto => ocr::Mode::Auto,
            Ocr::Always => ocr::Mode::Always,
            Ocr::Never => ocr::Mode::Never,
        };
        ocr::Reader::new(&config.ocr.models, mode, n_threads)
    }
}

/// Pages as they are written on the command line.
fn pages(text: &str) -> Result<Pages, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last => Ok(Pages { first, last }),
        _ => Err("write first and last page, e.g. 1-40".to_owned()),
    }
}

/// Why a command ends without its result, and with which exit code.
struct Failure(u8, String);

/// The exit code of a command that ended by itself.
type Ended = Result<u8, Failure>;

/// Does what the command line asks.
pub fn main() -> ExitCode {
    match command(Cli::parse().command) {
        Ok(code) => ExitCode::from(code),
        Err(Failure(code, message)) => {
            say::say(&format!("gongbao: {message}"));
            ExitCode::from(code)
        }
    }
}

fn command(command: Command) -> Ended {
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Text(arguments) => text::text(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Audit { outputs } => audit::audit(&outputs),
        Command::Checks { outputs, failed } => checks::checks(&outputs, failed),
        Command::Report { out } => report::report(&out),
        Command::Models(arguments) => models::models(&arguments),
        Command::Schema => print(&format!("{:#}\n", model::schema())),
        Command::Config { config } => print(&config.load()?.explain()),
    }
}

/// The output that a file holds.
fn read_output(path: &Path) -> Result<Output, Failure> {
    let bytes = std::fs::read(path).map_err(|e| not_valid(path, &e))?;
    serde_json::from_slice(&bytes)
        .map_err(|e| not_valid(path, &format!("is not an output of gongbao: {e}")))
}

fn not_valid(path: &Path, problem: &dyn std::fmt::Display) -> Failure {
    Failure(NOT_VALID, format!("{}: {problem}", path.display()))
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
