//! The charts beside the tables.

use rust_decimal::Decimal;

use super::{Material, department_name, summary_of};
use crate::policy::Band;
use crate::report::table::{Chart, ChartKind};
use crate::text::cut;

/// Bars in a chart, at most: more cannot be read.
const BARS: usize = 30;
/// Rules in the Pareto chart, at most.
const RULES: usize = 12;
/// Characters of a label.
const LABEL: usize = 14;
/// Dots, at most.
const DOTS: usize = 2000;

/// 覆盖率 by department, 质量等级 by occasion, 问题 by frequency, 金额 × 质量.
pub(in crate::report) fn charts(material: &Material<'_>) -> Vec<Chart> {
    [coverage(material), grades(material), pareto(material), money_and_quality(material)]
        .into_iter()
        .flatten()
        .collect()
}

/// The departments that cover least, over the whole round.
fn coverage(material: &Material<'_>) -> Option<Chart> {
    let statistics = material.statistics;
    let mut departments: std::collections::BTreeMap<_, (usize, usize)> = std::collections::BTreeMap::new();
    for (group, counts) in statistics.occasions.iter().flat_map(|occasion| &occasion.departments) {
        let (delivered, due) = departments.entry(*group).or_default();
        *delivered += counts.forms.delivered;
        *due += counts.forms.due;
    }
    let rate = |(delivered, due): (usize, usize)| Decimal::from(delivered).checked_div(due.into());
    let mut rates: Vec<(String, Decimal)> = departments
        .into_iter()
        .filter_map(|(group, counts)| Some((department_name(group, statistics), rate(counts)?)))
        .collect();
    rates.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    let title = if rates.len() > BARS {
        format!("报送率最低的 {BARS} 个部门")
    } else {
        "各部门报送率".to_owned()
    };
    rates.truncate(BARS);
    let (labels, values): (Vec<String>, Vec<Decimal>) = rates.into_iter().unzip();
    let series = vec![("报送率".to_owned(), values)];
    let kind = ChartKind::Bars { labels, series, stacked: false, percent: true };
    (!material.statistics.occasions.is_empty() && statistics.total.forms.due > 0).then_some(Chart { title, kind })
}

fn grades(material: &Material<'_>) -> Option<Chart> {
    let graded: Vec<_> =
        material.statistics.occasions.iter().filter(|occasion| occasion.total.grades.total() > 0).collect();
    let labels: Vec<String> = graded.iter().map(|occasion| occasion.occasion.title()).collect();
    let of_band = |band: Band| {
        let counts = graded.iter().map(|occasion| Decimal::from(occasion.total.grades.count(band)));
        (band.title().to_owned(), counts.collect())
    };
    let series = Band::ALL.map(of_band).into();
    let kind = ChartKind::Bars { labels, series, stacked: true, percent: false };
    (!graded.is_empty()).then(|| Chart { title: "各环节质量等级（张）".to_owned(), kind })
}

fn pareto(material: &Material<'_>) -> Option<Chart> {
    let faults = &material.statistics.faults;
    let shown = || faults.iter().take(RULES);
    let label = |code: &str| cut(&format!("{code} {}", summary_of(code)), LABEL).into_owned();
    let labels = shown().map(|fault| label(fault.code)).collect();
    let counts = shown().map(|fault| fault.findings).collect();
    let all = faults.iter().map(|fault| fault.findings).sum();
    let kind = ChartKind::Pareto { labels, counts, all };
    (!faults.is_empty()).then(|| Chart { title: "常见问题（处）".to_owned(), kind })
}

/// The dearest projects first, so that a chart that cannot show all shows where the money is.
fn money_and_quality(material: &Material<'_>) -> Option<Chart> {
    let mut points: Vec<(Decimal, Decimal, String)> = material
        .statistics
        .judged()
        .filter(|line| line.form.subject.is_project())
        .filter_map(|line| {
            let item = line.form.items.first()?;
            Some((item.budget?, line.form.score, format!("{} {}", line.form.unit, item.name)))
        })
        .collect();
    points.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(&b.2)));
    points.truncate(DOTS);
    let kind =
        ChartKind::Points {
            across: "预算金额（万元）".to_owned(), up: "质量得分".to_owned(), points: points.clone()
        };
    (!points.is_empty()).then(|| Chart { title: "项目金额与填报质量".to_owned(), kind })
}
