//! Where documents start: at their number, at their entry in the contents, at their title.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::{Reading, document};
use crate::repair::Form;
use language::colophon::colophon_line;
use language::head::{
    addressees_end, is_delivery, is_marking, is_note, is_title_note, without_date,
};
use language::issuers::{ends_in_issuer, heads_title, is_issuer_name};
use language::label::Kind;
use language::masthead::{heads_section, is_masthead};
use language::number::{is_registration, number_line, serial_line, serial_title};
use language::script::{date_line, fold, is_blank, is_terminal, last_mark, similarity, width};
use language::signature::is_officer;
use language::titles::{before_appointments, is_free_title, issues_text, kind_of, names_text};
use model::{ContentsEntry, Element, Number, Role};
use regex::Regex;

/// The head of a document.
#[derive(Debug, Clone)]
pub struct Start {
    /// From the first passage of the head to the one after its last.
    pub passages: Range<usize>,
    pub title: Vec<usize>,
    /// Passages that hold nothing but numbers.
    pub number_lines: Vec<usize>,
    pub numbers: Vec<Number>,
    /// Index of its entry in the contents.
    pub entry: Option<usize>,
    /// The contents name it, but it is no document: 大事记.
    pub is_other: bool,
}

impl Start {
    /// A head that no entry of the contents names yet.
    fn at(
        passages: Range<usize>,
        title: Vec<usize>,
        number_lines: Vec<usize>,
        numbers: Vec<Number>,
    ) -> Start {
        Start {
            passages,
            title,
            number_lines,
            numbers,
            entry: None,
            is_other: false,
        }
    }
}

/// Finds the heads of all documents, in order.
pub fn starts(reading: &Reading, contents: &[ContentsEntry]) -> Vec<Start> {
    let first = reading
        .passages
        .iter()
        .rposition(|p| {
            matches!(
                p.form,
                Form::ContentsEntry | Form::ContentsSection | Form::ContentsTitle
            )
        })
        .map_or(0, |last| last + 1);
    let mut listed = by_contents(reading, contents, first);
    // An entry with the number of a 令 is that 令's, whatever title the contents give it.
    let mut numbered = by_number(reading, first);
    for (e, entry) in contents.iter().enumerate() {
        let of_order = |s: &Start| {
            s.entry.is_none()
                && s.numbers
                    .iter()
                    .any(|n| n.issuer_code.is_none() && Some(&n.text) == entry.number.as_ref())
        };
        if let Some(start) = numbered.iter_mut().find(|s| of_order(s)) {
            start.entry = Some(e);
            listed.retain(|l| {
                l.entry != Some(e)
                    && !(l.passages.start < start.passages.end
                        && start.passages.start < l.passages.end)
            });
        }
    }
    let reliable = contents.len() >= 2
        && (listed.len() + numbered.iter().filter(|s| s.entry.is_some()).count()) * 10
            >= contents.len() * 6;
    let numbered = own(reading, numbered, &listed);
    let mut found = listed;
    for start in numbered {
        // The same head, found twice: its title by the contents, its number by itself.
        let twin = found.iter_mut().find(|f| {
            let overlap =
                f.passages.start < start.passages.end && start.passages.start < f.passages.end;
            overlap || start.title.is_empty() && start.passages.start == f.passages.end
        });
        if let Some(twin) = twin {
            // A number above a listed title is that title's if it leads to it: what stands above can be the end of a
            // document, and a number there its own.
            let leads = start.number_lines.iter().all(|&n| n >= twin.passages.start)
                || start.title.first() == twin.title.first()
                    && start.number_lines.last() < start.title.first();
            if twin.numbers.is_empty() && leads {
                twin.title.retain(|i| !start.number_lines.contains(i));
                twin.passages = twin.passages.start.min(start.passages.start)
                    ..twin.passages.end.max(start.passages.end);
                if twin.entry.is_none() {
                    twin.title = start.title;
                }
                (twin.numbers, twin.number_lines) = (start.numbers, start.number_lines);
            }
            continue;
        }
        if start.entry.is_some() {
            found.push(start);
            continue;
        }
        // A numbered text right below the title that the contents name: the 令 or 公告 that it came with.
        let above = found
            .iter_mut()
            .filter(|f| f.passages.end <= start.passages.start)
            .max_by_key(|f| f.passages.end);
        if let Some(above) = above.filter(|a| {
            a.entry.is_some() && start.passages.start - a.passages.end <= 3 && a.numbers.is_empty()
        }) {
            if start.numbers.iter().any(|n| n.issuer_code.is_some()) {
                // What stands between is the rest of the title, its date mostly.
                above.title = (above.passages.start..start.passages.end)
                    .filter(|i| !start.number_lines.contains(i))
                    .collect();
            }
            above.passages.end = start.passages.end;
            (above.numbers, above.number_lines) = (start.numbers, start.number_lines);
            continue;
        }
        if reliable && !titled_like_a_document(reading, &start) {
            continue;
        }
        found.push(start);
    }
    found.sort_by_key(|s| s.passages.start);
    if !reliable {
        let more = by_title(reading, first, &found);
        found.extend(more);
        found.sort_by_key(|s| s.passages.start);
    }
    found
}

