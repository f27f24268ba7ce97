//! X161: cells were changed that nobody asked to change.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Check, EarlierForm, Fault, RoundContext, RoundForm, Rule, Verdict, compares};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Change, Form, changes};
use crate::schema::concept::{FUNDING, INDICATORS, LIST_TOTAL, SUBTOTAL, amount, column, field, line};
use crate::text::{excerpt, squeeze};
use crate::value::parse_number;

pub(super) static RULE: Rule = Rule {
    code: "X161",
    name: "uninvited-change",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（退回修改的表，改动应当与审核意见对应）",
    summary: "退回后改动了没有要求改的内容",
    docs: "
## 检查什么
与上一次的审核结果比对：上一次没有指出问题的格，这次填的不一样，就列出来，写明原来填的和现在填的，金额、指标值、分值的改动列在前面。不算在内的：有问题的格和同一行的格，跟着变的合计、执行率、得分，原来空着现在补上的格，空格和数字写法的不同，新增的指标。

## 为什么
已经审过的金额、目标在退回修改时被悄悄改动，审核就落空了。改动可能有道理，但要让审核的人知道。

## 正反例
- 反例：退回意见只有“合计不对”，再报时合计改对了，另一个指标的指标值由“≥12公里”改成“≥8公里”。
- 正例：退回意见指出执行数，改了执行数，执行率、得分、总分跟着变。

## 怎么改
确需改动的，向审核的人说明原因；改错了的，改回原来的内容。

## 依据
实务。
",
    check: Check::Round(check),
};

/// Changes that a message lists.
const LISTED: usize = 8;

/// Characters of a value in the list.
const EXCERPT: usize = 24;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let verdict = |(index, form): (usize, &RoundForm<'_>)| match round.earlier(index) {
        None => Verdict::NotApplicable,
        Some(earlier) if earlier.form.schema.id != form.form.schema.id => Verdict::NotApplicable,
        Some(earlier) => Verdict::Checked(fault(form.form, earlier).into_iter().collect()),
    };
    round.forms.iter().enumerate().map(verdict).collect()
}

fn fault(now: &Form, earlier: &EarlierForm<'_>) -> Option<Fault> {
    let changes = changes(earlier.form, now);
    let asked = Asked::of(earlier);
    let rows = Rows::of(&changes);
    let mut uninvited: Vec<&Change> = changes
        .iter()
        // What was blank and is filled in now completes the form; what a row of its own brings is new.
        .filter(|change| change.old.is_some())
        .filter(|change| !asked.includes(&change.path) && !is_consequence(change, &changes))
        .filter(|change| !asked.is_rescaled(change) && rows.tells(change, &asked))
        .collect();
    uninvited.sort_by_key(|change| weight(&change.path));
    let first = uninvited.first()?;
    let listed = uninvited.iter().take(LISTED).map(|change| told(change, now, earlier.form, &rows));
    let listed: Vec<String> = listed.collect();
    let more = if uninvited.len() > LISTED { format!("；等 {} 处", uninvited.len()) } else { String::new() };
    Some(Fault {
        cell: first.cell,
        related: uninvited.iter().filter_map(|change| change.cell).collect(),
        found: first.new.clone(),
        message: format!("上一次没有指出问题、这次改动了：{}{more}", listed.join("；")),
        advice: "确需改动的，向审核的人说明原因；改错了的，改回原来的内容。".to_owned(),
        ..Fault::default()
    })
}

/// `维护长度·指标值 ≥12公里 → ≥8公里`; of a row that is gone only that.
fn told(change: &Change, now: &Form, then: &Form, rows: &Rows) -> String {
    if let Some(row) = row_of(&change.path).filter(|row| rows.gone.contains(*row)) {
        let name = row.split_once('[').map_or(row, |(_, name)| name);
        return match rows.renamed.get(row) {
            Some(renamed) => format!("“{name}”改名为“{renamed}”"),
            None => format!("删去了“{name}”"),
        };
    }
    let quoted =
        |text: &Option<String>| text.as_deref().map_or_else(|| "（空）".to_owned(), |text| excerpt(text, EXCERPT));
    let form = if change.cell.is_some() { now } else { then };
    let at = change.cell.map(|at| at.to_string()).unwrap_or_default();
    format!("{at}「{}」{} → {}", form.path_label(&change.path), quoted(&change.old), quoted(&change.new))
}

/// Money, targets and weights first; then actual values and scores; words last.
fn weight(path: &str) -> u8 {
    let column_of = column_of(path).unwrap_or(path);
    match column_of {
        _ if path.starts_with(FUNDING) => 0,
        column::TARGET | column::WEIGHT | column::OPERATOR | column::UNIT | field::TOTAL_WEIGHT => 0,
        column::ACTUAL | column::SCORE | field::TOTAL_SCORE | field::TOTAL_GRADE => 1,
        _ => 2,
    }
}

