//! The printed contents, 目录: entries that wrap, leaders, page numbers, invented bullets.

use std::ops::Range;
use std::sync::LazyLock;

use super::joins::marks::brackets_left_open;
use super::wraps::doubled;
use super::{Draft, Form, Passage, Span};
use extract::laid::{Laid, PrintedLine};
use language::contents::{front_page, page_end};
use language::issuers::is_issuer_name;
use language::label::{self, label};
use language::masthead::is_section;
use language::script::{fold, is_blank, width};
use language::titles::ends_entry;
use model::{Role, Rule};
use regex::Regex;

/// Lines that an entry can take, and so the most that can follow each other without a page number.
const ENTRY_LINES: usize = 12;

/// A contents stands in the first lines of a gazette; a 目录 further on belongs to a document.
const FRONT: usize = 2000;

/// The lines of the contents, from the word 目录 to the last entry.
pub fn zone(draft: &Draft, furniture: &[Option<Role>], apart: &[bool]) -> Option<Range<usize>> {
    (0..draft.lines.len().min(FRONT)).find_map(|at| {
        let first = at + title_lines(draft, at)?;
        let end = end_by_pages(draft, first, furniture, apart)
            .or_else(|| end_by_repetition(draft, first))?;
        let goes_on =
            end < draft.lines.len() && goes_on_below(draft, apart, [end - 1, end]).is_some();
        Some(at..end + usize::from(goes_on))
    })
}

/// Where the page number of an entry and what leads to it begin, if the line below closes a bracket that the entry opens
/// before it.
fn goes_on_below(draft: &Draft, apart: &[bool], [line, next]: [usize; 2]) -> Option<usize> {
    let leader = page_of(draft, apart, line)?.start;
    let n_open = brackets_left_open(&draft.texts[line][..leader]);
    let closes = n_open > 0 && n_open + brackets_left_open(&draft.texts[next]) == 0;
    let is_entry = draft.facts[next].text.label.is_some() || page_of(draft, apart, next).is_some();
    (closes && !is_entry).then_some(leader)
}

/// How many lines the word 目录 takes that begins here.
fn title_lines(draft: &Draft, at: usize) -> Option<usize> {
    let joined = |n: usize| {
        (at..(at + n).min(draft.lines.len()))
            .map(|i| draft.texts[i].trim_matches(is_blank))
            .collect::<String>()
    };
    let is_title = |n: &usize| {
        matches!(
            fold(&joined(*n)).as_str(),
            "目录" | "目次" | "总目录" | "本期目录" | "要目"
        )
    };
    if draft.texts[at].len() < 40 {
        [1, 2].into_iter().find(is_title)
    } else {
        None
    }
}

fn end_by_pages(
    draft: &Draft,
    first: usize,
    furniture: &[Option<Role>],
    apart: &[bool],
) -> Option<usize> {
    let (mut end, mut n_entries) = (first, 0);
    for (at, _) in furniture
        .iter()
        .enumerate()
        .skip(first)
        .filter(|(_, role)| role.is_none())
    {
        if at - end >= ENTRY_LINES {
            break;
        }
        if page_of(draft, apart, at).is_some() {
            (end, n_entries) = (at + 1, n_entries + 1);
        } else if is_document(draft, at) {
            break;
        }
    }
    (n_entries >= 2 || n_entries == 1 && end - first <= ENTRY_LINES).then_some(end)
}

/// What stands in a document and in no contents: a sentence, an address, a date alone, the 目录 of a plan.
fn is_document(draft: &Draft, at: usize) -> bool {
    /// Of an address. A heading in a contents is narrower: 市政府文件：
    const ADDRESS: f32 = 14.0;
    let text = draft.texts[at].trim_matches(is_blank);
    let is_address = text.ends_with(['：', ':'])
        && (draft.facts[at].text.width > ADDRESS || text.starts_with('各'));
    text.contains('。')
        || is_address
        || draft.facts[at].text.date.is_some()
        || title_lines(draft, at).is_some()
}

