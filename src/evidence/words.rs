//! Facts of the words of a line or a passage.

use super::{Fact, step};
use language::facts::TextFacts;
use language::script::is_blank;

/// Widths of a passage, in full characters.
const WIDTHS: [f32; 10] = [1.5, 2.5, 4.5, 6.5, 10.5, 16.5, 24.5, 36.5, 60.0, 120.0];
/// Shares of figures among the characters of a passage.
const SHARES: [f32; 4] = [0.01, 0.2, 0.5, 0.8];
/// Clauses of a passage.
const CLAUSES: [f32; 3] = [1.0, 2.0, 4.0];
/// Wider passages are prose, whatever their words are.
const WIDEST: f32 = 320.0;

/// Characters by what they say at the beginning or the end of a passage.
const CLASSES: [(&str, u8); 15] = [
    ("。！？!?", 1),
    ("；;", 2),
    ("，,、", 3),
    ("：:", 4),
    ("）)〕］]】", 5),
    ("》”", 6),
    ("（(〔［[【", 7),
    ("《“", 8),
    ("0123456789０１２３４５６７８９", 9),
    ("一二三四五六七八九十〇○", 10),
    ("—－-", 11),
    ("…·.．", 12),
    ("附", 13),
    ("关", 14),
    ("第", 15),
];

/// The facts of a text, which are added to others.
pub fn add(text: &str, known: &TextFacts, facts: &mut Vec<Fact>) {
    facts.push(Fact::new("width", step(known.width, &WIDTHS)));
    if known.width <= WIDEST {
        of_marks(text, facts);
        of_elements(known, facts);
    }
}

/// What the character at an end of a text says of it.
pub fn class(c: Option<char>) -> u8 {
    let Some(c) = c else { return 0 };
    let known = CLASSES.iter().find(|(chars, _)| chars.contains(c));
    known.map_or(16 + u8::from(c.is_ascii_alphabetic()), |&(_, class)| class)
}

/// What a text holds, counted in one pass.
#[derive(Default)]
struct Counts {
    printed: usize,
    figures: usize,
    sentences: usize,
    clauses: usize,
    /// Opening less closing.
    quotes: i32,
    brackets: i32,
}

impl Counts {
    fn of(text: &str) -> Counts {
        let mut counts = Counts::default();
        for c in text.chars().filter(|&c| !is_blank(c)) {
            counts.printed += 1;
            match c {
                '0'..='9' => counts.figures += 1,
                '。' => counts.sentences += 1,
                '，' | '；' | '：' => counts.clauses += 1,
                '《' => counts.quotes += 1,
                '》' => counts.quotes -= 1,
                '（' | '(' => counts.brackets += 1,
                '）' | ')' => counts.brackets -= 1,
                _ => {}
            }
        }
        counts
    }
}

fn of_marks(text: &str, facts: &mut Vec<Fact>) {
    let counts = Counts::of(text);
    let bare = text.trim_matches(is_blank);
    let share = counts.figures as f32 / counts.printed.max(1) as f32;
    facts.extend([
        Fact::new("first", class(bare.chars().next())),
        Fact::new("last", class(bare.chars().next_back())),
        Fact::new("figures", step(share, &SHARES)),
        Fact::new("sentences", step(counts.sentences as f32, &CLAUSES)),
        Fact::new("clauses", step(counts.clauses as f32, &CLAUSES)),
    ]);
    let open = [
        ("opens_quote", counts.quotes > 0),
        ("closes_quote", counts.quotes < 0),
        ("opens_bracket", counts.brackets > 0),
        ("closes_bracket", counts.brackets < 0),
        ("spaced", bare.chars().any(is_blank)),
    ];
    let open = open.into_iter().filter(|(_, holds)| *holds);
    facts.extend(open.map(|(name, _)| Fact::yes(name)));
}

fn of_elements(known: &TextFacts, facts: &mut Vec<Fact>) {
    facts.extend(
        known
            .flags()
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(name, _)| Fact::yes(name)),
    );
    facts.push(Fact::new("kind", known.kind as u8));
    let label = known.label.as_ref();
    facts.extend(label.map(|label| Fact::new("label", label.kind as u8)));
    let leading = known.leading_word;
    facts.extend(leading.map(|at| Fact::new("leading_word", u8::from(at > 0))));
    let bare_kind = known.bare_kind;
    facts.extend(bare_kind.map(|kind| Fact::new("bare_kind", kind as u8)));
    let some = [
        ("label_is_first", label.is_some_and(|label| label.seq == 1)),
        ("address", known.addressees_end.is_some()),
        ("attachment", known.attachment.is_some()),
        ("number", !known.numbers.is_empty()),
        ("serial", known.serial.is_some()),
        ("serial_title", known.serial_title.is_some()),
        ("date", known.date.is_some()),
        ("dated_name", known.dated_name.is_some()),
        ("loose_date", known.loose_date.is_some()),
        ("page_leader", known.page_leader.is_some()),
        ("numbered_ending", known.numbered_ending.is_some()),
        ("appointments", known.appointments.is_some()),
        ("opens_order", known.opens_order),
        ("closes_order", known.closes_order),
        ("names_kind", known.document_kind.is_some()),
        ("is_spaced_issuer", known.is_spaced_issuer),
        ("is_masthead", known.is_masthead),
        ("is_formula", known.is_formula),
    ];
    facts.extend(
        some.into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(name, _)| Fact::yes(name)),
    );
    let kind = known.document_kind.map(kind_group);
    facts.extend(kind.map(|value| Fact::new("document_kind", value)));
}

/// 文种 by what stands around them: a notice has an address, an order a number of its own.
fn kind_group(kind: &str) -> u8 {
    match kind {
        "通知" | "意见" | "通报" => 1,
        "决定" | "决议" => 2,
        "公告" | "通告" | "公报" => 3,
        "令" | "命令" => 4,
        "函" | "批复" | "请示" | "答复" => 5,
        "报告" | "议案" => 6,
        "纪要" => 7,
        _ => 8,
    }
}
