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
    /// other contents.
    pub fn merged(all: impl IntoIterator<Item = Self>) -> Result<Self, Vec<String>> {
        let mut rounds: BTreeMap<Key, RoundFacts> = BTreeMap::new();
        let mut problems = Vec::new();
        for round in all.into_iter().flat_map(|facts| facts.rounds) {
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
            round.unjudged.sort_by(|a, b| (&a.source, &a.kind, &a.reason).cmp(&(&b.source, &b.kind, &b.reason)));
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
    unjudged.sort_by(|a, b| (&a.source, &a.kind, &a.reason).cmp(&(&b.source, &b.kind, &b.reason)));
    unjudged.dedup();
    one.unjudged = unjudged;
    one
}