/// Heads without those that only list or forward a text: items of a list of documents, and a text whose title and
/// number the 转发 or 印发 document before it names.
fn own(reading: &Reading, starts: Vec<Start>, listed: &[Start]) -> Vec<Start> {
    let n = starts.len();
    let bodiless: Vec<bool> = (0..n)
        .map(|i| i + 1 < n && starts[i].passages.end == starts[i + 1].passages.start)
        .collect();
    let mut kept: Vec<Start> = Vec::new();
    for (i, start) in starts.into_iter().enumerate() {
        let title = joined(reading, &start.title);
        let labelled = start
            .title
            .first()
            .is_some_and(|&t| reading.facts[t].label.is_some());
        let quoted = title.starts_with('《') && title.ends_with('》');
        let in_list = bodiless[i] || i > 0 && bodiless[i - 1];
        let is_address = is_address(reading, start.passages.end);
        if listed.iter().any(|l| {
            l.passages.start < start.passages.end + 4 && start.passages.start < l.passages.end + 4
        }) {
            kept.push(start);
            continue;
        }
        if !is_address
            && (labelled
                || quoted
                || in_list && start.numbers.iter().all(|n| n.issuer_code.is_some()))
        {
            continue;
        }
        let forwarded = kept.last().is_some_and(|host| {
            let head = joined(reading, &host.title);
            let names = document::issued_names(reading, &head, host.passages.end);
            !title.is_empty()
                && names
                    .iter()
                    .any(|name| similarity(&fold(name), &fold(&title)) >= 0.8)
        });
        if !forwarded {
            kept.push(start);
        }
    }
    kept
}

fn titled_like_a_document(reading: &Reading, start: &Start) -> bool {
    !start.title.is_empty()
        && heads_title(&joined(reading, &start.title))
        && is_address(reading, start.passages.end)
}

/// The title of passages in one line.
pub fn joined(reading: &Reading, passages: &[usize]) -> String {
    let mut out = String::new();
    for &i in passages {
        let mut previous = None;
        for c in reading.texts[i].chars() {
            if is_blank(c) {
                previous = Some(' ');
                continue;
            }
            if previous == Some(' ')
                && c.is_ascii_alphabetic()
                && out.ends_with(|l: char| l.is_ascii_alphabetic())
            {
                out.push(' ');
            }
            out.push(c);
            previous = Some(c);
        }
    }
    out
}

