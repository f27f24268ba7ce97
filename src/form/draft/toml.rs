//! A draft as a schema file that a person corrects.

use std::fmt::Write as _;

use super::{Block, Draft, Entry, Field, Grid, Home, Sure, Table};
use crate::schema::concept::{self, amount, column, field, line};
use crate::schema::{FieldKind, Stage, Subject};
use crate::text::{label_key, last_month};

/// Labels that a signature lists at most: enough to tell forms apart, few enough to be read.
const SIGNS: usize = 14;

/// The file's text.
pub(super) fn write(draft: &Draft) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = draft.head(&mut out);
    let _ = draft.fields(&mut out);
    for block in &draft.blocks {
        let _ = match block {
            Block::Grid(grid) => grid_block(grid, &mut out),
            Block::Table(table) => table_block(table, draft.list, &mut out),
            Block::Fields(_) | Block::Heads { .. } => Ok(()),
        };
    }
    let _ = draft.indicators(&mut out);
    let _ = draft.layout(&mut out);
    out
}

impl Draft {
    fn title(&self) -> &str {
        self.title.as_ref().map_or("请写表的正式标题", |(_, title)| title)
    }

    fn all_fields(&self) -> impl Iterator<Item = &Field> {
        let printed = self.blocks.iter().flat_map(|block| match block {
            Block::Fields(fields) | Block::Heads { fields, .. } => &fields[..],
            Block::Grid(_) | Block::Table(_) => &[],
        });
        printed.chain(&self.signature)
    }

    /// Whether a label names this field, beside its value or at the head of a list's column.
    fn has_field(&self, id: &str) -> bool {
        let of_list = self.all_columns().filter(|column| column.home == Home::Field);
        self.all_fields().map(|field| &field.entry).chain(of_list).any(|entry| entry.id == id)
    }

    fn all_columns(&self) -> impl Iterator<Item = &Entry> {
        self.blocks.iter().flat_map(|block| match block {
            Block::Grid(grid) => &grid.columns[..],
            Block::Table(table) => &table.columns[..],
            Block::Fields(_) | Block::Heads { .. } => &[],
        })
    }

    fn head(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# {}（由空白表样起草，请逐条核对）。", self.title())?;
        writeln!(
            out,
            "# 每条后面注明把握：高＝词汇表里有这个说法；中＝按所在位置判断；低＝没有见过，编号是临时的，请照 schemas/vocabulary.toml 改成合适的编号，没有合适的不改。"
        )?;
        writeln!(out, "# 改好后用 jixiao schema check 检查，用 --schemas 目录 使用。\n")?;
        for label in &self.doubled {
            writeln!(out, "# 未列：“{label}”与前面一个栏目是同一概念；确是两回事的，请另起编号。")?;
        }
        writeln!(out, "[form]")?;
        writeln!(out, "title = {}", quoted(self.title()))?;
        let (stage, sure) = self.stage;
        writeln!(
            out,
            "stage = \"{}\" # 把握：{}",
            stage_word(stage),
            match sure {
                Sure::Middle => "中——标题没有说，按指标表的栏目判断".to_owned(),
                _ => because(sure, "标题里的字样", "标题没有说是哪个环节"),
            }
        )?;
        let (subject, sure) = self.subject;
        writeln!(
            out,
            "subject = \"{}\" # 把握：{}",
            subject_word(subject),
            because(sure, "标题里的字样", "标题没有说是什么对象")
        )?;
        writeln!(out, "source = \"由表样起草，依据待补\"")?;
        if self.list {
            writeln!(out, "list = true # 把握：中——“项目名称”是指标表的一列")?;
        }
        let key = label_key(self.title());
        let name = key
            .trim_end_matches("年度")
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start_matches("年度")
            .trim_start_matches('年');
        writeln!(out, "\n[signature]")?;
        writeln!(out, "# 去掉了年份；标题前面的“附表×”、地名、单位名也请去掉，其他年份、单位的表才认得出。")?;
        writeln!(out, "title = [{}]", quoted(&regex::escape(name)))?;
        writeln!(out, "labels = {}", list(self.signs().iter().map(String::as_str)))?;
        let classes: Vec<&str> = self.classes().map(|(class, _)| class.label.as_str()).collect();
        if !classes.is_empty() {
            writeln!(out, "classes = {}", list(classes.into_iter()))?;
        }
        Ok(())
    }

