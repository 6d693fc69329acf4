//! Which inputs are left to read: those of a shard, and of these the ones that no earlier run has read as this would.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::MadeBy;
use super::inputs::{Input, slashed};
use super::journal::{Row, Status, last_rows};
use extract::hash::sha256_of_file;

/// The i-th of n parts of the inputs, by what they hold: wherever they lie, each has the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub part: u32,
    pub of: u32,
}

/// Which inputs are read again that an earlier run has read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Again {
    /// All of them.
    #[default]
    All,
    /// Those that were not read to their end, or not as this run would, and those with one of the statuses.
    Unless(Vec<Status>),
}

/// What is left to do, and what was done before.
#[derive(Debug)]
pub struct Plan {
    pub inputs: Vec<Input>,
    /// The rows of those that are not read again.
    pub done: Vec<Row>,
}

/// Plans a run into `out`.
pub fn plan(
    inputs: Vec<Input>,
    out: &Path,
    made_by: &MadeBy,
    shard: Option<Shard>,
    again: &Again,
) -> io::Result<Plan> {
    let inputs: Vec<Input> = inputs
        .into_iter()
        .filter(|input| shard.is_none_or(|shard| is_of(shard, input)))
        .collect();
    let Again::Unless(retried) = again else {
        return Ok(Plan {
            inputs,
            done: Vec::new(),
        });
    };
    let mut rows: HashMap<String, Row> = last_rows(out)?
        .into_iter()
        .map(|row| (row.input.clone(), row))
        .collect();
    let mut plan = Plan {
        inputs: Vec::new(),
        done: Vec::new(),
    };
    for input in inputs {
        match rows.remove(&slashed(&input.name)) {
            Some(row) if is_done(&row, &input, out, made_by, retried) => plan.done.push(row),
            _ => plan.inputs.push(input),
        }
    }
    Ok(plan)
}

/// Whether a shard has an input. One that can't be read is the first shard's.
fn is_of(shard: Shard, input: &Input) -> bool {
    /// Hexadecimal digits of the hash that are enough to part inputs evenly.
    const DIGITS: usize = 12;
    let hash = match &input.refused {
        Some(_) => None,
        None => sha256_of_file(&input.path).ok(),
    };
    let place = hash.and_then(|hash| u64::from_str_radix(&hash[..DIGITS], 16).ok());
    place.map_or(0, |place| place % u64::from(shard.of)) == u64::from(shard.part) - 1
}

/// Whether an input was read as this run would, and its results are there.
fn is_done(row: &Row, input: &Input, out: &Path, made_by: &MadeBy, retried: &[Status]) -> bool {
    let is_ended = matches!(row.status, Status::Ok | Status::Partial | Status::Failed);
    let is_same = row.version == made_by.version
        && row.config == made_by.config
        && row.models == made_by.models;
    if !is_ended || !is_same || retried.contains(&row.status) {
        return false;
    }
    let is_as_written = |(name, hash): (&String, &String)| {
        sha256_of_file(&out.join(name)).is_ok_and(|found| found == *hash)
    };
    let hash = match &input.refused {
        Some(_) => None,
        None => sha256_of_file(&input.path).ok(),
    };
    row.sha256 == hash && row.written.iter().all(is_as_written)
}
