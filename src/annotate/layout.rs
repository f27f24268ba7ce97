//! What stands on the sheet 审核意见: the verdict first, then why, then what to mend, one block a form.

use super::review_sheet::{CHOICES, LAST_COLUMN, ReviewCell, ReviewSheet, Style};
use crate::address::{CellRange, CellRef, Location};
use crate::finding::{Finding, FixEdit, Severity, told};
use crate::form::Form;
use crate::grade::{Grade, LedgerEntry};
use crate::review::{CheckedForm, Corrections, HEADS, Origin, REVIEW_TITLE, STATE, bar};
use crate::rules;
use crate::schema::concept::field;
use crate::text::{as_written, display_width, excerpt, fold};

/// What the marks stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    /// The unit's own file.
    Original,
    /// A copy of its sheets.
    Copy,
    /// The blank forms with its values in them.
    InTemplate {
        /// What could not be placed.
        left: usize,
    },
}

/// The sheet for the forms of one workbook.
pub(super) fn review_sheet(forms: &[CheckedForm], marked: Marked, corrections: &Corrections) -> ReviewSheet {
    let mut sheet = ReviewSheet::default();
    sheet.push(vec![ReviewCell::text(0, LAST_COLUMN, REVIEW_TITLE, Style::Title)]);
    let origin = match marked {
        Marked::Original => format!(
            "本页为审核时附加。{}，只给有问题的单元格加了底色和批注（鼠标停在单元格上即可看到）。",
            untouched(corrections)
        ),
        Marked::Copy => {
            "原文件格式不能直接加注，本工作簿按原表数值另行生成，公式只保留结果；有问题的单元格加了底色和批注。"
                .to_owned()
        }
        Marked::InTemplate { left } => {
            let rest = match left {
                0 => "原表内容已全部放入。".to_owned(),
                left => format!("有 {left} 处在模板上没有位置，列在“未能放入的内容”。"),
            };
            format!(
                "原文件不能直接加注，已把原表填的内容逐格放进该表的空白模板，没有重算；有问题的单元格加了底色和批注，括号里的“原”是原表的单元格。{rest}请在本工作簿上改正后报送。"
            )
        }
    };
    sheet.push(vec![ReviewCell::text(0, LAST_COLUMN, origin, Style::Remark)]);
    color_key(&mut sheet);
    if !corrections.is_empty() {
        corrected_key(&mut sheet, corrections.origin);
    }
    if forms.len() > 1 {
        sheet.gap();
        overview(&mut sheet, forms);
    }
    for (number, form) in (1..).zip(forms) {
        sheet.gap();
        if number > 1 {
            sheet.page_breaks.push(u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX));
        }
        let header = block(&mut sheet, number, form, forms.len() > 1, corrections);
        sheet.repeated = header.filter(|_| forms.len() == 1);
        signature(&mut sheet);
    }
    if forms.iter().any(|form| has_states(form, corrections)) {
        sheet.widen();
    }
    sheet
}

fn untouched(corrections: &Corrections) -> String {
    match corrections.is_empty() {
        true => "原表的数值和公式没有改动".to_owned(),
        false => format!("绿色的格{}，原表其他数值和公式没有改动", corrections.origin.title()),
    }
}

fn corrected_key(sheet: &mut ReviewSheet, origin: Origin) {
    let said = match origin {
        Origin::Safe => {
            "只改写法和能从别的格算出来的数，意思不变；原填内容见批注和“状态”栏。不同意的，把格里改回原来的内容，并在“出错说明”写明理由"
        }
        Origin::Adopted => "按单位在“采纳”栏选的“是”写入；原填内容见批注",
    };
    sheet.push(vec![
        ReviewCell::text(0, 1, "已改正", Style::Corrected),
        ReviewCell::text(2, LAST_COLUMN, said, Style::Text),
    ]);
}

fn color_key(sheet: &mut ReviewSheet) {
    sheet.push(vec![
        ReviewCell::text(0, 1, "严重", Style::Severity(Severity::Error)),
        ReviewCell::text(2, 3, "须改正后重新报送", Style::Text),
        ReviewCell::text(4, 4, "一般", Style::Severity(Severity::Warning)),
        ReviewCell::text(5, 5, "应予改正", Style::Text),
        ReviewCell::text(6, 6, "提示", Style::Severity(Severity::Info)),
        ReviewCell::text(7, 7, "供参考，核实后可不改", Style::Text),
        ReviewCell::text(8, LAST_COLUMN, "请在“采纳”栏选是或否，不采纳的写明理由", Style::Text),
    ]);
}

