//! What many rules ask of an indicator row: its bare name, its place in the classes, whether its deviation is explained.
//!
//! It reads the record and the policy's words; it finds no faults.

use memchr::memmem;
use rust_decimal::Decimal;

use super::{Context, Fault, Verdict, phrase};
use crate::address::CellRef;
use crate::form::{Field, Row, Table};
use crate::schema::concept::{self, class, column, subclass};
use crate::text::{label_key, squeeze, without_list_number};
use crate::value::parse_number;

/// The indicator table where it has all these columns.
pub(super) fn table<'a>(ctx: &Context<'a>, columns: &[&str]) -> Option<&'a Table> {
    ctx.form.record.indicators().filter(|table| columns.iter().all(|id| table.has(id)))
}

/// Judges row by row. A form without such columns is not concerned, a table without rows gives no data.
pub(super) fn each(ctx: &Context<'_>, columns: &[&str], judge: impl Fn(&Row) -> Option<Fault>) -> Verdict {
    match table(ctx, columns) {
        None => Verdict::NotApplicable,
        Some(table) if table.rows.is_empty() => Verdict::InsufficientData,
        Some(table) => Verdict::Checked(table.rows.iter().filter_map(judge).collect()),
    }
}

/// A fault at a cell of the row that quotes it, with these columns related; what it says is the rule's.
pub(super) fn fault_at(field: &Field, row: &Row, related: &[&str]) -> Fault {
    Fault {
        cell: Some(field.cell()),
        related: cells(row, related),
        found: Some(field.text().to_owned()),
        ..Fault::default()
    }
}

/// Gathers the cells with the same fault and states it once: at the first cell, the others related.
pub(super) fn gathered(
    ctx: &Context<'_>,
    columns: &[&str],
    pick: impl Fn(&Row) -> Option<&Field>,
    state: impl Fn(&Field) -> Fault,
) -> Verdict {
    match table(ctx, columns) {
        None => Verdict::NotApplicable,
        Some(table) if table.rows.is_empty() => Verdict::InsufficientData,
        Some(table) => {
            let fields: Vec<&Field> = table.rows.iter().filter_map(pick).collect();
            Verdict::Checked(once(&fields, state).into_iter().collect())
        }
    }
}

/// One fault for all these fields: it stands at the first, the others are related and counted in the message.
pub(super) fn once(fields: &[&Field], state: impl Fn(&Field) -> Fault) -> Option<Fault> {
    let first = fields.first()?;
    let mut fault = state(first);
    fault.cell = Some(first.cell());
    fault.found.get_or_insert_with(|| first.text().to_owned());
    let rest: Vec<CellRef> = fields.iter().skip(1).map(|field| field.cell()).collect();
    fault.message.push_str(&others(&rest));
    fault.related.extend(rest);
    Some(fault)
}

/// `；同类共 4 处，还有 E17、E19、E21`: what a gathered fault says of the cells after the first.
pub(super) fn others(rest: &[CellRef]) -> String {
    let more = if rest.len() > 3 { " 等" } else { "" };
    match rest {
        [] => String::new(),
        _ => format!("；同类共 {} 处，还有 {}{more}", rest.len() + 1, phrase::cells(rest)),
    }
}

/// The answer, by concept, that the row gives in a column of a closed list; `None` where it gives none.
pub(super) fn choice<'a>(ctx: &Context<'a>, row: &Row, column: &str) -> Option<&'a str> {
    let spec = ctx.form.schema.table(concept::INDICATORS)?.column(column)?;
    let label = row.cell(column)?.reading.value()?.to_string();
    spec.choice(&label).map(|choice| choice.id.as_str())
}

/// The level-3 name without what the template put before it; `None` where it is blank.
pub(super) fn name(row: &Row) -> Option<String> {
    row.filled(column::LEVEL3).map(bare_name).filter(|name| !name.is_empty())
}

/// A squeezed name without `指标1：`, list number and marks of core indicators.
pub(super) fn bare_name(text: &str) -> String {
    let squeezed = squeeze(text);
    let unmarked = without_list_number(squeezed.trim_start_matches(['*', '★', '☆']));
    let numbered = unmarked.strip_prefix("指标").and_then(|rest| {
        let name = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        (name.len() < rest.len()).then(|| name.trim_start_matches([':', '.', '、']))
    });
    numbered.unwrap_or(unmarked).to_owned()
}

