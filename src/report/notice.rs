//! 整改通知书: the letter with which a unit gets its workbooks back. What it says follows from the grades (财预〔2015〕88号:
//! 优 goes on, 良 improves, 中 revises and hands in again, 差 is not accepted).

use std::io::{self, Write};

use super::handback::{Handback, worst_first};
use super::letter::Letter;
use super::place;
use crate::config::Letterhead;
use crate::finding::{Finding, Severity};
use crate::policy::Band;
use crate::review::{CheckedForm, Outcome};
use crate::schema::Stage;
use crate::text::one_line;

/// Problems of one form that the letter tells; the rest stands in the list beside it.
const TOLD: usize = 10;
/// The list of all problems beside the letter.
pub(super) const LIST: &str = "问题清单.xlsx";

/// Writes the letter.
///
/// # Errors
/// What the writer reports.
pub fn write(handback: &Handback<'_>, head: &Letterhead, out: &mut dyn Write) -> io::Result<()> {
    let unjudged: Vec<(&str, String)> = unjudged(handback);
    let worst = handback.worst().map_or(Band::Poor, |worst| if unjudged.is_empty() { worst } else { Band::Poor });
    let number = or_blank(&head.number, "〔    〕    号");
    let mut letter = Letter::new().title(title(worst)).number(&number).addressee(&format!("{}：", handback.unit));
    letter = letter.paragraph(&opening(handback));
    letter = letter.heading("一、审核结果");
    if handback.forms().next().is_some() {
        letter = letter.table(&[6, 26, 22, 22, 10, 8], &results(handback));
    }
    for (name, reason) in &unjudged {
        letter = letter.paragraph(&format!("“{name}”没有审核：{reason}。"));
    }
    letter = letter.heading("二、处理意见");
    for text in verdicts(handback) {
        letter = letter.paragraph(&text);
    }
    if !unjudged.is_empty() {
        letter = letter.paragraph("没有审核的文件视同未报送，请按下发的模板填报后重新报送。");
    }
    letter = problems(letter, handback);
    letter = requirements(letter, handback, head, worst, !unjudged.is_empty());
    let bureau = or_blank(&head.bureau, "（发文机关）");
    letter.signature(&bureau, &or_blank(&head.date, "    年    月    日")).write(out)
}

fn or_blank(text: &str, blank: &str) -> String {
    if text.trim().is_empty() { blank.to_owned() } else { text.trim().to_owned() }
}

fn title(worst: Band) -> &'static str {
    match worst {
        Band::Excellent => "预算绩效管理表单审核结果通知书",
        _ => "预算绩效管理表单整改通知书",
    }
}

fn opening(handback: &Handback<'_>) -> String {
    let (files, forms) = (handback.files.len(), handback.forms().count());
    format!(
        "你单位报送的预算绩效管理材料（文件 {files} 个，表单 {forms} 张）已经审核，现将审核结果和整改要求通知如下。"
    )
}

/// The table of grades.
fn results(handback: &Handback<'_>) -> Vec<Vec<String>> {
    let head = ["序号", "文件", "表单", "项目", "得分", "等级"].map(str::to_owned).to_vec();
    let line = |(number, (file, form)): (usize, (&super::handback::HandbackFile<'_>, &CheckedForm))| {
        let grade = &form.grade;
        vec![
            number.to_string(),
            file.shown().to_owned(),
            form.form.schema.title.clone(),
            form.form.project().unwrap_or_else(|| "—".to_owned()),
            grade.score.normalize().to_string(),
            grade.band.title().to_owned(),
        ]
    };
    [head].into_iter().chain((1..).zip(handback.forms()).map(line)).collect()
}

/// One sentence a grade that occurs, the worst first, with the numbers of the table.
fn verdicts(handback: &Handback<'_>) -> Vec<String> {
    let mut said = Vec::new();
    for band in [Band::Poor, Band::Fair, Band::Good, Band::Excellent] {
        for is_target in [true, false] {
            let of =
                |form: &CheckedForm| form.grade.band == band && (form.form.schema.stage == Stage::Target) == is_target;
            let numbers: Vec<String> = (1..)
                .zip(handback.forms())
                .filter(|(_, (_, form))| of(form))
                .map(|(n, _): (u32, _)| n.to_string())
                .collect();
            if !numbers.is_empty() {
                said.push(format!(
                    "第 {} 项，等级为“{}”：{}",
                    numbers.join("、"),
                    band.title(),
                    verdict(band, is_target)
                ));
            }
        }
    }
    said
}

fn verdict(band: Band, is_target: bool) -> &'static str {
    match (band, is_target) {
        (Band::Excellent, true) => "符合要求，同意进入下一步预算安排程序。感谢你单位认真填报。",
        (Band::Excellent, false) => "符合要求，予以通过。感谢你单位认真填报。",
        (Band::Good, true) => "基本符合要求，请按审核意见完善后，进入下一步预算安排程序。",
        (Band::Good, false) => "基本符合要求，请按审核意见完善后存档备查。",
        (Band::Fair, _) => "不完全符合要求，请按审核意见修改后，按程序重新报送审核。",
        (Band::Poor, true) => "不符合要求，不予受理，不得进入下一步预算安排程序。请重新编制后报送。",
        (Band::Poor, false) => "不符合要求，不予受理，请重新填报。",
    }
}

