//! What differs between two readings of one form, value by value, whatever rows the values stand in.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::path::TOTAL;
use super::record::{Field, Form};
use crate::address::CellRef;
use crate::text::squeeze;
use crate::value::parse_number;

/// A value that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What the value means; see [`Form::values`].
    pub path: String,
    /// What stood there; `None` for nothing.
    pub old: Option<String>,
    /// What stands there; `None` for nothing.
    pub new: Option<String>,
    /// Where it stood.
    pub old_cell: Option<CellRef>,
    /// Where it stands; `None` where the form no longer has it.
    pub cell: Option<CellRef>,
}

/// The values of a form that are not what they were in an earlier one: those that it has in reading order, then those
/// that are gone. Spaces and the ways to write a number make no difference; a blank is like nothing at all.
#[must_use]
pub fn changes(old: &Form, new: &Form) -> Vec<Change> {
    let (before, after) = (by_path(old), by_path(new));
    let mut changes = Vec::new();
    for (path, field) in &after {
        let then = before.get(path);
        if !then.is_some_and(|then| same(then, field)) && (written(field).is_some() || then.and_then(written).is_some())
        {
            changes.push(change(path, then, Some(field)));
        }
    }
    let gone = before.iter().filter(|(path, field)| !after.contains_key(*path) && written(field).is_some());
    changes.extend(gone.map(|(path, field)| change(path, Some(field), None)));
    changes.sort_by_key(|change| (change.cell.is_none(), change.cell, change.old_cell));
    changes
}

/// Of several values with one path the first. Rows of totals are computed, and an earlier result does not tell them.
fn by_path(form: &Form) -> BTreeMap<String, &Field> {
    let total = format!("[{TOTAL}].");
    let mut values = BTreeMap::new();
    for (path, field) in form.values().into_iter().filter(|(path, _)| !path.contains(&total)) {
        values.entry(path).or_insert(field);
    }
    values
}

fn change(path: &str, then: Option<&&Field>, now: Option<&&Field>) -> Change {
    let text = |field: Option<&&Field>| field.and_then(written);
    let cell = |field: Option<&&Field>| field.map(|field| field.cell());
    Change { path: path.to_owned(), old: text(then), new: text(now), old_cell: cell(then), cell: cell(now) }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "passed by name to Option::and_then")]
fn written(field: &&Field) -> Option<String> {
    Some(field.text().trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn same(one: &Field, other: &Field) -> bool {
    let (before, after) = (squeeze(one.text()), squeeze(other.text()));
    before == after || number(one, &before).is_some_and(|then| Some(then) == number(other, &after))
}

fn number(field: &Field, text: &str) -> Option<Decimal> {
    field.number().or_else(|| parse_number(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Reader;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    fn form(goal: &str, amount: &str, rows: &str) -> Form {
        let drawn = format!(
            "项目支出绩效目标申报表|<|<|<\n（2024年度）|<|<|<\n项目名称|清水渠维护|实施单位|水务局\n\
             主管部门|水务局|项目资金总额（万元）|{amount}\n年度目标|{goal}|<|<\n\
             一级指标|二级指标|三级指标|指标值\n{rows}"
        );
        let sheet = sheet_from_text("表", &drawn).expect("a valid grid");
        let mut forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        forms.pop().expect("a form")
    }

    #[test]
    fn what_changed_is_told_by_its_path_and_where_it_stands_does_not_matter() {
        let length = "产出指标|数量指标|维护长度|≥12公里";
        let villages = "效益指标|社会效益指标|受益村庄|≥8个";
        let old = form("维护清水渠12公里", "12", &format!("{length}\n{villages}"));
        let same = form("维护 清水渠12公里", "12.00", &format!("产出指标|质量指标||\n{length}\n{villages}"));
        assert_eq!(changes(&old, &same), []);
        let new = form("维护清水渠", "12", &format!("产出指标|数量指标|清淤|≥3处\n{}", length.replace("12", "10")));
        let told: Vec<_> = changes(&old, &new)
            .into_iter()
            .filter(|change| !change.path.contains("level"))
            .map(|change| {
                let text = |text: Option<String>| text.unwrap_or_default();
                (change.path, text(change.old), text(change.new), change.cell.map(|at| at.to_string()))
            })
            .collect();
        let at = |cell: &str| Some(cell.to_owned());
        let line = |path: &str, old: &str, new: &str, cell| (path.to_owned(), old.to_owned(), new.to_owned(), cell);
        assert_eq!(
            told,
            [
                line("goal", "维护清水渠12公里", "维护清水渠", at("B5")),
                line("indicators[清淤].target", "", "≥3处", at("D7")),
                line("indicators[维护长度].target", "≥12公里", "≥10公里", at("D8")),
                line("indicators[受益村庄].target", "≥8个", "", None),
            ]
        );
    }
}
