//! Running heads and folios: what stands at the edge of the page, page after page.

use std::collections::{BTreeMap, BTreeSet};

use language::attachments::attachment_label;
use language::colophon::{colophon_line, is_colophon};
use language::folio::printed_folio;
use language::number::looks_like_number;
use language::script::{date_line, numeral};
use language::signature::is_month;
use language::tables::{is_caption, is_unit};

use super::edges::{EdgeText, HeadRule};
use super::{LineRole, PageOutline};

/// How much larger than the text of its page a title is; heads are smaller, or have a ruling below them.
const TITLE: f32 = 1.3;
/// How much smaller a head may be than on another page: an issuer heads its paper in large type and signs in small.
const SAME_SIZE: f32 = 0.75;
/// Characters of a row that is furniture though not each of its pieces is; a longer one is a line of text.
const MOST_CHARACTERS: usize = 60;
/// Pages on which something stands again, before it is no chance: of a few pages, and of a longer document.
const FEW_AGAIN: usize = 2;
const AGAIN: usize = 3;
const LONG_DOCUMENT: usize = 6;
/// Free height in lines, at least: beside a bare number that counts nothing, and below a head.
const FREE_NUMBER: f32 = 1.5;
const FREE_HEAD: f32 = 0.8;
/// Pieces of a row that is a folio alone or with one head, and of one that is heads.
const FOLIO_PIECES: usize = 2;
const HEAD_PIECES: usize = 3;
/// Characters of the longest head that a ruling alone shows.
const LONGEST_HEAD: usize = 40;

/// The role of each run of each page, where it is furniture.
pub fn decide(pages: &[PageOutline]) -> Vec<Vec<Option<LineRole>>> {
    let mut roles: Vec<Vec<Option<LineRole>>> = pages
        .iter()
        .map(|page| vec![None; page.runs.len()])
        .collect();
    let head_rules = HeadRules::new(pages);
    for end in 0..2 {
        let mut document = Document::new(pages, end, &head_rules);
        for (page, roles) in pages.iter().zip(&mut roles) {
            decide_rows(page, end, &mut document, roles);
        }
    }
    decide_sides(pages, &mut roles);
    roles
}

/// Decides the rows at one end of a page: first what is at the very edge, then what stands next to it.
fn decide_rows(
    page: &PageOutline,
    end: usize,
    document: &mut Document,
    roles: &mut [Option<LineRole>],
) {
    let n_around = if end == 1 { rows_around_folio(page) } else { 0 };
    for (depth, row) in page.edges.ends[end].iter().enumerate() {
        let found: Vec<Option<LineRole>> = row
            .iter()
            .map(|piece| role(piece, row.len(), page, document))
            .collect();
        // A row is furniture as a whole: a head beside a folio, or the date beside a title of the gazette.
        let any = depth < n_around || found.iter().any(Option::is_some);
        let n_characters: usize = row.iter().map(|piece| piece.text.chars().count()).sum();
        if !any || found.iter().any(Option::is_none) && n_characters > MOST_CHARACTERS {
            return;
        }
        for (piece, role) in row.iter().zip(found) {
            piece.mark(roles, role.unwrap_or(LineRole::RunningHead));
        }
    }
}

/// Decides what stands in the side margins.
fn decide_sides(pages: &[PageOutline], roles: &mut [Vec<Option<LineRole>>]) {
    let mut n_alike: BTreeMap<String, usize> = BTreeMap::new();
    for piece in pages.iter().flat_map(|page| &page.edges.sides) {
        *n_alike.entry(pattern(&piece.text)).or_default() += 1;
    }
    let is_short_document = pages.len() < AGAIN;
    for (page, roles) in pages.iter().zip(roles) {
        for piece in &page.edges.sides {
            // The folio of a sheet that is set sideways says what it is.
            if is_set_off_folio(&piece.text) {
                piece.mark(roles, LineRole::Folio);
            } else if is_short_document || n_alike[&pattern(&piece.text)] >= FEW_AGAIN {
                piece.mark(roles, LineRole::RunningHead);
            }
        }
    }
}

impl EdgeText {
    fn mark(&self, roles: &mut [Option<LineRole>], role: LineRole) {
        self.runs.iter().for_each(|&run| roles[run] = Some(role));
    }
}

/// Rows at the foot of a page that a folio stands among: an address may be printed below it.
fn rows_around_folio(page: &PageOutline) -> usize {
    let rows = &page.edges.ends[1];
    rows.iter()
        .rposition(|row| row.iter().any(|piece| is_set_off_folio(&piece.text)))
        .map_or(0, |last| last + 1)
}

/// On how many pages a head has its ruling where another one has it.
struct HeadRules {
    n_pages: usize,
    /// By the bits of where it lies: most pages have it at the very same place.
    n_alike: BTreeMap<[u32; 3], usize>,
}

