//! What the words of a line, or of a passage, say of it: every question that a stage asks of a text, answered once.

use model::{Colophon, Number};

use crate::attachments::{attachment_label, is_attachment_label, opens_attachment_list};
use crate::colophon::{colophon_line, is_colophon};
use crate::contents::page_end;
use crate::damaged_number::is_damaged_number;
use crate::formula::is_formula;
use crate::head::{
    addressees_end, is_delivery, is_issuer_mark, is_marking, is_note, is_subtitle, is_title_note,
};
use crate::issuers::{ends_in_issuer, heads_title, is_issuer_name, is_unfinished_issuer};
use crate::label::{Label, label};
use crate::masthead::{is_imprint, is_masthead, is_section, names_its_issuer};
use crate::metadata::{is_below_text, is_metadata};
use crate::number::{
    NumberForms, is_registration, looks_like_number, number_behind_title, number_line, serial_line,
    serial_title,
};
use crate::roster::is_roster;
use crate::script::{date_line, is_blank, is_terminal, last_mark, width, without_blanks};
use crate::signature::{dated_name, is_month, is_office, is_officer, loose_date};
use crate::tables::{is_caption, is_unit, names_table};
use crate::titles::{
    BareKind, bare_kind, before_appointments, closes_order, ends_entry, ends_title, is_free_title,
    is_order_title, issues_text, kind_of, leading_word, names_appendix, names_text,
    numbered_ending, opens_order,
};
use crate::words::simplified;

/// What a line is, as far as the line alone shows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineKind {
    #[default]
    Prose,
    /// 云政发〔2023〕1号
    Number,
    Date,
    /// （此件公开发布）
    Note,
    /// 附件1
    AttachmentLabel,
    /// 附件：1.…
    AttachmentList,
    /// 抄送：…  …印发
    Colophon,
    /// 表1 …
    Caption,
    /// 【市政府文件】
    Section,
    /// 某某人民政府公报, 2023年第1期, 某某主办
    Masthead,
    Formula,
}

/// A title and the 第N号 behind it: `山西省人民政府令（第301号）`.
#[derive(Debug, Clone, PartialEq)]
pub struct SerialTitle {
    /// Bytes of the text before the number.
    pub head_len: usize,
    pub number: Number,
}

/// A label of an attachment, and where what follows it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachmentStart {
    /// In its plain form: 附件1
    pub label: String,
    /// Byte of the text.
    pub rest: usize,
}

