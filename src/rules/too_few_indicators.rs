//! C105: so few indicators that the project cannot be judged by them.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "C105",
    name: "too-few-indicators",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "实务（一市审核要求：三级指标不少于 3 个）；表样的最少个数",
    summary: "指标个数太少",
    docs: "
## 检查什么
三级指标的个数是否少于表样规定的最少个数；表样没有规定的，按 3 个。

## 为什么
一两个指标反映不出项目的产出、效益和满意度。

## 正反例
- 反例：全表只有“发放覆盖率”“足额保障率”两个指标。
- 正例：数量、质量、效益、满意度各有指标。

## 怎么改
围绕绩效目标补设指标。

## 依据
实务：地方绩效目标审核要求（三级指标不少于 3 个）。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(table), Some(indicators)) = (form.record.indicators(), &form.schema.indicators) else {
        return Verdict::NotApplicable;
    };
    if table.rows.is_empty() {
        return Verdict::InsufficientData;
    }
    let minimum = Decimal::from(indicators.minimum.unwrap_or(3));
    let named = table.rows.iter().filter(|row| row.filled(column::LEVEL3).is_some()).count();
    if Decimal::from(named) >= minimum || !table.has(column::LEVEL3) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        related: table.rows.iter().filter_map(|row| row.at(column::LEVEL3)).collect(),
        found: Some(named.to_string()),
        expected: Some(format!("≥{minimum}")),
        difference: Some((Decimal::from(named) - minimum).to_string()),
        message: format!("只有 {named} 个三级指标，少于 {minimum} 个"),
        advice: format!("从年度目标里找数量、质量、时间和效果，补设到 {minimum} 个以上。"),
        ..Fault::default()
    }])
}
