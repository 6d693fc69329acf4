//! Running heads and folios: what stands at the edge of the page, page after page; and footnotes.

use crate::geom::Rect;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::runs::{self, TextRun};
use super::{LineRole, Outline, PageRuns, ruled_tables, unruled_tables};

/// How much of the page's height, at the top and at the bottom, may hold furniture. The head and foot margin of
/// GB/T 9704 take an eighth each.
const ZONE: f32 = 0.15;
/// How much larger than the text of its page a title is; heads are smaller, or have a ruling below them.
const TITLE: f32 = 1.3;
/// How much smaller a head may be than on another page: an issuer heads its paper in large type and signs in small.
const SAME_SIZE: f32 = 0.75;
/// Rows of furniture at one edge, at most.
const N_ROWS: usize = 3;

/// `— 12 —`, `-12-`, `·12·`, `第12页 共30页`
static DECORATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[-—–―─－‐一·•∙・~～〜|｜=]+([0-9０-９]{1,4}|[ivxlcIVXLC]{1,7})[-—–―─－‐一·•∙・~～〜|｜=]+|第([0-9０-９]{1,4}|[一二三四五六七八九十百〇零]{1,6})页(?:[，,/／]?共[0-9０-９一二三四五六七八九十百〇零]{1,6}页)?|[Pp]age([0-9]{1,4})(?:of[0-9]+)?)$").unwrap()
});
/// `12`, `3/16`, `iv`, `F-36`; with what a recogniser leaves of the dashes beside it: `-8`, `23_`
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-—–―─－_~一二·•.…]{0,6}(?:[A-Z]-)?([0-9０-９]{1,4}|[ivxlc]{1,7})(?:[/／][0-9０-９]{1,4})?[-—–―─－_~一二·•.…]{0,6}$")
        .unwrap()
});

/// What begins or ends a document, or stands over a table, at the edge of a page: `第12号`, `抄送：市委办公室。`,
/// `云溪市人民政府办公室2024年3月6日印发`, `附件2：`, `表3 主要指标`, `单位：亿元`, `各县（区）人民政府：`
static TEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:第[0-9０-９一二三四五六七八九十百〇零]+号|(?:主送|抄送|抄报|分送)[：:].*|.*日印发|附.{0,4}|附件[0-9０-９一二三四五六七八九十]*[：:].*|续.*|（.*表|表[0-9０-９一二三四五六七八九十].*|[（(]?(?:计量)?单位[：:].*|.*[：:])$").unwrap()
});
/// `云政办发〔2024〕6号`
static DOCUMENT_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\p{Han}.*[〔\[［【（(][0-9０-９]{4}[〕\]］】）)]第?[0-9０-９]+号$").unwrap()
});

/// Pieces of text at an edge of a page.
struct EdgeText {
    runs: Vec<usize>,
    text: String,
    y: f32,
    /// Font size.
    size: f32,
    /// Free height to the next row towards the text, in lines of this piece.
    clearance: f32,
    /// Parts it from the text.
    rule: Option<Rule>,
}

/// A ruling below the row at the top of a page.
#[derive(Clone, Copy)]
struct Rule {
    bar: ruled_tables::Bar,
    /// It is the top of a box or of a 三线表 as it seems, and no head's, unless other pages have it too.
    tops_table: bool,
}

impl Rule {
    fn is_like(&self, other: &Self) -> bool {
        (self.bar.at - other.bar.at).abs() < 6.0 && self.bar.is_as_wide(&other.bar)
    }
}

/// The rows at the top of a page and those at its bottom, from the edge inwards.
pub struct Edges {
    ends: [Vec<Vec<EdgeText>>; 2],
    /// Vertical runs beside the text.
    sides: Vec<EdgeText>,
}

