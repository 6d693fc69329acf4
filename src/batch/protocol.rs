//! What a supervisor and its workers say to each other: lines of JSON over pipes, and the bytes of results behind the last.

use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use super::files::ResultFile;
use super::journal::Failure;
use super::reading::{ReadInput, Summary};
use extract::watch::{PageEvent, Unread};

/// What a worker is to read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    pub path: OsString,
    /// Pages that ended an earlier worker.
    pub given_up: Vec<Unread>,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Page(PageEvent),
    Read {
        summary: Summary,
        results: Vec<(String, u64)>,
        drawings: Vec<(String, u64)>,
        peak_memory: Option<u64>,
    },
    Failed {
        failure: Failure,
        peak_memory: Option<u64>,
    },
}

/// What became of a job.
#[derive(Debug)]
pub struct Done {
    pub read: Result<ReadInput, Failure>,
    /// In bytes.
    pub peak_memory: Option<u64>,
}

/// What a supervisor hears.
#[derive(Debug)]
pub enum Message {
    Page(PageEvent),
    Done(Box<Done>),
}

pub fn say_job(to: &mut impl Write, job: &Job) -> io::Result<()> {
    say(to, job)
}

/// The next job; none at the end.
pub fn hear_job(from: &mut impl BufRead) -> io::Result<Option<Job>> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

pub fn say_page(to: &mut impl Write, event: PageEvent) -> io::Result<()> {
    say(to, &Said::Page(event))
}

pub fn say_done(to: &mut impl Write, done: &Done) -> io::Result<()> {
    let peak_memory = done.peak_memory;
    let read = match &done.read {
        Ok(read) => read,
        Err(failure) => {
            let failure = failure.clone();
            return say(
                to,
                &Said::Failed {
                    failure,
                    peak_memory,
                },
            );
        }
    };
    let sizes = |files: &[ResultFile]| {
        let size = |file: &ResultFile| (file.end.clone(), file.bytes.len() as u64);
        files.iter().map(size).collect()
    };
    say(
        to,
        &Said::Read {
            summary: read.summary.clone(),
            results: sizes(&read.results),
            drawings: sizes(&read.drawings),
            peak_memory,
        },
    )?;
    for file in read.results.iter().chain(&read.drawings) {
        to.write_all(&file.bytes)?;
    }
    to.flush()
}

fn say(to: &mut impl Write, what: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()
}

/// The next message of a worker. Whatever it says, no more is taken than a message can have.
pub fn hear(from: &mut impl BufRead) -> io::Result<Message> {
    /// Bytes of a line: names and sizes of drawings of ten thousand pages.
    const LONGEST_LINE: u64 = 4 << 20;
    let mut line = Vec::new();
    from.by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)?;
    if line.last() != Some(&b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(match serde_json::from_slice(&line)? {
        Said::Page(event) => Message::Page(event),
        Said::Failed {
            failure,
            peak_memory,
        } => Message::Done(Box::new(Done {
            read: Err(failure),
            peak_memory,
        })),
        Said::Read {
            summary,
            results,
            drawings,
            peak_memory,
        } => {
            let read = ReadInput {
                summary,
                results: files(from, results)?,
                drawings: files(from, drawings)?,
            };
            Message::Done(Box::new(Done {
                read: Ok(read),
                peak_memory,
            }))
        }
    })
}

fn files(from: &mut impl BufRead, sizes: Vec<(String, u64)>) -> io::Result<Vec<ResultFile>> {
    let mut files = Vec::with_capacity(sizes.len().min(16));
    for (end, size) in sizes {
        let is_name = end.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
        let mut bytes = Vec::new();
        from.by_ref().take(size).read_to_end(&mut bytes)?;
        if !is_name || bytes.len() as u64 != size {
            return Err(io::ErrorKind::InvalidData.into());
        }
        files.push(ResultFile { end, bytes });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::journal::Reason;

    #[test]
    fn what_is_said_is_heard() {
        let mut pipe = Vec::new();
        let failure = Failure::new(Reason::Empty, "is empty");
        say_page(&mut pipe, PageEvent::Begun(3)).unwrap();
        say_done(
            &mut pipe,
            &Done {
                read: Err(failure.clone()),
                peak_memory: Some(5),
            },
        )
        .unwrap();
        let mut pipe = pipe.as_slice();
        assert!(matches!(
            hear(&mut pipe),
            Ok(Message::Page(PageEvent::Begun(3)))
        ));
        let Ok(Message::Done(done)) = hear(&mut pipe) else {
            panic!("it was said");
        };
        assert_eq!(
            (done.read.unwrap_err(), done.peak_memory),
            (failure, Some(5))
        );
    }

    #[test]
    fn a_worker_that_lies_is_not_believed() {
        for said in [
            &b"\x1b[2J rubbish"[..],
            b"{}\n",
            b"{\"read\":{\"summary\":{},\"results\":[],\"drawings\":[],\"peak_memory\":null}}\n",
            b"{\"page\":{\"begun\":1}}",
        ] {
            assert!(hear(&mut &said[..]).is_err());
        }
    }
}
