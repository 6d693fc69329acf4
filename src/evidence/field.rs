//! Inference in the field: the best labels of all passages together (Viterbi), and how likely each label of each passage
//! is (forward-backward).

use rayon::prelude::*;

use super::Fact;
use super::weights::{Key, NONE, OFFSETS, Weights};

/// What speaks for each label of each passage, and for each step between labels.
#[derive(Debug)]
pub struct Field<'m> {
    n_labels: usize,
    weights: &'m Weights,
    /// Scores of labels, passage by passage.
    scores: Vec<f32>,
}

impl<'m> Field<'m> {
    pub fn new(weights: &'m Weights, evidence: &[Vec<Fact>]) -> Field<'m> {
        let n_labels = weights.labels.len();
        let keys: Vec<Vec<Key>> = evidence
            .iter()
            .map(|facts| facts.iter().map(|&fact| Key::of(fact)).collect())
            .collect();
        let none = [Key::new(NONE, 0)];
        let mut scores = vec![0.0; n_labels * evidence.len()];
        scores
            .par_chunks_mut(n_labels)
            .enumerate()
            .for_each(|(i, scores)| {
                for offset in OFFSETS {
                    let there = i
                        .checked_add_signed(isize::from(offset))
                        .and_then(|i| keys.get(i));
                    let keys = there.map_or(&none[..], Vec::as_slice);
                    for &key in keys {
                        weights.add(key, offset, scores);
                    }
                }
            });
        Field {
            n_labels,
            weights,
            scores,
        }
    }

    fn step(&self, from: usize, to: usize) -> f32 {
        self.weights.steps[from * self.n_labels + to]
    }

    /// The labels that are best together.
    pub fn best(&self) -> Vec<usize> {
        let n = self.n_labels;
        let mut rows = self.scores.chunks_exact(n);
        let Some(first) = rows.next() else {
            return Vec::new();
        };
        let mut best = first.to_vec();
        let mut back: Vec<Vec<usize>> = Vec::new();
        for scores in rows {
            let from: Vec<usize> = (0..n)
                .map(|to| argmax((0..n).map(|from| best[from] + self.step(from, to))))
                .collect();
            best = (0..n)
                .map(|to| best[from[to]] + self.step(from[to], to) + scores[to])
                .collect();
            back.push(from);
        }
        let mut label = argmax(best.iter().copied());
        let mut labels = vec![label];
        for from in back.iter().rev() {
            label = from[label];
            labels.push(label);
        }
        labels.reverse();
        labels
    }

    /// How likely each label of each passage is, passage by passage.
    pub fn marginals(&self) -> Vec<f32> {
        let n = self.n_labels;
        let n_passages = self.scores.len() / n;
        let steps: Vec<f32> = self.weights.steps.iter().map(|step| step.exp()).collect();
        let states: Vec<f32> = self.scores.chunks_exact(n).flat_map(likelihoods).collect();
        let mut forward = states.clone();
        for i in 1..n_passages {
            let (before, row) = forward.split_at_mut(i * n);
            let before = &before[(i - 1) * n..];
            for to in 0..n {
                let sum: f32 = (0..n).map(|from| before[from] * steps[from * n + to]).sum();
                row[to] *= sum;
            }
            normalise(&mut row[..n]);
        }
        let mut backward = vec![1.0; states.len()];
        for i in (1..n_passages).rev() {
            let (row, after) = backward.split_at_mut(i * n);
            let row = &mut row[(i - 1) * n..];
            for (from, chance) in row.iter_mut().enumerate() {
                *chance = (0..n)
                    .map(|to| steps[from * n + to] * states[i * n + to] * after[to])
                    .sum();
            }
            normalise(row);
        }
        let mut marginals: Vec<f32> = forward.iter().zip(&backward).map(|(f, b)| f * b).collect();
        marginals.chunks_exact_mut(n).for_each(normalise);
        marginals
    }
}

/// Scores as likelihoods; the highest is 1.
fn likelihoods(scores: &[f32]) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.iter().map(|score| (score - highest).exp()).collect()
}

fn normalise(row: &mut [f32]) {
    let sum: f32 = row.iter().sum();
    if sum > 0.0 {
        row.iter_mut().for_each(|chance| *chance /= sum);
    }
}

/// The first of the highest.
fn argmax(values: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::MIN);
    for (i, value) in values.enumerate() {
        if value > best.1 {
            best = (i, value);
        }
    }
    best.0
}
