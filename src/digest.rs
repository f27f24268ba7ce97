//! What a file was: its SHA-256 (FIPS 180-4).

use std::fmt::Write;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal, lower case.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The same of all that a reader gives.
///
/// # Errors
/// What the reader reports.
pub fn sha256_of(mut bytes: impl Read) -> io::Result<String> {
    const CHUNK: usize = 1 << 16;
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match bytes.read(&mut chunk) {
            Ok(0) => return Ok(hexadecimal(&digest.finalize())),
            Ok(read) => digest.update(chunk.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// SHA-256 in base64, as a Content Security Policy names a script by it (CSP Level 3, hash-source; RFC 4648, section 4).
#[must_use]
pub fn sha256_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(bytes);
    let group = |bytes: &[u8]| {
        let held =
            bytes.iter().enumerate().fold(0_usize, |held, (at, byte)| held | usize::from(*byte) << (16 - 8 * at));
        let digit = |at: usize| match DIGITS.get(held >> (18 - 6 * at) & 63) {
            Some(digit) if at <= bytes.len() => char::from(*digit),
            _ => '=',
        };
        [digit(0), digit(1), digit(2), digit(3)]
    };
    digest.chunks(3).flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_one_of_the_standard() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256_of(&b"abc"[..]).ok(), Some(sha256(b"abc")));
        assert_eq!(sha256_base64(b"abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
