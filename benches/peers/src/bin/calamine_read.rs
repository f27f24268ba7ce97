//! Y: opens every workbook of a folder with calamine and reads the ranges of all its sheets; with `--merges` the merged
//! regions too.
//!
//! `calamine_read DIR THREADS [--merges]`

use std::path::{Path, PathBuf};

use calamine::{Reader, Sheets, open_workbook_auto};
use rayon::prelude::*;

fn main() {
    let mut args = std::env::args().skip(1);
    let (dir, threads) = (args.next().expect("a folder"), args.next().expect("a number of threads"));
    let merges = args.next().as_deref() == Some("--merges");
    let threads = threads.parse().expect("a number of threads");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let files = workbooks(Path::new(&dir));
    let read: Vec<Option<usize>> = pool.install(|| files.par_iter().map(|file| read(file, merges)).collect());
    let cells: usize = read.iter().flatten().sum();
    println!(
        "{} files, {} of them not read, {cells} cells",
        files.len(),
        read.iter().filter(|one| one.is_none()).count()
    );
}

/// The workbooks below a folder.
fn workbooks(dir: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().filter_map(Result::ok);
    let is_workbook = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        ["xlsx", "xlsm", "xls", "ods"].contains(&extension)
    };
    entries.map(walkdir::DirEntry::into_path).filter(is_workbook).collect()
}

/// Cells of a workbook; none of one that cannot be opened.
fn read(file: &Path, merges: bool) -> Option<usize> {
    let mut book = open_workbook_auto(file).ok()?;
    let mut cells = 0;
    for name in book.sheet_names() {
        cells += book.worksheet_range(&name).map_or(0, |range| range.used_cells().count());
        if let (true, Sheets::Xlsx(book)) = (merges, &mut book) {
            cells += book.merge_cells_by_sheet_name(&name).map_or(0, |merged| merged.len());
        }
    }
    Some(cells)
}
