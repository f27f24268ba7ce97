//! What a value means in its form, whatever row it stands in: by this a finding is known again when the workbook comes
//! back with rows inserted.

use std::collections::BTreeMap;

use super::id::Id;
use super::record::{Field, Form, Grid, Row, Table};
use crate::address::CellRef;
use crate::schema::concept::{INDICATORS, column, field};
use crate::schema::{FieldKind, TableSpec};
use crate::text::{one_line, squeeze};

/// What the row of totals is called.
pub(super) const TOTAL: &str = "合计";
/// What a row that waits to be filled is called.
const VACANT: &str = "空行";

impl Form {
    /// Every value of the form with its path: `goal`, `funding[total].budget`, `indicators[培训人数].target`. A row is
    /// known by its name, of several with the same name the later ones by `#2`, `#3`.
    #[must_use]
    pub fn values(&self) -> Vec<(String, &Field)> {
        let record = &self.record;
        let mut values = Vec::new();
        // A total stands in the table and, for the rules, among the fields: the table says more.
        for (id, table) in &record.tables {
            let mut names: BTreeMap<String, usize> = BTreeMap::new();
            let spec = self.schema.table(id);
            let named = table.rows.iter().map(|row| (row_name(id, spec, row), row));
            for (name, row) in named.chain(table.total.iter().map(|row| (TOTAL.to_owned(), row))) {
                let times = names.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
                let name = if *times > 1 { format!("{name}#{times}") } else { name };
                values.extend(row.cells.iter().map(|(column, field)| (format!("{id}[{name}].{column}"), field)));
            }
        }
        values.extend(record.fields.iter().map(|(id, field)| (id.to_string(), field)));
        for (id, grid) in &record.grids {
            for row in &grid.rows {
                values.extend(row.cells.iter().map(|(column, field)| (format!("{id}[{}].{column}", row.id), field)));
            }
        }
        values
    }

    /// The path of a cell that holds a value, or is there for one. A cell that several values share has the path of the
    /// first.
    #[must_use]
    pub fn path_of(&self, cell: CellRef) -> Option<String> {
        let record = &self.record;
        let column = |cells: &BTreeMap<Id, Field>| {
            cells.iter().find(|(_, field)| field.cell() == cell).map(|(column, _)| column.to_string())
        };
        let in_table = |(id, table): (&Id, &Table)| {
            let rows = || table.rows.iter().map(|row| (row, false)).chain(table.total.iter().map(|row| (row, true)));
            let (at, (row, total), column) =
                rows().enumerate().find_map(|(at, (row, total))| Some((at, (row, total), column(&row.cells)?)))?;
            let spec = self.schema.table(id);
            let named = |row, total| if total { TOTAL.to_owned() } else { row_name(id, spec, row) };
            let name = named(row, total);
            let times = rows().take(at).filter(|(row, total)| named(row, *total) == name).count() + 1;
            let name = if times > 1 { format!("{name}#{times}") } else { name };
            Some(format!("{id}[{name}].{column}"))
        };
        let in_grid = |(id, grid): (&Id, &Grid)| {
            grid.rows.iter().find_map(|row| Some(format!("{id}[{}].{}", row.id, column(&row.cells)?)))
        };
        let vacant = |(id, table): (&Id, &Table)| {
            let vacant = table.vacant.iter().find(|vacant| vacant.cell == cell)?;
            let class = vacant.subclass.as_ref().or(vacant.class.as_ref());
            Some(format!("{id}[{VACANT}·{}]", class.map_or("", String::as_str)))
        };
        let class = || self.class_path(cell);
        let title = || record.title.as_ref().filter(|title| title.cell() == cell).map(|_| "title".to_owned());
        class()
            .or_else(|| record.tables.iter().find_map(in_table))
            .or_else(|| column(&record.fields))
            .or_else(|| record.grids.iter().find_map(in_grid))
            .or_else(|| record.tables.iter().find_map(vacant))
            .or_else(title)
    }

    /// The path of a cell that names a class of indicators, by the class: `indicators[产出指标].level1`. It speaks of all
    /// rows of the class, whichever is the first.
    fn class_path(&self, cell: CellRef) -> Option<String> {
        let rows = &self.record.indicators()?.rows;
        rows.iter().find_map(|row| {
            let id = [column::LEVEL1, column::LEVEL2].into_iter().find(|id| row.at(id) == Some(cell))?;
            let name = |id| row.filled(id).map(squeeze);
            let name = match (id, name(column::LEVEL1)) {
                (column::LEVEL2, Some(level1)) => format!("{level1}·{}", name(column::LEVEL2)?),
                (id, _) => name(id)?,
            };
            Some(format!("{INDICATORS}[{name}].{id}"))
        })
    }

    /// A path in the words printed on the form: `年度目标`, `财政拨款·全年预算数`, `培训人数·指标值`.
    #[must_use]
    pub fn path_label(&self, path: &str) -> String {
        let Some((id, rest)) = path.split_once('[') else { return self.field_label(path) };
        let Some((name, column)) = rest.rsplit_once("].") else {
            let name = rest.trim_end_matches(']');
            // Of a vacant row the class is an id, and says nothing to who reads it.
            return if name.starts_with(VACANT) { VACANT } else { name }.to_owned();
        };
        let (name, column) = match self.record.grids.contains_key(id) || self.schema.grid(id).is_some() {
            true => (self.line_label(id, name), self.amount_label(id, column)),
            false => (row_label(name), self.column_label(id, column)),
        };
        if name.is_empty() { column } else { format!("{name}·{column}") }
    }

