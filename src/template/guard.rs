//! What watches over the form while it is filled in: drop-down lists, input checks with their prompts, colours.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula,
    Worksheet, XlsxError,
};

use super::checks::key_of;
use super::compute::{fixed, literal};
use super::house_style::{LIST_COLUMN, REVIEW_SHEET, narrow, number_format};
use super::plan::{Input, Kind, Plan, Role, SelfCheck};
use super::prompts::{complaint, prompt};
use crate::address::{CellRange, column_letters};
use crate::ooxml::book::quoted;
use crate::schema::FieldKind;
use crate::schema::concept::{column, field};
use crate::text::{cut, utf16_length};

/// Characters that an inline list may have.
const LIST_LIMIT: usize = 255;
/// Light yellow, red and green.
const BLANK: u32 = 0xFF_F9D9;
const WRONG: u32 = 0xFF_C7CE;
const RIGHT: u32 = 0xC6_EFCE;

/// Lists too long to stand in the check itself: each once, in the order in which they are written on 自检.
pub(super) fn long_lists(plan: &Plan) -> Vec<Vec<String>> {
    let mut lists: Vec<Vec<String>> = Vec::new();
    for (_, input) in plan.inputs() {
        if is_long(&input.choices) && !lists.contains(&input.choices) {
            lists.push(input.choices.clone());
        }
    }
    lists
}

fn is_long(choices: &[String]) -> bool {
    // A quote is written twice.
    let letters = |choice: &String| utf16_length(choice) + choice.matches('"').count() + 1;
    choices.iter().map(letters).sum::<usize>() > LIST_LIMIT || choices.iter().any(|choice| choice.contains(','))
}

/// Adds input checks and colours.
pub(super) fn guard(
    sheet: &mut Worksheet,
    plan: &Plan,
    long_lists: &[Vec<String>],
    check: &str,
) -> Result<(), XlsxError> {
    let groups = groups(plan);
    for (range, input) in &groups {
        let validation = validation(input, long_lists, check)?;
        sheet.add_data_validation(
            range.start.row,
            narrow(range.start.col),
            range.end.row,
            narrow(range.end.col),
            &validation,
        )?;
    }
    for piece in &plan.pieces {
        if let Kind::Computed { kind: kind @ (FieldKind::Rate | FieldKind::Amount), .. } = &piece.kind {
            let format = Format::new().set_num_format(number_format(*kind));
            conditional(sheet, piece.range, &format!("ISNUMBER({})", cell(piece.range)), format)?;
        }
    }
    // Where two colours hold, the one added first is shown.
    for check in &plan.checks {
        colour_check(sheet, check)?;
    }
    for (range, input) in &groups {
        if let Some(limit) = input.limit {
            let own = range.start;
            let weight = format!("${}{}", column_letters(limit.col), limit.row + 1);
            let rule = format!("AND(ISNUMBER({own}),ISNUMBER({weight}),{own}>{weight})");
            colour(sheet, *range, &rule, WRONG)?;
        }
    }
    for (range, input) in &groups {
        if input.required
            && let Some(rule) = is_missing(plan, *range, input)
        {
            colour(sheet, *range, &unless_returned(&rule), BLANK)?;
        }
    }
    Ok(())
}

/// Boxes that are filled in alike and stand one under the other, as one range.
fn groups(plan: &Plan) -> Vec<(CellRange, &Input)> {
    let mut groups: Vec<(CellRange, &Input)> = Vec::new();
    let mut open: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (range, input) in plan.inputs() {
        let key = (range.start.col, range.end.col);
        let below = open.get(&key).and_then(|at| groups.get_mut(*at)).filter(|(above, other)| {
            let in_table = matches!(
                (&input.role, &other.role),
                (Role::Row { table: a, column: b, .. }, Role::Row { table: c, column: d, .. }) if a == c && b == d
            );
            let single = range.height() == 1 && range.width() == above.width();
            // The first indicator of a second-level class is asked for, the others are not.
            in_table && single && above.end.row + 1 == range.start.row && other.required == input.required
        });
        match below {
            Some((above, _)) => above.end = range.end,
            None => {
                open.insert(key, groups.len());
                groups.push((range, input));
            }
        }
    }
    groups
}

fn validation(input: &Input, long_lists: &[Vec<String>], check: &str) -> Result<DataValidation, XlsxError> {
    let checked = checked(input, long_lists, check)?;
    // Excel takes 32 and 255 characters.
    let title = input.label.replace('\n', "");
    let mut validation = checked.set_input_title(cut(&title, 32))?.set_input_message(cut(&prompt(input), 255))?;
    let complaint = complaint(input);
    if !complaint.is_empty() {
        validation = validation.set_error_title("请核对")?.set_error_message(cut(&complaint, 255))?;
    }
    if !input.closed && !input.choices.is_empty() {
        validation = validation.set_error_style(DataValidationErrorStyle::Warning).show_error_message(false);
    }
    Ok(validation)
}

