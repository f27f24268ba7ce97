//! Where the figures of the texts stand in 统计.xlsx: names of its sheets, of their lines and columns.

use super::text::Place;
use crate::coverage::Occasion;
use crate::schema::{Stage, Subject};

/// The sheet of what was not handed in.
pub(super) const MISSING: &str = "未报送名单";
/// The sheet of all judged forms.
pub(super) const FORMS: &str = "表单明细";
/// The sheet of problems by how often they occur.
pub(super) const PROBLEMS: &str = "表5问题频次";
/// The sheet of what can be counted of the assessment.
pub(super) const ASSESSMENT: &str = "考核";
/// The sheet of lines of lists.
pub(super) const LISTS: &str = "清单明细";

/// The total of an occasion.
pub(super) fn total_of(occasion: &Occasion) -> Place {
    let table = match (occasion.stage, occasion.subject) {
        (Stage::Target, _) => "表1目标",
        (Stage::Monitoring, _) => "表2监控",
        (Stage::SelfEvaluation, Subject::Department | Subject::Transfer) => "表4整体和转移支付",
        (Stage::SelfEvaluation, _) => "表3自评",
        (Stage::ExAnte | Stage::Evaluation, _) => "事前评估和重点评价",
        (Stage::Assessment, _) => ASSESSMENT,
    };
    Place::new(table, format!("“{}”的合计行", occasion.title()))
}

/// A switch of the policy.
pub(super) fn policy(switch: &str) -> Place {
    Place::new("", format!("本轮口径 {switch}"))
}
