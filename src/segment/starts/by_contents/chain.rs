//! The heaviest chain of candidates in which both entries and passages advance.

use super::Candidate;

/// A candidate that ends a chain, and the weight of the chain.
type Link = (f64, usize);

/// The heaviest chains that end at entries: a Fenwick tree of maxima over the entries.
struct Heaviest {
    links: Vec<Option<Link>>,
}

impl Heaviest {
    fn new(n_entries: usize) -> Self {
        Heaviest {
            links: vec![None; n_entries + 1],
        }
    }

    fn insert(&mut self, entry: usize, link: Link) {
        let mut node = entry + 1;
        while node < self.links.len() {
            self.links[node] = heavier(self.links[node], Some(link));
            node += lowest_bit(node);
        }
    }

    /// The heaviest chain that ends at an entry before this one.
    fn before(&self, entry: usize) -> Option<Link> {
        let mut node = entry;
        let mut best = None;
        while node > 0 {
            best = heavier(best, self.links[node]);
            node -= lowest_bit(node);
        }
        best
    }
}

fn lowest_bit(n: usize) -> usize {
    n & n.wrapping_neg()
}

/// The heavier one; of two that are alike, the one that starts later.
fn heavier(a: Option<Link>, b: Option<Link>) -> Option<Link> {
    match (a, b) {
        (Some(x), Some(y)) if x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)).is_ge() => a,
        (_, Some(_)) => b,
        _ => a,
    }
}

/// The candidates of the chain, in order. They are given in the order of their first passages.
pub fn heaviest_chain(candidates: &[Candidate]) -> Vec<&Candidate> {
    let n_entries = candidates.iter().map(|c| c.entry + 1).max().unwrap_or(0);
    let mut by_end: Vec<usize> = (0..candidates.len()).collect();
    by_end.sort_by_key(|&i| candidates[i].passages.end);
    let mut ended = by_end.into_iter().peekable();
    let mut heaviest = Heaviest::new(n_entries);
    let mut weights = Vec::with_capacity(candidates.len());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let start = candidate.passages.start;
        while let Some(i) = ended.next_if(|&i| candidates[i].passages.end <= start) {
            heaviest.insert(candidates[i].entry, (weights[i], i));
        }
        let best = heaviest.before(candidate.entry);
        weights.push(candidate.weight + best.map_or(0.0, |(weight, _)| weight));
        before.push(best.map(|(_, i)| i));
    }
    let last =
        (0..candidates.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b]).then(b.cmp(&a)));
    let mut chain: Vec<&Candidate> = std::iter::successors(last, |&i| before[i])
        .map(|i| &candidates[i])
        .collect();
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_passages_both_advance() {
        let candidate = |entry, passages, weight| Candidate {
            entry,
            passages,
            weight,
        };
        let candidates = [
            candidate(1, 0..1, 1.0),
            candidate(0, 1..3, 1.0),
            candidate(2, 2..3, 1.5),
            candidate(1, 3..4, 0.9),
            candidate(2, 4..5, 1.0),
        ];
        let chain: Vec<usize> = heaviest_chain(&candidates)
            .iter()
            .map(|c| c.passages.start)
            .collect();
        assert_eq!(chain, [1, 3, 4]);
    }
}
