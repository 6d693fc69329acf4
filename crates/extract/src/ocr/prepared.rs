//! Preparation: a scan becomes upright text, dark on white, and the ink of it.

use std::borrow::Cow;

use hayro_font::kurbo::{Affine, Point, Rect};

use super::binarise::clean;
use super::borders::remove_borders;
use super::reversed_type::reverse_type;
use super::scratches::remove_scratches;
use super::seals::{seals, without_seals};
use super::skew::skew;
use crate::pdf::scan::Scan;
use crate::raster::Gray;

/// A page ready to be searched and recognised.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// For the recogniser: paper white, stains and bleed-through faint, seals gone.
    pub gray: Gray,
    /// What is darker is ink, or faint.
    pub level: u8,
    /// Pixels per inch.
    pub dpi: f64,
    /// From pixels of `gray` to points of the displayed page.
    pub to_points: Affine,
    /// What the page was turned by, clockwise, before it was looked at.
    pub n_quarters: u8,
    /// Degrees by which the lines fell to the right, and that were taken out.
    pub skew: f64,
    /// Round red seals, x0, y0, x1, y1 in pixels of `gray`.
    pub seals: Vec<[usize; 4]>,
    /// Dark grounds whose light text was made dark on white, in the same way.
    pub reversed: Vec<[usize; 4]>,
}

/// Degrees; less is one pixel and a half across a page.
const LEVEL: f64 = 0.04;

/// Prepares a scan after turning it by `n_quarters` clockwise.
pub fn prepare(scan: &Scan, n_quarters: u8) -> Prepared {
    let n_quarters = n_quarters % 4;
    let seals = seals(scan);
    let mut gray = without_seals(scan, &seals);
    if n_quarters != 0 {
        gray = gray.turned(n_quarters);
    }
    let level = clean(&mut gray);
    let scanned = if n_quarters == 0 {
        Cow::Borrowed(&scan.gray)
    } else {
        Cow::Owned(scan.gray.turned(n_quarters))
    };
    let reversed = reverse_type(&mut gray, &scanned, level, scan.dpi());
    drop(scanned);
    remove_borders(&mut gray, level);
    let skew = skew(&gray, level, scan.dpi());
    let mut gray = straightened(gray, skew);
    remove_scratches(&mut gray, scan.dpi());
    let unrotated = unrotated(skew, &gray);
    let back = unturned(n_quarters, scan.gray.width, scan.gray.height) * unrotated;
    let move_all = |boxes: &[[usize; 4]], by: Affine| {
        boxes.iter().map(|&bbox| moved(bbox, by, &gray)).collect()
    };
    Prepared {
        level,
        dpi: scan.dpi(),
        to_points: scan.to_points() * back,
        n_quarters,
        skew,
        seals: move_all(&seals, back.inverse()),
        reversed: move_all(&reversed, unrotated.inverse()),
        gray,
    }
}

/// The scan as it was prepared, pixel by pixel, but with all its stains, borders and grounds.
pub fn uncleaned(scan: &Scan, prepared: &Prepared) -> Gray {
    straightened(scan.gray.turned(prepared.n_quarters), prepared.skew)
}

/// A page without its skew.
fn straightened(gray: Gray, skew: f64) -> Gray {
    if skew.abs() < LEVEL {
        gray
    } else {
        gray.rotated(-skew.to_radians())
    }
}

/// From pixels of the turned picture to those of the scan.
fn unturned(n_quarters: u8, width: usize, height: usize) -> Affine {
    let (w, h) = (width as f64, height as f64);
    match n_quarters {
        1 => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, h]),
        2 => Affine::new([-1.0, 0.0, 0.0, -1.0, w, h]),
        3 => Affine::new([0.0, 1.0, -1.0, 0.0, w, 0.0]),
        _ => Affine::IDENTITY,
    }
}

/// From pixels of the straightened picture to those before.
fn unrotated(skew: f64, gray: &Gray) -> Affine {
    if skew.abs() < LEVEL {
        return Affine::IDENTITY;
    }
    Affine::rotate_about(
        skew.to_radians(),
        Point::new(gray.width as f64 / 2.0, gray.height as f64 / 2.0),
    )
}

