//! Elements of the head (版头, 标题, 主送机关) and notes (附注), by the words of one line.

use std::sync::LazyLock;

use regex::Regex;

use crate::issuers::ends_in_issuer;
use crate::label::label;
use crate::script::{is_blank, width};

/// `000018　机密★1年`, `特急`: copy number, secrecy and urgency, at the top of a printed document.
pub fn is_marking(text: &str) -> bool {
    static MARKING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\d{6}|(?:绝密|机密|秘密)(?:★(?:\d{1,2}[年月]|长期)?)?|特急|加急|平急|急件|特提)+$").unwrap()
    });
    let begins = |c: char| c.is_ascii_digit() || "绝机秘特加平急".contains(c);
    if !text.starts_with(begins) {
        return false;
    }
    let text: String = text.chars().filter(|&c| !is_blank(c)).collect();
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
    const BODIES: [&str; 14] = [
        "单位",
        "企业",
        "机构",
        "处室",
        "高校",
        "部委",
        "直属",
        "军区",
        "街道",
        "开发区",
        "代表",
        "同志",
        "部队",
        "人民",
    ];
    let end = text.find(['：', ':'])?;
    let head = text[..end].trim_matches(is_blank);
    let bodies = || {
        head.split(['，', '、', '；', ',']).any(|part| {
            part.starts_with('各')
                || part.contains("各")
                || ends_in_issuer(part)
                || BODIES.iter().any(|b| part.ends_with(b))
        })
    };
    let whole = end + text[end..].chars().next().map_or(0, char::len_utf8);
    (width(head) <= 260.0
        && head.chars().count() >= 2
        && !head.contains(['。', '《'])
        && label(head).is_none()
        && !INTRODUCES.is_match(head)
        && bodies())
    .then_some(whole)
}

/// `各市人民政府，省直各单位` → its bodies. 、 parts bodies only where whole names stand on both sides.
pub fn split_addressees(text: &str) -> Vec<String> {
    const WHOLE: [&str; 12] = [
        "人民政府",
        "中心",
        "管委会",
        "委员会",
        "公司",
        "办公室",
        "办公厅",
        "管理局",
        "发展改革委",
        "总局",
        "医院",
        "大学",
    ];
    let text: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let mut out: Vec<String> = Vec::new();
    for part in text.split(['，', '；', ',', ';']) {
        let mut current = String::new();
        let mut depth = 0i32;
        let items: Vec<&str> = part.split('、').collect();
        let mut parted = false;
        for (n, item) in items.iter().enumerate() {
            if !current.is_empty() {
                current.push('、');
            }
            current.push_str(item);
            depth += item
                .chars()
                .map(|c| i32::from(c == '（') - i32::from(c == '）'))
                .sum::<i32>();
            let whole = WHOLE.iter().any(|w| item.ends_with(w)) && !item.starts_with('各')
                || item.ends_with("人民政府");
            let next_whole = items
                .get(n + 1)
                .is_some_and(|next| WHOLE.iter().any(|w| next.ends_with(w)));
            // A body of its own, not one more of the place before it: 公安部、民政部, and 县财政局、农业农村局.
            const OWN: [&str; 5] = ["省", "市", "县", "国家", "中国"];
            let own = |item: &str| {
                item.ends_with(['部', '署'])
                    || item.ends_with("总局")
                    || OWN.iter().any(|place| item.starts_with(place)) && !item.starts_with("市场")
            };
            let body = |item: &str| item.chars().count() >= 3 && ends_in_issuer(item);
            let bodies = (!part.contains('各') || item.ends_with("人民政府"))
                && body(item)
                && items.get(n + 1).is_some_and(|next| {
                    body(next) && (own(next) || parted) && !next.contains('各')
                });
            if depth == 0 && (whole && next_whole || bodies) {
                parted |= bodies;
                out.push(std::mem::take(&mut current));
            }
        }
        if !current.is_empty() {
            out.push(current);
        }
    }
    out.retain(|item| !item.is_empty());
    out
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

#[cfg(test)]
mod tests {
    use super::*;

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
