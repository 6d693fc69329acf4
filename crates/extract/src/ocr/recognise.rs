//! Recognition: the picture of one printed line becomes characters with place, confidence and runner-up.
//!
//! The model is a convolutional network with a CTC head (Graves et al. 2006): it answers, for each step of eight
//! columns, how probable each character is, and how probable it is that none is centred there.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::confidence::CERTAIN;
use crate::page::Recognised;
use crate::raster::Gray;

/// Rows of the picture that the model reads.
const MODEL_HEIGHT: usize = 48;
/// Columns of that picture to one step of the answer.
const STEP: usize = 8;
/// Where in its step a character is centred, measured on a thousand hanzi of known place.
const CENTRE_OF_STEP: f32 = 0.25;
/// Columns of paper left and right of a line in the model's picture. Without any, characters at the ends get lost; more
/// than a step costs time and gains nothing.
const PAD: usize = STEP;
/// Columns of the model's picture that are read at once, about 40 hanzi. The model compares each step with each other
/// step, so that time and memory grow faster than the line; and it was trained on shorter ones.
const MAX_WIDTH: usize = 1600;
/// Rows of pixels under which no hanzi can be told from another.
const MIN_HEIGHT: usize = 8;

/// Names inside the model: the scores before the bias is added and probabilities are made of them, and the bias. Only
/// the steps that hold a character need probabilities, so what the model would do for all is done here for those.
const SCORES: &str = "p2o.pd_op.matmul.12.0";
const BIAS: &str = "linear_8.b_0";

/// A character and its place in the picture of its line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Character {
    pub text: char,
    pub recognised: Recognised,
    /// Left end in pixels of the line's picture. Half way between the ends is where the ink of the character is
    /// centred, to a quarter of a hanzi; how wide it is follows from its neighbours and the height of the picture.
    pub from: f32,
    /// Right end.
    pub to: f32,
}

impl Character {
    /// Where its ink is centred, in pixels of a page on which the line's picture begins at `left`.
    pub fn centre(&self, left: usize) -> f64 {
        left as f64 + f64::from(self.from + self.to) / 2.0
    }
}

/// Why a file does not serve as the recognition model.
#[derive(Debug, thiserror::Error)]
#[error("{path}: does not serve as the recognition model: {problem}", path = path.display())]
pub struct RecogniserError {
    pub path: PathBuf,
    pub problem: String,
}

/// The recognition model, loaded once and shared by all threads.
#[derive(Debug)]
pub struct Recogniser {
    model: Model,
    picture: NodeId,
    scores: NodeId,
    /// Added to the score of each class.
    bias: Vec<f32>,
    /// Character of each class but the first, which is the blank.
    characters: Vec<char>,
    /// A line is read by one thread from end to end: reading as many lines at once as there are threads is faster than
    /// sharing out each, and what is read can't depend on how many there are.
    readers: Vec<Arc<ThreadPool>>,
    /// The reader that begins next.
    turn: AtomicUsize,
}

impl Recogniser {
    /// Loads the model from a file; as many lines as `threads` are read at the same time.
    pub fn load(path: &Path, threads: usize) -> Result<Recogniser, RecogniserError> {
        Recogniser::loaded(path, threads).map_err(|problem| RecogniserError {
            path: path.to_owned(),
            problem,
        })
    }

