//! Closed lists: which answer a cell gives, typed or ticked.

use super::record::{Field, Reading};
use crate::schema::Choice;
use crate::text::{is_empty_box, is_tick, label_key, squeeze};
use crate::value::Value;

/// The field with its text understood as an answer: the answer as the schema prints it; blank where boxes stand and none
/// is ticked; unreadable where several are, or where the text is none of the answers. Where there are no answers to choose
/// from the field stays what it is.
pub(super) fn answer(field: Field, choices: &[Choice]) -> Field {
    let Reading::Value(value) = &field.reading else { return field };
    if choices.is_empty() {
        return field;
    }
    let reading = read(&value.to_string(), choices);
    Field { reading, ..field }
}

fn read(text: &str, choices: &[Choice]) -> Reading {
    let squeezed = squeeze(text);
    let places = places(&squeezed, choices);
    if squeezed.contains(is_mark) {
        return ticked(&squeezed, &places, choices);
    }
    let key = label_key(text);
    if let Some(choice) = choices.iter().find(|choice| choice.labels.contains(&key)) {
        return chosen(choice);
    }
    match &places[..] {
        [] => Reading::Unreadable(format!("不是{}之一", named(choices.iter()))),
        [place] => choices.get(place.choice).map_or(Reading::Blank, chosen),
        // The printed list, `确定能/有可能/完全不可能`, without an answer.
        _ => Reading::Blank,
    }
}

/// Where an answer's words stand in a text, in bytes.
struct Place {
    choice: usize,
    start: usize,
    end: usize,
}

/// The answers that a text names, from left to right; of overlapping ones the longest.
fn places(squeezed: &str, choices: &[Choice]) -> Vec<Place> {
    let mut words: Vec<(usize, &str)> = choices
        .iter()
        .enumerate()
        .flat_map(|(at, choice)| choice.labels.iter().map(move |label| (at, label.as_str())))
        .collect();
    words.sort_by_key(|(_, word)| std::cmp::Reverse(word.len()));
    let mut places: Vec<Place> = Vec::new();
    for (choice, word) in words {
        for (start, _) in squeezed.match_indices(word) {
            let end = start + word.len();
            if places.iter().all(|place| end <= place.start || place.end <= start) {
                places.push(Place { choice, start, end });
            }
        }
    }
    places.sort_by_key(|place| place.start);
    places
}

/// `□优 ☑良` or `优□ 良□√`: the marks before or behind each answer, as the first one shows.
fn ticked(squeezed: &str, places: &[Place], choices: &[Choice]) -> Reading {
    let first_mark = squeezed.find(is_mark).unwrap_or(0);
    let before = places.first().is_none_or(|place| first_mark < place.start);
    let marks = |at: usize| {
        let (from, to) = if before {
            (
                at.checked_sub(1).and_then(|left| places.get(left)).map_or(0, |left| left.end),
                places.get(at).map_or(0, |own| own.start),
            )
        } else {
            (places.get(at).map_or(0, |own| own.end), places.get(at + 1).map_or(squeezed.len(), |right| right.start))
        };
        squeezed.get(from..to).unwrap_or_default()
    };
    let mut answers: Vec<usize> = places
        .iter()
        .enumerate()
        .filter(|(at, _)| marks(*at).contains(is_tick))
        .map(|(_, place)| place.choice)
        .collect();
    answers.dedup();
    let picked: Vec<&Choice> = answers.iter().filter_map(|at| choices.get(*at)).collect();
    match &picked[..] {
        [] if squeezed.contains(is_tick) => {
            Reading::Unreadable(format!("看不出勾的是{}中的哪一项", named(choices.iter())))
        }
        [] => Reading::Blank,
        [choice] => chosen(choice),
        picked => several(&picked.iter().map(|choice| format!("“{}”", choice.label)).collect::<Vec<_>>()),
    }
}

/// The reading where more than one answer is picked; they are quoted.
pub(super) fn several(answers: &[String]) -> Reading {
    Reading::Unreadable(format!("勾了 {} 项：{}，只能选一项", answers.len(), answers.concat()))
}

/// Whether a cell that stands under its answer picks it: with a tick or any other mark but an empty box.
pub(super) fn is_ticked(shown: &str) -> bool {
    let squeezed = squeeze(shown);
    let empty_box = squeezed.contains(is_empty_box) && !squeezed.contains(is_tick);
    !squeezed.is_empty() && !empty_box && !["—", "-", "/", "×"].contains(&squeezed.as_str())
}

/// Whether a cell holds a tick.
pub(super) fn has_tick(shown: &str) -> bool {
    shown.contains(is_tick)
}

fn is_mark(c: char) -> bool {
    is_empty_box(c) || is_tick(c)
}

fn chosen(choice: &Choice) -> Reading {
    Reading::Value(Value::Text(choice.label.clone()))
}

fn named<'a>(choices: impl Iterator<Item = &'a Choice>) -> String {
    choices.map(|choice| format!("“{}”", choice.label)).collect::<Vec<_>>().join("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(labels: &[&[&str]]) -> Vec<Choice> {
        let choice = |labels: &&[&str]| Choice {
            id: labels[0].to_owned(),
            label: labels[0].to_owned(),
            labels: labels.iter().map(|label| label_key(label)).collect(),
        };
        labels.iter().map(choice).collect()
    }

    fn said(text: &str, labels: &[&[&str]]) -> String {
        match read(text, &choices(labels)) {
            Reading::Blank => "空".to_owned(),
            Reading::NotApplicable => "不适用".to_owned(),
            Reading::Value(value) => value.to_string(),
            Reading::Unreadable(why) => why,
        }
    }

    const KINDS: &[&[&str]] = &[&["常年性项目", "常年性"], &["延续性项目"], &["一次性项目"]];
    const POSSIBLE: &[&[&str]] = &[&["确定能", "能"], &["有可能", "可能"], &["完全不可能", "不可能"]];

    #[test]
    fn a_tick_behind_its_box_or_in_it_picks_the_answer_before_or_behind() {
        assert_eq!(said("1、常年性项目 □ √  2、延续性项目 □  3、一次性项目 □", KINDS), "常年性项目");
        assert_eq!(said("□常年性项目 ☑延续性项目 □一次性项目", KINDS), "延续性项目");
        assert_eq!(said("常年性项目√ 延续性项目 一次性项目", KINDS), "常年性项目");
        assert_eq!(said("■常年性 □延续性项目", KINDS), "常年性项目");
    }

    #[test]
    fn boxes_without_a_tick_are_blank_and_two_ticks_are_no_answer() {
        assert_eq!(said("□常年性项目 □延续性项目 □一次性项目", KINDS), "空");
        assert_eq!(
            said("☑常年性项目 ☑延续性项目 □一次性项目", KINDS),
            "勾了 2 项：“常年性项目”“延续性项目”，只能选一项"
        );
    }

    #[test]
    fn a_typed_answer_is_the_longest_that_fits() {
        assert_eq!(said("不可能", POSSIBLE), "完全不可能");
        assert_eq!(said("完全不可能。", POSSIBLE), "完全不可能");
        assert_eq!(said("有 可能", POSSIBLE), "有可能");
        assert_eq!(said("确定能/有可能/完全不可能", POSSIBLE), "空");
        assert_eq!(said("看情况", POSSIBLE), "不是“确定能”“有可能”“完全不可能”之一");
    }
}
