//! XML that is not written in UTF-8 (XML 1.0, §4.3.3): some export programs write UTF-16 or GBK, and Excel reads them.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;

/// An encoding that a part can be read from and written back to without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Two bytes a unit.
    Utf16 {
        /// The higher byte first.
        big: bool,
        /// Whether a byte order mark stands in front.
        marked: bool,
    },
    /// One that the declaration names.
    Named(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The text of a part and its encoding; `None` for UTF-8, and for bytes that would not come back the same.
    pub(super) fn decode(bytes: &[u8]) -> Option<(String, Self)> {
        let encoding = match bytes {
            [0xff, 0xfe, ..] => Self::Utf16 { big: false, marked: true },
            [0xfe, 0xff, ..] => Self::Utf16 { big: true, marked: true },
            [b'<', 0, ..] => Self::Utf16 { big: false, marked: false },
            [0, b'<', ..] => Self::Utf16 { big: true, marked: false },
            _ => Self::Named(declared(bytes)?),
        };
        let text = match encoding {
            Self::Utf16 { big, marked } => {
                let units = if big { UTF_16BE } else { UTF_16LE };
                units.decode_without_bom_handling(bytes.get(usize::from(marked) * 2..)?).0
            }
            Self::Named(named) => named.decode_without_bom_handling(bytes).0,
        };
        (encoding.encode(text.as_bytes()) == bytes).then(|| (text.into_owned(), encoding))
    }

    /// The bytes of a text; characters that the encoding lacks are written as references.
    pub(super) fn encode(self, text: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(text);
        match self {
            Self::Utf16 { big, marked } => {
                let mark = if marked { Some(0xfeff) } else { None };
                let units = mark.into_iter().chain(text.encode_utf16());
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
            }
            Self::Named(named) => named.encode(&text).0.into_owned(),
        }
    }
}

/// The encoding that an XML declaration names, where it is one of single bytes or of Chinese, and not UTF-8.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let head = head.get(..memmem::find(head.get(..200).unwrap_or(head), b"?>")?)?;
    let rest = head.get(memmem::find(head, b"encoding")? + b"encoding".len()..)?;
    let mut pieces = rest.splitn(3, |byte| matches!(byte, b'"' | b'\''));
    let label = pieces.nth(1)?;
    let known = encoding_rs::Encoding::for_label(label)?;
    (known != UTF_8 && known != UTF_16LE && known != UTF_16BE && known.is_ascii_compatible()).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf_8_is_read_and_comes_back_the_same() {
        let text = "<?xml version=\"1.0\" encoding=\"GBK\"?><a>得分</a>";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let plain: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [gbk.to_vec(), marked, plain] {
            let (read, encoding) = Encoding::decode(&bytes).expect("a text");
            assert_eq!(read, text);
            assert_eq!(encoding.encode(read.as_bytes()), bytes);
        }
    }

    #[test]
    fn a_character_the_encoding_lacks_is_written_as_a_reference() {
        let (_, latin) = Encoding::decode(b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>").expect("a text");
        assert_eq!(latin.encode("<a>分</a>".as_bytes()), b"<a>&#20998;</a>");
    }

    #[test]
    fn utf_8_and_what_contradicts_its_declaration_are_left_alone() {
        for part in ["<a/>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>", "<?xml encoding=\"UTF-16\"?><a/>"] {
            assert_eq!(Encoding::decode(part.as_bytes()), None);
        }
        assert_eq!(Encoding::decode(b"<?xml encoding=\"GBK\"?><a>\xff\xff</a>"), None);
    }
}
