//! What became of an approved target in a later form of the project. Silent wherever a careful reader could see it both
//! ways.

use std::sync::LazyLock;
use std::sync::OnceLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::chain::{self, Pair};
use super::{Fault, RoundContext, RoundForm, Verdict, attainment, phrase};
use crate::form::{Field, Row};
use crate::policy::Policy;
use crate::schema::concept::column;
use crate::text::{excerpt, similarity, squeeze};
use crate::value::{Measure, Operator};

/// From which likeness two wordings promise the same.
const SAME_WORDS_FROM: f64 = 0.5;

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It promises the same, or either side is blank.
    None,
    /// Less is promised: a lower figure where more is better, a higher one where less is, a later month.
    Weakened,
    /// More is promised.
    Raised,
    /// The figure stands, its unit is another.
    Unit,
    /// It is another and neither less nor more: other words, words instead of a figure.
    Other,
}

impl Change {
    /// What a message says of it behind both targets.
    fn said(self) -> &'static str {
        match self {
            Self::Weakened => "，降低了要求",
            Self::Raised => "，提高了要求",
            Self::Unit => "，单位不同",
            Self::Other => "，不是同一个要求",
            Self::None => "",
        }
    }
}

/// Judges the targets of every form of the round against those approved: each change of the kind is a fault.
pub(super) fn each(round: &RoundContext<'_>, kind: Change, advice: &str) -> Vec<Verdict> {
    chain::each_behind(round, |form, own| {
        let (before, _) = round.aligned(form)?;
        let changed = round.changes(form).iter().filter(|(_, change)| *change == kind);
        let faults = changed.filter_map(|(pair, _)| fault(own, before, pair, kind, advice));
        Some(Verdict::Checked(faults.collect()))
    })
}

/// By form: its indicators whose targets are no longer what they were, in their order. Found when a rule first asks.
pub(super) type Changes<'a> = OnceLock<Vec<Vec<(Pair<'a>, Change)>>>;

