//! One page read: pixels become glyphs and rulings in points, as a text layer would have given them.

use ecow::EcoString;
use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::Pdf;

use super::Reader;
use super::doubt;
use super::find::{self, Found, LineBox, Segment};
use super::prepare::{self, Prepared};
use super::raster::{Bilevel, Gray};
use super::recognise::{Character, Recogniser};
use super::second;
use super::unread;
use crate::page::{Glyph, Recognised, Ruling, Straightened};
use crate::pdf::scan::{Scan, ScanError, scan};
use language::script::{is_cjk_punctuation, is_han};

/// What a page holds for a reader.
#[derive(Debug, Clone)]
pub struct ReadPage {
    /// Size of the straight page in points; glyphs and rulings are in its points.
    pub width: f32,
    pub height: f32,
    pub glyphs: Vec<Glyph>,
    pub rulings: Vec<Ruling>,
    pub straightened: Straightened,
    /// Boxes of red seals in points of the displayed page.
    pub seals: Vec<[f32; 4]>,
    /// Pixels per inch of what was read.
    pub dpi: f64,
    /// Whether the detector looked at it.
    pub is_detected: bool,
}

/// Around a line, of its em: more shrinks the characters in the recogniser's picture, none cuts them.
const MARGIN: f64 = 0.1;
/// Mean confidence under which a page is read upside down as well. Of pages as they should be it is 0.95 and more, even
/// of bad scans; of pages upside down it is 0.4 to 0.6.
const DOUBTFUL: f32 = 0.8;
/// Blank at the left and right of a hanzi inside its em box, in em.
const BEARING: f64 = 0.04;

/// Reads a page of a PDF by OCR; `number` is 1-based.
pub fn read(pdf: &Pdf, number: u32, reader: &Reader) -> Result<ReadPage, String> {
    let scan = scan(pdf, number).map_err(|e| e.to_string())?;
    let recogniser = reader.recogniser()?;
    let [likely, other] = prepare::turns(&scan);
    let mut pages = vec![looked(&scan, likely, recogniser)];
    if pages[0].read.iter().any(|line| !line.is_empty()) && confidence(&pages[0]) < DOUBTFUL {
        pages.push(looked(&scan, other, recogniser));
    }
    pages.sort_by(|a, b| confidence(b).total_cmp(&confidence(a)));
    // Where neither is believed, the second look decides.
    if confidence(&pages[0]) >= DOUBTFUL {
        pages.truncate(1);
    }
    for page in &mut pages {
        look_again(&scan, page, reader)?;
    }
    let best = pages.into_iter().reduce(|best, page| {
        if confidence(&page) > confidence(&best) {
            page
        } else {
            best
        }
    });
    Ok(set(
        best.expect("there is at least one way to turn a page"),
        recogniser,
    ))
}

/// The rulings of a page whose text is known, in points.
pub fn rulings(pdf: &Pdf, number: u32) -> Result<Vec<Ruling>, ScanError> {
    let prepared = prepare::prepare(&scan(pdf, number)?, 0);
    let found = find::find(&prepared);
    Ok(found
        .rulings
        .iter()
        .map(|segment| ruling(segment, prepared.to_points, prepared.dpi))
        .collect())
}

/// The pictures of the lines of a page, as the recogniser gets them.
pub fn pictures(prepared: &Prepared) -> Vec<Gray> {
    find::find(prepared)
        .lines
        .iter()
        .map(|line| prepared.gray.crop(crop(line, &prepared.gray)))
        .collect()
}

/// A page, its lines and what the recogniser reads in them, one list of characters for each.
#[derive(Debug)]
pub struct Looked {
    pub prepared: Prepared,
    pub found: Found,
    pub read: Vec<Vec<Character>>,
    /// Whether the detector looked at it.
    pub is_detected: bool,
}

fn looked(scan: &Scan, n_quarters: u8, recogniser: &Recogniser) -> Looked {
    let prepared = prepare::prepare(scan, n_quarters);
    let found = find::find(&prepared);
    let pictures: Vec<Gray> = found
        .lines
        .iter()
        .map(|line| prepared.gray.crop(crop(line, &prepared.gray)))
        .collect();
    let read = recogniser.lines(&pictures);
    Looked {
        prepared,
        found,
        read,
        is_detected: false,
    }
}