fn overview(sheet: &mut ReviewSheet, forms: &[CheckedForm]) {
    sheet.push(vec![
        ReviewCell::text(0, 0, "序号", Style::Label),
        ReviewCell::text(1, 3, "表单", Style::Label),
        ReviewCell::text(4, 4, "审核等级", Style::Label),
        ReviewCell::text(5, 6, "审核得分", Style::Label),
        ReviewCell::text(7, LAST_COLUMN, "问题数", Style::Label),
    ]);
    for (number, form) in (1_u32..).zip(forms) {
        let place = Location { sheet: form.form.sheet.clone(), range: form.form.range.start.into() };
        sheet.push(vec![
            ReviewCell::number(0, 0, number, Style::Centred),
            ReviewCell::link(1, 3, format!("{}（{}）", title(form), form.form.sheet), place),
            ReviewCell::text(4, 4, form.grade.band.title(), Style::Grade(form.grade.band)),
            ReviewCell::number(5, 6, form.grade.score.normalize(), Style::Centred),
            ReviewCell::text(7, LAST_COLUMN, counts(form), Style::Text),
        ]);
    }
}

/// Where the reviewer signs, under each form. Nothing stands in the columns by which the list is read.
fn signature(sheet: &mut ReviewSheet) {
    sheet.gap();
    let parts = [(0, 3, "审核单位（盖章）："), (4, 6, "审核人："), (7, 8, "日期：      年    月    日")];
    let cells = parts.map(|(first, last, text)| ReviewCell::text(first, last, text, Style::Signature));
    sheet.push(cells.to_vec());
    if let Some(row) = sheet.rows.last_mut() {
        row.height = 30.0;
    }
}

/// One form; returns the row of the head of its list, where it has one.
fn block(
    sheet: &mut ReviewSheet,
    number: usize,
    form: &CheckedForm,
    several: bool,
    corrections: &Corrections,
) -> Option<u32> {
    let numbered = if several { format!("{}、", chinese(number)) } else { String::new() };
    let Form { sheet: tab, schema, .. } = &form.form;
    let bar = bar(&format!("{numbered}{}", title(form)), tab, &schema.title);
    sheet.push(vec![ReviewCell::text(0, LAST_COLUMN, bar, Style::Section)]);
    head(sheet, form);
    corrected(sheet, number, form, corrections);
    ledger(sheet, form);
    sheet.gap();
    findings(sheet, form, corrections)
}

/// What was written into the form, and what grade it has then: the grade above is that of the form as handed in.
fn corrected(sheet: &mut ReviewSheet, number: usize, form: &CheckedForm, corrections: &Corrections) {
    let cells: Vec<(CellRef, String)> = corrections
        .in_form(form)
        .map(|(at, correction)| (at, format!("{at} 改为 {}", told(&correction.was, &correction.value))))
        .collect();
    if cells.is_empty() {
        return;
    }
    const SHOWN: usize = 8;
    let shown: Vec<&str> = cells.iter().take(SHOWN).map(|(_, said)| said.as_str()).collect();
    let more = if cells.len() > SHOWN { " 等" } else { "" };
    let mut said = format!("{} {} 格：{}{more}。", corrections.origin.title(), cells.len(), shown.join("，"));
    let after = number.checked_sub(1).and_then(|index| corrections.after.get(index));
    if let (Origin::Safe, Some(after)) = (corrections.origin, after) {
        let (now, then) = (&form.grade, after);
        said.push_str(&format!(
            "审核等级按报来的表评定，仍为“{}”（{} 分）；改正这些以后是“{}”（{} 分）。",
            now.band.title(),
            now.score.normalize(),
            then.band.title(),
            then.score.normalize()
        ));
    }
    sheet.push(vec![
        ReviewCell::text(0, 1, "改正情况", Style::Label),
        ReviewCell::text(2, LAST_COLUMN, said, Style::Text),
    ]);
}

