//! What a gazette prints of itself: cover, masthead, headings of its sections.

use std::sync::LazyLock;

use regex::Regex;

use crate::contents::page_end;
use crate::issuers::{ends_in_issuer, is_issuer_name, starts_with_rank};
use crate::label::label;
use crate::pattern::spaced;
use crate::script::{date_line, date_prefix, is_blank, iso_date, numeral, width, without_blanks};
use crate::titles::{ends_section, kind_of};

/// A line of a cover or masthead: the name of the gazette, its issue, who makes it.
pub fn is_masthead(text: &str) -> bool {
    // 2023年第1期（上）, 总第11期, 2019年第31号（总号：1678）　11月10日出版
    static ISSUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[（(]?(?:[12][0-9]{3}|[一二][〇○零一二三四五六七八九]{3})\s*年?\s*第?\s*[0-9一二三四五六七八九十]{1,3}\s*期|^[（(]?总\s*第?\s*[0-9〇零一二三四五六七八九十百]{1,4}\s*[期号][）)]?$|[（(]总号[：:]|^第\s*[0-9一二三四五六七八九十]{1,3}\s*期.{0,12}总").unwrap()
    });
    // What one of the words and patterns below holds.
    if !text.contains(['期', '总', '报', '办', '印', '版']) {
        return false;
    }
    if width(text) > 40.0 || text.contains(['，', '。', '；', '《']) {
        return false;
    }
    let bare = without_blanks(text);
    if bare.contains("公报") && bare.ends_with('期') && !bare.contains("关于") {
        return true;
    }
    let ends = ["公报", "政报", "文告", "主办", "编印", "出版", "编辑出版"];
    ISSUE.is_match(text)
        || ends.iter().any(|end| bare.ends_with(end))
            && !text.contains("关于")
            && !(bare.ends_with("公报") && bare.contains("统计"))
}

/// `【县政府文件】`, `人事任免`: a heading inside the contents.
pub fn is_section(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    const ORNAMENTS: [char; 11] = ['★', '☆', '◆', '◇', '◎', '▲', '●', '■', '※', '·', '•'];
    let bracketed = text.starts_with(['【', '［', '[', '〖', '◎', '▲', '●'])
        && text.ends_with(['】', '］', ']', '〗'])
        || width(text) <= 20.0 && text.starts_with(ORNAMENTS) && text.ends_with(ORNAMENTS);
    bracketed
        || width(text) <= 14.0
            && page_end(text).is_none()
            && label(text).is_none()
            && !text.contains(|c: char| c.is_ascii_digit())
            && ends_section(text)
            && !text.contains("关于")
}

/// `云溪县人民政府通告`, `禁止燃放烟花爆竹的通告`, which end as sections do: a section names no place, as in `县政府公告`.
pub fn names_its_issuer(text: &str) -> bool {
    let text = without_blanks(text);
    let Some(kind) = kind_of(&text) else {
        return false;
    };
    let issuer = text.strip_suffix(kind).unwrap_or_default();
    issuer.ends_with('的') || is_issuer_name(issuer) && !starts_with_rank(issuer)
}

/// What a line of a masthead says of the issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issue {
    pub year: Option<u32>,
    pub issue: Option<u32>,
    pub part: Option<String>,
    pub serial: Option<u32>,
    /// ISO date, and whether a word says that it is that of the issue.
    pub published: Option<(String, bool)>,
}

const YEAR: &str = r"([12][0-9]{3}|[一二][〇○零0OО一二三四五六七八九]{3})";
const COUNT: &str = r"([0-9]{1,4}|[〇零一二三四五六七八九十百]{1,6})";

/// The parts of which such a line is made, each at the start of what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// 2014.10.17
    Day,
    /// 2005·11, 2005-11
    YearAndIssue,
    /// 2023年10月
    Month,
    /// 2023年, （2023年）
    Year,
    /// 第3期, 3期
    Issue,
    /// 总第11期, 总号：1678, TOTAL NO.364
    Serial,
    /// （上）
    Half,
    /// 11月10日出版
    MonthAndDay,
    /// 号外, 月刊
    Kind,
    Mark,
}

