//! What an audit costs beside the reading of the files that it audits.
//!
//! `cargo bench -p gongbao-audit --bench cost -- OUTPUT.json…` prints, for each, the milliseconds that parsing and
//! auditing take, and those of the audit for each megabyte of JSON.

use std::path::Path;
use std::time::Instant;

use model::{Line, Output};

/// The fastest of so many audits counts: the machine does other things as well.
const RUNS: usize = 7;

fn main() {
    println!(
        "{:>8} {:>9} {:>9} {:>9}  output",
        "MB", "parse ms", "audit ms", "ms/MB"
    );
    for path in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        cost(Path::new(&path));
    }
}

fn cost(path: &Path) {
    let json = std::fs::read(path).expect("an output can be read");
    let rows = std::fs::read_to_string(path.with_extension("lines.jsonl")).expect("its lines too");
    let start = Instant::now();
    let output: Output = serde_json::from_slice(&json).expect("an output");
    let lines: Vec<Line> = rows
        .lines()
        .map(|row| serde_json::from_str(row).expect("a line"))
        .collect();
    let parse = start.elapsed().as_secs_f64() * 1e3;
    let audit = (0..RUNS)
        .map(|_| milliseconds(&output, &lines))
        .fold(f64::INFINITY, f64::min);
    let megabytes = json.len() as f64 / 1e6;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    println!(
        "{megabytes:>8.1} {parse:>9.1} {audit:>9.2} {:>9.2}  {name}",
        audit / megabytes
    );
}

fn milliseconds(output: &Output, lines: &[Line]) -> f64 {
    let start = Instant::now();
    if let Err(findings) = std::hint::black_box(gongbao_audit::audit(output, lines)) {
        findings
            .iter()
            .take(5)
            .for_each(|finding| println!("  {finding}"));
    }
    start.elapsed().as_secs_f64() * 1e3
}
