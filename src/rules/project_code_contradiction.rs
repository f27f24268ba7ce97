//! R103 project-code-contradiction: a project code that contradicts the name beside it or the ledger.

use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::roster::{Claim, CodeState};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "R103",
    name: "project-code-contradiction",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（项目按 21 位编码认定，“编码-名称”须与项目台账一致）",
    summary: "项目编码与名称、与项目台账对不上",
    docs: "
## 检查什么
表上写的项目编码（“项目编码”一栏，或名称前的“编码-”）：两处写的是不是同一个；在项目台账上是不是另一个项目的；台账上这个单位的同名项目用的是不是另一个编码（旧编码、少一位多一位）。没有写编码的不查；台账没有这个项目的由 R102 提出；没有台账的只查两处是否相同。

## 为什么
编码是项目的身份证。编码错了，金额、目标、执行数全都记到别的项目上。

## 正反例
- 反例：写“36900022T000000004801-公共文化场馆免费开放”，台账上 4801 是“文化惠民演出”
- 正例：写“36900022T000000004802-公共文化场馆免费开放”，与台账相同

## 怎么改
照台账改正编码或名称。

## 依据
实务；编码 21 位：区划 6 位、年度 2 位、字母 1 位、顺序号 12 位。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    round.forms.iter().map(|one| judge(round, one)).collect()
}

/// Whether the code of a form contradicts its name or the ledger.
pub(super) fn is_torn(round: &RoundContext<'_>, one: &RoundForm<'_>) -> bool {
    let state = round.registry.code_state(&Claim::of(one.form), &one.identity.unit.key);
    !matches!(state, CodeState::None | CodeState::Sound)
}

fn judge(round: &RoundContext<'_>, one: &RoundForm<'_>) -> Verdict {
    if !one.form.schema.subject.is_project() {
        return Verdict::NotApplicable;
    }
    let record = &one.form.record;
    let filled = |id| record.field(id).filter(|field: &&Field| field.is_filled());
    let (code, name) = (filled(field::PROJECT_CODE), filled(field::PROJECT));
    let Some(at) = code.or(name) else { return Verdict::InsufficientData };
    let (written, expected, what) = match round.registry.code_state(&Claim::of(one.form), &one.identity.unit.key) {
        CodeState::None => return Verdict::NotApplicable,
        CodeState::Sound => return Verdict::Checked(Vec::new()),
        CodeState::Two(cell, before) => (cell.clone(), None, format!("编码栏写 {cell}，名称前写 {before}，是两个编码")),
        CodeState::OfAnother(code, project) => {
            let what =
                format!("编码 {code} 在项目台账上是“{}”（{}）的，与这里的名称对不上", project.name, project.unit);
            (code, None, what)
        }
        CodeState::Stale(code, project) => {
            let what = format!("编码写 {code}，项目台账上“{}”的编码是 {}", project.name, project.code);
            (code, Some(project.code.clone()), what)
        }
    };
    let beside = name.filter(|name| name.cell() != at.cell());
    Verdict::Checked(vec![Fault {
        cell: Some(at.cell()),
        related: beside.map(Field::cell).into_iter().collect(),
        found: Some(at.text().to_owned()),
        message: format!("{} “{}”：{what}", at.cell(), excerpt(&squeeze(name.unwrap_or(at).text()), 36)),
        advice: match &expected {
            Some(code) => format!("编码改为 {code}；确是另一个项目的，请股室补进台账。"),
            None => format!("核对 {written} 是哪个项目的，照台账改正编码或名称。"),
        },
        expected,
        ..Fault::default()
    }])
}