fn confidence(page: &Looked) -> f32 {
    let all = || page.read.iter().flatten().map(|c| c.confidence);
    all().sum::<f32>() / all().count().max(1) as f32
}

/// Has the detection model look at a page on which geometry fails its own checks.
fn look_again(scan: &Scan, page: &mut Looked, reader: &Reader) -> Result<(), String> {
    let is_doubtful = page
        .found
        .lines
        .iter()
        .zip(&page.read)
        .any(|(line, read)| doubt::is_doubtful(line, read));
    if is_doubtful || doubt::has_unread(scan, page) {
        let picture = prepare::uncleaned(scan, &page.prepared);
        let seen = reader.detector()?.lines(&picture, page.prepared.dpi);
        second::look(page, &seen, &picture, reader.recogniser()?);
        page.is_detected = true;
    }
    Ok(())
}

fn set(page: Looked, recogniser: &Recogniser) -> ReadPage {
    let Looked {
        prepared,
        found: Found {
            lines,
            leaders,
            rulings,
        },
        mut read,
        is_detected,
    } = page;
    let crops: Vec<[usize; 4]> = lines
        .iter()
        .map(|line| crop(line, &prepared.gray))
        .collect();
    let lines = with_sizes(&lines, &read);
    let ink = prepared.gray.ink(prepared.level);
    let lefts: Vec<usize> = crops.iter().map(|crop| crop[0]).collect();
    unread::read(&lines, &lefts, &mut read, &ink, &prepared.gray, recogniser);
    let point = prepared.dpi / 72.0;
    let straight = Affine::scale(1.0 / point);
    let mut glyphs = Vec::new();
    for ((line, crop), characters) in lines.iter().zip(&crops).zip(read) {
        let characters = with_case(line, crop[0] as f64, characters, &ink);
        let goes_on = lines.iter().any(|other| follows(line, other));
        for (bbox, size, character) in boxes(line, crop[0] as f64, &characters, goes_on, &ink) {
            let recognised = Recognised {
                confidence: character.confidence,
                runner_up: character.runner_up.map(|(text, _)| text),
                digit: character.digit,
            };
            glyphs.push(glyph(
                character.text,
                straight.transform_rect_bbox(bbox),
                size / point,
                recognised,
            ));
        }
    }
    for (bbox, em) in leaders.iter().flat_map(ellipses) {
        glyphs.push(glyph(
            '…',
            straight.transform_rect_bbox(bbox),
            em / point,
            Recognised {
                confidence: 1.0,
                runner_up: None,
                digit: None,
            },
        ));
    }
    // Of a long book they wait for the last page: no more room than they take.
    glyphs.shrink_to_fit();
    let in_points = |[x0, y0, x1, y1]: [usize; 4], to_points: Affine| {
        let placed =
            to_points.transform_rect_bbox(Rect::new(x0 as f64, y0 as f64, x1 as f64, y1 as f64));
        [
            placed.x0 as f32,
            placed.y0 as f32,
            placed.x1 as f32,
            placed.y1 as f32,
        ]
    };
    let to_display = prepared.to_points * Affine::scale(point);
    ReadPage {
        width: (prepared.gray.width as f64 / point) as f32,
        height: (prepared.gray.height as f64 / point) as f32,
        glyphs,
        rulings: rulings
            .iter()
            .map(|segment| ruling(segment, straight, prepared.dpi))
            .collect(),
        straightened: Straightened(to_display.as_coeffs().map(|c| c as f32)),
        seals: prepared
            .seals
            .iter()
            .map(|&seal| in_points(seal, prepared.to_points))
            .collect(),
        dpi: prepared.dpi,
        is_detected,
    }
}

fn glyph(text: char, bbox: Rect, size: f64, recognised: Recognised) -> Glyph {
    Glyph {
        text: EcoString::from(text),
        bbox: [
            bbox.x0 as f32,
            bbox.y0 as f32,
            bbox.x1 as f32,
            bbox.y1 as f32,
        ],
        size: size as f32,
        font: 0,
        hidden: false,
        vertical: false,
        turn: 0,
        recognised: Some(recognised),
    }
}

