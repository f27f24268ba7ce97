//! The texts of a round with everything, with little, with nothing; and what holds for all of them.

mod facts;

use std::io::{Cursor, Read};

use chrono::NaiveDate;
use regex::Regex;

use self::facts::{everything, hostile, little, nothing};
use super::text::{Block, Piece, Sentences, Text};
use super::*;
use crate::coverage::Facts;
use crate::policy::Policy;

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

/// What all texts of the facts are written with.
fn written(facts: &Facts, write: impl Fn(&Statistics<'_>, Sender<'_>, &mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let statistics = Statistics::of(facts);
    let (head, policy) = (head(), policy());
    let sender = Sender { head: &head, day: day(), assessment: &policy.assessment };
    let mut out = Vec::new();
    write(&statistics, sender, &mut out).expect("written to memory");
    out
}

fn words(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn account_of(facts: &Facts) -> String {
    words(written(facts, |statistics, sender, out| write_account(statistics, sender, AccountFormat::Markdown, out)))
}

fn circular_of(facts: &Facts) -> String {
    words(written(facts, |statistics, sender, out| write_circular(statistics, sender, AccountFormat::Markdown, out)))
}

fn reminders_of(facts: &Facts) -> String {
    words(written(facts, |statistics, sender, out| write_reminders(statistics, sender, ReminderFormat::Text, out)))
}

/// 说明 and 通报 before they are written.
fn texts(facts: &Facts) -> [Text; 2] {
    let statistics = Statistics::of(facts);
    let (head, policy) = (head(), policy());
    [
        account::account(&statistics, &policy.assessment, &head, day()),
        circular::circular(&statistics, &policy.assessment, &head, day()),
    ]
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
        "共有59个部门对部门（单位）整体支出开展绩效自评，金额173,382万元",
        "16个部门的34个转移支付项目开展绩效自评，金额8,381万元",
        "对象24项，其中部门整体支出10项、财政资金12项、专项资金绩效运行监控2项",
        "已完成22项，完成率91.7%，其中部门整体支出10项、财政资金10项、专项资金绩效运行监控2项",
        "评价结果已公开9项",
        "90分",
    ] {
        assert!(said.contains(figures), "{figures}\n{said}");
    }
}

/// Words that may hold digits: quotations, days, years, rounds of the year.
fn without_quotations(words: &str) -> String {
    let allowed = Regex::new(r"“[^”]*”|\d{4}年度?|\d{1,2}月\d{1,2}日|（第\d次）|0000-0000000").expect("a pattern");
    allowed.replace_all(words, "").into_owned()
}

#[test]
fn no_figure_stands_without_a_source() {
    for facts in [everything(), little(), nothing()] {
        for text in texts(&facts) {
            let sentences = text.blocks.iter().flat_map(|block| match block {
                Block::Paragraph(sentences) => std::slice::from_ref(sentences),
                Block::List(items) => items,
                _ => &[],
            });
            for Sentences(pieces) in sentences {
                let words = pieces.iter().filter_map(|piece| match piece {
                    Piece::Words(words) => Some(words.as_str()),
                    Piece::Figure(..) | Piece::Blank(_) => None,
                });
                let words: String = words.collect();
                let rest = without_quotations(&words);
                assert!(!rest.contains(|c: char| c.is_ascii_digit()), "{rest}");
                for piece in pieces {
                    if let Piece::Figure(figure, source) = piece {
                        assert!(figure.contains(|c: char| c.is_ascii_digit()), "{figure}");
                        assert!(!source.at.table.is_empty() || source.at.line.contains("口径"), "{figure}");
                    }
                }
            }
        }
    }
}

/// The words of a document with its notes, as the Markdown would bear them without its markup.
fn words_of_docx(bytes: &[u8]) -> (String, Vec<String>) {
    let part = |name: &str| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("UTF-8");
        text
    };
    let notes = part("word/footnotes.xml");
    let notes = notes.split("<w:footnote w:id=").skip(1).map(|note| plain(note).replace("[] ", ""));
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
    let marked = Regex::new(r"^(#+ )|\*\*|^\|(---\|)*|\s?\|\s?").expect("a pattern");
    for line in text.lines() {
        // What is escaped is no markup.
        let kept = line.replace(r"\|", "\u{1}").replace(r"\*", "\u{2}");
        let bare = marked.replace_all(&kept, "").replace('\u{1}', "|").replace('\u{2}', "*");
        let bare = Regex::new(r"\\(.)").expect("a pattern").replace_all(&bare, "$1").into_owned();
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
        let document =
            written(&facts, |statistics, sender, out| write_account(statistics, sender, AccountFormat::Docx, out));
        assert_eq!(words_of_docx(&document), words_of_markdown(&account_of(&facts)));
        let document =
            written(&facts, |statistics, sender, out| write_circular(statistics, sender, AccountFormat::Docx, out));
        assert_eq!(words_of_docx(&document), words_of_markdown(&circular_of(&facts)));
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
        let bytes = written(&facts, |statistics, sender, out| write_reminders(statistics, sender, format, out));
        assert!(!bytes.is_empty());
    }
    let document =
        written(&facts, |statistics, sender, out| write_reminders(statistics, sender, ReminderFormat::Docx, out));
    let mut archive = zip::ZipArchive::new(Cursor::new(document)).expect("an archive");
    let mut xml = String::new();
    archive.by_name("word/document.xml").expect("the part").read_to_string(&mut xml).expect("UTF-8");
    let mut reader = quick_xml::Reader::from_str(&xml);
    while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
    assert!(!xml.contains("<script>") && !xml.contains("instrText"), "{xml}");
}
