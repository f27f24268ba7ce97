//! From a sheet to its forms: recognise each stretch of rows, then read it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::extent::Extent;
use super::funding;
use super::header::{self, Labels};
use super::id::Id;
use super::indicators;
use super::lexicon::{HeadWords, Lexicon};
use super::list;
use super::page::Page;
use super::reading::{self, Habits};
use super::recognize::{self, Candidate, OWN_CREDIT, THRESHOLD, TitleFit};
use super::record::{Evidence, Field, Form, Reading, Recognition, Record};
use super::rows as table_rows;
use super::stretch::Stretch;
use super::table_head::{self, TableHead};
use crate::address::{CellRange, CellRef};
use crate::ooxml::Limits;
use crate::schema::{Catalog, FieldKind, FieldSpec, Schema, concept};
use crate::text::{label_key, squeeze};
use crate::value::Value;
use crate::workbook::Sheet;

/// Reads sheets by the schemas of a catalog; made once for a run.
pub struct Reader {
    lexicons: Vec<Lexicon>,
    words: HeadWords,
    empty_marks: Vec<String>,
}

/// Up to here a sheet shares a label or two with the schema: to name it would only mislead.
const NEAR: f64 = 0.25;

/// What was found on a sheet.
#[derive(Debug)]
pub struct SheetReading {
    /// The forms, from top to bottom.
    pub forms: Vec<Form>,
    /// Where no form was found: the schema that came nearest, with what spoke for and against it.
    pub nearest: Option<Nearest>,
    /// How many boxes were looked through: rows × columns.
    pub boxes: u64,
    /// The first cell with content that was not: it stands far away from the others, or the sheet has too many.
    pub beyond: Option<CellRef>,
}

/// The schema that came nearest to a sheet that is no known form.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Id of the schema.
    pub schema: String,
    /// Its title.
    pub title: String,
    /// 0 to 1, below what counts as recognised.
    pub confidence: f64,
    /// Strongest first.
    pub evidence: Vec<Evidence>,
}

impl Reader {
    /// A reader for the schemas of a catalog. `empty_marks` are the marks that mean "not applicable" when they are all
    /// a cell holds (policy `words.empty_marks`).
    #[must_use]
    pub fn new(catalog: &Catalog, empty_marks: &[String]) -> Self {
        let lexicons: Vec<Lexicon> = catalog.schemas.iter().cloned().map(Lexicon::new).collect();
        Self {
            words: HeadWords::of(&lexicons),
            lexicons,
            empty_marks: empty_marks.iter().map(|mark| squeeze(mark)).collect(),
        }
    }

    /// Which forms stand on a sheet, from top to bottom, and how that is known; what stands in them is not read.
    #[must_use]
    pub fn recognize(&self, sheet: &Sheet) -> Vec<(Arc<Schema>, Recognition)> {
        let Some(extent) = Extent::of(sheet, Limits::default().boxes) else { return Vec::new() };
        let page = Page::new(sheet, extent);
        let segments = recognize::segments(&page, &self.words);
        let stretches = segments.into_iter().map(|rows| Stretch::of(&page, rows, &self.words));
        let known = stretches.filter_map(|stretch| {
            let best = self.best(&page, &stretch)?;
            Some((Arc::clone(&best.lexicon.schema), best.recognition))
        });
        known.filter(|(_, recognition)| recognition.confidence >= THRESHOLD).collect()
    }

