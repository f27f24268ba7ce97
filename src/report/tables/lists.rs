//! 表7 and 表8: what lists tell, 专项债券 projects evaluated before and 重点评价.

use rust_decimal::Decimal;

use super::forms::place_of;
use super::{Material, list, or_unnamed, saying, summary};
use crate::coverage::{
    CATEGORIES, CategoryCount, FormFact, Item, Line as FormLine, Occasion, OccasionCounts, Standing, Statistics,
};
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Drill, Line, Table};
use crate::schema::Stage;

/// Name of the list of evaluations.
const EVALUATED: &str = "重点评价明细";
/// What a line of it says of one that is done, and of one that is published.
const DONE: &str = "已完成";
const PUBLISHED: &str = "是";

/// 表7: every project that was evaluated before, each once.
pub(super) fn ex_ante(material: &Material<'_>) -> Option<Table> {
    let statistics = material.statistics;
    const HEADS: [Head; 7] =
        [("序号", 6), ("部门", 20), ("申报单位", 26), ("项目", 44), ("金额", 14), ("质量等级", 9), ("文件", 40)];
    let block = |counts: &OccasionCounts<'_>| {
        let items: Vec<(&FormLine<'_>, &Item)> = items(statistics, counts.occasion);
        let sum: Decimal = items.iter().filter_map(|(_, item)| item.budget).sum();
        let count = items.len();
        let lines = (1..).zip(items).map(|(number, (line, item))| {
            let form = line.form;
            let cells = vec![
                Cell::count(number),
                Cell::text(&form.department),
                Cell::text(or_unnamed(&form.unit, "单位名称")),
                Cell::text(or_unnamed(&item.name, "项目名称")),
                Cell::Amount(item.budget),
                Cell::word(form.band.title()),
                file(form, item, material),
            ];
            Line { path: Vec::new(), cells }
        });
        let total = vec![
            Cell::word(""),
            Cell::text("合计"),
            Cell::word(""),
            Cell::text(format!("{count} 个项目")),
            Cell::Amount(Some(sum)),
        ];
        Block::new(counts.occasion.title(), lines.collect(), total)
    };
    table(statistics, Stage::ExAnte, ("表7事前评估", "事前绩效评估项目汇总表"), &HEADS, block)
}

/// 表8: 重点评价 by category.
pub(super) fn evaluations(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 8] = [
        ("序号", 6),
        ("评价类别", 30),
        ("计划数", 10),
        ("涉及金额", 16),
        ("已完成", 10),
        ("完成率", 10),
        ("已公开", 10),
        ("公开率", 10),
    ];
    let block = |counts: &OccasionCounts<'_>| {
        let of_category = |count: &CategoryCount<'_>| {
            let listed = (!count.category.is_empty()).then(|| Drill {
                table: EVALUATED,
                path: vec![counts.occasion.title(), category(count.category).to_owned()],
                also: Vec::new(),
            });
            let said = |head, words| listed.clone().map(|drill| saying(drill, head, words));
            vec![
                Cell::Count(count.items, listed.clone()),
                Cell::Amount(Some(count.amount)),
                Cell::Count(count.done, said("完成情况", DONE)),
                Cell::Share { part: &[4], whole: &[2], result: (count.done.into(), count.items.into()) },
                Cell::Count(count.published, said("是否公开", PUBLISHED)),
                Cell::Share { part: &[6], whole: &[4], result: (count.published.into(), count.done.into()) },
            ]
        };
        let categories = &counts.categories;
        let lines = (1..).zip(categories).map(|(number, count)| {
            let mut cells = vec![Cell::count(number), Cell::text(category(count.category))];
            cells.extend(of_category(count));
            Line { path: Vec::new(), cells }
        });
        let all = CategoryCount {
            category: "",
            items: categories.iter().map(|count| count.items).sum(),
            amount: categories.iter().map(|count| count.amount).sum(),
            done: categories.iter().map(|count| count.done).sum(),
            published: categories.iter().map(|count| count.published).sum(),
        };
        let mut total = vec![Cell::word(""), Cell::text("合计")];
        total.extend(of_category(&all));
        Block::new(counts.occasion.title(), lines.collect(), total)
    };
    table(statistics, Stage::Evaluation, ("表8重点评价", "财政重点绩效评价情况汇总表"), &HEADS, block)
}