/// A box of the scan in the prepared picture.
fn moved([x0, y0, x1, y1]: [usize; 4], by: Affine, gray: &Gray) -> [usize; 4] {
    let moved = by.transform_rect_bbox(Rect::new(x0 as f64, y0 as f64, x1 as f64, y1 as f64));
    let within = |v: f64, most: usize| (v.max(0.0) as usize).min(most);
    [
        within(moved.x0, gray.width),
        within(moved.y0, gray.height),
        within(moved.x1.ceil(), gray.width),
        within(moved.y1.ceil(), gray.height),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::orientation::turns;
    use super::super::test_page::TestPage;
    use super::*;

    const DPI: f64 = 150.0;

    fn scan(gray: Gray) -> Scan {
        Scan {
            gray,
            color: None,
            scale: [DPI / 72.0; 2],
            origin: [0.0; 2],
        }
    }

    fn prose() -> Gray {
        let mut page = TestPage::new(800, 800);
        for i in 0..11 {
            page.text(100, 100 + 55 * i, if i % 4 == 3 { 9 } else { 20 });
        }
        page.gray
    }

    #[test]
    fn skew_is_found_and_taken_out() {
        for degrees in [-2.6, -0.35, 0.0, 0.2, 1.5] {
            let prepared = prepare(&scan(prose().rotated(f64::to_radians(degrees))), 0);
            assert!(
                (prepared.skew - degrees).abs() < 0.06,
                "{degrees}: {}",
                prepared.skew
            );
            // The first character's corner is where it was drawn, and points lead back to where it was scanned.
            let straight = Point::new(100.0, 100.0);
            let found = prepared.to_points * straight;
            let turned =
                Affine::rotate_about(degrees.to_radians(), Point::new(400.0, 400.0)) * straight;
            assert!(
                (found.x - turned.x * 72.0 / DPI).abs() < 0.5
                    && (found.y - turned.y * 72.0 / DPI).abs() < 0.5,
                "{found:?}"
            );
            assert!(
                prepared.gray.row(101)[100..126].iter().all(|&v| v < 128),
                "{degrees}"
            );
        }
    }

    #[test]
    fn columns_whose_lines_are_not_level_are_not_made_so() {
        let mut page = TestPage::new(1100, 1500);
        for i in 0..24 {
            page.text(80, 100 + 52 * i, 14);
            page.text(560, 100 + 8 + 52 * i, 14);
        }
        for degrees in [0.0, 1.2] {
            let prepared = prepare(&scan(page.gray.rotated(f64::to_radians(degrees))), 0);
            assert!(
                (prepared.skew - degrees).abs() < 0.1,
                "{degrees}: {}",
                prepared.skew
            );
        }
    }

    #[test]
    fn a_sideways_page_is_turned() {
        for n_quarters in 0..4 {
            assert!(
                turns(&scan(prose().turned(n_quarters))).order[..2]
                    .contains(&((4 - n_quarters) % 4))
            );
        }
        let prepared = prepare(&scan(prose().turned(1)), 3);
        let corner = prepared.to_points * Point::new(100.0, 100.0);
        // On the page as it was scanned, the first line stands at the right and runs down.
        assert!(
            (corner.x - 700.0 * 72.0 / DPI).abs() < 0.5
                && (corner.y - 100.0 * 72.0 / DPI).abs() < 0.5,
            "{corner:?}"
        );
    }

    #[test]
    fn nothing_but_lines_is_beyond_doubt() {
        let mut page = TestPage::new(800, 800);
        for i in 0..15 {
            for x in [100, 300, 500] {
                page.text(x, 60 + 40 * i, 1);
            }
        }
        for n_quarters in 0..4 {
            assert_eq!(turns(&scan(page.gray.turned(n_quarters))).n_tried, 4);
            assert_eq!(turns(&scan(prose().turned(n_quarters))).n_tried, 1);
        }
    }

    #[test]
    fn a_seal_is_lifted_off_the_text_under_it() {
        let gray = prose();
        let mut color: Vec<[u8; 3]> = gray.pixels.iter().map(|&v| [v; 3]).collect();
        let (cx, cy, radius) = (500.0f64, 500.0, 120.0);
        for (i, pixel) in color.iter_mut().enumerate() {
            let away = (f64::from((i % 800) as u32) - cx).hypot(f64::from((i / 800) as u32) - cy);
            if (away - radius).abs() < 6.0 || away < 35.0 {
                *pixel = [pixel[0].min(225), pixel[1].min(60), pixel[2].min(50)];
            }
        }
        let luma = |p: &[u8; 3]| {
            ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8
        };
        let seen = Gray {
            pixels: color.iter().map(luma).collect(),
            ..gray.clone()
        };
        let prepared = prepare(
            &Scan {
                color: Some(color),
                ..scan(seen)
            },
            0,
        );
        let [[x0, y0, x1, y1]] = prepared.seals[..] else {
            panic!("{:?}", prepared.seals)
        };
        assert!(
            x0.abs_diff(374) < 15
                && y0.abs_diff(374) < 15
                && x1.abs_diff(626) < 15
                && y1.abs_diff(626) < 15,
            "{:?}",
            prepared.seals
        );
        let differ = prepared
            .gray
            .pixels
            .iter()
            .zip(&gray.pixels)
            .filter(|(a, b)| a.abs_diff(**b) > 60)
            .count();
        assert_eq!(differ, 0);
    }

    #[test]
    fn a_red_head_stays() {
        let gray = prose();
        let color = gray
            .pixels
            .iter()
            .enumerate()
            .map(|(i, &v)| {
                if i / 800 < 140 && v == 0 {
                    [220, 40, 30]
                } else {
                    [v; 3]
                }
            })
            .collect();
        let prepared = prepare(
            &Scan {
                color: Some(color),
                ..scan(gray.clone())
            },
            0,
        );
        assert!(prepared.seals.is_empty());
        assert_eq!(prepared.gray, gray);
    }

    #[test]
    fn stains_and_borders_become_white() {
        let mut gray = prose();
        for (i, pixel) in gray.pixels.iter_mut().enumerate() {
            let (x, y) = (i % 800, i / 800);
            // Paper that darkens to the right, print that shines through, the lid of the scanner.
            *pixel = (u32::from(*pixel) * (250 - x as u32 / 8) / 255 + 5).min(255) as u8;
            if x % 40 < 4 && y > 700 {
                *pixel = (u32::from(*pixel) * 9 / 10) as u8;
            }
            if x < 30 {
                *pixel = 12;
            }
        }
        let prepared = prepare(&scan(gray), 0);
        assert!(
            prepared.gray.row(750).iter().all(|&v| v > prepared.level),
            "{:?}",
            prepared.gray.row(750)
        );
        assert!(prepared.gray.row(100)[100..126].iter().all(|&v| v < 40));
    }

    #[test]
    fn a_page_of_nothing_is_prepared() {
        for (width, height) in [(0, 0), (1, 1), (5, 700), (700, 5)] {
            let prepared = prepare(&scan(Gray::white(width, height)), 0);
            assert_eq!(prepared.skew, 0.0);
            turns(&scan(Gray {
                width,
                height,
                pixels: vec![0; width * height],
            }));
            turns(&scan(Gray {
                width,
                height,
                pixels: vec![90; width * height],
            }));
        }
    }
}
