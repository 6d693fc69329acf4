//! One input is read, and its results are made, in this process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Pages;
use super::files::ResultFile;
use super::inputs::COPY;
use super::journal::{Failure, Reason};
use crate::config::Config;
use crate::draw;
use crate::output;
use extract::hash::sha256;
use extract::laid::Laid;
use extract::ocr;
use extract::page::Page;
use extract::searchable;
use extract::watch::{Unread, Watch};
use extract::{Extracted, ReadOptions};
use model::{Line, Output};

/// How an input is read.
#[derive(Debug, Clone, Default)]
pub struct Options<'r> {
    pub pages: Option<Pages>,
    /// Makes a picture of each page of a PDF: its lines, columns, cells and their order.
    pub draw: bool,
    /// Makes a searchable copy of each PDF of which OCR reads a page.
    pub searchable: bool,
    /// Reads image pages; without one they stay unread.
    pub ocr: Option<&'r ocr::Reader>,
}

/// What an input gave, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub sha256: String,
    pub pages: u32,
    pub pages_read: u32,
    pub pages_ocr: u32,
    pub documents: usize,
    pub checks_failed: usize,
    /// What is missing in the results, and the sentence about it.
    pub partial: Option<Failure>,
}

/// What an input gave.
#[derive(Debug)]
pub struct ReadInput {
    pub summary: Summary,
    /// The lines, the searchable copy, and the output last.
    pub results: Vec<ResultFile>,
    /// Pictures of pages.
    pub drawings: Vec<ResultFile>,
}

/// Reads an input; pages that were `given_up` are not looked at. A defect of the program costs one input, not the batch.
pub fn read(
    path: &Path,
    config: &Config,
    options: &Options,
    given_up: &[Unread],
    watch: &Watch,
) -> Result<ReadInput, Failure> {
    catch_unwind(AssertUnwindSafe(|| {
        read_all(path, config, options, given_up, watch)
    }))
    .unwrap_or_else(|_| {
        let message = "made the program fail; please report it with the file";
        Err(Failure::new(Reason::Defect, message))
    })
}

fn read_all(
    path: &Path,
    config: &Config,
    options: &Options,
    given_up: &[Unread],
    watch: &Watch,
) -> Result<ReadInput, Failure> {
    let bytes = bytes_of(path, config)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let original = options.searchable.then(|| bytes.clone());
    let reading = ReadOptions {
        pages: options.pages.map(|pages| pages.first..=pages.last),
        ocr: options.ocr,
        keep_glyphs: options.draw,
        keep_characters: options.searchable,
        given_up,
        watch: Some(watch),
    };
    let mut extracted =
        extract::lines_of_bytes(&name, bytes, &config.extract.page_marker, &reading)?;
    let drawings = match &extracted.laid {
        Some(laid) if options.draw => drawings(&extracted.pages, laid, options.pages),
        _ => Vec::new(),
    };
    let partial = partial(&extracted);
    let n_unread = extracted
        .ocr
        .unread
        .iter()
        .filter(|it| it.reason.is_loss())
        .count() as u32;
    let copy = original.map_or(Ok(None), |pdf| copy(pdf, &mut extracted));
    let (copy, partial) = match copy {
        Ok(copy) => (copy, partial),
        Err(failure) => {
            let lost = partial.filter(|partial| partial.reason != Reason::FileDamaged);
            (None, lost.or(Some(failure)))
        }
    };
    let (output, lines) = output::of_lines(extracted, config);
    audit::audit(&output, &lines).map_err(|findings| not_valid(&findings))?;
    let n_failed = output
        .checks
        .iter()
        .filter(|c| c.holds == Some(false))
        .count();
    let summary = Summary {
        sha256: output.source.sha256.clone(),
        pages: output.source.n_pages,
        pages_read: n_asked(output.source.n_pages, options.pages).saturating_sub(n_unread),
        pages_ocr: output.source.ocr.as_ref().map_or(0, |ocr| ocr.n_pages),
        documents: output.documents.len(),
        checks_failed: n_failed,
        partial,
    };
    let results = results(&output, &lines, copy).map_err(|error| {
        Failure::new(
            Reason::Defect,
            format!("has results that can't be written down: {error}"),
        )
    })?;
    Ok(ReadInput {
        summary,
        results,
        drawings,
    })
}

