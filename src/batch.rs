//! Runs over inputs: each is read, written and entered in the journal on its own.

mod worker;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use worker::Worker;

use crate::config::Config;
use crate::draw;
use crate::output;
use extract::laid::Laid;
use extract::ocr;
use extract::page::Page;
use extract::searchable;
use extract::{self, ReadOptions};
use model::{Line, Output};

/// An input file and where, below the output folder, its results go: folder and stem.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub path: PathBuf,
    pub name: PathBuf,
}

/// What became of an input: a row of `journal.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Path below the folder that was searched, or the file's name.
    pub input: String,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The searchable copy, if one was asked for and OCR read a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searchable: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks_failed: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Ok,
    Failed,
    /// Not begun: the run was stopped before.
    Skipped,
}

/// Pages that a run is about, `1-40`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    pub first: u32,
    pub last: u32,
}

/// Files that folders hold, searched in name order; a file stands for itself.
pub fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            search(path, Path::new(""), &mut found);
        } else {
            let name = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            found.push(Input {
                path: path.clone(),
                name,
            });
        }
    }
    found
}

fn search(folder: &Path, below: &Path, found: &mut Vec<Input>) {
    let Ok(entries) = fs::read_dir(folder) else {
        found.push(Input {
            path: folder.to_owned(),
            name: below.to_owned(),
        });
        return;
    };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(|e| e.file_name());
    for entry in entries {
        let (path, name) = (entry.path(), below.join(entry.file_name()));
        // A link to a folder is not followed, so that no search goes round in circles.
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            search(&path, &name, found);
        } else if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("txt") || e.eq_ignore_ascii_case("pdf"))
            && !is_copy(&path)
        {
            found.push(Input { path, name });
        }
    }
}

/// What a searchable copy is named, beside the other results.
const COPY: &str = "searchable.pdf";

/// Whether a file is the searchable copy of one that lies beside it.
fn is_copy(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.and_then(|name| {
        Some(
            path.with_file_name(format!(
                "{}.pdf",
                name.strip_suffix(COPY)?.strip_suffix('.')?
            ))
            .exists(),
        )
    })
    .unwrap_or(false)
}

/// Hears of a page that OCR has read: of which input, how many are done, of how many.
pub type PageDone<'r> = dyn Fn(&Path, usize, usize) + Sync + 'r;

/// How a run goes about it.
#[derive(Clone, Default)]
pub struct Options<'r> {
    pub pages: Option<Pages>,
    /// Begins no further input after one has failed.
    pub fail_fast: bool,
    /// Folder for a picture of each page of a PDF: its lines, columns, cells and their order.
    pub draw: Option<PathBuf>,
    /// Writes a searchable copy of each PDF of which OCR reads a page.
    pub searchable: bool,
    /// Reads image pages; without one they stay unread.
    pub ocr: Option<&'r ocr::Reader>,
    /// Hears of each page that OCR has read: of which input, how many are done, of how many.
    pub progress: Option<&'r PageDone<'r>>,
    /// Reads each input in a process of its own.
    pub worker: Option<Worker>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Options")
            .field("pages", &self.pages)
            .field("draw", &self.draw)
            .field("ocr", &self.ocr)
            .finish_non_exhaustive()
    }
}

/// Reads each input and writes its results into `out`. Rows come back in the order of the inputs; `report` hears
/// of each as soon as it is done. An input is not begun once `stop` is set.
pub fn run(
    inputs: &[Input],
    out: &Path,
    config: &Config,
    options: &Options,
    stop: &AtomicBool,
    report: &(dyn Fn(&Row) + Sync),
) -> io::Result<Vec<Row>> {
    fs::create_dir_all(out)?;
    let refused = refused(inputs, out, options.searchable);
    let rows: Vec<Row> = inputs
        .par_iter()
        .zip(refused)
        .map(|(input, refused)| {
            let row = match (stop.load(Ordering::Relaxed), refused) {
                (true, _) => row(input, Status::Skipped, None),
                (false, Some(why)) => row(input, Status::Failed, Some(why)),
                (false, None) => read_apart(input, out, config, options),
            };
            if row.status == Status::Failed && options.fail_fast {
                stop.store(true, Ordering::Relaxed);
            }
            report(&row);
            row
        })
        .collect();
    write_journal(&rows, out)?;
    Ok(rows)
}

