//! X101: the same form of the same project came twice.

use std::collections::HashMap;

use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Elsewhere, Severity};
use crate::form::Field;
use crate::schema::concept::field;
use crate::schema::{Stage, Subject};

pub(super) static RULE: Rule = Rule {
    code: "X101",
    name: "repeated-submission",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（同一项目的同一种表只收一份）",
    summary: "同一项目的同一种表报了两份",
    docs: "
## 检查什么
同一批里，同一单位、同一项目（部门整体表看单位）、同一年度的同一种表是否收到两份以上；监控表还看是不是同一个监控期。清单里的一行和单独的一张表不算两份。

## 为什么
两份表不知道以哪一份为准，统计时项目和金额也会多算。

## 正反例
- 反例：“清水渠维护”的自评表，一份在“自评表.xlsx”，一份在“自评表（改）.xlsx”，完成值还不一样。
- 正例：同一项目的绩效目标表和自评表各一份。

## 怎么改
与单位核对以哪一份为准，另一份撤回；确是两个项目的，在名称里写明区别（地点、期次）。

## 依据
实务；项目按编码、单位和名称认定。
",
    check: Check::Round(check),
};

/// What must be there once: stage, subject, whether it is a line of a list, year, month, unit, project.
type Key<'a> = (Stage, Subject, bool, &'a str, &'a str, &'a str, &'a str);

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let keys: Vec<Option<Key<'_>>> = round.forms.iter().map(key).collect();
    let mut groups: HashMap<Key<'_>, Vec<usize>> = HashMap::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            groups.entry(*key).or_default().push(index);
        }
    }
    let verdict = |(index, key): (usize, &Option<Key<'_>>)| {
        let Some(group) = key.as_ref().and_then(|key| groups.get(key)) else { return Verdict::InsufficientData };
        let own = round.forms.get(index);
        let others = group.iter().filter(|other| **other != index).filter_map(|other| round.forms.get(*other));
        Verdict::Checked(own.and_then(|own| fault(own, &others.collect::<Vec<_>>())).into_iter().collect())
    };
    keys.iter().enumerate().map(verdict).collect()
}

/// `None` for a form that does not say whose it is.
fn key<'a>(one: &RoundForm<'a>) -> Option<Key<'a>> {
    let schema = &one.form.schema;
    let unit = one.identity.unit.key.as_str();
    let project = match &one.identity.project {
        _ if !schema.subject.is_project() => "",
        Some(project) => project.key.as_str(),
        None => return None,
    };
    let said = |id| one.form.record.filled(id).unwrap_or_default();
    let key = (schema.stage, schema.subject, schema.list, said(field::YEAR), said(field::MONTH), unit, project);
    Some(key).filter(|_| !unit.is_empty() || !project.is_empty())
}

fn fault(own: &RoundForm<'_>, others: &[&RoundForm<'_>]) -> Option<Fault> {
    let first = others.first()?;
    let name = |one: &RoundForm<'_>| named(one).map(|field| (field.cell(), field.text().to_owned()));
    let (cell, written) = name(own)?;
    let elsewhere = others.iter().map(|other| Elsewhere {
        source: other.source.to_owned(),
        sheet: other.form.sheet.clone(),
        cell: name(other).map(|(cell, _)| cell),
        text: name(other).map(|(_, text)| text).unwrap_or_default(),
    });
    let more = if others.len() > 1 { format!("等 {} 份", others.len()) } else { String::new() };
    Some(Fault {
        cell: Some(cell),
        elsewhere: elsewhere.collect(),
        found: Some(written.clone()),
        message: format!(
            "“{}”的《{}》收到不止一份：另有“{}”的工作表“{}”{more}",
            crate::text::excerpt(&written, 30),
            own.form.schema.title,
            first.source,
            first.form.sheet,
        ),
        advice: "核对以哪一份为准，把另一份撤回；确是两个项目的，在名称里写明区别。".to_owned(),
        ..Fault::default()
    })
}

/// What names the form: its project, else its unit.
fn named<'a>(one: &RoundForm<'a>) -> Option<&'a Field> {
    [field::PROJECT, field::UNIT, field::DEPARTMENT]
        .into_iter()
        .filter_map(|id| one.form.record.field(id))
        .find(|field| field.is_filled())
}
