//! Sentences about one occasion, that several texts say: what came, how it covers what was due, how good it is.

use std::collections::BTreeSet;

use super::figures::{count, money, money_share, points, share};
use super::sources;
use super::text::{Place, Sentences};
use crate::coverage::{Counts, Covered, OccasionCounts, Statistics};
use crate::policy::Band;
use crate::schema::{Stage, Subject};
use crate::text::one_line;

/// What units do on the occasion.
fn done(stage: Stage) -> &'static str {
    match stage {
        Stage::ExAnte => "开展事前绩效评估",
        Stage::Target => "编报绩效目标",
        Stage::Monitoring => "开展绩效运行监控",
        Stage::SelfEvaluation => "开展绩效自评",
        Stage::Evaluation => "报送重点评价材料",
        Stage::Assessment => "报送考核材料",
    }
}

/// What came: departments, units, projects, money.
pub(super) fn received(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::total_of(&of.occasion);
    let total = &of.total;
    let mut said = Sentences::default();
    if total.forms.received == 0 {
        return said;
    }
    said.say("共有");
    if total.departments.received == total.units.received {
        said.figure(count(total.departments.received, "个"), at.column("部门数")).say("部门");
    } else {
        said.figure(count(total.departments.received, "个"), at.column("部门数")).say("部门、");
        said.figure(count(total.units.received, "个"), at.column("单位数")).say("单位");
    }
    match of.occasion.subject {
        Subject::Project => {
            said.say("的").figure(count(total.projects.received, "个"), at.column("实报项目数")).say("项目");
        }
        Subject::Transfer => {
            said.say("的").figure(count(total.projects.received, "个"), at.column("实报项目数")).say("转移支付项目");
        }
        Subject::Department => {
            said.say("对部门（单位）整体支出");
        }
        Subject::Unit | Subject::Several => {}
    }
    said.say(done(of.occasion.stage));
    if !total.money.received.is_zero() {
        said.say("，金额").figure(money(total.money.received), at.column("实报金额"));
    }
    said.say("。");
    said
}

/// What was due against what came of it; nothing where no roster says.
pub(super) fn covered(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::total_of(&of.occasion);
    let total = &of.total;
    let mut said = Sentences::default();
    if total.forms.due == 0 {
        return said;
    }
    let mut parts: Vec<Part> = Vec::new();
    if of.occasion.subject.is_project() {
        parts.push(Part::counted("单位", total.units, ["应报单位数", "已报单位数", "单位覆盖率(%)"]));
        parts.push(Part::counted("项目", total.projects, ["应报项目数", "已报项目数", "申报率(%)"]));
        if !total.money.whole.is_zero() {
            parts.push(Part {
                what: "金额",
                whole: money(total.money.whole),
                part: money(total.money.part),
                is_full: total.money.part == total.money.whole,
                share: money_share(total.money.part, total.money.whole),
                columns: ["应报金额", "已报金额", "金额覆盖率(%)"],
            });
        }
    } else {
        parts.push(Part::counted("部门", total.departments, ["应报部门数", "已报部门数", "部门覆盖率(%)"]));
        if total.units.whole != total.departments.whole {
            parts.push(Part::counted("单位", total.units, ["应报单位数", "已报单位数", "单位覆盖率(%)"]));
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
        let at = Place::new(sources::MISSING, format!("“{}”各行", of.occasion.title()));
        said.say("没有报齐的单位有").figure(count(names.len(), "个"), at.column("单位"));
        said.say(format!("：{}。", some(&names)));
    }
    said
}

/// What came by the day it was due.
pub(super) fn on_time(of: &OccasionCounts<'_>) -> Sentences {
    let forms = &of.total.forms;
    let at = sources::total_of(&of.occasion);
    let mut said = Sentences::default();
    match (forms.on_time, forms.late) {
        (0, 0) => {}
        (on_time, 0) => {
            said.say("可以确定收件日期的").figure(count(on_time, "张"), at.column("按时")).say("表均按时报送。");
        }
        (on_time, late) => {
            said.say("可以确定收件日期的表中，按时报送").figure(count(on_time, "张"), at.column("按时"));
            said.say("，逾期报送").figure(count(late, "张"), at.column("逾期")).say("。");
        }
    }
    said
}

/// The grades of the forms, and what was returned.
pub(super) fn quality(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::total_of(&of.occasion);
    let total = &of.total;
    let graded = total.grades.total();
    let mut said = Sentences::default();
    if graded == 0 {
        return said;
    }
    let bands = [(Band::Excellent, "优"), (Band::Good, "良"), (Band::Fair, "中"), (Band::Poor, "差")];
    let met: Vec<(usize, &'static str)> =
        bands.map(|(band, title)| (total.grades.count(band), title)).into_iter().filter(|(n, _)| *n > 0).collect();
    said.say("经审核，");
    match met.as_slice() {
        [(all, title)] => {
            said.figure(count(*all, "张"), at.column(title)).say(format!("表全部评为{title}"));
        }
        met => {
            said.figure(count(graded, "张"), at.column("已审表数")).say("表中");
            for (number, (n, title)) in met.iter().enumerate() {
                said.say(format!("{}评为{title}的", if number > 0 { "、" } else { "" }));
                said.figure(count(*n, "张"), at.column(title));
            }
        }
    }
    if let Some(share) = share(total.grades.good(), graded) {
        said.say("，优良率").figure(share, at.column("优良率(%)"));
    }
    if let Some(mean) = total.score.mean() {
        said.say("，质量平均得分").figure(points(mean), at.column("平均得分"));
    }
    said.say("。");
    let forms = &total.forms;
    if forms.returned > 0 {
        said.say("退回整改").figure(count(forms.returned, "张"), at.column("需整改"));
        match forms.corrected {
            0 => said.say("，尚未收到整改合格的表。"),
            all if all == forms.returned => said.say("，已全部整改合格。"),
            some => said.say("，其中整改合格").figure(count(some, "张"), at.column("已整改")).say("。"),
        };
    }
    said
}

/// Budget and spending of what tells both.
pub(super) fn executed(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::total_of(&of.occasion);
    let (budget, executed) = of.total.execution;
    let mut said = Sentences::default();
    if let Some(rate) = money_share(executed, budget) {
        said.say("涉及预算").figure(money(budget), at.column("预算数"));
        said.say("，已执行").figure(money(executed), at.column("执行数"));
        said.say("，执行率").figure(rate, at.column("执行率(%)")).say("。");
    }
    said
}

/// The lights of a monitoring.
pub(super) fn lights(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::total_of(&of.occasion);
    let [green, yellow, red] = of.total.lights;
    let mut said = Sentences::default();
    if green + yellow + red == 0 {
        return said;
    }
    if yellow + red == 0 {
        said.say("监控结果均为绿灯，共").figure(count(green, "个"), at.column("绿灯")).say("。");
        return said;
    }
    said.say("监控结果为绿灯的").figure(count(green, "个"), at.column("绿灯"));
    said.say("、黄灯的").figure(count(yellow, "个"), at.column("黄灯"));
    said.say("、红灯的").figure(count(red, "个"), at.column("红灯"));
    said.say("，对偏离预期的，应当分析原因、及时纠偏。");
    said
}

/// How units scored themselves.
pub(super) fn own_scores(of: &OccasionCounts<'_>) -> Sentences {
    let at = sources::total_of(&of.occasion);
    let Counts { own_score, perfect, suspect, .. } = &of.total;
    let mut said = Sentences::default();
    let Some(mean) = own_score.mean() else { return said };
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
