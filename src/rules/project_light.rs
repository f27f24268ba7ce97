//! L308: the light of a project under monitoring, the worst of its spending and its indicators.

use super::{Check, Context, Fault, Rule, Verdict, phrase, schedule};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::policy::Light;
use crate::schema::Stage;

pub(super) static RULE: Rule = Rule {
    code: "L308",
    name: "project-light",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "系统（项目的灯取支出和各指标中最差的）；本地口径 monitoring.yellow_below",
    summary: "监控项目亮红灯或黄灯",
    docs: "
## 检查什么
监控表上项目的灯：支出按“执行率 ÷（月份 ÷ 12）”、指标按序时进度分别亮灯（见 L307），项目取最差的灯。红灯、黄灯的提示，并列出各灯的个数；只有支出一项或一个指标也没有亮灯依据的，不判断。界线见口径 `monitoring.red_below`、`monitoring.yellow_below`、`monitoring.blue_from`。

## 为什么
监控的结果按项目的灯汇总；亮红灯的项目要约谈、纠偏，必要时调减预算。

## 正反例
- 反例：支出 22%（1—7月，红灯），4 个指标 2 绿 1 黄 1 红，项目红灯。
- 正例：支出 60%、各指标都在序时进度的 80% 以上，项目绿灯。

## 怎么改
这是供主管部门和财政部门看的提示：核对完成数和执行数，写明原因，列出下半年的安排。

## 依据
预算绩效管理系统的监控亮灯办法；各地的界线可在口径里改。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if form.schema.stage != Stage::Monitoring {
        return Verdict::NotApplicable;
    }
    let (Some(month), Some(spending)) = (schedule::month(form), schedule::spending(form)) else {
        return Verdict::InsufficientData;
    };
    let of_money = spending.rate().and_then(|rate| schedule::of_spending(context, rate, month));
    let lights = schedule::lights(context, month);
    let (Some((share, money)), false) = (of_money, lights.is_empty()) else { return Verdict::InsufficientData };
    let worst = lights.iter().map(|lit| lit.light).fold(money, Light::min);
    if !matches!(worst, Light::Red | Light::Yellow) {
        return Verdict::Checked(Vec::new());
    }
    let counts: Vec<String> = [Light::Green, Light::Blue, Light::Yellow, Light::Red]
        .into_iter()
        .filter_map(|light| {
            let count = lights.iter().filter(|lit| lit.light == light).count();
            (count > 0).then(|| format!("{} {count} 个", light.title()))
        })
        .collect();
    let lit: Vec<CellRef> =
        lights.iter().filter(|lit| lit.light <= Light::Yellow).map(|lit| lit.actual.cell()).collect();
    let (budget, executed) = (spending.budget, spending.executed);
    Verdict::Checked(vec![Fault {
        cell: Some(executed.cell()),
        related: lit.into_iter().chain([budget.cell()]).collect(),
        found: Some(worst.title().to_owned()),
        message: format!(
            "1—{month}月项目亮{}：支出 {} ÷ {} 是序时进度（{month}÷12）的 {}，{}；看得出进度的指标 {} 个，{}",
            worst.title(),
            phrase::term(executed),
            phrase::term(budget),
            phrase::percent(share),
            money.title(),
            lights.len(),
            counts.join("、"),
        ),
        advice: "核对执行数和完成数；属实的写明原因和下一步安排，确实用不完的按程序调减。".to_owned(),
        ..Fault::default()
    }])
}
