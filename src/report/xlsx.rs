//! 统计.xlsx: the round for the people who answer for it, ready to print.
//!
//! Decides nothing: what is counted is counted in `coverage`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::page::{self, Column, Item, Page};
use super::side_by_side;
use crate::coverage::{Coverage, FormLine, Grades, Mending, Ratio, UnitLine, faults, mending_of};
use crate::finding::Severity;
use crate::policy::Band;
use crate::previous::Tally;
use crate::review::{Outcome, Round};
use crate::rules;

/// Writes the statistics. `returned` gives, by source, the path of the returned workbook from where this one lies.
///
/// # Errors
/// What the writer reports.
pub fn write(
    round: &Round,
    coverage: &Coverage<'_>,
    returned: &BTreeMap<String, String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let bytes = build(round, coverage, returned).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(round: &Round, coverage: &Coverage<'_>, returned: &BTreeMap<String, String>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook("绩效表单评审统计")?;
    summary(&mut workbook, round, coverage)?;
    units(&mut workbook, coverage)?;
    forms(&mut workbook, coverage, returned)?;
    frequencies(&mut workbook, coverage)?;
    mending(&mut workbook, &mending_of(round))?;
    side_by_side::write(&mut workbook, &coverage.forms)?;
    open_matters(&mut workbook, round, coverage)?;
    workbook.save_to_buffer()
}

/// 汇总: the verdict in a sentence, the ratios with their counts, the forms by title.
fn summary(workbook: &mut Workbook, round: &Round, coverage: &Coverage<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Column; 9] = [
        ("表单", 38),
        ("张数", 13),
        ("优", 13),
        ("良", 10),
        ("中", 8),
        ("差", 8),
        ("优良率", 10),
        ("严重", 9),
        ("一般", 9),
    ];
    // 实有, 应有 hold amounts, and the ratio of a form in 元 to a roster in 万元 has eight places.
    const RATIOS: [Column; 4] = [("指标", 38), ("实有", 13), ("应有", 13), ("比例", 10)];
    let note = format!("口径：{}    单位：个、万元", round.policy_title);
    let mut page = Page::new(workbook, "汇总", "绩效表单评审情况汇总", &note, &COLUMNS)?;
    page.paragraph(&verdict(round, coverage))?;
    let total = coverage.total();
    page.header(&RATIOS, None)?;
    let mut ratios = vec![("优良率（优、良张数÷评审张数）", Ratio::new(total.grades.good(), total.grades.total()))];
    if coverage.against_roster {
        ratios.insert(0, ("单位报送率（已报单位÷名册单位）", coverage.units_received()));
        ratios.insert(1, ("表单报送率（应报中已报÷应报）", coverage.forms_received()));
    }
    for (title, Ratio { part, whole }) in ratios {
        let result = (Decimal::from(part), Decimal::from(whole));
        page.line(&[
            Item::text(title),
            Item::Count(part),
            Item::Count(whole),
            Item::Share { part: &[1], whole: &[2], result },
        ])?;
    }
    let money = coverage.money_of_roster();
    if coverage.against_roster && !money.expected.is_zero() {
        page.line(&[
            Item::text("金额覆盖率（已报预算÷应报金额）"),
            Item::Amount(Some(money.received)),
            Item::Amount(Some(money.expected)),
            Item::Share { part: &[1], whole: &[2], result: (money.received, money.expected) },
        ])?;
    }
    page.paragraph("")?;
    page.header(&COLUMNS, None)?;
    let mut by_title: BTreeMap<&str, Vec<&FormLine<'_>>> = BTreeMap::new();
    for form in &coverage.forms {
        by_title.entry(&form.judged.form.schema.title).or_default().push(form);
    }
    let mut first = None;
    for (title, forms) in &by_title {
        let row = page.line(&title_line(title, forms.iter().copied()))?;
        first.get_or_insert(row);
    }
    if let Some(first) = first {
        page.totals(first, &title_line("合计", coverage.forms.iter()))?;
    }
    Ok(())
}

