//! A second look: where geometry fails its own checks, the lines that the detection model sees are read as well, and the
//! reading that the recogniser believes more stays.

use std::ops::Range;

use super::detect::Seen;
use super::doubt::is_doubtful;
use super::find::LineBox;
use super::page::{Looked, crop};
use super::prepare;
use super::raster::Gray;
use super::recognise::{Character, Recogniser};

/// Reads the lines that geometry did not find, or whose characters are not believed. `page` is the page before it was
/// cleaned.
pub fn look(looked: &mut Looked, seen: &[Seen], page: &Gray, recogniser: &Recogniser) {
    /// How much more the new reading must be believed than the old.
    const CLEARLY: f32 = 1.2;
    let candidates = candidates(looked, seen, page, recogniser);
    let mut goes = vec![false; looked.found.lines.len()];
    let mut comes = vec![false; candidates.len()];
    for Party { old, new } in parties(&looked.found.lines, &candidates) {
        let of_old: f32 = old.iter().map(|&i| belief(&looked.read[i])).sum();
        let of_new: f32 = new.iter().map(|&i| belief(&candidates[i].read)).sum();
        if of_new > CLEARLY * of_old {
            old.iter().for_each(|&i| goes[i] = true);
            new.iter().for_each(|&i| comes[i] = true);
        }
    }
    let mut is_gone = goes.iter();
    looked
        .found
        .lines
        .retain(|_| is_gone.next() == Some(&false));
    let mut is_gone = goes.iter();
    looked.read.retain(|_| is_gone.next() == Some(&false));
    for (candidate, _) in candidates
        .into_iter()
        .zip(comes)
        .filter(|(_, comes)| *comes)
    {
        // From now on it is as if it had been printed dark on white.
        let [x0, y0, ..] = crop(&candidate.line, &looked.prepared.gray);
        looked.prepared.gray.lay(&candidate.picture, x0, y0);
        looked.found.lines.push(candidate.line);
        looked.read.push(candidate.read);
    }
}

/// A line that may stand instead of others.
#[derive(Debug)]
struct Candidate {
    line: LineBox,
    picture: Gray,
    read: Vec<Character>,
}

/// Lines that the model sees, that geometry did not read, and that are believed.
fn candidates(
    looked: &Looked,
    seen: &[Seen],
    page: &Gray,
    recogniser: &Recogniser,
) -> Vec<Candidate> {
    let lines = &looked.found.lines;
    let both = || lines.iter().zip(&looked.read);
    let good: Vec<&LineBox> = both()
        .filter(|(line, read)| !read.is_empty() && !is_doubtful(line, read))
        .map(|(line, _)| line)
        .collect();
    let mut ems: Vec<f64> = good.iter().map(|line| line.em).collect();
    ems.sort_by(f64::total_cmp);
    let usual = ems.get(ems.len() / 2).copied();
    let is_unread = |seen: &&Seen| !is_upright(&seen.heart) && !is_covered(&seen.heart, &good);
    let (new, pictures): (Vec<LineBox>, Vec<Gray>) = seen
        .iter()
        .filter(is_unread)
        .filter_map(|seen| {
            let line = line(seen, page, looked.prepared.level, usual)?;
            let picture = prepare::legible(&page.crop(crop(&line, page)), looked.prepared.level);
            Some((line, picture))
        })
        .unzip();
    let read = recogniser.lines(&pictures);
    let mut candidates: Vec<Candidate> = Vec::new();
    for ((line, picture), read) in new
        .into_iter()
        .zip(pictures)
        .zip(read)
        .filter(|(_, read)| is_believed(read))
    {
        let candidate = Candidate {
            line,
            picture,
            read,
        };
        match candidates
            .iter_mut()
            .find(|other| share_ink(&other.line, &candidate.line))
        {
            Some(other) if belief(&candidate.read) > belief(&other.read) => *other = candidate,
            Some(_) => {}
            None => candidates.push(candidate),
        }
    }
    candidates
}

/// Old lines and new ones that share ink: it is read one way or the other.
#[derive(Debug, PartialEq)]
struct Party {
    old: Vec<usize>,
    new: Vec<usize>,
}

fn parties(lines: &[LineBox], candidates: &[Candidate]) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    for (n, candidate) in candidates.iter().enumerate() {
        let old = (0..lines.len())
            .filter(|&i| share_ink(&lines[i], &candidate.line))
            .collect();
        let mut party = Party { old, new: vec![n] };
        while let Some(at) = parties
            .iter()
            .position(|other| other.old.iter().any(|i| party.old.contains(i)))
        {
            let other = parties.swap_remove(at);
            party.old.extend(other.old);
            party.new.extend(other.new);
        }
        party.old.sort_unstable();
        party.old.dedup();
        parties.push(party);
    }
    parties
}

/// How much is read: of noise nothing, whose characters have a confidence of a half or less.
fn belief(read: &[Character]) -> f32 {
    read.iter()
        .filter(|c| !c.text.is_whitespace())
        .map(|c| c.confidence - 0.5)
        .sum::<f32>()
        .max(0.0)
}

/// Whether a reading is text beyond doubt: nothing stands for it but the recogniser.
fn is_believed(read: &[Character]) -> bool {
    /// Mean confidence of several characters, and that of one, which any stroke looks like.
    const SEVERAL: f32 = 0.85;
    const ONE: f32 = 0.97;
    let shown = || read.iter().filter(|c| !c.text.is_whitespace());
    let n = shown().count();
    let least = if n == 1 { ONE } else { SEVERAL };
    n > 0 && shown().map(|c| c.confidence).sum::<f32>() >= least * n as f32
}