/// The role of each run of each page, where it is furniture.
pub fn decide(pages: &[Outline]) -> Vec<Vec<Option<LineRole>>> {
    let mut roles: Vec<Vec<Option<LineRole>>> = pages
        .iter()
        .map(|page| vec![None; page.runs.len()])
        .collect();
    let rules: Vec<Vec<Rule>> = pages
        .iter()
        .map(|page| {
            page.edges.ends[0]
                .iter()
                .flatten()
                .filter_map(|piece| piece.rule)
                .collect()
        })
        .collect();
    // What is at the very edge is decided first; then what stands next to it.
    for end in 0..2 {
        let mut still: Vec<bool> = vec![true; pages.len()];
        let around: Vec<usize> = pages
            .iter()
            .map(|page| if end == 1 { rows_around_folio(page) } else { 0 })
            .collect();
        let others = Others {
            repeated: repetitions(pages, end),
            offsets: page_offsets(pages, end),
            rules: &rules,
        };
        for depth in 0..N_ROWS {
            for (i, page) in pages.iter().enumerate() {
                let Some(row) = page.edges.ends[end].get(depth).filter(|_| still[i]) else {
                    still[i] = false;
                    continue;
                };
                let found: Vec<Option<LineRole>> = row
                    .iter()
                    .map(|piece| role(piece, row.len(), page, &others))
                    .collect();
                // A row is furniture as a whole: a head beside a folio, or the date beside a title of the gazette.
                let any = depth < around[i] || found.iter().any(Option::is_some);
                if !any
                    || found.iter().any(Option::is_none)
                        && row
                            .iter()
                            .map(|piece| piece.text.chars().count())
                            .sum::<usize>()
                            > 60
                {
                    still[i] = false;
                    continue;
                }
                for (piece, role) in row.iter().zip(found) {
                    for &run in &piece.runs {
                        roles[i][run] = Some(role.unwrap_or(LineRole::RunningHead));
                    }
                }
            }
        }
    }
    let mut beside: BTreeMap<String, usize> = BTreeMap::new();
    for piece in pages.iter().flat_map(|page| &page.edges.sides) {
        *beside.entry(pattern(&piece.text)).or_default() += 1;
    }
    for (i, page) in pages.iter().enumerate() {
        for piece in &page.edges.sides {
            // The folio of a sheet that is set sideways says what it is.
            let is_folio = DECORATED.is_match(&piece.text);
            if is_folio || beside[&pattern(&piece.text)] >= 2 || pages.len() < 3 {
                let role = if is_folio {
                    LineRole::Folio
                } else {
                    LineRole::RunningHead
                };
                piece
                    .runs
                    .iter()
                    .for_each(|&run| roles[i][run] = Some(role));
            }
        }
    }
    roles
}

/// Rows at the foot of a page that a folio stands among: an address may be printed below it.
fn rows_around_folio(page: &Outline) -> usize {
    let rows = &page.edges.ends[1];
    rows.iter()
        .rposition(|row| row.iter().any(|piece| DECORATED.is_match(&piece.text)))
        .map_or(0, |last| last + 1)
}

/// What the pages say of one end of them.
struct Others<'a> {
    repeated: BTreeMap<String, Vec<Repetition>>,
    offsets: BTreeMap<i64, usize>,
    /// Of each page.
    rules: &'a [Vec<Rule>],
}

impl Others<'_> {
    /// A head has its ruling at one height on most pages.
    fn is_ruled_off(&self, piece: &EdgeText) -> bool {
        let n_pages = |rule: &Rule| {
            self.rules
                .iter()
                .filter(|rules| rules.iter().any(|other| other.is_like(rule)))
                .count()
        };
        piece.rule.is_some_and(|rule| {
            !rule.tops_table || n_pages(&rule) >= 2 && n_pages(&rule) * 2 >= self.rules.len()
        })
    }
}

