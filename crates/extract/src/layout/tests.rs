mod columns;
mod ruled;

use proptest::prelude::*;

use super::turn::Turn;
use super::*;
use crate::page::{Glyph, PageKind, Recognised, Ruling};

/// A page of A4 with lines of text, each at its left edge, top and size.
fn page(number: u32, lines: &[(f32, f32, f32, &str)]) -> Page {
    let mut glyphs = Vec::new();
    for &(x, y, size, text) in lines {
        let mut x = x;
        for c in text.chars() {
            let width = if c.is_ascii() { 0.5 * size } else { size };
            glyphs.push(glyph(&c.to_string(), [x, y, x + width, y + size], size));
            x += width;
        }
    }
    Page {
        number,
        width: 595.0,
        height: 842.0,
        glyphs,
        rulings: Vec::new(),
        images: Vec::new(),
        kind: PageKind::Text,
        straightened: None,
        to_user_space: [1.0, 0.0, 0.0, -1.0, 0.0, 842.0],
    }
}

fn glyph(text: &str, bbox: [f32; 4], size: f32) -> Glyph {
    Glyph {
        text: text.into(),
        bbox,
        size,
        font: 0,
        hidden: false,
        vertical: false,
        turn: 0,
        slanted: false,
        recognised: None,
    }
}

fn texts(pages: &[Page]) -> Vec<String> {
    lay_out(pages.to_vec())
        .lines
        .into_iter()
        .map(|line| line.text)
        .collect()
}

/// Two columns of four lines; the gutter is one character wide.
fn two_columns(top: f32) -> Vec<(f32, f32, f32, &'static str)> {
    let left = [
        "一二三四五六七八九十",
        "左二三四五六七八九，",
        "左三三四五六七八九十",
        "左四三四五六七八九十",
    ];
    let right = [
        "右一三四五六七八九十",
        "右二三四五六七八九十",
        "右三三四五六七八九十",
        "右四三四。",
    ];
    (0..4)
        .flat_map(|i| {
            [
                (320.0, top + 24.0 * i as f32, 16.0, right[i]),
                (144.0, top + 24.0 * i as f32, 16.0, left[i]),
            ]
        })
        .collect()
}

fn ruling(x0: f32, y0: f32, x1: f32, y1: f32) -> Ruling {
    Ruling {
        x0,
        y0,
        x1,
        y1,
        thickness: 0.5,
    }
}

#[test]
fn columns_are_read_one_after_the_other() {
    let mut lines = vec![(240.0, 100.0, 22.0, "关于安全的通知")];
    lines.extend(two_columns(200.0));
    let laid = lay_out(vec![page(1, &lines)]);
    let firsts: String = laid
        .lines
        .iter()
        .map(|line| line.text.chars().next().unwrap())
        .collect();
    assert_eq!(firsts, "关一左左左右右右右");
    let (left, right) = (laid.lines[1].column, laid.lines[5].column);
    assert!(
        (left.left - 144.0).abs() < 1.0 && (left.right - 304.0).abs() < 1.0,
        "{left:?}"
    );
    assert!(
        (right.left - 320.0).abs() < 1.0 && (right.right - 480.0).abs() < 1.0,
        "{right:?}"
    );
}

#[test]
fn short_lines_make_columns_too() {
    let document = |x: f32, y: f32| -> Vec<(f32, f32, f32, &str)> {
        let lines = [
            (70.0, "云政任〔2024〕1号"),
            (40.0, "关于韩守正等同志职务任免的通知"),
            (0.0, "各县区人民政府，市政府各部门、各直属事业单位："),
            (20.0, "经市人民政府研究，决定："),
            (20.0, "任命："),
            (20.0, "王磊同志为市政府副秘书长。"),
            (140.0, "云溪市人民政府"),
            (145.0, "2024年11月8日"),
        ];
        lines
            .into_iter()
            .enumerate()
            .map(|(i, (inset, text))| (x + inset, y + 16.0 * i as f32, 10.0, text))
            .collect()
    };
    let mut lines = Vec::new();
    for (x, top) in [(310.0, 105.0), (54.0, 100.0)] {
        (0..3).for_each(|i| lines.extend(document(x, top + 150.0 * i as f32)));
    }
    let laid = lay_out(vec![page(1, &lines)]).lines;
    let on_left = laid.iter().take_while(|line| line.bbox[0] < 300.0).count();
    assert_eq!((on_left, laid.len()), (24, 48));
}

#[test]
fn rows_of_names_beside_pairs_with_a_remark() {
    let row = |y: f32| (0..6).map(move |i| (54.0 + 60.0 * i as f32, y, 10.0, "林致远"));
    let mut lines: Vec<(f32, f32, f32, &str)> =
        (0..4).flat_map(|i| row(100.0 + 16.0 * i as f32)).collect();
    lines.extend((0..3).flat_map(|i| {
        [54.0, 270.0].map(|x| (x, 170.0 + 16.0 * i as f32, 10.0, "林致远（县水务公司）"))
    }));
    let six = ["林致远"; 6].join(" ");
    assert_eq!(texts(&[page(1, &lines)])[0], six);
}

#[test]
fn a_gutter_does_not_part_an_entry_from_its_leader() {
    let contents = [
        (280.0, 100.0, 16.0, "目"),
        (328.0, 100.0, 16.0, "录"),
        (144.0, 140.0, 16.0, "关于加强养老工作通知"),
        (321.0, 140.0, 16.0, "………………………1"),
        (144.0, 164.0, 16.0, "关于加强地质灾害防治工作的通知"),
        (401.0, 164.0, 16.0, "…………2"),
    ];
    let texts = texts(&[page(1, &contents), page(2, &two_columns(100.0))]);
    assert_eq!(
        texts[..3],
        [
            "目 录",
            "关于加强养老工作通知 ………………………1",
            "关于加强地质灾害防治工作的通知 …………2"
        ]
    );
}

