//! A101: 资金总额 is not the sum of its parts.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, figure, fix, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, GridRow};
use crate::schema::concept::{self, amount, line};

pub(super) static RULE: Rule = Rule {
    code: "A101",
    name: "funding-sum-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（年度资金总额及其各项）；系统（总额＝各项资金之和，允许差 0.1 万元）",
    summary: "资金总额与各项资金之和不一致",
    docs: "
## 检查什么
逐列（年初预算数、全年预算数、全年执行数等）比较资金总额与各项资金之和，允许差见口径 `money.sum_tolerance`（万元；表内单位为元时按 1 万倍折算）。
某一项（或总额）缩小、放大一万倍就正好相符的，指出它像是元与万元填错了。
“其中”行套在某一项资金之下的，不重复计算。总额未填、各项均未填的，不在本规则内判断；表内没有“其他资金”一类的行而各项之和小于总额的，不判断。

## 为什么
总额是执行率和执行得分的分母，总额错则其后全错。

## 正反例
- 反例：总额 0，其中财政拨款 90。
- 反例：总额 100，财政拨款 80，其他资金未填。
- 正例：总额 100，财政拨款 80，上年结转 15，其他资金 5。

## 怎么改
核对批复的预算和国库支付数，改正总额或漏填、错填的分项。
自动改正：各项都填了数、加法只有一种、没有别的数支持原来的总额，差得也不是十倍以上的，把总额改为各项之和。修改建议：其余的，总额改为各项之和。

## 依据
财预〔2020〕10号 附件1 项目支出绩效自评表“项目资金”栏；允许差为实务做法。
",
    check: Check::Form(check),
};

pub(super) fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let groups = funding::groups(form);
    if !groups.iter().any(|group| !group.parts.is_empty()) {
        return Verdict::NotApplicable;
    }
    let tolerance = funding::tolerance(form, context.policy);
    let mut compared = false;
    let mut faults = Vec::new();
    for group in &groups {
        for column in funding::money_columns(form) {
            let Some(total) = group.total.cells.get(column) else { continue };
            let parts: Vec<_> = group
                .parts
                .iter()
                .filter_map(|row| Some((*row, row.cells.get(column)?, row.number(column)?)))
                .collect();
            let (Some(number), false) = (total.number(), parts.is_empty()) else { continue };
            compared = true;
            let numbers: Vec<_> = parts.iter().map(|(row, _, number)| (*row, *number)).collect();
            let sums = funding::possible_sums(&numbers);
            let agrees = sums.iter().any(|sum| (sum - number).abs() <= tolerance);
            let fields: Vec<_> = parts.iter().map(|(_, field, _)| *field).collect();
            // One part in another unit explains also a sum that may lack a row.
            let slip = if agrees { None } else { slip(form, total, &fields, tolerance) };
            if slip.is_some() || (!agrees && !is_open(&group.parts, &numbers, number, tolerance)) {
                let certain = slip.is_none()
                    && fields.len() == group.parts.len()
                    && sums.iter().all(|sum| Some(sum) == sums.first())
                    && is_slip(number, &sums)
                    && !is_backed(context, group.total, column);
                let sum = sums.first().copied().unwrap_or_default();
                let fix = fix::computed(total, sum, fields.iter().copied()).filter(|_| slip.is_none());
                let fault = fault(context, column, total, number, &fields, slip);
                faults.push(Fault { fix: fix::only_if(certain, fix), ..fault });
            }
        }
    }
    if compared { Verdict::Checked(faults) } else { Verdict::InsufficientData }
}

/// Whether the rows may make the total all the same: two partitions of it one under the other, or a remainder for
/// which the form has no row.
fn is_open(rows: &[&GridRow], parts: &[(&GridRow, Decimal)], total: Decimal, tolerance: Decimal) -> bool {
    let sum: Decimal = parts.iter().map(|(_, number)| *number).sum();
    let has_rest_row = rows
        .iter()
        .any(|row| row.id == line::OTHER || ["其他", "其它", "自筹"].iter().any(|w| row.label.text.contains(w)));
    if sum < total && !has_rest_row {
        return true;
    }
    (1..parts.len()).any(|split| {
        let first: Decimal = parts.iter().take(split).map(|(_, number)| *number).sum();
        (first - total).abs() <= tolerance && (sum - first - total).abs() <= tolerance
    })
}

/// One figure that makes the sum right once it is taken ten thousand times smaller or larger.
struct Slip<'a> {
    field: &'a Field,
    meant: Decimal,
    /// The unit it was likely written in.
    written_in: &'static str,
}

