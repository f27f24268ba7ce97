//! Schemas: what a form looks like and asks for, one TOML file a form.
//!
//! `file` mirrors the files word for word, `load` turns them into the model here, in which nothing invalid can be
//! said; all problems of all files are reported at once with file:line:column.

mod catalog;
mod file;
mod layout;
mod load;
mod load_layout;
mod model;
mod stage;
mod vocabulary;

pub use catalog::Catalog;
pub use layout::{Block, Group, Layout, ListColumn};
pub use model::{
    Choice, Class, ColumnSpec, FieldKind, FieldSpec, Figure, GridSpec, Indicators, LineSpec, Schema, Signature,
    Subclass, TableSpec, TotalSpec,
};
pub use stage::{Stage, Subject};

pub use crate::toml_file::SourceFile;
pub use file::json_schema;

/// The words in which rules and schemas speak of a form's contents. A schema may name more of its own; rules only
/// know these.
pub mod concept {
    /// Fields of the header and of the goal block.
    pub mod field {
        /// 实施单位: the unit that hands the form in.
        pub const UNIT: &str = "unit";
        /// 主管部门.
        pub const DEPARTMENT: &str = "department";
        /// 项目名称.
        pub const PROJECT: &str = "project";
        /// 项目编码 in a cell of its own.
        pub const PROJECT_CODE: &str = "project_code";
        /// Year of the form, four digits.
        pub const YEAR: &str = "year";
        /// The last month of the round of monitoring, 1 to 12.
        pub const MONTH: &str = "month";
        /// 元 or 万元.
        pub const MONEY_UNIT: &str = "money_unit";
        /// 年度（总体）目标: what was planned.
        pub const GOAL: &str = "goal";
        /// 实施期/中期/长期 goal.
        pub const TERM_GOAL: &str = "term_goal";
        /// 实际完成情况: what became of the goal.
        pub const GOAL_ACTUAL: &str = "goal_actual";
        /// 评估结论 or 评价结论.
        pub const CONCLUSION: &str = "conclusion";
        /// 填报日期.
        pub const REPORT_DATE: &str = "report_date";
        /// What the form says of deviations as a whole (偏差原因分析).
        pub const DEVIATION_SUMMARY: &str = "deviation_summary";
        /// Weight in the total row.
        pub const TOTAL_WEIGHT: &str = "total_weight";
        /// Score in the total row.
        pub const TOTAL_SCORE: &str = "total_score";
        /// 优/良/中/差 in the total row, as the unit graded itself.
        pub const TOTAL_GRADE: &str = "total_grade";
    }
    /// The money block.
    pub const FUNDING: &str = "funding";
    /// Rows of the money block.
    pub mod line {
        /// 年度资金总额.
        pub const TOTAL: &str = "total";
        /// 财政拨款.
        pub const FISCAL: &str = "fiscal";
        /// 上年结转资金.
        pub const CARRYOVER: &str = "carryover";
        /// 其他资金.
        pub const OTHER: &str = "other";
    }
    /// Columns of the money block.
    pub mod amount {
        /// 年初预算数.
        pub const INITIAL: &str = "initial";
        /// 全年（调整后）预算数; in a form without columns, the amount.
        pub const BUDGET: &str = "budget";
        /// 全年执行数.
        pub const EXECUTED: &str = "executed";
        /// 分值.
        pub const WEIGHT: &str = "weight";
        /// 执行率.
        pub const RATE: &str = "rate";
        /// 得分.
        pub const SCORE: &str = "score";
        /// 原因.
        pub const REASON: &str = "reason";
    }
    /// The indicator table.
    pub const INDICATORS: &str = "indicators";
    /// A row of a list that sums up the projects of a department, with their amounts; further ones that begin with the
    /// same project are `subtotal.2` and so on. Its total row names the department.
    pub const SUBTOTAL: &str = "subtotal";
    /// The row of a list that sums up all of its projects, with their amounts.
    pub const LIST_TOTAL: &str = "list_total";
    /// Columns of the indicator table.
    pub mod column {
        /// 一级指标.
        pub const LEVEL1: &str = "level1";
        /// 二级指标.
        pub const LEVEL2: &str = "level2";
        /// 三级指标.
        pub const LEVEL3: &str = "level3";
        /// 指标性质.
        pub const OPERATOR: &str = "operator";
        /// 指标值.
        pub const TARGET: &str = "target";
        /// 度量单位.
        pub const UNIT: &str = "unit";
        /// 实际完成值.
        pub const ACTUAL: &str = "actual";
        /// 分值.
        pub const WEIGHT: &str = "weight";
        /// 得分.
        pub const SCORE: &str = "score";
        /// 全年预计完成情况, of monitoring.
        pub const FORECAST: &str = "forecast";
        /// 完成目标可能性, of monitoring.
        pub const POSSIBILITY: &str = "possibility";
        /// 偏差原因.
        pub const REASON: &str = "reason";
        /// 指标值类型; some forms print the sign there.
        pub const VALUE_TYPE: &str = "value_type";
    }
    /// Columns of a list of projects or evaluations, one a line.
    pub mod listed {
        /// 项目名称.
        pub const PROJECT: &str = "project";
        /// 评价对象.
        pub const OBJECT: &str = "object";
        /// 申报单位 of a project.
        pub const APPLICANT: &str = "applicant";
        /// 主管部门.
        pub const DEPARTMENT: &str = "department";
        /// 金额.
        pub const AMOUNT: &str = "amount";
        /// 评价类别.
        pub const CATEGORY: &str = "category";
        /// 完成情况.
        pub const STATUS: &str = "status";
        /// The choice of [`STATUS`] that says 已完成.
        pub const DONE: &str = "done";
        /// 是否公开.
        pub const PUBLISHED: &str = "published";
        /// The choice of [`PUBLISHED`] that says 是.
        pub const YES: &str = "yes";
    }
    /// First-level classes.
    pub mod class {
        /// 成本指标.
        pub const COST: &str = "cost";
        /// 产出指标.
        pub const OUTPUT: &str = "output";
        /// 效益指标.
        pub const BENEFIT: &str = "benefit";
        /// 满意度指标.
        pub const SATISFACTION: &str = "satisfaction";
    }
    /// Second-level classes.
    pub mod subclass {
        /// 数量指标.
        pub const QUANTITY: &str = "quantity";
        /// 质量指标.
        pub const QUALITY: &str = "quality";
        /// 时效指标.
        pub const TIMELINESS: &str = "timeliness";
        /// 成本指标 under 产出 (before 2021).
        pub const COST: &str = "output_cost";
        /// 经济成本指标.
        pub const ECONOMIC_COST: &str = "economic_cost";
        /// 社会成本指标.
        pub const SOCIAL_COST: &str = "social_cost";
        /// 生态环境成本指标.
        pub const ECOLOGICAL_COST: &str = "ecological_cost";
        /// 经济效益指标.
        pub const ECONOMIC: &str = "economic";
        /// 社会效益指标.
        pub const SOCIAL: &str = "social";
        /// 生态效益指标.
        pub const ECOLOGICAL: &str = "ecological";
        /// 可持续影响指标.
        pub const SUSTAINABLE: &str = "sustainable";
        /// 服务对象满意度指标.
        pub const SATISFACTION: &str = "service_satisfaction";
    }
}
