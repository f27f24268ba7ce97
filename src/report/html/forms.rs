//! Forms as the page shows them: the unit's cells as they stand, marked, with what was found beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::escape::{html, plain, url_path};
use crate::address::{CellRange, CellRef, column_letters};
use crate::finding::{Finding, Severity};
use crate::policy::Band;
use crate::report::place;
use crate::review::{CheckedForm, Round, Submission};
use crate::text::display_width;
use crate::workbook::{Sheet, Workbook};

/// Forms that a page shows at most: it must open in an old browser.
const SHOWN: usize = 600;
/// Rows and columns of a form.
const ROWS: u32 = 200;
const COLUMNS: u32 = 40;
/// Findings beside a form.
const FINDINGS: usize = 100;
/// Characters of a cell or a sentence.
const TEXT: usize = 300;

/// Forms as they stand, of a round that may have more of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Views {
    views: Vec<FormView>,
    /// Forms of the round.
    forms: usize,
}

/// A form as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FormView {
    source: String,
    sheet: String,
    /// Unit, project and title of the form; without those that it does not name.
    heading: Vec<String>,
    band: Band,
    score: String,
    /// Findings by severity, worst first.
    counts: [usize; 3],
    range: CellRange,
    /// Whether cells or findings are left out.
    is_cut: bool,
    rows: Vec<Vec<ViewCell>>,
    said: Vec<Said>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ViewCell {
    at: CellRef,
    text: String,
    height: u32,
    width: u32,
    /// Numbers of what is said of it, from 1.
    said: Vec<usize>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    /// The cell that it is marked at; `None` where none of the shown ones is.
    at: Option<CellRef>,
    place: String,
    severity: Severity,
    is_accepted: bool,
    code: &'static str,
    message: String,
    /// 修改：…, 依据：…, 处理：….
    more: Vec<String>,
}

impl Views {
    /// The forms of a round to be shown: all, or of a large round those with the fewest points. `open` gives a workbook
    /// once more; `None` where that cannot be.
    pub fn of(round: &Round, mut open: impl FnMut(&Submission) -> Option<Workbook>) -> Self {
        let mut ranked: Vec<(&Submission, usize, &CheckedForm)> = round
            .submissions
            .iter()
            .flat_map(|submission| submission.forms().iter().enumerate().map(move |(at, form)| (submission, at, form)))
            .collect();
        let forms = ranked.len();
        ranked.sort_by(|(one, at, a), (other, of, b)| {
            a.grade.score.cmp(&b.grade.score).then_with(|| one.source.cmp(&other.source)).then(at.cmp(of))
        });
        ranked.truncate(SHOWN);
        ranked.sort_by(|(one, at, _), (other, of, _)| one.source.cmp(&other.source).then(at.cmp(of)));
        let mut views = Vec::new();
        for of_file in ranked.chunk_by(|a, b| a.0.source == b.0.source) {
            let Some(workbook) = of_file.first().and_then(|(submission, _, _)| open(submission)) else { continue };
            views.extend(of_file.iter().filter_map(|(submission, _, form)| {
                Some(FormView::of(workbook.sheet(&form.form.sheet)?, form, &submission.source))
            }));
        }
        Self { views, forms }
    }

