//! 封面: what this is, of whom and when, the verdict, and what the other sheets hold.

use super::{Material, summary, verdict};
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Line, Table};

/// The cover over these tables.
pub(super) fn table(material: &Material<'_>, tables: &[Table]) -> Table {
    const HEADS: [Head; 3] = [("序号", 8), ("表", 26), ("内容", 70)];
    let statistics = material.statistics;
    let rounds: Vec<&str> =
        statistics.rounds.iter().map(|round| round.name.as_str()).filter(|name| !name.is_empty()).collect();
    let days = statistics.rounds.iter().filter_map(|round| round.day);
    let mut policies: Vec<&str> = statistics.rounds.iter().map(|round| round.policy_title.as_str()).collect();
    policies.dedup();
    let mut facts = Vec::new();
    let bureau = &material.letterhead.bureau;
    facts.extend((!bureau.is_empty()).then(|| format!("编制单位：{bureau}")));
    facts.extend((!rounds.is_empty()).then(|| format!("轮次：{}", rounds.join("、"))));
    facts.extend(days.max().map(|day| format!("审核日期：{day}")));
    facts.push(format!("口径：{}", policies.join("、")));
    let lines = (1..).zip(tables).map(|(number, table)| {
        let cells = vec![Cell::count(number), Cell::Sheet(table.name.clone()), Cell::text(&table.title)];
        Line { path: Vec::new(), cells }
    });
    let mut lead = verdict(statistics);
    lead.push(facts.join("    "));
    let block = Block { heading: String::new(), lines: lines.collect(), total: None };
    let note = "注：各数都由报来的表数出，蓝色的数点开是它的明细；“表单明细”的文件名点开是退回的表。金额单位为万元。";
    let table = summary(["封面", &title(material), ""], &HEADS, 0, vec![block]);
    Table { lead, notes: vec![note.to_owned()], ..table }
}

/// `澄岚区预算绩效管理统计表`.
pub(in crate::report) fn title(material: &Material<'_>) -> String {
    match &material.statistics.places[..] {
        [place] => format!("{place}预算绩效管理统计表"),
        places => format!("{} 个地区预算绩效管理统计表", places.len()),
    }
}
