//! jixiao.toml: what a round is judged by, from one file that stands in its work folder. Opens nothing.

mod limits;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::error::ErrorKind;
use crate::ooxml::Limits;
use crate::policy::Policy;
use crate::toml_file::{Problems, SourceFile, read};
use crate::value::parse_date;

/// The file's name, looked for from the input folder upwards.
pub const FILE_NAME: &str = "jixiao.toml";

/// A round's settings. Paths are as written: relative to the file's folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The policy of `[policy]`, without the register's changes.
    pub policy: Policy,
    /// The 规则登记表 to lay over it.
    pub register: Option<String>,
    /// 名册: who must hand in what.
    pub roster: Option<String>,
    /// 项目台账: the projects of the year.
    pub ledger: Option<String>,
    /// 收件登记: when forms were received.
    pub received: Option<String>,
    /// 出错说明登记表: what the bureau decided on explanations.
    pub decisions: Option<String>,
    /// Whom and what the round is counted for.
    pub round: RoundName,
    /// Who writes to the units.
    pub letterhead: Letterhead,
    /// What one file may cost.
    pub limits: Limits,
}

/// Whom and what a round is counted for: by these results of several rounds and places are told apart and put in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundName {
    /// The place, such as 青禾区; empty where it is not said.
    pub region: String,
    /// The round's name, such as 2026年度第二次监控; empty where it is not said.
    pub name: String,
    /// The day of the review.
    pub day: Option<NaiveDate>,
}

/// What a letter to a unit says of its sender; an empty text leaves a blank to be filled in by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Letterhead {
    /// 发文机关.
    pub bureau: String,
    /// 文号.
    pub number: String,
    /// 整改期限: a day, or words that stand between 于 and 修改完毕, such as `收到本通知后10个工作日内`.
    pub deadline: String,
    /// 联系人及电话.
    pub contact: String,
    /// 成文日期, unless the command says another.
    pub date: String,
    /// Problems of a form that the letter tells at most.
    pub problems: Option<usize>,
}

/// The file's tables; those of the policy are the policy's business.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mirror {
    #[serde(default)]
    round: Round,
    #[serde(default)]
    letter: Letterhead,
    #[serde(default)]
    limits: limits::Mirror,
    #[serde(default, rename = "policy")]
    _policy: BTreeMap<String, IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    roster: Option<String>,
    ledger: Option<String>,
    received: Option<String>,
    decisions: Option<String>,
    #[serde(default)]
    region: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    date: String,
}

impl Config {
    /// Reads the file; `known_rules` as in [`Policy::load`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] with every problem as `file:line:column：message`.
    pub fn load(file: &SourceFile, known_rules: &[&str]) -> Result<Self, ErrorKind> {
        let mut problems = Problems::default();
        let mirror: Mirror = read(file, &mut problems).unwrap_or_default();
        let limits = limits::limits(&mirror.limits, file, &mut problems);
        let policy = Policy::load(&[], file, known_rules);
        match (problems.or(()), policy) {
            (Ok(()), Ok(policy)) => {
                let Round { roster, ledger, received, decisions, region, name, date } = mirror.round;
                let day = parse_date(&date);
                if day.is_none() && !date.trim().is_empty() {
                    let message =
                        format!("{}：[round] 的 date = “{date}”不是日期，应为 \"2026-08-15\" 这样的写法", file.name);
                    return Err(ErrorKind::Invalid(vec![message]));
                }
                let round = RoundName { region, name, day };
                let register = Policy::register_of(file);
                Ok(Self {
                    policy,
                    register,
                    roster,
                    ledger,
                    received,
                    decisions,
                    round,
                    letterhead: mirror.letter,
                    limits,
                })
            }
            (Err(ErrorKind::Invalid(mut lines)), Err(ErrorKind::Invalid(more))) => {
                // A place that is wrong for the file is not told again as what the policy makes of it.
                let place = |line: &str| {
                    let behind_name = line.get(file.name.len()..)?;
                    behind_name.split_once('：').map(|(place, _)| place.to_owned())
                };
                let told: Vec<Option<String>> = lines.iter().map(|line| place(line)).collect();
                let new: Vec<String> = more.into_iter().filter(|line| !told.contains(&place(line))).collect();
                lines.extend(new);
                Err(ErrorKind::Invalid(lines))
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// A new jixiao.toml: every switch with its explanation, all of them commented out.
    #[must_use]
    pub fn template() -> String {
        format!("{HEAD}\n{}\n{POLICY}\n{}", limits::COMMENTED, Policy::commented())
    }
}

const HEAD: &str = r#"## 本轮审核的设置。jixiao review、check 从所审的文件夹起逐级向上找这个文件；命令里写了 --policy 或 --no-config 的不用它。
## 两个 # 开头的是说明。一个 # 开头的是开关，写的是全国通用口径的值；删去行首的“# ”再改，就按改的算（一项占几行的，几行都删）。
## 文件名从本文件所在的文件夹算起。

[round]
## 地区和轮次：写在统计和报告上；几轮、几个地区的结果放在一起统计时（jixiao stats），按它们分开。date 是审核的日期，轮次按它排先后。
# region = "青禾区"
# name = "2026年度第二次监控"
# date = "2026-11-05"
## 名册：部门、单位、应报表单。写了，review 就不必再写 --roster。
# roster = "名册.xlsx"
## 项目台账：本年的项目。写了，就不必再写 --ledger。
# ledger = "项目台账.xlsx"
## 收件登记：各单位的表是哪一天收到的，用来看是否按时。写了，就不必再写 --received。
# received = "收件登记.xlsx"
## 出错说明登记表：单位的说明，局里接受还是不接受。用 jixiao decisions 生成；写了，就不必再写 --decisions。
# decisions = "出错说明登记表.xlsx"

[letter]
## 整改通知书上的发文机关、文号、整改期限、联系人及电话、成文日期。不写的，通知书上留空。
# bureau = "青禾区财政局"
# number = "青财绩〔2026〕12号"
# deadline = "2026年3月20日前"
# contact = "绩效股，0000-0000000"
# date = "2026年3月10日"
## 每张表在通知书里最多列几个问题，其余的只在 问题清单.xlsx 里。
# problems = 10
"#;

const POLICY: &str = r#"[policy]
## 以哪个口径为底：national 全国通用、jiangxi 江西、hubei 湖北、sichuan 四川、zhejiang 浙江。以下没有启用的开关都照它。
# extends = "national"

## 规则登记表：改过级别、扣分的登记表，用 jixiao rules --format xlsx --out 规则登记表.xlsx 导出；它最后生效。
# register = "规则登记表.xlsx"
"#;
