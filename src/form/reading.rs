//! From a cell to a reading: values as written and as meant.

use rust_decimal::Decimal;

use super::choice;
use super::record::{Field, Provenance, Reading, Stale, Stored};
use crate::address::CellRef;
use crate::schema::{ColumnSpec, FieldKind, FieldSpec};
use crate::text::{fold, last_month, squeeze};
use crate::value::{Measure, Value, is_figure};
use crate::workbook::{Cell, Content, NumberFormat, Sheet};

/// How cells are read in one form.
#[derive(Clone, Copy)]
pub(super) struct Habits<'a> {
    /// Marks that mean "not applicable", squeezed.
    pub(super) empty_marks: &'a [String],
    /// 10 000 where amounts are in 万元, 1 where in 元, `None` where the form does not say.
    pub(super) money_unit: Option<Decimal>,
}

/// The field at an address: the box a person sees there.
pub(super) fn field(sheet: &Sheet, at: CellRef, kind: FieldKind, habits: Habits<'_>) -> Field {
    let cell = sheet.anchor(at);
    let Some(stored) = sheet.stored(cell) else { return blank(cell) };
    let provenance = Provenance {
        cell,
        text: stored.shown().into_owned(),
        stored: match &stored.content {
            Content::Blank => Stored::Blank,
            Content::Text(_) => Stored::Text,
            Content::Number(_) => Stored::Number,
            Content::Date(_) => Stored::Date,
            Content::Bool(_) => Stored::Bool,
            Content::Error(_) => Stored::Error,
        },
        formula: stored.formula.clone(),
        stale: stale(sheet, stored, cell, kind),
    };
    let reading = match &stored.content {
        Content::Blank => Reading::Blank,
        Content::Error(error) => Reading::Unreadable(format!("单元格显示错误值 {error}")),
        Content::Bool(value) => Reading::Value(Value::Bool(*value)),
        Content::Date(at) => Reading::Value(Value::Date(at.date())),
        Content::Number(number) => number_reading(*number, stored.format, kind),
        Content::Text(text) => text_reading(text, kind, habits),
    };
    Field { reading, provenance }
}

/// What a formula gives today, where the file keeps another result.
fn stale(sheet: &Sheet, stored: &Cell, at: CellRef, kind: FieldKind) -> Option<Box<Stale>> {
    stored.formula.as_ref()?;
    let outdated = sheet.outdated(at)?;
    let anew = Cell { content: Content::Number(outdated.value), formula: None, format: stored.format };
    let reading = number_reading(outdated.value, stored.format, kind);
    Some(Box::new(Stale { reading, text: anew.shown().into_owned(), outdated }))
}

/// The field at an address, read as the schema's field asks.
pub(super) fn labelled(sheet: &Sheet, at: CellRef, spec: &FieldSpec, habits: Habits<'_>) -> Field {
    choice::answer(field(sheet, at, spec.kind, habits), &spec.choices)
}

/// A part of a text cell, read as the schema's field asks.
pub(super) fn labelled_part(cell: CellRef, text: &str, spec: &FieldSpec, habits: Habits<'_>) -> Field {
    choice::answer(part(cell, text, spec.kind, habits), &spec.choices)
}

/// The field at an address, read as a column of the schema asks.
pub(super) fn in_column(sheet: &Sheet, at: CellRef, spec: &ColumnSpec, habits: Habits<'_>) -> Field {
    choice::answer(field(sheet, at, spec.kind, habits), &spec.choices)
}

/// A part of a text cell as a field of its own: the value of `单位：万元`.
pub(super) fn part(cell: CellRef, text: &str, kind: FieldKind, habits: Habits<'_>) -> Field {
    let provenance = Provenance { cell, text: text.to_owned(), stored: Stored::Text, formula: None, stale: None };
    Field { reading: text_reading(text, kind, habits), provenance }
}

/// A blank at an address.
pub(super) fn blank(cell: CellRef) -> Field {
    Field {
        reading: Reading::Blank,
        provenance: Provenance { cell, text: String::new(), stored: Stored::Blank, formula: None, stale: None },
    }
}

fn number_reading(number: Decimal, format: NumberFormat, kind: FieldKind) -> Reading {
    let percent = matches!(format, NumberFormat::Percent { .. });
    Reading::Value(match kind {
        FieldKind::Measure | FieldKind::Text if percent => {
            Value::Text(format!("{}%", (number * Decimal::ONE_HUNDRED).normalize()))
        }
        // Only a rate or a measure can be meant as a percentage: `1000%` of points is a slip of the cell's format.
        _ => Value::Number(number),
    })
}

fn text_reading(text: &str, kind: FieldKind, habits: Habits<'_>) -> Reading {
    let folded = fold(text);
    let squeezed = squeeze(text);
    if squeezed.is_empty() {
        return Reading::Blank;
    }
    if habits.empty_marks.contains(&squeezed) {
        return Reading::NotApplicable;
    }
    match kind {
        FieldKind::Text | FieldKind::Choice => Reading::Value(Value::Text(text.trim().to_owned())),
        FieldKind::MoneyUnit => Reading::Value(Value::Text(squeezed)),
        FieldKind::Year => match year(&squeezed) {
            Some(year) => Reading::Value(Value::Number(year)),
            None => Reading::Unreadable("不是年度".to_owned()),
        },
        FieldKind::Month => match last_month(&squeezed) {
            Some(month) => Reading::Value(Value::Number(Decimal::from(month))),
            None => Reading::Unreadable("看不出截至几月".to_owned()),
        },
        // `13个` counts as 13.
        FieldKind::Number => match Measure::parse(&folded) {
            Some(Measure { operator: None, number, .. }) => Reading::Value(Value::Number(number)),
            _ => Reading::Unreadable("不是数".to_owned()),
        },
        FieldKind::Amount => amount(&folded, habits),
        FieldKind::Rate => match Measure::parse(&folded) {
            Some(m) if m.operator.is_none() && m.is_percent() => {
                Reading::Value(Value::Number(m.number / Decimal::ONE_HUNDRED))
            }
            Some(Measure { operator: None, number, unit: None }) => Reading::Value(Value::Number(number)),
            _ => Reading::Unreadable("不是百分比".to_owned()),
        },
        FieldKind::Points => match Measure::parse(&folded) {
            Some(Measure { operator: None, number, unit }) if unit.as_deref().is_none_or(|unit| unit == "分") => {
                Reading::Value(Value::Number(number))
            }
            _ => Reading::Unreadable("不是分数".to_owned()),
        },
        FieldKind::Measure => Reading::Value(match Measure::parse(&folded) {
            Some(Measure { operator: None, number, unit: None }) => Value::Number(number),
            Some(measure) => Value::Text(measure.to_string()),
            None => Value::Text(folded),
        }),
    }
}

