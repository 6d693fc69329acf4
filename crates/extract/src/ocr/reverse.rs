//! Reverse print: light text on a dark ground, as in the heads of tables, title bands and covers, becomes dark on white.

use super::find;
use super::prepare::legible;
use super::raster::{Bilevel, Gray};

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
pub fn reverse(gray: &mut Gray, scanned: &Gray, level: u8, dpi: f64) -> Vec<[usize; 4]> {
    let size = ((dpi / CELLS).round() as usize).max(1);
    let grounds = grounds(scanned, size);
    for ground in &grounds {
        let [x0, y0, x1, y1] = ground.bbox;
        let picture = legible(
            &scanned.crop([x0 * size, y0 * size, x1 * size, y1 * size]),
            level,
        );
        let (width, height) = (gray.width, gray.height);
        let pixels = |x: usize, y: usize| {
            (
                x * size..((x + 1) * size).min(width),
                y * size..((y + 1) * size).min(height),
            )
        };
        for (x, y) in (y0..y1)
            .flat_map(|y| (x0..x1).map(move |x| (x, y)))
            .filter(|&(x, y)| ground.has(x, y))
        {
            let (columns, rows) = pixels(x, y);
            for row in rows {
                let from = &picture.row(row - y0 * size)
                    [columns.start - x0 * size..columns.end - x0 * size];
                gray.row_mut(row)[columns.clone()].copy_from_slice(from);
            }
        }
        // The rim, half ground and half paper.
        for (x, y) in ground.around(1, gray.width.div_ceil(size), gray.height.div_ceil(size)) {
            let (columns, rows) = pixels(x, y);
            rows.for_each(|row| gray.row_mut(row)[columns.clone()].fill(255));
        }
    }
    grounds
        .iter()
        .map(|ground| ground.bbox.map(|at| at * size))
        .collect()
}

/// The dark grounds of a page that hold light text.
fn grounds(page: &Gray, size: usize) -> Vec<Ground> {
    /// Dark is what is darker all through: tints that black is printed on are brighter, or hold nothing that is bright.
    const DARK: u8 = 112;
    /// Cells: 4.5 mm by 10, two characters of a table's head; and more than a character of a title of 150 points has.
    const LEAST: [usize; 2] = [9, 20];
    const LARGEST_CHARACTER: usize = 110;
    /// A ground is at least so many times wider than high, or higher than wide: a bold 国 or 目 is dark and holds light
    /// strokes as well.
    const WIDE: usize = 2;
    const HIGH: usize = 3;
    let brightest = page.blocks(size, 0, u8::max);
    let dark = Bilevel {
        width: brightest.width,
        height: brightest.height,
        ink: brightest
            .pixels
            .iter()
            .map(|&v| u8::from(v < DARK))
            .collect(),
    };
    let is_ground = |island: &find::Piece| {
        let (width, height) = (island.x1 - island.x0, island.y1 - island.y0);
        let (short, long) = (width.min(height), width.max(height));
        let is_large = short >= LEAST[0] && long >= LEAST[1];
        is_large && (width >= WIDE * height || height >= HIGH * width || short > LARGEST_CHARACTER)
    };
    let islands = find::islands(&dark);
    islands
        .iter()
        .filter(|island| is_ground(island))
        .filter_map(|island| ground(island, &dark, &brightest, page, size))
        .collect()
}

/// The ground that an island of dark cells is, if what it encloses may be text.
fn ground(
    island: &find::Piece,
    dark: &Bilevel,
    brightest: &Gray,
    page: &Gray,
    size: usize,
) -> Option<Ground> {
    /// Of the ground: a short word in a long band, and bold type that fills it. What a frame encloses is more.
    const LIGHT: std::ops::RangeInclusive<f64> = 0.01..=0.45;
    /// Of its cells, how many the text is in: between the strokes of a character there are hardly any.
    const LEAST_HELD: f64 = 0.03;
    /// How much a ground's shades differ, but for a tenth at either end: a photograph's do more.
    const EVEN: u8 = 48;
    /// How much brighter than its ground text is, and what lies around it; of that, how much must be.
    const CONTRAST: u8 = 64;
    const EDGED: f64 = 0.8;
    let bbox @ [x0, y0, x1, y1] = [island.x0, island.y0, island.x1, island.y1];
    let (width, height) = (x1 - x0, y1 - y0);
    let is_dark = |at: usize| dark.row(y0 + at / width)[x0 + at % width] == 1;
    // From the edge of the box through all that is not dark: what can't be reached that way is inside.
    let mut is_inside = vec![true; width * height];
    let edges = (0..width)
        .flat_map(|x| [x, (height - 1) * width + x])
        .chain((0..height).flat_map(|y| [y * width, (y + 1) * width - 1]));
    let mut open: Vec<usize> = edges.filter(|&at| !is_dark(at)).collect();
    open.iter().for_each(|&at| is_inside[at] = false);
    while let Some(at) = open.pop() {
        let (x, y) = (at % width, at / width);
        let beside = [
            (x > 0, at.wrapping_sub(1)),
            (x + 1 < width, at + 1),
            (y > 0, at.wrapping_sub(width)),
            (y + 1 < height, at + width),
        ];
        for (_, next) in beside.into_iter().filter(|(is_within, _)| *is_within) {
            if is_inside[next] && !is_dark(next) {
                is_inside[next] = false;
                open.push(next);
            }
        }
    }
    let mut of_ground = Vec::new();
    let mut all = Vec::new();
    for at in (0..width * height).filter(|&at| is_inside[at]) {
        let (x, y) = ((x0 + at % width) * size, (y0 + at / width) * size);
        for row in y..(y + size).min(page.height) {
            let pixels = &page.row(row)[x..(x + size).min(page.width)];
            all.extend_from_slice(pixels);
            if is_dark(at) {
                of_ground.extend_from_slice(pixels);
            }
        }
    }
    of_ground.sort_unstable();
    let shade = |tenths: usize| {
        of_ground
            .get(of_ground.len() * tenths / 10)
            .copied()
            .unwrap_or(255)
    };
    let bright = shade(5).saturating_add(CONTRAST);
    let n_light = all.iter().filter(|&&v| v >= bright).count();
    let is_even = shade(9) - shade(1) <= EVEN;
    let n_inside = is_inside.iter().filter(|is_inside| **is_inside).count();
    let n_held = (0..width * height)
        .filter(|&at| is_inside[at] && !is_dark(at))
        .count();
    let has_text = n_held as f64 >= LEAST_HELD * n_inside as f64
        && LIGHT.contains(&(n_light as f64 / all.len().max(1) as f64));
    if !is_even || !has_text {
        return None;
    }
    // The dark of a photograph has no edge.
    let ground = Ground { bbox, is_inside };
    let around: Vec<u8> = ground
        .around(2, dark.width, dark.height)
        .map(|(x, y)| brightest.row(y)[x])
        .collect();
    let n_bright = around.iter().filter(|&&v| v >= bright).count();
    (n_bright as f64 >= EDGED * around.len() as f64).then_some(ground)
}