/// Heads at passages that hold nothing but a number.
fn by_number(reading: &Reading, first: usize) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let line = |i: usize| reading.is_text(i) && width(&reading.texts[i]) <= 90.0;
    let mut next = first;
    while next < reading.passages.len() {
        let i = next;
        next += 1;
        if !line(i) {
            continue;
        }
        let text = &reading.texts[i];
        if is_registration(text) {
            if let Some(last) = starts
                .last_mut()
                .filter(|s| s.passages.end == i && s.number_lines.last() == Some(&(i - 1)))
            {
                last.passages.end = i + 1;
                last.number_lines.push(i);
            }
            continue;
        }
        let mut numbers = number_line(text, &reading.config.forms);
        if !numbers.is_empty() {
            // The numbers of a joint document can take several lines, and that of its registration one more.
            while next < reading.passages.len() && line(next) {
                let more = number_line(&reading.texts[next], &reading.config.forms);
                if more.is_empty() && !is_registration(&reading.texts[next]) {
                    break;
                }
                numbers.extend(more);
                next += 1;
            }
            let lines: Vec<usize> = (i..next).collect();
            let floor = starts.last().map_or(first, |s| s.passages.end);
            if let Some(top) = title_above(reading, floor, i) {
                starts.push(Start::at(top..next, (top..i).collect(), lines, numbers));
            } else if let Some(end) = title_below(reading, next) {
                let top = issuer_mark_above(reading, floor, i);
                starts.push(Start::at(top..end, (next..end).collect(), lines, numbers));
            } else if is_address(reading, next) && (i == floor || ends_document(reading, i - 1)) {
                starts.push(Start::at(i..next, Vec::new(), lines, numbers));
            }
        } else if let Some(number) = serial_line(text, &reading.config.forms).filter(|_| i > first)
        {
            let above = reading.texts[i - 1]
                .chars()
                .filter(|&c| !is_blank(c))
                .collect::<String>();
            if !reading.is_text(i - 1)
                || width(&above) > 40.0
                || !above.ends_with(['令', '告', '要'])
            {
                continue;
            }
            let floor = starts.last().map_or(first, |s| s.passages.end);
            let top = head_above(reading, floor, i - 1);
            // 财政部 税务总局公告 / 2023年第12号 / 关于…的公告
            let below = title_below(reading, i + 1).filter(|_| above.ends_with('告'));
            let (title, end) = below.map_or((top..i, i + 1), |end| (i + 1..end, end));
            starts.push(Start::at(top..end, title.collect(), vec![i], vec![number]));
        } else if width(text) <= 50.0
            && let Some((head, number)) = serial_title(text, &reading.config.forms)
            && kind_of(head).is_some()
            && !text.starts_with(['《', '（'])
            && (i == first
                || ends_document(reading, i - 1)
                || is_issuer_name(&reading.texts[i - 1])
                || title_above(reading, starts.last().map_or(first, |s| s.passages.end), i)
                    .is_some())
        {
            // 某某市人民政府关于…的决定 / 某某市人民政府令第30号
            let floor = starts.last().map_or(first, |s| s.passages.end);
            if let Some(top) = title_above(reading, floor, i).filter(|&top| {
                let title = joined(reading, &(top..i).collect::<Vec<_>>());
                heads_title(&title) || title.starts_with("关于")
            }) {
                starts.push(Start::at(
                    top..i + 1,
                    (top..i).collect(),
                    vec![i],
                    vec![number],
                ));
                continue;
            }
            // 财政部 税务总局公告2023年第12号 / 关于…的公告
            if let Some(end) = title_below(reading, i + 1).filter(|_| head.ends_with('告')) {
                starts.push(Start::at(
                    i..end,
                    (i + 1..end).collect(),
                    vec![i],
                    vec![number],
                ));
                continue;
            }
            let top = if width(head) <= 4.0 {
                head_above(reading, floor, i)
            } else {
                i
            };
            starts.push(Start::at(
                top..i + 1,
                (top..=i).collect(),
                Vec::new(),
                vec![number],
            ));
        }
    }
    starts
}

/// A passage that can be a line of a title.
fn is_title_line(reading: &Reading, i: usize) -> bool {
    let text = &reading.texts[i];
    reading.is_text(i)
        && width(text) <= 70.0
        && !text.contains('。')
        && !last_mark(text).is_some_and(|c| is_terminal(c) || c == '，')
        && date_line(text).is_none()
        && !(text.starts_with(['（', '('])
            && text.ends_with(['）', ')'])
            && text.contains(['开', '发', '布'])
            && text.starts_with("（此件"))
        && !text.starts_with("附件")
        && !is_note(text)
        && !is_masthead(text)
        && (!heads_section(text) || numbered_below(reading, i))
        && reading.facts[i]
            .label
            .as_ref()
            .is_none_or(|l| l.kind == Kind::Digit)
        && number_line(text, &reading.config.forms).is_empty()
        && !is_registration(text)
}

