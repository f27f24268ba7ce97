//! F104 label-typo: a printed label with a wrong character that looks or sounds like the right one.

use std::collections::BTreeMap;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Provenance, Reading};
use crate::schema::concept::{FUNDING, column};
use crate::text::label_key;
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
    let mut labels = of_levels(form);
    labels.extend(of_grid(form));
    let wrong: Vec<(&Field, &str)> = labels.iter().map(|(field, right)| (field, *right)).collect();
    let fields: Vec<&Field> = wrong.iter().map(|(field, _)| *field).collect();
    let edits = wrong.iter().filter_map(|(field, right)| Some((*field, Value::Text(mended(field.text(), right)?))));
    let fault = indicator::once(&fields, |field| {
        let right = wrong.iter().find(|(other, _)| other.cell() == field.cell()).map_or("", |(_, right)| right);
        Fault {
            message: format!("{}印的是“{}”，应为“{right}”", field.cell(), phrase::as_written(field.text().trim(), 20)),
            expected: Some(right.to_owned()),
            advice: format!("改为“{right}”。"),
            fix: fix::safe(edits.clone()),
            ..Fault::default()
        }
    });
    Verdict::Checked(fault.into_iter().collect())
}

/// Level labels that name no class, with what they should say.
fn of_levels(form: &Form) -> Vec<(Field, &str)> {
    let (Some(table), Some(spec)) = (form.record.indicators(), &form.schema.indicators) else { return Vec::new() };
    let mut found: BTreeMap<CellRef, (Field, &str)> = BTreeMap::new();
    for row in &table.rows {
        if let Some(level1) = row.cell(column::LEVEL1).filter(|level| level.is_filled() && row.class.is_none()) {
            let absent = spec
                .classes
                .iter()
                .filter(|class| !table.rows.iter().any(|row| row.class.as_deref() == Some(class.id.as_str())));
            if let Some(right) = only_like(level1.text(), absent.map(|class| class.label.as_str())) {
                found.insert(level1.cell(), (level1.clone(), right));
            }
        }
        if let Some(level2) = row.cell(column::LEVEL2).filter(|level| level.is_filled() && row.subclass.is_none()) {
            let own = spec.classes.iter().filter(|class| row.class.as_ref().is_none_or(|id| *id == class.id));
            let absent = own
                .flat_map(|class| &class.subclasses)
                .filter(|subclass| !table.rows.iter().any(|row| row.subclass.as_deref() == Some(subclass.id.as_str())));
            if let Some(right) = only_like(level2.text(), absent.map(|subclass| subclass.label.as_str())) {
                found.insert(level2.cell(), (level2.clone(), right));
            }
        }
    }
    found.into_values().collect()
}

/// Row labels of the money block that name no row of the form, with what they should say.
fn of_grid(form: &Form) -> Vec<(Field, &str)> {
    let (Some(grid), Some(spec)) = (form.record.funding(), form.schema.grid(FUNDING)) else { return Vec::new() };
    let absent = || spec.rows.iter().filter(|line| grid.row(&line.id).is_none());
    let unknown = grid.rows.iter().filter(|row| spec.row(&row.id).is_none());
    let found = unknown.filter_map(|row| {
        let right = only_like(&row.label.text, absent().map(|line| line.label.as_str()))?;
        Some((of_label(&row.label), right))
    });
    found.collect()
}

fn of_label(label: &Provenance) -> Field {
    Field { reading: Reading::Value(Value::Text(label.text.clone())), provenance: label.clone() }
}

/// The one label that differs from the text in a single character taken for another.
fn only_like<'a>(text: &str, labels: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut like = labels.filter(|label| slip(&label_key(text), &label_key(label)).is_some());
    let first = like.next()?;
    like.next().is_none().then_some(first)
}

/// The wrong character and the right one, where two keys differ in just that.
fn slip(key: &str, label: &str) -> Option<(char, char)> {
    if key.chars().count() != label.chars().count() || key.chars().count() < 4 {
        return None;
    }
    let mut different = key.chars().zip(label.chars()).filter(|(written, right)| written != right);
    let (written, right) = different.next()?;
    let confused = CONFUSED.iter().any(|group| group.contains(written) && group.contains(right));
    (confused && different.next().is_none()).then_some((written, right))
}

/// The text with its wrong character put right, everything else as it stands.
fn mended(text: &str, label: &str) -> Option<String> {
    let (written, right) = slip(&label_key(text), &label_key(label))?;
    let once = text.matches(written).count() == 1;
    once.then(|| text.replace(written, &right.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_mended_where_it_stands_and_another_word_is_no_typo() {
        let labels = ["社会效益指标", "生态效益指标", "经济效益指标"];
        let like = |text: &str| only_like(text, labels.into_iter());
        assert_eq!(like("社会\n郊益指标"), Some("社会效益指标"));
        assert_eq!(mended("社会\n郊益指标（10分）", "社会效益指标").as_deref(), Some("社会\n效益指标（10分）"));
        assert_eq!(like("社会治理指标"), None);
        assert_eq!(only_like("上年结余", ["上年结转"].into_iter()), None);
        assert_eq!(only_like("财政拔款", ["财政拨款", "财政资金"].into_iter()), Some("财政拨款"));
    }
}