fn slip<'a>(form: &Form, total: &'a Field, parts: &[&'a Field], tolerance: Decimal) -> Option<Slip<'a>> {
    let ten_thousand = Decimal::from(10_000);
    let is_in_wan = form.record.money_factor().map(|factor| factor == ten_thousand);
    let sum: Decimal = parts.iter().filter_map(|part| part.number()).sum();
    let stated = total.number()?;
    let fits = |field: &Field, number: Decimal, meant: Decimal| {
        let (stated, sum) = match field.cell() == total.cell() {
            true => (meant, sum),
            false => (stated, sum - number + meant),
        };
        // What is converted must count for more than what a sum may be off.
        let off = tolerance.min(meant / Decimal::ONE_HUNDRED);
        meant > Decimal::ZERO && (stated - sum).abs() <= off
    };
    let tries = |field: &'a Field| {
        let number = field.number()?;
        // A form in 万元 meets figures in 元, which are too large, and the other way round.
        let in_yuan =
            number.checked_div(ten_thousand).filter(|meant| is_in_wan != Some(false) && fits(field, number, *meant));
        let in_wan =
            number.checked_mul(ten_thousand).filter(|meant| is_in_wan != Some(true) && fits(field, number, *meant));
        in_yuan.map(|meant| (meant, "元")).or(in_wan.map(|meant| (meant, "万元")))
    };
    let mut slips = parts.iter().copied().chain([total]).filter_map(|field| {
        let (meant, written_in) = tries(field)?;
        Some(Slip { field, meant, written_in })
    });
    // Where two figures could be the one, nobody knows which.
    slips.next().filter(|_| slips.next().is_none())
}

/// The cells that the rule tells as written in another unit of money.
pub(super) fn unit_slips(context: &Context<'_>) -> Vec<crate::address::CellRef> {
    let form = context.form;
    let tolerance = funding::tolerance(form, context.policy);
    let mut cells = Vec::new();
    for group in funding::groups(form) {
        for column in funding::money_columns(form) {
            let parts: Vec<&Field> = group.parts.iter().filter_map(|row| row.cells.get(column)).collect();
            let total = group.total.cells.get(column);
            cells.extend(total.and_then(|total| Some(slip(form, total, &parts, tolerance)?.field.cell())));
        }
    }
    cells
}

/// Whether the total is off by no more than adding up makes: a leap is one of units, and then a part may be wrong.
fn is_slip(total: Decimal, sums: &[Decimal]) -> bool {
    let within = |sum: &Decimal| {
        *sum > Decimal::ZERO && *sum < total.saturating_mul(Decimal::TEN) && total < sum.saturating_mul(Decimal::TEN)
    };
    total.is_zero() || sums.first().is_some_and(within)
}

/// Whether another figure of the row speaks for the total as it is: the printed rate, or the same budget of the year's
/// start.
fn is_backed(context: &Context<'_>, total: &GridRow, column: &str) -> bool {
    let Some(grid) = context.form.record.funding() else { return false };
    let by_rate = || {
        let rate = funding::spending(grid, total).filter(|spending| !spending.spent.is_zero())?.rate()?;
        let printed = total.cells.get(amount::RATE)?;
        Some(figure::printed_rate(printed).iter().any(|figure| figure.shows(rate)))
    };
    let is_budget = [amount::INITIAL, amount::BUDGET].contains(&column);
    let number = |id| total.number(id).filter(|number| !number.is_zero());
    let twice = is_budget && number(amount::INITIAL).is_some() && number(amount::INITIAL) == number(amount::BUDGET);
    twice || by_rate().unwrap_or(false)
}

fn fault(
    context: &Context<'_>,
    column: &str,
    total: &Field,
    number: Decimal,
    parts: &[&Field],
    slip: Option<Slip<'_>>,
) -> Fault {
    let sum: Decimal = parts.iter().filter_map(|field| field.number()).sum();
    let label = phrase::amount_label(context.form, column);
    let plain = Fault {
        cell: Some(total.cell()),
        related: parts.iter().map(|field| field.cell()).collect(),
        found: Some(total.text().to_owned()),
        expected: Some(phrase::plain(sum)),
        difference: Some(phrase::plain(number - sum)),
        message: format!(
            "{}填 {}，各项资金之和为 {}，相差 {}",
            phrase::at(total.cell(), &format!("资金总额·{label}")),
            phrase::plain(number),
            phrase::equation(parts, sum),
            phrase::plain((number - sum).abs()),
        ),
        advice: format!(
            "核对资金总额和各项资金：各项没有填错、漏填的，把 {} 改为 {}。",
            total.cell(),
            phrase::plain(sum)
        ),
        ..Fault::default()
    };
    let Some(Slip { field, meant, written_in }) = slip else { return plain };
    let unit = context.form.record.filled(concept::field::MONEY_UNIT).unwrap_or_default();
    let written = field.number().unwrap_or_default();
    Fault {
        cell: Some(field.cell()),
        related: plain.related.iter().copied().chain([total.cell()]).collect(),
        found: Some(field.text().to_owned()),
        expected: Some(phrase::plain(meant)),
        difference: Some(phrase::plain(written - meant)),
        message: format!(
            "{}；{} 的 {} 像是按{written_in}填的，改成{unit} {} 就对得上",
            plain.message,
            field.cell(),
            phrase::plain(written),
            phrase::plain(meant),
        ),
        advice: format!("核对 {} 的金额单位，确是按{written_in}填的，改为 {}。", field.cell(), phrase::plain(meant)),
        ..plain
    }
}