#[test]
fn a_mark_that_hangs_into_the_gutter_does_not_close_it() {
    let mut lines = two_columns(200.0);
    lines.push((144.0, 296.0, 16.0, "左五三四五六七八九十，"));
    lines.push((320.0, 296.0, 16.0, "右五三四五六七八九十"));
    let texts = texts(&[page(1, &lines)]);
    assert_eq!(texts[4], "左五三四五六七八九十，");
    assert_eq!(texts[9], "右五三四五六七八九十");
}

#[test]
fn columns_begin_again_under_a_title() {
    let mut lines = two_columns(100.0);
    lines.push((230.0, 240.0, 20.0, "下一个题目在此"));
    lines.extend(two_columns(300.0));
    let firsts: String = texts(&[page(1, &lines)])
        .iter()
        .map(|line| line.chars().next().unwrap())
        .collect();
    assert_eq!(firsts, "一左左左右右右右下一左左左右右右右");
}

/// The first characters of the lines of a page, in reading order.
fn firsts(lines: &[(f32, f32, f32, &str)]) -> String {
    texts(&[page(1, lines)])
        .iter()
        .map(|line| line.chars().next().unwrap())
        .collect()
}

#[test]
fn a_title_at_the_left_between_two_texts_in_columns_stands_over_both() {
    let mut lines = two_columns(100.0);
    lines.push((144.0, 240.0, 20.0, "下一个题"));
    lines.extend(two_columns(300.0));
    assert_eq!(firsts(&lines), "一左左左右右右右下一左左左右右右右");
    // Beside text of the right column it is one of the left.
    let mut lines = two_columns(100.0);
    lines.push((144.0, 222.0, 20.0, "题在左栏"));
    for i in 0..6 {
        let y = 196.0 + 24.0 * i as f32;
        lines.push((320.0, y, 16.0, "右五三四五六七八九十"));
        if i > 2 {
            lines.push((144.0, y, 16.0, "左五三四五六七八九十"));
        }
    }
    assert_eq!(firsts(&lines), "一左左左题左左左右右右右右右右右右右");
}

/// The right edges of the columns of lines that begin at 100, or as many points further in, on a page that is 400 wide.
fn right_edges(lines: &[(f32, &str)]) -> Vec<f32> {
    let wide = "这一行从左到右占满整页的版心所以有二十五个汉字那么宽";
    let mut all: Vec<(f32, f32, f32, &str)> = (0..4)
        .map(|i| (100.0, 80.0 + 24.0 * i as f32, 16.0, wide))
        .collect();
    let text = lines
        .iter()
        .enumerate()
        .map(|(i, (inset, text))| (100.0 + inset, 200.0 + 24.0 * i as f32, 16.0, *text));
    all.extend(text);
    let laid = lay_out(vec![page(1, &all)]).lines;
    laid[4..].iter().map(|line| line.column.right).collect()
}

#[test]
fn lines_of_a_left_column_without_a_right_one_end_at_its_edge() {
    let paragraph = [
        (32.0, "一二三四五六七八九十"),
        (0.0, "一二三四五六七八九十一二"),
        (0.0, "一二三四五六七八九十一二"),
        (0.0, "一二三。"),
        (32.0, "一二三四五六七八九十"),
        (0.0, "一二三四。"),
    ];
    assert_eq!(right_edges(&paragraph), [292.0; 6]);
    let list = [(0.0, "一二三四五六七八九十"); 6];
    assert!(right_edges(&list)[0] > 480.0);
}

#[test]
fn what_stands_over_columns_that_begin_level_is_in_none() {
    let mut lines = vec![
        (144.0, 90.0, 22.0, "关于进一步加强全县渡口安全管理"),
        (144.0, 116.0, 22.0, "的通知"),
        (400.0, 150.0, 16.0, "云政发五号"),
    ];
    lines.extend(two_columns(200.0));
    assert_eq!(firsts(&lines), "关的云一左左左右右右右");
}

#[test]
fn a_label_apart_from_two_columns_stands_below_them() {
    let mut lines = two_columns(100.0);
    lines.push((144.0, 220.0, 16.0, "附件"));
    assert_eq!(firsts(&lines), "一左左左右右右右附");
    lines[8].1 = 196.0;
    assert_eq!(firsts(&lines), "一左左左附右右右右");
}

#[test]
fn a_bracket_at_the_head_of_a_line_hangs_into_the_gutter() {
    let mut lines = two_columns(200.0);
    lines.push((144.0, 296.0, 16.0, "左五三四五六七八九）"));
    lines.push((312.0, 296.0, 16.0, "《五三四五六七八九十"));
    let texts = texts(&[page(1, &lines)]);
    assert_eq!(texts[4], "左五三四五六七八九）");
    assert_eq!(texts[9], "《五三四五六七八九十");
}

#[test]
fn names_in_rows_are_no_columns() {
    let names = ["张三", "李四光", "王五", "赵六一", "钱七"];
    let mut lines = Vec::new();
    for row in 0..8 {
        for (column, name) in names.iter().enumerate() {
            let x = 100.0 + 80.0 * column as f32;
            lines.push((x, 200.0 + 24.0 * row as f32, 16.0, *name));
        }
    }
    assert_eq!(texts(&[page(1, &lines)])[0], "张三 李四光 王五 赵六一 钱七");
}

#[test]
fn prose_in_two_columns_is_no_table() {
    assert!(
        lay_out(vec![page(1, &two_columns(200.0))])
            .tables
            .is_empty()
    );
}

