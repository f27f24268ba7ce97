//! Sentences about one occasion, that several texts say: what came, how it covers what was due, how good it is.

use std::collections::BTreeSet;

use super::figures::{count, money, money_share, points, share};
use super::sources;
use super::text::Sentences;
use crate::coverage::{Counts, Covered, Occasion, OccasionCounts, Statistics};
use crate::policy::Band;
use crate::schema::{Stage, Subject};
use crate::text::one_line;

/// What units do on the occasion.
fn deed(occasion: Occasion) -> &'static str {
    match (occasion.stage, occasion.subject) {
        (Stage::ExAnte, _) => "开展事前绩效评估",
        (Stage::Target, Subject::Department) => "编报部门整体支出绩效目标",
        (Stage::Target, _) => "编报绩效目标",
        (Stage::Monitoring, Subject::Department) => "开展部门整体支出绩效运行监控",
        (Stage::Monitoring, _) => "开展绩效运行监控",
        (Stage::SelfEvaluation, Subject::Department) => "开展部门整体支出绩效自评",
        (Stage::SelfEvaluation, _) => "开展绩效自评",
        (Stage::Evaluation, _) => "报送重点评价材料",
        (Stage::Assessment, _) => "报送考核材料",
    }
}

/// What the tables show as 已报: of those due; where nothing was due, all that came.
fn came_of(covered: Covered) -> usize {
    if covered.whole == 0 { covered.received } else { covered.part }
}

/// What came: departments, units, projects, money.
pub(super) fn received(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::coverage_of(of.occasion);
    let total = &of.total;
    let mut said = Sentences::default();
    if total.forms.received == 0 {
        return said;
    }
    let (departments, units) = (came_of(total.departments), came_of(total.units));
    let projects = match of.occasion.subject {
        Subject::Project => Some("个项目"),
        Subject::Transfer => Some("个转移支付项目"),
        Subject::Department | Subject::Unit | Subject::Several => None,
    };
    said.say("共有").figure(count(departments, "个部门"), at.column("已报部门"));
    if projects.is_some() || departments != units {
        said.say("、").figure(count(units, "个单位"), at.column("已报单位"));
    }
    if let Some(measure) = projects {
        said.say("的").figure(count(came_of(total.projects), measure), at.column("已报项目"));
    }
    said.say(deed(of.occasion));
    let amount = if total.forms.due == 0 { total.money.received } else { total.money.part };
    if !amount.is_zero() {
        said.say("，金额").figure(money(amount), at.column("已报金额"));
    }
    said.say("。");
    if total.forms.strangers > 0 {
        let at = sources::quality_of(of.occasion);
        said.say("另有名册外的单位报送").figure(count(total.forms.strangers, "张表"), at.column("其中名册外"));
        said.say("，正在核对。");
    }
    said
}

/// What was due against what came of it; nothing where no roster says.
pub(super) fn covered(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::coverage_of(of.occasion);
    let total = &of.total;
    let mut said = Sentences::default();
    if total.forms.due == 0 {
        return said;
    }
    let mut parts: Vec<Part> = Vec::new();
    if of.occasion.subject.is_project() {
        parts.push(Part::counted("单位", total.units, ["应报单位", "已报单位", "单位覆盖率"]));
        parts.push(Part::counted("项目", total.projects, ["应报项目", "已报项目", "项目覆盖率"]));
        if !total.money.whole.is_zero() {
            parts.push(Part {
                what: "金额",
                whole: money(total.money.whole),
                part: money(total.money.part),
                is_full: total.money.part == total.money.whole,
                share: money_share(total.money.part, total.money.whole),
                columns: ["应报金额", "已报金额", "金额覆盖率"],
            });
        }
    } else {
        parts.push(Part::counted("部门", total.departments, ["应报部门", "已报部门", "部门覆盖率"]));
        if total.units.whole != total.departments.whole {
            parts.push(Part::counted("单位", total.units, ["应报单位", "已报单位", "单位覆盖率"]));
        }
    }
    said.say("按名册");
    if parts.iter().all(|part| part.is_full) {
        said.say("应报");
        for (number, part) in parts.iter().enumerate() {
            said.say(format!("{}{}", if number > 0 { "、" } else { "" }, part.what));
            said.figure(&part.whole, at.column(part.columns[0]));
        }
        let all = if parts.len() > 1 { "，均已报送，覆盖率均为" } else { "，全部报送，覆盖率为" };
        said.say(all).figure("100%", at.column(parts.last().map_or("", |part| part.columns[2]))).say("。");
        return said;
    }
    for (number, part) in parts.iter().enumerate() {
        said.say(format!("{}应报{}", if number > 0 { "；" } else { "" }, part.what));
        said.figure(&part.whole, at.column(part.columns[0]));
        said.say("，已报").figure(&part.part, at.column(part.columns[1]));
        if let Some(share) = &part.share {
            said.say("，覆盖率").figure(share, at.column(part.columns[2]));
        }
    }
    said.say("。");
    said
}

/// One of the things counted against what was due.
struct Part {
    what: &'static str,
    whole: String,
    part: String,
    is_full: bool,
    share: Option<String>,
    columns: [&'static str; 3],
}

impl Part {
    fn counted(what: &'static str, covered: Covered, columns: [&'static str; 3]) -> Self {
        let Covered { part, whole, .. } = covered;
        Self {
            what,
            whole: count(whole, "个"),
            part: count(part, "个"),
            is_full: part == whole,
            share: share(part, whole),
            columns,
        }
    }
}

