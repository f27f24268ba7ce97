//! X108: a text that still names the unit or project it was copied from.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::copied_texts::Kind;
use super::indicator_sets::has_indicators;
use super::kinship::scope;
use super::name_book::{Mention, Owner};
use super::others::{called, elsewhere};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::roster::{behind_place, name_key, project_key};
use crate::schema::concept::{column, field};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "X108",
    name: "foreign-name",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务（指标、目标抄自别的单位）",
    summary: "目标或指标里写的是别的单位、别的项目的名称",
    docs: "
## 检查什么
年度目标、三级指标里出现本批或名册上另一个单位、本批另一个项目的全称（单位去掉区县名也认），并且看得出是抄来没有改的：
- 那个单位、那个项目的表上有几乎一样的目标，或者一字不差的三级指标；
- 或者目标以另一个部门的单位开头、以它自己的口气写（“某某局2023年……”“保障某某局机关正常运转”），通篇没有本单位的名称；
- 或者目标开头写的是本单位另一个项目的全称（6 个字以上），没有写到本项目。
本单位、主管部门、上下级单位的名称，项目名称里本来就有的单位，目标里顺带提到的单位（“配合某某局”），都不算。

## 为什么
写着别人的名称，就是抄了别人的表，连名称都没有改。

## 正反例
- 反例：澄岚区第三中学的目标写“保障澄岚区第二中学正常运转”。
- 正例：区教育局的项目“第二中学运动场改造”，目标写“完成第二中学运动场改造”。

## 怎么改
改为本单位、本项目的名称，并逐句核对其余内容是不是本项目的。

## 依据
自评复核实务。
",
    check: Check::Round(check),
};

/// A shorter name of a project is a word of the trade: 人员培训, 绿化养护.
const PROJECT_NAME: usize = 6;

/// A name that projects of so many units bear is nobody's.
const BEARERS: usize = 3;

/// What follows the name of a unit that speaks of itself.
const OF_ITSELF: [&str; 14] = [
    "全年",
    "本年",
    "年度",
    "机关",
    "单位",
    "正常",
    "日常",
    "运转",
    "各项",
    "职能",
    "职责",
    "履职",
    "在职",
    "干部职工",
];

/// What stands before the name of what a goal is about, where it does not begin with it.
const BEFORE: [&str; 12] =
    ["保障", "确保", "保证", "维持", "完成", "实施", "推进", "通过", "开展", "做好", "用于", "通过实施"];

/// Rows whose level-3 name holds a name, by what is written.
type Named<'a> = BTreeMap<String, Vec<(usize, &'a Row)>>;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let named = named_rows(round);
    let owners = Owners::new();
    let mut faults: BTreeMap<usize, Vec<Fault>> = BTreeMap::new();
    for (form, one) in round.forms.iter().enumerate() {
        let written = scope(one.form.schema.stage, one.form.schema.subject).is_some();
        if let Some(fault) = written.then(|| goal(round, form, one, &owners)).flatten() {
            faults.entry(form).or_default().push(fault);
        }
    }
    for rows in named.values() {
        let forms: BTreeSet<usize> = rows.iter().map(|(form, _)| *form).collect();
        if forms.len() > 1 {
            for (form, fault) in
                rows.iter().filter_map(|(form, row)| Some((*form, copied_row(round, *form, row, rows)?)))
            {
                faults.entry(form).or_default().push(fault);
            }
        }
    }
    let first = |form: &crate::form::Form| match (Kind::Goal.is_told(form), has_indicators(form)) {
        (Verdict::Checked(_), _) | (_, Verdict::Checked(_)) => Verdict::Checked(Vec::new()),
        (goal, _) => goal,
    };
    let mut verdicts = round.each(first, |_| Vec::new());
    for (form, found) in faults {
        if let Some(Verdict::Checked(faults)) = verdicts.get_mut(form) {
            faults.extend(found);
        }
    }
    verdicts
}

/// The forms of each project by its name, made when a finding first asks where another project is.
type Owners = OnceCell<BTreeMap<String, Vec<usize>>>;

fn by_project(round: &RoundContext<'_>) -> BTreeMap<String, Vec<usize>> {
    let mut forms: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (form, one) in round.forms.iter().enumerate() {
        if let Some(project) = &one.identity.project {
            forms.entry(project_key(&project.name)).or_default().push(form);
        }
    }
    forms
}

