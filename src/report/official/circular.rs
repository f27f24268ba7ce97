//! 通报: what a round came to, told to all units: who did well, which problems occur, who is missing, late or poor.

use chrono::NaiveDate;

use super::account::region;
use super::figures::{count, points};
use super::sentences::{covered, executed, lights, missing, on_time, own_scores, quality, received};
use super::sources;
use super::text::{Block, Sentences, Table, Text};
use crate::config::Letterhead;
use crate::coverage::{FaultCount, Line, OccasionCounts, Statistics};
use crate::policy::Band;
use crate::report::letter::{chinese, chinese_day, or_blank, sentence, written_day};
use crate::report::tables::Material;
use crate::rules;
use crate::schema::Subject;
use crate::text::{as_written, one_line};

/// Units in the table of those that did well.
const WELL: usize = 10;
/// Problems that are told with an example.
const PROBLEMS: usize = 8;
/// Characters of an example.
const EXAMPLE: usize = 120;
/// Lines of a table of units; the rest stands in the statistics.
const LISTED: usize = 100;

/// The circular.
pub(super) fn circular(material: &Material<'_>, day: Option<NaiveDate>) -> Text {
    let Material { statistics, letterhead: head, .. } = *material;
    let name = match statistics.rounds.as_slice() {
        [round] if !round.name.is_empty() => one_line(&round.name),
        _ => format!("{}预算绩效管理材料", region(statistics)),
    };
    let mut circular = Circular {
        statistics,
        text: Text::new([format!("关于{name}"), "报送和审核情况的通报".to_owned()]),
        sections: 0,
    };
    circular.text.blocks.push(Block::Number(or_blank(&head.number, "〔　　　〕　　号")));
    circular.text.blocks.push(Block::Address("各预算单位：".to_owned()));
    circular.text.paragraph(Sentences::of(format!("现将{name}的报送和审核情况通报如下。")));
    circular.overall();
    circular.well(material);
    circular.problems();
    circular.named();
    circular.requirements(head);
    let date = day.map_or_else(|| written_day(&head.date, "　　　年　　月　　日"), chinese_day);
    circular.text.blocks.push(Block::Signature { by: or_blank(&head.bureau, "（发文机关）"), date });
    circular.text
}

struct Circular<'s, 'f> {
    statistics: &'s Statistics<'f>,
    text: Text,
    sections: usize,
}

impl Circular<'_, '_> {
    fn section(&mut self, title: &str) {
        self.sections += 1;
        self.text.heading(format!("{}、{title}", chinese(self.sections)));
    }

    fn overall(&mut self) {
        self.section("总体情况");
        let statistics = self.statistics;
        // Lists are the bureau's own.
        let of_units = |of: &&OccasionCounts<'_>| of.occasion.subject != Subject::Several;
        let occasions = statistics.occasions.iter().filter(of_units);
        let occasions = occasions.filter(|of| of.total.forms.due + of.total.forms.received > 0);
        let occasions: Vec<_> = occasions.collect();
        if occasions.is_empty() {
            self.text.paragraph(Sentences::of("没有收到报送的表格，名册上也没有应报的表格。"));
        }
        for (number, of) in (1..).zip(&occasions) {
            if occasions.len() > 1 {
                self.text.subheading(format!("（{}）{}", chinese(number), of.occasion.title()));
            }
            let mut said = received(of);
            if said.is_empty() {
                said.say("没有收到表格。");
            }
            said.join(covered(of)).join(missing(statistics, of)).join(on_time(of));
            self.text.paragraph(said);
            let mut said = executed(of);
            said.join(lights(of)).join(own_scores(of)).join(quality(of));
            self.text.paragraph(said);
        }
    }

    fn well(&mut self, material: &Material<'_>) {
        self.section("做得较好的单位");
        let assessed = material.assessed;
        if assessed.is_empty() {
            self.text.paragraph(Sentences::of("没有名册或没有应报的表格，不排名次。"));
            return;
        }
        let well: Vec<_> = assessed.iter().filter(|one| !one.cut && one.rank <= WELL).take(WELL).collect();
        let line = points(material.policy.assessment.cut_below);
        let of_line = sources::policy().column("assessment.cut_below");
        let mut said = Sentences::of("按报送覆盖、及时、质量和整改情况测算，");
        if well.is_empty() {
            said.say("没有得分达到").figure(line, of_line).say("的单位。");
            self.text.paragraph(said);
            return;
        }
        let at = sources::all_of("考核");
        said.say("得分在").figure(line, of_line).say("及以上、名次靠前的有");
        said.figure(count(well.len(), "个单位"), at.column("考核得分")).say("，予以通报表扬：");
        self.text.paragraph(said);
        let lines = well.iter().map(|one| {
            vec![
                one.rank.to_string(),
                named(one.unit.unit),
                named(one.unit.department),
                one.points.normalize().to_string(),
            ]
        });
        self.text.blocks.push(Block::Table(Table {
            caption: "名次靠前的单位".to_owned(),
            source: at.column("考核得分"),
            columns: vec![("名次", 10), ("单位", 36), ("主管部门", 36), ("得分", 18)],
            left: vec![1, 2],
            lines: lines.collect(),
        }));
    }

    fn problems(&mut self) {
        self.section("存在的主要问题");
        if self.statistics.faults.is_empty() {
            self.text.paragraph(Sentences::of("审核没有发现问题。"));
            return;
        }
        let items = self.statistics.faults.iter().take(PROBLEMS).map(|fault| self.problem(fault));
        let items: Vec<Sentences> = items.collect();
        self.text.blocks.push(Block::List(items));
    }

