//! R105 department-unlike-roster: a department that is not the one the roster puts the unit under.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::roster::{Roster, unit_key};
use crate::schema::Subject;
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "R105",
    name: "department-unlike-roster",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（报送的表与名册、项目台账一致）",
    summary: "主管部门与名册不同",
    docs: "
## 检查什么
项目表上的主管部门，在名册上是另一个部门（或另一个部门的单位），而实施单位在名册上归别的部门管。主管部门写的是单位自己、同一部门的其他单位，或名册上找不到的，不算。没有名册、单位认不出的不判断。

## 为什么
主管部门错了，按部门汇总、退回的时候就跑到别的部门去了。

## 正反例
- 反例：实施单位是澄岚区实验小学（名册归教育局），主管部门写“澄岚区文化和旅游局”
- 正例：实施单位是澄岚区实验小学，主管部门写“区教育局”

## 怎么改
照名册改正主管部门；机构改革后划转了的，请股室更正名册。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let Some(roster) = round.registry.roster else {
        return round.forms.iter().map(|_| Verdict::NotApplicable).collect();
    };
    let names = roster.units().iter().map(|unit| unit_key(&unit.department));
    let departments: BTreeSet<String> = names.collect();
    let units: BTreeMap<String, &str> =
        roster.units().iter().map(|unit| (unit_key(&unit.name), unit.department.as_str())).collect();
    round.forms.iter().map(|one| judge(roster, &departments, &units, one)).collect()
}

fn judge(
    roster: &Roster,
    departments: &BTreeSet<String>,
    units: &BTreeMap<String, &str>,
    one: &RoundForm<'_>,
) -> Verdict {
    let written = one.form.record.field(field::DEPARTMENT);
    let has_unit = one.form.record.field(field::UNIT).is_some_and(crate::form::Field::is_filled);
    let (Some(written), true) = (written, one.form.schema.subject == Subject::Project && has_unit) else {
        return Verdict::NotApplicable;
    };
    let own = units.get(&one.identity.unit.key).copied();
    let (Some(own), true) = (own, written.is_filled()) else { return Verdict::InsufficientData };
    let key = unit_key(written.text());
    let named = if departments.contains(&key) {
        Some(key)
    } else {
        roster.resolve(written.text()).known().map(|unit| unit_key(&unit.department))
    };
    if named.is_none_or(|named| named == unit_key(own)) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(written.cell()),
        related: one.form.record.field(field::UNIT).map(crate::form::Field::cell).into_iter().collect(),
        found: Some(written.text().to_owned()),
        expected: Some(own.to_owned()),
        message: format!(
            "{} 的主管部门写“{}”，名册上“{}”的部门是“{own}”",
            written.cell(),
            excerpt(&squeeze(written.text()), 24),
            one.identity.unit.name,
        ),
        advice: format!("主管部门改为“{own}”；已经划转的，请股室更正名册。"),
        ..Fault::default()
    }])
}
