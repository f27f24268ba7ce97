//! Files made to do harm, drawn by code: small on disk, large once they are opened.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// What stands in the first cell of most of them.
pub(crate) const TITLE: &str = "<row r='1'><c r='A1' t='inlineStr'><is><t>项目支出绩效自评表</t></is></c></row>";
/// A cell in the last corner of a sheet.
pub(crate) const CORNER: &str = "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>";

/// A zip under way.
pub(crate) struct Pack(ZipWriter<File>);

impl Pack {
    pub(crate) fn new(path: &Path) -> Self {
        Self(ZipWriter::new(File::create(path).expect("a file")))
    }

    /// An entry of these pieces, written as they come.
    pub(crate) fn add<T: AsRef<[u8]>>(mut self, name: &str, pieces: impl IntoIterator<Item = T>) -> Self {
        self.0.start_file(name, SimpleFileOptions::default()).expect("an entry");
        for piece in pieces {
            self.0.write_all(piece.as_ref()).expect("its bytes");
        }
        self
    }

    pub(crate) fn done(self) {
        self.0.finish().expect("a zip");
    }

    /// The parts of a workbook beside its sheets: sheet and part of each, and further relationships of the workbook part.
    pub(crate) fn book(self, sheets: &[(String, String)], further: &str) -> Self {
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id='{id}' Type='{OFFICE}/{kind}' Target='{target}'/>")
        };
        let numbered = || (1..).zip(sheets);
        let listed: String =
            numbered().map(|(id, (name, _))| format!("<sheet name='{name}' sheetId='{id}' r:id='s{id}'/>")).collect();
        let relations: String =
            numbered().map(|(id, (_, part))| relation(&format!("s{id}"), "worksheet", part)).collect();
        self.add("[Content_Types].xml", ["<Types/>"])
            .add(
                "_rels/.rels",
                ["<Relationships>", &relation("a", "officeDocument", "xl/workbook.xml"), "</Relationships>"],
            )
            .add(
                "xl/workbook.xml",
                [&format!("<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets>{listed}</sheets></workbook>")],
            )
            .add("xl/_rels/workbook.xml.rels", ["<Relationships>", &relations, further, "</Relationships>"])
    }
}

/// A workbook of one sheet, of these pieces of rows and what follows them.
pub(crate) fn xlsx<T: AsRef<[u8]>>(path: &Path, rows: impl IntoIterator<Item = T>, tail: &str) {
    one_sheet(path).add("xl/s.xml", sheet(rows, tail)).done();
}

/// The same with shared strings.
pub(crate) fn xlsx_shared<T: AsRef<[u8]>>(
    path: &Path,
    rows: impl IntoIterator<Item = T>,
    strings: impl IntoIterator<Item = String>,
) {
    let further = format!("<Relationship Id='t' Type='{OFFICE}/sharedStrings' Target='t.xml'/>");
    let head = format!("<sst xmlns='{MAIN}' count='4294967295' uniqueCount='4294967295'>");
    let strings = std::iter::once(head).chain(strings).chain(std::iter::once("</sst>".to_owned()));
    Pack::new(path)
        .book(&[("表".to_owned(), "s.xml".to_owned())], &further)
        .add("xl/t.xml", strings)
        .add("xl/s.xml", sheet(rows, ""))
        .done();
}

/// A workbook of one sheet whose part is still to be added.
pub(crate) fn one_sheet(path: &Path) -> Pack {
    Pack::new(path).book(&[("表".to_owned(), "s.xml".to_owned())], "")
}

/// A sheet part.
fn sheet<T: AsRef<[u8]>>(rows: impl IntoIterator<Item = T>, tail: &str) -> impl Iterator<Item = Vec<u8>> {
    let head = format!("<worksheet xmlns='{MAIN}'><sheetData>").into_bytes();
    let rows: Vec<Vec<u8>> = rows.into_iter().map(|piece| piece.as_ref().to_vec()).collect();
    let end = format!("</sheetData>{tail}</worksheet>").into_bytes();
    std::iter::once(head).chain(rows).chain(std::iter::once(end))
}

