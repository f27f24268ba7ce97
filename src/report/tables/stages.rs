//! 表1 to 表4: targets, monitoring, self-evaluations, by department; a block each kind, year and round.

use rust_decimal::Decimal;

use super::{chief_faults, department_name, forms_of, good_share, grade_cells, graded_of, missing_of, saying, summary};
use crate::coverage::{Counts, Covered, DepartmentGroup, Occasion, OccasionCounts, Statistics};
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Line, Table};
use crate::schema::{Stage, Subject};

/// 表1.
pub(super) fn targets(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 17] = [
        ("序号", 6),
        ("部门", 22),
        ("应报单位数", 8),
        ("已报单位数", 8),
        ("应报项目数", 8),
        ("实报项目数", 8),
        ("申报率", 9),
        ("应报金额", 13),
        ("实报金额", 13),
        ("金额覆盖率", 9),
        ("未报", 6),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
        ("优良率", 9),
        ("主要问题", 44),
    ];
    let line = |occasion, group: Option<DepartmentGroup<'_>>, counts: &Counts| {
        let mut cells = covered(occasion, group, counts);
        cells.extend(grade_cells(counts.grades, |band| Some(graded_of(occasion, group?, band))));
        cells.push(good_share(counts.grades, &[11, 12], &[11, 12, 13, 14]));
        cells.push(Cell::text(chief_faults(counts)));
        cells
    };
    let is_of = |occasion: &Occasion| occasion.stage == Stage::Target && occasion.subject.is_project();
    table(statistics, ("表1绩效目标", "绩效目标编报及质量情况汇总表"), &HEADS, is_of, line)
}

/// 表2.
pub(super) fn monitoring(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 22] = [
        ("序号", 6),
        ("部门", 22),
        ("应报单位数", 8),
        ("已报单位数", 8),
        ("应监控数", 8),
        ("已报数", 8),
        ("覆盖率", 9),
        ("应报金额", 13),
        ("监控资金", 13),
        ("金额覆盖率", 9),
        ("未报", 6),
        ("执行数", 13),
        ("执行率", 9),
        ("执行偏离度", 9),
        ("定量指标", 7),
        ("定性指标", 7),
        ("绿灯", 6),
        ("黄灯", 6),
        ("红灯", 6),
        ("指标偏离度", 9),
        ("需整改", 7),
        ("已整改", 7),
    ];
    let line = |occasion, group: Option<DepartmentGroup<'_>>, counts: &Counts| {
        let mut cells = covered(occasion, group, counts);
        cells.extend(executed(counts));
        let (due, spent) = counts.due_by_month;
        cells.push(Cell::Percent((spent - due).checked_div(due)));
        cells.extend([counts.indicators.0, counts.indicators.1].map(Cell::count));
        cells.extend(counts.lights.map(Cell::count));
        cells.push(Cell::Percent(counts.deviation.rounded(3)));
        let said = |head, words| group.map(|group| saying(forms_of(occasion, group), head, words));
        cells.push(Cell::count(counts.forms.returned));
        cells.push(Cell::Count(counts.forms.corrected, said("审核", "整改后通过")));
        cells
    };
    let is_of = |occasion: &Occasion| occasion.stage == Stage::Monitoring;
    let mut table = table(statistics, ("表2绩效监控", "绩效运行监控情况汇总表"), &HEADS, is_of, line)?;
    table.notes.push(
        "注：执行率＝执行数÷监控资金，只算两项都填了的表；执行偏离度＝执行数÷（监控资金×月份÷12）－1；灯按口径的界线，取支出和各项指标中最差的；指标偏离度是各项定量指标与序时进度之差的平均，每项最多按 100% 算。"
            .to_owned(),
    );
    Some(table)
}

/// 表3.
pub(super) fn self_evaluations(statistics: &Statistics<'_>) -> Option<Table> {
    let is_of = |occasion: &Occasion| occasion.stage == Stage::SelfEvaluation && occasion.subject == Subject::Project;
    evaluated(statistics, ("表3绩效自评", "绩效自评情况汇总表"), is_of)
}

/// 表4: wholes and transfers, targets of wholes included.
pub(super) fn wholes_and_transfers(statistics: &Statistics<'_>) -> Option<Table> {
    let is_of = |occasion: &Occasion| match occasion.subject {
        Subject::Department => matches!(occasion.stage, Stage::Target | Stage::SelfEvaluation),
        Subject::Transfer => occasion.stage == Stage::SelfEvaluation,
        _ => false,
    };
    evaluated(statistics, ("表4整体和转移支付", "部门整体支出、转移支付绩效情况汇总表"), is_of)
}

