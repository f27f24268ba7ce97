//! Which form of an earlier round a form is: the same stage and subject of the same unit and project.
//!
//! Years and months part two forms only where both name one. What is blank in one of two may stand in the other: then a
//! file and sheet of one name are the same form. Nothing else is guessed.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::Form;
use crate::roster::Identity;
use crate::schema::concept::field;
use crate::schema::{Stage, Subject};
use crate::text::squeeze;

/// A form with its file and whom and what it speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The file.
    pub source: &'a str,
    /// The form.
    pub form: &'a Form,
    /// Whom and what it speaks of.
    pub identity: &'a Identity,
}

/// Stage, subject, whether it is a line of a list, unit, project.
type Key<'a> = (Stage, Subject, bool, &'a str, &'a str);

/// File and sheet without their folders: where a form comes from that may not say whose it is.
type Place<'a> = (Stage, Subject, &'a str, &'a str);

impl<'a> Known<'a> {
    /// `None` for a form that does not say whose it is.
    fn key(&self) -> Option<Key<'a>> {
        let (unit, project) = (self.unit(), self.project());
        let schema = &self.form.schema;
        let says = if schema.subject.is_project() { !project.is_empty() } else { !unit.is_empty() };
        says.then_some((schema.stage, schema.subject, schema.list, unit, project))
    }

    fn unit(&self) -> &'a str {
        &self.identity.unit.key
    }

    /// Empty for a form about a whole unit.
    fn project(&self) -> &'a str {
        let project = self.identity.project.as_ref().filter(|_| self.form.schema.subject.is_project());
        project.map_or("", |project| &project.key)
    }

    /// The name of the file and of the sheet.
    fn place(&self) -> (&'a str, &'a str) {
        (self.source.rsplit('/').next().unwrap_or(self.source), &self.form.sheet)
    }

    fn names_no_other_period(&self, other: &Self) -> bool {
        [field::YEAR, field::MONTH].into_iter().all(|id| match (self.said(id), other.said(id)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        })
    }

    fn said(&self, id: &str) -> Option<String> {
        let field = self.form.record.field(id)?;
        field.reading.value().map(|value| squeeze(&value.to_string()))
    }

    /// Whether what one of the two leaves blank is all that tells them apart.
    fn contradicts(&self, other: &Self) -> bool {
        let differ = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && one != other;
        // Without its unit the key of a project is another one.
        let units_known = !self.unit().is_empty() && !other.unit().is_empty();
        differ(self.unit(), other.unit()) || units_known && differ(self.project(), other.project())
    }
}

/// For each form of a round the form of an earlier one that it was; no earlier form is two.
#[must_use]
pub fn pairs(current: &[Known<'_>], past: &[Known<'_>]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; current.len()];
    let mut taken = BTreeSet::new();
    let mut groups: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (index, form) in past.iter().enumerate() {
        if let Some(key) = form.key() {
            groups.entry(key).or_default().push(index);
        }
    }
    // Of several forms of one project the one that came in the same file first.
    for same_place in [true, false] {
        for (form, pair) in current.iter().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
            let Some(group) = form.key().and_then(|key| groups.get(&key)) else { continue };
            let fits = |index: &&usize| {
                past.get(**index).is_some_and(|then| {
                    !taken.contains(*index)
                        && form.names_no_other_period(then)
                        && (!same_place || form.place() == then.place())
                })
            };
            *pair = group.iter().find(fits).copied();
            taken.extend(*pair);
        }
    }
    by_place(current, past, &mut pairs, &taken);
    pairs
}

/// Forms that do not say whose they are, or did not: by a file and sheet of a name that only one has.
fn by_place(current: &[Known<'_>], past: &[Known<'_>], pairs: &mut [Option<usize>], taken: &BTreeSet<usize>) {
    let free_now: Vec<bool> = pairs.iter().map(Option::is_none).collect();
    let now = places(current, |index| free_now.get(index) == Some(&true));
    let then = places(past, |index| !taken.contains(&index));
    for (place, index) in now {
        let (Some(index), Some(Some(earlier))) = (index, then.get(&place)) else { continue };
        let (Some(form), Some(past)) = (current.get(index), past.get(*earlier)) else { continue };
        let incomplete = |form: &Known<'_>| {
            form.unit().is_empty() || form.form.schema.subject.is_project() && form.project().is_empty()
        };
        let fits =
            (incomplete(form) || incomplete(past)) && !form.contradicts(past) && form.names_no_other_period(past);
        if let Some(pair) = pairs.get_mut(index).filter(|_| fits) {
            *pair = Some(*earlier);
        }
    }
}