/// Whether the number of a document stands right below a passage and its title not below that.
fn numbered_below(reading: &Reading, i: usize) -> bool {
    reading.is_text(i + 1)
        && width(&reading.texts[i]) > 4.0
        && !reading.texts[i]
            .starts_with(['省', '市', '县', '区', '州', '盟', '旗', '【', '［', '['])
        && !number_line(&reading.texts[i + 1], &reading.config.forms).is_empty()
        && title_below(reading, i + 2).is_none()
}

/// The first passage of the head of a 令, 公告 or 纪要 that ends with `last`: bodies that issue together, or the name of
/// one that goes on, a line each.
/// `国家发展和改革委员会` / `财政部` / `令`, `云溪市人民代表大会` / `常务委员会公告`
fn head_above(reading: &Reading, floor: usize, last: usize) -> usize {
    let squeezed = |i: usize| {
        reading.texts[i]
            .chars()
            .filter(|&c| !is_blank(c))
            .collect::<String>()
    };
    let mut top = last;
    while top > floor
        && last - top + 1 < reading.config.title_lines
        && is_title_line(reading, top - 1)
    {
        let above = squeezed(top - 1);
        let names = is_issuer_name(&above)
            || ["大会", "会议", "次", "届"]
                .iter()
                .any(|end| above.ends_with(end))
                && width(&above) <= 36.0;
        // 公告 alone: whatever stands above it says whose it is.
        let bare = width(&reading.texts[top]) <= 4.0 && top == last;
        // A name that the head has already signs the document before.
        if !(names || bare) || (top..=last).any(|i| squeezed(i).contains(&above)) {
            break;
        }
        top -= 1;
    }
    top
}

/// The first passage of the title that ends right above `end`.
fn title_above(reading: &Reading, floor: usize, end: usize) -> Option<usize> {
    let mut top = end;
    while top > floor && end - top < reading.config.title_lines && is_title_line(reading, top - 1) {
        top -= 1;
        if reading.facts[top].label.is_some() {
            break;
        }
    }
    let title = |from: usize| joined(reading, &(from..end).collect::<Vec<_>>());
    let with_issuers = |mut from: usize| {
        // Joint issuers, a line each. A name that a date follows signs the document before.
        while from > top && is_issuer_name(&reading.texts[from - 1]) {
            from -= 1;
        }
        from
    };
    if top == end {
        return None;
    }
    let tail = title(end - 1);
    if let Some(from) = (top..end).rev().find(|&from| heads_title(&title(from))) {
        return kind_of(&title(from))
            .or(kind_of(&tail))
            .map(|_| with_issuers(from))
            .or(
                Some(from).filter(|_| title(from).contains("关于") || title(from).contains("印发"))
            );
    }
    if let Some(from) = (top..end).rev().find(|&from| {
        reading.texts[from].starts_with("关于") || reading.texts[from].starts_with("印发")
    }) {
        return names_text(&title(from)).then(|| with_issuers(from));
    }
    // 对县十七届人大二次会议 / 第46号建议的答复
    if let Some(from) = (top..end)
        .rev()
        .find(|&from| reading.texts[from].starts_with('对'))
        .filter(|_| tail.ends_with("答复"))
    {
        return Some(from);
    }
    if let Some(from) = (top..end)
        .rev()
        .find(|&from| reading.facts[from].label.is_some())
    {
        return names_text(&title(from)).then_some(from);
    }
    // 山西省优化营商环境条例: a title without 关于.
    let from = (top.max(end.saturating_sub(3))..end)
        .find(|&from| names_text(&title(from)) && !title(from).contains('：'))?;
    Some(from)
}

/// The passage after a title that starts at `from`.
fn title_below(reading: &Reading, from: usize) -> Option<usize> {
    (from + 1..=(from + reading.config.title_lines).min(reading.passages.len()))
        .take_while(|&end| is_title_line(reading, end - 1))
        .find(|&end| {
            let title = joined(reading, &(from..end).collect::<Vec<_>>());
            kind_of(&title).is_some()
                && (title.contains("关于")
                    || title.contains("印发")
                    || title.contains("转发")
                    || title.contains("纪要"))
        })
}

