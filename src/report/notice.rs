//! 整改通知书: the letter with which a unit gets its workbooks back. What it says follows from the grades (财预〔2015〕88号:
//! 优 goes on, 良 improves, 中 revises and hands in again, 差 is not accepted); the strictest decides the conclusion.

use std::io::{self, Write};

use chrono::NaiveDate;

use super::handback::{Handback, HandbackFile, worst_first};
use super::letter::{chinese, chinese_day, or_blank, sentence, written_day};
use super::place;
use crate::config::Letterhead;
use crate::docx::{Document, Style, Table};
use crate::finding::{Finding, Severity};
use crate::policy::Band;
use crate::review::CheckedForm;
use crate::schema::Stage;
use crate::text::one_line;
use crate::value::parse_date;

/// Problems of one form that the letter tells, where the letterhead does not say; the rest stands in the list beside it.
const TOLD: usize = 10;
/// The list of all problems beside the letter.
pub(super) const LIST: &str = "问题清单.xlsx";

/// Writes the letter, dated with a day where one is given, else as the letterhead says.
///
/// # Errors
/// What the writer reports.
pub fn write(
    handback: &Handback<'_>,
    head: &Letterhead,
    day: Option<NaiveDate>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let strictest = handback.strictest();
    let title = match strictest {
        Band::Excellent => "预算绩效管理表单审核结果通知书",
        _ => "预算绩效管理表单整改通知书",
    };
    let mut letter = Letter { document: Document::new(title), sections: 0 };
    letter.head(title, handback, head);
    letter.results(handback);
    letter.verdicts(handback);
    letter.problems(handback, head.problems.unwrap_or(TOLD));
    letter.requirements(handback, strictest, head);
    letter.enclosures(handback, head);
    letter.document.paragraph_with_next(Style::Signature, &or_blank(&head.bureau, "（发文机关）"));
    let date = day.map_or_else(|| written_day(&head.date, "　　　年　　月　　日"), chinese_day);
    letter.document.paragraph(Style::Date, &date);
    out.write_all(&letter.document.write()?)
}

/// A letter being written from the top.
struct Letter {
    document: Document,
    sections: usize,
}

impl Letter {
    fn section(&mut self, title: &str) {
        self.sections += 1;
        self.document.paragraph(Style::Heading1, &format!("{}、{title}", chinese(self.sections)));
    }

    fn say(&mut self, text: &str) {
        self.document.paragraph(Style::Body, text);
    }

    fn head(&mut self, title: &str, handback: &Handback<'_>, head: &Letterhead) {
        self.document.paragraph(Style::Title, title);
        self.document.paragraph(Style::Number, &or_blank(&head.number, "〔　　　〕　　号"));
        self.document.gap();
        self.document.paragraph(Style::Flush, &format!("{}：", one_line(handback.unit)));
        let (files, forms) = (handback.files.len(), handback.forms().count());
        self.say(&format!(
            "你单位报送的预算绩效管理材料（文件 {files} 个，表单 {forms} 张）已经审核，现将审核结果和有关要求通知如下。"
        ));
    }

    /// The table of grades, and what could not be judged.
    fn results(&mut self, handback: &Handback<'_>) {
        self.section("审核结果");
        if handback.forms().next().is_some() {
            self.document.table(&grades(handback));
        }
        for (file, reason) in handback.unjudged() {
            self.say(&format!("“{}”没有审核：{}", one_line(file.shown()), sentence(&reason)));
        }
    }

