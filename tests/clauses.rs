//! docs/口径台账.md keeps step with the program: what it names exists, and no rule and no known problem is left out.

use std::collections::BTreeSet;
use std::fs;

use jixiao::rules::{self, RULES};
use jixiao::schema::Catalog;

/// The lines of the tables: clause, source, where it is kept.
fn rows(text: &str) -> Vec<[&str; 3]> {
    text.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| 条款"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            cells.try_into().unwrap_or_else(|cells| panic!("three columns: {cells:?}"))
        })
        .collect()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_code(word: &str) -> bool {
    let (letter, digits) = word.split_at(1);
    letter.starts_with(|c: char| c.is_ascii_uppercase()) && digits.len() == 3 && digits.parse::<u32>().is_ok()
}

#[test]
fn every_clause_says_where_it_is_kept_and_what_it_names_exists() {
    let text = fs::read_to_string("docs/口径台账.md").expect("the clauses");
    let national: toml::Table =
        fs::read_to_string("schemas/policy/national.toml").expect("the preset").parse().expect("TOML");
    let mut problems = Vec::new();
    for [clause, source, kept] in rows(&text) {
        let says = ["规则 ", "口径 ", "表样 ", "程序：", "人工：", "待办（"].iter().any(|word| kept.starts_with(word));
        let has_reason = !kept.starts_with("人工：") || kept.chars().count() > "人工：".chars().count() + 3;
        if clause.is_empty() || source.is_empty() || !says || !has_reason {
            problems.push(format!("“{clause}”: {kept}"));
        }
        let words: Vec<&str> = quoted(kept).collect();
        for (index, word) in words.iter().enumerate() {
            let exists = if is_code(word) {
                // A name behind a code is that rule's.
                let name = words.get(index + 1).filter(|next| !is_code(next)).and_then(|next| rules::find(next));
                rules::find(word).is_some() && name.is_none_or(|rule| rule.code == *word)
            } else {
                let mut keys = word.split('.');
                let first = keys.next().and_then(|key| national.get(key));
                let switch = keys.fold(first, |value, key| value.and_then(|value| value.get(key)));
                switch.is_some() || rules::find(word).is_some() || Catalog::embedded().get(word).is_some()
            };
            if !exists {
                problems.push(format!("“{clause}”: there is no {word}"));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_rule_is_kept_for_some_clause() {
    let text = fs::read_to_string("docs/口径台账.md").expect("the clauses");
    let named: BTreeSet<&str> = rows(&text).into_iter().flat_map(|[.., kept]| quoted(kept)).collect();
    let missing: Vec<&str> = RULES.iter().filter(|rule| !named.contains(rule.name)).map(|rule| rule.code).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn each_of_the_85_known_problems_stands_there_once() {
    let text = fs::read_to_string("docs/口径台账.md").expect("the clauses");
    let numbers: Vec<u32> = rows(&text)
        .iter()
        .filter_map(|[clause, ..]| clause.strip_prefix('P')?.split(' ').next()?.parse().ok())
        .collect();
    let known = [1..=7, 10..=24, 30..=36, 40..=58, 60..=75, 80..=94, 100..=105];
    assert_eq!(numbers, known.into_iter().flatten().collect::<Vec<u32>>());
    assert_eq!(numbers.len(), 85);
}
