//! Tables as the sheets of a workbook: counts lead to the lists behind them, totals and shares are live formulas.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Chart as Drawing, ChartFormat, ChartSolidFill, ChartType, Color, Workbook, XlsxError};

use super::page::{Page, Places, fitting};
use super::table::{Block, Cell, Chart, ChartKind, Drill, Line, Table};
use crate::address::{CellRange, CellRef};

/// Colours of series, told apart in grey print too: of 优, 良, 中, 差 where they are the series.
const COLOURS: [Color; 4] =
    [Color::RGB(0x2E_5E8C), Color::RGB(0x7F_B2D9), Color::RGB(0xF2_C14E), Color::RGB(0xC0_392B)];

/// Rows above the first block of every table: its title and its note.
const HEAD_ROWS: u32 = 2;

/// Writes each table as a sheet, in their order.
pub(super) fn write(workbook: &mut Workbook, tables: &[Table]) -> Result<(), XlsxError> {
    let lists = Lists::of(tables);
    for table in tables {
        let columns: Vec<(&str, u32)> = table.columns.iter().map(|column| (column.title, column.width)).collect();
        let page = Page::new(workbook, &table.name, &table.title, &table.note, &columns)?;
        let mut page = page.leading(&lists);
        for sentence in &table.lead {
            page.paragraph(sentence)?;
        }
        let several = table.blocks.len() > 1;
        if !several {
            page.header(&columns, Some(table.fixed))?;
        }
        for (at, block) in table.blocks.iter().enumerate() {
            if several {
                page.heading(&block.heading)?;
                page.header(&columns, (at == 0 && table.is_list).then_some(table.fixed))?;
            }
            write_block(&mut page, block)?;
        }
        for sentence in &table.notes {
            page.paragraph(sentence)?;
        }
        if let (true, Some(range)) = (table.is_list, list_range(table)) {
            page.filter(range)?;
        }
    }
    Ok(())
}

fn write_block(page: &mut Page<'_>, block: &Block) -> Result<(), XlsxError> {
    let first = page.next_row();
    for line in &block.lines {
        page.line(&line.cells)?;
    }
    match &block.total {
        Some(total) => page.totals(first, total),
        None => Ok(()),
    }
}

/// The rows of a list of one block: its header and its lines.
fn list_range(table: &Table) -> Option<CellRange> {
    let [block] = &table.blocks[..] else { return None };
    let header = HEAD_ROWS + u32::try_from(table.lead.len()).ok()?;
    let last = header + u32::try_from(block.lines.len()).ok()?;
    let width = u32::try_from(table.columns.len()).ok()?.checked_sub(1)?;
    (last > header).then(|| CellRange { start: CellRef::new(header, 0), end: CellRef::new(last, width) })
}

/// The lines of lists with the rows they stand in.
struct Lists<'t>(BTreeMap<&'t str, List<'t>>);

/// A list as it stands on its sheet, with what a drill finds lines by: a large list is asked often.
struct List<'t> {
    /// Zero-based row of the first line.
    first: u32,
    /// Zero-based last column.
    width: u32,
    lines: &'t [Line],
    heads: Vec<&'static str>,
    /// The first run of lines whose path begins so: index and length.
    runs: BTreeMap<&'t [String], (usize, usize)>,
    /// The lines that say these words in this column, in their order.
    said: BTreeMap<(usize, &'t str), Vec<usize>>,
}

impl<'t> Lists<'t> {
    fn of(tables: &'t [Table]) -> Self {
        let drills =
            || tables.iter().flat_map(|table| &table.blocks).flat_map(|block| &block.lines).flat_map(drills_of);
        let heads: BTreeSet<&str> = drills().flat_map(|drill| &drill.also).map(|(head, _)| *head).collect();
        let list = |table: &'t Table| Some((table.name.as_str(), List::of(table, &heads)?));
        Self(tables.iter().filter(|table| table.is_list).filter_map(list).collect())
    }
}

fn drills_of(line: &Line) -> impl Iterator<Item = &Drill> {
    line.cells.iter().filter_map(|cell| if let Cell::Count(_, Some(drill)) = cell { Some(drill) } else { None })
}