static PARTS: LazyLock<Vec<(Part, Regex)>> = LazyLock::new(|| {
    let patterns = [
        (
            Part::Day,
            r"([12][0-9]{3})[.．/-]([0-9]{1,2})[.．/-]([0-9]{1,2})".to_owned(),
        ),
        (
            Part::YearAndIssue,
            format!(r"{YEAR}[·.．•\-－—―/]([0-9]{{1,2}})[期号]?"),
        ),
        (
            Part::Month,
            r"([12][0-9]{3})年[0-9]{1,2}月(?:出版|出刊)?".to_owned(),
        ),
        (Part::Year, format!(r"[（(]?{YEAR}(?:年度?)?[）)]?")),
        (
            Part::Serial,
            format!(r"[（(]?(?:总|累计)(?:第|期数|期|号)?[：:]?第?{COUNT}[期号]?[）)]?"),
        ),
        (
            Part::Serial,
            r"(?i)[（(]?(?:total|serial|general)no[.．:：]?([0-9]{1,5})[）)]?".to_owned(),
        ),
        // 第2斯: whatever the last character was read as.
        (
            Part::Issue,
            format!(r"第?{COUNT}[期号]|第{COUNT}\p{{Han}}?$"),
        ),
        (Part::Issue, r"(?i)no[.．:：]?([0-9]{1,3})".to_owned()),
        (Part::Half, r"[（(]?([上中下])[）)]?[期册辑卷]?".to_owned()),
        (
            Part::MonthAndDay,
            r"([0-9]{1,2})月([0-9]{1,2})日(?:出版|出刊|发行)".to_owned(),
        ),
        (
            Part::Kind,
            r"[（(]?(?:号外|增刊|合刊|专刊|特刊|专辑|半月刊|双月刊|月刊|季刊|旬刊|周刊)[）)]?"
                .to_owned(),
        ),
        (Part::Mark, r"[，,、|｜/：:（(）)《》【】]".to_owned()),
    ];
    let anchored = |(part, pattern): (Part, String)| {
        let regex = Regex::new(&format!("^(?:{pattern})")).expect("a pattern");
        (part, regex)
    };
    patterns.into_iter().map(anchored).collect()
});

/// Reads year, issue, part, serial and date in a line without white space that says nothing else: `2023年第1期（上）`,
/// `第2期（2007年）`, `2005·11`, `第4期TOTALNO.364`.
pub fn issue(text: &str) -> Option<Issue> {
    let mut issue = Issue::default();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((date, behind)) = date_prefix(rest) {
            let after = after_publishing(behind);
            issue.published = Some((date, after.len() < behind.len()));
            rest = after;
            continue;
        }
        let (part, m) = PARTS
            .iter()
            .find_map(|(part, regex)| Some((*part, regex.captures(rest)?)))?;
        let behind = &rest[m[0].len()..];
        read_part(&mut issue, part, &m, behind)?;
        rest = behind;
    }
    (issue != Issue::default()).then_some(issue)
}

