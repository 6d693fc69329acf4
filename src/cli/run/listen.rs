//! What a run says while it goes on: a bar where standard error is a terminal, a line for each input.

use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::LogFormat;
use crate::batch::{Input, Listener, Row, Status, shown};
use crate::cli::say::say;
use extract::watch::PageEvent;

/// Reports inputs as they come.
pub struct Report<'i> {
    inputs: &'i [Input],
    format: LogFormat,
    is_quiet: bool,
    start: Instant,
    n_pages: AtomicUsize,
    /// Over the bytes of all inputs: how many pages they have nobody knows before they are read.
    bar: ProgressBar,
    /// What is under way: the input and its page.
    at: Mutex<Vec<(usize, String)>>,
}

impl<'i> Report<'i> {
    pub fn new(inputs: &'i [Input], format: LogFormat, is_quiet: bool) -> Self {
        let is_shown = !is_quiet && format == LogFormat::Text && io::stderr().is_terminal();
        let n_bytes = inputs.iter().map(|input| input.size).sum();
        let target = if is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template(
            "[{elapsed}] {bar:24} {percent}%, {eta} left, {prefix}: {wide_msg}",
        );
        let bar = ProgressBar::with_draw_target(Some(n_bytes), target);
        Self {
            inputs,
            format,
            is_quiet,
            start: Instant::now(),
            n_pages: AtomicUsize::new(0),
            bar: match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            },
            at: Mutex::new(Vec::new()),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    pub fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn show(&self) {
        if self.bar.is_hidden() {
            return;
        }
        let n_pages = self.n_pages.load(Ordering::Relaxed);
        let rate = n_pages as f64 / self.seconds().max(f64::EPSILON);
        let at = self.at.lock().expect("no holder panics");
        let at: Vec<&str> = at.iter().map(|(_, at)| at.as_str()).collect();
        self.bar
            .set_prefix(format!("{n_pages} pages, {rate:.1} a second"));
        self.bar.set_message(at.join(", "));
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| say(line));
    }

    fn report_as_text(&self, path: &str, row: &Row) {
        let message = row.message.as_deref().unwrap_or("");
        match row.status {
            Status::Failed => self.say(&format!("gongbao: {path}: {message}")),
            Status::Partial => self.say(&format!("gongbao: {path}: is read in part: {message}")),
            Status::Ok => self.say(&format!(
                "{path}: {}, {} failed",
                counted(row.documents, "document"),
                counted(row.checks_failed, "check")
            )),
            Status::Skipped | Status::Begun => {}
        }
    }
}

impl Listener for Report<'_> {
    fn begun(&self, n: usize) {
        let name = shown(&self.inputs[n].name);
        self.at.lock().expect("no holder panics").push((n, name));
        self.show();
    }

    fn page(&self, n: usize, event: PageEvent) {
        match event {
            PageEvent::Recognised { n_done, n_pages } => {
                let name = shown(&self.inputs[n].name);
                let mut at = self.at.lock().expect("no holder panics");
                if let Some((_, at)) = at.iter_mut().find(|(input, _)| *input == n) {
                    *at = format!("{name} (page {n_done} of {n_pages} by OCR)");
                }
            }
            PageEvent::Ended(_) => drop(self.n_pages.fetch_add(1, Ordering::Relaxed)),
            PageEvent::Begun(_) | PageEvent::Recognising(_) => return,
        }
        self.show();
    }

    fn ended(&self, n: usize, row: &Row) {
        let mut at = self.at.lock().expect("no holder panics");
        at.retain(|(input, _)| *input != n);
        drop(at);
        self.bar.inc(self.inputs[n].size);
        self.show();
        let is_said = !self.is_quiet || matches!(row.status, Status::Failed | Status::Partial);
        match self.format {
            LogFormat::Text if is_said => {
                self.report_as_text(&shown(&self.inputs[n].path), row);
            }
            LogFormat::Json if is_said => {
                let level = match row.status {
                    Status::Failed => "error",
                    Status::Partial => "warn",
                    _ => "info",
                };
                let mut said = serde_json::json!(row);
                said["level"] = level.into();
                self.say(&said.to_string());
            }
            _ => {}
        }
    }
}

fn counted(n: Option<usize>, what: &str) -> String {
    match n {
        Some(1) => format!("1 {what}"),
        n => format!("{} {what}s", n.unwrap_or(0)),
    }
}