impl<'t> List<'t> {
    fn of(table: &'t Table, asked: &BTreeSet<&str>) -> Option<Self> {
        let range = list_range(table)?;
        let lines = &table.blocks.first()?.lines;
        let heads: Vec<&'static str> = table.columns.iter().map(|column| column.title).collect();
        let mut runs: BTreeMap<&[String], (usize, usize)> = BTreeMap::new();
        let mut said: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            for depth in 0..=line.path.len() {
                let (start, count) = runs.entry(line.path.get(..depth)?).or_insert((at, 0));
                *count += usize::from(*start + *count == at);
            }
            for (column, _) in heads.iter().enumerate().filter(|(_, head)| asked.contains(*head)) {
                if let Some(Cell::Text(words) | Cell::Word(words)) = line.cells.get(column) {
                    said.entry((column, words.as_str())).or_default().push(at);
                }
            }
        }
        Some(Self { first: range.start.row + 1, width: range.end.col, lines, heads, runs, said })
    }

    /// The lines that a drill means, as index and length. What belongs together stands together; where it does not, the
    /// first of it is shown.
    fn find(&self, drill: &Drill) -> Option<(usize, usize)> {
        let also: Vec<(usize, &str)> = drill
            .also
            .iter()
            .filter_map(|(head, words)| Some((self.heads.iter().position(|own| own == head)?, words.as_str())))
            .collect();
        let (start, count) = *self.runs.get(drill.path.as_slice())?;
        let said: Option<Vec<&Vec<usize>>> = also.iter().map(|words| self.said.get(words)).collect();
        // Of several words the rarest is looked through.
        let Some(rarest) = said?.into_iter().min_by_key(|lines| lines.len()) else { return Some((start, count)) };
        let end = start + count;
        let within = rarest.get(rarest.partition_point(|at| *at < start)..)?.iter().take_while(|at| **at < end);
        let is_meant = |at: &usize| self.lines.get(*at).is_some_and(|line| line.says(&also));
        let first = within.copied().find(is_meant)?;
        Some((first, (first..end).take_while(is_meant).count()))
    }
}

impl Places for Lists<'_> {
    fn of(&self, drill: &Drill) -> Option<String> {
        let list = self.0.get(drill.table)?;
        let (start, count) = list.find(drill)?;
        let row = |at: usize| u32::try_from(at).ok().map(|at| list.first + at);
        let (start, end) = (row(start)?, row(start + count.checked_sub(1)?)?);
        let range = CellRange { start: CellRef::new(start, 0), end: CellRef::new(end, list.width) };
        Some(format!("'{}'!{range}", drill.table))
    }
}

/// Writes the charts and the figures they are drawn from on a sheet of their own.
pub(super) fn write_charts(workbook: &mut Workbook, charts: &[Chart]) -> Result<(), XlsxError> {
    if charts.is_empty() {
        return Ok(());
    }
    let name = "图表";
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    // The figures stand right of the charts and are not printed.
    let data: u16 = 22;
    let mut row: u32 = 0;
    let mut top: u32 = 0;
    for (at, chart) in charts.iter().enumerate() {
        let (drawing, rows) = draw(sheet, chart, name, row, data)?;
        sheet.insert_chart(top, if at % 2 == 0 { 0 } else { 10 }, &drawing)?;
        top += if at % 2 == 1 { 22 } else { 0 };
        row += rows + 2;
    }
    let last = if charts.len().is_multiple_of(2) { top } else { top + 22 };
    sheet.set_print_area(0, 0, last, 19)?;
    Ok(())
}

