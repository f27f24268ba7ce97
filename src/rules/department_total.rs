//! X137 department-total: the project spending of a whole department that is not the sum of its projects.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::amounts::{self, Money};
use super::others::LISTED;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, chain, phrase};
use crate::finding::{Dimension, Severity};
use crate::roster::{Ledger, Roster, Unit, unit_key};
use crate::schema::concept::amount;
use crate::schema::{Stage, Subject};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "X137",
    name: "department-total",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（部门整体的项目支出等于所属各项目之和）；允许差按本地口径 money.sum_tolerance",
    summary: "部门整体表的项目支出与所属项目之和不同",
    docs: "
## 检查什么
部门整体表（目标、监控、自评）资金栏的“项目支出”，是否等于本批里同一部门、同一年度、同一阶段各项目表的预算之和。所属单位看名册的部门；本级和所属单位的合计、只算本级的合计，有一个相符就算相符。只有名册的应报项目数或项目台账说明项目表已经收齐的才比；没有收齐、没有名册的不判断。允许差见口径 `money.sum_tolerance`，每个项目另加四舍五入的 0.005 万元。

## 为什么
部门整体的数由项目汇总而来。不等，不是漏了项目，就是有一处填错。

## 正反例
- 反例：整体表项目支出 460 万元，所属 3 个项目合计 490 万元
- 正例：整体表项目支出 490 万元，所属 3 个项目合计 490 万元

## 怎么改
逐个核对项目表的预算，改正填错的一处；整体表漏列的项目补上。

## 依据
实务：复核部门整体自评时的常见问题。
",
    check: Check::Round(check),
};

/// The row of the block of money that is compared.
const SPENDING: &str = "project_spending";

/// The budget that a project form states, by stage, year, unit and project; the forms of one project count once.
type Projects<'a> = BTreeMap<(Stage, Option<u32>, String), BTreeMap<&'a str, (&'a RoundForm<'a>, Money<'a>)>>;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let mut projects: Projects<'_> = BTreeMap::new();
    for one in round.forms.iter().filter(|one| one.form.schema.subject.is_project()) {
        let budget = amounts::of(one.form, amount::BUDGET).or_else(|| amounts::of(one.form, amount::INITIAL));
        if let (Some(project), Some(budget)) = (&one.identity.project, budget) {
            let unit = (one.form.schema.stage, chain::year(one.form), one.identity.unit.key.clone());
            projects.entry(unit).or_default().entry(project.key.as_str()).or_insert((one, budget));
        }
    }
    let departments = round.registry.roster.map(units_of).unwrap_or_default();
    let in_ledger = round.registry.ledger.map(projects_of).unwrap_or_default();
    let judge = |one: &RoundForm<'_>| {
        let stage = one.form.schema.stage;
        let is_one = one.form.schema.subject == Subject::Department
            && matches!(stage, Stage::Target | Stage::Monitoring | Stage::SelfEvaluation);
        let row = one.form.record.funding().and_then(|grid| grid.row(SPENDING));
        match row {
            Some(row) if is_one => {
                let stated = amounts::from_row(one.form, row, amount::BUDGET);
                let units = departments.get(one.identity.unit.key.as_str());
                let (Some(stated), Some(units)) = (stated, units) else { return Verdict::InsufficientData };
                judge(round, one, stated, units, &projects, &in_ledger)
            }
            _ => Verdict::NotApplicable,
        }
    };
    round.forms.iter().map(judge).collect()
}

/// The units that a unit speaks for: the head of a department for all of it, any other for itself.
fn units_of(roster: &Roster) -> BTreeMap<String, Vec<&Unit>> {
    let mut departments: BTreeMap<String, Vec<&Unit>> = BTreeMap::new();
    for unit in roster.units() {
        departments.entry(unit_key(&unit.department)).or_default().push(unit);
    }
    let of = |unit| {
        let unit: &Unit = unit;
        let key = unit_key(&unit.name);
        let all = departments.get(&unit_key(&unit.department)).filter(|_| key == unit_key(&unit.department));
        (key, all.cloned().unwrap_or_else(|| vec![unit]))
    };
    roster.units().iter().map(of).collect()
}

/// The ledger's projects by unit, with the year in which they are listed and their keys.
type Listed = BTreeMap<String, Vec<(Option<u16>, String)>>;

fn projects_of(ledger: &Ledger) -> Listed {
    let mut found = Listed::new();
    for project in ledger.projects() {
        found.entry(unit_key(&project.unit)).or_default().push((project.year, project.key()));
    }
    found
}

