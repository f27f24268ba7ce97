//! R102 unknown-project: a project that is not in the ledger.

use super::budget_unlike_ledger::has_budget;
use super::project_code_contradiction::is_torn;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "R102",
    name: "unknown-project",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（报送的表与名册、项目台账一致）",
    summary: "项目不在项目台账上",
    docs: "
## 检查什么
目标、监控、自评表的项目是不是项目台账上的项目：编码、单位加名称、别名都认。单位不在名册上的先由 R101 提出；编码和名称对不上的由 R103 提出；事前评估表的项目还没有入账，不查。没有台账不查。

## 为什么
项目认不出，目标、监控、自评就连不成一条链，金额也对不上台账。

## 正反例
- 反例：表上写“群众文艺辅导”，台账是“群众文艺辅导培训”
- 正例：表上写“场馆免费开放”，台账把它列为别名

## 怎么改
照台账写项目编码和名称；确是新增项目或常用的简称，请股室补进台账。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    round.forms.iter().map(|one| judge(round, one)).collect()
}

fn judge(round: &RoundContext<'_>, one: &RoundForm<'_>) -> Verdict {
    if round.registry.ledger.is_none() || !has_budget(one.form) {
        return Verdict::NotApplicable;
    }
    let name = one.form.record.field(field::PROJECT).filter(|name| name.is_filled());
    let (Some(project), Some(name)) = (&one.identity.project, name) else { return Verdict::InsufficientData };
    let told_by_others = one.identity.unit.known == Some(false) || is_torn(round, one);
    if project.known == Some(true) || told_by_others {
        return Verdict::Checked(Vec::new());
    }
    let near = project.suggestion.as_deref();
    let likely = near.map(|near| format!("，同一单位最接近的是“{near}”")).unwrap_or_default();
    let advice = match near {
        Some(near) => format!("如果就是“{near}”，照台账写项目编码和名称；确是另一个项目的，请股室补进台账。"),
        None => "照台账写项目编码和名称；确是新增项目的，请股室补进台账。".to_owned(),
    };
    Verdict::Checked(vec![Fault {
        cell: Some(name.cell()),
        found: Some(name.text().to_owned()),
        expected: near.map(str::to_owned),
        message: format!("{} 的项目“{}”不在项目台账上{likely}", name.cell(), excerpt(&squeeze(name.text()), 30)),
        advice,
        ..Fault::default()
    }])
}
