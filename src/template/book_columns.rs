//! The columns of the blank books: how wide they are, what may stand in them, what is written and an example.

use crate::roster::period::{TURN, YEAR};
use crate::roster::table::Column;
use crate::roster::{ledger as projects, read as units, receipts};

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
    /// Four digits.
    Year,
    /// First, second, … of a year.
    Turn,
    /// A day.
    Day,
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
    /// In the explanation and, where it fits there, in the example line.
    pub(super) example: &'static str,
    /// Whether the example line shows it.
    pub(super) in_line: bool,
}

/// 名册.
pub(super) static ROSTER: [Entry; 13] = [
    Entry {
        column: &units::DEPARTMENT,
        width: 20,
        content: Content::Text,
        what: "主管部门全称。部门自己报的，部门和单位写同一个名称。",
        example: "澄岚区水务局",
        in_line: true,
    },
    Entry {
        column: &units::UNIT,
        width: 26,
        content: Content::Text,
        what: "单位全称，与表上的实施单位一致。一个单位一行；年度、次数、截止日期、项目数不同的表，写成几行。",
        example: "澄岚区水利工作站",
        in_line: true,
    },
    Entry {
        column: &units::CODE,
        width: 11,
        content: Content::Code,
        what: "预算单位编码，一个编码一个单位。表上写成“编码-名称”或只写编码时，靠它认单位。",
        example: "226002",
        in_line: true,
    },
    Entry {
        column: &units::ALIASES,
        width: 18,
        content: Content::Text,
        what: "表上可能出现的其他叫法，几个用顿号隔开。改过名的，旧名也写在这里。",
        example: "区水利站、水利站",
        in_line: true,
    },
    Entry {
        column: &units::KIND,
        width: 8,
        content: Content::Text,
        what: "如区直、街道、乡镇，用来分类统计。",
        example: "区直",
        in_line: true,
    },
    Entry {
        column: &YEAR,
        width: 8,
        content: Content::Year,
        what: "表是哪个年度的，四位数字：2026年初报的自评表写 2025。空着的，哪个年度的都算。",
        example: "2025",
        in_line: true,
    },
    Entry {
        column: &units::FORMS,
        width: 28,
        content: Content::Forms,
        what: "应报的表，从下拉框选；一行写几种的，用顿号隔开。",
        example: "项目支出绩效自评表",
        in_line: true,
    },
    Entry {
        column: &TURN,
        width: 8,
        content: Content::Turn,
        what: "只用于监控表：这一年的第几次，如 1、2，一次一行。只做一次的空着。",
        example: "2",
        in_line: false,
    },
    Entry {
        column: &units::DEADLINE,
        width: 13,
        content: Content::Day,
        what: "最后一天是哪一天，当天收到的算按时。空着的，不看是否按时。",
        example: "2026-03-15",
        in_line: true,
    },
    Entry {
        column: &units::PROJECTS,
        width: 10,
        content: Content::Count,
        what: "这种表应报几个项目，整数。空着的，报一个以上就算报了。",
        example: "3",
        in_line: true,
    },
    Entry {
        column: &units::AMOUNT,
        width: 13,
        content: Content::Amount,
        what: "这些项目的预算合计，按万元填，不要填元。空着的，不算金额覆盖率。",
        example: "120.50",
        in_line: true,
    },
    Entry {
        column: &units::MERGED_INTO,
        width: 20,
        content: Content::Text,
        what: "单位撤并了的，写并入了名册上的哪个单位，应报表单空着。没有撤并的空着。",
        example: "澄岚区水利工作站",
        in_line: false,
    },
    Entry {
        column: &units::MERGED_YEAR,
        width: 10,
        content: Content::Year,
        what: "从哪个年度起并入：这个年度起的表算并入单位的，以前年度的还算自己的。空着的，都算并入单位的。",
        example: "2025",
        in_line: false,
    },
];

