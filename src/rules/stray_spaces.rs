//! V128 stray-spaces: spaces before, behind and inside names and figures that say nothing.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Stored};
use crate::schema::concept::column;
use crate::text::as_written;
use crate::value::{Measure, Value};

pub(super) static RULE: Rule = Rule {
    code: "V128",
    name: "stray-spaces",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "名称、数值前后或中间有多余的空格",
    docs: "\
## 检查什么

三级指标、指标值、计量单位、实际完成值的前后有没有空格和看不见的字符，数与单位之间有没有空格，名称中间有没有连续几个空格。分行书写的、成段的文字不看，起首空两格的不算。同一张表有多处时标在第一处。

## 为什么

多一个空格，电脑就当作另一个名称：同一个指标前后两年对不上，查找、汇总时漏掉。审核时已去掉空格读，不影响其他问题的判断。

## 正反例

- 反例：三级指标 `培训人数 `（后面有空格），指标值 `≥ 95 %`
- 正例：三级指标 `培训人数`，指标值 `≥95%`

## 怎么改

删去多余的空格。
自动改正：逐格删去，文字和数不变。

## 依据

实务。
",
    check: Check::Form(check),
};

/// Longer texts are prose, which has spaces of its own.
const LONGEST_NAME: usize = 60;

fn check(ctx: &Context<'_>) -> Verdict {
    const COLUMNS: [&str; 5] = [column::LEVEL3, column::OPERATOR, column::TARGET, column::UNIT, column::ACTUAL];
    let Some(table) = ctx.form.record.indicators() else { return Verdict::NotApplicable };
    let cells = table.rows.iter().flat_map(|row| COLUMNS.into_iter().filter_map(|id| row.cell(id)));
    let mut spaced: Vec<&Field> = cells.filter(|field| tidy(field).is_some()).collect();
    spaced.sort_by_key(|field| field.cell());
    spaced.dedup_by_key(|field| field.cell());
    let fault = indicator::once(&spaced, |field| Fault {
        message: format!("{}的“{}”有多余的空格", field.cell(), as_written(field.text(), 24)),
        advice: "删去多余的空格。".to_owned(),
        expected: tidy(field),
        fix: fix::safe(spaced.iter().filter_map(|field| Some((*field, Value::Text(tidy(field)?))))),
        ..Fault::default()
    });
    Verdict::Checked(fault.into_iter().collect())
}

/// The text without spaces that say nothing; `None` where it has none.
fn tidy(field: &Field) -> Option<String> {
    let text = field.text();
    let is_name = field.provenance.stored == Stored::Text
        && field.is_filled()
        && !text.trim().contains(['\n', '\r', '\t'])
        && text.chars().count() <= LONGEST_NAME;
    if !is_name {
        return None;
    }
    let trimmed = text.trim_matches(is_space);
    let tidied = if Measure::parse(trimmed).is_some() {
        trimmed.chars().filter(|c| !is_space(*c)).collect()
    } else {
        without_runs(trimmed)
    };
    (tidied != text && !tidied.is_empty()).then_some(tidied)
}

/// Runs of spaces as one, or none between Chinese characters.
fn without_runs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if is_space(c) {
            run.push(c);
            continue;
        }
        let between_words = c.is_ascii() || out.ends_with(|c: char| c.is_ascii());
        match run.chars().count() {
            0 => {}
            1 if !run.starts_with(is_hidden) => out.push_str(&run),
            1 => {}
            _ if between_words => out.push(' '),
            _ => {}
        }
        run.clear();
        out.push(c);
    }
    out
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || is_hidden(c)
}

/// Characters that take no room at all.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_runs_and_hidden_characters_are_taken_out_of_a_name() {
        assert_eq!(without_runs("5G 基站  建设  A 标段"), "5G 基站建设 A 标段");
        assert_eq!(without_runs("培训\u{200b}人数"), "培训人数");
        assert_eq!(without_runs("一期 二期"), "一期 二期");
    }
}
