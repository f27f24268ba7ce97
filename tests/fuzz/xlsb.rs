//! The parts of a small `.xlsb`, which no program at hand writes ([MS-XLSB] 2.4).

/// A record: id and length in seven bits a byte.
fn record(id: u16, data: &[u8]) -> Vec<u8> {
    let low = |value: u16| value.to_le_bytes()[0];
    let id = if id < 128 { vec![low(id)] } else { vec![low(id & 0x7f) | 0x80, low(id >> 7)] };
    let length = u8::try_from(data.len()).expect("a short record");
    [id, vec![length], data.to_vec()].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let count = u32::try_from(units.len()).expect("a short text").to_le_bytes();
    count.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Two rows: a label beside a figure, and a percentage; one merged region, a formula, an own number format.
pub(crate) fn parts() -> Vec<(&'static str, Vec<u8>)> {
    let relations = |entries: &[(&str, &str)]| {
        let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let entry = |(kind, target): &(&str, &str)| {
            format!("<Relationship Id=\"{kind}\" Type=\"{base}/{kind}\" Target=\"{target}\"/>")
        };
        format!("<Relationships>{}</Relationships>", entries.iter().map(entry).collect::<String>()).into_bytes()
    };
    let row = |row: u32| record(0, &[words(&[row, 0]), vec![0; 9]].concat());
    let format = |id: u16| [[0, 0], id.to_le_bytes()].concat();
    let sheet = [
        record(129, &[]),
        record(148, &words(&[0, 1, 0, 1])),
        record(145, &[]),
        row(0),
        record(6, &[words(&[0, 0]), wide("项目支出绩效自评表")].concat()),
        row(1),
        record(5, &[words(&[1, 1]), 0.5_f64.to_le_bytes().to_vec()].concat()),
        record(
            9,
            &[words(&[2, 1]), 1_f64.to_le_bytes().to_vec(), vec![0, 0, 3, 0, 0, 0, 0x1e, 1, 0, 0, 0, 0, 0]].concat(),
        ),
        record(146, &[]),
        record(177, &words(&[1])),
        record(176, &words(&[0, 0, 0, 1])),
        record(178, &[]),
    ];
    let book =
        [record(156, &[words(&[0, 1]), wide("worksheet"), wide("表")].concat()), record(144, &[]), record(157, &[])];
    let styles = [
        record(615, &words(&[1])),
        record(44, &[vec![200, 0], wide("0.0%")].concat()),
        record(616, &[]),
        record(617, &words(&[2])),
        record(47, &format(0)),
        record(47, &format(200)),
        record(618, &[]),
    ];
    vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.bin")])),
        ("xl/_rels/workbook.bin.rels", relations(&[("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin")])),
        ("xl/workbook.bin", book.concat()),
        ("xl/styles.bin", styles.concat()),
        ("xl/worksheets/sheet1.bin", sheet.concat()),
    ]
}