/// The chart and how many rows its figures take.
fn draw(
    sheet: &mut rust_xlsxwriter::Worksheet,
    chart: &Chart,
    name: &str,
    row: u32,
    col: u16,
) -> Result<(Drawing, u32), XlsxError> {
    sheet.write_string(row, col, &chart.title)?;
    let first = row + 1;
    let size = |drawing: &mut Drawing| {
        drawing.set_width(620).set_height(420);
        drawing.title().set_name(&chart.title);
    };
    match &chart.kind {
        ChartKind::Bars { labels, series, stacked, percent } => {
            let mut drawing = Drawing::new(if *stacked { ChartType::ColumnStacked } else { ChartType::Bar });
            let last = first + u32::try_from(labels.len()).unwrap_or(0).saturating_sub(1);
            // Lying bars are drawn from the bottom: the first label is to stand on top.
            let line_of = |index: u32| if *stacked { first + index } else { last - index };
            for (index, label) in (0..).zip(labels) {
                sheet.write_string(line_of(index), col, fitting(label))?;
            }
            for ((at, colour), (title, values)) in (col + 1..).zip(COLOURS.into_iter().cycle()).zip(series) {
                sheet.write_string(row, at, fitting(title))?;
                for (index, value) in (0..).zip(values) {
                    sheet.write_number(line_of(index), at, value.to_f64().unwrap_or_default())?;
                }
                let one = drawing.add_series();
                one.set_name((name, row, at))
                    .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour)));
                one.set_categories((name, first, col, last, col)).set_values((name, first, at, last, at));
            }
            if series.len() == 1 {
                drawing.legend().set_hidden();
            }
            if *percent {
                drawing.y_axis().set_num_format("0%").set_max(1);
                drawing.x_axis().set_num_format("0%");
            }
            size(&mut drawing);
            Ok((drawing, last - row))
        }
        ChartKind::Pareto { labels, counts, all } => {
            let mut sum = 0;
            for (at, (label, count)) in (first..).zip(labels.iter().zip(counts)) {
                sum += count;
                sheet.write_string(at, col, fitting(label))?;
                sheet.write_number(at, col + 1, count.to_f64().unwrap_or_default())?;
                let share = sum.to_f64().unwrap_or_default() / all.to_f64().unwrap_or(1.0).max(1.0);
                sheet.write_number(at, col + 2, share)?;
            }
            let last = first + u32::try_from(labels.len()).unwrap_or(0).saturating_sub(1);
            sheet.write_string(row, col + 1, "出现次数")?.write_string(row, col + 2, "累计占比")?;
            let mut drawing = Drawing::new(ChartType::Column);
            let bars = drawing.add_series();
            bars.set_name((name, row, col + 1));
            bars.set_categories((name, first, col, last, col)).set_values((name, first, col + 1, last, col + 1));
            let mut shares = Drawing::new(ChartType::Line);
            let line = shares.add_series();
            line.set_name((name, row, col + 2)).set_secondary_axis(true);
            line.set_categories((name, first, col, last, col)).set_values((name, first, col + 2, last, col + 2));
            shares.y2_axis().set_num_format("0%").set_max(1).set_min(0);
            drawing.combine(&shares);
            drawing.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
            size(&mut drawing);
            Ok((drawing, last - row))
        }
        ChartKind::Points { across, up, points } => {
            for (at, (x, y, label)) in (first..).zip(points) {
                sheet.write_string(at, col, fitting(label))?;
                sheet.write_number(at, col + 1, x.to_f64().unwrap_or_default())?;
                sheet.write_number(at, col + 2, y.to_f64().unwrap_or_default())?;
            }
            let last = first + u32::try_from(points.len()).unwrap_or(0).saturating_sub(1);
            sheet.write_string(row, col + 1, across)?.write_string(row, col + 2, up)?;
            let mut drawing = Drawing::new(ChartType::Scatter);
            let dots = drawing.add_series();
            dots.set_name((name, row, col + 2));
            dots.set_categories((name, first, col + 1, last, col + 1)).set_values((
                name,
                first,
                col + 2,
                last,
                col + 2,
            ));
            drawing.x_axis().set_name(across).set_min(0);
            drawing.y_axis().set_name(up).set_max(100);
            drawing.legend().set_hidden();
            size(&mut drawing);
            Ok((drawing, last - row))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tables::list;

    #[test]
    fn a_count_leads_to_the_lines_that_were_counted() {
        let line = |path: [&str; 2], unit: &str| Line {
            path: path.map(str::to_owned).to_vec(),
            cells: vec![Cell::text(unit), Cell::count(1)],
        };
        let lines = vec![
            line(["目标", "甲局"], "甲局本级"),
            line(["目标", "甲局"], "甲局二级"),
            line(["目标", "乙局"], "乙局本级"),
            line(["自评", "甲局"], "甲局二级"),
        ];
        let drill = |path: &[&str], also: Option<&str>| Drill {
            table: "明细",
            path: path.iter().map(|&step| step.to_owned()).collect(),
            also: also.map(|unit| ("单位", unit.to_owned())).into_iter().collect(),
        };
        let asking = Line { path: Vec::new(), cells: vec![Cell::Count(1, Some(drill(&[], Some("甲局二级"))))] };
        let heads = &[("单位", 20), ("个数", 6)];
        let tables = vec![list("明细", "明细", "", heads, 1, lines), list("汇总", "汇总", "", heads, 1, vec![asking])];
        let lists = Lists::of(&tables);
        let place = |path: &[&str], also| lists.of(&drill(path, also)).unwrap_or_default();
        // Title, note and header stand above: the first line is row 4.
        assert_eq!(place(&["目标", "甲局"], None), "'明细'!A4:B5");
        assert_eq!(place(&["目标"], None), "'明细'!A4:B6");
        assert_eq!(place(&["自评", "甲局"], Some("甲局二级")), "'明细'!A7:B7");
        assert_eq!(place(&[], Some("甲局二级")), "'明细'!A5:B5");
        assert_eq!(place(&["监控"], None), "");
    }
}
