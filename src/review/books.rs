//! What a round is seen beside.

use chrono::NaiveDate;

use crate::decisions::Decisions;
use crate::previous::PastForm;
use crate::roster::Registry;

/// What a round is seen beside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Books<'a> {
    /// 名册 and 项目台账.
    pub registry: Registry<'a>,
    /// The forms of earlier rounds and stages.
    pub past: &'a [PastForm],
    /// 出错说明登记表.
    pub decisions: Option<&'a Decisions>,
    /// The day on which decisions must still hold; `None` for no day in particular.
    pub today: Option<NaiveDate>,
}
