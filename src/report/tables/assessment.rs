//! 考核: points by unit, and who is below the line.

use rust_decimal::Decimal;

use super::{Material, summary, unit_name};
use crate::coverage::{Assessed, Ratio};
use crate::policy::WithoutPart;
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Line, Table};

/// 考核; not there where no unit owes anything.
pub(super) fn table(material: &Material<'_>) -> Option<Table> {
    const HEADS: [Head; 16] = [
        ("名次", 6),
        ("部门", 20),
        ("单位", 26),
        ("类型", 8),
        ("应报", 7),
        ("已报", 7),
        ("覆盖得分", 9),
        ("按时", 12),
        ("及时得分", 9),
        ("平均质量得分", 9),
        ("质量得分", 9),
        ("已整改", 12),
        ("整改得分", 9),
        ("考核得分", 9),
        ("折算分", 8),
        ("处理", 30),
    ];
    if material.assessed.is_empty() {
        return None;
    }
    let policy = &material.policy.assessment;
    let line = |one: &Assessed<'_>| {
        let cells = vec![
            Cell::count(one.rank),
            Cell::text(one.unit.department),
            Cell::text(unit_name(one.unit)),
            Cell::word(one.unit.kind),
            Cell::count(one.coverage.of.whole),
            Cell::count(one.coverage.of.part),
            points(one.coverage.points),
            of(one.timeliness.of),
            points(one.timeliness.points),
            Cell::Figure(one.quality.of.mean()),
            points(one.quality.points),
            of(one.correction.of),
            points(one.correction.points),
            Cell::Figure(Some(one.points)),
            Cell::Figure(one.scaled),
            Cell::text(if one.cut { policy.consequence.as_str() } else { "" }),
        ];
        Line { path: Vec::new(), cells }
    };
    let parts = policy.points;
    let cut = material.assessed.iter().filter(|one| one.cut).count();
    let without = match policy.without {
        WithoutPart::Full => "没有可数的一块给满分",
        WithoutPart::Spread => "没有可数的一块，分值按比例分到其余各块",
    };
    let scales: Vec<String> =
        policy.scales.iter().map(|scale| format!("{} {} 分", scale.kind, scale.points.normalize())).collect();
    let mut notes = vec![format!(
        "注：从报送和审核中数得出的几块，合计 100 分：覆盖 {}（已报÷应报），及时 {}（按时÷知道收件日期的），质量 {}（质量得分平均÷100），整改 {}（已整改÷退回过的）；{without}。制度建设、公开等数不出的另行打分。",
        parts.coverage.normalize(),
        parts.timeliness.normalize(),
        parts.quality.normalize(),
        parts.correction.normalize(),
    )];
    if !scales.is_empty() {
        notes.push(format!("折算分：考核得分 100 分在政府综合考核里折 {}。", scales.join("、")));
    }
    let cut_below = policy.cut_below.normalize();
    let blocks =
        vec![Block { heading: String::new(), lines: material.assessed.iter().map(line).collect(), total: None }];
    let names = ["考核", "预算绩效管理考核得分表（可计数部分）", "单位：张、分"];
    let lead = vec![format!(
        "考核单位 {} 个，低于 {cut_below} 分的 {cut} 个{}。",
        material.assessed.len(),
        if cut > 0 { format!("，按规定{}", policy.consequence) } else { String::new() },
    )];
    Some(Table { lead, notes, ..summary(names, &HEADS, 3, blocks) })
}

fn points(points: Option<Decimal>) -> Cell {
    match points {
        Some(points) => Cell::Figure(Some(points.round_dp(2))),
        None => Cell::word("—"),
    }
}

/// `8/9`.
fn of(ratio: Ratio) -> Cell {
    if ratio.whole == 0 { Cell::word("—") } else { Cell::word(format!("{}/{}", ratio.part, ratio.whole)) }
}
