//! A workbook whose forms stand in blank forms: which sheets there are, and all that speaks of a cell speaking of the new
//! one.

use std::collections::{BTreeMap, BTreeSet};

use super::free_name;
use super::left::{Left, Unlike, left};
use super::own::{Source, own};
use super::places::{Places, places};
use crate::address::CellRef;
use crate::finding::{Finding, Fix, FixEdit};
use crate::form::{Form, Reader};
use crate::policy::Policy;
use crate::review::{CheckedForm, Corrections, is_review_sheet};
use crate::schema::{Catalog, FieldKind};
use crate::template::{self, CHECK_SHEET, Options, Overruled, Plan, is_companion};
use crate::workbook::{Sheet, Workbook};

/// A sheet of the new workbook that is a form.
pub(super) struct NewForm {
    /// What stands in it; its sheet has its new name.
    pub(super) plan: Plan,
    /// The name of its 自检.
    pub(super) check: String,
}

/// A workbook moved into blank forms.
#[derive(Default)]
pub(super) struct Moved<'a> {
    /// The forms, in the order of their old sheets.
    pub(super) forms: Vec<NewForm>,
    /// The other sheets, with the names that they get.
    pub(super) copies: Vec<(&'a Sheet, String)>,
    /// The judged forms, their findings at the new cells.
    pub(super) checked: Vec<CheckedForm>,
    /// The corrections, at the new cells.
    pub(super) corrections: Corrections,
    /// What could not be placed.
    pub(super) left: Vec<Left>,
    /// What the blank form computes otherwise than the unit did.
    pub(super) unlike: Vec<Unlike>,
    /// What a person should know, in plain Chinese.
    pub(super) notes: Vec<String>,
}

/// One blank form with the old forms that were drawn into it.
struct Drawn {
    plan: Plan,
    /// By place among the judged forms.
    forms: BTreeMap<usize, (Form, Places)>,
    unlike: Vec<Unlike>,
}

/// Moves what can be moved; a sheet whose form would not come back as it was is copied. Without a policy all are.
pub(super) fn moved<'a>(
    (workbook, now): (&Workbook, &'a Workbook),
    checked: &[CheckedForm],
    corrections: &Corrections,
    policy: Option<&Policy>,
) -> Moved<'a> {
    let mut moved = Moved {
        corrections: Corrections {
            cells: BTreeMap::new(),
            mended: BTreeMap::new(),
            results: BTreeMap::new(),
            ..corrections.clone()
        },
        ..Moved::default()
    };
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut new_forms: BTreeMap<usize, CheckedForm> = BTreeMap::new();
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    for (before, sheet) in workbook.sheets.iter().zip(&now.sheets) {
        let Some(policy) = policy else { break };
        let here: Vec<usize> =
            (0..checked.len()).filter(|at| checked.get(*at).is_some_and(|c| c.form.sheet == sheet.name())).collect();
        if here.is_empty() {
            continue;
        }
        let Some(drawn) = draw(checked, &here, Source { before, now: sheet }, corrections, policy) else {
            moved.notes.push(format!("工作表“{}”的表样与模板相差太大，不能逐格放进空白表样，按原样抄录", sheet.name()));
            continue;
        };
        placed.insert(sheet.name());
        for mut one in drawn {
            let name = free_name(sheet.name(), names.iter());
            names.insert(name.clone());
            one.plan.sheet.clone_from(&name);
            for (at, (form, places)) in &one.forms {
                let Some(old) = checked.get(*at) else { continue };
                new_forms.insert(*at, relocated(old, form, &name, places, corrections, &mut moved.corrections));
            }
            for unlike in &mut one.unlike {
                unlike.sheet.clone_from(&name);
            }
            moved.unlike.append(&mut one.unlike);
            let all: Vec<(&Form, &Places)> =
                one.forms.iter().filter_map(|(at, (_, places))| Some((&checked.get(*at)?.form, places))).collect();
            moved.left.extend(left(before, sheet, &all, &one.plan, here.len() == one.forms.len()));
            moved.forms.push(NewForm { plan: one.plan, check: String::new() });
        }
    }
    for form in &mut moved.forms {
        form.check = free_name(CHECK_SHEET, names.iter());
        names.insert(form.check.clone());
    }
    for sheet in &now.sheets {
        let replaced = is_companion(sheet) && sheet.name().starts_with(CHECK_SHEET) && !moved.forms.is_empty();
        if is_review_sheet(sheet) || super::left::is_left_sheet(sheet) || placed.contains(sheet.name()) || replaced {
            continue;
        }
        let name = free_name(sheet.name(), names.iter());
        names.insert(name.clone());
        moved.copies.push((sheet, name));
    }
    keep_corrections(&mut moved, corrections, &placed);
    moved.checked =
        (0..checked.len()).filter_map(|at| new_forms.remove(&at).or_else(|| checked.get(at).cloned())).collect();
    moved
}

