//! The models, each loaded when the first page needs it.

use std::path::Path;
use std::sync::OnceLock;

use super::cache::Cache;
use super::detect::Detector;
use super::models;
use super::recognise::Recogniser;
pub use crate::recognition::Mode;

/// Reads pages by OCR; each model is loaded when the first page needs it, and shared by all.
#[derive(Debug)]
pub struct Reader {
    pub mode: Mode,
    models: String,
    threads: usize,
    /// What was read of pages before.
    pub cache: Option<Cache>,
    files: OnceLock<Result<models::Files, String>>,
    recogniser: OnceLock<Result<Recogniser, String>>,
    detector: OnceLock<Result<Detector, String>>,
}

impl Reader {
    /// `threads` is how many lines are recognised at the same time.
    pub fn new(models: &str, mode: Mode, threads: usize) -> Self {
        let (files, recogniser, detector) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self {
            mode,
            models: models.to_owned(),
            threads,
            cache: None,
            files,
            recogniser,
            detector,
        }
    }

    /// The same, keeping what it reads in a folder.
    pub fn keeping(self, folder: &Path) -> Self {
        Self {
            cache: Some(Cache::new(folder)),
            ..self
        }
    }

    /// What names the pages of a file in the cache, if there is one.
    pub fn key_of_file(&self, bytes: &[u8]) -> Option<[u8; 32]> {
        self.cache.as_ref().map(|_| Cache::key_of_file(bytes))
    }

    /// The recogniser, or why there is none. There is none without a detector, whether or not a page will need it.
    pub fn recogniser(&self) -> Result<&Recogniser, &str> {
        let load = || {
            Recogniser::load(&self.files()?.recognition, self.threads).map_err(|e| e.to_string())
        };
        self.recogniser
            .get_or_init(|| apart(load))
            .as_ref()
            .map_err(String::as_str)
    }

    /// The detector, or why there is none.
    pub fn detector(&self) -> Result<&Detector, &str> {
        let load = || Detector::load(&self.files()?.detection);
        self.detector
            .get_or_init(|| apart(load))
            .as_ref()
            .map_err(String::as_str)
    }

    pub fn files(&self) -> Result<&models::Files, &str> {
        self.files
            .get_or_init(|| models::find(&self.models).map_err(|e| e.to_string()))
            .as_ref()
            .map_err(String::as_str)
    }
}

/// Loads a model in a plain thread. One of rayon would take up other work while the model's own threads are at theirs, such
/// as another input, which waits for the model.
fn apart<T: Send>(load: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        scope
            .spawn(load)
            .join()
            .unwrap_or_else(|_| Err("the model can't be loaded".to_owned()))
    })
}