/// The lines of a PDF that end in a number far from their text, at a right edge that they share: pages without leaders.
pub fn pages_apart(draft: &Draft, laid: Option<&Laid>) -> Vec<bool> {
    /// In em. An entry's text that fills its line leaves less, but then its number stands at the edge of the others.
    const FAR: f32 = 3.0;
    /// How far right edges differ, in em: numbers of one digit and of three, set from the left.
    const EDGE: f32 = 1.1;
    let mut apart = vec![false; draft.lines.len()];
    let Some(laid) = laid else { return apart };
    let ends: Vec<(usize, f32)> = (0..draft.lines.len().min(FRONT))
        .filter(|&at| NUMBER_APART.is_match(&draft.lines[at].text))
        .map(|at| {
            let line = &laid.lines[at];
            let printed: String = line.text.chars().filter(|&c| !is_blank(c)).collect();
            (
                at,
                (line.bbox[2] - line.bbox[0]) / line.size.max(1.0) - width(&printed) / 2.0,
            )
        })
        .collect();
    for &(at, _) in &ends {
        let line = &laid.lines[at];
        // An entry can stand alone on the second page of a contents.
        let shares = |(other, gap): &&(usize, f32)| {
            let other = &laid.lines[*other];
            *gap >= FAR
                && (other.bbox[2] - line.bbox[2]).abs() <= EDGE * line.size
                && other.leaf.abs_diff(line.leaf) <= 1
        };
        apart[at] = ends.iter().filter(shares).count() >= 2;
    }
    apart
}

/// `…的通知 15`, `…的通知 （15）`
static NUMBER_APART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\S[ \u{3000}]+(\d{1,4}|[（(]\d{1,4}[)）])\s*$").expect("a pattern")
});

/// A contents without page numbers behind its entries ends where its first entry is printed again, as a title.
fn end_by_repetition(draft: &Draft, first: usize) -> Option<usize> {
    let entry = |at: usize| {
        fold(
            front_page(draft.texts[at].trim_start_matches(is_bullet))
                .1
                .trim_start_matches(|c: char| c.is_ascii_digit() || "、.．".contains(c)),
        )
    };
    // A heading that no list of headings knows can stand before the first entry.
    (first..draft.lines.len().min(first + 8))
        .filter(|&at| !draft.facts[at].text.is_section)
        .take(3)
        .find_map(|first_entry| repeated(draft, first, first_entry, entry(first_entry)))
}

fn repeated(draft: &Draft, first: usize, first_entry: usize, wanted: String) -> Option<usize> {
    const FAR: usize = 400;
    if wanted.chars().count() < 6
        || label(draft.texts[first_entry].trim_start())
            .is_some_and(|l| matches!(l.kind, label::Kind::Chapter | label::Kind::Article))
    {
        return None;
    }
    // The title can be set over several lines, its number below it.
    let printed = |at: usize| {
        (at..(at + 5).min(draft.lines.len()))
            .map(|i| fold(draft.texts[i].trim_matches(is_blank)))
            .collect::<String>()
    };
    let end = (first_entry + 1..draft.lines.len().min(first_entry + FAR))
        .find(|&at| printed(at).starts_with(&wanted))?;
    let entries = (first..end).filter(|&at| !draft.facts[at].text.is_section);
    let (n, short) = entries.fold((0, 0), |(n, short), at| {
        (n + 1, short + usize::from(!draft.texts[at].contains('。')))
    });
    // The heading of the first section can stand again above the first document.
    let again = |at: usize| {
        draft.facts[at].text.is_section
            && (first..at).any(|before| fold(&draft.texts[before]) == fold(&draft.texts[at]))
    };
    let sections = (first_entry + 1..end)
        .rev()
        .take_while(|&at| again(at))
        .count();
    (n >= 1 && short == n).then_some(end - sections)
}