    /// The schemas that it knows.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &Arc<Schema>> {
        self.lexicons.iter().map(|lexicon| &lexicon.schema)
    }

    /// The forms on a sheet, from top to bottom. Judges nothing; a sheet without content gives no form.
    #[must_use]
    pub fn read_sheet(&self, sheet: &Sheet) -> SheetReading {
        self.read_within(sheet, Limits::default().boxes)
    }

    /// The same where at most so many boxes may be looked through.
    #[must_use]
    pub fn read_within(&self, sheet: &Sheet, boxes: u64) -> SheetReading {
        let mut reading = SheetReading { forms: Vec::new(), nearest: None, boxes: 0, beyond: None };
        let Some(extent) = Extent::of(sheet, boxes) else { return reading };
        reading.boxes = u64::from(extent.range.height()) * u64::from(extent.range.width());
        reading.beyond = extent.beyond;
        let page = Page::new(sheet, extent);
        for rows in recognize::segments(&page, &self.words) {
            let stretch = Stretch::of(&page, rows, &self.words);
            let Some(best) = self.best(&page, &stretch) else { continue };
            if best.recognition.confidence >= THRESHOLD {
                reading.forms.extend(self.extract(&page, best));
            } else if reading.nearest.as_ref().map_or(NEAR, |n| n.confidence) < best.recognition.confidence {
                reading.nearest = Some(Nearest {
                    schema: best.lexicon.schema.id.clone(),
                    title: best.lexicon.schema.title.clone(),
                    confidence: best.recognition.confidence,
                    evidence: best.recognition.evidence,
                });
            }
        }
        if !reading.forms.is_empty() {
            reading.nearest = None;
        }
        share_year(&mut reading.forms);
        reading
    }

    /// The schema that fits a stretch of rows best; of equals the first. A bureau's own schema that fits nearly as well as a
    /// built-in one is the one that was meant.
    fn best(&self, page: &Page<'_>, stretch: &Stretch<'_>) -> Option<Candidate<'_>> {
        let fit = |lexicon| (lexicon, recognize::title_fit(stretch, lexicon));
        let mut fits: Vec<_> = self.lexicons.iter().map(fit).enumerate().collect();
        // A title that is some form's own settles that it is not one of those it is foreign to.
        let is_own = |fit: &TitleFit| matches!(fit, TitleFit::Own(_));
        let settled = fits.iter().any(|(_, (_, fit))| is_own(fit));
        fits.retain(|(_, (_, fit))| !settled || !matches!(fit, TitleFit::Foreign(_)));
        let credit = |lexicon: &Lexicon, confidence: f64| {
            let own = lexicon.schema.own && confidence >= THRESHOLD;
            confidence + if own { OWN_CREDIT } else { 0.0 }
        };
        // Those whose title it is come first: under it they leave most of the others no chance.
        fits.sort_by_key(|(_, (_, fit))| !is_own(fit));
        let mut best: Option<(f64, usize, Candidate<'_>)> = None;
        for (number, (lexicon, fit)) in fits {
            let highest = credit(lexicon, recognize::ceiling(lexicon, fit));
            if best.as_ref().is_some_and(|(most, ..)| highest < *most) {
                continue;
            }
            let candidate = recognize::weigh(page, stretch, lexicon, fit);
            let points = credit(lexicon, candidate.recognition.confidence);
            let wins = |(most, first, _): &(f64, usize, _)| points > *most || (points == *most && number < *first);
            if best.as_ref().is_none_or(wins) {
                best = Some((points, number, candidate));
            }
        }
        best.map(|(.., candidate)| candidate)
    }

    fn extract(&self, page: &Page<'_>, found: Candidate<'_>) -> Vec<Form> {
        let Candidate { lexicon, rows, title, table, amounts, recognition } = found;
        let schema = &lexicon.schema;
        let mut habits = Habits { empty_marks: &self.empty_marks, money_unit: None };
        let mut record = Record {
            title: title.map(|at| reading::field(page.sheet, at, FieldKind::Text, habits)),
            ..Record::default()
        };

        let mut taken = Vec::new();
        let header_row = table.as_ref().map_or(*rows.end() + 1, |header| header.row);
        let indicators = table.as_ref().filter(|header| lexicon.is_indicators(header.table));
        let money_unit =
            header::money_unit(page, (*rows.start()..header_row).chain(std::iter::once(header_row)), habits);
        habits.money_unit = money_unit.as_ref().and_then(Field::money_factor);
        if let Some(header) = indicators {
            let (indicators, body) = indicators::read(page, header, *rows.end(), lexicon, habits);
            taken.push(body);
            record.tables.insert(Id::from(concept::INDICATORS), indicators);
        }
        other_tables(page, &rows, lexicon, table.as_ref(), &mut taken, &mut record, habits);
        for (spec, header) in schema.grids.iter().zip(&amounts) {
            let last_row = header_row.saturating_sub(1);
            let grid = match header {
                Some(header) => {
                    taken.push(header.row..=header.row);
                    funding::read_columns(page, header, last_row, spec, lexicon, habits)
                }
                None => funding::read_pairs(page, *rows.start()..=last_row, spec, lexicon, habits),
            };
            if !grid.rows.is_empty() {
                record.grids.insert(Id::from(&spec.id), grid);
            }
        }
        let outside = header::rows_outside(rows.clone(), &taken);
        let labels = Labels::gather(page, outside.iter().copied(), lexicon);
        for spec in &schema.fields {
            let value = match spec.kind {
                FieldKind::MoneyUnit => money_unit.clone(),
                FieldKind::Month => header::month(page, *rows.start()..=header_row, lexicon, habits),
                _ => {
                    let labelled = labels.read(page, spec, lexicon, habits);
                    // What is written out counts where the labelled cell is blank, too.
                    let filled = labelled.as_ref().is_some_and(Field::is_filled);
                    let written = if filled { None } else { from_text(page, &outside, spec, habits) };
                    written.or(labelled).or_else(|| from_title(record.title.as_ref(), spec, habits))
                }
            };
            if let Some(value) = value {
                record.fields.insert(Id::from(&spec.id), value);
            }
        }
        if let Some(department) = department(page, &record, &labels, lexicon, habits) {
            record.fields.insert(Id::from(concept::field::DEPARTMENT), department);
        }
        self.complete(page, &mut record, schema.fields.iter(), *rows.start(), header_row, habits);
        totals(&mut record);
        let last = outside.iter().copied().filter(|row| *row > header_row);
        record.notes = notes(page, last, habits);
        let columns = page.columns();
        let list = indicators.and_then(|header| list::find_header(page, header, lexicon));
        let form = Form {
            sheet: page.sheet.name().to_owned(),
            range: CellRange::new(
                CellRef::new(*rows.start(), *columns.start()),
                CellRef::new(*rows.end(), *columns.end()),
            ),
            schema: schema.clone(),
            recognition,
            record,
        };
        match list {
            Some(list) => list::split(page, &list, form, habits),
            None => vec![form],
        }
    }

    /// Year and unit where no label carries them.
    fn complete<'s>(
        &self,
        page: &Page<'_>,
        record: &mut Record,
        specs: impl Iterator<Item = &'s FieldSpec>,
        first_row: u32,
        header_row: u32,
        habits: Habits<'_>,
    ) {
        let title_row = record.title.as_ref().map_or(first_row, |title| title.cell().row);
        // What the title itself names (a department's form) is no label under it.
        let labelled = record.fields.iter().filter(|(id, _)| *id != concept::field::MONEY_UNIT);
        let labelled = labelled.map(|(_, field)| field.cell().row).filter(|row| *row != title_row);
        let labelled = labelled.min().unwrap_or(header_row);
        let head = first_row..labelled.max(title_row + 2).min(header_row);
        for spec in specs {
            if spec.kind == FieldKind::Year
                && let Some(year) = header::year(page, head.clone(), &record.fields)
            {
                record.fields.insert(Id::from(&spec.id), year);
            }
        }
        let has_unit = record.field(concept::field::UNIT).is_some_and(Field::is_filled);
        if !has_unit && let Some(unit) = header::bare_unit(page, head, habits) {
            record.fields.insert(Id::from(concept::field::UNIT), unit);
        }
    }
}