/// Corrections of sheets that were copied stay where they are.
fn keep_corrections(moved: &mut Moved<'_>, corrections: &Corrections, placed: &BTreeSet<&str>) {
    let stays = |sheet: &String| !placed.contains(sheet.as_str());
    let new = &mut moved.corrections;
    new.cells
        .extend(corrections.cells.iter().filter(|((sheet, _), _)| stays(sheet)).map(|(k, v)| (k.clone(), v.clone())));
    new.mended
        .extend(corrections.mended.iter().filter(|((sheet, ..), _)| stays(sheet)).map(|(k, v)| (k.clone(), v.clone())));
    new.results.extend(corrections.results.iter().filter(|((sheet, _), _)| stays(sheet)).map(|(k, v)| (k.clone(), *v)));
}

/// The blank forms of a sheet with what stands in it; `None` where one of them would not come back as it was.
fn draw(
    checked: &[CheckedForm],
    here: &[usize],
    source: Source<'_>,
    corrections: &Corrections,
    policy: &Policy,
) -> Option<Vec<Drawn>> {
    let forms: Vec<(usize, &Form)> = here.iter().filter_map(|at| Some((*at, &checked.get(*at)?.form))).collect();
    let is_list = forms.iter().all(|(_, form)| form.schema.list);
    let groups: Vec<Vec<(usize, &Form)>> =
        if is_list { vec![forms] } else { forms.into_iter().map(|form| vec![form]).collect() };
    groups.into_iter().map(|group| draw_one(&group, source, corrections, policy)).collect()
}

fn draw_one(group: &[(usize, &Form)], source: Source<'_>, corrections: &Corrections, policy: &Policy) -> Option<Drawn> {
    let forms: Vec<&Form> = group.iter().map(|(_, form)| *form).collect();
    let first = forms.first()?;
    if forms.iter().any(|form| form.schema.id != first.schema.id) {
        return None;
    }
    let own = own(&forms, source);
    let month = first.schema.fields.iter().find(|spec| spec.kind == FieldKind::Month);
    let month = month
        .and_then(|spec| first.record.field(&spec.id)?.number())
        .and_then(|month| u32::try_from(month.mantissa()).ok());
    let options = Options { month, own: Some(own), ..Options::default() };
    let plan = template::plan(&first.schema, policy, &options);
    let catalog = Catalog { schemas: vec![first.schema.clone()] };
    let read = Reader::new(&catalog, &policy.words.empty_marks).read_sheet(&plan.drawn()).forms;
    if read.len() != forms.len() {
        return None;
    }
    let mut drawn = BTreeMap::new();
    let mut rows_before = 0;
    for ((at, old), new) in group.iter().zip(read) {
        let here = |(sheet, _): &&(String, CellRef)| *sheet == old.sheet;
        let corrected = corrections.cells.keys().chain(corrections.results.keys()).filter(here);
        let corrected = corrected.map(|(_, at)| (*at, source.now.shown(*at).into_owned())).collect();
        let places = places(old, &new, &plan, if old.schema.list { rows_before } else { 0 }, corrected);
        rows_before += old.record.indicators().map_or(0, |table| table.rows.len() + table.vacant.len()).max(1);
        drawn.insert(*at, (new, places));
    }
    let unlike = unlike(&plan, &drawn);
    Some(Drawn { plan, forms: drawn, unlike })
}

/// The boxes that the blank form computes otherwise than the unit did.
fn unlike(plan: &Plan, drawn: &BTreeMap<usize, (Form, Places)>) -> Vec<Unlike> {
    let old_of = |at: CellRef| {
        drawn.values().find_map(|(_, places)| places.cells.iter().find(|(_, new)| **new == at).map(|(old, _)| *old))
    };
    let one = |(cell, said): &(CellRef, Overruled)| Unlike {
        sheet: String::new(),
        cell: *cell,
        old: old_of(*cell),
        label: said.label.clone(),
        own: said.own.clone(),
        computed: said.computed.clone(),
    };
    plan.overruled.iter().map(one).collect()
}

