//! Books of the bureau, drawn as text: 名册, 项目台账, 收件登记, 规则登记表, 出错说明登记表.

use jixiao::decisions::Decisions;
use jixiao::error::{Error, ErrorKind};
use jixiao::policy::Policy;
use jixiao::register::Register;
use jixiao::roster::{Claim, Ledger, Receipts, Registry, Roster};
use jixiao::schema::Catalog;
use jixiao::workbook::sheet_from_text;

use super::pack::split;

/// Each part a sheet drawn as text under its own name; a part may be any of the books. What is not right is told, and
/// what is right can be asked.
pub(crate) fn books(input: &[u8]) -> bool {
    let schemas = &Catalog::embedded().schemas;
    let (mut roster, mut any): (Option<Roster>, bool) = (None, false);
    for (name, grid) in split(input).into_iter().take(8) {
        let name = String::from_utf8_lossy(name);
        let Ok(sheet) = sheet_from_text(&name, &String::from_utf8_lossy(grid)) else { continue };
        let sheets = [sheet];
        let ledger = told(Ledger::read(&sheets, "项目台账.xlsx", roster.as_ref()));
        let receipts = told(Receipts::read(&sheets, "收件登记.xlsx", roster.as_ref(), schemas));
        any |= ledger.is_some() || receipts.is_some();
        if let Some(register) = told(Register::read(&sheets, "规则登记表.xlsx")) {
            let policy = Policy::embedded("national").expect("the preset");
            let _ = register.over(policy);
            any = true;
        }
        if let Some(mut decisions) = told(Decisions::read(&sheets, "出错说明登记表.xlsx")) {
            let entries = decisions.entries().to_vec();
            assert_eq!(decisions.add(entries), 0, "what is in it is added again");
            any = true;
        }
        let _ = receipts.map(|receipts| receipts.hints().len());
        roster = told(Roster::read(&sheets, "名册.xlsx", schemas)).or(roster);
        asked(Registry { roster: roster.as_ref(), ledger: ledger.as_ref() });
    }
    any || roster.is_some()
}

/// Problems name something.
fn told<T>(read: Result<T, Error>) -> Option<T> {
    match read {
        Ok(book) => Some(book),
        Err(Error { kind: ErrorKind::Invalid(problems), .. }) => {
            assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.is_empty()), "{problems:?}");
            None
        }
        Err(other) => panic!("a book fails otherwise than by its problems: {other}"),
    }
}

/// Units and projects are found again by the names that the books give them.
fn asked(registry: Registry<'_>) {
    for unit in registry.roster.into_iter().flat_map(Roster::units) {
        let roster = registry.roster.expect("it has a unit");
        let found = roster.resolve(&unit.name);
        assert!(found.known().is_some(), "{} is not found by its name: {found:?}", unit.name);
        let _ = roster.resolve_in(&unit.name, Some(2026));
    }
    let projects = registry.ledger.into_iter().flat_map(Ledger::projects);
    let claims: Vec<Claim> = projects
        .take(64)
        .map(|project| Claim {
            unit: Some(project.unit.clone()),
            project: Some(project.name.clone()),
            ..Claim::default()
        })
        .collect();
    assert_eq!(registry.identify(&claims).len(), claims.len());
}
