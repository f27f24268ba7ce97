//! Files put together from parts, so that a change of a part never fails on the wrapping around it: a zip with right
//! checksums and sizes, or an OLE2 file.
//!
//! An input is its parts one behind the other, each `JOINT name LF bytes`; any bytes at all are some parts.

use std::io::{Cursor, Read, Write};

/// Stands in front of a part. No text has it, and hardly a binary part.
pub(crate) const JOINT: &[u8] = b"\xff\xfePART\xff";

/// A part: its name and its bytes.
pub(crate) type Part<'a> = (&'a [u8], &'a [u8]);

/// The parts of an input.
pub(crate) fn split(input: &[u8]) -> Vec<Part<'_>> {
    let mut rest = input.strip_prefix(JOINT).unwrap_or(input);
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let end = memchr::memmem::find(rest, JOINT);
        let (part, behind) = end.map_or((rest, &[][..]), |at| (&rest[..at], &rest[at + JOINT.len()..]));
        let line = memchr::memchr(b'\n', part).unwrap_or(part.len());
        parts.push((&part[..line], part.get(line + 1..).unwrap_or_default()));
        rest = behind;
    }
    parts
}

/// The input that has these parts.
pub(crate) fn join<N: AsRef<[u8]>, B: AsRef<[u8]>>(parts: &[(N, B)]) -> Vec<u8> {
    let mut input = Vec::new();
    for (name, bytes) in parts {
        for piece in [JOINT, name.as_ref(), b"\n", bytes.as_ref()] {
            input.extend_from_slice(piece);
        }
    }
    input
}

/// The file that the parts of an input make: an OLE2 file where the first is the stream of an old workbook, else a zip.
pub(crate) fn packed(input: &[u8]) -> Vec<u8> {
    match split(input).as_slice() {
        [(b"Workbook" | b"Book", stream), ..] => ole(stream),
        parts => zip(parts),
    }
}

/// The input for a file; `None` for a file that is neither a zip nor an OLE2 file with a workbook. `keep` says which
/// parts are worth their bytes.
pub(crate) fn unpack(file: &[u8], keep: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    if file.starts_with(b"PK\x03\x04") {
        let mut archive = zip::ZipArchive::new(Cursor::new(file)).ok()?;
        let mut parts = Vec::new();
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).ok()?;
            let name = part.name_raw().to_vec();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).ok()?;
            if keep(&String::from_utf8_lossy(&name)) {
                parts.push((name, bytes));
            }
        }
        return Some(join(&parts));
    }
    let mut file = cfb::CompoundFile::open(Cursor::new(file)).ok()?;
    let name = ["Workbook", "Book"].into_iter().find(|name| file.is_stream(format!("/{name}")))?;
    let mut stream = Vec::new();
    file.open_stream(format!("/{name}")).ok()?.read_to_end(&mut stream).ok()?;
    Some(join(&[(name, stream)]))
}

/// An OLE2 file of this stream, and a small one beside it as all programs write: readers want the place where those stand.
fn ole(stream: &[u8]) -> Vec<u8> {
    let blank = Cursor::new(Vec::new());
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, blank).expect("memory takes all");
    file.create_stream("/\u{5}SummaryInformation")
        .expect("a first stream")
        .write_all(&[0; 64])
        .expect("memory takes all");
    file.create_stream("/Workbook").expect("a second stream").write_all(stream).expect("memory takes all");
    file.flush().expect("memory takes all");
    file.into_inner().into_inner()
}

/// A zip of these parts, stored. Written by hand, because names may be any bytes, and may come twice.
pub(crate) fn zip(parts: &[Part<'_>]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    for (name, bytes) in parts {
        let name = name.get(..usize::from(u16::MAX)).unwrap_or(name);
        let start = long(file.len());
        // Version, flags, method, time and date; then checksum, sizes, length of the name, no extra field.
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        head.extend_from_slice(&checksum(bytes).to_le_bytes());
        head.extend_from_slice(&long(bytes.len()));
        head.extend_from_slice(&long(bytes.len()));
        head.extend_from_slice(&short(name.len()));
        head.extend_from_slice(&[0, 0]);
        for piece in [b"PK\x03\x04", head.as_slice(), name, bytes] {
            file.extend_from_slice(piece);
        }
        for piece in [b"PK\x01\x02\x14\0", head.as_slice(), &[0; 10], &start, name] {
            directory.extend_from_slice(piece);
        }
    }
    let (start, length, count) = (long(file.len()), long(directory.len()), short(parts.len()));
    for piece in [directory.as_slice(), b"PK\x05\x06\0\0\0\0", &count, &count, &length, &start, &[0, 0]] {
        file.extend_from_slice(piece);
    }
    file
}

/// CRC-32 of zip (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut at = 0;
        while at < 256 {
            let (mut value, mut bit) = (at as u32, 0);
            while bit < 8 {
                value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[at] = value;
            at += 1;
        }
        table
    };
    let step = |sum: u32, byte: &u8| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(u32::MAX, step)
}
