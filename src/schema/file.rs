//! The mirror of schema files, word for word: what may be written, not whether it makes sense.
//!
//! `load` gives it meaning. Texts that can be wrong keep their place in the file ([`At`]).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::model::{FieldKind, Stage, Subject};
use crate::toml_file::At;

/// The JSON Schema of schema files, for editors: published as `schemas/schema.json`.
#[must_use]
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(SchemaFile)
}

/// 表单定义文件：一种表单一个 TOML 文件，文件名（去掉 .toml）即表单编号。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemaFile {
    /// 表单是什么。
    pub(super) form: Option<At<FormFile>>,
    /// 凭什么认出这种表单。
    pub(super) signature: Option<At<SignatureFile>>,
    /// 标签 → 值：表头和绩效目标。
    #[serde(default)]
    pub(super) field: Vec<At<FieldFile>>,
    /// 行标签 × 列标题：资金块。
    #[serde(default)]
    pub(super) grid: Vec<At<GridFile>>,
    /// 表头加重复的行：指标表。
    #[serde(default)]
    pub(super) table: Vec<At<TableFile>>,
    /// 指标的分类、最少个数和分值。
    pub(super) indicators: Option<At<IndicatorsFile>>,
    /// 生成空表时用的版面。
    #[serde(default)]
    pub(super) layout: LayoutFile,
    /// 对规则的调整。
    #[serde(default)]
    pub(super) rules: RulesFile,
}

/// 表单是什么。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    /// 正式标题，如“项目支出绩效自评表”。
    pub(super) title: Option<At<String>>,
    /// 环节。
    pub(super) stage: Option<Stage>,
    /// 对象。
    pub(super) subject: Option<Subject>,
    /// 版式的依据，注明哪些已核实、哪些未核实。
    #[serde(default)]
    pub(super) source: String,
}

/// 凭什么认出这种表单。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureFile {
    /// 标题的正则表达式（与去掉空格、括号后的标题比对），命中任何一个即可。
    #[serde(default)]
    pub(super) title: Vec<At<String>>,
    /// 这种表单的标题绝不会出现的正则表达式。
    #[serde(default)]
    pub(super) title_not: Vec<At<String>>,
    /// 表上印着的标签。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    /// 表上绝不会印的标签。
    #[serde(default)]
    pub(super) labels_not: Vec<At<String>>,
    /// 必须印着的一级指标。
    #[serde(default)]
    pub(super) classes: Vec<At<String>>,
    /// 不印的一级指标。
    #[serde(default)]
    pub(super) classes_not: Vec<At<String>>,
}

/// 一个带标签的值。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldFile {
    /// 概念编号，如 unit；词汇表里有的，标签和类型从那里取。
    pub(super) id: Option<At<String>>,
    /// 本表印的标签；不写则用词汇表的。
    pub(super) label: Option<At<String>>,
    /// 本表特有的其他写法，排在词汇表之前。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    /// 值的类型；不写则用词汇表的，词汇表也没有的按文字。
    pub(super) kind: Option<FieldKind>,
    /// 空着是否算问题。
    #[serde(default)]
    pub(super) required: bool,
    /// 没有标签时从标题取值：正则表达式，取第一个括号内的部分。
    pub(super) from_title: Option<At<String>>,
}

/// 行标签 × 列标题。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GridFile {
    /// 编号；资金块叫 funding。
    pub(super) id: Option<At<String>>,
    /// 整块的标签，如“项目资金”。
    pub(super) label: Option<At<String>>,
    /// 行。
    #[serde(default)]
    pub(super) row: Vec<At<LineFile>>,
    /// 列；表上没有列标题（标签右边就是金额）的，只列一个 budget。
    #[serde(default)]
    pub(super) column: Vec<At<ColumnFile>>,
}

/// 资金块的一行。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LineFile {
    /// 概念编号，如 total。
    pub(super) id: Option<At<String>>,
    /// 本表印的标签。
    pub(super) label: Option<At<String>>,
    /// 本表特有的其他写法。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    /// 是否为其他各行之和。
    #[serde(default)]
    pub(super) total: bool,
    /// 空着是否算问题。
    #[serde(default)]
    pub(super) required: bool,
}

