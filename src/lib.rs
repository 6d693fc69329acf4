//! Chinese government gazettes (人民政府公报) as structured data in which every character can be traced to its
//! printed line and every doubt is said aloud.
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
//! [`output::of_lines`] is this way from lines on, [`batch::run`] goes it for many files. Work is parallel at
//! seams (files, lines, documents) and collected in order, so the output is the same on any number of threads.
//!
//! Deliberately absent: a clock, a host name or a path in the output; a value that is guessed rather than read
//! (what arithmetic proves is marked `inferred`); a rule that knows one issuer.

pub use audit;
pub use extract;
pub use model;

pub mod batch;
pub mod check;
pub mod config;
pub mod draw;
pub mod explain;
pub mod output;
pub mod repair;
pub mod searchable;
pub mod segment;

/// How to use the library: the main job on a text in memory.
///
/// ```
/// use gongbao::{audit, config::Config, extract, output};
///
/// let config = Config::default();
/// let text = "云溪县人民政府关于防汛的通知\n云政发〔2022〕7号\n各乡镇人民政府：\n请认真执行。\n云溪县人民政府\n2022年6月1日\n";
/// let extracted = extract::lines_of_bytes("a.txt", text.as_bytes(), &config.extract.page_marker, &Default::default())?;
/// let (gazette, lines) = output::of_lines(extracted, &config);
/// assert_eq!(gazette.documents[0].numbers[0].text, "云政发〔2022〕7号");
/// assert!(audit::audit(&gazette, &lines).is_ok());
/// # Ok::<(), extract::ExtractError>(())
/// ```
#[cfg(doctest)]
struct Example;
