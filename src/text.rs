//! Chinese form text made comparable: folded characters, label keys, similarity, the room it takes.
//!
//! Nothing here knows a form; word lists are policy data.

pub(crate) mod near;

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Folds what typists vary without meaning it: full-width forms (NFKC), exotic comparison signs, line breaks
/// and tabs to a space, runs of spaces to one, and trims. `产出\n指标（５０分）` becomes `产出 指标(50分)`.
#[must_use]
pub fn fold(text: &str) -> String {
    folded(text, true)
}

/// [`fold`], with the spaces or without.
fn folded(text: &str, spaced: bool) -> String {
    let mut out = Line { text: String::with_capacity(text.len()), spaced, pending: false };
    for c in text.chars() {
        match short_nfkc(c) {
            Some(c) => out.push(c),
            None => {
                // Some other character: the whole text the long way.
                out.text.clear();
                out.pending = false;
                match is_nfkc_quick(text.chars()) {
                    IsNormalized::Yes => text.chars().for_each(|c| out.push(c)),
                    _ => text.nfkc().for_each(|c| out.push(c)),
                }
                break;
            }
        }
    }
    out.text
}

/// A folded text as it grows.
struct Line {
    text: String,
    /// Whether a space stands for spaces between characters.
    spaced: bool,
    pending: bool,
}

impl Line {
    fn push(&mut self, c: char) {
        let c = match c {
            '一'..='鿿' => c,
            '≧' | '⩾' => '≥',
            '≦' | '⩽' => '≤',
            '═' | '﹦' => '=',
            '―' | '–' | '─' | '━' => '—',
            '\u{200b}'..='\u{200f}' | '\u{feff}' => return,
            c if c.is_whitespace() || c.is_control() => {
                self.pending = self.spaced && !self.text.is_empty();
                return;
            }
            c => c,
        };
        if std::mem::take(&mut self.pending) {
            self.text.push(' ');
        }
        self.text.push(c);
    }
}

/// Whether a character of form text is its own NFKC, has no case beyond ASCII and folds to nothing else than a space:
/// nearly all of them are such.
pub(crate) fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '一'..='鿿' | '、'..='〜' | '≥' | '≤' | '—' | '“' | '”')
}

/// The NFKC of a character where no table need be asked: form text is nearly all 汉字, ASCII and full-width ASCII, whose
/// NFKC is a matter of one subtraction.
fn short_nfkc(c: char) -> Option<char> {
    match c {
        '！'..='～' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32),
        '\u{3000}' => Some(' '),
        c => is_plain(c).then_some(c),
    }
}

/// [`fold`], then every space removed: for comparing names and values whose spacing means nothing.
#[must_use]
pub fn squeeze(text: &str) -> String {
    squeezed(text).into_owned()
}

/// [`squeeze`], which most texts are as they stand.
fn squeezed(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| is_plain(c) && c != ' ' && !c.is_control()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(folded(text, false))
}

/// The digits of a text, in order: two texts of other figures say two things, however alike their words.
#[must_use]
pub fn digits(text: &str) -> String {
    squeeze(text).chars().filter(char::is_ascii_digit).collect()
}

/// The key under which a printed label is looked up: squeezed, without list numbers, brackets and what stands in
/// them, without footnote marks, `:` `*` `★` and other ornaments, and without the months of a monitoring round.
/// `绩 效\n目标（90分）：` and `*绩效目标①` both give `绩效目标`, `1—9月执行数` gives `执行数`.
#[must_use]
pub fn label_key(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '①'..='⑳' | '¹' | '²' | '³');
    let squeezed = if text.contains(is_mark) { squeeze(&text.replace(is_mark, "")).into() } else { squeezed(text) };
    let mut key = String::with_capacity(squeezed.len());
    let mut depth = 0_u32;
    for c in without_months(without_list_number(&squeezed)).chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ':' | ';' | '*' | '★' | '☆' | '●' | '、' | '"' | '“' | '”' | '。' | ',' | '_' | '/' => {}
            c => key.push(c),
        }
    }
    key
}

