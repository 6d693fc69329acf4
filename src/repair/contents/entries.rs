//! The lines of the contents, made into its heading, its sections and its entries.

use super::pages::beside;
use super::{goes_on_below, page_of, title_lines};
use crate::repair::wraps::doubled;
use crate::repair::{Draft, Form, Passage, Span};
use extract::laid::{Laid, PrintedLine};
use language::contents::{front_page, is_bullet, last_page, page_end};
use language::facts::TextFacts;
use language::issuers::is_issuer_name;
use language::label::{Kind, Label, label};
use language::masthead::{is_section, names_its_issuer};
use language::number::{serial_line, serial_title};
use language::script::{is_blank, width, without_blanks};
use language::titles::ends_entry;
use model::Rule;

/// What is known of the contents as a whole.
struct Zone<'z> {
    laid: Option<&'z Laid>,
    /// Lines that end in a page number, though they don't show it.
    known: &'z [bool],
    lines: Vec<usize>,
    /// Entries name their pages, behind their titles.
    is_paged: bool,
    /// Entries, and not sections, are labelled 一、二、三、
    has_han_entries: bool,
    /// The number of a document stands above its title.
    numbers_lead: bool,
    /// The widest line, in full characters.
    widest: f32,
}

/// The entry that is being read.
#[derive(Default)]
struct Open {
    spans: Vec<Span>,
    label: Option<Label>,
    /// Its page was read: only what hangs below can still be part of it.
    is_closed: bool,
}

/// What a line of the contents does.
enum Part {
    Section,
    Begins,
    GoesOn,
}

/// Makes the passages of the contents out of its lines.
pub fn passages(
    draft: &mut Draft,
    laid: Option<&Laid>,
    known: &[bool],
    lines: Vec<usize>,
    out: &mut Vec<Passage>,
) {
    let Some(&first) = lines.first() else { return };
    let n_title = title_lines(draft, first).unwrap_or(0).min(lines.len());
    if n_title > 0 {
        add_title(draft, &lines[..n_title], out);
    }
    for &line in &lines[n_title..] {
        if !draft.facts[line].text.is_section {
            bullet(draft, line);
        }
    }
    part_front_pages(draft, known, &lines[n_title..]);
    pages_to_ends(draft, known, &lines[n_title..]);
    let zone = zone(draft, laid, known, &lines[n_title..]);
    let mut open = Open::default();
    for (n, &line) in zone.lines.iter().enumerate() {
        match part(draft, &zone, &open, n) {
            Part::Section => {
                flush(&mut open, out);
                leader(draft, known, line, false);
                out.push(Passage {
                    form: Form::ContentsSection,
                    spans: vec![Span::line(line)],
                });
            }
            Part::Begins => {
                flush(&mut open, out);
                open.label = draft.facts[line].text.label.clone();
                open.spans.push(Span::line(line));
                close(draft, &zone, line, &mut open);
            }
            Part::GoesOn if insert_before_page(draft, &zone, &mut open, line) => {}
            Part::GoesOn => {
                go_on(draft, &mut open, line, out);
                close(draft, &zone, line, &mut open);
            }
        }
    }
    flush(&mut open, out);
}

/// Adds the word 目录, which can be set over two lines.
fn add_title(draft: &mut Draft, lines: &[usize], out: &mut Vec<Passage>) {
    let mut spans = vec![Span::line(lines[0])];
    for pair in lines.windows(2) {
        let why = "the word 目录 set over two lines";
        let to = Span::line(pair[1]);
        match draft.join(pair[0], to, Rule::JoinContentsTitle, 0.9, why) {
            Some(span) => spans.push(span),
            None => out.push(Passage {
                form: Form::ContentsTitle,
                spans: std::mem::replace(&mut spans, vec![Span::line(pair[1])]),
            }),
        }
    }
    out.push(Passage {
        form: Form::ContentsTitle,
        spans,
    });
}

