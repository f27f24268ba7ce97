//! Files that people write: schemas, policies, a round's jixiao.toml.

use std::sync::{Arc, LazyLock};

use jixiao::config::Config;
use jixiao::error::ErrorKind;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::Engine;
use jixiao::rules::RULES;
use jixiao::schema::{Catalog, SourceFile};
use jixiao::template::{Options, plan, write};
use jixiao::workbook::{Workbook, sheet_from_text};

use super::workbooks::{ENGINE, of_sheet};

/// The names that files may use of rules.
fn names() -> Vec<&'static str> {
    RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect()
}

/// A schema: what is wrong is told with its place; one that loads has a blank form that opens, and forms are read by it.
pub(crate) fn schemas(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let mut any = false;
    for name in ["own.toml", "vocabulary.toml"] {
        let file = SourceFile::new(name, text);
        match Catalog::load(std::slice::from_ref(&file), &names()) {
            Ok(catalog) => {
                any = true;
                for schema in &catalog.schemas {
                    let plan = plan(schema, ENGINE.policy(), &Options::default());
                    let Ok(blank) = write(&plan, &[]) else { continue };
                    let engine = Engine::new(&catalog, ENGINE.policy().clone(), Limits::default());
                    let (_, workbook) = engine.judge("空表.xlsx", blank.into());
                    assert!(workbook.is_some(), "the blank form does not open");
                    for sheet in SHEETS.iter() {
                        let _ = engine.judge_again(sheet);
                    }
                }
            }
            Err(kind) => placed(&kind, name),
        }
    }
    any
}

/// A policy, and the settings of a round: what is wrong is told with its place; by one that loads forms are judged, and
/// their scores are scores.
pub(crate) fn policies(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let file = SourceFile::new("jixiao.toml", text);
    if let Err(kind) = Config::load(&file, &names()) {
        placed(&kind, "jixiao.toml");
    }
    let policy = match Policy::load(&[], &file, &names()) {
        Ok(policy) => policy,
        Err(kind) => {
            placed(&kind, "jixiao.toml");
            return false;
        }
    };
    let engine = Engine::new(Catalog::embedded(), policy, Limits::default());
    for sheet in SHEETS.iter() {
        for form in engine.judge_again(sheet) {
            let score = form.grade.score;
            assert!(!score.is_sign_negative() || score.is_zero(), "a score of {score}");
        }
        let forms = engine.judge_again(sheet);
        let _ = engine.mend(sheet, &forms);
    }
    let schema: &Arc<_> = Catalog::embedded().schemas.first().expect("a schema");
    let plan = plan(schema, engine.policy(), &Options::default());
    write(&plan, &[]).expect("a blank form under any policy");
    true
}

/// Every problem names the file.
fn placed(kind: &ErrorKind, name: &str) {
    match kind {
        ErrorKind::Invalid(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            for problem in problems {
                assert!(problem.contains(name) || problem.contains("schemas/"), "no place: {problem}");
            }
        }
        other => panic!("refused otherwise than by its problems: {other}"),
    }
}

/// A good form, and one with faults, that a schema or policy is tried on.
pub(super) static SHEETS: LazyLock<Vec<Workbook>> = LazyLock::new(|| {
    let draw = |text: &str| of_sheet(sheet_from_text("表", text).expect("a valid grid"));
    [
        include_str!("../../fixtures/forms/selfeval.project.v1/flawed.txt"),
        include_str!("../../fixtures/forms/goal.project.v1/good.txt"),
    ]
    .map(draw)
    .into()
});
