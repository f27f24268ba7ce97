//! The parts of a schema file that speak of its other parts: figures that must be equal, and the printed layout.

use super::file::{BlockFile, FigureFile, GroupFile, LayoutFile, TotalFile};
use super::layout::{Block, Group, Layout, ListColumn};
use super::model::{Figure, GridSpec, Schema, TableSpec, TotalSpec};
use crate::toml_file::{At, Problems, SourceFile};

/// Lines that the boxes under headings have room for, where the file says nothing.
const GOAL_LINES: u32 = 6;

/// Looks up what is named in a schema whose fields, grids and tables are loaded.
pub(super) struct LayoutLoader<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) schema: &'a Schema,
    pub(super) problems: &'a mut Problems,
}

impl LayoutLoader<'_> {
    fn problem(&mut self, offset: usize, message: impl Into<String>) {
        self.problems.add(self.file, offset, message);
    }

    /// The figures that must be equal.
    pub(super) fn totals(&mut self, totals: &[At<TotalFile>]) -> Vec<TotalSpec> {
        totals.iter().filter_map(|total| self.total(total.value(), total.offset())).collect()
    }

    fn total(&mut self, file: &TotalFile, offset: usize) -> Option<TotalSpec> {
        let (Some(label), Some(total), false) = (&file.label, &file.total, file.parts.is_empty()) else {
            self.problem(offset, "[[total]] 要写 label（说的是什么）、total（所填的数）和 parts（各项）");
            return None;
        };
        let schema = self.schema;
        let rows = match &file.rows {
            None => None,
            Some(rows) => match schema.table(rows.value()) {
                Some(table) => Some(table),
                None => {
                    self.problem(rows.offset(), no_table(rows.value()));
                    return None;
                }
            },
        };
        let parts = file.parts.iter().filter_map(|part| self.figure(part, rows)).collect();
        let total = self.figure(total, rows)?;
        Some(TotalSpec { label: label.value().clone(), rows: rows.map(|table| table.id.clone()), total, parts })
    }

    fn figure(&mut self, at: &At<FigureFile>, rows: Option<&TableSpec>) -> Option<Figure> {
        let parsed = match rows {
            Some(_) => own(at.value()).ok_or("写了 rows（逐行比较）时，一个数只写 { column }"),
            None => self.parse(at.value()),
        };
        let figure = match parsed {
            Ok(figure) => figure,
            Err(message) => {
                self.problem(at.offset(), message);
                return None;
            }
        };
        if let Some(unknown) = self.unknown(&figure, rows) {
            self.problem(at.offset(), unknown);
        }
        Some(figure)
    }

    fn parse(&self, file: &FigureFile) -> Result<Figure, &'static str> {
        let FigureFile { field, grid, row, column, sum, last, count } = file;
        let figure = match (field, grid, sum, last, count) {
            (Some(field), None, None, None, None) => {
                (row.is_none() && column.is_none()).then(|| Figure::Field(field.clone()))
            }
            (None, Some(grid), None, None, None) => {
                row.clone().zip(column.clone()).map(|(row, column)| Figure::Cell { grid: grid.clone(), row, column })
            }
            (None, None, Some(table), None, None) => {
                column.clone().map(|column| Figure::Sum { table: table.clone(), column })
            }
            (None, None, None, Some(table), None) => {
                column.clone().map(|column| Figure::Last { table: table.clone(), column })
            }
            (None, None, None, None, Some(table)) => {
                (row.is_none() && column.is_none()).then(|| Figure::Count { table: table.clone() })
            }
            _ => None,
        };
        figure.ok_or(
            "一个数要写成 { field }、{ grid, row, column }、{ sum = 表, column }、{ last = 表, column } 或 { count = 表 } 之一",
        )
    }

    /// What a figure names and the schema does not have.
    fn unknown(&self, figure: &Figure, rows: Option<&TableSpec>) -> Option<String> {
        let schema = self.schema;
        match figure {
            Figure::Own(column) => rows.and_then(|table| missing_column(table, column)),
            Figure::Field(id) => schema.field(id).is_none().then(|| format!("本表没有栏目“{id}”")),
            Figure::Cell { grid, row, column } => match schema.grid(grid) {
                None => Some(format!("本表没有资金块“{grid}”")),
                Some(spec) => missing_row(spec, row).or_else(|| missing_amount(spec, column)),
            },
            Figure::Sum { table, column } | Figure::Last { table, column } => match schema.table(table) {
                None => Some(no_table(table)),
                Some(spec) => missing_column(spec, column),
            },
            Figure::Count { table } => schema.table(table).is_none().then(|| no_table(table)),
        }
    }

    /// The printed layout.
    pub(super) fn layout(&mut self, at: &At<LayoutFile>) -> Layout {
        let file = at.value();
        if file.month.is_some_and(|month| !(1..=12).contains(&month)) {
            self.problem(at.offset(), "month 应为 1 到 12 之间的月份");
        }
        Layout {
            lead: file.lead.clone(),
            landscape: file.landscape,
            month: file.month,
            blocks: file.print.iter().filter_map(|block| self.block(block.value(), block.offset())).collect(),
            notes: file.notes.clone(),
            signature: self.fields(&file.signature),
        }
    }

    fn block(&mut self, file: &BlockFile, offset: usize) -> Option<Block> {
        let kinds = [!file.fields.is_empty(), !file.heads.is_empty(), file.grid.is_some(), file.table.is_some()];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            self.problem(offset, "版面的一块要写 fields、heads、grid、table 之一，只写一个");
            return None;
        }
        if let Some(grid) = &file.grid {
            return self.grid(file, grid);
        }
        if let Some(table) = &file.table {
            return self.table(file, table);
        }
        if file.heads.is_empty() {
            return Some(Block::Fields { fields: self.fields(&file.fields), lines: file.lines.unwrap_or(1).max(1) });
        }
        Some(Block::Heads {
            label: file.label.clone().unwrap_or_default(),
            fields: self.fields(&file.heads),
            lines: file.lines.unwrap_or(GOAL_LINES).max(1),
        })
    }

    fn grid(&mut self, file: &BlockFile, id: &At<String>) -> Option<Block> {
        let schema = self.schema;
        let Some(spec) = schema.grid(id.value()) else {
            self.problem(id.offset(), format!("本表没有资金块“{}”", id.value()));
            return None;
        };
        let rows = self.known(&file.rows, |row| missing_row(spec, row));
        let columns = self.known(&file.columns, |column| missing_amount(spec, column));
        Some(Block::Grid {
            grid: spec.id.clone(),
            label: file.label.clone().unwrap_or_else(|| spec.label.clone()),
            rows: if rows.is_empty() { spec.rows.iter().map(|row| row.id.clone()).collect() } else { rows },
            columns: if columns.is_empty() { spec.columns.iter().map(|c| c.id.clone()).collect() } else { columns },
        })
    }

    fn table(&mut self, file: &BlockFile, id: &At<String>) -> Option<Block> {
        let schema = self.schema;
        let Some(spec) = schema.table(id.value()) else {
            self.problem(id.offset(), no_table(id.value()));
            return None;
        };
        let columns = self.known(&file.columns, |column| missing_column(spec, column));
        let columns = if columns.is_empty() { spec.columns.iter().map(|c| c.id.clone()).collect() } else { columns };
        let groups =
            file.groups.iter().filter_map(|group| self.group(group.value(), group.offset(), &columns)).collect();
        let subclasses = self.known(&file.rows, |row| {
            let classes = schema.indicators.iter().flat_map(|indicators| &indicators.classes);
            let known = classes.flat_map(|class| &class.subclasses).any(|subclass| subclass.id == row);
            (!known).then(|| format!("[indicators] 里没有二级指标“{row}”"))
        });
        let left: Vec<ListColumn> = file.left.iter().filter_map(|name| self.list_column(name)).collect();
        if let (Some(first), false) = (file.left.first(), schema.list) {
            self.problem(first.offset(), "left 只用于一览表（[form] 写了 list = true 的）");
        }
        for row in file.printed.iter().filter(|row| row.value().len() > columns.len()) {
            let message = format!("印好的一行有 {} 格，表只印 {} 列", row.value().len(), columns.len());
            self.problem(row.offset(), message);
        }
        Some(Block::Table {
            table: spec.id.clone(),
            label: file.label.clone().unwrap_or_else(|| spec.label.clone()),
            columns,
            left,
            groups,
            subclasses,
            blank: file.blank.unwrap_or(1),
            printed: file.printed.iter().map(|row| row.value().clone()).collect(),
        })
    }

    /// A field, or `grid.column`.
    fn list_column(&mut self, name: &At<String>) -> Option<ListColumn> {
        let schema = self.schema;
        let written = name.value();
        let (found, problem) = match written.split_once('.') {
            None => {
                let unknown = schema.field(written).is_none().then(|| format!("本表没有栏目“{written}”"));
                (ListColumn::Field(written.clone()), unknown)
            }
            Some((grid, column)) => {
                let unknown = match schema.grid(grid) {
                    None => Some(format!("本表没有资金块“{grid}”")),
                    Some(spec) => missing_amount(spec, column),
                };
                (ListColumn::Amount { grid: grid.to_owned(), column: column.to_owned() }, unknown)
            }
        };
        match problem {
            Some(message) => {
                self.problem(name.offset(), message);
                None
            }
            None => Some(found),
        }
    }

    /// A group whose columns stand side by side among the printed ones.
    fn group(&mut self, file: &GroupFile, offset: usize, printed: &[String]) -> Option<Group> {
        let columns: Vec<String> = file.columns.iter().map(|column| column.value().clone()).collect();
        let side_by_side = printed.windows(columns.len().max(1)).any(|window| window == columns);
        if columns.len() < 2 || !side_by_side {
            self.problem(offset, format!("大标题“{}”下面要有两列以上，并且在 columns 里挨着", file.label));
            return None;
        }
        Some(Group { label: file.label.clone(), columns })
    }

    fn fields(&mut self, ids: &[At<String>]) -> Vec<String> {
        let schema = self.schema;
        self.known(ids, |id| schema.field(id).is_none().then(|| format!("本表没有栏目“{id}”")))
    }

    fn known(&mut self, ids: &[At<String>], missing: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let mut known = Vec::with_capacity(ids.len());
        for id in ids {
            match missing(id.value()) {
                Some(message) => self.problem(id.offset(), message),
                None => known.push(id.value().clone()),
            }
        }
        known
    }
}

/// A figure that names a column alone.
fn own(file: &FigureFile) -> Option<Figure> {
    let FigureFile { field, grid, row, column, sum, last, count } = file;
    let others = [field, grid, row, sum, last, count];
    others.iter().all(|other| other.is_none()).then(|| column.clone().map(Figure::Own)).flatten()
}

fn no_table(table: &str) -> String {
    format!("本表没有表“{table}”")
}

fn missing_row(spec: &GridSpec, row: &str) -> Option<String> {
    spec.row(row).is_none().then(|| format!("“{}”没有“{row}”一行", spec.id))
}

fn missing_amount(spec: &GridSpec, column: &str) -> Option<String> {
    spec.column(column).is_none().then(|| format!("“{}”没有“{column}”一列", spec.id))
}

fn missing_column(spec: &TableSpec, column: &str) -> Option<String> {
    spec.column(column).is_none().then(|| format!("“{}”没有“{column}”一列", spec.id))
}