/// A judged form whose findings stand at the new cells.
fn relocated(
    old: &CheckedForm,
    new: &Form,
    name: &str,
    places: &Places,
    corrections: &Corrections,
    moved: &mut Corrections,
) -> CheckedForm {
    let from = &old.form.sheet;
    let here = old.form.range.start.row..=old.form.range.end.row;
    for ((sheet, at), correction) in &corrections.cells {
        if let Some(new) = places.cells.get(at).filter(|_| sheet == from && here.contains(&at.row)) {
            moved.cells.insert((name.to_owned(), *new), correction.clone());
        }
    }
    for ((sheet, cell, code), edits) in &corrections.mended {
        let inside = cell.is_none_or(|at| here.contains(&at.row));
        if sheet == from && inside {
            let new = cell.and_then(|at| places.cells.get(&at).copied());
            let edits = edits.iter().map(|edit| moved_edit(edit, places)).collect();
            moved.mended.insert((name.to_owned(), new, *code), edits);
        }
    }
    let findings = old.findings.iter().map(|finding| moved_finding(finding, name, places)).collect();
    let form = Form { sheet: name.to_owned(), range: new.range, ..old.form.clone() };
    CheckedForm { form, findings, ..old.clone() }
}

fn moved_edit(edit: &FixEdit, places: &Places) -> FixEdit {
    FixEdit { cell: places.cells.get(&edit.cell).copied().unwrap_or(edit.cell), ..edit.clone() }
}

fn moved_finding(old: &Finding, name: &str, places: &Places) -> Finding {
    let new = |at: &CellRef| places.cells.get(at).copied();
    let cell = old.cell.and_then(|at| new(&at));
    let fix = old.fix.as_ref().and_then(|fix| {
        let edits: Option<Vec<FixEdit>> =
            fix.edits.iter().map(|edit| Some(FixEdit { cell: new(&edit.cell)?, ..edit.clone() })).collect();
        Some(Fix { edits: edits?, rests_on: fix.rests_on.iter().filter_map(new).collect(), safety: fix.safety })
    });
    let mut told = Rewriter::of(old, places);
    let mut message = told.rewrite(&old.message);
    match (old.cell, cell) {
        (Some(was), Some(is)) if was != is => message.push_str(&format!("（原 {}!{was}）", old.sheet)),
        (Some(was), None) => message.push_str(&format!("（在原 {}!{was}，新表没有这一格）", old.sheet)),
        _ => {}
    }
    let expected = old.expected.as_deref().map(|text| told.rewrite(text));
    let advice = told.rewrite(&old.advice);
    let related = old.related.iter().filter_map(new).collect();
    Finding { sheet: name.to_owned(), cell, related, expected, message, advice, fix, ..old.clone() }
}

/// Puts new addresses in the place of old ones in what is said of a finding.
struct Rewriter<'a> {
    /// What the finding speaks of.
    cells: BTreeSet<CellRef>,
    places: &'a Places,
}

impl<'a> Rewriter<'a> {
    fn of(finding: &Finding, places: &'a Places) -> Self {
        let edits =
            finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.cell).chain(fix.rests_on.clone()));
        Self { cells: finding.cell.into_iter().chain(finding.related.clone()).chain(edits).collect(), places }
    }

    /// The text with its addresses, where they are those of cells that moved.
    fn rewrite(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            out.push_str(&self.word(&std::mem::take(&mut word)));
            out.push(c);
        }
        out.push_str(&self.word(&word));
        out
    }

    fn word(&self, word: &str) -> String {
        let is_address =
            word.starts_with(|c: char| c.is_ascii_uppercase()) && word.ends_with(|c: char| c.is_ascii_digit());
        let at: Option<CellRef> = word.parse().ok().filter(|_| is_address);
        // `A103` is a rule, unless the finding speaks of that cell.
        let is_meant = |at: &CellRef| self.cells.contains(at) || crate::rules::find(word).is_none();
        match at.filter(is_meant).and_then(|at| self.places.cells.get(&at)) {
            Some(new) => new.to_string(),
            None => word.to_owned(),
        }
    }
}
