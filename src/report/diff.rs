//! Two rounds compared, for a terminal and for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{CellRefJson, PastFindingJson, TallyJson};
use super::text::Colours;
use crate::coverage::mended;
use crate::diff::{Difference, FormDifference};
use crate::finding::{Fate, SETTLED};
use crate::form::{Change, Form};
use crate::previous::{PastFinding, PastForm};
use crate::text::{excerpt, one_line};

/// A format of two rounds compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffFormat {
    /// For people at a terminal, form by form.
    Text(Colours),
    /// For programs.
    Json,
}

/// Characters of a value that the terminal shows.
const EXCERPT: usize = 60;

/// Writes what differs.
///
/// # Errors
/// What the writer reports.
pub fn write(difference: &Difference<'_>, format: DiffFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        DiffFormat::Text(colours) => text(difference, colours, out),
        DiffFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &DifferenceJson::new(difference))?;
            writeln!(out)
        }
    }
}

/// `清水渠维护 · 项目支出绩效自评表`, without the unit.
fn title(form: &Form) -> String {
    let project = form.project().map(|project| format!("{project} · ")).unwrap_or_default();
    format!("{project}{}", form.schema.title)
}

/// The unit as written.
pub(super) fn unit(form: &Form) -> String {
    form.unit().unwrap_or_else(|| "（未填单位名称）".to_owned())
}

fn text(difference: &Difference<'_>, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    for form in &difference.forms {
        if form.is_none() && form.now.is_empty() {
            continue;
        }
        let FormDifference { old, new, .. } = form;
        writeln!(out, "{}", colours.bold(&format!("{} · {}", unit(&new.form), title(&new.form))))?;
        writeln!(out, "    {} → {}  工作表：{}", old.source, new.source, one_line(&new.form.sheet))?;
        writeln!(out, "    {}", form.tally())?;
        for finding in &form.settled {
            write_finding(SETTLED, finding, &old.form, out)?;
        }
        for (fate, finding) in &form.now {
            write_finding(fate.title(), finding, &new.form, out)?;
        }
        if !form.changes.is_empty() {
            writeln!(out, "    改动的内容：")?;
        }
        for change in &form.changes {
            let at = change.cell.map(|at| format!("{at}")).unwrap_or_default();
            let value =
                |text: &Option<String>| text.as_deref().map_or_else(|| "（空）".to_owned(), |t| excerpt(t, EXCERPT));
            writeln!(out, "      {at}「{}」 {} → {}", label(form, change), value(&change.old), value(&change.new))?;
        }
        writeln!(out)?;
    }
    for (heading, forms) in [("只在旧的里", &difference.gone), ("只在新的里", &difference.added)] {
        for PastForm { source, form, .. } in forms.iter() {
            writeln!(out, "{heading}：{} · {}  {source}", unit(form), title(form))?;
        }
    }
    let tally = difference.tally();
    writeln!(
        out,
        "两边都有的表 {} 张，只在旧的里 {} 张，只在新的里 {} 张。{tally}。整改率 {}。改动的内容 {} 处。",
        difference.forms.len(),
        difference.gone.len(),
        difference.added.len(),
        mended(tally),
        difference.forms.iter().map(|form| form.changes.len()).sum::<usize>(),
    )
}

fn write_finding(fate: &str, finding: &PastFinding, form: &Form, out: &mut dyn Write) -> io::Result<()> {
    let PastFinding { code, severity, cell, field, message, .. } = finding;
    let at = cell.map(|at| at.to_string()).unwrap_or_default();
    let label = if field.is_empty() { String::new() } else { format!("「{}」", form.path_label(field)) };
    writeln!(out, "    {fate} {severity} {code} {at}{label}  {}", one_line(message))
}

/// The label of a change in the words of the form that has it.
pub(super) fn label(form: &FormDifference<'_>, change: &Change) -> String {
    let named = if change.cell.is_some() { &form.new.form } else { &form.old.form };
    named.path_label(&change.path)
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    version: u32,
    counts: TallyJson,
    forms: Vec<FormJson<'a>>,
    gone: Vec<WhoseJson<'a>>,
    added: Vec<WhoseJson<'a>>,
}

#[derive(Serialize)]
struct WhoseJson<'a> {
    source: &'a str,
    sheet: &'a str,
    schema: &'a str,
    unit: Option<String>,
    project: Option<String>,
}

#[derive(Serialize)]
struct FormJson<'a> {
    old_source: &'a str,
    #[serde(flatten)]
    whose: WhoseJson<'a>,
    counts: TallyJson,
    settled: Vec<PastFindingJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    changes: Vec<ChangeJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    fate: Fate,
    #[serde(flatten)]
    finding: PastFindingJson<'a>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    field: &'a str,
    label: String,
    old_cell: Option<CellRefJson>,
    cell: Option<CellRefJson>,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

impl<'a> DifferenceJson<'a> {
    fn new(difference: &'a Difference<'a>) -> Self {
        Self {
            version: 1,
            counts: TallyJson::new(difference.tally()),
            forms: difference.forms.iter().map(FormJson::new).collect(),
            gone: difference.gone.iter().map(|form| WhoseJson::new(form)).collect(),
            added: difference.added.iter().map(|form| WhoseJson::new(form)).collect(),
        }
    }
}

impl<'a> WhoseJson<'a> {
    fn new(past: &'a PastForm) -> Self {
        let PastForm { source, form, .. } = past;
        Self { source, sheet: &form.sheet, schema: &form.schema.id, unit: form.unit(), project: form.project() }
    }
}

impl<'a> FormJson<'a> {
    fn new(form: &'a FormDifference<'a>) -> Self {
        let change = |change: &'a Change| ChangeJson {
            field: &change.path,
            label: label(form, change),
            old_cell: change.old_cell.map(CellRefJson),
            cell: change.cell.map(CellRefJson),
            old: change.old.as_deref(),
            new: change.new.as_deref(),
        };
        let told = |(fate, finding): &(Fate, &'a PastFinding)| FindingJson {
            fate: *fate,
            finding: PastFindingJson::new(finding),
        };
        Self {
            old_source: &form.old.source,
            whose: WhoseJson::new(form.new),
            counts: TallyJson::new(form.tally()),
            settled: form.settled.iter().map(|finding| PastFindingJson::new(finding)).collect(),
            findings: form.now.iter().map(told).collect(),
            changes: form.changes.iter().map(change).collect(),
        }
    }
}