fn role(piece: &EdgeText, n_pieces: usize, page: &Outline, others: &Others) -> Option<LineRole> {
    if DECORATED.is_match(&piece.text) {
        return Some(LineRole::Folio);
    }
    if let Some(number) = bare_number(&piece.text) {
        let counted = number.is_some_and(|n| {
            others
                .offsets
                .get(&(n - i64::from(page.leaf)))
                .is_some_and(|n| *n >= 2)
        });
        let alone = n_pieces <= 2 && piece.clearance >= 1.5;
        if counted || alone {
            return Some(LineRole::Folio);
        }
    }
    if TEXT.is_match(&piece.text) {
        return None;
    }
    let place = place(piece.y, page.height);
    let is_same = |other: &&Repetition| {
        (other.place - place).abs() <= 1
            && (SAME_SIZE..=1.0 / SAME_SIZE).contains(&(other.size / piece.size))
    };
    let alike: Vec<&Repetition> = others
        .repeated
        .get(&pattern(&piece.text))
        .into_iter()
        .flatten()
        .filter(is_same)
        .collect();
    let n_on = |is: &dyn Fn(&Repetition) -> bool| {
        alike
            .iter()
            .filter(|other| is(other))
            .map(|other| other.page)
            .collect::<BTreeSet<_>>()
            .len()
    };
    let n_pages = others.rules.len();
    let enough = if n_pages >= 6 { 3 } else { 2 };
    let ruled_off = others.is_ruled_off(piece);
    let is_again = n_on(&|other| other.text == piece.text) >= enough;
    // A title begins a page, and a date ends one, at the same place again and again; a table's figures stand anywhere.
    if piece.size >= TITLE * page.text_size && !ruled_off
        || is_date(&piece.text)
        || !(piece.text.contains(char::is_alphabetic) || ruled_off && is_again)
        || DOCUMENT_NUMBER.is_match(&piece.text) && !is_again
    {
        return None;
    }
    let aloof = ruled_off || piece.clearance >= 0.8;
    let repeats = n_on(&|_| true) >= enough && stays(&alike);
    (repeats && aloof || ruled_off && piece.text.chars().count() <= 40 && n_pieces <= 3)
        .then_some(LineRole::RunningHead)
}

/// Whether the numbers in texts that are alike otherwise are those of an issue, which stay for some pages, or of a page.
/// What counts documents is text.
fn stays(alike: &[&Repetition]) -> bool {
    let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut offsets: BTreeMap<(usize, i64), usize> = BTreeMap::new();
    for other in alike {
        *texts.entry(&other.text).or_default() += 1;
        for (i, number) in other
            .text
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|digits| digits.parse::<i64>().ok())
            .enumerate()
        {
            *offsets
                .entry((i, number - i64::from(other.page)))
                .or_default() += 1;
        }
    }
    texts.values().chain(offsets.values()).any(|n| *n >= 2)
}

/// Where a text stands that may stand on other pages as well.
struct Repetition {
    page: u32,
    text: String,
    place: i32,
    /// Font size.
    size: f32,
}

/// On which pages each text stands, at which height and of which size.
fn repetitions(pages: &[Outline], end: usize) -> BTreeMap<String, Vec<Repetition>> {
    let mut repeated: BTreeMap<String, Vec<Repetition>> = BTreeMap::new();
    for page in pages {
        for piece in page.edges.ends[end].iter().flatten() {
            let place = place(piece.y, page.height);
            repeated
                .entry(pattern(&piece.text))
                .or_default()
                .push(Repetition {
                    page: page.leaf,
                    text: piece.text.clone(),
                    place,
                    size: piece.size,
                });
        }
    }
    repeated
}

/// How often each difference between a number at the edge and the number of its page occurs.
fn page_offsets(pages: &[Outline], end: usize) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for page in pages {
        for piece in page.edges.ends[end].iter().flatten() {
            if let Some(Some(number)) = bare_number(&piece.text) {
                *counts.entry(number - i64::from(page.leaf)).or_default() += 1;
            }
        }
    }
    counts
}

/// The number of a folio, where it is written in digits.
pub fn number(text: &str) -> Option<i64> {
    let decorated = || {
        let found = DECORATED.captures(text)?;
        found.iter().skip(1).flatten().next()?.as_str().parse().ok()
    };
    bare_number(text).flatten().or_else(decorated)
}

/// The number of a bare folio; a roman one has none that is worth the count.
fn bare_number(text: &str) -> Option<Option<i64>> {
    let found = BARE.captures(text)?;
    let digits: String = found[1]
        .chars()
        .map(|c| {
            if ('０'..='９').contains(&c) {
                char::from(b'0' + (c as u32 - '０' as u32) as u8)
            } else {
                c
            }
        })
        .collect();
    Some(digits.parse().ok())
}