/// `某某人民政府文件` above the number: 发文机关标志.
fn issuer_mark_above(reading: &Reading, floor: usize, number: usize) -> usize {
    let mut top = number;
    while top > floor && number - top < 8 && reading.is_text(top - 1) {
        let text: String = reading.texts[top - 1]
            .chars()
            .filter(|&c| !is_blank(c))
            .collect();
        let mark = text.ends_with("文件") && ends_in_issuer(text.trim_end_matches("文件"))
            || text == "文件"
            || is_issuer_name(&text);
        if !mark || width(&text) > 40.0 {
            break;
        }
        top -= 1;
    }
    // Names above a number that no 文件 closes sign the document before.
    let mut top = if reading.texts[top..number]
        .iter()
        .any(|t| t.contains("文件"))
    {
        top
    } else {
        number
    };
    while top > floor && reading.is_text(top - 1) && is_marking(&reading.texts[top - 1]) {
        top -= 1;
    }
    top
}

/// Whether a passage is an address: 各市人民政府，省直各单位：
pub fn is_address(reading: &Reading, i: usize) -> bool {
    reading.is_text(i) && addressees_end(&reading.texts[i]).is_some()
}

/// Whether a document can end with this passage.
fn ends_document(reading: &Reading, i: usize) -> bool {
    let text = &reading.texts[i];
    !reading.is_text(i)
        || is_masthead(text)
        || date_line(text).is_some()
        || is_note(text)
        || last_mark(text).is_some_and(is_terminal)
        || text.starts_with("附件")
        || heads_section(text)
}

/// Heads at the titles that the contents name: the best chain of matches in order.
fn by_contents(reading: &Reading, contents: &[ContentsEntry], first: usize) -> Vec<Start> {
    const KEY: usize = 5;
    let unlabelled = |i: usize| {
        let label = reading.facts[i]
            .label
            .as_ref()
            .filter(|l| l.kind == Kind::Digit)
            .map_or(0, |l| l.len);
        reading.texts[i][label..].trim_start_matches(is_blank)
    };
    let mut heads: HashMap<String, Vec<usize>> = HashMap::new();
    for i in (first..reading.passages.len())
        .filter(|&i| reading.is_text(i) && width(&reading.texts[i]) <= 160.0)
    {
        // A number alone on its line goes with the title after it.
        let text = unlabelled(i);
        let key: String = fold(text).chars().take(KEY).collect();
        if key.chars().count() >= 2 {
            heads.entry(key).or_default().push(i);
        }
    }
    // Candidates: entry, passages, similarity.
    let mut candidates: Vec<(usize, Range<usize>, f64)> = Vec::new();
    for (e, entry) in contents.iter().enumerate() {
        let wanted = fold(&without_date(&entry.title));
        let n = wanted.chars().count();
        let key: String = wanted.chars().take(KEY).collect();
        for &at in heads.get(&key).into_iter().flatten() {
            let mut text = String::new();
            let mut best: Option<(usize, f64)> = None;
            for end in at + 1..=(at + reading.config.title_lines).min(reading.passages.len()) {
                if !reading.is_text(end - 1)
                    || reading.texts[end - 1].len() > 900
                    || end > at + 1 && reading.texts[end - 1].contains('。')
                {
                    break;
                }
                text.push_str(&fold(if end == at + 1 {
                    unlabelled(at)
                } else {
                    &reading.texts[end - 1]
                }));
                let alike = similarity(&wanted, &fold(&without_date(&text)));
                if best.is_none_or(|(_, b)| alike > b + 0.01) {
                    best = Some((end, alike));
                }
                if text.chars().count() > n + 24 {
                    break;
                }
            }
            if let Some((end, alike)) =
                best.filter(|(_, alike)| *alike >= reading.config.title_similarity)
            {
                // The rest of a date in brackets that wrapped belongs to the title.
                let end = (end..(end + 2).min(reading.passages.len()))
                    .find(|&e| {
                        !(reading.is_text(e)
                            && closes_date(&reading.texts[at..e], &reading.texts[e]))
                    })
                    .unwrap_or(end);
                let page = match (entry.page, reading.leaf(at)) {
                    (Some(a), Some(b)) => 0.2 / (1.0 + a.abs_diff(b) as f64),
                    _ => 0.0,
                };
                // Its number in the contents, and what follows a title, tell the head from what it heads.
                let numbered = reading.facts[at]
                    .label
                    .as_ref()
                    .is_some_and(|l| Some(l.seq) == entry.seq);
                let headed = end < reading.passages.len()
                    && (is_address(reading, end)
                        || !number_line(&reading.texts[end], &reading.config.forms).is_empty());
                candidates.push((
                    e,
                    at..end,
                    alike
                        + page
                        + 0.2 * f64::from(u8::from(numbered))
                        + 0.1 * f64::from(u8::from(headed)),
                ));
            }
        }
    }
    candidates.sort_by_key(|(e, passages, _)| (passages.start, *e));
    // The heaviest chain in which both entries and passages advance.
    let mut weight: Vec<f64> = Vec::with_capacity(candidates.len());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(candidates.len());
    for (i, (e, passages, w)) in candidates.iter().enumerate() {
        let best = (0..i)
            .filter(|&j| candidates[j].0 < *e && candidates[j].1.end <= passages.start)
            .max_by(|&a, &b| weight[a].total_cmp(&weight[b]));
        weight.push(w + best.map_or(0.0, |j| weight[j]));
        before.push(best);
    }
    let mut starts = Vec::new();
    let mut at =
        (0..candidates.len()).max_by(|&a, &b| weight[a].total_cmp(&weight[b]).then(b.cmp(&a)));
    while let Some(i) = at {
        let (e, mut passages, _) = candidates[i].clone();
        // Contents leave out the organ that stands on a line of its own above 关于….
        let floor = before[i].map_or(first, |j| candidates[j].1.end);
        if ["关于", "印发", "转发", "批转"]
            .iter()
            .any(|word| reading.texts[passages.start].starts_with(word))
        {
            passages.start = top_of_organs(reading, floor, passages.start);
        }
        let title = &contents[e].title;
        let is_other = contents[e].number.is_none()
            && ["大事记", "前言", "要闻", "编后", "索引", "后记", "统计"]
                .iter()
                .any(|o| title.contains(o))
            && kind_of(title).is_none();
        starts.push(Start {
            title: passages.clone().collect(),
            passages,
            number_lines: Vec::new(),
            numbers: Vec::new(),
            entry: Some(e),
            is_other,
        });
        at = before[i];
    }
    starts.reverse();
    starts
}

