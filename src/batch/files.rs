//! The files of an output folder: each is there whole or not at all, and one run writes into a folder at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::inputs::{COPY, Input};

/// How the names of files begin that are being written, and how they end.
const PART: [&str; 2] = [".gongbao-", ".part"];

/// Results of earlier runs of an input that has none now.
const STALE: &str = "stale";

/// A file to be written: what its name has behind the stem of the input, and its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFile {
    pub end: String,
    pub bytes: Vec<u8>,
}

/// Where a result of an input goes.
pub fn path_of(out: &Path, input: &Input, end: &str) -> PathBuf {
    let mut path = out.join(&input.stem).into_os_string();
    path.push(format!(".{end}"));
    path.into()
}

/// Writes the results of an input: all of them whole, then all under their names. The output goes last and its predecessor
/// first, so that no output ever stands beside lines that are not its own.
pub fn write_results(out: &Path, input: &Input, files: &[ResultFile]) -> io::Result<()> {
    if !out.is_dir() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let folder = path_of(out, input, "json");
    let folder = folder.parent().unwrap_or(out);
    fs::create_dir_all(folder)?;
    let mut parts = Vec::with_capacity(files.len());
    for file in files {
        parts.push((
            write_part(folder, &file.bytes)?,
            path_of(out, input, &file.end),
        ));
    }
    let output = path_of(out, input, "json");
    if files.len() > 1 {
        remove(&output)?;
    }
    for (part, path) in parts {
        part.persist(&path).map_err(|error| error.error)?;
    }
    for end in ENDS {
        remove(&stale(&path_of(out, input, end)))?;
    }
    sync(folder)
}

/// Writes one file, whole or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    write_part(folder, bytes)?
        .persist(path)
        .map_err(|error| error.error)?;
    sync(folder)
}

fn write_part(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let [prefix, suffix] = PART;
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(suffix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut part = builder.tempfile_in(folder)?;
    part.write_all(bytes)?;
    part.as_file().sync_all()?;
    Ok(part)
}

/// What a folder lists is on the disk when this returns.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What the names of results have behind the stem.
const ENDS: [&str; 3] = ["json", "lines.jsonl", COPY];

fn stale(path: &Path) -> PathBuf {
    let mut stale = path.as_os_str().to_owned();
    stale.push(".");
    stale.push(STALE);
    stale.into()
}

/// Marks what an earlier run left of an input that has no results now. What is an input itself stays what it is.
pub fn mark_stale(out: &Path, input: &Input, inputs: &[Input]) -> io::Result<()> {
    let is_input = |path: &Path| {
        let canonical = |path: &Path| path.canonicalize().ok();
        let mut alike = inputs
            .iter()
            .filter(|other| other.path.file_name() == path.file_name());
        alike.any(|other| canonical(&other.path) == canonical(path))
    };
    for end in ENDS {
        let path = path_of(out, input, end);
        if path.exists() && !is_input(&path) {
            fs::rename(&path, stale(&path))?;
        }
    }
    Ok(())
}

/// The right to write into an output folder, which one run has at a time.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

/// Why a run does not get it.
#[derive(Debug)]
pub enum LockError {
    /// Another run has it: what is known of that.
    Taken(String),
    Io(io::Error),
}

impl From<io::Error> for LockError {
    fn from(error: io::Error) -> Self {
        LockError::Io(error)
    }
}

impl Lock {
    /// Takes the lock of a folder, and sweeps what a run that was killed left of files that it was writing.
    pub fn take(out: &Path) -> Result<Lock, LockError> {
        let path = out.join(".gongbao.lock");
        let mut file = loop {
            let file = locked(&path)?;
            // The run that had it can have taken the file away between.
            if is_at(&file, &path) {
                break file;
            }
        };
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "process {} on {}", std::process::id(), host())?;
        sweep(out)?;
        Ok(Lock { path, _file: file })
    }
}

fn locked(path: &Path) -> Result<File, LockError> {
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .write(true)
        .truncate(false)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
        Err(fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder)?;
            Err(LockError::Taken(holder.trim().to_owned()))
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| a.ino() == b.ino() && a.dev() == b.dev();
    file.metadata()
        .and_then(|a| Ok(same(a, fs::metadata(path)?)))
        .unwrap_or(false)
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname");
    name.map_or("this machine".to_owned(), |name| name.trim().to_owned())
}

fn sweep(folder: &Path) -> io::Result<()> {
    let [prefix, suffix] = PART;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            sweep(&entry.path())?;
        } else if name.starts_with(prefix) && name.ends_with(suffix) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether an output folder takes no more files: going on would read every input for nothing.
pub fn is_final(error: &io::Error) -> bool {
    use io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::PermissionDenied
            | ErrorKind::StaleNetworkFileHandle
    ) || error.raw_os_error() == Some(EIO)
}

/// The disk itself fails.
const EIO: i32 = 5;
