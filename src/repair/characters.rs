//! Characters and typography, line by line: what an OCR program does to a printed line.
//!
//! Each rule is one function from the text of a line to edits of it. They run in the order of [`RULES`],
//! each on what the one before left.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::log::Edit;
use language::damaged_number::corrections;
use language::radicals::whole_character;
use language::script::{is_blank, is_cjk_punctuation, is_han, width};
use language::words;
use model::Rule;

/// What a rule may know of a line beside its text.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The line is a row of a table, its cells parted by tabs.
    pub in_table: bool,
    /// The text around the line is written in simplified characters.
    pub simplified: bool,
}

type RuleFn = fn(&str, Setting) -> Vec<Edit>;

/// What stands for a character first; formulas, while their signs and spaces stand; then digits, which the rules about spaces and marks look for; then
/// spaces, then marks, which stand beside what is left.
pub static RULES: &[(Rule, RuleFn)] = &[
    (Rule::RadicalForm, radical_form),
    (Rule::PinyinInBrackets, pinyin_in_brackets),
    (Rule::Latex, latex),
    (Rule::Subscript, subscript),
    (Rule::FullWidthDigit, full_width_digit),
    (Rule::MisreadNumber, misread_number),
    (Rule::EnglishAnd, english_and),
    (Rule::LetterSpaced, letter_spaced),
    (Rule::CellSpaces, cell_spaces),
    (Rule::SpaceBesideHan, space_beside_han),
    (Rule::ListNumberSpace, list_number_space),
    (Rule::HalfWidthPunctuation, half_width_punctuation),
    (Rule::TraditionalStretch, traditional_stretch),
];

/// `$\text{PM}_{2.5}$` → `PM₂.₅`, `$0.7 \times 3600$` → `0.7×3600`
fn latex(text: &str, _: Setting) -> Vec<Edit> {
    static MATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\$\$?([^$]{1,400}?)\$\$?").unwrap());
    if !text.contains('$') {
        return Vec::new();
    }
    MATH.captures_iter(text)
        .filter(|math| math[1].contains(['\\', '_', '^', '=', '{']))
        .map(|math| {
            Edit::new(
                math.get(0).unwrap().range(),
                plain_math(&math[1]),
                "mathematics set as LaTeX by the recogniser",
            )
        })
        .collect()
}

/// Commands of LaTeX that are a sign.
const COMMANDS: [(&str, &str); 22] = [
    ("times", "×"),
    ("cdot", "·"),
    ("div", "÷"),
    ("pm", "±"),
    ("eta", "η"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("Sigma", "Σ"),
    ("sum", "∑"),
    ("leq", "≤"),
    ("geq", "≥"),
    ("le", "≤"),
    ("ge", "≥"),
    ("circ", "°"),
    ("approx", "≈"),
];

/// LaTeX to plain text: Unicode for scripts of digits and x, the letters themselves for others.
fn plain_math(latex: &str) -> String {
    let mut out = String::new();
    let mut rest = latex;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = push_command(&mut out, rest),
            '_' | '^' => {
                let (script, tail) = script_argument(rest);
                out.push_str(&scripted(c, &plain_math(script)));
                rest = tail;
            }
            '{' | '}' | ' ' | '~' => {}
            _ => out.push(c),
        }
    }
    out
}

/// Writes what the text behind a backslash is, a command or a sign, and gives what follows it.
fn push_command<'t>(out: &mut String, text: &'t str) -> &'t str {
    let name_len = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, tail) = text.split_at(name_len);
    if let Some((_, symbol)) = COMMANDS.iter().find(|(n, _)| *n == name) {
        out.push_str(symbol);
        return tail;
    }
    // \text, \mathrm, \left: what they dress stays.
    if !name.is_empty() {
        return tail;
    }
    let escaped = text.chars().next();
    out.extend(escaped.filter(|c| !matches!(c, ',' | ';' | '!' | ' ')));
    &text[escaped.map_or(0, char::len_utf8)..]
}

/// The argument of `_` or `^`: a braced group or one character, and what follows it.
fn script_argument(text: &str) -> (&str, &str) {
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 1;
        for (at, c) in group.char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            if depth == 0 {
                return (&group[..at], &group[at + 1..]);
            }
        }
        return (group, "");
    }
    text.split_at(text.chars().next().map_or(0, char::len_utf8))
}

