//! A filled form as a unit's worksheet: its own fonts, figures typed or computed, no protection and no self-check.

use std::collections::BTreeMap;

use anyhow::Result;
use jixiao::address::{CellRange, CellRef};
use jixiao::schema::FieldKind;
use jixiao::template::{Entry, Input, Kind, Look as Printed, Piece, Plan};
use jixiao::workbook::{Cell, Content};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, Worksheet};

use crate::chance::float;

/// A form that is ready to be drawn.
pub(crate) struct Drawing {
    pub(crate) plan: Plan,
    /// Cells that say something else than the plan.
    pub(crate) faults: BTreeMap<CellRef, Option<Cell>>,
    /// Whether the unit typed what the form would compute.
    pub(crate) typed: bool,
}

/// How a unit's forms look.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    title: &'static str,
    label: &'static str,
    value: &'static str,
    size: f64,
    amount: &'static str,
    /// Colour of label boxes, `RRGGBB`.
    shade: Option<u32>,
}

pub(crate) static LOOKS: [Look; 4] = [
    Look {
        title: "方正小标宋简体", label: "宋体", value: "仿宋_GB2312", size: 10.5, amount: "0.00", shade: None
    },
    Look { title: "黑体", label: "宋体", value: "宋体", size: 10.0, amount: "General", shade: None },
    Look { title: "宋体", label: "宋体", value: "宋体", size: 11.0, amount: "#,##0.00", shade: Some(0xF2_F2F2) },
    Look {
        title: "微软雅黑",
        label: "微软雅黑",
        value: "微软雅黑",
        size: 9.0,
        amount: "#,##0.00",
        shade: Some(0xDD_EBF7),
    },
];

impl Look {
    fn base(&self, font: &str) -> Format {
        Format::new().set_font_name(font).set_font_size(self.size).set_align(FormatAlign::VerticalCenter)
    }

    fn boxed(&self, font: &str) -> Format {
        self.base(font).set_border(FormatBorder::Thin).set_text_wrap()
    }

    fn printed(&self, look: Printed) -> Format {
        let shaded = |format: Format| match self.shade {
            Some(colour) => format.set_background_color(colour),
            None => format,
        };
        match look {
            Printed::Title => self.base(self.title).set_font_size(18).set_align(FormatAlign::Center),
            Printed::Year => self.base(self.label).set_align(FormatAlign::Center),
            Printed::Remark => self.base(self.label).set_align(FormatAlign::Right),
            Printed::Lead | Printed::Caption | Printed::Note => {
                self.base(self.label).set_align(FormatAlign::Left).set_text_wrap()
            }
            Printed::Label => shaded(self.boxed(self.label).set_align(FormatAlign::Center)),
            Printed::Line => self.boxed(self.label).set_align(FormatAlign::Center),
            Printed::Printed => self.boxed(self.value).set_align(FormatAlign::Center),
        }
    }

    fn input(&self, input: &Input, range: CellRange) -> Format {
        let base = if input.bordered { self.boxed(self.value) } else { self.base(self.value).set_text_wrap() };
        let long = input.value.as_ref().is_some_and(|value| value.to_string().chars().count() > 18);
        let align = match (input.kind, long || range.height() > 2, input.bordered) {
            (FieldKind::Text, true, true) => FormatAlign::Left,
            (_, _, false) if !input.lead.is_empty() => FormatAlign::Left,
            _ => FormatAlign::Center,
        };
        self.numbers(base.set_align(align), input.kind)
    }

    fn numbers(&self, format: Format, kind: FieldKind) -> Format {
        match kind {
            FieldKind::Amount => format.set_num_format(self.amount),
            FieldKind::Rate => format.set_num_format("0.00%"),
            _ => format,
        }
    }
}

