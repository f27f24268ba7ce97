//! What stands between the commands and the screen: no name of a file and no text of a unit steers a terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use jixiao::text::is_steering;

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text for people; what steers becomes `�`.
    Text {
        /// Whether our own colours pass.
        coloured: bool,
    },
    /// JSON for programs: what steers is escaped, so that they read the same.
    Json,
}

/// The styles that reports paint with.
const STYLES: [&str; 7] =
    ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[34m"];

/// A screen that passes on whole lines.
pub(super) struct Screen<W: Write> {
    out: W,
    kind: Kind,
    held: Vec<u8>,
}

impl<W: Write> Screen<W> {
    /// Shows on `out`.
    pub(super) fn new(out: W, kind: Kind) -> Self {
        Self { out, kind, held: Vec::new() }
    }

    fn pass(&mut self, length: usize) -> io::Result<()> {
        let lines: Vec<u8> = self.held.drain(..length).collect();
        self.out.write_all(harmless(&String::from_utf8_lossy(&lines), self.kind).as_bytes())
    }
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = self.held.len();
        self.held.extend_from_slice(bytes);
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            self.pass(before + end + 1)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(self.held.len())?;
        self.out.flush()
    }
}

/// The text without what steers a terminal.
pub(super) fn harmless(text: &str, kind: Kind) -> Cow<'_, str> {
    let steers = |c: char| !matches!(c, '\n' | '\t') && is_steering(c);
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(steers) {
        let (before, from) = rest.split_at(at);
        shown.push_str(before);
        let style = STYLES.into_iter().find(|style| from.starts_with(style));
        let c = from.chars().next().unwrap_or_default();
        let taken = match (kind, style) {
            (Kind::Text { coloured: true }, Some(style)) => {
                shown.push_str(style);
                style.len()
            }
            // The ends of lines in CSV.
            (Kind::Text { .. }, _) if from.starts_with("\r\n") => {
                shown.push_str("\r\n");
                2
            }
            (Kind::Text { .. }, _) => {
                shown.push('\u{fffd}');
                c.len_utf8()
            }
            (Kind::Json, _) => {
                shown.push_str(&format!("\\u{:04x}", u32::from(c)));
                c.len_utf8()
            }
        };
        rest = from.get(taken..).unwrap_or_default();
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "甲\u{1b}[2J\u{9b}31m\u{202e}\r乙\u{7f}\u{2028}\t丙\n";

    #[test]
    fn what_steers_a_terminal_is_shown_as_a_mark_and_lines_stay_lines() {
        let plain = Kind::Text { coloured: false };
        assert_eq!(harmless(HOSTILE, plain), "甲�[2J�31m��乙��\t丙\n");
        assert_eq!(harmless("a,b\r\n", plain), "a,b\r\n");
        assert_eq!(harmless("\u{1b}[31m严重\u{1b}[0m", plain), "�[31m严重�[0m");
        assert_eq!(
            harmless("\u{1b}[31m严重\u{1b}[0m\u{1b}[8m", Kind::Text { coloured: true }),
            "\u{1b}[31m严重\u{1b}[0m�[8m"
        );
    }

    #[test]
    fn programs_read_the_same_as_without_it() {
        let json = serde_json::to_string(HOSTILE).expect("JSON");
        let shown = harmless(&json, Kind::Json);
        assert!(!shown.contains(is_steering), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), HOSTILE);
    }

    #[test]
    fn characters_that_come_in_pieces_are_whole_again() {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, Kind::Text { coloured: false });
        for byte in HOSTILE.repeat(3).bytes() {
            screen.write_all(&[byte]).expect("memory");
        }
        screen.write_all("丁\u{1b}".as_bytes()).and_then(|()| screen.flush()).expect("memory");
        let expected = format!("{}丁�", harmless(HOSTILE, Kind::Text { coloured: false }).repeat(3));
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }
}