/// `…的通知（2023年5` / `月31日）`
fn closes_date(title: &[String], rest: &str) -> bool {
    let open = title.iter().flat_map(|t| t.chars()).fold(0i32, |n, c| {
        n + i32::from(matches!(c, '（' | '(')) - i32::from(matches!(c, '）' | ')'))
    });
    open > 0 && width(rest) <= 10.0 && rest.ends_with(['）', ')'])
}

/// Heads of documents that have neither a number nor an entry.
fn by_title(reading: &Reading, first: usize, found: &[Start]) -> Vec<Start> {
    let mut more: Vec<Start> = Vec::new();
    for i in first..reading.passages.len() {
        let text = &reading.texts[i];
        let bare = width(text) <= 4.0 && top_of_bodies(reading, first, i).is_some()
            || top_of_order(reading, first, i).is_some();
        if !(is_title_line(reading, i) || bare)
            || kind_of(text).is_none() && !is_free_title(text) && !is_serial_head(text)
            || reading.facts[i].label.is_some()
            || found
                .iter()
                .any(|s| s.passages.contains(&i) || s.passages.start == i + 1)
        {
            continue;
        }
        let floor = found
            .iter()
            .chain(&more)
            .map(|s| s.passages.end)
            .filter(|&end| end <= i)
            .max()
            .unwrap_or(first);
        let bodies = top_of_bodies(reading, floor, i);
        let order = top_of_order(reading, floor, i);
        let top = if is_serial_head(text) {
            Some(i)
        } else if let Some(top) = top_of_appointments(reading, floor, i) {
            Some(top)
        } else {
            bodies
                .or(order)
                .or_else(|| title_above(reading, floor, i + 1))
        };
        let Some(top) = top else { continue };
        let title = joined(reading, &(top..=i).collect::<Vec<_>>());
        let delivered = reading.is_text(i + 1) && is_delivery(&reading.texts[i + 1]);
        let follows = is_address(reading, i + 1)
            || reading.is_text(i + 1)
                && (is_title_note(&reading.texts[i + 1])
                    || reports_issue(&title, &reading.texts[i + 1]));
        let fresh = top == first || ends_document(reading, top - 1);
        let above = top.checked_sub(1).filter(|&a| a >= first);
        let dated = above.is_none_or(|a| {
            let text = &reading.texts[a];
            date_line(text).is_some()
                || is_note(text)
                || is_masthead(text)
                || heads_section(text)
                || colophon_line(text).is_some()
                || is_officer(text) && a > first && date_line(&reading.texts[a - 1]).is_some()
        });
        // What a 印发 notice issues is not a document of its own.
        let issued = found
            .iter()
            .chain(&more)
            .filter(|s| s.passages.end <= top)
            .max_by_key(|s| s.passages.start)
            .is_some_and(|s| {
                let head = joined(reading, &s.title);
                let names = document::issued_names(reading, &head, s.passages.end);
                names
                    .iter()
                    .any(|name| similarity(&fold(name), &fold(&title)) >= 0.8)
            });
        // 政府工作报告, 第3次常务会议纪要, 统计公报: titles without an issuer's 关于.
        let named = width(&title) >= 6.0 && is_free_title(&title);
        let hosted = hosts_enclosure(reading, found.iter().chain(&more), top);
        let plain = named && (dated && !hosted || delivered)
            // A body and 公告, 任免名单 and the meeting that made it: no text that is issued is called so.
            || is_serial_head(text)
            || order.is_some() && (dated || fresh)
            || bodies.is_some() && (dated || fresh || above.is_some_and(|a| is_officer(&reading.texts[a])))
            || top_of_appointments(reading, floor, i).is_some() && (dated || fresh && follows);
        // Below 附件1 it is the attachment's title.
        let attached = above
            .is_some_and(|a| reading.texts[a].starts_with('附') && width(&reading.texts[a]) <= 5.0);
        if (heads_title(&title) && (follows || dated) && fresh || plain) && !issued && !attached {
            more.push(Start::at(
                top..i + 1,
                (top..=i).collect(),
                Vec::new(),
                Vec::new(),
            ));
        }
    }
    more
}

