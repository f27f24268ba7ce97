//! What the instructions of a blank form say it will be checked for: the rules that look at such a form, in their own
//! words.

use std::sync::Arc;

use crate::error::ErrorKind;
use crate::form::Reader;
use crate::ooxml::Limits;
use crate::policy::Policy;
use crate::register::{level_of, level_title, section};
use crate::rules::{RULES, Rule, RuleOutcome, check_form};
use crate::schema::{Catalog, Schema};
use crate::template::{self, RuleText};
use crate::workbook::Workbook;

/// The rules that look at a form under a policy, by code: those to which a soundly filled one is not 不适用.
///
/// # Errors
/// The filled form could not be written or read.
pub fn rule_texts(schema: &Arc<Schema>, policy: &Policy) -> Result<Vec<RuleText>, ErrorKind> {
    let blank = template::plan(schema, policy, &template::Options::default());
    let bytes = template::write(&template::specimen(&blank), &[])?;
    let workbook = Workbook::open(Arc::from(bytes), &Limits::default())?;
    let reader = Reader::new(&Catalog { schemas: vec![Arc::clone(schema)] }, &policy.words.empty_marks);
    let forms = workbook.sheets.iter().flat_map(|sheet| reader.read_sheet(sheet).forms);
    let outcomes: Vec<_> = forms.map(|form| check_form(&form, policy).1).collect();
    let looks = |rule: &&&Rule| {
        outcomes.iter().any(|of| of.get(rule.code).is_some_and(|outcome| *outcome != RuleOutcome::NotApplicable))
    };
    Ok(RULES.iter().filter(looks).map(|rule| text_of(rule, policy)).collect())
}

fn text_of(rule: &Rule, policy: &Policy) -> RuleText {
    let section = |heading| section(rule, heading).iter().map(|line| line.trim_start_matches("- ")).collect();
    RuleText {
        code: rule.code.to_owned(),
        severity: level_title(level_of(policy, rule)).to_owned(),
        summary: rule.summary.to_owned(),
        checks: section("检查什么"),
        mend: section("怎么改"),
        authority: rule.authority.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_for_the_instructions() {
        let policy = Policy::embedded("national").expect("the preset is there");
        for rule in RULES {
            let text = text_of(rule, &policy);
            assert!(!text.checks.is_empty() && !text.mend.is_empty(), "{}", rule.code);
        }
    }
}
