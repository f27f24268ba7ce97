//! V116 money-magnitude-jump: amounts of one form that differ by ten thousand: 元 taken for 万元.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::funding::Spending;
use super::{Check, Context, Fault, Rule, Verdict, figure, funding, funding_sum_mismatch, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Row};
use crate::schema::concept::{amount, column, field};
use crate::text::{excerpt, squeeze};
use crate::value::Measure;

pub(super) static RULE: Rule = Rule {
    code: "V116",
    name: "money-magnitude-jump",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "金额相差一万倍，元与万元混用",
    docs: "\
## 检查什么

1. 资金总额的年初预算、全年预算、执行数、预计执行数之间正好相差一万倍（误差千分之一以内）；执行数超过预算数一千倍以上，缩小一万倍后才像执行数；执行率栏所填的数正好是执行数放大（或缩小）一万倍后的执行率。
2. 写明金额单位的成本指标（指标值、完成值）与资金总额正好相差一万倍；比总额还小一万倍的，可能是单价、标准，名称里说的是总成本、总额，或者数字有四位以上、名称里没有“每”“单价”“人均”“标准”一类字的才提出。
3. 年度目标、完成情况里写的金额与资金总额、执行数的数字相同而单位差一万倍（三位以上有效数字；比总额小的四位以上）。
某一项资金按元填、与总额对不上的，由 A101 提出。程序只指出像是哪个单位，不自行换算。

## 为什么

元和万元混用会使金额错一万倍，汇总数据跟着出错。

## 正反例

- 反例：资金总额 43.2（万元），成本 `≤432000万元`
- 反例：全年预算 43.2（万元），执行数填 `372400`
- 正例：资金总额 43.2（万元），成本 `≤43.2万元`

## 怎么改

核对金额单位，统一换算成表头注明的单位。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

/// An amount of the form, in its unit of money and, where the form names that, in 万元.
struct Amount<'a> {
    field: &'a Field,
    label: String,
    number: Decimal,
    wan: Option<Decimal>,
}

fn check(ctx: &Context<'_>) -> Verdict {
    let form = ctx.form;
    let Some(grid) = form.record.funding() else {
        return Verdict::NotApplicable;
    };
    let amounts: Vec<Amount<'_>> = [amount::BUDGET, amount::INITIAL, amount::EXECUTED, FORECAST]
        .into_iter()
        .filter_map(|id| amount_of(form, id, funding::main_row(form)?.cells.get(id)?))
        .collect();
    let Some(base) = amounts.first() else {
        return Verdict::InsufficientData;
    };
    let mut faults: Vec<Fault> = amounts
        .iter()
        .skip(1)
        .filter(|other| is_jump(other.number, base.number))
        .map(|other| between(form, other, base))
        .collect();
    if faults.is_empty() {
        let rows = funding::main_row(form).into_iter().chain(&grid.rows);
        faults.extend(rows.filter_map(|row| against_rate(form, grid, row)).next());
    }
    faults.extend(costs(ctx, base));
    faults.extend(in_goals(form, &amounts));
    let told = funding_sum_mismatch::unit_slips(ctx);
    let mut seen = BTreeSet::new();
    faults.retain(|fault| fault.cell.is_some_and(|at| !told.contains(&at) && seen.insert(at)));
    Verdict::Checked(faults)
}

/// Whether this rule tells budget or spending of a row: what else is wrong with its rate follows from that.
pub(super) fn tells(ctx: &Context<'_>, spending: &Spending<'_>) -> bool {
    let cells = [spending.budget.cell(), spending.executed.cell()];
    match check(ctx) {
        Verdict::Checked(faults) => faults.iter().any(|fault| fault.cell.is_some_and(|at| cells.contains(&at))),
        _ => false,
    }
}

/// 全年预计执行数 of a monitoring form.
const FORECAST: &str = "forecast";

fn amount_of<'a>(form: &Form, id: &str, field: &'a Field) -> Option<Amount<'a>> {
    let number = field.number().filter(|number| *number > Decimal::ZERO)?;
    let wan = form.record.money_factor().and_then(|factor| number.checked_mul(factor)?.checked_div(ten_thousand()));
    let has_columns = form.record.funding().is_some_and(|grid| grid.columns.contains_key(id));
    let label = if has_columns { phrase::amount_label(form, id) } else { "资金总额" };
    Some(Amount { field, label: label.to_owned(), number, wan })
}