#[test]
fn a_line_with_a_wide_gap_is_one_line() {
    let lines = [
        (80.0, 700.0, 14.0, "唐山市人民政府办公室"),
        (380.0, 700.0, 14.0, "2019年3月26日印发"),
    ];
    assert_eq!(
        texts(&[page(1, &lines)]),
        ["唐山市人民政府办公室 2019年3月26日印发"]
    );
}

#[test]
fn signatures_side_by_side_are_read_one_by_one() {
    let lines = [
        (
            80.0,
            400.0,
            16.0,
            "现印发给你们，请认真贯彻执行，并将情况报告我局。",
        ),
        (113.0, 452.0, 14.0, "唐山市城镇化工作领导小组"),
        (140.0, 472.0, 14.0, "工作委员会办公室"),
        (375.0, 449.0, 14.0, "唐山市行政审批局"),
        (380.0, 474.0, 14.0, "2019年3月26日"),
    ];
    assert_eq!(
        texts(&[page(1, &lines)])[1..],
        [
            "唐山市城镇化工作领导小组",
            "工作委员会办公室",
            "唐山市行政审批局",
            "2019年3月26日"
        ]
    );
}

#[test]
fn a_blank_after_a_label_and_commas_below_each_other_are_no_gutter() {
    let lines = [
        (80.0, 100.0, 14.0, "　　第一条"),
        (164.0, 100.0, 14.0, "为了保障农村供水安全，保护供水设施，"),
        (
            80.0,
            124.0,
            14.0,
            "维护用水人的权益，规范供水活动，制定本办法。",
        ),
        (108.0, 148.0, 14.0, "第二条"),
        (164.0, 148.0, 14.0, "本市行政区域内的供水活动，适用本办法，"),
        (
            80.0,
            172.0,
            14.0,
            "法律、法规另有规定，从其规定，不适用本办法。",
        ),
    ];
    let firsts: String = texts(&[page(1, &lines)])
        .iter()
        .map(|line| line.trim_start().chars().nth(1).unwrap())
        .collect();
    assert_eq!(firsts, "一护二律");
}

#[test]
fn titles_level_in_both_columns_are_two() {
    let mut lines = two_columns(200.0);
    lines.extend([
        (152.0, 320.0, 20.0, "云溪县水利局"),
        (328.0, 320.0, 20.0, "云溪县林业局"),
    ]);
    lines.extend(two_columns(360.0));
    let texts = texts(&[page(1, &lines)]);
    assert_eq!(
        (texts[4].as_str(), texts[13].as_str()),
        ("云溪县水利局", "云溪县林业局")
    );
}

#[test]
fn a_signature_set_right_is_read_where_it_stands() {
    let lines = [
        (80.0, 100.0, 14.0, "附件：1.云溪县水库名录"),
        (122.0, 124.0, 14.0, "2.云溪县水库责任人"),
        (400.0, 180.0, 14.0, "云溪县水利局"),
        (388.0, 204.0, 14.0, "2024年5月9日"),
        (80.0, 260.0, 14.0, "附件1"),
        (240.0, 284.0, 18.0, "云溪县水库名录"),
        (80.0, 310.0, 14.0, "石门水库、金沙水库。"),
    ];
    let texts = texts(&[page(1, &lines)]);
    assert_eq!(texts[2..5], ["云溪县水利局", "2024年5月9日", "附件1"]);
}

#[test]
fn an_issuer_that_wraps_is_read_before_the_one_beside_it() {
    let lines = [
        (
            80.0,
            115.0,
            16.0,
            "印发给你们，请遵照执行，并将情况报告我们。",
        ),
        (107.0, 201.0, 14.0, "唐山市“一港双城”（城镇化）"),
        (340.0, 201.0, 14.0, "唐山市规划局"),
        (148.0, 221.0, 14.0, "工作委员会办公室"),
        (333.0, 373.0, 14.0, "唐山市建设局"),
    ];
    assert_eq!(
        texts(&[page(1, &lines)])[1..],
        [
            "唐山市“一港双城”（城镇化）",
            "工作委员会办公室",
            "唐山市规划局",
            "唐山市建设局"
        ]
    );
}

#[test]
fn small_digits_below_and_above_the_line_are_indices() {
    let mut page = page(1, &[(100.0, 200.0, 16.0, "排放SO")]);
    page.glyphs
        .push(glyph("2", [148.0, 207.0, 153.0, 217.0], 10.0));
    page.glyphs
        .push(glyph("m", [160.0, 200.0, 168.0, 216.0], 16.0));
    page.glyphs
        .push(glyph("3", [168.0, 197.0, 173.0, 207.0], 10.0));
    assert_eq!(texts(&[page]), ["排放SO₂ m³"]);
}

#[test]
fn spaces_stand_between_words_and_names() {
    let mut page = page(1, &[(100.0, 200.0, 16.0, "张三李四")]);
    page.glyphs[1].bbox = [132.0, 200.0, 148.0, 216.0];
    page.glyphs[2].bbox = [180.0, 200.0, 196.0, 216.0];
    page.glyphs[3].bbox = [196.0, 200.0, 212.0, 216.0];
    assert_eq!(texts(&[page]), ["张 三 李四"]);
}

#[test]
fn folios_and_running_heads_are_known_by_their_repetition() {
    let pages: Vec<Page> = (1..=6)
        .map(|n| {
            let folio = format!("— {} —", n + 10);
            let body = format!("第{n}页的正文从这里开始，一直到这里结束。");
            page(
                n,
                &[
                    (200.0, 40.0, 10.0, "云溪县人民政府公报2023年第1期"),
                    (80.0, 120.0, 16.0, &body),
                    (80.0, 150.0, 16.0, "3"),
                    (270.0, 790.0, 14.0, &folio),
                ],
            )
        })
        .collect();
    let laid = lay_out(pages);
    let roles: Vec<LineRole> = laid.lines[..4].iter().map(|line| line.role).collect();
    assert_eq!(
        roles,
        [
            LineRole::Body,
            LineRole::Body,
            LineRole::RunningHead,
            LineRole::Folio
        ]
    );
    assert_eq!(laid.lines[3].text, "— 11 —");
}

