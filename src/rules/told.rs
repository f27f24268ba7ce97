//! What running text tells in figures: `培训村医12期600人，考核合格率95%以上` tells of 12 期, 600 人 and 95 %.
//!
//! It reads texts and pairs their figures with indicators by unit and name; it finds no faults.

use rust_decimal::Decimal;

use super::{Context, Fault, Verdict, indicator};
use crate::form::{Field, Row, Table};
use crate::schema::concept::column;
use crate::text::squeeze;
use crate::value::{Measure, parse_number};

/// A figure of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// As written: `1.2万人`.
    pub(super) text: String,
    /// The number, `万` multiplied out.
    pub(super) number: Decimal,
    /// The unit, one spelling for all: 人 for 名 and 位.
    pub(super) unit: String,
    /// What its clause says before it, without other figures: `培训村医`.
    pub(super) before: String,
    /// Its clause, without figures.
    pub(super) clause: String,
    /// What the clause says behind it, as far as the next figure: `乡镇和街道` of `11个乡镇和街道`.
    pub(super) behind: String,
}

/// The figures with a known unit, clause by clause. Dates, years, list numbers and figures that are part of a name have
/// none.
pub(super) fn figures(text: &str, units: &[String]) -> Vec<Told> {
    if !indicator::has_digit(text) {
        return Vec::new();
    }
    let squeezed = squeeze(text);
    let ends = |c: char| matches!(c, ',' | ';' | '。' | '、' | '!' | '?' | ':' | '(' | ')');
    let clauses = squeezed.split(ends).filter(|clause| indicator::has_digit(clause));
    clauses.flat_map(|clause| of_clause(clause, units)).collect()
}

fn of_clause(clause: &str, units: &[String]) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    let (mut before, mut rest) = (String::new(), clause);
    let of_number = |c: char| c.is_ascii_digit() || c == '.';
    while !rest.is_empty() {
        let words = rest.find(of_number).unwrap_or(rest.len());
        let (said, figure) = rest.split_at(words);
        before.push_str(said);
        let (written, behind) = figure.split_at(figure.find(|c| !of_number(c)).unwrap_or(figure.len()));
        let joined = before.ends_with(|c: char| c.is_ascii_alphanumeric() || "第-—~〔".contains(c));
        if let Some(number) = parse_number(written).filter(|_| !joined)
            && let Some((factor, unit, length)) = unit(behind, units)
            && let Some(number) = number.checked_mul(factor)
        {
            let text = format!("{written}{}", behind.get(..length).unwrap_or_default());
            rest = behind.get(length..).unwrap_or_default();
            let behind = rest.chars().take_while(|c| !c.is_ascii_digit()).collect();
            found.push(Told { text, number, unit, before: before.clone(), clause: String::new(), behind });
        } else {
            before.push_str(written);
            rest = behind;
        }
    }
    for told in &mut found {
        told.clause.clone_from(&before);
    }
    found
}

/// Judges the figures of a field's text beside the indicators. A form without that field or these columns is not concerned,
/// a blank field or a table without rows gives no data.
pub(super) fn judge(
    ctx: &Context<'_>,
    id: &str,
    columns: &[&str],
    judge: impl Fn(&Field, &Table, &[Told]) -> Vec<Fault>,
) -> Verdict {
    let (Some(field), Some(table)) = (ctx.form.record.field(id), indicator::table(ctx, columns)) else {
        return Verdict::NotApplicable;
    };
    if !field.is_filled() || table.rows.is_empty() {
        return Verdict::InsufficientData;
    }
    Verdict::Checked(judge(field, table, &figures(field.text(), &ctx.policy.words.units)))
}

/// The unit at the start of a text with its factor and length; the longest that fits. Parts of dates are none.
fn unit(text: &str, units: &[String]) -> Option<(Decimal, String, usize)> {
    const DATES: [&str; 4] = ["年", "月", "日", "号"];
    let longest = units.iter().filter(|unit| text.starts_with(unit.as_str())).max_by_key(|unit| unit.len())?;
    let per = |rest: &str| rest.strip_prefix('/').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    if DATES.contains(&longest.as_str()) || text.get(longest.len()..).is_some_and(per) {
        return None;
    }
    let (factor, plain) = plain(longest);
    Some((factor, plain, longest.len()))
}

/// A unit in its usual spelling, with what `万` makes of it: `万人` is 10 000 of `人`.
fn plain(unit: &str) -> (Decimal, String) {
    let (factor, base) = match unit.strip_prefix('万') {
        Some(base) if !base.is_empty() && base != "元" => (Decimal::from(10_000), base),
        _ => (Decimal::ONE, unit),
    };
    let base = match base {
        "名" | "位" => "人",
        "㎡" | "m²" => "平方米",
        "千米" => "公里",
        "场次" => "场",
        "班次" | "班" => "期",
        "批次" => "批",
        "百分比" => "%",
        base => base,
    };
    (factor, base.to_owned())
}