fn named_rows<'a>(round: &RoundContext<'a>) -> Named<'a> {
    let mut named = Named::new();
    for (form, one) in round.forms.iter().enumerate() {
        let Some(scope) = scope(one.form.schema.stage, one.form.schema.subject) else { continue };
        for row in one.form.record.indicators().into_iter().flat_map(|table| &table.rows) {
            let Some(written) = row.filled(column::LEVEL3) else { continue };
            if !round.names().mentions(written).is_empty() {
                named.entry(format!("{scope} {}", name_key(written))).or_default().push((form, row));
            }
        }
    }
    named
}

/// The fault of a goal that names another.
fn goal(round: &RoundContext<'_>, form: usize, one: &RoundForm<'_>, owners: &Owners) -> Option<Fault> {
    let field = Kind::Goal.fields(one.form).into_iter().next()?;
    let key = name_key(field.text());
    let mentions: Vec<Mention<'_>> = round.names().mentions(&key);
    let foreign: Vec<&Mention<'_>> = mentions.iter().filter(|mention| is_foreign(round, form, one, mention)).collect();
    let first = foreign.first()?;
    let texts = round.texts(Kind::Goal);
    let copied = || {
        let (number, _) = texts.of_form(form).next()?;
        let likes = texts.like(round, number, |_, _| true);
        let owner = |other: &usize| foreign.iter().find(|mention| is_of(round, *other, mention));
        likes.iter().find_map(|place| Some((round.forms.get(place.form)?, place.cell, *owner(&place.form)?)))
    };
    if let Some((other, cell, mention)) = copied() {
        let text = other.form.record.field(field::GOAL).map(Field::text).unwrap_or_default();
        let mut fault = fault(one, field, mention, &format!("，而且与{}的{cell}几乎一样", called(one, other)));
        fault.elsewhere = vec![elsewhere(other, Some(cell), text)];
        return Some(fault);
    }
    let alone = foreign.iter().map(|mention| mention.name).collect::<BTreeSet<_>>().len() == 1;
    let own_named = mentions.iter().any(|mention| names_own(one, mention.name));
    let speaks = alone
        && !own_named
        && begins(&key, first)
        && match first.owner {
            Owner::Unit(unit) => of_itself(&key, first) && is_strange(round, form, unit),
            Owner::Project(units) => {
                round.kinship().unit(form).is_some_and(|unit| units.contains(&unit))
                    && !speaks_of_own(round, form, &key)
            }
            Owner::Several => false,
        };
    speaks.then(|| {
        // The other project of the same unit, for the reader to look at.
        let theirs = owners.get_or_init(|| by_project(round)).get(first.name).into_iter().flatten();
        let mut own_unit =
            theirs.filter(|other| is_of(round, **other, first)).filter_map(|other| round.forms.get(*other));
        let other = own_unit.find(|other| other.identity.unit.key == one.identity.unit.key);
        let place = other.map(|other| format!("（见“{}”）", other.source)).unwrap_or_default();
        let mut fault = fault(one, field, first, &format!("{place}，没有写到本单位、本项目"));
        let goal = other.and_then(|other| Some((other, other.form.record.field(field::GOAL)?)));
        fault.elsewhere =
            goal.map(|(other, goal)| elsewhere(other, Some(goal.cell()), goal.text())).into_iter().collect();
        fault
    })
}

/// The fault of an indicator that stands word for word in the form of the one it names.
fn copied_row(round: &RoundContext<'_>, form: usize, row: &Row, rows: &[(usize, &Row)]) -> Option<Fault> {
    let one = round.forms.get(form)?;
    let field = row.cell(column::LEVEL3)?;
    let mentions = round.names().mentions(field.text());
    let mention = mentions.iter().find(|mention| is_foreign(round, form, one, mention))?;
    // The owner stands among the first of those that write the same; more are not looked at.
    let theirs = rows.iter().take(16).find(|(other, _)| is_of(round, *other, mention))?;
    let other = round.forms.get(theirs.0)?;
    let cell = theirs.1.at(column::LEVEL3)?;
    let mut fault = fault(one, field, mention, &format!("，与{}的{cell}一字不差", called(one, other)));
    fault.elsewhere = vec![elsewhere(other, Some(cell), field.text())];
    Some(fault)
}

fn fault(one: &RoundForm<'_>, field: &Field, mention: &Mention<'_>, evidence: &str) -> Fault {
    let goal = Kind::Goal.fields(one.form).into_iter().any(|goal| goal.cell() == field.cell());
    let label = match goal {
        true => phrase::field_label(one.form, field::GOAL),
        false => phrase::column_label(one.form, column::LEVEL3),
    };
    let what = if matches!(mention.owner, Owner::Project(_)) { "项目" } else { "单位" };
    Fault {
        cell: Some(field.cell()),
        found: Some(field.text().to_owned()),
        message: format!(
            "{}“{}”写的是另一个{what}“{}”{evidence}",
            phrase::at(field.cell(), label),
            excerpt(field.text(), 40),
            mention.name
        ),
        advice: "改为本单位、本项目的名称，并逐句核对其余内容是不是本项目的。".to_owned(),
        ..Fault::default()
    }
}

