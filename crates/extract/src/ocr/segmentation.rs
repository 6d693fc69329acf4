//! Segmentation: the ink of a page becomes rulings and the boxes of its lines.
//!
//! Rulings go first, so that a table is cells and not one lump. Blank corridors that run past several lines part
//! columns. What is left of the ink is smeared along the rows, never across a ruling or a corridor: what then hangs
//! together is a line.

use super::components::Component;
use super::corridors::{Wall, corridors};
use super::line_box::LineBox;
use super::line_boxes::{Barriers, InkLine, lines};
use super::prepared::Prepared;
use super::ruling::{Ruling, Segment, erase};
use super::rulings::{Rulings, rulings, with_heads};
use super::smear::smeared_components;
use super::text_ink::{TextInk, text_ink};
use super::working_ink::WorkingInk;

/// What is on a page, in pixels of [`Prepared::gray`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Segmentation {
    /// In no order that says anything of reading.
    pub lines: Vec<LineBox>,
    /// Rows of dots that lead from a title to its page number, as high as the line they stand in.
    pub leaders: Vec<LineBox>,
    pub rulings: Vec<Segment>,
}

/// Finds the rulings and lines of a page.
pub fn segment(page: &Prepared) -> Segmentation {
    let WorkingInk { n, mut ink, black } = WorkingInk::new(&page.gray, page.level, page.dpi);
    let Rulings { rulings, pieces } = rulings(&ink);
    for piece in &pieces {
        erase(&mut ink, piece);
    }
    let TextInk { ink, em, leaders } = text_ink(&ink, &black);
    let heads: Vec<[f64; 4]> = page
        .reversed
        .iter()
        .map(|ground| ground.map(|at| at as f64 / n as f64))
        .collect();
    let rulings = with_heads(rulings, &heads, &ink);
    let mut walls: Vec<Wall> = rulings
        .iter()
        .filter(|ruling| !ruling.is_level)
        .map(ruling_as_wall)
        .collect();
    walls.extend(corridors(&ink, em));
    let barriers = Barriers {
        walls: &walls,
        rulings: &rulings,
    };
    let pieces = smeared_components(&ink, &walls, em);
    let lines = lines(pieces, &ink, &barriers, em);
    let leaders = leaders
        .iter()
        .filter_map(|leader| within_line(leader, &lines));
    Segmentation {
        leaders: leaders.map(|leader| line_box(&leader, page, n)).collect(),
        lines: lines.iter().map(|line| line_box(line, page, n)).collect(),
        rulings: rulings
            .iter()
            .map(|ruling| ruling.segment(n as f64))
            .collect(),
    }
}

fn ruling_as_wall(ruling: &Ruling) -> Wall {
    Wall {
        x: ruling.at(ruling.middle()),
        from: ruling.from,
        to: ruling.to,
    }
}

/// A leader as a part of the line that it leads from, or to; none if it stands apart, as a dotted rule.
fn within_line(leader: &Component, lines: &[InkLine]) -> Option<InkLine> {
    /// The blank between the line and the leader at the most, in em.
    const REACH: f64 = 3.0;
    /// How far the leader may stand above or below the line, in em.
    const SLACK: f64 = 0.1;
    let leads = |line: &&InkLine| {
        let slack = SLACK * line.em;
        leader.mid_y() >= line.ink.y0 as f64 - slack
            && leader.mid_y() <= line.ink.y1 as f64 + slack
            && line.ink.gap(leader) as f64 <= REACH * line.em
    };
    // A folio or a figure is less high than a title.
    let line = lines
        .iter()
        .filter(leads)
        .max_by(|a, b| a.ink.height().total_cmp(&b.ink.height()))?;
    Some(InkLine {
        ink: Component {
            y0: line.ink.y0,
            y1: line.ink.y1,
            ..*leader
        },
        em: line.em,
    })
}

/// A line in pixels of the page, of which there are `n` to each of the line's.
fn line_box(line: &InkLine, page: &Prepared, n: usize) -> LineBox {
    let [x0, y0, x1, y1] = line.ink.bbox().map(|at| at * n);
    LineBox {
        bbox: [x0, y0, x1.min(page.gray.width), y1.min(page.gray.height)],
        em: line.em * n as f64,
    }
}

#[cfg(test)]
mod tests {
    use hayro_font::kurbo::Affine;

    use super::super::test_page::TestPage;
    use super::super::working_ink::DPI;
    use super::*;

    /// At 150 pixels per inch, as it is drawn.
    fn found(page: TestPage) -> Segmentation {
        segment(&prepared(page))
    }

    fn prepared(page: TestPage) -> Prepared {
        Prepared {
            gray: page.gray,
            level: 128,
            dpi: DPI,
            to_points: Affine::IDENTITY,
            n_quarters: 0,
            skew: 0.0,
            seals: Vec::new(),
            reversed: Vec::new(),
        }
    }

