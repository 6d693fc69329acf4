//! An input read by a process of its own, which ends when it takes too long or too much memory: a decoder that runs
//! away then costs one input, and not the run.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Input, Row};

/// How such a process is started, and what it may take.
#[derive(Debug, Clone)]
pub struct Worker {
    pub program: PathBuf,
    /// Before the input's name below the output folder, and its path.
    pub arguments: Vec<OsString>,
    pub timeout: Option<Duration>,
}

impl Worker {
    /// What became of an input, as the process says on its standard output.
    pub fn read(&self, input: &Input) -> Result<Row, String> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .arg(&input.name)
            .arg(&input.path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("can't be given a process of its own: {e}"))?;
        self.wait(&mut child)?;
        let mut said = String::new();
        child
            .stdout
            .take()
            .map(|mut out| out.read_to_string(&mut said))
            .transpose()
            .map_err(|e| e.to_string())?;
        serde_json::from_str(&said).map_err(|_| {
            "needed more memory than it may take, or made the program fail; see --max-memory"
                .to_owned()
        })
    }

    fn wait(&self, child: &mut Child) -> Result<(), String> {
        /// A text is read in a hundredth of a second.
        const LOOK: Duration = Duration::from_millis(5);
        let start = Instant::now();
        // One row fits the pipe, so that a process that has not ended is still at work.
        while child.try_wait().map_err(|e| e.to_string())?.is_none() {
            if let Some(timeout) = self.timeout.filter(|timeout| start.elapsed() >= *timeout) {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "took longer than {} s; see --timeout",
                    timeout.as_secs()
                ));
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}