    fn loaded(path: &Path, threads: usize) -> Result<Recogniser, String> {
        let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
        let model = ModelOptions::with_all_ops()
            .load(bytes)
            .map_err(|e| e.to_string())?;
        let list = model
            .metadata()
            .fields()
            .find_map(|(name, list)| (name == "character").then_some(list));
        let characters: Vec<char> = list
            .ok_or("it names no characters")?
            .split('\n')
            .filter_map(|c| c.chars().next())
            .chain([' '])
            .collect();
        let node = |name: &str| model.node_id(name).map_err(|_| format!("it has no {name}"));
        let (scores, bias) = (node(SCORES)?, node(BIAS)?);
        let picture = *model.input_ids().first().ok_or("it takes no picture")?;
        let [bias] = model
            .run_n(vec![], [bias], None)
            .map_err(|e| e.to_string())?;
        let bias: NdTensor<f32, 1> = bias
            .try_into()
            .map_err(|_| "its bias is no list of numbers")?;
        let bias = bias.to_vec();
        if bias.len() != characters.len() + 1 {
            return Err(format!(
                "it names {} characters and has {} classes",
                characters.len(),
                bias.len()
            ));
        }
        let readers = (0..threads.max(1))
            .map(|_| Arc::new(ThreadPool::with_num_threads(1)))
            .collect();
        let recogniser = Recogniser {
            model,
            picture,
            scores,
            bias,
            characters,
            readers,
            turn: AtomicUsize::new(0),
        };
        // What reads one picture reads every other: the width is all that varies.
        recogniser.scores(vec![0.0; MODEL_HEIGHT * STEP], STEP, &recogniser.readers[0])?;
        Ok(recogniser)
    }

    /// Reads the pictures of many lines at a time, which takes all threads. Each goes from the top of the tallest
    /// character to the bottom of the lowest, with up to a tenth of that as margin; dark on light. A picture without
    /// pixels holds no characters.
    pub fn lines(&self, lines: &[Gray]) -> Vec<Vec<Character>> {
        let next = AtomicUsize::new(0);
        let read = |reader: &Arc<ThreadPool>| {
            reader.run(|| {
                std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                    .map_while(|n| lines.get(n).map(|line| (n, self.read(line, reader))))
                    .collect::<Vec<_>>()
            })
        };
        let n_readers = self.readers.len().min(lines.len());
        let first = self.turn.fetch_add(n_readers, Ordering::Relaxed);
        let mut characters = vec![Vec::new(); lines.len()];
        // Plain threads wait for the readers. A thread of rayon would not wait but take up other work meanwhile, such
        // as the next page, and that one's wait the next, until all pages are in memory.
        std::thread::scope(|scope| {
            let reading: Vec<_> = (0..n_readers)
                .map(|n| {
                    scope.spawn(move || {
                        read(&self.readers[(first.wrapping_add(n)) % self.readers.len()])
                    })
                })
                .collect();
            for (n, line) in reading
                .into_iter()
                .flat_map(|reader| reader.join().expect("reading a line does not panic"))
            {
                characters[n] = line;
            }
        });
        characters
    }

    fn read(&self, line: &Gray, reader: &Arc<ThreadPool>) -> Vec<Character> {
        if line.width == 0
            || line.height < MIN_HEIGHT
            || line.pixels.len() != line.width * line.height
        {
            return Vec::new();
        }
        let scaled = scaled(line);
        let paper = paper(&scaled);
        let scale = line.width as f32 / scaled.width as f32;
        let mut peaks = Vec::new();
        for piece in pieces(&scaled) {
            let offset = piece.start as f32 - PAD as f32;
            let width = (piece.len() + 2 * PAD).next_multiple_of(STEP);
            let scores = self
                .scores(padded(&scaled, piece, width, paper), width, reader)
                .expect("a model that was loaded reads every picture");
            for mut peak in self::peaks(&scores, &self.bias, &self.characters) {
                peak.at = (peak.at * STEP as f32 + offset) * scale;
                peaks.push(peak);
            }
        }
        placed(peaks, line)
    }

    /// What the model answers to a picture of `MODEL_HEIGHT` rows: for each step the score of each class.
    fn scores(
        &self,
        plane: Vec<f32>,
        width: usize,
        reader: &Arc<ThreadPool>,
    ) -> Result<Vec<f32>, String> {
        // It takes red, green and blue.
        let picture = NdTensor::from_data([1, 3, MODEL_HEIGHT, width], plane.repeat(3));
        let options = RunOptions::default().with_thread_pool(Some(reader.clone()));
        let [scores] = self
            .model
            .run_n(
                vec![(self.picture, picture.into())],
                [self.scores],
                Some(options),
            )
            .map_err(|e| e.to_string())?;
        let scores: NdTensor<f32, 3> = scores
            .try_into()
            .map_err(|_| "its answer is no list of scores")?;
        match scores.shape() {
            [1, _, classes] if classes == self.bias.len() => Ok(scores.into_data()),
            shape => Err(format!("its answer is of shape {shape:?}")),
        }
    }
}