    /// One sentence a grade that occurs, the worst first, with the numbers of the table.
    fn verdicts(&mut self, handback: &Handback<'_>) {
        self.section("处理意见");
        for band in [Band::Poor, Band::Fair, Band::Good, Band::Excellent] {
            for before_budget in [true, false] {
                let of = |form: &CheckedForm| {
                    form.grade.band == band
                        && matches!(form.form.schema.stage, Stage::Target | Stage::ExAnte) == before_budget
                };
                let numbers = (1..).zip(handback.forms()).filter(|(_, (_, form))| of(form));
                let numbers: Vec<usize> = numbers.map(|(number, _)| number).collect();
                if !numbers.is_empty() {
                    let (which, band_title) = (ranges(&numbers), band.title());
                    self.say(&format!("第 {which} 项，等级为“{band_title}”：{}", verdict(band, before_budget)));
                }
            }
        }
        if handback.unjudged().next().is_some() {
            self.say("没有审核的文件视同未报送，请按下发的模板填报后重新报送。");
        }
    }

    /// The problems by form and severity; of a form at most so many.
    fn problems(&mut self, handback: &Handback<'_>, most: usize) {
        let forms = (1..).zip(handback.forms()).map(|(number, (file, form))| (number, file, form, worst_first(form)));
        let forms: Vec<(usize, _, _, _)> = forms.filter(|(.., findings)| !findings.is_empty()).collect();
        if forms.is_empty() {
            return;
        }
        self.section("存在的问题");
        for (at, (number, file, form, findings)) in (1..).zip(&forms) {
            let title = form.form.project().unwrap_or_else(|| form.form.schema.title.clone());
            self.document.paragraph(Style::Heading2, &format!("（{}）第 {number} 项：{title}", chinese(at)));
            let (name, sheet) = (one_line(file.shown()), one_line(&form.form.sheet));
            self.say(&format!("文件“{name}”，工作表“{sheet}”。{}。", counted(form)));
            let shown: Vec<&Finding> = findings.iter().copied().take(most).collect();
            for severity in Severity::WORST_FIRST {
                let of_severity = (1..).zip(&shown).filter(|(_, finding)| finding.severity == severity);
                for (place, (number, finding)) in of_severity.enumerate() {
                    if place == 0 {
                        self.document.paragraph(Style::Heading3, heading(severity));
                    }
                    self.say(&problem(number, finding, form));
                }
            }
            if let Some(rest) = findings.len().checked_sub(most).filter(|rest| *rest > 0) {
                self.say(&format!("其余 {rest} 条见“{LIST}”。"));
            }
        }
    }

    /// What the unit has to do, until when and how.
    fn requirements(&mut self, handback: &Handback<'_>, strictest: Band, head: &Letterhead) {
        let deadline = match parse_date(&head.deadline) {
            Some(day) => format!("{}前", chinese_day(day)),
            None => or_blank(&head.deadline, "　　　年　　月　　日前"),
        };
        let marked = handback.files.iter().any(|file| file.name.is_some());
        self.section(if strictest == Band::Excellent { "其他事项" } else { "整改要求" });
        match strictest {
            Band::Excellent => self.say("表内标注的问题和提示，请在今后填报时留意，本次不用重新报送。"),
            _ if !marked => self.say(&format!("请重新填报，于{deadline}报送。")),
            _ => {
                self.say(&format!(
                    "请对照退回的表内标注和“审核意见”逐处核对，于{deadline}修改完毕并报送。直接在退回的表上改，“审核意见”一并\
                     报回；对审核意见有异议的，在“采纳”栏选“否”并在“出错说明”栏写明理由。"
                ));
            }
        }
        if !handback.blanks.is_empty() {
            self.say("需要重新填报的，请填写所附的空白模板，不要改动栏目和格式。");
        }
    }

