//! 按单位 over the whole round, and 分类统计: by kind of unit, form and source of funds.

use rust_decimal::Decimal;

use super::overview::{COVERED, coverage};
use super::{FORMS, MISSING, chief_faults, forms_on, good_share, grade_cells, or_unnamed, saying, summary, unit_name};
use crate::coverage::{Counts, OccasionCounts, Statistics, UnitGroup};
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Drill, Line, Table};

/// 按单位.
pub(super) fn units(statistics: &Statistics<'_>) -> Table {
    const HEADS: [Head; 22] = [
        ("序号", 6),
        ("部门", 20),
        ("单位", 26),
        ("类型", 8),
        ("应报", 7),
        ("应报已报", 7),
        ("报送率", 9),
        ("未报", 7),
        ("实报", 7),
        ("多报", 7),
        ("按时", 7),
        ("逾期", 7),
        ("项目数", 8),
        ("预算金额", 13),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
        ("优良率", 9),
        ("平均得分", 9),
        ("质量排名", 8),
        ("主要问题", 44),
    ];
    let ranks = ranks(statistics);
    let lines = (1..).zip(&statistics.units).zip(&ranks).map(|((number, (unit, counts)), rank)| {
        let mut cells = vec![Cell::count(number), Cell::text(unit.department), Cell::text(unit_name(*unit))];
        cells.push(Cell::word(unit.kind));
        cells.extend(counted(counts, Some(*unit)));
        cells.push(rank.map_or_else(|| Cell::word("—"), Cell::count));
        cells.push(Cell::text(chief_faults(counts)));
        Line { path: vec![unit.place.to_owned(), unit.department.to_owned()], cells }
    });
    let mut total = vec![Cell::word(""), Cell::text(""), Cell::text("合计"), Cell::word("")];
    total.extend(counted(&statistics.total, None));
    total.extend([Cell::word(""), Cell::text(chief_faults(&statistics.total))]);
    let names = ["按单位", "绩效表单报送及质量情况（按单位）", "单位：个、张、万元、分"];
    let mut table = summary(names, &HEADS, 3, vec![Block::new(String::new(), lines.collect(), total)]);
    table.notes.push(
        "注：金额按项目各计一次，同一项目几个环节都报的，取最后的环节；质量排名按质量得分的平均，同分同名次。"
            .to_owned(),
    );
    table
}

fn counted(counts: &Counts, unit: Option<UnitGroup<'_>>) -> Vec<Cell> {
    let forms = counts.forms;
    let drill = || {
        let unit = unit.filter(|unit| !unit.unit.is_empty())?;
        Some(Drill { table: FORMS, path: Vec::new(), also: vec![("单位", unit.unit.to_owned())] })
    };
    let said = |head, words: &str| drill().map(|drill| saying(drill, head, words));
    let mut cells = vec![
        Cell::count(forms.due),
        Cell::count(forms.delivered),
        Cell::Share { part: &[5], whole: &[4], result: (forms.delivered.into(), forms.due.into()) },
        Cell::Count(forms.missing(), drill().map(|drill| Drill { table: MISSING, ..drill })),
        Cell::Count(forms.received, drill()),
        Cell::count(forms.surplus),
        Cell::Count(forms.on_time, said("按期", "按时")),
        Cell::Count(forms.late, said("按期", "逾期")),
        Cell::count(counts.projects.received),
        Cell::Amount(Some(counts.money.received)),
    ];
    cells.extend(grade_cells(counts.grades, |band| said("质量等级", band.title())));
    cells.push(good_share(counts.grades, &[14, 15], &[14, 15, 16, 17]));
    cells.push(Cell::Figure(counts.score.mean()));
    cells
}

