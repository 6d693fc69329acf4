//! Elements of the head (版头, 标题, 主送机关) and notes (附注), by the words of one line.

use std::sync::LazyLock;

use regex::Regex;

use crate::issuers::{ends_in_addressed, ends_in_issuer, ends_whole, starts_with_place};
use crate::label::label;
use crate::script::{is_blank, width, without_blanks};

/// `000018　机密★1年`, `特急`: copy number, secrecy and urgency, at the top of a printed document.
pub fn is_marking(text: &str) -> bool {
    static MARKING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\d{6}|(?:绝密|机密|秘密)(?:★(?:\d{1,2}[年月]|长期)?)?|特急|加急|平急|急件|特提)+$").unwrap()
    });
    let begins = |c: char| c.is_ascii_digit() || "绝机秘特加平急".contains(c);
    if !text.starts_with(begins) {
        return false;
    }
    let text = without_blanks(text);
    text.len() <= 60 && MARKING.is_match(&text)
}

/// （此件公开发布）
pub fn is_note(text: &str) -> bool {
    static NOTE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[（(](?:此件|公开|主动公开|信息公开|联系|此页|本页|依申请|删减|有删减|本文有|附件略|不予公开).{0,80}[)）]$").unwrap()
    });
    text.len() < 400 && text.starts_with(['（', '(']) && NOTE.is_match(text)
}

/// （2023年1月16日省第十四届人民代表大会常务委员会第三次会议通过）
pub fn is_title_note(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    text.starts_with(['（', '('])
        && text.ends_with(['）', ')'])
        && width(text) <= 200.0
        && text.contains('年')
        && text.contains('日')
        && is_in_brackets(text)
}

/// Whether all of a text stands in brackets: `（1996年…通过）（2012年…修正）`, and not `（试行）的通知（2023年4月27日）`.
fn is_in_brackets(text: &str) -> bool {
    let mut depth = 0i32;
    text.chars().all(|c| {
        depth += i32::from(matches!(c, '（' | '('));
        let is_inside = depth > 0 || is_blank(c);
        depth -= i32::from(matches!(c, '）' | ')'));
        is_inside
    })
}

/// （2021—2025年）: a line of a title in brackets.
pub fn is_subtitle(text: &str) -> bool {
    text.starts_with(['（', '('])
        && width(text) <= 24.0
        && text.ends_with(['）', ')'])
        && !is_note(text)
        && !is_title_note(text)
}

/// Where the address at the start of a text ends, its colon included.
pub fn addressees_end(text: &str) -> Option<usize> {
    // 通知如下：
    static INTRODUCES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:如下|以下|规定|下列|包括|为|是|即|要求|目标|措施|式中|其中|强调|指出|认为|决定|电话|邮箱|网址|地址|(?:责任|牵头|主办|配合|承办)单位|附件|(?:^|[^代])表\d*|注|时间|地点|内容|依据|原则)$").unwrap()
    });
    let end = text.find(['：', ':'])?;
    let head = text[..end].trim_matches(is_blank);
    let bodies = || {
        head.split(['，', '、', '；', ',']).any(|part| {
            part.starts_with('各')
                || part.contains("各")
                || ends_in_issuer(part)
                || ends_in_addressed(part)
        })
    };
    let whole = end + text[end..].chars().next().map_or(0, char::len_utf8);
    (width(head) <= 260.0
        && head.chars().count() >= 2
        && !head.contains(['。', '《', '〔', '年'])
        && head.matches('（').count() == head.matches('）').count()
        && label(head).is_none()
        && !INTRODUCES.is_match(head)
        && bodies())
    .then_some(whole)
}

/// `各市人民政府，省直各单位` → its bodies. 、 parts bodies only where whole names stand on both sides.
pub fn split_addressees(text: &str) -> Vec<String> {
    let text = without_blanks(text);
    text.split(['，', '；', ',', ';'])
        .flat_map(split_clause)
        .filter(|item| !item.is_empty())
        .collect()
}

/// The bodies of a text without commas.
fn split_clause(clause: &str) -> Vec<String> {
    let items: Vec<&str> = clause.split('、').collect();
    let mut out = Vec::new();
    let mut current = String::new();
    let mut depth = 0i32;
    let mut has_parted = false;
    for (n, item) in items.iter().enumerate() {
        if !current.is_empty() {
            current.push('、');
        }
        current.push_str(item);
        depth += item
            .chars()
            .map(|c| i32::from(c == '（') - i32::from(c == '）'))
            .sum::<i32>();
        let Some(next) = items.get(n + 1) else {
            break;
        };
        let is_listed = clause.contains('各') && !item.ends_with("人民政府");
        let are_bodies = !is_listed && are_two_bodies(item, next, has_parted);
        if depth == 0 && (are_two_names(item, next) || are_bodies) {
            has_parted |= are_bodies;
            out.push(std::mem::take(&mut current));
        }
    }
    out.push(current);
    out
}