/// What is left behind 出版 or the like.
fn after_publishing(text: &str) -> &str {
    ["出版", "出刊", "发行", "印发", "编印"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
}

/// Notes what a part says; nothing if it cannot stand there.
fn read_part(issue: &mut Issue, part: Part, m: &regex::Captures, behind: &str) -> Option<()> {
    match part {
        Part::Day => issue.published = Some((date_of_parts(m)?, false)),
        Part::YearAndIssue => {
            (issue.issue.is_none() && !goes_on(behind)).then_some(())?;
            (issue.year, issue.issue) = (number_in(m, 1), number_in(m, 2));
        }
        Part::Year => {
            (!goes_on(behind) || m[0].ends_with('年')).then_some(())?;
            issue.year = issue.year.or(number_in(m, 1));
        }
        Part::Issue => issue.issue = Some(number_of_issue(issue, m)?),
        Part::Serial => issue.serial = issue.serial.or(number_in(m, 1)),
        Part::Half => {
            issue.issue?;
            issue.part = Some(m[1].to_owned());
        }
        Part::MonthAndDay => {
            let date = iso_date(issue.year?, number_in(m, 1)?, number_in(m, 2)?)?;
            issue.published = Some((date, true));
        }
        Part::Month | Part::Kind | Part::Mark => {}
    }
    Some(())
}

/// Whether figures go on behind a number.
fn goes_on(behind: &str) -> bool {
    behind.starts_with(|c: char| c.is_ascii_digit())
}

fn number_in(m: &regex::Captures, group: usize) -> Option<u32> {
    numeral_of_year(m.get(group)?.as_str())
}

fn date_of_parts(m: &regex::Captures) -> Option<String> {
    iso_date(number_in(m, 1)?, number_in(m, 2)?, number_in(m, 3)?)
}

/// The number of an issue that has none yet; 第37号 alone is that of an order.
fn number_of_issue(issue: &Issue, m: &regex::Captures) -> Option<u32> {
    let is_known = issue.year.is_some() || issue.serial.is_some() || m[0].ends_with('期');
    (is_known && issue.issue.is_none()).then_some(())?;
    number_in(m, 1).or(number_in(m, 2))
}

/// A numeral, also 二0二三.
fn numeral_of_year(text: &str) -> Option<u32> {
    numeral(text).or_else(|| numeral(&text.replace(['0', 'O', 'О', '○'], "〇")))
}

/// Reads the issue at the end of a line without white space, where something stands before it; gives it with the length
/// of what that is.
pub fn issue_at_end(text: &str) -> Option<(usize, Issue)> {
    /// Bytes of such a line at most.
    const LONGEST: usize = 300;
    if text.len() > LONGEST {
        return None;
    }
    // 2019年第31号（总号：1678）11月10日出版; 某某省人民政府公报2019年第5期
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([12][0-9]{3})年?第([0-9]{1,3})[号期](?:[（(]总[号第][：:]?([0-9]{1,5})期?[）)])?(?:[0-9月日]*出版)?$").expect("a pattern")
    });
    static SERIAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"总第?\s*([0-9一二三四五六七八九十百零]{1,4})\s*[期号]").expect("a pattern")
    });
    let named = text.char_indices().skip(1).find_map(|(at, _)| {
        let is_named = names_gazette(text[..at].trim_matches(['《', '》']));
        let issue = is_named.then(|| issue(&text[at..])).flatten()?;
        (issue.issue.is_some() || issue.serial.is_some()).then_some((at, issue))
    });
    if named.is_some() {
        return named;
    }
    if let Some(m) = NUMBERED.captures(text) {
        let issue = Issue {
            year: numeral(&m[1]),
            issue: numeral(&m[2]),
            serial: m.get(3).and_then(|n| numeral(n.as_str())),
            ..Issue::default()
        };
        return Some((m.get(0)?.start(), issue));
    }
    SERIAL.captures(text).map(|m| {
        let issue = Issue {
            serial: numeral(&m[1]),
            ..Issue::default()
        };
        (m.get(0).map_or(0, |m| m.start()), issue)
    })
}

/// How surely a line says who makes the gazette: 主办 names the sponsor, 编 may name who works for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sponsorship {
    Edits,
    Sponsors,
}