/// The first passage of a list of appointments: `云溪市人民代表大会常务委员会` / `任免名单`,
/// `云溪县人民政府2023年6月份任免人员`
fn top_of_appointments(reading: &Reading, floor: usize, i: usize) -> Option<usize> {
    before_appointments(&reading.texts[i])?;
    let of_body = |top: usize| {
        let title = joined(reading, &(top..=i).collect::<Vec<_>>());
        let issuer = before_appointments(&title)
            .unwrap_or_default()
            .trim_end_matches('份');
        is_issuer_name(
            issuer
                .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日')),
        )
    };
    [
        Some(i),
        i.checked_sub(1)
            .filter(|&top| top >= floor && is_title_line(reading, top)),
    ]
    .into_iter()
    .flatten()
    .find(|&top| of_body(top))
}

/// The first passage of a head that is bodies and 公告, 通告 or 令, and nothing else: `最高人民法院` / `公告`.
fn top_of_bodies(reading: &Reading, floor: usize, i: usize) -> Option<usize> {
    let text: String = reading.texts[i].chars().filter(|&c| !is_blank(c)).collect();
    let kind = ["公告", "通告", "令"]
        .into_iter()
        .find(|kind| text.ends_with(kind))?;
    let issuer = text.strip_suffix(kind)?;
    if !reading.is_text(i)
        || issuer.starts_with(['省', '市', '县', '区', '州', '盟', '旗'])
        || !issuer.is_empty() && !is_issuer_name(issuer)
    {
        return None;
    }
    let top = head_above(reading, floor, i);
    // Of a 令 nothing but its number or its text says that it is one, and a word of a heading can end so.
    let whole = (top..i).all(|j| {
        is_issuer_name(
            &reading.texts[j]
                .chars()
                .filter(|&c| !is_blank(c))
                .collect::<String>(),
        )
    });
    (whole && (!issuer.is_empty() || top < i)).then_some(top)
}