    fn field_label(&self, id: &str) -> String {
        let printed = self.schema.field(id).map(|spec| spec.label.as_str());
        let known = match id {
            field::TOTAL_WEIGHT => "总分·分值",
            field::TOTAL_SCORE => "总分·得分",
            field::TOTAL_GRADE => "总分·等级",
            "title" => "标题",
            id => id,
        };
        printed.unwrap_or(known).to_owned()
    }

    fn line_label(&self, grid: &str, line: &str) -> String {
        let printed = self.record.grids.get(grid).and_then(|grid| grid.row(line)).map(|row| one_line(&row.label.text));
        let printed = printed.filter(|label| !label.is_empty());
        let spec = || self.schema.grid(grid)?.row(line).map(|row| row.label.clone());
        let label = printed.or_else(spec).unwrap_or_else(|| line.to_owned());
        label.trim_end_matches([':', '：']).to_owned()
    }

    fn amount_label(&self, grid: &str, column: &str) -> String {
        let printed = self.record.grids.get(grid).and_then(|grid| grid.columns.get(column)).map(|head| &head.label);
        let spec = || self.schema.grid(grid)?.column(column).map(|column| &column.label);
        printed.or_else(spec).map_or(column, String::as_str).to_owned()
    }

    fn column_label(&self, table: &str, column: &str) -> String {
        let printed = self.record.tables.get(table).and_then(|table| table.columns.get(column)).map(|head| &head.label);
        let spec = || self.schema.table(table)?.column(column).map(|column| &column.label);
        printed.or_else(spec).map_or(column, String::as_str).to_owned()
    }
}

/// `培训人数#2` as `培训人数（第 2 个）`.
fn row_label(name: &str) -> String {
    match name.rsplit_once('#') {
        Some((name, times)) if times.chars().all(|c| c.is_ascii_digit()) && !times.is_empty() => {
            format!("{name}（第 {times} 个）")
        }
        _ => name.to_owned(),
    }
}

/// The name of a row: the indicator's, else the first text of the table's columns; of a row without any its class.
fn row_name(table: &str, spec: Option<&TableSpec>, row: &Row) -> String {
    let own = if table == INDICATORS {
        [column::LEVEL3, column::LEVEL2, column::LEVEL1].into_iter().find_map(|column| row.filled(column))
    } else {
        let texts = spec.into_iter().flat_map(|spec| &spec.columns).filter(|column| column.kind == FieldKind::Text);
        texts.map(|column| column.id.as_str()).find_map(|column| row.filled(column))
    };
    own.map(squeeze).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::form::Reader;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    /// The paths of a form that end so.
    fn targets(rows: &str, end: &str) -> Vec<String> {
        let drawn = format!(
            "项目支出绩效目标申报表|<|<|<\n（2024年度）|<|<|<\n项目名称|清水渠维护|实施单位|水务局\n\
             主管部门|水务局|项目资金总额（万元）|12\n年度目标|维护清水渠12公里|<|<\n\
             一级指标|二级指标|三级指标|指标值\n{rows}"
        );
        let sheet = sheet_from_text("表", &drawn).expect("a valid grid");
        let forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        let form = forms.first().expect("a form");
        let cells: BTreeSet<_> = form.values().iter().map(|(_, field)| field.cell()).collect();
        let paths = cells.into_iter().filter_map(|at| form.path_of(at));
        paths.filter(|path| path.ends_with(end)).collect()
    }

    #[test]
    fn a_path_is_told_in_the_words_of_the_form() {
        let drawn = "项目支出绩效自评表|<|<|<|<|<|<\n项目名称|清水渠维护|<|<|实施单位|水务局|<\n\
             项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|得分\n^|年度资金总额：|5|5|5|10|10\n\
             年度总体目标|预期目标|<|<|实际完成情况|<|<\n^|维护清水渠12公里|<|<|已完成|<|<\n\
             一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|维护长度|≥12公里|12公里|90|90\n\
             总分|<|<|<|<|100|100";
        let sheet = sheet_from_text("表", drawn).expect("a valid grid");
        let forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        let form = forms.first().expect("a form");
        for (path, label) in [
            ("goal", "预期目标"),
            ("funding[total].executed", "年度资金总额·全年执行数"),
            ("indicators[维护长度].target", "维护长度·年度指标值"),
            ("indicators[维护长度#2].score", "维护长度（第 2 个）·得分"),
            ("total_score", "自评总分"),
            ("indicators[空行·quantity]", "空行"),
            ("indicators[空行·]", "空行"),
        ] {
            assert_eq!(form.path_label(path), label);
        }
    }

    #[test]
    fn the_cell_of_a_class_has_its_name_whichever_indicator_is_the_first() {
        let rows = "产出指标|数量指标|维护长度|≥12公里\n^|^|清淤|≥3处\n效益指标||受益村庄|≥8个";
        assert_eq!(targets(rows, ".level1"), ["indicators[产出指标].level1", "indicators[效益指标].level1"]);
        assert_eq!(targets(rows, ".level2"), ["indicators[产出指标·数量指标].level2", "indicators[受益村庄].level2"]);
    }

    #[test]
    fn a_row_keeps_its_path_when_rows_are_inserted_above_it() {
        let line = "产出指标|数量指标|维护 长度|≥12公里";
        let alone = targets(line, ".target");
        assert_eq!(alone, ["indicators[维护长度].target"]);
        let after = targets(&format!("产出指标|数量指标|清淤|≥3处\n{line}\n{line}"), ".target");
        assert_eq!(after, ["indicators[清淤].target", "indicators[维护长度].target", "indicators[维护长度#2].target"]);
    }
}
