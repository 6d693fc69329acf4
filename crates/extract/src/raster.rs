//! Pictures in memory: grey, and bilevel.

use std::ops::Range;

/// A grey picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    pub width: usize,
    pub height: usize,
    /// Row by row, 0 black, 255 white.
    pub pixels: Vec<u8>,
}

impl Gray {
    pub fn white(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![255; width * height],
        }
    }

    pub fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    pub fn row_mut(&mut self, y: usize) -> &mut [u8] {
        &mut self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// The part from (x0, y0) up to, not including, (x1, y1); what lies outside the picture is left out.
    pub fn crop(&self, [x0, y0, x1, y1]: [usize; 4]) -> Self {
        let (x1, y1) = (x1.min(self.width), y1.min(self.height));
        let (x0, y0) = (x0.min(x1), y0.min(y1));
        let pixels = (y0..y1)
            .flat_map(|y| &self.row(y)[x0..x1])
            .copied()
            .collect();
        Self {
            width: x1 - x0,
            height: y1 - y0,
            pixels,
        }
    }

    /// One pixel of each block of `n` × `n`, as `of` makes it of the block's pixels so far and the next one.
    pub fn blocks(&self, n: usize, first: u8, of: impl Fn(u8, u8) -> u8) -> Self {
        let (width, height) = (self.width.div_ceil(n), self.height.div_ceil(n));
        let mut pixels = vec![first; width * height];
        let mut column = vec![first; self.width];
        for (y, out) in pixels.chunks_exact_mut(width.max(1)).enumerate() {
            column.fill(first);
            for y in y * n..((y + 1) * n).min(self.height) {
                for (to, &from) in column.iter_mut().zip(self.row(y)) {
                    *to = of(*to, from);
                }
            }
            for (to, block) in out.iter_mut().zip(column.chunks(n)) {
                *to = block.iter().fold(first, |so_far, &next| of(so_far, next));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The picture at one `n`th of its size, each pixel the mean of a block; what is left at the edges is dropped.
    pub fn downscale(&self, n: usize) -> Self {
        let (width, height) = (self.width / n, self.height / n);
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0u32; width * n];
        for y in 0..height {
            sums.fill(0);
            for y in y * n..(y + 1) * n {
                for (sum, &pixel) in sums.iter_mut().zip(self.row(y)) {
                    *sum += u32::from(pixel);
                }
            }
            pixels.extend(
                sums.chunks_exact(n)
                    .map(|block| (block.iter().sum::<u32>() / (n * n) as u32) as u8),
            );
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The picture at another size, each pixel the mean of those that it covers, or between those that it lies between if
    /// the picture grows. A picture without pixels has none at any size.
    pub fn resized(&self, width: usize, height: usize) -> Self {
        if self.pixels.is_empty() {
            return self.clone();
        }
        let columns = shares(self.width, width);
        let mut rows = Vec::with_capacity(self.height * width);
        for row in self.pixels.chunks_exact(self.width) {
            rows.extend(columns.iter().map(|(range, shares)| {
                row[range.clone()]
                    .iter()
                    .zip(shares)
                    .map(|(&v, share)| f32::from(v) * share)
                    .sum::<f32>()
            }));
        }
        let mut pixels = Vec::with_capacity(height * width);
        for (range, shares) in shares(self.height, height) {
            let mut sums = vec![0.0; width];
            for (row, share) in rows[range.start * width..range.end * width]
                .chunks_exact(width)
                .zip(shares)
            {
                sums.iter_mut()
                    .zip(row)
                    .for_each(|(sum, v)| *sum += v * share);
            }
            pixels.extend(sums.iter().map(|sum| sum.round() as u8));
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Lays a picture over this one, its top left at (x, y); what reaches beyond the edges is left out.
    pub fn lay(&mut self, picture: &Self, x: usize, y: usize) {
        let width = picture.width.min(self.width.saturating_sub(x));
        for row in 0..picture.height.min(self.height.saturating_sub(y)) {
            self.row_mut(y + row)[x..x + width].copy_from_slice(&picture.row(row)[..width]);
        }
    }

    /// Turned by quarters, clockwise.
    pub fn turned(&self, n_quarters: u8) -> Self {
        match n_quarters % 4 {
            0 => self.clone(),
            2 => Self {
                pixels: self.pixels.iter().rev().copied().collect(),
                ..*self
            },
            quarters => self.turned_sideways(quarters == 1),
        }
    }

    fn turned_sideways(&self, is_clockwise: bool) -> Self {
        // In tiles, so that neither reading nor writing leaps over the whole picture at every pixel.
        const TILE: usize = 32;
        let (w, h) = (self.width, self.height);
        let mut turned = Self {
            width: h,
            height: w,
            pixels: vec![0; w * h],
        };
        for ty in (0..h).step_by(TILE) {
            for tx in (0..w).step_by(TILE) {
                let tile = [tx, ty, (tx + TILE).min(w), (ty + TILE).min(h)];
                turned.lay_sideways(self, tile, is_clockwise);
            }
        }
        turned
    }

    /// Lays a part of an upright picture where it comes to stand in this one, which is that picture turned.
    fn lay_sideways(&mut self, upright: &Self, [x0, y0, x1, y1]: [usize; 4], is_clockwise: bool) {
        let (w, h) = (upright.width, upright.height);
        for y in y0..y1 {
            for x in x0..x1 {
                let to = if is_clockwise {
                    x * h + (h - 1 - y)
                } else {
                    (w - 1 - x) * h + y
                };
                self.pixels[to] = upright.pixels[y * w + x];
            }
        }
    }

    /// Turned about its middle by a small angle in radians, clockwise as it is seen; white comes in at the corners.
    pub fn rotated(&self, angle: f64) -> Self {
        /// Fixed point; a 256th of a pixel would be finer than grey has levels.
        const ONE: f64 = 65_536.0;
        let (w, h) = (self.width as i64, self.height as i64);
        let (sin, cos) = angle.sin_cos();
        let (mx, my) = ((w - 1) as f64 / 2.0, (h - 1) as f64 / 2.0);
        let (dx, dy) = ((cos * ONE) as i64, (-sin * ONE) as i64);
        let mut out = Self::white(self.width, self.height);
        for y in 0..self.height {
            // Where the pixel comes from: turned back.
            let (rx, ry) = (-mx, y as f64 - my);
            let mut sx = ((cos * rx + sin * ry + mx) * ONE) as i64;
            let mut sy = ((-sin * rx + cos * ry + my) * ONE) as i64;
            for to in out.row_mut(y) {
                if let Some(shade) = self.between_pixels(sx, sy) {
                    *to = shade;
                }
                sx += dx;
                sy += dy;
            }
        }
        out
    }

    /// The shade at a place between four pixels, weighted by how near they are; x and y in 65,536ths of a pixel.
    fn between_pixels(&self, x: i64, y: i64) -> Option<u8> {
        let (w, h) = (self.width as i64, self.height as i64);
        let (x0, y0) = (x >> 16, y >> 16);
        if x0 < 0 || y0 < 0 || x0 + 1 >= w || y0 + 1 >= h {
            return None;
        }
        let at = (y0 * w + x0) as usize;
        let below = at + self.width;
        let (fx, fy) = (((x >> 8) & 255) as u32, ((y >> 8) & 255) as u32);
        let [a, b] = [self.pixels[at], self.pixels[at + 1]].map(u32::from);
        let [c, d] = [self.pixels[below], self.pixels[below + 1]].map(u32::from);
        let (top, bottom) = (a * (256 - fx) + b * fx, c * (256 - fx) + d * fx);
        Some(((top * (256 - fy) + bottom * fy + 32_768) >> 16) as u8)
    }

    /// Ink is what is darker than `level`.
    pub fn ink(&self, level: u8) -> Bilevel {
        Bilevel {
            width: self.width,
            height: self.height,
            ink: self
                .pixels
                .iter()
                .map(|&pixel| u8::from(pixel < level))
                .collect(),
        }
    }
}

/// For each of `to` pixels in a row, the pixels among `from` that it is made of, and the share of each.
fn shares(from: usize, to: usize) -> Vec<(Range<usize>, Vec<f32>)> {
    let scale = from as f32 / to as f32;
    let reach = scale.max(1.0);
    (0..to)
        .map(|n| {
            let centre = (n as f32 + 0.5) * scale;
            let start = ((centre - reach).floor().max(0.0) as usize).min(from - 1);
            let range = start..((centre + reach).ceil() as usize).clamp(start + 1, from);
            let mut shares: Vec<f32> = range
                .clone()
                .map(|x| (1.0 - (x as f32 + 0.5 - centre).abs() / reach).max(0.0))
                .collect();
            let total: f32 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= total);
            (range, shares)
        })
        .collect()
}

/// A picture of ink and paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilevel {
    pub width: usize,
    pub height: usize,
    /// Row by row, 1 ink, 0 paper.
    pub ink: Vec<u8>,
}

/// What counts as next to a cell in a flood fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The four cells that share a side with it.
    Sides,
    /// All cells within so many steps across and down.
    Within(usize),
}

impl Bilevel {
    /// A picture without ink.
    pub fn blank(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            ink: vec![0; width * height],
        }
    }

    pub fn row(&self, y: usize) -> &[u8] {
        &self.ink[y * self.width..(y + 1) * self.width]
    }

    /// The part from (x0, y0) up to, not including, (x1, y1); what lies outside the picture is left out.
    pub fn crop(&self, [x0, y0, x1, y1]: [usize; 4]) -> Self {
        let (x1, y1) = (x1.min(self.width), y1.min(self.height));
        let (x0, y0) = (x0.min(x1), y0.min(y1));
        let rows = (y0..y1).flat_map(|y| &self.row(y)[x0..x1]);
        Self {
            width: x1 - x0,
            height: y1 - y0,
            ink: rows.copied().collect(),
        }
    }

    /// The picture at one `n`th of its size: ink where the block has any.
    pub fn any(&self, n: usize) -> Self {
        let (width, height) = (self.width.div_ceil(n), self.height.div_ceil(n));
        let mut ink = Vec::with_capacity(width * height);
        let mut column = vec![0u8; self.width];
        for y in 0..height {
            column.fill(0);
            for y in y * n..((y + 1) * n).min(self.height) {
                for (to, &from) in column.iter_mut().zip(self.row(y)) {
                    *to |= from;
                }
            }
            ink.extend(
                column
                    .chunks(n)
                    .map(|block| block.iter().fold(0, |a, &b| a | b)),
            );
        }
        Self { width, height, ink }
    }

    /// Ink in the part from (x0, y0) up to, not including, (x1, y1).
    pub fn count(&self, [x0, y0, x1, y1]: [usize; 4]) -> usize {
        let (x1, y1) = (x1.min(self.width), y1.min(self.height));
        (y0.min(y1)..y1)
            .map(|y| {
                self.row(y)[x0.min(x1)..x1]
                    .iter()
                    .map(|&i| usize::from(i))
                    .sum::<usize>()
            })
            .sum()
    }

    /// Takes out all ink that hangs together with the ink among `starts` (flood fill), and gives its cells, each as its
    /// index in `ink`.
    pub fn drain_connected(
        &mut self,
        starts: impl IntoIterator<Item = usize>,
        reach: Reach,
    ) -> Vec<usize> {
        let mut drained = Vec::new();
        let mut open = Vec::new();
        for start in starts {
            self.drain_cell(start, &mut open);
        }
        while let Some(at) = open.pop() {
            drained.push(at);
            match reach {
                Reach::Sides => self.drain_sides(at, &mut open),
                Reach::Within(n) => self.drain_around(at, n, &mut open),
            }
        }
        drained
    }

    fn drain_sides(&mut self, at: usize, open: &mut Vec<usize>) {
        let x = at % self.width;
        if x > 0 {
            self.drain_cell(at - 1, open);
        }
        if x + 1 < self.width {
            self.drain_cell(at + 1, open);
        }
        if at >= self.width {
            self.drain_cell(at - self.width, open);
        }
        self.drain_cell(at + self.width, open);
    }

    fn drain_around(&mut self, at: usize, n: usize, open: &mut Vec<usize>) {
        let (x, y) = (at % self.width, at / self.width);
        for y in y.saturating_sub(n)..(y + n + 1).min(self.height) {
            for x in x.saturating_sub(n)..(x + n + 1).min(self.width) {
                self.drain_cell(y * self.width + x, open);
            }
        }
    }

    /// Takes out the ink of a cell, if it is in the picture and has some.
    fn drain_cell(&mut self, at: usize, open: &mut Vec<usize>) {
        if let Some(ink @ 1) = self.ink.get_mut(at) {
            *ink = 0;
            open.push(at);
        }
    }

    /// The cells along the four edges, each as its index in `ink`; those of the corners twice.
    pub fn edges(&self) -> Vec<usize> {
        let (width, height) = (self.width, self.height);
        if width == 0 || height == 0 {
            return Vec::new();
        }
        let across = (0..width).flat_map(|x| [x, (height - 1) * width + x]);
        let down = (0..height).flat_map(|y| [y * width, (y + 1) * width - 1]);
        across.chain(down).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarters_are_a_whole_turn() {
        let picture = Gray {
            width: 3,
            height: 2,
            pixels: vec![1, 2, 3, 4, 5, 6],
        };
        assert_eq!(picture.turned(1).pixels, [4, 1, 5, 2, 6, 3]);
        assert_eq!(picture.turned(1).turned(1), picture.turned(2));
        assert_eq!(picture.turned(3).turned(1), picture);
    }

    #[test]
    fn a_turn_by_nothing_changes_nothing_inside() {
        let picture = Gray {
            width: 5,
            height: 4,
            pixels: (0..20).collect(),
        };
        let turned = picture.rotated(0.0);
        assert_eq!(turned.row(1)[..4], picture.row(1)[..4]);
    }

    #[test]
    fn shares_of_a_row_of_pixels_are_whole() {
        for (from, to) in [(1, 48), (47, 48), (48, 48), (66, 48), (1000, 48), (3, 1)] {
            for (range, shares) in shares(from, to) {
                assert!(range.end <= from && range.len() == shares.len());
                assert!(
                    (shares.iter().sum::<f32>() - 1.0).abs() < 1e-5,
                    "{from} to {to}"
                );
            }
        }
        let plain = |side: usize| Gray {
            width: side,
            height: side,
            pixels: vec![200; side * side],
        };
        assert_eq!(plain(96).resized(48, 48), plain(48));
        assert_eq!(plain(0).resized(48, 48), plain(0));
    }

    #[test]
    fn what_is_laid_beyond_the_edge_is_cut() {
        let mut picture = Gray {
            width: 3,
            height: 2,
            pixels: vec![1, 2, 3, 4, 5, 6],
        };
        picture.lay(
            &Gray {
                width: 2,
                height: 2,
                pixels: vec![7, 8, 9, 9],
            },
            2,
            1,
        );
        assert_eq!(picture.pixels, [1, 2, 3, 4, 5, 7]);
        picture.lay(
            &Gray {
                width: 1,
                height: 1,
                pixels: vec![0],
            },
            5,
            5,
        );
        assert_eq!(picture.pixels, [1, 2, 3, 4, 5, 7]);
    }

    #[test]
    fn ink_that_hangs_together_is_drained() {
        let picture = |rows: [&str; 3]| Bilevel {
            width: 5,
            height: 3,
            ink: rows.concat().bytes().map(|c| u8::from(c == b'#')).collect(),
        };
        let before = picture(["##..#", ".#.#.", "...#."]);
        let mut sides = before.clone();
        assert_eq!(sides.drain_connected([0, 1, 2], Reach::Sides).len(), 3);
        assert_eq!(sides, picture(["....#", "...#.", "...#."]));
        let mut around = before.clone();
        assert_eq!(around.drain_connected([4], Reach::Within(1)).len(), 3);
        assert_eq!(around, picture(["##...", ".#...", "....."]));
        assert_eq!(
            before.clone().drain_connected([0], Reach::Within(2)).len(),
            6
        );
        assert_eq!(before.edges().len(), 2 * 5 + 2 * 3);
        assert!(Bilevel::blank(0, 3).edges().is_empty());
    }

    #[test]
    fn a_crop_beyond_the_edge_is_cut() {
        let picture = Gray {
            width: 3,
            height: 2,
            pixels: vec![1, 2, 3, 4, 5, 6],
        };
        assert_eq!(
            picture.crop([1, 1, 9, 9]),
            Gray {
                width: 2,
                height: 1,
                pixels: vec![5, 6]
            }
        );
        assert!(picture.crop([7, 7, 9, 9]).pixels.is_empty());
    }
}