    /// Whom to ask, and what lies beside the letter. It stays with the signature: none stands on a page of its own.
    fn enclosures(&mut self, handback: &Handback<'_>, head: &Letterhead) {
        let contact = format!("联系人及电话：{}。", or_blank(&head.contact, "　　　　　　"));
        self.document.paragraph_with_next(Style::Body, &contact);
        self.document.gap();
        let marked = handback.files.iter().filter(|file| file.name.is_some()).count();
        let mut enclosed = Vec::new();
        if marked > 0 {
            enclosed.push(format!("标注后的原表 {marked} 个"));
        }
        enclosed.push(LIST.to_owned());
        enclosed.extend(handback.blanks.iter().map(|name| one_line(name)));
        let lines: Vec<String> = (1..).zip(&enclosed).map(|(number, name)| format!("{number}. {name}")).collect();
        self.document.paragraph_with_next(Style::Annex, &format!("附件：{}", lines.join("\n")));
        self.document.gap();
        self.document.gap();
    }
}

/// The grades of the forms.
fn grades(handback: &Handback<'_>) -> Table {
    let columns = [("序号", 7), ("文件", 25), ("表单", 22), ("项目", 22), ("得分", 8), ("等级", 8)];
    let line = |(number, (file, form)): (usize, (&HandbackFile<'_>, &CheckedForm))| {
        vec![
            number.to_string(),
            one_line(file.shown()),
            form.form.schema.title.clone(),
            form.form.project().unwrap_or_else(|| "—".to_owned()),
            form.grade.score.normalize().to_string(),
            form.grade.band.title().to_owned(),
        ]
    };
    Table {
        columns: columns.map(|(head, share)| (head.to_owned(), share)).to_vec(),
        left: vec![1, 2, 3],
        lines: (1..).zip(handback.forms()).map(line).collect(),
    }
}

fn verdict(band: Band, before_budget: bool) -> &'static str {
    match (band, before_budget) {
        (Band::Excellent, true) => "符合要求，同意进入下一步预算安排程序。感谢你单位认真填报。",
        (Band::Excellent, false) => "符合要求，予以通过。感谢你单位认真填报。",
        (Band::Good, true) => "基本符合要求，请按审核意见完善后，进入下一步预算安排程序。",
        (Band::Good, false) => "基本符合要求，请按审核意见修改完善。",
        (Band::Fair, _) => "不完全符合要求，请按审核意见修改后，按程序重新报送审核。",
        (Band::Poor, true) => "不符合要求，不予受理，不得进入下一步预算安排程序。请重新编制后报送。",
        (Band::Poor, false) => "不符合要求，不予受理，请重新填报。",
    }
}

/// `严重 2 处，一般 3 处`, without what the bureau accepts.
fn counted(form: &CheckedForm) -> String {
    let count = |severity: Severity| Some((severity, form.count(severity))).filter(|(_, count)| *count > 0);
    let said = Severity::WORST_FIRST.into_iter().filter_map(count);
    said.map(|(severity, count)| format!("{severity} {count} 处")).collect::<Vec<_>>().join("，")
}

fn heading(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "严重问题（必须改正）",
        Severity::Warning => "一般问题（应当改正）",
        Severity::Info => "提示（请核实）",
    }
}

fn problem(number: usize, finding: &Finding, form: &CheckedForm) -> String {
    let advice = sentence(&finding.advice);
    let advice = if advice.is_empty() { advice } else { format!("修改：{advice}") };
    let ruling =
        finding.ruling.as_ref().map(|ruling| format!("处理：{}", sentence(&ruling.said()))).unwrap_or_default();
    let message = sentence(&finding.message);
    // Most messages begin with the cell they speak of.
    let place = match finding.cell {
        Some(cell) if message.starts_with(&cell.to_string()) => String::new(),
        Some(cell) => match place::label(&form.form, cell) {
            Some(label) => format!("{cell}「{label}」："),
            None => format!("{cell}："),
        },
        None => String::new(),
    };
    format!("{number}. {place}{message}{advice}{ruling}")
}

/// `1、3—5` of ascending numbers.
fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let said = runs.iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}、{last}"),
        _ => format!("{first}—{last}"),
    });
    said.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_forms_are_told_by_ranges() {
        assert_eq!(ranges(&[1, 3, 4, 5, 7, 8]), "1、3—5、7、8");
    }
}
