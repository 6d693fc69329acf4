//! Plane geometry: boxes, lines of boxes at one height, pieces that wide gaps part.
//!
//! Lengths are points of the page, or pixels where the caller works on a scan; y grows downwards. Tolerances are in
//! em, the size of the text that stands there, so that they hold in points and in pixels alike.

/// An upright box.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

impl From<[f32; 4]> for Rect {
    fn from([x0, y0, x1, y1]: [f32; 4]) -> Self {
        Self { x0, y0, x1, y1 }
    }
}

impl From<Rect> for [f32; 4] {
    fn from(rect: Rect) -> Self {
        [rect.x0, rect.y0, rect.x1, rect.y1]
    }
}

impl Rect {
    /// The box between two corners, whichever they are.
    pub fn from_corners(a: [f32; 2], b: [f32; 2]) -> Self {
        Self {
            x0: a[0].min(b[0]),
            y0: a[1].min(b[1]),
            x1: a[0].max(b[0]),
            y1: a[1].max(b[1]),
        }
    }

    pub fn width(self) -> f32 {
        self.x1 - self.x0
    }

    pub fn height(self) -> f32 {
        self.y1 - self.y0
    }

    pub fn mid_x(self) -> f32 {
        (self.x0 + self.x1) / 2.0
    }

    pub fn mid_y(self) -> f32 {
        (self.y0 + self.y1) / 2.0
    }

    /// From left to right.
    pub fn across(self) -> Interval {
        Interval::new(self.x0, self.x1)
    }

    /// From top to bottom.
    pub fn down(self) -> Interval {
        Interval::new(self.y0, self.y1)
    }

    /// The smallest box that holds both.
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Free space from this box to one that stands right of it; negative where they overlap.
    pub fn gap_x(self, right: Self) -> f32 {
        right.x0 - self.x1
    }

    /// Free space from this box to one that stands below it; negative where they overlap.
    pub fn gap_y(self, below: Self) -> f32 {
        below.y0 - self.y1
    }

    /// Width that both take up; negative where they stand apart.
    pub fn overlap_x(self, other: Self) -> f32 {
        self.across().overlap(other.across())
    }

    /// Height that both take up; negative where they stand apart.
    pub fn overlap_y(self, other: Self) -> f32 {
        self.down().overlap(other.down())
    }

    pub fn contains(self, x: f32, y: f32) -> bool {
        self.across().contains(x) && self.down().contains(y)
    }

    /// Whether another box lies inside, or sticks out by no more than `slack`.
    pub fn holds(self, other: Self, slack: f32) -> bool {
        other.x0 >= self.x0 - slack
            && other.y0 >= self.y0 - slack
            && other.x1 <= self.x1 + slack
            && other.y1 <= self.y1 + slack
    }

    pub fn moved_right(self, by: f32) -> Self {
        Self {
            x0: self.x0 + by,
            x1: self.x1 + by,
            ..self
        }
    }
}

/// The smallest box that holds all; `None` of none.
pub fn bounds(boxes: impl IntoIterator<Item = Rect>) -> Option<Rect> {
    boxes.into_iter().reduce(Rect::union)
}

/// A length on one axis: a column from left to right, a row of cells from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    pub from: f32,
    pub to: f32,
}

impl Interval {
    pub fn new(from: f32, to: f32) -> Self {
        Self { from, to }
    }

    pub fn length(self) -> f32 {
        self.to - self.from
    }

    pub fn middle(self) -> f32 {
        (self.from + self.to) / 2.0
    }

    /// The ends belong to it.
    pub fn contains(self, at: f32) -> bool {
        at >= self.from && at <= self.to
    }

    /// The ends do not belong to it.
    pub fn contains_inside(self, at: f32) -> bool {
        at > self.from && at < self.to
    }

    /// Length that both cover; negative where they lie apart.
    pub fn overlap(self, other: Self) -> f32 {
        self.to.min(other.to) - self.from.max(other.from)
    }

    pub fn union(self, other: Self) -> Self {
        Self::new(self.from.min(other.from), self.to.max(other.to))
    }

    /// Longer by `margin` at both ends.
    pub fn widened(self, margin: f32) -> Self {
        Self::new(self.from - margin, self.to + margin)
    }

    /// How far a position lies outside; negative inside.
    pub fn distance(self, at: f32) -> f32 {
        (self.from - at).max(at - self.to)
    }
}

/// Whether two positions differ by less than a tolerance.
pub fn is_near(a: f32, b: f32, tolerance: f32) -> bool {
    (a - b).abs() < tolerance
}

/// How far the middles of things on one line may lie apart, in em of the larger of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance(pub f32);

impl Tolerance {
    /// Cells of one row, lines of two columns side by side: lines of a cell that is set tight are 1.0 em apart, and a
    /// cell of two lines beside one of one line is centred half a line higher.
    pub const ROW: Tolerance = Tolerance(0.3);
    /// A head and the folio beside it are set in several sizes, and nothing stands close to them.
    pub const EDGE_ROW: Tolerance = Tolerance(0.5);

    pub fn is_level(self, a: Level, b: Level) -> bool {
        is_near(a.y, b.y, self.0 * a.em.max(b.em))
    }
}

/// The height at which something stands: its middle, and its size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    pub y: f32,
    pub em: f32,
}

/// Items in order of height as rows: each goes on the row before if it stands level with the first of that row.
pub fn rows<T>(
    from_the_edge: impl IntoIterator<Item = T>,
    tolerance: Tolerance,
    level: impl Fn(&T) -> Level,
) -> Vec<Vec<T>> {
    let mut rows: Vec<Vec<T>> = Vec::new();
    for item in from_the_edge {
        match rows.last_mut() {
            Some(row) if tolerance.is_level(level(&row[0]), level(&item)) => row.push(item),
            _ => rows.push(vec![item]),
        }
    }
    rows
}

/// The items of a row, from left to right, as pieces that gaps of `gap` and more part.
pub fn pieces<T>(mut row: Vec<T>, gap: f32, bbox: impl Fn(&T) -> Rect) -> Vec<Vec<T>> {
    row.sort_by(|a, b| bbox(a).x0.total_cmp(&bbox(b).x0));
    let mut pieces: Vec<Vec<T>> = Vec::new();
    let mut reach = f32::MIN;
    for item in row {
        let bbox = bbox(&item);
        match pieces.last_mut() {
            Some(piece) if bbox.x0 - reach < gap => {
                reach = reach.max(bbox.x1);
                piece.push(item);
            }
            _ => {
                reach = bbox.x1;
                pieces.push(vec![item]);
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_level_and_pieces_stand_close() {
        let boxes = [
            [0.0, 0.0, 10.0, 10.0],
            [12.0, 2.0, 20.0, 12.0],
            [40.0, 0.0, 50.0, 10.0],
            [0.0, 14.0, 10.0, 24.0],
        ]
        .map(Rect::from);
        let level = |bbox: &Rect| Level {
            y: bbox.mid_y(),
            em: 10.0,
        };
        let rows = rows(boxes, Tolerance::ROW, level);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
        let pieces = pieces(rows[0].clone(), 10.0, |bbox| *bbox);
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
