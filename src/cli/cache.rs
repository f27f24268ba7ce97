//! `--cache`: a folder in which judgements are kept from one run for the next. It never makes a run fail.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::bail;
use jixiao::digest::sha256_of;
use jixiao::error::{Error, ErrorKind};
use jixiao::review::{Engine, Recalled, Store};

use super::{complain, files};

/// The folder of a run; `None` where there is none, or none that can be used.
pub(super) struct Cache(Option<Arc<Folder>>);

struct Folder {
    dir: PathBuf,
    /// Entries that were begun.
    begun: AtomicUsize,
    failures: Mutex<Vec<Error>>,
}

/// The engine with what is kept in the folder `dir`. `paths` are what is judged: the folder must not lie among them.
pub(super) fn attach(engine: Engine, dir: Option<&Path>, paths: &[PathBuf]) -> anyhow::Result<(Engine, Cache)> {
    let Some(dir) = dir else { return Ok((engine, Cache(None))) };
    if let Some(around) = files::folder_around(dir, paths) {
        bail!(
            "缓存目录 {} 在所审的文件夹 {} 里面，会和收到的文件混在一起。请换一个位置",
            dir.display(),
            around.display()
        );
    }
    let shown = || dir.display().to_string();
    let made = fs::create_dir_all(dir).map_err(|error| Error::new(shown(), ErrorKind::Io(error)));
    let program = made.and_then(|()| program().map_err(|error| Error::new("程序文件", ErrorKind::Io(error))));
    match program {
        Ok(program) => {
            let folder =
                Arc::new(Folder { dir: dir.to_owned(), begun: AtomicUsize::new(0), failures: Mutex::default() });
            Ok((engine.with_store(Arc::clone(&folder).store(), &program), Cache(Some(folder))))
        }
        Err(error) => {
            complain(&format!("提醒 缓存用不上，这次全部重审：{error}"));
            Ok((engine, Cache(None)))
        }
    }
}

/// Digest of the program that runs.
fn program() -> io::Result<String> {
    // On Linux the file at its path may be another one by now, a newer version; this is the one that runs.
    let running = PathBuf::from("/proc/self/exe");
    let path = if cfg!(target_os = "linux") { running } else { env::current_exe()? };
    sha256_of(File::open(path)?)
}

impl Folder {
    fn store(self: Arc<Self>) -> Store {
        let other = Arc::clone(&self);
        Store {
            find: Box::new(move |name| self.find(name)),
            keep: Box::new(move |name, entry| other.keep(name, entry)),
        }
    }

    fn find(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(entry) => Some(entry),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                self.note(Error::new(path.display().to_string(), ErrorKind::Io(error)));
                None
            }
        }
    }

    fn keep(&self, name: &str, entry: &[u8]) {
        let path = self.path(name);
        // Another run may be writing the same entry: each has its own unfinished one.
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_file_name(format!("{}-{number}.未完成", process::id()));
        if let Err(error) = files::write_by_way_of(&unfinished, &path, |out| out.write_all(entry)) {
            self.note(error);
        }
    }

    /// A folder by the first two digits: some systems are slow with a hundred thousand files in one.
    fn path(&self, name: &str) -> PathBuf {
        let (first, rest) = name.split_at_checked(2).unwrap_or_default();
        self.dir.join(first).join(rest)
    }

    fn note(&self, error: Error) {
        // A worker that panicked while it held the lock left nothing half-written in the list.
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    }
}

impl Cache {
    /// Tells on standard error how much was not judged again, and what is wrong with the folder.
    pub(super) fn tell(&self, engine: &Engine) {
        let (Self(Some(folder)), Some(Recalled { unchanged, judged, damaged })) = (self, engine.recalled()) else {
            return;
        };
        let dir = folder.dir.display();
        if damaged > 0 {
            complain(&format!("提醒 缓存目录 {dir} 里有 {damaged} 份损坏或被改动过，没有采用，已重审"));
        }
        let failures = folder.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = failures.first() {
            let count = failures.len();
            complain(&format!("提醒 缓存目录 {dir} 有 {count} 次读写不成，审核结果不受影响。第一次：{first}"));
        }
        complain(&format!("缓存：{unchanged} 份未变、{judged} 份重审"));
    }
}
