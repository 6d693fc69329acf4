//! Reversed type: light text on a dark ground, as in the heads of tables, title bands and covers, becomes dark on white.

use super::binarise::legible;
use super::components::{Component, Components};
use crate::raster::{Bilevel, Gray, Reach};

/// Cells to the inch in which grounds are looked for: half a millimetre, less than there is between text and the edge of
/// its ground.
const CELLS: f64 = 50.0;

/// A dark ground with light text on it.
#[derive(Debug)]
struct Ground {
    /// x0, y0, x1, y1 in cells.
    bbox: [usize; 4],
    /// For each cell of the box whether it is the ground or stands on it.
    is_inside: Vec<bool>,
}

/// Turns light text on dark grounds of `scanned` round in `gray`, which is the same page cleaned; `level` is between its
/// ink and paper. Returns the boxes of the grounds in pixels.
pub fn reverse_type(gray: &mut Gray, scanned: &Gray, level: u8, dpi: f64) -> Vec<[usize; 4]> {
    let size = ((dpi / CELLS).round() as usize).max(1);
    let grounds = grounds(scanned, size);
    for ground in &grounds {
        reverse_ground(gray, scanned, ground, level, size);
    }
    grounds
        .iter()
        .map(|ground| ground.bbox.map(|at| at * size))
        .collect()
}

/// Lays the text of a ground over the page, dark on white; a cell has `size` pixels across and down.
fn reverse_ground(gray: &mut Gray, scanned: &Gray, ground: &Ground, level: u8, size: usize) {
    let bbox @ [left, top, ..] = ground.bbox.map(|at| at * size);
    let picture = legible(&scanned.crop(bbox), level);
    let (width, height) = (gray.width, gray.height);
    let pixels = |x: usize, y: usize| {
        let columns = x * size..((x + 1) * size).min(width);
        let rows = y * size..((y + 1) * size).min(height);
        (columns, rows)
    };
    for (x, y) in ground.inside() {
        let (columns, rows) = pixels(x, y);
        for row in rows {
            let from = &picture.row(row - top)[columns.start - left..columns.end - left];
            gray.row_mut(row)[columns.clone()].copy_from_slice(from);
        }
    }
    // The rim, half ground and half paper.
    for (x, y) in ground.around(1, width.div_ceil(size), height.div_ceil(size)) {
        let (columns, rows) = pixels(x, y);
        rows.for_each(|row| gray.row_mut(row)[columns.clone()].fill(255));
    }
}

/// The dark grounds of a page that hold light text.
fn grounds(page: &Gray, size: usize) -> Vec<Ground> {
    /// The shade under which a cell is dark all through: tints that black is printed on are brighter, or hold nothing
    /// that is bright.
    const DARK: u8 = 112;
    let brightest = page.blocks(size, 0, u8::max);
    let dark = brightest.ink(DARK);
    Components::from_ink(&dark)
        .boxes
        .iter()
        .filter(|component| has_size_of_ground(component))
        .filter_map(|component| {
            let ground = Ground::new(component, &dark);
            let shades = Shades::new(&ground, &dark, page, size);
            (shades.are_text() && ground.has_edge(&brightest, shades.bright)).then_some(ground)
        })
        .collect()
}

/// Whether dark cells that hang together are as large as a ground: wider or higher than a character, which is dark and
/// holds light strokes as well if it is a bold 国 or 目.
fn has_size_of_ground(component: &Component) -> bool {
    /// The sides of a ground at the least, in cells: 4.5 mm by 10, two characters of a table's head.
    const LEAST: [usize; 2] = [9, 20];
    /// More than a side of any character, in cells: a title of 150 points has fewer.
    const LARGEST_CHARACTER: usize = 110;
    /// How many times wider than high a ground is at least, or higher than wide.
    const WIDE: usize = 2;
    const HIGH: usize = 3;
    let (width, height) = (component.x1 - component.x0, component.y1 - component.y0);
    let (short, long) = (width.min(height), width.max(height));
    let is_large = short >= LEAST[0] && long >= LEAST[1];
    is_large && (width >= WIDE * height || height >= HIGH * width || short > LARGEST_CHARACTER)
}