/// A subscript or superscript in Unicode where it has the characters, else as plain text.
fn scripted(mark: char, script: &str) -> String {
    const PLAIN: &str = "0123456789+-x";
    let (has, set) = if mark == '_' {
        (PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋ₓ")
    } else {
        (&PLAIN[..12], "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
    };
    let mapped: Option<String> = script
        .chars()
        .map(|c| {
            if c == '.' {
                Some('.')
            } else {
                has.find(c).and_then(|i| set.chars().nth(i))
            }
        })
        .collect();
    mapped.unwrap_or_else(|| script.to_owned())
}

/// `SO_2` → `SO₂`, `d_{fh}` → `dfh`
fn subscript(text: &str, _: Setting) -> Vec<Edit> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([A-Za-zα-ωΑ-Ω)\d])(\s?[_^])(\{[^{}]{1,12}(?:_\{?\w\}?)?\}|[0-9a-zA-Z])")
            .unwrap()
    });
    static MACHINE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\w.+-]+@[\w.-]+|(?:://|www\.)[\x21-\x7e]+").unwrap());
    if !text.contains(['_', '^']) {
        return Vec::new();
    }
    let machine: Vec<Range<usize>> = MACHINE.find_iter(text).map(|m| m.range()).collect();
    SCRIPT
        .captures_iter(text)
        .filter(|m| {
            !machine
                .iter()
                .any(|word| word.contains(&m.get(2).expect("the mark").start()))
        })
        // A symbol is short and stands alone; data_set_2 is a name.
        .filter(|m| {
            let mark = m.get(2).expect("the mark").start();
            let base = text[..mark].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            mark - base.len() <= 3 && !base.ends_with('_')
        })
        .filter(|m| {
            m.get(3).is_some_and(|script| {
                // A longer identifier (a file name, a code) is no subscript.
                script.as_str() == "x"
                    && text[..script.start()]
                        .trim_end_matches(['_', ' '])
                        .ends_with(|c: char| c.is_ascii_uppercase())
                    || script.as_str().starts_with('{')
                    || !text[script.end()..]
                        .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            })
        })
        .map(|m| {
            let (mark, script) = (m.get(2).unwrap(), m.get(3).unwrap());
            Edit::new(
                mark.start()..script.end(),
                scripted(
                    mark.as_str().trim_start().chars().next().unwrap(),
                    &plain_math(script.as_str()),
                ),
                "a subscript written with an underscore",
            )
        })
        .collect()
}

/// `２０２２年` → `2022年`, `云政发〔２０２２〕７号` → `云政发〔2022〕7号`; not in a code of full-width letters and digits
fn full_width_digit(text: &str, _: Setting) -> Vec<Edit> {
    const ZERO: char = '０';
    let is_digit = |c: char| (ZERO..='９').contains(&c);
    let is_letter = |c: char| matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    // ＧＢ３０９５－２０１２, 晋Ａ１２３４５: what is set in one width stays so.
    let is_part = |c: char| is_digit(c) || is_letter(c) || matches!(c, '－' | '—' | '．' | '／');
    if !text.contains(is_digit) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(|c| !is_part(c)) {
        if !word.contains(is_letter) {
            let digits = word.char_indices().filter(|&(_, c)| is_digit(c));
            edits.extend(digits.map(|(at, c)| {
                let ascii = char::from(b'0' + (c as u32 - ZERO as u32) as u8);
                let range = start + at..start + at + c.len_utf8();
                Edit::new(range, ascii, "digits are set in half width")
            }));
        }
        start += word.len();
    }
    edits
}

/// `云政发〔2023〕I2号` → `云政发〔2023〕12号`
fn misread_number(text: &str, setting: Setting) -> Vec<Edit> {
    if setting.in_table {
        return Vec::new();
    }
    corrections(text)
        .into_iter()
        .map(|(range, right)| {
            let why = "the line is a 发文字号 but for this";
            Edit::new(range, right, why)
        })
        .collect()
}

