//! Every switch for a person's own file, commented out: the text of the national preset, so that it can never lag behind.

use super::Policy;

impl Policy {
    /// The switches of the national preset for the `[policy]` table of a jixiao.toml, which must stand right above. The
    /// heads of tables stand as they are, a line of a switch starts with `# `, one of an explanation with `##`.
    #[must_use]
    pub fn commented() -> String {
        let mut text = String::new();
        for line in super::load::NATIONAL.lines() {
            text.push_str(&commented(line));
            text.push('\n');
        }
        text
    }
}

fn commented(line: &str) -> String {
    let head = line.strip_prefix('[').filter(|rest| rest.ends_with(']') && !rest.contains(['"', ',', ' ']));
    match head {
        _ if line.is_empty() => String::new(),
        Some(name) if name.len() > 1 => format!("[policy.{name}"),
        _ if line.trim_start().starts_with('#') => format!("#{}", line.trim_start()),
        _ => format!("# {line}"),
    }
}
