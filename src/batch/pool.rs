//! The supervisor's side of workers. It parses nothing: it hands out paths, and ends whoever takes too long or too much.
//! An input on which a worker ends is read again without the page that did it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Stop;
use super::clock::Clock;
use super::inputs::Input;
use super::journal::{Failure, Reason};
use super::protocol::{Done, Job, Message, hear, say_job};
use super::worker::memory_now;
use extract::watch::{PageEvent, Unread, UnreadReason};

/// How workers are started, and what they may take.
#[derive(Debug, Clone)]
pub struct Workers {
    pub program: PathBuf,
    /// With which it becomes a worker.
    pub arguments: Vec<OsString>,
    pub deadlines: Deadlines,
    /// Inputs that one reads before another takes its place.
    pub restart_after: usize,
    /// Megabytes that one may keep between two inputs.
    pub keep_mb: u64,
}

/// Seconds that things may take, by the clock of the process that is at them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deadlines {
    pub input: f64,
    pub page: f64,
    pub ocr_page: f64,
}

/// A place for a worker; it starts one when there is something to read.
#[derive(Debug)]
pub struct Slot<'w> {
    workers: &'w Workers,
    worker: Option<Worker>,
}

/// Hears of the pages of an input.
pub type Heard<'h> = dyn Fn(PageEvent) + Sync + 'h;

/// A page that a worker is at.
#[derive(Debug, Clone, Copy)]
struct UnderWay {
    by_ocr: bool,
    /// By the clock of the worker.
    since: f64,
}

/// The pages that a worker is at, by their numbers.
type Pages = BTreeMap<u32, UnderWay>;

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Looks at a process that is about to end, four times as often.
const MOST_LOOKS: usize = 10;
/// Pages of one input that may end a worker.
const MOST_GIVEN_UP: usize = 12;

impl<'w> Slot<'w> {
    pub fn new(workers: &'w Workers) -> Self {
        Slot {
            workers,
            worker: None,
        }
    }

    /// Reads an input.
    pub fn read(&mut self, input: &Input, stop: &Stop, heard: &Heard) -> Done {
        let mut given_up: Vec<Unread> = Vec::new();
        loop {
            let job = Job {
                path: input.path.clone().into(),
                given_up: given_up.clone(),
            };
            let end = match self.try_read(&job, stop, heard) {
                Ok(done) => return done,
                Err(end) => end,
            };
            let mut found = end.pages_given_up();
            found.retain(|page| given_up.iter().all(|known| known.page != page.page));
            if found.is_empty() || given_up.len() + found.len() > MOST_GIVEN_UP {
                return Done {
                    read: Err(end.failure),
                    peak_memory: end.peak_memory,
                };
            }
            given_up.extend(found);
        }
    }

    fn try_read(&mut self, job: &Job, stop: &Stop, heard: &Heard) -> Result<Done, End> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.workers).map_err(|error| End {
                failure: Failure::new(
                    Reason::Crash,
                    format!("can't be given a process of its own: {error}"),
                ),
                pages: Vec::new(),
                peak_memory: None,
            })?,
        };
        let done = worker.read(job, &self.workers.deadlines, stop, heard)?;
        worker.n_read += 1;
        let is_large = memory_now(&worker.child.id().to_string())
            .is_some_and(|bytes| bytes >> 20 > self.workers.keep_mb);
        if worker.n_read < self.workers.restart_after && !is_large {
            self.worker = Some(worker);
        }
        Ok(done)
    }
}

/// How a worker ended on an input.
#[derive(Debug)]
struct End {
    failure: Failure,
    /// The pages that it was at.
    pages: Vec<u32>,
    peak_memory: Option<u64>,
}

impl End {
    /// The pages that are to be left out when the input is read again.
    fn pages_given_up(&self) -> Vec<Unread> {
        let reason = match self.failure.reason {
            Reason::Deadline => UnreadReason::PageDeadline,
            Reason::Memory | Reason::Crash => UnreadReason::PageFault,
            _ => return Vec::new(),
        };
        let unread = |&page: &u32| Unread {
            page,
            reason,
            why: format!("its reader {}", self.failure.message),
        };
        self.pages.iter().map(unread).collect()
    }
}

