//! Names made comparable: what typists vary is folded, codes before names are taken off and kept.
//!
//! Every key is its own key again. Whether two different keys mean one unit is not decided here.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::{is_plain, similarity, squeeze};

/// From which two names beside one code are taken for one name with a slip in it.
const SLIP_FROM: f64 = 0.7;

/// What tells names apart that are otherwise alike: 第一中学 and 第二中学, 城东 and 城西, 2022年 and 2023年.
const TELLING: &str = "0123456789零〇一二三四五六七八九十百两甲乙丙丁东南西北";

/// A project code of the 预算一体化 system: six digits of the region, two of the year, a letter, twelve digits.
static PROJECT_CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[0-9]{8}[A-Z][0-9]{12}").expect("a pattern that holds"));

/// The key by which names are compared: folded, without spaces, small letters, one style of brackets, quotes, dashes.
#[must_use]
pub fn name_key(name: &str) -> String {
    let unified = |c: char| match c {
        '[' | '【' | '〔' | '〖' | '「' | '{' => '(',
        ']' | '】' | '〕' | '〗' | '」' | '}' => ')',
        '“' | '”' | '‘' | '’' | '\'' => '"',
        '—' | '_' | '‐' | '‑' | '−' => '-',
        c => c,
    };
    let mut key = squeeze(name);
    if key.chars().all(is_plain) {
        key.make_ascii_lowercase();
    } else {
        key = key.to_lowercase();
    }
    if key.chars().any(|c| unified(c) != c) {
        key = key.chars().map(unified).collect();
    }
    key
}

/// The key by which unit names are compared: the [name's](name_key), without a code before it (`219001-` or `[015001]`).
#[must_use]
pub fn unit_key(name: &str) -> String {
    unit_parts(name).1
}

/// A unit's key without the place it begins with: `清河市澄岚区教育局` gives `教育局`. `None` where there is no place, or what is
/// left says nothing by itself.
pub(crate) fn behind_place(key: &str) -> Option<&str> {
    let mut rest = key;
    // Two characters name a place before its kind: 城市管理局 begins with none.
    while let Some((at, kind)) = rest.char_indices().skip(2).take(5).find(|(_, c)| "省市州盟县区旗".contains(*c))
    {
        rest = rest.get(at + kind.len_utf8()..).unwrap_or_default();
    }
    (rest.len() < key.len() && rest.chars().nth(2).is_some()).then_some(rest)
}

/// The name as written, without a code before it.
#[must_use]
pub fn without_code(name: &str) -> &str {
    let name = name.trim();
    leading_code(name).map_or(name, |(_, rest)| rest.trim_start())
}

/// The code a unit is written with and the key of its name. Of several codes (`219-219001-某局`) the last counts, the
/// unit's own. The key of a code alone is the code.
pub(super) fn unit_parts(written: &str) -> (Option<String>, String) {
    let key = name_key(written);
    let mut code = None;
    let mut name = key.as_str();
    while let Some((before, rest)) = leading_code(name) {
        code = Some(before.to_owned());
        name = rest;
    }
    let alone = name.trim_matches(['(', ')', '-', ':']);
    if alone.len() >= 3 && alone.bytes().all(|byte| byte.is_ascii_digit()) {
        return (Some(alone.to_owned()), alone.to_owned());
    }
    (code, name.to_owned())
}

/// The code a project is written with (`51000021R000000019951-名称`), and the key of its name, which a code alone leaves
/// empty. Other digits before a name belong to the name: `2022-2023年度…` is no code.
pub(super) fn project_parts(written: &str) -> (Option<String>, String) {
    let key = name_key(written);
    let inner = key.trim_start_matches('(');
    let large = inner.to_ascii_uppercase();
    let Some(code) = PROJECT_CODE.find(&large).map(|found| found.as_str().to_owned()) else { return (None, key) };
    let rest = inner.get(code.len()..).unwrap_or("");
    // A digit more is no project code.
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return (None, key);
    }
    let name = rest.trim_start_matches(SEPARATORS);
    let (further, name) = if name == rest { (None, name.to_owned()) } else { project_parts(name) };
    match further {
        // Two codes before one name say nothing certain.
        Some(further) if further != code => (None, key),
        _ => (Some(code), name),
    }
}

/// The key of a project's name without a project code before it; empty for a code alone.
pub(crate) fn project_key(written: &str) -> String {
    project_parts(written).1
}

/// The code as it is compared: without spaces, large letters.
pub(super) fn code_key(code: &str) -> String {
    squeeze(code).to_ascii_uppercase()
}

