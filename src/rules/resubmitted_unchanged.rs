//! X160: a form came back as it was, though there was something to mend.

use super::{Check, EarlierForm, Fault, RoundContext, RoundForm, Rule, Verdict, compares};
use crate::finding::{Dimension, Severity};
use crate::form::changes;
use crate::previous::PastFinding;

pub(super) static RULE: Rule = Rule {
    code: "X160",
    name: "resubmitted-unchanged",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（退回的表应当改正或说明后再报）",
    summary: "退回后原样再报，一处也没有改",
    docs: "
## 检查什么
与上一次的审核结果比对：这张表与上一次报的逐格相同，而上一次有“一般”以上的问题，单位没有改，也没有在“出错说明”里写理由，局里也没有接受。空格、数字的写法不同不算改动。

## 为什么
退回是要改的。原样再报多半是报错了文件，或者没有看“审核意见”。

## 正反例
- 反例：上一次退回 5 处问题，这次的表一格未动，也没有说明。
- 正例：改了 3 处，另外 2 处写了出错说明。
- 正例：一格未动，但每处“一般”以上的问题都写了出错说明。

## 怎么改
按“审核意见”逐处改正；不能改的，在“出错说明”里写明理由。报错了文件的，换成改好的那一份。

## 依据
实务。这一条只提醒，不另外扣分：没有改的问题已经扣过分。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let verdict = |(index, form): (usize, &RoundForm<'_>)| match round.earlier(index) {
        None => Verdict::NotApplicable,
        // Two editions of a form have other values.
        Some(earlier) if earlier.form.schema.id != form.form.schema.id => Verdict::NotApplicable,
        Some(earlier) => Verdict::Checked(fault(form, earlier).into_iter().collect()),
    };
    round.forms.iter().enumerate().map(verdict).collect()
}

fn fault(now: &RoundForm<'_>, earlier: &EarlierForm<'_>) -> Option<Fault> {
    let open: Vec<&PastFinding> = earlier.findings.iter().filter(|finding| is_open(finding)).collect();
    if open.is_empty() || !changes(earlier.form, now.form).is_empty() {
        return None;
    }
    let count = |severity| open.iter().filter(|finding| finding.severity == severity).count();
    let counts = [Severity::Error, Severity::Warning].map(|severity| (severity, count(severity)));
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{severity} {count} 处"))
        .collect();
    Some(Fault {
        message: format!("与上一次报的逐格相同：上一次的问题（{}）没有改，也没有说明", counts.join("，")),
        advice: "按“审核意见”逐处改正，不能改的在“出错说明”里写明理由；报错了文件的，换成改好的那一份。".to_owned(),
        ..Fault::default()
    })
}

/// Whether something had to be done about it and nothing was said.
fn is_open(finding: &PastFinding) -> bool {
    let explained = finding.reply.as_ref().is_some_and(|reply| !reply.statement.is_empty());
    finding.severity > Severity::Info && !finding.accepted && !explained && !compares(&finding.code)
}
