//! X133 rejected-project-requested: a target form of a project whose 事前绩效评估 said no.

use super::chain;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, exante};
use crate::finding::{Dimension, Severity};
use crate::schema::Stage;
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X133",
    name: "rejected-project-requested",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务（事前绩效评估结论为不予支持的，不得申报预算）",
    summary: "事前评估结论为不予支持，仍然报了绩效目标",
    docs: "
## 检查什么
项目绩效目标表所说的项目，在本批或上一轮的事前绩效评估表或专项债券评估清单上的结论是不是“不予支持”。只看同一年度的评估；没有评估表、结论没有填的，不判断。

## 为什么
结论为予以支持才能申报预算；不予支持的项目报了目标，等于绕过评估。

## 正反例
- 反例：评估结论“不予支持”，同一项目又报了绩效目标申报表
- 正例：评估结论“调整完善后支持”，报了绩效目标申报表

## 怎么改
撤回绩效目标表；方案改好并重新评估通过的，报送新的评估表。

## 依据
实务：多地的事前评估办法都这样规定。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let evaluated = exante::Evaluations::of(round);
    let verdict = |one: &'_ RoundForm<'_>| {
        if one.form.schema.stage != Stage::Target || !one.form.schema.subject.is_project() {
            return Verdict::NotApplicable;
        }
        match evaluated.conclusion(one) {
            None => Verdict::InsufficientData,
            Some(conclusion) if conclusion.rejected => Verdict::Checked(vec![fault(one, &conclusion)]),
            Some(_) => Verdict::Checked(Vec::new()),
        }
    };
    round.forms.iter().map(verdict).collect()
}

fn fault(one: &RoundForm<'_>, conclusion: &exante::Conclusion<'_>) -> Fault {
    let name = one.form.record.field(field::PROJECT).filter(|name| name.is_filled());
    let written = name.map(|name| name.text().to_owned());
    Fault {
        cell: name.map(crate::form::Field::cell),
        elsewhere: vec![chain::elsewhere(conclusion.form, conclusion.field)],
        message: format!(
            "“{}”的事前绩效评估结论是“{}”（{}），又报了《{}》",
            excerpt(&squeeze(written.as_deref().unwrap_or_default()), 30),
            squeeze(conclusion.field.text()),
            chain::place(conclusion.form, conclusion.field.cell()),
            one.form.schema.title,
        ),
        found: written,
        advice: "撤回绩效目标表；方案改好并重新评估通过的，报送新的评估表。".to_owned(),
        ..Fault::default()
    }
}
