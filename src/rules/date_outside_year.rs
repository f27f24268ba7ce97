//! V115 date-outside-year: a target whose dates all lie outside the year of the form.

use rust_decimal::prelude::ToPrimitive;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Row, Stored};
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "V115",
    name: "date-outside-year",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "指标值、完成值中的时间不在本年度",
    docs: "\
## 检查什么

指标值或实际完成值写了具体年份，而所写年份全部不是本表年度。跨年区间（含本年度）不查，表上没有年度不查；“2025.06万元”一类金额、数量不是年份。

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
        let (id, cell, years) = [column::TARGET, column::ACTUAL].into_iter().find_map(|id| {
            let cell = row.cell(id).filter(|cell| cell.is_filled())?;
            let text = squeeze(cell.text());
            // `2023.06` of 万元 is an amount.
            if counts_things(ctx, row) && !text.contains('年') {
                return None;
            }
            let years = years(&text);
            let (first, last) = (years.iter().min()?, years.iter().max()?);
            let outside = !(first..=last).contains(&&year);
            outside.then_some((id, cell, years))
        })?;
        let advice = match id {
            column::TARGET => format!("改为{year}年的时间，如“{year}年12月底前”；跨年的写明{year}年应达到的进度。"),
            _ => format!("核对实际时间；属实的，写明{year}年底做到哪一步，并按没有按时完成计分。"),
        };
        Some(Fault {
            expected: Some(format!("{year}年")),
            message: format!(
                "{}填的是“{}”，不在本表年度（{year}年）",
                phrase::column_at(ctx.form, cell, id),
                excerpt(cell.text(), 24)
            ),
            advice,
            // What happened is a fact; only the plan can be written anew.
            fix: fix::suggested(
                in_year(cell, &years, year).filter(|_| id == column::TARGET).map(|text| (cell, Value::Text(text))),
            ),
            ..indicator::fault_at(cell, row, &[])
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

/// Whether the target is a figure of something else than time.
fn counts_things(ctx: &Context<'_>, row: &Row) -> bool {
    let unit = row.target.as_ref().and_then(|target| target.unit.as_ref());
    unit.is_some_and(|unit| ctx.policy.words.units.contains(unit) && !unit.contains(['年', '月', '日']))
}

/// The year of the form.
pub(super) fn year(form: &Form) -> Option<u32> {
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
        let behind: String = chars.iter().skip(at + 5).take_while(|c| c.is_ascii_digit()).collect();
        let is_date = match mark {
            '年' | '-' | '/' | '—' | '~' | '至' => true,
            // What follows is a month: `2023.36` is a figure.
            '.' => behind.parse().is_ok_and(|month: u32| (1..=12).contains(&month)),
            _ => false,
        };
        if starts && is_date && digits.starts_with("20") {
            found.extend(digits.parse::<u32>().ok());
        }
    }
    found
}
