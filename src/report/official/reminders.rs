//! 催报: for each unit that has not handed in what it owes, what, how many, until when, and whom to ask.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::circular::until;
use super::text::{Block, Sentences, Text};
use crate::config::Letterhead;
use crate::coverage::Due;
use crate::report::letter::{chinese_day, or_blank, written_day};
use crate::report::tables::Material;
use crate::text::one_line;

/// Projects that a line names.
const NAMED: usize = 20;

/// A text a unit, in the order of the roster; one that says so where none is owing.
pub(super) fn reminders(material: &Material<'_>, day: Option<NaiveDate>) -> Vec<Text> {
    let Material { statistics, letterhead: head, .. } = *material;
    let mut owing: BTreeMap<(&str, &str), Vec<&Due<'_>>> = BTreeMap::new();
    for due in statistics.missing() {
        owing.entry((due.place, &due.unit.key)).or_default().push(due);
    }
    let units = statistics.units.iter().filter_map(|(unit, _)| owing.get(&(unit.place, unit.key)));
    let texts: Vec<Text> = units.map(|dues| reminder(dues, head, day)).collect();
    if !texts.is_empty() {
        return texts;
    }
    let mut none = Text::new(["催报通知".to_owned()]);
    none.paragraph(Sentences::of(if statistics.against_roster {
        "经与名册核对，应报的材料已全部收到，没有需要催报的单位。"
    } else {
        "没有名册，不能确定哪些单位没有报送。请用 --roster 指定名册后重新生成。"
    }));
    vec![none]
}

fn reminder(dues: &[&Due<'_>], head: &Letterhead, day: Option<NaiveDate>) -> Text {
    let mut text = Text::new(["关于报送预算绩效管理材料的催报通知".to_owned()]);
    let Some(unit) = dues.first().map(|due| due.unit) else { return text };
    text.blocks.push(Block::Address(format!("{}：", one_line(&unit.name))));
    let lead = day.map_or_else(|| "经与名册核对".to_owned(), |day| format!("截至{}，经与名册核对", chinese_day(day)));
    text.paragraph(Sentences::of(format!("{lead}，你单位还有下列材料没有报齐：")));
    text.blocks.push(Block::List(dues.iter().map(|due| owed(due, day)).collect()));
    if let Some(hint) = &unit.hint {
        text.paragraph(Sentences::of(format!(
            "收到的文件“{}”没有审核，可能是你单位报送的，请按下发的模板填报后重新报送。",
            one_line(hint.rsplit('/').next().unwrap_or(hint))
        )));
    }
    let last = dues.iter().filter_map(|due| due.deadline).max();
    match last.filter(|last| day.is_none_or(|day| day <= *last)) {
        Some(last) => text.paragraph(Sentences::of(format!("请务必在期限内报送，最迟不晚于{}。", chinese_day(last)))),
        None => text.paragraph(until(&mut Sentences::of("请抓紧"), head, "报送")),
    }
    let contact = or_blank(&head.contact, "　　　　　　");
    text.paragraph(Sentences::of(format!("已经报送的，请与我们联系核对。联系人及电话：{contact}。")));
    let date = day.map_or_else(|| written_day(&head.date, "　　　年　　月　　日"), chinese_day);
    text.blocks.push(Block::Signature { by: or_blank(&head.bureau, "（发文机关）"), date });
    text
}

/// `2021年度项目支出绩效自评（项目支出绩效自评表）：应报5个，已报3个，还差2个：“甲”、“乙”。报送期限2026年3月20日，已逾期。`
fn owed(due: &Due<'_>, day: Option<NaiveDate>) -> Sentences {
    let measure = if due.occasion.subject.is_project() { "个项目" } else { "张" };
    let (forms, delivered, missing) = (due.forms, due.delivered, due.forms - due.delivered);
    let mut said = format!("{}（{}）：应报{forms}{measure}，", due.occasion.title(), one_line(due.form));
    said += &match delivered {
        0 => "尚未报送".to_owned(),
        _ => format!("已报{delivered}{measure}，还差{missing}{measure}"),
    };
    if !due.lacking.is_empty() {
        let names: Vec<String> = due.lacking.iter().take(NAMED).map(|name| format!("“{}”", one_line(name))).collect();
        let rest = if due.lacking.len() > NAMED { "等" } else { "" };
        said += &format!("：{}{rest}", names.join("、"));
    }
    said.push('。');
    if let Some(deadline) = due.deadline {
        let late = if day.is_some_and(|day| day > deadline) { "，已逾期" } else { "" };
        said += &format!("报送期限为{}{late}。", chinese_day(deadline));
    }
    Sentences::of(said)
}