/// A worker process. It ends with this.
#[derive(Debug)]
struct Worker {
    child: Child,
    jobs: Option<ChildStdin>,
    messages: Receiver<io::Result<Message>>,
    /// The end of what it wrote to standard error.
    complaint: Arc<Mutex<Vec<u8>>>,
    /// Reads that, until there is nobody who could write more.
    listener: Option<JoinHandle<()>>,
    n_read: usize,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends when there is nobody to ask it for more.
        self.jobs = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Worker {
    fn start(workers: &Workers) -> io::Result<Worker> {
        let mut command = Command::new(&workers.program);
        command
            .args(&workers.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // An interrupt from the keyboard is for the supervisor.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (send, messages) = mpsc::channel();
        if let Some(out) = child.stdout.take() {
            std::thread::spawn(move || pass_on(out, &send));
        }
        let complaint = Arc::new(Mutex::new(Vec::new()));
        let listener = child.stderr.take().map(|from| {
            let complaint = complaint.clone();
            std::thread::spawn(move || keep_end(from, &complaint))
        });
        Ok(Worker {
            jobs: child.stdin.take(),
            child,
            messages,
            complaint,
            listener,
            n_read: 0,
        })
    }

    fn read(
        &mut self,
        job: &Job,
        deadlines: &Deadlines,
        stop: &Stop,
        heard: &Heard,
    ) -> Result<Done, End> {
        let mut pages: Pages = Pages::new();
        let asked = match &mut self.jobs {
            Some(jobs) => say_job(jobs, job),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        if asked.is_err() {
            return Err(self.end(None, &pages));
        }
        let mut clock = Clock::start(self.child.id());
        loop {
            match self.messages.recv_timeout(LOOK) {
                Ok(Ok(Message::Done(done))) => return Ok(*done),
                Ok(Ok(Message::Page(event))) => {
                    keep(&mut pages, event, clock.seconds());
                    heard(event);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.end(None, &pages));
                }
            }
            if let Some((failure, late)) = late(deadlines, clock.seconds(), &pages, stop) {
                return Err(self.end(Some(failure), &late));
            }
        }
    }

    /// Ends the process, or finds out how it ended.
    fn end(&mut self, failure: Option<Failure>, pages: &Pages) -> End {
        let peak_memory = super::worker::peak_memory(&self.child.id().to_string());
        self.jobs = None;
        let is_ours = failure.is_some();
        if is_ours {
            let _ = self.child.kill();
        }
        let status = self.ended();
        self.hear_out();
        let failure = failure.unwrap_or_else(|| {
            let complaint = self.complaint.lock().expect("no writer panics");
            why_ended(status, &String::from_utf8_lossy(&complaint))
        });
        End {
            failure,
            pages: pages.keys().copied().collect(),
            peak_memory,
        }
    }

    /// Waits for what it said last; somebody that it started can hold the pipe open.
    fn hear_out(&self) {
        for _ in 0..MOST_LOOKS {
            if self.listener.as_ref().is_none_or(JoinHandle::is_finished) {
                break;
            }
            std::thread::sleep(LOOK / 4);
        }
    }

    /// How it ended; one that closes its pipes and goes on is ended.
    fn ended(&mut self) -> Option<ExitStatus> {
        for _ in 0..MOST_LOOKS {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(LOOK / 4),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        None
    }
}

/// Keeps track of the pages that a worker is at.
fn keep(pages: &mut Pages, event: PageEvent, since: f64) {
    let (page, by_ocr) = match event {
        PageEvent::Begun(page) => (page, false),
        PageEvent::Recognising(page) => (page, true),
        PageEvent::Ended(page) => {
            pages.remove(&page);
            return;
        }
        PageEvent::Recognised { .. } => return,
    };
    pages.insert(page, UnderWay { by_ocr, since });
}

/// Why a worker has to be ended, and the pages that are to blame.
fn late(
    deadlines: &Deadlines,
    seconds: f64,
    pages: &Pages,
    stop: &Stop,
) -> Option<(Failure, Pages)> {
    if stop.gives_up() {
        let failure = Failure::new(
            Reason::Interrupted,
            "was given up, for the run was interrupted",
        );
        return Some((failure, Pages::new()));
    }
    if seconds >= deadlines.input {
        let message = format!("took longer than {} s; see --timeout", deadlines.input);
        return Some((Failure::new(Reason::Deadline, message), Pages::new()));
    }
    let most = |by_ocr: bool| {
        if by_ocr {
            deadlines.ocr_page
        } else {
            deadlines.page
        }
    };
    let mut late = pages.clone();
    late.retain(|_, page| seconds - page.since >= most(page.by_ocr));
    let by_ocr = late.values().next()?.by_ocr;
    let message = format!("took longer than {} s for a page", most(by_ocr));
    Some((Failure::new(Reason::Deadline, message), late))
}

/// What a process that ended by itself is said to have done.
fn why_ended(status: Option<ExitStatus>, complaint: &str) -> Failure {
    if complaint.contains("memory allocation of") || complaint.contains("out of memory") {
        return Failure::new(
            Reason::Memory,
            "needed more memory than it may take; see --max-memory",
        );
    }
    let report = "please report it with the file";
    #[cfg(unix)]
    {
        /// Ended by force; asked to end; more processor time than allowed.
        const KILL: i32 = 9;
        const TERM: i32 = 15;
        const XCPU: i32 = 24;
        use std::os::unix::process::ExitStatusExt;
        match status.and_then(|status| status.signal()) {
            Some(signal @ (KILL | TERM)) => {
                let message = format!(
                    "lost its process, which another ended (signal {signal}), perhaps the system for want of memory"
                );
                return Failure::new(Reason::Killed, message);
            }
            Some(XCPU) => {
                return Failure::new(
                    Reason::Deadline,
                    "took more processor time than a process may",
                );
            }
            Some(signal) => {
                let message = format!("made the program fail (signal {signal}); {report}");
                return Failure::new(Reason::Crash, message);
            }
            None => {}
        }
    }
    let last = complaint.trim_end().lines().next_back().unwrap_or("");
    let message = match status.and_then(|status| status.code()) {
        Some(code) => format!("made the program end with code {code} ({last}); {report}"),
        None => format!("made the program say what can't be understood; {report}"),
    };
    Failure::new(Reason::Crash, message)
}

/// Passes on what a worker says, until it says no more or what can't be understood.
fn pass_on(out: impl Read, send: &mpsc::Sender<io::Result<Message>>) {
    let mut from = BufReader::new(out);
    loop {
        let message = hear(&mut from);
        let is_last = message.is_err();
        if send.send(message).is_err() || is_last {
            break;
        }
    }
}

/// Keeps the end of what is read.
fn keep_end(mut from: impl Read, end: &Mutex<Vec<u8>>) {
    const KEPT: usize = 4096;
    let mut chunk = [0; KEPT];
    while let Ok(n) = from.read(&mut chunk) {
        if n == 0 {
            break;
        }
        let mut end = end.lock().expect("no reader panics");
        end.extend_from_slice(&chunk[..n]);
        let surplus = end.len().saturating_sub(KEPT);
        end.drain(..surplus);
    }
}
