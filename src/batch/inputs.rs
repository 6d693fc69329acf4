//! Which files a run reads, and what its results are called.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::journal::{Failure, Reason};

/// An input file and what its results are called, below the output folder: folder and stem.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub path: PathBuf,
    /// Path below the folder that was searched, or the file's name.
    pub name: PathBuf,
    /// Where the results go, without `.json`.
    pub stem: PathBuf,
    /// In bytes; none if it isn't known.
    pub size: u64,
    /// Why it is not read.
    pub refused: Option<Failure>,
}

/// Whether links that are found in folders are followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Links {
    #[default]
    Refuse,
    Follow,
}

/// Files that folders hold, searched in name order; a file stands for itself, whatever it is called. A file that is named
/// twice is read once.
pub fn inputs(paths: &[PathBuf], links: Links) -> Vec<Input> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            search(path, Path::new(""), links, &mut found);
        } else {
            let name = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            found.push(input(path.clone(), name));
        }
    }
    let mut seen = HashSet::new();
    found.retain(|input| {
        let is_read = input.refused.is_none();
        let canonical = is_read.then(|| input.path.canonicalize().ok()).flatten();
        seen.insert(canonical.unwrap_or_else(|| input.path.clone()))
    });
    name_results(&mut found);
    found
}

/// A file, or why it is none: a pipe or a device has no end.
fn input(path: PathBuf, name: PathBuf) -> Input {
    let metadata = fs::metadata(&path);
    let refused = match &metadata {
        Ok(metadata) if !metadata.is_file() => Some(Failure::new(
            Reason::NotAFile,
            "is no file: pipes, devices and sockets are not read",
        )),
        _ => None,
    };
    Input {
        stem: name.with_extension(""),
        name,
        path,
        size: metadata.map_or(0, |metadata| metadata.len()),
        refused,
    }
}

fn search(folder: &Path, below: &Path, links: Links, found: &mut Vec<Input>) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            found.push(refused(
                folder.to_owned(),
                below.to_owned(),
                Reason::Unreadable,
                &format!("is a folder that can't be searched: {error}"),
            ));
            return;
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), below.join(entry.file_name()));
        let kind = entry.file_type();
        let is_link = kind.as_ref().is_ok_and(fs::FileType::is_symlink);
        // A link to a folder is not followed, so that no search goes round in circles.
        if kind.is_ok_and(|kind| kind.is_dir()) {
            search(&path, &name, links, found);
        } else if !is_gazette(&path) || is_copy(&path) {
        } else if is_link && links == Links::Refuse {
            let why = "is a link, which is not followed; see --follow-links";
            found.push(refused(path, name, Reason::NotAFile, why));
        } else {
            found.push(input(path, name));
        }
    }
}

fn refused(path: PathBuf, name: PathBuf, reason: Reason, why: &str) -> Input {
    Input {
        stem: name.with_extension(""),
        name,
        path,
        size: 0,
        refused: Some(Failure::new(reason, why)),
    }
}

/// Whether a file that a search finds is read, by its name.
fn is_gazette(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("txt") || e.eq_ignore_ascii_case("pdf"))
}

/// What a searchable copy is named, beside the other results.
pub const COPY: &str = "searchable.pdf";

/// Whether a file is the searchable copy of one that lies beside it.
fn is_copy(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let stem = name
        .as_deref()
        .and_then(|name| name.strip_suffix(COPY)?.strip_suffix('.'));
    stem.is_some_and(|stem| path.with_file_name(format!("{stem}.pdf")).exists())
}

/// Refuses inputs whose searchable copies would take the place of an input.
pub fn refuse_copies_over_inputs(inputs: &mut [Input], out: &Path) {
    let canonical = |path: &Path| path.canonicalize().ok();
    let originals: HashSet<PathBuf> = inputs.iter().filter_map(|i| canonical(&i.path)).collect();
    for input in inputs {
        let copy = canonical(&super::files::path_of(out, input, COPY));
        if let Some(original) = copy.filter(|copy| originals.contains(copy)) {
            let original = shown(&original);
            let why = format!("its searchable copy would overwrite {original}, which is an input");
            input.refused = Some(Failure::new(Reason::Copy, why));
        }
    }
}

