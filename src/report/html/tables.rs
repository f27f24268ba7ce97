//! Tables as sections of the page: short ones whole, long ones with their first lines and all lines as data for the script.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_decimal::{Decimal, RoundingStrategy};

use super::escape::{html, json, plain, url_part, url_path};
use crate::report::table::{Block, Cell, Drill, Line, Table};
use crate::text::display_width;

/// Lines of a long table that stand in the page itself, and that the script shows at once.
pub(super) const SHOWN: usize = 100;
/// Lines of a long table in the page at most: a browser must be able to hold them.
const KEPT: usize = 100_000;
/// A summary longer than this is paged like a list.
const SUMMARY: usize = 1_000;
/// Characters of a cell.
const CELL: usize = 300;

/// The tables of a page and what they lead to.
pub(super) struct Tables<'t> {
    tables: &'t [Table],
    /// By name.
    numbers: BTreeMap<&'t str, usize>,
    /// By file and sheet, the number of the form that is shown.
    forms: BTreeMap<(&'t str, &'t str), usize>,
}

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Words.
    Left,
    /// Words in the middle.
    Middle,
    /// A number at the right.
    Number,
    /// A number in the middle.
    Figure,
}

/// A cell as a reader sees it.
struct Shown {
    text: String,
    stand: Stand,
    /// Where it leads, and what is said of that.
    link: Option<Link>,
    /// Told beside it.
    hint: Option<String>,
}

enum Link {
    /// To the lines of a list: number of its table, and the fragment that the script goes by.
    Lines(usize, String),
    /// To a table.
    Table(usize),
    /// To a form that is shown.
    Form(usize),
    /// To a file.
    File(String, String),
}

impl<'t> Tables<'t> {
    /// The tables with the forms that are shown, by file and sheet.
    pub(super) fn new(tables: &'t [Table], forms: BTreeMap<(&'t str, &'t str), usize>) -> Self {
        let numbers = (0..).zip(tables).map(|(number, table)| (table.name.as_str(), number)).collect();
        Self { tables, numbers, forms }
    }

    /// The section of each table.
    pub(super) fn write(&self, lead: &[String], out: &mut dyn Write) -> io::Result<()> {
        for (number, table) in self.tables.iter().enumerate() {
            // What stands at the head of the page is not said twice.
            let own = if table.lead == lead { &[][..] } else { &table.lead[..] };
            self.section(number, table, own, out)?;
        }
        Ok(())
    }

    /// The lines of long tables for the script.
    pub(super) fn write_data(&self, out: &mut dyn Write) -> io::Result<()> {
        for (number, table) in self.tables.iter().enumerate().filter(|(_, table)| is_paged(table)) {
            write!(out, "<script type=\"application/json\" id=\"d{number}\">")?;
            self.data(table, out)?;
            out.write_all(b"</script>\n")?;
        }
        Ok(())
    }