/// `云溪县人民政府办公室主办`, `主办：云溪县人民政府`, `编辑出版：云溪县人民政府办公室`: who makes the gazette.
pub fn sponsor(text: &str) -> Option<(String, Sponsorship)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(主办(?:单位|机关)?|编辑出版(?:单位)?|编印(?:单位)?|编辑单位|出版单位)[：:](.{2,40}?)(?:主办|编印|编)?$")
            .expect("a pattern")
    });
    static ENDING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(.{2,40}?)(主办|编印|主编|编辑出版|编辑|编)$").expect("a pattern")
    });
    let (word, name) = match LABEL.captures(text) {
        Some(m) => (m[1].to_owned(), m[2].to_owned()),
        None => {
            let m = ENDING.captures(text)?;
            (m[2].to_owned(), m[1].to_owned())
        }
    };
    let is_sponsor = word.starts_with("主办");
    let is_body = ends_in_issuer(&name) && !name.contains(['：', ':']);
    let way = if is_sponsor {
        Sponsorship::Sponsors
    } else {
        Sponsorship::Edits
    };
    (is_sponsor || is_body).then_some((name, way))
}

/// The fields of an imprint that a text is made of: `主办：云溪县人民政府　编辑：公报编辑部`.
pub fn imprint_fields(text: &str) -> Vec<(String, String)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        let words: Vec<String> = IMPRINT_WORDS.iter().map(|word| spaced(word)).collect();
        Regex::new(&format!(
            r"(?:^|[\s　0-9A-Za-z）)])({})(?:单位|机关|部门|时间|日期)?\s*[：:]",
            words.join("|")
        ))
        .expect("a pattern")
    });
    let text = text.trim_matches(is_blank);
    let labels: Vec<regex::Captures> = LABEL.captures_iter(text).collect();
    let start = |m: &regex::Captures| m.get(1).map_or(0, |label| label.start());
    if labels.first().is_none_or(|first| start(first) > 0) {
        return Vec::new();
    }
    let starts = labels.iter().map(start);
    let ends = starts.skip(1).chain([text.len()]);
    labels
        .iter()
        .zip(ends)
        .map(|(m, end)| {
            let from = m.get(0).map_or(0, |m| m.end());
            (without_blanks(&m[1]), without_blanks(&text[from..end]))
        })
        .collect()
}

/// A line of a masthead or imprint is of who makes a gazette, and of none of the documents in it.
pub fn is_of_maker(label: &str) -> bool {
    const MAKERS: [&str; 9] = [
        "主办",
        "主管",
        "编辑",
        "编辑出版",
        "出版",
        "准印证",
        "准印证号",
        "编印",
        "印数",
    ];
    MAKERS.contains(&label)
}

/// `出版日期：2023年2月28日`, `2023年2月28日出版`: the date, and whether a word says that it is that of the issue.
pub fn published(text: &str) -> Option<(String, bool)> {
    const WORDS: [&str; 4] = ["出版日期：", "出刊日期：", "出版时间：", "出版日期"];
    let date = WORDS.iter().find_map(|word| text.strip_prefix(word));
    let is_labelled = date.is_some();
    let text = date.unwrap_or(text);
    if let Some(date) = date_line(text) {
        return Some((date, is_labelled));
    }
    let (date, rest) = date_prefix(text)?;
    let is_whole = after_publishing(rest).is_empty();
    is_whole.then_some((date, is_labelled || !rest.is_empty()))
}

/// `云溪县人民政府公报`, `政策汇编（2023年）`
pub fn names_gazette(text: &str) -> bool {
    /// Characters that the name of a gazette takes at least.
    const SHORTEST: usize = 4;
    let body = text.split(['（', '(']).next().unwrap_or(text);
    ["公报", "政报", "文告", "汇编", "文件选编"]
        .iter()
        .any(|end| body.ends_with(end))
        && body.chars().count() >= SHORTEST
        && !text.contains("关于")
}

/// 云溪县人民政府公报, and not 云溪县经济普查公报, which is a document.
pub fn is_gazette_of_issuer(text: &str) -> bool {
    let issuer = ["公报", "公報", "政报"]
        .iter()
        .find_map(|end| text.strip_suffix(end));
    issuer.is_some_and(is_issuer_name)
}

