//! `journal.jsonl`: a row as each input begins, and one as it ends, with what became of it. Rows of earlier runs stay.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Mutex;

use extract::watch::UnreadReason;
use extract::{ExtractError, PdfError};
use serde::{Deserialize, Serialize};

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is being read, or was when the run ended.
    Begun,
    Ok,
    /// It has results, and something of it is missing in them.
    Partial,
    /// It has no results.
    Failed,
    /// It was not read, or not to its end: the run was stopped.
    Skipped,
}

/// Why an input is not `ok`. No other word stands in a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The file is damaged, and was read after a repair.
    FileDamaged,

    /// It can't be opened or searched.
    Unreadable,
    /// It is a pipe, a device, or a link that is not followed.
    NotAFile,
    /// It is larger than an input may be.
    InputLimit,
    Empty,
    /// It is neither a PDF nor a text.
    OtherFormat,
    Encoding,
    /// It is protected by a password.
    Password,
    /// It is damaged beyond repair.
    Damaged,
    /// It asks for more work than a document needs.
    WorkLimit,
    /// It took longer than an input may.
    Deadline,
    /// It needed more memory than it may take.
    Memory,
    /// The process that read it ended by itself.
    Crash,
    /// The process that read it was ended by another.
    Killed,
    /// The program made a mistake that it noticed.
    Defect,
    /// The output did not pass its audit.
    Audit,
    /// Its searchable copy could not be made.
    Copy,
    /// Its results could not be written.
    Unwritable,

    /// The run was interrupted.
    Interrupted,
    /// Another input had failed, and the run was to end then.
    FailFast,

    /// Pages are unread: the reason of the first.
    #[serde(untagged)]
    Unread(UnreadReason),
}

/// Why an input has no results, in a word and in a sentence that goes on behind its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub reason: Reason,
    pub message: String,
}

impl Failure {
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Failure {
            reason,
            message: message.into(),
        }
    }
}

impl From<ExtractError> for Failure {
    fn from(error: ExtractError) -> Self {
        let reason = match &error {
            ExtractError::Unreadable(_) => Reason::Unreadable,
            ExtractError::Empty => Reason::Empty,
            ExtractError::OtherFormat(_) | ExtractError::BuiltWithoutPdf => Reason::OtherFormat,
            ExtractError::NoText { reason, .. } => Reason::Unread(*reason),
            ExtractError::Binary(_) | ExtractError::Encoding(_) => Reason::Encoding,
            ExtractError::Pdf(error) => match error {
                PdfError::NotPdf => Reason::OtherFormat,
                PdfError::Damaged | PdfError::NoPages => Reason::Damaged,
                PdfError::Password | PdfError::Encryption => Reason::Password,
                PdfError::TooLarge(_) => Reason::InputLimit,
                PdfError::TooMuchWork => Reason::WorkLimit,
            },
        };
        Failure::new(reason, error.to_string())
    }
}

/// What became of an input: a row of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Path below the folder that was searched, or the file's name. What is no text in it stands as its code.
    pub input: String,
    pub status: Status,
    /// Why it is not `ok`.
    pub reason: Option<Reason>,
    /// The same in a sentence.
    pub message: Option<String>,
    /// Of the input.
    pub sha256: Option<String>,
    /// Pages of the input.
    pub pages: Option<u32>,
    /// Those that were asked for and read: all but those that the check `page-read` names.
    pub pages_read: Option<u32>,
    /// Those that OCR read.
    pub pages_ocr: Option<u32>,
    pub documents: Option<usize>,
    /// Checks that do not hold.
    pub checks_failed: Option<usize>,
    /// From its begin to its end.
    pub seconds: Option<f64>,
    /// In bytes, of the process that read it.
    pub peak_memory: Option<u64>,
    /// Below the output folder.
    pub output: Option<String>,
    /// The searchable copy, if one was asked for and OCR read a page.
    pub searchable: Option<String>,
    /// SHA-256 of each file that was written, by its name below the output folder.
    pub written: std::collections::BTreeMap<String, String>,
    /// Of the program.
    pub version: String,
    /// SHA-256 of the configuration in force and of the options that change results.
    pub config: String,
    /// The models of OCR.
    pub models: Option<String>,
}

/// The journal of an output folder, to which rows are added.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
}

/// What the journal of an output folder is called.
pub const NAME: &str = "journal.jsonl";

impl Journal {
    /// Opens the journal of a folder. What a crash left of a row at its end is cut off.
    pub fn open(out: &Path) -> io::Result<Journal> {
        let path = out.join(NAME);
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let whole = whole_rows(&mut file)?;
        file.set_len(whole)?;
        Ok(Journal {
            file: Mutex::new(file),
        })
    }

    /// Adds the row of an input that begins, or that is not begun.
    pub fn note(&self, row: &Row) -> io::Result<()> {
        self.add(row).map(|_| ())
    }

    /// Adds the row of an input that has ended; it is on the disk when this returns.
    pub fn end(&self, row: &Row) -> io::Result<()> {
        let file = self.add(row)?;
        file.sync_data()
    }

    fn add(&self, row: &Row) -> io::Result<std::sync::MutexGuard<'_, File>> {
        let mut bytes = serde_json::to_vec(row)?;
        bytes.push(b'\n');
        let mut file = self.file.lock().expect("no writer panics");
        file.write_all(&bytes)?;
        Ok(file)
    }
}

/// Bytes of the whole rows of a journal.
fn whole_rows(file: &mut File) -> io::Result<u64> {
    let mut reader = BufReader::new(file);
    let (mut whole, mut row) = (0, Vec::new());
    loop {
        row.clear();
        let n = reader.read_until(b'\n', &mut row)?;
        if n == 0 || row.last() != Some(&b'\n') {
            return Ok(whole);
        }
        whole += n as u64;
    }
}

/// The last row of each input, in the order in which they were first begun. A row that can't be read is none.
pub fn last_rows(out: &Path) -> io::Result<Vec<Row>> {
    let reader = match File::open(out.join(NAME)) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for line in reader.split(b'\n') {
        let Ok(row) = serde_json::from_slice::<Row>(&line?) else {
            continue;
        };
        match places.get(&row.input) {
            Some(&place) => rows[place] = row,
            None => {
                places.insert(row.input.clone(), rows.len());
                rows.push(row);
            }
        }
    }
    Ok(rows)
}
