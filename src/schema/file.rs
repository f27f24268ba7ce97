//! The mirror of schema files, word for word: what may be written, not whether it makes sense.
//!
//! `load` gives it meaning. Texts that can be wrong keep their place in the file ([`At`]).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::model::FieldKind;
use super::stage::{Stage, Subject};
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
    /// 应当相等的数：合计等于各项之和、所填个数等于行数。
    #[serde(default)]
    pub(super) total: Vec<At<TotalFile>>,
    /// 指标的分类、最少个数和分值。
    pub(super) indicators: Option<At<IndicatorsFile>>,
    /// 生成空表时用的版面。
    pub(super) layout: Option<At<LayoutFile>>,
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
    /// 一张表列多个项目，一个项目占一行或几行，项目名称是其中一列。
    #[serde(default)]
    pub(super) list: bool,
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
    /// 只有这种表才印的字样（正则表达式，与去掉空格后的整格文字比对），如报表编号、“预算执行情况(20分)”。
    #[serde(default)]
    pub(super) prints: Vec<At<String>>,
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
    /// 没有标签、写在一句话里的值，如“合计：13个项目，74263万元”：正则表达式，与去掉空格后的整格文字比对，取第一个括号内的部分。
    pub(super) from_text: Option<At<String>>,
    /// 可选的答案，kind = "choice" 时写；不写则用词汇表的。
    #[serde(default)]
    pub(super) choices: Vec<At<ChoiceFile>>,
    /// 最多写多少字。
    pub(super) max_chars: Option<u32>,
}

/// 一个可选的答案。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceFile {
    /// 概念编号，如 sure。
    pub(super) id: Option<At<String>>,
    /// 本表印的答案。
    pub(super) label: Option<At<String>>,
    /// 其他写法。
    #[serde(default)]
    pub(super) labels: Vec<At<String>>,
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
    /// 可选的答案，kind = "choice" 时写；不写则用词汇表的。
    #[serde(default)]
    pub(super) choices: Vec<At<ChoiceFile>>,
    /// 最多写多少字。
    pub(super) max_chars: Option<u32>,
    /// 各行是否不得重复，如清单里的项目名称。
    #[serde(default)]
    pub(super) unique: bool,
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

/// 应当相等的数。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TotalFile {
    /// 说的是什么，如“任务预算合计”。
    pub(super) label: Option<At<String>>,
    /// 表的编号：对表的每一行（含合计行）各比一次，此时各个数写成 { column }。
    pub(super) rows: Option<At<String>>,
    /// 所填的数。
    pub(super) total: Option<At<FigureFile>>,
    /// 加起来应当等于它的数。
    #[serde(default)]
    pub(super) parts: Vec<At<FigureFile>>,
}

/// 表上的一个数，五种写法：{ column }（写了 rows 时本行的一格），{ field }，{ grid, row, column }，{ sum = 表, column }，{ last = 表, column }（合计行），
/// { count = 表 }（行数）。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureFile {
    /// 栏目。
    pub(super) field: Option<String>,
    /// 资金块。
    pub(super) grid: Option<String>,
    /// 资金块的行。
    pub(super) row: Option<String>,
    /// 资金块或表的列。
    pub(super) column: Option<String>,
    /// 表中一列各行之和。
    pub(super) sum: Option<String>,
    /// 表中合计行的数。
    pub(super) last: Option<String>,
    /// 表的行数。
    pub(super) count: Option<String>,
}

/// 生成空表时用的版面。
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutFile {
    /// 标题上方的一行，如“附件2”“报表编号：510000_0013zp”。
    pub(super) lead: Option<String>,
    /// 横向打印。
    #[serde(default)]
    pub(super) landscape: bool,
    /// 监控表印到几月；生成时可另定。
    pub(super) month: Option<u32>,
    /// 从上到下印些什么。
    #[serde(default)]
    pub(super) print: Vec<At<BlockFile>>,
    /// 表下的注。
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// 表末签字的一行：栏目编号。
    #[serde(default)]
    pub(super) signature: Vec<At<String>>,
}

/// 版面的一块，写 fields、heads、grid、table 之一。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockFile {
    /// 一行标签与值：栏目编号。
    #[serde(default)]
    pub(super) fields: Vec<At<String>>,
    /// 并排的小标题，各带一个大格：栏目编号。
    #[serde(default)]
    pub(super) heads: Vec<At<String>>,
    /// 资金块的编号。
    pub(super) grid: Option<At<String>>,
    /// 表的编号。
    pub(super) table: Option<At<String>>,
    /// 整块的标签；不写则用资金块、表自己的。
    pub(super) label: Option<String>,
    /// 值占几行字高。
    pub(super) lines: Option<u32>,
    /// 资金块印哪些行；指标表印哪些二级指标。不写的全印。
    #[serde(default)]
    pub(super) rows: Vec<At<String>>,
    /// 资金块、表印哪些列。
    #[serde(default)]
    pub(super) columns: Vec<At<String>>,
    /// 一览表印在表左边的列：栏目编号，金额写成“资金块.列”。
    #[serde(default)]
    pub(super) left: Vec<At<String>>,
    /// 盖在几列之上的大标题。
    #[serde(default)]
    pub(super) groups: Vec<At<GroupFile>>,
    /// 表留几行空行；指标表为每个二级指标几行。
    pub(super) blank: Option<u32>,
    /// 表上印好的行：各列的文字，按 columns 的顺序。
    #[serde(default)]
    pub(super) printed: Vec<At<Vec<String>>>,
}

/// 盖在几列之上的大标题。
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupFile {
    /// 大标题。
    pub(super) label: String,
    /// 它下面的列。
    pub(super) columns: Vec<At<String>>,
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
    #[serde(default)]
    pub(super) choices: Vec<At<ChoiceFile>>,
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
