//! Pictures of a page in memory: grey, and bilevel.

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
        let (w, h) = (self.width, self.height);
        let mut pixels = self.pixels.clone();
        match n_quarters % 4 {
            0 => {}
            2 => pixels.reverse(),
            // In tiles, so that neither reading nor writing leaps over the whole picture at every pixel.
            quarters => {
                const TILE: usize = 32;
                for (ty, tx) in (0..h)
                    .step_by(TILE)
                    .flat_map(|ty| (0..w).step_by(TILE).map(move |tx| (ty, tx)))
                {
                    for y in ty..(ty + TILE).min(h) {
                        for x in tx..(tx + TILE).min(w) {
                            let to = if quarters == 1 {
                                x * h + (h - 1 - y)
                            } else {
                                (w - 1 - x) * h + y
                            };
                            pixels[to] = self.pixels[y * w + x];
                        }
                    }
                }
                return Self {
                    width: h,
                    height: w,
                    pixels,
                };
            }
        }
        Self {
            width: w,
            height: h,
            pixels,
        }
    }

    /// Turned about its middle by a small angle in radians, clockwise as it is seen; white comes in at the corners.
    pub fn rotated(&self, angle: f64) -> Self {
        /// Fixed point: a 256th of a pixel is finer than grey has levels.
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
                let (x0, y0) = (sx >> 16, sy >> 16);
                if x0 >= 0 && y0 >= 0 && x0 + 1 < w && y0 + 1 < h {
                    let at = (y0 * w + x0) as usize;
                    let (fx, fy) = (((sx >> 8) & 255) as u32, ((sy >> 8) & 255) as u32);
                    let [a, b] = [self.pixels[at], self.pixels[at + 1]].map(u32::from);
                    let [c, d] = [
                        self.pixels[at + self.width],
                        self.pixels[at + self.width + 1],
                    ]
                    .map(u32::from);
                    let (top, bottom) = (a * (256 - fx) + b * fx, c * (256 - fx) + d * fx);
                    *to = ((top * (256 - fy) + bottom * fy + 32_768) >> 16) as u8;
                }
                sx += dx;
                sy += dy;
            }
        }
        out
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

impl Bilevel {
    pub fn row(&self, y: usize) -> &[u8] {
        &self.ink[y * self.width..(y + 1) * self.width]
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
