//! What a form held and its blank form has no place for, and the sheet that lists it: nothing is dropped silently.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::super::review_sheet::{FOOTER, MARGINS};
use super::places::Places;
use crate::address::CellRef;
use crate::form::{Field, Form};
use crate::schema::Schema;
use crate::schema::concept::field;
use crate::template::{Kind, LEFT_SHEET, Plan};
use crate::text::{LONGEST_CELL, cut, label_key, squeeze, wrapped_lines};
use crate::workbook::Sheet;

/// Something that could not be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    /// The sheet it stood on.
    pub(super) sheet: String,
    /// Its cell there.
    pub(super) cell: CellRef,
    /// What stood there.
    pub(super) text: String,
    /// Why it has no place, in plain Chinese.
    pub(super) reason: &'static str,
}

/// A box in which the unit has another figure than the blank form computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unlike {
    /// The new sheet.
    pub(super) sheet: String,
    /// The box.
    pub(super) cell: CellRef,
    /// Where it stood.
    pub(super) old: Option<CellRef>,
    /// What it is called.
    pub(super) label: String,
    /// What the unit has.
    pub(super) own: String,
    /// What the blank form computes.
    pub(super) computed: String,
}

/// Whether the sheet is such a list of an earlier review.
pub(super) fn is_left_sheet(sheet: &Sheet) -> bool {
    sheet.name().starts_with(LEFT_SHEET) && sheet.shown(CellRef::new(0, 0)) == LEFT_SHEET
}

/// What of a sheet stands neither in the blank form nor is printed there. `alone` where these are all forms of the sheet:
/// then what stands around them is looked at too.
pub(super) fn left(before: &Sheet, now: &Sheet, forms: &[(&Form, &Places)], plan: &Plan, alone: bool) -> Vec<Left> {
    let Some((first, _)) = forms.first() else { return Vec::new() };
    let words = Words::of(&first.schema, plan);
    let inside = |at: CellRef| {
        alone || forms.iter().any(|(form, _)| (form.range.start.row..=form.range.end.row).contains(&at.row))
    };
    let mut left = Vec::new();
    for (at, cell) in before.cells().filter(|(at, cell)| inside(*at) && !cell.is_blank() && before.anchor(*at) == *at) {
        let text = cell.shown();
        let lost = forms.iter().any(|(_, places)| places.lost.contains_key(&at));
        let parts: Vec<&String> = forms.iter().filter_map(|(_, places)| places.parts.get(&at)).flatten().collect();
        let has_place = forms.iter().any(|(_, places)| places.cells.contains_key(&at));
        let labels = forms.iter().any(|(_, places)| places.labels.contains(&at));
        let reason = match (lost, parts.is_empty()) {
            (true, _) => "空白表样里没有这一项，或放入后含义会变",
            (false, false) if labels || words.cover(&text, &parts) => continue,
            (false, false) => "只放入了其中一部分",
            (false, true) if labels => continue,
            (false, true) if words.is_year_of(&text, first) => continue,
            (false, true) if words.is_printed(&text) || (has_place && is_mark(&text)) => continue,
            (false, true) if is_note(&text) => "表上的说明文字，空白表样有自己的说明",
            (false, true) => "空白表样里没有这一项",
        };
        let text = now.shown(at).into_owned();
        left.push(Left { sheet: before.name().to_owned(), cell: at, text, reason });
    }
    left
}

fn is_note(text: &str) -> bool {
    let key = squeeze(text);
    ["注", "说明", "填报说明", "填表说明"].iter().any(|word| key.starts_with(word)) || key.chars().count() > 60
}

/// A mark that says nothing is to be filled in.
fn is_mark(text: &str) -> bool {
    text.chars().all(|c| "—-–/\\*×无…．. 　".contains(c))
}

/// The words that a blank form prints, or other editions of it.
struct Words {
    keys: BTreeSet<String>,
}

impl Words {
    fn of(schema: &Schema, plan: &Plan) -> Self {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let mut say = |text: &str| _ = keys.insert(label_key(text));
        for piece in &plan.pieces {
            match &piece.kind {
                Kind::Text { text, .. } => say(text),
                Kind::Input(input) => {
                    say(&input.label);
                    say(&input.lead);
                }
                Kind::Computed { label, .. } => say(label),
            }
        }
        for field in &schema.fields {
            say(&field.label);
            field.labels.iter().for_each(|label| say(label));
        }
        let grids = schema.grids.iter().flat_map(|grid| {
            let rows = grid.rows.iter().map(|row| (&row.label, &row.labels));
            rows.chain(grid.columns.iter().map(|column| (&column.label, &column.labels)))
        });
        let tables = schema.tables.iter().flat_map(|t| &t.columns).map(|column| (&column.label, &column.labels));
        let classes = schema.indicators.iter().flat_map(|indicators| &indicators.classes);
        let levels = classes.clone().map(|class| (&class.label, &class.labels));
        let below = classes.flat_map(|class| &class.subclasses).map(|class| (&class.label, &class.labels));
        for (label, labels) in grids.chain(tables).chain(levels).chain(below) {
            say(label);
            labels.iter().for_each(|label| say(label));
        }
        schema.grids.iter().for_each(|grid| say(&grid.label));
        for table in &schema.tables {
            say(&table.label);
            table.totals.iter().chain(&table.ends).for_each(|label| say(label));
        }
        say(&schema.title);
        keys.retain(|key| !key.is_empty());
        Self { keys }
    }

