//! The printed contents, 目录: entries that wrap, leaders, page numbers, invented bullets.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::blocks::Role;
use super::label::{self, label};
use super::paragraphs::doubled;
use super::{Draft, Form, Passage, Rule, Span};
use crate::script::{fold, is_blank, width};

/// Lines that an entry can take, and so the most that can follow each other without a page number.
const ENTRY_LINES: usize = 12;

/// The lines of the contents, from the word 目录 to the last entry.
pub fn zone(draft: &Draft, furniture: &[Option<Role>]) -> Option<Range<usize>> {
    let is_title = |at: usize| {
        let joined = |n: usize| (at..(at + n).min(draft.lines.len())).map(|i| draft.texts[i].trim_matches(is_blank)).collect::<String>();
        [1, 2].into_iter().find(|&n| matches!(fold(&joined(n)).as_str(), "目录" | "目次" | "总目录" | "本期目录" | "要目"))
    };
    // A contents stands at the front; a 目录 further on belongs to a document.
    (0..draft.lines.len().min(2000)).filter(|&at| draft.texts[at].len() < 40).find_map(|at| {
        let first = at + is_title(at)?;
        let end = end_by_pages(draft, first, furniture).or_else(|| end_by_repetition(draft, first))?;
        Some(at..end)
    })
}

fn end_by_pages(draft: &Draft, first: usize, furniture: &[Option<Role>]) -> Option<usize> {
    let (mut end, mut n_entries) = (first, 0);
    for (at, role) in furniture.iter().enumerate().skip(first) {
        if at - end >= ENTRY_LINES {
            break;
        }
        if role.is_none() && page_end(&draft.texts[at]).is_some() {
            (end, n_entries) = (at + 1, n_entries + 1);
        }
    }
    (n_entries >= 2 || n_entries == 1 && end - first <= ENTRY_LINES).then_some(end)
}

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
        .filter(|&at| !is_section(&draft.texts[at]))
        .take(3)
        .find_map(|first_entry| repeated(draft, first, first_entry, entry(first_entry)))
}

fn repeated(draft: &Draft, first: usize, first_entry: usize, wanted: String) -> Option<usize> {
    const FAR: usize = 400;
    if wanted.chars().count() < 6
        || label(draft.texts[first_entry].trim_start()).is_some_and(|l| matches!(l.kind, label::Kind::Chapter | label::Kind::Article))
    {
        return None;
    }
    // The title can be set over several lines, its number below it.
    let printed =
        |at: usize| (at..(at + 5).min(draft.lines.len())).map(|i| fold(draft.texts[i].trim_matches(is_blank))).collect::<String>();
    let end = (first_entry + 1..draft.lines.len().min(first_entry + FAR)).find(|&at| printed(at).starts_with(&wanted))?;
    let entries = (first..end).filter(|&at| !is_section(&draft.texts[at]));
    let (n, short) = entries.fold((0, 0), |(n, short), at| (n + 1, short + usize::from(!draft.texts[at].contains('。'))));
    // The heading of the first section can stand again above the first document.
    let again = |at: usize| is_section(&draft.texts[at]) && (first..at).any(|before| fold(&draft.texts[before]) == fold(&draft.texts[at]));
    let sections = (first_entry + 1..end).rev().take_while(|&at| again(at)).count();
    (n >= 1 && short == n).then_some(end - sections)
}

/// `12  关于…的通知`: a page number in front of an entry, and the entry.
pub fn front_page(text: &str) -> (Option<u32>, &str) {
    let text = text.trim_start_matches(is_blank);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let spaced = rest.starts_with([' ', '\u{3000}', '\t']) && (1..=4).contains(&digits);
    if spaced { (text[..digits].parse().ok(), rest.trim_start_matches(is_blank)) } else { (None, text) }
}

/// Makes the passages of the contents out of its lines.
pub fn passages(draft: &mut Draft, lines: Vec<usize>, out: &mut Vec<Passage>) {
    let mut entry: Vec<Span> = Vec::new();
    let mut seq: Option<u32> = None;
    let mut titled = false;
    let paged = lines.iter().any(|&line| page_end(&draft.texts[line]).is_some());
    for (at, &line) in lines.iter().enumerate() {
        if !titled {
            titled = fold(draft.texts[line].trim_matches(is_blank)).ends_with(['录', '次', '目'])
                && (at > 0 || fold(&draft.texts[line]).chars().count() > 1);
            match out.last_mut() {
                Some(passage) if at > 0 => {
                    let span = draft.join(lines[at - 1], Span::line(line), Rule::JoinTitle, 0.9, "the word 目录 set over two lines");
                    passage.spans.extend(span);
                }
                _ => out.push(Passage { form: Form::ContentsTitle, spans: vec![Span::line(line)] }),
            }
            continue;
        }
        if !is_section(&draft.texts[line]) {
            bullet(draft, line);
        }
        let text = draft.texts[line].trim_matches(is_blank).to_owned();
        let label = label(&text);
        let ends_page = page_end(&text);
        // The number before the leader of a section: 一、国家……23.
        let heads = label.as_ref().is_some_and(|l| matches!(l.kind, label::Kind::Han | label::Kind::HanBrackets))
            && width(&text[..ends_page.as_ref().map_or(text.len(), |leader| leader.start)]) <= 12.0;
        let counts_on = label.as_ref().is_some_and(|l| seq.is_some_and(|s| l.seq == s + 1) && l.kind == label::Kind::Digit);
        // Without page numbers behind them, entries end as titles do.
        let complete = |before: &str| !paged && (ends_entry(before) || front_page(&text).0.is_some() || label.is_some());
        let begins_anew = entry.is_empty() || counts_on || complete(&draft.text(&entry)) || !paged && is_section(&text);
        if begins_anew && (is_section(&text) || heads) {
            flush(&mut entry, out);
            leader(draft, line);
            out.push(Passage { form: Form::ContentsSection, spans: vec![Span::line(line)] });
            seq = None;
            continue;
        }
        if begins_anew {
            flush(&mut entry, out);
            seq = label.filter(|l| l.kind == label::Kind::Digit).map(|l| l.seq);
            entry.push(Span::line(line));
        } else {
            let before = draft.text(&entry);
            doubled(draft, &before, line);
            let from = entry.last().expect("an entry has a line").line;
            match draft.join(from, Span::line(line), Rule::JoinContentsEntry, 0.95, "an entry ends with its page number") {
                Some(span) => entry.push(span),
                None => {
                    flush(&mut entry, out);
                    entry.push(Span::line(line));
                }
            }
        }
        if ends_page.is_some() {
            leader(draft, line);
            flush(&mut entry, out);
        }
    }
    flush(&mut entry, out);
}

