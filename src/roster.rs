//! The roster (名册): which units must hand in which forms, and by what names they are known.
//!
//! Owns the identity of units: a name is compared without spaces, bracket styles and code prefixes, and by the
//! aliases the roster gives. What does not match is never guessed; a suggestion is another matter.

mod read;
mod table;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::schema::{Stage, Subject};
use crate::text::{similarity, squeeze};

/// Similarity from which an unknown name gets a suggestion.
const SUGGEST_FROM: f64 = 0.3;

/// Who must hand in what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Roster {
    /// In the order of the file.
    units: Vec<Unit>,
    /// Unit key of every name and alias → index into `units`.
    names: BTreeMap<String, usize>,
}

/// A unit of the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// 主管部门.
    pub department: String,
    /// The name as the roster writes it.
    pub name: String,
    /// 单位编码, empty where the roster has none.
    pub code: String,
    /// Other names it hands in under.
    pub aliases: Vec<String>,
    /// 区直, 街道, … as written; empty where the roster has none.
    pub kind: String,
    /// What it must hand in.
    pub expected: Vec<Expected>,
}

/// What a unit must hand in of one form.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The form as the roster names it.
    pub form: String,
    /// Which forms count as it.
    pub kind: FormKind,
    /// So many projects, `None` where the roster leaves it open; a form about the whole unit is one.
    pub projects: Option<u32>,
    /// Money of these projects, in 万元.
    pub amount: Option<Decimal>,
}

/// A kind of form, whatever its year's layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormKind {
    /// Stage of the cycle.
    pub stage: Stage,
    /// Whose money.
    pub subject: Subject,
}

impl FormKind {
    /// The kind that a form's name speaks of, by its words: `项目支出绩效自评表` is a self-evaluation of a project.
    /// `None` where it names no stage.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = squeeze(name);
        let stages = [
            ("事前", Stage::ExAnte),
            ("监控", Stage::Monitoring),
            ("自评", Stage::SelfEvaluation),
            ("目标", Stage::Target),
        ];
        let subjects = [
            ("转移支付", Subject::Transfer),
            ("整体", Subject::Department),
            ("部门支出", Subject::Department),
            ("项目", Subject::Project),
        ];
        let stage = stages.iter().find(|(word, _)| name.contains(word))?.1;
        let subject = subjects.iter().find(|(word, _)| name.contains(word)).map_or(Subject::Project, |(_, s)| *s);
        Some(Self { stage, subject })
    }
}

impl Roster {
    /// The units in the order of the file.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The unit known by this name; `None` where no name or alias is the same.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Unit> {
        self.units.get(*self.names.get(&unit_key(name))?)
    }

    /// The unit a stranger most likely is: by its code, else by the nearest name. For a person to confirm.
    #[must_use]
    pub fn suggest(&self, name: &str) -> Option<&Unit> {
        let code = leading_code(&squeeze(name)).map(|(code, _)| code.to_owned());
        let by_code = self.units.iter().find(|unit| !unit.code.is_empty() && code.as_ref() == Some(&unit.code));
        by_code.or_else(|| {
            let key = unit_key(name);
            let scored = self.names.iter().map(|(known, at)| (similarity(known, &key), *at));
            let (score, at) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
            self.units.get(at).filter(|_| score >= SUGGEST_FROM)
        })
    }
}

/// The key by which unit names are compared: folded, without spaces, one style of brackets, without a code before
/// the name (`219001-` or `[015001]`).
#[must_use]
pub fn unit_key(name: &str) -> String {
    let squeezed: String = squeeze(name)
        .to_lowercase()
        .chars()
        .map(|c| match c {
            '[' | '【' | '〔' | '〖' => '(',
            ']' | '】' | '〕' | '〗' => ')',
            c => c,
        })
        .collect();
    match leading_code(&squeezed) {
        Some((_, rest)) => rest.to_owned(),
        None => squeezed,
    }
}

/// The name as written, without a code before it.
#[must_use]
pub fn without_code(name: &str) -> &str {
    let name = name.trim();
    leading_code(name).map_or(name, |(_, rest)| rest.trim_start())
}

/// The code before a name, and the name. Three digits need a separator or brackets, so that `120急救中心` stays whole.
fn leading_code(squeezed: &str) -> Option<(&str, &str)> {
    let inner = squeezed.strip_prefix(['(', '[', '【', '〔', '（', '［']).unwrap_or(squeezed);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let code = inner.get(..inner.len() - rest.len())?;
    let name = rest.trim_start_matches([')', ']', '】', '〕', '）', '］', '-', '—', '_', ':', '：', ' ']);
    let separated = name.len() < rest.len();
    let enough = if separated { 3 } else { 6 };
    (code.len() >= enough && !name.is_empty()).then_some((code, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_however_its_name_is_typed() {
        for name in [
            "城东区农业农村局（本级）",
            "城东区 农业农村局(本级)",
            "219001-城东区农业农村局〔本级〕",
            "[219001]城东区农业农村局（本级）",
            "219001城东区农业农村局【本级】",
        ] {
            assert_eq!(unit_key(name), "城东区农业农村局(本级)", "{name}");
        }
        assert_eq!(unit_key("120急救中心"), "120急救中心");
    }

    #[test]
    fn a_form_name_tells_its_kind_by_its_words() {
        let kind = |stage, subject| Some(FormKind { stage, subject });
        assert_eq!(FormKind::of_name("项目支出绩效自评表"), kind(Stage::SelfEvaluation, Subject::Project));
        assert_eq!(FormKind::of_name("部门整体支出绩效目标申报表"), kind(Stage::Target, Subject::Department));
        assert_eq!(FormKind::of_name("转移支付区域绩效自评表"), kind(Stage::SelfEvaluation, Subject::Transfer));
        assert_eq!(FormKind::of_name("工资表"), None);
    }
}
