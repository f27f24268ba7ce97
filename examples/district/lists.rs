//! The bureau's own lists: bond projects evaluated before they were taken in, and the plan of its evaluations.

use anyhow::Result;
use rust_decimal::Decimal;

use crate::district::{District, Source, UNITS};
use crate::names::person;
use crate::tables::{List, Value};

/// 专项债券项目事前绩效评估清单.
pub(crate) fn bonds(district: &District) -> Result<Vec<u8>> {
    let bonds = district.projects.iter().filter(|project| project.source == Source::Bond);
    let amount = |project: &crate::district::Project| project.amounts.get(&2022).copied().unwrap_or_default();
    let total: Decimal = bonds.clone().map(amount).sum();
    let count = bonds.clone().count();
    let mut chance = district.chance("bonds");
    let mut rows: Vec<Vec<Value>> = (1..)
        .zip(bonds)
        .map(|(number, project)| {
            vec![
                Value::Count(number),
                project.name.as_str().into(),
                district.units[project.unit].name.as_str().into(),
                Value::Money(amount(project)),
                Value::Count(82 + chance.pick(14)),
                (*chance.one_of(&["予以支持", "予以支持", "调整完善后支持"])).into(),
                Value::Blank,
            ]
        })
        .collect();
    rows.push(vec!["合计".into(), "".into(), "".into(), Value::Sum(total), "".into(), "".into(), "".into()]);
    let list = List {
        sheet: "债券项目评估",
        above: vec![
            "专项债券项目事前绩效评估清单".to_owned(),
            "（2022年度）".to_owned(),
            format!("填报单位：{}财政局", district.region),
        ],
        heads: &[
            ("序号", 6.0),
            ("项目名称", 34.0),
            ("申报单位", 26.0),
            ("金额（万元）", 14.0),
            ("评估得分", 10.0),
            ("评估结论", 18.0),
            ("备注", 12.0),
        ],
        rows,
        below: vec![format!("合计{count}个项目，金额{}万元。", total.normalize()), format!("填表人：{}", person(7))],
    };
    list.workbook()
}

/// What is evaluated: name, 评价类别, department, 万元, 完成情况, 是否公开.
type Evaluation = (String, &'static str, String, Decimal, &'static str, &'static str);

/// 财政重点绩效评价计划表: 10 departments, 12 funds of which 10 are done, 2 funds that are monitored; 9 are published.
pub(crate) fn evaluations(district: &District) -> Result<Vec<u8>> {
    let heads: Vec<usize> = (0..UNITS).filter(|unit| district.units[*unit].is_head()).collect();
    let mut plan: Vec<Evaluation> = Vec::new();
    for (at, head) in heads.iter().skip(16).step_by(3).take(10).enumerate() {
        let unit = &district.units[*head];
        let published = if at < 4 { "是" } else { "否" };
        let amount = district.project_money(*head, 2022) + Decimal::from(320 + at * 41);
        plan.push((
            format!("{}部门整体支出", unit.name),
            "部门整体支出",
            unit.name.clone(),
            amount,
            "已完成",
            published,
        ));
    }
    let mut funds: Vec<_> = district
        .projects
        .iter()
        .filter(|project| project.source == Source::Own && !project.code.is_empty())
        .filter_map(|project| Some((*project.amounts.get(&2022)?, project)))
        .collect();
    funds.sort_by(|(a, one), (b, other)| b.cmp(a).then(one.code.cmp(&other.code)));
    for (at, (amount, project)) in funds.into_iter().take(14).enumerate() {
        let (category, status, published) = match at {
            0..5 => ("区级财政资金", "已完成", "是"),
            5..10 => ("区级财政资金", "已完成", "否"),
            10 => ("区级财政资金", "进行中", ""),
            11 => ("区级财政资金", "未开展", ""),
            _ => ("专项资金绩效监控", "已完成", "否"),
        };
        let unit = &district.units[project.unit];
        let object = format!("{}{}", unit.name, project.name);
        plan.push((object, category, unit.department.clone(), amount, status, published));
    }
    let total: Decimal = plan.iter().map(|(.., amount, _, _)| *amount).sum();
    let count = plan.len();
    let bureau = format!("{}财政局", district.region);
    let agencies = ["众诚绩效评价事务所", "明鉴管理咨询公司", bureau.as_str()];
    let mut rows: Vec<Vec<Value>> = (1..)
        .zip(plan)
        .map(|(number, (object, category, department, amount, status, published))| {
            let agency = if status == "未开展" { "" } else { agencies[number % agencies.len()] };
            vec![
                Value::Count(number),
                object.into(),
                category.into(),
                department.into(),
                Value::Money(amount),
                agency.into(),
                status.into(),
                published.into(),
                Value::Blank,
            ]
        })
        .collect();
    let mut sum = vec![Value::Blank; 9];
    (sum[0], sum[4]) = ("合计".into(), Value::Sum(total));
    rows.push(sum);
    let list = List {
        sheet: "评价计划",
        above: vec![
            "财政重点绩效评价计划表".to_owned(),
            "（2022年度）".to_owned(),
            format!("编制单位：{bureau}"),
            format!("计划评价个数：{count}"),
            "金额单位：万元".to_owned(),
        ],
        heads: &[
            ("序号", 6.0),
            ("评价对象", 38.0),
            ("评价类别", 18.0),
            ("主管部门", 26.0),
            ("涉及金额", 14.0),
            ("评价机构", 22.0),
            ("完成情况", 10.0),
            ("是否公开", 10.0),
            ("备注", 10.0),
        ],
        rows,
        below: vec![format!("填表人：{}", person(23))],
    };
    list.workbook()
}

/// What is no form: whom to ring up.
pub(crate) fn contacts(district: &District) -> Result<Vec<u8>> {
    let units = district.units.iter().take(UNITS).enumerate();
    let row = |(at, unit): (usize, &crate::district::Unit)| {
        vec![unit.name.as_str().into(), person(at * 5).into(), format!("888{:05}", 10_000 + at * 37).into()]
    };
    let list = List {
        sheet: "通讯录",
        above: vec!["各单位绩效管理联系人".to_owned()],
        heads: &[("单位", 30.0), ("联系人", 14.0), ("电话", 16.0)],
        rows: units.map(row).collect(),
        below: Vec::new(),
    };
    list.workbook()
}