/// Ends as an entry without page number does: in a 文种, the name of a text, a number.
pub fn ends_entry(text: &str) -> bool {
    const ENDS: [&str; 34] = [
        "通知",
        "意见",
        "决定",
        "公告",
        "通告",
        "批复",
        "函",
        "令",
        "报告",
        "办法",
        "规定",
        "条例",
        "方案",
        "规划",
        "细则",
        "名单",
        "大事记",
        "纪要",
        "决议",
        "讲话",
        "公报",
        "通报",
        "命令",
        "议案",
        "请示",
        "措施",
        "计划",
        "要点",
        "号",
        "）",
        ")",
        "期",
        "》",
        "简历",
    ];
    let text = text.trim_end_matches(is_blank);
    ENDS.iter().any(|end| text.ends_with(end))
}

fn flush(entry: &mut Vec<Span>, out: &mut Vec<Passage>) {
    if !entry.is_empty() {
        out.push(Passage { form: Form::ContentsEntry, spans: std::mem::take(entry) });
    }
}

fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '•' | '·' | '●' | '○' | '◆' | '◇' | '■' | '*' | '▲' | '★' | '☆') || is_blank(c)
}

/// `- 1、关于` → `1、关于`
fn bullet(draft: &mut Draft, line: usize) {
    let text = &draft.texts[line];
    let rest = text.trim_start_matches(is_bullet);
    let end = text.len() - rest.len();
    if end > 0 && !rest.is_empty() && !text[..end].chars().all(is_blank) && page_end(text).is_none_or(|leader| leader.start >= end) {
        draft.edit(line, 0..end, "", Rule::ContentsBullet, 0.9, "a mark in front of an entry, not part of its title");
    }
}

/// `……(15)` → `　　(15)`
fn leader(draft: &mut Draft, line: usize) {
    let Some(leader) = page_end(&draft.texts[line]) else { return };
    let after = if leader.start == 0 { "" } else { "\u{3000}\u{3000}" };
    if draft.texts[line][leader.clone()] != *after {
        draft.edit(line, leader, after, Rule::ContentsLeader, 0.95, "what leads from the title to its page number");
    }
}

/// Where an entry's title ends and what leads to its page number begins and ends:
/// `…的通知......(15)`, `…的通知（15）`, `…………93`, `…的通知  15`
fn page_end(text: &str) -> Option<Range<usize>> {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        let leader = r"[\s.…·•⋯．]*(?:\.\.|…|··|⋯|．．)[\s.…·•⋯．]*";
        let number = r"(?P<open>[（(]?)\s*\d{1,4}\s*(?P<close>[)）]?)\s*$";
        Regex::new(&format!(r"(?:(?P<dots>{leader})|(?P<spaces>[ \u{{3000}}]*)){number}")).expect("a pattern")
    });
    if text.len() > 2000 || !text.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == ')' || c == '）') {
        return None;
    }
    let m = PAGE.captures(text)?;
    let leader = m.name("dots").or(m.name("spaces"))?.range();
    // Without dots it is the brackets that show the number, or two spaces.
    let is_bracketed = !m["open"].is_empty() && !m["close"].is_empty();
    let is_spaced = m["open"].is_empty() && text[leader.clone()].chars().count() >= 2;
    (m.name("dots").is_some() || is_bracketed || is_spaced).then_some(leader)
}

/// `【县政府文件】`, `人事任免`: a heading inside the contents.
pub fn is_section(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    const ORNAMENTS: [char; 9] = ['★', '☆', '◆', '◇', '◎', '▲', '●', '■', '※'];
    let bracketed = text.starts_with(['【', '［', '[', '〖', '◎', '▲', '●']) && text.ends_with(['】', '］', ']', '〗'])
        || width(text) <= 20.0 && text.starts_with(ORNAMENTS) && text.ends_with(ORNAMENTS);
    bracketed
        || width(text) <= 14.0
            && page_end(text).is_none()
            && label(text).is_none()
            && !text.contains(|c: char| c.is_ascii_digit())
            && ["文件", "任免", "大事记", "公告", "规章", "令", "法规", "要闻", "动态", "选载", "人事", "讲话", "解读", "文件选登", "通告"]
                .iter()
                .any(|end| text.ends_with(end))
            && !text.contains("关于")
}

#[cfg(test)]
mod tests {
    use super::*;

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