/// Gives inputs whose results would be called alike names that differ: with their extension (`x.pdf.json` beside
/// `x.txt.json`), and where that is alike too, below as much of their path as it takes (`2021/01.json`, `2022/01.json`).
fn name_results(inputs: &mut [Input]) {
    // Some file systems know no capitals.
    let key = |stem: &Path| stem.to_string_lossy().to_lowercase();
    let mut alike: HashMap<String, Vec<usize>> = HashMap::new();
    for (n, input) in inputs.iter().enumerate() {
        alike.entry(key(&input.stem)).or_default().push(n);
    }
    let mut alike: Vec<Vec<usize>> = alike
        .into_values()
        .filter(|group| group.len() > 1)
        .collect();
    alike.sort();
    for group in alike {
        let paths = group
            .iter()
            .map(|&n| (inputs[n].name.as_path(), inputs[n].path.as_path()));
        let paths: Vec<(&Path, &Path)> = paths.collect();
        let (n_folders, stems) = stems_that_differ(&paths);
        for (n, stem) in group.into_iter().zip(stems) {
            let input = &mut inputs[n];
            if n_folders > 0 {
                input.name = last_parts(&input.path, n_folders + 1);
            }
            input.stem = stem;
        }
    }
    // A file beside others that took its name with the extension, `x.pdf.txt`: a counter.
    let mut taken: HashMap<String, usize> = HashMap::new();
    for input in inputs {
        let n = taken.entry(key(&input.stem)).or_default();
        *n += 1;
        if *n > 1 {
            let mut stem = input.stem.clone().into_os_string();
            stem.push(format!("~{n}"));
            input.stem = stem.into();
        }
    }
}

/// The shortest stems by which inputs, given as name and path, are told apart, and how many folders of the path they have.
fn stems_that_differ(inputs: &[(&Path, &Path)]) -> (usize, Vec<PathBuf>) {
    /// Folders of a path that tell two inputs apart at most.
    const MOST_FOLDERS: usize = 64;
    let mut last = (0, Vec::new());
    for n_folders in 0..=MOST_FOLDERS {
        for has_extension in [false, true] {
            let stem = |(name, path): &(&Path, &Path)| {
                let whole = match n_folders {
                    0 => name.to_path_buf(),
                    n => last_parts(path, n + 1),
                };
                if has_extension {
                    whole
                } else {
                    whole.with_extension("")
                }
            };
            let stems: Vec<PathBuf> = inputs.iter().map(stem).collect();
            let lower = stems
                .iter()
                .map(|stem| stem.to_string_lossy().to_lowercase());
            if lower.collect::<HashSet<_>>().len() == stems.len() {
                return (n_folders, stems);
            }
            last = (n_folders, stems);
        }
    }
    last
}

/// The last parts of a path, the file's extension with it.
fn last_parts(path: &Path, n: usize) -> PathBuf {
    let parts: Vec<Component> = path
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect();
    parts[parts.len().saturating_sub(n)..].iter().collect()
}

/// A path in words that no terminal obeys: controls and marks of direction as their codes, bytes that are not UTF-8 as `\xff`.
pub fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(&printable(chunk.valid()));
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02x}"));
        }
    }
    shown
}

/// A text whose controls and marks of direction stand as their codes.
pub fn printable(text: &str) -> String {
    let is_obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_obeyed(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same with `/` between the parts, as the journal has it.
pub fn slashed(path: &Path) -> String {
    let parts = path
        .components()
        .map(|part| shown(Path::new(part.as_os_str())));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(paths: &[&str]) -> Vec<String> {
        let mut inputs: Vec<Input> = paths
            .iter()
            .map(|path| {
                let path = PathBuf::from(path);
                let name = PathBuf::from(path.file_name().expect("a name"));
                input(path, name)
            })
            .collect();
        name_results(&mut inputs);
        inputs.iter().map(|input| slashed(&input.stem)).collect()
    }

    #[test]
    fn results_of_inputs_called_alike() {
        assert_eq!(stems(&["a/x.pdf", "a/y.pdf"]), ["x", "y"]);
        assert_eq!(
            stems(&["a/x.pdf", "a/x.txt", "a/y.txt"]),
            ["x.pdf", "x.txt", "y"]
        );
        assert_eq!(
            stems(&["2021/01.txt", "2022/01.txt"]),
            ["2021/01", "2022/01"]
        );
        assert_eq!(
            stems(&["a/k/01.txt", "b/k/01.txt", "c/02.txt"]),
            ["a/k/01", "b/k/01", "02"]
        );
        assert_eq!(
            stems(&["a/x.pdf", "a/x.txt", "a/x.pdf.txt"]),
            ["x.pdf", "x.txt", "x.pdf~2"]
        );
    }

    #[test]
    fn names_that_no_terminal_obeys() {
        assert_eq!(
            shown(Path::new("公报\u{1b}[31m\n\u{202e}1")),
            "公报\\u{1b}[31m\\u{a}\\u{202e}1"
        );
    }
}
