//! An official letter as .docx: paper, fonts and lines as GB/T 9704-2012 asks of 党政机关公文 (§5, §7), over `docx-rs`.
//!
//! Knows how a letter looks, not what it says.

use std::io::{self, Cursor, Write};

use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph, Run, RunFonts,
    SpecialIndentType, Table, TableAlignmentType, TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
};

/// Twips (1/20 point) of a millimetre, for the margins of §5.2.1: 天头 37, 订口 28, 版心 156 × 225.
const fn twips(millimetres: i32) -> i32 {
    millimetres * 1440 / 25
}

/// What fills the width of the text, in twips.
const TEXT_WIDTH: usize = 8_845;
/// Lines stand 28 points apart, 22 of them a page.
const LINE: i32 = 560;
/// Two characters of 三号.
const TWO_CHARACTERS: i32 = 640;
/// 三号, in half-points.
const BODY_SIZE: usize = 32;
/// 二号.
const TITLE_SIZE: usize = 44;
/// 小四, for tables.
const TABLE_SIZE: usize = 24;

const SONG: &str = "方正小标宋简体";
const FANG: &str = "仿宋_GB2312";
const HEI: &str = "黑体";
const KAI: &str = "楷体_GB2312";
const LATIN: &str = "Times New Roman";

/// A letter being written from the top.
pub(super) struct Letter(Docx);

impl Letter {
    /// An empty page.
    pub(super) fn new() -> Self {
        let margin = PageMargin::new()
            .top(twips(37))
            .bottom(twips(35))
            .left(twips(28))
            .right(twips(26))
            .header(twips(15))
            .footer(twips(28));
        let number = Paragraph::new().align(AlignmentType::Center).add_run(run("— ", "宋体", 28));
        let number = number.add_page_num(PageNum::new()).add_run(run(" —", "宋体", 28));
        // A fixed date, so that the same letter gives the same bytes.
        Self(
            Docx::new()
                .created_at("2000-01-01T00:00:00Z")
                .updated_at("2000-01-01T00:00:00Z")
                .page_size(11_906, 16_838)
                .page_margin(margin)
                .default_fonts(fonts(FANG))
                .default_size(BODY_SIZE)
                .footer(Footer::new().add_paragraph(number)),
        )
    }

    /// The title in the middle, 二号小标宋, and a free line below it.
    pub(super) fn title(self, text: &str) -> Self {
        let title = spaced(Paragraph::new().align(AlignmentType::Center).add_run(run(text, SONG, TITLE_SIZE)));
        self.add(title)
    }

    /// 文号, in the middle.
    pub(super) fn number(self, text: &str) -> Self {
        let number = spaced(Paragraph::new().align(AlignmentType::Center).add_run(run(text, FANG, BODY_SIZE)));
        self.add(number).gap()
    }

    /// To whom it goes: at the left edge.
    pub(super) fn addressee(self, text: &str) -> Self {
        self.add(spaced(Paragraph::new().add_run(run(text, FANG, BODY_SIZE))))
    }

    /// 一、: 黑体.
    pub(super) fn heading(self, text: &str) -> Self {
        self.indented(text, HEI)
    }

    /// （一）: 楷体.
    pub(super) fn subheading(self, text: &str) -> Self {
        self.indented(text, KAI)
    }

    /// A paragraph of the text.
    pub(super) fn paragraph(self, text: &str) -> Self {
        self.indented(text, FANG)
    }

    /// A table as wide as the text; the first row is its head. Columns share the width in these parts.
    pub(super) fn table(self, parts: &[usize], rows: &[Vec<String>]) -> Self {
        let whole: usize = parts.iter().sum::<usize>().max(1);
        let widths: Vec<usize> = parts.iter().map(|part| part * TEXT_WIDTH / whole).collect();
        let row = |(index, cells): (usize, &Vec<String>)| {
            let font = if index == 0 { HEI } else { FANG };
            let cell = |(text, width): (&String, &usize)| {
                let align = if text.chars().count() > 12 { AlignmentType::Left } else { AlignmentType::Center };
                TableCell::new()
                    .width(*width, WidthType::Dxa)
                    .vertical_align(VAlignType::Center)
                    .add_paragraph(Paragraph::new().align(align).add_run(run(text, font, TABLE_SIZE)))
            };
            TableRow::new(cells.iter().zip(&widths).map(cell).collect()).cant_split()
        };
        let table = Table::new(rows.iter().enumerate().map(row).collect())
            .set_grid(widths.clone())
            .layout(TableLayoutType::Fixed)
            .align(TableAlignmentType::Center)
            .width(TEXT_WIDTH, WidthType::Dxa);
        Self(self.0.add_table(table))
    }

    /// 落款: office and date at the right, kept together.
    pub(super) fn signature(self, office: &str, date: &str) -> Self {
        let line = |text: &str, indent: i32| {
            let paragraph = Paragraph::new().align(AlignmentType::Right).add_run(run(text, FANG, BODY_SIZE));
            spaced(paragraph.indent(None, None, Some(indent), None)).keep_next(true)
        };
        self.gap().gap().add(line(office, TWO_CHARACTERS)).add(line(date, 2 * TWO_CHARACTERS))
    }

    /// A free line.
    pub(super) fn gap(self) -> Self {
        self.add(spaced(Paragraph::new()))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What the writer reports.
    pub(super) fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = Cursor::new(Vec::new());
        self.0.build().pack(&mut bytes).map_err(io::Error::other)?;
        out.write_all(bytes.get_ref())
    }

    fn indented(self, text: &str, font: &str) -> Self {
        let paragraph = Paragraph::new().align(AlignmentType::Both).add_run(run(text, font, BODY_SIZE));
        self.add(spaced(paragraph.indent(None, Some(SpecialIndentType::FirstLine(TWO_CHARACTERS)), None, None)))
    }

    fn add(self, paragraph: Paragraph) -> Self {
        Self(self.0.add_paragraph(paragraph))
    }
}

fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().line(LINE).line_rule(LineSpacingType::Exact))
}

fn fonts(east: &str) -> RunFonts {
    RunFonts::new().ascii(LATIN).hi_ansi(LATIN).cs(LATIN).east_asia(east)
}

/// Text in one font; characters that no XML can hold are left out.
fn run(text: &str, font: &str, size: usize) -> Run {
    let text: String = text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    Run::new().fonts(fonts(font)).size(size).add_text(text)
}
