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
    let reader = Reader::new(&Catalog::of(vec![Arc::clone(schema)]), &policy.words.empty_marks);
    let forms = workbook.sheets.iter().flat_map(|sheet| reader.read_sheet(sheet).forms);
    let outcomes: Vec<_> = forms.map(|form| check_form(&form, policy).1).collect();
    let looks = |rule: &&&Rule| {
        outcomes.iter().any(|of| of.get(rule.code).is_some_and(|outcome| *outcome != RuleOutcome::NotApplicable))
    };
    Ok(RULES.iter().filter(looks).map(|rule| text_of(rule, policy)).collect())
}

fn text_of(rule: &Rule, policy: &Policy) -> RuleText {
    let section = |heading| {
        let lines = section(rule, heading);
        plain(&lines.iter().map(|line| line.trim_start_matches("- ")).collect::<String>())
    };
    RuleText {
        code: rule.code.to_owned(),
        severity: level_title(level_of(policy, rule)).to_owned(),
        summary: rule.summary.to_owned(),
        checks: section("检查什么"),
        mend: section("怎么改"),
        authority: without_switch(rule.authority),
    }
}

/// A text without the names of switches and of parts of schema files, which say nothing to who fills in a form:
/// `允许差见口径 `money.sum_tolerance`（万元）` is `允许差见口径（万元）`.
fn plain(text: &str) -> String {
    let sentences = text.split_inclusive('。').filter(|sentence| !sentence.contains("`[rules."));
    let mut out = String::new();
    for (turn, piece) in sentences.collect::<String>().split('`').enumerate() {
        if turn % 2 == 0 {
            out.push_str(if out.ends_with("口径") { piece.trim_start() } else { piece });
        } else if is_switch(piece) {
            out.truncate(out.trim_end().len());
        } else {
            out.push_str(piece);
        }
    }
    out.replace("（）", "")
}

/// `scoring.tolerance`, `[weights]`, `execution.over_full_is_fault = false`.
fn is_switch(code: &str) -> bool {
    code.is_ascii() && (code.starts_with('[') || code.contains('_') || code.split('.').nth(1).is_some())
}

/// The documents a rule rests on, without the name of the switch behind `本地口径`.
fn without_switch(authority: &str) -> String {
    let mut pieces = authority.split("本地口径 ");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str("本地口径");
        out.push_str(piece.trim_start_matches(|c: char| c.is_ascii_lowercase() || "._".contains(c)));
    }
    out
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

    #[test]
    fn no_rule_names_a_switch_in_the_instructions() {
        let policy = Policy::embedded("national").expect("the preset is there");
        let mut named = Vec::new();
        for text in RULES.iter().map(|rule| text_of(rule, &policy)) {
            for said in [text.checks, text.mend, text.authority] {
                let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                named.extend(
                    said.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(is_word).map(str::to_owned),
                );
                assert!(!said.contains("口径 ") && !said.contains("（）"), "{} {said}", text.code);
            }
        }
        assert_eq!(named, Vec::<String>::new());
        assert_eq!(plain("允许差见口径 `money.sum_tolerance`（万元），单位 `元`。"), "允许差见口径（万元），单位 元。");
    }
}
