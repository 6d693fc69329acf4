//! Fonts of pictures, whose codes are in the private use area: what the ones of forms and lists show, as Unicode has it.

/// The first code of such a font in the private use area.
const PRIVATE: u32 = 0xf000;

/// Wingdings: boxes, ticks, bullets, arrows (Unicode Technical Committee document L2/12-368, nearest sign in common fonts).
const WINGDINGS: &[(u8, char)] = &[
    (0x6c, '●'),
    (0x6e, '■'),
    (0x6f, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '◆'),
    (0x9f, '•'),
    (0xa7, '▪'),
    (0xa8, '□'),
    (0xd8, '➢'),
    (0xdf, '←'),
    (0xe0, '→'),
    (0xe1, '↑'),
    (0xe2, '↓'),
    (0xe8, '➔'),
    (0xf0, '⇨'),
    (0xfb, '✗'),
    (0xfc, '✔'),
    (0xfd, '☒'),
    (0xfe, '☑'),
];

/// Wingdings 2.
const WINGDINGS_2: &[(u8, char)] = &[
    (0x4f, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x97, '●'),
    (0xa2, '■'),
    (0xa3, '□'),
];

/// Circled figures of Wingdings: 1 to 10 on white and on black.
const CIRCLED: (u8, char) = (0x81, '①');
const CIRCLED_BLACK: (u8, char) = (0x8c, '❶');
const N_CIRCLED: u8 = 10;

/// A font of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolFont {
    Wingdings,
    Wingdings2,
}

impl SymbolFont {
    /// The font of a name, with or without the letters of a subset before it.
    pub fn named(base_font: &[u8]) -> Option<Self> {
        let name: Vec<u8> = base_font
            .iter()
            .filter(|b| b.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
            .collect();
        let contains = |part: &[u8]| name.windows(part.len()).any(|window| window == part);
        if contains(b"wingdings2") {
            Some(Self::Wingdings2)
        } else if contains(b"wingdings") && !contains(b"wingdings3") {
            Some(Self::Wingdings)
        } else {
            None
        }
    }

    /// What a character of the private use area shows.
    pub fn shown(self, c: char) -> Option<char> {
        let code = u8::try_from(u32::from(c).checked_sub(PRIVATE)?).ok()?;
        let table = match self {
            Self::Wingdings => WINGDINGS,
            Self::Wingdings2 => WINGDINGS_2,
        };
        let found = table.iter().find(|(own, _)| *own == code);
        found
            .map(|(_, shown)| *shown)
            .or_else(|| self.circled(code))
    }

    fn circled(self, code: u8) -> Option<char> {
        if self != Self::Wingdings {
            return None;
        }
        [CIRCLED, CIRCLED_BLACK]
            .into_iter()
            .find_map(|(first, one)| {
                let n = code.checked_sub(first).filter(|n| *n < N_CIRCLED)?;
                char::from_u32(u32::from(one) + u32::from(n))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_symbol_fonts_show() {
        let font = SymbolFont::named(b"ABCDEF+Wingdings 2").expect("a font of pictures");
        assert_eq!(font.shown('\u{f052}'), Some('☑'));
        assert_eq!((font.shown('\u{f021}'), font.shown('是')), (None, None));
        let font = SymbolFont::named(b"Wingdings-Regular").expect("a font of pictures");
        assert_eq!(font.shown('\u{f0fe}'), Some('☑'));
        assert_eq!(
            (font.shown('\u{f081}'), font.shown('\u{f08a}')),
            (Some('①'), Some('⑩'))
        );
        assert_eq!(SymbolFont::named(b"SimSun"), None);
    }
}