/// Reads the tables beside the indicator table, and notes the rows that they take.
fn other_tables(
    page: &Page<'_>,
    rows: &RangeInclusive<u32>,
    lexicon: &Lexicon,
    main: Option<&TableHead>,
    taken: &mut Vec<RangeInclusive<u32>>,
    record: &mut Record,
    habits: Habits<'_>,
) {
    let tables = lexicon.schema.tables.iter().enumerate();
    for (number, spec) in tables.filter(|(number, _)| !lexicon.is_indicators(*number)) {
        let known = main.filter(|header| header.table == number).cloned();
        let Some(header) = known.or_else(|| table_head::find(page, page.begun(rows.clone()), lexicon, number)) else {
            continue;
        };
        // Above the indicator table it ends there at the latest.
        let above = taken.iter().map(|body| *body.start()).filter(|start| *start > header.row).min();
        let last_row = above.map_or(*rows.end(), |start| start.saturating_sub(1));
        if let Some((read, body)) = table_rows::read(page, &header, last_row, lexicon, habits) {
            taken.push(body);
            record.tables.insert(Id::from(&spec.id), read);
        }
    }
}

/// A form without a title of its own stands under the title, and in the year, of the form above it.
fn share_year(forms: &mut [Form]) {
    let mut year: Option<Field> = None;
    for form in forms {
        let own = form.record.fields.get(concept::field::YEAR).filter(|year| year.is_filled()).cloned();
        if own.is_some() || form.record.title.is_some() {
            year = own;
        } else if let (Some(year), Some(spec)) = (&year, form.schema.field(concept::field::YEAR)) {
            form.record.fields.insert(Id::from(&spec.id), year.clone());
        }
    }
}