/// How many of so many pages are asked for.
fn n_asked(n_pages: u32, pages: Option<Pages>) -> u32 {
    pages.map_or(n_pages, |pages| {
        (pages.last.min(n_pages) + 1).saturating_sub(pages.first)
    })
}

/// The bytes of an input, if it is not larger than one may be.
fn bytes_of(path: &Path, config: &Config) -> Result<Vec<u8>, Failure> {
    let most = config.limits.input_mb;
    let unreadable = |error: std::io::Error| {
        Failure::new(Reason::Unreadable, format!("can't be opened: {error}"))
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > most << 20 {
        let message = format!(
            "has {} MB, more than an input may have ({most} MB); split it, or raise limits.input_mb",
            size >> 20
        );
        return Err(Failure::new(Reason::InputLimit, message));
    }
    std::fs::read(path).map_err(unreadable)
}

/// What is missing of an input that was read: the pages that were not, or what a repair of the file may have lost.
fn partial(extracted: &Extracted) -> Option<Failure> {
    let lost: Vec<&Unread> = (extracted.ocr.unread.iter())
        .filter(|unread| unread.reason.is_loss())
        .collect();
    if let Some(first) = lost.first() {
        let more = match lost.len() - 1 {
            0 => String::new(),
            n => format!("; {n} more pages are unread"),
        };
        let message = format!("page {} is unread: {}{more}", first.page, first.why);
        return Some(Failure::new(Reason::Unread(first.reason), message));
    }
    let warning = extracted.warnings.first()?;
    Some(Failure::new(Reason::FileDamaged, warning.clone()))
}

/// What is said of an input whose output does not pass its audit, and so is not written.
fn not_valid(findings: &[String]) -> Failure {
    let first = findings.first().map_or("", String::as_str);
    let more = match findings.len() {
        0 | 1 => String::new(),
        n => format!(", and {} more", n - 1),
    };
    let message = format!(
        "has an output that does not pass its audit, so none was written ({first}{more}); please report it with the file"
    );
    Failure::new(Reason::Audit, message)
}

/// The lines first: where the output stands, so do the lines that it is audited against.
fn results(
    output: &Output,
    lines: &[Line],
    copy: Option<Vec<u8>>,
) -> serde_json::Result<Vec<ResultFile>> {
    let mut rows = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut rows, line)?;
        rows.push(b'\n');
    }
    let mut json = serde_json::to_vec_pretty(output)?;
    json.push(b'\n');
    let file = |end: &str, bytes: Vec<u8>| ResultFile {
        end: end.to_owned(),
        bytes,
    };
    let mut files = vec![file("lines.jsonl", rows)];
    files.extend(copy.map(|bytes| file(COPY, bytes)));
    files.push(file("json", json));
    Ok(files)
}

/// The searchable copy of a PDF of which OCR read a page.
fn copy(pdf: Vec<u8>, extracted: &mut Extracted) -> Result<Option<Vec<u8>>, Failure> {
    let layers = searchable::layers(extracted);
    if layers.is_empty() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    searchable::write(pdf, extracted.source.n_pages, &layers, &mut bytes)
        .map_err(|error| Failure::new(Reason::Copy, format!("has no searchable copy: {error}")))?;
    Ok(Some(bytes))
}

/// The pages of a PDF as `p0001.svg` and so on.
fn drawings(drawn: &[Page], laid: &Laid, pages: Option<Pages>) -> Vec<ResultFile> {
    let is_asked = |page: &&Page| pages.is_none_or(|p| (p.first..=p.last).contains(&page.number));
    let drawing = |page: &Page| ResultFile {
        end: format!("p{:04}.svg", page.number),
        bytes: draw::svg(page, laid).into_bytes(),
    };
    drawn.iter().filter(is_asked).map(drawing).collect()
}

/// SHA-256 of each result, by its name below the output folder.
pub fn hashes(stem: &str, results: &[ResultFile]) -> std::collections::BTreeMap<String, String> {
    results
        .iter()
        .map(|file| (format!("{stem}.{}", file.end), sha256(&file.bytes)))
        .collect()
}

/// Where a drawing goes: `x-p0001.svg` in the folder of drawings.
pub fn drawing_path(folder: &Path, stem: &Path, end: &str) -> PathBuf {
    let mut path = folder.join(stem).into_os_string();
    path.push(format!("-{end}"));
    path.into()
}
