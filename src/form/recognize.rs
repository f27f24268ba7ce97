//! Which forms stand on a sheet, with the evidence.

use std::ops::RangeInclusive;

use super::classes::alike;
use super::funding::{self, AmountHeader};
use super::lexicon::{HeadWords, Lexicon};
use super::list;
use super::page::{LONGEST_TAIL, Page};
use super::record::{Evidence, Recognition};
use super::stretch::{Printed, Stretch};
use super::table_head::{self, TableHead};
use super::title::start_of_head;
use crate::address::CellRef;
use crate::schema::ColumnSpec;
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};

/// From here on a form counts as recognised.
pub(super) const THRESHOLD: f64 = 0.5;

/// By how much a built-in schema must fit better than a bureau's own one.
pub(super) const OWN_CREDIT: f64 = 0.1;

/// More blank rows than stand within any form.
const LONGEST_GAP: u32 = 2000;

/// Points of a matching title, the strongest single piece of evidence.
const TITLE: f64 = 5.0;
/// Points of a complete indicator header.
const TABLE: f64 = 4.0;
/// Points of a complete money header.
const MONEY: f64 = 1.5;
/// Points of all required fields.
const FIELDS: f64 = 2.0;
/// Points of all labels that the signature lists.
const LABELS: f64 = 1.0;
/// Points of the classes that tell generations apart.
const CLASSES: f64 = 1.0;

/// Points of a list being one.
const LIST: f64 = 2.0;
/// Points of what one form alone prints.
const PRINTS: f64 = 3.0;

/// A form found on a sheet.
pub(super) struct Candidate<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) rows: RangeInclusive<u32>,
    pub(super) title: Option<CellRef>,
    pub(super) table: Option<TableHead>,
    pub(super) amounts: Vec<Option<AmountHeader>>,
    pub(super) recognition: Recognition,
}

/// The stretches of rows that may each be one form: a new one starts at a title below an indicator table, or, where
/// titles are missing, at a second 项目名称; and below more blank rows than any form has, so that one cell at the end of a
/// sheet does not make a form of a million rows.
pub(super) fn segments(page: &Page<'_>, words: &HeadWords) -> Vec<RangeInclusive<u32>> {
    let (first, last) = (*page.rows().start(), *page.rows().end());
    let mut stretches = Vec::new();
    let (mut start, mut above) = (first, first);
    let mut table_seen = false;
    for row in page.begun(page.rows()) {
        if row - above > LONGEST_GAP {
            stretches.push(start..=above + LONGEST_TAIL);
            (start, table_seen) = (row, false);
        }
        above = row;
        let named = page.filled(row).filter(|(at, _)| words.has_column(page.key(*at), page.first_key(*at)));
        let leading = page.filled(row).next().map(|(at, _)| page.key(at));
        let opens = page.title(row).is_some() || leading == Some("项目名称");
        if table_seen && opens {
            let head = start_of_head(page, row, start);
            stretches.push(start..=head - 1);
            (start, table_seen) = (head, false);
        }
        table_seen |= named.count() >= 3;
    }
    stretches.push(start..=if last - above > LONGEST_GAP { above + LONGEST_TAIL } else { last });
    stretches
}