    /// By file and sheet, the number of the first form that is shown.
    pub(super) fn numbers(&self) -> BTreeMap<(&str, &str), usize> {
        let last_first = (0..).zip(&self.views).collect::<Vec<_>>().into_iter().rev();
        last_first.map(|(number, view)| ((view.source.as_str(), view.sheet.as_str()), number)).collect()
    }

    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// The list of the forms, and each. `returned` gives the path of the marked workbook by source.
    pub(super) fn write(&self, returned: &BTreeMap<String, String>, out: &mut dyn Write) -> io::Result<()> {
        let shown = self.views.len();
        writeln!(
            out,
            "<section class=\"part\" id=\"forms\">\n<h2>表单原样与问题位置<a class=\"up\" href=\"#top\">回到目录</a></h2>"
        )?;
        if shown < self.forms {
            writeln!(
                out,
                "<p>共 {} 张表，这里列质量得分最低的 {shown} 张；其余的打开“表单明细”里的文件看，问题已标在退回的工作簿上。</p>",
                self.forms
            )?;
        } else {
            writeln!(
                out,
                "<p>共 {shown} 张表。有颜色的格有问题：鼠标停在格上、点一下或用 Tab 键移到格上，可以看到问题；格里的小号数字对应表旁的问题。</p>"
            )?;
        }
        out.write_all(
            "<p class=\"key\"><span class=\"e\">严重</span>须改正后重新报送　<span class=\"w\">一般</span>应予改正　<span class=\"i\">提示</span>供参考，核实后可不改</p>\n<div class=\"scroll\"><table class=\"index\"><thead><tr><th>序号</th><th>表</th><th>等级</th><th>得分</th><th>严重</th><th>一般</th><th>提示</th><th>文件</th></tr></thead><tbody>\n"
                .as_bytes(),
        )?;
        for (number, view) in self.views.iter().enumerate() {
            view.write_line(number, out)?;
        }
        out.write_all(b"</tbody></table></div>\n")?;
        for (number, view) in self.views.iter().enumerate() {
            view.write(number, returned.get(&view.source), out)?;
        }
        out.write_all(b"</section>\n")
    }
}

impl FormView {
    fn of(sheet: &Sheet, checked: &CheckedForm, source: &str) -> Self {
        let range = checked.form.range;
        let last = CellRef::new(
            range.end.row.min(range.start.row.saturating_add(ROWS - 1)),
            range.end.col.min(range.start.col.saturating_add(COLUMNS - 1)),
        );
        let shown = CellRange::new(range.start, last);
        let mut findings: Vec<&Finding> = checked.findings.iter().collect();
        findings.sort_by_key(|finding| (finding.cell.is_none(), finding.cell, std::cmp::Reverse(finding.severity)));
        let said: Vec<Said> = findings
            .into_iter()
            .take(FINDINGS)
            .map(|finding| {
                let on_sheet = finding.cell.filter(|_| finding.sheet == checked.form.sheet);
                let at = on_sheet.map(|at| sheet.anchor(at)).filter(|at| shown.contains(*at));
                Said::of(finding, at, &checked.form)
            })
            .collect();
        let mut marks: BTreeMap<CellRef, Vec<usize>> = BTreeMap::new();
        for (number, one) in (1..).zip(&said) {
            if let Some(at) = one.at {
                marks.entry(at).or_default().push(number);
            }
        }
        let named = |text: &str| Some(plain(text, TEXT)).filter(|text| !text.trim().is_empty());
        let project = checked.identity.project.as_ref().and_then(|project| named(&project.name));
        let heading = [named(&checked.identity.unit.name), project, named(&checked.form.schema.title)];
        Self {
            source: source.to_owned(),
            sheet: checked.form.sheet.clone(),
            heading: heading.into_iter().flatten().collect(),
            band: checked.grade.band,
            score: checked.grade.score.normalize().to_string(),
            counts: Severity::WORST_FIRST.map(|severity| checked.count(severity)),
            range: shown,
            is_cut: shown != range || said.len() < checked.findings.len(),
            rows: rows(sheet, shown, &marks),
            said,
        }
    }