impl<'a> RoundContext<'a> {
    /// The indicators of the form at this index whose targets are no longer those it is held against.
    pub(super) fn changes(&self, form: usize) -> &[(Pair<'a>, Change)] {
        let find = |form| {
            let pairs = self.aligned(form).map(|(_, alignment)| alignment.pairs()).unwrap_or_default();
            let changes = pairs.into_iter().map(|pair| (pair, change(&pair, self.policy)));
            changes.filter(|(_, change)| *change != Change::None).collect()
        };
        let all = self.changes.get_or_init(|| (0..self.forms.len()).map(find).collect());
        all.get(form).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What became of the target of an indicator.
fn change(pair: &Pair<'_>, policy: &Policy) -> Change {
    let (Some(old), Some(new)) = (filled(pair.earlier), filled(pair.later)) else { return Change::None };
    match (&pair.earlier.target, &pair.later.target) {
        (Some(was), Some(is)) => figures(pair.earlier, was, is, policy),
        (Some(was), None) => {
            let kept = numbers(&squeeze(new.text())).contains(&was.number.normalize());
            // 31 of 12月31日 and the like say nothing of the old figure.
            let open = deadline(new).is_some() && deadline(old).is_some();
            if kept || open { deadlines(old, new).unwrap_or(Change::None) } else { Change::Other }
        }
        (None, Some(_)) => Change::None,
        (None, None) => words(old, new),
    }
}

fn filled(row: &Row) -> Option<&Field> {
    row.cell(column::TARGET).filter(|field| field.is_filled())
}

fn figures(row: &Row, was: &Measure, is: &Measure, policy: &Policy) -> Change {
    let (old, new) = match in_one_unit(was, is) {
        Some(pair) => pair,
        None => return Change::Unit,
    };
    let direction = |measure: &Measure| measure.operator.map(|op| (op.is_forward(), op.is_reverse()));
    if old == new {
        return match (direction(was), direction(is)) {
            (Some((true, _)), Some((_, true))) | (Some((_, true)), Some((true, _))) => Change::Weakened,
            _ => Change::None,
        };
    }
    // 150万元 become 150元: the figure was left, its unit was not.
    if was.number == is.number {
        return Change::Unit;
    }
    let signed = |measure: &Measure| measure.operator.is_some_and(|op| op != Operator::Equal);
    let reverse = match (signed(was), signed(is)) {
        (false, true) => is.operator.map(Operator::is_reverse),
        _ => attainment::is_reverse(row, was, policy),
    };
    match reverse {
        Some(reverse) if (new < old) != reverse => Change::Weakened,
        Some(_) => Change::Raised,
        None => Change::Other,
    }
}

/// Both figures in one unit; `None` where both name units that differ.
pub(super) fn in_one_unit(was: &Measure, is: &Measure) -> Option<(Decimal, Decimal)> {
    let (old, new) = (was.number, is.number);
    let (Some(before), Some(after)) = (was.unit.as_deref(), is.unit.as_deref()) else {
        // 0.95 in a cell without sign is 95 %.
        let hundred = Decimal::ONE_HUNDRED;
        return match (was.is_percent(), is.is_percent()) {
            (true, false) if new <= Decimal::ONE && old > Decimal::ONE => Some((old, new * hundred)),
            (false, true) if old <= Decimal::ONE && new > Decimal::ONE => Some((old * hundred, new)),
            _ => Some((old, new)),
        };
    };
    let (old_factor, before) = scale(before);
    let (new_factor, after) = scale(after);
    if one_unit(before) != one_unit(after) {
        return None;
    }
    Some((old.checked_mul(old_factor)?, new.checked_mul(new_factor)?))
}

/// `万元` is 10 000 of `元`.
fn scale(unit: &str) -> (Decimal, &str) {
    let factors = [("亿", 100_000_000), ("万", 10_000), ("千元", 1_000)];
    let found = factors.iter().find_map(|(prefix, factor)| Some((*factor, unit.strip_prefix(prefix)?)));
    match found {
        Some((1_000, _)) => (Decimal::ONE_THOUSAND, "元"),
        Some((factor, "")) => (Decimal::from(factor), "元"),
        Some((factor, base)) => (Decimal::from(factor), base),
        None => (Decimal::ONE, unit),
    }
}

/// Units by which people count the same thing.
fn one_unit(unit: &str) -> &str {
    const SAME: [&[&str]; 15] = [
        &["人", "名", "位", "人数", "个人"],
        &["人次", "人/次", "次/人"],
        &["天", "日"],
        &["工作日", "个工作日"],
        &["个", "项", "处", "家", "所", "只", "件", "座", "种", "类"],
        &["次", "场", "期", "场次", "批", "批次", "轮"],
        &["套", "台", "台套", "台/套", "部", "组"],
        &["公里", "千米", "km"],
        &["米", "m", "延米"],
        &["平方米", "平米", "㎡", "m2", "m²"],
        &["立方米", "方", "m3", "m³"],
        &["户", "户数"],
        &["份", "册", "本", "篇"],
        &["吨", "t"],
        &["辆", "台次"],
    ];
    let lower = unit.trim_end_matches("/年");
    SAME.iter().find(|same| same.contains(&lower)).and_then(|same| same.first()).copied().unwrap_or(lower)
}

fn words(old: &Field, new: &Field) -> Change {
    if let Some(change) = deadlines(old, new) {
        return change;
    }
    let (before, after) = (squeeze(old.text()), squeeze(new.text()));
    let (was, is) = (numbers(&before), numbers(&after));
    let contained = before.contains(&after) || after.contains(&before);
    // Whoever now names figures promises no less than who named none.
    let figures_left = was.iter().all(|number| is.contains(number));
    if contained || (figures_left && (!is.is_empty() || similarity(&before, &after) >= SAME_WORDS_FROM)) {
        return Change::None;
    }
    Change::Other
}

/// What became of a month until which something is to be done; `None` where either side names none.
fn deadlines(old: &Field, new: &Field) -> Option<Change> {
    let ((old_year, old_month), (new_year, new_month)) = (deadline(old)?, deadline(new)?);
    let (was, is) = match (old_year, new_year) {
        (Some(was), Some(is)) => ((was, old_month), (is, new_month)),
        _ => ((0, old_month), (0, new_month)),
    };
    Some(match is.cmp(&was) {
        std::cmp::Ordering::Less => Change::Raised,
        std::cmp::Ordering::Equal => Change::None,
        std::cmp::Ordering::Greater => Change::Weakened,
    })
}

/// The last month that a date names, with its year where that is written.
fn deadline(field: &Field) -> Option<(Option<u32>, u32)> {
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:(20\d\d)[年\-/.])?(\d{1,2})月|(20\d\d)[\-/.](\d{1,2})")
            .expect("a constant pattern, compiled in tests")
    });
    let text = squeeze(&field.reading.value()?.to_string());
    let found = MONTH.captures_iter(&text).last()?;
    let number = |at: usize| found.get(at).and_then(|digits| digits.as_str().parse::<u32>().ok());
    let month = number(2).or_else(|| number(4)).filter(|month| (1..=12).contains(month))?;
    Some((number(1).or_else(|| number(3)), month))
}

/// The figures that a squeezed text writes in digits.
pub(super) fn numbers(text: &str) -> Vec<Decimal> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|piece| piece.trim_matches('.').parse::<Decimal>().ok())
        .map(|number| number.normalize())
        .collect()
}

/// A target as its row states it, operator and unit with it where they have columns of their own.
pub(super) fn shown(row: &Row) -> String {
    let text = filled(row).map(Field::text).unwrap_or_default();
    let apart = row.filled(column::OPERATOR).is_some() || row.filled(column::UNIT).is_some();
    match &row.target {
        Some(measure) if apart => measure.to_string(),
        _ => excerpt(&squeeze(text), 24),
    }
}

fn fault(own: &RoundForm<'_>, before: &RoundForm<'_>, pair: &Pair<'_>, kind: Change, advice: &str) -> Option<Fault> {
    let (old, new) = (filled(pair.earlier)?, filled(pair.later)?);
    let name = pair.later.filled(column::LEVEL3).unwrap_or_default();
    Some(Fault {
        cell: Some(new.cell()),
        related: pair.later.at(column::LEVEL3).into_iter().collect(),
        elsewhere: vec![chain::elsewhere(before, old)],
        found: Some(new.text().to_owned()),
        expected: Some(shown(pair.earlier)),
        message: format!(
            "{}（{}）：{}是“{}”，这里写“{}”{}",
            phrase::column_at(own.form, new, column::TARGET),
            excerpt(&squeeze(name), 16),
            chain::cited(before, old.cell()),
            shown(pair.earlier),
            shown(pair.later),
            kind.said(),
        ),
        advice: advice.to_owned(),
        ..Fault::default()
    })
}
