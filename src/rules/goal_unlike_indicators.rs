//! L123 goal-unlike-indicators: not one indicator has a word in common with the goal.

use std::collections::BTreeSet;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L123",
    name: "goal-unlike-indicators",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "财预〔2015〕88号（绩效目标应当相互匹配）；实务",
    summary: "年度目标与指标说的不像是一件事",
    docs: "\
## 检查什么

年度目标和项目名称里的词，没有一个在任何三级指标的名称、指标值、指标解释里出现（“项目、资金、完成、服务、满意、及时”等通用的词不算）。目标太短、指标不到 4 个的不查。只作提示，是不是一件事由人判断。

## 为什么

指标应当从目标分解出来；一个词都对不上，多半是套用了别的项目的表。

## 正反例

- 反例：目标“为中小学生提供营养餐”，指标全是河道清淤、堤防加固
- 正例：目标“清淤河道12公里”，指标有`河道清淤长度`

## 怎么改

核对目标和指标是不是同一个项目的；是的，在指标名称里写明做的是什么事。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

/// Fewer indicators, or characters of a goal, prove nothing.
const FEWEST: usize = 4;
const SHORTEST: usize = 16;
/// Words that stand on every form.
const COMMON: [&str; 40] = [
    "项目", "资金", "预算", "完成", "工作", "开展", "实施", "保障", "服务", "对象", "满意", "及时", "合格", "达标",
    "质量", "数量", "成本", "效益", "社会", "经济", "生态", "持续", "影响", "群众", "提高", "提升", "促进", "加强",
    "改善", "年度", "目标", "指标", "计划", "管理", "建设", "发展", "有效", "使用", "支出", "情况",
];

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let (Some(goal), Some(table)) = (record.field(field::GOAL), indicator::table(ctx, &[column::LEVEL3])) else {
        return Verdict::NotApplicable;
    };
    let text = squeeze(goal.text());
    let named: Vec<_> =
        table.rows.iter().filter_map(|row| row.cell(column::LEVEL3)).filter(|f| f.is_filled()).collect();
    if !goal.is_filled() || text.chars().count() < SHORTEST || named.len() < FEWEST {
        return Verdict::InsufficientData;
    }
    let mut words = pairs(&text);
    words.extend(record.filled(field::PROJECT).map(pairs).unwrap_or_default());
    let said = table.rows.iter().flat_map(|row| {
        [column::LEVEL3, column::TARGET, "description", "standard", "note"].into_iter().filter_map(|id| row.filled(id))
    });
    if words.is_empty() || said.map(pairs).any(|pairs| !pairs.is_disjoint(&words)) {
        return Verdict::Checked(Vec::new());
    }
    let (Some(first), Some(last)) = (named.first(), named.last()) else { return Verdict::InsufficientData };
    Verdict::Checked(vec![Fault {
        cell: Some(goal.cell()),
        related: named.iter().map(|name| name.cell()).collect(),
        found: Some(excerpt(goal.text(), 60)),
        message: format!(
            "{}说的是“{}”，{}—{} 的 {} 个指标（“{}”等）没有一个说到它",
            phrase::at(goal.cell(), phrase::field_label(ctx.form, field::GOAL)),
            excerpt(goal.text(), 20),
            first.cell(),
            last.cell(),
            named.len(),
            excerpt(first.text(), 16),
        ),
        advice: "核对目标和指标是不是同一个项目的；是的，在指标名称里写明做的是什么事。".to_owned(),
        ..Fault::default()
    }])
}

/// The pairs of neighbouring 汉字 that are no common words, nor reach over into one: of `项目资金` none is left.
fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let mut bare = squeeze(text);
    for word in COMMON {
        bare = bare.replace(word, " ");
    }
    let is_han = |c: char| matches!(c, '一'..='鿿');
    bare.chars().zip(bare.chars().skip(1)).filter(|(a, b)| is_han(*a) && is_han(*b)).collect()
}
