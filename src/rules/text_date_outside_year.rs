//! V132 text-date-outside-year: the goal, or what became of it, speaks of another year than the form's.

use std::sync::LazyLock;

use regex::Regex;

use super::{Check, Context, Fault, Rule, Verdict, date_outside_year, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "V132",
    name: "text-date-outside-year",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（年度目标为当年目标）；实务",
    summary: "年度目标或完成情况写的是别的年度",
    docs: "\
## 检查什么

年度目标、目标完成情况里写了年份，而没有一处是本表年度（2023年度的表，目标写“2022年12月底前完成”）。文件名称、文号、会议、规划，结转、尾款、续建，“较2022年”“自2022年起”一类说法不算。表上没有年度不查。

## 为什么

年度目标说的应当是当年的事；年份不对，多半是沿用了往年的表没有改。

## 正反例

- 反例：2023年度表，目标`2022年全年培训村医600人`
- 正例：2023年度表，目标`较2022年多培训村医100人`

## 怎么改

改成本年度的年份；内容也是往年的，重新填写。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》；绩效目标审核实务。
",
    check: Check::Form(check),
};

/// A year with the two characters before it and what follows up to the next stop.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(.{0,4})(20\d\d)年([^,;。、]{0,14})").expect("a constant pattern, compiled in tests")
});

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let texts = [field::GOAL, field::GOAL_ACTUAL].into_iter().filter_map(|id| Some((id, record.field(id)?)));
    let texts: Vec<_> = texts.filter(|(_, text)| text.is_filled()).collect();
    let Some(year) = date_outside_year::year(ctx.form).filter(|_| !texts.is_empty()) else {
        return Verdict::InsufficientData;
    };
    let faults = texts.into_iter().filter_map(|(id, text)| {
        let written = squeeze(text.text());
        if written.contains(&year.to_string()) {
            return None;
        }
        let own = written
            .split(['《', '〔', '['])
            .enumerate()
            .map(|(at, piece)| if at == 0 { piece } else { piece.split(['》', '〕', ']']).nth(1).unwrap_or_default() });
        let other =
            own.flat_map(|piece| YEAR.captures_iter(piece).filter_map(of_this_year).collect::<Vec<_>>()).next()?;
        Some(Fault {
            cell: Some(text.cell()),
            found: Some(excerpt(text.text(), 60)),
            expected: Some(format!("{year}年")),
            message: format!(
                "{}写的是“{}”，本表是{year}年度的表",
                phrase::at(text.cell(), phrase::field_label(ctx.form, id)),
                excerpt(&other, 20)
            ),
            advice: format!("改为{year}年的内容；确为跨年的，写明{year}年做到哪一步。"),
            ..Fault::default()
        })
    });
    Verdict::Checked(faults.collect())
}

/// The date as written, where it is said of the year's own work and not of a document, a comparison or old business.
fn of_this_year(found: regex::Captures<'_>) -> Option<String> {
    const BEFORE: [&str; 14] = ["较", "比", "与", "自", "从", "至", "到", "据", "照", "按", "以", "依", "在建", "列入"];
    const BEHIND: [&str; 34] = [
        "结转",
        "尾款",
        "质保",
        "欠",
        "续建",
        "遗留",
        "方案",
        "规划",
        "文件",
        "会议",
        "决算",
        "印发",
        "通知",
        "标准",
        "以来",
        "起",
        "同期",
        "相比",
        "度预算",
        "办法",
        "意见",
        "批复",
        "立项",
        "开工",
        "启动",
        "实施的",
        "签订",
        "中标",
        "要点",
        "版",
        "招聘",
        "入学",
        "退役",
        "出生",
    ];
    let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
    let (before, behind) = (part(1), part(3));
    let aside = BEFORE.iter().any(|word| before.ends_with(word)) || BEHIND.iter().any(|word| behind.contains(word));
    (!aside && !before.ends_with(['-', '—', '~'])).then(|| format!("{}年{behind}", part(2)))
}