/// A table document.
pub(crate) fn ods<T: AsRef<[u8]>>(path: &Path, tables: impl IntoIterator<Item = T>) {
    let tables = tables.into_iter().map(|table| table.as_ref().to_vec());
    let head = b"<office:document-content><office:body><office:spreadsheet>".to_vec();
    let end = b"</office:spreadsheet></office:body></office:document-content>".to_vec();
    Pack::new(path)
        .add("mimetype", ["application/vnd.oasis.opendocument.spreadsheet"])
        .add("content.xml", std::iter::once(head).chain(tables).chain(std::iter::once(end)))
        .done();
}

/// Letters that do not pack well, the same each time.
pub(crate) fn noise(length: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + u8::try_from(state % 26).expect("a letter"))
    };
    (0..length).map(|_| letter()).collect()
}

/// An `.xls`: its sheets, each with the records of its stream; several may name the same stream.
pub(crate) fn xls(path: &Path, sheets: usize, streams: &[Vec<u8>]) {
    let bof = |kind: u16| biff(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    // Each entry of the list: place, state, name of four digits.
    let list = sheets * (4 + 8 + 4);
    let mut places = Vec::new();
    let mut at = bof(5).len() + list + biff(0x000A, &[]).len();
    let mut rest = Vec::new();
    for stream in streams {
        places.push(u32::try_from(at).expect("a small file"));
        let whole = [bof(0x10), stream.clone(), biff(0x000A, &[])].concat();
        at += whole.len();
        rest.extend(whole);
    }
    let mut book = bof(5);
    for (number, place) in (0..sheets).zip(places.iter().cycle()) {
        let name = format!("{number:04}");
        book.extend(biff(0x0085, &[&place.to_le_bytes()[..], &[0, 0, 4, 0], name.as_bytes()].concat()));
    }
    book.extend(biff(0x000A, &[]));
    book.extend(rest);
    let mut file = cfb::create(path).expect("a compound file");
    file.create_stream("/Workbook").and_then(|mut stream| stream.write_all(&book)).expect("its stream");
}

/// A record of a BIFF stream.
pub(crate) fn biff(id: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a short record");
    [&id.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// A cell with a number.
pub(crate) fn biff_number(row: u16, column: u16) -> Vec<u8> {
    biff(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &1_f64.to_le_bytes()].concat())
}

/// An `.xlsb` of one sheet with so many cells in each of so many rows.
pub(crate) fn xlsb(path: &Path, rows: u32, columns: u32) {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationships><Relationship Id='{id}' Type='{OFFICE}/{kind}' Target='{target}'/></Relationships>")
    };
    let wide = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [u32::try_from(units.len() / 2).expect("a short text").to_le_bytes().to_vec(), units].concat()
    };
    let words = |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|word| word.to_le_bytes()).collect() };
    let book = [brt(156, &[words(&[0, 1]), wide("s"), wide("表")].concat()), brt(144, &[]), brt(157, &[])];
    let mut sheet = [brt(129, &[]), brt(148, &words(&[0, rows, 0, columns])), brt(145, &[])].concat();
    for row in 0..rows {
        sheet.extend(brt(0, &[words(&[row, 0]), vec![0; 9]].concat()));
        for column in 0..columns {
            sheet.extend(brt(5, &[words(&[column, 0]), 0.5_f64.to_le_bytes().to_vec()].concat()));
        }
    }
    sheet.extend([brt(146, &[]), brt(130, &[])].concat());
    Pack::new(path)
        .add("[Content_Types].xml", ["<Types/>"])
        .add("_rels/.rels", [relation("a", "officeDocument", "xl/workbook.bin")])
        .add("xl/_rels/workbook.bin.rels", [relation("s", "worksheet", "worksheets/s.bin")])
        .add("xl/workbook.bin", book)
        .add("xl/worksheets/s.bin", [sheet])
        .done();
}

fn brt(id: u16, data: &[u8]) -> Vec<u8> {
    let low = |value: u16| value.to_le_bytes()[0];
    let id = if id < 128 { vec![low(id)] } else { vec![low(id & 0x7f) | 0x80, low(id >> 7)] };
    [id, vec![u8::try_from(data.len()).expect("a short record")], data.to_vec()].concat()
}