/// The shades of what a ground encloses.
#[derive(Debug)]
struct Shades {
    /// How much the ground's own differ, but for a tenth at either end.
    spread: u8,
    /// From here on a pixel is text, or paper around the ground.
    bright: u8,
    n_pixels: usize,
    n_bright: usize,
    /// Cells that are not dark: text is in them.
    n_cells_held: usize,
    n_cells: usize,
}

impl Shades {
    fn new(ground: &Ground, dark: &Bilevel, page: &Gray, size: usize) -> Self {
        /// How much brighter than its ground text is, and what lies around it.
        const CONTRAST: u8 = 64;
        let mut of_ground = Vec::new();
        let mut all = Vec::new();
        let (mut n_cells, mut n_cells_held) = (0, 0);
        for (x, y) in ground.inside() {
            let is_dark = dark.row(y)[x] == 1;
            n_cells += 1;
            n_cells_held += usize::from(!is_dark);
            for row in y * size..((y + 1) * size).min(page.height) {
                let pixels = &page.row(row)[x * size..((x + 1) * size).min(page.width)];
                all.extend_from_slice(pixels);
                if is_dark {
                    of_ground.extend_from_slice(pixels);
                }
            }
        }
        of_ground.sort_unstable();
        let at_tenth = |tenths: usize| {
            let at = of_ground.len() * tenths / 10;
            of_ground.get(at).copied().unwrap_or(255)
        };
        let bright = at_tenth(5).saturating_add(CONTRAST);
        Self {
            spread: at_tenth(9) - at_tenth(1),
            bright,
            n_pixels: all.len(),
            n_bright: all.iter().filter(|&&v| v >= bright).count(),
            n_cells_held,
            n_cells,
        }
    }

    /// Whether they may be those of text on a plain ground.
    fn are_text(&self) -> bool {
        /// How far the shades of a ground differ at the most: a photograph's differ more.
        const EVEN: u8 = 48;
        /// The bright share of a ground: a short word in a long band, and bold type that fills it. What a frame encloses
        /// is more.
        const LIGHT: std::ops::RangeInclusive<f64> = 0.01..=0.45;
        /// The share of its cells that hold the text: between the strokes of a character there are hardly any.
        const LEAST_HELD: f64 = 0.03;
        self.spread <= EVEN
            && self.n_cells_held as f64 >= LEAST_HELD * self.n_cells as f64
            && LIGHT.contains(&(self.n_bright as f64 / self.n_pixels.max(1) as f64))
    }
}

impl Ground {
    /// Dark cells that hang together, with what they enclose: what can't be reached from the edge of their box through
    /// cells that are not dark.
    fn new(component: &Component, dark: &Bilevel) -> Self {
        let bbox @ [x0, y0, x1, y1] = component.bbox();
        let (width, height) = (x1 - x0, y1 - y0);
        let is_paper = (y0..y1).flat_map(|y| dark.row(y)[x0..x1].iter().map(|&ink| 1 - ink));
        let mut paper = Bilevel {
            width,
            height,
            ink: is_paper.collect(),
        };
        let mut is_inside = vec![true; width * height];
        let edges = paper.edges();
        for cell in paper.drain_connected(edges, Reach::Sides) {
            is_inside[cell] = false;
        }
        Self { bbox, is_inside }
    }

    /// Whether a cell of the page is the ground or stands on it.
    fn has(&self, x: usize, y: usize) -> bool {
        let [x0, y0, x1, y1] = self.bbox;
        (x0..x1).contains(&x)
            && (y0..y1).contains(&y)
            && self.is_inside[(y - y0) * (x1 - x0) + x - x0]
    }

    /// The cells of the page that are the ground or stand on it.
    fn inside(&self) -> impl Iterator<Item = (usize, usize)> {
        let [x0, y0, x1, y1] = self.bbox;
        (y0..y1)
            .flat_map(move |y| (x0..x1).map(move |x| (x, y)))
            .zip(&self.is_inside)
            .filter(|(_, is_inside)| **is_inside)
            .map(|(cell, _)| cell)
    }

