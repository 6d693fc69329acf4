//! Evidence: facts that can be printed, and the weights by which they speak for one decision or another. What a decision
//! is about stands where it is taken; this is what all of them have in common.

pub mod field;
pub mod weights;
pub mod words;

/// A fact that holds of a line or a passage. A yes or no has the value 0 where it holds and isn't there where it doesn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub value: u8,
}

impl Fact {
    pub const fn yes(name: &'static str) -> Fact {
        Fact { name, value: 0 }
    }

    pub const fn new(name: &'static str, value: u8) -> Fact {
        Fact { name, value }
    }
}

/// The step of a scale on which a measure stands: how many of its limits it reaches.
pub fn step(measure: f32, scale: &[f32]) -> u8 {
    let step = scale.partition_point(|&limit| limit <= measure);
    u8::try_from(step).unwrap_or(u8::MAX)
}