/// Whether the name is neither the form's own nor one that its own names speak of.
fn is_foreign(round: &RoundContext<'_>, form: usize, one: &RoundForm<'_>, mention: &Mention<'_>) -> bool {
    if names_own(one, mention.name) {
        return false;
    }
    let project = one.identity.project.as_ref().map(|project| project_key(&project.name)).unwrap_or_default();
    match mention.owner {
        Owner::Several => false,
        Owner::Unit(unit) => !is_above_or_below(one, unit) && !project.contains(mention.name),
        Owner::Project(units) => {
            let long = mention.name.chars().nth(PROJECT_NAME - 1).is_some();
            long && units.len() < BEARERS && !project.is_empty() && !round.kinship().is_kindred_name(form, mention.name)
        }
    }
}

/// Whether the name is that of the form's unit, with or without its place, or of its project.
fn names_own(one: &RoundForm<'_>, name: &str) -> bool {
    let unit = one.identity.unit.key.as_str();
    let project = one.identity.project.as_ref().map(|project| project_key(&project.name));
    unit.ends_with(name)
        || behind_place(unit).is_some_and(|bare| name.contains(bare))
        || project.as_deref() == Some(name)
}

/// Whether one of the two units' names holds the other, or the unit is the form's department.
fn is_above_or_below(one: &RoundForm<'_>, unit: &str) -> bool {
    let own = one.identity.unit.key.as_str();
    let department = one.form.record.filled(field::DEPARTMENT).map(crate::roster::unit_key).unwrap_or_default();
    let holds = |long: &str, short: &str| !short.is_empty() && long.contains(short);
    holds(own, unit) || holds(unit, own) || holds(&department, unit) || holds(unit, &department)
}

/// Whether the form is one of the unit or project that is named.
fn is_of(round: &RoundContext<'_>, form: usize, mention: &Mention<'_>) -> bool {
    let Some(one) = round.forms.get(form) else { return false };
    match mention.owner {
        Owner::Unit(unit) => one.identity.unit.key == *unit,
        Owner::Project(_) => {
            one.identity.project.as_ref().is_some_and(|project| project_key(&project.name) == mention.name)
        }
        Owner::Several => false,
    }
}

/// Whether the unit is known to be of another department than the form's.
fn is_strange(round: &RoundContext<'_>, form: usize, unit: &str) -> bool {
    let of_roster = round
        .registry
        .roster
        .and_then(|roster| roster.find(unit))
        .map(|unit| crate::roster::unit_key(&unit.department));
    let theirs = of_roster.or_else(|| round.kinship().department_of(unit).map(str::to_owned));
    let own = round.kinship().department(form);
    let own_unit = round.forms.get(form).map(|one| one.identity.unit.key.as_str());
    theirs.zip(own).is_some_and(|(theirs, own)| theirs != own && Some(theirs.as_str()) != own_unit && own != unit)
}

/// Whether the text, or a sentence of it, begins with the name, be it behind 保障 or 完成.
fn begins(key: &str, mention: &Mention<'_>) -> bool {
    let before = key.get(..mention.range.start).unwrap_or_default();
    let sentence = before.rsplit(['。', ';', '!']).next().unwrap_or_default();
    let sentence = crate::text::without_list_number(sentence).trim_start_matches(['"', ':', '、']);
    sentence.is_empty() || BEFORE.contains(&sentence)
}

/// Whether the text goes on as a unit writes of itself.
fn of_itself(key: &str, mention: &Mention<'_>) -> bool {
    let rest = key.get(mention.range.end..).unwrap_or_default();
    rest.starts_with("20") || OF_ITSELF.iter().any(|word| rest.starts_with(word))
}

/// Whether the text speaks of what the form's own project is about.
fn speaks_of_own(round: &RoundContext<'_>, form: usize, key: &str) -> bool {
    round.kinship().kind(form).is_none_or(|kind| {
        let all = kind.chars().zip(kind.chars().skip(1));
        let (mut pairs, mut found) = (0_usize, 0_usize);
        for (a, b) in all {
            pairs += 1;
            found += usize::from(key.contains([a, b].iter().collect::<String>().as_str()));
        }
        found * 3 >= pairs
    })
}