#[test]
fn titles_and_dates_at_the_edge_of_pages_are_no_furniture() {
    let pages: Vec<Page> = (1..=3)
        .map(|n| {
            let date = format!("2023年4月{n}日");
            let lines = [
                (200.0, 90.0, 22.0, "云溪市人民政府令"),
                (80.0, 400.0, 14.0, "现予公布，自公布之日起施行。"),
                (380.0, 780.0, 14.0, date.as_str()),
            ];
            page(n, &lines)
        })
        .collect();
    assert!(
        lay_out(pages)
            .lines
            .iter()
            .all(|line| line.role == LineRole::Body)
    );
}

#[test]
fn what_a_recogniser_hardly_believes_is_noise() {
    let mut page = page(
        1,
        &[
            (80.0, 300.0, 14.0, "各乡镇人民政府："),
            (40.0, 600.0, 14.0, "主"),
        ],
    );
    for glyph in &mut page.glyphs {
        let confidence = if glyph.text == "主" { 0.1 } else { 0.98 };
        glyph.recognised = Some(Recognised {
            confidence,
            runner_up: None,
            digit: None,
        });
    }
    let roles: Vec<LineRole> = lay_out(vec![page])
        .lines
        .iter()
        .map(|line| line.role)
        .collect();
    assert_eq!(roles, [LineRole::Body, LineRole::Noise]);
}

#[test]
fn a_head_set_vertically_in_the_margin_is_one_line() {
    let mut pages = Vec::new();
    for n in 1..=3 {
        let mut page = page(
            n,
            &[
                (100.0, 120.0, 16.0, "正文的第一行从这里开始并且很长很长很长"),
                (100.0, 150.0, 16.0, "正文的第二行从这里开始并且很长很长很长"),
            ],
        );
        for (i, c) in "政府文件汇编".chars().enumerate() {
            let y = 300.0 + 12.0 * i as f32;
            page.glyphs
                .push(glyph(&c.to_string(), [550.0, y, 560.0, y + 10.0], 10.0));
        }
        pages.push(page);
    }
    let laid = lay_out(pages);
    assert_eq!(
        (laid.lines[2].text.as_str(), laid.lines[2].role),
        ("政府文件汇编", LineRole::RunningHead)
    );
}

#[test]
fn a_missing_wall_is_a_span_and_a_wrapped_cell_is_one_cell() {
    let mut page = page(
        1,
        &[
            (105.0, 205.0, 10.0, "合并"),
            (205.0, 205.0, 10.0, "指标"),
            (105.0, 225.0, 10.0, "1"),
            (205.0, 222.0, 10.0, "第一行"),
            (205.0, 233.0, 10.0, "第二行"),
            (305.0, 225.0, 10.0, "3"),
        ],
    );
    // Two rows and three columns; in the first row the second and third cell are one.
    page.rulings = vec![
        ruling(100.0, 200.0, 400.0, 200.0),
        ruling(100.0, 220.0, 400.0, 220.0),
        ruling(100.0, 250.0, 400.0, 250.0),
    ];
    page.rulings.extend([
        ruling(100.0, 200.0, 100.0, 250.0),
        ruling(200.0, 200.0, 200.0, 250.0),
        ruling(300.0, 220.0, 300.0, 250.0),
        ruling(400.0, 200.0, 400.0, 250.0),
    ]);
    let laid = lay_out(vec![page]);
    let [table] = laid.tables.as_slice() else {
        panic!("one table")
    };
    let cell = |c: &PrintedCell| {
        (
            c.row,
            c.col,
            c.rowspan,
            c.colspan,
            c.lines
                .iter()
                .map(|&i| laid.lines[i].text.as_str())
                .collect::<Vec<_>>()
                .join("/"),
        )
    };
    let cells: Vec<_> = table.cells.iter().map(cell).collect();
    let expected = [
        (0, 0, 1, 1, "合并"),
        (0, 1, 1, 2, "指标"),
        (1, 0, 1, 1, "1"),
        (1, 1, 1, 1, "第一行/第二行"),
        (1, 2, 1, 1, "3"),
    ];
    assert_eq!(
        cells,
        expected.map(|(r, c, rs, cs, text)| (r, c, rs, cs, text.to_owned()))
    );
}