/// Who has not handed in, the first by name.
pub(super) fn missing(statistics: &Statistics<'_>, of: &OccasionCounts<'_>) -> Sentences {
    let owing = statistics.missing().filter(|due| due.occasion == of.occasion);
    let mut seen = BTreeSet::new();
    let names: Vec<&str> =
        owing.filter(|due| seen.insert((due.place, due.unit.key.as_str()))).map(|due| due.unit.name.as_str()).collect();
    let mut said = Sentences::default();
    if !names.is_empty() {
        let at = sources::missing_on(of.occasion);
        said.say("没有报齐的单位有").figure(count(names.len(), "个"), at.column("单位"));
        said.say(format!("：{}。", some(&names)));
    }
    said
}

/// What came by the day it was due.
pub(super) fn on_time(of: &OccasionCounts<'_>) -> Sentences {
    let forms = &of.total.forms;
    let at = sources::quality_of(of.occasion);
    let mut said = Sentences::default();
    match (forms.on_time, forms.late) {
        (0, 0) => {}
        (on_time, 0) => {
            said.say("知道收件日期的").figure(count(on_time, "张表"), at.column("按时")).say("均按时报送。");
        }
        (0, late) => {
            said.say("知道收件日期的").figure(count(late, "张表"), at.column("逾期")).say("均逾期报送。");
        }
        (on_time, late) => {
            said.say("知道收件日期的表中，按时报送").figure(count(on_time, "张"), at.column("按时"));
            said.say("，逾期报送").figure(count(late, "张"), at.column("逾期")).say("。");
        }
    }
    said
}

/// The grades of the forms, and what was returned.
pub(super) fn quality(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::quality_of(of.occasion);
    let total = &of.total;
    let mut said = Sentences::default();
    let counted = |band: Band| Some((total.grades.count(band), band.title())).filter(|(count, _)| *count > 0);
    let met: Vec<(usize, &'static str)> = Band::ALL.into_iter().filter_map(counted).collect();
    match met.as_slice() {
        [] => return said,
        [(all, title)] => {
            said.say("经审核，").figure(count(*all, "张表"), at.column(title)).say(format!("全部评为{title}"));
        }
        met => {
            said.say("经审核，");
            for (number, (n, title)) in met.iter().enumerate() {
                said.say(format!("{}评为{title}的", if number > 0 { "、" } else { "" }));
                said.figure(count(*n, "张表"), at.column(title));
            }
        }
    }
    if let Some(share) = share(total.grades.good(), total.grades.total()) {
        said.say("，优良率").figure(share, at.column("优良率"));
    }
    if let Some(mean) = total.score.mean() {
        said.say("，质量平均得分").figure(points(mean), at.column("平均得分"));
    }
    said.say("。");
    let forms = &total.forms;
    if forms.returned > 0 {
        said.say("退回整改的").figure(count(forms.returned, "张表"), at.column("退回"));
        match forms.corrected {
            0 => said.say("尚未整改合格。"),
            all if all == forms.returned => said.say("已全部整改合格。"),
            some => {
                said.say("中，已有").figure(count(some, "张"), at.column("已整改")).say("整改合格，整改率");
                said.figure(share(some, forms.returned).unwrap_or_default(), at.column("整改率")).say("。")
            }
        };
    }
    said
}

/// Budget and spending of what tells both.
pub(super) fn executed(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::coverage_of(of.occasion);
    let (budget, executed) = of.total.execution;
    let mut said = Sentences::default();
    if let Some(rate) = money_share(executed, budget) {
        // No total shows what the rate is of: the budgets of the forms that tell what was spent.
        said.say("填报了执行数的，预算").figure(money(budget), sources::forms_on(of.occasion).column("预算金额"));
        said.say("，已执行").figure(money(executed), at.column("执行数"));
        said.say("，执行率").figure(rate, at.column("执行率")).say("。");
    }
    said
}

/// The lights of a monitoring.
pub(super) fn lights(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::stage_of(of.occasion);
    let [green, yellow, red] = of.total.lights;
    let lit = [(green, "绿灯"), (yellow, "黄灯"), (red, "红灯")].into_iter().filter(|(count, _)| *count > 0);
    let mut said = Sentences::default();
    for (number, (n, light)) in lit.enumerate() {
        said.say(format!("{}{light}", if number > 0 { "、" } else { "监控结果为" }));
        said.figure(count(n, "个"), at.column(light));
    }
    match (yellow, red) {
        _ if said.is_empty() => {}
        (0, 0) => {
            said.say("，没有黄灯和红灯。");
        }
        (_, 0) => {
            said.say("，没有红灯；对偏离预期的，应督促单位分析原因、及时纠偏。");
        }
        _ => {
            said.say("；对偏离预期的，应督促单位分析原因、及时纠偏。");
        }
    }
    said
}

/// How units scored themselves in self-evaluations: of other forms no table tells it.
pub(super) fn own_scores(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::stage_of(of.occasion);
    let Counts { own_score, perfect, suspect, .. } = &of.total;
    let mut said = Sentences::default();
    let Some(mean) = own_score.mean().filter(|_| of.occasion.stage == Stage::SelfEvaluation) else { return said };
    said.say("自评平均得分").figure(points(mean), at.column("自评平均得分"));
    if *perfect > 0 {
        said.say("，自评满分的").figure(count(*perfect, "个"), at.column("满分项目数"));
    }
    if *suspect > 0 {
        said.say("，得分与所填情况不符、需要核实的").figure(count(*suspect, "个"), at.column("疑似不实"));
    }
    said.say("。");
    said
}

/// Names that a sentence bears; the rest stands in the table.
const NAMED: usize = 8;

/// `甲、乙、丙`, of many the first with 等.
pub(super) fn some(names: &[&str]) -> String {
    let said: Vec<String> = names.iter().take(NAMED).map(|name| one_line(name)).collect();
    let rest = if names.len() > NAMED { "等" } else { "" };
    format!("{}{rest}", said.join("、"))
}
