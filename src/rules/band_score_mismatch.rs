//! A206: a qualitative result names one band, its score lies in another.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, phrase, scores_as_shares};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "A206",
    name: "band-score-mismatch",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（定性指标分三档：100%—80%（含）、80%—60%（含）、60%—0%）；本地口径 scoring.bands",
    summary: "定性指标的得分与完成档次不一致",
    docs: "
## 检查什么
完成情况按三档填写的（达成年度指标；部分达成年度指标并具有一定效果；未达成年度指标且效果较差，以及各地的同义写法），得分占分值的比例是否落在该档。正好在分界线上的，归上档、归下档都可以。完成情况没有用三档写法的，不判断。

## 为什么
定性指标没有公式，档次就是计分的依据。

## 正反例
- 反例：完成情况“部分达成预期指标并具有一定效果”，分值 10，得分 10。
- 正例：完成情况“达成预期指标”，分值 10，得分 9。

## 怎么改
核实完成情况属于哪一档，再在该档之内给分。
修改建议：得分改到该档最近的一端，总分原来与各项相符的一并改。

## 依据
财预〔2020〕10号 项目支出绩效自评表填表说明；湖北等地 80/50 的分界见口径文件。
",
    check: Check::Form(check),
};

/// The bands, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Full,
    Partial,
    Poor,
}

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = context.form.record.indicators() else { return Verdict::NotApplicable };
    let rows: Vec<(&Row, Effect)> =
        table.rows.iter().filter_map(|row| Some((row, effect_in(row.filled(column::ACTUAL)?)?))).collect();
    if rows.is_empty() || !table.has(column::SCORE) || !table.has(column::WEIGHT) {
        return Verdict::NotApplicable;
    }
    if scores_as_shares::tells(table) {
        return Verdict::InsufficientData;
    }
    let judged: Vec<_> = rows.into_iter().filter_map(|(row, effect)| judge(context, row, effect)).collect();
    if judged.is_empty() { Verdict::InsufficientData } else { Verdict::Checked(judged.into_iter().flatten().collect()) }
}

/// The band that the words name; only the wordings of domain.md §2.5, nothing that is merely like them.
pub(super) fn effect_in(actual: &str) -> Option<Effect> {
    const OBJECTS: [&str; 6] = ["年度指标", "预期指标", "年度目标", "预期目标", "目标", "指标"];
    let text = squeeze(actual);
    let verb = |verbs: &[&str]| {
        verbs
            .iter()
            .find_map(|verb| text.strip_prefix(verb))
            .and_then(|rest| OBJECTS.iter().find_map(|o| rest.strip_prefix(o)))
    };
    // 财预〔2020〕10号 names the first band 全部或基本达成预期指标.
    let full = ["全部或基本达成", "全部或者基本达成", "基本达成", "全部达成", "已达成", "达成"];
    if verb(&["部分达成", "部分完成"]).is_some() {
        return Some(Effect::Partial);
    }
    if verb(&["未达成", "未完成", "未达到"]).is_some_and(|rest| rest.contains("效果较差")) {
        return Some(Effect::Poor);
    }
    verb(&full).is_some_and(str::is_empty).then_some(Effect::Full)
}

fn judge(context: &Context<'_>, row: &Row, effect: Effect) -> Option<Option<Fault>> {
    let (weight, score) = (row.cell(column::WEIGHT)?, row.cell(column::SCORE)?);
    let (w, s) = (weight.number()?, score.number()?);
    let [full, partial] = context.policy.scoring.bands.map(|share| share * w);
    let [high, low] = context.policy.scoring.bands;
    let (from, to, shares) = match effect {
        Effect::Full => (full, w, [high, Decimal::ONE]),
        Effect::Partial => (partial, full, [low, high]),
        Effect::Poor => (Decimal::ZERO, partial, [Decimal::ZERO, low]),
    };
    let [least, most] = shares.map(phrase::percent);
    // More than the weight is another rule's fault.
    if s > w || (from..=to).contains(&s) {
        return Some(None);
    }
    let actual = row.cell(column::ACTUAL)?;
    let range = format!("{}～{}", phrase::plain(from), phrase::plain(to));
    let nearest = if s < from { from } else { to };
    Some(Some(Fault {
        cell: Some(score.cell()),
        related: vec![actual.cell(), weight.cell()],
        found: Some(score.text().to_owned()),
        expected: Some(range.clone()),
        difference: Some(phrase::plain(s - nearest)),
        message: format!(
            "{}填 {}，{}“{}”对应的得分为 {} × {least}～{most} = {range}",
            phrase::column_at(context.form, score, column::SCORE),
            phrase::plain(s),
            actual.cell(),
            excerpt(actual.text(), 20),
            phrase::term(weight),
        ),
        advice: format!("核实完成情况属于哪一档；档次没有错的，把 {} 改到 {range} 之间。", score.cell()),
        fix: fix::score(context.form, score, nearest),
        ..Fault::default()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_three_official_wordings_name_a_band() {
        assert_eq!(effect_in("达成年度指标"), Some(Effect::Full));
        assert_eq!(effect_in("部分达成目标并具有一定效果"), Some(Effect::Partial));
        assert_eq!(effect_in("未完成预期指标且效果较差"), Some(Effect::Poor));
        assert_eq!(effect_in("全部或基本达成预期指标"), Some(Effect::Full));
        assert_eq!(effect_in("达成预期指标的80%"), None);
        assert_eq!(effect_in("基本完成"), None);
    }
}