#[test]
fn three_rules_and_aligned_figures_are_a_table() {
    let mut lines = vec![(
        80.0,
        100.0,
        14.0,
        "下表列出了各乡镇的面积和人口，单位为平方公里和万人。",
    )];
    for (i, row) in [
        ["乡镇", "面积", "人口"],
        ["青石镇", "12.50", "3.1"],
        ["柳林镇", "30.25", "2.4"],
        ["长岭镇", "18.00", "1.9"],
    ]
    .iter()
    .enumerate()
    {
        let y = 140.0 + 20.0 * i as f32;
        lines.extend([
            (90.0, y, 12.0, row[0]),
            (250.0, y, 12.0, row[1]),
            (400.0, y, 12.0, row[2]),
        ]);
    }
    let mut page = page(1, &lines);
    page.rulings = [136.0, 156.0, 216.0]
        .map(|y| ruling(80.0, y, 480.0, y))
        .to_vec();
    let laid = lay_out(vec![page]);
    assert_eq!(
        (
            laid.tables[0].n_rows,
            laid.tables[0].n_cols,
            laid.tables[0].ruled
        ),
        (4, 3, false)
    );
    assert_eq!(
        laid.lines
            .iter()
            .skip(1)
            .map(|line| line.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        "乡镇 面积 人口 青石镇 12.50 3.1 柳林镇 30.25 2.4 长岭镇 18.00 1.9"
    );
}

#[test]
fn a_rule_under_a_header_says_which_columns_it_is_about() {
    let mut lines = vec![
        (250.0, 104.0, 12.0, "2022年"),
        (410.0, 104.0, 12.0, "2023年"),
    ];
    let xs = [90.0, 220.0, 300.0, 380.0, 460.0];
    for (row, cells) in [
        ["指标", "总额", "增速", "总额", "增速"],
        ["城镇", "391.1", "11.4", "714.4", "9.3"],
        ["乡村", "88.3", "5.4", "80.5", "2.3"],
    ]
    .iter()
    .enumerate()
    {
        lines.extend(
            cells
                .iter()
                .zip(xs)
                .map(|(text, x)| (x, 128.0 + 24.0 * row as f32, 12.0, *text)),
        );
    }
    let mut page = page(1, &lines);
    page.rulings = vec![
        ruling(80.0, 98.0, 520.0, 98.0),
        ruling(215.0, 120.0, 520.0, 120.0),
        ruling(80.0, 145.0, 520.0, 145.0),
        ruling(80.0, 195.0, 520.0, 195.0),
    ];
    let laid = lay_out(vec![page]);
    let table = &laid.tables[0];
    let spans: Vec<_> = table
        .cells
        .iter()
        .filter(|cell| cell.row == 0 && cell.colspan > 1)
        .map(|cell| (cell.col, cell.colspan))
        .collect();
    assert_eq!(
        (table.n_rows, table.n_cols, spans),
        (4, 5, vec![(1, 2), (3, 2)])
    );
}

#[test]
fn a_sheet_turned_on_its_side_is_read_along_its_lines() {
    let upright = page(
        1,
        &[
            (100.0, 100.0, 16.0, "横排的第一行有十几个字长"),
            (100.0, 130.0, 16.0, "横排的第二行有十几个字长"),
            (100.0, 160.0, 16.0, "第三行也是"),
        ],
    );
    for turn in [Turn::Down, Turn::Up] {
        let mut page = upright.clone();
        (page.width, page.height) = (842.0, 595.0);
        for glyph in &mut page.glyphs {
            glyph.bbox = turn.undo(glyph.bbox.into(), 595.0, 842.0).into();
            glyph.turn = if turn == Turn::Down { 1 } else { 3 };
        }
        assert_eq!(
            texts(&[page]),
            [
                "横排的第一行有十几个字长",
                "横排的第二行有十几个字长",
                "第三行也是"
            ],
            "{turn:?}"
        );
    }
}

/// A sheet of A3 with two pages of A4.
fn spread(number: u32, left: &[(f32, f32, f32, &str)], right: &[(f32, f32, f32, &str)]) -> Page {
    let right = right
        .iter()
        .map(|&(x, y, size, text)| (x + 595.0, y, size, text));
    Page {
        width: 1190.0,
        ..page(
            number,
            &left.iter().copied().chain(right).collect::<Vec<_>>(),
        )
    }
}

fn with_folio(x: f32, folio: &'static str) -> Vec<(f32, f32, f32, &'static str)> {
    two_columns(200.0)
        .into_iter()
        .chain([(x, 790.0, 10.0, folio)])
        .collect()
}

fn leaves(laid: &Laid) -> Vec<u32> {
    let mut leaves: Vec<u32> = laid.lines.iter().map(|line| line.leaf).collect();
    leaves.dedup();
    leaves
}

#[test]
fn two_pages_on_a_sheet_are_read_one_after_the_other() {
    let laid = lay_out(vec![spread(
        1,
        &with_folio(60.0, "4"),
        &with_folio(530.0, "5"),
    )]);
    let firsts: String = laid
        .lines
        .iter()
        .map(|line| line.text.chars().next().unwrap())
        .collect();
    assert_eq!(firsts, "一左左左右右右右4一左左左右右右右5");
    assert!(laid.lines.iter().all(|line| line.page == 1));
    assert_eq!(leaves(&laid), [1, 2]);
    let [left, right] = [&laid.lines[0], &laid.lines[9]];
    assert!(
        (right.bbox[0] - left.bbox[0] - 595.0).abs() < 0.1
            && (right.column.left - left.column.left - 595.0).abs() < 0.1
    );
    assert_eq!(
        (laid.lines[8].role, laid.lines[17].role),
        (LineRole::Folio, LineRole::Folio)
    );
}

#[test]
fn a_last_page_alone_on_its_sheet_follows_the_others() {
    let facing = spread(1, &with_folio(290.0, "4"), &with_folio(290.0, "5"));
    let laid = lay_out(vec![facing, spread(2, &with_folio(290.0, "6"), &[])]);
    assert_eq!(leaves(&laid), [1, 2, 3]);
    // Alone it shows nothing of a second page.
    assert_eq!(
        leaves(&lay_out(vec![spread(1, &with_folio(290.0, "6"), &[])])),
        [1]
    );
}

#[test]
fn a_landscape_page_with_two_columns_is_one_page() {
    let one_folio = spread(1, &two_columns(200.0), &with_folio(530.0, "5"));
    assert_eq!(leaves(&lay_out(vec![one_folio])), [1]);
    // Numbers that do not count on, and one header above both groups of columns of a list.
    let numbers = spread(1, &with_folio(60.0, "4"), &with_folio(530.0, "8"));
    assert_eq!(leaves(&lay_out(vec![numbers])), [1]);
    let list = |start: f32| -> Vec<(f32, f32, f32, &str)> {
        (0..20)
            .map(|i| {
                (
                    start,
                    100.0 + 22.0 * i as f32,
                    14.0,
                    if i == 0 {
                        "获奖单位名称"
                    } else {
                        "云溪县水利建设公司"
                    },
                )
            })
            .collect()
    };
    assert_eq!(
        leaves(&lay_out(vec![
            spread(1, &list(80.0), &list(80.0)),
            spread(2, &list(80.0), &list(80.0))
        ])),
        [1, 2]
    );
    // A table that goes over the middle.
    let mut table = spread(1, &with_folio(60.0, "4"), &with_folio(530.0, "5"));
    table.rulings.push(ruling(80.0, 300.0, 1100.0, 300.0));
    assert_eq!(leaves(&lay_out(vec![table])), [1]);
}

/// Rows of cells, each centred on its column's place.
fn rows_of_cells(
    top: f32,
    centres: &[f32],
    rows: &[&[&'static str]],
) -> Vec<(f32, f32, f32, &'static str)> {
    let width = |text: &str| {
        text.chars()
            .map(|c| if c.is_ascii() { 5.0 } else { 10.0 })
            .sum::<f32>()
    };
    let cell = |(i, row): (usize, &&[&'static str])| {
        let cells = centres
            .iter()
            .zip(row.iter())
            .filter(|(_, text)| !text.is_empty());
        cells
            .map(|(x, text)| (x - width(text) / 2.0, top + 20.0 * i as f32, 10.0, *text))
            .collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(cell).collect()
}

/// Rows, columns and the texts of the filled cells, of each table.
fn table_texts(pages: &[Page]) -> Vec<(usize, usize, Vec<String>)> {
    let laid = lay_out(pages.to_vec());
    let text = |cell: &PrintedCell| {
        cell.lines
            .iter()
            .map(|&line| laid.lines[line].text.as_str())
            .collect::<String>()
    };
    let texts = |table: &PrintedTable| {
        table
            .cells
            .iter()
            .map(text)
            .filter(|text| !text.is_empty())
            .collect()
    };
    laid.tables
        .iter()
        .map(|table| (table.n_rows, table.n_cols, texts(table)))
        .collect()
}

#[test]
fn numbers_of_documents_and_notes_of_printing_are_no_furniture() {
    let pages: Vec<Page> = (1..=4)
        .map(|n| {
            let (number, printed) = (
                format!("云政办发〔2024〕{}号", n + 5),
                format!("云溪市人民政府办公室2024年3月{}日印发", 4 * n),
            );
            let lines = [
                (230.0, 60.0, 14.0, number.as_str()),
                (
                    80.0,
                    120.0,
                    14.0,
                    "请认真贯彻执行，并将情况报告我局，不得迟延。",
                ),
                (80.0, 740.0, 14.0, "抄送：市委办公室，市人大常委会办公室。"),
                (80.0, 770.0, 14.0, printed.as_str()),
                (
                    280.0,
                    810.0,
                    10.0,
                    ["— 1 —", "— 2 —", "— 3 —", "— 4 —"][n as usize - 1],
                ),
            ];
            page(n, &lines)
        })
        .collect();
    let laid = lay_out(pages);
    let furniture = laid
        .lines
        .iter()
        .filter(|line| line.role != LineRole::Body)
        .map(|line| line.text.as_str());
    assert_eq!(
        furniture.collect::<Vec<_>>(),
        ["— 1 —", "— 2 —", "— 3 —", "— 4 —"]
    );
}

#[test]
fn a_ruled_table_or_a_box_at_the_top_of_a_page_is_under_no_head() {
    let mut lines = vec![(260.0, 64.0, 12.0, "各县主要指标")];
    lines.extend(rows_of_cells(
        86.0,
        &[140.0, 300.0, 440.0],
        &[
            &["指标", "2022年", "2023年"],
            &["人口", "123.1", "124.5"],
            &["产量", "30.2", "31.4"],
        ],
    ));
    lines.push((
        80.0,
        160.0,
        14.0,
        "全县经济社会发展总体平稳，民生持续改善。",
    ));
    let mut table = page(1, &lines);
    table.rulings = [82.0, 102.0, 142.0]
        .map(|y| ruling(72.0, y, 523.0, y))
        .to_vec();
    let laid = lay_out(vec![table]);
    assert!(laid.lines.iter().all(|line| line.role == LineRole::Body));
    assert_eq!((laid.tables[0].n_rows, laid.tables[0].n_cols), (3, 3));
    let mut boxed = page(
        1,
        &[
            (80.0, 64.0, 14.0, "群众满意度稳步提高，不搞一刀切。"),
            (200.0, 90.0, 14.0, "专栏　重点工程"),
        ],
    );
    boxed.rulings = vec![
        ruling(72.0, 84.0, 523.0, 84.0),
        ruling(72.0, 84.0, 72.0, 200.0),
        ruling(523.0, 84.0, 523.0, 200.0),
        ruling(72.0, 200.0, 523.0, 200.0),
    ];
    assert!(
        lay_out(vec![boxed])
            .lines
            .iter()
            .all(|line| line.role == LineRole::Body)
    );
}

#[test]
fn a_head_above_a_rule_is_one_without_words_and_over_tables() {
    let pages: Vec<Page> = (1..=3)
        .map(|n| {
            let mut lines = vec![(54.0, 40.0, 9.0, "2023·18")];
            lines.extend(rows_of_cells(
                80.0,
                &[140.0, 300.0, 440.0],
                &[&["指标", "2022年", "2023年"], &["人口", "123.1", "124.5"]],
            ));
            let mut page = page(n, &lines);
            page.rulings = [54.0, 140.0].map(|y| ruling(54.0, y, 541.0, y)).to_vec();
            page
        })
        .collect();
    let roles: Vec<LineRole> = lay_out(pages)
        .lines
        .iter()
        .filter(|line| line.text == "2023·18")
        .map(|line| line.role)
        .collect();
    assert_eq!(roles, [LineRole::RunningHead; 3]);
}

#[test]
fn what_stands_around_a_folio_with_dashes_is_no_text() {
    let page = page(
        1,
        &[
            (80.0, 120.0, 14.0, "请认真贯彻执行，并将情况报告我局。"),
            (80.0, 780.0, 9.0, "邮政编码：130000"),
            (280.0, 780.0, 9.0, "第1页 共6页"),
            (80.0, 800.0, 9.0, "本局地址：云溪市人民大街1号"),
        ],
    );
    let laid = lay_out(vec![page]);
    assert_eq!(
        laid.lines
            .iter()
            .filter(|line| line.role == LineRole::Body)
            .count(),
        1
    );
}

#[test]
fn a_box_beside_the_text_is_read_by_itself() {
    let mut lines: Vec<(f32, f32, f32, &str)> = (0..6)
        .map(|i| (250.0, 200.0 + 24.0 * i as f32, 16.0, "正文每一行都是这么长"))
        .collect();
    lines.push((100.0, 228.0, 10.0, "框中的第一行字"));
    lines.push((100.0, 242.0, 10.0, "第二行"));
    let mut page = page(1, &lines);
    page.rulings = vec![
        ruling(95.0, 222.0, 235.0, 222.0),
        ruling(95.0, 290.0, 235.0, 290.0),
        ruling(95.0, 222.0, 95.0, 290.0),
        ruling(235.0, 222.0, 235.0, 290.0),
    ];
    let laid = lay_out(vec![page]).lines;
    let roles: Vec<LineRole> = laid.iter().map(|line| line.role).collect();
    assert_eq!(roles[..6], [LineRole::Body; 6]);
    assert_eq!(roles[6..], [LineRole::Aside; 2]);
    assert_eq!(laid[6].text, "框中的第一行字");
}

#[test]
fn a_watermark_is_one_line_outside_the_text() {
    let mut page = page(
        1,
        &[
            (90.0, 200.0, 16.0, "正文的一行字"),
            (90.0, 224.0, 16.0, "正文的另一行"),
        ],
    );
    for (i, c) in "云溪县公开".chars().enumerate() {
        let at = 40.0 * i as f32;
        page.glyphs.push(Glyph {
            slanted: true,
            turn: 3,
            ..glyph(
                &c.to_string(),
                [90.0 + at, 260.0 - at, 150.0 + at, 320.0 - at],
                46.0,
            )
        });
    }
    let laid = lay_out(vec![page]).lines;
    let lines: Vec<_> = laid
        .iter()
        .map(|line| (line.text.as_str(), line.role))
        .collect();
    assert_eq!(
        lines,
        [
            ("正文的一行字", LineRole::Body),
            ("正文的另一行", LineRole::Body),
            ("云溪县公开", LineRole::Slanted)
        ]
    );
}

/// The roles of the lines of a page whose text stands over a ruling of this length, and this in small type below it.
fn roles_under_ruling(length: f32, below: &'static str) -> Vec<LineRole> {
    let mut lines: Vec<(f32, f32, f32, &str)> = (0..6)
        .map(|i| {
            (
                90.0,
                200.0 + 24.0 * i as f32,
                16.0,
                "正文每一行都是这么长的字",
            )
        })
        .collect();
    lines.push((90.0, 710.0, 10.5, below));
    let mut page = page(1, &lines);
    page.rulings = vec![ruling(90.0, 700.0, 90.0 + length, 700.0)];
    let laid = lay_out(vec![page]);
    laid.lines.iter().map(|line| line.role).collect()
}

#[test]
fn footnotes_stand_under_a_short_rule_or_begin_with_their_mark() {
    let last = |length: f32, below: &'static str| roles_under_ruling(length, below).pop();
    assert_eq!(last(120.0, "指全县的渡口"), Some(LineRole::Footnote));
    assert_eq!(last(400.0, "①指全县的渡口"), Some(LineRole::Footnote));
    assert_eq!(last(400.0, "指全县的渡口"), Some(LineRole::Body));
}

#[test]
fn names_of_two_characters_are_cells() {
    let header: &[&str] = &["日期", "带班领导", "值班人员", "电话"];
    let lines = rows_of_cells(
        200.0,
        &[120.0, 240.0, 350.0, 460.0],
        &[
            header,
            &["1月1日", "周启文", "王　磊", "6011"],
            &["1月2日", "周启文", "李小静", "6012"],
            &["1月3日", "何慕白", "张　敏", "6013"],
        ],
    );
    let tables = table_texts(&[page(1, &lines)]);
    assert_eq!((tables[0].0, tables[0].1), (4, 4));
    assert_eq!(tables[0].2[6], "王 磊");
}

#[test]
fn rows_that_a_column_counts_are_a_table_of_words() {
    let rows: &[&[&str]] = &[
        &["序号", "事项名称", "承办部门", "时间"],
        &["1", "云溪片区综合规划", "建设局", "第三季度"],
        &["2", "公寓租赁管理办法", "组织人事局", "第二季度"],
        &["3", "污水处理厂扩建工程", "城市管理局", "第四季度"],
    ];
    let centres = [90.0, 220.0, 380.0, 480.0];
    assert_eq!(
        table_texts(&[page(1, &rows_of_cells(200.0, &centres, rows))])[0]
            .2
            .len(),
        16
    );
    // A list of names in columns is none.
    let names: &[&[&str]] = &[["林致远", "周启文", "何慕白", "冯嘉树"].as_slice(); 6];
    assert!(table_texts(&[page(1, &rows_of_cells(200.0, &centres, names))]).is_empty());
}

#[test]
fn a_header_without_cells_is_not_that_of_the_figures_beside_it() {
    let mut lines = vec![
        (298.0, 204.0, 10.0, "补助资金"),
        (123.0, 214.0, 10.0, "地区"),
        (472.0, 214.0, 10.0, "备注"),
    ];
    lines.extend([
        (226.0, 223.0, 10.0, "合计"),
        (308.0, 223.0, 10.0, "中央"),
        (390.0, 223.0, 10.0, "省级"),
    ]);
    for (i, county) in ["清源县", "白石县", "南浦县", "东岭区"]
        .into_iter()
        .enumerate()
    {
        let y = 244.0 + 20.0 * i as f32;
        lines.extend([
            (75.0, y, 10.0, county),
            (254.0, y, 10.0, "1472"),
            (336.0, y, 10.0, "9600"),
            (423.0, y, 10.0, "512"),
        ]);
    }
    let mut page = page(1, &lines);
    page.rulings = [202.0, 240.0, 322.0]
        .map(|y| ruling(72.0, y, 523.0, y))
        .to_vec();
    let table = &table_texts(&[page])[0];
    assert_eq!((table.0, table.1), (6, 5));
    assert_eq!(
        table.2[..6],
        ["地区", "补助资金", "备注", "合计", "中央", "省级"]
    );
}

fn any_page() -> impl Strategy<Value = Page> {
    let bbox = (0.0f32..600.0, 0.0f32..850.0, 0.0f32..30.0, 0.0f32..30.0)
        .prop_map(|(x, y, w, h)| [x, y, x + w, y + h]);
    let text = prop_oneof![
        "[一-三]",
        "[a-c]",
        "[0-9]",
        Just("，".to_owned()),
        Just("— ".to_owned()),
        Just(" ".to_owned())
    ];
    let glyphs = prop::collection::vec(
        (
            text,
            bbox,
            4.0f32..30.0,
            prop::bool::weighted(0.1),
            prop_oneof![9 => Just(0u8), 1 => 0u8..4],
        ),
        0..120,
    );
    let rulings = prop::collection::vec((0u8..12, 0u8..12, 0u8..12, any::<bool>()), 0..24);
    (glyphs, rulings).prop_map(|(glyphs, rulings)| Page {
        number: 1,
        width: 595.0,
        height: 842.0,
        glyphs: glyphs
            .into_iter()
            .map(|(text, bbox, size, vertical, turn)| Glyph {
                vertical,
                turn,
                ..glyph(&text, bbox, size)
            })
            .collect(),
        rulings: rulings
            .into_iter()
            .map(|(at, from, to, level)| {
                let [at, from, to] = [at, from, to].map(|v| 50.0 * f32::from(v));
                if level {
                    ruling(from.min(to), at, from.max(to), at)
                } else {
                    ruling(at, from.min(to), at, from.max(to))
                }
            })
            .collect(),
        images: Vec::new(),
        kind: PageKind::Text,
        straightened: None,
        to_user_space: [1.0, 0.0, 0.0, -1.0, 0.0, 842.0],
    })
}

proptest! {
    /// Indices aside, the lines hold the characters of the page, and each cell's lines are lines of its page.
    #[test]
    fn nothing_is_lost_and_nothing_stands_twice(page in any_page()) {
        let plain = |c: char| c.to_string().replace(|c: char| "₀₁₂₃₄₅₆₇₈₉".contains(c), "#").replace(|c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c), "#").replace(|c: char| c.is_ascii_digit(), "#").replace('ₐ', "a");
        let sorted = |text: String| { let mut chars: Vec<String> = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect(); chars.sort_unstable(); chars.concat() };
        let printed = sorted(page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect());
        let laid = lay_out(vec![page.clone()]);
        prop_assert_eq!(sorted(laid.lines.iter().map(|line| line.text.as_str()).collect()), printed);
        let mut in_cells: Vec<usize> = laid.tables.iter().flat_map(|table| &table.cells).flat_map(|cell| cell.lines.clone()).collect();
        let n = in_cells.len();
        in_cells.sort_unstable();
        in_cells.dedup();
        prop_assert_eq!(in_cells.len(), n);
        prop_assert!(in_cells.iter().all(|&line| line < laid.lines.len()));
        for table in &laid.tables {
            for cell in &table.cells {
                prop_assert!(cell.row + cell.rowspan <= table.n_rows && cell.col + cell.colspan <= table.n_cols && cell.rowspan > 0 && cell.colspan > 0);
            }
        }
        prop_assert_eq!(lay_out(vec![page]), laid);
    }
}

#[test]
fn the_folio_of_a_sheet_that_is_set_sideways_stands_upright() {
    for turn in [1, 3] {
        let mut page = page(1, &[(280.0, 800.0, 12.0, "—3—")]);
        for (l, line) in [
            "序号事项名称承办部门",
            "一综合交通规划建设局",
            "二人才公寓管理组织部",
        ]
        .into_iter()
        .enumerate()
        {
            for (i, c) in line.chars().enumerate() {
                let (along, down) = (14.0 * i as f32, 30.0 * l as f32);
                let [x, y] = if turn == 1 {
                    [400.0 - down, 100.0 + along]
                } else {
                    [200.0 + down, 700.0 - along]
                };
                page.glyphs.push(Glyph {
                    turn,
                    ..glyph(&c.to_string(), [x, y, x + 14.0, y + 14.0], 14.0)
                });
            }
        }
        let laid = lay_out(vec![page]);
        let texts: Vec<(&str, LineRole)> = laid
            .lines
            .iter()
            .map(|line| (line.text.as_str(), line.role))
            .collect();
        assert_eq!(texts[0].0, "序号事项名称承办部门", "turn {turn}");
        assert_eq!(texts[3], ("—3—", LineRole::Folio), "turn {turn}");
    }
}
