//! Cells restyled and given new contents where they stand, and rows and cells made in order where the part lacks them.

use std::collections::BTreeMap;

use super::{Cell, Data, NewContent, Row, SheetPart};
use crate::address::{CellRange, CellRef};
use crate::ooxml::edit::Edit;
use crate::ooxml::tags::escape;

impl SheetPart {
    /// The edits that give cells these style indices, and those of them these contents, making rows and cells the part
    /// lacks. Results of formulas are written where the formula stands, and need no style.
    pub(crate) fn restyle(
        &self,
        styles: &BTreeMap<CellRef, u32>,
        contents: &BTreeMap<CellRef, NewContent>,
    ) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut by_row: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
        for (at, style) in styles {
            by_row.entry(at.row).or_default().insert(at.col, *style);
        }
        let mut new_rows = String::new();
        let mut made = Vec::new();
        for (index, cells) in &by_row {
            let pieces: Vec<&Row> = self.rows.iter().filter(|row| row.row == *index).collect();
            match &pieces[..] {
                [row] => self.restyle_row(row, cells, contents, &mut edits, &mut made),
                [_, ..] => {
                    for (piece, cells) in spread(&pieces, cells) {
                        self.restyle_row(piece, &cells, contents, &mut edits, &mut made);
                    }
                }
                [] => {
                    let text = self.new_row(*index, cells, contents);
                    made.extend(cells.keys().map(|col| CellRef::new(*index, *col)));
                    match self.rows.iter().position(|row| row.row > *index) {
                        Some(next) => {
                            edits.extend(self.rows.get(next).map(|row| Edit::insert(row.tag.start, text)));
                            self.number_rows_from(next, &mut edits);
                        }
                        None => new_rows.push_str(&text),
                    }
                }
            }
        }
        if !new_rows.is_empty() {
            let prefix = &self.prefix;
            edits.push(match &self.data {
                Data::Before(at) => Edit::insert(*at, new_rows),
                Data::Empty(range) => {
                    Edit::replace(range.clone(), format!("<{prefix}sheetData>{new_rows}</{prefix}sheetData>"))
                }
            });
        }
        edits.extend(self.extend_dimension(&made));
        for (at, content) in contents {
            if let NewContent::Result(result) = content {
                edits.extend(self.cell(*at).map(|cell| self.result(cell, result)).unwrap_or_default());
            }
        }
        edits
    }

    /// The edits that put a number in the place of a formula's stored result; none where there is no formula.
    fn result(&self, cell: &Cell, number: &str) -> Vec<Edit> {
        let prefix = &self.prefix;
        let Some(formula) = &cell.formula else { return Vec::new() };
        let value = format!("<{prefix}v>{}</{prefix}v>", escape(number));
        let place = cell.value.clone().unwrap_or(formula.span.end..formula.span.end);
        let mut edits = vec![Edit::replace(place, value)];
        edits.extend(cell.kind.clone().map(|kind| Edit::replace(kind, "n")));
        edits
    }

    /// A cell with its content; nothing else of it is kept but the place.
    fn new_cell(&self, at: CellRef, style: u32, content: Option<&NewContent>) -> String {
        let prefix = &self.prefix;
        match content {
            Some(NewContent::Number(number)) => {
                format!("<{prefix}c r=\"{at}\" s=\"{style}\"><{prefix}v>{}</{prefix}v></{prefix}c>", escape(number))
            }
            Some(NewContent::Text(text)) => format!(
                "<{prefix}c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">\
                 {}</{prefix}t></{prefix}is></{prefix}c>",
                escape(text)
            ),
            Some(NewContent::Result(_)) | None => format!("<{prefix}c r=\"{at}\" s=\"{style}\"/>"),
        }
    }

    fn restyle_row(
        &self,
        row: &Row,
        styles: &BTreeMap<u32, u32>,
        contents: &BTreeMap<CellRef, NewContent>,
        edits: &mut Vec<Edit>,
        made: &mut Vec<CellRef>,
    ) {
        let prefix = &self.prefix;
        let mut at_end = String::new();
        let mut first_insert = None;
        for (col, style) in styles {
            let at = CellRef::new(row.row, *col);
            let content = contents.get(&at).filter(|content| !matches!(content, NewContent::Result(_)));
            if let Some(cell) = row.cells.iter().find(|cell| cell.col == *col) {
                edits.push(match (content, &cell.style) {
                    (Some(_), _) => Edit::replace(cell.span.clone(), self.new_cell(at, *style, content)),
                    (None, Some((range, _))) => Edit::replace(range.clone(), style.to_string()),
                    (None, None) => Edit::insert(cell.name_end, format!(" s=\"{style}\"")),
                });
                continue;
            }
            made.push(at);
            let text = self.new_cell(at, *style, content);
            match row.cells.iter().find(|cell| cell.col > *col) {
                Some(next) => {
                    first_insert = first_insert.or(Some(*col));
                    edits.push(Edit::insert(next.start, text));
                }
                None => at_end.push_str(&text),
            }
        }
        // Behind an inserted cell, cells that count their address on from the one before must say it.
        if let Some(first) = first_insert {
            let rewritten = |cell: &&Cell| {
                let content = contents.get(&CellRef::new(row.row, cell.col));
                content.is_some_and(|content| !matches!(content, NewContent::Result(_)))
            };
            let counts_on = row.cells.iter().filter(|cell| cell.col > first && !cell.addressed);
            for cell in counts_on.filter(|cell| !rewritten(cell)) {
                edits.push(Edit::insert(cell.name_end, format!(" r=\"{}\"", CellRef::new(row.row, cell.col))));
            }
        }
        if !at_end.is_empty() {
            edits.push(if row.empty {
                Edit::replace(row.tag.end - 2..row.tag.end, format!(">{at_end}</{prefix}row>"))
            } else {
                Edit::insert(row.end, at_end)
            });
        }
        if let Some((range, text)) = &row.spans {
            edits.extend(extended_spans(text, styles).map(|spans| Edit::replace(range.clone(), spans)));
        }
    }

    fn new_row(&self, row: u32, cells: &BTreeMap<u32, u32>, contents: &BTreeMap<CellRef, NewContent>) -> String {
        let prefix = &self.prefix;
        let cells: String = cells
            .iter()
            .map(|(col, style)| {
                let at = CellRef::new(row, *col);
                self.new_cell(at, *style, contents.get(&at))
            })
            .collect();
        format!("<{prefix}row r=\"{}\">{cells}</{prefix}row>", u64::from(row) + 1)
    }

    /// Behind an inserted row, rows that count on from the one before must say their number.
    fn number_rows_from(&self, first: usize, edits: &mut Vec<Edit>) {
        for row in self.rows.iter().skip(first).take_while(|row| !row.numbered) {
            let edit = Edit::insert(row.name_end, format!(" r=\"{}\"", u64::from(row.row) + 1));
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }

    fn extend_dimension(&self, made: &[CellRef]) -> Option<Edit> {
        let (range, used) = self.dimension.as_ref()?;
        let all = made.iter().filter(|at| !used.contains(**at)).fold(*used, |all, at| CellRange {
            start: CellRef::new(all.start.row.min(at.row), all.start.col.min(at.col)),
            end: CellRef::new(all.end.row.max(at.row), all.end.col.max(at.col)),
        });
        (all != *used).then(|| Edit::replace(range.clone(), all.to_string()))
    }
}