    fn write_line(&self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let [errors, warnings, hints] = self.counts;
        writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td><a href=\"#f{number}\">{}</a></td><td class=\"c\">{}</td><td class=\"c f\">{}</td><td class=\"n\">{errors}</td><td class=\"n\">{warnings}</td><td class=\"n\">{hints}</td><td><bdi>{}</bdi></td></tr>",
            number + 1,
            self.heading(),
            self.band.title(),
            html(&self.score),
            html(&plain(&self.source, TEXT)),
        )
    }

    fn heading(&self) -> String {
        let parts: Vec<String> = self.heading.iter().map(|part| format!("<bdi>{}</bdi>", html(part))).collect();
        if parts.is_empty() { "（未填单位名称）".to_owned() } else { parts.join(" · ") }
    }

    fn write(&self, number: usize, returned: Option<&String>, out: &mut dyn Write) -> io::Result<()> {
        let band = Band::ALL.iter().position(|band| *band == self.band).unwrap_or_default();
        writeln!(
            out,
            "<div class=\"form\" id=\"f{number}\">\n<h3>{} <span class=\"band b{band}\">{} {} 分</span><a class=\"up\" href=\"#forms\">回到表单目录</a></h3>",
            self.heading(),
            self.band.title(),
            html(&self.score),
        )?;
        let source = html(&plain(&self.source, TEXT));
        let file = match returned {
            Some(path) => {
                format!("<a href=\"{}\" title=\"打开退回的工作簿\"><bdi>{source}</bdi></a>", html(&url_path(path)))
            }
            None => format!("<bdi>{source}</bdi>"),
        };
        let cut = if self.is_cut { "　表太大，这里没有列全，全部内容见该文件" } else { "" };
        writeln!(
            out,
            "<p class=\"meta\">文件：{file}　工作表：<bdi>{}</bdi>（{}）{cut}</p>",
            html(&plain(&self.sheet, TEXT)),
            self.range
        )?;
        let wide = if self.range.width() > 14 { " wide" } else { "" };
        writeln!(out, "<div class=\"pair{wide}\"><div class=\"paper\"><table class=\"cells\"><thead><tr><th></th>")?;
        for col in self.range.start.col..=self.range.end.col {
            write!(out, "<th>{}</th>", column_letters(col))?;
        }
        out.write_all(b"</tr></thead><tbody>\n")?;
        for (row, cells) in (self.range.start.row..).zip(&self.rows) {
            write!(out, "<tr><th>{}</th>", u64::from(row) + 1)?;
            for cell in cells {
                self.write_cell(number, cell, out)?;
            }
            out.write_all(b"</tr>\n")?;
        }
        out.write_all("</tbody></table></div>\n<div class=\"said\">".as_bytes())?;
        if self.said.is_empty() {
            out.write_all("<p>没有发现问题。</p>".as_bytes())?;
        } else {
            out.write_all(b"<ol>\n")?;
            for one in &self.said {
                one.write(number, out)?;
            }
            out.write_all(b"</ol>")?;
        }
        out.write_all(b"</div></div>\n</div>\n")
    }

    fn write_cell(&self, number: usize, cell: &ViewCell, out: &mut dyn Write) -> io::Result<()> {
        let said: Vec<(usize, &Said)> =
            cell.said.iter().filter_map(|number| Some((*number, self.said.get(number.checked_sub(1)?)?))).collect();
        // What the bureau accepts stays in sight, and is not coloured as something to mend.
        let left = said.iter().filter(|(_, one)| !one.is_accepted).map(|(_, one)| one.severity).max();
        let mut class: Vec<&str> = Vec::new();
        // A long text reads from the left, a short one stands in the middle as forms have it.
        if display_width(&cell.text) > 24 || cell.text.contains('\n') {
            class.push("x");
        }
        if !said.is_empty() {
            class.push("m");
            class.push(left.map_or("k", class_of));
            if (cell.at.col - self.range.start.col) * 2 > self.range.width() {
                class.push("r");
            }
        }
        out.write_all(b"<td")?;
        if !class.is_empty() {
            write!(out, " class=\"{}\"", class.join(" "))?;
        }
        for (name, span) in [("rowspan", cell.height), ("colspan", cell.width)] {
            if span > 1 {
                write!(out, " {name}=\"{span}\"")?;
            }
        }
        if said.is_empty() {
            return match cell.text.is_empty() {
                true => out.write_all(b"></td>"),
                false => write!(out, "><bdi>{}</bdi></td>", html(&cell.text)),
            };
        }
        let numbers: Vec<String> = said.iter().map(|(number, _)| number.to_string()).collect();
        write!(
            out,
            " id=\"f{number}-{}\" tabindex=\"0\"><bdi>{}</bdi><sup>{}</sup><span class=\"tip\">",
            cell.at,
            html(&cell.text),
            numbers.join(",")
        )?;
        for (number, one) in said {
            write!(out, "<span class=\"one\"><b>{number}【{}】{}</b> {}", one.word(), one.code, html(&one.message))?;
            for more in &one.more {
                write!(out, "<br>{}", html(more))?;
            }
            out.write_all(b"</span>")?;
        }
        out.write_all(b"</span></td>")
    }
}