/// The text behind a leading `1.` `12、` `(3)` `一、` `(一)`; the text itself where there is none.
#[must_use]
pub fn without_list_number(text: &str) -> &str {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    if rest.len() == inner.len() {
        return text;
    }
    let closing: &[char] = if inner.len() < text.len() { &[')'] } else { &['.', '、', '．'] };
    match rest.strip_prefix(closing) {
        // `2.5万元` is an amount, not item two.
        Some(item) if !item.is_empty() && !item.starts_with(|c: char| c.is_ascii_digit()) => item,
        _ => text,
    }
}

/// The text behind leading months, `1-7月` or `截至9月底`; the text itself where there are none.
fn without_months(text: &str) -> &str {
    let month = |text: &'_ str| -> Option<usize> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        (1..=2).contains(&digits).then_some(digits)
    };
    if let Some(rest) =
        ["上半年", "前三季度"].iter().find_map(|word| text.strip_prefix(word)).filter(|rest| !rest.is_empty())
    {
        return rest;
    }
    let until = ["截至", "截止"].iter().find_map(|word| text.strip_prefix(word));
    let rest = match until {
        Some(rest) => Some(rest),
        None => month(text)
            .and_then(|digits| text.get(digits..))
            .map(|rest| rest.strip_prefix('月').unwrap_or(rest))
            .and_then(|rest| rest.strip_prefix(['-', '—', '~', '至', '到'])),
    };
    rest.and_then(|rest| rest.get(month(rest)?..))
        .and_then(|rest| rest.strip_prefix('月'))
        .map(|rest| rest.trim_start_matches(['份', '底', '末']))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(text)
}

/// The last month of a stretch that a heading names: `1—7月执行数` gives 7, `截至9月底`  9, `上半年` and `半年度` 6, `前三季度`
/// 9; `None` where it names none, or a single month.
#[must_use]
pub fn last_month(text: &str) -> Option<u32> {
    let squeezed = squeeze(text);
    let words = [("半年", 6), ("前三季度", 9), ("前三个季度", 9)];
    if let Some((_, month)) = words.iter().find(|(word, _)| squeezed.contains(word)) {
        return Some(*month);
    }
    let month = |digits: &str| digits.parse().ok().filter(|month| (1..=12).contains(month));
    let before_month = squeezed.split('月').rev().skip(1);
    before_month
        .filter_map(|piece| {
            let rest = piece.trim_end_matches(|c: char| c.is_ascii_digit());
            let stretch = rest.ends_with(['-', '—', '~', '至', '到'])
                && rest.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit() || c == '月');
            let until = rest.ends_with("截至") || rest.ends_with("截止");
            // The piece before `至10月` in `1月至10月` was cut off with its own 月.
            let from_start = rest.chars().count() == 1 && rest.ends_with(['-', '—', '~', '至', '到']);
            (stretch || until || from_start).then(|| month(piece.get(rest.len()..)?)).flatten()
        })
        .next()
}

/// What stands in the brackets of a label, squeezed: `项目资金（万元）` gives `Some("万元")`.
#[must_use]
pub fn bracketed(text: &str) -> Option<String> {
    let squeezed = squeeze(text);
    let open = squeezed.find('(')?;
    let rest = squeezed.get(open + 1..)?;
    let close = rest.find(')').unwrap_or(rest.len());
    rest.get(..close).filter(|inside| !inside.is_empty()).map(str::to_owned)
}

/// Whether the character ticks an answer, or is a box that comes ticked.
#[must_use]
pub fn is_tick(c: char) -> bool {
    matches!(c, '√' | '✓' | '✔' | '☑' | '☒' | '■' | '●' | '⊙')
}

