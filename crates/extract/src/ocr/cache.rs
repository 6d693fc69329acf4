//! What was read of pages, kept between runs: recognising a page takes far longer than all that comes after it, and its
//! result hangs on nothing but the file, the models and how this program reads. A folder can be shared by runs and
//! machines; what is damaged in it is read anew.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::models;
use super::page::ReadPage;

/// Of how this program reads pages: raised with every change of what it reads.
const READING: u32 = 3;

/// A folder of what was read.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// How the names of what is kept end, and those of what is being written.
const KEPT: &str = "page";

impl Cache {
    pub fn new(folder: &Path) -> Self {
        Cache {
            folder: folder.to_owned(),
        }
    }

    /// What names the pages of a file: the file, the models, and how they are read.
    pub fn key_of_file(bytes: &[u8]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(READING.to_le_bytes());
        for model in [&models::RECOGNITION, &models::DETECTION] {
            hasher.update(model.sha256.as_bytes());
        }
        hasher.update(bytes);
        hasher.finalize().into()
    }

    /// What was read of a page, if it was.
    pub fn get(&self, file: &[u8; 32], page: u32) -> Option<ReadPage> {
        let bytes = fs::read(self.path(file, page)).ok()?;
        let (check, page) = bytes.split_at_checked(CHECK)?;
        if check != &digest(page)[..CHECK] {
            return None;
        }
        postcard::from_bytes(page).ok()
    }

    /// Keeps what was read of a page. What can't be kept is read again the next time.
    pub fn put(&self, file: &[u8; 32], page: u32, read: &ReadPage) {
        let _ = self.write(&self.path(file, page), read);
    }

    fn write(&self, path: &Path, read: &ReadPage) -> io::Result<()> {
        let page = postcard::to_allocvec(read).map_err(io::Error::other)?;
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut part = tempfile::Builder::new();
        // Others read it, too.
        #[cfg(unix)]
        part.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut part = part.tempfile_in(folder)?;
        part.write_all(&digest(&page)[..CHECK])?;
        part.write_all(&page)?;
        part.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn path(&self, file: &[u8; 32], page: u32) -> PathBuf {
        let name: String = file.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder
            .join(&name[..2])
            .join(format!("{name}-{page}.{KEPT}"))
    }

    /// Takes away what was kept longest ago, until no more than so many bytes are left.
    pub fn shrink(&self, most: u64) -> io::Result<()> {
        let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for folder in fs::read_dir(&self.folder)? {
            let Ok(entries) = fs::read_dir(folder?.path()) else {
                continue;
            };
            for entry in entries.flatten() {
                let metadata = entry.metadata()?;
                kept.push((metadata.modified()?, metadata.len(), entry.path()));
            }
        }
        let mut total: u64 = kept.iter().map(|(_, size, _)| size).sum();
        kept.sort();
        for (_, size, path) in kept {
            if total <= most {
                break;
            }
            // Another run can have taken it away.
            let _ = fs::remove_file(path);
            total -= size;
        }
        Ok(())
    }
}

/// Bytes of a hash that show what was damaged.
const CHECK: usize = 8;

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Ruling, Straightened};

    fn page(width: f32) -> ReadPage {
        ReadPage {
            width,
            height: 842.0,
            glyphs: Vec::new(),
            rulings: vec![Ruling {
                x0: 0.1,
                y0: 0.2,
                x1: f32::MIN_POSITIVE,
                y1: -0.0,
                thickness: 1.0 / 3.0,
            }],
            straightened: Straightened([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            seals: vec![[1.0, 2.0, 3.0, 4.0]],
            dpi: 299.999_999,
            is_detected: false,
            has_ink: true,
        }
    }

    #[test]
    fn what_is_kept_comes_back_as_it_was_and_what_is_damaged_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path());
        let key = Cache::key_of_file(b"a file");
        assert!(cache.get(&key, 3).is_none());
        cache.put(&key, 3, &page(595.0));
        let back = cache.get(&key, 3).unwrap();
        assert_eq!(format!("{back:?}"), format!("{:?}", page(595.0)));
        assert!(cache.get(&key, 4).is_none());
        assert!(cache.get(&Cache::key_of_file(b"another"), 3).is_none());
        let path = cache.path(&key, 3);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(cache.get(&key, 3).is_none());
    }

    #[test]
    fn a_cache_has_a_bound() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path());
        let key = Cache::key_of_file(b"a file");
        (1..=8).for_each(|n| cache.put(&key, n, &page(n as f32)));
        let size = fs::metadata(cache.path(&key, 1)).unwrap().len();
        cache.shrink(3 * size).unwrap();
        let left = (1..=8).filter(|&n| cache.get(&key, n).is_some()).count();
        assert_eq!(left, 3);
    }
}