/// A leader as a text layer has it: an ellipsis for each em, with its size.
fn ellipses(leader: &LineBox) -> impl Iterator<Item = (Rect, f64)> {
    let [x0, y0, x1, y1] = leader.bbox.map(|at| at as f64);
    let em = leader.em.max(1.0);
    let n = ((x1 - x0) / em).round().max(1.0);
    let (top, width) = ((y0 + y1 - em) / 2.0, (x1 - x0) / n);
    (0..n as usize).map(move |i| {
        (
            Rect::new(
                x0 + width * i as f64,
                top,
                x0 + width * (i + 1) as f64,
                top + em,
            ),
            em,
        )
    })
}

/// The lines with the size of their type, as far as their characters tell: hanzi stand one em apart, and the lines of
/// one text are of one size, though noise makes a box higher.
fn with_sizes(lines: &[LineBox], read: &[Vec<Character>]) -> Vec<LineBox> {
    /// Sizes of type are a seventh apart (小四 12, 四号 14, 三号 16 points); what differs by less is one.
    const SAME: f64 = 0.13;
    /// Of the em: figures are 0.66 to 0.75 high.
    const FIGURE: f64 = 0.72;
    let pitch = |characters: &[Character]| {
        let both =
            |pair: &[Character], is: &dyn Fn(char) -> bool| is(pair[0].text) && is(pair[1].text);
        let apart = |pair: &[Character]| {
            f64::from(pair[1].from + pair[1].to - pair[0].from - pair[0].to) / 2.0
        };
        // Figures are half an em wide.
        let mut pitches: Vec<f64> = characters
            .windows(2)
            .filter_map(|pair| match () {
                () if both(pair, &is_han) => Some(apart(pair)),
                () if both(pair, &|c| c.is_ascii_digit()) => Some(2.0 * apart(pair)),
                () => None,
            })
            .collect();
        pitches.sort_by(f64::total_cmp);
        (pitches.len() >= 2).then(|| pitches[pitches.len() / 2])
    };
    let sized: Vec<(LineBox, usize)> = lines
        .iter()
        .zip(read)
        .map(|(line, characters)| {
            // Figures alone are lower than their type.
            let are_figures = !characters.is_empty()
                && characters.iter().all(|c| {
                    c.text.is_ascii_digit()
                        || matches!(c.text, '.' | ',' | '%' | '~' | '～' | '-' | '—' | '+')
                });
            let height = (line.bbox[3] - line.bbox[1]) as f64;
            let em = if are_figures {
                line.em.max(height / FIGURE)
            } else {
                line.em
            };
            let em = pitch(characters).map_or(em, |pitch| em.min(1.08 * pitch));
            // A long line is as wide as its characters.
            let n_ems: f64 = characters
                .iter()
                .map(|c| if c.text.is_ascii() { 0.5 } else { 1.0 })
                .sum();
            let em = if n_ems < 6.0 {
                em
            } else {
                em.min(1.1 * (line.bbox[2] - line.bbox[0]) as f64 / n_ems)
            };
            (LineBox { em, ..*line }, characters.len())
        })
        .collect();
    let mut sizes: Vec<(f64, usize)> = sized.iter().map(|(line, n)| (line.em, *n)).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, n)| n).sum::<usize>() / 2;
    let mut seen = 0;
    let usual = sizes.iter().find(|(_, n)| {
        seen += n;
        seen > half
    });
    let usual = usual.map_or(0.0, |(em, _)| *em);
    sized
        .into_iter()
        .map(|(line, _)| {
            if (line.em - usual).abs() < SAME * usual {
                LineBox { em: usual, ..line }
            } else {
                line
            }
        })
        .collect()
}

