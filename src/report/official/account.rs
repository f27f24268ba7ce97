//! 工作开展情况说明: the yearly account of the bureau, in nine sections from 制度建设 to 纳入政府考核. What no form tells is left
//! for a person to add, with a word where it usually stands.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::figures::{count, money, points, share, wan};
use super::sentences::{covered, executed, lights, missing, on_time, own_scores, quality, received, some};
use super::sources;
use super::text::{Block, Place, Row, Sentences, Table, Text};
use crate::coverage::{CategoryCount, Item, OccasionCounts, Standing, Statistics};
use crate::report::letter::{chinese, chinese_day, or_blank, written_day};
use crate::report::tables::{self, Material};
use crate::rules;
use crate::schema::{Stage, Subject};
use crate::text::one_line;

/// Projects that a list in the text names.
const LISTED: usize = 40;
/// Problems that the text names.
const PROBLEMS: usize = 3;

/// The account.
pub(super) fn account(material: &Material<'_>, day: Option<NaiveDate>) -> Text {
    let Material { statistics, letterhead: head, .. } = *material;
    let year = day.or_else(|| statistics.rounds.iter().filter_map(|round| round.day).max()).map(|day| day.year());
    let region = region(statistics);
    let year = year.map(|year| format!("{year}年")).unwrap_or_default();
    let text = Text::new([format!("{year}{region}预算绩效管理"), "工作开展情况说明".to_owned()]);
    let mut account = Account { statistics, text, sections: 0 };
    account.opening(&or_blank(&head.bureau, "财政局"));
    account.institutions();
    account.exante();
    account.targets();
    account.monitoring();
    account.self_evaluations();
    account.evaluations();
    account.training();
    account.application();
    account.assessment(material);
    let date = day.map_or_else(|| written_day(&head.date, "　　　年　　月　　日"), chinese_day);
    account.text.blocks.push(Block::Signature { by: or_blank(&head.bureau, "（发文机关）"), date });
    account.text
}

/// The place, where there is one.
pub(super) fn region(statistics: &Statistics<'_>) -> String {
    match statistics.places.as_slice() {
        [place] => one_line(place),
        _ => String::new(),
    }
}

struct Account<'s, 'f> {
    statistics: &'s Statistics<'f>,
    text: Text,
    sections: usize,
}

impl<'s, 'f> Account<'s, 'f> {
    fn section(&mut self, title: &str) {
        self.sections += 1;
        self.text.heading(format!("{}、{title}", chinese(self.sections)));
    }

    /// The occasions of a stage on which anything was due or came.
    fn occasions(&self, stage: Stage) -> Vec<&'s OccasionCounts<'f>> {
        let statistics = self.statistics;
        let of_stage = statistics.occasions.iter().filter(|of| of.occasion.stage == stage);
        of_stage.filter(|of| of.total.forms.due + of.total.forms.received > 0).collect()
    }

    fn nothing(&mut self, what: &str, advice: &str) {
        let mut said = Sentences::of(format!("本次审核没有{what}，本节没有数据。"));
        said.blank(advice);
        self.text.paragraph(said);
    }

    fn opening(&mut self, bureau: &str) {
        let mut said = Sentences::of("根据");
        said.blank("上级和本级关于全面实施预算绩效管理、年度考核的文件名称及文号，一般见绩效股文件夹");
        said.say(format!(
            "，{bureau}组织各部门、各单位开展预算绩效管理工作。文中数据由各单位报送的表格汇总而来，出处见脚注；标为“待补充”的，\
             表格里没有，请填写后定稿。现将有关情况说明如下。"
        ));
        self.text.paragraph(said);
    }

    fn institutions(&mut self) {
        self.section("加强组织领导，健全制度机制");
        let mut said = Sentences::of("一是加强组织领导。");
        said.blank("区领导作出批示、听取汇报、主持会议的次数和内容，一般查办公室批办件、会议纪要");
        self.text.paragraph(said);
        let mut said = Sentences::of("二是健全制度机制。");
        said.blank("本年印发的制度、办法、通知的名称及文号，一般查发文登记");
        self.text.paragraph(said);
    }

