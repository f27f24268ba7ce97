//! What a file is, by its content: the extension only says what somebody called it.

use crate::error::Unreadable;

/// The outer wrapping of a file that may hold a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// A zip: OOXML, ODF, or something else.
    Zip,
    /// An OLE2 compound file: `.xls`, an encrypted `.xlsx`, or something else.
    Ole,
}

/// The wrapping of a file that may hold a workbook.
///
/// # Errors
/// What the file is instead.
pub(super) fn wrapping(bytes: &[u8]) -> Result<Wrapping, Unreadable> {
    const OTHERS: [(&[u8], Unreadable); 15] = [
        (b"%PDF", Unreadable::Pdf),
        (b"\x89PNG", Unreadable::Picture),
        (b"\xff\xd8\xff", Unreadable::Picture),
        (b"GIF8", Unreadable::Picture),
        (b"II*\0", Unreadable::Picture),
        (b"MM\0*", Unreadable::Picture),
        (b"BM", Unreadable::Picture),
        (b"RIFF", Unreadable::Picture),
        (b"Rar!", Unreadable::ForeignArchive),
        (b"7z\xbc\xaf\x27\x1c", Unreadable::ForeignArchive),
        (b"{\\rtf", Unreadable::Word),
        // An end record alone: a zip without entries.
        (b"PK\x05\x06", Unreadable::OtherZip),
        // Bare streams of Excel 2 to 4, without an OLE2 file around them.
        (b"\x09\x00\x04\x00", Unreadable::Unknown),
        (b"\x09\x02\x06\x00", Unreadable::Unknown),
        (b"\x09\x04\x06\x00", Unreadable::Unknown),
    ];
    match bytes {
        [] => return Err(Unreadable::Empty),
        [b'P', b'K', 3, 4, ..] => return Ok(Wrapping::Zip),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => return Ok(Wrapping::Ole),
        _ => {}
    }
    let other = OTHERS.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| what);
    // Two letters are too few to tell a bitmap from a text.
    match other {
        Some(Unreadable::Picture) if bytes.starts_with(b"BM") && is_text(bytes) => Err(Unreadable::PlainText),
        Some(what) => Err(what),
        None if bytes.iter().all(|byte| *byte == 0) => Err(Unreadable::Damaged("内容全是零字节".to_owned())),
        None => Err(marked_up(bytes)),
    }
}

/// What a file that is no text is, in plain Chinese; `None` for a text.
#[must_use]
pub fn no_text(bytes: &[u8]) -> Option<&'static str> {
    Some(match wrapping(bytes) {
        Ok(Wrapping::Zip) => "工作簿或压缩包",
        Ok(Wrapping::Ole) => "旧式 Office 文件或加了密码的工作簿",
        Err(Unreadable::Pdf) => "PDF 文件",
        Err(Unreadable::Picture) => "图片",
        Err(Unreadable::ForeignArchive | Unreadable::OtherZip) => "压缩包",
        Err(Unreadable::Word) => "Word 文档",
        Err(Unreadable::Unknown | Unreadable::Damaged(_)) => "认不出的文件",
        Err(_) => return None,
    })
}

/// Which text a file is that starts with no known magic.
fn marked_up(bytes: &[u8]) -> Unreadable {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let head = match head {
        [0xff, 0xfe, ..] => encoding_rs::UTF_16LE.decode(head).0,
        [0xfe, 0xff, ..] => encoding_rs::UTF_16BE.decode(head).0,
        _ => String::from_utf8_lossy(head),
    };
    let head = head.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let has = |word: &str| head.contains(word);
    if has("mime-version:") {
        Unreadable::Mht
    } else if head.starts_with('<') && has("urn:schemas-microsoft-com:office:spreadsheet") && !has("<html") {
        Unreadable::Xml2003
    } else if head.starts_with('<') && ["<html", "<!doctype html", "<table", "<meta", "<head"].into_iter().any(has) {
        Unreadable::Html
    } else if is_text(bytes) {
        Unreadable::PlainText
    } else {
        Unreadable::Unknown
    }
}

fn is_text(bytes: &[u8]) -> bool {
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return true;
    }
    let head = bytes.get(..64 << 10).unwrap_or(bytes);
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    if head.iter().any(control) {
        return false;
    }
    // A cut may split a character: only whole files are held to the encoding.
    std::str::from_utf8(head).is_ok() || head.len() < bytes.len() || !encoding_rs::GBK.decode(head).2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_what_a_file_is() {
        for (bytes, what) in [
            (b"".as_slice(), Unreadable::Empty),
            (b"\r\n<HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", Unreadable::Html),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Unreadable::Xml2003,
            ),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Unreadable::Mht),
            ("项目,金额\n甲,1".as_bytes(), Unreadable::PlainText),
            (b"\xcf\xee\xc4\xbf,1", Unreadable::PlainText),
            (b"%PDF-1.7", Unreadable::Pdf),
            (b"Rar!\x1a\x07", Unreadable::ForeignArchive),
            (b"\x01\x02\x03\xff", Unreadable::Unknown),
        ] {
            assert_eq!(wrapping(bytes), Err(what));
        }
        assert_eq!(wrapping(b"PK\x03\x04"), Ok(Wrapping::Zip));
    }
}
