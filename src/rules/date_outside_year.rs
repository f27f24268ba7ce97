//! V115 date-outside-year: a target whose dates all lie outside the year of the form.

use rust_decimal::prelude::ToPrimitive;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Stored};
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "V115",
    name: "date-outside-year",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "指标值中的时间不在本年度",
    docs: "\
## 检查什么

指标值写了具体年份，而所写年份全部不是本表年度。跨年区间（含本年度）不查，表上没有年度不查。

## 为什么

年度指标应当在当年完成；年份不对多半是沿用了往年的表。

## 正反例

- 反例：2023年度表：`2022年12月底前`
- 正例：2023年度表：`2023年12月底前`

## 怎么改

改为本年度的时间；确为跨年的，写明本年度应达到的进度。
修改建议：只写了一个年份的，年份改为本表年度，月日不变。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    if indicator::table(ctx, &[column::TARGET]).is_none() {
        return Verdict::NotApplicable;
    }
    let Some(year) = year(ctx.form) else {
        return Verdict::InsufficientData;
    };
    indicator::each(ctx, &[column::TARGET], |row| {
        let target = row.cell(column::TARGET).filter(|target| target.is_filled())?;
        let years = years(&squeeze(target.text()));
        if years.is_empty() || years.contains(&year) {
            return None;
        }
        Some(Fault {
            cell: Some(target.cell()),
            found: Some(target.text().to_owned()),
            expected: Some(format!("{year}年")),
            message: format!(
                "{}填的是“{}”，不在本表年度（{year}年）",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 24)
            ),
            advice: format!("改为{year}年的时间，或写明{year}年应达到的进度。"),
            fix: fix::suggested(in_year(target, &years, year).map(|text| (target, Value::Text(text)))),
            ..Fault::default()
        })
    })
}

/// The text with its year made that of the form; `None` where it names several.
fn in_year(target: &Field, years: &[u32], year: u32) -> Option<String> {
    let (first, rest) = years.split_first()?;
    let text = target.text();
    let written = first.to_string();
    let plain = target.provenance.stored == Stored::Text && text.contains(&written);
    (plain && rest.iter().all(|other| other == first)).then(|| text.replace(&written, &year.to_string()))
}

fn year(form: &Form) -> Option<u32> {
    form.record.field(field::YEAR)?.number()?.to_u32()
}

/// Years that a text writes as dates: `2023年…`, `2023-07`, `2023.7`.
fn years(text: &str) -> Vec<u32> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (at, window) in chars.windows(5).enumerate() {
        let starts = at == 0 || !chars.get(at - 1).is_some_and(char::is_ascii_digit);
        let [a, b, c, d, mark] = window else { continue };
        let digits: String = [a, b, c, d].into_iter().collect();
        if starts && matches!(mark, '年' | '.' | '-' | '/') && digits.starts_with("20") {
            found.extend(digits.parse::<u32>().ok());
        }
    }
    found
}
