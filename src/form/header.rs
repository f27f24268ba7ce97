//! Labelled values: header fields, goals, year and unit of money.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt};

use super::choice;
use super::id::Id;
use super::lexicon::Lexicon;
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{Field, Reading};
use crate::address::CellRef;
use crate::schema::{FieldKind, FieldSpec, concept::field};
use crate::text::{label_key, last_month, squeeze};
use crate::value::Value;

/// The units of money that forms name; the one that ends in another stands before it.
const MONEY_UNITS: [&str; 4] = ["万元", "千元", "亿元", "元"];

/// The labels of the rows outside the indicator table: where each stands, and what stands in the same cell.
pub(super) struct Labels {
    places: HashMap<String, Vec<Place>>,
    /// The rows they were gathered from; what stands in others belongs to a table.
    rows: BTreeSet<u32>,
}

#[derive(Clone)]
struct Place {
    cell: CellRef,
    /// The value written behind the label in the same cell; `None` where it is expected beside it.
    inline: Option<String>,
}

impl Labels {
    /// Gathers the labels of the given rows.
    pub(super) fn gather(page: &Page<'_>, rows: impl Iterator<Item = u32>, lexicon: &Lexicon) -> Self {
        let mut places: HashMap<String, Vec<Place>> = HashMap::new();
        let rows: BTreeSet<u32> = rows.collect();
        for (cell, _) in rows.iter().flat_map(|row| page.filled(*row)) {
            for (key, value) in page.spoken(cell).into_iter().flat_map(|text| inline_pairs(text, lexicon)) {
                places.entry(key).or_default().push(Place { cell, inline: Some(value) });
            }
            let key = page.key(cell);
            if !key.is_empty() {
                let known = places.entry(key.to_owned()).or_default();
                if known.iter().all(|place| place.cell != cell) {
                    known.push(Place { cell, inline: None });
                }
            }
        }
        Self { places, rows }
    }

    /// The value of a field: of its labels, best first, the first filled one; else the first blank one.
    pub(super) fn read(
        &self,
        page: &Page<'_>,
        spec: &FieldSpec,
        lexicon: &Lexicon,
        habits: Habits<'_>,
    ) -> Option<Field> {
        let mut fallback: Option<Field> = None;
        for place in spec.labels.iter().filter_map(|label| self.places.get(label)).flatten() {
            let Some(found) = self.value(page, place, spec, lexicon, habits) else { continue };
            // `单位：万元` names the unit of money, never the one that hands in.
            if MONEY_UNITS.contains(&found.text()) {
                continue;
            }
            if found.is_filled() {
                return Some(found);
            }
            fallback.get_or_insert(found);
        }
        fallback
    }

    fn value(
        &self,
        page: &Page<'_>,
        place: &Place,
        spec: &FieldSpec,
        lexicon: &Lexicon,
        habits: Habits<'_>,
    ) -> Option<Field> {
        let right = lexicon.beside(page, place.cell).filter(|at| !names_money_unit(&page.sheet.shown(*at)));
        // `负责人：` beside `填表人：某某`, as signatures stand in one line: each has its own.
        let is_signed = |at: CellRef| {
            let mut all = self.places.values().flatten();
            all.any(|other| other.cell == at && other.inline.as_ref().is_some_and(|inline| !inline.is_empty()))
        };
        let right = right.filter(|at| place.inline.is_none() || !is_signed(*at));
        if let Some(inline) = &place.inline
            && (!inline.is_empty() || right.is_none())
        {
            return Some(if inline.is_empty() {
                reading::blank(place.cell)
            } else {
                reading::labelled_part(place.cell, inline, spec, habits)
            });
        }
        // Under a heading of the same width (`预期目标` over its text); beside another heading there is no value.
        let same_width = |own: CellRef| {
            lexicon.under(page, own).filter(|at| self.rows.contains(&at.row)).filter(|at| {
                let (own, other) = (page.sheet.span(own), page.sheet.span(*at));
                (own.start.col, own.end.col) == (other.start.col, other.end.col)
            })
        };
        let text_below = |own: CellRef| same_width(own).filter(|at| !page.is_blank(*at));
        let heading = matches!(&*spec.id, field::GOAL | field::TERM_GOAL | field::GOAL_ACTUAL);
        // A blank cell beside a heading that is not merged is no value either, where the text stands below.
        let unmerged = |at: CellRef| page.is_blank(at) && page.sheet.span(at).width() == 1;
        let wide = page.sheet.span(place.cell).width() > 1 || right.is_some_and(unmerged);
        let at = match right {
            Some(right) if heading && (page.is_blank(right) || wide && text_below(right).is_some()) => {
                text_below(place.cell).unwrap_or(right)
            }
            Some(right) => right,
            None => same_width(place.cell)?,
        };
        Some(side_by_side(page, at, spec, habits).unwrap_or_else(|| reading::labelled(page.sheet, at, spec, habits)))
    }
}

