//! Pages of a PDF as they are drawn: glyphs, rulings, images. All in points from the page's top left, /Rotate
//! applied, y downwards.

use ecow::EcoString;
use model::LineCharacter;
use serde::{Deserialize, Serialize};

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// 1-based.
    pub number: u32,
    pub width: f32,
    pub height: f32,
    /// In the order of the file, which says nothing of the reading order.
    pub glyphs: Vec<Glyph>,
    pub rulings: Vec<Ruling>,
    pub images: Vec<Image>,
    pub kind: PageKind,
    /// The way back from a page that was straightened or turned before it was read: its width, height, glyphs and rulings
    /// are those of the straight page.
    pub straightened: Option<Straightened>,
    /// From the page as displayed to the space of its content, which has y upwards: as [`Straightened`] has it.
    pub to_user_space: [f64; 6],
}

/// How the straight page lies on the one that is displayed: x' = a x + c y + e, y' = b x + d y + f, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Straightened(pub [f32; 6]);

impl Straightened {
    /// The way from the straight page to where one from the displayed page leads.
    pub fn to_user_space(&self, to_user_space: [f64; 6]) -> [f64; 6] {
        let [a, b, c, d, e, f] = to_user_space;
        let through = |[x, y]: [f64; 2]| [a * x + c * y, b * x + d * y];
        let [sa, sb, sc, sd, se, sf] = self.0.map(f64::from);
        let ([a2, b2], [c2, d2], [e2, f2]) =
            (through([sa, sb]), through([sc, sd]), through([se, sf]));
        [a2, b2, c2, d2, e2 + e, f2 + f]
    }

    /// The box on the displayed page that holds a box of the straight one.
    pub fn displayed(&self, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
        let [a, b, c, d, e, f] = self.0;
        let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]
            .map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
        corners.iter().fold(
            [f32::MAX, f32::MAX, f32::MIN, f32::MIN],
            |[l, t, r, b], &(x, y)| [l.min(x), t.min(y), r.max(x), b.max(y)],
        )
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Glyph {
    /// One character mostly; several for a ligature.
    pub text: EcoString,
    /// x0, y0, x1, y1: advance box, from ascent to descent of the font (about the em box).
    pub bbox: [f32; 4],
    /// Font size in points as drawn.
    pub size: f32,
    /// Index that is the same for glyphs of the same font on this page.
    pub font: u16,
    /// Drawn invisibly (Tr 3) or hidden under an image painted later.
    pub hidden: bool,
    /// Set in vertical writing.
    pub vertical: bool,
    /// Quarter turns clockwise by which its baseline departs from the page's: 0 upright, 1 read downwards, 3 upwards.
    pub turn: u8,
    /// Its baseline runs along none of the page's edges: a watermark, a label in a figure.
    pub slanted: bool,
    /// What the recogniser says of it; none for a glyph that was read.
    pub recognised: Option<Recognised>,
}

impl Glyph {
    /// Whether it stands upright and right under another one, as the next character does in vertical writing.
    pub fn stands_under(&self, other: &Self) -> bool {
        /// How far the middles of two characters of one column lie apart, and the gap between them, of the type size.
        const ASIDE: f32 = 0.2;
        const GAP: f32 = 0.5;
        let middle = |glyph: &Self| (glyph.bbox[0] + glyph.bbox[2]) / 2.0;
        let gap = self.bbox[1] - other.bbox[3];
        self.turn == 0
            && (middle(self) - middle(other)).abs() < ASIDE * self.size
            && (-GAP * self.size..GAP * self.size).contains(&gap)
    }
}

/// What a recogniser says of a character: one opinion from the recogniser over the glyph to the printed line, which
/// carries it as [`LineCharacter`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// How probable it is, 0 to 1.
    pub confidence: f32,
    /// What would stand here otherwise.
    pub runner_up: Option<char>,
    /// The likeliest digit, where it is doubtful and neither it nor the runner-up is one.
    pub digit: Option<char>,
}

impl Recognised {
    /// What a recogniser would say if nothing else could stand there.
    pub const CERTAIN: Self = Self {
        confidence: 1.0,
        runner_up: None,
        digit: None,
    };

    /// The character that it says this of, where it stands.
    pub fn character(self, text: char, bbox: [f32; 4]) -> LineCharacter {
        LineCharacter {
            text,
            bbox,
            confidence: self.confidence,
            runner_up: self.runner_up,
            digit: self.digit,
        }
    }
}

/// A straight line drawn, or the thin rectangle that stands for one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
    pub thickness: f32,
}

impl Ruling {
    /// It is drawn as a line, and is no edge of an area that is filled.
    pub fn is_drawn(&self) -> bool {
        self.thickness > 0.0
    }

    pub fn is_horizontal(&self) -> bool {
        (self.y1 - self.y0).abs() <= (self.x1 - self.x0).abs()
    }
}

/// An image and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    pub bbox: [f32; 4],
    /// Pixels.
    pub n_cols: u32,
    pub n_rows: u32,
}

/// What a page is to a reader of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// Its text is drawn.
    Text,
    /// An image covers it, and its text lies invisibly over or under the image.
    Searchable,
    /// An image, and no text that counts.
    Image,
    /// Neither text nor image.
    Blank,
    /// There is text, and it can't be trusted: why.
    Untrusted(Distrust),
}

/// Why the text of a page is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// Its codes have no characters.
    NoMapping,
    /// Its characters make no words: a wrong ToUnicode, or a bad recogniser.
    NoWords,
}
