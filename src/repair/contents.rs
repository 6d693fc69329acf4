//! The printed contents, 目录: entries that wrap, leaders, page numbers, invented bullets.

mod entries;
mod names;
mod pages;

use std::collections::HashMap;
use std::ops::Range;

use super::Draft;
use super::joins::marks::brackets_left_open;
use language::contents::{front_page, is_bullet, is_contents_title, last_page};
use language::label::{self, label};
use language::script::{fold, is_blank};
use model::Role;

pub use entries::passages;
use entries::{is_number, leaves_open};
pub use names::{Names, restore_heads, runs};
pub use pages::known_pages;
use pages::page_of;

/// Lines that an entry can take, and so the most that can follow each other without a page number.
const ENTRY_LINES: usize = 12;

/// A contents stands in the first lines of a gazette; a 目录 further on belongs to a document.
const FRONT: usize = 2000;

/// The lines of the contents, from the word 目录 to the last entry.
pub fn zone(draft: &Draft, furniture: &[Option<Role>], apart: &[bool]) -> Option<Range<usize>> {
    let mut lines = 0..draft.lines.len().min(FRONT);
    let titled = lines.find_map(|at| {
        let first = at + title_lines(draft, at)?;
        let end = end_by_pages(draft, first, furniture, apart)
            .or_else(|| end_by_repetition(draft, first))
            .or_else(|| end_by_front_pages(draft, first, furniture))
            .or_else(|| end_by_titles(draft, first))?;
        Some(at..end)
    });
    titled.or_else(|| zone_without_title(draft, furniture, apart))
}

/// A contents on the cover, without the word 目录: lines with leaders and pages that never fall, before any text.
fn zone_without_title(
    draft: &Draft,
    furniture: &[Option<Role>],
    apart: &[bool],
) -> Option<Range<usize>> {
    /// Lines of a cover and what stands above its contents.
    const COVER: usize = 60;
    /// Fewer lines can be a list.
    const FEWEST: usize = 3;
    let page = |at: usize| {
        let leader = page_of(draft, apart, at).filter(|_| furniture[at].is_none())?;
        let text = &draft.texts[at];
        let is_led = text[leader].chars().any(|c| !is_blank(c));
        last_page(text).filter(|_| is_led)?.1
    };
    let first = (0..draft.lines.len().min(COVER)).find(|&at| page(at).is_some())?;
    let end = end_by_pages(draft, first, furniture, apart)?;
    let pages: Vec<u32> = (first..end).filter_map(page).collect();
    let is_front = (0..first).all(|at| !draft.texts[at].contains('。'));
    let is_contents = pages.len() >= FEWEST && pages.is_sorted() && is_front;
    is_contents.then(|| top(draft, first)..end)
}

/// The first line of the contents, where `first` is the first that has a page: its title can begin above, below a section.
fn top(draft: &Draft, first: usize) -> usize {
    /// Lines that the two can take.
    const MOST: usize = 3;
    let mut top = first;
    while top > 0 && first - top < MOST {
        let (here, above) = (&draft.facts[top].text, &draft.facts[top - 1].text);
        let is_front = above.is_masthead || above.date.is_some() || above.is_imprint;
        let begins = here.label.is_some() && !above.is_section;
        if here.is_section || begins || is_front || draft.texts[top - 1].trim().is_empty() {
            break;
        }
        top -= 1;
    }
    top
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
    let is_title = |n: &usize| is_contents_title(&joined(*n));
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
    let end = rest_of_entry(draft, first, furniture, apart, end);
    (n_entries >= 2 || n_entries == 1 && end - first <= ENTRY_LINES).then_some(end)
}