/// The cells of a row by the piece of it that they belong to: the one that has them, else the last that starts before.
fn spread<'a>(pieces: &[&'a Row], cells: &BTreeMap<u32, u32>) -> Vec<(&'a Row, BTreeMap<u32, u32>)> {
    let mut spread: Vec<(&Row, BTreeMap<u32, u32>)> = pieces.iter().map(|row| (*row, BTreeMap::new())).collect();
    for (col, style) in cells {
        let has = |row: &&Row| row.cells.iter().any(|cell| cell.col == *col);
        let starts_before = |row: &&Row| row.cells.first().is_some_and(|cell| cell.col < *col);
        let piece = pieces.iter().position(has).or_else(|| pieces.iter().rposition(starts_before)).unwrap_or(0);
        spread.get_mut(piece).into_iter().for_each(|(_, cells)| {
            cells.insert(*col, *style);
        });
    }
    spread.retain(|(_, cells)| !cells.is_empty());
    spread
}

/// The `spans` that cover the columns too; `None` where they do already.
fn extended_spans(spans: &str, columns: &BTreeMap<u32, u32>) -> Option<String> {
    let mut bounds = spans.split([' ', ':']).filter_map(|number| number.parse::<u32>().ok());
    let start = bounds.clone().min()?;
    let end = bounds.by_ref().max()?;
    let first = columns.keys().next()?.saturating_add(1);
    let last = columns.keys().next_back()?.saturating_add(1);
    (first < start || last > end).then(|| format!("{}:{}", first.min(start), last.max(end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ooxml::edit::apply;

    fn marked(part: &str, cells: &[(&str, u32)]) -> String {
        let styles: BTreeMap<CellRef, u32> =
            cells.iter().map(|(at, style)| (at.parse().expect("an address"), *style)).collect();
        let sheet = SheetPart::read(part.as_bytes(), &styles.keys().copied().collect()).expect("a worksheet");
        let after = apply(part.as_bytes(), sheet.restyle(&styles, &BTreeMap::new())).expect("edits fit");
        String::from_utf8(after).expect("UTF-8")
    }

    #[test]
    fn a_cell_with_new_content_keeps_its_place_and_loses_its_formula_and_a_result_keeps_the_formula() {
        let part = "<worksheet><sheetData><row r=\"2\"><c r=\"B2\" s=\"4\" t=\"s\"><v>1</v></c><c r=\"C2\" s=\"5\" \
            t=\"str\"><f>A1&amp;\"\"</f><v>x</v></c><c r=\"D2\" t=\"e\"><f>SUM(B2:C2)</f><v>#N/A</v></c><c r=\"E2\">\
            <f>D2+1</f></c></row></sheetData></worksheet>";
        let at = |address: &str| address.parse::<CellRef>().expect("an address");
        let styles = BTreeMap::from([(at("B2"), 8), (at("C2"), 9), (at("B3"), 7)]);
        let contents = BTreeMap::from([
            (at("B2"), NewContent::Number("8.62".to_owned())),
            (at("C2"), NewContent::Text("≥95% & <".to_owned())),
            (at("D2"), NewContent::Result("3".to_owned())),
            (at("E2"), NewContent::Result("4".to_owned())),
            (at("B3"), NewContent::Number("1".to_owned())),
        ]);
        let sheet = SheetPart::read(part.as_bytes(), &contents.keys().copied().collect()).expect("a worksheet");
        let after = apply(part.as_bytes(), sheet.restyle(&styles, &contents)).expect("edits fit");
        assert_eq!(
            String::from_utf8(after).expect("UTF-8"),
            "<worksheet><sheetData><row r=\"2\"><c r=\"B2\" s=\"8\"><v>8.62</v></c><c r=\"C2\" s=\"9\" \
             t=\"inlineStr\"><is><t xml:space=\"preserve\">≥95% &amp; &lt;</t></is></c><c r=\"D2\" t=\"n\">\
             <f>SUM(B2:C2)</f><v>3</v></c><c r=\"E2\"><f>D2+1</f><v>4</v></c></row><row r=\"3\"><c r=\"B3\" s=\"7\">\
             <v>1</v></c></row></sheetData></worksheet>"
        );
    }

    #[test]
    fn a_formula_that_others_share_is_locked() {
        let part = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"0\">B1</f></c><c r=\"C1\">\
            <f t=\"array\" ref=\"C1\">B1</f></c></row><row r=\"2\"><c r=\"A2\"><f t=\"shared\" si=\"0\"/></c></row>\
            </sheetData></worksheet>";
        let lock = |address: &str| super::super::lock(part.as_bytes(), address.parse().expect("an address"));
        assert!(lock("A1").is_ok_and(|why| why.is_some()) && lock("C1").is_ok_and(|why| why.is_some()));
        assert_eq!(lock("A2"), Ok(None));
    }

    #[test]
    fn cells_are_restyled_where_they_stand_and_made_in_order() {
        let part = "<worksheet><dimension ref=\"B2:C3\"/><sheetData><row r=\"2\" spans=\"2:3\"><c r=\"B2\" s=\"4\"><v>1</v></c>\
            <c r=\"D2\"/></row><row r=\"4\"/></sheetData></worksheet>";
        let after = marked(part, &[("B2", 9), ("C2", 8), ("D2", 7), ("E2", 6), ("A3", 5), ("B4", 4), ("A9", 3)]);
        assert_eq!(
            after,
            "<worksheet><dimension ref=\"A2:E9\"/><sheetData><row r=\"2\" spans=\"2:5\"><c r=\"B2\" s=\"9\"><v>1</v></c>\
             <c r=\"C2\" s=\"8\"/><c s=\"7\" r=\"D2\"/><c r=\"E2\" s=\"6\"/></row><row r=\"3\"><c r=\"A3\" s=\"5\"/></row>\
             <row r=\"4\"><c r=\"B4\" s=\"4\"/></row><row r=\"9\"><c r=\"A9\" s=\"3\"/></row></sheetData></worksheet>"
        );
    }

    #[test]
    fn an_empty_sheet_gets_its_rows_under_its_own_prefix() {
        let after = marked("<x:worksheet xmlns:x='m'><x:sheetData/></x:worksheet>", &[("B2", 1)]);
        assert!(after.contains("<x:sheetData><x:row r=\"2\"><x:c r=\"B2\" s=\"1\"/></x:row></x:sheetData>"), "{after}");
    }

    #[test]
    fn what_counts_on_from_its_neighbour_says_its_address_behind_an_insertion() {
        let part = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"C1\"/><c/></row><row r=\"3\"><c/></row><row/>\
            </sheetData></worksheet>";
        let after = marked(part, &[("B1", 1), ("A2", 2)]);
        assert!(after.contains("<c r=\"B1\" s=\"1\"/><c r=\"C1\"/><c r=\"D1\"/></row>"), "{after}");
        assert!(after.contains("<row r=\"2\"><c r=\"A2\" s=\"2\"/></row><row r=\"3\"><c/></row><row/>"), "{after}");
        let unnumbered = "<worksheet><sheetData><row><c/></row><row r=\"5\"/><row/></sheetData></worksheet>";
        assert!(marked(unnumbered, &[("A3", 2)]).contains("</row><row r=\"5\"/><row/>"));
    }
}
