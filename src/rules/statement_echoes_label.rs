//! L305: what was to be described is said to be good, in the words of the label.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::FieldKind;
use crate::text::{excerpt, label_key};

pub(super) static RULE: Rule = Rule {
    code: "L305",
    name: "statement-echoes-label",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "转移支付绩效目标自评表“资金管理情况”栏；实务",
    summary: "情况说明只重复了栏目名称",
    docs: "
## 检查什么
资金管理情况一类逐项说明的栏目，情况说明是不是只把栏目名称倒过来说一遍（“资金分配科学”“拨付合规”），没有写任何事实。有数字、时间、文件、做法的，不查。

## 为什么
说明要让人知道钱怎么分、何时到、怎么管。只说“科学”“合规”，等于没有说明。

## 正反例
- 反例：分配科学性——“资金分配科学”。
- 正例：分配科学性——“按各街道在册人数和补助标准测算，经局党组会议集体研究后分配”。

## 怎么改
写明做法、依据、时间和结果。

## 依据
公开的转移支付绩效目标自评表；实务。
",
    check: Check::Form(check),
};

/// Words that praise, or name the matter itself, without telling anything.
const PRAISE: [&str; 28] = [
    "符合要求",
    "符合规定",
    "按照要求",
    "按照规定",
    "按要求",
    "按规定",
    "科学",
    "合理",
    "及时",
    "合规",
    "规范",
    "准确",
    "到位",
    "良好",
    "较好",
    "有效",
    "完善",
    "严格",
    "全部",
    "已经",
    "能够",
    "做到",
    "资金",
    "情况",
    "使用",
    "进行",
    "执行",
    "管理",
];

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let mut looked = false;
    let mut faults = Vec::new();
    for spec in &form.schema.grids {
        let Some(grid) = form.record.grids.get(&spec.id) else { continue };
        for column in spec.columns.iter().filter(|column| column.required && column.kind == FieldKind::Text) {
            looked = true;
            let echoes: Vec<&Field> = grid
                .rows
                .iter()
                .filter_map(|row| row.cells.get(&column.id).filter(|field| is_echo(field, &row.label.text)))
                .collect();
            faults.extend(indicator::once(&echoes, |first| Fault {
                expected: Some("做法、依据、时间和结果".to_owned()),
                message: format!(
                    "{}只写“{}”，是栏目名称的重复，没有说明事实",
                    phrase::at(first.cell(), &column.label),
                    excerpt(first.text(), 20)
                ),
                advice: "逐项写明怎么做的、依据什么、什么时间、结果如何。".to_owned(),
                ..Fault::default()
            }));
        }
    }
    if looked { Verdict::Checked(faults) } else { Verdict::NotApplicable }
}

/// Whether nothing is left of a short text once the words of its label and those of praise are taken away.
fn is_echo(field: &Field, label: &str) -> bool {
    let mut rest = label_key(field.text());
    if !field.is_filled() || rest.chars().count() > 20 {
        return false;
    }
    for word in PRAISE {
        rest = rest.replace(word, "");
    }
    let label = label_key(label);
    rest.chars().all(|c| label.contains(c) || "的地得了均都已较很性".contains(c))
}