/// 项目台账.
pub(super) static LEDGER: [Entry; 9] = [
    Entry {
        column: &projects::CODE,
        width: 24,
        content: Content::Code,
        what: "预算一体化系统的 21 位项目编码。没有编码的空着，按单位和名称认。",
        example: "36900023T000000000011",
        in_line: true,
    },
    Entry {
        column: &projects::NAME,
        width: 32,
        content: Content::Text,
        what: "项目全称，与预算批复一致。同一单位的项目名称不能相同。",
        example: "清水渠维护",
        in_line: true,
    },
    Entry {
        column: &projects::UNIT,
        width: 26,
        content: Content::Text,
        what: "项目所属单位，用名册上的名称。几个单位共同实施的，写牵头单位，编码要填。",
        example: "澄岚区水利工作站",
        in_line: true,
    },
    Entry {
        column: &YEAR,
        width: 8,
        content: Content::Year,
        what: "预算年度，四位数字。同一个项目列几个年度的，每个年度一行。只列一个年度的可以空着。",
        example: "2025",
        in_line: true,
    },
    Entry {
        column: &projects::AMOUNT,
        width: 13,
        content: Content::Amount,
        what: "预算金额，一律按万元填，不要填元。暂时没有数的可以空着，这一列不能删。",
        example: "12.50",
        in_line: true,
    },
    Entry {
        column: &projects::CONTINUATION,
        width: 11,
        content: Content::Choice(&["新增", "延续"]),
        what: "本年新增的项目选“新增”，以前年度就有的选“延续”。",
        example: "延续",
        in_line: true,
    },
    Entry {
        column: &projects::KIND,
        width: 14,
        content: Content::Text,
        what: "如特定目标类、运转类、转移支付。",
        example: "特定目标类",
        in_line: true,
    },
    Entry {
        column: &projects::BOND,
        width: 10,
        content: Content::Choice(&["是", "否"]),
        what: "用专项债券资金的选“是”。空着算“否”。",
        example: "否",
        in_line: true,
    },
    Entry {
        column: &projects::ALIASES,
        width: 26,
        content: Content::Text,
        what: "表上可能出现的其他叫法，几个用顿号隔开。改过名的，旧名也写在这里；名称前带年份的（如“2023年度清水渠维护”）也写在这里。",
        example: "清水渠日常维护",
        in_line: true,
    },
];

/// 收件登记.
pub(super) static RECEIPTS: [Entry; 6] = [
    Entry {
        column: &receipts::UNIT,
        width: 28,
        content: Content::Text,
        what: "报送单位，用名册上的名称。只凭文件登记的可以空着，这一列不能删。",
        example: "澄岚区水利工作站",
        in_line: true,
    },
    Entry {
        column: &receipts::FORM,
        width: 32,
        content: Content::Forms,
        what: "收到的是哪一种表，从下拉框选。空着的，这个单位的各种表都算。",
        example: "项目支出绩效自评表",
        in_line: true,
    },
    Entry {
        column: &YEAR,
        width: 8,
        content: Content::Year,
        what: "表是哪个年度的，四位数字。空着的，哪个年度的都算。",
        example: "2025",
        in_line: true,
    },
    Entry {
        column: &TURN,
        width: 8,
        content: Content::Turn,
        what: "只用于监控表：这一年的第几次，如 1、2。空着的，各次都算。",
        example: "2",
        in_line: false,
    },
    Entry {
        column: &receipts::FILE,
        width: 36,
        content: Content::Text,
        what: "只登记一个文件时写文件名，可以连文件夹一起写。空着的，不限文件。",
        example: "补报/水利站自评表.xlsx",
        in_line: false,
    },
    Entry {
        column: &receipts::RECEIVED,
        width: 14,
        content: Content::Day,
        what: "收到的那一天。补正后又收到的，再登记一行；是否按时看第一天。",
        example: "2026-03-10",
        in_line: true,
    },
];