/// The rank of each unit by its mean quality score, from 1; `None` for one without forms.
fn ranks(statistics: &Statistics<'_>) -> Vec<Option<usize>> {
    let means: Vec<Option<Decimal>> = statistics.units.iter().map(|(_, counts)| counts.score.mean()).collect();
    let mut sorted: Vec<Decimal> = means.iter().flatten().copied().collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    means.iter().map(|mean| mean.map(|mean| sorted.partition_point(|other| *other > mean) + 1)).collect()
}

/// 按地区: every occasion by place; not there where there is one place.
pub(super) fn places(statistics: &Statistics<'_>) -> Option<Table> {
    if statistics.places.len() < 2 {
        return None;
    }
    let block = |counts: &OccasionCounts<'_>| {
        let occasion = counts.occasion;
        let lines = (1..).zip(&counts.places).map(|(number, (place, counts))| {
            let mut cells = vec![Cell::count(number), Cell::text(or_unnamed(place, "地区"))];
            cells.extend(coverage(occasion, counts));
            Line { path: Vec::new(), cells }
        });
        let mut total = vec![Cell::word(""), Cell::text("合计")];
        total.extend(coverage(occasion, &counts.total));
        Block::new(occasion.title(), lines.collect(), total)
    };
    let names = ["按地区", "预算绩效管理情况汇总表（按地区）", "单位：个、万元"];
    let heads = [&[("序号", 6), ("地区", 24)], &COVERED[..]].concat();
    Some(summary(names, &heads, 2, statistics.occasions.iter().map(block).collect()))
}

/// 分类统计.
pub(super) fn kinds(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 13] = [
        ("环节", 30),
        ("分类", 12),
        ("类别", 30),
        ("单位数", 8),
        ("表单数", 8),
        ("项目数", 8),
        ("金额", 14),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
        ("优良率", 9),
        ("平均得分", 9),
    ];
    let lines: Vec<Line> = statistics.occasions.iter().flat_map(of_occasion).collect();
    if lines.is_empty() {
        return None;
    }
    let mut table = super::list("分类统计", "分类统计表", "单位：个、张、万元、分", &HEADS, 3, lines);
    table.notes.push("注：单位类型按名册；资金来源按表上资金栏的各项，一个项目有几项来源的分别计入各项。".to_owned());
    Some(table)
}

fn of_occasion(counts: &OccasionCounts<'_>) -> Vec<Line> {
    let occasion = counts.occasion;
    let by = |what: &str, name: &str, counts: &Counts, drill: Option<Drill>| {
        let mut cells = vec![
            Cell::text(occasion.title()),
            Cell::word(what),
            Cell::text(name),
            Cell::count(counts.units.received),
            Cell::Count(counts.forms.received - counts.forms.repeated, drill),
            Cell::count(counts.projects.received),
            Cell::Amount(Some(counts.money.received)),
        ];
        cells.extend(grade_cells(counts.grades, |_| None));
        cells.push(good_share(counts.grades, &[7, 8], &[7, 8, 9, 10]));
        cells.push(Cell::Figure(counts.score.mean()));
        Line { path: vec![occasion.title(), what.to_owned()], cells }
    };
    let of_kind = |kind: &str| if kind.is_empty() { "（未注明）".to_owned() } else { kind.to_owned() };
    let kinds = counts.kinds.iter().map(|(kind, counts)| by("单位类型", &of_kind(kind), counts, None));
    let forms = counts.forms.iter().map(|(title, counts)| {
        let drill = Drill { also: vec![("表单", (*title).to_owned())], ..forms_on(occasion) };
        by("表单", title, counts, Some(drill))
    });
    let sources = counts.sources.iter().map(|(source, projects, amount)| {
        let cells = vec![
            Cell::text(occasion.title()),
            Cell::word("资金来源"),
            Cell::text(*source),
            Cell::word(""),
            Cell::word(""),
            Cell::count(*projects),
            Cell::Amount(Some(*amount)),
        ];
        Line { path: vec![occasion.title(), "资金来源".to_owned()], cells }
    });
    kinds.chain(forms).chain(sources).collect()
}
