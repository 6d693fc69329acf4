//! What became of each input, on standard error.

use std::collections::HashMap;

use super::LogFormat;
use crate::batch::{Input, Row, Status};

/// Reports rows of the journal as they come.
pub struct Reporter {
    /// The path of each input, by its name in the journal.
    paths: HashMap<String, String>,
    format: LogFormat,
    is_quiet: bool,
}

impl Reporter {
    pub fn new(inputs: &[Input], format: LogFormat, is_quiet: bool) -> Self {
        let paths = inputs
            .iter()
            .map(|i| (i.name.display().to_string(), i.path.display().to_string()))
            .collect();
        Self {
            paths,
            format,
            is_quiet,
        }
    }

    pub fn report(&self, row: &Row) {
        if self.is_quiet && row.status != Status::Failed {
            return;
        }
        match self.format {
            LogFormat::Json => eprintln!("{}", serde_json::json!(row)),
            LogFormat::Text => self.report_as_text(row),
        }
    }

    fn report_as_text(&self, row: &Row) {
        let path = self.paths.get(&row.input).unwrap_or(&row.input);
        match (row.status, &row.error) {
            (Status::Failed, Some(error)) => eprintln!("gongbao: {path}: {error}"),
            (Status::Ok, _) => eprintln!(
                "{path}: {}, {} failed",
                counted(row.documents, "document"),
                counted(row.checks_failed, "check")
            ),
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
