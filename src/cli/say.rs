//! Standard error: what can't be written there is lost, and nothing else is.

use std::io::{self, Write};

use crate::batch::printable;

/// Writes a line to standard error, in one piece. No terminal obeys what it holds.
pub fn say(line: &str) {
    let shown: Vec<String> = line.split('\n').map(printable).collect();
    let _ = io::stderr().write_all(format!("{}\n", shown.join("\n")).as_bytes());
}
