//! The manual keeps step with the program.

use jixiao::rules::RULES;

#[test]
fn the_manual_lists_every_rule_as_the_program_does() {
    let manual = std::fs::read_to_string("README.zh-CN.md").expect("the manual");
    let listed: Vec<&str> = manual
        .lines()
        .skip_while(|line| !line.ends_with("、规则一览"))
        .filter(|line| line.starts_with("| ") && !line.starts_with("| 编码"))
        .collect();
    let rules: Vec<String> = RULES
        .iter()
        .map(|rule| format!("| {} | `{}` | {} | {} |", rule.code, rule.name, rule.severity, rule.summary))
        .collect();
    assert_eq!(listed, rules);
}