/// `…的通知（云政发　　（1）` / `〔2023〕11号）`: the page at the right of the first line of an entry goes to its end, if a bracket
/// says that the entry goes on.
fn pages_to_ends(draft: &mut Draft, known: &[bool], lines: &[usize]) {
    if !draft.may(Rule::ContentsPage) {
        return;
    }
    for pair in lines.windows(2) {
        let [line, next] = [pair[0], pair[1]];
        let Some(leader) = goes_on_below(draft, known, [line, next]) else {
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

/// `1云溪县…的通知` → `1　云溪县…的通知`, where all entries begin with their pages and white space parted these from the titles.
fn part_front_pages(draft: &mut Draft, known: &[bool], lines: &[usize]) {
    /// Fewer numbers can be by chance.
    const FEWEST: usize = 2;
    let pages: Vec<(usize, u32)> = lines
        .iter()
        .filter_map(|&line| Some((line, front_page(&draft.lines[line].text).0?)))
        .collect();
    let is_in_order = pages.is_sorted_by_key(|&(_, page)| page);
    let is_paged = lines
        .iter()
        .any(|&line| page_of(draft, known, line).is_some());
    if is_paged || !is_in_order || pages.len() < FEWEST {
        return;
    }
    for (line, _) in pages {
        let text = &draft.texts[line];
        let start = text.len() - text.trim_start_matches(is_blank).len();
        let is_page = |c: char| c.is_ascii_digit() || matches!(c, 'P' | 'p' | 'Ｐ');
        let end = text.len() - text[start..].trim_start_matches(is_page).len();
        let title = text.len() - text[end..].trim_start_matches(is_blank).len();
        if end == title {
            let why = "what parts the page in front of an entry from its title";
            draft.edit(
                line,
                end..title,
                "\u{3000}",
                Rule::ContentsLeader,
                0.95,
                why,
            );
        }
    }
}

fn zone<'z>(draft: &Draft, laid: Option<&'z Laid>, known: &'z [bool], lines: &[usize]) -> Zone<'z> {
    let lines = in_reading_order(draft, laid, known, lines);
    let is_page = |line: &usize| page_of(draft, known, *line).is_some();
    // 云溪县人民政府令 is an entry, though it could head a section.
    let is_entry = |&&line: &&usize| {
        !is_named_section(draft, line) || names_its_issuer(&without_blanks(&draft.texts[line]))
    };
    let first_entry = lines.iter().find(is_entry);
    Zone {
        laid,
        known,
        is_paged: lines.iter().any(is_page),
        has_han_entries: has_han_entries(draft, known, &lines),
        numbers_lead: first_entry.is_some_and(|&line| is_number(draft, line)),
        widest: lines
            .iter()
            .map(|&line| draft.facts[line].text.width)
            .fold(0.0, f32::max),
        lines,
    }
}

/// The lines with each number that stands alone on the right behind the line that it stands level with.
fn in_reading_order(
    draft: &Draft,
    laid: Option<&Laid>,
    known: &[bool],
    lines: &[usize],
) -> Vec<usize> {
    let Some(laid) = laid else {
        return lines.to_vec();
    };
    let is_alone = |&line: &usize| page_of(draft, known, line).is_some_and(|page| page.start == 0);
    let (alone, mut ordered): (Vec<usize>, Vec<usize>) =
        lines.iter().partition(|line| is_alone(line));
    let all =
        lines.iter().min().copied().unwrap_or(0)..lines.iter().max().map_or(0, |&last| last + 1);
    for line in alone {
        let host = beside(laid, all.clone(), line).unwrap_or(line.saturating_sub(1));
        let at = ordered.iter().position(|&other| other == host);
        let at = at.map_or_else(
            || ordered.partition_point(|&other| other < line),
            |at| at + 1,
        );
        ordered.insert(at, line);
    }
    ordered
}

/// Whether what 一、 labels are entries: one page each, none more.
fn has_han_entries(draft: &Draft, known: &[bool], lines: &[usize]) -> bool {
    /// Fewer can be sections of one entry each.
    const FEWEST: usize = 3;
    let mut pages: Vec<usize> = Vec::new();
    for &line in lines {
        if draft.facts[line].text.label.as_ref().is_some_and(is_han) {
            pages.push(0);
        }
        if let Some(pages) = pages.last_mut() {
            *pages += usize::from(page_of(draft, known, line).is_some());
        }
    }
    pages.len() >= FEWEST && pages.iter().all(|&n| n == 1)
}

fn is_han(label: &Label) -> bool {
    matches!(label.kind, Kind::Han | Kind::HanBrackets)
}

/// 发文字号 or 第3号 alone on a line, and no title before it.
pub fn is_number(draft: &Draft, line: usize) -> bool {
    let Some(facts) = draft.facts.get(line).map(|facts| &facts.text) else {
        return false;
    };
    let has_title = facts.leading_word.is_some() || draft.texts[line].contains("关于");
    !has_title && (!facts.numbers.is_empty() || facts.serial.is_some())
}

/// A section by its words, whether or not they are spaced: 市　政　府　文　件
fn is_named_section(draft: &Draft, line: usize) -> bool {
    let plain = without_blanks(&draft.texts[line]);
    is_section(&draft.texts[line]) || is_section(&plain)
}

fn part(draft: &Draft, zone: &Zone, open: &Open, n: usize) -> Part {
    if open.is_closed && hangs_below(draft, zone, open, n) {
        return Part::GoesOn;
    }
    let line = zone.lines[n];
    let begins = open.spans.is_empty()
        || open.is_closed
        || counts_on(draft, zone, open, line)
        || draft.facts[line].text.is_imprint
        || !zone.is_paged
            && (is_complete(draft, zone, open, line) || interrupts(draft, zone, open, line));
    match begins {
        true if is_section_here(draft, zone, n) => Part::Section,
        true => Part::Begins,
        false => Part::GoesOn,
    }
}

/// Whether a line is a section, though the entry before it doesn't end as titles do, and no end of its title: 质量的公告
fn interrupts(draft: &Draft, zone: &Zone, open: &Open, line: usize) -> bool {
    let plain = without_blanks(&draft.texts[line]);
    is_named_section(draft, line) && !hangs(zone, open, line) && !names_its_issuer(&plain)
}

/// Whether a line's label follows that of the entry: 3. after 2.
fn counts_on(draft: &Draft, zone: &Zone, open: &Open, line: usize) -> bool {
    let (Some(last), Some(next)) = (&open.label, &draft.facts[line].text.label) else {
        return false;
    };
    let counts = next.kind == Kind::Digit || zone.has_han_entries && is_han(next);
    counts && next.kind == last.kind && next.seq == last.seq + 1
}

/// Whether an entry without page number ends before a line, as titles do.
fn is_complete(draft: &Draft, zone: &Zone, open: &Open, line: usize) -> bool {
    let before = draft.text(&open.spans);
    let facts = &draft.facts[line].text;
    let goes_on = leaves_open(&before)
        || draft.texts[line]
            .trim_start_matches(is_blank)
            .starts_with('的')
        || !zone.numbers_lead && is_number(draft, line)
        || open.label.as_ref().is_some_and(|l| l.kind == Kind::Digit) && facts.label.is_none()
        || hangs(zone, open, line);
    let leads = front_page(&draft.texts[line]).0.is_some() || facts.label.is_some();
    !goes_on && !is_lone_number(draft, zone, open) && (leads || ends_entry(&before))
}

/// Whether nothing but the number above a title was read.
fn is_lone_number(draft: &Draft, zone: &Zone, open: &Open) -> bool {
    zone.numbers_lead && open.spans.len() == 1 && is_number(draft, open.spans[0].line)
}

/// Whether a bracket or a quotation is still open.
pub fn leaves_open(text: &str) -> bool {
    let count = |set: [char; 2]| text.chars().filter(|&c| set.contains(&c)).count();
    count(['（', '(']) > count(['）', ')']) || count(['《', '〈']) > count(['》', '〉'])
}

/// Whether a line goes on with an entry whose page was read: the rest of a number that wrapped, or what stands below a title
/// and is set in.
fn hangs_below(draft: &Draft, zone: &Zone, open: &Open, n: usize) -> bool {
    let line = zone.lines[n];
    if page_of(draft, zone.known, line).is_some() || is_named_section(draft, line) {
        return false;
    }
    let entry = draft.text(&open.spans);
    let title = last_page(&entry).map_or(entry.as_str(), |(title, _)| title);
    let unclosed = title.trim_end_matches(['）', ')']);
    let is_order =
        serial_title(unclosed, draft.forms).is_some_and(|(head, _)| head.ends_with('令'));
    let is_next_flush = || {
        let next = zone.lines.get(n + 1);
        next.is_none_or(|&next| !hangs(zone, open, next) || is_named_section(draft, next))
    };
    leaves_open(title)
        || !zone.numbers_lead && is_number(draft, line)
        || is_order && is_name_of_issued(&draft.facts[line].text)
        || hangs(zone, open, line) && !is_issuer_name(&draft.texts[line]) && is_next_flush()
}

/// What an order issues, and not another entry: 云溪县渡船管理办法.
fn is_name_of_issued(facts: &TextFacts) -> bool {
    facts.names_text && !facts.heads_title && facts.label.is_none()
}

/// Whether a line stands a little to the right of the first line of the entry, in its column.
fn hangs(zone: &Zone, open: &Open, line: usize) -> bool {
    /// How far, in em. What is set in more stands in the middle.
    const INSET: std::ops::RangeInclusive<f32> = 0.8..=3.2;
    let (Some(laid), Some(first)) = (zone.laid, open.spans.first()) else {
        return false;
    };
    let (first, line) = (&laid.lines[first.line], &laid.lines[line]);
    let inset = (line.bbox[0] - first.bbox[0]) / first.size.max(1.0);
    line.leaf == first.leaf
        && (line.column.left - first.column.left).abs() < first.size
        && INSET.contains(&inset)
}

/// Whether a line that can't go on with an entry is the heading of a section.
fn is_section_here(draft: &Draft, zone: &Zone, n: usize) -> bool {
    let line = zone.lines[n];
    let page = page_of(draft, zone.known, line);
    let text = draft.texts[line].trim_matches(is_blank);
    is_named_section(draft, line) && !is_numbered_below(draft, zone, n)
        || !zone.has_han_entries && is_labelled_section(draft, zone, line)
        || zone.is_paged
            && page.is_none()
            && is_heading(text)
            && (zone
                .laid
                .is_some_and(|laid| is_set_off(laid, &zone.lines, line))
                || is_short(draft, zone, n))
}

/// 云溪县人民政府令 above 第3号, which is an entry and no section.
fn is_numbered_below(draft: &Draft, zone: &Zone, n: usize) -> bool {
    let plain: String = draft.texts[zone.lines[n]]
        .chars()
        .filter(|&c| !is_blank(c))
        .collect();
    let Some(&below) = zone.lines.get(n + 1).filter(|_| !zone.numbers_lead) else {
        return false;
    };
    let text = &draft.texts[below];
    let end = page_of(draft, zone.known, below).map_or(text.len(), |page| page.start);
    names_its_issuer(&plain)
        && (is_number(draft, below) || serial_line(text[..end].trim(), draft.forms).is_some())
}

/// The number before the leader of a section: 一、国家……23.
fn is_labelled_section(draft: &Draft, zone: &Zone, line: usize) -> bool {
    /// The widest one, in full characters.
    const WIDEST: f32 = 12.0;
    let text = &draft.texts[line];
    let end = page_of(draft, zone.known, line).map_or(text.len(), |leader| leader.start);
    draft.facts[line].text.label.as_ref().is_some_and(is_han)
        && width(text[..end].trim_matches(is_blank)) <= WIDEST
}

/// Whether a line ends long before lines wrap, though no page stands in it, and the line below doesn't go on with it.
fn is_short(draft: &Draft, zone: &Zone, n: usize) -> bool {
    /// The widest name of a section without a word that only sections have, in full characters.
    const WIDEST: f32 = 10.0;
    /// Of the widest line.
    const SHARE: f32 = 0.6;
    let text = draft.texts[zone.lines[n]].trim_matches(is_blank);
    let plain = without_blanks(text);
    let Some(&below) = zone.lines.get(n + 1) else {
        return false;
    };
    let next = draft.texts[below].trim_start_matches(is_blank);
    let goes_on = is_number(draft, below)
        || draft.facts[below].text.leading_word == Some(0)
        || next.starts_with(['（', '(', '〔', '第'])
        || page_of(draft, zone.known, below).is_some_and(|page| page.start == 0);
    width(&plain) <= WIDEST
        && width(&plain) <= SHARE * zone.widest
        && !names_its_issuer(&plain)
        && !is_issuer_name(&plain)
        && !goes_on
}

/// Adds a line to the entry.
fn go_on(draft: &mut Draft, open: &mut Open, line: usize, out: &mut Vec<Passage>) {
    doubled(draft, &open.spans, line);
    let from = open.spans.last().expect("an entry has a line").line;
    let why = "an entry ends with its page number";
    match draft.join(from, Span::line(line), Rule::JoinContentsEntry, 0.95, why) {
        Some(span) => open.spans.push(span),
        None => {
            flush(open, out);
            open.spans.push(Span::line(line));
        }
    }
}

/// Adds the rest of a number that wrapped before the page, which is printed with the line above: `…（云政发 15` / `〔2023〕1号）`.
fn insert_before_page(draft: &mut Draft, zone: &Zone, open: &mut Open, line: usize) -> bool {
    let Some((last, before)) = open.spans.split_last().filter(|_| open.is_closed) else {
        return false;
    };
    let entry = draft.text(&open.spans);
    let title = last_page(&entry).map_or(entry.as_str(), |(title, _)| title);
    let is_number = is_number(draft, line);
    let Some(page) =
        page_of(draft, zone.known, last.line).filter(|_| leaves_open(title) || is_number)
    else {
        return false;
    };
    let (host, text) = (last.line, &draft.texts[last.line]);
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let mut spans = before.to_vec();
    if last.range.is_none() && start < page.start {
        spans.push(Span::part(host, start..page.start));
    }
    let page = Span::part(host, page.start..text.trim_end_matches(is_blank).len());
    let above = spans.last().map_or(host, |span| span.line);
    let why = "the page stands beside the first line of its entry";
    let rest = draft.join(above, Span::line(line), Rule::JoinContentsEntry, 0.95, why);
    let page = draft.join(line, page, Rule::JoinContentsEntry, 0.95, why);
    let (Some(rest), Some(page)) = (rest, page) else {
        return false;
    };
    spans.extend([rest, page]);
    open.spans = spans;
    true
}

/// Ends the entry if the line that was read has its page.
fn close(draft: &mut Draft, zone: &Zone, line: usize, open: &mut Open) {
    let Some(page) = page_of(draft, zone.known, line) else {
        return;
    };
    open.is_closed = true;
    let is_alone = page.start == 0 && open.spans.len() > 1;
    leader(draft, zone.known, line, is_alone);
    let text = draft.texts[line].trim_end_matches(is_blank);
    if let (true, Some(last)) = (is_alone, open.spans.last_mut()) {
        last.range = Some(0..text.len());
    }
}

fn flush(open: &mut Open, out: &mut Vec<Passage>) {
    if !open.spans.is_empty() {
        out.push(Passage {
            form: Form::ContentsEntry,
            spans: std::mem::take(&mut open.spans),
        });
    }
    *open = Open::default();
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

/// `……(15)` → `　　(15)`; what leads to a page alone on its line goes, unless the title stands above it.
fn leader(draft: &mut Draft, known: &[bool], line: usize, has_title_above: bool) {
    let Some(leader) = page_of(draft, known, line) else {
        return;
    };
    let text = &draft.texts[line];
    let is_bracketed = text[leader.end..].starts_with(['（', '(']);
    let after = match leader.start {
        0 if !has_title_above || is_bracketed => "",
        _ => "\u{3000}\u{3000}",
    };
    if text[leader.clone()] != *after {
        let why = "what leads from the title to its page number";
        draft.edit(line, leader, after, Rule::ContentsLeader, 0.95, why);
    }
}

/// Whether words can be those of a heading: few, no date, number or label, and not the end of a title.
fn is_heading(text: &str) -> bool {
    /// In full characters: 市委、市政府重要文件选编 has twelve.
    const LONGEST: f32 = 28.0;
    /// 其他
    const SHORTEST: f32 = 2.0;
    let is_word = |c: char| !c.is_ascii_digit() && !"。，；：〔（《".contains(c);
    (SHORTEST..=LONGEST).contains(&width(text))
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
