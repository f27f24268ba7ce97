//! R106 missing-project-code: a project without its code where a code is asked for.

use super::project_code_contradiction::is_torn;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, amounts};
use crate::finding::{Dimension, Severity};
use crate::roster::{Claim, CodeState};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "R106",
    name: "missing-project-code",
    severity: Severity::Info,
    dimension: Dimension::Completeness,
    authority: "实务（项目按 21 位编码认定，“编码-名称”须与项目台账一致）",
    summary: "项目没有写编码",
    docs: "
## 检查什么
表上印有“项目编码”一栏而空着，或者本批九成以上的项目表（至少 5 份）都写了编码而这一份只写名称；项目台账上查得到编码的才提示，并写出编码。没有台账不查。

## 为什么
只有名称的，同名、简称的项目容易认错。

## 正反例
- 反例：“项目编码”一栏空着，台账上是 36900022T000000004801
- 正例：表上没有“项目编码”一栏，别的表也不写编码

## 怎么改
照台账填写项目编码。

## 依据
实务。
",
    check: Check::Round(check),
};

/// So many forms with projects are a round whose habit can be told.
const FEWEST: usize = 5;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let Some(projects) = amounts::Projects::of_round(round) else {
        return round.forms.iter().map(|_| Verdict::NotApplicable).collect();
    };
    let coded: Vec<Option<bool>> = round.forms.iter().map(|one| writes_code(round, one)).collect();
    let all = coded.iter().flatten().count();
    let with = coded.iter().flatten().filter(|coded| **coded).count();
    let usual = all >= FEWEST && with * 10 >= (all - 1) * 9;
    let judge = |(one, coded): (&RoundForm<'_>, &Option<bool>)| match coded {
        None => Verdict::NotApplicable,
        Some(true) => Verdict::Checked(Vec::new()),
        Some(false) => {
            let Some(project) = projects.get(one).filter(|project| !project.code.is_empty()) else {
                return Verdict::InsufficientData;
            };
            Verdict::Checked(fault(one, &project.code, usual).into_iter().collect())
        }
    };
    round.forms.iter().zip(&coded).map(judge).collect()
}

/// Whether a form writes a code of its project; `None` for one that speaks of none.
fn writes_code(round: &RoundContext<'_>, one: &RoundForm<'_>) -> Option<bool> {
    if !one.form.schema.subject.is_project() || one.identity.project.is_none() {
        return None;
    }
    let state = round.registry.code_state(&Claim::of(one.form), &one.identity.unit.key);
    Some(!matches!(state, CodeState::None) || is_torn(round, one))
}

fn fault(one: &RoundForm<'_>, code: &str, usual: bool) -> Option<Fault> {
    let record = &one.form.record;
    let blank = record.field(field::PROJECT_CODE).filter(|field| !field.is_filled());
    let name = record.field(field::PROJECT).filter(|field| field.is_filled())?;
    let (cell, what) = match (blank, usual) {
        (Some(blank), _) => (blank.cell(), "项目编码一栏空着".to_owned()),
        (None, true) => {
            (name.cell(), format!("“{}”只写了名称，本批的表大都写有编码", excerpt(&squeeze(name.text()), 24)))
        }
        (None, false) => return None,
    };
    Some(Fault {
        cell: Some(cell),
        related: Some(name.cell()).filter(|at| *at != cell).into_iter().collect(),
        expected: Some(code.to_owned()),
        message: format!("{cell} {what}，项目台账上是 {code}"),
        advice: if blank.is_some() {
            format!("填写 {code}。")
        } else {
            format!("名称前写上编码：{code}-{}。", squeeze(name.text()))
        },
        ..Fault::default()
    })
}
