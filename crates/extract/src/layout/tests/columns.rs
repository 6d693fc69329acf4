//! Columns and reading order: what parts a page, what stands over its columns, what only looks like them.

use super::{firsts, page, ruling, texts};
use crate::layout::lay_out;
use crate::page::Page;

type Line = (f32, f32, f32, &'static str);

/// Lines of one size below each other, 20 points apart.
fn column(x: f32, top: f32, lines: &[&'static str]) -> Vec<Line> {
    let at = |(i, line): (usize, &&'static str)| (x, top + 20.0 * i as f32, 10.0, *line);
    lines.iter().enumerate().map(at).collect()
}

/// Contents in three columns of 140 points on one grid of lines, each entry with its page at the right end of its column.
fn contents() -> Vec<Line> {
    let mut lines = vec![(270.0, 60.0, 18.0, "目　录")];
    lines.extend(column(
        60.0,
        100.0,
        &[
            "甲溪县人民政府关于加强",
            "渡口管理的通知",
            "乙溪县人民政府关于公布",
            "防洪预案的决定",
            "丙溪县人民政府关于表彰",
        ],
    ));
    lines.extend(column(
        220.0,
        100.0,
        &[
            "先进集体的通报",
            "丁溪县人民政府关于修缮",
            "古桥的批复",
            "戊溪县人民政府关于开放",
            "林场的公告",
        ],
    ));
    lines.extend(column(
        380.0,
        100.0,
        &[
            "己溪县人民政府关于清查",
            "林地的通告",
            "庚溪县人民政府关于任免",
            "工作人员的通知",
            "辛溪县大事记",
        ],
    ));
    lines.extend([
        (195.0, 120.0, 10.0, "1"),
        (195.0, 160.0, 10.0, "4"),
        (355.0, 100.0, 10.0, "6"),
        (355.0, 140.0, 10.0, "9"),
        (350.0, 180.0, 10.0, "12"),
        (510.0, 120.0, 10.0, "15"),
        (510.0, 160.0, 10.0, "17"),
        (510.0, 180.0, 10.0, "20"),
    ]);
    lines
}

#[test]
fn contents_in_three_columns_are_read_down_and_are_no_table() {
    let laid = lay_out(vec![page(1, &contents())]);
    assert!(laid.tables.is_empty());
    let first: String = laid
        .lines
        .iter()
        .filter_map(|l| l.text.chars().next())
        .collect();
    assert_eq!(first, "目甲渡乙防丙先丁古戊林己林庚工辛");
    let ends = |text: &str| laid.lines.iter().any(|line| line.text.ends_with(text));
    assert!(ends("古桥的批复 9") && ends("辛溪县大事记 20"));
}

#[test]
fn names_over_figures_that_do_not_rise_all_the_way_are_a_table() {
    let rows = [
        [
            "渡口的名称和所在的乡镇",
            "人次",
            "渡口的名称和所在的乡镇",
            "人次",
        ],
        [
            "青石渡口在青石镇下河村",
            "52",
            "柳林渡口在柳林镇上坝村",
            "31",
        ],
        [
            "长岭渡口在长岭镇东沟村",
            "47",
            "石桥渡口在石桥镇西沟村",
            "66",
        ],
        [
            "白沙渡口在白沙镇南沟村",
            "19",
            "红岩渡口在红岩镇北沟村",
            "28",
        ],
    ];
    let mut lines: Vec<Line> = Vec::new();
    for (row, y) in rows.iter().zip([100.0, 120.0, 140.0, 160.0]) {
        let xs = [60.0, 220.0, 300.0, 460.0];
        lines.extend(row.iter().zip(xs).map(|(text, x)| (x, y, 10.0, *text)));
    }
    let laid = lay_out(vec![page(1, &lines)]);
    assert_eq!((laid.tables.len(), laid.tables[0].n_cols), (1, 4));
}

#[test]
fn a_signature_right_of_nothing_is_no_column() {
    let mut lines = vec![
        (
            84.0,
            160.0,
            11.0,
            "《云溪县渡口管理办法》已经县人民政府常务会议讨论通过，现予公布，",
        ),
        (62.0, 180.0, 11.0, "自公布之日起施行。"),
        (418.0, 199.0, 11.0, "县长　　陆远舟"),
        (440.0, 218.0, 11.0, "2022年5月15日"),
        (235.0, 259.0, 14.0, "云溪县渡口管理办法"),
    ];
    for (y, article) in [
        (286.0, "第一条　"),
        (306.0, "第二条　"),
        (326.0, "第三条　"),
    ] {
        lines.push((84.0, y, 11.0, article));
        lines.push((
            128.0,
            y,
            11.0,
            "渡口管理单位应当建立值班制度，遇有大风、大雾时停止渡运并报告",
        ));
    }
    assert_eq!(firsts(&lines), "《自县2云第第第");
}

/// Two lists of persons under labels, and what is said of both.
fn appointments(labels: [&'static str; 2], rest: &[[&'static str; 2]]) -> Vec<Line> {
    let mut lines = vec![
        (
            62.0,
            100.0,
            11.0,
            "县人民政府常务会议讨论了工作人员的任免，决定如下，请有关单位办理手续。",
        ),
        (84.0, 130.0, 11.0, labels[0]),
        (325.0, 130.0, 11.0, labels[1]),
    ];
    for (i, [left, right]) in rest.iter().enumerate() {
        let y = 150.0 + 19.0 * i as f32;
        lines.extend([(84.0, y, 11.0, *left), (325.0, y, 11.0, *right)]);
    }
    let below = 150.0 + 19.0 * rest.len() as f32;
    lines.push((84.0, below, 11.0, "以上自六月一日起生效。"));
    lines
}

#[test]
fn lists_side_by_side_under_labels_are_read_one_after_the_other() {
    let persons = [
        ["陆远舟　云溪县港航中心主任", "沈既白　云溪县港航中心副主任"],
        ["丘若水　云溪县渡运公司经理", "连晋安　云溪县水务局工程师"],
        ["屈平川　云溪县水务局副局长", "方伯钧　云溪县档案馆馆长"],
    ];
    let lines = appointments(["任命：", "免去："], &persons);
    assert_eq!(firsts(&lines), "县任陆丘屈免沈连方以");
    // Fields of a form are labels all the way down.
    let fields = [["单位：", "职务："], ["住址：", "电话："]];
    let lines = appointments(["姓名：", "性别："], &fields);
    assert_eq!(firsts(&lines), "县姓单住以");
}

fn with_bar(lines: &[Line], [x0, y, x1]: [f32; 3]) -> Page {
    let mut page = page(1, lines);
    page.rulings = vec![ruling(x0, y, x1, y)];
    page
}

#[test]
fn what_stands_over_and_under_a_bar_is_one_piece_of_its_line() {
    let lines = [
        (84.0, 100.0, 11.0, "年补助额按以下公式计算："),
        (200.0, 135.0, 11.0, "年补助额＝"),
        (262.0, 125.0, 11.0, "核定人次×单价"),
        (295.0, 143.0, 11.0, "12"),
        (346.0, 135.0, 11.0, "×系数"),
        (84.0, 180.0, 11.0, "系数由县财政局另行公布。"),
    ];
    let fraction = texts(&[with_bar(&lines, [260.0, 140.5, 341.0])]);
    assert_eq!(fraction[1], "年补助额＝ 核定人次×单价 12 ×系数");
    assert_eq!(fraction.len(), 3);
    // A blank to fill in is underlined, and what goes on beside it is level with the text.
    let lines = [
        (84.0, 100.0, 11.0, "申请人"),
        (122.0, 100.0, 11.0, "陆远舟　　　　"),
        (205.0, 100.0, 11.0, "（签名）"),
        (122.0, 120.0, 11.0, "二〇二二年五月"),
    ];
    let form = texts(&[with_bar(&lines, [120.0, 113.0, 200.0])]);
    assert_eq!(form.len(), 2);
}

#[test]
fn columns_of_characters_that_run_down_are_read_from_the_right() {
    let columns = [
        "壹、渡口管理单位应当建立值班制度，遇有大风停止渡运。",
        "貳、渡船应当按照核定的载客定额载运旅客，不得超载。",
        "參、县交通运输局每季度检查一次，检查情况记入档案。",
    ];
    let mut lines: Vec<(f32, f32, f32, String)> = Vec::new();
    for (column, x) in columns.iter().zip([400.0, 380.0, 360.0]) {
        let at = |(i, c): (usize, char)| (x, 80.0 + 11.0 * i as f32, 11.0, c.to_string());
        lines.extend(column.chars().enumerate().map(at));
    }
    let lines: Vec<(f32, f32, f32, &str)> = lines
        .iter()
        .map(|(x, y, size, text)| (*x, *y, *size, text.as_str()))
        .collect();
    assert_eq!(texts(&[page(1, &lines)]), columns);
}

/// Three columns of prose.
fn three_columns(top: f32) -> Vec<Line> {
    let prose = ["段一二三四五六七八九十一二三"; 5];
    [60.0, 220.0, 380.0]
        .into_iter()
        .flat_map(|x| column(x, top, &prose))
        .collect()
}

#[test]
fn a_banner_over_the_middle_of_three_columns_stands_over_all() {
    let mut lines = three_columns(80.0);
    lines.push((267.0, 205.0, 14.0, "部门文件"));
    lines.extend(three_columns(250.0));
    assert_eq!(firsts(&lines), format!("{0}部{0}", "段".repeat(15)));
}

#[test]
fn the_number_of_a_document_in_a_column_stands_in_it() {
    let number = |x: f32| {
        let mut lines = column(60.0, 80.0, &["左一二三四五六七八九十一二三四五六七八九"; 3]);
        lines.push((x, 145.0, 10.0, "云政发〔2022〕7号"));
        lines.extend(column(
            60.0,
            170.0,
            &["左一二三四五六七八九十一二三四五六七八九"; 8],
        ));
        lines.extend(column(
            290.0,
            80.0,
            &["右一二三四五六七八九十一二三四五六七八九"; 3],
        ));
        lines.extend(column(
            290.0,
            170.0,
            &["右一二三四五六七八九十一二三四五六七八九"; 8],
        ));
        firsts(&lines)
    };
    let (left, right) = ("左", "右");
    let inside = [&left.repeat(3), "云", &left.repeat(8), &right.repeat(11)].concat();
    assert_eq!(number(120.0), inside);
    let over = [
        &left.repeat(3),
        &right.repeat(3),
        "云",
        &left.repeat(8),
        &right.repeat(8),
    ];
    assert_eq!(number(235.0), over.concat());
}

#[test]
fn days_and_what_happened_on_them_in_two_columns_are_no_table() {
    let entry = |x: f32, y: f32, day: &'static str| -> Vec<Line> {
        vec![
            (x + 20.0, y, 10.0, day),
            (x + 62.0, y, 10.0, "县政府召开第五十次常务会议"),
            (x, y + 20.0, 10.0, "议，审议渡口管理的议题和防汛的准备。"),
        ]
    };
    let mut lines = Vec::new();
    for (i, days) in [
        ["6月5日", "6月9日"],
        ["6月6日", "7月1日"],
        ["6月8日", "7月3日"],
    ]
    .iter()
    .enumerate()
    {
        let y = 100.0 + 40.0 * i as f32;
        lines.extend(entry(60.0, y, days[0]));
        lines.extend(entry(310.0, y, days[1]));
    }
    let laid = lay_out(vec![page(1, &lines)]);
    assert!(laid.tables.is_empty());
    let first: String = laid
        .lines
        .iter()
        .filter_map(|l| l.text.chars().next())
        .collect();
    assert_eq!(first, "6议6议6议6议7议7议");
}
