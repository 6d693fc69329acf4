//! Numbers of headings and items count on.

use std::collections::BTreeMap;

use super::check;
use language::label::{Kind, label};
use model::{Block, Check, CheckRule};

/// 一、 二、 三、; a lower number starts anew under a higher one, or counts on through them.
pub fn headings(n: usize, body: &[Block], checks: &mut Vec<Check>) {
    // The last number of each rank: under the heading in force, and anywhere above.
    let mut here: BTreeMap<u8, u32> = BTreeMap::new();
    let mut above: BTreeMap<u8, u32> = BTreeMap::new();
    for block in body {
        let (Block::Heading {
            text,
            label: Some(printed),
            at,
            ..
        }
        | Block::Paragraph {
            text,
            label: Some(printed),
            at,
        }) = block
        else {
            continue;
        };
        let Some(read) = label(text).or_else(|| label(printed)) else {
            continue;
        };
        let Some(rank) = rank(read.kind) else {
            continue;
        };
        let expected = here.get(&rank).map_or(1, |n| n + 1);
        let starts_anew =
            read.seq == 1 && !matches!(read.kind, Kind::Chapter | Kind::Han | Kind::Article);
        let counts_on = above.get(&rank).is_some_and(|last| read.seq == last + 1);
        let holds = read.seq == expected || starts_anew || counts_on;
        if !holds || read.seq != 1 {
            checks.push(Check {
                expected: Some(expected.to_string()),
                found: Some(printed.clone()),
                ..check(CheckRule::HeadingSequence, Some(n), at, holds)
            });
        }
        here.retain(|&r, _| r < rank || r == ARTICLE && rank < ARTICLE);
        here.insert(rank, read.seq);
        above.insert(rank, read.seq);
    }
}

/// The rank of articles, which count on through chapters and sections.
const ARTICLE: u8 = 2;

/// 章 above 节 above 条 above 一、 and so on; a decimal number is one by counting on.
fn rank(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::Chapter => 0,
        Kind::Section => 1,
        Kind::Article => ARTICLE,
        Kind::Han => 3,
        Kind::HanBrackets => 4,
        Kind::Digit => 5,
        Kind::DigitBrackets => 6,
        Kind::Circled => 7,
        Kind::Decimal => return None,
    })
}
