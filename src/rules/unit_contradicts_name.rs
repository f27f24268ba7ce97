//! V110 unit-contradicts-name: a unit that cannot belong to what the name speaks of.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::{column, subclass};
use crate::text::excerpt;
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "V110",
    name: "unit-contradicts-name",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标应当细化量化）；实务",
    summary: "单位与指标名称不符（“率”用天数，数量用%）",
    docs: "\
## 检查什么

指标名称是“××率”，单位却是天、工作日、个、人、起、处（口径 `words.units` 里计数、计时、计量的单位都算）；名称是“××人数、起数、面积”，单位却是 %；名称是“物业费”“经费”一类的钱，单位却是个、人、起、处；数量指标的名称不是比率，却用百分比作指标值。

## 为什么

名称和单位说的不是一回事，指标就没法取数核对。

## 正反例

- 反例：`检测及时率 ≤7工作日`；数量指标`发放村干部补贴 100%`
- 正例：`检测及时率 ≥95%` 或 `检测报告出具时间 ≤7个工作日`

## 怎么改

改单位或者改名称，使两者说同一件事；数量指标写明人数、个数、面积等。
修改建议：名称是比率、单位是个数人数的，单位改为“%”；其余的没有建议。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let name = indicator::name(row)?;
        let units = &ctx.policy.words.units;
        let why = contradiction(row, &name, units)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            message: format!(
                "“{}”的{}是“{}”，{why}",
                excerpt(&name, 20),
                phrase::column_at(ctx.form, target, column::TARGET),
                row.target.as_ref().map(ToString::to_string).unwrap_or_default()
            ),
            advice: remedy(why).to_owned(),
            fix: fix::suggested(as_percent(row, &name, units)),
            ..indicator::fault_at(target, row, &[column::LEVEL3, column::UNIT])
        })
    })
}

/// What to type, by what is wrong.
fn remedy(why: &str) -> &'static str {
    match why {
        RATE_IN_UNITS => "名称不变的，指标值改为百分比，如“≥95%”；要考核时间或数量的，名称改为“××时间”“××数量”。",
        SUM_IN_PIECES => "考核花钱的，改为金额并移到成本指标，如“≤20万元”；考核做事的，名称改为做的事，如“保洁面积”。",
        COUNT_IN_PERCENT => "指标值改为数量，如“≥600人”；要考核比率的，名称改为“××率”。",
        _ => "写明数量，如“≥600人”“≥12间”；要考核比率的，名称改为“××率”或移到质量指标。",
    }
}

const RATE_IN_UNITS: &str = "比率不能用时间或数量单位";
const SUM_IN_PIECES: &str = "名称是一笔钱，不能用数量单位";
const COUNT_IN_PERCENT: &str = "名称是数量，不能用百分比";

/// A rate told with a unit that counts things rather than time is a percentage.
fn as_percent<'r>(row: &'r Row, name: &str, units: &[String]) -> Option<(&'r Field, Value)> {
    const TIMES: [&str; 15] = [
        "天",
        "日",
        "工作日",
        "个工作日",
        "小时",
        "分钟",
        "秒",
        "周",
        "月",
        "个月",
        "季度",
        "年",
        "期",
        "课时",
        "学时",
    ];
    let unit = row.target.as_ref()?.unit.as_deref()?;
    let counts = indicator::is_rate(name) && is_count(unit, units) && !TIMES.contains(&unit);
    fix::percent(row).filter(|_| counts)
}

fn contradiction(row: &Row, name: &str, units: &[String]) -> Option<&'static str> {
    let target = row.target.as_ref()?;
    let unit = target.unit.as_deref()?;
    let rate = indicator::is_rate(name);
    if rate && is_count(unit, units) {
        return Some(RATE_IN_UNITS);
    }
    if is_sum(name) && is_piece(unit) {
        return Some(SUM_IN_PIECES);
    }
    if unit != "%" || rate {
        return None;
    }
    if is_quantity(name, units) {
        return Some(COUNT_IN_PERCENT);
    }
    indicator::is_subclass(row, subclass::QUANTITY).then_some("数量指标没有写明数量，只填了百分比")
}

/// `物业费`: the name is money and nothing is done with it; `减免物业费` may count households.
fn is_sum(name: &str) -> bool {
    const SUMS: [&str; 8] = ["费", "费用", "经费", "金额", "成本", "造价", "投资额", "总投资"];
    const DEEDS: [&str; 12] =
        ["发放", "支付", "缴纳", "代缴", "减免", "免除", "免", "收取", "征收", "报销", "补助", "资助"];
    let stem = indicator::stem(name);
    SUMS.iter().any(|end| stem.ends_with(end)) && !DEEDS.iter().any(|deed| stem.contains(deed))
}

/// Units that count things or people; times and months of a fee may be meant.
fn is_piece(unit: &str) -> bool {
    const PIECES: [&str; 28] = [
        "个", "人", "名", "位", "户", "家", "所", "台", "套", "件", "份", "辆", "只", "头", "株", "棵", "项", "起",
        "例", "宗", "处", "座", "栋", "幢", "间", "条", "块", "盏",
    ];
    PIECES.contains(&unit)
}

/// Units that count or measure, never a part of a whole: of those the policy knows. Compound units (`起/万人`) may be rates.
fn is_count(unit: &str, units: &[String]) -> bool {
    const SHARES: [&str; 8] = ["%", "百分比", "‰", "倍", "分", "级", "度", "M"];
    const DATES: [&str; 2] = ["日前", "月底前"];
    let counts = !indicator::is_money(unit) && !unit.contains('/') && !SHARES.contains(&unit) && !DATES.contains(&unit);
    counts && units.iter().any(|known| known == unit)
}

/// `调解起数`, `培训场次`, `绿化面积`: the name says how many or how much.
fn is_quantity(name: &str, units: &[String]) -> bool {
    const QUANTITIES: [&str; 8] = ["数量", "面积", "长度", "里程", "人次", "场次", "批次", "车次"];
    let stem = indicator::stem(name);
    let counted = stem.strip_suffix('数').unwrap_or_default();
    QUANTITIES.iter().any(|end| stem.ends_with(end))
        || units.iter().any(|unit| counted.ends_with(unit.as_str()) && is_count(unit, units))
}
