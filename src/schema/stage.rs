//! What a form is about: its stage of the yearly cycle, and whose money it speaks of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::squeeze;

/// The stage of the yearly cycle a form belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 事前绩效评估.
    ExAnte,
    /// 绩效目标.
    Target,
    /// 绩效运行监控.
    Monitoring,
    /// 绩效自评.
    SelfEvaluation,
    /// 财政重点评价.
    Evaluation,
    /// 绩效管理考核.
    Assessment,
}

impl Stage {
    /// The field's word for it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::ExAnte => "事前评估",
            Self::Target => "绩效目标",
            Self::Monitoring => "绩效监控",
            Self::SelfEvaluation => "绩效自评",
            Self::Evaluation => "重点评价",
            Self::Assessment => "绩效考核",
        }
    }

    /// The stage that a form's name speaks of, by its words; `None` where it names none.
    #[must_use]
    pub fn named_in(name: &str) -> Option<Self> {
        let words = [
            ("事前", Self::ExAnte),
            ("监控", Self::Monitoring),
            ("自评", Self::SelfEvaluation),
            ("目标", Self::Target),
            ("重点评价", Self::Evaluation),
            ("评价计划", Self::Evaluation),
            ("考核", Self::Assessment),
        ];
        named(name, &words)
    }
}

/// What the first word stands for that occurs in a name, spaces aside.
fn named<T: Copy>(name: &str, words: &[(&str, T)]) -> Option<T> {
    let name = squeeze(name);
    words.iter().find(|(word, _)| name.contains(word)).map(|(_, meant)| *meant)
}

/// Whose money a form speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// 项目.
    Project,
    /// 部门（单位）整体.
    Department,
    /// 转移支付.
    Transfer,
    /// 单位: how it manages performance, not its money.
    Unit,
    /// A list of several projects or units, such as the ledger of 专项债券 projects or the plan of evaluations.
    Several,
}

impl Subject {
    /// The field's word for it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Project => "项目",
            Self::Department => "部门整体",
            Self::Transfer => "转移支付",
            Self::Unit => "单位",
            Self::Several => "清单",
        }
    }

    /// The subject that a form's name speaks of, by its words; `None` where it names none.
    #[must_use]
    pub fn named_in(name: &str) -> Option<Self> {
        let words = [
            ("清单", Self::Several),
            ("计划表", Self::Several),
            ("考核", Self::Unit),
            ("转移支付", Self::Transfer),
            ("整体", Self::Department),
            ("部门支出", Self::Department),
            ("项目", Self::Project),
        ];
        named(name, &words)
    }

    /// Whether a form speaks of one project, whose money is counted once: a project or a transfer.
    #[must_use]
    pub fn is_project(self) -> bool {
        matches!(self, Self::Project | Self::Transfer)
    }
}