/// A value of an indicator in the same spelling; `None` where it has no unit.
pub(super) fn value(measure: &Measure) -> Option<(Decimal, String)> {
    let (factor, unit) = plain(measure.unit.as_deref()?);
    Some((measure.number.checked_mul(factor)?, unit))
}

/// Whether a unit counts things: not money, not time, not a share.
pub(super) fn counts(unit: &str) -> bool {
    const TIMES: [&str; 12] =
        ["天", "工作日", "个工作日", "周", "个月", "季度", "小时", "分钟", "秒", "日前", "月底前", "学时"];
    const VAGUE: [&str; 9] = ["倍", "级", "类", "度", "分", "版", "M", "字", "村"];
    !indicator::is_money(unit) && unit != "%" && !TIMES.contains(&unit) && !VAGUE.contains(&unit)
}

/// Whether the clause speaks of something else than this year's target: a share, a total of years, what was there before.
pub(super) fn is_aside(told: &Told) -> bool {
    const ASIDE: [&str; 39] = [
        "年时间",
        "年内",
        "上半年",
        "下半年",
        "季度",
        "其中",
        "累计",
        "每",
        "年均",
        "人均",
        "户均",
        "平均",
        "上年",
        "去年",
        "往年",
        "历年",
        "较",
        "同比",
        "比",
        "提高",
        "提升",
        "下降",
        "增长",
        "降低",
        "减少",
        "现有",
        "共有",
        "原有",
        "截至",
        "辖",
        "全区",
        "全县",
        "全市",
        "三年",
        "五年",
        "规划",
        "实施期",
        "剩余",
        "以来",
    ];
    ASIDE.iter().any(|word| told.clause.contains(word))
}

/// Whether the figure tells where or for whom the work is done rather than how much of it: `覆盖11个乡镇`, `3个场馆`.
pub(super) fn is_scope(told: &Told) -> bool {
    const PLACES: [&str; 22] = [
        "乡",
        "镇",
        "街道",
        "村",
        "社区",
        "场馆",
        "单位",
        "部门",
        "科室",
        "学校",
        "卫生院",
        "县",
        "区",
        "市",
        "方面",
        "环节",
        "阶段",
        "季度",
        "类",
        "园区",
        "中队",
        "站所",
    ];
    matches!(told.unit.as_str(), "个" | "家" | "所") && PLACES.iter().any(|place| told.behind.starts_with(place))
}

/// Whether the figure is said of what an indicator's name speaks of, by the [stem](indicator::stem) of that: the name without
/// its closing `人数`, `数量` stands in what precedes the figure, with gaps, or the other way round. Shares must end alike:
/// 合格率 is no 及时率.
fn is_of(told: &Told, stem: &str) -> bool {
    let core = core(stem, &told.unit);
    let said = trimmed(&told.before);
    if told.unit == "%" {
        let last = |text: &str| text.chars().rev().take(3).collect::<String>();
        // 完成率102% is said of the whole, not of one indicator.
        let own = said.chars().count() >= 3
            && core.chars().count() >= 3
            && said != "完成率"
            && !WHOLE.iter().any(|rate| said.ends_with(rate));
        return own && last(said) == last(core) && (is_within(core, said) || is_within(said, core));
    }
    match core.chars().count() {
        0 | 1 => false,
        // Two characters say little: they must stand together, close to the figure.
        2 => said.contains(core) && said.chars().count() <= 8,
        _ => is_within(core, said),
    }
}

/// Rates of the project as a whole.
const WHOLE: [&str; 4] = ["总体完成率", "任务完成率", "目标完成率", "执行率"];

/// `培训村医人数` counted in 人 speaks of 培训村医.
fn core<'a>(stem: &'a str, unit: &str) -> &'a str {
    let mut core = stem;
    if unit != "%" {
        for end in ["数量", "总数", "规模", "面积", "长度", "里程", "数"] {
            core = core.strip_suffix(end).unwrap_or(core);
        }
        for end in [unit, "人次", "人", "场次", "次", "户", "个"] {
            core = core.strip_suffix(end).unwrap_or(core);
        }
    }
    core
}

/// What is said before a figure, without the words that lead to it.
fn trimmed(before: &str) -> &str {
    let mut said = before;
    loop {
        let shorter = [
            "不低于",
            "不少于",
            "不超过",
            "达到",
            "控制在",
            "保持在",
            "超过",
            "达",
            "为",
            "共",
            "约",
            "至",
            "在",
            "≥",
            "≤",
            ">",
            "<",
            "=",
        ]
        .iter()
        .find_map(|word| said.strip_suffix(word));
        match shorter {
            Some(rest) => said = rest,
            None => return said,
        }
    }
}