/// `⼈⺠` → `人民`
fn radical_form(text: &str, setting: Setting) -> Vec<Edit> {
    text.char_indices()
        .filter_map(|(at, c)| {
            let whole = whole_character(c, setting.simplified)?;
            let why = "the code of a radical stands for the character";
            Some(Edit::new(at..at + c.len_utf8(), whole, why))
        })
        .collect()
}

/// `發(fā)展` → `發展`
fn pinyin_in_brackets(text: &str, _: Setting) -> Vec<Edit> {
    static READING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\p{Han}([（(]\s?[a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ][a-zü]{0,4}\s?[）)])")
            .expect("a pattern")
    });
    if !text.contains(['(', '（']) {
        return Vec::new();
    }
    READING
        .captures_iter(text)
        .filter_map(|m| m.get(1))
        .map(|reading| Edit::new(reading.range(), "", "how the character before it is read"))
        .collect()
}

/// `意识 and 能力` → `意识和能力`
fn english_and(text: &str, _: Setting) -> Vec<Edit> {
    static AND: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\p{Han}(\s*\band\b\s*)\p{Han}").unwrap());
    if !text.contains("and") {
        return Vec::new();
    }
    AND.captures_iter(text)
        .map(|m| {
            Edit::new(
                m.get(1).unwrap().range(),
                "和",
                "an English word between Chinese ones stands for 和",
            )
        })
        .collect()
}

/// `削 减 量 合 计` → `削减量合计`
fn letter_spaced(text: &str, setting: Setting) -> Vec<Edit> {
    let body = text.trim_matches(is_blank);
    let words: Vec<&str> = body
        .split([' ', '\u{3000}'])
        .filter(|w| !w.is_empty())
        .collect();
    let spaced = words.len() >= 2
        && words
            .iter()
            .all(|w| w.chars().count() == 1 && w.chars().all(is_han));
    if setting.in_table || !spaced {
        return Vec::new();
    }
    spaces(text, |_, _| true)
        .map(|range| Edit::new(range, "", "a title set with spaces between its characters"))
        .collect()
}

/// `红旗小 区` → `红旗小区`, `豆 村 镇` → `豆村镇`, `白 锋` → `白锋`
fn cell_spaces(text: &str, setting: Setting) -> Vec<Edit> {
    if !setting.in_table {
        return Vec::new();
    }
    spaces(text, |left, right| {
        !(left.is_ascii() && right.is_ascii()) || left == '/' || right == '('
    })
    .map(|range| {
        Edit::new(
            range,
            "",
            "white space where the cell wraps or spreads a short text",
        )
    })
    .collect()
}

/// `2023 年` → `2023年`, `应急 PDT 窄带` → `应急PDT窄带`
fn space_beside_han(text: &str, setting: Setting) -> Vec<Edit> {
    if setting.in_table || !text.contains([' ', '\u{3000}']) {
        return Vec::new();
    }
    let has_han = text.chars().any(is_han);
    let head = end_of_number(text);
    let set_off = end_of_leading_digits(text);
    let is_row = is_row_of_names(text);
    let is_printed = |range: &Range<usize>| {
        let parts_names = is_row
            && text[..range.start].ends_with(['）', ')'])
            && text[range.end..].starts_with(is_han);
        // 12  关于…: a number that a gap sets off from what follows it.
        let sets_off_number = range.start == set_off && range.len() >= 2;
        parts_names || sets_off_number || range.start < head || is_wide(&text[range.clone()])
    };
    let edit = |range| {
        let why = "Chinese is set without a space beside Latin letters, digits and signs";
        Edit::new(range, "", why)
    };
    spaces(text, |left, right| {
        stands_without_space(left, right, has_han)
    })
    .filter(|range| !is_printed(range))
    .map(edit)
    .collect()
}

/// Whether no space stands between two characters; `has_han`: between marks and letters of a line with Chinese text.
fn stands_without_space(left: char, right: char, has_han: bool) -> bool {
    let is_sign = |c: char| {
        matches!(
            c,
            '×' | '÷' | '=' | '+' | '±' | '/' | '·' | '≤' | '≥' | '%' | '‰' | '₀'..='ₓ' | '²' | '³'
        )
    };
    let is_mark = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')');
    let is_chinese = |c: char| is_han(c) || is_cjk_punctuation(c);
    match (is_chinese(left), is_chinese(right)) {
        // 山西省财政厅 山西省农业农村厅: a space between two names is printed.
        (true, true) => is_cjk_punctuation(left) || is_cjk_punctuation(right),
        (true, false) | (false, true) => true,
        (false, false) => {
            is_sign(left) || is_sign(right) || has_han && (is_mark(left) || is_mark(right))
        }
    }
}