/// An answer picked among boxes in cells of their own: `评估结论 | 支持□√ | 不予支持□`. `None` where one cell holds them all.
fn side_by_side(page: &Page<'_>, at: CellRef, spec: &FieldSpec, habits: Habits<'_>) -> Option<Field> {
    let names_one = |at: &CellRef| {
        let key = page.key(*at);
        spec.choices.iter().any(|choice| choice.labels.iter().any(|label| key.contains(label.as_str())))
    };
    let cells: Vec<CellRef> = page.filled(at.row).map(|(cell, _)| cell).filter(|cell| cell.col >= at.col).collect();
    let cells: Vec<CellRef> = cells.into_iter().take_while(names_one).collect();
    if cells.len() < 2 {
        return None;
    }
    let shown: Vec<String> = cells.iter().map(|cell| page.sheet.shown(*cell).into_owned()).collect();
    let ticked = cells.iter().find(|cell| choice::has_tick(&page.sheet.shown(**cell)));
    Some(reading::labelled_part(ticked.copied().unwrap_or(at), &shown.join("  "), spec, habits))
}

/// `填报单位:(盖章)  单位:万元` as `(填报单位, "")` and `(单位, 万元)`. Only words of the schema count as labels.
pub(super) fn inline_pairs(folded: &str, lexicon: &Lexicon) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut pieces = folded.split(':');
    let mut label = pieces.next().and_then(|head| trailing_label(head, lexicon)).map(|(_, key)| key);
    for piece in pieces {
        let next = trailing_label(piece, lexicon);
        let value = next.as_ref().map_or(piece, |(at, _)| piece.get(..*at).unwrap_or(piece));
        if let Some(key) = label.take() {
            pairs.push((key, without_stamp(value)));
        } else if let Some((_, last)) = pairs.last_mut() {
            // A colon inside a value: `目标1:…` stays with the label before it.
            last.push(':');
            last.push_str(value.trim());
        }
        label = next.map(|(_, key)| key);
    }
    pairs
}

/// The known label at the end of a text and where it starts: the longest run of words that is one.
fn trailing_label(text: &str, lexicon: &Lexicon) -> Option<(usize, String)> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(text.match_indices(' ').map(|(at, _)| at + 1));
    starts.into_iter().find_map(|at| {
        let key = label_key(text.get(at..)?);
        let money = at > 0 || key == "单位" || key == "金额单位";
        (lexicon.is_label(&key) || (money && key.ends_with("单位"))).then_some((at, key))
    })
}

/// The value without what is printed for stamp and signature.
fn without_stamp(value: &str) -> String {
    let mut text = value.trim().to_owned();
    for word in ["(盖章)", "(公章)", "(签字)", "(签章)", "(签名)"] {
        text = text.replace(word, "");
    }
    text.trim_matches(|c: char| c == '_' || c == ' ').to_owned()
}

/// The unit of money the form declares: `单位：万元` anywhere, else in the brackets of a label. Of several the first.
pub(super) fn money_unit(page: &Page<'_>, rows: impl Iterator<Item = u32>, habits: Habits<'_>) -> Option<Field> {
    let mut in_brackets = None;
    for (cell, content) in rows.flat_map(|row| page.filled(row)) {
        let shown = squeeze(&content.shown());
        if shown.chars().count() > 80 {
            continue;
        }
        for lead in ["单位:", "单位为"] {
            let named = |behind: &str| MONEY_UNITS.into_iter().find(|unit| behind.starts_with(unit));
            if let Some(unit) = shown.split(lead).skip(1).find_map(named) {
                return Some(reading::part(cell, unit, FieldKind::MoneyUnit, habits));
            }
        }
        // `单位： | 万元` in two cells.
        if matches!(page.key(cell), "单位" | "金额单位")
            && let Some(at) = page.right_of(cell)
            && MONEY_UNITS.contains(&squeeze(&page.sheet.shown(at)).as_str())
        {
            return Some(reading::field(page.sheet, at, FieldKind::MoneyUnit, habits));
        }
        let is_unit = |inside: &&str| matches!(*inside, "万元" | "元");
        let inside = shown.split(['(', '（']).skip(1).filter_map(|rest| rest.split([')', '）']).next()).find(is_unit);
        if in_brackets.is_none()
            && let Some(inside) = inside
        {
            in_brackets = Some(reading::part(cell, inside, FieldKind::MoneyUnit, habits));
        }
    }
    in_brackets
}