/// Why an input is not read: its results would overwrite those of another, or another input.
fn refused(inputs: &[Input], out: &Path, searchable: bool) -> Vec<Option<String>> {
    let canonical = |path: &Path| path.canonicalize().ok();
    let originals: HashSet<PathBuf> = inputs.iter().filter_map(|i| canonical(&i.path)).collect();
    let mut owners: HashMap<PathBuf, &Path> = HashMap::new();
    let mut refused = Vec::with_capacity(inputs.len());
    for input in inputs {
        let stem = input.name.with_extension("");
        let copy = canonical(&named(out, input, COPY)).filter(|copy| originals.contains(copy));
        refused.push(match (owners.get(&stem), copy.filter(|_| searchable)) {
            (Some(owner), _) => {
                let owner = owner.display();
                Some(format!(
                    "its output would overwrite that of {owner}; rename one of them"
                ))
            }
            (None, Some(original)) => {
                let original = original.display();
                Some(format!(
                    "its searchable copy would overwrite {original}, which is an input"
                ))
            }
            (None, None) => None,
        });
        owners.entry(stem).or_insert(&input.path);
    }
    refused
}

/// Reads one input, in a process of its own if that was asked for.
fn read_apart(input: &Input, out: &Path, config: &Config, options: &Options) -> Row {
    match &options.worker {
        Some(worker) => worker
            .read(input)
            .unwrap_or_else(|error| row(input, Status::Failed, Some(error))),
        None => read(input, out, config, options),
    }
}

fn write_journal(rows: &[Row], out: &Path) -> io::Result<()> {
    let mut journal = String::new();
    for row in rows {
        journal.push_str(&serde_json::to_string(row)?);
        journal.push('\n');
    }
    write_whole(&out.join("journal.jsonl"), journal.as_bytes())
}

/// Reads one input and writes its results into `out`.
pub fn read(input: &Input, out: &Path, config: &Config, options: &Options) -> Row {
    one(input, out, config, options).unwrap_or_else(|error| row(input, Status::Failed, Some(error)))
}

fn row(input: &Input, status: Status, error: Option<String>) -> Row {
    Row {
        input: slashed(&input.name),
        status,
        sha256: None,
        output: None,
        searchable: None,
        documents: None,
        checks_failed: None,
        error,
    }
}