/// `责任编辑：…`, `地　址：…`: a line of the imprint.
pub fn is_imprint(text: &str) -> bool {
    /// Of such a line, in full characters.
    const WIDEST: f32 = 50.0;
    static IMPRINT: LazyLock<Regex> = LazyLock::new(|| {
        let words: Vec<String> = IMPRINT_WORDS.iter().map(|word| spaced(word)).collect();
        Regex::new(&format!(r"^(?:{}).{{0,40}}$", words.join("|"))).expect("a pattern")
    });
    let first = text.chars().next();
    first.is_some_and(|first| IMPRINT_WORDS.iter().any(|word| word.starts_with(first)))
        && !text.contains(['。', '；'])
        && (width(text) <= WIDEST && IMPRINT.is_match(text) || imprint_fields(text).len() > 1)
}

/// What the lines of an imprint begin with.
static IMPRINT_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let words = include_str!("imprint.txt").lines();
    let mut words: Vec<&str> = words
        .filter(|row| !row.is_empty() && !row.starts_with('#'))
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_of_all_forms() {
        let read = |text: &str| {
            let issue = issue(text)?;
            Some((issue.year, issue.issue, issue.serial))
        };
        for (text, year, number, serial) in [
            ("2023年第1期", 2023, 1, None),
            ("二〇二三年第三期", 2023, 3, None),
            ("一九八四年第七期（号外）", 1984, 7, None),
            ("第2期（2007年）", 2007, 2, None),
            ("2005·11", 2005, 11, None),
            ("2005-11（总第95期）", 2005, 11, Some(95)),
            ("2005.03", 2005, 3, None),
            ("2022年第2号（总号：61）", 2022, 2, Some(61)),
            ("2023年第1期（上）总第12期", 2023, 1, Some(12)),
            ("2019第4期TOTALNO.364", 2019, 4, Some(364)),
        ] {
            assert_eq!(
                read(text),
                Some((Some(year), Some(number), serial)),
                "{text}"
            );
        }
        assert_eq!(read("第4期TOTALNO.364"), Some((None, Some(4), Some(364))));
        for text in ["第37号", "2023年工作报告", "云政发〔2023〕1号", "2023年"] {
            assert!(issue(text).is_none_or(|i| i.issue.is_none()), "{text}");
        }
        let published = |text: &str| issue(text)?.published;
        assert_eq!(
            published("2014.10.17"),
            Some(("2014-10-17".to_owned(), false))
        );
        assert_eq!(
            published("2019年第31号（总号：1678）11月10日出版"),
            Some(("2019-11-10".to_owned(), true))
        );
        assert_eq!(
            issue_at_end("云溪县人民政府公报2019年第5期").map(|(at, i)| (at, i.issue)),
            Some(("云溪县人民政府公报".len(), Some(5)))
        );
    }

    #[test]
    fn sponsors() {
        let read =
            |text: &str| sponsor(text).map(|(name, way)| (name, way == Sponsorship::Sponsors));
        let office = "云溪县人民政府办公室";
        for (text, is_sponsor) in [
            ("云溪县人民政府办公室主办", true),
            ("主办：云溪县人民政府办公室", true),
            ("主办单位：云溪县人民政府办公室", true),
            ("云溪县人民政府办公室编", false),
            ("编辑出版：云溪县人民政府办公室", false),
        ] {
            assert_eq!(read(text), Some((office.to_owned(), is_sponsor)), "{text}");
        }
        assert_eq!(read("责任编辑"), None);
    }

    #[test]
    fn imprints_are_made_of_fields() {
        let read = |text: &str| {
            let fields = imprint_fields(text);
            fields
                .iter()
                .map(|(label, value)| format!("{label}={value}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            read("主　办：云溪县人民政府　编辑：公报编辑部　邮编：034000"),
            ["主办=云溪县人民政府", "编辑=公报编辑部", "邮编=034000"]
        );
        assert_eq!(
            read("电话：0319-6128326准印证号：（云）第2752号 主管：云溪县"),
            [
                "电话=0319-6128326",
                "准印证号=（云）第2752号",
                "主管=云溪县"
            ]
        );
        assert!(read("各单位要在地址：栏内填写").is_empty());
    }
}