/// Whether a cell says the unit of money in full and nothing else: `单位：万元`, which is never the value of a label.
fn names_money_unit(shown: &str) -> bool {
    let squeezed = squeeze(shown);
    let unit = squeezed.split_once("单位:").filter(|(lead, _)| lead.chars().count() <= 4).map(|(_, unit)| unit);
    unit.is_some_and(|unit| MONEY_UNITS.contains(&unit))
}

/// The year of a form: from its title and the lines about it, else from its label, else from the project's name. The provenance says which.
pub(super) fn year(page: &Page<'_>, head: impl Iterator<Item = u32>, fields: &BTreeMap<Id, Field>) -> Option<Field> {
    let read = |cell: CellRef, text: &str| {
        reading::year(&squeeze(text)).map(|year| Field {
            reading: Reading::Value(Value::Number(year)),
            ..reading::part(cell, text, FieldKind::Text, Habits { empty_marks: &[], money_unit: None })
        })
    };
    let labelled = || fields.get(field::YEAR).filter(|year| year.is_filled()).cloned();
    let in_name = || fields.get(field::PROJECT).and_then(|project| read(project.cell(), project.text()));
    head.flat_map(|row| page.filled(row))
        .find_map(|(cell, content)| read(cell, &content.shown()))
        .or_else(labelled)
        .or_else(in_name)
}

/// The last month of the round that a monitoring form covers, as the first heading says that names a stretch of months:
/// a heading over amounts or indicators, or a line about the title.
pub(super) fn month(
    page: &Page<'_>,
    rows: impl Iterator<Item = u32>,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> Option<Field> {
    let is_heading = |at: CellRef| lexicon.is_label(page.key(at)) || page.title(at.row) == Some(at);
    let is_year_line = |text: &str| reading::year(&squeeze(text)).is_some() && text.chars().count() <= 30;
    rows.flat_map(|row| page.filled(row))
        .filter(|(at, cell)| is_heading(*at) || is_year_line(&cell.shown()))
        .find(|(_, cell)| last_month(&cell.shown()).is_some())
        .map(|(at, cell)| reading::part(at, &cell.shown(), FieldKind::Month, habits))
}

/// A unit's name that stands alone above the form without a label: `207101澄岚区人民法院`.
pub(super) fn bare_unit(page: &Page<'_>, head: impl Iterator<Item = u32>, habits: Habits<'_>) -> Option<Field> {
    const ENDINGS: [&str; 22] = [
        "局",
        "院",
        "办",
        "办公室",
        "委员会",
        "中心",
        "学校",
        "小学",
        "中学",
        "幼儿园",
        "政府",
        "街道",
        "处",
        "站",
        "所",
        "会",
        "馆",
        "大队",
        "支队",
        "公司",
        "队",
        "委",
    ];
    let mut coded = None;
    let mut plain = None;
    for (cell, content) in head.flat_map(|row| page.filled(row)) {
        let shown = squeeze(&content.shown());
        let name = shown.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '[' || c == ']');
        let count = name.chars().count();
        if (4..=30).contains(&count) && ENDINGS.iter().any(|end| name.ends_with(end)) {
            let slot = if name.len() < shown.len() { &mut coded } else { &mut plain };
            slot.get_or_insert_with(|| reading::part(cell, content.shown().trim(), FieldKind::Text, habits));
        }
    }
    coded.or(plain)
}

/// The rows of a form that no table covers.
pub(super) fn rows_outside(
    all: std::ops::RangeInclusive<u32>,
    taken: &[std::ops::RangeInclusive<u32>],
) -> BTreeSet<u32> {
    all.filter(|row| !taken.iter().any(|rows| rows.contains(row))).collect()
}
