//! Codes of radicals (部首) that stand for characters in some PDFs and web pages: ⼈⺠ for 人民.

use unicode_normalization::UnicodeNormalization;

use crate::words::{only_traditional, to_simplified};

/// Radicals of the supplement for which Unicode names no character in its normal form: each, and its character.
const SUPPLEMENT: &str = "⺀冫⺁厂⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺶羊⺷羊⺸羋⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

/// The character that a radical or a compatibility code stands for; in a simplified text, as that writes it: ⼾ is 户.
pub fn whole_character(c: char, simplified: bool) -> Option<char> {
    let whole = match c {
        '\u{2e80}'..='\u{2eff}' => of_supplement(c)?,
        '\u{2f00}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => c.nfkc().next()?,
        _ => return None,
    };
    let whole = match to_simplified(&whole.to_string()).chars().next() {
        Some(simple) if simplified && only_traditional(whole) => simple,
        _ => whole,
    };
    (whole != c).then_some(whole)
}

fn of_supplement(radical: char) -> Option<char> {
    let mut pairs = SUPPLEMENT.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if from == radical {
            return Some(to);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_are_characters() {
        let read = |text: &str, simplified| -> String {
            text.chars()
                .map(|c| whole_character(c, simplified).unwrap_or(c))
                .collect()
        };
        assert_eq!(
            read("⼈⺠政府部⻔⾏政首⻓⽤⽔", true),
            "人民政府部门行政首长用水"
        );
        assert_eq!(read("⼾", true), "户");
        assert_eq!(read("⼾", false), "戶");
        assert_eq!(read("人民、①㎡", true), "人民、①㎡");
    }

    #[test]
    fn the_supplement_is_in_pairs() {
        let chars: Vec<char> = SUPPLEMENT.chars().collect();
        let is_pair = |pair: &[char]| ('\u{2e80}'..='\u{2eff}').contains(&pair[0]);
        assert!(chars.chunks(2).all(is_pair));
    }
}
