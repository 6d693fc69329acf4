//! `gongbao audit`: the proof of outputs.

use std::path::{Path, PathBuf};

use super::{Ended, Failure, NOT_VALID, read_lines, read_output};

/// Findings of one output that are printed: the first say what is wrong, and a file that was cut has thousands.
const MOST_FINDINGS: usize = 20;

pub fn audit(outputs: &[PathBuf]) -> Ended {
    let mut is_valid = true;
    for path in outputs {
        is_valid &= is_proved(path).unwrap_or_else(|Failure(_, message)| {
            eprintln!("gongbao: {message}");
            false
        });
    }
    Ok(if is_valid { 0 } else { NOT_VALID })
}

/// Prints what an audit finds, and says whether that is nothing.
fn is_proved(path: &Path) -> Result<bool, Failure> {
    let output = read_output(path)?;
    let lines = read_lines(&path.with_extension("lines.jsonl"))?;
    let path = path.display();
    match audit::audit(&output, &lines) {
        Ok(seen) => {
            println!(
                "{path}: nothing lost, nothing invented: {} characters in {} lines, {} repairs undone",
                seen.n_chars, seen.n_lines, seen.n_repairs
            );
            Ok(true)
        }
        Err(findings) => {
            for finding in findings.iter().take(MOST_FINDINGS) {
                println!("{path}: {finding}");
            }
            if findings.len() > MOST_FINDINGS {
                println!("{path}: and {} more", findings.len() - MOST_FINDINGS);
            }
            Ok(false)
        }
    }
}