impl Ground {
    /// Whether a cell of the page is the ground or stands on it.
    fn has(&self, x: usize, y: usize) -> bool {
        let [x0, y0, x1, y1] = self.bbox;
        (x0..x1).contains(&x)
            && (y0..y1).contains(&y)
            && self.is_inside[(y - y0) * (x1 - x0) + x - x0]
    }

    /// The cells of the page so many steps outside.
    fn around(
        &self,
        steps: usize,
        width: usize,
        height: usize,
    ) -> impl Iterator<Item = (usize, usize)> {
        let [x0, y0, x1, y1] = self.bbox;
        let near = |x: usize, y: usize, reach: usize| {
            (y.saturating_sub(reach)..=y + reach)
                .any(|y| (x.saturating_sub(reach)..=x + reach).any(|x| self.has(x, y)))
        };
        let cells = (y0.saturating_sub(steps)..(y1 + steps).min(height)).flat_map(move |y| {
            (x0.saturating_sub(steps)..(x1 + steps).min(width)).map(move |x| (x, y))
        });
        cells.filter(move |&(x, y)| near(x, y, steps) && !near(x, y, steps - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Sheet;
    use super::*;

    const DPI: f64 = 150.0;

    /// A sheet with text, and a band across it with light text.
    fn sheet() -> Sheet {
        let mut sheet = Sheet::new(700, 400);
        sheet.text(100, 160, 6);
        for row in sheet.gray.pixels.chunks_exact_mut(700) {
            row.iter_mut().for_each(|v| *v = 255 - *v);
        }
        let band = sheet.gray.crop([60, 140, 640, 210]);
        let mut sheet = Sheet::new(700, 400);
        sheet.gray.lay(&band, 60, 140);
        sheet.text(100, 40, 12);
        sheet.text(100, 300, 12);
        sheet
    }

    #[test]
    fn light_text_on_a_band_becomes_dark_on_white() {
        let scanned = sheet().gray;
        let mut gray = scanned.clone();
        let [[x0, y0, x1, y1]] = reverse(&mut gray, &scanned, 128, DPI)[..] else {
            panic!("one band")
        };
        assert!(
            x0.abs_diff(60) <= 3
                && y0.abs_diff(140) <= 3
                && x1.abs_diff(640) <= 3
                && y1.abs_diff(210) <= 3
        );
        let mut plain = Sheet::new(700, 400);
        (0..3).for_each(|i| plain.text(100, [40, 160, 300][i], [12, 6, 12][i]));
        assert!(gray == plain.gray);
    }

    #[test]
    fn frames_bars_and_bold_characters_stay() {
        let mut sheet = Sheet::new(700, 600);
        sheet.fill([50, 50, 650, 250]);
        (60..240).for_each(|y| sheet.gray.row_mut(y)[60..640].fill(255));
        sheet.text(100, 100, 12);
        sheet.fill([50, 300, 650, 330]);
        sheet.fill([100, 400, 220, 520]);
        [420, 450, 480]
            .into_iter()
            .for_each(|y| (y..y + 20).for_each(|y| sheet.gray.row_mut(y)[125..195].fill(255)));
        let mut gray = sheet.gray.clone();
        assert!(reverse(&mut gray, &sheet.gray, 128, DPI).is_empty());
        assert!(gray == sheet.gray);
    }

    #[test]
    fn a_page_may_be_dark_or_nothing() {
        for (width, height) in [(0, 0), (1, 1), (3, 900), (900, 3), (400, 400)] {
            let mut sheet = Sheet::new(width, height);
            sheet.fill([0, 0, width, height]);
            assert!(reverse(&mut sheet.gray.clone(), &sheet.gray, 128, DPI).is_empty());
        }
        let mut scanned = sheet().gray.crop([70, 145, 630, 205]);
        scanned.pixels.extend(vec![0; 560 * 60]);
        scanned.height *= 2;
        let mut gray = scanned.clone();
        assert_eq!(reverse(&mut gray, &scanned, 128, DPI).len(), 1);
        assert!(gray.pixels.iter().filter(|v| **v < 128).count() * 20 < gray.pixels.len());
    }
}