    /// Labels that tell the form: columns, amounts, then fields; what no other form prints too.
    fn signs(&self) -> Vec<String> {
        let mut signs: Vec<String> = Vec::new();
        let columns = self.blocks.iter().flat_map(|block| match block {
            Block::Grid(grid) if grid.columns.len() > 1 => &grid.columns[..],
            Block::Table(table) => &table.columns[..],
            _ => &[],
        });
        let labels = columns.chain(self.all_fields().map(|field| &field.entry)).map(|entry| &entry.label);
        for label in labels {
            if !label_key(label).is_empty() && signs.iter().all(|sign| label_key(sign) != label_key(label)) {
                signs.push(label.clone());
            }
        }
        signs.truncate(SIGNS);
        signs
    }

    fn fields(&self, out: &mut String) -> std::fmt::Result {
        if !self.has_field(field::YEAR) {
            writeln!(out, "\n# 年度和金额单位印在标题、表头旁，程序自己会找。\n[[field]]\nid = \"{}\"", field::YEAR)?;
        }
        if !self.has_field(field::MONEY_UNIT) {
            writeln!(out, "\n[[field]]\nid = \"{}\"", field::MONEY_UNIT)?;
        }
        let months = self.all_columns().any(|column| last_month(&column.label).is_some());
        if months && !self.has_field(field::MONTH) {
            writeln!(out, "\n# 列标题里有起止月份，截至几月程序自己会找。\n[[field]]\nid = \"{}\"", field::MONTH)?;
            writeln!(out, "label = \"截至月份\"\nkind = \"month\"")?;
        }
        for Field { entry, cell } in self.all_fields() {
            writeln!(out, "\n# {cell} 把握：{}", because(entry.sure, "词汇表里有", "词汇表里没有，右边或下面是空格"))?;
            writeln!(out, "[[field]]")?;
            write_entry(entry, out)?;
        }
        Ok(())
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    fn classes(&self) -> impl Iterator<Item = &(Entry, Vec<Entry>)> {
        self.tables().filter(|table| table.id == concept::INDICATORS).flat_map(|table| &table.classes)
    }

    fn indicators(&self, out: &mut String) -> std::fmt::Result {
        if self.classes().next().is_none() {
            return Ok(());
        }
        writeln!(
            out,
            "\n# 各类分值、最少个数表样上看不出来的，请补：points、minimum、execution_points、total_points。"
        )?;
        writeln!(out, "[indicators]")?;
        for (class, subclasses) in self.classes() {
            writeln!(out, "\n# 把握：{}", because(class.sure, "词汇表里有", "词汇表里没有"))?;
            writeln!(out, "[[indicators.class]]\nid = {}\nlabel = {}", quoted(&class.id), quoted(&class.label))?;
            if !subclasses.is_empty() {
                writeln!(out, "subclass = [")?;
                for subclass in subclasses {
                    let sure = because(subclass.sure, "词汇表里有", "词汇表里没有");
                    writeln!(
                        out,
                        "    {{ id = {}, label = {} }}, # 把握：{sure}",
                        quoted(&subclass.id),
                        quoted(&subclass.label)
                    )?;
                }
                writeln!(out, "]")?;
            }
        }
        Ok(())
    }

    fn layout(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n# 生成空表时的版面，照表样的顺序。\n[layout]")?;
        if let Some(lead) = &self.lead {
            writeln!(out, "lead = {}", quoted(lead))?;
        }
        if self.landscape {
            writeln!(out, "landscape = true")?;
        }
        writeln!(out, "print = [")?;
        for block in &self.blocks {
            let ids = |fields: &[Field]| list(fields.iter().map(|field| field.entry.id.as_str()));
            match block {
                Block::Fields(fields) => writeln!(out, "    {{ fields = {} }},", ids(fields))?,
                Block::Heads { fields, .. } if fields.is_empty() => {}
                Block::Heads { label, fields } => {
                    writeln!(out, "    {{ heads = {}, label = {} }},", ids(fields), quoted(label))?;
                }
                Block::Grid(grid) => writeln!(out, "    {{ grid = {} }},", quoted(&grid.id))?,
                Block::Table(table) => table_print(table, self.list, out)?,
            }
        }
        writeln!(out, "]")?;
        if !self.notes.is_empty() {
            writeln!(out, "notes = {}", list(self.notes.iter().map(String::as_str)))?;
        }
        if !self.signature.is_empty() {
            writeln!(out, "signature = {}", list(self.signature.iter().map(|field| field.entry.id.as_str())))?;
        }
        Ok(())
    }
}

fn table_print(table: &Table, is_list: bool, out: &mut String) -> std::fmt::Result {
    let own = own_columns(table, is_list);
    write!(out, "    {{ table = {}", quoted(&table.id))?;
    if table.printed.is_empty() {
        write!(out, ", blank = {}", table.blank)?;
    } else {
        let texts = |row: &Vec<String>| {
            let texts = table.columns.iter().zip(row).filter(|(column, _)| is_own(column, is_list));
            list(texts.map(|(_, text)| text.as_str()))
        };
        let rows: Vec<String> = table.printed.iter().map(texts).collect();
        write!(out, ", printed = [{}]", rows.join(", "))?;
    }
    let groups: Vec<String> = table
        .groups
        .iter()
        .filter_map(|(label, first, count)| {
            let columns = table.columns.get(*first..first + count)?;
            let inside = columns.iter().all(|column| own.iter().any(|other| other.id == column.id));
            let ids = list(columns.iter().map(|column| column.id.as_str()));
            inside.then(|| format!("{{ label = {}, columns = {ids} }}", quoted(label)))
        })
        .collect();
    if !groups.is_empty() {
        write!(out, ", groups = [{}]", groups.join(", "))?;
    }
    let left = |column: &&Entry| match column.home {
        Home::Table => None,
        Home::Field => Some(column.id.clone()),
        Home::Amount => Some(format!("{}.{}", concept::FUNDING, column.id)),
    };
    let left: Vec<String> = table.columns.iter().filter_map(|column| left(&column)).collect();
    if is_list && !left.is_empty() {
        write!(out, ", left = {}", list(left.iter().map(String::as_str)))?;
    }
    writeln!(out, " }},")
}

/// The columns that belong to the table itself; in a list the others tell of the project.
fn own_columns(table: &Table, is_list: bool) -> Vec<&Entry> {
    table.columns.iter().filter(|column| is_own(column, is_list)).collect()
}

fn is_own(column: &Entry, is_list: bool) -> bool {
    !is_list || column.home == Home::Table
}

fn grid_block(grid: &Grid, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n# 第{}—{}行", grid.top + 1, grid.bottom + 1)?;
    writeln!(out, "[[grid]]\nid = {}\nlabel = {}", quoted(&grid.id), quoted(&grid.label))?;
    writeln!(out, "row = [")?;
    for row in &grid.rows {
        let total = if row.id == line::TOTAL { ", total = true, required = true" } else { "" };
        let sure = because(row.sure, "词汇表里有", "词汇表里没有");
        writeln!(out, "    {{ id = {}, label = {}{total} }}, # 把握：{sure}", quoted(&row.id), quoted(&row.label))?;
    }
    writeln!(out, "]")?;
    columns(grid.columns.iter(), &[amount::BUDGET, amount::EXECUTED, amount::SCORE], out)
}

fn table_block(table: &Table, is_list: bool, out: &mut String) -> std::fmt::Result {
    if is_list && table.lists_projects() {
        list_fields(table, out)?;
    }
    writeln!(out, "\n# 第{}—{}行", table.top + 1, table.bottom + 1)?;
    writeln!(out, "[[table]]\nid = {}\nlabel = {}", quoted(&table.id), quoted(&table.label))?;
    if !table.totals.is_empty() {
        writeln!(out, "totals = {}", list(table.totals.iter().map(String::as_str)))?;
    }
    let required: &[&str] = &[
        column::LEVEL1,
        column::LEVEL2,
        column::LEVEL3,
        column::TARGET,
        column::ACTUAL,
        column::WEIGHT,
        column::SCORE,
    ];
    columns(own_columns(table, is_list).into_iter(), required, out)
}

/// What a list names in columns beside its indicators.
fn list_fields(table: &Table, out: &mut String) -> std::fmt::Result {
    for entry in table.columns.iter().filter(|column| column.home == Home::Field) {
        writeln!(out, "\n# 一览表的列\n[[field]]")?;
        write_entry(entry, out)?;
    }
    let amounts: Vec<&Entry> = table.columns.iter().filter(|column| column.home == Home::Amount).collect();
    let Some(first) = amounts.first() else { return Ok(()) };
    writeln!(out, "\n# 一览表的列\n[[grid]]\nid = \"{}\"\nlabel = {}", concept::FUNDING, quoted(&first.label))?;
    writeln!(out, "row = [{{ id = \"{}\", total = true, required = true }}]", line::TOTAL)?;
    columns(amounts.into_iter(), &[], out)
}

fn columns<'a>(columns: impl Iterator<Item = &'a Entry>, required: &[&str], out: &mut String) -> std::fmt::Result {
    writeln!(out, "column = [")?;
    for column in columns {
        let sure = because(column.sure, "词汇表里有", "词汇表里没有");
        let kind = kind_word(column.kind).map(|kind| format!(", kind = \"{kind}\"")).unwrap_or_default();
        let must = if required.contains(&column.id.as_str()) { ", required = true" } else { "" };
        let choices = choices(column);
        writeln!(
            out,
            "    {{ id = {}, label = {}{kind}{choices}{must} }}, # 把握：{sure}",
            quoted(&column.id),
            quoted(&column.label)
        )?;
    }
    writeln!(out, "]")
}