impl HeadRules {
    fn new(pages: &[PageOutline]) -> Self {
        let on_page = |page: &PageOutline| -> Vec<HeadRule> {
            let pieces = page.edges.ends[0].iter().flatten();
            pieces.filter_map(|piece| piece.rule).collect()
        };
        let rules: Vec<Vec<HeadRule>> = pages.iter().map(on_page).collect();
        let mut n_alike = BTreeMap::new();
        for rule in rules.iter().flatten() {
            n_alike.entry(rule.key()).or_insert_with(|| {
                let has_it = |rules: &&Vec<HeadRule>| rules.iter().any(|other| other.is_like(rule));
                rules.iter().filter(has_it).count()
            });
        }
        Self {
            n_pages: pages.len(),
            n_alike,
        }
    }

    /// A head has its ruling at one height on most pages.
    fn rule_off(&self, piece: &EdgeText) -> bool {
        piece.rule.is_some_and(|rule| {
            let n = self.n_alike.get(&rule.key()).copied().unwrap_or(0);
            !rule.tops_table || n >= FEW_AGAIN && n * 2 >= self.n_pages
        })
    }
}

/// What the pages of a document say of one end of them.
struct Document<'p> {
    n_pages: usize,
    repeated: BTreeMap<String, Vec<Repetition<'p>>>,
    offsets: BTreeMap<i64, usize>,
    head_rules: &'p HeadRules,
    /// What texts of a pattern, place and size have in common; asked for again on each page.
    alike: BTreeMap<(String, i32, u32), Alike<'p>>,
}

impl<'p> Document<'p> {
    fn new(pages: &'p [PageOutline], end: usize, head_rules: &'p HeadRules) -> Self {
        Self {
            n_pages: pages.len(),
            repeated: repetitions(pages, end),
            offsets: page_offsets(pages, end),
            head_rules,
            alike: BTreeMap::new(),
        }
    }

    /// The texts that are like one, but for their numbers, at its place and of its size.
    fn alike(&mut self, piece: &EdgeText, place: i32) -> &Alike<'p> {
        let key = (pattern(&piece.text), place, piece.size.to_bits());
        let is_same = |other: &&Repetition| {
            (other.place - place).abs() <= 1
                && (SAME_SIZE..=1.0 / SAME_SIZE).contains(&(other.size / piece.size))
        };
        let repeated = self.repeated.get(&key.0);
        self.alike
            .entry(key)
            .or_insert_with(|| Alike::new(repeated.into_iter().flatten().filter(is_same)))
    }

    /// Pages on which something stands before it is furniture.
    fn enough(&self) -> usize {
        if self.n_pages >= LONG_DOCUMENT {
            AGAIN
        } else {
            FEW_AGAIN
        }
    }
}

fn role(
    piece: &EdgeText,
    n_pieces: usize,
    page: &PageOutline,
    document: &mut Document,
) -> Option<LineRole> {
    if is_folio(piece, n_pieces, page, document) {
        return Some(LineRole::Folio);
    }
    if is_element(&piece.text) {
        return None;
    }
    let enough = document.enough();
    let document_pages = document.n_pages;
    let is_ruled_off = document.head_rules.rule_off(piece);
    let alike = document.alike(piece, place(piece.y, page.height));
    let is_again = alike.n_pages_with(&piece.text) >= enough;
    // A title begins a page, and a date ends one, at the same place again and again; a table's figures stand anywhere.
    let is_large = piece.size >= TITLE * page.text_size;
    if is_large && !(is_ruled_off && 2 * alike.n_pages_with(&piece.text) > document_pages)
        || is_date(&piece.text)
        || !(piece.text.contains(char::is_alphabetic) || is_ruled_off && is_again)
        || is_number(&piece.text) && !is_again
    {
        return None;
    }
    let is_aloof = is_ruled_off || piece.clearance >= FREE_HEAD;
    let repeats = alike.n_pages >= enough && alike.stays;
    let is_short = piece.text.chars().count() <= LONGEST_HEAD && n_pieces <= HEAD_PIECES;
    (repeats && is_aloof || is_ruled_off && is_short).then_some(LineRole::RunningHead)
}

/// Whether a piece is a folio: it says so, counts the pages, or is a number that stands alone.
fn is_folio(piece: &EdgeText, n_pieces: usize, page: &PageOutline, document: &Document) -> bool {
    let Some(folio) = printed_folio(&piece.text) else {
        return false;
    };
    if folio.is_set_off {
        return true;
    }
    let counts_pages = folio.number.is_some_and(|number| {
        document
            .offsets
            .get(&(number - i64::from(page.leaf)))
            .is_some_and(|n| *n >= FEW_AGAIN)
    });
    counts_pages
        || n_pieces <= FOLIO_PIECES && piece.clearance >= FREE_NUMBER
        || document.n_pages == 1 && ends_only_page(piece, page)
}

