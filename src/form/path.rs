//! What a value means in its form, whatever row it stands in: by this a finding is known again when the workbook comes
//! back with rows inserted.

use std::collections::BTreeMap;

use super::record::{Field, Form, Grid, Row, Table};
use crate::address::CellRef;
use crate::schema::concept::{INDICATORS, column};
use crate::schema::{FieldKind, TableSpec};
use crate::text::squeeze;

/// What the row of totals is called.
const TOTAL: &str = "合计";

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
        values.extend(record.fields.iter().map(|(id, field)| (id.clone(), field)));
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
        let column = |cells: &BTreeMap<String, Field>| {
            cells.iter().find(|(_, field)| field.cell() == cell).map(|(column, _)| column.clone())
        };
        let in_table = |(id, table): (&String, &Table)| {
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
        let in_grid = |(id, grid): (&String, &Grid)| {
            grid.rows.iter().find_map(|row| Some(format!("{id}[{}].{}", row.id, column(&row.cells)?)))
        };
        let vacant = |(id, table): (&String, &Table)| {
            let vacant = table.vacant.iter().find(|vacant| vacant.cell == cell)?;
            let class = vacant.subclass.as_ref().or(vacant.class.as_ref());
            Some(format!("{id}[空行·{}]", class.map_or("", String::as_str)))
        };
        let title = || record.title.as_ref().filter(|title| title.cell() == cell).map(|_| "title".to_owned());
        (record.tables.iter().find_map(in_table))
            .or_else(|| column(&record.fields))
            .or_else(|| record.grids.iter().find_map(in_grid))
            .or_else(|| record.tables.iter().find_map(vacant))
            .or_else(title)
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
    use crate::form::Reader;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    /// The paths of the target cells, found by cell, which are those that all values have.
    fn targets(rows: &str) -> Vec<String> {
        let drawn = format!(
            "项目支出绩效目标申报表|<|<|<\n（2024年度）|<|<|<\n项目名称|清水渠维护|实施单位|水务局\n\
             主管部门|水务局|项目资金总额（万元）|12\n年度目标|维护清水渠12公里|<|<\n\
             一级指标|二级指标|三级指标|指标值\n{rows}"
        );
        let sheet = sheet_from_text("表", &drawn).expect("a valid grid");
        let forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        let form = forms.first().expect("a form");
        let mut targets = Vec::new();
        for (path, field) in form.values() {
            if path.ends_with(".target") {
                targets.extend(form.path_of(field.cell()));
                assert_eq!(targets.last(), Some(&path));
            }
        }
        targets
    }

    #[test]
    fn a_row_keeps_its_path_when_rows_are_inserted_above_it() {
        let line = "产出指标|数量指标|维护 长度|≥12公里";
        let alone = targets(line);
        assert_eq!(alone, ["indicators[维护长度].target"]);
        let after = targets(&format!("产出指标|数量指标|清淤|≥3处\n{line}\n{line}"));
        assert_eq!(after, ["indicators[清淤].target", "indicators[维护长度].target", "indicators[维护长度#2].target"]);
    }
}