/// Two amounts of the block. The form's unit says which of them is likely wrong.
fn between(form: &Form, other: &Amount<'_>, base: &Amount<'_>) -> Fault {
    let (small, large) = if other.number < base.number { (other, base) } else { (base, other) };
    let (wrong, right, slip) = match form.record.money_factor() {
        Some(factor) if factor == ten_thousand() => (large, small, Some(("元", large.number / ten_thousand()))),
        Some(factor) if factor == Decimal::ONE => {
            (small, large, small.number.checked_mul(ten_thousand()).map(|yuan| ("万元", yuan)))
        }
        _ => (other, base, None),
    };
    let (likely, advice) = match slip {
        Some((unit, meant)) => (
            format!("，像是按{unit}填的，折合{} {}", form_unit(form), phrase::plain(meant)),
            format!("核对后把 {} 改为 {}（{}）。", wrong.field.cell(), phrase::plain(meant), form_unit(form)),
        ),
        None => ("，一个像是按元、一个按万元填的".to_owned(), "核对金额单位，统一成一种，并在表头注明。".to_owned()),
    };
    Fault {
        cell: Some(wrong.field.cell()),
        related: vec![right.field.cell()],
        found: Some(wrong.field.text().to_owned()),
        expected: slip.map(|(_, meant)| phrase::plain(meant)),
        message: format!(
            "{}填 {}，与{}的 {} 相差一万倍{likely}",
            phrase::at(wrong.field.cell(), &wrong.label),
            phrase::plain(wrong.number),
            phrase::at(right.field.cell(), &right.label),
            phrase::plain(right.number),
        ),
        advice,
        ..Fault::default()
    }
}

/// Budget and spending of a row that are ten thousand apart but for the execution rate: the spending is a thousandfold of
/// the budget, or the rate that the row prints fits once one of them is converted.
fn against_rate(form: &Form, grid: &crate::form::Grid, row: &crate::form::GridRow) -> Option<Fault> {
    let spending = funding::spending(grid, row)?;
    let exact = spending.rate().filter(|rate| *rate > Decimal::ZERO)?;
    let up = exact.checked_mul(ten_thousand())?;
    let down = exact.checked_div(ten_thousand())?;
    let printed = row.cells.get(amount::RATE).map(figure::printed_rate).unwrap_or_default();
    let says = |rate: Decimal| {
        let is_likely = rate >= Decimal::new(5, 2) && rate <= Decimal::new(13, 1);
        is_likely && printed.iter().any(|figure| figure.shows(rate))
    };
    let is_absurd = exact >= Decimal::ONE_THOUSAND && down >= Decimal::new(1, 1) && down <= Decimal::new(13, 1);
    if !(says(down) || is_absurd || says(up)) {
        return None;
    }
    let budget = amount_of(form, funding::budget_column(grid), spending.budget)?;
    let executed = amount_of(form, amount::EXECUTED, spending.executed)?;
    let rate = if says(up) && !is_absurd { up } else { down };
    let mut fault = between(form, &executed, &budget);
    fault.message = fault.message.replacen("相差一万倍", "相差一万倍左右", 1);
    fault.message.push_str(&format!("，那样执行率是 {}", phrase::percent(rate)));
    fault.related.extend(row.cells.get(amount::RATE).map(Field::cell));
    Some(fault)
}

/// Cost targets and results that write their unit of money.
fn costs(ctx: &Context<'_>, total: &Amount<'_>) -> Vec<Fault> {
    const WHOLE: [&str; 6] = ["总成本", "总额", "总金额", "项目成本", "总投资", "总经费"];
    const PRICE: [&str; 7] = ["单个", "单位", "单价", "人均", "户均", "亩均", "标准"];
    let Some(wan) = total.wan else { return Vec::new() };
    let rows = ctx.form.record.indicators().into_iter().flat_map(|table| &table.rows);
    let of_row = |row: &Row| {
        let name = row.filled(column::LEVEL3).map(squeeze).unwrap_or_default();
        let is_whole = WHOLE.iter().any(|word| name.contains(word));
        let is_price = name.starts_with('每') || PRICE.iter().any(|word| name.contains(word));
        let judge = |id: &str, measure: Option<&Measure>| {
            let measure = measure.filter(|_| indicator::is_money_cost(row))?;
            let number = indicator::in_wan(measure.number, measure.unit.as_deref()?)?;
            let may_be_a_price = number < wan && !is_whole && (is_price || significant(measure.number) < 4);
            let field = row.cell(id).filter(|_| is_jump(number, wan) && !may_be_a_price)?;
            Some(of_text(field, &measure.to_string(), total, wan))
        };
        judge(column::TARGET, row.target.as_ref()).or_else(|| judge(column::ACTUAL, row.actual.as_ref()))
    };
    rows.filter_map(of_row).collect()
}

