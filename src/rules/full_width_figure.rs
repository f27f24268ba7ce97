//! V127 full-width-figure: figures and signs in the wide forms of a Chinese keyboard.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Stored};
use crate::schema::concept::{amount, column};
use crate::text::{as_written, excerpt, fold};
use crate::value::{Measure, Value, parse_number};

pub(super) static RULE: Rule = Rule {
    code: "V127",
    name: "full-width-figure",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务；系统（定量指标值为数值）",
    summary: "数值里有全角数字或异形符号（９５％、≧）",
    docs: "\
## 检查什么

指标值、实际完成值、计量单位、指标性质、执行率里有没有全角的数字、百分号、小数点，或者“≧”“≦”一类异形的比较符号。只看整格就是一个数或一个符号的格，成段的文字不看。同一张表有多处时标在第一处。

## 为什么

看上去一样，电脑认作两样东西：排序、筛选、汇总时会漏掉，导入系统时会被退回。审核时已按半角读，不影响其他问题的判断。

## 正反例

- 反例：指标值 `≧９５％`
- 正例：指标值 `≥95%`

## 怎么改

改用英文输入法重新输入。
自动改正：逐格改成半角和通用的比较符号，数值不变。

## 依据

实务；系统要求定量指标值为数值。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let grid = record.funding().into_iter().flat_map(|grid| &grid.rows).filter_map(|row| row.cells.get(amount::RATE));
    let table = record.indicators().into_iter().flat_map(|table| &table.rows).flat_map(|row| {
        [column::OPERATOR, column::TARGET, column::UNIT, column::ACTUAL].into_iter().filter_map(|id| row.cell(id))
    });
    let mut seen = false;
    let mut wide: Vec<&Field> =
        grid.chain(table).inspect(|_| seen = true).filter(|field| narrow(field).is_some()).collect();
    if !seen {
        return Verdict::NotApplicable;
    }
    wide.sort_by_key(|field| field.cell());
    wide.dedup_by_key(|field| field.cell());
    let fault = indicator::once(&wide, |field| {
        let narrow = narrow(field).unwrap_or_default();
        Fault {
            message: format!("{}的“{}”里有全角字符或异形符号", field.cell(), as_written(field.text(), 20)),
            advice: format!("改成半角，即“{}”。", excerpt(&narrow, 20)),
            expected: Some(narrow),
            fix: fix::safe(wide.iter().filter_map(|field| Some((*field, Value::Text(self::narrow(field)?))))),
            ..Fault::default()
        }
    });
    Verdict::Checked(fault.into_iter().collect())
}

/// The text in narrow characters, where it is one figure or sign and not narrow yet.
fn narrow(field: &Field) -> Option<String> {
    let text = field.text();
    if field.provenance.stored != Stored::Text || !text.chars().any(is_wide) {
        return None;
    }
    let folded: String = text.chars().map(|c| if is_wide(c) { fold(&c.to_string()) } else { c.to_string() }).collect();
    let plain = folded.trim();
    let is_sign = plain.chars().all(|c| "≥≤=<>%".contains(c));
    (is_sign || parse_number(plain).is_some() || Measure::parse(plain).is_some()).then_some(folded)
}

/// Full-width digits and the signs that stand with figures, and signs that only look like the common ones.
fn is_wide(c: char) -> bool {
    matches!(
        c,
        '０'..='９' | '％' | '．' | '＋' | '－' | '＝' | '＜' | '＞' | '≧' | '≦' | '⩾' | '⩽' | '═' | '﹦' | '﹪'
    )
}
