//! Runs over inputs, any of which may be hostile. A supervisor hands them to worker processes, writes what they give, and
//! enters in the journal what became of each.
//!
//! ```text
//! inputs      paths → Input         which files are read, and what their results are called
//! plan        Input → Input         those that an earlier run has not read as this would
//! pool        Input → Done          the supervisor's side of workers: deadlines, and a second try without a bad page
//!   worker    Job → Done            the other side: a process with limits
//!   reading   path → ReadInput      one input read, its results made and audited
//!   protocol                        what the two sides say
//!   clock                           how long a process has been at it
//! files       ReadInput → files     whole or not at all; one run at a time
//! journal     Row → journal.jsonl   as each input begins and ends
//! ```

mod clock;
mod files;
mod inputs;
pub mod journal;
mod plan;
mod pool;
mod protocol;
mod reading;
pub mod worker;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use extract::hash::sha256_of_file;
use extract::watch::PageEvent;
pub use files::{Lock, LockError, write_whole};
pub use inputs::{Input, Links, inputs, printable, refuse_copies_over_inputs, shown};
pub use journal::{Failure, Journal, Reason, Row, Status};
pub use plan::{Again, Plan, Shard, plan};
pub use pool::{Deadlines, Workers};
use protocol::Done;
pub use reading::Options;

/// Pages that a run is about, `1-40`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    pub first: u32,
    pub last: u32,
}

/// Whether a run goes on.
#[derive(Debug, Default)]
pub struct Stop {
    state: AtomicU8,
    /// When it was asked to end.
    since: Mutex<Option<Instant>>,
}

/// States of a run: it goes on; no further input is begun, because it was interrupted, because one failed, because nothing
/// can be written.
const GOES_ON: u8 = 0;
const INTERRUPTED: u8 = 1;
const FAILED_FAST: u8 = 2;
const UNWRITABLE: u8 = 3;

impl Stop {
    /// How long an interrupted run lets what is under way go on.
    pub const GRACE: Duration = Duration::from_secs(20);

    /// Asks the run to end; whether it was asked before.
    pub fn interrupt(&self) -> bool {
        let since = &mut *self.since.lock().expect("no holder panics");
        since.get_or_insert_with(Instant::now);
        self.state.swap(INTERRUPTED, Ordering::SeqCst) == INTERRUPTED
    }

    fn set(&self, state: u8) {
        let _ = self
            .state
            .compare_exchange(GOES_ON, state, Ordering::SeqCst, Ordering::SeqCst);
    }

    fn state(&self) -> u8 {
        self.state.load(Ordering::SeqCst)
    }

    pub fn is_interrupted(&self) -> bool {
        self.state() == INTERRUPTED
    }

    pub fn is_unwritable(&self) -> bool {
        self.state() == UNWRITABLE
    }

    /// Why no further input is begun, if none is.
    fn reason(&self) -> Option<Failure> {
        match self.state() {
            GOES_ON => None,
            FAILED_FAST => Some(Failure::new(
                Reason::FailFast,
                "was not begun: another input failed",
            )),
            UNWRITABLE => Some(Failure::new(
                Reason::Unwritable,
                "was not begun: nothing more can be written",
            )),
            _ => Some(Failure::new(
                Reason::Interrupted,
                "was not begun: the run was interrupted",
            )),
        }
    }

    /// Whether what is under way is to be given up.
    fn gives_up(&self) -> bool {
        let since = *self.since.lock().expect("no holder panics");
        since.is_some_and(|since| since.elapsed() >= Stop::GRACE)
    }
}

/// How a run goes about it.
#[derive(Debug)]
pub struct Batch<'b> {
    pub out: &'b Path,
    /// Folder for pictures of pages.
    pub draw: Option<&'b Path>,
    pub workers: Workers,
    /// How many of them there are at a time.
    pub n_workers: usize,
    /// Begins no further input after one has failed.
    pub fail_fast: bool,
    /// What every row has: version, configuration, models.
    pub made_by: MadeBy,
}

/// What results depend on besides the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeBy {
    pub version: String,
    pub config: String,
    pub models: Option<String>,
}

/// Hears of a run.
pub trait Listener: Sync {
    /// An input begins, as the given one of the run.
    fn begun(&self, n: usize);
    fn page(&self, n: usize, event: PageEvent);
    /// An input has ended.
    fn ended(&self, n: usize, row: &Row);
}

