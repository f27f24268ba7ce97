//! jixiao.toml: what it may say, what is refused, and the one that `jixiao init` writes.

use jixiao::config::{Config, FILE_NAME};
use jixiao::error::ErrorKind;
use jixiao::policy::Policy;
use jixiao::rules::RULES;
use jixiao::schema::SourceFile;

fn load(text: &str) -> Result<Config, ErrorKind> {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    Config::load(&SourceFile::new(FILE_NAME, text), &names)
}

fn national() -> Policy {
    Policy::embedded("national").expect("a preset")
}

#[test]
fn a_file_without_policy_has_the_national_one() {
    let config = load("[round]\nroster = \"名册.xlsx\"\n").expect("a good file");
    assert_eq!(config.policy, national());
    assert_eq!(config.roster.as_deref(), Some("名册.xlsx"));
    assert_eq!(load("").expect("an empty file").roster, None);
}

#[test]
fn unknown_keys_are_told_with_their_places_in_round_and_policy_alike() {
    let text = "[round]\nrosters = \"名册.xlsx\"\n[policy]\nregister = \"登记表.xlsx\"\nbasis = 1\n[output]\n";
    let Err(ErrorKind::Invalid(lines)) = load(text) else { panic!("three unknown keys") };
    let places: Vec<&str> = lines.iter().filter_map(|line| line.split('，').next()).collect();
    assert_eq!(
        places,
        [
            "jixiao.toml:2:1：不认识的键“rosters”",
            "jixiao.toml:6:2：不认识的键“output”",
            "jixiao.toml:5:1：不认识的键“basis”"
        ],
        "{lines:#?}"
    );
}

#[test]
fn a_key_outside_every_section_is_told_once() {
    let Err(ErrorKind::Invalid(lines)) = load("register = \"登记表.xlsx\"\n") else { panic!("an unknown key") };
    assert_eq!(lines, ["jixiao.toml:1:1：不认识的键“register”，这里可用：round、letter、limits、policy"]);
}

#[test]
fn the_new_file_changes_nothing_and_with_every_switch_uncommented_gives_the_national_policy() {
    let template = Config::template();
    let config = load(&template).expect("a good file");
    assert_eq!((config.policy, config.register, config.roster), (national(), None, None));

    let uncommented: String =
        template.lines().map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();
    let config = load(&uncommented).expect("every switch is a good one");
    assert_eq!(config.policy, national());
    assert_eq!(config.register.as_deref(), Some("规则登记表.xlsx"));
    assert_eq!(config.roster.as_deref(), Some("名册.xlsx"));
    // Nothing is inherited: over another preset the switches say all there is to say.
    let other = uncommented.replace("extends = \"national\"\n", "extends = \"jiangxi\"\n");
    assert_ne!(other, uncommented);
    assert_eq!(load(&other).expect("a good file").policy, national());
}

#[test]
fn a_switch_uncommented_alone_counts() {
    let text = Config::template().replace("# reason_below = 0.9", "reason_below = 0.85");
    let policy = load(&text).expect("a good file").policy;
    assert_eq!(policy.execution.reason_below.to_string(), "0.85");
}