    fn boxes(found: &Segmentation) -> Vec<[usize; 4]> {
        let mut boxes: Vec<_> = found.lines.iter().map(|line| line.bbox).collect();
        boxes.sort_by_key(|b| (b[1], b[0]));
        boxes
    }

    #[test]
    fn a_narrow_gutter_parts_columns() {
        let mut page = TestPage::new(600, 400);
        for i in 0..6 {
            page.text(40, 40 + 50 * i, 8);
            // 26 pixels on, less than a character.
            page.text(40 + 8 * 30 + 26, 40 + 50 * i, 8);
        }
        let found = found(page);
        assert_eq!(found.lines.len(), 12);
        assert_eq!(boxes(&found)[..2], [[40, 40, 276, 66], [306, 40, 542, 66]]);
    }

    #[test]
    fn a_comma_beside_indents_parts_nothing() {
        let mut page = TestPage::new(700, 400);
        for i in 0..6 {
            page.text(40, 40 + 50 * i, 8);
            match i {
                // Half a character of a comma, and its blank.
                2 => {
                    page.text(320, 40 + 50 * i, 1);
                    page.fill([350, 58 + 50 * i, 356, 66 + 50 * i]);
                    page.text(380, 40 + 50 * i, 6);
                }
                _ => page.text(380, 40 + 50 * i, 6),
            }
        }
        assert_eq!(
            found(page)
                .lines
                .iter()
                .filter(|line| line.bbox[0] == 320 && line.bbox[2] == 556)
                .count(),
            1
        );
    }

    #[test]
    fn a_hanging_mark_does_not_bridge_the_gutter() {
        let mut page = TestPage::new(600, 560);
        for i in 0..10 {
            page.text(40, 40 + 50 * i, 8);
            page.text(40 + 8 * 30 + 26, 40 + 50 * i, 8);
        }
        page.fill([280, 58, 286, 66]);
        assert_eq!(found(page).lines.len(), 20);
    }

    #[test]
    fn rulings_part_cells_and_are_not_text() {
        let mut page = TestPage::new(600, 300);
        for y in [50, 100, 150] {
            page.fill([50, y, 550, y + 2]);
        }
        for x in [50, 200, 548] {
            page.fill([x, 50, x + 2, 152]);
        }
        // 15 pixels between characters on either side of a ruling.
        page.text(56 + 20, 62, 4);
        page.text(210, 62, 3);
        page.text(300, 112, 2);
        let found = found(page);
        assert_eq!(found.rulings.iter().filter(|r| r.y0 == r.y1).count(), 3);
        assert_eq!(found.rulings.iter().filter(|r| r.x0 == r.x1).count(), 3);
        assert_eq!(
            boxes(&found),
            [[76, 62, 192, 88], [210, 62, 296, 88], [300, 112, 356, 138]]
        );
    }

    #[test]
    fn rulings_go_on_through_a_head_in_reversed_type() {
        let mut page = TestPage::new(600, 300);
        for y in [100, 150] {
            page.fill([50, y, 550, y + 2]);
        }
        for x in [50, 200, 400, 548] {
            page.fill([x, 104, x + 2, 152]);
        }
        page.text(70, 62, 4);
        // A title over two columns.
        page.text(300, 62, 6);
        let mut prepared = prepared(page);
        prepared.reversed.push([48, 50, 552, 98]);
        let found = segment(&prepared);
        let upright: Vec<f64> = found
            .rulings
            .iter()
            .filter(|r| r.x0 == r.x1)
            .map(|r| r.y0)
            .collect();
        assert_eq!(upright, [50.0, 50.0, 98.0, 50.0]);
        assert!(found.rulings.iter().any(|r| r.y0 == 50.0 && r.y1 == 50.0));
        assert_eq!(found.lines.len(), 2);
    }

    #[test]
    fn dashes_and_the_character_for_one_are_text() {
        let mut page = TestPage::new(600, 200);
        page.text(40, 40, 6);
        // 一, then ——.
        page.fill([220, 52, 246, 55]);
        page.fill([252, 52, 308, 54]);
        page.text(312, 40, 2);
        let found = found(page);
        assert!(found.rulings.is_empty());
        assert_eq!(boxes(&found), [[40, 40, 368, 66]]);
    }

    #[test]
    fn the_rule_under_a_head_is_no_text_however_thick() {
        let mut page = TestPage::new(1000, 300);
        page.text_of(100, 40, 60, 6);
        page.text(100, 130, 12);
        page.fill([50, 180, 950, 187]);
        page.fill([50, 196, 950, 198]);
        let found = found(page);
        assert!(
            found.rulings.iter().any(|ruling| ruling.thickness > 6.0),
            "{:?}",
            found.rulings
        );
        assert_eq!(found.lines.len(), 2);
    }

