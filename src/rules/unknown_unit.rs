//! R101 unknown-unit: a unit that is not on the roster.

use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "R101",
    name: "unknown-unit",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（报送的表与名册、项目台账一致）",
    summary: "单位不在名册上",
    docs: "
## 检查什么
表上的实施单位（没有的看主管部门）是不是名册上的单位：名称、别名、单位编码都认，差一个区名、多一个编码的也认。清单里没有写单位的不查。没有名册不查。

## 为什么
单位认不出，报送情况就统计不到它名下，还会算作未报。

## 正反例
- 反例：表上写“城市管理执法大队”，名册是“澄岚区城市管理综合执法大队”
- 正例：表上写“区教育局”，名册是“澄岚区教育局”

## 怎么改
照名册写单位全称；确是新的单位或常用的简称，请股室补进名册。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    round.forms.iter().map(judge).collect()
}

fn judge(one: &RoundForm<'_>) -> Verdict {
    let unit = &one.identity.unit;
    let Some(known) = unit.known else { return Verdict::NotApplicable };
    let written = [field::UNIT, field::DEPARTMENT].into_iter().filter_map(|id| one.form.record.field(id));
    let Some(written) = written.into_iter().find(|written| written.is_filled()) else {
        return Verdict::InsufficientData;
    };
    Verdict::Checked(if known { Vec::new() } else { vec![fault(written, unit.suggestion.as_deref())] })
}

fn fault(written: &Field, near: Option<&str>) -> Fault {
    let name = excerpt(&squeeze(written.text()), 30);
    let (likely, advice) = match near {
        Some(near) => {
            (format!("，最接近“{near}”"), format!("如果就是“{near}”，照名册写全称；确是另一个单位的，请股室补进名册。"))
        }
        None => (String::new(), "照名册写单位全称；确是新的单位，请股室补进名册。".to_owned()),
    };
    Fault {
        cell: Some(written.cell()),
        found: Some(written.text().to_owned()),
        expected: near.map(str::to_owned),
        message: format!("{} 的单位“{name}”不在名册上{likely}", written.cell()),
        advice,
        ..Fault::default()
    }
}
