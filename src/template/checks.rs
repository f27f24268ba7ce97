//! What the workbook checks by itself: sums, weights, what is still blank.

use rust_decimal::Decimal;

use super::canvas::Draw;
use super::compute::fixed;
use super::plan::{Kind, Piece, Required, Role, SelfCheck};
use super::table_lines::is_settled;
use crate::address::{CellRange, CellRef};
use crate::schema::concept::{self, column, line};
use crate::schema::{FieldKind, Figure, GridSpec, TotalSpec};

/// Rows that make part of 财政拨款 where that is printed too.
const WITHIN_FISCAL: [&str; 9] = ["fund", "upper", "central", "province", "city", "local", "county", "lottery", "bond"];
/// Rows that divide the total once more, by what it is spent on.
const BY_USE: [&str; 2] = ["basic_spending", "project_spending"];

/// The checks of a form and what it must say.
pub(super) fn checks(draw: &Draw<'_>) -> (Vec<SelfCheck>, Vec<Required>) {
    let mut checks: Vec<SelfCheck> = draw.schema.grids.iter().flat_map(|grid| sums(draw, grid)).collect();
    checks.extend(draw.schema.totals.iter().filter_map(|total| total_check(draw, total)));
    checks.extend(weights(draw));
    checks.extend(class_weights(draw));
    checks.extend(over_weight(draw));
    (checks, required(draw))
}

/// The score of the budget execution and those of the indicators.
pub(super) fn score_ranges(draw: &Draw<'_>) -> Vec<CellRange> {
    let execution = cell(draw, concept::FUNDING, line::TOTAL, concept::amount::SCORE);
    let own = draw.bodies.iter().filter(|body| body.table == concept::INDICATORS);
    execution.into_iter().chain(own.filter_map(|body| body.range(column::SCORE))).collect()
}

fn piece<'a>(draw: &'a Draw<'_>, role: &Role) -> Option<&'a Piece> {
    draw.pieces.iter().find(|piece| piece.role() == Some(role))
}

fn cell(draw: &Draw<'_>, grid: &str, row: &str, column: &str) -> Option<CellRange> {
    let role = Role::Cell { grid: grid.to_owned(), row: row.to_owned(), column: column.to_owned() };
    piece(draw, &role).map(|piece| CellRange::new(piece.range.start, piece.range.start))
}

fn list(ranges: &[CellRange]) -> String {
    ranges.iter().map(|range| fixed(*range)).collect::<Vec<_>>().join(",")
}

/// 总额 against its parts, column by column.
fn sums(draw: &Draw<'_>, grid: &GridSpec) -> Vec<SelfCheck> {
    let mut columns: Vec<(&str, &str)> = grid
        .columns
        .iter()
        .filter(|column| column.kind == FieldKind::Amount)
        .map(|column| (column.id.as_str(), column.label.as_str()))
        .collect();
    if grid.columns.is_empty() {
        columns.push((concept::amount::BUDGET, ""));
    }
    let mut checks = Vec::new();
    for total in grid.rows.iter().filter(|row| row.total) {
        for (id, label) in &columns {
            let Some(stated) = cell(draw, &grid.id, &total.id, id) else { continue };
            let printed: Vec<(&str, CellRange)> = grid
                .rows
                .iter()
                .filter(|row| !row.total && row.id != "term_total")
                .filter_map(|row| Some((row.id.as_str(), cell(draw, &grid.id, &row.id, id)?)))
                .collect();
            let has = |id: &str| printed.iter().any(|(row, _)| *row == id);
            let only = |keep: &dyn Fn(&str) -> bool| -> Vec<CellRange> {
                printed.iter().filter(|(row, _)| keep(row)).map(|(_, at)| *at).collect()
            };
            let every_source = only(&|row| !BY_USE.contains(&row));
            let by_source = only(&|row| !(BY_USE.contains(&row) || has(line::FISCAL) && WITHIN_FISCAL.contains(&row)));
            let by_use = only(&|row| BY_USE.contains(&row));
            // 县级财政 beside 上级补助 may be two sources, or one and a part of it: as the review does, either will do.
            let either = (every_source.len() > by_source.len()).then(|| list(&every_source));
            for (parts, either) in [(by_source, either), (by_use, None)] {
                if parts.is_empty() || (parts.len() == 1 && !has(line::FISCAL)) {
                    continue;
                }
                let name = total.label.trim_end_matches(['：', ':']);
                let what = if columns.len() > 1 { format!("{name}·{label}") } else { name.to_owned() };
                let parts = list(&parts);
                let stated_at = fixed(stated);
                let tolerance = draw.policy.money.sum_tolerance;
                let should = match either {
                    Some(all) => {
                        format!("IF(ABS(N({stated_at})-SUM({all}))<={tolerance},SUM({all}),SUM({parts}))")
                    }
                    None => format!("SUM({parts})"),
                };
                checks.push(SelfCheck {
                    what: format!("{what}等于各项之和"),
                    is: stated_at.clone(),
                    should,
                    ready: format!("AND(COUNT({stated_at})>0,COUNT({parts})>0)"),
                    tolerance,
                    at: Some(stated),
                });
            }
        }
    }
    checks
}

