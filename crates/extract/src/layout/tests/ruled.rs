//! Ruled tables: what the text says of their grids.

use super::{page, ruling};
use crate::laid::{Laid, PrintedTable};
use crate::layout::lay_out;
use crate::page::Ruling;

/// The page with a grid of rulings at these places, and text in it.
fn table(xs: &[f32], ys: &[f32], text: &[(f32, f32, &str)], more: &[Ruling]) -> Laid {
    let text: Vec<(f32, f32, f32, &str)> = text
        .iter()
        .map(|&(x, y, text)| (x, y, 10.0, text))
        .collect();
    let mut page = page(1, &text);
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let (top, bottom) = (ys[0], ys[ys.len() - 1]);
    let level = ys.iter().map(|&y| ruling(left, y, right, y));
    let upright = xs.iter().map(|&x| ruling(x, top, x, bottom));
    page.rulings = level.chain(upright).chain(more.iter().copied()).collect();
    lay_out(vec![page])
}

fn texts(laid: &Laid, table: &PrintedTable) -> Vec<String> {
    let text = |line: &usize| laid.lines[*line].text.clone();
    let cells = table.cells.iter();
    cells
        .map(|cell| cell.lines.iter().map(text).collect())
        .collect()
}

const XS: [f32; 4] = [60.0, 160.0, 260.0, 360.0];

#[test]
fn figures_side_by_side_are_rows() {
    let text = [
        (70.0, 105.0, "乡镇"),
        (170.0, 105.0, "户数"),
        (270.0, 105.0, "人口"),
        (70.0, 125.0, "青石镇"),
        (170.0, 125.0, "340"),
        (270.0, 125.0, "1220"),
        (70.0, 140.0, "柳林乡"),
        (170.0, 140.0, "251"),
        (270.0, 140.0, "890"),
        (70.0, 155.0, "合计"),
        (170.0, 155.0, "591"),
        (270.0, 155.0, "2110"),
    ];
    let laid = table(&XS, &[100.0, 120.0, 170.0], &text, &[]);
    let found = &laid.tables[0];
    assert_eq!((found.n_rows, found.n_cols), (4, 3));
    assert_eq!(texts(&laid, found)[3..6], ["青石镇", "340", "1220"]);
}

#[test]
fn lines_that_wrap_are_no_rows() {
    let text = [
        (70.0, 105.0, "单位"),
        (170.0, 105.0, "职责"),
        (270.0, 105.0, "时限"),
        (70.0, 140.0, "县水利局"),
        (165.0, 125.0, "负责全县河道采砂规"),
        (165.0, 140.0, "划编制和采砂许可的"),
        (165.0, 155.0, "审批。"),
        (270.0, 140.0, "2024年底前"),
    ];
    let laid = table(&XS, &[100.0, 120.0, 170.0], &text, &[]);
    assert_eq!((laid.tables[0].n_rows, laid.tables[0].n_cols), (2, 3));
}

#[test]
fn shades_of_cells_are_no_rules() {
    let text = [
        (70.0, 105.0, "项目"),
        (170.0, 105.0, "本期"),
        (270.0, 105.0, "上期"),
        (70.0, 125.0, "收入"),
        (170.0, 125.0, "340"),
        (270.0, 125.0, "320"),
    ];
    let edge = |x0: f32, y0: f32, x1: f32, y1: f32| Ruling {
        thickness: 0.0,
        ..ruling(x0, y0, x1, y1)
    };
    let shade = [
        edge(66.0, 104.0, 150.0, 104.0),
        edge(66.0, 116.0, 150.0, 116.0),
        edge(66.0, 104.0, 66.0, 116.0),
        edge(150.0, 104.0, 150.0, 116.0),
        edge(60.0, 100.0, 60.0, 120.0),
        edge(160.0, 100.0, 160.0, 120.0),
    ];
    let laid = table(&XS, &[100.0, 120.0, 140.0], &text, &shade);
    assert_eq!((laid.tables[0].n_rows, laid.tables[0].n_cols), (2, 3));
}

#[test]
fn a_double_stroke_makes_no_column() {
    let text = [
        (70.0, 105.0, "项目"),
        (170.0, 105.0, "本期"),
        (270.0, 105.0, "上期"),
        (70.0, 125.0, "收入"),
        (170.0, 125.0, "340"),
        (270.0, 125.0, "320"),
    ];
    let xs = [60.0, 160.0, 260.0, 354.0, 359.0];
    let laid = table(&xs, &[100.0, 120.0, 140.0], &text, &[]);
    assert_eq!((laid.tables[0].n_rows, laid.tables[0].n_cols), (2, 3));
}

#[test]
fn provisions_side_by_side_are_a_table() {
    let long = "渡口管理单位应当建立值班制度并公布";
    let mut text: Vec<(f32, f32, &str)> =
        vec![(70.0, 105.0, "修订条文"), (270.0, 105.0, "现行条文")];
    for i in 0..16 {
        text.push((64.0, 125.0 + 15.0 * i as f32, long));
        text.push((264.0, 125.0 + 15.0 * i as f32, long));
    }
    let xs = [60.0, 260.0, 460.0];
    let laid = table(&xs, &[100.0, 120.0, 370.0], &text, &[]);
    assert_eq!((laid.tables[0].n_rows, laid.tables[0].n_cols), (2, 2));
    // The same prose in two columns of a frame is none.
    let laid = table(&xs, &[100.0, 370.0], &text[2..], &[]);
    assert!(laid.tables.is_empty());
}