/// Makes the passages of the contents out of its lines.
#[expect(
    clippy::too_many_lines,
    reason = "one walk over the lines of the contents"
)]
pub fn passages(
    draft: &mut Draft,
    laid: Option<&Laid>,
    apart: &[bool],
    lines: Vec<usize>,
    out: &mut Vec<Passage>,
) {
    let mut entry: Vec<Span> = Vec::new();
    let mut seq: Option<u32> = None;
    let mut titled = false;
    pages_to_ends(draft, apart, &lines);
    let paged = lines
        .iter()
        .any(|&line| page_of(draft, apart, line).is_some());
    for (at, &line) in lines.iter().enumerate() {
        if !titled {
            titled = fold(draft.texts[line].trim_matches(is_blank)).ends_with(['录', '次', '目'])
                && (at > 0 || fold(&draft.texts[line]).chars().count() > 1);
            match out.last_mut() {
                Some(passage) if at > 0 => {
                    let span = draft.join(
                        lines[at - 1],
                        Span::line(line),
                        Rule::JoinContentsTitle,
                        0.9,
                        "the word 目录 set over two lines",
                    );
                    match span {
                        Some(span) => passage.spans.push(span),
                        None => out.push(Passage {
                            form: Form::ContentsTitle,
                            spans: vec![Span::line(line)],
                        }),
                    }
                }
                _ => out.push(Passage {
                    form: Form::ContentsTitle,
                    spans: vec![Span::line(line)],
                }),
            }
            continue;
        }
        if !draft.facts[line].text.is_section {
            bullet(draft, line);
        }
        let text = draft.texts[line].trim_matches(is_blank).to_owned();
        let label = draft.facts[line].text.label.clone();
        let ends_page = page_of(draft, apart, line);
        // The number before the leader of a section: 一、国家……23.
        let heads = label
            .as_ref()
            .is_some_and(|l| matches!(l.kind, label::Kind::Han | label::Kind::HanBrackets))
            && width(
                draft.texts[line][..ends_page
                    .as_ref()
                    .map_or(draft.texts[line].len(), |leader| leader.start)]
                    .trim_matches(is_blank),
            ) <= 12.0;
        let counts_on = label
            .as_ref()
            .is_some_and(|l| seq.is_some_and(|s| l.seq == s + 1) && l.kind == label::Kind::Digit);
        // Without page numbers behind them, entries end as titles do.
        let complete = |before: &str| {
            !paged && (ends_entry(before) || front_page(&text).0.is_some() || label.is_some())
        };
        let set_off = paged
            && ends_page.is_none()
            && laid.is_some_and(|laid| is_set_off(laid, &lines, line))
            && is_heading(&text);
        let begins_anew = entry.is_empty()
            || counts_on
            || complete(&draft.text(&entry))
            || !paged && is_section(&text);
        if begins_anew && (is_section(&text) || heads || set_off) {
            flush(&mut entry, out);
            leader(draft, apart, line);
            out.push(Passage {
                form: Form::ContentsSection,
                spans: vec![Span::line(line)],
            });
            seq = None;
            continue;
        }
        if begins_anew {
            flush(&mut entry, out);
            seq = label
                .filter(|l| l.kind == label::Kind::Digit)
                .map(|l| l.seq);
            entry.push(Span::line(line));
        } else {
            doubled(draft, &entry, line);
            let from = entry.last().expect("an entry has a line").line;
            match draft.join(
                from,
                Span::line(line),
                Rule::JoinContentsEntry,
                0.95,
                "an entry ends with its page number",
            ) {
                Some(span) => entry.push(span),
                None => {
                    flush(&mut entry, out);
                    entry.push(Span::line(line));
                }
            }
        }
        if ends_page.is_some() {
            leader(draft, apart, line);
            flush(&mut entry, out);
        }
    }
    flush(&mut entry, out);
}

/// `…的通知（云政发　　（1）` / `〔2023〕11号）`: the page at the right of the first line of an entry goes to its end, if a bracket
/// says that the entry goes on.
fn pages_to_ends(draft: &mut Draft, apart: &[bool], lines: &[usize]) {
    if !draft.may(Rule::ContentsPage) {
        return;
    }
    for pair in lines.windows(2) {
        let [line, next] = [pair[0], pair[1]];
        let Some(leader) = goes_on_below(draft, apart, [line, next]) else {
            continue;
        };
        let text = draft.texts[line].clone();
        let page = text[leader..].trim_matches(is_blank).to_owned();
        let sure = Rule::ContentsPage.confidence();
        let why = "the page number of an entry that goes on in the next line";
        draft.edit(line, leader..text.len(), "", Rule::ContentsPage, sure, why);
        let end = draft.texts[next].trim_end_matches(is_blank).len();
        let after = format!("\u{3000}\u{3000}{page}");
        draft.edit(next, end..end, &after, Rule::ContentsPage, sure, why);
    }
}

