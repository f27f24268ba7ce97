//! Reads every workbook with umya-spreadsheet, colours and comments the cells that 结果.json tells, and writes it again.
//!
//! `umya_mark RESULT DIR OUT`: the sources in the result lead from DIR; what is written is named by its place in the result.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use umya_spreadsheet::Comment;

fn main() {
    let mut args = std::env::args().skip(1);
    let (result, base, out) =
        (args.next().expect("结果.json"), args.next().expect("a folder"), args.next().expect("an output folder"));
    let result: Value = serde_json::from_str(&fs::read_to_string(result).expect("a result")).expect("JSON");
    fs::create_dir_all(&out).expect("an output folder");
    let (mut files, mut marks) = (0, 0);
    for (index, submission) in result["submissions"].as_array().expect("a list").iter().enumerate() {
        let source = submission["source"].as_str().expect("a source");
        let path = Path::new(&base).join(source);
        if path.extension().is_none_or(|extension| extension != "xlsx") || !path.is_file() {
            continue;
        }
        let Ok(mut book) = umya_spreadsheet::reader::xlsx::read(&path) else { continue };
        for (sheet, cells) in marked(submission) {
            let Ok(sheet) = book.sheet_by_name_mut(&sheet) else { continue };
            for (cell, message) in cells {
                sheet.style_mut(cell.as_str()).set_background_color("FFFFC7CE");
                let mut comment = Comment::default();
                comment.new_comment(cell.as_str());
                comment.set_text_string(&message);
                sheet.add_comments(comment);
                marks += 1;
            }
        }
        let to = Path::new(&out).join(format!("{index}.xlsx"));
        umya_spreadsheet::writer::xlsx::write(&book, to).expect("written");
        files += 1;
    }
    println!("{files} files, {marks} marks");
}

/// Sheet → cell → what is said there.
fn marked(submission: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut sheets: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for form in submission["forms"].as_array().into_iter().flatten() {
        let cells = sheets.entry(form["sheet"].as_str().unwrap_or_default().to_owned()).or_default();
        for finding in form["findings"].as_array().into_iter().flatten() {
            let (Some(cell), Some(message)) = (finding["cell"].as_str(), finding["message"].as_str()) else { continue };
            let said = cells.entry(cell.to_owned()).or_default();
            said.push_str(message);
            said.push('\n');
        }
    }
    sheets
}