/// How well one schema fits a stretch of rows.
pub(super) fn weigh<'a>(
    page: &Page<'_>,
    stretch: &Stretch<'_>,
    lexicon: &'a Lexicon,
    title: TitleFit,
) -> Candidate<'a> {
    let rows = stretch.rows.clone();
    let schema = &lexicon.schema;
    let mut evidence = vec![weigh_title(page, title)];
    let mut possible = TITLE;

    let main = lexicon.main_table();
    let table = main.and_then(|(number, _)| table_head::find(page, stretch.headers.iter().copied(), lexicon, number));
    if let Some((_, spec)) = main {
        possible += TABLE;
        weigh_table(page, spec, table.as_ref(), &mut evidence);
    }
    possible += weigh_list(page, rows.clone(), table.as_ref(), lexicon, &mut evidence);
    possible += weigh_prints(page, rows.clone(), lexicon, &mut evidence);
    let above =
        *rows.start()..=table.as_ref().map_or(*rows.end(), |header| header.row.saturating_sub(1)).max(*rows.start());
    let mut found = Vec::new();
    for grid in &schema.grids {
        let amounts = stretch.amounts.iter().copied().filter(|row| above.contains(row));
        let header = funding::find_header(page, amounts, grid, lexicon);
        if grid.columns.len() > 1 {
            possible += MONEY;
            if header.is_some() {
                evidence.push(Evidence { cell: None, what: format!("资金栏“{}”", grid.label), points: MONEY });
            }
        } else if header.is_some() {
            evidence.push(Evidence {
                cell: None, what: "资金栏按列填报，本表应逐行填报".to_owned(), points: -MONEY
            });
        }
        found.push(header);
    }
    let labels = stretch.labels(lexicon);
    possible += if schema.fields.iter().any(|field| field.required) { FIELDS } else { 0.0 };
    possible += if schema.signature.labels.is_empty() { 0.0 } else { LABELS };
    weigh_labels(&labels, lexicon, &mut evidence);
    if let Some(header) = &table {
        possible += weigh_classes(page, header, &rows, lexicon, &mut evidence);
    }

    let points: f64 = evidence.iter().map(|piece| piece.points).sum();
    evidence.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    let confidence = (points / possible).clamp(0.0, 1.0);
    debug_assert!(confidence <= ceiling(lexicon, title), "a schema that could win would be passed over");
    let title = match title {
        TitleFit::Own(at) | TitleFit::Foreign(at) | TitleFit::Open(at) => Some(at),
        TitleFit::Missing => None,
    };
    Candidate { lexicon, rows, title, table, amounts: found, recognition: Recognition { confidence, evidence } }
}

/// More than this confidence a schema cannot reach under such a title, whatever stands below.
pub(super) fn ceiling(lexicon: &Lexicon, title: TitleFit) -> f64 {
    let (schema, signature) = (&lexicon.schema, &lexicon.schema.signature);
    let grids = schema.grids.iter().filter(|grid| grid.columns.len() > 1).count();
    let below: f64 = [
        (lexicon.main_table().is_some(), TABLE),
        (schema.list, LIST),
        (!signature.prints.is_empty(), PRINTS),
        (grids > 0, MONEY * count(grids)),
        (schema.fields.iter().any(|field| field.required), FIELDS),
        (!signature.labels.is_empty(), LABELS),
        (!signature.classes.is_empty() || !signature.classes_not.is_empty(), CLASSES),
    ]
    .into_iter()
    .filter_map(|(asked, points)| asked.then_some(points))
    .sum();
    // The sums of shares that this stands for are rounded.
    ((title.points() + below) / (TITLE + below)).clamp(0.0, 1.0) + 1e-9
}

/// What the title lines say of a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TitleFit {
    /// One is a title of this form.
    Own(CellRef),
    /// One is the title of another form.
    Foreign(CellRef),
    /// There is one, of no form in particular.
    Open(CellRef),
    /// There is none.
    Missing,
}

impl TitleFit {
    fn points(self) -> f64 {
        match self {
            Self::Own(_) => TITLE,
            Self::Foreign(_) => -TITLE,
            Self::Open(_) => -1.0,
            Self::Missing => 0.0,
        }
    }
}

/// The title lines are the first ones of a form; the one that fits best counts.
pub(super) fn title_fit(stretch: &Stretch<'_>, lexicon: &Lexicon) -> TitleFit {
    let signature = &lexicon.schema.signature;
    let mut fit = TitleFit::Missing;
    for (at, key) in &stretch.titles {
        if signature.title_not.iter().any(|pattern| pattern.is_match(key)) {
            if !matches!(fit, TitleFit::Foreign(_)) {
                fit = TitleFit::Foreign(*at);
            }
        } else if signature.title.iter().any(|pattern| pattern.is_match(key)) {
            return TitleFit::Own(*at);
        } else if fit == TitleFit::Missing {
            fit = TitleFit::Open(*at);
        }
    }
    fit
}