fn flush(entry: &mut Vec<Span>, out: &mut Vec<Passage>) {
    if !entry.is_empty() {
        out.push(Passage {
            form: Form::ContentsEntry,
            spans: std::mem::take(entry),
        });
    }
}

fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '-' | '•' | '·' | '●' | '○' | '◆' | '◇' | '■' | '*' | '▲' | '★' | '☆'
    ) || is_blank(c)
}

/// `- 1、关于` → `1、关于`
fn bullet(draft: &mut Draft, line: usize) {
    let text = &draft.texts[line];
    let rest = text.trim_start_matches(is_bullet);
    let end = text.len() - rest.len();
    if end > 0
        && !rest.is_empty()
        && !text[..end].chars().all(is_blank)
        && page_end(text).is_none_or(|leader| leader.start >= end)
    {
        draft.edit(
            line,
            0..end,
            "",
            Rule::ContentsBullet,
            0.9,
            "a mark in front of an entry, not part of its title",
        );
    }
}

/// `……(15)` → `　　(15)`
fn leader(draft: &mut Draft, apart: &[bool], line: usize) {
    let Some(leader) = page_of(draft, apart, line) else {
        return;
    };
    let after = if leader.start == 0 {
        ""
    } else {
        "\u{3000}\u{3000}"
    };
    if draft.texts[line][leader.clone()] != *after {
        draft.edit(
            line,
            leader,
            after,
            Rule::ContentsLeader,
            0.95,
            "what leads from the title to its page number",
        );
    }
}

/// The same as [`page_end`], of a line of which it is also known where it stands.
fn page_of(draft: &Draft, apart: &[bool], line: usize) -> Option<Range<usize>> {
    let text = &draft.texts[line];
    page_end(text).or_else(|| {
        // What stands apart needs no space: that of `…1号 1` is gone by now.
        let number = NUMBER_APART
            .captures(&draft.lines[line].text)
            .filter(|_| apart[line])?
            .get(1)?
            .as_str();
        let title = text.trim_end_matches(is_blank).strip_suffix(number)?;
        Some(title.trim_end_matches(is_blank).len()..title.len())
    })
}

/// Whether words can be those of a heading: few, no date, number or label, and not the end of a title.
fn is_heading(text: &str) -> bool {
    /// 市委、市政府重要文件 is 20 wide.
    const LONGEST: f32 = 28.0;
    let is_word = |c: char| !c.is_ascii_digit() && !"。，；：〔（《".contains(c);
    (4.0..=LONGEST).contains(&width(text))
        && text.chars().all(is_word)
        && label(text).is_none()
        && !text.contains("关于")
}