/// A text with its numbers taken out: heads name issues and pages.
fn pattern(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_numeric() {
            if !out.ends_with('#') {
                out.push('#');
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `2023年4月3日`, `二〇二三年四月`
fn is_date(text: &str) -> bool {
    text.contains('年')
        && text
            .chars()
            .all(|c| c.is_numeric() || "年月日〇○零一二三四五六七八九十".contains(c))
}

/// Heights within a hundredth of the page are one place, with its neighbours.
fn place(y: f32, height: f32) -> i32 {
    (y / height.max(1.0) * 100.0) as i32
}

/// What stands at the edges of a page.
pub fn edges(sheet: &PageRuns) -> Edges {
    let level: Vec<usize> = (0..sheet.runs.len())
        .filter(|&i| !sheet.runs[i].vertical)
        .collect();
    let (top, bottom) = (sheet.height * ZONE, sheet.height * (1.0 - ZONE));
    let boxes: Vec<Rect> = level
        .iter()
        .map(|&i| sheet.runs[i].bbox)
        .chain(sheet.grids.iter().map(|grid| grid.bbox))
        .collect();
    let bars = ruled_tables::bars(&sheet.rulings, true);
    let ends = [true, false].map(|from_top| {
        let mut near: Vec<usize> = level
            .iter()
            .copied()
            .filter(|&i| {
                if from_top {
                    sheet.runs[i].mid_y() < top
                } else {
                    sheet.runs[i].mid_y() > bottom
                }
            })
            .collect();
        near.sort_by(|&a, &b| {
            let by_y = sheet.runs[a].mid_y().total_cmp(&sheet.runs[b].mid_y());
            (if from_top { by_y } else { by_y.reverse() }).then(a.cmp(&b))
        });
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for i in near {
            let run = &sheet.runs[i];
            match rows.last_mut() {
                Some(row)
                    if (sheet.runs[row[0]].mid_y() - run.mid_y()).abs()
                        < 0.5 * run.size.max(sheet.runs[row[0]].size) =>
                {
                    row.push(i)
                }
                _ => rows.push(vec![i]),
            }
        }
        rows.truncate(N_ROWS);
        rows.into_iter()
            .map(|row| pieces(sheet, row, from_top, &boxes, &bars))
            .collect()
    });
    let text = level
        .iter()
        .map(|&i| sheet.runs[i].bbox)
        .reduce(Rect::union);
    let beside = |run: &TextRun| {
        text.is_none_or(|text| {
            run.bbox.x1 <= text.x0 + run.size * 0.5 || run.bbox.x0 >= text.x1 - run.size * 0.5
        })
    };
    let sides = (0..sheet.runs.len())
        .filter(|&i| sheet.runs[i].vertical && beside(&sheet.runs[i]))
        .map(|i| EdgeText {
            runs: vec![i],
            text: solid_text(&sheet.runs[i..=i]),
            y: sheet.runs[i].mid_y(),
            size: sheet.runs[i].size,
            clearance: 0.0,
            rule: None,
        })
        .collect();
    Edges { ends, sides }
}

/// A row of runs as pieces that wide gaps part.
fn pieces(
    sheet: &PageRuns,
    mut row: Vec<usize>,
    from_top: bool,
    boxes: &[Rect],
    bars: &[ruled_tables::Bar],
) -> Vec<EdgeText> {
    row.sort_by(|&a, &b| sheet.runs[a].bbox.x0.total_cmp(&sheet.runs[b].bbox.x0));
    let bbox = row
        .iter()
        .map(|&i| sheet.runs[i].bbox)
        .reduce(Rect::union)
        .expect("a row has runs");
    let size = row.iter().map(|&i| sheet.runs[i].size).fold(1.0, f32::max);
    let inwards = |other: &Rect| {
        if from_top {
            other.y0 - bbox.y1
        } else {
            bbox.y0 - other.y1
        }
    };
    let clearance = boxes
        .iter()
        .map(inwards)
        .filter(|gap| *gap > -0.3 * size)
        .fold(f32::MAX, f32::min)
        / size;
    // The ruling of a head runs along it, and is no part of a table. At the foot of a page rulings hold the 版记,
    // which is text.
    let below = bars.iter().filter(|_| from_top).find(|bar| {
        let gap = bar.at - bbox.y1;
        let in_table = sheet
            .grids
            .iter()
            .any(|grid| bar.at >= grid.bbox.y0 - 3.0 && bar.at <= grid.bbox.y1 + 3.0);
        let lines_to = boxes
            .iter()
            .filter(|other| other.y0 > bbox.y1 - 0.3 * size && other.y1 < bar.at + 0.3 * size)
            .count();
        !in_table
            && gap > -0.3 * size
            && gap < (1.2 + 1.8 * lines_to as f32) * size
            && bar.at < sheet.height * ZONE * 1.1
            && bar.to - bar.from > 0.5 * sheet.width
            && !(unruled_tables::tops_table(bar, bars, &sheet.runs)
                && bars
                    .iter()
                    .any(|other| other.is_as_wide(bar) && other.at < bbox.y0 + 3.0))
    });
    let rule = below.map(|bar| Rule {
        bar: *bar,
        tops_table: tops_box(bar, &ruled_tables::bars(&sheet.rulings, false))
            || unruled_tables::tops_table(bar, bars, &sheet.runs),
    });
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in row {
        match groups.last_mut() {
            Some(group)
                if sheet.runs[i].bbox.x0
                    - sheet.runs[*group.last().expect("a group has runs")].bbox.x1
                    < 2.0 * size =>
            {
                group.push(i);
            }
            _ => groups.push(vec![i]),
        }
    }
    let text = |group: &[usize]| {
        group
            .iter()
            .map(|&i| solid_text(&sheet.runs[i..=i]))
            .collect()
    };
    groups
        .into_iter()
        .map(|runs| EdgeText {
            text: text(&runs),
            runs,
            y: (bbox.y0 + bbox.y1) / 2.0,
            size,
            clearance,
            rule,
        })
        .collect()
}

/// Whether upright rulings go down from the ends of a level one.
fn tops_box(bar: &ruled_tables::Bar, upright: &[ruled_tables::Bar]) -> bool {
    let from = |x: f32| {
        upright
            .iter()
            .any(|side| (side.at - x).abs() < 3.0 && (side.from - bar.at).abs() < 3.0)
    };
    from(bar.from) && from(bar.to)
}

fn solid_text(runs: &[TextRun]) -> String {
    runs.iter()
        .flat_map(|run| &run.marks)
        .flat_map(|mark| mark.text.chars())
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// Which runs are footnotes: smaller than the text, under a short ruling at the left, or below it in notes already begun.
pub fn footnotes(sheet: &PageRuns, runs: &[TextRun], furniture: &[Option<LineRole>]) -> Vec<bool> {
    let size = runs::usual_size(runs.iter().flat_map(|run| &run.marks));
    let left = runs.iter().map(|run| run.bbox.x0).fold(f32::MAX, f32::min);
    let bars = ruled_tables::bars(&sheet.rulings, true);
    let in_table = |y: f32| {
        sheet
            .grids
            .iter()
            .any(|grid| y >= grid.bbox.y0 - 3.0 && y <= grid.bbox.y1 + 3.0)
    };
    let separator = bars.iter().find(|bar| {
        let short = (0.08..=0.45).contains(&((bar.to - bar.from) / sheet.width.max(1.0)));
        let below = |run: &&TextRun| run.mid_y() > bar.at;
        let body = |i: usize| furniture[i].is_none();
        let all_small = runs
            .iter()
            .enumerate()
            .filter(|(i, run)| body(*i) && below(run))
            .all(|(_, run)| run.size < 0.93 * size);
        let any = runs
            .iter()
            .enumerate()
            .any(|(i, run)| body(i) && below(&run));
        short
            && bar.at > 0.35 * sheet.height
            && !in_table(bar.at)
            && bar.from < left + 2.5 * size
            && any
            && all_small
    });
    runs.iter()
        .zip(furniture)
        .map(|(run, role)| role.is_none() && separator.is_some_and(|bar| run.mid_y() > bar.at))
        .collect()
}