/// Sums of money in the texts of the goal that have the digits of the total or of the spending, and another unit.
fn in_goals(form: &Form, amounts: &[Amount<'_>]) -> Vec<Fault> {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\d[\d,]*(?:\.\d+)?)(亿元|万元|元)(/|每)?").expect("a constant pattern, compiled in tests")
    });
    let texts = [field::GOAL, field::GOAL_ACTUAL].into_iter().filter_map(|id| form.record.field(id));
    let mut faults = Vec::new();
    for goal in texts {
        let text = squeeze(goal.text());
        for found in SUM.captures_iter(&text).filter(|found| found.get(3).is_none()) {
            let (Some(digits), Some(unit)) = (found.get(1), found.get(2)) else { continue };
            let Ok(number) = digits.as_str().replace(',', "").parse::<Decimal>() else { continue };
            let Some(written) = indicator::in_wan(number, unit.as_str()) else { continue };
            let like = amounts.iter().find_map(|amount| {
                let wan = amount.wan.filter(|wan| is_jump(written, *wan))?;
                let enough = if written < wan { 4 } else { 3 };
                (significant(number) >= enough || says_whole(&text, found.get_match().start())).then_some((amount, wan))
            });
            if let Some((amount, wan)) = like {
                faults.push(of_text(goal, &format!("{}{}", digits.as_str(), unit.as_str()), amount, wan));
            }
        }
    }
    faults
}

/// Whether the words before a sum, back to the last comma, say that it is the money of the whole: few digits are enough
/// then, where `每人20元` beside a total of 20 万元 is chance.
fn says_whole(text: &str, at: usize) -> bool {
    const MARKS: [char; 6] = ['，', '。', '；', ',', ';', '、'];
    const WHOLE: [&str; 6] = ["资金", "预算", "安排", "投入", "经费", "总额"];
    let before = text.get(..at).unwrap_or_default();
    let clause = before.rsplit(MARKS).next().unwrap_or_default();
    WHOLE.iter().any(|word| clause.contains(word)) && !clause.contains('每')
}

/// A sum of money with its unit against an amount of the block.
fn of_text(field: &Field, written: &str, amount: &Amount<'_>, wan: Decimal) -> Fault {
    Fault {
        cell: Some(field.cell()),
        related: vec![amount.field.cell()],
        found: Some(excerpt(written, 30)),
        expected: Some(format!("{}万元", phrase::plain(wan))),
        message: format!(
            "{}写的“{written}”与{}的 {}万元 相差一万倍，像是元与万元写错了",
            field.cell(),
            phrase::at(amount.field.cell(), &amount.label),
            phrase::plain(wan),
        ),
        advice: format!("核对金额和单位；说的是同一笔钱的，改为 {}万元。", phrase::plain(wan)),
        ..Fault::default()
    }
}

fn form_unit(form: &Form) -> &str {
    form.record.filled(field::MONEY_UNIT).unwrap_or_default()
}

fn ten_thousand() -> Decimal {
    Decimal::from(10_000)
}

fn is_jump(a: Decimal, b: Decimal) -> bool {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let Some(ratio) = large.checked_div(small) else {
        return false;
    };
    (ratio - ten_thousand()).abs() <= Decimal::TEN
}

/// Digits between the zeros at both ends: 3 of `432000`.
fn significant(number: Decimal) -> usize {
    let digits: String = number.normalize().to_string().chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_ends_are_no_significant_digits() {
        for (number, digits) in [("432000", 3), ("0.0432", 3), ("1250", 3), ("38.7664", 6), ("100", 1)] {
            assert_eq!(significant(number.parse().expect("a number")), digits, "{number}");
        }
    }

    #[test]
    fn a_jump_is_ten_thousand_to_a_thousandth() {
        let jumps = |a: &str, b: &str| is_jump(a.parse().expect("a number"), b.parse().expect("a number"));
        assert!(jumps("432000", "43.2") && jumps("43.2", "432000") && jumps("432399", "43.2"));
        assert!(!jumps("372400", "43.2") && !jumps("43.2", "43.2"));
    }
}
