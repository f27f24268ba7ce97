//! 考核: what of a unit's year can be counted, in points by the policy.

use rust_decimal::Decimal;

use super::count::Ratio;
use super::counts::{Counts, Mean};
use super::statistics::{Statistics, UnitGroup};
use crate::policy::{Assessment, WithoutPart};

/// A unit with its points.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessed<'f> {
    /// The unit.
    pub unit: UnitGroup<'f>,
    /// 覆盖: forms that came of those due.
    pub coverage: Part<Ratio>,
    /// 及时: forms on time of those whose day is known.
    pub timeliness: Part<Ratio>,
    /// 质量: the mean quality score.
    pub quality: Part<Mean>,
    /// 整改: returned forms that were mended.
    pub correction: Part<Ratio>,
    /// The sum, to two decimals.
    pub points: Decimal,
    /// What the points are worth in the government's assessment; `None` for a kind of unit without a scale.
    pub scaled: Option<Decimal>,
    /// Whether the points are below the line from which the next budget is cut.
    pub cut: bool,
    /// 名次 among all, from 1; units of equal points share one.
    pub rank: usize,
}

/// A part of the assessment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part<T> {
    /// What it is made of.
    pub of: T,
    /// The points; `None` where the unit has nothing to count for it.
    pub points: Option<Decimal>,
}

/// The units of the roster that owe something, most points first, of equals in the order of the roster.
#[must_use]
pub fn assess<'f>(statistics: &Statistics<'f>, policy: &Assessment) -> Vec<Assessed<'f>> {
    let owing = statistics.units.iter().filter(|(unit, counts)| unit.known && counts.forms.due > 0);
    let mut assessed: Vec<Assessed<'f>> = owing.map(|(unit, counts)| one(*unit, counts, policy)).collect();
    assessed.sort_by_key(|one| std::cmp::Reverse(one.points));
    let points: Vec<Decimal> = assessed.iter().map(|one| one.points).collect();
    for one in &mut assessed {
        one.rank = points.partition_point(|points| *points > one.points) + 1;
    }
    assessed
}

fn one<'f>(unit: UnitGroup<'f>, counts: &Counts, policy: &Assessment) -> Assessed<'f> {
    let forms = &counts.forms;
    let full = policy.points;
    let ratio = |part, whole, full: Decimal| {
        let of = Ratio::new(part, whole);
        Part { of, points: share(Decimal::from(part), Decimal::from(whole)).map(|share| share * full) }
    };
    let coverage = ratio(forms.delivered, forms.due, full.coverage);
    let timeliness = ratio(forms.on_time, forms.on_time + forms.late, full.timeliness);
    let mean = share(counts.score.sum, Decimal::from(counts.score.count));
    let quality = Part {
        of: counts.score,
        points: mean.and_then(|mean| share(mean, Decimal::ONE_HUNDRED)).map(|share| share * full.quality),
    };
    let correction = ratio(forms.corrected, forms.returned, full.correction);
    let parts = [
        (coverage.points, full.coverage),
        (timeliness.points, full.timeliness),
        (quality.points, full.quality),
        (correction.points, full.correction),
    ];
    let won: Decimal = parts.iter().filter_map(|(points, _)| *points).sum();
    let counted: Decimal = parts.iter().filter(|(points, _)| points.is_some()).map(|(_, full)| *full).sum();
    let points = match policy.without {
        WithoutPart::Full => won + (full.sum() - counted),
        WithoutPart::Spread => share(won * full.sum(), counted).unwrap_or_default(),
    };
    let points = rounded(points);
    let scale = policy.scales.iter().find(|scale| scale.kind == unit.kind);
    Assessed {
        unit,
        coverage,
        timeliness,
        quality,
        correction,
        points,
        scaled: scale.map(|scale| rounded(points * scale.points / Decimal::ONE_HUNDRED)),
        cut: points < policy.cut_below,
        rank: 0,
    }
}

fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_div(whole)
}

fn rounded(points: Decimal) -> Decimal {
    points.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::super::facts::{Facts, FormFact};
    use super::super::made_up::{day, form, poor, round, unit};
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn parts_that_cannot_be_counted_leave_their_points_to_the_others() {
        let policy = Policy::embedded("national").expect("a built-in policy").assessment;
        let owing = |name: &str, due, late| {
            let mut unit = unit(name, Some(due));
            unit.due.iter_mut().for_each(|due| due.deadline = late);
            unit
        };
        let units = vec![owing("甲", 2, Some(day(3, 15))), owing("乙", 1, None), owing("丙", 1, None)];
        let at = |form: FormFact, month| FormFact { received: Some(day(month, 1)), ..form };
        let forms =
            vec![at(form("a", "甲", "一", 1), 3), at(poor(form("b", "甲", "二", 1)), 4), form("c", "乙", "三", 1)];
        let facts = Facts { rounds: vec![round("", units, forms)] };
        let statistics = Statistics::of(&facts);
        let told: Vec<String> = assess(&statistics, &policy)
            .iter()
            .map(|one| {
                let scaled = one.scaled.map(|scaled| scaled.normalize().to_string()).unwrap_or_default();
                format!("{} {} {} {scaled} {}", one.rank, one.unit.unit, one.points.normalize(), one.cut)
            })
            .collect();
        // 乙: coverage 30 and quality 28.5 of 60 points; 甲: 30 + 10 + (95 + 40) ÷ 200 × 30 + 0 of 1 returned.
        assert_eq!(told, ["1 乙 97.5 6.83 false", "2 甲 60.25 4.22 true", "3 丙 0 0 true"]);
    }
}
