//! One scale of confidence: every cut-off that decides what to do with a recognised character, line or page.
//!
//! A character's confidence is the probability that the recogniser gives it, 0 to 1; that of a line or page is the mean
//! over its characters. Each constant says what it decides, and the distribution that it was read from. From hardly read
//! to certain:
//!
//! ```text
//! .35  FRAYED_END         dirt behind the end of a line
//! .50  DIRT_ON_SHEET      dirt in the fold of an open book
//! .55  NOISE              a few characters that are dirt
//! .55  HARDLY_READ        a figure that says nothing beside the number that is due
//! .70  MISSED_INK         what is read in ink that a line had passed over
//! .75  DOUBTFUL_LINE      a line that the detector looks at
//! .80  DOUBTFUL_PAGE      a page that is read upside down as well
//! .85  BELIEVED_LINE      a line that only the detector saw
//! .90  CERTAIN            a character that is not doubted
//! .90  LEGIBLE_PAGE       a page that passes its check
//! .95  TINY_NOISE         tiny characters that are dirt
//! .97  BELIEVED_SINGLE    a single character that only the detector saw
//! ```

/// A character behind the end of a line that is less probable is dirt there and no part of the line.
pub const FRAYED_END: f32 = 0.35;

/// A character that is less probable is dirt as likely as print when the two halves of an open book are told apart: the
/// fold has some.
pub const DIRT_ON_SHEET: f32 = 0.5;

/// One to three characters that stand alone are noise when their mean is lower. Of print that is hard to read it is 0.7
/// and more, of dirt and scratches 0.1 to 0.55.
pub const NOISE: f32 = 0.55;

/// One to three characters of less than half the text's size are noise when their mean is lower: that small, dirt looks
/// like points and strokes, and is nearly believed.
pub const TINY_NOISE: f32 = 0.95;

/// A character that is less probable says nothing: in a column that counts on, the number that is due stands for it.
pub const HARDLY_READ: f32 = 0.55;

/// What is read in ink that a line had passed over counts when its mean is higher: of dirt it is half as much.
pub const MISSED_INK: f32 = 0.7;

/// A line whose mean is lower was cut wrong or is no text, and the detector looks at the page. Of lines of bad scans it
/// is 0.8 and more.
pub const DOUBTFUL_LINE: f32 = 0.75;

/// A page whose mean is lower is read upside down as well. Of pages as they should be it is 0.95 and more, even of bad
/// scans; of pages upside down it is 0.4 to 0.6.
pub const DOUBTFUL_PAGE: f32 = 0.8;

/// A line of several characters that only the detector saw is text when its mean is higher: nothing else stands for it.
pub const BELIEVED_LINE: f32 = 0.85;

/// The same of a single character, which any stroke looks like.
pub const BELIEVED_SINGLE: f32 = 0.97;

/// A character that is more probable is not doubted: no digit is kept for it, and no rule reads it otherwise.
pub const CERTAIN: f32 = 0.9;

/// A page whose mean is lower fails its check. Of a bad scan that can be read it is 0.96 and more.
pub const LEGIBLE_PAGE: f32 = 0.9;

/// What noise is believed at most: by how much a character's confidence exceeds it is how much of it is read.
pub const BELIEF_IN_NOISE: f32 = 0.5;
