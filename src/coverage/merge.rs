//! Facts of several results, taken together: a union, the same for any grouping and order.

use std::collections::BTreeMap;

use super::facts::{Facts, FormFact, RoundFacts, UnjudgedFact};

/// What makes a round one: its place, its day, its name.
type Key = (String, Option<chrono::NaiveDate>, String);

impl Facts {
    /// The facts of these results together. Parts of one round (of one place, day and name) become one round; a form that is
    /// in two parts is one form.
    ///
    /// # Errors
    /// Every contradiction, in plain Chinese: parts of a round with another roster, ledger or policy; the same form with
    /// other contents; a part of a round that has not been put together with the others.
    pub fn merged(all: impl IntoIterator<Item = Self>) -> Result<Self, Vec<String>> {
        let mut rounds: BTreeMap<Key, RoundFacts> = BTreeMap::new();
        let mut problems = Vec::new();
        for round in all.into_iter().flat_map(|facts| facts.rounds) {
            if let Some(part) = &round.part {
                let (index, of) = (part.index, part.of);
                problems.push(format!("有分批审核的第 {index} 份（共 {of} 份），还不是整轮的结果。请先把各份合起来"));
                continue;
            }
            let key = (round.region.clone(), round.day, round.name.clone());
            match rounds.remove(&key) {
                None => {
                    rounds.insert(key, round);
                }
                Some(known) => {
                    let merged = merge(known, round, &mut problems);
                    rounds.insert(key, merged);
                }
            }
        }
        for round in rounds.values_mut() {
            round.forms.sort_by(|a, b| a.place().cmp(&b.place()));
            round.unjudged.sort_by(|a, b| a.place().cmp(&b.place()));
        }
        problems.sort_unstable();
        problems.dedup();
        if problems.is_empty() { Ok(Self { rounds: rounds.into_values().collect() }) } else { Err(problems) }
    }
}

impl FormFact {
    /// Where it stands; unlike for every form of a round.
    pub(super) fn place(&self) -> (&str, &str, &str) {
        (&self.source, &self.sheet, &self.range)
    }
}

impl UnjudgedFact {
    /// What it is put in order by.
    pub(super) fn place(&self) -> (&str, &str, &str) {
        (&self.source, &self.kind, &self.reason)
    }
}

fn merge(mut one: RoundFacts, other: RoundFacts, problems: &mut Vec<String>) -> RoundFacts {
    let round = match (one.region.as_str(), one.name.as_str()) {
        ("", "") => "没有写地区和轮次的两份结果".to_owned(),
        (region, name) => format!("“{}”的两份结果", [region, name].concat()),
    };
    let advice = "不是同一轮的，请在各自的 jixiao.toml 的 [round] 里写明 region、name 后重新审核；是同一轮的，请用同样的名册、台账和口径";
    let mut differs = |what: &str| problems.push(format!("{round}{what}不同，不能合在一起。{advice}"));
    if one.policy != other.policy || one.policy_title != other.policy_title {
        differs("口径");
    }
    // The file that a missing unit perhaps sent may be in either part.
    let due = |round: &RoundFacts| {
        let units = round.units.iter().map(|unit| super::facts::UnitFact { hint: None, ..unit.clone() });
        units.collect::<Vec<_>>()
    };
    if one.against_roster != other.against_roster || due(&one) != due(&other) {
        differs("名册");
    }
    if one.projects != other.projects {
        differs("项目台账");
    }
    for (unit, more) in one.units.iter_mut().zip(other.units) {
        unit.hint = [unit.hint.take(), more.hint].into_iter().flatten().min();
    }
    let mut forms: BTreeMap<(String, String, String), FormFact> = BTreeMap::new();
    for form in one.forms.drain(..).chain(other.forms) {
        let key = (form.source.clone(), form.sheet.clone(), form.range.clone());
        if forms.get(&key).is_some_and(|known| *known != form) {
            let (source, sheet, range) = &key;
            problems.push(format!(
                "{round}里都有 {source} 工作表“{sheet}”{range} 的表，内容不同，不知道以哪个为准。{advice}"
            ));
        }
        forms.insert(key, form);
    }
    one.forms = forms.into_values().collect();
    let mut unjudged: Vec<UnjudgedFact> = one.unjudged.drain(..).chain(other.unjudged).collect();
    unjudged.sort_by(|a, b| a.place().cmp(&b.place()));
    unjudged.dedup();
    one.unjudged = unjudged;
    one
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::made_up::{form, poor, round, unit};
    use super::*;

    fn of(rounds: Vec<RoundFacts>) -> Facts {
        Facts { rounds }
    }

    /// Parts of three rounds of two places; a form may be in several parts.
    fn parts() -> impl Strategy<Value = Vec<Facts>> {
        let part = (0..3_usize, proptest::collection::vec((0..12_usize, any::<bool>()), 0..5));
        proptest::collection::vec(part, 1..6).prop_map(|parts| {
            let part = |(which, forms): (usize, Vec<(usize, bool)>)| {
                let forms = forms.into_iter().map(|(number, _)| {
                    let form = form(&format!("{number}.xlsx"), "水务局", &number.to_string(), 1);
                    if number.is_multiple_of(3) { poor(form) } else { form }
                });
                let mut forms: Vec<FormFact> = forms.collect();
                forms.sort_by(|a, b| a.place().cmp(&b.place()));
                forms.dedup();
                let round = round(["一", "二", "一"][which], vec![unit("水务局", Some(9))], forms);
                of(vec![RoundFacts { region: ["甲区", "甲区", "乙区"][which].to_owned(), ..round }])
            };
            parts.into_iter().map(part).collect()
        })
    }

    proptest! {
        #[test]
        fn any_grouping_and_any_order_of_parts_give_the_same(
            parts in parts(),
            at in 0..6_usize,
            shuffled in any::<prop::sample::Index>(),
        ) {
            let all = Facts::merged(parts.clone()).expect("they agree");
            let (left, right) = parts.split_at(at.min(parts.len()));
            let halves = [left, right].map(|half| Facts::merged(half.to_vec()).expect("they agree"));
            prop_assert_eq!(&Facts::merged(halves).expect("they agree"), &all);
            let mut turned = parts.clone();
            turned.rotate_left(shuffled.index(parts.len()));
            turned.reverse();
            prop_assert_eq!(&Facts::merged(turned).expect("they agree"), &all);
            prop_assert_eq!(&Facts::merged([all.clone(), all.clone()]).expect("they agree"), &all);
        }
    }

    #[test]
    fn contradictions_are_told_and_nothing_is_chosen() {
        let one = || form("a.xlsx", "水务局", "清水渠", 1);
        let parts = |other| {
            let rounds = [round("", vec![unit("水务局", Some(1))], vec![one()]), other];
            Facts::merged(rounds.map(|round| of(vec![round])))
        };
        let problems = parts(round("", vec![unit("水务局", Some(2))], Vec::new())).expect_err("another roster");
        assert!(problems.iter().any(|problem| problem.contains("名册不同")), "{problems:?}");
        let problems = parts(round("", vec![unit("水务局", Some(1))], vec![poor(one())])).expect_err("another form");
        assert!(
            problems.iter().any(|problem| problem.contains("a.xlsx") && problem.contains("内容不同")),
            "{problems:?}"
        );
    }
}
