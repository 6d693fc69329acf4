//! Small numeric tools that several stages need: medians, and sets that grow together.

use std::cmp::Ordering;

/// The median; of an even number of values the upper one.
pub fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_by(in_order);
    values.get(values.len() / 2).copied()
}

/// Numbers in their order; one that is none is equal to all.
fn in_order<T: PartialOrd>(a: &T, b: &T) -> Ordering {
    a.partial_cmp(b).unwrap_or(Ordering::Equal)
}

/// The median of shades; of an even number of them the upper one.
#[cfg(feature = "ocr")]
pub fn median_shade(mut shades: Vec<u8>) -> Option<u8> {
    let middle = shades.len() / 2;
    (!shades.is_empty()).then(|| *shades.select_nth_unstable(middle).1)
}

/// The median of values that count as often as their weights say.
pub fn weighted_median<T: PartialOrd + Copy>(mut values: Vec<(T, usize)>) -> Option<T> {
    values.sort_by(|a, b| in_order(&a.0, &b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
    let mut so_far = 0;
    for (value, weight) in values {
        so_far += weight;
        if so_far > half {
            return Some(value);
        }
    }
    None
}

/// Disjoint sets of the numbers 0..n that are joined pair by pair.
#[derive(Debug, Clone)]
pub struct UnionFind {
    parent: Vec<usize>,
}

impl UnionFind {
    /// Every number in a set of its own.
    pub fn new(n: usize) -> Self {
        Self {
            parent: (0..n).collect(),
        }
    }

    /// The least number of the set that holds `i`.
    pub fn root(&mut self, mut i: usize) -> usize {
        while self.parent[i] != i {
            self.parent[i] = self.parent[self.parent[i]];
            i = self.parent[i];
        }
        i
    }

    /// Makes one set of two. Returns whether they were two.
    pub fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
        a != b
    }

    /// For each number its set, counted from 0 in the order of their first members; and how many sets there are.
    #[cfg(feature = "ocr")]
    pub fn numbered(mut self) -> (Vec<usize>, usize) {
        let mut numbers = vec![usize::MAX; self.parent.len()];
        let mut n_sets = 0;
        let mut set_of = Vec::with_capacity(self.parent.len());
        for i in 0..self.parent.len() {
            let root = self.root(i);
            if numbers[root] == usize::MAX {
                numbers[root] = n_sets;
                n_sets += 1;
            }
            set_of.push(numbers[root]);
        }
        (set_of, n_sets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_the_upper_ones() {
        assert_eq!(median(Vec::<f64>::new()), None);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), Some(3.0));
        assert_eq!(median_shade(vec![]), None);
        assert_eq!(median_shade(vec![9, 7, 8]), Some(8));
        assert_eq!(weighted_median(Vec::<(f64, usize)>::new()), None);
        assert_eq!(
            weighted_median(vec![(2.0, 3), (1.0, 1), (9.0, 1)]),
            Some(2.0)
        );
        assert_eq!(weighted_median(vec![(1.0, 2), (2.0, 2)]), Some(2.0));
    }

    #[test]
    fn joined_sets_are_numbered_by_their_first_members() {
        let mut sets = UnionFind::new(6);
        sets.join(5, 1);
        sets.join(3, 5);
        sets.join(0, 2);
        assert_eq!(sets.root(3), 1);
        assert_eq!(sets.numbered(), (vec![0, 1, 0, 1, 2, 1], 3));
    }
}