fn title_line<'a>(title: &str, forms: impl Iterator<Item = &'a FormLine<'a>> + Clone) -> Vec<Item> {
    let grades = Grades::of(forms.clone().map(|form| form.judged.grade.band));
    let count = |severity| Item::Count(forms.clone().map(|form| form.judged.count(severity)).sum());
    let mut items = vec![Item::text(title), Item::Count(grades.total())];
    items.extend(Band::ALL.map(|band| Item::Count(grades.count(band))));
    items.push(good_share(grades, &[2, 3], &[2, 3, 4, 5]));
    items.extend([count(Severity::Error), count(Severity::Warning)]);
    items
}

fn good_share(grades: Grades, part: &'static [u16], whole: &'static [u16]) -> Item {
    Item::Share { part, whole, result: (Decimal::from(grades.good()), Decimal::from(grades.total())) }
}

/// The round in a few sentences.
fn verdict(round: &Round, coverage: &Coverage<'_>) -> String {
    let total = coverage.total();
    let grades = Band::ALL.map(|band| format!("{} {} 张", band.title(), total.grades.count(band)));
    let unjudged = round.submissions.iter().filter(|s| !matches!(s.outcome, Outcome::Checked { .. })).count();
    let units = coverage.units.iter().filter(|unit| unit.received > 0).count();
    let mut text = format!(
        "本轮收到文件 {} 个，评审表单 {} 张，涉及单位 {units} 个、项目 {} 个、预算 {} 万元。质量等级：{}，优良率 {}。",
        round.submissions.len(),
        total.received,
        total.projects,
        total.money.received.round_dp(2).normalize(),
        grades.join("、"),
        Ratio::new(total.grades.good(), total.grades.total()),
    );
    if coverage.against_roster {
        text.push_str(&format!(
            "对照名册：应报 {} 张，已报 {} 张，未报 {} 张，多报 {} 张；已报单位 {}；名册之外的单位 {} 个。",
            total.expected,
            total.delivered,
            total.missing(),
            total.surplus,
            coverage.units_received(),
            coverage.unknown.len(),
        ));
    }
    if unjudged > 0 {
        text.push_str(&format!("另有 {unjudged} 个文件未能评审，见“未报送与未识别”。"));
    }
    text
}

/// 按单位.
fn units(workbook: &mut Workbook, coverage: &Coverage<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Column; 17] = [
        ("序号", 6),
        ("部门", 20),
        ("单位", 26),
        ("应报", 7),
        ("应报已报", 7),
        ("未报", 7),
        ("实报", 7),
        ("多报", 7),
        ("报送率", 9),
        ("项目数", 8),
        ("预算金额", 13),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
        ("优良率", 9),
        ("主要问题", 44),
    ];
    let mut page = Page::new(workbook, "按单位", "绩效表单报送及质量情况（按单位）", "单位：个、万元", &COLUMNS)?;
    page.header(&COLUMNS, Some(3))?;
    let mut first = None;
    for (number, unit) in (1..).zip(&coverage.units) {
        let row = page.line(&unit_line(Item::Count(number), unit))?;
        first.get_or_insert(row);
    }
    match first {
        Some(first) => page.totals(first, &unit_line(Item::word(""), &coverage.total())),
        None => Ok(()),
    }
}

fn unit_line(number: Item, unit: &UnitLine) -> Vec<Item> {
    let name = match (unit.unit.as_str(), unit.known) {
        ("", _) => "（未填单位名称）".to_owned(),
        (name, true) => name.to_owned(),
        (name, false) => format!("{name}（名册外）"),
    };
    let faults = unit.chief_faults.iter().map(|(code, count)| format!("{code} {}（{count}）", summary_of(code)));
    let mut items = vec![
        number,
        Item::text(&unit.department),
        Item::text(name),
        Item::Count(unit.expected),
        Item::Count(unit.delivered),
        Item::Count(unit.missing()),
        Item::Count(unit.received),
        Item::Count(unit.surplus),
        Item::Share { part: &[4], whole: &[3], result: (Decimal::from(unit.delivered), Decimal::from(unit.expected)) },
        Item::Count(unit.projects),
        Item::Amount(Some(unit.money.received)),
    ];
    items.extend(Band::ALL.map(|band| Item::Count(unit.grades.count(band))));
    items.push(good_share(unit.grades, &[11, 12], &[11, 12, 13, 14]));
    items.push(Item::text(faults.collect::<Vec<_>>().join("；")));
    items
}

