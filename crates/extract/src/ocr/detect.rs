//! Detection: the model's own eye for lines, for pages on which geometry fails.
//!
//! The model is a convolutional network that answers, for each pixel, how probable it is that the kernel of a line of
//! text lies there: the line without its rim (Liao et al. 2020, "Real-time scene text detection with differentiable
//! binarization"). It sees text on any ground, and nothing of columns or tables.

use std::path::Path;
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::components::{Component, Components};
use crate::raster::{Bilevel, Gray};

/// Pixels per inch of the model's picture: characters of 9 points have 14 pixels. At 150 it takes twice as long and finds no
/// more.
const DPI: f64 = 110.0;
/// Sides of that picture are multiples of this, as the network halves them five times.
const STEP: usize = 32;
/// Its longer side at the most, that of A3: memory grows with the square.
const LONGEST: usize = 1824;

// The package's own: rapidocr 3.10.0, `config.yaml`.

/// The probability from which a pixel is in a line's kernel.
const KERNEL: f32 = 0.3;
/// Mean probability of a kernel, from which it is a line's.
const LINE: f32 = 0.5;
/// How far a line reaches beyond its kernel: this, times the area of the kernel's box by its circumference.
const UNCLIP: f64 = 1.6;
/// The shorter side of a kernel, in pixels of the model's picture.
const SMALLEST: f64 = 3.0;

/// A line that the model sees, in pixels of the page: x0, y0, x1, y1; the last two are not included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectedLine {
    /// The middle of the line, surely within it.
    pub kernel: [usize; 4],
    /// What holds the whole line, and some of what is around it.
    pub unclipped: [usize; 4],
}

/// The detection model, loaded once and shared by all threads.
#[derive(Debug)]
pub struct Detector {
    model: Model,
    picture: NodeId,
    map: NodeId,
}

impl Detector {
    pub fn load(path: &Path) -> Result<Detector, String> {
        Detector::loaded(path).map_err(|problem| {
            format!(
                "{}: does not serve as the detection model: {problem}",
                path.display()
            )
        })
    }

    fn loaded(path: &Path) -> Result<Detector, String> {
        let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
        let model = ModelOptions::with_all_ops()
            .load(bytes)
            .map_err(|e| e.to_string())?;
        let picture = *model.input_ids().first().ok_or("it takes no picture")?;
        let map = *model.output_ids().first().ok_or("it has no answer")?;
        let detector = Detector {
            model,
            picture,
            map,
        };
        // What answers to one picture answers to every other: the size is all that varies.
        detector.map(&Gray::white(STEP, STEP))?;
        Ok(detector)
    }

    /// The lines of a page as it was scanned, upright and level.
    pub fn lines(&self, page: &Gray, dpi: f64) -> Vec<DetectedLine> {
        let scale = (DPI / dpi).min(LONGEST as f64 / page.width.max(page.height).max(1) as f64);
        let side = |n: usize| ((n as f64 * scale / STEP as f64).round() as usize).max(1) * STEP;
        if page.pixels.is_empty() {
            return Vec::new();
        }
        let picture = page.resized(side(page.width), side(page.height));
        let map = self
            .map(&picture)
            .expect("a model that was loaded answers to every picture");
        lines_of_map(&map, &picture, page)
    }

    /// For each pixel of a picture the probability that a line's kernel is there.
    fn map(&self, picture: &Gray) -> Result<Vec<f32>, String> {
        // By one thread, so that the answer can't depend on how many there are. A plain thread waits for it: one of rayon
        // would take up another page meanwhile.
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        std::thread::scope(|scope| {
            scope
                .spawn(|| pool.run(|| self.answer(picture, &pool)))
                .join()
                .expect("detection does not panic")
        })
    }

    fn answer(&self, picture: &Gray, pool: &Arc<ThreadPool>) -> Result<Vec<f32>, String> {
        // It takes blue, green and red, -1 to 1.
        let plane: Vec<f32> = picture
            .pixels
            .iter()
            .map(|&v| f32::from(v) / 127.5 - 1.0)
            .collect();
        let planes = NdTensor::from_data([1, 3, picture.height, picture.width], plane.repeat(3));
        let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
        let [map] = self
            .model
            .run_n(
                vec![(self.picture, planes.into())],
                [self.map],
                Some(options),
            )
            .map_err(|e| e.to_string())?;
        let map: NdTensor<f32, 4> = map.try_into().map_err(|_| "its answer is no map")?;
        match map.shape() {
            [1, 1, height, width] if (width, height) == (picture.width, picture.height) => {
                Ok(map.into_data())
            }
            shape => Err(format!("its answer is of shape {shape:?}")),
        }
    }
}

/// The lines of a map, where they are on the page.
fn lines_of_map(map: &[f32], picture: &Gray, page: &Gray) -> Vec<DetectedLine> {
    let kernels = Bilevel {
        width: picture.width,
        height: picture.height,
        ink: map.iter().map(|&p| u8::from(p > KERNEL)).collect(),
    };
    Components::from_ink(&kernels)
        .boxes
        .iter()
        .filter(|kernel| is_line(kernel, map, picture.width))
        .map(|kernel| {
            let bbox @ [x0, y0, x1, y1] = kernel.bbox().map(|at| at as f64);
            let circumference = 2.0 * (kernel.width() + kernel.height());
            let reach = UNCLIP * kernel.width() * kernel.height() / circumference;
            DetectedLine {
                kernel: on_page(bbox, picture, page),
                unclipped: on_page(
                    [x0 - reach, y0 - reach, x1 + reach, y1 + reach],
                    picture,
                    page,
                ),
            }
        })
        .collect()
}

/// Whether a kernel is that of a line: large enough, and probable enough.
fn is_line(kernel: &Component, map: &[f32], width: usize) -> bool {
    let probabilities = || {
        (kernel.y0..kernel.y1)
            .flat_map(|y| &map[y * width + kernel.x0..y * width + kernel.x1])
            .filter(|p| **p > KERNEL)
    };
    kernel.shorter_side() >= SMALLEST
        && probabilities().sum::<f32>() >= LINE * probabilities().count() as f32
}

/// A box of the model's picture on the page.
fn on_page([x0, y0, x1, y1]: [f64; 4], picture: &Gray, page: &Gray) -> [usize; 4] {
    let across = page.width as f64 / picture.width as f64;
    let down = page.height as f64 / picture.height as f64;
    let at = |v: f64, scale: f64, most: usize| ((v * scale).round().max(0.0) as usize).min(most);
    [
        at(x0, across, page.width),
        at(y0, down, page.height),
        at(x1, across, page.width),
        at(y1, down, page.height),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_lines_and_lines_reach_beyond_them() {
        let (width, height) = (64, 32);
        let mut map = vec![0.0; width * height];
        let mut fill = |[x0, y0, x1, y1]: [usize; 4], p: f32| {
            (y0..y1).for_each(|y| map[y * width + x0..y * width + x1].fill(p));
        };
        fill([10, 10, 50, 14], 0.9);
        fill([10, 20, 50, 24], 0.4);
        fill([5, 28, 60, 30], 0.9);
        let lines = lines_of_map(
            &map,
            &Gray::white(width, height),
            &Gray::white(2 * width, 2 * height),
        );
        assert_eq!(
            lines,
            [DetectedLine {
                kernel: [20, 20, 100, 28],
                unclipped: [14, 14, 106, 34]
            }]
        );
    }
}