/// The name's key without a figure at its end: `满意度95%以上` and `满意度（≥95%）` give `满意度`.
pub(super) fn stem(name: &str) -> String {
    let key = label_key(name);
    let without_words = key.trim_end_matches("以上").trim_end_matches("以内").trim_end_matches("以下");
    without_words.trim_end_matches(|c: char| c.is_ascii_digit() || "%.≥≤<>=~".contains(c)).to_owned()
}

/// Whether the name speaks of a ratio.
pub(super) fn is_rate(name: &str) -> bool {
    const RATES: [&str; 8] = ["率", "比例", "占比", "比重", "百分比", "满意度", "满意程度", "知晓度"];
    const NO_RATES: [&str; 7] = ["效率", "频率", "费率", "利率", "功率", "速率", "汇率"];
    let stem = stem(name);
    RATES.iter().any(|end| stem.ends_with(end)) && !NO_RATES.iter().any(|end| stem.ends_with(end))
}

/// Whether the row stands under 成本 of either generation: 产出指标 → 成本指标, or 成本指标 with its three subclasses, which
/// tell it also where the first level is not printed.
pub(super) fn is_cost(row: &Row) -> bool {
    const COSTS: [&str; 4] =
        [subclass::COST, subclass::ECONOMIC_COST, subclass::SOCIAL_COST, subclass::ECOLOGICAL_COST];
    row.class.as_deref() == Some(class::COST) || row.subclass.as_deref().is_some_and(|id| COSTS.contains(&id))
}

/// Whether the row's cost is one of money: 社会成本 and 生态环境成本 may be told in words.
pub(super) fn is_money_cost(row: &Row) -> bool {
    is_cost(row) && !is_subclass(row, subclass::SOCIAL_COST) && !is_subclass(row, subclass::ECOLOGICAL_COST)
}

/// Whether the row stands under 满意度.
pub(super) fn is_satisfaction(row: &Row) -> bool {
    row.class.as_deref() == Some(class::SATISFACTION) || is_subclass(row, subclass::SATISFACTION)
}

/// Whether the row stands under this second-level class.
pub(super) fn is_subclass(row: &Row, id: &str) -> bool {
    row.subclass.as_deref() == Some(id)
}

/// Whether one of the words stands in the text.
pub(super) fn has_any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}

/// Words of deeds that deal with what nobody wants: of `调解案件数` more is better.
const DEALT_WITH: [&str; 27] = [
    "调解", "办理", "办结", "受理", "审理", "审结", "执结", "援助", "处理", "处置", "查处", "查办", "侦破", "侦办",
    "化解", "接待", "整改", "排查", "消除", "治理", "修复", "救助", "采集", "整治", "督办", "结案", "破获",
];
/// `投诉次数`, `事故发生数`: the name counts what nobody wants; `投诉处理率` and `受理投诉数` do not.
pub(super) fn counts_harm(name: &str, harms: &[String]) -> bool {
    harms.iter().any(|harm| {
        // The search of the standard library takes longer to set up than a name takes to look through.
        let at = memmem::find(name.as_bytes(), harm.as_bytes());
        let parts = at.and_then(|at| Some((name.get(..at)?, name.get(at + harm.len()..)?)));
        let Some((before, behind)) = parts else { return false };
        let counts = ["", "数", "数量", "次数", "件数", "起数", "率"].contains(&behind.trim_start_matches("发生"));
        counts && !DEALT_WITH.iter().any(|deed| before.contains(deed))
    })
}

/// Whether the text holds a digit.
pub(super) fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_numeric())
}

const NUMERALS: &str = "一二两三四五六七八九十百千万";

