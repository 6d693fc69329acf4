//! One scale of confidence: what decides what to do with a recognised character.

/// A character that is more probable is not doubted: no digit is kept for it, and no rule reads it otherwise.
pub const CERTAIN: f32 = 0.9;
