//! What is known of the district: every planted fault with its place, and the figures that its forms carry.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What the forms of a district carry and hide.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Truth {
    pub(crate) region: String,
    /// In the order in which the forms were written.
    pub(crate) faults: Vec<Fault>,
    pub(crate) figures: Vec<Figure>,
    /// Forms that were written, repeated ones included.
    pub(crate) forms: usize,
}

/// A planted fault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// The file as a review names it.
    pub(crate) source: String,
    pub(crate) sheet: String,
    /// Empty for a form as a whole.
    pub(crate) cell: String,
    /// The rule that finds it.
    pub(crate) code: String,
    /// What the unit did.
    pub(crate) what: String,
    /// Rules that rightly speak of it too.
    pub(crate) companions: Vec<String>,
    /// Whether it shows only beside other forms.
    pub(crate) round: bool,
    /// Whether the form has other faults, among which this one may not show.
    pub(crate) among: bool,
}

/// A figure of the annual report. What does not count is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// As the report calls it.
    pub(crate) name: String,
    /// As schemas and results write them.
    pub(crate) stage: String,
    pub(crate) subject: String,
    pub(crate) year: u16,
    /// 第几次, of monitoring.
    pub(crate) turn: Option<u8>,
    /// 部门.
    pub(crate) departments: Option<usize>,
    /// 单位.
    pub(crate) units: Option<usize>,
    /// 项目; of a list its lines.
    pub(crate) projects: Option<usize>,
    /// 万元, with two decimals.
    pub(crate) amount: Option<String>,
    /// 评价类别 of a list.
    pub(crate) category: Option<String>,
    /// 已完成, of a category.
    pub(crate) done: Option<usize>,
    /// 已公开, of all categories.
    pub(crate) published: Option<usize>,
}

impl Figure {
    fn of(name: &str, stage: &str, subject: &str, year: u16) -> Self {
        Self {
            name: name.to_owned(),
            stage: stage.to_owned(),
            subject: subject.to_owned(),
            year,
            turn: None,
            departments: None,
            units: None,
            projects: None,
            amount: None,
            category: None,
            done: None,
            published: None,
        }
    }
}

/// The figures that the seed states and its forms carry.
pub(crate) fn figures() -> Vec<Figure> {
    let figure = Figure::of;
    let amount = |whole: &str| Some(format!("{whole}.00"));
    let category = |name: &str, id: &str, items: usize, done: usize| Figure {
        category: Some(id.to_owned()),
        projects: Some(items),
        done: Some(done),
        ..figure(name, "evaluation", "several", 2022)
    };
    vec![
        Figure {
            projects: Some(13),
            amount: amount("74263"),
            ..figure("政府专项债券项目事前绩效评估", "ex-ante", "several", 2022)
        },
        Figure { departments: Some(56), ..figure("2022年部门整体绩效目标", "target", "department", 2022) },
        Figure { departments: Some(56), ..figure("2023年部门整体绩效目标", "target", "department", 2023) },
        Figure {
            projects: Some(318),
            amount: amount("24543"),
            ..figure("2022年项目绩效目标", "target", "project", 2022)
        },
        Figure {
            departments: Some(56),
            units: Some(92),
            projects: Some(546),
            amount: amount("63614"),
            ..figure("2023年年初项目绩效目标", "target", "project", 2023)
        },
        Figure {
            units: Some(87),
            projects: Some(259),
            amount: amount("44289"),
            ..figure("2021年度项目绩效自评", "self-evaluation", "project", 2021)
        },
        Figure {
            departments: Some(59),
            amount: amount("173382"),
            ..figure("2021年度部门整体绩效自评", "self-evaluation", "department", 2021)
        },
        Figure {
            units: Some(16),
            projects: Some(34),
            amount: amount("8381"),
            ..figure("2021年度上级转移支付绩效自评", "self-evaluation", "transfer", 2021)
        },
        category("部门整体支出重点评价", "department", 10, 10),
        category("区级财政资金重点评价", "funds", 12, 10),
        category("专项资金绩效运行监控", "monitoring", 2, 2),
        Figure { published: Some(9), ..figure("网站公开的重点评价报告", "evaluation", "several", 2022) },
    ]
}

impl Truth {
    /// Writes 真值.json.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context("cannot write the truth")?;
        fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
    }
}