    fn exante(&mut self) {
        self.section("抓好事前绩效评估，把好项目入口");
        let occasions = self.occasions(Stage::ExAnte);
        if occasions.is_empty() {
            self.nothing(
                "收到事前绩效评估的表格",
                "本年开展事前绩效评估的项目数、金额，一般见评估报告和专项债券项目台账",
            );
        }
        self.each(&occasions, |account, of| {
            if of.occasion.subject == Subject::Several {
                account.listed(of);
            } else {
                account.text.paragraph(joined([received(of), covered(of), missing(account.statistics, of)]));
                account.text.paragraph(joined([on_time(of), quality(of)]));
            }
        });
        let mut said = Sentences::of("在工作要求方面，");
        said.blank("关于事前绩效评估的通知及文号、应当提交评估报告的项目范围和金额标准，一般见预算编制通知");
        self.text.paragraph(said);
    }

    /// The projects of a list, one by one.
    fn listed(&mut self, of: &OccasionCounts<'_>) {
        let at = sources::coverage_of(of.occasion);
        let total = &of.total;
        let mut said = Sentences::of("对");
        said.figure(count(total.projects.received, "个专项债券项目"), at.column("已报项目"));
        said.say("逐个开展事前绩效评估，合计金额");
        said.figure(money(total.money.received), at.column("已报金额")).say("。");
        let items = self.items(of);
        if items.is_empty() {
            self.text.paragraph(said);
            return;
        }
        said.say("具体项目如下：");
        self.text.paragraph(said);
        let line = |(number, item): (usize, &&Item)| {
            let amount = item.budget.map_or_else(|| "—".to_owned(), wan);
            vec![number.to_string(), named(&item.name), amount]
        };
        let mut lines: Vec<Vec<String>> = (1..).zip(&items).take(LISTED).map(line).collect();
        if items.len() > LISTED {
            lines.push(vec!["…".to_owned(), "其余项目见统计表".to_owned(), String::new()]);
        }
        lines.push(vec![String::new(), "合计".to_owned(), wan(total.money.received)]);
        self.text.blocks.push(Block::Table(Table {
            caption: "专项债券项目事前绩效评估情况表（单位：万元）".to_owned(),
            source: sources::stage_of(of.occasion).column("金额"),
            columns: vec![("序号", 8), ("项目名称", 66), ("金额", 18)],
            left: vec![1],
            lines,
        }));
    }

