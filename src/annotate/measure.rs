//! How much room a text takes, for row heights and note boxes: no program computes them when it opens a file.

/// Width of a text in Latin characters; a Chinese one counts two.
pub(super) fn width(text: &str) -> u32 {
    text.chars().fold(0, |sum: u32, c| sum.saturating_add(if c.is_ascii() { 1 } else { 2 }))
}

/// Lines of a text wrapped to so many Latin characters; at least 1.
pub(super) fn lines(text: &str, room: u32) -> u32 {
    let room = room.max(2);
    text.split('\n').fold(0, |sum: u32, line| {
        // Wide characters do not break: a line may end one short.
        sum.saturating_add(width(line.trim_end()).div_ceil(room.saturating_sub(1)).max(1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_and_every_paragraph_a_line() {
        assert_eq!(width("权重100"), 7);
        assert_eq!(lines("权重合计应为一百分", 9), 3);
        assert_eq!(lines("a\n\nb", 9), 3);
        assert_eq!(lines("", 9), 1);
    }
}