/// Where the number in front of a line ends with its space: that of a list has a rule of its own; that behind the number of
/// a caption or label is printed: 表1 基准地价表, 附件1 名单.
fn end_of_number(text: &str) -> usize {
    static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:附?[表图]|附件|附录|附)\s?[0-9]{1,3}(?:[-—.][0-9]+)?\s").unwrap()
    });
    let of_list = list_number(text).map_or(0, |space| space.end);
    of_list.max(CAPTION.find(text).map_or(0, |m| m.end()))
}

fn end_of_leading_digits(text: &str) -> usize {
    let behind = text
        .trim_start_matches(is_blank)
        .trim_start_matches(|c: char| c.is_ascii_digit());
    text.len() - behind.len()
}

/// `赵　云（女）　欧阳　锋`: of a row of names the gap after a bracket is one more between names.
fn is_row_of_names(text: &str) -> bool {
    let mut gaps = spaces(text, |left, right| is_han(left) && is_han(right));
    gaps.nth(1).is_some() && !text.contains(['：', '。'])
}

/// A wide gap is layout: names side by side, a page number at the margin.
fn is_wide(gap: &str) -> bool {
    /// In full characters.
    const WIDE: f32 = 1.5;
    width(&gap.replace('\u{3000}', "空")) >= WIDE
}

/// `1. 严格责任` → `1.严格责任`; `5. 5岁以下` stays as it is: item 5 and 5岁, never 5.5
fn list_number_space(text: &str, setting: Setting) -> Vec<Edit> {
    if setting.in_table {
        return Vec::new();
    }
    list_number(text)
        .filter(|space| !text[space.end..].starts_with(|c: char| c.is_ascii_digit()))
        .map(|space| Edit::new(space, "", "a list number is set without a space after it"))
        .into_iter()
        .collect()
}

/// The space after a list number at the start of a line.
fn list_number(text: &str) -> Option<Range<usize>> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^\s*(?:[0-9]{1,3}[.．、]|[（(]\s*[0-9一二三四五六七八九十]{1,3}\s*[）)]|[一二三四五六七八九十]{1,3}、)([ \u{3000}]+)\S",
        )
        .unwrap()
    });
    text.contains([' ', '\u{3000}'])
        .then(|| NUMBER.captures(text))
        .flatten()
        .and_then(|m| m.get(1))
        .map(|space| space.range())
}

/// `县政府(办公室)` → `县政府（办公室）`, `如下:` → `如下：`; not in numbers, times, addresses or formulas
fn half_width_punctuation(text: &str, _: Setting) -> Vec<Edit> {
    static MACHINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:https?://|www\.)[\x21-\x7e]*[A-Za-z0-9/=]|[\w.+-]+@[\w-]+\.[\w.-]+|\d+(?::\d\d)+|\d{1,3}(?:,\d{3})+").unwrap()
    });
    let is_half = |c: char| full_width_mark(c).is_some();
    if !text.contains(is_half) || !text.chars().any(is_han) {
        return Vec::new();
    }
    let machine: Vec<Range<usize>> = MACHINE.find_iter(text).map(|m| m.range()).collect();
    // A bracket follows its partner: both Chinese or neither.
    let mut open: Vec<char> = Vec::new();
    let mut edits = Vec::new();
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let Some(full) = full_width_mark(c) else {
            match c {
                '（' => open.push(c),
                '）' => drop(open.pop()),
                _ => {}
            }
            before = (!is_blank(c)).then_some(c).or(before);
            continue;
        };
        let after = chars.peek().map(|&(_, c)| c);
        let is_machine = machine.iter().any(|m| m.contains(&at));
        let converts = match c {
            ')' => open.pop().map_or(!is_machine, |opened| opened == '（'),
            '(' => !is_machine && opens_chinese(before, after, &text[at..]),
            _ => !is_machine && !is_between_digits(before, after),
        };
        let mark = if converts { full } else { c };
        if c == '(' {
            open.push(mark);
        }
        if converts {
            let why = "half-width punctuation in Chinese text";
            edits.push(Edit::new(at..at + 1, full.to_string(), why));
        }
        before = Some(mark);
    }
    edits
}

