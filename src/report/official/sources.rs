//! Where the figures of the texts stand in 统计.xlsx.

use super::text::{Place, Row};
use crate::coverage::Occasion;
use crate::schema::{Stage, Subject};

/// Coverage of an occasion: departments, units, projects, money.
pub(super) fn coverage_of(occasion: Occasion) -> Place {
    Place { table: "汇总", block: String::new(), row: Row::Named(occasion.title()) }
}

/// Forms of an occasion: on time, passed, grades.
pub(super) fn quality_of(occasion: Occasion) -> Place {
    Place { table: "报送质量", block: String::new(), row: Row::Named(occasion.title()) }
}

/// The forms of all occasions.
pub(super) fn quality() -> Place {
    Place { table: "报送质量", block: String::new(), row: Row::Total }
}

/// The total of an occasion in the table of its stage.
pub(super) fn stage_of(occasion: Occasion) -> Place {
    let table = match (occasion.stage, occasion.subject) {
        (Stage::Monitoring, _) => "表2绩效监控",
        (Stage::SelfEvaluation, Subject::Project) => "表3绩效自评",
        (Stage::ExAnte, _) => "表7事前评估",
        (Stage::Evaluation, _) => "表8重点评价",
        (Stage::Target, Subject::Project | Subject::Transfer) => "表1绩效目标",
        (Stage::Target | Stage::SelfEvaluation | Stage::Assessment, _) => "表4整体和转移支付",
    };
    Place { table, block: occasion.title(), row: Row::Total }
}

/// What an occasion's lines in the list of what is owed show.
pub(super) fn missing_on(occasion: Occasion) -> Place {
    Place { table: "未报送名单", block: String::new(), row: Row::All(occasion.title()) }
}

/// The forms of an occasion, one by one.
pub(super) fn forms_on(occasion: Occasion) -> Place {
    Place { table: "表单明细", block: String::new(), row: Row::All(occasion.title()) }
}

/// A whole table.
pub(super) fn all_of(table: &'static str) -> Place {
    Place { table, block: String::new(), row: Row::All(String::new()) }
}

/// A problem by its code.
pub(super) fn problem(code: &str) -> Place {
    Place { table: "表5问题频次", block: String::new(), row: Row::Named(code.to_owned()) }
}

/// How many units are assessed, and how many are below the line.
pub(super) fn assessment() -> Place {
    Place { table: "考核", block: String::new(), row: Row::Lead }
}

/// The policy; its switch stands for the column.
pub(super) fn policy() -> Place {
    Place { table: "", block: String::new(), row: Row::Policy }
}