    /// The lines of the lists of an occasion, each once.
    fn items(&self, of: &OccasionCounts<'_>) -> Vec<&'f Item> {
        let lines = self.statistics.lines.iter();
        let lines = lines.filter(|line| line.occasion == of.occasion && line.standing != Standing::Repeated);
        let mut seen = BTreeSet::new();
        lines
            .flat_map(|line| line.form.items.iter().map(move |item| (line.place, item)))
            .filter(|(place, item)| item.key.is_empty() || seen.insert((*place, &item.key, &item.category)))
            .map(|(_, item)| item)
            .collect()
    }

    fn targets(&mut self) {
        self.section("强化绩效目标管理，推进目标编报全覆盖");
        let mut occasions = self.occasions(Stage::Target);
        if occasions.is_empty() {
            self.nothing("收到绩效目标表", "本年编报绩效目标的部门、单位、项目数和金额，一般见预算一体化系统");
        }
        // Departments as wholes come first, then their projects.
        occasions.sort_by_key(|of| (of.occasion.subject != Subject::Department, of.occasion));
        self.each(&occasions, |account, of| {
            account.text.paragraph(joined([received(of), covered(of), missing(account.statistics, of)]));
            account.text.paragraph(joined([on_time(of), quality(of)]));
        });
    }

    fn monitoring(&mut self) {
        self.section("做实绩效运行监控，及时纠正偏差");
        let occasions = self.occasions(Stage::Monitoring);
        if occasions.is_empty() {
            self.nothing("收到绩效运行监控表", "本年开展监控的次数、项目数和金额，一般见预算一体化系统");
        }
        let turns: BTreeSet<_> = occasions.iter().map(|of| (of.occasion.year, of.occasion.turn)).collect();
        if turns.len() > 1 {
            let mut said = Sentences::of("先后组织");
            said.figure(count(turns.len(), "次"), sources::all_of("表2绩效监控").column("")).say("绩效运行监控。");
            self.text.paragraph(said);
        }
        self.each(&occasions, |account, of| {
            account.text.paragraph(joined([received(of), covered(of), missing(account.statistics, of)]));
            account.text.paragraph(joined([executed(of), lights(of), on_time(of), quality(of)]));
        });
    }

    fn self_evaluations(&mut self) {
        self.section("规范绩效自评，提高自评质量");
        let occasions = self.occasions(Stage::SelfEvaluation);
        if occasions.is_empty() {
            self.nothing("收到绩效自评表", "本年开展自评的单位、项目数和金额，一般见预算一体化系统");
        }
        self.each(&occasions, |account, of| {
            account.text.paragraph(joined([received(of), covered(of), missing(account.statistics, of)]));
            account.text.paragraph(joined([executed(of), own_scores(of), on_time(of), quality(of)]));
        });
    }

    fn evaluations(&mut self) {
        self.section("开展重点绩效评价，聚焦重点领域");
        let occasions = self.occasions(Stage::Evaluation);
        let occasions: Vec<_> = occasions.into_iter().filter(|of| !of.categories.is_empty()).collect();
        if occasions.is_empty() {
            self.nothing("收到重点评价计划表", "本年重点评价的对象、项数、完成情况，一般见评价工作方案和评价报告");
        }
        for of in occasions {
            let sentences = self.evaluated(of);
            self.text.paragraph(sentences);
        }
    }

    fn evaluated(&self, of: &OccasionCounts<'_>) -> Sentences {
        let at = sources::stage_of(of.occasion);
        let all: usize = of.categories.iter().map(|category| category.items).sum();
        let done: usize = of.categories.iter().map(|category| category.done).sum();
        let mut said = Sentences::of(format!("确定{}财政重点评价对象", year_of(of)));
        said.figure(count(all, "项"), at.column("计划数"));
        by_category(&mut said, of, |category| category.items, "计划数");
        if done == 0 || done == all {
            said.say(if done == 0 { "。截至目前均未完成。" } else { "。截至目前已全部完成。" });
            return said;
        }
        said.say("。截至目前已完成").figure(count(done, "项"), at.column("已完成"));
        if let Some(share) = share(done, all) {
            said.say("，完成率").figure(share, at.column("完成率"));
        }
        by_category(&mut said, of, |category| category.done, "已完成");
        let items = self.items(of);
        let open = items.iter().filter(|item| item.done != Some(true));
        let open: Vec<&str> = open.map(|item| item.name.as_str()).filter(|name| !name.is_empty()).collect();
        let named = if open.is_empty() { String::new() } else { format!("，尚未完成的是{}", some(&open)) };
        said.say(format!("{named}。"));
        said
    }

    fn training(&mut self) {
        self.section("加强业务培训，提升专业能力");
        let mut said = Sentences::default();
        said.blank("本年举办培训的次数、对象、人数和内容，一般查会议通知、签到表和培训材料");
        self.text.paragraph(said);
    }

    fn application(&mut self) {
        self.section("强化结果反馈应用，落实激励约束");
        self.feedback();
        let mut said = Sentences::of("二是推进结果公开。");
        let published: Vec<(&OccasionCounts<'_>, usize)> = self
            .occasions(Stage::Evaluation)
            .into_iter()
            .map(|of| (of, of.categories.iter().map(|category| category.published).sum()))
            .filter(|(_, published)| *published > 0)
            .collect();
        if published.is_empty() {
            said.say("重点评价计划表没有填写公开情况。").blank("公开评价报告的名称、份数和网址，一般见门户网站");
        }
        for (of, published) in published {
            let at = sources::stage_of(of.occasion);
            said.say(format!("{}财政重点评价结果已公开", year_of(of)))
                .figure(count(published, "项"), at.column("已公开"));
            said.say("。").blank("公开的网址和时间，一般见门户网站");
        }
        self.text.paragraph(said);
        let mut said = Sentences::of("三是与预算安排挂钩。");
        said.blank("根据评价结果和预算执行情况调整、核减下年预算的单位、项目和金额，一般见预算股的预算审核意见");
        self.text.paragraph(said);
        let mut said = Sentences::of("四是健全问责机制。");
        said.blank("绩效约谈、重大项目责任追究等制度和执行情况，一般见制度文件和约谈记录");
        self.text.paragraph(said);
    }

    /// What was returned to the units, and the problems most told.
    fn feedback(&mut self) {
        let statistics = self.statistics;
        let forms = &statistics.total.forms;
        let mut said = Sentences::of("一是反馈审核结果。");
        if statistics.total.grades.total() == 0 {
            said.say("本次没有审核表格。").blank("向单位反馈审核、评价结果的情况");
            self.text.paragraph(said);
            return;
        }
        let at = sources::quality();
        said.say("共收到表格").figure(count(forms.received, "张"), at.column("实报"));
        said.say("，审核通过").figure(count(forms.passed, "张"), at.column("通过"));
        if forms.returned > 0 {
            said.say("，退回整改").figure(count(forms.returned, "张"), at.column("退回"));
            said.say(if forms.corrected > 0 { "，其中已整改合格" } else { "，均未整改合格" });
            if forms.corrected > 0 {
                said.figure(count(forms.corrected, "张"), at.column("已整改"));
            }
        }
        said.say("。");
        if let Some((last, rest)) =
            statistics.faults.get(..PROBLEMS.min(statistics.faults.len())).and_then(<[_]>::split_last)
        {
            said.say("问题较多的是");
            for fault in rest.iter().chain([last]) {
                let summary = rules::find(fault.code).map_or(fault.code, |rule| rule.summary);
                said.say("“").quote(summary).say("”");
                let at = sources::problem(fault.code);
                said.figure(count(fault.findings, "处"), at.column("出现次数"));
                said.say(if std::ptr::eq(fault, last) { "。" } else { "、" });
            }
        }
        self.text.paragraph(said);
    }

    fn assessment(&mut self, material: &Material<'_>) {
        let policy = &material.policy.assessment;
        self.section("纳入政府考核，压实主体责任");
        let mut said = Sentences::of("一是纳入考核。");
        for (number, scale) in policy.scales.iter().enumerate() {
            let lead = if number > 0 {
                "、"
            } else {
                "按本轮口径，绩效管理得分在政府综合考核中折算，满分为"
            };
            said.say(format!("{lead}{}", one_line(&scale.kind)));
            said.figure(points(scale.points), sources::policy().column("assessment.scales"));
        }
        if !policy.scales.is_empty() {
            said.say("。");
        }
        said.blank("政府综合考核办法的名称及文号、绩效管理的分值和占比，请与口径中的分值核对");
        self.text.paragraph(said);
        let assessed = material.assessed;
        let mut said = Sentences::of("二是运用考核结果。");
        if assessed.is_empty() {
            said.say("没有名册或没有应报表格，不能测算各单位得分。").blank("各单位考核得分和结果运用情况");
            self.text.paragraph(said);
            return;
        }
        let below: Vec<&str> = assessed.iter().filter(|one| one.cut).map(|one| one.unit.unit).collect();
        let line = points(policy.cut_below);
        let of_line = || sources::policy().column("assessment.cut_below");
        let units = || sources::assessment().column("");
        said.say("按报送覆盖、及时、质量和整改情况测算，");
        said.figure(count(assessed.len(), "个单位"), units()).say("中，");
        if below.is_empty() {
            said.say("没有得分在").figure(line, of_line()).say("以下的。");
        } else {
            said.say("得分在").figure(line, of_line()).say("以下的有").figure(count(below.len(), "个"), units());
            said.say(format!("：{}。按规定，{}。", some(&below), one_line(&policy.consequence)));
            said.blank("报政府批准的情况和核减金额");
        }
        self.text.paragraph(said);
    }

    /// One occasion after the other, each under its own heading where there are several.
    fn each(&mut self, occasions: &[&OccasionCounts<'_>], tell: impl Fn(&mut Self, &OccasionCounts<'_>)) {
        for (number, of) in (1..).zip(occasions) {
            if occasions.len() > 1 {
                self.text.subheading(format!("（{}）{}", chinese(number), of.occasion.title()));
            }
            if of.total.forms.received == 0 {
                let mut said = Sentences::of(format!("没有收到{}的表格。", of.occasion.title()));
                said.join(covered(of)).join(missing(self.statistics, of));
                self.text.paragraph(said);
                continue;
            }
            tell(self, of);
        }
    }
}

/// `：部门整体支出10项、财政资金12项`, where there are several categories.
fn by_category(
    said: &mut Sentences,
    of: &OccasionCounts<'_>,
    counted: impl Fn(&CategoryCount<'_>) -> usize,
    column: &'static str,
) {
    if of.categories.len() < 2 {
        return;
    }
    for (number, category) in of.categories.iter().enumerate() {
        let title = tables::category(category.category);
        said.say(format!("{}{title}", if number > 0 { "、" } else { "，其中" }));
        let at = Place { row: Row::Named(title.to_owned()), ..sources::stage_of(of.occasion) };
        said.figure(count(counted(category), "项"), at.column(column));
    }
}

/// `2022年度`.
fn year_of(of: &OccasionCounts<'_>) -> String {
    of.occasion.year.map(|year| format!("{year}年度")).unwrap_or_default()
}

fn named(name: &str) -> String {
    or_blank(name, "（未填项目名称）")
}

/// Sentences of one paragraph.
fn joined<const N: usize>(parts: [Sentences; N]) -> Sentences {
    let mut all = Sentences::default();
    for part in parts {
        all.join(part);
    }
    all
}