/// The first passage of the head of an order without a number: `征兵命令`, `云溪县人民政府` / `封山禁火令`. Many a word
/// ends in 令, so its text has to say that it orders.
fn top_of_order(reading: &Reading, floor: usize, i: usize) -> Option<usize> {
    let text: String = reading.texts[i].chars().filter(|&c| !is_blank(c)).collect();
    if !reading.is_text(i)
        || !text.ends_with('令')
        || !(3.0..=20.0).contains(&width(&text))
        || text.contains(['《', '：'])
    {
        return None;
    }
    let below = || (i + 1..reading.passages.len()).map(|j| reading.texts[j].as_str());
    let opens = below().take(3).any(|t| {
        ["命令如下", "如下命令"]
            .iter()
            .any(|words| t.contains(words))
    });
    let closes = below()
        .take_while(|t| date_line(t).is_none())
        .take(60)
        .any(|t| t.trim_end_matches('。').ends_with("此令"));
    if !opens && !closes {
        return None;
    }
    Some(top_of_organs(reading, floor, i))
}

/// The first of the lines right above a passage that are names of bodies; the passage itself if there is none.
fn top_of_organs(reading: &Reading, floor: usize, i: usize) -> usize {
    i - (floor..i)
        .rev()
        .take_while(|&above| reading.is_text(above) && is_issuer_name(&reading.texts[above]))
        .count()
}

/// `第32/2024號行政長官批示`: a title that starts with its number.
fn is_serial_head(text: &str) -> bool {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^第\s?\d{1,4}/\d{4}\s?[號号]\p{Han}{2,16}(?:批示|公告|通告|令|決議|决议|法律|行政法規)$").unwrap()
    });
    text.len() <= 120 && NUMBERED.is_match(text)
}

/// `…印发《关于…的意见》` / `近日，…印发了《关于…的意见》`: the text below says of the title that it was issued.
fn reports_issue(title: &str, text: &str) -> bool {
    let issued = title
        .split_once("印发《")
        .and_then(|(_, name)| name.strip_suffix('》'));
    issued.is_some_and(|name| text.contains("印发") && text.contains(name))
}

/// Whether the document before says that it issues or forwards a text.
fn hosts_enclosure<'s>(
    reading: &Reading,
    starts: impl Iterator<Item = &'s Start>,
    at: usize,
) -> bool {
    starts
        .filter(|s| s.passages.end <= at)
        .max_by_key(|s| s.passages.start)
        .is_some_and(|s| {
            let head = joined(reading, &s.title);
            issues_text(&head)
                || kind_of(&head) != Some("纪要")
                    && s.numbers.iter().any(|n| n.issuer_code.is_none())
        })
}

/// Headings of the gazette's sections that stand between documents become furniture.
pub fn sections(
    reading: &Reading,
    contents: &[ContentsEntry],
    starts: &[Start],
    taken: &mut [bool],
    furniture: &mut Vec<Element>,
) {
    let mut names: Vec<String> = contents
        .iter()
        .filter_map(|e| e.section.as_deref())
        .map(fold)
        .collect();
    names.extend(
        furniture
            .iter()
            .filter(|f| f.role == Role::Section)
            .map(|f| {
                fold(
                    f.text
                        .trim_end_matches(|c: char| c.is_ascii_digit() || is_blank(c)),
                )
            }),
    );
    for start in starts {
        let mut at = start.passages.start;
        while at > 0 && reading.is_text(at - 1) && !taken[at - 1] {
            let text = fold(&reading.texts[at - 1]);
            let bare = text.trim_matches(|c| matches!(c, '[' | ']' | '【' | '】'));
            let named = names.iter().any(|name| *name == text || name == bare);
            let bracketed =
                reading.texts[at - 1].starts_with('【') && reading.texts[at - 1].ends_with('】');
            // 人事任免 alone, between a date and the next head
            let between = heads_section(&reading.texts[at - 1]) && at >= 2 && {
                let above = &reading.texts[at - 2];
                date_line(above).is_some()
                    || is_note(above)
                    || is_masthead(above)
                    || colophon_line(above).is_some()
            };
            if !named && !bracketed && !between {
                break;
            }
            at -= 1;
            furniture.push(document::element(reading, at..at + 1, Role::Section));
            taken[at] = true;
        }
    }
}