fn ruling(segment: &Segment, to_points: Affine, dpi: f64) -> Ruling {
    let placed =
        to_points.transform_rect_bbox(Rect::new(segment.x0, segment.y0, segment.x1, segment.y1));
    // What leans by a hair is upright: rulings are.
    let (width, height) = (placed.width(), placed.height());
    let middle = placed.center();
    let (x0, x1) = if width < height {
        (middle.x, middle.x)
    } else {
        (placed.x0, placed.x1)
    };
    let (y0, y1) = if width < height {
        (placed.y0, placed.y1)
    } else {
        (middle.y, middle.y)
    };
    Ruling {
        x0: x0 as f32,
        y0: y0 as f32,
        x1: x1 as f32,
        y1: y1 as f32,
        thickness: (segment.thickness * 72.0 / dpi) as f32,
    }
}

/// The picture of a line, with a margin.
pub fn crop(line: &LineBox, page: &Gray) -> [usize; 4] {
    let margin = (MARGIN * line.em).round() as usize;
    let [x0, y0, x1, y1] = line.bbox;
    [
        x0.saturating_sub(margin),
        y0.saturating_sub(margin),
        (x1 + margin).min(page.width),
        (y1 + margin).min(page.height),
    ]
}

/// Whether a box begins where another ends, on one line of type.
fn follows(line: &LineBox, other: &LineBox) -> bool {
    let ([_, y0, x1, y1], [other_x0, other_y0, _, other_y1]) = (line.bbox, other.bbox);
    let gap = other_x0 as f64 - x1 as f64;
    (0.0..1.2 * line.em).contains(&gap) && y0.max(other_y0) < y1.min(other_y1)
}