/// Whether the character is a box left empty.
#[must_use]
pub fn is_empty_box(c: char) -> bool {
    matches!(c, '□' | '☐' | '◻' | '▢' | '○')
}

/// Whether the character is seen only by what it does: ends a line, steers a terminal, turns the direction of writing.
#[must_use]
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text without what hides it or turns it round: one name may not look like another. Line ends and tabs stay.
pub(crate) fn seen(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\r' | '\t') || !is_steering(*c)).collect()
}

/// The text on one line, its characters as written but for [steering](is_steering) ones, which are gone: line breaks and runs of spaces become one space, or nothing
/// between Chinese characters, where a typist's break means no space.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in text.split_whitespace() {
        let spaced = line.ends_with(|c: char| c.is_ascii()) || piece.starts_with(|c: char| c.is_ascii());
        if spaced && !line.is_empty() {
            line.push(' ');
        }
        line.extend(piece.chars().filter(|c| !is_steering(*c)));
    }
    line
}

/// How alike two texts are, 0 (nothing in common) to 1 (equal after [`squeeze`]); Sørensen–Dice over character pairs.
///
/// Own code: `strsim::sorensen_dice` divides by the lengths in bytes, which makes a third of it for Chinese.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (squeeze(a), squeeze(b));
    if a == b {
        return 1.0;
    }
    dice(&pairs(&a), &pairs(&b))
}

/// [`similarity`] of two texts that are not the same, by their [`pairs`].
pub(crate) fn dice(left: &[(char, char)], right: &[(char, char)]) -> f64 {
    let (mut at, mut shared) = (0, 0_usize);
    for pair in right {
        while left.get(at).is_some_and(|other| other < pair) {
            at += 1;
        }
        if left.get(at) == Some(pair) {
            (at, shared) = (at + 1, shared + 1);
        }
    }
    match left.len() + right.len() {
        0 => 0.0,
        all => 2.0 * shared as f64 / all as f64,
    }
}