/// The only form of each place; `None` where there are several. Lines of lists have no place of their own.
fn places<'a>(forms: &[Known<'a>], free: impl Fn(usize) -> bool) -> BTreeMap<Place<'a>, Option<usize>> {
    let mut places = BTreeMap::new();
    for (index, form) in forms.iter().enumerate().filter(|(index, form)| free(*index) && !form.form.schema.list) {
        let (file, sheet) = form.place();
        let place = (form.form.schema.stage, form.form.schema.subject, file, sheet);
        places.entry(place).and_modify(|only| *only = None).or_insert(Some(index));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Reader;
    use crate::roster::{Claim, Registry};
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    fn form(year: &str, unit: &str, project: &str) -> Form {
        let drawn = format!(
            "项目支出绩效目标申报表|<|<|<\n（{year}）|<|<|<\n项目名称|{project}|实施单位|{unit}\n\
             主管部门||项目资金总额（万元）|12\n年度目标|维护清水渠12公里|<|<\n\
             一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|维护长度|≥12公里"
        );
        let sheet = sheet_from_text("表", &drawn).expect("a valid grid");
        let mut forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        forms.pop().expect("a form")
    }

    /// Pairs forms given as file, year, unit, project.
    fn paired(now: &[[&str; 4]], then: &[[&str; 4]]) -> Vec<Option<usize>> {
        let read = |drawn: &[[&str; 4]]| -> Vec<(String, Form)> {
            let one = |[source, year, unit, project]: &[&str; 4]| ((*source).to_owned(), form(year, unit, project));
            drawn.iter().map(one).collect()
        };
        let (now, then) = (read(now), read(then));
        let claims: Vec<Claim> = now.iter().chain(&then).map(|(_, form)| Claim::of(form)).collect();
        let identities = Registry::default().identify(&claims);
        let all: Vec<Known<'_>> = now
            .iter()
            .chain(&then)
            .zip(&identities)
            .map(|(one, identity)| Known { source: &one.0, form: &one.1, identity })
            .collect();
        let (now, then) = all.split_at(now.len());
        pairs(now, then)
    }

    #[test]
    fn a_form_is_known_again_by_unit_and_project_and_another_year_is_another_form() {
        let then = [["a.xlsx", "2023年度", "水务局", "清水渠维护"], ["b.xlsx", "2024年度", "水务局", "清水渠维护"]];
        let now = ["2024年度", "", "2025年度"].map(|year| paired(&[["c.xlsx", year, "水务局", "清水渠 维护"]], &then));
        assert_eq!(now, [[Some(1)], [Some(0)], [None]]);
        assert_eq!(paired(&[["a.xlsx", "2023年度", "教育局", "清水渠维护"]], &then), [None]);
    }

    #[test]
    fn of_two_of_one_project_the_one_in_the_same_file_is_meant_and_none_is_taken_twice() {
        let form = |file| [file, "2023年度", "水务局", "清水渠维护"];
        let then = [form("收件/a.xlsx"), form("收件/b.xlsx")];
        assert_eq!(
            paired(&[form("再报/b.xlsx"), form("再报/c.xlsx"), form("d.xlsx")], &then),
            [Some(1), Some(0), None]
        );
    }

    #[test]
    fn a_name_that_was_blank_is_known_again_by_file_and_sheet_and_another_name_is_not() {
        let then = [["收件/a.xlsx", "2023年度", "水务局", ""]];
        let now = |unit, project| paired(&[["再报/a.xlsx", "2023年度", unit, project]], &then);
        assert_eq!(now("水务局", "清水渠维护"), [Some(0)]);
        assert_eq!(now("教育局", "清水渠维护"), [None]);
        let named = [["收件/a.xlsx", "2023年度", "水务局", "泵站改造"]];
        assert_eq!(paired(&[["再报/a.xlsx", "2023年度", "水务局", "清水渠维护"]], &named), [None]);
    }
}
