//! Which unit of the roster a written name means.
//!
//! By its name or an alias, by its code beside a name that can be its own, or by a name that differs only by the
//! district's, where one unit alone fits. Whatever contradicts itself or fits two is a suggestion, never a match.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{compatible, unit_key, unit_parts};
use super::{Match, Roster, Unit};
use crate::text::similarity;

/// Similarity from which an unknown name gets a suggestion.
pub(super) const SUGGEST_FROM: f64 = 0.3;

/// Units that must bear a place name before it counts as the district's. Of two or three names that begin with 城市 no
/// district follows.
const BEARERS: usize = 3;

/// What a roster is asked by; made once it is read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Index {
    /// 单位编码 → the unit that has it.
    codes: BTreeMap<String, usize>,
    /// The district's name, 澄岚区, with which at least half of the units begin.
    place: Option<String>,
    /// Every name and alias without the district's name → the units known by it.
    bare: BTreeMap<String, BTreeSet<usize>>,
}

impl Index {
    /// The index of a roster whose units and names are complete.
    pub(super) fn of(units: &[Unit], names: &BTreeMap<String, usize>) -> Self {
        let mut index = Self { place: place(units), ..Self::default() };
        for (at, unit) in units.iter().enumerate() {
            let code = unit_key(&unit.code);
            if !code.is_empty() {
                index.codes.insert(code, at);
            }
        }
        for (name, at) in names {
            for bare in index.bare_forms(name) {
                index.bare.entry(bare).or_default().insert(*at);
            }
        }
        index
    }

    /// The name itself and what it is without the district's name: 教育局 for 澄岚区教育局, 清河市澄岚区教育局 and 区教育局.
    fn bare_forms(&self, name: &str) -> BTreeSet<String> {
        let mut forms = BTreeSet::from([name.to_owned()]);
        let Some(place) = &self.place else { return forms };
        let above = |before: &str| before.is_empty() || before.ends_with(['省', '市', '州', '盟']);
        let behind = name.split_once(place.as_str()).filter(|(before, _)| above(before)).map(|(_, rest)| rest);
        let kind = place.chars().next_back();
        let short = kind.and_then(|kind| name.strip_prefix(kind));
        forms.extend(
            [behind, short].into_iter().flatten().filter(|rest| rest.chars().nth(1).is_some()).map(str::to_owned),
        );
        forms
    }

    /// The one unit whose name differs by the district's alone.
    fn by_bare_name(&self, key: &str) -> Option<usize> {
        let fitting = self.bare_forms(key).iter().filter_map(|form| self.bare.get(form)).flatten().copied().collect();
        only(&fitting)
    }
}

fn only(units: &BTreeSet<usize>) -> Option<usize> {
    units.first().copied().filter(|_| units.len() == 1)
}

/// The place name with which at least half of the units begin, as far as its first 区, 县, 市 or 旗.
fn place(units: &[Unit]) -> Option<String> {
    let mut bearers: BTreeMap<String, usize> = BTreeMap::new();
    for unit in units {
        let key = unit_key(&unit.name);
        let end = key.char_indices().skip(1).take(5).find(|(_, c)| matches!(c, '区' | '县' | '市' | '旗'));
        if let Some(place) = end.and_then(|(at, c)| key.get(..at + c.len_utf8())) {
            *bearers.entry(place.to_owned()).or_default() += 1;
        }
    }
    let enough = |count: usize| count >= BEARERS && count * 2 >= units.len();
    let mut places = bearers.into_iter().filter(|(_, count)| enough(*count));
    places.next().filter(|_| places.next().is_none()).map(|(place, _)| place)
}