    #[test]
    fn a_streak_of_dirt_parts_nothing() {
        let mut page = TestPage::new(600, 400);
        for i in 0..5 {
            page.text(40, 40 + 60 * i, 10);
        }
        page.fill([157, 0, 158, 400]);
        let found = found(page);
        assert!(found.rulings.is_empty());
        assert_eq!(found.lines.len(), 5);
    }

    #[test]
    fn a_subscript_belongs_to_its_line() {
        let mut page = TestPage::new(600, 200);
        page.text(40, 40, 4);
        page.text_of(160, 56, 14, 1);
        page.text(180, 40, 4);
        assert_eq!(boxes(&found(page)), [[40, 40, 296, 68]]);
    }

    #[test]
    fn a_large_character_of_two_parts_is_whole() {
        let mut page = TestPage::new(600, 400);
        (0..3).for_each(|i| page.text(40, 140 + 60 * i, 12));
        page.text_of(200, 40, 52, 1);
        // 吕
        page.text_of(310, 40, 22, 1);
        page.text_of(305, 64, 24, 1);
        let boxes = boxes(&found(page));
        assert_eq!(boxes.len(), 5);
        assert_eq!(boxes[1], [305, 40, 329, 85]);
    }

    #[test]
    fn lines_of_small_type_below_a_large_title_are_two() {
        let mut page = TestPage::new(900, 500);
        page.text_of(100, 40, 100, 6);
        page.text_of(300, 240, 32, 5);
        page.text_of(310, 272, 26, 4);
        // 三 of the title's size stays whole.
        (0..3).for_each(|i| page.fill([720, 42 + 36 * i, 800, 50 + 36 * i]));
        assert_eq!(
            boxes(&found(page)),
            [
                [100, 40, 800, 126],
                [300, 240, 456, 268],
                [310, 272, 411, 295]
            ]
        );
    }

    #[test]
    fn leaders_are_no_text() {
        let mut page = TestPage::new(800, 300);
        for y in [40, 100] {
            page.text(40, y, 6);
            page.text(700, y, 1);
            for i in 0..40 {
                page.fill([240 + 11 * i, y + 20, 243 + 11 * i, y + 23]);
            }
        }
        // A dotted rule; an ellipsis.
        for i in 0..40 {
            page.fill([240 + 11 * i, 170, 243 + 11 * i, 173]);
        }
        page.text(40, 220, 6);
        (0..6).for_each(|i| page.fill([222 + 9 * i, 232, 225 + 9 * i, 235]));
        let found = found(page);
        assert_eq!(
            found
                .leaders
                .iter()
                .map(|leader| leader.bbox)
                .collect::<Vec<_>>(),
            [[240, 40, 672, 66], [240, 100, 672, 126]]
        );
        assert_eq!(found.lines.len(), 5);
        assert_eq!(boxes(&found)[4], [40, 220, 270, 246]);
    }

    #[test]
    fn punch_holes_and_diagonals_are_no_text() {
        let mut page = TestPage::new(600, 400);
        (0..3).for_each(|i| page.text(200, 40 + 60 * i, 6));
        for y in 0..40usize {
            let half = (400.0 - (y as f64 - 20.0).powi(2)).sqrt() as usize;
            page.fill([60 - half, 200 + y, 60 + half, 201 + y]);
        }
        (0..120).for_each(|i| page.fill([220 + i, 240 + i / 2, 223 + i, 242 + i / 2]));
        page.text(300, 240, 2);
        page.text(220, 280, 2);
        // A bold character that is nearly black.
        page.fill([400, 280, 440, 320]);
        (0..4).for_each(|i| page.gray.row_mut(290 + 6 * i)[402..438].fill(255));
        (280..310).for_each(|y| page.gray.row_mut(y)[400..404].fill(255));
        assert_eq!(
            boxes(&found(page))[3..],
            [
                [300, 240, 356, 266],
                [220, 280, 276, 306],
                [400, 280, 440, 320]
            ]
        );
    }

    #[test]
    fn the_edge_of_the_sheet_is_no_line() {
        let mut page = TestPage::new(600, 300);
        page.text(100, 130, 12);
        page.fill([0, 0, 30, 5]);
        assert_eq!(boxes(&found(page)).len(), 1);
    }

    #[test]
    fn noise_is_no_line() {
        let mut page = TestPage::new(600, 200);
        page.text(40, 40, 4);
        page.fill([300, 100, 302, 101]);
        page.fill([500, 20, 503, 23]);
        assert_eq!(found(page).lines.len(), 1);
    }

    #[test]
    fn nothing_is_found_on_nothing() {
        for (width, height) in [(0, 0), (1, 1), (3, 900), (900, 3)] {
            assert_eq!(found(TestPage::new(width, height)), Segmentation::default());
            let mut black = TestPage::new(width, height);
            black.fill([0, 0, width, height]);
            assert!(found(black).lines.is_empty());
        }
    }
}