/// The mark of Chinese text that a half-width one stands for.
fn full_width_mark(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        _ => return None,
    })
}

/// Whether a bracket that opens with `text` stands in Chinese text, by what stands on its sides and behind its partner.
fn opens_chinese(before: Option<char>, after: Option<char>, text: &str) -> bool {
    let is_chinese = |c: char| is_han(c) || is_cjk_punctuation(c);
    let follows_text = before
        .is_none_or(|b| is_chinese(b) || !b.is_ascii() || b.is_ascii_alphanumeric() || b == '/');
    follows_text || after.is_some_and(is_chinese) || closes_beside_han(text)
}

/// Whether a mark is part of a number, a ratio or a time.
fn is_between_digits(before: Option<char>, after: Option<char>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    before.is_some_and(is_digit) && after.is_some_and(is_digit)
}

fn closes_beside_han(text: &str) -> bool {
    text.find(')').is_some_and(|close| {
        text[close + 1..]
            .chars()
            .find(|c| !is_blank(*c))
            .is_none_or(|c| is_han(c) || is_cjk_punctuation(c) || matches!(c, ',' | ';' | ':'))
    })
}

/// `中小學生體質健康標準` → `中小学生体质健康标准`, only where a stretch stands out from simplified text
fn traditional_stretch(text: &str, setting: Setting) -> Vec<Edit> {
    if !setting.simplified || words::count_outside_gb2312(text) == 0 {
        return Vec::new();
    }
    let simple = words::to_simplified(text);
    if simple.chars().count() != text.chars().count() {
        return Vec::new();
    }
    let changed: Vec<(usize, char, char)> = text
        .char_indices()
        .zip(simple.chars())
        .filter(|((_, a), b)| a != b)
        .map(|((at, a), b)| (at, a, b))
        .collect();
    // Traditional characters that are rare among simplified ones are names or quotations, and stay.
    let han = text.chars().filter(|&c| is_han(c)).count();
    let [sure, in_word, unsure] = Rule::TraditionalStretch.grades() else {
        unreachable!("a stretch has three grades");
    };
    // 云政發〔2023〕1号: the code of a number is in the script of the gazette.
    let is_number =
        han <= LONGEST_CODE && text.contains(['〔', '［', '（', '[']) && text.ends_with('号');
    let stands_out = changed.len() >= 3 && changed.len() * 10 >= han;
    changed
        .into_iter()
        .filter(|&(_, a, _)| words::only_traditional(a))
        .map(|(at, a, b)| {
            // 部門 is the word 部门; 張 of a name is in none.
            let is_word = || {
                let (before, behind) = (&text[..at], &text[at + a.len_utf8()..]);
                words::length_of_word(&near_end(before), b, &near_start(behind)) > 1
            };
            let confidence = match stands_out {
                true => *sure,
                false if is_number || is_word() => *in_word,
                false => *unsure,
            };
            Edit::new(
                at..at + a.len_utf8(),
                b.to_string(),
                "a stretch in traditional characters inside simplified text",
            )
            .graded(confidence)
        })
        .collect()
}

/// Hanzi of a 发文字号 at most.
const LONGEST_CODE: usize = 14;

/// Characters around one among which its word stands.
const AROUND: usize = 6;

/// The end of a text, and the beginning of one, in simplified characters.
fn near_end(text: &str) -> String {
    let start = text
        .char_indices()
        .rev()
        .nth(AROUND)
        .map_or(0, |(at, _)| at);
    words::to_simplified(&text[start..])
}

fn near_start(text: &str) -> String {
    words::to_simplified(&text.chars().take(AROUND).collect::<String>())
}

