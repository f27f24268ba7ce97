//! Text of units made harmless in each place of the page where it can stand.
//!
//! Nothing is trusted: a name may hold markup, control characters, turns of the direction of writing, or ten thousand
//! characters.

use std::fmt::Write as _;

use crate::text::is_steering;

/// The text without what steers a reader's program, at most so many characters, `…` where it was cut. Line breaks stay.
pub(super) fn plain(text: &str, most: usize) -> String {
    let mut left = most;
    let mut out = String::with_capacity(text.len().min(most * 4));
    for c in text.chars() {
        if c != '\n' && is_steering(c) {
            // A tab keeps words apart; what turns or hides text is of no use to a reader.
            if c == '\t' {
                out.push(' ');
            }
            continue;
        }
        if left == 0 {
            out.push('…');
            break;
        }
        left -= 1;
        out.push(c);
    }
    out
}

/// For text between tags and for attributes in double quotes, of HTML and SVG alike.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            c if c != '\n' && is_steering(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// A JSON string, quotes included, that cannot end the `<script>` it stands in.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => code(c, &mut out),
            c if c.is_control() => code(c, &mut out),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn code(c: char, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\u{:04x}", u32::from(c));
}

/// One part of a URL (RFC 3986, section 2.1): all but unreserved characters as their bytes.
pub(super) fn url_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A path below the page's folder as a URL. It begins with `./`, so that no name can be a scheme.
pub(super) fn url_path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(url_part).collect();
    format!("./{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_gets_out_of_its_place() {
        assert_eq!(html("\"><img onerror='x'>`&"), "&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;&#96;&amp;");
        assert_eq!(json("</script><!--\"\\\u{2028}"), "\"\\u003c/script\\u003e\\u003c!--\\\"\\\\\\u2028\"");
        assert_eq!(url_path("javascript:alert(1)/#a?b%.xlsx"), "./javascript%3Aalert%281%29/%23a%3Fb%25.xlsx");
        let strings: Vec<String> = serde_json::from_str(&format!("[{}]", json("<a>&\u{1}\n甲😀"))).expect("JSON");
        assert_eq!(strings, ["<a>&\u{1}\n甲😀"]);
    }

    #[test]
    fn what_turns_or_hides_text_is_gone_and_a_long_text_is_cut() {
        assert_eq!(plain("甲\u{202e}乙\u{0}\t丙\n丁", 20), "甲乙 丙\n丁");
        assert_eq!(plain(&"长".repeat(10_000), 3), "长长长…");
        assert_eq!(plain("三个字", 3), "三个字");
    }
}