/// 一列。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFile {
    /// 概念编号，如 target。
    pub(super) id: Option<At<String>>,
    /// 本表印的列标题。
    pub(super) label: Option<At<String>>,
    /// 本表特有的其他写法。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    /// 值的类型。
    pub(super) kind: Option<FieldKind>,
    /// 已填的行里，这一格空着是否算问题。
    #[serde(default)]
    pub(super) required: bool,
}

/// 表头加重复的行。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    /// 编号；指标表叫 indicators。
    pub(super) id: Option<At<String>>,
    /// 整块的标签，如“绩效指标”。
    pub(super) label: Option<At<String>>,
    /// 列。
    #[serde(default)]
    pub(super) column: Vec<At<ColumnFile>>,
    /// 行首出现即表示本表结束的标签，在词汇表的之外另加。
    #[serde(default)]
    pub(super) ends: Vec<At<String>>,
    /// 合计行的标签，在词汇表的之外另加。
    #[serde(default)]
    pub(super) totals: Vec<At<String>>,
}

/// 指标的分类、最少个数和分值。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorsFile {
    /// 三级指标至少几个。
    pub(super) minimum: Option<u32>,
    /// 预算执行率的分值，不计分的不写。
    #[serde(default)]
    #[schemars(with = "f64")]
    pub(super) execution_points: Decimal,
    /// 全部分值（含预算执行率）合计，不计分的不写。
    #[schemars(with = "Option<f64>")]
    pub(super) total_points: Option<At<Decimal>>,
    /// 一级指标，按表上的顺序。
    #[serde(default)]
    pub(super) class: Vec<At<ClassFile>>,
}

/// 一个一级指标。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassFile {
    /// 概念编号，如 output。
    pub(super) id: Option<At<String>>,
    /// 本表印的名称。
    pub(super) label: Option<At<String>>,
    /// 本表特有的其他写法。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    /// 一个指标都没有是否算问题。
    #[serde(default)]
    pub(super) required: bool,
    /// 分值；各地自定的不写。
    #[schemars(with = "Option<f64>")]
    pub(super) points: Option<Decimal>,
    /// 二级指标，按表上的顺序。
    #[serde(default)]
    pub(super) subclass: Vec<At<SubclassFile>>,
}

/// 一个二级指标。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubclassFile {
    /// 概念编号，如 quantity。
    pub(super) id: Option<At<String>>,
    /// 本表印的名称。
    pub(super) label: Option<At<String>>,
    /// 本表特有的其他写法。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    /// 一个指标都没有是否算问题。
    #[serde(default)]
    pub(super) required: bool,
}

/// 生成空表时用的版面。
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutFile {
    /// 表下的注。
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

/// 对规则的调整。
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    /// 对本表不查的规则（规则名）。
    #[serde(default)]
    pub(super) off: Vec<At<String>>,
    /// 给规则的数：规则名 → 参数 → 数。
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, f64>>")]
    pub(super) settings: BTreeMap<At<String>, BTreeMap<String, Decimal>>,
}

/// 词汇表：概念编号 → 印的标签、其他写法、类型。
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VocabularyFile {
    #[serde(default)]
    pub(super) field: Vec<At<WordFile>>,
    #[serde(default)]
    pub(super) line: Vec<At<WordFile>>,
    #[serde(default)]
    pub(super) amount: Vec<At<WordFile>>,
    #[serde(default)]
    pub(super) column: Vec<At<WordFile>>,
    #[serde(default)]
    pub(super) class: Vec<At<WordFile>>,
    #[serde(default)]
    pub(super) subclass: Vec<At<WordFile>>,
    #[serde(default)]
    pub(super) table: TableWordsFile,
}

/// 词汇表的一条。
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordFile {
    pub(super) id: Option<At<String>>,
    pub(super) label: Option<At<String>>,
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
    pub(super) kind: Option<FieldKind>,
}

/// 各种表共用的结束标签与合计行标签。
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableWordsFile {
    #[serde(default)]
    pub(super) ends: Vec<At<String>>,
    #[serde(default)]
    pub(super) totals: Vec<At<String>>,
}
