//! Forms of one issuer, beside what is so of all official documents: each set is switched on by the configuration, or by
//! the script in which a text is printed.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::facts::TextFacts;
use crate::head::quoted;
use crate::script::is_han;
use crate::signature::is_officer_of_region;
use crate::titles::after_announcing_word;
use crate::words::{count_outside_gb2312, simplified};
use model::Number;

/// Whose forms a text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// The text says it: one that is mostly in traditional characters has the forms of Macau.
    #[default]
    Auto,
    Mainland,
    /// The Boletim Oficial of Macau.
    Macau,
}

impl Profile {
    /// The profile that `Auto` stands for in a text.
    pub fn of_texts<'t>(self, texts: impl Iterator<Item = &'t str>) -> Profile {
        /// Share of the characters that simplified script does not have, in traditional text. Of running text it is a
        /// third; of a simplified text with names and quotations under a hundredth.
        const TRADITIONAL: f32 = 0.1;
        if self != Profile::Auto {
            return self;
        }
        let (outside, all) = texts.fold((0, 0), |(outside, all), text| {
            let n_han = text.chars().filter(|&c| is_han(c)).count();
            (outside + count_outside_gb2312(text), all + n_han)
        });
        if all > 0 && outside as f32 >= TRADITIONAL * all as f32 {
            Profile::Macau
        } else {
            Profile::Mainland
        }
    }

    /// Facts with what the forms of the profile say of the text besides.
    pub fn complete(self, facts: TextFacts, text: &str) -> TextFacts {
        match self {
            Profile::Auto | Profile::Mainland => facts,
            Profile::Macau => {
                let plain = simplified(text);
                TextFacts {
                    is_officer: facts.is_officer || is_officer_of_region(&plain),
                    numbered_title: number_of_title(&plain, text),
                    ..facts
                }
            }
        }
    }
}

/// The texts that a sentence says are issued, as printed.
pub fn texts_of_sentence(profile: Profile, text: &str) -> Vec<String> {
    let plain = simplified(text);
    let names_one = profile == Profile::Macau && plain.contains("核准附于");
    if names_one || after_announcing_word(&plain).is_some() {
        quoted(text)
    } else {
        Vec::new()
    }
}

/// The number with which a title starts: `第32/2024号行政长官批示`. Where its bytes stand, the printed title has those that
/// it has in traditional characters.
fn number_of_title(text: &str, printed: &str) -> Option<Number> {
    /// Bytes of such a title at most.
    const LONGEST: usize = 120;
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(第\s?(\d{1,4})/(\d{4})\s?号)(?:\p{Han}{2,16}(?:批示|公告|通告|令|决议)|\p{Han}{0,16}(?:法律|行政法规))$")
            .expect("a pattern")
    });
    let m = NUMBERED.captures(text).filter(|_| text.len() <= LONGEST)?;
    let (seq, year) = (m[2].parse().ok()?, m[3].parse().ok()?);
    Some(Number {
        text: format!("第{seq}/{year}号"),
        printed: printed.get(..m[1].len())?.to_owned(),
        issuer_code: None,
        year: Some(year),
        seq,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::built_in;

    #[test]
    fn forms_of_macau_are_read_in_its_profile() {
        let read = |profile: Profile, text: &str| {
            profile.complete(TextFacts::new(text, &built_in()), text)
        };
        for (text, profile, expected) in [
            ("第32/2024號行政長官批示", Profile::Macau, true),
            ("第32/2024號行政長官批示", Profile::Mainland, false),
            ("第32/2024号公告", Profile::Macau, false),
            ("第9/2024號行政法規", Profile::Macau, true),
        ] {
            assert_eq!(
                read(profile, text).numbered_title.is_some(),
                expected,
                "{text}"
            );
        }
        assert!(read(Profile::Macau, "行政長官　陳偉文").is_officer);
        assert!(!read(Profile::Mainland, "行政長官　陳偉文").is_officer);
        assert!(read(Profile::Mainland, "局長　黎永康").is_officer);
    }

    #[test]
    fn the_script_says_whose_forms_a_text_has() {
        let profile = |text| Profile::Auto.of_texts([text].into_iter());
        assert_eq!(
            profile("按照運輸基建局局長作出的批示，進行道路改善工程。"),
            Profile::Macau
        );
        assert_eq!(
            profile("按照云溪县交通运输局局长的批示，进行道路改善工程。"),
            Profile::Mainland
        );
    }
}