/// The picture at the model's height.
fn scaled(line: &Gray) -> Gray {
    line.resized(
        ((line.width * MODEL_HEIGHT + line.height / 2) / line.height).max(1),
        MODEL_HEIGHT,
    )
}

/// Columns that are read together: all, or as many as the model takes, parted where there is least ink.
fn pieces(line: &Gray) -> Vec<Range<usize>> {
    /// Columns on each side of a cut that should be white as well.
    const MARGIN: usize = 4;
    let mut pieces = Vec::new();
    let mut start = 0;
    while line.width - start > MAX_WIDTH {
        let ink_at = |x: usize| {
            line.pixels[x..]
                .iter()
                .step_by(line.width)
                .map(|&v| u64::from(255 - v))
                .sum::<u64>()
        };
        let first = start + MAX_WIDTH / 2;
        let ink: Vec<u64> = (first..start + MAX_WIDTH).map(ink_at).collect();
        let least = ink
            .windows(2 * MARGIN)
            .enumerate()
            .rev()
            .min_by_key(|(_, around)| around.iter().sum::<u64>());
        let cut = first + least.map_or(0, |(n, _)| n + MARGIN);
        pieces.push(start..cut);
        start = cut;
    }
    pieces.push(start..line.width);
    pieces
}

/// The shade of the paper: four fifths of the picture are darker or the same. White around a line on grey paper would
/// be read as an edge.
fn paper(line: &Gray) -> u8 {
    let mut shades = line.pixels.clone();
    let n = (shades.len() * 4 / 5).min(shades.len() - 1);
    *shades.select_nth_unstable(n).1
}

/// A piece of the picture as the model takes it, -1 black and 1 white, on a ground of `width` columns of paper.
fn padded(line: &Gray, piece: Range<usize>, width: usize, paper: u8) -> Vec<f32> {
    let shade = |v: u8| f32::from(v) / 127.5 - 1.0;
    let mut plane = vec![shade(paper); MODEL_HEIGHT * width];
    for (to, from) in plane
        .chunks_exact_mut(width)
        .zip(line.pixels.chunks_exact(line.width))
    {
        to[PAD..]
            .iter_mut()
            .zip(&from[piece.clone()])
            .for_each(|(to, &from)| *to = shade(from));
    }
    plane
}

/// A character and the place of its centre.
#[derive(Debug, Clone, PartialEq)]
struct Peak {
    text: char,
    recognised: Recognised,
    at: f32,
}

/// The class that says that no character is centred in a step; the others stand for the characters, in their order.
const BLANK: usize = 0;

/// What the scores of the steps say: neighbouring steps of one class are one character, blanks part characters. The
/// place is counted in steps.
fn peaks(scores: &[f32], bias: &[f32], characters: &[char]) -> Vec<Peak> {
    let mut peaks: Vec<Peak> = Vec::new();
    let mut last_class = BLANK;
    // Sum of the probabilities of the last character's steps: they weigh its place.
    let mut weight = 0.0;
    let mut step = vec![0.0; bias.len()];
    for (n, scores) in scores.chunks_exact(bias.len()).enumerate() {
        for ((sum, score), bias) in step.iter_mut().zip(scores).zip(bias) {
            *sum = score + bias;
        }
        let top = highest(&step);
        let class = step.iter().position(|&score| score == top).unwrap_or(BLANK);
        if class != BLANK {
            let recognised = recognised(&mut step, class, characters);
            let confidence = recognised.confidence;
            let at = n as f32 + CENTRE_OF_STEP;
            match peaks.last_mut() {
                Some(peak) if class == last_class => {
                    peak.at = (peak.at * weight + at * confidence) / (weight + confidence);
                    weight += confidence;
                    if confidence > peak.recognised.confidence {
                        peak.recognised = recognised;
                    }
                }
                _ => {
                    peaks.push(Peak {
                        text: characters[class - 1],
                        recognised,
                        at,
                    });
                    weight = confidence;
                }
            }
        }
        last_class = class;
    }
    peaks
}