/// Draws a form onto a sheet.
pub(crate) fn draw(sheet: &mut Worksheet, drawing: &Drawing, look: &Look) -> Result<()> {
    let plan = &drawing.plan;
    for (col, width) in (0..).zip(&plan.columns) {
        sheet.set_column_width(col, *width)?;
    }
    for (row, height) in (0..).zip(heights(plan)) {
        sheet.set_row_height(row, height)?;
    }
    sheet.set_paper_size(9).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3).set_print_center_horizontally(true);
    if plan.schema.layout.landscape {
        sheet.set_landscape();
    }
    sheet.set_print_fit_to_pages(1, if plan.schema.list { 0 } else { 1 });
    for piece in &plan.pieces {
        write(sheet, piece, drawing, look)?;
    }
    Ok(())
}

/// Heights in which what was filled in can be read.
fn heights(plan: &Plan) -> Vec<f64> {
    let mut heights = plan.rows.clone();
    for piece in &plan.pieces {
        let Kind::Input(Input { value: Some(Entry::Text(text)), bordered: true, .. }) = &piece.kind else { continue };
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let range = piece.range;
        let width: f64 = plan.columns.iter().skip(at(range.start.col)).take(at(range.width())).sum();
        let units: f64 = text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum();
        let need = (units / (width - 1.0).max(2.0)).ceil().mul_add(14.0, 6.0);
        let rows = heights.iter_mut().skip(at(range.start.row)).take(at(range.height()));
        let each = need / f64::from(range.height());
        rows.for_each(|height| *height = height.max(each));
    }
    heights
}

fn write(sheet: &mut Worksheet, piece: &Piece, drawing: &Drawing, look: &Look) -> Result<()> {
    let range = piece.range;
    let format = match &piece.kind {
        Kind::Text { look: of, .. } => look.printed(*of),
        Kind::Input(input) => look.input(input, range),
        Kind::Computed { kind, .. } => look.numbers(look.printed(Printed::Printed), *kind),
    };
    let (row, col) = (range.start.row, u16::try_from(range.start.col)?);
    if range.start != range.end {
        sheet.merge_range(row, col, range.end.row, u16::try_from(range.end.col)?, "", &format)?;
    }
    let cell = match drawing.faults.get(&range.start) {
        Some(fault) => fault.clone(),
        None => content(&piece.kind, drawing.typed),
    };
    match cell {
        None => drop(sheet.write_blank(row, col, &format)?),
        Some(Cell { content, formula: Some(formula), .. }) => {
            let result = match content {
                Content::Number(number) => number.normalize().to_string(),
                _ => String::new(),
            };
            sheet.write_formula_with_format(row, col, Formula::new(formula).set_result(result), &format)?;
        }
        Some(Cell { content: Content::Number(number), .. }) => {
            sheet.write_number_with_format(row, col, float(number), &format)?;
        }
        Some(Cell { content: Content::Text(text), .. }) => {
            sheet.write_string_with_format(row, col, text, &format)?;
        }
        Some(_) => drop(sheet.write_blank(row, col, &format)?),
    }
    Ok(())
}

/// What a box holds; `None` for a blank.
fn content(kind: &Kind, typed: bool) -> Option<Cell> {
    match kind {
        Kind::Text { text, .. } if text.is_empty() => None,
        Kind::Text { text, look: Printed::Printed } => {
            Some(text.parse().map_or_else(|_| Cell::text(text), Cell::number))
        }
        Kind::Text { text, .. } => Some(Cell::text(text)),
        Kind::Input(input) => match &input.value {
            None if input.lead.is_empty() => None,
            None => Some(Cell::text(&input.lead)),
            Some(Entry::Number(number)) if input.lead.is_empty() => Some(Cell::number(number.normalize())),
            Some(entry) => Some(Cell::text(format!("{}{entry}", input.lead))),
        },
        Kind::Computed { result, .. } if typed => result.map(|result| Cell::number(result.normalize())),
        Kind::Computed { computation, result, .. } => {
            let content = result.map_or(Content::Text(String::new()), |result| Content::Number(result.normalize()));
            Some(Cell { formula: Some(computation.formula()), ..Cell { content, ..Cell::number(0.into()) } })
        }
    }
}