/// 预算部门 or 部门（单位） beside 实施单位, and no 主管部门: the department. Alone it is the unit.
fn department(
    page: &Page<'_>,
    record: &Record,
    labels: &Labels,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> Option<Field> {
    let unit = record.fields.get(concept::field::UNIT)?;
    let own = lexicon.schema.field(concept::field::DEPARTMENT)?;
    if record.fields.contains_key(concept::field::DEPARTMENT) {
        return None;
    }
    let named = lexicon.schema.field(concept::field::UNIT)?.labels.iter().filter(|label| label.contains("部门"));
    let spec = FieldSpec { labels: named.cloned().collect(), ..own.clone() };
    labels.read(page, &spec, lexicon, habits).filter(|found| found.is_filled() && found.cell() != unit.cell())
}

/// A value that only the title carries.
fn from_title(title: Option<&Field>, spec: &FieldSpec, habits: Habits<'_>) -> Option<Field> {
    let title = title?;
    let key = label_key(title.text());
    let captured = spec.from_title.as_ref()?.captures(&key)?.get(1)?.as_str();
    Some(reading::part(title.cell(), captured, spec.kind, habits))
}

/// A value that a sentence carries: the number of projects in `合计：13个项目，74263万元`.
fn from_text(page: &Page<'_>, rows: &BTreeSet<u32>, spec: &FieldSpec, habits: Habits<'_>) -> Option<Field> {
    let pattern = spec.from_text.as_ref()?;
    rows.iter().flat_map(|row| page.filled(*row)).find_map(|(at, cell)| {
        let squeezed = squeeze(&cell.shown());
        let captured = pattern.captures(&squeezed)?.get(1)?.as_str();
        Some(reading::labelled_part(at, captured, spec, habits))
    })
}

/// The row of totals, and an execution rate printed inside the indicator table, where every rule looks for them.
fn totals(record: &mut Record) {
    let Some(table) = record.tables.get(concept::INDICATORS) else { return };
    let mut fields: BTreeMap<Id, Field> = BTreeMap::new();
    if let Some(total) = &table.total {
        for (column, id) in [
            (concept::column::WEIGHT, concept::field::TOTAL_WEIGHT),
            (concept::column::SCORE, concept::field::TOTAL_SCORE),
            (concept::field::TOTAL_GRADE, concept::field::TOTAL_GRADE),
        ] {
            if let Some(field) = total.cells.get(column) {
                fields.insert(Id::from(id), field.clone());
            }
        }
    }
    let execution = table.execution.clone();
    record.fields.extend(fields);
    let total = record
        .grids
        .get_mut(concept::FUNDING)
        .and_then(|grid| grid.rows.iter_mut().find(|row| row.id == concept::line::TOTAL));
    if let (Some(execution), Some(total)) = (execution, total) {
        for (column, id) in
            [(concept::column::WEIGHT, concept::amount::WEIGHT), (concept::column::SCORE, concept::amount::SCORE)]
        {
            if let Some(field) = execution.cells.get(column) {
                total.cells.entry(Id::from(id)).or_insert_with(|| field.clone());
            }
        }
    }
}

/// Texts around the form that state rules or remarks.
fn notes(page: &Page<'_>, rows: impl Iterator<Item = u32>, habits: Habits<'_>) -> Vec<Field> {
    rows.flat_map(|row| page.filled(row))
        .filter(|(_, cell)| {
            let text = squeeze(&cell.shown());
            text.starts_with('注')
                || text.starts_with("说明")
                || text.starts_with("填报说明")
                || text.starts_with("填表说明")
        })
        .map(|(at, _)| reading::field(page.sheet, at, FieldKind::Text, habits))
        .filter(|field| matches!(field.reading, Reading::Value(Value::Text(_))))
        .collect()
}