/// The em boxes of a line's characters in pixels, with their size, as type of this size would be set: hanzi and full
/// marks one em wide, letters and digits as wide as their ink, none over the next. `goes_on` says that something
/// stands right behind it.
fn boxes<'c>(
    line: &LineBox,
    left: f64,
    characters: &'c [Character],
    goes_on: bool,
    ink: &Bilevel,
) -> Vec<(Rect, f64, &'c Character)> {
    let [line_x0, line_y0, line_x1, line_y1] = line.bbox.map(|at| at as f64);
    let em = line.em.max(1.0);
    // Hanzi fill the em box; digits and letters stand on the baseline, and leave an eighth below it.
    let has_hanzi = characters.iter().any(|c| is_han(c.text));
    let y0 = if has_hanzi || line_y1 - line_y0 > 0.85 * em {
        (line_y0 + line_y1 - em) / 2.0
    } else {
        line_y1 + 0.13 * em - em
    };
    let baseline = y0 + 0.86 * em;
    let centres = centres(characters, left);
    let columns = columns(line, ink);
    let cuts = cuts(line, &centres, &columns);
    let is_hanzi = |n: usize| characters.get(n).is_some_and(|c| is_han(c.text));
    let mut out: Vec<(Rect, f64, &Character)> = Vec::with_capacity(characters.len());
    for (n, (character, &centre)) in characters.iter().zip(&centres).enumerate() {
        let c = character.text;
        // Recognisers write brackets of full width as ASCII ones; beside hanzi they are what they should be.
        let opens = matches!(
            c,
            '（' | '《' | '〈' | '“' | '‘' | '【' | '〔' | '「' | '『' | '［'
        ) || matches!(c, '(' | '[') && is_hanzi(n + 1);
        let closes = matches!(
            c,
            '）' | '》'
                | '〉'
                | '”'
                | '’'
                | '】'
                | '〕'
                | '」'
                | '』'
                | '］'
                | '，'
                | '。'
                | '、'
                | '；'
                | '：'
                | '！'
                | '？'
        );
        let is_letter = c.is_alphanumeric() && !is_han(c);
        let (x0, x1) = match () {
            // All figures are half an em wide, a 1 as well.
            () if c.is_ascii_digit() && characters.len() > 1 => {
                let (x0, x1) =
                    inked(&columns, line_x0, cuts[n], cuts[n + 1]).unwrap_or((centre, centre));
                (x0.min(centre - 0.25 * em), x1.max(centre + 0.25 * em))
            }
            // What has no ink is a thread of dirt that only the grey picture shows: no wider than a hair.
            () if is_letter => match inked(&columns, line_x0, cuts[n], cuts[n + 1]) {
                // So may an i or l be, in type of one width.
                Some((x0, x1)) if c.is_ascii() && characters.len() > 1 => (
                    x0.min(cuts[n].max(centre - 0.25 * em)),
                    x1.max(cuts[n + 1].min(centre + 0.25 * em)),
                ),
                inked => inked.unwrap_or((centre, centre)),
            },
            () if c.is_whitespace() => (cuts[n], cuts[n + 1].max(cuts[n] + 1.0)),
            // The ink of opening marks fills the right half of their box, that of closing ones and of stops the left.
            () if opens => (centre - 0.75 * em, centre + 0.25 * em),
            () if closes && goes_on && n + 1 == characters.len() => {
                (centre - 0.25 * em, centre + 0.25 * em)
            }
            () if closes => (centre - 0.25 * em, centre + 0.75 * em),
            () if is_han(c) || is_cjk_punctuation(c) => (centre - 0.5 * em, centre + 0.5 * em),
            () => (centre - 0.25 * em, centre + 0.25 * em),
        };
        let small = if is_letter && c.is_ascii() {
            small([x0, x1], line, em, baseline, ink)
        } else {
            None
        };
        let (y0, size) = small.unwrap_or((y0, em));
        out.push((Rect::new(x0, y0, x1, y0 + size), size, character));
    }
    // An index between figures of the line is one of them, blurred.
    for n in 1..out.len().saturating_sub(1) {
        let is_figure = |i: usize| out[i].2.text.is_ascii_digit() && out[i].1 == em;
        if out[n].1 < em && is_figure(n - 1) && is_figure(n + 1) {
            (out[n].0.y0, out[n].0.y1, out[n].1) = (y0, y0 + em, em);
        }
    }
    // The ends are known better than any centre: by the ink, unless dirt lies beside them.
    const FARTHEST: f64 = 0.62;
    if let Some((first, _, c)) = out.first_mut()
        && is_han(c.text)
    {
        first.x0 = (line_x0 - BEARING * em).max(centres[0] - FARTHEST * em);
        first.x1 = first.x1.max(first.x0 + 0.5 * em);
    }
    if let Some((last, _, c)) = out.last_mut()
        && is_han(c.text)
    {
        last.x1 = (line_x1 + BEARING * em).min(centres[centres.len() - 1] + FARTHEST * em);
        last.x0 = last.x0.min(last.x1 - 0.5 * em);
    }
    // Boxes meet half way between centres where they would overlap; and inside a line of type there are no gaps beside
    // marks that are narrower than their box.
    for n in 1..out.len() {
        let (before, after) = (out[n - 1].0.x1, out[n].0.x0);
        let is_mark =
            |i: usize| is_cjk_punctuation(out[i].2.text) || out[i].2.text.is_ascii_punctuation();
        if before > after || after - before < 0.6 * em && (is_mark(n - 1) || is_mark(n)) {
            let middle = if before > after {
                (before + after) / 2.0
            } else {
                after
            };
            let middle = middle.clamp(
                centres[n - 1].min(centres[n]),
                centres[n].max(centres[n - 1]),
            );
            out[n - 1].0.x1 = middle;
            out[n].0.x0 = middle;
        }
    }
    out
}

