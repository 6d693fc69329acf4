//! Chinese government gazettes (人民政府公报) as structured data in which every character can be traced to its
//! printed line and every doubt is said aloud.
//!
//! ```
//! use gongbao::{Config, ReadOptions, audit, read_bytes};
//!
//! let text = "云溪县人民政府关于防汛的通知\n云政发〔2022〕7号\n各乡镇人民政府：\n请认真执行。\n云溪县人民政府\n2022年6月1日\n";
//! let (output, lines) = read_bytes("a.txt", text, &Config::default(), &ReadOptions::default())?;
//! assert_eq!(output.documents[0].numbers[0].text, "云政发〔2022〕7号");
//! assert!(audit(&output, &lines).is_ok());
//! # Ok::<(), gongbao::ExtractError>(())
//! ```
//!
//! The way of an input:
//!
//! ```text
//! extract             file    → printed lines          a line never changes after this; of a PDF, layout::lay_out makes them
//!   ocr::pages        image pages → glyphs, rulings    as a text layer would have given them, for the same layout
//! repair::passages    lines   → passages, repairs      paragraphs, tables, contents; every change is data
//! segment::documents  passages → gazette, documents    公文 by 发文字号, by the contents, by title
//! check::checks       gazette → checks                 what can hold or fail; never changes a value
//! audit::audit        output  → proof                  nothing lost, nothing invented
//! searchable::write   input   → searchable copy        what OCR read, unseen on its pages
//! ```
//!
//! Two decisions are weighed and not matched: whether a passage goes on in the next line (`repair::joins::evidence`), and
//! what each passage is (`segment::roles`); `evidence` holds what they have in common.
//!
//! `output::of_lines` is this way from lines on, `batch::run` has worker processes go it for many files. Work is
//! parallel at seams (files, lines, documents) and collected in order, so the output is the same on any number of threads.
//!
//! The features `pdf`, `ocr` (which brings `pdf`) and `cli` are on by default. Without any, texts are read; a PDF is
//! then refused, and without `ocr` the scanned pages of one stay unread and fail a check.
//!
//! Deliberately absent: a clock, a host name or a path in the output; a value that is guessed rather than read
//! (what arithmetic proves is marked `inferred`); a rule that knows one issuer, but in a profile (`language::profiles`),
//! which the configuration or the script of a text switches on.

use std::path::Path;

pub use audit::{Audited, audit, audit_bytes};
pub use config::{Config, ConfigError};
pub use extract::ocr::{Mode as OcrMode, Reader as OcrReader};
pub use extract::{ExtractError, PdfError, ReadOptions};
pub use model::{self, Line, Output};

// The stages, for the program, the tests and the benchmarks of this repository. Any release may change them.
#[doc(hidden)]
pub mod batch;
#[doc(hidden)]
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod draw;
#[doc(hidden)]
pub use extract;
#[doc(hidden)]
pub mod evidence;
#[doc(hidden)]
pub mod explain;
#[doc(hidden)]
pub mod output;
#[doc(hidden)]
pub mod repair;
#[doc(hidden)]
pub mod segment;

/// Reads an input file and everything in it: the output, and the printed lines that it is made of.
pub fn read(
    path: &Path,
    config: &Config,
    options: &ReadOptions,
) -> Result<(Output, Vec<Line>), ExtractError> {
    let extracted = extract::lines(path, &config.extract.page_marker, options)?;
    Ok(output::of_lines(extracted, config))
}

/// The same of an input that is already in memory; `name` is only reported.
pub fn read_bytes(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    config: &Config,
    options: &ReadOptions,
) -> Result<(Output, Vec<Line>), ExtractError> {
    let extracted = extract::lines_of_bytes(name, bytes, &config.extract.page_marker, options)?;
    Ok(output::of_lines(extracted, config))
}

/// The repaired text of an input file in reading order: a paragraph, title or table row a line, a form feed where a
/// page ends. Running heads and folios are left out.
pub fn text(path: &Path, config: &Config, options: &ReadOptions) -> Result<String, ExtractError> {
    let extracted = extract::lines(path, &config.extract.page_marker, options)?;
    Ok(output::text(&extracted, config))
}
