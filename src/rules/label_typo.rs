//! F104 label-typo: a printed label with a wrong character that looks or sounds like the right one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Provenance, Reading};
use crate::schema::concept::{FUNDING, column};
use crate::text::{as_written, label_key};
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "F104",
    name: "label-typo",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务；本表表样（印好的栏目名称不应改动）",
    summary: "表上印好的名称有错别字（财政拔款、社会郊益指标）",
    docs: "\
## 检查什么

一级指标、二级指标、资金各行的名称，与表样上的名称只差一个字，而且是形近、音近的字（拔与拨、郊与效、岀与出等），表样上那个名称在表里又没有的。名称本来就不同的不查。

## 为什么

栏目名称错一个字，这一栏就认不出来，金额、指标不能归到应在的类别。

## 正反例

- 反例：资金栏写“财政拔款”，二级指标写“社会郊益指标”
- 正例：资金栏写“财政拨款”，二级指标写“社会效益指标”

## 怎么改

照下发的表样改正。
自动改正：只改错的那个字，其余不动。

## 依据

实务；本表表样。
",
    check: Check::Form(check),
};

/// Characters taken for one another, by their look or sound.
const CONFUSED: [&str; 24] = [
    "拨拔泼",
    "出岀",
    "时实",
    "效郊",
    "成戌戍",
    "本木",
    "度渡",
    "持特",
    "续读",
    "未末",
    "己已",
    "账帐",
    "济挤",
    "态恋",
    "量童",
    "满瞒",
    "金全",
    "资贷",
    "财材",
    "益溢",
    "象像",
    "响晌",
    "环坏",
    "境镜",
];

fn check(ctx: &Context<'_>) -> Verdict {
    let form = ctx.form;
    let mut wrong = of_levels(form);
    wrong.extend(of_grid(form));
    let fields: Vec<&Field> = wrong.iter().map(|(field, _)| field).collect();
    let fault = indicator::once(&fields, |first| {
        let right = wrong.iter().find(|(field, _)| field.cell() == first.cell()).map_or("", |(_, right)| right).trim();
        Fault {
            message: format!("{}印的是“{}”，应为“{right}”", first.cell(), as_written(first.text().trim(), 20)),
            expected: Some(right.to_owned()),
            advice: format!("改为“{right}”。"),
            fix: fix::safe(wrong.iter().map(|(field, right)| (field, Value::Text(right.clone())))),
            ..Fault::default()
        }
    });
    Verdict::Checked(fault.into_iter().collect())
}

/// Level labels with a wrong character, with what they should say. A class may be known from what stands beside its
/// label; then its own name is meant, else one that the table does not have.
fn of_levels(form: &Form) -> Vec<(Field, String)> {
    let (Some(table), Some(spec)) = (form.record.indicators(), &form.schema.indicators) else { return Vec::new() };
    let mut found: BTreeMap<CellRef, (Field, String)> = BTreeMap::new();
    // A label merged downward is the same cell in all its rows.
    let mut seen: BTreeSet<CellRef> = BTreeSet::new();
    for row in &table.rows {
        let mut own = |id: &str| row.cell(id).filter(|level| level.is_filled() && seen.insert(level.cell()));
        let (level1, level2) = (own(column::LEVEL1), own(column::LEVEL2));
        if let Some(level1) = level1 {
            let is_there = |id: &str| table.rows.iter().any(|row| row.class.as_deref() == Some(id));
            let meant = |id: &str| row.class.as_deref().map_or_else(|| !is_there(id), |own| own == id);
            let classes = spec.classes.iter().filter(|class| meant(&class.id));
            let right = mended(level1.text(), classes.map(|class| &class.labels[..]));
            found.extend(right.map(|right| (level1.cell(), (level1.clone(), right))));
        }
        if let Some(level2) = level2 {
            let is_there = |id: &str| table.rows.iter().any(|row| row.subclass.as_deref() == Some(id));
            let meant = |id: &str| row.subclass.as_deref().map_or_else(|| !is_there(id), |own| own == id);
            let own = spec.classes.iter().filter(|class| row.class.as_ref().is_none_or(|id| *id == class.id));
            let subclasses = own.flat_map(|class| &class.subclasses).filter(|subclass| meant(&subclass.id));
            let right = mended(level2.text(), subclasses.map(|subclass| &subclass.labels[..]));
            found.extend(right.map(|right| (level2.cell(), (level2.clone(), right))));
        }
    }
    found.into_values().collect()
}

/// Row labels of the money block that name no row of the form, with what they should say.
fn of_grid(form: &Form) -> Vec<(Field, String)> {
    let (Some(grid), Some(spec)) = (form.record.funding(), form.schema.grid(FUNDING)) else { return Vec::new() };
    let absent = || spec.rows.iter().filter(|line| grid.row(&line.id).is_none());
    let unknown = grid.rows.iter().filter(|row| spec.row(&row.id).is_none());
    let found = unknown.filter_map(|row| {
        let right = mended(&row.label.text, absent().map(|line| &line.labels[..]))?;
        Some((of_label(&row.label), right))
    });
    found.collect()
}

fn of_label(label: &Provenance) -> Field {
    Field { reading: Reading::Value(Value::Text(label.text.clone())), provenance: label.clone() }
}

/// The text with its wrong character put right, where it differs in just that from the labels of one thing alone.
/// `things` are their label keys.
fn mended<'a>(text: &str, things: impl Iterator<Item = &'a [String]>) -> Option<String> {
    let key = label_key(text);
    let mut slips = things.filter_map(|labels| labels.iter().find_map(|label| slip(&key, label)));
    let (written, right) = slips.next()?;
    let certain = slips.next().is_none() && text.matches(written).count() == 1;
    certain.then(|| text.replace(written, &right.to_string()))
}

/// The wrong character and the right one, where two label keys differ in just that.
fn slip(key: &str, label: &str) -> Option<(char, char)> {
    let [key, label] = [key, label].map(|key| key.trim_start_matches("其中"));
    // 汉字 are of one length: most pairs differ in theirs.
    if key.len() != label.len() || key.chars().nth(3).is_none() {
        return None;
    }
    let (mut key, mut label) = (key.chars(), label.chars());
    let mut slip = None;
    loop {
        match (key.next(), label.next()) {
            (None, None) => break,
            (Some(written), Some(right)) if written == right => {}
            (Some(written), Some(right)) if slip.is_none() => slip = Some((written, right)),
            _ => return None,
        }
    }
    slip.filter(|(written, right)| CONFUSED.iter().any(|group| group.contains(*written) && group.contains(*right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_mended_where_it_stands_and_another_word_is_no_typo() {
        let of = |text: &str, labels: &[&str]| {
            let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
            mended(text, labels.chunks(1))
        };
        let benefits = ["社会效益指标", "生态效益指标", "经济效益指标"];
        assert_eq!(of("社会\n郊益指标（10分）", &benefits).as_deref(), Some("社会\n效益指标（10分）"));
        assert_eq!(of("社会治理指标", &benefits), None);
        assert_eq!(of("上年结余", &["上年结转"]), None);
        assert_eq!(of("其中：财政拔款", &["财政拨款", "财政资金"]).as_deref(), Some("其中：财政拨款"));
    }
}
