//! The lines that the stages of the yearly cycle draw: 事前评估, 运行监控, 考核, and what a satisfaction target must reach.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 绩效运行监控: lines of the months and lights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
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
    fn a_light_changes_at_its_edge() {
        let light = |share| monitoring().light(Decimal::new(share, 2));
        assert_eq!(
            [59, 60, 79, 80, 119, 120].map(light),
            [Light::Red, Light::Yellow, Light::Yellow, Light::Green, Light::Green, Light::Blue]
        );
    }
}