fn judge(
    round: &RoundContext<'_>,
    one: &RoundForm<'_>,
    stated: Money<'_>,
    units: &[&Unit],
    projects: &Projects<'_>,
    in_ledger: &Listed,
) -> Verdict {
    let (stage, year) = (one.form.schema.stage, one.form.year());
    let of_unit = |unit: &Unit| projects.get(&(stage, chain::year(one.form), unit_key(&unit.name)));
    let all_came = |unit: &&Unit| {
        let came = of_unit(unit);
        let listed = in_ledger.get(&unit_key(&unit.name));
        let of_year = |listed: Option<u16>| listed.is_none() || year.is_none() || listed == year;
        // The rounds of a year are about the same projects: the last one that asks for most tells how many there are.
        let mut rounds: BTreeMap<Option<u8>, Option<u32>> = BTreeMap::new();
        for due in unit
            .expected
            .iter()
            .filter(|due| due.kind.stage == stage && due.kind.subject.is_project() && of_year(due.year))
        {
            let sum = rounds.entry(due.turn).or_insert(Some(0));
            *sum = sum.zip(due.projects).and_then(|(sum, due)| sum.checked_add(due));
        }
        let expects = !rounds.is_empty();
        let due: Option<u32> =
            if rounds.values().all(Option::is_some) { rounds.into_values().max().flatten() } else { None };
        match (listed, expects, due) {
            (Some(listed), ..) => listed
                .iter()
                .filter(|(year, _)| of_year(*year))
                .all(|(_, key)| came.is_some_and(|came| came.contains_key(key.as_str()))),
            (None, true, Some(due)) => usize::try_from(due).is_ok_and(|due| came.map_or(0, BTreeMap::len) >= due),
            (None, true, None) => false,
            (None, false, _) => true,
        }
    };
    let sum = |units: &[&Unit]| -> (usize, Decimal) {
        let of_all = units.iter().filter_map(|unit| of_unit(unit)).flat_map(BTreeMap::values);
        of_all.fold((0, Decimal::ZERO), |(count, sum), (_, money)| (count + 1, sum + money.wan))
    };
    let own: Vec<&Unit> = units.iter().filter(|unit| unit_key(&unit.name) == one.identity.unit.key).copied().collect();
    let (count, total) = sum(units);
    if count == 0 || !units.iter().all(all_came) {
        return Verdict::InsufficientData;
    }
    let near = |(count, sum): (usize, Decimal)| {
        let rounding = Decimal::new(5, 3) * Decimal::from(count);
        (stated.wan - sum).abs() <= round.policy.money.sum_tolerance + rounding
    };
    if near((count, total)) || near(sum(&own)) {
        return Verdict::Checked(Vec::new());
    }
    let parts: Vec<_> = units.iter().filter_map(|unit| of_unit(unit)).flat_map(BTreeMap::values).collect();
    Verdict::Checked(vec![Fault {
        cell: Some(stated.field.cell()),
        elsewhere: parts.iter().map(|(form, money)| chain::elsewhere(form, money.field)).collect(),
        found: Some(stated.field.text().to_owned()),
        expected: Some(format!("{} 万元", amounts::in_wan(total))),
        difference: Some(amounts::in_wan(stated.wan - total)),
        message: format!(
            "{} 项目支出填{}，所属 {} 个单位的 {count} 个项目合计 {} 万元（{}），{}",
            stated.field.cell(),
            stated.amount(),
            units.len(),
            phrase::plain(total.round_dp(4)),
            listed(&parts),
            amounts::apart(stated.wan, total),
        ),
        advice: "逐个核对项目表的预算，改正填错的一处；整体表漏列的项目补上。".to_owned(),
        ..Fault::default()
    }])
}

/// `“泵站改造”（目标.xlsx 表 D4）86 万元、…`: the first of the projects that were added up.
fn listed(parts: &[&(&RoundForm<'_>, Money<'_>)]) -> String {
    let told = parts.iter().take(LISTED).map(|(form, money)| {
        let name = form.identity.project.as_ref().map(|project| excerpt(&project.name, 20)).unwrap_or_default();
        format!("“{name}”（{}）{} 万元", chain::place(form, money.field.cell()), amounts::in_wan(money.wan))
    });
    let more = if parts.len() > LISTED { "等" } else { "" };
    told.collect::<Vec<_>>().join("、") + more
}
