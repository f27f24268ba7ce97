//! X132 new-project-without-exante: a large new project of which no 事前绩效评估 came.

use super::amounts::Projects;
use super::new_project_without_exante_note::{newness, speaks_of_it, total};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, exante, phrase};
use crate::finding::{Dimension, Severity};
use crate::roster::Continuation;
use crate::schema::{Stage, Subject};

pub(super) static RULE: Rule = Rule {
    code: "X132",
    name: "new-project-without-exante",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "本地口径 exante.required_from（浔阳区编制 2023 年预算的要求：200 万元以上的新增项目应提供事前绩效评估报告）",
    summary: "新增项目金额较大，没有收到事前绩效评估表",
    docs: "
## 检查什么
项目绩效目标表所说的项目是新增项目（项目台账的“新增/延续”，台账没有写的看表上的项目属性），金额达到口径 `exante.required_from`（万元；台账的金额，没有的取年度资金总额），而本批和上一轮都没有它的事前绩效评估表，专项债券的评估清单上也没有它。一张评估表都没有收到的，说明评估不在这里收：台账写明新增而目标表没有提到事前评估的仍然提出，其余不判断（目标表上由 L202 提示）。

## 为什么
没有评估的新增项目不得安排预算。

## 正反例
- 反例：台账写“新增”、260 万元，收到了目标表，没有收到事前评估表
- 正例：同上，事前评估表一并收到，结论为予以支持

## 怎么改
随目标表报送事前绩效评估表和报告。

## 依据
金额线由各地规定，默认的 200 万元出自浔阳区编制 2023 年预算的要求。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let projects = Projects::of_round(round);
    let evaluated = exante::Evaluations::of(round);
    round.forms.iter().map(|one| judge(round, one, projects.as_ref(), &evaluated)).collect()
}

fn judge<'a>(
    round: &RoundContext<'a>,
    one: &'a RoundForm<'a>,
    projects: Option<&Projects<'a>>,
    evaluated: &exante::Evaluations<'a>,
) -> Verdict {
    if one.form.schema.stage != Stage::Target || one.form.schema.subject != Subject::Project {
        return Verdict::NotApplicable;
    }
    let project = projects.and_then(|projects| projects.get(one));
    let ticked = newness(one.form);
    let in_ledger = project.and_then(|project| project.continuation).map(|said| said == Continuation::New);
    let Some(new) = in_ledger.or(ticked.map(|(_, new)| new)) else { return Verdict::InsufficientData };
    let stated = total(one.form);
    let Some(wan) = project.and_then(|project| project.amount).or(stated.map(|(_, wan)| wan)) else {
        return Verdict::InsufficientData;
    };
    let line = round.policy.exante.required_from;
    if !new || wan < line || evaluated.has(one) {
        return Verdict::Checked(Vec::new());
    }
    let known = in_ledger == Some(true) && !speaks_of_it(one.form);
    if evaluated.is_empty() && !known {
        return Verdict::InsufficientData;
    }
    let by = if in_ledger == Some(true) { "项目台账写明是新增项目" } else { "表上写明是新增项目" };
    let whose =
        if project.and_then(|project| project.amount).is_some() { "台账金额" } else { "年度资金总额" };
    Verdict::Checked(vec![Fault {
        cell: ticked.map(|(field, _)| field.cell()).or(one
            .form
            .record
            .field(crate::schema::concept::field::PROJECT)
            .map(crate::form::Field::cell)),
        related: stated.map(|(field, _)| field.cell()).into_iter().collect(),
        message: format!(
            "{by}，{whose} {} 万元，达到应做事前绩效评估的 {} 万元，本批和上一轮都没有收到它的事前绩效评估表",
            phrase::plain(wan.round_dp(2)),
            phrase::plain(line),
        ),
        advice: "随目标表报送事前绩效评估表和报告；已经报送的，核对两张表的项目编码和名称。".to_owned(),
        ..Fault::default()
    }])
}