impl Roster {
    /// The unit a written name means. Known are a name or an alias of the roster, a code alone, a code beside a name that
    /// can be the unit's, and a name that differs from one unit's alone by the district's (区教育局, 教育局 for 澄岚区教育局;
    /// the district's name is the one with which three units, and at least half of the roster, begin). A code and a name of
    /// two units contradict each other: no match.
    #[must_use]
    pub fn resolve(&self, written: &str) -> Match<'_, Unit> {
        let (code, key) = unit_parts(written);
        let by_code = code.as_deref().and_then(|code| self.index.codes.get(code).copied());
        let by_name = self.names.get(&key).copied().or_else(|| self.index.by_bare_name(&key));
        let alone = code.as_ref() == Some(&key);
        let found = match (by_code, by_name) {
            (Some(coded), Some(named)) => Some(named).filter(|_| coded == named || self.is_of_department(&code, named)),
            (Some(coded), None) if alone || self.can_be(coded, &key) => Some(coded),
            (Some(_), None) => None,
            (None, named) => named,
        };
        match found.and_then(|at| self.units.get(at)) {
            Some(unit) => Match::Known(unit),
            None => {
                Match::Unknown(by_name.or(by_code).and_then(|at| self.units.get(at)).or_else(|| self.nearest(&key)))
            }
        }
    }

    /// Whether a name is written with a code of the roster.
    pub(super) fn knows_code_of(&self, written: &str) -> bool {
        unit_parts(written).0.is_some_and(|code| self.index.codes.contains_key(&code))
    }

    /// Whether a code is that of the unit's department: its own begins with it, 219 before 219002.
    fn is_of_department(&self, code: &Option<String>, at: usize) -> bool {
        let own = self.units.get(at).map(|unit| unit_key(&unit.code)).unwrap_or_default();
        code.as_ref().is_some_and(|code| own.len() > code.len() && own.starts_with(code))
    }

    /// Whether a name can be this unit's, and is no nearer to another's.
    fn can_be(&self, at: usize, key: &str) -> bool {
        let nearness = |own: bool| {
            let names = self.names.iter().filter(|(_, other)| (**other == at) == own);
            names.map(|(name, _)| similarity(name, key)).fold(0.0, f64::max)
        };
        let mut own = self.names.iter().filter(|(_, other)| **other == at);
        own.any(|(name, _)| compatible(key, name)) && nearness(true) >= nearness(false)
    }

    /// The unit with the nearest name; of equally near ones the first by name.
    fn nearest(&self, key: &str) -> Option<&Unit> {
        let scored = self.names.iter().map(|(known, at)| (similarity(known, key), *at));
        let (score, at) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        self.units.get(at).filter(|_| score >= SUGGEST_FROM)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::workbook::sheet_from_text;

    const LINES: [&str; 8] = [
        "教育局|澄岚区教育局|219001||项目支出绩效自评表",
        "教育局|澄岚区第二中学|219002|澄岚二中|项目支出绩效自评表",
        "教育局|澄岚区教育局勤工俭学中心|219009||项目支出绩效自评表",
        "水务局|澄岚区水务局（本级）|226001||项目支出绩效自评表",
        "住建局|澄岚区城市管理局|241001||项目支出绩效自评表",
        "住建局|澄岚区城市管理综合执法大队|241003||项目支出绩效自评表",
        "卫健局|澄岚区第一人民医院|231001||项目支出绩效自评表",
        "卫健局|第一人民医院|231002||项目支出绩效自评表",
    ];

    fn roster(lines: &[&str]) -> Roster {
        let text = format!("部门|单位|单位编码|简称|应报表单\n{}", lines.join("\n"));
        let sheet = sheet_from_text("名册", &text).expect("a valid grid");
        Roster::read(&[sheet], "名册.xlsx", &[]).expect("a good roster")
    }

    /// The unit known, or `?` and the one suggested.
    fn said(roster: &Roster, written: &str) -> String {
        match roster.resolve(written) {
            Match::Known(unit) => unit.name.clone(),
            Match::Unknown(near) => format!("?{}", near.map_or("", |unit| unit.name.as_str())),
        }
    }

    #[test]
    fn the_district_before_a_name_may_be_missing_or_short_or_longer() {
        let roster = roster(&LINES);
        for written in ["教育局", "区教育局", "澄岚区教育局", "清河市澄岚区教育局", "219001-区教育局"]
        {
            assert_eq!(said(&roster, written), "澄岚区教育局", "{written}");
        }
        assert_eq!(said(&roster, "市教育局"), "?澄岚区教育局");
        assert_eq!(said(&roster, "青禾区教育局"), "?澄岚区教育局");
        assert_eq!(said(&roster, "管理局"), "?澄岚区城市管理局");
    }

    #[test]
    fn a_short_name_that_fits_two_units_is_suggested_and_not_merged() {
        let roster = roster(&LINES);
        assert_eq!(said(&roster, "区第一人民医院"), "?第一人民医院");
        assert_eq!(said(&roster, "第一人民医院"), "第一人民医院");
    }

    #[test]
    fn without_a_district_that_the_roster_shows_nothing_is_taken_off_a_name() {
        let roster = roster(&["甲|城市管理局|||项目支出绩效自评表", "甲|城市管理执法大队|||项目支出绩效自评表"]);
        assert_eq!(said(&roster, "管理局"), "?城市管理局");
        assert_eq!(said(&roster, "澄岚区城市管理局"), "?城市管理局");
    }

    #[test]
    fn a_code_is_believed_beside_a_name_that_can_be_its_own() {
        let roster = roster(&LINES);
        for (written, expected) in [
            ("241003", "澄岚区城市管理综合执法大队"),
            ("［２４１００３］", "澄岚区城市管理综合执法大队"),
            ("241003-城市管理执法大队", "澄岚区城市管理综合执法大队"),
            ("219-澄岚区第二中学", "澄岚区第二中学"),
            ("999999-澄岚区第二中学", "澄岚区第二中学"),
            ("219002-澄岚区第三中学", "?澄岚区第二中学"),
            ("219001-澄岚区第二中学", "?澄岚区第二中学"),
            ("219009-教育局", "?澄岚区教育局"),
            ("226001-财政所", "?澄岚区水务局(本级)"),
        ] {
            assert_eq!(said(&roster, written), expected, "{written}");
        }
    }

    /// The name as somebody may type it, who changes nothing of its meaning.
    fn typed(name: &str, code: &str, (spaces, brackets, prefix, full): (u8, usize, usize, bool)) -> String {
        let (open, close) = [("（", "）"), ("(", ")"), ("〔", "〕"), ("【", "】"), ("［", "］")][brackets];
        let name = name.replace('（', open).replace('）', close);
        let spaced = name.chars().enumerate().flat_map(|(at, c)| {
            std::iter::once(c).chain((spaces >> (at % 8) & 1 == 1).then_some(if full { '\u{3000}' } else { ' ' }))
        });
        let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| full && c.is_ascii_digit()).unwrap_or(c);
        let code: String = code.chars().map(wide).collect();
        let before =
            ["".to_owned(), format!("{code}-"), format!("[{code}]"), format!("{code}—"), format!("【{code}】 ")];
        format!("{}{}", before[prefix], spaced.collect::<String>())
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "[澄岚区局中219a-zA-Z（）()\\[\\]【】〔〕０-９：—_ \u{3000}\n“”-]{0,24}") {
            let key = unit_key(&text);
            prop_assert_eq!(unit_key(&key), key.clone());
            let name = super::super::name_key(&text);
            prop_assert_eq!(super::super::name_key(&name), name.clone());
        }

        #[test]
        fn what_is_typed_differently_means_the_same_unit_and_never_another(
            at in 0..LINES.len(),
            how in (any::<u8>(), 0..5_usize, 0..5_usize, any::<bool>()),
        ) {
            let roster = roster(&LINES);
            let unit = &roster.units()[at];
            let written = typed(&unit.name, &unit.code, how);
            prop_assert_eq!(said(&roster, &written), unit.name.clone(), "{}", written);
        }

        #[test]
        fn the_order_of_the_roster_changes_nothing(
            lines in Just(LINES.to_vec()).prop_shuffle(),
            written in prop_oneof![
                "(219001|219002|241003|999)?-?(澄岚|青禾)?区?(教育局|第[一二三]中学|第一人民医院|城市管理局|水务局|管理局)",
                "[澄岚区第一二人民教育局中学21390-]{1,9}",
            ],
        ) {
            let (sorted, shuffled) = (roster(&LINES), roster(&lines));
            prop_assert_eq!(said(&sorted, &written), said(&shuffled, &written));
        }
    }
}