/// A figure as an expression, with the cells it stands in; `None` where the form does not print it.
fn figure(draw: &Draw<'_>, figure: &Figure) -> Option<(String, Vec<CellRange>)> {
    let bodies = |table: &str, column: &str| -> Vec<CellRange> {
        let own = draw.bodies.iter().filter(|body| body.table == table);
        own.filter_map(|body| body.range(column)).collect()
    };
    let single = |at: CellRange| (format!("SUM({})", fixed(at)), vec![at]);
    match figure {
        Figure::Own(_) => None,
        Figure::Field(id) => {
            let range = piece(draw, &Role::Field(id.clone()))?.range;
            Some(single(CellRange::new(range.start, range.start)))
        }
        Figure::Cell { grid, row, column } => cell(draw, grid, row, column).map(single),
        Figure::Sum { table, column } => {
            let ranges = bodies(table, column);
            (!ranges.is_empty()).then(|| (format!("SUM({})", list(&ranges)), ranges))
        }
        Figure::Last { table, column } => {
            let role = Role::Total { table: table.clone(), column: column.clone() };
            let range = piece(draw, &role)?.range;
            Some(single(CellRange::new(range.start, range.start)))
        }
        Figure::Count { table } => {
            let spec = draw.schema.table(table)?;
            let own = || draw.bodies.iter().filter(|body| body.table == *table);
            let words = |column: &&crate::schema::ColumnSpec| column.kind != FieldKind::Number;
            let printed = |column: &&crate::schema::ColumnSpec| own().any(|body| body.columns.contains_key(&column.id));
            let mut columns = spec.columns.iter().filter(words).filter(printed);
            let key = columns.clone().find(|column| column.required).or_else(|| columns.next())?;
            let ranges = bodies(table, &key.id);
            let filled: Vec<String> =
                ranges.iter().map(|range| format!("SUMPRODUCT(({}<>\"\")*1)", fixed(*range))).collect();
            Some((filled.join("+"), ranges))
        }
    }
}

fn total_check(draw: &Draw<'_>, total: &TotalSpec) -> Option<SelfCheck> {
    if let Some(table) = &total.rows {
        return row_check(draw, total, table);
    }
    let (is, stated) = figure(draw, &total.total)?;
    let parts: Vec<(String, Vec<CellRange>)> =
        total.parts.iter().map(|part| figure(draw, part)).collect::<Option<_>>()?;
    let should = parts.iter().map(|(part, _)| part.as_str()).collect::<Vec<_>>().join("+");
    let cells: Vec<CellRange> = parts.into_iter().flat_map(|(_, cells)| cells).collect();
    // A total that the workbook computes from these very cells cannot differ.
    let own = draw.pieces.iter().find(|piece| stated.first().is_some_and(|at| at.start == piece.range.start));
    if let Some(Kind::Computed { computation: super::compute::Computation::Sum(ranges), .. }) = own.map(|p| &p.kind)
        && *ranges == cells
    {
        return None;
    }
    Some(SelfCheck {
        what: total.label.clone(),
        is,
        should,
        ready: format!("AND(COUNTA({})>0,COUNTA({})>0)", list(&stated), list(&cells)),
        tolerance: draw.policy.money.sum_tolerance,
        at: stated.first().copied(),
    })
}