/// Whether the text tells a figure, in digits or in words: `三次`, `百分之百`, `每餐四元`.
pub(super) fn has_figure(text: &str, units: &[String]) -> bool {
    const IDIOMS: [&str; 2] = ["千家万户", "八项规定"];
    if has_digit(text) || text.contains("百分") || text.contains("分之") {
        return true;
    }
    let text = IDIOMS.iter().fold(text.to_owned(), |text, idiom| text.replace(idiom, ""));
    let numerals = text.match_indices(|c: char| NUMERALS.contains(c));
    let is_count = |before: &str, numeral: &str, behind: &str| match numeral {
        "一" => !is_ordinal(before) && !is_no_one(before, behind),
        _ => !is_ordinal(before),
    };
    let mut behind = numerals.filter_map(|(at, numeral)| {
        let (before, behind) = (text.get(..at)?, text.get(at + numeral.len()..)?);
        is_count(before, numeral, behind).then_some(behind)
    });
    // 十分满意 counts no 分.
    behind.any(|rest| units.iter().any(|unit| unit != "分" && rest.starts_with(unit.as_str())))
}

/// `第一季度`, `第十二批`: what stands before a numeral makes it one in a row.
fn is_ordinal(before: &str) -> bool {
    before.trim_end_matches(|c: char| NUMERALS.contains(c)).ends_with('第')
}

/// Whether a 一 is part of a word and counts nothing: 统一部署, 同一个平台, 一次性完成, 一部分, 一户一策.
fn is_no_one(before: &str, behind: &str) -> bool {
    const WORDS: [&str; 8] = ["次性", "部分", "度", "面", "片", "条龙", "条心", "段时间"];
    before.ends_with(['统', '唯', '单', '同', '专', '划', '归', '逐', '之', '不'])
        || WORDS.iter().any(|word| behind.starts_with(word))
        || (behind.starts_with('批') && !behind.starts_with("批次"))
        || behind.chars().nth(1) == Some('一')
}

/// Whether the unit is one of money, also by the piece: `元/亩`.
pub(super) fn is_money(unit: &str) -> bool {
    let unit = unit.split('/').next().unwrap_or(unit);
    matches!(unit, "元" | "万" | "万元" | "千元" | "亿元" | "亿")
}

/// An amount of money in 万元; `None` where the unit is no plain unit of money.
pub(super) fn in_wan(number: Decimal, unit: &str) -> Option<Decimal> {
    match unit {
        "元" => Some(number / Decimal::from(10_000)),
        "千元" => Some(number / Decimal::TEN),
        "万" | "万元" => Some(number),
        "亿" | "亿元" => number.checked_mul(Decimal::from(10_000)),
        _ => None,
    }
}

/// Whether the place for a reason is blank or holds nothing that explains.
pub(super) fn lacks_reason(ctx: &Context<'_>, reason: Option<&Field>) -> bool {
    let Some(field) = reason.filter(|field| field.is_filled()) else {
        return true;
    };
    let text = squeeze(field.text());
    let text = text.trim_end_matches('。');
    parse_number(text).is_some() || ctx.policy.words.empty_reasons.iter().any(|word| squeeze(word) == text)
}

/// The cells of these columns in the row, for `related`.
pub(super) fn cells(row: &Row, columns: &[&str]) -> Vec<CellRef> {
    columns.iter().filter_map(|id| row.at(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_template_put_before_a_name_is_dropped() {
        for text in ["指标1：培训人数", "指标1培训人数", "*培训人数", "★ 培训人数", "1.培训人数"]
        {
            assert_eq!(bare_name(text), "培训人数", "{text}");
        }
    }

    #[test]
    fn a_numeral_that_is_part_of_a_word_is_no_figure() {
        let units =
            ["次", "部", "批", "批次", "个", "季度", "户", "项", "年", "度", "元", "分", "家"].map(str::to_owned);
        for text in
            ["三次", "共一次", "完成两批", "一批次", "每户四元", "百分之百", "三分之二", "一年一次", "12次", "十二次"]
        {
            assert!(has_figure(text, &units), "{text}");
        }
        for text in [
            "一次性完成",
            "统一部署",
            "同一个平台",
            "一部分完成",
            "建成一批",
            "第一季度完成",
            "第十二批已发",
            "一户一策",
            "一年一度",
            "完全一致",
            "惠及千家万户",
            "符合八项规定",
            "十分满意",
        ] {
            assert!(!has_figure(text, &units), "{text}");
        }
    }

    #[test]
    fn an_efficiency_is_no_rate() {
        assert!(is_rate("验收合格率100%") && is_rate("满意度（≥95%）") && is_rate("满意度%"));
        assert!(!is_rate("资金使用效率") && !is_rate("培训人数"));
    }
}
