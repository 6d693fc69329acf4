//! Rulings out of paths.

use hayro_font::kurbo::{Point, Rect};

use crate::page::Ruling;

/// A filled rectangle thinner than this is a line: the thickest rule of a red head is 2 to 3 points.
const THICKEST: f64 = 4.0;

/// How thick a line of no width is, in points.
const HAIRLINE: f64 = 0.1;

/// A path under construction, in page coordinates.
#[derive(Debug, Default)]
pub struct Path {
    subpaths: Vec<Subpath>,
}

#[derive(Debug, Default)]
struct Subpath {
    points: Vec<Point>,
    closed: bool,
    curved: bool,
}

impl Path {
    pub fn clear(&mut self) {
        self.subpaths.clear();
    }

    pub fn move_to(&mut self, p: Point) {
        self.subpaths.push(Subpath {
            points: vec![p],
            ..Subpath::default()
        });
    }

    pub fn line_to(&mut self, p: Point) {
        match self.subpaths.last_mut() {
            Some(subpath) if !subpath.closed => subpath.points.push(p),
            Some(subpath) => {
                let start = subpath.points[0];
                self.subpaths.push(Subpath {
                    points: vec![start, p],
                    ..Subpath::default()
                });
            }
            None => self.move_to(p),
        }
    }

    pub fn curve_to(&mut self, p: Point) {
        self.line_to(p);
        if let Some(subpath) = self.subpaths.last_mut() {
            subpath.curved = true;
        }
    }

    pub fn close(&mut self) {
        if let Some(subpath) = self.subpaths.last_mut() {
            subpath.closed = true;
        }
    }

    pub fn rect(&mut self, corners: [Point; 4]) {
        self.subpaths.push(Subpath {
            points: corners.to_vec(),
            closed: true,
            curved: false,
        });
    }

    pub fn n_curved(&self) -> usize {
        self.subpaths.iter().filter(|s| s.curved).count()
    }

    /// The upright lines that stroking the path draws.
    pub fn stroked(&self, thickness: f64) -> impl Iterator<Item = Ruling> + '_ {
        // A line of no width is the thinnest that there is (ISO 32000-1, 8.4.3.2).
        let thickness = thickness.max(HAIRLINE);
        self.subpaths
            .iter()
            .filter(|s| !s.curved)
            .flat_map(move |s| {
                let closing = if s.closed {
                    s.points.first().copied()
                } else {
                    None
                };
                let ends = s.points.iter().skip(1).copied().chain(closing);
                s.points
                    .iter()
                    .copied()
                    .zip(ends)
                    .filter_map(move |(a, b)| ruling(a, b, thickness))
            })
    }

    /// The lines that filling the path draws: thin rectangles, and the edges of wider ones.
    pub fn filled(&self, page: Rect) -> Vec<Ruling> {
        let rects = self.subpaths.iter().filter_map(Subpath::as_rect);
        rects
            .flat_map(|rect| {
                if is_background(rect, page) {
                    Vec::new()
                } else {
                    edges(rect)
                }
            })
            .collect()
    }
}

impl Subpath {
    fn as_rect(&self) -> Option<Rect> {
        let p = match self.points.as_slice() {
            [points @ .., last] if points.len() == 4 && *last == points[0] => points,
            points if points.len() == 4 => points,
            _ => return None,
        };
        let upright =
            |a: Point, b: Point| is_level(a.x, b.x, a.y, b.y) || is_level(a.y, b.y, a.x, b.x);
        let is_rect = !self.curved
            && (0..4).all(|i| upright(p[i], p[(i + 1) % 4]))
            && !(is_level(p[0].x, p[2].x, p[0].y, p[2].y)
                && is_level(p[0].y, p[2].y, p[0].x, p[2].x));
        is_rect.then(|| Rect::from_points(p[0], p[2]))
    }
}

/// Whether two points differ so little across that the way from one to the other is straight along.
fn is_level(across_a: f64, across_b: f64, along_a: f64, along_b: f64) -> bool {
    /// Points, and of the way: what the rounding of coordinates and the skew of a bad export come to.
    const ASIDE: f64 = 0.05;
    const SLANT: f64 = 0.005;
    (across_a - across_b).abs() <= ASIDE + SLANT * (along_a - along_b).abs()
}

fn ruling(a: Point, b: Point, thickness: f64) -> Option<Ruling> {
    /// Points: what is shorter is a dot or a corner.
    const SHORTEST: f64 = 1.0;
    let long = (a.x - b.x).abs().max((a.y - b.y).abs());
    let upright = is_level(a.x, b.x, a.y, b.y) || is_level(a.y, b.y, a.x, b.x);
    (upright && long > SHORTEST).then(|| {
        let r = Rect::from_points(a, b);
        Ruling {
            x0: r.x0 as f32,
            y0: r.y0 as f32,
            x1: r.x1 as f32,
            y1: r.y1 as f32,
            thickness: thickness as f32,
        }
    })
}

/// Whether a rectangle is the ground that a page is printed on.
fn is_background(rect: Rect, page: Rect) -> bool {
    /// Of the page: no table or frame of text fills so much.
    const LEAST: f64 = 0.8;
    let visible = rect.intersect(page);
    visible.area() > LEAST * page.area()
}

fn edges(r: Rect) -> Vec<Ruling> {
    let (w, h) = (r.width(), r.height());
    let c = r.center();
    if h <= THICKEST && h <= w {
        return ruling(Point::new(r.x0, c.y), Point::new(r.x1, c.y), h)
            .into_iter()
            .collect();
    }
    if w <= THICKEST {
        return ruling(Point::new(c.x, r.y0), Point::new(c.x, r.y1), w)
            .into_iter()
            .collect();
    }
    let corners = [
        Point::new(r.x0, r.y0),
        Point::new(r.x1, r.y0),
        Point::new(r.x1, r.y1),
        Point::new(r.x0, r.y1),
    ];
    (0..4)
        .filter_map(|i| ruling(corners[i], corners[(i + 1) % 4], 0.0))
        .collect()
}