fn weigh_title(page: &Page<'_>, fit: TitleFit) -> Evidence {
    let quoted = |at: CellRef| squeeze(&page.sheet.shown(at));
    let (cell, what) = match fit {
        TitleFit::Own(at) => (Some(at), format!("标题“{}”", quoted(at))),
        TitleFit::Foreign(at) => (Some(at), format!("标题“{}”是另一种表", quoted(at))),
        TitleFit::Open(at) => (Some(at), "标题不是本表的标题".to_owned()),
        TitleFit::Missing => (None, "没有表的标题".to_owned()),
    };
    Evidence { cell, what, points: fit.points() }
}

fn weigh_table(
    page: &Page<'_>,
    spec: &crate::schema::TableSpec,
    header: Option<&TableHead>,
    evidence: &mut Vec<Evidence>,
) {
    let Some(header) = header else {
        evidence.push(Evidence { cell: None, what: format!("缺少“{}”的表头", spec.label), points: 0.0 });
        return;
    };
    let asked = |column: &&ColumnSpec| column.required || column.id == column::LEVEL1;
    let mut wanted: Vec<_> = spec.columns.iter().filter(asked).collect();
    if wanted.is_empty() {
        wanted.extend(&spec.columns);
    }
    let share = TABLE / count(wanted.len());
    for want in wanted {
        match header.columns.get(&want.id) {
            Some(col) => evidence.push(Evidence {
                cell: Some(CellRef::new(header.row, *col)),
                what: format!("表头“{}”", want.label),
                points: share,
            }),
            None => {
                evidence.push(Evidence {
                    cell: None, what: format!("缺少表头“{}”", want.label), points: -share / 2.0
                })
            }
        }
    }
    for at in &header.unknown {
        let what = format!("表头“{}”不属于本表", squeeze(&page.sheet.shown(*at)));
        evidence.push(Evidence { cell: Some(*at), what, points: -0.5 });
    }
}

/// Whether the sheet lists projects as the schema does; returns the points that could be won.
fn weigh_list(
    page: &Page<'_>,
    rows: RangeInclusive<u32>,
    table: Option<&TableHead>,
    lexicon: &Lexicon,
    evidence: &mut Vec<Evidence>,
) -> f64 {
    let listed = match table {
        Some(header) => list::project_column(page, header, lexicon),
        // A list of names and amounts without the columns of the table is a summary, not this form.
        None if lexicon.schema.list && lexicon.main_table().is_some() => None,
        None => list_header(page, rows, lexicon),
    };
    match (listed, lexicon.schema.list) {
        (Some(cell), true) => {
            let what = "“项目名称”是一览表的一列".to_owned();
            evidence.push(Evidence { cell: Some(cell), what, points: LIST });
        }
        (None, true) => {
            let what = "不是一览表：“项目名称”不是表的一列".to_owned();
            evidence.push(Evidence { cell: None, what, points: -TITLE });
        }
        (Some(cell), false) => {
            let what = "“项目名称”是一览表的列，不是一张表的栏目".to_owned();
            evidence.push(Evidence { cell: Some(cell), what, points: -TITLE });
        }
        (None, false) => return 0.0,
    }
    if lexicon.schema.list { LIST } else { 0.0 }
}

/// Whether what only this form prints stands anywhere; returns the points that could be won.
fn weigh_prints(page: &Page<'_>, rows: RangeInclusive<u32>, lexicon: &Lexicon, evidence: &mut Vec<Evidence>) -> f64 {
    let prints = &lexicon.schema.signature.prints;
    if prints.is_empty() {
        return 0.0;
    }
    let share = PRINTS / count(prints.len());
    for pattern in prints {
        let hit =
            rows.clone().flat_map(|row| page.filled(row)).find(|(_, cell)| pattern.is_match(&squeeze(&cell.shown())));
        evidence.push(match hit {
            Some((at, cell)) => {
                Evidence { cell: Some(at), what: format!("印有“{}”", excerpt(&cell.shown(), 20)), points: share }
            }
            // The pattern itself is nothing to read.
            None => {
                Evidence { cell: None, what: "没有印只有本表才印的字样".to_owned(), points: -share / 2.0 }
            }
        });
    }
    PRINTS
}

