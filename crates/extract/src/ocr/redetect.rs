//! A second look: where geometry fails its own checks, the lines that the detection model sees are read as well, and the
//! reading that the recogniser believes more stays.

use std::ops::Range;

use super::binarise::legible;
use super::detect::DetectedLine;
use super::line_box::{LineBox, em_of_hanzi, is_height_of_type};
use super::page_reading::{PageReading, ReadLine};
use super::quality::is_doubtful;
use super::recognise::Recogniser;
use crate::confidence::{BELIEF_IN_NOISE, BELIEVED_LINE, BELIEVED_SINGLE};
use crate::numeric::median;
use crate::raster::{Bilevel, Gray};

/// Reads the lines that geometry did not find, or whose characters are not believed. `picture` is the page before it was
/// cleaned.
pub fn redetect(
    page: &mut PageReading,
    detected: &[DetectedLine],
    picture: &Gray,
    recogniser: &Recogniser,
) {
    /// How many times more the new reading must be believed than the old.
    const CLEARLY: f32 = 1.2;
    let candidates = candidates(page, detected, picture, recogniser);
    let mut goes = vec![false; page.lines.len()];
    let mut comes = vec![false; candidates.len()];
    for Conflict { old, new } in conflicts(&page.lines, &candidates) {
        let of_old: f32 = old.iter().map(|&i| score(&page.lines[i])).sum();
        let of_new: f32 = new.iter().map(|&i| score(&candidates[i].line)).sum();
        if of_new > CLEARLY * of_old {
            old.iter().for_each(|&i| goes[i] = true);
            new.iter().for_each(|&i| comes[i] = true);
        }
    }
    page.lines = std::mem::take(&mut page.lines)
        .into_iter()
        .zip(goes)
        .filter_map(|(line, goes)| (!goes).then_some(line))
        .collect();
    for (candidate, comes) in candidates.into_iter().zip(comes) {
        if comes {
            // From now on it is as if it had been printed dark on white.
            let [x0, y0, ..] = candidate.line.line_box.picture_box(&page.prepared.gray);
            page.prepared.gray.lay(&candidate.picture, x0, y0);
            page.lines.push(candidate.line);
        }
    }
}

/// A line that may stand instead of others.
#[derive(Debug)]
struct Candidate {
    line: ReadLine,
    picture: Gray,
}

/// Lines that the model sees, that geometry did not read, and that are believed.
fn candidates(
    page: &PageReading,
    detected: &[DetectedLine],
    picture: &Gray,
    recogniser: &Recogniser,
) -> Vec<Candidate> {
    let level = page.prepared.level;
    let good: Vec<LineBox> = page
        .lines
        .iter()
        .filter(|line| !line.characters.is_empty() && !is_doubtful(line))
        .map(|line| line.line_box)
        .collect();
    let usual = median(good.iter().map(|line| line.em).collect());
    let unread = detected
        .iter()
        .filter(|line| !is_upright(&line.kernel) && !is_covered(&line.kernel, &good));
    let (new, pictures): (Vec<LineBox>, Vec<Gray>) = unread
        .filter_map(|detected| {
            let line_box = box_of_ink(detected, picture, level, usual)?;
            let line = picture.crop(line_box.picture_box(picture));
            Some((line_box, legible(&line, level)))
        })
        .unzip();
    let read = recogniser.lines(&pictures);
    let mut candidates: Vec<Candidate> = Vec::new();
    for ((line_box, line_picture), characters) in new.into_iter().zip(pictures).zip(read) {
        let line = ReadLine {
            left: line_box.picture_box(picture)[0],
            line_box,
            characters,
        };
        if is_believed(&line) {
            add(
                &mut candidates,
                Candidate {
                    line,
                    picture: line_picture,
                },
            );
        }
    }
    candidates
}

/// Adds a candidate, or puts it in the place of one that shares its ink and is believed less.
fn add(candidates: &mut Vec<Candidate>, new: Candidate) {
    let known = candidates
        .iter_mut()
        .find(|known| has_shared_ink(&known.line.line_box, &new.line.line_box));
    match known {
        Some(known) if score(&new.line) > score(&known.line) => *known = new,
        Some(_) => {}
        None => candidates.push(new),
    }
}