fn summary_of(code: &str) -> &'static str {
    rules::find(code).map_or("", |rule| rule.summary)
}

/// 表单明细: one line a form.
fn forms(
    workbook: &mut Workbook,
    coverage: &Coverage<'_>,
    returned: &BTreeMap<String, String>,
) -> Result<(), XlsxError> {
    const COLUMNS: [Column; 14] = [
        ("序号", 6),
        ("单位", 26),
        ("项目", 32),
        ("表单", 26),
        ("预算金额", 13),
        ("自评得分", 9),
        ("质量得分", 9),
        ("质量等级", 8),
        ("严重", 6),
        ("一般", 6),
        ("提示", 6),
        ("备注", 16),
        ("工作表", 18),
        ("文件", 36),
    ];
    let mut page = Page::new(workbook, "表单明细", "绩效表单评审明细", "单位：万元、分", &COLUMNS)?;
    page.header(&COLUMNS, Some(3))?;
    for (number, line) in (1..).zip(&coverage.forms) {
        let judged = line.judged;
        let own_score = judged.form.record.field(crate::schema::concept::field::TOTAL_SCORE);
        let source = &line.submission.source;
        let file = match returned.get(source) {
            Some(path) => Item::Link { path: path.clone(), place: String::new(), text: source.clone() },
            None => Item::text(source),
        };
        let mut items = vec![
            Item::Count(number),
            Item::text(&line.judged.identity.unit.name),
            Item::text(judged.form.project().unwrap_or_default()),
            Item::text(&judged.form.schema.title),
            Item::Amount(line.amount),
            Item::Amount(own_score.and_then(crate::form::Field::number)),
            Item::Amount(Some(judged.grade.score)),
            Item::word(judged.grade.band.title()),
        ];
        items.extend(Severity::WORST_FIRST.map(|severity| Item::Count(judged.count(severity))));
        items.push(Item::text(if line.repeated { "重复报送" } else { "" }));
        items.push(Item::text(&judged.form.sheet));
        items.push(file);
        page.line(&items)?;
    }
    Ok(())
}

/// 问题频次.
fn frequencies(workbook: &mut Workbook, coverage: &Coverage<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Column; 9] = [
        ("序号", 6),
        ("规则编码", 10),
        ("规则名称", 30),
        ("问题", 52),
        ("级别", 8),
        ("出现次数", 10),
        ("涉及表单", 10),
        ("涉及单位", 10),
        ("涉及项目", 10),
    ];
    let mut page = Page::new(workbook, "问题频次", "常见问题频次", "单位：次、张、个", &COLUMNS)?;
    page.header(&COLUMNS, Some(0))?;
    for (number, fault) in (1..).zip(faults(&coverage.forms)) {
        page.line(&[
            Item::Count(number),
            Item::word(fault.code),
            Item::text(fault.name),
            Item::text(summary_of(fault.code)),
            Item::word(fault.severity.title()),
            Item::Count(fault.findings),
            Item::Count(fault.forms),
            Item::Count(fault.units),
            Item::Count(fault.projects),
        ])?;
    }
    Ok(())
}

