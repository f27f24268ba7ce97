//! An output folder is one run's at a time: by a lock that the system frees when the run ends, however it ends.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::bail;
use jixiao::error::{Error, ErrorKind};
use jixiao::intake::UNFINISHED;

use super::files;

/// The file that is locked. It lies among what is unfinished, so that nothing of it stays.
const LOCK: &str = "锁";

/// An output folder that is this run's, with a folder in it for what is unfinished, which goes with the claim.
#[derive(Debug)]
pub(super) struct Claim {
    dir: PathBuf,
    unfinished: PathBuf,
    /// Whether the output folder was made for this run.
    new: bool,
    /// Held until the run ends.
    _lock: File,
}

impl Claim {
    /// Takes a folder, which is made where there is none, and removes what an interrupted run left unfinished there. Refuses
    /// one that another run is writing into, and one that cannot be written.
    pub(super) fn of(dir: &Path) -> anyhow::Result<Self> {
        let unfinished = dir.join(UNFINISHED);
        let new = !dir.exists();
        let failed = |path: &Path, error| {
            anyhow::Error::new(Error::new(path.display().to_string(), ErrorKind::Io(error))).context("不能写输出目录")
        };
        let lock = unfinished.join(LOCK);
        let claimed = files::persistently(|| {
            fs::create_dir_all(&unfinished)?;
            files::alone(&lock)
        });
        let _lock = match claimed {
            Ok(lock) => lock,
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                bail!("另一个 jixiao 正在往输出目录 {} 里写，还没有做完。请等它做完，或换一个输出目录", dir.display())
            }
            // What is in the way lies at one of these.
            Err(error) => {
                let dir_is_there = dir.is_dir();
                return Err(failed(if dir_is_there { &unfinished } else { dir }, error));
            }
        };
        let claim = Self { dir: dir.to_owned(), unfinished, new, _lock };
        claim.clear().map_err(|error| failed(&claim.unfinished, error))?;
        Ok(claim)
    }

    /// The place of an unfinished file.
    pub(super) fn unfinished(&self, name: &str) -> PathBuf {
        self.unfinished.join(name)
    }

    /// Removes what is left of an interrupted run; it held the lock, so nobody is at it.
    fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.unfinished)? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                _ if entry.file_name() == LOCK => {}
                true => fs::remove_dir_all(entry.path())?,
                false => fs::remove_file(entry.path())?,
            }
        }
        Ok(())
    }

    /// Gives the folder back.
    pub(super) fn release(&self) -> Result<(), Error> {
        let removed = fs::remove_dir_all(&self.unfinished);
        removed.map_err(|error| Error::new(self.unfinished.display().to_string(), ErrorKind::Io(error)))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Of a run that failed: there is nothing more to tell.
        let _ = fs::remove_dir_all(&self.unfinished);
        if self.new {
            // Only an empty one goes.
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_runs_at_a_time_and_nothing_of_the_claim_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("出");
        let claim = Claim::of(&out).expect("free");
        fs::write(claim.unfinished("1.xlsx"), b"half").expect("a file");
        let refused = Claim::of(&out).expect_err("taken").to_string();
        assert!(refused.contains("另一个 jixiao") && refused.contains("出"), "{refused}");
        drop(claim);
        assert!(!out.exists(), "an output folder without output");
        // What an interrupted run leaves: the files, and no lock.
        fs::create_dir_all(out.join(UNFINISHED)).expect("a folder");
        for name in [LOCK, "1.xlsx"] {
            fs::write(out.join(UNFINISHED).join(name), b"half").expect("a file");
        }
        let claim = Claim::of(&out).expect("free");
        assert!(!claim.unfinished("1.xlsx").exists());
        drop(claim);
        assert_eq!(fs::read_dir(&out).expect("it was there before").count(), 0);
    }
}
