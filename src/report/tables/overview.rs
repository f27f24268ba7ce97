//! 汇总 and 报送质量: every stage in a line, by departments, units, projects and money at once; and the verdict in sentences.

use rust_decimal::Decimal;

use super::{MISSING, forms_on, good_share, grade_cells, saying, summary};
use crate::coverage::{Counts, Covered, Occasion, OccasionCounts, Ratio, Standing, Statistics};
use crate::policy::Band;
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Drill, Line, Table};
use crate::schema::Subject;

/// The columns of [`coverage`].
pub(super) const COVERED: [Head; 14] = [
    ("应报部门", 6),
    ("已报部门", 6),
    ("部门覆盖率", 8),
    ("应报单位", 6),
    ("已报单位", 6),
    ("单位覆盖率", 8),
    ("应报项目", 6),
    ("已报项目", 6),
    ("项目覆盖率", 8),
    ("应报金额", 12),
    ("已报金额", 12),
    ("金额覆盖率", 8),
    ("执行数", 12),
    ("执行率", 8),
];

/// 汇总: coverage by occasion.
pub(super) fn table(statistics: &Statistics<'_>) -> Table {
    let line = |(number, counts): (usize, &OccasionCounts<'_>)| {
        let mut cells = vec![Cell::count(number), Cell::text(counts.occasion.title())];
        cells.extend(coverage(counts.occasion, &counts.total));
        cells.push(Cell::word(counts.deadline.map(|day| day.to_string()).unwrap_or_default()));
        Line { path: Vec::new(), cells }
    };
    let lines = (1..).zip(&statistics.occasions).map(line).collect();
    let block = Block { heading: String::new(), lines, total: None };
    let names = ["汇总", "预算绩效管理情况汇总表", "单位：个、万元"];
    let heads = [&[("序号", 6), ("环节", 30)], &COVERED[..], &[("截止日期", 11)]].concat();
    let mut table = summary(names, &heads, 2, vec![block]);
    table.notes.push(
            "注：应报按名册（名册没有写项目数的按项目台账）；没有应报数的，已报列收到的全部。一个项目的金额只计一次，几个文件都有的不重复。整体支出表的“项目”不计。".to_owned()
    );
    table
}

/// From 应报部门 to 执行率.
pub(super) fn coverage(occasion: Occasion, total: &Counts) -> Vec<Cell> {
    let shown = |covered: Covered| if covered.whole == 0 { covered.received } else { covered.part };
    let share = |part: &'static [u16], whole: &'static [u16], covered: Covered| Cell::Share {
        part,
        whole,
        result: (shown(covered).into(), covered.whole.into()),
    };
    let projects = match occasion.subject {
        Subject::Project | Subject::Transfer | Subject::Several => total.projects,
        Subject::Department | Subject::Unit => Covered::default(),
    };
    let money = total.money;
    let amount = if total.forms.due == 0 { money.received } else { money.part };
    let (budget, executed) = total.execution;
    vec![
        Cell::count(total.departments.whole),
        Cell::count(shown(total.departments)),
        share(&[3], &[2], total.departments),
        Cell::count(total.units.whole),
        Cell::count(shown(total.units)),
        share(&[6], &[5], total.units),
        Cell::count(projects.whole),
        Cell::count(shown(projects)),
        share(&[9], &[8], projects),
        Cell::Amount(known(money.whole)),
        Cell::Amount(Some(amount)),
        Cell::Share { part: &[12], whole: &[11], result: (amount, money.whole) },
        Cell::Amount(known(budget).and(Some(executed))),
        Cell::Percent(executed.checked_div(budget)),
    ]
}

/// A sum of money; `None` where nothing was there to be summed.
fn known(sum: Decimal) -> Option<Decimal> {
    Some(sum).filter(|sum| !sum.is_zero())
}

