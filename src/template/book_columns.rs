//! The columns of the blank books: how wide they are, what may stand in them, what is written and an example.

use crate::roster::table::Column;
use crate::roster::{ledger as projects, read as units};

/// What may stand in a column.
pub(super) enum Content {
    /// Words.
    Text,
    /// Digits and letters that are no number: `001001` keeps its zeros.
    Code,
    /// So many.
    Count,
    /// Money in 万元.
    Amount,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of the form titles, or several parted by `、`.
    Forms,
}

/// A column as it is sent out.
pub(super) struct Entry {
    /// Its name and how it is found.
    pub(super) column: &'static Column,
    /// Width in characters of Latin text.
    pub(super) width: u32,
    pub(super) content: Content,
    /// What to write.
    pub(super) what: &'static str,
    /// In the example line.
    pub(super) example: &'static str,
}

/// 名册.
pub(super) static ROSTER: [Entry; 8] = [
    Entry {
        column: &units::DEPARTMENT,
        width: 24,
        content: Content::Text,
        what: "主管部门全称。部门自己报的，部门和单位写同一个名称。",
        example: "澄岚区水务局",
    },
    Entry {
        column: &units::UNIT,
        width: 30,
        content: Content::Text,
        what: "单位全称，与表上的实施单位一致。一个单位一行；要报几种表、项目数不同的，可以写几行。",
        example: "澄岚区水利工作站",
    },
    Entry {
        column: &units::CODE,
        width: 12,
        content: Content::Code,
        what: "预算单位编码。表上写成“编码-名称”或只写编码时，靠它认单位。",
        example: "226002",
    },
    Entry {
        column: &units::ALIASES,
        width: 22,
        content: Content::Text,
        what: "表上可能出现的其他叫法，几个用顿号隔开。",
        example: "区水利站、水利站",
    },
    Entry {
        column: &units::KIND,
        width: 10,
        content: Content::Text,
        what: "如行政、事业、街道、乡镇。",
        example: "事业",
    },
    Entry {
        column: &units::FORMS,
        width: 34,
        content: Content::Forms,
        what: "应报的表，从下拉框选；一行写几种的，用顿号隔开。",
        example: "项目支出绩效自评表",
    },
    Entry {
        column: &units::PROJECTS,
        width: 12,
        content: Content::Count,
        what: "这种表应报几个项目。空着的，报一个以上就算报了。",
        example: "3",
    },
    Entry {
        column: &units::AMOUNT,
        width: 18,
        content: Content::Amount,
        what: "这些项目的预算合计，按万元填。空着的，不算金额覆盖率。",
        example: "120.50",
    },
];

/// 项目台账.
pub(super) static LEDGER: [Entry; 8] = [
    Entry {
        column: &projects::CODE,
        width: 24,
        content: Content::Code,
        what: "预算一体化系统的 21 位项目编码。没有编码的空着，按单位和名称认。",
        example: "36900023T000000000011",
    },
    Entry {
        column: &projects::NAME,
        width: 34,
        content: Content::Text,
        what: "项目全称，与预算批复一致。同一单位的项目名称不能相同。",
        example: "清水渠维护",
    },
    Entry {
        column: &projects::UNIT,
        width: 28,
        content: Content::Text,
        what: "项目所属单位，用名册上的名称。",
        example: "澄岚区水利工作站",
    },
    Entry {
        column: &projects::AMOUNT,
        width: 14,
        content: Content::Amount,
        what: "预算金额，一律按万元填，不要填元。暂时没有数的可以空着，这一列不能删。",
        example: "12.50",
    },
    Entry {
        column: &projects::CONTINUATION,
        width: 12,
        content: Content::Choice(&["新增", "延续"]),
        what: "本年新增的项目选“新增”，以前年度就有的选“延续”。",
        example: "延续",
    },
    Entry {
        column: &projects::KIND,
        width: 16,
        content: Content::Text,
        what: "如特定目标类、运转类、转移支付。",
        example: "特定目标类",
    },
    Entry {
        column: &projects::BOND,
        width: 11,
        content: Content::Choice(&["是", "否"]),
        what: "用专项债券资金的选“是”。空着算“否”。",
        example: "否",
    },
    Entry {
        column: &projects::ALIASES,
        width: 28,
        content: Content::Text,
        what: "表上可能出现的其他叫法，几个用顿号隔开。名称前带年份的（如“2023年度清水渠维护”）也写在这里。",
        example: "清水渠日常维护",
    },
];