/// Whether a line stands in the middle of the contents, far from both of its edges, or is larger than the line below it.
fn is_set_off(laid: &Laid, contents: &[usize], line: usize) -> bool {
    /// Of the text size: a title that is a little larger than its neighbours is set so on purpose.
    const LARGER: f32 = 1.15;
    /// In em, from each edge; the second line of an entry is set in two or three on its left.
    const INSET: f32 = 4.0;
    let line = &laid.lines[line];
    let in_column = |other: &&PrintedLine| {
        other.leaf == line.leaf && (other.column.left - line.column.left).abs() < line.size
    };
    let column = || {
        contents
            .iter()
            .map(|&other| &laid.lines[other])
            .filter(in_column)
    };
    let (left, right) = column().fold((f32::MAX, f32::MIN), |(left, right), other| {
        (left.min(other.bbox[0]), right.max(other.bbox[2]))
    });
    let is_central = |line: &PrintedLine| {
        let (before, behind) = (
            (line.bbox[0] - left) / line.size,
            (right - line.bbox[2]) / line.size,
        );
        before >= INSET && behind >= INSET && (before - behind).abs() <= 0.5 * INSET
    };
    let Some(below) = column().find(|other| other.bbox[1] > line.bbox[1]) else {
        return false;
    };
    // 云溪县人民政府 / 关于…的通知……1, each in the middle, is an entry.
    let begins_entry = is_issuer_name(&line.text) && is_central(below);
    is_central(line) && !begins_entry || line.size >= LARGER * below.size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use extract::laid::{Column, LineRole};
    use model::Line;

    /// The contents that lines make of size 10, each with its left and right end, as `section` and `entry`.
    fn of(printed: &[(f32, f32, &str)]) -> Vec<String> {
        let line = |(i, &(x0, x1, text)): (usize, &(f32, f32, &str))| {
            let bbox = [x0, 20.0 * i as f32, x1, 20.0 * i as f32 + 10.0];
            let column = Column {
                left: 50.0,
                right: 550.0,
            };
            PrintedLine {
                page: 1,
                leaf: 1,
                text: text.into(),
                bbox,
                size: 10.0,
                column,
                role: LineRole::Body,
                characters: Vec::new(),
            }
        };
        let laid = Laid {
            lines: printed.iter().enumerate().map(line).collect(),
            tables: Vec::new(),
        };
        let line = |(i, printed): (usize, &PrintedLine)| Line {
            id: format!("p1:{}", i + 1),
            page: Some(1),
            text: printed.text.clone(),
            blank_before: 0,
            bbox: Some(printed.bbox),
            confidence: None,
            characters: Vec::new(),
        };
        let lines: Vec<Line> = laid.lines.iter().enumerate().map(line).collect();
        let config = Config::default();
        let repaired = super::super::passages(&lines, Some(&laid), &config);
        let named = |passage: &Passage| match passage.form {
            Form::ContentsSection => {
                Some(format!("section {}", repaired.draft.text(&passage.spans)))
            }
            Form::ContentsEntry => Some(format!("entry {}", repaired.draft.text(&passage.spans))),
            _ => None,
        };
        repaired.passages.iter().filter_map(named).collect()
    }

    #[test]
    fn pages_that_stand_apart() {
        let contents = of(&[
            (280.0, 320.0, "目 录"),
            (50.0, 170.0, "关于农村饮水安全的通知"),
            (70.0, 550.0, "云政发〔2024〕1号 1"),
            (50.0, 550.0, "关于食品安全工作的通知 12"),
            (
                50.0,
                550.0,
                "关于印发云溪县农村饮水安全工程建设和运行管理以及水质监测实施方案的通知 14",
            ),
        ]);
        let entries = [
            "entry 关于农村饮水安全的通知云政发〔2024〕1号　　1",
            "entry 关于食品安全工作的通知　　12",
            "entry 关于印发云溪县农村饮水安全工程建设和运行管理以及水质监测实施方案的通知　　14",
        ];
        assert_eq!(contents, entries);
    }

    #[test]
    fn sections_that_are_set_off() {
        let contents = of(&[
            (280.0, 320.0, "目 录"),
            (280.0, 320.0, "机构编制"),
            (50.0, 550.0, "关于食品安全工作的通知…………1"),
            (250.0, 350.0, "市委重要文件选编"),
            (260.0, 340.0, "云溪县水利局"),
            (220.0, 380.0, "关于水库的通知…………3"),
            (
                50.0,
                540.0,
                "关于印发云溪县农村饮水安全工程建设和运行管理以及水质监测实施",
            ),
            (70.0, 550.0, "方案的通知…………12"),
        ]);
        let expected = [
            "section 机构编制",
            "entry 关于食品安全工作的通知　　1",
            "section 市委重要文件选编",
            "entry 云溪县水利局关于水库的通知　　3",
            "entry 关于印发云溪县农村饮水安全工程建设和运行管理以及水质监测实施方案的通知　　12",
        ];
        assert_eq!(contents, expected);
    }

    #[test]
    fn page_numbers_of_entries() {
        let page = |text: &str| page_end(text).map(|leader| text[leader.end..].to_owned());
        assert_eq!(page("关于工作的通知......(15)").as_deref(), Some("(15)"));
        assert_eq!(page("云政发〔2023〕1号 (1)").as_deref(), Some("(1)"));
        assert_eq!(page("........... 93").as_deref(), Some("93"));
        assert_eq!(page("关于工作的通知　　7").as_deref(), Some("7"));
        assert_eq!(page("截至2023"), None);
        assert_eq!(page("关于工作的通知 7"), None);
        assert_eq!(page("（2023年5月22日）"), None);
    }
}