    fn problem(&self, fault: &FaultCount<'_>) -> Sentences {
        let at = sources::problem(fault.code);
        let summary = rules::find(fault.code).map_or(fault.code, |rule| rule.summary);
        let mut said = Sentences::of("“");
        said.quote(summary).say("”共");
        said.figure(count(fault.findings, "处"), at.column("出现次数"));
        said.say("，涉及").figure(count(fault.units, "个单位"), at.column("涉及单位"));
        if fault.projects > 0 {
            said.say("、").figure(count(fault.projects, "个项目"), at.column("涉及项目"));
        }
        said.say("。");
        let (line, _, message) = fault.example;
        if let Some(line) = self.statistics.lines.get(line) {
            let project = line.form.items.first().filter(|_| line.form.subject.is_project());
            let project = project.map(|project| format!("“{}”", named(&project.name))).unwrap_or_default();
            let message = sentence(&as_written(message, EXAMPLE));
            said.say(format!("如{}{project}：", named(&line.form.unit))).quote(message);
        }
        said
    }

    /// Units by name: those that are missing, late, poor.
    fn named(&mut self) {
        self.section("未按要求报送和质量较差的单位");
        let missing = self.missing();
        let late = self.late();
        let poor = self.poor();
        let none = [&missing, &late, &poor].iter().all(|table| table.lines.is_empty());
        if none {
            self.text.paragraph(Sentences::of(if self.statistics.against_roster {
                "没有未报送、逾期报送和质量评为差的单位。"
            } else {
                "没有名册，不能确定哪些单位没有报送；报来的表没有逾期和质量评为差的。"
            }));
        } else if !self.statistics.against_roster {
            self.text.paragraph(Sentences::of("没有名册，不能确定哪些单位没有报送。"));
        }
        for table in [missing, late, poor] {
            if !table.lines.is_empty() {
                self.text.blocks.push(Block::Table(cut(table)));
            }
        }
    }

    fn missing(&self) -> Table {
        let lines = self.statistics.missing().map(|due| {
            let unit = due.unit;
            let [forms, delivered, missing] =
                [due.forms, due.delivered, due.forms - due.delivered].map(|number| number.to_string());
            vec![named(&unit.name), named(&unit.department), due.occasion.title(), forms, delivered, missing]
        });
        Table {
            caption: "未报送或没有报齐的单位".to_owned(),
            source: sources::all_of("未报送名单").column(""),
            columns: vec![("单位", 26), ("主管部门", 24), ("应报内容", 26), ("应报", 8), ("已报", 8), ("未报", 8)],
            left: vec![0, 1, 2],
            lines: lines.collect(),
        }
    }

    fn late(&self) -> Table {
        let late = self.statistics.lines.iter().filter(|line| line.on_time == Some(false));
        let lines = late.map(|line| {
            let received = line.form.received.map(chinese_day).unwrap_or_default();
            vec![named(&line.form.unit), what(line), line.occasion.title(), received]
        });
        Table {
            caption: "逾期报送的单位".to_owned(),
            source: sources::all_of("表单明细").column(""),
            columns: vec![("单位", 26), ("项目", 26), ("报送内容", 28), ("收到日期", 20)],
            left: vec![0, 1, 2],
            lines: lines.collect(),
        }
    }

    fn poor(&self) -> Table {
        let poor = self.statistics.judged().filter(|line| line.form.band == Band::Poor);
        let lines = poor.map(|line| {
            let score = line.form.score.normalize().to_string();
            vec![named(&line.form.unit), what(line), line.occasion.title(), score]
        });
        Table {
            caption: "质量评为差的表".to_owned(),
            source: sources::all_of("表单明细").column(""),
            columns: vec![("单位", 28), ("项目", 30), ("报送内容", 30), ("得分", 12)],
            left: vec![0, 1, 2],
            lines: lines.collect(),
        }
    }

    fn requirements(&mut self, head: &Letterhead) {
        self.section("有关要求");
        let mut items = Vec::new();
        let total = &self.statistics.total.forms;
        if self.statistics.missing().next().is_some() {
            let mut said = Sentences::of("尽快补报。没有报齐的单位，请按下发的模板填报，");
            items.push(until(&mut said, head, "报送"));
        }
        if total.returned > total.corrected {
            let mut said = Sentences::of("认真整改。退回的表，请对照表内标注和审核意见逐处修改，");
            items.push(until(&mut said, head, "重新报送"));
        }
        items.push(Sentences::of(
            "举一反三。各单位要对照本通报指出的问题开展自查，主管部门要加强对所属单位的指导和审核，避免同类问题重复发生。",
        ));
        let contact = or_blank(&head.contact, "　　　　　　");
        items.push(Sentences::of(format!("联系人及电话：{contact}。")));
        self.text.blocks.push(Block::List(items));
    }
}

/// The day by which, or a place for it.
pub(super) fn until(said: &mut Sentences, head: &Letterhead, what: &str) -> Sentences {
    said.say("于");
    let deadline = written_day(&head.deadline, "");
    if deadline.is_empty() {
        said.blank("期限").say(format!("{what}。"));
    } else {
        let before = if crate::value::parse_date(&head.deadline).is_some() { "前" } else { "" };
        said.say(format!("{deadline}{before}{what}。"));
    }
    std::mem::take(said)
}

/// The project of a form; 整体 of one about a unit.
fn what(line: &Line<'_>) -> String {
    match line.form.items.as_slice() {
        [item] if line.form.subject.is_project() => named(&item.name),
        _ => "—".to_owned(),
    }
}

fn named(name: &str) -> String {
    or_blank(name, "（未填）")
}

fn cut(mut table: Table) -> Table {
    if table.lines.len() > LISTED {
        table.lines.truncate(LISTED);
        let mut rest = vec![String::new(); table.columns.len()];
        if let Some(first) = rest.first_mut() {
            *first = "其余见统计表".to_owned();
        }
        table.lines.push(rest);
    }
    table
}