/// Old lines and new ones that share ink: it is read one way or the other.
#[derive(Debug, PartialEq)]
struct Conflict {
    old: Vec<usize>,
    new: Vec<usize>,
}

fn conflicts(lines: &[ReadLine], candidates: &[Candidate]) -> Vec<Conflict> {
    let mut conflicts: Vec<Conflict> = Vec::new();
    for (n, candidate) in candidates.iter().enumerate() {
        let old = (0..lines.len())
            .filter(|&i| has_shared_ink(&lines[i].line_box, &candidate.line.line_box))
            .collect();
        let mut conflict = Conflict { old, new: vec![n] };
        while let Some(at) = conflicts
            .iter()
            .position(|other| other.old.iter().any(|i| conflict.old.contains(i)))
        {
            let other = conflicts.swap_remove(at);
            conflict.old.extend(other.old);
            conflict.new.extend(other.new);
        }
        conflict.old.sort_unstable();
        conflict.old.dedup();
        conflicts.push(conflict);
    }
    conflicts
}

/// How much is read in a line: of noise nothing.
fn score(line: &ReadLine) -> f32 {
    line.shown()
        .map(|c| c.recognised.confidence - BELIEF_IN_NOISE)
        .sum::<f32>()
        .max(0.0)
}

/// Whether a reading is text beyond doubt: nothing stands for it but the recogniser.
fn is_believed(line: &ReadLine) -> bool {
    let n = line.shown().count();
    let least = if n == 1 {
        BELIEVED_SINGLE
    } else {
        BELIEVED_LINE
    };
    n > 0 && line.shown().map(|c| c.recognised.confidence).sum::<f32>() >= least * n as f32
}

/// Whether a line runs down the page: its characters can't be read as one line.
fn is_upright([x0, y0, x1, y1]: &[usize; 4]) -> bool {
    /// How many times higher than wide it is.
    const HIGH: f64 = 1.5;
    (y1 - y0) as f64 > HIGH * (x1 - x0) as f64
}

/// Whether the kernel of a line lies in lines that are read already.
fn is_covered([x0, y0, x1, y1]: &[usize; 4], lines: &[LineBox]) -> bool {
    /// The share of the kernel's length that makes it covered; a doubtful line is read again as a whole.
    const COVERED: f64 = 0.75;
    let rows_shared =
        |line: &LineBox| (line.bbox[3].min(*y1)).saturating_sub(line.bbox[1].max(*y0));
    let over: Vec<&LineBox> = lines
        .iter()
        .filter(|line| 2 * rows_shared(line) >= y1 - y0)
        .collect();
    let is_over = |x: &usize| {
        over.iter()
            .any(|line| (line.bbox[0]..line.bbox[2]).contains(x))
    };
    (*x0..*x1).filter(is_over).count() as f64 >= COVERED * (x1 - x0) as f64
}

/// Whether boxes lie over each other, and not just edge to edge.
fn has_shared_ink(a: &LineBox, b: &LineBox) -> bool {
    /// The area that both share at the least, as a share of the smaller box.
    const SHARED: f64 = 0.3;
    let side = |b: &LineBox, i: usize| b.bbox[i + 2].saturating_sub(b.bbox[i]) as f64;
    let shared = |i: usize| {
        a.bbox[i + 2]
            .min(b.bbox[i + 2])
            .saturating_sub(a.bbox[i].max(b.bbox[i])) as f64
    };
    shared(0) * shared(1) > SHARED * (side(a, 0) * side(a, 1)).min(side(b, 0) * side(b, 1))
}

/// The box of the ink of a line that the model sees; `usual` is the size of the page's characters.
fn box_of_ink(
    detected: &DetectedLine,
    page: &Gray,
    level: u8,
    usual: Option<f64>,
) -> Option<LineBox> {
    // In the height of the kernel, which is half an em.
    /// The blank between rows of a line: under the roof of a character.
    const BETWEEN_ROWS: f64 = 0.3;
    /// The blank between columns of a line: beside a mark of full width.
    const BETWEEN_COLUMNS: f64 = 1.2;
    let [left, top, ..] = detected.unclipped;
    let ink = legible(&page.crop(detected.unclipped), level).ink(level);
    let [x0, y0, x1, y1] = detected.kernel;
    let (columns, rows) = (x0 - left..x1 - left, y0 - top..y1 - top);
    let gap = |share: f64| (share * (y1 - y0) as f64).round() as usize;
    let rows = extent(&inked_rows(&ink, &columns), &rows, gap(BETWEEN_ROWS))?;
    let columns = extent(&inked_columns(&ink, &rows), &columns, gap(BETWEEN_COLUMNS))?;
    let height = rows.len() as f64;
    Some(LineBox {
        bbox: [
            left + columns.start,
            top + rows.start,
            left + columns.end,
            top + rows.end,
        ],
        em: usual
            .filter(|&em| is_height_of_type(height, em))
            .unwrap_or(em_of_hanzi(height)),
    })
}

