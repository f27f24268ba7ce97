//! The texts of a round with everything, with little, with nothing; and what holds for all of them.

mod facts;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;

use self::facts::{everything, hostile, little, nothing};
use super::account::account;
use super::circular::circular;
use super::text::{Block, Piece, Place, Row, Sentences, Source, Text};
use super::*;
use crate::config::Letterhead;
use crate::coverage::{Facts, Statistics, assess};
use crate::policy::{Assessment, Policy};
use crate::report::table::{Cell, Table};
use crate::report::tables;

fn head() -> Letterhead {
    Letterhead {
        bureau: "澄岚区财政局".to_owned(),
        number: "澄财绩〔2022〕12号".to_owned(),
        deadline: "2022-12-30".to_owned(),
        contact: "绩效股，0000-0000000".to_owned(),
        ..Letterhead::default()
    }
}

fn policy() -> Policy {
    Policy::embedded("national").expect("the policy of all")
}

fn day() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2022, 12, 20)
}

/// What is made of the facts' statistics.
fn made<T>(facts: &Facts, make: impl Fn(&Material<'_>) -> T) -> T {
    let statistics = Statistics::of(facts);
    let (head, policy) = (head(), policy());
    let assessed = assess(&statistics, &policy.assessment);
    make(&Material {
        statistics: &statistics,
        assessed: &assessed,
        policy: &policy,
        returned: &BTreeMap::new(),
        letterhead: &head,
        round: None,
    })
}

fn written(facts: &Facts, write: impl Fn(&Material<'_>, &mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    made(facts, |material| {
        let mut out = Vec::new();
        write(material, &mut out).expect("written to memory");
        out
    })
}