    fn section(&self, number: usize, table: &Table, lead: &[String], out: &mut dyn Write) -> io::Result<()> {
        let kind = if is_paged(table) { "list" } else { "sum" };
        let rows = table.blocks.iter().map(|block| block.lines.len()).sum::<usize>();
        writeln!(
            out,
            "<section class=\"part {kind}\" id=\"t{number}\" data-name=\"{}\" data-rows=\"{}\">\n<h2>{}<a class=\"up\" href=\"#top\">回到目录</a></h2>",
            html(&table.name),
            rows.min(KEPT),
            html(&table.title)
        )?;
        for sentence in lead {
            writeln!(out, "<p>{}</p>", html(&plain(sentence, 2_000)))?;
        }
        if is_paged(table) && rows > SHOWN {
            writeln!(
                out,
                "<p class=\"rest\">下面列前 {SHOWN} 行，共 {rows} 行；其余见 统计.xlsx“{}”。</p>",
                html(&table.name)
            )?;
        }
        if is_paged(table) && rows > KEPT {
            writeln!(
                out,
                "<p class=\"kept\">共 {rows} 行，本页只装前 {KEPT} 行，筛选和排序也只在这些行里做；全部见 统计.xlsx“{}”。</p>",
                html(&table.name)
            )?;
        }
        if !table.note.is_empty() {
            writeln!(out, "<p class=\"note\">{}</p>", html(&table.note))?;
        }
        let width: u32 = table.columns.iter().map(|column| column.width).sum();
        writeln!(
            out,
            "<div class=\"scroll\"><table style=\"min-width:{}em\"><thead><tr>",
            (width * 45 / 100).min(140)
        )?;
        for column in &table.columns {
            // A narrow column keeps its short words together.
            let least = f64::from((column.width * 45 / 100).clamp(3, 14)) + 0.4;
            write!(out, "<th scope=\"col\" style=\"min-width:{least}em\">{}</th>", html(column.title))?;
        }
        out.write_all(b"</tr></thead>\n")?;
        for block in &table.blocks {
            self.block(table, block, out)?;
        }
        out.write_all("</table></div>\n".as_bytes())?;
        if rows == 0 {
            out.write_all("<p class=\"empty\">（无）</p>\n".as_bytes())?;
        }
        for sentence in &table.notes {
            writeln!(out, "<p class=\"foot\">{}</p>", html(&plain(sentence, 2_000)))?;
        }
        out.write_all(b"</section>\n")
    }

    fn block(&self, table: &Table, block: &Block, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<tbody>\n")?;
        if !block.heading.is_empty() {
            let width = table.columns.len();
            writeln!(
                out,
                "<tr class=\"h\"><th colspan=\"{width}\" scope=\"rowgroup\">{}</th></tr>",
                html(&block.heading)
            )?;
        }
        let most = if is_paged(table) { SHOWN } else { usize::MAX };
        for line in block.lines.iter().take(most) {
            out.write_all(b"<tr>")?;
            self.cells(table, &line.cells, Some(line), out)?;
            out.write_all(b"</tr>\n")?;
        }
        out.write_all(b"</tbody>\n")?;
        if let Some(total) = &block.total {
            out.write_all(b"<tbody class=\"t\"><tr>")?;
            self.cells(table, total, None, out)?;
            out.write_all(b"</tr></tbody>\n")?;
        }
        Ok(())
    }

    fn cells(&self, table: &Table, cells: &[Cell], line: Option<&Line>, out: &mut dyn Write) -> io::Result<()> {
        for at in 0..table.columns.len() {
            match cells.get(at) {
                Some(cell) => write_cell(&self.shown(table, at, cell, line), out)?,
                None => out.write_all(b"<td></td>")?,
            }
        }
        Ok(())
    }

    /// The lines as arrays, then the paths and the words that they are made of, each once.
    ///
    /// A line is the number of its path and its cells: a number is a word's place, a text a figure; in an array it stands in
    /// the middle, or leads to the word behind it.
    fn data(&self, table: &Table, out: &mut dyn Write) -> io::Result<()> {
        let mut words = Pool::default();
        let mut paths: BTreeMap<&[String], usize> = BTreeMap::new();
        let mut ways: Vec<&[String]> = Vec::new();
        out.write_all(b"{\"r\":[")?;
        let lines = table.blocks.iter().flat_map(|block| &block.lines).take(KEPT);
        for (at, line) in lines.enumerate() {
            let path = *paths.entry(&line.path).or_insert_with(|| {
                ways.push(&line.path);
                ways.len() - 1
            });
            write!(out, "{}[{path}", if at > 0 { ",\n" } else { "" })?;
            for (at, cell) in line.cells.iter().enumerate() {
                let Shown { text, stand, link, .. } = self.shown(table, at, cell, Some(line));
                let said = match stand {
                    Stand::Left | Stand::Middle => words.place(text).to_string(),
                    Stand::Number | Stand::Figure => json(&text),
                };
                match (link, stand) {
                    (Some(link), _) => write!(out, ",[{said},{}]", words.place(link.href()))?,
                    (None, Stand::Left | Stand::Number) => write!(out, ",{said}")?,
                    (None, Stand::Middle | Stand::Figure) => write!(out, ",[{said}]")?,
                }
            }
            out.write_all(b"]")?;
        }
        out.write_all(b"],\"p\":[")?;
        for (at, way) in ways.iter().enumerate() {
            let places: Vec<String> = way.iter().map(|part| words.place(part.clone()).to_string()).collect();
            write!(out, "{}[{}]", if at > 0 { "," } else { "" }, places.join(","))?;
        }
        out.write_all(b"],\"s\":[")?;
        for (at, word) in words.in_order().iter().enumerate() {
            write!(out, "{}{}", if at > 0 { "," } else { "" }, json(word))?;
        }
        out.write_all(b"]}")
    }