/// In how many rows of a table the stated figure is not the sum of the others.
fn row_check(draw: &Draw<'_>, total: &TotalSpec, table: &str) -> Option<SelfCheck> {
    let tolerance = draw.policy.money.sum_tolerance.normalize();
    let mut wrong = Vec::new();
    let mut stated = Vec::new();
    for body in draw.bodies.iter().filter(|body| body.table == table) {
        let range = |figure: &Figure| match figure {
            Figure::Own(column) => body.range(column),
            _ => None,
        };
        let own = range(&total.total)?;
        let parts: Vec<CellRange> = total.parts.iter().map(range).collect::<Option<_>>()?;
        let sum = parts.iter().map(|part| fixed(*part)).collect::<Vec<_>>().join("-");
        let own_text = fixed(own);
        wrong.push(format!("SUMPRODUCT(ISNUMBER({own_text})*(ABS({own_text}-{sum})>{tolerance}+0.000001))"));
        stated.push(own);
    }
    if stated.is_empty() {
        return None;
    }
    Some(SelfCheck {
        what: format!("{}与各项之和不符的行数", total.label),
        is: wrong.join("+"),
        should: "0".to_owned(),
        ready: format!("COUNT({})>0", list(&stated)),
        tolerance: Decimal::ZERO,
        at: None,
    })
}

/// All weights with the execution rate against what they must make.
fn weights(draw: &Draw<'_>) -> Option<SelfCheck> {
    let indicators = draw.indicators.as_ref().filter(|_| !draw.schema.list)?;
    let total = indicators.total_points?;
    let ranges: Vec<CellRange> = draw
        .bodies
        .iter()
        .filter(|body| body.table == concept::INDICATORS)
        .filter_map(|body| body.range(column::WEIGHT))
        .collect();
    if ranges.is_empty() || ranges.iter().all(|range| is_printed(draw, *range)) {
        return None;
    }
    let execution = indicators.execution_points;
    let plus = if execution.is_zero() { String::new() } else { format!("+{}", execution.normalize()) };
    let with = if execution.is_zero() {
        String::new()
    } else {
        format!("（含预算执行率{}分）", execution.normalize())
    };
    let weights = list(&ranges);
    let at = draw.pieces.iter().filter(|piece| ranges.iter().all(|range| piece.range.start.row > range.end.row));
    let column = ranges.first().map(|range| range.start.col);
    let at = at
        .filter(|piece| Some(piece.range.start.col) == column)
        .find(|piece| matches!(&piece.kind, Kind::Text { text, .. } if *text == total.normalize().to_string()));
    Some(SelfCheck {
        what: format!("各项分值合计{with}"),
        is: format!("SUM({weights}){plus}"),
        should: total.normalize().to_string(),
        ready: format!("COUNT({weights})>0"),
        tolerance: draw.policy.scoring.tolerance,
        at: at.map(|piece| CellRange::new(piece.range.start, piece.range.start)),
    })
}

/// Whether all cells of a range come printed.
fn is_printed(draw: &Draw<'_>, range: CellRange) -> bool {
    let inside = |piece: &&Piece| range.contains(piece.range.start);
    draw.pieces.iter().filter(inside).all(|piece| matches!(piece.kind, Kind::Text { .. }))
}

/// The weights of each first-level class, where the form prints them.
fn class_weights(draw: &Draw<'_>) -> Vec<SelfCheck> {
    let Some(indicators) = &draw.indicators else { return Vec::new() };
    if !indicators.classes.iter().all(is_settled) {
        return Vec::new();
    }
    let weight_of = |class: &str| -> Vec<CellRef> {
        let of_class = |piece: &&Piece| {
            matches!(piece.role(), Some(Role::Row { table, column: id, class: Some((of, _)), .. })
                if table == concept::INDICATORS && id == column::WEIGHT && of == class)
        };
        draw.pieces.iter().filter(of_class).map(|piece| piece.range.start).collect()
    };
    let check = |class: &crate::schema::Class| {
        let cells = weight_of(&class.id);
        let range = CellRange::new(*cells.first()?, *cells.last()?);
        let weights = fixed(range);
        Some(SelfCheck {
            what: format!("{}的分值合计", class.label),
            is: format!("SUM({weights})"),
            should: class.points?.normalize().to_string(),
            ready: format!("COUNT({weights})>0"),
            tolerance: draw.policy.scoring.tolerance,
            at: None,
        })
    };
    indicators.classes.iter().filter_map(check).collect()
}