/// For each row whether it has more ink in these columns than noise.
fn inked_rows(ink: &Bilevel, columns: &Range<usize>) -> Vec<bool> {
    /// Ink, as a share of the columns.
    const LEAST: f64 = 0.01;
    let least = (LEAST * columns.len() as f64).max(1.0);
    (0..ink.height)
        .map(|y| ink.count([columns.start, y, columns.end, y + 1]) as f64 >= least)
        .collect()
}

/// For each column whether it has more ink in these rows than noise.
fn inked_columns(ink: &Bilevel, rows: &Range<usize>) -> Vec<bool> {
    /// Ink, as a share of the rows.
    const LEAST: f64 = 0.03;
    let least = (LEAST * rows.len() as f64).max(1.0);
    (0..ink.width)
        .map(|x| ink.count([x, rows.start, x + 1, rows.end]) as f64 >= least)
        .collect()
}

/// From the first to the last that has ink, of what is in the kernel or goes on from it without a blank of more than
/// `gap`.
fn extent(has_ink: &[bool], kernel: &Range<usize>, gap: usize) -> Option<Range<usize>> {
    let mut start = kernel.clone().find(|&i| has_ink[i])?;
    let mut end = kernel.clone().rfind(|&i| has_ink[i])? + 1;
    while let Some(next) = (start.saturating_sub(gap + 1)..start).find(|&i| has_ink[i]) {
        start = next;
    }
    while let Some(next) = (end..(end + gap + 1).min(has_ink.len())).rfind(|&i| has_ink[i]) {
        end = next + 1;
    }
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_at(bbox: [usize; 4]) -> LineBox {
        LineBox { bbox, em: 20.0 }
    }

    fn read_at(bbox: [usize; 4]) -> ReadLine {
        ReadLine {
            line_box: line_at(bbox),
            left: bbox[0],
            characters: Vec::new(),
        }
    }

    fn candidate(bbox: [usize; 4]) -> Candidate {
        Candidate {
            line: read_at(bbox),
            picture: Gray::white(0, 0),
        }
    }

    #[test]
    fn what_shares_ink_is_read_one_way() {
        // Two lines in one box, a line of its own, and one that nothing was found of.
        let lines = [read_at([0, 0, 100, 45]), read_at([0, 60, 100, 80])];
        let candidates = [
            [0, 0, 100, 20],
            [0, 61, 100, 81],
            [0, 24, 100, 45],
            [0, 100, 100, 120],
        ]
        .map(candidate);
        let conflict = |old: &[usize], new: &[usize]| Conflict {
            old: old.to_vec(),
            new: new.to_vec(),
        };
        assert_eq!(
            conflicts(&lines, &candidates),
            [
                conflict(&[1], &[1]),
                conflict(&[0], &[2, 0]),
                conflict(&[], &[3])
            ]
        );
    }

    #[test]
    fn a_line_is_covered_along_its_length() {
        let (a, b, above) = (
            line_at([0, 10, 40, 30]),
            line_at([42, 10, 80, 30]),
            line_at([0, 0, 100, 12]),
        );
        assert!(is_covered(&[0, 15, 100, 25], &[a, b]));
        assert!(!is_covered(&[0, 15, 100, 25], &[a, above]));
    }

    #[test]
    fn ink_goes_on_over_small_blanks() {
        let has_ink: Vec<bool> = "..#..##.#...#".chars().map(|c| c == '#').collect();
        assert_eq!(extent(&has_ink, &(4..7), 1), Some(5..9));
        assert_eq!(extent(&has_ink, &(4..7), 2), Some(2..9));
        assert_eq!(extent(&has_ink, &(9..11), 2), None);
    }
}
