//! W111 name-too-long: a name that is a paragraph.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "W111",
    name: "name-too-long",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "系统（指标名称不超过 100 字）",
    summary: "三级指标名称超过 100 字",
    docs: "\
## 检查什么

三级指标名称是否超过 100 字（空格不算）。

## 为什么

系统不收；一大段话里往往有几件事，分不清考核哪一件。

## 正反例

- 反例：把实施方案的一段话抄进三级指标
- 正例：`培训村医人数`

## 怎么改

名称只留考核什么，做法写到指标解释或备注里；说了几件事的，拆成几个指标。

## 依据

预算绩效管理系统的填报校验。
",
    check: Check::Form(check),
};

/// What the systems of most places take.
const MOST: usize = 100;

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3], |row| {
        let name = row.cell(column::LEVEL3).filter(|name| name.is_filled())?;
        let count = squeeze(name.text()).chars().count();
        (count > MOST).then(|| Fault {
            expected: Some(format!("{MOST} 字以内")),
            difference: Some((count - MOST).to_string()),
            message: format!(
                "{}“{}”有 {count} 字，超过 {MOST} 字",
                phrase::column_at(ctx.form, name, column::LEVEL3),
                excerpt(name.text(), 20)
            ),
            advice: "名称只留考核什么，如“培训村医人数”；说了几件事的，拆成几个指标。".to_owned(),
            ..indicator::fault_at(name, row, &[])
        })
    })
}