fn words(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn account_of(facts: &Facts) -> String {
    words(written(facts, |material, out| write_account(material, day(), AccountFormat::Markdown, out)))
}

fn circular_of(facts: &Facts) -> String {
    words(written(facts, |material, out| write_circular(material, day(), AccountFormat::Markdown, out)))
}

fn reminders_of(facts: &Facts) -> String {
    words(written(facts, |material, out| write_reminders(material, day(), ReminderFormat::Text, out)))
}

fn looked_at(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../../tests/snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_round_with_everything_is_told_in_nine_sections() {
    looked_at("official__account_everything", &account_of(&everything()));
    looked_at("official__circular_everything", &circular_of(&everything()));
    looked_at("official__reminders_everything", &reminders_of(&everything()));
}

#[test]
fn a_round_with_little_names_who_is_missing_late_and_poor() {
    looked_at("official__account_little", &account_of(&little()));
    looked_at("official__circular_little", &circular_of(&little()));
    looked_at("official__reminders_little", &reminders_of(&little()));
}

#[test]
fn a_round_with_nothing_says_so_in_every_section() {
    looked_at("official__account_nothing", &account_of(&nothing()));
    looked_at("official__circular_nothing", &circular_of(&nothing()));
    looked_at("official__reminders_nothing", &reminders_of(&nothing()));
}

#[test]
fn the_yearly_account_can_say_every_figure_that_a_year_brings() {
    let account = account_of(&everything());
    let said: String = Regex::new(r"\[\^\d+\]").expect("a pattern").replace_all(&account, "").into_owned();
    for figures in [
        "对13个专项债券项目逐个开展事前绩效评估，合计金额74,263万元",
        "共有56个部门、92个单位的546个项目编报绩效目标，金额63,614万元",
        "的318个项目编报绩效目标，金额24,543万元",
        "先后组织2次绩效运行监控",
        "87个单位的259个项目开展绩效自评，金额44,289万元",
        "共有59个部门开展部门整体支出绩效自评，金额173,382万元",
        "16个单位的34个转移支付项目开展绩效自评，金额8,381万元",
        "对象24项，其中部门整体支出10项、区级财政资金12项、专项资金绩效监控2项",
        "已完成22项，完成率91.7%，其中部门整体支出10项、区级财政资金10项、专项资金绩效监控2项",
        "评价结果已公开9项",
        "90分",
    ] {
        assert!(said.contains(figures), "{figures}\n{said}");
    }
}

/// Paragraphs and items of lists.
fn sentences(text: &Text) -> impl Iterator<Item = &Sentences> {
    text.blocks.iter().flat_map(|block| match block {
        Block::Paragraph(sentences) => std::slice::from_ref(sentences),
        Block::List(items) => items,
        _ => &[],
    })
}

#[test]
fn no_figure_stands_without_a_source() {
    // Days, years, rounds of the year, telephones count nothing.
    let others = Regex::new(r"\d{4}年度?|\d{1,2}月\d{1,2}日|（第\d次）|0000-0000000").expect("a pattern");
    for facts in [everything(), little(), nothing()] {
        for text in made(&facts, |material| [account(material, day()), circular(material, day())]) {
            for Sentences(pieces) in sentences(&text) {
                let said = pieces.iter().filter_map(|piece| match piece {
                    Piece::Words(words) => Some(words.as_str()),
                    Piece::Quoted(_) | Piece::Figure(..) | Piece::Blank(_) => None,
                });
                let said: String = said.collect();
                assert!(!others.replace_all(&said, "").contains(|c: char| c.is_ascii_digit()), "{said}");
            }
        }
    }
}

#[test]
fn every_figure_stands_where_its_note_says() {
    for facts in [everything(), little(), nothing(), hostile()] {
        let (texts, tables) =
            made(&facts, |material| ([account(material, day()), circular(material, day())], tables::all(material)));
        for text in texts {
            let pieces = sentences(&text).flat_map(|sentences| &sentences.0);
            for (figure, source) in pieces.filter_map(|piece| match piece {
                Piece::Figure(figure, source) => Some((figure, source)),
                _ => None,
            }) {
                let stands = standing(source, &tables);
                assert!(stands.iter().any(|cell| tells(cell, figure)), "{figure} {source:?} {stands:?}");
            }
        }
    }
}

/// What the tables show where a figure is said to stand.
fn standing(source: &Source, tables: &[Table]) -> Vec<String> {
    let Place { table, block, row } = &source.at;
    if *row == Row::Policy {
        let Assessment { cut_below, scales, .. } = policy().assessment;
        return scales.iter().map(|scale| scale.points).chain([cut_below]).map(|points| points.to_string()).collect();
    }
    let table = tables.iter().find(|known| known.name == *table).unwrap_or_else(|| panic!("no table {source:?}"));
    if *row == Row::Lead {
        let figures = Regex::new(r"\d+").expect("a pattern");
        return figures.find_iter(&table.lead.concat()).map(|figure| figure.as_str().to_owned()).collect();
    }
    let column = table.columns.iter().position(|column| column.title == source.column);
    assert!(column.is_some() || source.column.is_empty(), "no column {source:?}");
    let blocks: Vec<_> = table.blocks.iter().filter(|known| block.is_empty() || known.heading == *block).collect();
    assert!(!blocks.is_empty(), "no block {source:?}");
    let named = |cells: &[Cell], name: &str| cells.iter().any(|cell| shown(cell) == name);
    let lines: Vec<&[Cell]> = match row {
        Row::Total => blocks.iter().filter_map(|block| block.total.as_deref()).collect(),
        Row::Named(name) => {
            let lines = blocks.iter().flat_map(|block| &block.lines).map(|line| line.cells.as_slice());
            lines.filter(|cells| named(cells, name)).collect()
        }
        Row::All(name) => {
            let lines = blocks.iter().flat_map(|block| &block.lines).map(|line| line.cells.as_slice());
            let lines: Vec<&[Cell]> = lines.filter(|cells| name.is_empty() || named(cells, name)).collect();
            if source.column == "预算金额" {
                return vec![figures::wan(budgets(&lines, table))];
            }
            let count = lines.len();
            // What was counted is so many lines or fewer: blocks, different units.
            return (1..=count.max(blocks.len())).map(|count| count.to_string()).collect();
        }
        Row::Lead | Row::Policy => Vec::new(),
    };
    assert_eq!(lines.len(), 1, "one line {source:?}");
    let cell = lines.first().and_then(|cells| cells.get(column?));
    cell.map(shown).into_iter().collect()
}

/// The budgets of the lines that tell what was spent.
fn budgets(lines: &[&[Cell]], table: &Table) -> Decimal {
    let amount = |cells: &[Cell], title| match cells.get(table.columns.iter().position(|column| column.title == title)?)
    {
        Some(Cell::Amount(amount)) => *amount,
        _ => None,
    };
    lines.iter().filter(|cells| amount(cells, "执行数").is_some()).filter_map(|cells| amount(cells, "预算金额")).sum()
}

/// A cell as the texts write it.
fn shown(cell: &Cell) -> String {
    let percent = |share: Decimal| format!("{}%", figures::rounded(share * Decimal::ONE_HUNDRED, 1));
    match cell {
        Cell::Text(text) | Cell::Word(text) => text.clone(),
        Cell::Count(count, _) | Cell::Distinct(count) => figures::count(*count, ""),
        Cell::Amount(Some(amount)) | Cell::Figure(Some(amount)) | Cell::DistinctAmount(amount) => figures::wan(*amount),
        Cell::Percent(Some(share)) => percent(*share),
        Cell::Share { result: (part, whole), .. } => part.checked_div(*whole).map(percent).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Whether the figure is what a cell shows, its measure word aside.
fn tells(cell: &str, figure: &str) -> bool {
    figure.strip_prefix(cell).is_some_and(|measure| {
        !cell.is_empty() && !measure.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))
    })
}

/// The words of a document with its notes, as the Markdown would bear them without its markup.
fn words_of_docx(bytes: &[u8]) -> (String, Vec<String>) {
    let part = |name: &str| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        // A text without figures has no notes.
        if let Ok(mut part) = archive.by_name(name) {
            part.read_to_string(&mut text).expect("UTF-8");
        }
        text
    };
    let notes = part("word/footnotes.xml");
    let notes = notes.split("<w:footnote w:id=").skip(1).map(|note| plain(note).replacen("> ", ">", 1));
    let notes: Vec<String> = notes.map(|note| note.split_once('>').map_or("", |(_, note)| note).to_owned()).collect();
    let body = part("word/document.xml");
    let marked = Regex::new(r#"<w:footnoteReference w:id="(\d+)"/>"#).expect("a pattern");
    (plain(&marked.replace_all(&body, "^$1")), notes)
}

/// The text between the tags.
fn plain(xml: &str) -> String {
    let text = Regex::new("<[^>]*>").expect("a pattern").replace_all(xml, "").into_owned();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The Markdown without markup, and its notes.
fn words_of_markdown(text: &str) -> (String, Vec<String>) {
    let (mut body, mut notes) = (String::new(), Vec::new());
    let marked = Regex::new(r"^(#+ )|\*\*|^\| ?(---\|)*|\s?\|\s?").expect("a pattern");
    let escaped = Regex::new(r"\\(.)").expect("a pattern");
    for line in text.lines() {
        // What is escaped is no markup.
        let kept = line.replace(r"\|", "\u{1}").replace(r"\*", "\u{2}");
        let bare = marked.replace_all(&kept, "").replace('\u{1}', "|").replace('\u{2}', "*");
        let bare = escaped.replace_all(&bare, "$1").into_owned();
        match line.strip_prefix("[^").and_then(|rest| rest.split_once("]: ")) {
            Some(_) => notes.push(bare.split_once("]: ").map_or("", |(_, note)| note).to_owned()),
            None => body.push_str(&bare),
        }
    }
    (body, notes)
}

#[test]
fn the_document_and_the_markdown_say_the_same() {
    for facts in [everything(), little(), nothing(), hostile()] {
        let document = written(&facts, |material, out| write_account(material, day(), AccountFormat::Docx, out));
        assert_eq!(&words_of_docx(&document), &words_of_markdown(&account_of(&facts)));
        let document = written(&facts, |material, out| write_circular(material, day(), AccountFormat::Docx, out));
        assert_eq!(&words_of_docx(&document), &words_of_markdown(&circular_of(&facts)));
    }
}

#[test]
fn names_with_markup_or_control_characters_do_no_harm() {
    let facts = hostile();
    for said in [account_of(&facts), circular_of(&facts), reminders_of(&facts)] {
        assert!(!said.contains('\u{202e}') && !said.contains('\u{7}'), "{said}");
    }
    let said = circular_of(&facts);
    for markup in ["<script>", "[点", "![", "\n# 甲"] {
        assert!(!said.replace(r"\<", "‹").replace(r"\[", "〔").contains(markup), "{markup}: {said}");
    }
    let cells: Vec<usize> = said
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.replace(r"\|", "").matches('|').count())
        .collect();
    assert!(cells.len() > 3 && cells.iter().all(|cells| [5, 7].contains(cells)), "{cells:?}");
    for format in [ReminderFormat::Docx, ReminderFormat::Text] {
        let bytes = written(&facts, |material, out| write_reminders(material, day(), format, out));
        assert!(!bytes.is_empty());
    }
    let document = written(&facts, |material, out| write_reminders(material, day(), ReminderFormat::Docx, out));
    let mut archive = zip::ZipArchive::new(Cursor::new(document)).expect("an archive");
    let mut xml = String::new();
    archive.by_name("word/document.xml").expect("the part").read_to_string(&mut xml).expect("UTF-8");
    let mut reader = quick_xml::Reader::from_str(&xml);
    while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
    assert!(!xml.contains("<script>") && !xml.contains("instrText"), "{xml}");
}