/// What the findings of the submission before spoke of.
struct Asked {
    /// Paths of cells, and rows of tables and blocks as `indicators[培训人数`.
    paths: BTreeSet<String>,
    /// Whether money was spoken of in a way that lets every amount change its unit.
    money: bool,
}

impl Asked {
    fn of(earlier: &EarlierForm<'_>) -> Self {
        // A total has two paths: its own, and that of its place in the table.
        let mut cells: BTreeMap<CellRef, Vec<String>> = BTreeMap::new();
        for (path, field) in earlier.form.values() {
            cells.entry(field.cell()).or_default().push(path);
        }
        let mut asked = Self { paths: BTreeSet::new(), money: false };
        for finding in earlier.findings.iter().filter(|finding| !compares(&finding.code)) {
            let at = |cell: &CellRef| cells.get(cell).into_iter().flatten().cloned();
            for path in std::iter::once(finding.field.clone()).chain(finding.cell.iter().flat_map(at)) {
                asked.with_its_row(path);
            }
            for path in finding.related.iter().flat_map(at) {
                match column_of(&path) {
                    // Of two indicators that are one, either is mended.
                    Some(column::LEVEL3) => asked.with_its_row(path),
                    _ => drop(asked.paths.insert(path)),
                }
            }
        }
        asked
    }

    fn with_its_row(&mut self, path: String) {
        self.money |= path == field::MONEY_UNIT || path.starts_with(FUNDING);
        match row_of(&path).zip(column_of(&path)) {
            // What is said of a class is mended by sharing out its points, or under another class.
            Some((row, column::LEVEL1 | column::LEVEL2)) => {
                let columns = [column::LEVEL1, column::LEVEL2, column::WEIGHT, column::SCORE];
                self.paths.extend(columns.map(|column| format!("{row}].{column}")));
            }
            // A fault between two cells of a row may be mended in either.
            Some((row, _)) => drop(self.paths.insert(row.to_owned())),
            None => {}
        }
        self.paths.insert(path);
    }

    fn includes(&self, path: &str) -> bool {
        self.paths.contains(path) || row_of(path).is_some_and(|row| self.paths.contains(row))
    }

    /// Whether an amount changed by the factor between 元 and 万元 alone, where money was spoken of.
    fn is_rescaled(&self, change: &Change) -> bool {
        let number = |text: &Option<String>| text.as_deref().and_then(parse_number);
        let (Some(old), Some(new)) = (number(&change.old), number(&change.new)) else { return false };
        let factor = Decimal::from(10_000);
        let times = |small: Decimal, large: Decimal| small.checked_mul(factor) == Some(large);
        self.money && (times(old, new) || times(new, old))
    }
}

/// Rows that came, went or were renamed.
struct Rows {
    /// As `indicators[培训人数`.
    gone: BTreeSet<String>,
    /// A row that is gone → the name of the one that says the same in its place.
    renamed: BTreeMap<String, String>,
}

impl Rows {
    fn of(changes: &[Change]) -> Self {
        // Without its name a row is not a row: the name tells whether it is there.
        let named = |change: &&Change| column_of(&change.path).is_some_and(|column| column == column::LEVEL3);
        let rows = |present: fn(&Change) -> bool| {
            changes.iter().filter(named).filter(move |change| present(change)).filter_map(|change| row_of(&change.path))
        };
        let gone: BTreeSet<String> =
            rows(|change| change.old.is_some() && change.new.is_none() && change.cell.is_none())
                .map(str::to_owned)
                .collect();
        let came: Vec<&str> = rows(|change| change.old.is_none() && change.new.is_some()).collect();
        let told = |row: &str, side: fn(&Change) -> &Option<String>| -> BTreeMap<String, String> {
            let of_row = changes.iter().filter(|change| row_of(&change.path) == Some(row));
            let cells = of_row
                .filter_map(|change| Some((column_of(&change.path)?.to_owned(), squeeze(side(change).as_ref()?))));
            cells.filter(|(column, _)| column != column::LEVEL3).collect()
        };
        let mut renamed = BTreeMap::new();
        for row in &gone {
            let was = told(row, |change| &change.old);
            let same = |other: &&&str| {
                let is = told(other, |change| &change.new);
                is.get(column::TARGET) == was.get(column::TARGET) && is.get(column::WEIGHT) == was.get(column::WEIGHT)
            };
            let name = came.iter().find(same).and_then(|other| other.split_once('['));
            renamed.extend(name.map(|(_, name)| (row.clone(), name.to_owned())));
        }
        Self { gone, renamed }
    }