/// Two whole names: 河北省人民政府、国家发展改革委.
fn are_two_names(item: &str, next: &str) -> bool {
    let is_whole = ends_whole(item) && !item.starts_with('各') || item.ends_with("人民政府");
    is_whole && ends_whole(next)
}

/// Two bodies, the second one of its own and not one more of the place before it: 公安部、民政部, and not
/// 县财政局、农业农村局. After the first that is, all are.
fn are_two_bodies(item: &str, next: &str, has_parted: bool) -> bool {
    /// Characters that a name takes at least.
    const SHORTEST: usize = 3;
    let is_body = |item: &str| item.chars().count() >= SHORTEST && ends_in_issuer(item);
    is_body(item) && is_body(next) && !next.contains('各') && (has_parted || is_of_its_own(next))
}

fn is_of_its_own(name: &str) -> bool {
    name.ends_with(['部', '署'])
        || name.ends_with("总局")
        || starts_with_place(name) && !name.starts_with("市场")
}

/// What stands in 《》, outermost.
pub fn quoted(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '《' => {
                if depth == 0 {
                    start = at + c.len_utf8();
                }
                depth += 1;
            }
            '》' if depth > 0 => {
                depth -= 1;
                if depth == 0 && text[start..at].chars().count() >= 4 {
                    names.push(text[start..at].to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

/// `——2023年1月9日在云溪县第五届人民代表大会第三次会议上`: where a report was given.
pub fn is_delivery(text: &str) -> bool {
    let inner = text.trim_start_matches(['—', '－', '-', '―', '（', '(']);
    inner.len() < text.len()
        && width(text) <= 80.0
        && inner.contains('年')
        && inner.contains('在')
        && (inner.contains("会议") || inner.contains("大会"))
}

/// A title without the date in brackets that a compilation puts behind it.
pub fn without_date(title: &str) -> String {
    let body = title.trim_end();
    match body.rfind(['（', '(']) {
        Some(open) if body[open..].contains('年') && body[open..].contains('月') => {
            body[..open].to_owned()
        }
        _ => body.to_owned(),
    }
}

/// `某某人民政府文件`, `文件`: 发文机关标志.
pub fn is_issuer_mark(text: &str) -> bool {
    if !text.ends_with('件') {
        return false;
    }
    let text = without_blanks(text);
    text.strip_suffix("文件")
        .is_some_and(|issuer| issuer.is_empty() || ends_in_issuer(issuer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_stand_in_brackets() {
        assert!(is_title_note("（1996年3月5日通过）（2012年5月6日修正）"));
        assert!(!is_title_note("（试行）的通知（2023年4月27日）"));
    }

    #[test]
    fn addresses() {
        let end = |text| addressees_end(text).is_some();
        assert!(end(
            "各乡（镇）人民政府，清河风景区服务中心，县直各局、办："
        ));
        assert!(end("河北省人民政府、国家发展改革委："));
        assert!(end("局机关各处室、所属各单位："));
        assert!(!end("现就有关事项通知如下："));
        assert!(!end("举报电话："));
        assert!(!end("（一）产业发展类：统筹安排"));
        assert_eq!(
            split_addressees("各乡（镇）人民政府，县直各局、办"),
            ["各乡（镇）人民政府", "县直各局、办"]
        );
        assert_eq!(
            split_addressees("河北省人民政府、国家发展改革委"),
            ["河北省人民政府", "国家发展改革委"]
        );
        assert_eq!(
            split_addressees("县财政局、农业农村局"),
            ["县财政局、农业农村局"]
        );
        assert_eq!(
            split_addressees("公安部、民政部，市委宣传部、市医保局"),
            ["公安部", "民政部", "市委宣传部", "市医保局"]
        );
        assert_eq!(
            split_addressees("各乡镇人民政府、县直有关部门"),
            ["各乡镇人民政府", "县直有关部门"]
        );
        assert_eq!(
            split_addressees("各省、自治区、直辖市人民政府，国务院各部委"),
            ["各省、自治区、直辖市人民政府", "国务院各部委"]
        );
    }
}
