//! `gongbao checks`: the checks of outputs as tables.

use std::path::PathBuf;

use super::{Ended, print, read_output};
use crate::check;

pub fn checks(outputs: &[PathBuf], only_failed: bool) -> Ended {
    let mut tables = String::new();
    for path in outputs {
        tables.push_str(&check::table(&read_output(path)?, only_failed));
    }
    print(&tables)
}
