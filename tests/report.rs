//! Texts that people read, word for word: the round at the terminal, and a rule with its documentation.
//!
//! A change here is a change of what a clerk sees: look at it, then accept it with
//! `INSTA_UPDATE=always cargo test --test report`.

use std::path::PathBuf;
use std::process::Command;

use insta::assert_snapshot;
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::report::{self, Colours, Format};
use jixiao::review::{self, Books, Engine, Workers};
use jixiao::schema::Catalog;

#[test]
fn the_terminal_text_of_a_clean_a_flawed_and_an_unreadable_file() {
    let samples = [
        "samples/round/219-区教育局/219001-澄岚区教育局2022年项目支出绩效自评表.xlsx",
        "samples/round/219-区教育局/219002-澄岚区第二中学2022年项目支出绩效自评表.xlsx",
        "samples/round/219-区教育局/219005-澄岚区职业中学自评表（加密）.xlsx",
    ];
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(Catalog::embedded(), policy, Limits::default());
    let taken = intake::collect(&samples.map(PathBuf::from), engine.limits());
    let round = review::run(taken, &engine, Books::default(), Workers::default(), None, || {});
    let mut bytes = Vec::new();
    report::write(&round, Format::Text(Colours::Off), &mut bytes).expect("memory takes it");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_snapshot!("round", text);
}

#[test]
fn a_rule_explained() {
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao")).args(["explain", "A201"]).output().expect("jixiao runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_snapshot!("explain", text);
}
