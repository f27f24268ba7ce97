//! The books of a district: 名册, 项目台账, 收件登记, and the settings of its round.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rust_decimal::Decimal;

use crate::district::{District, Source};
use crate::hand_in::Due;
use crate::tables::{List, Value};

/// Writes the books into a folder.
pub(crate) fn write(district: &District, dues: &[Due], folder: &Path) -> Result<()> {
    let save = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).with_context(|| format!("cannot write {}", folder.join(name).display()))
    };
    save("名册.xlsx", &roster(district, dues)?)?;
    save("项目台账.xlsx", &ledger(district)?)?;
    save("收件登记.xlsx", &receipts(district, dues)?)?;
    let settings = format!(
        "[round]\nregion = \"{}\"\nname = \"2022年度\"\nroster = \"名册.xlsx\"\nledger = \"项目台账.xlsx\"\nreceived = \"收件登记.xlsx\"\n",
        district.region
    );
    save("jixiao.toml", settings.as_bytes())
}

fn roster(district: &District, dues: &[Due]) -> Result<Vec<u8>> {
    let mut rows = Vec::new();
    for due in dues {
        let unit = &district.units[due.unit];
        rows.push(vec![
            unit.department.as_str().into(),
            unit.name.as_str().into(),
            unit.code.as_str().into(),
            unit.aliases.join("、").into(),
            unit.kind.into(),
            due.year.to_string().into(),
            due.form.into(),
            due.turn.map_or(Value::Blank, |turn| Value::Count(usize::from(turn))),
            Value::Count(due.projects),
            due.amount.map_or(Value::Blank, Value::Money),
            due.deadline.into(),
            unit.merged_into.as_deref().unwrap_or_default().into(),
            if unit.merged_into.is_some() { "2022".into() } else { Value::Blank },
        ]);
    }
    let list = List {
        sheet: "名册",
        above: Vec::new(),
        heads: &[
            ("部门", 28.0),
            ("单位", 28.0),
            ("单位编码", 11.0),
            ("简称/别名", 28.0),
            ("类型", 8.0),
            ("年度", 8.0),
            ("应报表单", 34.0),
            ("轮次", 7.0),
            ("应报项目数", 12.0),
            ("应报金额（万元）", 18.0),
            ("截止日期", 13.0),
            ("并入单位", 28.0),
            ("撤并年度", 10.0),
        ],
        rows,
        below: Vec::new(),
    };
    list.workbook()
}

fn ledger(district: &District) -> Result<Vec<u8>> {
    let mut rows = Vec::new();
    let mut total = Decimal::ZERO;
    for year in [2021, 2022, 2023] {
        for project in &district.projects {
            let Some(amount) = project.amounts.get(&year) else { continue };
            total += amount;
            let (kind, bond) = match project.source {
                Source::Own => ("特定目标类", "否"),
                Source::Transfer => ("转移支付", "否"),
                Source::Bond => ("特定目标类", "是"),
            };
            rows.push(vec![
                project.code.as_str().into(),
                project.name.as_str().into(),
                district.units[project.unit].name.as_str().into(),
                Value::Money(*amount),
                year.to_string().into(),
                if project.new_in == Some(year) { "新增" } else { "延续" }.into(),
                kind.into(),
                bond.into(),
                Value::Blank,
            ]);
        }
    }
    let mut sum = vec![Value::Blank; 9];
    (sum[0], sum[3]) = ("合计".into(), Value::Sum(total));
    rows.push(sum);
    let list = List {
        sheet: "项目台账",
        above: Vec::new(),
        heads: &[
            ("项目编码", 26.0),
            ("项目名称", 36.0),
            ("单位", 28.0),
            ("金额（万元）", 14.0),
            ("年度", 8.0),
            ("新增/延续", 11.0),
            ("项目类型", 13.0),
            ("专项债券", 11.0),
            ("别名", 20.0),
        ],
        rows,
        below: Vec::new(),
    };
    list.workbook()
}

fn receipts(district: &District, dues: &[Due]) -> Result<Vec<u8>> {
    let came = dues.iter().filter_map(|due| Some((due, due.received.as_deref()?)));
    let rows = came.map(|(due, received)| {
        vec![
            district.units[due.unit].name.as_str().into(),
            due.form.into(),
            due.year.to_string().into(),
            due.turn.map_or(Value::Blank, |turn| Value::Count(usize::from(turn))),
            Value::Blank,
            received.into(),
        ]
    });
    let list = List {
        sheet: "收件登记",
        above: Vec::new(),
        heads: &[("单位", 28.0), ("表单", 34.0), ("年度", 8.0), ("轮次", 7.0), ("文件", 30.0), ("收到日期", 14.0)],
        rows: rows.collect(),
        below: Vec::new(),
    };
    list.workbook()
}
