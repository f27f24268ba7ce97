//! W101 vague-target: a target in words that nobody can check.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "W101",
    name: "vague-target",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "财预〔2015〕88号（绩效目标应当细化量化）",
    summary: "指标值空泛，没有可核对的标准",
    docs: "\
## 检查什么

指标值没有数字，只写“显著提升”“有效”“良好”“优良”“高”“效果明显”“持续影响”等空泛词语（词表在口径里）。金额类成本指标由 W108 检查。

## 为什么

“显著”到什么程度没有标准，年底怎么填都算完成。

## 正反例

- 反例：`群众生产生活条件：显著提升`；`空气质量：优良`
- 正例：`受益群众人均增收 ≥500元`；定性指标写明分档：“全年无重大安全事故”

## 怎么改

改成数字加单位；确需定性的，写明可核对的事实。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let word = vague(ctx, row)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            expected: Some("数字和单位，或可核对的事实".to_owned()),
            message: format!(
                "{}填的是“{}”，“{word}”没有可核对的标准",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 24)
            ),
            advice: format!("改成数字加单位，{}；确需定性的，写一件可以核对的事实。", example(word)),
            ..indicator::fault_at(target, row, &[column::LEVEL3])
        })
    })
}

/// What to write instead of a vague word.
fn example(word: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|own| word.contains(own));
    if has(&["减少", "降低"]) {
        "如“较上年下降5%以上”"
    } else if has(&["提升", "提高", "改善", "增强", "增加", "显著", "明显", "大幅", "有所"]) {
        "如“较上年提高5%以上”"
    } else if has(&["及时", "按时", "进度", "计划"]) {
        "如“≥95%”（按时完成的比例）或“11月底前”"
    } else if has(&["保", "应收", "应补"]) {
        "如“覆盖率100%”或“≥3100人”"
    } else if has(&["长", "持续"]) {
        "如“≥3年”"
    } else {
        "如“合格率≥95%”"
    }
}

fn vague<'p>(ctx: &Context<'p>, row: &Row) -> Option<&'p str> {
    if row.target.is_some() || indicator::is_money_cost(row) {
        return None;
    }
    let text = without_titles(&squeeze(row.filled(column::TARGET)?));
    let text = text.trim_end_matches('。');
    if indicator::has_digit(text) || text.contains("百分") {
        return None;
    }
    if is_graded(row, text) {
        return None;
    }
    // A single character means something only where it is the whole target.
    let stands =
        |word: &&String| if word.chars().count() == 1 { text == word.as_str() } else { text.contains(word.as_str()) };
    ctx.policy.words.vague.iter().find(stands).map(String::as_str)
}

/// `工程质量等级：优良` names a grade that somebody awards.
fn is_graded(row: &Row, text: &str) -> bool {
    const GRADED: [&str; 6] = ["等级", "等次", "级别", "评级", "档次", "类别"];
    const GRADES: [&str; 8] = ["优", "良", "优良", "优秀", "良好", "优等", "良好及以上", "优良及以上"];
    let name = indicator::name(row).unwrap_or_default();
    GRADED.iter().any(|word| name.ends_with(word)) && GRADES.contains(&text)
}

/// The text without the titles of documents: whether `《社区助餐服务规范》` is issued can be told.
fn without_titles(text: &str) -> String {
    let mut rest = text.to_owned();
    while let Some((before, (_, behind))) = rest.split_once('《').and_then(|(b, r)| Some((b, r.split_once('》')?))) {
        rest = format!("{before}{behind}");
    }
    rest
}