fn slashed(path: &Path) -> String {
    path.components()
        .map(|c| c.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn one(input: &Input, out: &Path, config: &Config, options: &Options) -> Result<Row, String> {
    if input.path.is_dir() {
        return Err("is a folder that can't be searched".to_owned());
    }
    // A defect in the program costs one input, not the batch.
    let result = catch_unwind(AssertUnwindSafe(|| result(input, config, options)))
        .map_err(|_| "made the program fail; please report it with the file".to_owned())??;
    audit::audit(&result.output, &result.lines).map_err(|findings| not_valid(&findings))?;
    let unwritable = |e: io::Error| format!("can't be written to {}: {e}", out.display());
    if let Some(folder) = named(out, input, "json").parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let copied = match result.layers.as_slice() {
        [] => None,
        layers => Some(copy(input, out, result.output.source.n_pages, layers)),
    };
    write(input, out, &result).map_err(unwritable)?;
    Ok(row_of(input, &result.output, copied))
}

/// What an input gave.
struct ReadInput {
    output: Output,
    lines: Vec<Line>,
    /// For the searchable copy, if one was asked for.
    layers: Vec<searchable::Layer>,
}

fn result(input: &Input, config: &Config, options: &Options) -> Result<ReadInput, String> {
    let progress = |n_done: usize, n_pages: usize| {
        if let Some(progress) = options.progress {
            progress(&input.path, n_done, n_pages);
        }
    };
    let reading = ReadOptions {
        pages: options.pages.map(|pages| pages.first..=pages.last),
        ocr: options.ocr,
        keep_glyphs: options.draw.is_some(),
        keep_characters: options.searchable,
        progress: Some(&progress),
    };
    let mut extracted = extract::lines(&input.path, &config.extract.page_marker, &reading)
        .map_err(|e| e.to_string())?;
    if let (Some(folder), Some(laid)) = (&options.draw, &extracted.laid) {
        let pages = std::mem::take(&mut extracted.pages);
        draw(input, folder, &pages, laid, options.pages)?;
    }
    let layers = if options.searchable {
        searchable::layers(&mut extracted)
    } else {
        Vec::new()
    };
    let (output, lines) = output::of_lines(extracted, config);
    Ok(ReadInput {
        output,
        lines,
        layers,
    })
}

/// What is said of an input whose output does not pass its audit, and so is not written.
fn not_valid(findings: &[String]) -> String {
    let first = findings.first().map_or("", String::as_str);
    let more = match findings.len() {
        0 | 1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    format!(
        "has an output that does not pass its audit, so none was written ({first}{more}); please report it with the file"
    )
}

/// The lines first: where the output stands, so do the lines that it is audited against.
fn write(input: &Input, out: &Path, result: &ReadInput) -> io::Result<()> {
    write_whole_by(&named(out, input, "lines.jsonl"), |file| {
        result.lines.iter().try_for_each(|line| {
            serde_json::to_writer(&mut *file, line)?;
            file.write_all(b"\n")
        })
    })?;
    write_whole_by(&named(out, input, "json"), |file| {
        serde_json::to_writer_pretty(&mut *file, &result.output)?;
        file.write_all(b"\n")
    })
}

/// The row of an input that was read; `copied` says what became of its searchable copy.
fn row_of(input: &Input, output: &Output, copied: Option<Result<(), String>>) -> Row {
    let n_failed = output
        .checks
        .iter()
        .filter(|c| c.holds == Some(false))
        .count();
    let stem = slashed(&input.name.with_extension(""));
    let has_copy = matches!(copied, Some(Ok(())));
    let row = match copied {
        Some(Err(error)) => row(
            input,
            Status::Failed,
            Some(format!("has no searchable copy: {error}")),
        ),
        _ => row(input, Status::Ok, None),
    };
    Row {
        sha256: Some(output.source.sha256.clone()),
        output: Some(format!("{stem}.json")),
        documents: Some(output.documents.len()),
        checks_failed: Some(n_failed),
        searchable: has_copy.then(|| format!("{stem}.{COPY}")),
        ..row
    }
}

/// Where a result of an input goes.
fn named(out: &Path, input: &Input, end: &str) -> PathBuf {
    let mut path = out.join(input.name.with_extension("")).into_os_string();
    path.push(format!(".{end}"));
    path.into()
}

/// Writes the searchable copy of a PDF.
fn copy(
    input: &Input,
    out: &Path,
    n_pages: u32,
    layers: &[searchable::Layer],
) -> Result<(), String> {
    let pdf = fs::read(&input.path).map_err(|e| e.to_string())?;
    let mut result = Ok(());
    let written = write_whole_by(&named(out, input, COPY), |file| {
        result = searchable::write(pdf, n_pages, layers, file).map_err(|e| e.to_string());
        if result.is_ok() {
            Ok(())
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    });
    result.and(written.map_err(|e| format!("it can't be written to {}: {e}", out.display())))
}

/// Draws the pages of a PDF as `<stem>-p0001.svg` and so on; another input has none.
fn draw(
    input: &Input,
    folder: &Path,
    drawn: &[Page],
    laid: &Laid,
    pages: Option<Pages>,
) -> Result<(), String> {
    let stem = folder.join(input.name.with_extension(""));
    let unwritable = |e: io::Error| format!("can't be drawn to {}: {e}", folder.display());
    fs::create_dir_all(stem.parent().unwrap_or(folder)).map_err(unwritable)?;
    for page in drawn
        .iter()
        .filter(|page| pages.is_none_or(|p| (p.first..=p.last).contains(&page.number)))
    {
        let path = PathBuf::from(format!("{}-p{:04}.svg", stem.display(), page.number));
        write_whole(&path, draw::svg(page, laid).as_bytes()).map_err(unwritable)?;
    }
    Ok(())
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_by(path, |file| file.write_all(bytes))
}

fn write_whole_by(
    path: &Path,
    write: impl FnOnce(&mut io::BufWriter<fs::File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let write = || {
        let mut file = io::BufWriter::new(fs::File::create(&part)?);
        write(&mut file)?;
        file.into_inner()?.sync_all()?;
        fs::rename(&part, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&part)))
}