/// Whether this is a project code of the 预算一体化 system, 21 characters.
pub(super) fn is_project_code(code: &str) -> bool {
    PROJECT_CODE.find(code).is_some_and(|found| found.len() == code.len())
}

/// What is left of a name's key behind this code and a separator.
pub(super) fn behind_code<'k>(key: &'k str, code: &str) -> Option<&'k str> {
    let inner = key.trim_start_matches('(');
    let rest =
        inner.get(code.len()..).filter(|_| inner.get(..code.len()).is_some_and(|s| s.eq_ignore_ascii_case(code)))?;
    let name = rest.trim_start_matches(SEPARATORS);
    (name.len() < rest.len() || rest.is_empty()).then_some(name)
}

/// Whether a name written beside a known code can be that of the code's owner: a short form of it (its characters in
/// their order), the whole of it behind a place name, or nearly the same without a difference that tells names apart.
pub(super) fn compatible(written: &str, known: &str) -> bool {
    let marks = |key: &str| key.chars().filter(|c| TELLING.contains(*c)).collect::<String>();
    let alike = || written.ends_with(known) || similarity(written, known) >= SLIP_FROM;
    is_short_form(written, known) || marks(written) == marks(known) && alike()
}

/// Whether all characters of the one stand in the other, in their order.
fn is_short_form(short: &str, long: &str) -> bool {
    let mut long = long.chars();
    short.chars().nth(1).is_some() && short.chars().all(|c| long.any(|other| other == c))
}

/// What may stand between a code and a name, in a key.
const SEPARATORS: [char; 3] = [')', '-', ':'];

/// The code before a name, and the name. Three digits need a separator or brackets, so that `120急救中心` stays whole.
fn leading_code(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(['(', '[', '【', '〔', '（', '［']).unwrap_or(text);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let code = inner.get(..inner.len() - rest.len())?;
    let name = rest.trim_start_matches([')', ']', '】', '〕', '）', '］', '-', '—', '_', ':', '：', ' ']);
    let separated = name.len() < rest.len();
    let enough = if separated { 3 } else { 6 };
    (code.len() >= enough && !name.is_empty()).then_some((code, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_however_its_name_is_typed() {
        for name in [
            "城东区农业农村局（本级）",
            "城东区 农业农村局(本级)",
            "219001-城东区农业农村局〔本级〕",
            "219-219001-城东区农业农村局〔本级〕",
            "[219001]城东区农业农村局（本级）",
            "219001城东区农业农村局【本级】",
        ] {
            assert_eq!(unit_key(name), "城东区农业农村局(本级)", "{name}");
        }
        assert_eq!(unit_key("120急救中心"), "120急救中心");
        assert_eq!(unit_parts("［219001］"), (Some("219001".to_owned()), "219001".to_owned()));
    }

    #[test]
    fn a_unit_is_known_without_its_place_too() {
        assert_eq!(behind_place("澄岚区教育局"), Some("教育局"));
        assert_eq!(behind_place("清河市澄岚区第二中学"), Some("第二中学"));
        assert_eq!(behind_place("城市管理局"), None);
        assert_eq!(behind_place("澄岚区政府"), None);
    }

    #[test]
    fn a_project_code_is_21_characters_and_other_digits_belong_to_the_name() {
        let code = Some("36900022T000000004417".to_owned());
        for written in [
            "36900022T000000004417-农技推广",
            "３６９０００２２Ｔ００００００００４４１７—农技 推广",
            "[36900022t000000004417]农技推广",
            "36900022T000000004417农技推广",
        ] {
            assert_eq!(project_parts(written), (code.clone(), "农技推广".to_owned()), "{written}");
        }
        assert_eq!(project_parts("36900022T000000004417"), (code, String::new()));
        for whole in ["2022-2023年度农技推广", "36900022t0000000044179-农技推广", "20230601防汛"] {
            assert_eq!(project_parts(whole), (None, whole.to_owned()));
        }
    }

    #[test]
    fn beside_a_code_a_short_form_and_a_slip_pass_and_another_number_does_not() {
        let passes = |written, known| assert!(compatible(written, known), "{written} {known}");
        let fails = |written, known| assert!(!compatible(written, known), "{written} {known}");
        passes("区卫健局", "澄岚区卫生健康局");
        passes("清河市澄岚区教育局", "澄岚区教育局");
        passes("澄岚区农业技术推厂中心", "澄岚区农业技术推广中心");
        fails("澄岚区第三中学", "澄岚区第二中学");
        fails("澄岚区教育局勤工俭学中心", "澄岚区教育局");
        fails("局", "澄岚区教育局");
        fails("财政所", "澄岚区教育局");
    }
}