/// White space inside a text (not at its ends, no tab), where `joins` says so of the characters around it.
fn spaces<'a>(
    text: &'a str,
    joins: impl Fn(char, char) -> bool + 'a,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut left = None;
    let mut start = None;
    text.char_indices().filter_map(move |(at, c)| {
        if c != '\t' && is_blank(c) {
            start.get_or_insert(at);
            return None;
        }
        let found = start
            .take()
            .filter(|_| c != '\t')
            .zip(left)
            .filter(|&(_, l)| joins(l, c))
            .map(|(s, _)| s..at);
        left = (c != '\t').then_some(c);
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(rule: RuleFn, text: &str, in_table: bool) -> String {
        let mut out = text.to_owned();
        for e in rule(
            text,
            Setting {
                in_table,
                simplified: true,
            },
        )
        .into_iter()
        .rev()
        {
            out.replace_range(e.range, &e.after);
        }
        out
    }

    #[test]
    fn mathematics() {
        assert_eq!(
            repaired(latex, r"其中 $\text{PM}_{2.5}$ 浓度", false),
            "其中 PM₂.₅ 浓度"
        );
        assert_eq!(
            repaired(
                latex,
                r"$$Q_{net,ar} = 0.7 \times 10^{-6} \cdot 75\%$$",
                false
            ),
            "Qnet,ar=0.7×10⁻⁶·75%"
        );
        assert_eq!(
            repaired(latex, "价格$100至$200之间", false),
            "价格$100至$200之间"
        );
        assert_eq!(
            repaired(subscript, "SO_2、PM_{10}、G_{NO_x}", false),
            "SO₂、PM₁₀、GNOₓ"
        );
        assert_eq!(repaired(subscript, "a_b@163.com", false), "a_b@163.com");
        assert_eq!(
            repaired(subscript, "文件 data_set 编号", false),
            "文件 data_set 编号"
        );
    }

    #[test]
    fn punctuation_keeps_numbers_times_and_addresses() {
        let fix = |text| repaired(half_width_punctuation, text, false);
        assert_eq!(
            fix("各乡(镇)人民政府,县直各局:"),
            "各乡（镇）人民政府，县直各局："
        );
        assert_eq!(fix("会议于8:30开始,共1,234人"), "会议于8:30开始，共1,234人");
        assert_eq!(fix("邮箱:a.b@163.com"), "邮箱：a.b@163.com");
        assert_eq!(fix("标准(GB3095-2012)中的"), "标准（GB3095-2012）中的");
        assert_eq!(fix("f(x) = 2"), "f(x) = 2");
    }

    #[test]
    fn spaces_between_names_are_printed() {
        let fix = |text| repaired(space_beside_han, text, false);
        assert_eq!(fix("2023 年第 1 期"), "2023年第1期");
        assert_eq!(
            fix("《省财政厅 省农业厅关于 X 的通知》"),
            "《省财政厅 省农业厅关于X的通知》"
        );
        assert_eq!(fix("use the open data"), "use the open data");
        assert_eq!(
            repaired(list_number_space, "5. 加强儿童保健", false),
            "5.加强儿童保健"
        );
        assert_eq!(
            repaired(list_number_space, "5. 5岁以下儿童", false),
            "5. 5岁以下儿童"
        );
    }

    #[test]
    fn digits_are_folded_but_in_codes() {
        let fix = |text| repaired(full_width_digit, text, false);
        assert_eq!(
            fix("云政发〔２０２２〕７号　２０２２年６月１日"),
            "云政发〔2022〕7号　2022年6月1日"
        );
        assert_eq!(
            fix("按ＧＢ３０９５－２０１２执行"),
            "按ＧＢ３０９５－２０１２执行"
        );
        assert_eq!(fix("晋Ａ１２３４５"), "晋Ａ１２３４５");
    }

    #[test]
    fn cells() {
        assert_eq!(
            repaired(cell_spaces, "1\t豆 村 镇\t元 /t", true),
            "1\t豆村镇\t元/t"
        );
        assert_eq!(repaired(letter_spaced, "目 录", false), "目录");
    }

    #[test]
    fn traditional_only_where_it_stands_out() {
        assert_eq!(
            repaired(
                traditional_stretch,
                "中小學生《國家學生體質健康標準》達標率",
                false
            ),
            "中小学生《国家学生体质健康标准》达标率"
        );
        assert_eq!(repaired(traditional_stretch, "显著提高", false), "显著提高");
    }
}