    fn shown(&self, table: &Table, at: usize, cell: &Cell, line: Option<&Line>) -> Shown {
        let shown = |text: String, stand| Shown { text, stand, link: None, hint: None };
        match cell {
            Cell::Text(text) => {
                let link = self.form_of(table, at, line).map(Link::Form);
                Shown { link, ..shown(plain(text, CELL), Stand::Left) }
            }
            // A sentence in the middle of a cell is hard to read; what stands there is kept on one line.
            Cell::Word(text) if display_width(text) > 14 => shown(plain(text, CELL), Stand::Left),
            Cell::Word(text) => shown(plain(text, CELL), Stand::Middle),
            Cell::Count(count, drill) => {
                let link = drill.as_ref().filter(|_| *count > 0).and_then(|drill| self.lines_of(drill));
                Shown { link, ..shown(count.to_string(), Stand::Number) }
            }
            Cell::Distinct(count) => shown(count.to_string(), Stand::Number),
            Cell::Amount(amount) => shown(amount.map(money).unwrap_or_default(), Stand::Number),
            Cell::DistinctAmount(amount) => shown(money(*amount), Stand::Number),
            Cell::Figure(figure) => shown(figure.map(figured).unwrap_or_default(), Stand::Figure),
            Cell::Calculated { result, .. } => shown(figured(*result), Stand::Figure),
            Cell::Percent(share) => shown(percent(*share), Stand::Number),
            Cell::Share { result: (part, whole), .. } => {
                let hint = format!("{} ÷ {}", figured(*part), figured(*whole));
                Shown { hint: Some(hint), ..shown(percent(part.checked_div(*whole)), Stand::Number) }
            }
            Cell::Sheet(name) => {
                let link = self.numbers.get(name.as_str()).map(|number| Link::Table(*number));
                Shown { link, ..shown(plain(name, CELL), Stand::Left) }
            }
            Cell::Link { path, place, text } => {
                let hint = if place.is_empty() {
                    "打开退回的工作簿".to_owned()
                } else {
                    format!("打开退回的工作簿，看 {}", plain(place, CELL))
                };
                Shown { link: Some(Link::File(url_path(path), hint)), ..shown(plain(text, CELL), Stand::Left) }
            }
        }
    }

    fn lines_of(&self, drill: &Drill) -> Option<Link> {
        let number = *self.numbers.get(drill.table)?;
        let path: Vec<String> = drill.path.iter().map(|part| url_part(part)).collect();
        let mut fragment = format!("list={}&path={}", url_part(drill.table), path.join("/"));
        for (head, words) in &drill.also {
            fragment.push_str(&format!("&where={}/{}", url_part(head), url_part(words)));
        }
        Some(Link::Lines(number, fragment))
    }