/// Letters whose capital looks like the small one: they are as high as the figures, capitals and tall letters beside
/// them, or they are small. Of an index like that of G with SO₂ the recogniser can't tell, as it sees no more than its line.
fn with_case(
    line: &LineBox,
    left: f64,
    mut characters: Vec<Character>,
    ink: &Bilevel,
) -> Vec<Character> {
    /// A small letter is 0.7 as high as a capital.
    const CAPITAL: f64 = 0.87;
    let looks_alike = |c: char| matches!(c, 'c' | 'o' | 's' | 'u' | 'v' | 'w' | 'x' | 'z');
    if !characters.iter().any(|c| looks_alike(c.text)) {
        return characters;
    }
    let centres = centres(&characters, left);
    let cuts = cuts(line, &centres, &columns(line, ink));
    let rows: Vec<Option<(usize, usize)>> = cuts
        .windows(2)
        .map(|pair| rows(line, pair[0], pair[1], ink))
        .collect();
    let is_tall = |c: char| {
        c.is_ascii_digit()
            || ('₀'..='₉').contains(&c)
            || c.is_ascii_uppercase()
            || matches!(c, 'b' | 'd' | 'f' | 'h' | 'k' | 'l')
    };
    for n in 0..characters.len() {
        let c = characters[n].text;
        let Some((top, bottom)) = rows[n].filter(|_| looks_alike(c)) else {
            continue;
        };
        let word = |c: &Character| c.text.is_ascii_alphanumeric() || ('₀'..='₉').contains(&c.text);
        let first = characters[..n]
            .iter()
            .rposition(|c| !word(c))
            .map_or(0, |at| at + 1);
        let end = characters[n..]
            .iter()
            .position(|c| !word(c))
            .map_or(characters.len(), |at| n + at);
        let on_baseline = |&i: &usize| {
            rows[i].is_some_and(|(_, other)| other.abs_diff(bottom) as f64 <= 0.06 * line.em)
        };
        let nearest = (first..end)
            .filter(|&i| is_tall(characters[i].text))
            .filter(on_baseline)
            .min_by_key(|i| i.abs_diff(n));
        let tall = nearest
            .and_then(|i| rows[i])
            .map(|(top, bottom)| bottom - top);
        if tall.is_some_and(|tall| (bottom - top) as f64 >= CAPITAL * tall as f64) {
            let probability = characters[n].confidence;
            characters[n].text = c.to_ascii_uppercase();
            characters[n].runner_up = Some((c, probability));
        }
    }
    characters
}

fn centres(characters: &[Character], left: f64) -> Vec<f64> {
    characters
        .iter()
        .map(|c| left + f64::from(c.from + c.to) / 2.0)
        .collect()
}

/// Where one character ends and the next begins: where the ink between two is least; with the ends of the line.
fn cuts(line: &LineBox, centres: &[f64], columns: &[u32]) -> Vec<f64> {
    let [x0, _, x1, _] = line.bbox.map(|at| at as f64);
    let between = centres
        .windows(2)
        .map(|pair| least(columns, x0, pair[0], pair[1]));
    std::iter::once(x0).chain(between).chain([x1]).collect()
}

/// Top and bottom of the ink of a line between two places.
fn rows(line: &LineBox, from: f64, to: f64, ink: &Bilevel) -> Option<(usize, usize)> {
    let (x0, x1) = (
        from.round().max(0.0) as usize,
        (to.round().max(0.0) as usize).min(ink.width),
    );
    let inked = |y: &usize| ink.row(*y)[x0.min(x1)..x1].contains(&1);
    let mut rows = (line.bbox[1]..line.bbox[3].min(ink.height)).filter(inked);
    let top = rows.next()?;
    Some((top, rows.next_back().unwrap_or(top) + 1))
}

/// How much ink each column of a line has.
fn columns(line: &LineBox, ink: &Bilevel) -> Vec<u32> {
    let [x0, y0, x1, y1] = line.bbox;
    let mut columns = vec![0; x1.min(ink.width).saturating_sub(x0)];
    for y in y0..y1.min(ink.height) {
        columns
            .iter_mut()
            .zip(&ink.row(y)[x0.min(ink.width)..])
            .for_each(|(sum, &ink)| *sum += u32::from(ink));
    }
    columns
}

/// Where between two places the columns have least ink; of equal ones the middle.
fn least(columns: &[u32], left: f64, from: f64, to: f64) -> f64 {
    let index = |x: f64| ((x - left).round().max(0.0) as usize).min(columns.len());
    let between = &columns[index(from)..index(to).max(index(from))];
    let Some(&least) = between.iter().min() else {
        return (from + to) / 2.0;
    };
    let at: Vec<usize> = (0..between.len())
        .filter(|&i| between[i] == least)
        .collect();
    left + (index(from) + at[at.len() / 2]) as f64
}