/// 重点评价明细: what was evaluated, a line each, with the cell that says so.
pub(super) fn evaluated(material: &Material<'_>) -> Option<Table> {
    const HEADS: [Head; 10] = [
        ("序号", 6),
        ("环节", 24),
        ("评价类别", 20),
        ("评价对象", 40),
        ("部门", 22),
        ("涉及金额", 14),
        ("完成情况", 10),
        ("是否公开", 10),
        ("位置", 20),
        ("文件", 40),
    ];
    let statistics = material.statistics;
    let occasions = statistics.occasions.iter().map(|counts| counts.occasion);
    let mut found: Vec<(&FormLine<'_>, &Item)> = occasions
        .filter(|occasion| occasion.stage == Stage::Evaluation)
        .flat_map(|occasion| items(statistics, occasion))
        .collect();
    // As 表8 has them, each category together.
    found.sort_by_key(|(line, item)| (line.occasion, rank(&item.category)));
    let told = |fact: Option<bool>, yes: &str, no: &str| match fact {
        Some(true) => Cell::word(yes),
        Some(false) => Cell::word(no),
        None => Cell::word(""),
    };
    let lines = (1..).zip(found).map(|(number, (line, item))| {
        let form = line.form;
        let cells = vec![
            Cell::count(number),
            Cell::text(line.occasion.title()),
            Cell::text(category(&item.category)),
            Cell::text(or_unnamed(&item.name, "评价对象")),
            Cell::text(&form.department),
            Cell::Amount(item.budget),
            told(item.done, DONE, "未完成"),
            told(item.published, PUBLISHED, "否"),
            Cell::text(format!("{} {}", form.sheet, item.cell)),
            file(form, item, material),
        ];
        Line { path: vec![line.occasion.title(), category(&item.category).to_owned()], cells }
    });
    let lines: Vec<Line> = lines.collect();
    (!lines.is_empty()).then(|| list(EVALUATED, "财政重点绩效评价明细", "单位：万元", &HEADS, 4, lines))
}

/// 评价类别 as the plan of evaluations prints it.
pub(in crate::report) fn category(id: &str) -> &str {
    match id {
        "department" => "部门整体支出",
        "funds" => "区级财政资金",
        "monitoring" => "专项资金绩效监控",
        "bond" => "专项债券项目",
        other => other,
    }
}

/// Categories in the order of 表8.
fn rank(category: &str) -> usize {
    CATEGORIES.iter().position(|known| *known == category).unwrap_or(CATEGORIES.len())
}

/// The file of an item: the returned workbook at its cell, where there is one.
fn file(form: &FormFact, item: &Item, material: &Material<'_>) -> Cell {
    match material.returned.get(&form.source) {
        Some(path) => Cell::Link { path: path.clone(), place: place_of(form, &item.cell), text: form.source.clone() },
        None => Cell::text(&form.source),
    }
}

/// The items of an occasion, each once.
fn items<'s>(statistics: &'s Statistics<'_>, occasion: Occasion) -> Vec<(&'s FormLine<'s>, &'s Item)> {
    let mut seen = std::collections::BTreeSet::new();
    let lines = statistics.lines.iter().filter(|line| line.occasion == occasion && line.standing != Standing::Repeated);
    let items = lines.flat_map(|line| line.form.items.iter().map(move |item| (line, item)));
    items.filter(|(line, item)| item.key.is_empty() || seen.insert((line.place, item.key.as_str()))).collect()
}

fn table(
    statistics: &Statistics<'_>,
    stage: Stage,
    (name, title): (&str, &str),
    heads: &[Head],
    block: impl Fn(&OccasionCounts<'_>) -> Block,
) -> Option<Table> {
    let blocks: Vec<Block> =
        statistics.occasions.iter().filter(|counts| counts.occasion.stage == stage).map(block).collect();
    (!blocks.is_empty()).then(|| summary([name, title, "单位：个、万元"], heads, 2, blocks))
}