fn checked(input: &Input, long_lists: &[Vec<String>], check: &str) -> Result<DataValidation, XlsxError> {
    let new = DataValidation::new();
    if let Some(at) = long_lists.iter().position(|list| *list == input.choices) {
        let column = column_letters(LIST_COLUMN + u32::try_from(at).unwrap_or(0));
        let last = input.choices.len() + 1;
        return Ok(new.allow_list_formula(Formula::new(format!("{}!${column}$2:${column}${last}", quoted(check)))));
    }
    if !input.choices.is_empty() {
        return new.allow_list_strings(&input.choices);
    }
    Ok(match input.kind {
        FieldKind::Amount | FieldKind::Number => {
            new.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        }
        FieldKind::Rate => new.allow_decimal_number(DataValidationRule::Between(0.0, 1.0)),
        FieldKind::Points => match input.limit {
            Some(limit) => {
                let weight = Formula::new(format!("${}{}", column_letters(limit.col), limit.row + 1));
                new.allow_decimal_number_formula(DataValidationRule::Between(Formula::new("0"), weight))
            }
            None => new.allow_decimal_number(DataValidationRule::Between(0.0, 100.0)),
        },
        FieldKind::Year if input.bordered => new.allow_whole_number(DataValidationRule::Between(2000, 2100)),
        _ => match input.max_chars {
            Some(most) => new.allow_text_length(DataValidationRule::LessThanOrEqualTo(most)),
            None => new.allow_any_value(),
        },
    })
}

/// The rule, but not in a workbook that came back with marks: their colours say how bad it is.
fn unless_returned(rule: &str) -> String {
    format!("AND({rule},ISERROR(INDIRECT(\"'{REVIEW_SHEET}'!A1\")))")
}

/// When a box is still to be filled in: always while it is blank, in a table while its row is used.
fn is_missing(plan: &Plan, range: CellRange, input: &Input) -> Option<String> {
    let own = range.start;
    match &input.role {
        Role::Field(id) if id == field::YEAR && !input.bordered => {
            // No list of digits: Excel refuses constants in braces here.
            Some(format!("ISERROR(FIND(\"20\",{}))", cell(range)))
        }
        Role::Listed { .. } => None,
        Role::Field(_) | Role::Cell { .. } | Role::Total { .. } => {
            Some(format!("TRIM({})={}", cell(range), literal(&input.lead)))
        }
        Role::Row { table, row, column: id, class } => {
            if id == column::LEVEL3 && class.is_some() {
                // Of the second-level class one indicator is asked for.
                let same = plan.inputs().filter(|(_, other)| {
                    matches!(&other.role, Role::Row { table: t, column: c, class: of, row: r }
                        if t == table && c == id && of == class && r >= row)
                });
                let last = same.map(|(range, _)| range.start).max()?;
                return Some(format!("COUNTA({})=0", fixed(CellRange::new(own, last)).replace('@', "")));
            }
            let key = key_of(&plan.schema, table)?;
            let place = plan.pieces.iter().find(|piece| {
                matches!(piece.role(), Some(Role::Row { table: t, row: r, column: c, .. }) if t == table && r == row && c == key)
            });
            let key = place.map(|piece| piece.range.start).filter(|key| *key != own)?;
            Some(format!("AND(${}{}<>\"\",{own}=\"\")", column_letters(key.col), key.row + 1))
        }
    }
}

/// The first cell of a box, fixed.
fn cell(range: CellRange) -> String {
    fixed(CellRange::new(range.start, range.start)).replace('@', "")
}

fn colour_check(sheet: &mut Worksheet, check: &SelfCheck) -> Result<(), XlsxError> {
    let Some(at) = check.at else { return Ok(()) };
    let here = |expression: &str| expression.replace('@', "");
    let (is, should, ready) = (here(&check.is), here(&check.should), here(&check.ready));
    let tolerance = check.tolerance.normalize();
    let colour_if = |sheet: &mut Worksheet, sign: &str, background: u32| {
        let rule = format!("AND({ready},ABS(({is})-({should})){sign}{tolerance}+0.000001)");
        colour(sheet, at, &unless_returned(&rule), background)
    };
    colour_if(sheet, ">", WRONG)?;
    colour_if(sheet, "<=", RIGHT)
}

fn colour(sheet: &mut Worksheet, range: CellRange, rule: &str, background: u32) -> Result<(), XlsxError> {
    conditional(sheet, range, rule, Format::new().set_background_color(Color::RGB(background)))
}

fn conditional(sheet: &mut Worksheet, range: CellRange, rule: &str, format: Format) -> Result<(), XlsxError> {
    let conditional = ConditionalFormatFormula::new().set_rule(Formula::new(rule)).set_format(format);
    let (start, end) = (range.start, range.end);
    sheet.add_conditional_format(start.row, narrow(start.col), end.row, narrow(end.col), &conditional)?;
    Ok(())
}