/// The pairs of neighbouring characters, sorted: whole rosters are compared by them, name by name.
pub(crate) fn pairs(text: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// The width of a text on screen and paper, in Latin characters; a Chinese one counts two.
#[must_use]
pub fn display_width(text: &str) -> u32 {
    text.chars().fold(0, |sum: u32, c| sum.saturating_add(if c.is_ascii() { 1 } else { 2 }))
}

/// The lines a text takes where so many Latin characters stand side by side; at least 1. For row heights and note
/// boxes: no program computes them when it opens a file.
#[must_use]
pub fn wrapped_lines(text: &str, room: u32) -> u32 {
    let room = room.max(2);
    text.split('\n').fold(0, |sum: u32, line| {
        // Wide characters do not break: a line may end one short.
        sum.saturating_add(display_width(line.trim_end()).div_ceil(room.saturating_sub(1)).max(1))
    })
}

/// At most `max` characters of the text, with `…` where it was cut: for messages that quote a cell.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    let folded = fold(text);
    if folded.chars().count() <= max {
        return folded;
    }
    folded.chars().take(max.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

/// At most `max` characters of the text as it stands, with `…` where it was cut: to quote the very characters that an
/// [`excerpt`] folds. What cannot be seen or steers is a space.
#[must_use]
pub fn as_written(text: &str, max: usize) -> String {
    let cut = if text.chars().count() > max { "…" } else { "" };
    text.chars().take(max).map(|c| if is_steering(c) { ' ' } else { c }).chain(cut.chars()).collect()
}

/// The longest text of a cell, in UTF-16 units.
pub(crate) const LONGEST_CELL: usize = 32_767;

/// How long Excel takes a text to be: in UTF-16 units, a character is one or two.
pub(crate) fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text as far as so many UTF-16 units take it, with `…` where it was cut.
pub(crate) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if utf16_length(text) <= most {
        return Cow::Borrowed(text);
    }
    let mut room = most.saturating_sub(1);
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(room);
        left.is_some()
    };
    text.chars().take_while(fits).chain(std::iter::once('…')).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_the_count_of_excel() {
        assert_eq!(cut("绩效目标", 4), "绩效目标");
        assert_eq!(cut("绩效目标", 3), "绩效…");
        assert_eq!(cut("𠮷𠮷", 4), "𠮷𠮷");
        assert_eq!(cut("𠮷𠮷", 3), "𠮷…");
    }

    #[test]
    fn full_width_and_broken_labels_share_one_key() {
        for text in ["绩效目标", "绩 效 目 标", "绩效\n目标：", "＊绩效目标（９０分）", "1.绩效目标", "绩效目标②"]
        {
            assert_eq!(label_key(text), "绩效目标", "{text:?}");
        }
    }

    #[test]
    fn a_round_of_monitoring_is_no_part_of_a_label() {
        for text in ["上半年执行数", "1—7月执行数", "1-9月执行数", "1月至10月执行数", "截至9月底执行数"]
        {
            assert_eq!(label_key(text), "执行数", "{text:?}");
        }
        assert_eq!(label_key("9月执行数"), "9月执行数");
        assert_eq!(label_key("12-31"), "12-31");
    }

    #[test]
    fn the_month_a_round_reaches_is_the_last_of_a_stretch() {
        for (text, month) in [
            ("1—7月执行数", Some(7)),
            ("1-6月执行情况", Some(6)),
            ("1月至10月执行数", Some(10)),
            ("截至9月底执行数", Some(9)),
            ("半年度指标执行情况", Some(6)),
            ("前三季度执行数", Some(9)),
            ("（2022年1—9月）", Some(9)),
            ("完成时间12月前", None),
            ("1-13月", None),
            ("全年执行数", None),
        ] {
            assert_eq!(last_month(text), month, "{text}");
        }
    }

    #[test]
    fn the_short_way_to_nfkc_is_nfkc() {
        let all: String = ('\u{20}'..='\u{ffff}').collect();
        for c in all.chars() {
            let text = c.to_string();
            let short = short_nfkc(c).map(String::from);
            assert!(short.is_none_or(|short| short == text.nfkc().collect::<String>()), "U+{:04X}", u32::from(c));
            assert_eq!(squeeze(&text), fold(&text).replace(' ', ""), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn exotic_comparison_signs_fold_to_the_common_ones() {
        assert_eq!(fold("≧９５％"), "≥95%");
        assert_eq!(fold("﹦100"), "=100");
    }

    #[test]
    fn a_name_broken_over_two_lines_is_one_name() {
        assert_eq!(one_line(" 城东区\n农业农村局（本级） "), "城东区农业农村局（本级）");
        assert_eq!(one_line("5G\n基站  建设 A 标段"), "5G 基站建设 A 标段");
    }

    #[test]
    fn a_number_is_not_eaten_as_a_list_number() {
        assert_eq!(label_key("100"), "100");
        assert_eq!(without_list_number("2.5万元"), "2.5万元");
        assert_eq!(without_list_number("(一)职责"), "职责");
    }

    #[test]
    fn one_character_more_leaves_names_alike() {
        assert!(similarity("城东区畜牧站", "城东区畜牧兽医站") > 0.6);
        assert!((similarity("甲局", "甲 局") - 1.0).abs() < f64::EPSILON);
        assert!(similarity("甲局", "乙站") < f64::EPSILON);
    }

    #[test]
    fn chinese_takes_two_and_every_paragraph_a_line() {
        assert_eq!(display_width("权重100"), 7);
        assert_eq!(wrapped_lines("权重合计应为一百分", 9), 3);
        assert_eq!(wrapped_lines("a\n\nb", 9), 3);
        assert_eq!(wrapped_lines("", 9), 1);
    }

    #[test]
    fn an_excerpt_counts_characters_not_bytes() {
        assert_eq!(excerpt("预算绩效管理", 4), "预算绩…");
    }
}