/// How many scores exceed their weight.
fn over_weight(draw: &Draw<'_>) -> Option<SelfCheck> {
    let pairs: Vec<(String, String)> = draw
        .bodies
        .iter()
        .filter_map(|body| Some((fixed(body.range(column::SCORE)?), fixed(body.range(column::WEIGHT)?))))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let over = |(score, weight): &(String, String)| {
        format!("SUMPRODUCT(ISNUMBER({score})*ISNUMBER({weight})*({score}>{weight}))")
    };
    let scores = pairs.iter().map(|(score, _)| score.as_str()).collect::<Vec<_>>().join(",");
    Some(SelfCheck {
        what: "得分高于分值的指标个数".to_owned(),
        is: pairs.iter().map(over).collect::<Vec<_>>().join("+"),
        should: "0".to_owned(),
        ready: format!("COUNT({scores})>0"),
        tolerance: Decimal::ZERO,
        at: None,
    })
}

/// What must be filled in: fields and amounts one by one, columns of tables for the rows that are used.
fn required(draw: &Draw<'_>) -> Vec<Required> {
    let mut required: Vec<Required> = Vec::new();
    for piece in &draw.pieces {
        let Kind::Input(input) = &piece.kind else { continue };
        let one = match &input.role {
            // The year has its brackets in the box already.
            Role::Field(id) if id == concept::field::YEAR && !input.bordered => None,
            Role::Field(_) | Role::Cell { .. } => Some(Required::Box(piece.range.start, input.lead.clone())),
            Role::Row { column: id, class: Some(_), .. } if id == column::LEVEL3 => {
                same_subclass(draw, piece).map(Required::OneOf)
            }
            Role::Row { .. } | Role::Listed { .. } | Role::Total { .. } => None,
        };
        required.extend(one.filter(|one| input.required && !required.contains(one)));
    }
    for body in &draw.bodies {
        let Some(spec) = draw.schema.table(&body.table) else { continue };
        let Some(key) = key_of(draw.schema, &body.table).and_then(|key| body.range(key)) else { continue };
        // Printed level cells are merged: all but the first of their cells are blank.
        let levels = [column::LEVEL1, column::LEVEL2];
        for spec in spec.columns.iter().filter(|spec| spec.required && !levels.contains(&spec.id.as_str())) {
            let column = body.range(&spec.id).filter(|range| *range != key && !is_printed(draw, *range));
            required.extend(column.map(|column| Required::Column { key, column }));
        }
    }
    required
}

/// The column by which a row of a table is known to be used: 三级指标, else the first required one.
pub(super) fn key_of<'a>(schema: &'a crate::schema::Schema, table: &str) -> Option<&'a str> {
    let spec = schema.table(table)?;
    let named = spec.column(column::LEVEL3).filter(|_| table == concept::INDICATORS);
    let words = |column: &&crate::schema::ColumnSpec| column.kind != FieldKind::Number && column.required;
    named.or_else(|| spec.columns.iter().find(words)).map(|column| column.id.as_str())
}

/// The names of the indicators of the second-level class that a row begins.
fn same_subclass(draw: &Draw<'_>, first: &Piece) -> Option<CellRange> {
    let Some(Role::Row { class, .. }) = first.role() else { return None };
    let own = |piece: &&Piece| {
        matches!(piece.role(), Some(Role::Row { column: id, class: of, .. }) if id == column::LEVEL3 && of == class)
            && piece.range.start.row >= first.range.start.row
    };
    let last = draw.pieces.iter().filter(own).map(|piece| piece.range.start).max()?;
    Some(CellRange::new(first.range.start, last))
}
