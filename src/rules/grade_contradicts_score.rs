//! A207: the grade a unit gives itself is not that of its total score.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::policy::Band;
use crate::schema::concept::field;
use crate::text::squeeze;
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "A207",
    name: "grade-contradicts-score",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号（90 分以上为优，80—90 为良，60—80 为中，60 分以下为差）",
    summary: "自评等级与总分不一致",
    docs: "
## 检查什么
总分行所填的自评等级是否与总分相符：90 分（含）以上优，80—90 分（含 80）良，60—80 分（含 60）中，60 分以下差。等级不是这四个字的，不判断。分界不同的地方，可在表样的 `[rules.grade-contradicts-score]` 中设 `excellent`、`good`、`fair`。

## 为什么
等级是结果应用和公开的依据，评分与等级不符是复核的扣分项。

## 正反例
- 反例：总分 86，等级填“优”。
- 正例：总分 96，等级填“优”。

## 怎么改
按总分改正等级；总分有误的先改总分。
修改建议：等级改为与总分相符的。

## 依据
财预〔2020〕10号 评价等级划分。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(grade), Some(score)) = (form.record.field(field::TOTAL_GRADE), points::total_score(form)) else {
        return Verdict::NotApplicable;
    };
    let (Some(given), Some(total)) = (grade_in(grade.text()), score.number()) else { return Verdict::InsufficientData };
    let edge = |key, default: i64| form.schema.setting(RULE.name, key).unwrap_or_else(|| Decimal::from(default));
    let (excellent, good, fair) = (edge("excellent", 90), edge("good", 80), edge("fair", 60));
    let due = match total {
        total if total >= excellent => Band::Excellent,
        total if total >= good => Band::Good,
        total if total >= fair => Band::Fair,
        _ => Band::Poor,
    };
    if due == given {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(grade.cell()),
        related: vec![score.cell()],
        found: Some(grade.text().to_owned()),
        expected: Some(due.title().to_owned()),
        message: format!(
            "{}填“{}”，{} 总分 {} 应为“{}”（{} 分起优、{} 分起良、{} 分起中）",
            phrase::at(grade.cell(), phrase::field_label(form, field::TOTAL_GRADE)),
            given.title(),
            score.cell(),
            phrase::plain(total),
            due.title(),
            phrase::plain(excellent),
            phrase::plain(good),
            phrase::plain(fair),
        ),
        advice: format!("把等级改为“{}”；总分有误的先改总分。", due.title()),
        fix: fix::suggested([(grade, Value::Text(due.title().to_owned()))]),
        ..Fault::default()
    }])
}

fn grade_in(text: &str) -> Option<Band> {
    match squeeze(text).as_str() {
        "优" | "优秀" => Some(Band::Excellent),
        "良" | "良好" => Some(Band::Good),
        "中" | "中等" => Some(Band::Fair),
        "差" | "较差" => Some(Band::Poor),
        _ => None,
    }
}