/// From where to where there is ink between two places.
fn inked(columns: &[u32], left: f64, from: f64, to: f64) -> Option<(f64, f64)> {
    let index = |x: f64| ((x - left).round().max(0.0) as usize).min(columns.len());
    let (first, end) = (index(from), index(to).max(index(from)));
    let inked = columns[first..end].iter().map(|&n| n > 0);
    let start = inked.clone().position(|ink| ink)?;
    let last = inked.clone().rposition(|ink| ink)?;
    Some((
        left + (first + start) as f64,
        left + (first + last + 1) as f64,
    ))
}

/// Top and size of the em box of a digit or letter that is set small: an index below or above the line.
fn small(
    [from, to]: [f64; 2],
    line: &LineBox,
    em: f64,
    baseline: f64,
    ink: &Bilevel,
) -> Option<(f64, f64)> {
    /// Of the em: figures and capitals are 0.66 to 0.75 high, indices 0.6 of that.
    const INDEX: f64 = 0.55;
    let (top, bottom) = rows(line, from, to, ink)?;
    let height = (bottom - top) as f64;
    let is_off = (bottom as f64 - baseline).abs() > 0.08 * em;
    (height < INDEX * em && is_off).then(|| {
        let size = (height / 0.72).min(0.78 * em);
        (bottom as f64 - 0.86 * size, size)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(text: &str, first: f32, pitch: f32) -> Vec<Character> {
        let at = |n: usize| first + pitch * n as f32;
        text.chars()
            .enumerate()
            .map(|(n, text)| Character {
                text,
                confidence: 1.0,
                runner_up: None,
                digit: None,
                from: at(n) - 5.0,
                to: at(n) + 5.0,
            })
            .collect()
    }

    fn blank(width: usize, height: usize) -> Bilevel {
        Bilevel {
            width,
            height,
            ink: vec![0; width * height],
        }
    }

    #[test]
    fn hanzi_are_an_em_wide_and_the_ends_are_those_of_the_ink() {
        let line = LineBox {
            bbox: [100, 50, 300, 98],
            em: 50.0,
        };
        let characters = characters("县政府文", 25.0, 50.0);
        let boxes = boxes(&line, 100.0, &characters, false, &blank(400, 200));
        let ends: Vec<(f64, f64)> = boxes.iter().map(|(r, ..)| (r.x0, r.x1)).collect();
        assert_eq!(
            ends,
            [
                (98.0, 150.0),
                (150.0, 200.0),
                (200.0, 250.0),
                (250.0, 302.0)
            ]
        );
        assert!(
            boxes
                .iter()
                .all(|(r, size, _)| r.y0 == 49.0 && *size == 50.0)
        );
    }

    #[test]
    fn a_letter_as_high_as_the_figure_beside_it_is_a_capital() {
        let line = LineBox {
            bbox: [0, 50, 150, 110],
            em: 50.0,
        };
        // Three letters and a figure; the middle letter is small, and the last stands on another line.
        let draw = |tops: [usize; 3], bottom: usize| {
            let mut ink = blank(200, 200);
            for (n, top) in tops.into_iter().chain([60]).enumerate() {
                let bottom = if n == 2 { bottom } else { 95 };
                for y in top..bottom {
                    ink.ink[y * 200 + 10 + 30 * n..y * 200 + 25 + 30 * n].fill(1);
                }
            }
            ink
        };
        let read = |ink: Bilevel| -> String {
            with_case(&line, 0.0, characters("sox2", 18.0, 30.0), &ink)
                .iter()
                .map(|c| c.text)
                .collect()
        };
        assert_eq!(read(draw([60, 71, 60], 95)), "SoX2");
        assert_eq!(read(draw([71, 60, 70], 105)), "sOx2");
    }

    #[test]
    fn an_index_is_small_and_stands_lower() {
        let line = LineBox {
            bbox: [0, 50, 150, 110],
            em: 50.0,
        };
        let mut ink = blank(200, 200);
        for y in 85..107 {
            ink.ink[y * 200 + 70..y * 200 + 80].fill(1);
        }
        let (top, size) = small([68.0, 82.0], &line, 50.0, 93.0, &ink).unwrap();
        assert!(size < 0.8 * 50.0 && top + 0.86 * size > 93.0 + 4.0);
        assert_eq!(small([0.0, 20.0], &line, 50.0, 93.0, &ink), None);
    }
}