/// 报送质量: forms due and received, on time, passed and returned, and their grades, by occasion.
pub(super) fn quality(statistics: &Statistics<'_>) -> Table {
    const HEADS: [Head; 23] = [
        ("序号", 6),
        ("环节", 30),
        ("应报", 6),
        ("应报已报", 6),
        ("报送率", 8),
        ("未报", 6),
        ("实报", 6),
        ("按时", 6),
        ("逾期", 6),
        ("多报", 6),
        ("其中重复", 6),
        ("其中报错表", 6),
        ("其中名册外", 6),
        ("通过", 6),
        ("退回", 6),
        ("已整改", 6),
        ("整改率", 8),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
        ("优良率", 8),
        ("平均得分", 9),
    ];
    let counted = |counts: &Counts, drill: &dyn Fn() -> Option<Drill>| {
        let said = |head, words: &str| drill().map(|drill| saying(drill, head, words));
        let forms = counts.forms;
        let mut cells = vec![
            Cell::count(forms.due),
            Cell::count(forms.delivered),
            Cell::Share { part: &[3], whole: &[2], result: (forms.delivered.into(), forms.due.into()) },
            Cell::Count(forms.missing(), drill().map(|drill| Drill { table: MISSING, ..drill })),
            Cell::Count(forms.received, drill()),
        ];
        cells.extend([
            Cell::Count(forms.on_time, said("按期", "按时")),
            Cell::Count(forms.late, said("按期", "逾期")),
            Cell::count(forms.surplus),
            Cell::Count(forms.repeated, said("报送", Standing::Repeated.title())),
            Cell::Count(forms.wrong, said("报送", Standing::Wrong.title())),
            Cell::Count(forms.strangers, said("报送", Standing::Stranger.title())),
            Cell::count(forms.passed),
            Cell::count(forms.returned),
            Cell::Count(forms.corrected, said("审核", "整改后通过")),
        ]);
        cells.push(Cell::Share { part: &[15], whole: &[14], result: (forms.corrected.into(), forms.returned.into()) });
        cells.extend(grade_cells(counts.grades, |band| said("质量等级", band.title())));
        cells.push(good_share(counts.grades, &[17, 18], &[17, 18, 19, 20]));
        cells.push(Cell::Figure(counts.score.mean()));
        cells
    };
    let line = |(number, counts): (usize, &OccasionCounts<'_>)| {
        let mut cells = vec![Cell::count(number), Cell::text(counts.occasion.title())];
        cells.extend(counted(&counts.total, &|| Some(forms_on(counts.occasion))));
        Line { path: Vec::new(), cells }
    };
    let mut total = vec![Cell::word(""), Cell::text("合计")];
    total.extend(counted(&statistics.total, &|| None));
    let lines = (1..).zip(&statistics.occasions).map(line).collect();
    let names = ["报送质量", "绩效表单报送和质量情况汇总表", "单位：张、分"];
    let mut table = summary(names, &HEADS, 2, vec![Block::new(String::new(), lines, total)]);
    table.notes.push(
            "注：实报＝应报已报＋多报（没有名册的环节没有应报数）；通过和退回不计重复报送的；退回含以前退回、现已整改的；按时、逾期只数知道收到日期和截止日期的。".to_owned()
    );
    table
}

/// The round in a few sentences.
#[must_use]
pub fn verdict(statistics: &Statistics<'_>) -> Vec<String> {
    let total = &statistics.total;
    let grades = Band::ALL.map(|band| format!("{} {} 张", band.title(), total.grades.count(band)));
    let files: std::collections::BTreeSet<(&str, &str)> =
        statistics.lines.iter().map(|line| (line.place, line.form.source.as_str())).collect();
    let unread = statistics.unjudged.iter().filter(|(_, file)| file.kind != "未审").count();
    let mut sentences = vec![format!(
        "收到文件 {} 个，评审表单 {} 张，涉及部门 {} 个、单位 {} 个、项目 {} 个、资金 {} 万元（一个项目只计一次）。质量等级：{}，优良率 {}。",
        files.len() + unread,
        total.forms.received,
        total.departments.received,
        total.units.received,
        total.projects.received,
        amount(total.money.received),
        grades.join("、"),
        Ratio::new(total.grades.good(), total.grades.total()),
    )];
    let forms = total.forms;
    if statistics.against_roster {
        sentences.push(format!(
            "对照名册：应报 {} 张，已报 {} 张，未报 {} 张，多报 {} 张；已报单位 {}；名册之外的单位 {} 个。",
            forms.due,
            forms.delivered,
            forms.missing(),
            forms.surplus,
            total.units.ratio(),
            statistics.unknown_units.len(),
        ));
    }
    if forms.on_time + forms.late > 0 {
        sentences.push(format!("按时 {} 张，逾期 {} 张。", forms.on_time, forms.late));
    }
    sentences
        .push(format!("审核通过 {} 张，退回整改 {} 张，已整改 {} 张。", forms.passed, forms.returned, forms.corrected));
    if unread > 0 {
        sentences.push(format!("另有 {unread} 个文件未能评审，见“未识别与名册外”。"));
    }
    sentences
}

fn amount(amount: Decimal) -> Decimal {
    amount.round_dp(2).normalize()
}