/// 整改情况: what became of the findings of the submissions before; not there where there were none.
fn mending(workbook: &mut Workbook, mending: &Mending) -> Result<(), XlsxError> {
    const COLUMNS: [Column; 10] = [
        ("序号", 6),
        ("单位", 34),
        ("表单", 8),
        ("上次问题", 10),
        ("已改", 8),
        ("未改", 8),
        ("其中已接受", 8),
        ("新增", 8),
        ("反复", 8),
        ("整改率", 10),
    ];
    let Some(total) = mending.total() else { return Ok(()) };
    let mut page = Page::new(workbook, "整改情况", "上次问题整改情况（按单位）", "单位：张、处", &COLUMNS)?;
    page.header(&COLUMNS, Some(2))?;
    let line = |number: Item, unit: &str, forms: usize, tally: Tally| {
        let counts = [forms, tally.before(), tally.settled, tally.unchanged, tally.accepted, tally.new, tally.again];
        let mut items = vec![number, Item::text(unit)];
        items.extend(counts.map(Item::Count));
        let result = (Decimal::from(tally.settled), Decimal::from(tally.before()));
        items.push(Item::Share { part: &[4], whole: &[3], result });
        items
    };
    let first = page.next_row();
    let mut forms = 0;
    for (number, (unit, count, tally)) in (1..).zip(&mending.units) {
        let name = if unit.is_empty() { "（未填单位名称）" } else { unit };
        page.line(&line(Item::Count(number), name, *count, *tally))?;
        forms += count;
    }
    page.totals(first, &line(Item::word(""), "合计", forms, total))?;
    page.paragraph(
        "注：只数上次也报过的表。上次问题＝已改＋未改；整改率＝已改÷上次问题；新增是上次没有的问题，反复是以前改好过又出现的问题。",
    )
}

/// 未报送与未识别: what a person still has to follow up.
fn open_matters(workbook: &mut Workbook, round: &Round, coverage: &Coverage<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Column; 5] = [("序号", 6), ("类别", 14), ("单位或文件", 44), ("情况", 60), ("下一步", 40)];
    let mut page = Page::new(workbook, "未报送与未识别", "未报送、未识别情况", "", &COLUMNS)?;
    page.header(&COLUMNS, Some(0))?;
    let mut lines: Vec<[String; 4]> = Vec::new();
    for missing in &coverage.missing {
        let came = format!("{}：应报 {}，已报 {}", missing.form, missing.received.whole, missing.received.part);
        let unit = format!("{} {}", missing.department, missing.unit);
        let next = match &missing.hint {
            Some(source) => format!("先核对未能评审的文件 {source}，看是否为该单位所报"),
            None => "催报".to_owned(),
        };
        lines.push(["未报送".to_owned(), unit.trim().to_owned(), came, next]);
    }
    for unknown in &coverage.unknown {
        let (name, next) = match (&unknown.unit, &unknown.suggestion) {
            (unit, _) if unit.is_empty() => ("（未填单位名称）".to_owned(), "请单位填写单位名称".to_owned()),
            (unit, Some(near)) => {
                (unit.clone(), format!("如确为“{near}”，请在名册“简称/别名”列加上此名称；否则核对名册"))
            }
            (unit, None) => (unit.clone(), "核对名册是否漏列".to_owned()),
        };
        let sources: Vec<&str> = unknown.sources.iter().map(String::as_str).collect();
        lines.push(["名册外单位".to_owned(), name, format!("见 {}", sources.join("、")), next]);
    }
    for unknown in &coverage.unknown_projects {
        let next = match &unknown.suggestion {
            _ if unknown.unit_unknown => "先认出单位（见“名册外单位”），再核对项目台账".to_owned(),
            Some(near) => format!("如确为“{near}”，请在项目台账“别名”列加上此名称；否则补入台账"),
            None => "核对项目台账是否漏列".to_owned(),
        };
        let what = format!("{} {}", unknown.unit, unknown.project);
        let sources: Vec<&str> = unknown.sources.iter().map(String::as_str).collect();
        lines.push(["台账外项目".to_owned(), what.trim().to_owned(), format!("见 {}", sources.join("、")), next]);
    }
    for submission in &round.submissions {
        let Some((kind, reason)) = submission.unjudged() else { continue };
        let next = "与单位核对后重新报送".to_owned();
        lines.push([kind.to_owned(), submission.source.clone(), reason.into_owned(), next]);
    }
    for (source, reason) in &round.passed_over {
        let next = "不是应报材料的不用处理".to_owned();
        lines.push(["未审".to_owned(), source.clone(), reason.clone(), next]);
    }
    for (number, [kind, what, state, next]) in (1..).zip(lines) {
        page.line(&[Item::Count(number), Item::word(kind), Item::text(what), Item::text(state), Item::text(next)])?;
    }
    Ok(())
}