/// An amount in the form's unit of money: `150万` in a form in 万元 is 150, `1,500,000元` there is 150 too.
fn amount(folded: &str, habits: Habits<'_>) -> Reading {
    let not_money = || Reading::Unreadable("不是金额".to_owned());
    // `854万(高标准农田)`: the amount stands before the remark.
    let bare = folded.split_once('(').map_or(folded, |(before, _)| before).trim();
    let Some(Measure { operator: None, number, unit }) = Measure::parse(if bare.is_empty() { folded } else { bare })
    else {
        return not_money();
    };
    let written = match unit.as_deref() {
        None => return Reading::Value(Value::Number(number)),
        Some("元" | "圆" | "元整") => Decimal::ONE,
        Some("万元" | "万" | "万元整") => Decimal::from(10_000),
        Some("亿元" | "亿") => Decimal::from(100_000_000),
        Some(_) => return not_money(),
    };
    let form = habits.money_unit.unwrap_or(written);
    match number.checked_mul(written / form).filter(|value| is_figure(*value)) {
        Some(value) => Reading::Value(Value::Number(value.normalize())),
        None => not_money(),
    }
}

/// The year a text names: `2022年度`, `( 2021 )`, `二〇二三年`.
pub(super) fn year(squeezed: &str) -> Option<Decimal> {
    let digits: String = squeezed
        .chars()
        .map(|c| match "〇一二三四五六七八九".chars().position(|d| d == c) {
            Some(digit) => u32::try_from(digit).ok().and_then(|d| char::from_digit(d, 10)).unwrap_or(c),
            None if c == '○' || c == '零' => '0',
            None => c,
        })
        .collect();
    let mut start = 0;
    while let Some(found) = digits.get(start..).and_then(|rest| rest.find("20")) {
        let at = start + found;
        let before = digits.get(..at).and_then(|head| head.chars().next_back());
        let run: String = digits.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
        let after = digits.get(at + run.len()..).and_then(|tail| tail.chars().next());
        let ends = after.is_none_or(|c| matches!(c, '年' | ')' | '-' | '/' | '.') || !c.is_alphanumeric());
        if run.len() == 4 && ends && before.is_none_or(|c| !c.is_ascii_digit() && c != '〔' && c != '[') {
            return run.parse().ok();
        }
        start = at + run.len().max(2);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: [&str; 2] = ["—", "/"];

    fn read(text: &str, kind: FieldKind, money_unit: i64) -> String {
        let marks: Vec<String> = MARKS.iter().map(|mark| (*mark).to_owned()).collect();
        let habits = Habits { empty_marks: &marks, money_unit: Some(Decimal::from(money_unit)) };
        match text_reading(text, kind, habits) {
            Reading::Blank => "空".to_owned(),
            Reading::NotApplicable => "不适用".to_owned(),
            Reading::Value(value) => value.to_string(),
            Reading::Unreadable(why) => why,
        }
    }

    #[test]
    fn an_amount_is_read_in_the_forms_own_unit() {
        for (text, unit, meant) in [
            ("150万", 10_000, "150"),
            ("１，２３４．５０", 10_000, "1234.5"),
            ("1,500,000元", 10_000, "150"),
            ("854万（高标准农田）", 10_000, "854"),
            ("2万元", 1, "20000"),
            ("约20万", 1, "不是金额"),
        ] {
            assert_eq!(read(text, FieldKind::Amount, unit), meant, "{text}");
        }
    }

    #[test]
    fn a_dash_says_not_applicable_and_words_stay_words() {
        assert_eq!(read(" — ", FieldKind::Points, 1), "不适用");
        assert_eq!(read("显著 提升", FieldKind::Measure, 1), "显著 提升");
        assert_eq!(read("86％", FieldKind::Rate, 1), "0.86");
        assert_eq!(read("10分", FieldKind::Points, 1), "10");
    }

    #[test]
    fn a_year_is_found_in_a_title_but_not_in_a_document_number_or_code() {
        for (text, expected) in [
            ("2022年度项目支出绩效自评表", Some(2022)),
            ("(2023)", Some(2023)),
            ("二〇二一年度", Some(2021)),
            ("(2020-2021年)", Some(2020)),
            ("浔财字〔2022〕7号", None),
            ("51000020230000", None),
            ("项目支出绩效自评表", None),
        ] {
            assert_eq!(year(text), expected.map(Decimal::from), "{text}");
        }
    }

    #[test]
    fn an_amount_that_its_unit_makes_too_large_is_no_amount() {
        assert_eq!(read("9999亿", FieldKind::Amount, 1), "999900000000");
        assert_ne!(read("99999999999999亿", FieldKind::Amount, 1), "9999999999999900000000");
    }
}