/// The facts of a text. A text too long for an element of a document has only its measures and its label.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextFacts {
    /// In full characters.
    pub width: f32,
    /// The last mark that says whether it is finished.
    pub ending: Option<char>,
    pub label: Option<Label>,
    pub kind: LineKind,
    /// 发文字号, where there is nothing else.
    pub numbers: Vec<Number>,
    /// The 发文字号 that stands behind the end of a title.
    pub number_behind_title: Option<Number>,
    pub looks_like_number: bool,
    /// A 发文字号 of which something was misread, so that it does not say which.
    pub is_damaged_number: bool,
    /// The number of a registration, and nothing else.
    pub is_registration: bool,
    /// 第37号, and nothing else.
    pub serial: Option<Number>,
    pub serial_title: Option<SerialTitle>,
    /// ISO date, where there is nothing else.
    pub date: Option<String>,
    /// A month, and nothing else: 2023年5月
    pub is_month: bool,
    /// Byte at which the date starts that stands behind a name.
    pub dated_name: Option<usize>,
    /// Names of issuing bodies, and nothing else.
    pub is_issuer: bool,
    pub ends_in_issuer: bool,
    pub is_officer: bool,
    /// An office without who holds it.
    pub is_office: bool,
    /// 文种
    pub document_kind: Option<&'static str>,
    /// An issuer and 关于, 印发 or the like.
    pub heads_title: bool,
    pub names_text: bool,
    pub names_appendix: bool,
    pub is_free_title: bool,
    pub issues_text: bool,
    pub ends_title: bool,
    pub ends_entry: bool,
    /// Byte at which the address at its start ends.
    pub addressees_end: Option<usize>,
    pub is_marking: bool,
    pub is_note: bool,
    pub is_title_note: bool,
    pub is_subtitle: bool,
    pub is_delivery: bool,
    pub attachment: Option<AttachmentStart>,
    pub colophon: Option<Colophon>,
    pub is_caption: bool,
    pub is_unit: bool,
    pub names_table: bool,
    pub is_masthead: bool,
    pub is_section: bool,
    /// A section of the gazette that names no issuer.
    pub heads_section: bool,
    /// Byte at which the leader of a page number starts, at the end of an entry of contents.
    pub page_leader: Option<usize>,
    pub is_formula: bool,
    pub is_roster: bool,
    /// It has a full stop, or ends as a sentence or a clause does.
    pub is_sentence: bool,
    /// Names of issuing bodies and nothing else, once the white space inside them is left out: 财　政　部
    pub is_spaced_issuer: bool,
    /// The name of a body that goes on on the next line.
    pub is_unfinished_issuer: bool,
    /// 某某人民政府文件
    pub is_issuer_mark: bool,
    /// Byte at which the first word stands that a line of a title can begin with, below its issuer: 关于, 印发
    pub leading_word: Option<usize>,
    /// A 公告, 通告 or 令 without a subject.
    pub bare_kind: Option<BareKind>,
    pub is_order_title: bool,
    /// 命令如下
    pub opens_order: bool,
    /// 此令
    pub closes_order: bool,
    /// The last character of what a 第N号 on the next line numbers: 令, 公告, 纪要
    pub numbered_ending: Option<char>,
    /// Byte at which 任免名单 or the like begins, which ends the text.
    pub appointments: Option<usize>,
    /// ISO date above who signs: 二〇二四年三月十二日发布。
    pub loose_date: Option<String>,
    /// A title that begins with its number: 第32/2024号行政长官批示
    pub numbered_title: Option<Number>,
    pub is_imprint: bool,
    /// A line of the block above a document on a web page: 索引号：…
    pub is_metadata: bool,
    /// What a web page sets below a document.
    pub is_below_text: bool,
}

/// The widest text, in full characters, that can be an element of a document and not its prose: an address of two
/// hundred bodies is.
const WIDEST: f32 = 320.0;

impl TextFacts {
    /// Reads a text without outer white space.
    pub fn new(text: &str, forms: &NumberForms) -> Self {
        let text = text.trim_matches(is_blank);
        let width = width(text);
        let ending = last_mark(text);
        let facts = TextFacts {
            width,
            ending,
            label: label(text),
            is_sentence: text.contains('。') || ending.is_some_and(|c| is_terminal(c) || c == '，'),
            // A body can run on behind an address, and a list of attachments be long.
            addressees_end: addressees_end(text),
            attachment: attachment_start(text),
            opens_order: opens_order(text),
            closes_order: closes_order(text),
            ..Self::default()
        };
        if text.is_empty() || width > WIDEST {
            facts
        } else {
            facts.with_elements(text, forms)
        }
    }