/// A field: its id, label and kind, and whether it must be filled in.
fn write_entry(entry: &Entry, out: &mut String) -> std::fmt::Result {
    writeln!(out, "id = {}\nlabel = {}", quoted(&entry.id), quoted(&entry.label))?;
    if [field::PROJECT, field::UNIT, field::DEPARTMENT, field::GOAL].contains(&entry.id.as_str()) {
        writeln!(out, "required = true")?;
    }
    if let Some(kind) = kind_word(entry.kind) {
        writeln!(out, "kind = \"{kind}\"")?;
    }
    let choices = choices(entry);
    if !choices.is_empty() {
        writeln!(out, "{}", choices.trim_start_matches(", "))?;
    }
    Ok(())
}

fn choices(entry: &Entry) -> String {
    if entry.choices.is_empty() || entry.kind != FieldKind::Choice {
        return String::new();
    }
    let all: Vec<String> = entry
        .choices
        .iter()
        .map(|choice| {
            let others: Vec<&str> =
                choice.labels.iter().map(String::as_str).filter(|label| *label != label_key(&choice.label)).collect();
            let others =
                if others.is_empty() { String::new() } else { format!(", labels = {}", list(others.into_iter())) };
            format!("{{ id = {}, label = {}{others} }}", quoted(&choice.id), quoted(&choice.label))
        })
        .collect();
    format!(", choices = [{}]", all.join(", "))
}

fn because(sure: Sure, known: &str, guessed: &str) -> String {
    match sure {
        Sure::High => format!("高——{known}"),
        Sure::Middle => "中——按所在位置判断".to_owned(),
        Sure::Low => format!("低——{guessed}"),
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    ::toml::Value::String(text.to_owned()).to_string()
}

/// A TOML list of strings on one line.
fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}

/// The word for a kind in schema files; `None` for texts, which need none.
fn kind_word(kind: FieldKind) -> Option<String> {
    if kind == FieldKind::Text {
        return None;
    }
    word(kind)
}

fn stage_word(stage: Stage) -> String {
    word(stage).unwrap_or_default()
}

fn subject_word(subject: Subject) -> String {
    word(subject).unwrap_or_default()
}

/// The word of an enum in schema files.
fn word(value: impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}