fn head(sheet: &mut ReviewSheet, form: &CheckedForm) {
    let record = &form.form.record;
    // A form without the label is not to be blamed for a blank.
    let filled = |id: &str| match record.field(id) {
        Some(field) if field.is_filled() => fold(field.text()),
        Some(_) => "（未填）".to_owned(),
        None => "—".to_owned(),
    };
    let year = record.field(field::YEAR).and_then(|year| year.reading.value()).map(ToString::to_string);
    let mut pairs = |left: (&str, ReviewCell), middle: (&str, String), right: (&str, String)| {
        sheet.push(vec![
            ReviewCell::text(0, 1, left.0, Style::Label),
            left.1,
            ReviewCell::text(4, 4, middle.0, Style::Label),
            ReviewCell::text(5, 7, middle.1, Style::Text),
            ReviewCell::text(8, 8, right.0, Style::Label),
            ReviewCell::text(9, LAST_COLUMN, right.1, Style::Text),
        ]);
    };
    pairs(
        ("填报单位", ReviewCell::text(2, 3, form.form.unit().unwrap_or_else(|| filled(field::UNIT)), Style::Text)),
        ("项目名称", filled(field::PROJECT)),
        ("主管部门", filled(field::DEPARTMENT)),
    );
    let Grade { score, band, .. } = &form.grade;
    let verdict = format!("{}（{} 分）", band.title(), score.normalize());
    // The unit's own score is never the grade: where the form asks for one, it stands apart and says whose it is.
    let own = record.field(field::TOTAL_SCORE).map(|own| match own.is_filled() {
        true => format!("{} 分（单位自填，不作为审核等级依据）", fold(own.text())),
        false => "（未填）".to_owned(),
    });
    let third =
        own.map_or_else(|| ("填报年度", year.unwrap_or_else(|| filled(field::YEAR))), |own| ("单位自评得分", own));
    pairs(("审核等级", ReviewCell::text(2, 3, verdict, Style::Grade(*band))), ("审核发现", counts(form)), third);
    if let Some(tally) = form.tally() {
        sheet.push(vec![
            ReviewCell::text(0, 1, "整改情况", Style::Label),
            ReviewCell::text(2, LAST_COLUMN, tally.to_string(), Style::Text),
        ]);
    }
}

fn ledger(sheet: &mut ReviewSheet, form: &CheckedForm) {
    let grade = &form.grade;
    sheet.push(vec![
        ReviewCell::text(0, 2, "审核维度", Style::Label),
        ReviewCell::text(3, 7, "扣分说明", Style::Label),
        ReviewCell::text(8, 8, "满分", Style::Label),
        ReviewCell::text(9, 10, "扣分", Style::Label),
        ReviewCell::text(11, 11, "得分", Style::Label),
    ]);
    let figures = |full: rust_decimal::Decimal, left: rust_decimal::Decimal, style| {
        [
            ReviewCell::number(8, 8, full.normalize(), style),
            ReviewCell::number(9, 10, (full - left).normalize(), style),
            ReviewCell::number(11, 11, left.normalize(), style),
        ]
    };
    for entry in &grade.ledger {
        let mut cells = vec![
            ReviewCell::text(0, 2, entry.dimension.title(), Style::Centred),
            ReviewCell::text(3, 7, deductions(entry), Style::Text),
        ];
        cells.extend(figures(entry.full, entry.left, Style::Centred));
        sheet.push(cells);
    }
    let full = grade.ledger.iter().map(|entry| entry.full).sum();
    let mut cells = vec![ReviewCell::text(0, 7, "合计", Style::Label)];
    cells.extend(figures(full, grade.score, Style::Label));
    sheet.push(cells);
    if let Some((rule, band)) = grade.veto {
        let why = format!("有“{}”问题，等级最高为“{}”", named(rule), band.title());
        sheet.push(vec![
            ReviewCell::text(0, 2, "等级限制", Style::Label),
            ReviewCell::text(3, LAST_COLUMN, why, Style::Text),
        ]);
    }
    if let Some(last) = grade.next.last() {
        let label = format!("改好这几处可升为“{}”", last.band.title());
        sheet.push(vec![
            ReviewCell::text(0, 2, label, Style::Label),
            ReviewCell::text(3, LAST_COLUMN, steps(form), Style::Text),
        ]);
    }
}