fn evaluated(statistics: &Statistics<'_>, names: (&str, &str), is_of: impl Fn(&Occasion) -> bool) -> Option<Table> {
    const HEADS: [Head; 21] = [
        ("序号", 6),
        ("部门", 22),
        ("应报单位数", 8),
        ("已报单位数", 8),
        ("应报数", 8),
        ("已报数", 8),
        ("覆盖率", 9),
        ("应报金额", 13),
        ("已报金额", 13),
        ("金额覆盖率", 9),
        ("未报", 6),
        ("执行数", 13),
        ("执行率", 9),
        ("自评平均得分", 9),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
        ("优良率", 9),
        ("满分项目数", 8),
        ("疑似不实", 8),
    ];
    let line = |occasion, group: Option<DepartmentGroup<'_>>, counts: &Counts| {
        let mut cells = covered(occasion, group, counts);
        cells.extend(executed(counts));
        cells.push(Cell::Figure(counts.own_score.mean()));
        cells.extend(grade_cells(counts.grades, |band| Some(graded_of(occasion, group?, band))));
        cells.push(good_share(counts.grades, &[14, 15], &[14, 15, 16, 17]));
        cells.push(Cell::count(counts.perfect));
        let suspects = group.map(|group| saying(forms_of(occasion, group), "疑似不实", "是"));
        cells.push(Cell::Count(counts.suspect, suspects));
        cells
    };
    let mut table = table(statistics, names, &HEADS, is_of, line)?;
    table.notes.push(
        "注：金额按项目（整体的按单位）各计一次；执行率＝执行数÷预算数，只算两项都填了的表；优、良、中、差是填报质量等级，不是自评结论；疑似不实指满分与完成情况、支出不符或一个单位全部满分。"
            .to_owned(),
    );
    Some(table)
}

/// Units, forms and money against what was due: the cells from 应报单位数 to 未报.
fn covered(occasion: Occasion, group: Option<DepartmentGroup<'_>>, counts: &Counts) -> Vec<Cell> {
    let forms = counts.forms;
    // Where nothing was due, what came is shown.
    let came = if forms.due == 0 { forms.received - forms.repeated } else { forms.delivered };
    let money = counts.money;
    let amount = if forms.due == 0 { money.received } else { money.part };
    let unit_count = |covered: Covered| if covered.whole == 0 { covered.received } else { covered.part };
    vec![
        Cell::count(counts.units.whole),
        Cell::count(unit_count(counts.units)),
        Cell::count(forms.due),
        Cell::Count(came, group.map(|group| forms_of(occasion, group))),
        Cell::Share { part: &[5], whole: &[4], result: (came.into(), forms.due.into()) },
        Cell::Amount(Some(money.whole)),
        Cell::Amount(Some(amount)),
        Cell::Share { part: &[8], whole: &[7], result: (amount, money.whole) },
        Cell::Count(forms.missing(), group.map(|group| missing_of(occasion, group))),
    ]
}

/// 执行数 and 执行率.
fn executed(counts: &Counts) -> [Cell; 2] {
    let (budget, executed) = counts.execution;
    let rate = executed.checked_div(budget).filter(|_| budget > Decimal::ZERO);
    [Cell::Amount(Some(executed)), Cell::Percent(rate)]
}

fn table(
    statistics: &Statistics<'_>,
    (name, title): (&str, &str),
    heads: &[Head],
    is_of: impl Fn(&Occasion) -> bool,
    line: impl Fn(Occasion, Option<DepartmentGroup<'_>>, &Counts) -> Vec<Cell>,
) -> Option<Table> {
    let block = |counts: &OccasionCounts<'_>| {
        let occasion = counts.occasion;
        let lines = (1..).zip(&counts.departments).map(|(number, (group, counts))| {
            let mut cells = vec![Cell::count(number), Cell::text(department_name(*group, statistics))];
            cells.extend(line(occasion, Some(*group), counts));
            Line { path: Vec::new(), cells }
        });
        let mut total = vec![Cell::word(""), Cell::text("合计")];
        total.extend(line(occasion, None, &counts.total));
        Block::new(occasion.title(), lines.collect(), total)
    };
    let blocks: Vec<Block> = statistics.occasions.iter().filter(|counts| is_of(&counts.occasion)).map(block).collect();
    let title = match &blocks[..] {
        [] => return None,
        [block] => format!("{title}（{}）", block.heading),
        _ => title.to_owned(),
    };
    Some(summary([name, &title, "单位：个、张、万元、分"], heads, 2, blocks))
}