    /// The cells of the page so many steps outside.
    fn around(
        &self,
        steps: usize,
        width: usize,
        height: usize,
    ) -> impl Iterator<Item = (usize, usize)> {
        let [x0, y0, x1, y1] = self.bbox;
        let is_near = |x: usize, y: usize, reach: usize| {
            (y.saturating_sub(reach)..=y + reach)
                .any(|y| (x.saturating_sub(reach)..=x + reach).any(|x| self.has(x, y)))
        };
        let cells = (y0.saturating_sub(steps)..(y1 + steps).min(height)).flat_map(move |y| {
            (x0.saturating_sub(steps)..(x1 + steps).min(width)).map(move |x| (x, y))
        });
        cells.filter(move |&(x, y)| is_near(x, y, steps) && !is_near(x, y, steps - 1))
    }

    /// Whether there is paper around it: the dark of a photograph has no edge.
    fn has_edge(&self, brightest: &Gray, bright: u8) -> bool {
        /// The share of the cells two steps outside that must be bright.
        const EDGED: f64 = 0.8;
        let (mut n, mut n_bright) = (0, 0);
        for (x, y) in self.around(2, brightest.width, brightest.height) {
            n += 1;
            n_bright += usize::from(brightest.row(y)[x] >= bright);
        }
        n_bright as f64 >= EDGED * f64::from(n)
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_page::TestPage;
    use super::*;

    const DPI: f64 = 150.0;

    /// A page with text, and a band across it with light text.
    fn page() -> TestPage {
        let mut page = TestPage::new(700, 400);
        page.text(100, 160, 6);
        for row in page.gray.pixels.chunks_exact_mut(700) {
            row.iter_mut().for_each(|v| *v = 255 - *v);
        }
        let band = page.gray.crop([60, 140, 640, 210]);
        let mut page = TestPage::new(700, 400);
        page.gray.lay(&band, 60, 140);
        page.text(100, 40, 12);
        page.text(100, 300, 12);
        page
    }

    #[test]
    fn light_text_on_a_band_becomes_dark_on_white() {
        let scanned = page().gray;
        let mut gray = scanned.clone();
        let [[x0, y0, x1, y1]] = reverse_type(&mut gray, &scanned, 128, DPI)[..] else {
            panic!("one band")
        };
        assert!(
            x0.abs_diff(60) <= 3
                && y0.abs_diff(140) <= 3
                && x1.abs_diff(640) <= 3
                && y1.abs_diff(210) <= 3
        );
        let mut plain = TestPage::new(700, 400);
        (0..3).for_each(|i| plain.text(100, [40, 160, 300][i], [12, 6, 12][i]));
        assert!(gray == plain.gray);
    }

    #[test]
    fn frames_bars_and_bold_characters_stay() {
        let mut page = TestPage::new(700, 600);
        page.fill([50, 50, 650, 250]);
        (60..240).for_each(|y| page.gray.row_mut(y)[60..640].fill(255));
        page.text(100, 100, 12);
        page.fill([50, 300, 650, 330]);
        page.fill([100, 400, 220, 520]);
        [420, 450, 480]
            .into_iter()
            .for_each(|y| (y..y + 20).for_each(|y| page.gray.row_mut(y)[125..195].fill(255)));
        let mut gray = page.gray.clone();
        assert!(reverse_type(&mut gray, &page.gray, 128, DPI).is_empty());
        assert!(gray == page.gray);
    }

    #[test]
    fn a_page_may_be_dark_or_nothing() {
        for (width, height) in [(0, 0), (1, 1), (3, 900), (900, 3), (400, 400)] {
            let mut page = TestPage::new(width, height);
            page.fill([0, 0, width, height]);
            assert!(reverse_type(&mut page.gray.clone(), &page.gray, 128, DPI).is_empty());
        }
        let mut scanned = page().gray.crop([70, 145, 630, 205]);
        scanned.pixels.extend(vec![0; 560 * 60]);
        scanned.height *= 2;
        let mut gray = scanned.clone();
        assert_eq!(reverse_type(&mut gray, &scanned, 128, DPI).len(), 1);
        assert!(gray.pixels.iter().filter(|v| **v < 128).count() * 20 < gray.pixels.len());
    }
}