/// How probable the best class of a step is, and what would stand there otherwise. The score of the class is lost.
fn recognised(step: &mut [f32], class: usize, characters: &[char]) -> Recognised {
    // A score this much lower adds less than a millionth.
    const NEGLIGIBLE: f32 = 14.0;
    let top = step[class];
    let sum: f32 = step
        .iter()
        .filter(|&&score| score > top - NEGLIGIBLE)
        .map(|score| (score - top).exp())
        .sum();
    let confidence = 1.0 / sum;
    step[class] = f32::NEG_INFINITY;
    let others = &step[1..];
    let second = highest(others);
    let runner_up = others
        .iter()
        .position(|&score| score == second && score.is_finite())
        .map(|n| characters[n]);
    let is_known =
        characters[class - 1].is_ascii_digit() || runner_up.is_some_and(|c| c.is_ascii_digit());
    let digit = if confidence >= CERTAIN || is_known {
        None
    } else {
        likeliest_digit(others, characters)
    };
    Recognised {
        confidence,
        runner_up,
        digit,
    }
}

fn likeliest_digit(scores: &[f32], characters: &[char]) -> Option<char> {
    characters
        .iter()
        .zip(scores)
        .filter(|(c, _)| c.is_ascii_digit())
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map(|(c, _)| *c)
}

/// The highest score; in lanes, so that the processor compares many at once.
fn highest(scores: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    for scores in scores.chunks(lanes.len()) {
        for (lane, &score) in lanes.iter_mut().zip(scores) {
            if score > *lane {
                *lane = score;
            }
        }
    }
    lanes.into_iter().fold(f32::NEG_INFINITY, f32::max)
}

