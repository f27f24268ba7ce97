//! A105: weight or score typed into a part row of the money block, where the form prints `—`.

use super::{Check, Context, Fault, Rule, Verdict, funding, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, GridRow, Reading};
use crate::schema::concept::amount;
use crate::text::{excerpt, label_key};

pub(super) static RULE: Rule = Rule {
    code: "A105",
    name: "points-beside-dash",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（分项资金的分值、得分栏印“—”，不计分）",
    summary: "不计分的分项资金行填了分值或得分",
    docs: "
## 检查什么
资金栏的分值、得分只在资金总额行填写，分项行印“—”。同一栏别的分项行还留着“—”，而某个分项行（财政拨款、上年结转、其他资金）填了数的，指出来；资金总额行空着的，多半是填低了一行。整栏没有“—”的表，不判断。

## 为什么
“—”表示不计分。分项行再填分值、得分，汇总时会重复计分，总分也容易错。

## 正反例
- 反例：资金总额行分值 10，财政拨款行分值又填 10，其他资金行是“—”。
- 正例：资金总额行分值 10，各分项行都是“—”。

## 怎么改
分项行恢复为“—”；总额行空着的，把数填到总额行。

## 依据
财预〔2020〕10号 附件1 项目支出绩效自评表“项目资金”栏。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let parts: Vec<&GridRow> = funding::groups(form).into_iter().flat_map(|group| group.parts).collect();
    let Some(main) = funding::main_row(form).filter(|_| !parts.is_empty()) else { return Verdict::NotApplicable };
    let mut concerned = false;
    let mut faults = Vec::new();
    for id in [amount::WEIGHT, amount::SCORE] {
        let cells = || parts.iter().filter_map(|row| Some((*row, row.cells.get(id)?)));
        let total = main.cells.get(id);
        // A cell merged with that of the total is the total's.
        let own = |field: &Field| total.is_none_or(|total| total.cell() != field.cell());
        // Where the total has a dash too, the form scores another row.
        let is_scored = total.is_some_and(|total| total.is_blank() || total.number().is_some());
        if !is_scored || !cells().any(|(_, field)| field.reading == Reading::NotApplicable) {
            continue;
        }
        concerned = true;
        let filled = cells().filter(|(_, field)| field.number().is_some_and(|n| !n.is_zero()) && own(field));
        faults.extend(filled.map(|(row, field)| fault(form, id, row, field, total)));
    }
    if concerned { Verdict::Checked(faults) } else { Verdict::NotApplicable }
}

fn fault(form: &Form, id: &str, row: &GridRow, field: &Field, total: Option<&Field>) -> Fault {
    let total_is_blank = total.is_some_and(Field::is_blank);
    let at_total = total.map(Field::cell);
    let (told, advice) = match at_total.filter(|_| total_is_blank) {
        Some(at) => (
            format!("，资金总额行的 {at} 却空着，像是填低了一行"),
            format!("把 {} 填到 {at}，{} 改回“—”。", field.text().trim(), field.cell()),
        ),
        None => (
            total.map(|total| format!("，资金总额行已填 {}", phrase::term(total))).unwrap_or_default(),
            format!("把 {} 改回“—”，只在资金总额行计分。", field.cell()),
        ),
    };
    Fault {
        cell: Some(field.cell()),
        related: at_total.into_iter().collect::<Vec<CellRef>>(),
        found: Some(field.text().to_owned()),
        expected: Some("—".to_owned()),
        message: format!(
            "{}填 {}，分项资金不计分，别的分项行印的是“—”{told}",
            phrase::at(
                field.cell(),
                &format!("{}·{}", excerpt(&label_key(&row.label.text), 12), phrase::amount_label(form, id))
            ),
            field.text().trim(),
        ),
        advice,
        ..Fault::default()
    }
}
