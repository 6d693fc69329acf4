//! Streaks: what dirt on the glass of a scanner draws down a page, through whatever stands there. They are broken, one
//! pixel wide, and as long as the sheet.

use super::ruling::Ruling;

/// The width that parts streaks from printed rulings, in pixels: a streak has one, a ruling two, a faint one less.
pub const HAIR: f64 = 1.6;

/// The streaks among the upright stretches of ink of a page, with what is lost of them between.
pub fn streaks(upright: &[Ruling], height: f64) -> Vec<Ruling> {
    /// From the first piece of a streak to the last at the least, in the height of the page.
    const LONG: f64 = 0.35;
    /// The share of that which is there.
    const LEAST_COVERED: f64 = 0.4;
    let mut streaks = Vec::new();
    for chain in chains(upright, height) {
        let (from, to) = (chain[0].from, chain[chain.len() - 1].to);
        let covered: f64 = chain.iter().map(Ruling::length).sum();
        if to - from < LONG * height || covered < LEAST_COVERED * (to - from) {
            continue;
        }
        let gaps = chain.windows(2).filter(|pair| pair[1].from > pair[0].to);
        streaks.extend(&chain);
        streaks.extend(gaps.map(|pair| between(&pair[0], &pair[1])));
    }
    streaks
}

/// Hairs that go on from one another down the page.
fn chains(upright: &[Ruling], height: f64) -> Vec<Vec<Ruling>> {
    let mut hairs: Vec<Ruling> = upright
        .iter()
        .filter(|ruling| ruling.thickness <= HAIR)
        .copied()
        .collect();
    hairs.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut chains: Vec<Vec<Ruling>> = Vec::new();
    for hair in hairs {
        let nearest = chains
            .iter_mut()
            .filter_map(|chain| Some((aside(chain.last()?, &hair, height)?, chain)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((_, chain)) => chain.push(hair),
            None => chains.push(vec![hair]),
        }
    }
    chains
}

/// How far beside the end of one piece the next begins, if it may go on from it.
fn aside(last: &Ruling, next: &Ruling, height: f64) -> Option<f64> {
    /// The gap that a streak is lost in at the most, in the height of the page.
    const GAP: f64 = 0.2;
    /// By how much two pieces may overlap, in pixels.
    const OVERLAP: f64 = 2.0;
    /// How far aside they may stand, in pixels.
    const ASIDE: f64 = 1.5;
    /// How much further for each pixel of the gap, as a page may lean.
    const LEAN: f64 = 0.02;
    let gap = next.from - last.to;
    let aside = (next.at(next.from) - last.at(last.to)).abs();
    (gap >= -OVERLAP && gap <= GAP * height && aside <= ASIDE + LEAN * gap.max(0.0))
        .then_some(aside)
}

/// The piece that is lost between two.
fn between(above: &Ruling, below: &Ruling) -> Ruling {
    let (y0, y1) = (above.to, below.from);
    let (x0, x1) = (above.at(y0), below.at(y1));
    let slope = (x1 - x0) / (y1 - y0);
    Ruling {
        is_level: false,
        from: y0,
        to: y1,
        start: x0 - slope * y0,
        slope,
        thickness: 1.0,
    }
}