fn deductions(entry: &LedgerEntry) -> String {
    if entry.deductions.is_empty() {
        return "未扣分".to_owned();
    }
    let line = |taken: &crate::grade::DeductionEntry| {
        format!("{}：扣 {} 分。{}", named(taken.code), taken.points.normalize(), taken.reason)
    };
    entry.deductions.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn steps(form: &CheckedForm) -> String {
    let line = |(number, step): (usize, &crate::grade::NextStep)| {
        let cells: Vec<String> = form
            .findings
            .iter()
            .filter(|finding| finding.code == step.code)
            .filter_map(|finding| finding.cell.map(|at| at.to_string()))
            .collect();
        let shown = cells.iter().take(8).cloned().collect::<Vec<_>>().join("、");
        let place = match cells.len() {
            0 => String::new(),
            count if count > 8 => format!("（{shown} 等 {count} 处）"),
            _ => format!("（{shown}）"),
        };
        let (points, score) = (step.points.normalize(), step.score.normalize());
        format!("{number}. {}{place}：可增 {points} 分，累计 {score} 分", named(step.code))
    };
    (1..).zip(&form.grade.next).map(line).collect::<Vec<_>>().join("\n")
}

fn findings(sheet: &mut ReviewSheet, form: &CheckedForm, corrections: &Corrections) -> Option<u32> {
    if form.findings.is_empty() {
        sheet.push(vec![ReviewCell::text(0, LAST_COLUMN, "未发现问题。", Style::Text)]);
        return None;
    }
    let state = has_states(form, corrections).then_some(STATE);
    let heads = (0_u32..).zip(HEADS.into_iter().chain(state));
    let header = sheet.push(heads.map(|(col, head)| ReviewCell::text(col, col, head, Style::Label)).collect());
    let mut last = header;
    let by_severity = Severity::WORST_FIRST
        .into_iter()
        .flat_map(|severity| form.findings.iter().filter(move |finding| finding.severity == severity));
    for (number, finding) in (1_u32..).zip(by_severity) {
        let mut cells = row(number, finding, form, corrections);
        cells.extend(state.map(|_| state_cell(finding, corrections)));
        last = sheet.push(cells);
    }
    sheet.dropdowns.push(CellRange::new(CellRef::new(header + 1, 10), CellRef::new(last, 10)));
    Some(header)
}

fn row(number: u32, finding: &Finding, form: &CheckedForm, corrections: &Corrections) -> Vec<ReviewCell> {
    // A finding of the form as a whole leads to where the form begins.
    let at = finding.cell.unwrap_or(form.form.range.start);
    let place = Location { sheet: finding.sheet.clone(), range: at.into() };
    let behind = finding.cell.map_or_else(|| "（全表）".to_owned(), |at| format!("!{at}"));
    // What the unit said of this value it need not say again.
    let reply = finding.standing_reply();
    let adopted = reply.and_then(|reply| reply.adopted).map_or("", |adopted| CHOICES[usize::from(!adopted)]);
    let statement = reply.map_or("", |reply| &reply.statement);
    let text = |col: u32, text: Option<&str>| ReviewCell::text(col, col, text.unwrap_or("").trim(), Style::Text);
    vec![
        ReviewCell::number(0, 0, number, Style::Centred),
        ReviewCell::text(1, 1, finding.severity.title(), Style::Severity(finding.severity)),
        ReviewCell::link(2, 2, place_text(&finding.sheet, &behind), place),
        text(3, Some(&finding.message)),
        text(4, finding.found.as_deref()),
        text(5, finding.expected.as_deref()),
        ReviewCell::text(6, 6, finding.difference.as_deref().unwrap_or(""), Style::Centred),
        text(7, Some(&advice(finding, corrections))),
        text(8, Some(&finding.basis())),
        ReviewCell::text(9, 9, finding.code, Style::Centred),
        ReviewCell::text(10, 10, adopted, Style::Input),
        ReviewCell::text(11, 11, statement, Style::Input),
    ]
}

/// What to do, and what 采纳 writes.
fn advice(finding: &Finding, corrections: &Corrections) -> String {
    match finding.fix.as_ref().filter(|_| corrections.of(finding).is_none()) {
        Some(fix) => format!("{}\n采纳选“是”，即：{}", finding.advice, fix.said()),
        None => finding.advice.clone(),
    }
}

/// Whether there is more to tell of the findings than that they are there.
fn has_states(form: &CheckedForm, corrections: &Corrections) -> bool {
    let told = |finding: &Finding| finding.ruling.is_some() || corrections.of(finding).is_some();
    form.earlier.is_some() || form.findings.iter().any(told)
}

/// What became of a finding, what was decided of it, and what was corrected.
fn state_cell(finding: &Finding, corrections: &Corrections) -> ReviewCell {
    let fate = finding.fate.map(|fate| fate.title().to_owned());
    let ruling = finding.ruling.as_ref().map(|ruling| ruling.said());
    let mended = corrections.of(finding).map(|edits| mended(corrections.origin, edits));
    let told: Vec<String> = [fate, ruling, mended].into_iter().flatten().collect();
    ReviewCell::text(LAST_COLUMN + 1, LAST_COLUMN + 1, told.join("\n"), Style::Centred)
}

/// `已自动改正，原填“9”`; of several cells each with its own.
fn mended(origin: Origin, edits: &[FixEdit]) -> String {
    const SHOWN: usize = 4;
    let was = |edit: &FixEdit| match edit.was.trim() {
        "" => "原来空着".to_owned(),
        was => format!("原填“{}”", as_written(was, 24)),
    };
    let said = match edits {
        [only] => was(only),
        several => {
            let shown: Vec<String> =
                several.iter().take(SHOWN).map(|edit| format!("{} {}", edit.cell, was(edit))).collect();
            let more = if several.len() > SHOWN { " 等" } else { "" };
            format!("{}{more}", shown.join("，"))
        }
    };
    format!("{}，{said}", origin.title())
}

/// `表!H7` in one line: LibreOffice does not wrap links, and the address must not be what is cut off.
fn place_text(sheet: &str, behind: &str) -> String {
    const ROOM: u32 = 22;
    let room = ROOM.saturating_sub(display_width(behind));
    let mut name = sheet.to_owned();
    while display_width(&name) > room && name.chars().count() > 2 {
        name = excerpt(sheet, name.chars().count() - 1);
    }
    format!("{name}{behind}")
}

/// `严重 1 处，一般 2 处`.
fn counts(form: &CheckedForm) -> String {
    let part = |severity: Severity| {
        let count = form.count(severity);
        (count > 0).then(|| format!("{severity} {count} 处"))
    };
    let accepted = Some(form.accepted()).filter(|count| *count > 0).map(|count| format!("已接受 {count} 处"));
    let parts: Vec<String> = Severity::WORST_FIRST.into_iter().filter_map(part).chain(accepted).collect();
    if parts.is_empty() { "未发现问题".to_owned() } else { parts.join("，") }
}

/// Code and meaning of a rule; what is given, where the table does not know it.
fn named(rule: &str) -> String {
    rules::find(rule).map_or_else(|| rule.to_owned(), |rule| format!("{} {}", rule.code, rule.summary))
}

/// The title as printed on the form, else the official one.
fn title(form: &CheckedForm) -> String {
    let printed = form.form.record.title.as_ref().map(|title| fold(title.text())).filter(|title| !title.is_empty());
    printed.unwrap_or_else(|| form.form.schema.title.clone())
}

/// 一 to 九十九; beyond, digits.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS.get(ones).copied().unwrap_or_default().to_owned(),
        (1, ones) => format!("十{}", DIGITS.get(ones).copied().unwrap_or_default()),
        (tens @ 2..=9, ones) => {
            [DIGITS.get(tens), Some(&"十"), DIGITS.get(ones)].into_iter().flatten().copied().collect()
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sheet_name_is_shortened_and_the_address_stays() {
        assert_eq!(place_text("项目支出绩效自评表", "!H7"), "项目支出绩效自评表!H7");
        assert_eq!(place_text("青禾县2024年度项目支出绩效自评表", "!H17"), "青禾县2024年度项…!H17");
    }

    #[test]
    fn forms_are_numbered_as_documents_number_them() {
        assert_eq!([1, 10, 12, 20, 35].map(chinese), ["一", "十", "十二", "二十", "三十五"]);
    }
}