fn problems(mut letter: Letter, handback: &Handback<'_>) -> Letter {
    if handback.forms().all(|(_, form)| form.findings.is_empty()) {
        return letter;
    }
    letter = letter.heading("三、主要问题");
    for (number, (file, form)) in (1_usize..).zip(handback.forms()).filter(|(_, (_, form))| !form.findings.is_empty()) {
        let title = &form.form.schema.title;
        let sheet = one_line(&form.form.sheet);
        let name = file.shown();
        letter = letter.subheading(&format!("第 {number} 项　{name}（{title}，工作表“{sheet}”）：{}", counted(form)));
        let worst = worst_first(form);
        for (at, finding) in (1_usize..).zip(worst.iter().take(TOLD)) {
            letter = letter.paragraph(&problem(at, finding, form));
        }
        if let Some(rest) = worst.len().checked_sub(TOLD).filter(|rest| *rest > 0) {
            letter = letter.paragraph(&format!("其余 {rest} 处见“{LIST}”和表内批注。"));
        }
    }
    letter
}

/// `严重 2 处，一般 3 处`.
fn counted(form: &CheckedForm) -> String {
    let count = |severity: Severity| form.findings.iter().filter(|finding| finding.severity == severity).count();
    let said =
        |severity: Severity| (count(severity) > 0).then(|| format!("{} {} 处", severity.title(), count(severity)));
    Severity::WORST_FIRST.into_iter().filter_map(said).collect::<Vec<_>>().join("，")
}

fn problem(number: usize, finding: &Finding, form: &CheckedForm) -> String {
    let stop = |text: &str| {
        let text = one_line(text);
        if text.is_empty() || text.ends_with(['。', '！', '？']) { text } else { format!("{text}。") }
    };
    let advice = stop(&finding.advice);
    let advice = if advice.is_empty() { String::new() } else { format!("修改：{advice}") };
    let ruling = finding.ruling.as_ref().map(|ruling| format!("处理：{}", stop(&ruling.said()))).unwrap_or_default();
    let message = stop(&finding.message);
    // Most messages begin with the cell they speak of.
    let place = match finding.cell {
        Some(cell) if message.starts_with(&cell.to_string()) => String::new(),
        Some(cell) => match place::label(&form.form, cell) {
            Some(label) => format!("{cell}「{label}」："),
            None => format!("{cell}："),
        },
        None => String::new(),
    };
    format!("{number}. 【{}】{place}{message}{advice}{ruling}", finding.severity.title())
}

fn requirements(mut letter: Letter, handback: &Handback<'_>, head: &Letterhead, worst: Band, again: bool) -> Letter {
    let has_problems = handback.forms().any(|(_, form)| !form.findings.is_empty());
    let deadline = or_blank(&head.deadline, "    年    月    日前");
    let marked = handback.files.iter().filter(|file| file.name.is_some()).count();
    letter = letter.heading(match (has_problems, again) {
        (true, _) => "四、整改要求",
        (false, true) => "三、整改要求",
        (false, false) => "三、其他事项",
    });
    if marked == 0 {
        letter = letter.paragraph(&format!("请按空白模板填报，于{deadline}报送。"));
    } else if worst != Band::Excellent || again {
        letter = letter.paragraph(&format!(
            "请对照退回的表内标注和“审核意见”逐处核对，于{deadline}修改完毕并报送。直接在退回的表上改，“审核意见”一并报回；\
             对审核意见有异议的，在“采纳”栏选“否”并在“出错说明”栏写明理由。"
        ));
    } else {
        letter = letter.paragraph("表内标注的提示事项，请在今后填报时留意。");
    }
    let contact = or_blank(&head.contact, "            ");
    letter = letter.paragraph(&format!("联系人及电话：{contact}。")).gap();
    let mut enclosed = Vec::new();
    if marked > 0 {
        enclosed.push(format!("标注后的原表 {marked} 个"));
        enclosed.push(LIST.to_owned());
    }
    enclosed.extend(handback.blanks.iter().cloned());
    for (at, name) in (1..).zip(enclosed) {
        let label = if at == 1 { "附件：" } else { "　　　" };
        letter = letter.paragraph(&format!("{label}{at}. {name}"));
    }
    letter
}

/// Files in which nothing could be judged, with the reason.
fn unjudged<'a>(handback: &'a Handback<'_>) -> Vec<(&'a str, String)> {
    let reason = |outcome: &Outcome| match outcome {
        Outcome::Checked { .. } => None,
        Outcome::Unrecognised { reason, .. } => Some(reason.trim_end_matches('。').to_owned()),
        Outcome::Unreadable(error) => Some(error.kind.to_string().trim_end_matches('。').to_owned()),
    };
    let of = |file: &'a super::handback::HandbackFile<'_>| Some((file.shown(), reason(&file.submission.outcome)?));
    handback.files.iter().filter_map(of).collect()
}