    fn with_elements(self, text: &str, forms: &NumberForms) -> Self {
        let serial_title = serial_title(text, forms).map(|(head, number)| SerialTitle {
            head_len: head.len(),
            number,
        });
        // What is quoted from a text stays as printed; what is asked about it is asked in one script.
        let printed = text;
        let plain = simplified(text);
        let text = plain.as_ref();
        let squeezed = without_blanks(text);
        let has_blanks = squeezed.len() < text.len();
        let is_issuer = is_issuer_name(text);
        let is_section = is_section(text);
        let mut facts = Self {
            looks_like_number: looks_like_number(text),
            is_damaged_number: is_damaged_number(text),
            is_registration: is_registration(text),
            serial: serial_line(printed, forms),
            serial_title,
            date: date_line(text),
            is_month: is_month(text),
            dated_name: dated_name(text),
            is_issuer,
            ends_in_issuer: ends_in_issuer(text),
            is_officer: is_officer(text),
            addressees_end: addressees_end(text),
            is_spaced_issuer: is_issuer || has_blanks && is_issuer_name(&squeezed),
            is_unfinished_issuer: is_unfinished_issuer(&squeezed),
            is_issuer_mark: is_issuer_mark(text),
            loose_date: loose_date(text),
            is_imprint: is_imprint(text),
            is_metadata: is_metadata(text),
            is_below_text: is_below_text(text),
            is_office: is_office(text),
            is_marking: is_marking(text),
            is_note: is_note(text),
            is_title_note: is_title_note(text),
            is_subtitle: is_subtitle(text),
            is_delivery: is_delivery(text),
            colophon: colophon_line(printed),
            is_caption: is_caption(text),
            is_unit: is_unit(text),
            names_table: names_table(text),
            is_masthead: is_masthead(text),
            is_section,
            heads_section: is_section && !names_its_issuer(text),
            page_leader: page_end(text).map(|leader| leader.start),
            is_formula: is_formula(text),
            is_roster: is_roster(text),
            ..self
        }
        .with_title(text)
        .with_numbers(printed, forms);
        facts.is_damaged_number &= facts.numbers.is_empty() && facts.serial_title.is_none();
        facts.kind = facts.line_kind(text);
        facts
    }

    fn with_numbers(self, printed: &str, forms: &NumberForms) -> Self {
        match number_behind_title(printed, forms) {
            Some(number) => Self {
                number_behind_title: Some(number),
                looks_like_number: false,
                ..self
            },
            None => Self {
                numbers: number_line(printed, forms),
                ..self
            },
        }
    }

    fn with_title(self, text: &str) -> Self {
        Self {
            document_kind: kind_of(text),
            heads_title: heads_title(text),
            names_text: names_text(text),
            names_appendix: names_appendix(text),
            is_free_title: is_free_title(text),
            issues_text: issues_text(text),
            ends_title: ends_title(text),
            ends_entry: ends_entry(text),
            leading_word: leading_word(text),
            bare_kind: bare_kind(text),
            is_order_title: is_order_title(text),
            numbered_ending: numbered_ending(text),
            appointments: before_appointments(text).map(str::len),
            ..self
        }
    }
}

fn attachment_start(text: &str) -> Option<AttachmentStart> {
    let (label, rest) = attachment_label(text)?;
    Some(AttachmentStart {
        label,
        rest: text.len() - rest.len(),
    })
}

impl TextFacts {
    fn line_kind(&self, text: &str) -> LineKind {
        // （国发〔2021〕24号），: a sentence goes on after it.
        let is_whole = !text.ends_with(['，', '、', '；', ',', ';']);
        let is_number = self.looks_like_number
            || self.is_damaged_number
            || self.is_registration
            || is_whole && !self.numbers.is_empty();
        match text.chars().next().unwrap_or(' ') {
            _ if is_attachment_label(text) => LineKind::AttachmentLabel,
            '附' if opens_attachment_list(text) => LineKind::AttachmentList,
            '（' | '(' if self.is_note => LineKind::Note,
            '【' if text.ends_with('】') => LineKind::Section,
            _ if self.is_caption => LineKind::Caption,
            _ if is_number => LineKind::Number,
            _ if is_colophon(text) => LineKind::Colophon,
            _ if self.date.is_some() => LineKind::Date,
            _ if self.is_masthead => LineKind::Masthead,
            _ if self.is_formula => LineKind::Formula,
            _ => LineKind::Prose,
        }
    }