/// Whether a number is the last thing on the one page that there is, alone and in smaller type, and stands where no line of
/// the text begins: no other page counts with it.
fn ends_only_page(piece: &EdgeText, page: &PageOutline) -> bool {
    /// Size against that of the text, at most; and where it begins, as a part of the width of the page.
    const SMALLER: f32 = 0.9;
    const NOT_LEFT: f32 = 0.45;
    let left = |run: &usize| page.runs[*run].0;
    let is_last = page.edges.ends[1]
        .first()
        .is_some_and(|row| matches!(row.as_slice(), [last] if last.runs == piece.runs));
    is_last
        && piece.size <= SMALLER * page.text_size
        && piece.runs.iter().map(left).fold(f32::MAX, f32::min) >= NOT_LEFT * page.width
}

/// What texts that differ in their numbers alone have in common.
#[derive(Default)]
struct Alike<'p> {
    n_pages: usize,
    pages_of: BTreeMap<&'p str, BTreeSet<u32>>,
    /// The numbers are those of an issue, which stay for some pages, or of a page. What counts documents is text.
    stays: bool,
}

impl<'p> Alike<'p> {
    fn new<'r>(texts: impl Iterator<Item = &'r Repetition<'p>>) -> Self
    where
        'p: 'r,
    {
        let mut alike = Self::default();
        let mut pages: BTreeSet<u32> = BTreeSet::new();
        let mut n_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut offsets: BTreeMap<(usize, i64), usize> = BTreeMap::new();
        for other in texts {
            pages.insert(other.page);
            alike
                .pages_of
                .entry(other.text)
                .or_default()
                .insert(other.page);
            *n_of.entry(other.text).or_default() += 1;
            for (i, number) in numbers(other.text).enumerate() {
                *offsets
                    .entry((i, number - i64::from(other.page)))
                    .or_default() += 1;
            }
        }
        alike.n_pages = pages.len();
        alike.stays = n_of
            .values()
            .chain(offsets.values())
            .any(|n| *n >= FEW_AGAIN);
        alike
    }

    fn n_pages_with(&self, text: &str) -> usize {
        self.pages_of.get(text).map_or(0, BTreeSet::len)
    }
}

/// The numbers in a text.
fn numbers(text: &str) -> impl Iterator<Item = i64> + '_ {
    text.split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
}

/// Where a text stands that may stand on other pages as well.
struct Repetition<'p> {
    page: u32,
    text: &'p str,
    place: i32,
    /// Font size.
    size: f32,
}

/// On which pages each text stands, at which height and of which size.
fn repetitions(pages: &[PageOutline], end: usize) -> BTreeMap<String, Vec<Repetition<'_>>> {
    let mut repeated: BTreeMap<String, Vec<Repetition>> = BTreeMap::new();
    for page in pages {
        for piece in page.edges.ends[end].iter().flatten() {
            let repetition = Repetition {
                page: page.leaf,
                text: &piece.text,
                place: place(piece.y, page.height),
                size: piece.size,
            };
            repeated
                .entry(pattern(&piece.text))
                .or_default()
                .push(repetition);
        }
    }
    repeated
}

/// How often each difference between a number at the edge and the number of its page occurs.
fn page_offsets(pages: &[PageOutline], end: usize) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for page in pages {
        for piece in page.edges.ends[end].iter().flatten() {
            if let Some(number) = bare_number(&piece.text) {
                *counts.entry(number - i64::from(page.leaf)).or_default() += 1;
            }
        }
    }
    counts
}

/// The number of a folio, where it is written in digits.
pub fn number(text: &str) -> Option<i64> {
    printed_folio(text)?.number
}

fn is_set_off_folio(text: &str) -> bool {
    printed_folio(text).is_some_and(|folio| folio.is_set_off)
}

/// The number of a bare folio.
fn bare_number(text: &str) -> Option<i64> {
    let folio = printed_folio(text)?;
    folio.number.filter(|_| !folio.is_set_off)
}

/// What begins or ends a document, or stands over a table, at the edge of a page.
fn is_element(text: &str) -> bool {
    attachment_label(text).is_some()
        || is_colophon(text)
        || colophon_line(text).is_some()
        || is_unit(text)
        || is_caption(text)
        || text.ends_with(['：', ':'])
        || is_continued_table(text)
}

/// `续表`, `续表2`, `（续表）`: over the part of a table that stands on another page.
fn is_continued_table(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(']);
    text.starts_with('续')
}

/// `云政办发〔2024〕6号`, `第12号`: the number of a document. What names an issue of the gazette is none.
fn is_number(text: &str) -> bool {
    looks_like_number(text) && !text.ends_with(['期', '次'])
}

/// A text with its numbers taken out: heads name issues and pages.
fn pattern(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_numeric() {
            if !out.ends_with('#') {
                out.push('#');
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `2023年4月3日`, `二〇二三年四月`, `2023年`
fn is_date(text: &str) -> bool {
    let year = text.strip_suffix('年').and_then(numeral);
    year.is_some() || date_line(text).is_some() || is_month(text)
}

/// Heights within a hundredth of the page are one place, with its neighbours.
fn place(y: f32, height: f32) -> i32 {
    (y / height.max(1.0) * 100.0) as i32
}