/// Whether the characters of one text stand in the other in their order.
fn is_within(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|other| other == c))
}

/// A figure of a text that the only indicator of its name gives another value.
#[derive(Debug)]
pub(super) struct Differs<'a> {
    pub(super) told: Told,
    pub(super) row: &'a Row,
    pub(super) value: &'a Measure,
}

/// The figures that differ from the values that `pick` takes from the rows. Silent where the text also tells the
/// indicator's own value, where another indicator or a sum of some has the figure, or where two indicators could be meant.
pub(super) fn differences<'a>(
    told: &[Told],
    rows: &'a [Row],
    pick: impl Fn(&'a Row) -> Option<&'a Measure>,
) -> Vec<Differs<'a>> {
    if told.is_empty() {
        return Vec::new();
    }
    let values: Vec<(&Row, &Measure, Decimal, String)> = rows
        .iter()
        .filter_map(|row| {
            let measure = pick(row)?;
            let (number, unit) = value(measure)?;
            Some((row, measure, number, unit))
        })
        .collect();
    let stems: Vec<Option<String>> =
        values.iter().map(|(row, ..)| indicator::name(row).map(|name| indicator::stem(&name))).collect();
    let speaks_of =
        |told: &Told, at: usize| stems.get(at).is_some_and(|stem| stem.as_ref().is_some_and(|stem| is_of(told, stem)));
    let is_said = |number: Decimal, unit: &str| told.iter().any(|t| t.number == number && t.unit == unit);
    let mut found: Vec<Differs<'a>> = Vec::new();
    for figure in told.iter().filter(|told| (counts(&told.unit) || told.unit == "%") && !is_aside(told)) {
        let named: Vec<_> = values
            .iter()
            .enumerate()
            .filter(|(at, (.., unit))| *unit == figure.unit && speaks_of(figure, *at))
            .collect();
        let [(at, (row, measure, number, unit))] = named[..] else { continue };
        let same: Vec<Decimal> =
            values.iter().filter(|(.., other)| *other == figure.unit).map(|(_, _, number, _)| *number).collect();
        let elsewhere = if figure.unit == "%" { *number == figure.number } else { is_sum(figure.number, &same) };
        // `上半年300人，下半年300人` tells of 600 in two parts.
        let parts = told.iter().filter(|t| t.unit == figure.unit && speaks_of(t, at));
        let parts: Decimal = parts.map(|part| part.number).sum();
        let again = found.iter().any(|other| std::ptr::eq(other.row, *row));
        if !elsewhere && !again && parts != *number && !is_said(*number, unit) {
            found.push(Differs { told: figure.clone(), row, value: measure });
        }
    }
    found
}

/// Whether a figure is one of the values, the sum of two, or the sum of all.
pub(super) fn is_sum(figure: Decimal, values: &[Decimal]) -> bool {
    let pairs = || values.iter().enumerate().any(|(at, a)| values.iter().skip(at + 1).any(|b| *a + *b == figure));
    values.contains(&figure) || values.iter().copied().sum::<Decimal>() == figure || pairs()
}

/// The name of a row for messages.
pub(super) fn name_of(row: &Row) -> String {
    row.filled(column::LEVEL3).map(indicator::bare_name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Vec<String> {
        ["人", "名", "期", "%", "个", "个月", "万人", "座", "公里", "万元", "年", "月", "日", "元"]
            .map(str::to_owned)
            .to_vec()
    }

    fn told(text: &str) -> Vec<String> {
        figures(text, &units()).iter().map(|told| format!("{}{}", told.number.normalize(), told.unit)).collect()
    }

    #[test]
    fn figures_are_read_with_their_units_and_dates_are_none() {
        assert_eq!(told("2023年12月底前，培训村医 12 期 600 名，考核合格率 95%以上。"), ["12期", "600人", "95%"]);
        assert_eq!(told("受益1.2万人"), ["12000人"]);
        assert_eq!(told("目标1：第3期建设5G基站，〔2023〕12号，12345热线，6元/人"), Vec::<String>::new());
    }

    #[test]
    fn a_figure_is_said_of_the_indicator_whose_name_precedes_it() {
        let is_of = |text: &str, name: &str| is_of(&figures(text, &units()).remove(0), &indicator::stem(name));
        assert!(is_of("新建农村公厕12座", "新建公厕数量"));
        assert!(is_of("培训500人", "培训人数"));
        assert!(is_of("群众满意度达到95%以上", "受益群众满意度"));
        assert!(!is_of("考核合格率95%", "按期完成率"));
        assert!(!is_of("受益群众500人", "培训人数"));
    }
}
