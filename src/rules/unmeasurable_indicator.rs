//! W103 unmeasurable-indicator: a wish measured in per cent.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::{excerpt, label_key};

pub(super) static RULE: Rule = Rule {
    code: "W103",
    name: "unmeasurable-indicator",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "财预〔2015〕88号（绩效目标应当细化量化）；实务（不可考核的指标不计分）",
    summary: "指标是愿望或口号，百分比无法衡量",
    docs: "\
## 检查什么

指标名称是“促进……发展”“激发……热情”“……能力”一类愿望，没有率、数、量等可以计量的名词，指标值却是 100%、≥95% 或光秃秃的 100。

## 为什么

口号没有分子分母，“促进发展 100%”怎么算都行，也查不了。

## 正反例

- 反例：`促进教育事业健康发展 ≥100%`；`学校发展能力 100`
- 正例：`学生巩固率 ≥98%`；`受益农户人均增收 ≥500元`

## 怎么改

换成能取数的指标，或改为定性指标并写明评判标准。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

/// By these endings and words a name tells what is counted.
const COUNTABLE: [&str; 23] = [
    "率",
    "比例",
    "占比",
    "比重",
    "满意",
    "知晓度",
    "数量",
    "人数",
    "户数",
    "次数",
    "个数",
    "人次",
    "天数",
    "面积",
    "金额",
    "额度",
    "时间",
    "百分比",
    "指数",
    "产值",
    "系数",
    "成本",
    // 居民健康素养水平 is surveyed and published as a percentage.
    "素养水平",
];

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let name = slogan(ctx, row)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            message: format!(
                "指标“{}”是愿望，不是可计量的内容，{}填“{}”无法衡量",
                excerpt(&name, 24),
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 16)
            ),
            advice: "换成数得出来的结果，如“受益群众人数 ≥500人”；确需定性的，指标值写一件可以核对的事实。".to_owned(),
            ..indicator::fault_at(target, row, &[column::LEVEL3])
        })
    })
}

fn slogan(ctx: &Context<'_>, row: &Row) -> Option<String> {
    let target = row.target.as_ref()?;
    let bare = target.unit.is_none() && target.number >= Decimal::from(50) && target.number <= Decimal::ONE_HUNDRED;
    let name = indicator::name(row).filter(|_| bare || target.is_percent())?;
    let key = label_key(&name);
    // 资金使用效率 ends like a rate and is none.
    let countable = COUNTABLE.iter().any(|word| key.contains(word)) && !key.ends_with("效率");
    if countable || key.ends_with('数') {
        return None;
    }
    let words = &ctx.policy.words;
    let wish = words.wishes.iter().any(|wish| key.starts_with(wish.as_str()));
    let abstraction = words.abstractions.iter().any(|noun| key.ends_with(noun.as_str()));
    (wish || abstraction).then_some(name)
}
