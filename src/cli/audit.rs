//! `gongbao audit`: the proof of outputs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use audit::Audited;

use super::{Ended, NOT_VALID, print};

/// Findings of one output that are printed: the first say what is wrong, and a file that was cut has thousands.
const MOST_FINDINGS: usize = 20;

pub fn audit(outputs: &[PathBuf]) -> Ended {
    let mut is_valid = true;
    for path in outputs {
        let proof = proof(path);
        is_valid &= proof.is_ok();
        print(&report(path, &proof))?;
    }
    Ok(if is_valid { 0 } else { NOT_VALID })
}

/// Audits an output with the lines beside it. What can't be read is not valid.
fn proof(path: &Path) -> Result<Audited, Vec<String>> {
    let lines = path.with_extension("lines.jsonl");
    let json = std::fs::read(path).map_err(|e| vec![format!("can't be read: {e}")])?;
    let rows = std::fs::read(&lines).map_err(|e| {
        vec![format!(
            "its lines, {}, can't be read: {e}",
            lines.display()
        )]
    })?;
    audit::audit_bytes(&json, &rows)
}

fn report(path: &Path, proof: &Result<Audited, Vec<String>>) -> String {
    let path = path.display();
    let findings = match proof {
        Ok(seen) => {
            return format!(
                "{path}: nothing lost, nothing invented: {} characters in {} lines, {} repairs undone\n",
                seen.n_chars, seen.n_lines, seen.n_repairs
            );
        }
        Err(findings) => findings,
    };
    let mut report = String::new();
    for finding in findings.iter().take(MOST_FINDINGS) {
        let _ = writeln!(report, "{path}: {finding}");
    }
    if findings.len() > MOST_FINDINGS {
        let _ = writeln!(
            report,
            "{path}: and {} more",
            findings.len() - MOST_FINDINGS
        );
    }
    report
}