/// Reads inputs and writes their results. Rows come back in the order of the inputs. An input is not begun once the run is
/// to stop; the error is that of the journal.
pub fn run(
    inputs: &[Input],
    batch: &Batch,
    journal: &Journal,
    stop: &Stop,
    listener: &dyn Listener,
) -> io::Result<Vec<Row>> {
    let run = Run {
        inputs,
        batch,
        journal,
        stop,
        listener,
    };
    let queue = Mutex::new(largest_first(inputs));
    let rows: Mutex<Vec<Option<Row>>> = Mutex::new(vec![None; inputs.len()]);
    let failed: Mutex<Option<io::Error>> = Mutex::new(None);
    let next = || queue.lock().expect("no holder panics").pop_front();
    let work = || {
        let mut slot = pool::Slot::new(&batch.workers);
        while let Some(n) = next() {
            let row = match stop.reason() {
                Some(failure) => skip(&run, n, failure),
                None => one(&run, n, &mut slot),
            };
            match row {
                Ok(row) => rows.lock().expect("no holder panics")[n] = Some(row),
                Err(error) => {
                    stop.set(UNWRITABLE);
                    failed
                        .lock()
                        .expect("no holder panics")
                        .get_or_insert(error);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..batch.n_workers.min(inputs.len()) {
            scope.spawn(work);
        }
    });
    match failed.into_inner().expect("no holder panics") {
        Some(error) => Err(error),
        None => Ok(rows
            .into_inner()
            .expect("no holder panics")
            .into_iter()
            .flatten()
            .collect()),
    }
}

/// The large ones are not left for the end, when the others have nothing more to do.
fn largest_first(inputs: &[Input]) -> VecDeque<usize> {
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by_key(|&n| std::cmp::Reverse(inputs[n].size));
    order.into()
}

/// A run under way.
struct Run<'r> {
    inputs: &'r [Input],
    batch: &'r Batch<'r>,
    journal: &'r Journal,
    stop: &'r Stop,
    listener: &'r dyn Listener,
}

/// Enters in the journal that an input is not begun.
fn skip(run: &Run, n: usize, failure: Failure) -> io::Result<Row> {
    let row = row(&run.inputs[n], run.batch, Status::Skipped, Some(failure));
    run.journal.note(&row)?;
    Ok(row)
}

/// Reads one input, writes what it gave, and enters it in the journal; that is an error if it can't be.
fn one(run: &Run, n: usize, slot: &mut pool::Slot) -> io::Result<Row> {
    let Run {
        inputs,
        batch,
        journal,
        stop,
        listener,
    } = *run;
    let start = Instant::now();
    let input = &inputs[n];
    listener.begun(n);
    journal.note(&row(input, batch, Status::Begun, None))?;
    let done = match &input.refused {
        Some(failure) => Done {
            read: Err(failure.clone()),
            peak_memory: None,
        },
        None => slot.read(input, stop, &|event| listener.page(n, event)),
    };
    let mut row = match done.read {
        Ok(read) => write(input, batch, read, stop),
        Err(failure) if failure.reason == Reason::Interrupted => {
            row(input, batch, Status::Skipped, Some(failure))
        }
        Err(failure) => row(input, batch, Status::Failed, Some(failure)),
    };
    if row.status == Status::Failed {
        if batch.fail_fast {
            stop.set(FAILED_FAST);
        }
        // What can't be marked is named: its hashes are not those of a row.
        let _ = files::mark_stale(batch.out, input, inputs);
        let is_readable = input.refused.is_none() && row.reason != Some(Reason::InputLimit);
        row.sha256 = is_readable
            .then(|| sha256_of_file(&input.path).ok())
            .flatten();
    }
    row.peak_memory = done.peak_memory;
    row.seconds = Some((start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0);
    journal.end(&row)?;
    listener.ended(n, &row);
    Ok(row)
}

fn row(input: &Input, batch: &Batch, status: Status, failure: Option<Failure>) -> Row {
    let (reason, message) = failure
        .map(|it| (it.reason, printable(&it.message)))
        .unzip();
    let made_by = batch.made_by.clone();
    Row {
        input: inputs::slashed(&input.name),
        status,
        reason,
        message,
        sha256: None,
        pages: None,
        pages_read: None,
        pages_ocr: None,
        documents: None,
        checks_failed: None,
        seconds: None,
        peak_memory: None,
        output: None,
        searchable: None,
        written: Default::default(),
        version: made_by.version,
        config: made_by.config,
        models: made_by.models,
    }
}

/// Writes what an input gave; the row says what became of it.
fn write(input: &Input, batch: &Batch, read: reading::ReadInput, stop: &Stop) -> Row {
    let written = files::write_results(batch.out, input, &read.results)
        .and_then(|()| draw(input, batch, &read.drawings));
    if let Err(error) = written {
        if files::is_final(&error) {
            stop.set(UNWRITABLE);
        }
        let message = format!("can't be written to {}: {error}", shown(batch.out));
        let failure = Failure::new(Reason::Unwritable, message);
        return row(input, batch, Status::Failed, Some(failure));
    }
    let stem = inputs::slashed(&input.stem);
    let summary = read.summary;
    let status = if summary.partial.is_some() {
        Status::Partial
    } else {
        Status::Ok
    };
    let has_copy = read.results.iter().any(|file| file.end == inputs::COPY);
    Row {
        sha256: Some(summary.sha256),
        pages: Some(summary.pages),
        pages_read: Some(summary.pages_read),
        pages_ocr: Some(summary.pages_ocr),
        documents: Some(summary.documents),
        checks_failed: Some(summary.checks_failed),
        output: Some(format!("{stem}.json")),
        searchable: has_copy.then(|| format!("{stem}.{}", inputs::COPY)),
        written: reading::hashes(&stem, &read.results),
        ..row(input, batch, status, summary.partial)
    }
}

fn draw(input: &Input, batch: &Batch, drawings: &[files::ResultFile]) -> io::Result<()> {
    let Some(folder) = batch.draw else {
        return Ok(());
    };
    for drawing in drawings {
        let path: PathBuf = reading::drawing_path(folder, &input.stem, &drawing.end);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        files::write_whole(&path, &drawing.bytes)?;
    }
    Ok(())
}