    /// The form that a line speaks of, where it is shown: told at the name of its sheet.
    fn form_of(&self, table: &Table, at: usize, line: Option<&Line>) -> Option<usize> {
        if self.forms.is_empty() || table.columns.get(at)?.title != "工作表" {
            return None;
        }
        let said = |title: &str| {
            let column = table.columns.iter().position(|column| column.title == title)?;
            match line?.cells.get(column)? {
                Cell::Text(text) | Cell::Link { text, .. } => Some(text.as_str()),
                _ => None,
            }
        };
        self.forms.get(&(said("文件")?, said("工作表")?)).copied()
    }
}

/// Whether the script pages, filters and drills into it.
fn is_paged(table: &Table) -> bool {
    match &table.blocks[..] {
        [block] => table.is_list || block.lines.len() > SUMMARY,
        _ => false,
    }
}

fn write_cell(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let class = match shown.stand {
        Stand::Left => "",
        Stand::Middle => " class=\"c\"",
        Stand::Number => " class=\"n\"",
        Stand::Figure => " class=\"c f\"",
    };
    let hint = shown.hint.as_ref().map(|hint| format!(" title=\"{}\"", html(hint))).unwrap_or_default();
    let text = match shown.stand {
        Stand::Left | Stand::Middle if !shown.text.is_empty() => format!("<bdi>{}</bdi>", html(&shown.text)),
        _ => html(&shown.text),
    };
    match &shown.link {
        None => write!(out, "<td{class}{hint}>{text}</td>"),
        Some(Link::Lines(number, fragment)) => write!(
            out,
            "<td{class}{hint}><a href=\"#t{number}\" data-to=\"{}\" title=\"看明细\">{text}</a></td>",
            html(fragment)
        ),
        Some(Link::Table(number)) => write!(out, "<td{class}{hint}><a href=\"#t{number}\">{text}</a></td>"),
        Some(Link::Form(number)) => {
            write!(out, "<td{class}{hint}><a href=\"#f{number}\" title=\"看这张表\">{text}</a></td>")
        }
        Some(Link::File(url, said)) => {
            write!(out, "<td{class}><a href=\"{}\" title=\"{}\">{text}</a></td>", html(url), html(said))
        }
    }
}

impl Link {
    fn href(self) -> String {
        match self {
            Self::Lines(_, fragment) => format!("#{fragment}"),
            Self::Table(number) => format!("#t{number}"),
            Self::Form(number) => format!("#f{number}"),
            Self::File(url, _) => url,
        }
    }
}

/// Words, each with its place.
#[derive(Default)]
struct Pool(BTreeMap<String, usize>);

impl Pool {
    fn place(&mut self, word: String) -> usize {
        let next = self.0.len();
        *self.0.entry(word).or_insert(next)
    }

    fn in_order(&self) -> Vec<&str> {
        let mut words: Vec<(usize, &str)> = self.0.iter().map(|(word, place)| (*place, word.as_str())).collect();
        words.sort_unstable();
        words.into_iter().map(|(_, word)| word).collect()
    }
}

/// Money as sheets show it: `63,614.00`.
fn money(amount: Decimal) -> String {
    let mut rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    let text = rounded.abs().to_string();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::new();
    if rounded.is_sign_negative() && !rounded.is_zero() {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{cents}")
}

fn figured(figure: Decimal) -> String {
    figure.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

/// A fraction as sheets show it: `87.5%`, `—` for none.
pub(super) fn percent(share: Option<Decimal>) -> String {
    let Some(percent) = share.and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED)) else {
        return "—".to_owned();
    };
    let mut rounded = percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(1);
    format!("{rounded}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_sheets_show_them() {
        let decimal = |text: &str| text.parse::<Decimal>().expect("a number");
        let written = ["63614", "-1234567.005", "0.004", "-0.001"].map(|text| money(decimal(text)));
        assert_eq!(written, ["63,614.00", "-1,234,567.01", "0.00", "0.00"]);
        assert_eq!([percent(Some(decimal("0.98765"))), percent(None)], ["98.8%", "—"]);
    }
}