/// Behind the lines that go on with the last entry, whose page stands above them: `…（云政发　15` / `〔2023〕1号）`.
fn rest_of_entry(
    draft: &Draft,
    first: usize,
    furniture: &[Option<Role>],
    apart: &[bool],
    end: usize,
) -> usize {
    let Some(below) = (end..draft.lines.len()).find(|&at| furniture[at].is_none()) else {
        return end;
    };
    let is_paged = |at: usize| page_of(draft, apart, at).is_some();
    let last = &draft.texts[end - 1];
    let title = page_of(draft, apart, end - 1).map_or("", |page| &last[..page.start]);
    // The numbers of entries before stand below their pages, too.
    let numbers_follow =
        (first + 1..end).any(|at| is_number(draft, at) && is_paged(at - 1) && !is_paged(at));
    let first_is_number = is_number(draft, first) || is_number(draft, first + 1);
    let goes_on = leaves_open(title) && draft.texts[below].contains(['）', ')', '》'])
        || numbers_follow && !first_is_number && is_number(draft, below);
    if goes_on { below + 1 } else { end }
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

/// A contents without page numbers behind its entries ends where its first entry is printed again, as a title.
fn end_by_repetition(draft: &Draft, first: usize) -> Option<usize> {
    // A heading that no list of headings knows can stand before the first entry. Its number does not say where its title is
    // printed again: that can stand above or below it.
    (first..draft.lines.len().min(first + 8))
        .filter(|&at| !draft.facts[at].text.is_section && !is_number(draft, at))
        .take(3)
        .find_map(|first_entry| repeated(draft, first, first_entry, entry_of(draft, first_entry)))
}

fn repeated(draft: &Draft, first: usize, first_entry: usize, wanted: String) -> Option<usize> {
    const FAR: usize = 400;
    if wanted.chars().count() < SHORTEST_TITLE
        || label(draft.texts[first_entry].trim_start())
            .is_some_and(|l| matches!(l.kind, label::Kind::Chapter | label::Kind::Article))
    {
        return None;
    }
    let end = (first_entry + 1..draft.lines.len().min(first_entry + FAR))
        .find(|&at| printed(draft, at).starts_with(&wanted))?;
    let entries = (first..end).filter(|&at| !draft.facts[at].text.is_section);
    let (n, short) = entries.fold((0, 0), |(n, short), at| {
        (n + 1, short + usize::from(!draft.texts[at].contains('。')))
    });
    // The heading of the first section can stand again above the first document.
    let again = |at: usize| {
        draft.facts[at].text.is_section
            && (first..at).any(|before| fold(&draft.texts[before]) == fold(&draft.texts[at]))
    };
    let end = above_head(draft, first_entry, end);
    let sections = (first_entry + 1..end)
        .rev()
        .take_while(|&at| again(at))
        .count();
    (n >= 1 && short == n).then_some(end - sections)
}

/// The end of the contents, where a title that stands at `title` is the first of the body: above its number and the name of
/// its issuer.
fn above_head(draft: &Draft, first_entry: usize, title: usize) -> usize {
    // An entry's number stands with its own document, too, further on; that of the first document is the first entry's.
    let is_entry_number = |at: usize| {
        let number = fold(&draft.texts[at]);
        let is_same = |&other: &usize| {
            draft.texts[other].len() <= LONGEST_NUMBER && fold(&draft.texts[other]) == number
        };
        let is_listed = (first_entry..at).any(|other| fold(&draft.texts[other]).contains(&number));
        !is_listed && (title..draft.lines.len()).find(is_same).is_some()
    };
    let mut end = title;
    if end > first_entry + 1 && is_number(draft, end - 1) && !is_entry_number(end - 1) {
        end -= 1;
    }
    while end > first_entry + 1 && draft.facts[end - 1].text.is_issuer_mark {
        end -= 1;
    }
    end
}

/// Bytes of the longest line with a number.
const LONGEST_NUMBER: usize = 200;

/// A contents whose entries begin with their pages: it ends behind the last of these that doesn't fall, and what goes on with it.
fn end_by_front_pages(draft: &Draft, first: usize, furniture: &[Option<Role>]) -> Option<usize> {
    /// Fewer numbers at the heads of lines can be by chance.
    const FEWEST: usize = 3;
    let (mut last, mut n_entries, mut highest) = (first, 0, 0);
    for at in (first..draft.lines.len()).filter(|&at| furniture[at].is_none()) {
        if at - last >= ENTRY_LINES || is_document(draft, at) {
            break;
        }
        let page = front_page(&draft.lines[at].text).0;
        if let Some(page) = page.filter(|&page| page >= highest) {
            (last, n_entries, highest) = (at, n_entries + 1, page);
        }
    }
    if n_entries < FEWEST {
        return None;
    }
    let wanted = fold(&names::title(draft, &draft.texts[last]));
    let title = Titles::below(draft, last).after(last, &wanted);
    Some(title.map_or(last + 1, |title| end_of_entry(draft, last, wanted, &title)))
}

/// A contents whose first entry is not the first document: it ends behind the last line that is printed again, as a title.
fn end_by_titles(draft: &Draft, first: usize) -> Option<usize> {
    /// Lines of a contents without page numbers.
    const LONGEST: usize = 200;
    /// Lines in a row that can't be found again: a title that breaks elsewhere, a section.
    const UNKNOWN: usize = 4;
    /// Fewer can be by chance.
    const FEWEST: usize = 3;
    let titles = Titles::below(draft, first);
    let (mut end, mut n_entries) = (first, 0);
    let mut seen: Vec<String> = Vec::new();
    let last = draft.lines.len().min(first + LONGEST);
    for at in (first..last).take_while(|&at| !is_document(draft, at)) {
        let wanted = entry_of(draft, at);
        if seen.contains(&wanted) || at >= end + UNKNOWN {
            break;
        }
        let Some(title) = titles.after(at, &wanted) else {
            continue;
        };
        end = end_of_entry(draft, at, wanted.clone(), &title);
        n_entries += 1;
        seen.push(wanted);
    }
    (n_entries >= FEWEST).then_some(end)
}

/// Folded lines by the characters with which they begin.
struct Titles<'t, 'a> {
    draft: &'t Draft<'a>,
    places: HashMap<String, Vec<usize>>,
}

/// Characters that must be alike for titles to be compared.
const KEY: usize = 6;

impl<'t, 'a> Titles<'t, 'a> {
    fn below(draft: &'t Draft<'a>, first: usize) -> Self {
        /// Bytes of a line that can begin a title.
        const LONGEST: usize = 300;
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for at in first..draft.lines.len() {
            if draft.texts[at].len() <= LONGEST {
                let key: String = fold(&draft.texts[at]).chars().take(KEY).collect();
                places.entry(key).or_default().push(at);
            }
        }
        Titles { draft, places }
    }

    /// The title below a line that begins as an entry does, in one line.
    fn after(&self, at: usize, wanted: &str) -> Option<String> {
        let key: String = wanted.chars().take(KEY).collect();
        if key.chars().count() < KEY {
            return None;
        }
        let places = self.places.get(&key)?;
        let below = places.iter().filter(|&&place| place > at);
        below
            .map(|&place| printed(self.draft, place))
            .find(|title| title.starts_with(wanted))
    }
}

/// Behind the lines that go on with an entry whose title is known.
fn end_of_entry(draft: &Draft, at: usize, mut entry: String, title: &str) -> usize {
    let mut end = at + 1;
    while end < draft.lines.len().min(at + ENTRY_LINES) {
        let next = fold(draft.texts[end].trim_matches(is_blank));
        let goes_on = title
            .strip_prefix(&*entry)
            .is_some_and(|rest| !next.is_empty() && goes_on_with(rest, &next));
        let is_number = next.starts_with(['(', '[']);
        if !goes_on && !is_number {
            break;
        }
        entry.push_str(&next);
        end += 1;
    }
    end
}

/// Whether the rest of a title begins with the next line, or with its first characters: the line can close with a number.
fn goes_on_with(rest: &str, next: &str) -> bool {
    /// One alone can be by chance.
    const FEWEST: usize = 2;
    let pairs = rest.chars().zip(next.chars());
    rest.starts_with(next) || pairs.take_while(|(a, b)| a == b).count() >= FEWEST
}

/// A title that begins at a line, which can be set over several, its number below it.
fn printed(draft: &Draft, at: usize) -> String {
    (at..(at + 5).min(draft.lines.len()))
        .map(|i| fold(draft.texts[i].trim_matches(is_blank)))
        .collect()
}

/// Characters of the title of an entry at least.
const SHORTEST_TITLE: usize = 6;

/// What a line says as an entry: without its bullet, its number among the others, its page in front, and its 发文字号 in
/// brackets.
fn entry_of(draft: &Draft, at: usize) -> String {
    let text = draft.texts[at].trim_start_matches(is_bullet);
    let label = draft.facts[at].text.label.as_ref();
    let has_page = front_page(&draft.lines[at].text).0.is_some();
    let text = match has_page {
        true => text.trim_start_matches(['P', 'p', 'Ｐ']),
        false => front_page(text).1,
    };
    let text = match label {
        Some(label) if draft.texts[at].trim_start().len() == text.len() => {
            &text[label.len.min(text.len())..]
        }
        _ => text.trim_start_matches(|c: char| c.is_ascii_digit() || "、.．".contains(c)),
    };
    let numbers = draft.forms.find(text);
    // 云政发〔2023〕1号云溪县人民政府关于…的通知
    let leading = numbers
        .first()
        .filter(|n| n.range.start == 0 && !text[..n.issuer_end].contains(['（', '(']));
    if let Some(title) = leading.map(|n| &text[n.range.end..])
        && title.chars().count() >= SHORTEST_TITLE
    {
        return fold(title);
    }
    let end = numbers.first().map_or(text.len(), |n| n.issuer_end);
    let cut = text[..end]
        .rfind(['（', '(', ' ', '\u{3000}'])
        .filter(|_| end < text.len());
    fold(&text[..cut.unwrap_or(text.len())])
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::repair::{Form, Passage};
    use extract::laid::{Column, LineRole};
    use extract::laid::{Laid, PrintedLine};
    use language::contents::page_end;
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
            page: Some(1),
            bbox: Some(printed.bbox),
            ..Line::of_text(format!("p1:{}", i + 1), printed.text.as_str())
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

    /// The contents and the first passage of the body that a text makes.
    fn of_text(text: &str) -> Vec<String> {
        let line = |(i, text): (usize, &str)| Line::of_text(format!("l:{}", i + 1), text);
        let lines: Vec<Line> = text.lines().enumerate().map(line).collect();
        let config = Config::default();
        let repaired = super::super::passages(&lines, None, &config);
        let named = |passage: &Passage| match passage.form {
            Form::ContentsSection => {
                Some(format!("section {}", repaired.draft.text(&passage.spans)))
            }
            Form::ContentsEntry => Some(format!("entry {}", repaired.draft.text(&passage.spans))),
            Form::Text => Some(format!("text {}", repaired.draft.text(&passage.spans))),
            _ => None,
        };
        repaired.passages.iter().filter_map(named).collect()
    }

    const BODY: &str = "云溪县人民政府关于防汛的通知\n各乡镇人民政府：\n现将有关事项通知如下。";

    #[test]
    fn pages_that_only_their_order_shows() {
        let contents = of_text(&format!(
            "目　录\n政府工作报告　1\n云溪县人民政府关于防汛的通知　3\n云溪县人民政府关于2024\n年项目的通知　12\n{BODY}"
        ));
        let expected = [
            "entry 政府工作报告　　1",
            "entry 云溪县人民政府关于防汛的通知　　3",
            "entry 云溪县人民政府关于2024年项目的通知　　12",
        ];
        assert_eq!(contents[..3], expected);
        assert_eq!(contents[3], "text 云溪县人民政府关于防汛的通知");
    }

    #[test]
    fn numbers_that_fall_are_no_pages() {
        let contents = of_text("目　录\n第三批项目　9\n第四批项目　2\n第五批项目　1\n附注。");
        assert!(contents.iter().all(|passage| passage.starts_with("text")));
    }

    #[test]
    fn sections_that_no_list_knows() {
        let contents = of_text(&format!(
            "目　录\n县政府文件\n云溪县人民政府关于防汛的通知……（1）\n云溪县人民政府关于加强农村饮水安全工程建设和运行管理的\n通知……（3）\n其他\n更正……（9）\n县长令\n云溪县人民政府令\n第3号……（11）\n{BODY}"
        ));
        let expected = [
            "section 县政府文件",
            "entry 云溪县人民政府关于防汛的通知　　（1）",
            "entry 云溪县人民政府关于加强农村饮水安全工程建设和运行管理的通知　　（3）",
            "section 其他",
            "entry 更正　　（9）",
            "section 县长令",
            "entry 云溪县人民政府令第3号　　（11）",
        ];
        assert_eq!(contents[..7], expected);
    }

    #[test]
    fn the_page_beside_the_first_line() {
        let contents = of_text(&format!(
            "目　录\n云溪县人民政府关于防汛的通知（云政发　　（1）\n〔2024〕1号）\n云溪县人民政府关于抗旱的通知（云政发　　（2）\n〔2024〕2号）\n{BODY}"
        ));
        let expected = [
            "entry 云溪县人民政府关于防汛的通知（云政发〔2024〕1号）　　（1）",
            "entry 云溪县人民政府关于抗旱的通知（云政发〔2024〕2号）　　（2）",
            "text 云溪县人民政府关于防汛的通知",
        ];
        assert_eq!(contents[..3], expected);
    }

    #[test]
    fn entries_that_are_labelled_as_sections_are() {
        let contents = of_text(&format!(
            "目　录\n一、云溪县人民政府关于\n防汛的通知……1\n二、云溪县人民政府关于\n抗旱的通知……3\n三、大事记……5\n{BODY}"
        ));
        assert_eq!(contents[0], "entry 一、云溪县人民政府关于防汛的通知　　1");
        let contents = of_text(&format!(
            "目　录\n一、国家……1\n云溪县人民政府关于防汛的通知……1\n关于抗旱的通知……3\n二、地方……5\n关于护林的通知……5\n三、其他……7\n关于渡口的通知……7\n{BODY}"
        ));
        assert_eq!(contents[0], "section 一、国家　　1");
    }

    #[test]
    fn pages_in_front_of_the_entries() {
        let contents = of_text(&format!(
            "目录 CONTENTS\nP01　云溪县人民政府关于防汛的通知\nP03　云溪县人民政府关于抗旱的通知\n云政发〔2024〕1号\n{BODY}"
        ));
        assert_eq!(contents[1], "entry P03　云溪县人民政府关于抗旱的通知");
        assert_eq!(contents[2], "text 云政发〔2024〕1号");
    }

    #[test]
    fn contents_without_the_word() {
        let contents = of_text(&format!(
            "云溪县人民政府公报\n2024年第2期\n县政府文件\n1、云溪县人民政府关于防汛的通知……（1）\n2、云溪县人民政府关于抗旱的通知……（2）\n3、云溪县人民政府关于护林的\n通知……（5）\n{BODY}"
        ));
        assert_eq!(contents[2], "section 县政府文件");
        assert_eq!(
            contents[5],
            "entry 3、云溪县人民政府关于护林的通知　　（5）"
        );
        assert_eq!(contents[6], "text 云溪县人民政府关于防汛的通知");
    }

    #[test]
    fn pages_and_numbers_in_front_of_the_entries() {
        let contents = of_text(&format!(
            "目　录\n1　云政发〔2024〕1号　云溪县人民政府关于防汛的通知\n3　第3号　云溪县人民政府令\n5　云溪县人民政府关于加强农村\n饮水安全工程建设的通知\n{BODY}\n请执行。\n云溪县人民政府关于加强农村饮水安全工程建设的通知"
        ));
        let last = "entry 5　云溪县人民政府关于加强农村饮水安全工程建设的通知";
        assert_eq!(contents[2], last);
        assert_eq!(contents[3], "text 云溪县人民政府关于防汛的通知");
    }

    #[test]
    fn the_number_of_the_last_entry_and_that_of_the_first_document() {
        let contents = of_text(
            "要　目\n云溪县人民政府关于防汛的通知\n云政发〔2024〕1号\n云溪县人民政府关于抗旱的通知\n云政发〔2024〕2号\n云政发〔2024〕1号\n云溪县人民政府关于防汛的通知\n请执行。\n云政发〔2024〕2号\n云溪县人民政府关于抗旱的通知\n请执行。",
        );
        assert_eq!(
            contents[1],
            "entry 云溪县人民政府关于抗旱的通知云政发〔2024〕2号"
        );
        assert_eq!(contents[2], "text 云政发〔2024〕1号");
    }

    #[test]
    fn contents_whose_first_entry_is_not_the_first_document() {
        let contents = of_text(
            "要　目\n云溪县人民政府关于抗旱的通知（云政发〔2024〕2号）\n云溪县人民政府关于护林的通知（云政发〔2024〕3号）\n云溪县人民政府关于渡口的通知（云政发〔2024〕4号）\n云溪县人民政府关于防汛的通知\n现将有关事项通知如下。\n云溪县人民政府关于抗旱的通知\n请执行。\n云溪县人民政府关于护林的通知\n请执行。\n云溪县人民政府关于渡口的通知\n请执行。",
        );
        assert!(
            contents[2].starts_with("entry 云溪县人民政府关于渡口的通知"),
            "{contents:?}"
        );
        assert_eq!(contents[3], "text 云溪县人民政府关于防汛的通知");
    }

    #[test]
    fn a_name_of_the_contents_stands_alone_in_the_body() {
        let contents = of_text(&format!(
            "目　录\n云溪县人民政府关于防汛的通知……1\n人事信息\n人事信息……3\n{BODY}\n人事信息\n县政府4月2日决定\n任免下列人员。"
        ));
        assert!(contents.contains(&"text 人事信息".to_owned()));
    }
}
