//! The lines that the stages of the yearly cycle draw: 事前评估, 运行监控, 考核, and what a satisfaction target must reach.

use super::Band;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 绩效运行监控: lines of the months and lights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// The last month of the first round of the year, of the second, and so on.
    pub rounds: Vec<u32>,
    /// Execution rates that must be reached, in the order of months; none where no line is drawn.
    pub lines: Vec<MonthLine>,
    /// Below this share of the progress due by the calendar (序时进度) the light is red.
    #[schemars(with = "f64")]
    pub red_below: Decimal,
    /// Below this share it is yellow.
    #[schemars(with = "f64")]
    pub yellow_below: Decimal,
    /// From this share on it is blue: far ahead of the calendar.
    #[schemars(with = "f64")]
    pub blue_from: Decimal,
    /// Whether a yellow light needs a reason too; a red one always does.
    pub yellow_needs_reason: bool,
    /// Distance of the progress of the outputs from that of the spending that is told, as a fraction; 0 tells none.
    #[schemars(with = "f64")]
    pub gap_from: Decimal,
}

/// The execution rate that must be reached by the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthLine {
    /// 1 to 12.
    pub month: u32,
    /// A fraction.
    #[schemars(with = "f64")]
    pub rate: Decimal,
}

/// A light of the monitoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// 红灯.
    Red,
    /// 黄灯.
    Yellow,
    /// 绿灯.
    Green,
    /// 蓝灯.
    Blue,
}

impl Light {
    /// 红灯, 黄灯, 绿灯 or 蓝灯.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Red => "红灯",
            Self::Yellow => "黄灯",
            Self::Green => "绿灯",
            Self::Blue => "蓝灯",
        }
    }
}

impl Monitoring {
    /// Which round of the year a monitoring up to this month belongs to, from 1: the first that ends then or later, else the
    /// last. `None` where the policy names no rounds.
    #[must_use]
    pub fn round_of(&self, month: u32) -> Option<u8> {
        let at = self.rounds.iter().position(|last| month <= *last);
        u8::try_from(at.map_or(self.rounds.len(), |at| at + 1)).ok().filter(|round| *round > 0)
    }

    /// The line that holds at the end of a month: the last one drawn by then; `None` before the first.
    #[must_use]
    pub fn line_at(&self, month: u32) -> Option<MonthLine> {
        self.lines.iter().rev().copied().find(|line| line.month <= month)
    }

    /// The light of what was reached, as a share of the progress due by the calendar.
    #[must_use]
    pub fn light(&self, share: Decimal) -> Light {
        if share < self.red_below {
            Light::Red
        } else if share < self.yellow_below {
            Light::Yellow
        } else if share < self.blue_from {
            Light::Green
        } else {
            Light::Blue
        }
    }
}

/// 事前绩效评估.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExAnte {
    /// From this amount on a new project needs a 事前绩效评估报告, in 万元.
    #[schemars(with = "f64")]
    pub required_from: Decimal,
}

/// 预算绩效管理考核 of the units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Below so many points the next budget is cut.
    #[schemars(with = "f64")]
    pub cut_below: Decimal,
    /// What becomes of a unit below.
    pub consequence: String,
    /// Points of what can be counted; together 100.
    pub points: AssessmentPoints,
    /// What becomes of the points of a part that a unit has nothing for.
    pub without: WithoutPart,
    /// What the assessment is worth in the yearly one of the government, by kind of unit.
    pub scales: Vec<Scale>,
}

/// Points of the parts of the assessment that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentPoints {
    /// 覆盖: forms that came of those due.
    #[schemars(with = "f64")]
    pub coverage: Decimal,
    /// 及时: forms on time of those whose day is known.
    #[schemars(with = "f64")]
    pub timeliness: Decimal,
    /// 质量: the mean quality score of the forms.
    #[schemars(with = "f64")]
    pub quality: Decimal,
    /// 整改: returned forms that were mended.
    #[schemars(with = "f64")]
    pub correction: Decimal,
}

impl AssessmentPoints {
    /// All parts together.
    #[must_use]
    pub fn sum(&self) -> Decimal {
        self.coverage + self.timeliness + self.quality + self.correction
    }
}

/// The points of a part that a unit has nothing for: no day known, nothing returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutPart {
    /// Full points.
    Full,
    /// The other parts count for it in proportion.
    Spread,
}

/// What 100 points of the assessment are worth in the government's yearly one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Kind of unit as the roster writes it.
    pub kind: String,
    /// Points there.
    #[schemars(with = "f64")]
    pub points: Decimal,
}

/// 统计.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// The lowest grade that goes on; forms below are returned to be mended.
    pub passing: Band,
}

/// 抽查: how much a risk adds to the weight 1 of a form, and where money is large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// From these budgets on a project is 大额 and 中额, in 万元.
    #[schemars(with = "Vec<f64>")]
    pub sizes: [Decimal; 2],
    /// The full score is doubtful.
    pub suspect: u32,
    /// The unit scored itself 100.
    pub perfect: u32,
    /// The form's quality is 差.
    pub poor: u32,
    /// The form's quality is 中.
    pub fair: u32,
    /// The form has a severe finding.
    pub severe: u32,
    /// The execution rate is low.
    pub low_execution: u32,
    /// Below this rate it is low. A fraction.
    #[schemars(with = "f64")]
    pub low_execution_below: Decimal,
    /// The form was returned and mended.
    pub returned: u32,
    /// The form came late.
    pub late: u32,
}

/// Targets of satisfaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Satisfaction {
    /// A target below this rate is asked about; 0 asks about none. A fraction.
    #[schemars(with = "f64")]
    pub ask_below: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitoring() -> Monitoring {
        let line = |month, rate| MonthLine { month, rate: Decimal::new(rate, 2) };
        Monitoring {
            rounds: vec![7, 10],
            lines: vec![line(4, 25), line(6, 40)],
            red_below: Decimal::new(6, 1),
            yellow_below: Decimal::new(8, 1),
            blue_from: Decimal::new(12, 1),
            yellow_needs_reason: true,
            gap_from: Decimal::new(1, 1),
        }
    }

    #[test]
    fn the_line_of_a_month_is_the_last_one_drawn_by_then() {
        let rate = |month| monitoring().line_at(month).map(|line| line.rate.to_string());
        assert_eq!([rate(3), rate(4), rate(7)], [None, Some("0.25".to_owned()), Some("0.40".to_owned())]);
    }

    #[test]
    fn a_month_belongs_to_the_first_round_that_ends_then_or_later() {
        let rounds = |month| monitoring().round_of(month);
        assert_eq!([6, 7, 8, 10, 12].map(rounds), [Some(1), Some(1), Some(2), Some(2), Some(2)]);
    }

    #[test]
    fn a_light_changes_at_its_edge() {
        let light = |share| monitoring().light(Decimal::new(share, 2));
        assert_eq!(
            [59, 60, 79, 80, 119, 120].map(light),
            [Light::Red, Light::Yellow, Light::Yellow, Light::Green, Light::Green, Light::Blue]
        );
    }
}
