//! 抽查名单: the departments' shares and what was drawn, with the reason of each.

use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_xlsxwriter::XlsxError;

use super::page::{self, Head};
use super::sheets;
use super::table::{Block, Cell, Line, Table};
use super::tables::{list, numbered, or_unnamed, summary};
use crate::coverage::{Draw, Drawn, Quota, Sample};

/// Writes the list as a workbook.
///
/// # Errors
/// What the writer reports.
pub fn write(sample: &Sample<'_>, draw: &Draw<'_>, out: &mut dyn Write) -> io::Result<()> {
    let bytes = build(sample, draw).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(sample: &Sample<'_>, draw: &Draw<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook("绩效自评抽查名单")?;
    sheets::write(&mut workbook, &[departments(sample, draw), drawn(sample)])?;
    workbook.save_to_buffer()
}

fn departments(sample: &Sample<'_>, draw: &Draw<'_>) -> Table {
    const HEADS: [Head; 6] =
        [("序号", 6), ("部门", 30), ("个数", 12), ("应抽取个数", 12), ("已抽取个数", 12), ("抽查率", 12)];
    let cells = |quota: Quota| {
        vec![
            Cell::count(quota.forms),
            Cell::count(quota.due),
            Cell::count(quota.drawn),
            Cell::Share { part: &[4], whole: &[2], result: (quota.drawn.into(), quota.forms.into()) },
        ]
    };
    let line = |(number, (group, quota)): (usize, &(crate::coverage::DepartmentGroup<'_>, Quota))| {
        let name = [group.place, &or_unnamed(group.department, "部门")].concat();
        let mut line = vec![Cell::count(number), Cell::text(name)];
        line.extend(cells(*quota));
        Line { path: Vec::new(), cells: line }
    };
    let sum = |of: fn(&Quota) -> usize| sample.departments.iter().map(|(_, quota)| of(quota)).sum();
    let all = Quota { forms: sum(|q| q.forms), due: sum(|q| q.due), drawn: sum(|q| q.drawn) };
    let mut total = vec![Cell::word(""), Cell::text("合计")];
    total.extend(cells(all));
    let rate = (draw.rate * Decimal::ONE_HUNDRED).normalize();
    let lines = (1..).zip(&sample.departments).map(line).collect();
    let lead = vec![format!(
        "按 {rate}% 抽取，各部门按个数分摊{}，部门内按金额大小分层，层内按风险加权随机抽取。种子 {}：同样的结果、比例和种子，抽出的总是同一份名单。",
        if draw.each_department { "，每个部门至少 1 个" } else { "" },
        draw.seed
    )];
    let title = format!("{}抽查情况表", draw.stage.title());
    let blocks = vec![Block::new(String::new(), lines, total)];
    Table { lead, ..summary(["抽查情况", &title, "单位：个"], &HEADS, 2, blocks) }
}

fn drawn(sample: &Sample<'_>) -> Table {
    const HEADS: [Head; 13] = [
        ("序号", 6),
        ("部门", 20),
        ("单位", 26),
        ("项目", 36),
        ("预算金额", 13),
        ("自评得分", 9),
        ("质量等级", 8),
        ("层", 9),
        ("权重", 7),
        ("抽取理由", 44),
        ("文件", 40),
        ("工作表", 18),
        ("抽查结论", 24),
    ];
    let line = |drawn: &Drawn<'_>| {
        let form = drawn.line.form;
        let item = form.items.first();
        vec![
            Cell::text(or_unnamed(&form.department, "部门")),
            Cell::text(or_unnamed(&form.unit, "单位名称")),
            Cell::text(item.map_or("", |item| &item.name)),
            Cell::Amount(item.and_then(|item| item.budget)),
            Cell::Figure(form.own_score),
            Cell::word(form.band.title()),
            Cell::word(drawn.size),
            Cell::count(usize::try_from(drawn.weight).unwrap_or(usize::MAX)),
            Cell::text(reason(drawn)),
            Cell::text(&form.source),
            Cell::text(&form.sheet),
            Cell::text(""),
        ]
    };
    list("抽查名单", "抽查名单", "单位：万元、分", &HEADS, 3, numbered(sample.drawn.iter().map(line)))
}

/// Why a form was drawn, in words.
#[must_use]
pub(super) fn reason(drawn: &Drawn<'_>) -> String {
    let risks = match &drawn.risks[..] {
        [] => "没有风险点".to_owned(),
        risks => risks.join("、"),
    };
    let how = if drawn.certain { "权重足够，必抽" } else { "随机抽中" };
    format!("{how}：{risks}")
}