/// Whether a line runs down the page: its characters can't be read as one line.
fn is_upright([x0, y0, x1, y1]: &[usize; 4]) -> bool {
    (y1 - y0) as f64 > 1.5 * (x1 - x0) as f64
}

/// Whether the heart of a line lies in lines that are read already.
fn is_covered([x0, y0, x1, y1]: &[usize; 4], lines: &[&LineBox]) -> bool {
    /// Of the heart's length; a doubtful line is read again as a whole.
    const COVERED: f64 = 0.75;
    let has_rows = |line: &LineBox| {
        2 * (line.bbox[3].min(*y1)).saturating_sub(line.bbox[1].max(*y0)) >= y1 - y0
    };
    let over: Vec<&&LineBox> = lines.iter().filter(|line| has_rows(line)).collect();
    let n = (*x0..*x1)
        .filter(|x| {
            over.iter()
                .any(|line| (line.bbox[0]..line.bbox[2]).contains(x))
        })
        .count();
    n as f64 >= COVERED * (x1 - x0) as f64
}

/// Whether boxes lie over each other, and not just edge to edge.
fn share_ink(a: &LineBox, b: &LineBox) -> bool {
    /// Of the smaller box.
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
fn line(seen: &Seen, page: &Gray, level: u8, usual: Option<f64>) -> Option<LineBox> {
    /// Blank inside a line, of the height of its heart, which is half an em: under the roof of a character, and beside a
    /// mark of full width.
    const BETWEEN_ROWS: f64 = 0.3;
    const BETWEEN_COLUMNS: f64 = 1.2;
    /// Ink of a row or column that is more than noise.
    const LEAST_ROW: f64 = 0.01;
    const LEAST_COLUMN: f64 = 0.03;
    let [left, top, right, bottom] = seen.around;
    let ink = prepare::legible(&page.crop(seen.around), level).ink(level);
    let [x0, y0, x1, y1] = seen.heart;
    let (columns, rows) = (x0 - left..x1 - left, y0 - top..y1 - top);
    let gap = |share: f64| (share * rows.len() as f64).round() as usize;
    let is_inked = |n: usize, of: usize, share: f64| n as f64 >= (share * of as f64).max(1.0);
    let in_row = |y: usize| {
        is_inked(
            ink.count([columns.start, y, columns.end, y + 1]),
            columns.len(),
            LEAST_ROW,
        )
    };
    let rows = extent(
        &(0..bottom - top).map(in_row).collect::<Vec<_>>(),
        &rows,
        gap(BETWEEN_ROWS),
    )?;
    let in_column = |x: usize| {
        is_inked(
            ink.count([x, rows.start, x + 1, rows.end]),
            rows.len(),
            LEAST_COLUMN,
        )
    };
    let columns = extent(
        &(0..right - left).map(in_column).collect::<Vec<_>>(),
        &columns,
        gap(BETWEEN_COLUMNS),
    )?;
    let height = rows.len() as f64;
    let is_usual = |em: &f64| (0.62 * em..1.12 * em).contains(&height);
    let em = usual.filter(is_usual).unwrap_or(1.05 * height);
    Some(LineBox {
        bbox: [
            left + columns.start,
            top + rows.start,
            left + columns.end,
            top + rows.end,
        ],
        em,
    })
}

/// From the first to the last that has ink, of what is in the heart or goes on from it without a blank of more than `gap`.
fn extent(has_ink: &[bool], heart: &Range<usize>, gap: usize) -> Option<Range<usize>> {
    let mut start = heart.clone().find(|&i| has_ink[i])?;
    let mut end = heart.clone().rfind(|&i| has_ink[i])? + 1;
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

    fn candidate(bbox: [usize; 4]) -> Candidate {
        Candidate {
            line: line_at(bbox),
            picture: Gray::white(0, 0),
            read: Vec::new(),
        }
    }

    #[test]
    fn what_shares_ink_is_read_one_way() {
        // Two lines in one box, a line of its own, and one that nothing was found of.
        let lines = [line_at([0, 0, 100, 45]), line_at([0, 60, 100, 80])];
        let candidates = [
            [0, 0, 100, 20],
            [0, 61, 100, 81],
            [0, 24, 100, 45],
            [0, 100, 100, 120],
        ]
        .map(candidate);
        let party = |old: &[usize], new: &[usize]| Party {
            old: old.to_vec(),
            new: new.to_vec(),
        };
        assert_eq!(
            parties(&lines, &candidates),
            [party(&[1], &[1]), party(&[0], &[2, 0]), party(&[], &[3])]
        );
    }

    #[test]
    fn a_line_is_covered_along_its_length() {
        let (a, b, above) = (
            line_at([0, 10, 40, 30]),
            line_at([42, 10, 80, 30]),
            line_at([0, 0, 100, 12]),
        );
        assert!(is_covered(&[0, 15, 100, 25], &[&a, &b]));
        assert!(!is_covered(&[0, 15, 100, 25], &[&a, &above]));
    }

    #[test]
    fn ink_goes_on_over_small_blanks() {
        let has_ink: Vec<bool> = "..#..##.#...#".chars().map(|c| c == '#').collect();
        assert_eq!(extent(&has_ink, &(4..7), 1), Some(5..9));
        assert_eq!(extent(&has_ink, &(4..7), 2), Some(2..9));
        assert_eq!(extent(&has_ink, &(9..11), 2), None);
    }
}
