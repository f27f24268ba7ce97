//! L202 new-project-without-exante-note: a large new project that does not speak of its 事前绩效评估.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form};
use crate::schema::concept::{self, amount};
use crate::schema::{Stage, Subject};
use crate::text::{excerpt, is_empty_box, is_tick, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L202",
    name: "new-project-without-exante-note",
    severity: Severity::Info,
    dimension: Dimension::Completeness,
    authority: "本地口径 exante.required_from（浔阳区编制 2023 年预算的要求：200 万元以上的新增项目应提供事前绩效评估报告）",
    summary: "新增项目金额较大，须附事前绩效评估报告",
    docs: "\
## 检查什么

项目绩效目标表上，项目属性（项目类型）写明是新增项目，年度资金总额达到口径 `exante.required_from`（默认 200 万元），表上又没有提到事前绩效评估的，提示须附评估报告。项目属性没有写、认不出的不查；没有注明金额单位的按万元。

## 为什么

事前绩效评估是新增项目申请预算的必备材料，没有评估或没有通过的不安排预算。

## 正反例

- 反例：项目属性“新增项目”，年度资金总额 260 万元，表上没有提到事前评估
- 正例：同上，立项依据写明“附事前绩效评估报告”

## 怎么改

随表报送事前绩效评估报告，并在立项依据或备注里注明。

## 依据

金额线由各地规定，默认的 200 万元出自浔阳区编制 2023 年预算的要求。
",
    check: Check::Form(check),
};

/// The fields that may say whether a project is new.
const ATTRIBUTES: [&str; 2] = ["project_attribute", "project_kind"];

fn check(ctx: &Context<'_>) -> Verdict {
    let form = ctx.form;
    if form.schema.stage != Stage::Target || form.schema.subject != Subject::Project {
        return Verdict::NotApplicable;
    }
    let Some((attribute, true)) = newness(form) else {
        return Verdict::NotApplicable;
    };
    let Some((total, wan)) = total(form) else { return Verdict::InsufficientData };
    let line = ctx.policy.exante.required_from;
    if wan < line || speaks_of_it(form) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(attribute.cell()),
        related: vec![total.cell()],
        found: Some(attribute.text().to_owned()),
        message: format!(
            "{} 为新增项目（“{}”），{} 年度资金总额 {} 万元，达到 {} 万元，须附事前绩效评估报告，表上没有提到",
            attribute.cell(),
            excerpt(&squeeze(attribute.text()), 16),
            total.cell(),
            phrase::plain(wan.round_dp(2)),
            phrase::plain(line)
        ),
        advice: "随表报送事前绩效评估报告，并在立项依据或备注里注明。".to_owned(),
        ..Fault::default()
    }])
}

/// What the form says of being a new project; `None` where it says neither.
pub(super) fn newness(form: &Form) -> Option<(&Field, bool)> {
    let attributes = ATTRIBUTES.iter().filter_map(|id| form.record.field(id)).filter(|field| field.is_filled());
    attributes.filter_map(|field| Some((field, is_new(field.text())?))).max_by_key(|(_, new)| *new)
}

/// The total with its amount in 万元, which is meant where the form names no unit of money.
pub(super) fn total(form: &Form) -> Option<(&Field, Decimal)> {
    let row = funding::main_row(form)?;
    let field = row.cells.get(amount::BUDGET).or_else(|| row.cells.get(amount::INITIAL))?;
    let wan = Decimal::from(10_000);
    let yuan = field.number()?.checked_mul(form.record.money_factor().unwrap_or(wan))?;
    Some((field, yuan.checked_div(wan)?))
}

/// Whether anything on the form mentions the evaluation.
pub(super) fn speaks_of_it(form: &Form) -> bool {
    let mentions = |field: &Field| squeeze(field.text()).contains("事前");
    form.record.fields.iter().any(|(id, field)| !id.starts_with(concept::field::PROJECT) && mentions(field))
        || form.record.notes.iter().any(mentions)
}

/// Whether the text says that the project is new; `None` where it says neither. Of a list with boxes the ticked option
/// counts, the box before or behind its option.
fn is_new(text: &str) -> Option<bool> {
    const OPTIONS: [(&str, bool); 9] = [
        ("新增", true),
        ("新设", true),
        ("延续", false),
        ("持续", false),
        ("存续", false),
        ("常年", false),
        ("经常", false),
        ("一次", false),
        ("其他", false),
    ];
    let squeezed = squeeze(text);
    // The field may ask 是否新增项目.
    match squeezed.as_str() {
        "是" => return Some(true),
        "否" => return Some(false),
        _ => {}
    }
    let is_box = |c: char| is_tick(c) || is_empty_box(c);
    let mut places: Vec<(usize, usize, bool)> = OPTIONS
        .iter()
        .flat_map(|(word, new)| squeezed.match_indices(word).map(|(at, word)| (at, at + word.len(), *new)))
        .collect();
    places.sort_unstable();
    if !squeezed.contains(is_box) {
        let (_, _, first) = places.first().copied()?;
        return places.iter().all(|(.., new)| *new == first).then_some(first);
    }
    let before = squeezed.find(is_box) < places.first().map(|(at, ..)| *at);
    let ends = places.iter().skip(1).map(|(at, ..)| *at).chain([squeezed.len()]);
    let starts = std::iter::once(0).chain(places.iter().map(|(_, end, _)| *end));
    let ticked: Vec<bool> = places
        .iter()
        .zip(starts)
        .zip(ends)
        .filter(|((place, start), end)| {
            let (from, to) = if before { (*start, place.0) } else { (place.1, *end) };
            squeezed.get(from..to).is_some_and(|gap| gap.contains(is_tick))
        })
        .map(|(((.., new), _), _)| *new)
        .collect();
    match ticked.as_slice() {
        [new] => Some(*new),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_new;

    #[test]
    fn a_new_project_is_known_by_word_or_tick() {
        for new in ["新增", "新增项目", "☑新增 □延续", "1、持续性项目 □  2、新增性项目 □ √", "延续□ 新增☑", "是"]
        {
            assert_eq!(is_new(new), Some(true), "{new}");
        }
        for old in ["延续", "□新增 ☑延续", "新增□ 延续☑", "一次性项目", "否"] {
            assert_eq!(is_new(old), Some(false), "{old}");
        }
        for open in ["新增/延续", "□新增 □延续", "☑新增 ☑延续", "特定目标类", ""] {
            assert_eq!(is_new(open), None, "{open}");
        }
    }
}