    /// The facts as names and values, in the order of the fields; what does not apply is left out.
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows = vec![("width", format!("{:.1}", self.width))];
        rows.extend(self.ending.map(|c| ("ending", c.to_string())));
        rows.extend(
            self.label
                .as_ref()
                .map(|l| ("label", format!("{} ({:?} {})", l.text, l.kind, l.seq))),
        );
        rows.push(("kind", format!("{:?}", self.kind)));
        rows.extend(self.numbers.iter().map(|n| ("number", n.text.clone())));
        rows.extend(self.serial.as_ref().map(|n| ("serial", n.text.clone())));
        rows.extend(
            self.serial_title
                .as_ref()
                .map(|s| ("serial_title", s.number.text.clone())),
        );
        rows.extend(self.date.as_ref().map(|date| ("date", date.clone())));
        rows.extend(self.dated_name.map(|at| ("dated_name", at.to_string())));
        rows.extend(
            self.document_kind
                .map(|kind| ("document_kind", kind.to_owned())),
        );
        rows.extend(
            self.addressees_end
                .map(|end| ("addressees_end", end.to_string())),
        );
        rows.extend(
            self.attachment
                .as_ref()
                .map(|a| ("attachment", a.label.clone())),
        );
        rows.extend(self.page_leader.map(|at| ("page_leader", at.to_string())));
        rows.extend(
            self.flags()
                .into_iter()
                .filter(|(_, holds)| *holds)
                .map(|(name, _)| (name, "yes".to_owned())),
        );
        rows
    }

    /// The facts that are a yes or no, by name.
    pub fn flags(&self) -> [(&'static str, bool); 33] {
        [
            ("looks_like_number", self.looks_like_number),
            ("is_damaged_number", self.is_damaged_number),
            ("is_registration", self.is_registration),
            ("is_month", self.is_month),
            ("is_issuer", self.is_issuer),
            ("ends_in_issuer", self.ends_in_issuer),
            ("is_officer", self.is_officer),
            ("heads_title", self.heads_title),
            ("names_text", self.names_text),
            ("names_appendix", self.names_appendix),
            ("is_free_title", self.is_free_title),
            ("issues_text", self.issues_text),
            ("ends_title", self.ends_title),
            ("ends_entry", self.ends_entry),
            ("is_marking", self.is_marking),
            ("is_note", self.is_note),
            ("is_title_note", self.is_title_note),
            ("is_subtitle", self.is_subtitle),
            ("is_delivery", self.is_delivery),
            ("is_colophon", self.colophon.is_some()),
            ("is_caption", self.is_caption),
            ("is_unit", self.is_unit),
            ("names_table", self.names_table),
            ("is_section", self.is_section),
            ("heads_section", self.heads_section),
            ("is_roster", self.is_roster),
            ("is_sentence", self.is_sentence),
            ("is_unfinished_issuer", self.is_unfinished_issuer),
            ("is_issuer_mark", self.is_issuer_mark),
            ("is_order_title", self.is_order_title),
            ("is_numbered_title", self.numbered_title.is_some()),
            ("is_imprint", self.is_imprint),
            ("is_metadata", self.is_metadata),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::built_in;

    #[test]
    fn kinds_of_lines() {
        let forms = built_in();
        for (text, expected) in [
            ("云政发〔2023〕1号", LineKind::Number),
            ("国办发 [ 2019 ] 6 号", LineKind::Number),
            ("云政规〔2023〕1号YXBC00－2023－0001", LineKind::Number),
            ("〔2024〕第8号", LineKind::Number),
            ("2023年2月28日", LineKind::Date),
            ("（此件公开发布）", LineKind::Note),
            ("附件1", LineKind::AttachmentLabel),
            ("附件：1.名单", LineKind::AttachmentList),
            ("表1 基准地价表", LineKind::Caption),
            ("表明了态度。", LineKind::Prose),
            ("根据国发〔2018〕41号文件精神，结合实际", LineKind::Prose),
        ] {
            assert_eq!(TextFacts::new(text, &forms).kind, expected, "{text}");
        }
    }
}