    fn is_printed(&self, text: &str) -> bool {
        let key = label_key(text);
        let bare = key.trim_end_matches([':', '：']);
        let numbered = crate::text::without_list_number(bare);
        let appendix = key.strip_prefix("附件").or_else(|| key.strip_prefix("附表"));
        let is_appendix = appendix.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || "-:：".contains(c)));
        is_appendix || self.keys.contains(&key) || self.keys.contains(bare) || self.keys.contains(numbered)
    }

    /// Whether the text is the year of the form, as the line under a title says it.
    fn is_year_of(&self, text: &str, form: &Form) -> bool {
        let year = form.record.field(field::YEAR).and_then(Field::number).map(|year| year.normalize().to_string());
        let bare = squeeze(text);
        let bare = bare.trim_matches(['(', ')', '[', ']']).trim_end_matches("年度").trim_end_matches('年');
        year.is_some_and(|year| year == bare)
    }

    /// Whether nothing but printed words is left of a text without the parts that were placed.
    fn cover(&self, text: &str, parts: &[&String]) -> bool {
        let mut rest = squeeze(text);
        let mut parts: Vec<String> = parts.iter().map(|part| squeeze(part)).filter(|part| !part.is_empty()).collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        for part in parts {
            rest = rest.replacen(&part, "|", 1);
        }
        let pieces = rest.split(['|', ':', ',', ';', '、', '(', ')', '[', ']', '。']);
        let told = |piece: &str| {
            let key = label_key(piece);
            key.is_empty()
                || ["年", "年度", "年月日", "万元", "元", "盖章", "公章", "签字"].contains(&key.as_str())
                || self.is_printed(piece)
        };
        pieces.map(|piece| piece.trim_matches(['_', '年', '月', '日'])).all(told)
    }
}

/// Draws the list.
pub(super) fn draw(left: &[Left], unlike: &[Unlike], name: &str, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    const WIDTHS: [u32; 5] = [6, 26, 12, 60, 34];
    for (col, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    sheet.set_name(name)?;
    let plain =
        || Format::new().set_font_name("宋体").set_font_size(10).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let text = plain().set_border(FormatBorder::Thin).set_num_format("@");
    let centred = text.clone().set_align(FormatAlign::Center);
    let head = centred.clone().set_bold().set_background_color(Color::from("F2F2F2"));
    let title = plain().set_font_name("黑体").set_font_size(18).set_align(FormatAlign::Center);
    let remark = plain().set_font_color(Color::from("595959"));
    sheet.merge_range(0, 0, 0, 4, LEFT_SHEET, &title)?.set_row_height(0, 32)?;
    let mut row = 1;
    let say = |sheet: &mut Worksheet, said: &str, row: &mut u32| -> Result<(), XlsxError> {
        sheet.merge_range(*row, 0, *row, 4, said, &remark)?;
        sheet.set_row_height(*row, f64::from(wrapped_lines(said, 138)) * 14.0 + 6.0)?;
        *row += 1;
        Ok(())
    };
    let line =
        |sheet: &mut Worksheet, cells: [&str; 5], format: [&Format; 5], row: &mut u32| -> Result<(), XlsxError> {
            let mut lines = 1;
            for ((col, words), (format, width)) in (0_u16..).zip(cells).zip(format.into_iter().zip(WIDTHS)) {
                lines = lines.max(wrapped_lines(words, width));
                sheet.write_string_with_format(*row, col, cut(words, LONGEST_CELL), format)?;
            }
            sheet.set_row_height(*row, (f64::from(lines) * 13.5 + 6.0).min(409.0))?;
            *row += 1;
            Ok(())
        };
    let body = [&centred, &text, &centred, &text, &text];
    if !left.is_empty() {
        say(
            sheet,
            "原表里下列内容在空白表样上没有对应的位置，没有放入新表，逐项列出。仍需报送的，请填到新表相应的栏目或另附说明。",
            &mut row,
        )?;
        line(sheet, ["序号", "原工作表", "原单元格", "原内容", "原因"], [&head; 5], &mut row)?;
        for (number, one) in (1..).zip(left) {
            let (number, cell) = (format!("{number}"), one.cell.to_string());
            line(sheet, [&number, &one.sheet, &cell, &one.text, one.reason], body, &mut row)?;
        }
    }
    if !unlike.is_empty() {
        if !left.is_empty() {
            row += 1;
        }
        say(
            sheet,
            "空白表样的下列各格有计算公式，算出的数与原表填的不一致。新表保留原表填的数，没有用公式重算，请核对。",
            &mut row,
        )?;
        line(sheet, ["序号", "新工作表", "新单元格", "栏目与原填内容", "按公式计算"], [&head; 5], &mut row)?;
        for (number, one) in (1..).zip(unlike) {
            let from = one.old.map(|at| format!("（原 {at}）")).unwrap_or_default();
            let said = format!("{}：{}{from}", one.label, one.own);
            let (number, cell) = (format!("{number}"), one.cell.to_string());
            line(sheet, [&number, &one.sheet, &cell, &said, &one.computed], body, &mut row)?;
        }
    }
    let (side, top, header) = MARGINS;
    sheet
        .set_screen_gridlines(false)
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(side, side, top, top, header, header)
        .set_footer(FOOTER);
    Ok(())
}