    /// Whether the change is one to be told: of a row that is gone once, by its name, and not where it was asked about.
    fn tells(&self, change: &Change, asked: &Asked) -> bool {
        match row_of(&change.path).filter(|row| self.gone.contains(*row)) {
            Some(row) => column_of(&change.path) == Some(column::LEVEL3) && !asked.paths.contains(row),
            None => true,
        }
    }
}

/// Whether a total, rate or score follows from something else that changed.
fn is_consequence(change: &Change, changes: &[Change]) -> bool {
    let other = |test: &dyn Fn(&str) -> bool| changes.iter().any(|one| one.path != change.path && test(&one.path));
    let path = change.path.as_str();
    match path {
        field::TOTAL_SCORE | field::TOTAL_GRADE | field::TOTAL_WEIGHT => {
            return other(&|path| matches!(column_of(path), Some(column::SCORE | column::WEIGHT)));
        }
        _ if path.starts_with(SUBTOTAL) || path.starts_with(LIST_TOTAL) => return other(&|_| true),
        _ => {}
    }
    let (Some(row), Some(column)) = (row_of(path), column_of(path)) else { return false };
    let computed = |column: &str| matches!(column, amount::RATE | amount::SCORE);
    let in_row = |path: &str| row_of(path) == Some(row) && column_of(path).is_some_and(|column| !computed(column));
    let total = format!("{FUNDING}[{}", line::TOTAL);
    // The score of the money row follows from its rate, that of an indicator from target, actual value and weight.
    let from_row = computed(column) && other(&in_row);
    let from_parts = row == total
        && other(&|path| path.starts_with(FUNDING) && row_of(path) != Some(row) && column_of(path) == Some(column));
    // A rate of the total that is computed from totals which were summed anew.
    from_row || from_parts || path.starts_with(INDICATORS) && column == column::WEIGHT && other(&is_new_row(changes))
}

/// Where indicators came or went, points are shared out anew.
fn is_new_row(changes: &[Change]) -> impl Fn(&str) -> bool {
    let came_or_went: BTreeSet<String> = changes
        .iter()
        .filter(|change| {
            column_of(&change.path) == Some(column::LEVEL3) && (change.old.is_none() || change.new.is_none())
        })
        .map(|change| change.path.clone())
        .collect();
    move |path| came_or_went.contains(path)
}

/// `indicators[培训人数` of `indicators[培训人数].target`; `None` for a value that stands alone.
fn row_of(path: &str) -> Option<&str> {
    path.rsplit_once("].").map(|(row, _)| row)
}

/// `target` of `indicators[培训人数].target`.
fn column_of(path: &str) -> Option<&str> {
    path.rsplit_once("].").map(|(_, column)| column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, old: &str, new: &str) -> Change {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let cell = (!new.is_empty()).then(|| CellRef::new(1, 1));
        Change { path: path.to_owned(), old: text(old), new: text(new), old_cell: None, cell }
    }

    #[test]
    fn totals_rates_and_scores_follow_from_what_they_are_computed_of_and_from_nothing_else() {
        let executed = change("funding[fiscal].executed", "10", "12");
        let total = change("funding[total].executed", "10", "12");
        let rate = change("funding[total].rate", "80%", "90%");
        let score = change("indicators[维护长度].score", "20", "18");
        let actual = change("indicators[维护长度].actual", "12", "11");
        let sum = change("total_score", "98", "96");
        let all = [executed.clone(), total.clone(), rate.clone(), score.clone(), actual.clone(), sum.clone()];
        let follows: Vec<bool> = all.iter().map(|one| is_consequence(one, &all)).collect();
        assert_eq!(follows, [false, true, true, true, false, true]);
        for alone in [&total, &rate, &score, &sum] {
            assert!(!is_consequence(alone, std::slice::from_ref(alone)), "{}", alone.path);
        }
    }

    #[test]
    fn a_row_that_says_the_same_under_another_name_was_renamed() {
        let row = |name: &str, old: bool, target: &str| {
            let cells = [("level3", name), ("target", target)].map(|(column, text)| {
                let path = format!("indicators[{name}].{column}");
                if old { change(&path, text, "") } else { change(&path, "", text) }
            });
            cells.to_vec()
        };
        let changes =
            [row("维护长度", true, "≥12公里"), row("养护长度", false, "≥12公里"), row("清淤", true, "≥3处")].concat();
        let rows = Rows::of(&changes);
        let renamed: Vec<_> = rows.renamed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        assert_eq!(renamed, [("indicators[维护长度", "养护长度")]);
        assert!(rows.gone.contains("indicators[清淤"));
    }
}