/// Gives each character its width: to half way to its nearer neighbour, not wider than the line is high, and inside it.
fn placed(peaks: Vec<Peak>, line: &Gray) -> Vec<Character> {
    let (width, height) = (line.width as f32, line.height as f32);
    let centres: Vec<f32> = peaks.iter().map(|peak| peak.at.clamp(0.0, width)).collect();
    let half_width = |n: usize| {
        let centre = centres[n];
        let neighbours = [n.checked_sub(1), Some(n + 1)]
            .into_iter()
            .flatten()
            .filter_map(|n| centres.get(n));
        neighbours
            .map(|other| (other - centre).abs() / 2.0)
            .fold(centre.min(width - centre).min(height / 2.0), f32::min)
    };
    let character = |(n, peak): (usize, Peak)| Character {
        text: peak.text,
        recognised: peak.recognised,
        from: centres[n] - half_width(n),
        to: centres[n] + half_width(n),
    };
    peaks.into_iter().enumerate().map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::models;

    const CHARACTERS: [char; 3] = ['县', '〇', ' '];

    /// Peaks of steps that are written as the class that wins by five and the one that comes second by two.
    fn peaks_of(steps: &[(usize, usize)]) -> Vec<Peak> {
        let scores = |&(best, second): &(usize, usize)| {
            let mut scores = [0.0; 4];
            scores[second] = 2.0;
            scores[best] = 5.0;
            scores
        };
        peaks(
            &steps.iter().flat_map(scores).collect::<Vec<f32>>(),
            &[0.0; 4],
            &CHARACTERS,
        )
    }

    fn text(steps: &[(usize, usize)]) -> String {
        peaks_of(steps).iter().map(|peak| peak.text).collect()
    }

    #[test]
    fn steps_of_a_class_are_one_character_and_blanks_part_characters() {
        assert_eq!(text(&[]), "");
        assert_eq!(text(&[(0, 1), (0, 1)]), "");
        assert_eq!(
            text(&[(1, 0), (1, 0), (2, 0), (0, 1), (2, 0), (3, 0)]),
            "县〇〇 "
        );
    }

    #[test]
    fn a_character_has_a_place_a_confidence_and_a_runner_up() {
        let peaks = peaks_of(&[(0, 1), (1, 2), (1, 2), (1, 2), (0, 1), (2, 0)]);
        assert_eq!(peaks[0].at, 2.0 + CENTRE_OF_STEP);
        let total = 5f32.exp() + 2f32.exp() + 2.0;
        assert!((peaks[0].recognised.confidence - 5f32.exp() / total).abs() < 1e-6);
        assert_eq!(peaks[0].recognised.runner_up, Some('〇'));
        // The blank is no runner-up: another character is.
        assert_ne!(peaks[1].recognised.runner_up, Some('〇'));
        assert!(peaks[1].recognised.runner_up.is_some());
    }

    #[test]
    fn the_bias_counts() {
        assert_eq!(
            peaks(&[0.0, 1.0, 0.0, 0.0], &[2.0, 0.0, 4.0, 0.0], &CHARACTERS)[0].text,
            '〇'
        );
    }

    #[test]
    fn a_long_line_is_cut_where_it_is_white() {
        let (width, gap) = (4000, 1400..1420);
        let row: Vec<u8> = (0..width)
            .map(|x| if gap.contains(&x) { 255 } else { 90 })
            .collect();
        let pieces = pieces(&Gray {
            width,
            height: MODEL_HEIGHT,
            pixels: row.repeat(MODEL_HEIGHT),
        });
        assert!(gap.contains(&pieces[0].end), "{pieces:?}");
        assert!(pieces.iter().all(|piece| piece.len() <= MAX_WIDTH));
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(pieces.last().unwrap().end, width);
    }

    #[test]
    fn widths_lie_inside_the_line_and_do_not_overlap() {
        let peak = |at| Peak {
            text: '一',
            recognised: Recognised::CERTAIN,
            at,
        };
        let line = Gray {
            width: 100,
            height: 20,
            pixels: vec![255; 2000],
        };
        let ends: Vec<_> = placed(vec![peak(-1.0), peak(8.0), peak(40.0), peak(52.0)], &line)
            .iter()
            .map(|c| (c.from, c.to))
            .collect();
        assert_eq!(ends, [(0.0, 0.0), (4.0, 12.0), (34.0, 46.0), (46.0, 58.0)]);
    }

    #[test]
    fn pictures_of_any_size_are_read() {
        let Ok(models::Files {
            recognition: path, ..
        }) = models::find("")
        else {
            eprintln!("skipped: the recognition model is not here (`gongbao models` fetches it)");
            return;
        };
        let one = Recogniser::load(&path, 1).unwrap();
        let two = Recogniser::load(&path, 2).unwrap();
        // Three strokes as thick as those of 三, on a grey ground.
        let three = |width: usize, height: usize| {
            let is_ink = |x: usize, y: usize| {
                matches!(y * 7 / height, 1 | 3 | 5) && matches!(x * 8 / width, 1..7)
            };
            Gray {
                width,
                height,
                pixels: (0..width * height)
                    .map(|n| {
                        if is_ink(n % width, n / width) {
                            20
                        } else {
                            230
                        }
                    })
                    .collect(),
            }
        };
        let sizes = [
            (0, 0),
            (0, 40),
            (40, 0),
            (1, 1),
            (1, 900),
            (900, 1),
            (3, 60),
            (60, 60),
            (2500, 30),
            (400, 400),
        ];
        let mut lines: Vec<Gray> = sizes
            .into_iter()
            .map(|(width, height)| three(width, height))
            .collect();
        lines.push(Gray {
            width: 50,
            height: 50,
            pixels: vec![255; 7],
        });
        lines.push(Gray {
            width: 200,
            height: 50,
            pixels: vec![255; 200 * 50],
        });
        let read = one.lines(&lines);
        assert_eq!(read, two.lines(&lines));
        assert_eq!(read[7][0].text, '三', "{:?}", read[7]);
        for n in [0, 1, 2, 3, 5, 10, 11] {
            assert_eq!(read[n], [], "{n}");
        }
    }
}