impl Said {
    fn of(finding: &Finding, at: Option<CellRef>, form: &crate::form::Form) -> Self {
        let place = match (finding.cell, finding.cell.and_then(|cell| place::label(form, cell))) {
            (Some(cell), Some(label)) => format!("{cell}「{label}」"),
            (Some(cell), None) => cell.to_string(),
            (None, _) => "整张表".to_owned(),
        };
        let ruling = finding.ruling.as_ref().map(|ruling| ruling.said()).unwrap_or_default();
        let more = [("修改：", finding.advice.as_str()), ("依据：", &finding.basis()), ("处理：", &ruling)];
        let said = |(label, text): &(&str, &str)| format!("{label}{}", plain(text.trim(), TEXT));
        Self {
            at,
            place: plain(&place, TEXT),
            severity: finding.severity,
            is_accepted: finding.is_accepted(),
            code: finding.code,
            message: plain(finding.message.trim(), TEXT),
            more: more.iter().filter(|(_, text)| !text.trim().is_empty()).map(said).collect(),
        }
    }

    fn word(&self) -> &'static str {
        if self.is_accepted { "已接受" } else { self.severity.title() }
    }

    fn write(&self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let class = if self.is_accepted { "k" } else { class_of(self.severity) };
        let place = match self.at {
            Some(at) => format!("<a href=\"#f{number}-{at}\">{}</a>", html(&self.place)),
            None => html(&self.place),
        };
        write!(out, "<li class=\"{class}\"><b>{place}【{}】{}</b> {}", self.word(), self.code, html(&self.message))?;
        for more in &self.more {
            write!(out, "<br><span class=\"more\">{}</span>", html(more))?;
        }
        out.write_all(b"</li>\n")
    }
}

fn class_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "e",
        Severity::Warning => "w",
        Severity::Info => "i",
    }
}

/// The cells of a rectangle, row by row; a merged region stands at its first cell.
fn rows(sheet: &Sheet, shown: CellRange, marks: &BTreeMap<CellRef, Vec<usize>>) -> Vec<Vec<ViewCell>> {
    let mut taken: BTreeSet<CellRef> = BTreeSet::new();
    let mut rows = Vec::new();
    for row in shown.start.row..=shown.end.row {
        let mut cells = Vec::new();
        for col in shown.start.col..=shown.end.col {
            let at = CellRef::new(row, col);
            if taken.contains(&at) {
                continue;
            }
            let span = sheet.span(at);
            // What sticks out of the rectangle, and what an overlapping region holds already, is not spanned.
            let last = CellRef::new(span.end.row.min(shown.end.row), span.end.col.min(shown.end.col));
            let mut region = CellRange::new(at, last);
            let is_free = |region: CellRange| {
                (region.start.row..=region.end.row)
                    .all(|row| (region.start.col..=region.end.col).all(|col| !taken.contains(&CellRef::new(row, col))))
            };
            if !is_free(region) {
                region = at.into();
            }
            for row in region.start.row..=region.end.row {
                taken.extend((region.start.col..=region.end.col).map(|col| CellRef::new(row, col)));
            }
            let said = marks.get(&span.start).filter(|_| at == span.start).cloned().unwrap_or_default();
            cells.push(ViewCell {
                at,
                text: plain(sheet.shown(at).trim(), TEXT),
                height: region.height(),
                width: region.width(),
                said,
            });
        }
        rows.push(cells);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::{Cell, Visibility};

    #[test]
    fn every_cell_of_the_rectangle_is_covered_once_whatever_the_merges_are() {
        let range = |text: &str| text.parse::<CellRange>().expect("a range");
        let cells = ["A1", "B2", "D4"].map(|at| (at.parse().expect("a cell"), Cell::text(at)));
        let merges = ["A1:B1", "B1:C2", "C3:Z99", "A4:A1000000"].map(range).to_vec();
        let sheet = Sheet::new("表", Visibility::Visible, BTreeMap::from(cells), merges);
        let shown = range("A1:D5");
        let mut covered: BTreeMap<CellRef, usize> = BTreeMap::new();
        for cell in rows(&sheet, shown, &BTreeMap::new()).into_iter().flatten() {
            for row in cell.at.row..cell.at.row + cell.height {
                for col in cell.at.col..cell.at.col + cell.width {
                    *covered.entry(CellRef::new(row, col)).or_default() += 1;
                }
            }
        }
        assert_eq!(covered.len(), 20);
        assert!(covered.iter().all(|(at, times)| *times == 1 && shown.contains(*at)), "{covered:?}");
    }
}