/// A list with a project a row: 项目名称 stands between other headings, with something below it that is none.
fn list_header(page: &Page<'_>, mut rows: RangeInclusive<u32>, lexicon: &Lexicon) -> Option<CellRef> {
    let names = &lexicon.schema.field(field::PROJECT)?.labels;
    let heads_list = |at: &CellRef| {
        let next = page.filled(at.row).map(|(other, _)| other).find(|other| other.col > at.col);
        let right = next.is_some_and(|next| lexicon.is_label(page.key(next)));
        right
            && names.iter().any(|name| name == page.key(*at))
            && lexicon.under(page, *at).is_some_and(|below| !page.is_blank(below))
    };
    rows.find_map(|row| page.filled(row).map(|(at, _)| at).find(heads_list))
}

fn weigh_labels(labels: &Printed<'_>, lexicon: &Lexicon, evidence: &mut Vec<Evidence>) {
    let signature = &lexicon.schema.signature;
    let wanted: Vec<_> = lexicon.schema.fields.iter().filter(|field| field.required).collect();
    let share = FIELDS / count(wanted.len());
    for field in wanted {
        if field.labels.iter().any(|label| labels.has(label)) {
            evidence.push(Evidence { cell: None, what: format!("栏目“{}”", field.label), points: share });
        } else {
            evidence.push(Evidence { cell: None, what: format!("缺少栏目“{}”", field.label), points: 0.0 });
        }
    }
    let share = LABELS / count(signature.labels.len());
    for label in signature.labels.iter().filter(|label| labels.has(label)) {
        evidence.push(Evidence { cell: None, what: format!("栏目“{label}”"), points: share });
    }
    for label in signature.labels_not.iter().filter(|label| labels.has(label)) {
        evidence.push(Evidence { cell: None, what: format!("栏目“{label}”不属于本表"), points: -1.5 });
    }
}

/// A count as a divisor, at least 1.
fn count(pieces: usize) -> f64 {
    f64::from(u32::try_from(pieces.max(1)).unwrap_or(u32::MAX))
}

/// Which first-level classes are printed; returns the points that could be won.
fn weigh_classes(
    page: &Page<'_>,
    header: &TableHead,
    rows: &RangeInclusive<u32>,
    lexicon: &Lexicon,
    evidence: &mut Vec<Evidence>,
) -> f64 {
    let signature = &lexicon.schema.signature;
    let Some(col) = header.columns.get(column::LEVEL1) else { return 0.0 };
    if signature.classes.is_empty() && signature.classes_not.is_empty() {
        return 0.0;
    }
    let printed: Vec<&str> = (header.row + 1..=*rows.end())
        .map(|row| CellRef::new(row, *col))
        .filter(|at| page.sheet.anchor(*at) == *at)
        .map(|at| page.key(at))
        .filter(|key| !key.is_empty())
        .collect();
    let share = CLASSES / count(signature.classes.len() + signature.classes_not.len());
    let expected = signature.classes.iter().map(|class| (class, true));
    for (class, wanted) in expected.chain(signature.classes_not.iter().map(|class| (class, false))) {
        let is_printed = printed.iter().any(|key| alike(key, class));
        let what = match (is_printed, wanted) {
            (true, true) => format!("一级指标“{class}”"),
            (true, false) => format!("一级指标“{class}”不属于本表"),
            (false, true) => format!("缺少一级指标“{class}”"),
            (false, false) => continue,
        };
        evidence.push(Evidence { cell: None, what, points: if is_printed == wanted { share } else { -share } });
    }
    CLASSES
}
