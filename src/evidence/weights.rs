//! The weights of the field, as they are written in the model file.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Fact;

/// How far away the passages stand whose facts speak for the role of one.
pub const OFFSETS: [i8; 8] = [-3, -2, -1, 0, 1, 2, 3, 4];

/// A fact of the passage at an offset, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(u64);

impl Key {
    /// The fact `name` with a value, or that there is no passage.
    pub fn new(name: &str, value: u8) -> Key {
        // FNV-1a.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Key(mix(name.bytes().fold(0xcbf2_9ce4_8422_2325, mix), value))
    }

    pub fn of(fact: Fact) -> Key {
        Key::new(fact.name, fact.value)
    }

    /// The same of the passage at an offset.
    pub fn at(self, offset: i8) -> Key {
        let turned = self
            .0
            .rotate_left(u32::from(offset.unsigned_abs()) * 7 + u32::from(offset < 0) * 31);
        Key(turned.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// The name of the fact that there is no passage at an offset.
pub const NONE: &str = "none";

/// Keys are hashes already.
#[derive(Debug, Default)]
pub struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers")
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Labels, and what each fact and each step from one label to the next weighs for them.
#[derive(Debug)]
pub struct Weights {
    pub labels: Vec<String>,
    /// From label to label, row by row.
    pub steps: Vec<f32>,
    /// Of each fact the labels that it speaks for or against.
    pub facts: HashMap<Key, Vec<(u8, f32)>, BuildHasherDefault<Identity>>,
}

impl Weights {
    /// Reads a model file: a line `labels`, then a line for each label with the weights of the steps from it, then a line
    /// for each fact: `1:number=0`, and pairs of the label's index and the weight in hundredths.
    pub fn parse(text: &str) -> Option<Weights> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let labels: Vec<String> = lines
            .next()?
            .strip_prefix("labels\t")?
            .split('\t')
            .map(str::to_owned)
            .collect();
        let mut steps = vec![0.0; labels.len() * labels.len()];
        let mut facts = HashMap::default();
        for line in lines {
            let mut fields = line.split('\t');
            let name = fields.next()?;
            let weights: Vec<(u8, f32)> = fields.map(weight).collect::<Option<_>>()?;
            if let Some(from) = name.strip_prefix("from ") {
                let from: usize = from.parse().ok()?;
                for (to, weight) in weights {
                    *steps.get_mut(from * labels.len() + usize::from(to))? = weight;
                }
            } else {
                facts.insert(key(name)?, weights);
            }
        }
        Some(Weights {
            labels,
            steps,
            facts,
        })
    }

    /// Adds what a fact at an offset weighs for each label to the scores of the labels.
    pub fn add(&self, key: Key, offset: i8, scores: &mut [f32]) {
        for &(label, weight) in self.facts.get(&key.at(offset)).into_iter().flatten() {
            scores[usize::from(label)] += weight;
        }
    }
}

/// Reads `3:-125`: the label's index, and the weight in hundredths.
fn weight(text: &str) -> Option<(u8, f32)> {
    let (label, hundredths) = text.split_once(':')?;
    Some((label.parse().ok()?, hundredths.parse::<f32>().ok()? / 100.0))
}

/// Reads `-1:width=3`, `2:none`.
fn key(text: &str) -> Option<Key> {
    let (offset, fact) = text.split_once(':')?;
    let (name, value) = fact.split_once('=').unwrap_or((fact, "0"));
    Some(Key::new(name, value.parse().ok()?).at(offset.parse().ok()?))
}
