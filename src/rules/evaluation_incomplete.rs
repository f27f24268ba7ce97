//! C321: an evaluation of the plan is under way or done, and who does it, or whether its result is public, is not said.

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row, Table};
use crate::schema::{ColumnSpec, Stage, TableSpec};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "C321",
    name: "evaluation-incomplete",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "财预〔2020〕10号（绩效评价由财政部门、预算部门或委托第三方机构组织实施，评价结果应当公开）",
    summary: "评价已开展或已完成，没有填评价机构或是否公开",
    docs: "
## 检查什么
重点评价计划表的每一行：完成情况填“进行中”“已完成”的，有没有填评价机构；填“已完成”的，有没有填是否公开。填“未开展”的，不查。

## 为什么
评价做没做完、由谁做、结果公开没有，是重点评价情况统计的三个数；缺一项，这一行就不能计入。

## 正反例
- 反例：完成情况“已完成”，评价机构空着。
- 正例：完成情况“已完成”，评价机构“澄衡会计师事务所”，是否公开“是”。

## 怎么改
补填评价机构；财政部门自行评价的，填财政部门名称。已完成的补填结果是否公开。

## 依据
财预〔2020〕10号 项目支出绩效评价管理办法。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if form.schema.stage != Stage::Evaluation {
        return Verdict::NotApplicable;
    }
    let found = form.record.tables.get("plan").zip(form.schema.table("plan"));
    let Some((table, spec)) = found else { return Verdict::NotApplicable };
    let Some(status) = spec.column("status").filter(|_| table.has("status")) else { return Verdict::NotApplicable };
    if table.rows.is_empty() {
        return Verdict::InsufficientData;
    }
    Verdict::Checked(table.rows.iter().flat_map(|row| of_row(row, table, spec, status)).collect())
}

fn of_row(row: &Row, table: &Table, spec: &TableSpec, status: &ColumnSpec) -> Vec<Fault> {
    let said = row.cell("status").and_then(|field| Some((field, field.reading.value()?.to_string())));
    let Some((field, said)) = said else { return Vec::new() };
    let due: &[&str] = match status.choice(&said).map(|choice| choice.id.as_str()) {
        Some("done") => &["agency", "published"],
        Some("under_way") => &["agency"],
        _ => &[],
    };
    let lacks = |id: &&&str| table.has(id) && row.cell(id).is_none_or(|cell| !cell.is_filled());
    due.iter().filter(lacks).filter_map(|id| fault(row, field, &said, spec.column(id)?, table)).collect()
}

fn fault(row: &Row, status: &Field, said: &str, column: &ColumnSpec, table: &Table) -> Option<Fault> {
    let head = table.columns.get(&column.id)?;
    let cell = row.at(&column.id).unwrap_or_else(|| CellRef::new(row.row, head.cell.col));
    let object = row.filled("object").map(|name| format!("（{}）", excerpt(name.trim(), 20))).unwrap_or_default();
    Some(Fault {
        cell: Some(cell),
        related: vec![status.cell()],
        message: format!("{}{object}未填，而 {} 填“{said}”", phrase::at(cell, &head.label), status.cell()),
        advice: match column.id.as_str() {
            "agency" => "补填评价机构；财政部门自行评价的，填财政部门名称。".to_owned(),
            _ => "补填评价结果是否公开。".to_owned(),
        },
        ..Fault::default()
    })
}
