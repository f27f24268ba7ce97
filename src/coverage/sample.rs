//! 抽查: which forms a person looks at, the same for the same results and seed on any machine.
//!
//! By department and size of the money, within them by risk: whoever is more likely wrong is more likely drawn. Whole
//! numbers throughout: nothing depends on how a machine rounds.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::statistics::{DepartmentGroup, Statistics};
use super::{FormFact, Line};
use crate::digest::sha256;
use crate::finding::Severity;
use crate::policy::{Band, Sampling};
use crate::schema::Stage;

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Draw<'p> {
    /// Stage whose forms about projects are drawn.
    pub stage: Stage,
    /// How many of all forms, as a fraction; their number is rounded up.
    pub rate: Decimal,
    /// Whether every department gives one at least, whatever the rate.
    pub each_department: bool,
    /// Other seeds draw others.
    pub seed: u64,
    /// Weights of the risks, and where money is large.
    pub policy: &'p Sampling,
}

/// What was drawn.
#[derive(Debug)]
pub struct Sample<'s> {
    /// By department in the order of the roster: its forms, how many are due, how many were drawn.
    pub departments: Vec<(DepartmentGroup<'s>, Quota)>,
    /// What was drawn: by department, then as drawn.
    pub drawn: Vec<Drawn<'s>>,
}

/// A department's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quota {
    /// 个数.
    pub forms: usize,
    /// 应抽取.
    pub due: usize,
    /// 已抽取.
    pub drawn: usize,
}

/// A form that was drawn.
#[derive(Debug)]
pub struct Drawn<'s> {
    /// The form.
    pub line: &'s Line<'s>,
    /// 大额, 中额, 小额, or 金额不明.
    pub size: &'static str,
    /// 1 and what the risks weigh.
    pub weight: u64,
    /// The risks, in words.
    pub risks: Vec<&'static str>,
    /// Whether its weight alone was enough; else chance decided by the weight.
    pub certain: bool,
}

/// A form that may be drawn.
struct Candidate<'s> {
    line: &'s Line<'s>,
    size: usize,
    weight: u64,
    risks: Vec<&'static str>,
    /// Its place in the order of chance.
    chance: String,
}

/// 大额 first.
const SIZES: [&str; 4] = ["大额", "中额", "小额", "金额不明"];

/// Draws from what was judged.
#[must_use]
pub fn sample<'s>(statistics: &'s Statistics<'s>, draw: &Draw<'_>) -> Sample<'s> {
    let mut departments: Vec<(DepartmentGroup<'s>, Vec<Candidate<'s>>)> = Vec::new();
    let drawable = statistics.judged().filter(|line| line.form.stage == draw.stage && line.form.subject.is_project());
    let mut of: BTreeMap<DepartmentGroup<'s>, usize> = BTreeMap::new();
    for line in drawable {
        let group = DepartmentGroup { place: line.place, department: &line.form.department };
        let at = *of.entry(group).or_insert_with(|| {
            departments.push((group, Vec::new()));
            departments.len() - 1
        });
        if let Some((_, candidates)) = departments.get_mut(at) {
            candidates.push(candidate(line, draw));
        }
    }
    let mut sample = Sample { departments: Vec::new(), drawn: Vec::new() };
    let quotas = quotas(&departments, draw);
    for ((group, candidates), due) in departments.into_iter().zip(quotas) {
        let forms = candidates.len();
        let drawn = from_department(group, candidates, due, draw);
        sample.departments.push((group, Quota { forms, due, drawn: drawn.len() }));
        sample.drawn.extend(drawn);
    }
    sample
}

/// How many each department gives: its share of all, whole; what is left of the number goes to the largest remainders, of
/// equal ones to where the risks weigh most.
fn quotas(departments: &[(DepartmentGroup<'_>, Vec<Candidate<'_>>)], draw: &Draw<'_>) -> Vec<usize> {
    let all: usize = departments.iter().map(|(_, candidates)| candidates.len()).sum();
    let share = |forms: usize| Decimal::from(forms).checked_mul(draw.rate).unwrap_or_default();
    let number = share(all).ceil().to_usize().unwrap_or(all).min(all);
    let mut shares: Vec<(usize, usize, Decimal, u64)> = departments
        .iter()
        .enumerate()
        .map(|(at, (_, candidates))| {
            let share = share(candidates.len());
            let whole = share.floor().to_usize().unwrap_or_default();
            let weight = candidates.iter().map(|candidate| candidate.weight).sum();
            (at, whole, share - share.floor(), weight)
        })
        .collect();
    let given: usize = shares.iter().map(|(_, whole, ..)| whole).sum();
    shares.sort_by_key(|(at, _, rest, weight)| (std::cmp::Reverse((*rest, *weight)), *at));
    for (_, whole, ..) in shares.iter_mut().take(number.saturating_sub(given)) {
        *whole += 1;
    }
    shares.sort_unstable_by_key(|(at, ..)| *at);
    let least = usize::from(draw.each_department);
    shares.into_iter().map(|(_, whole, ..)| whole.max(least)).collect()
}

fn candidate<'s>(line: &'s Line<'s>, draw: &Draw<'_>) -> Candidate<'s> {
    let form = line.form;
    let budget = form.items.first().and_then(|item| item.budget);
    let [large, middle] = draw.policy.sizes;
    let size = match budget {
        None => 3,
        Some(budget) if budget >= large => 0,
        Some(budget) if budget >= middle => 1,
        Some(_) => 2,
    };
    let (weight, risks) = risk(line, form, draw.policy);
    let chance =
        sha256(format!("{}|{}|{}|{}|{}", draw.seed, line.place, form.source, form.sheet, form.range).as_bytes());
    Candidate { line, size, weight, risks, chance }
}

fn risk(line: &Line<'_>, form: &FormFact, policy: &Sampling) -> (u64, Vec<&'static str>) {
    let spent = form.items.first().and_then(|item| item.executed?.checked_div(item.budget?));
    let risks = [
        (form.suspect, policy.suspect, "满分疑似不实"),
        (form.is_perfect(), policy.perfect, "自评满分"),
        (form.band == Band::Poor, policy.poor, "填报质量差"),
        (form.band == Band::Fair, policy.fair, "填报质量中"),
        (form.faults.iter().any(|fault| fault.severity == Severity::Error), policy.severe, "有严重问题"),
        (spent.is_some_and(|spent| spent < policy.low_execution_below), policy.low_execution, "执行率低"),
        (line.returned && form.passed, policy.returned, "退回后整改"),
        (line.on_time == Some(false), policy.late, "逾期报送"),
    ];
    let present = risks.into_iter().filter(|(is, weight, _)| *is && *weight > 0);
    present.fold((1, Vec::new()), |(sum, mut words), (_, weight, word)| {
        words.push(word);
        (sum + u64::from(weight), words)
    })
}

/// Shares the department's number out among the sizes, in proportion, the rest to the largest remainders, large money first.
fn from_department<'s>(
    group: DepartmentGroup<'s>,
    candidates: Vec<Candidate<'s>>,
    due: usize,
    draw: &Draw<'_>,
) -> Vec<Drawn<'s>> {
    let all = candidates.len();
    let mut sizes: [Vec<Candidate<'s>>; 4] = Default::default();
    for candidate in candidates {
        if let Some(size) = sizes.get_mut(candidate.size) {
            size.push(candidate);
        }
    }
    let mut shares: Vec<(usize, usize, usize)> = sizes
        .iter()
        .enumerate()
        .map(|(size, candidates)| (size, candidates.len() * due / all.max(1), candidates.len() * due % all.max(1)))
        .collect();
    let given: usize = shares.iter().map(|(_, share, _)| share).sum();
    shares.sort_by_key(|(size, _, rest)| (std::cmp::Reverse(*rest), *size));
    for (_, share, _) in shares.iter_mut().take(due - given) {
        *share += 1;
    }
    shares.sort_unstable();
    let mut drawn = Vec::new();
    for ((size, share, _), candidates) in shares.into_iter().zip(sizes) {
        let start = format!("{}|{}|{}|{size}", draw.seed, group.place, group.department);
        drawn.extend(by_weight(candidates, share, &start));
    }
    drawn
}

/// Systematic sampling with probabilities proportional to the weights: those whose weight alone fills a step are certain; the
/// others lie in the order of chance, each as long as its weight, and every step takes the one it falls on.
fn by_weight<'s>(mut candidates: Vec<Candidate<'s>>, mut count: usize, start: &str) -> Vec<Drawn<'s>> {
    candidates.sort_by(|a, b| a.chance.cmp(&b.chance));
    let mut drawn = Vec::new();
    loop {
        let sum: u64 = candidates.iter().map(|candidate| candidate.weight).sum();
        let steps = u64::try_from(count).unwrap_or(u64::MAX);
        let heavy = candidates.iter().position(|candidate| steps > 0 && candidate.weight.saturating_mul(steps) >= sum);
        let Some(heavy) = heavy else { break };
        drawn.push(of(candidates.remove(heavy), true));
        count -= 1;
    }
    let sum: u64 = candidates.iter().map(|candidate| candidate.weight).sum();
    let steps = u64::try_from(count).unwrap_or(u64::MAX);
    if steps == 0 || sum == 0 {
        return drawn;
    }
    // In units of 1/steps of a weight the step is `sum`, and every length a whole number.
    let digits = sha256(start.as_bytes());
    let chance = u64::from_str_radix(digits.get(..15).unwrap_or_default(), 16).unwrap_or_default();
    let mut next = chance % sum;
    let mut end = 0;
    for candidate in candidates {
        end += candidate.weight * steps;
        if next < end {
            next += sum;
            drawn.push(of(candidate, false));
        }
    }
    drawn
}

fn of(candidate: Candidate<'_>, certain: bool) -> Drawn<'_> {
    let Candidate { line, size, weight, risks, .. } = candidate;
    Drawn { line, size: SIZES.get(size).copied().unwrap_or_default(), weight, risks, certain }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::facts::{Facts, FormFact};
    use super::super::made_up::{form, poor, round};
    use super::*;
    use crate::policy::Policy;

    /// Projects of three departments, some risky.
    fn facts(count: usize) -> Facts {
        let one = |number: usize| {
            let name = format!("项目{number}");
            let made =
                form(&format!("{number:03}.xlsx"), "水务局", &name, i64::try_from(number * 7 % 300).unwrap_or(1));
            let made = if number.is_multiple_of(5) { poor(made) } else { made };
            FormFact {
                department: ["甲局", "乙局", "丙局"][number % 3].to_owned(),
                suspect: number.is_multiple_of(11),
                ..made
            }
        };
        Facts { rounds: vec![round("", Vec::new(), (0..count).map(one).collect())] }
    }

    fn drawn(facts: &Facts, rate: Decimal, seed: u64, each_department: bool) -> (Vec<Quota>, Vec<String>) {
        let policy = Policy::embedded("national").expect("a built-in policy").sampling;
        let statistics = Statistics::of(facts);
        let draw = Draw { stage: Stage::SelfEvaluation, rate, each_department, seed, policy: &policy };
        let sample = sample(&statistics, &draw);
        let quotas = sample.departments.iter().map(|(_, quota)| *quota).collect();
        (quotas, sample.drawn.iter().map(|drawn| drawn.line.form.source.clone()).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_rate_is_kept_every_department_gives_its_share_and_nothing_is_drawn_twice(
            count in 1..80_usize, percent in 1..=100_i64, seed in any::<u64>(), each in any::<bool>(),
        ) {
            let facts = facts(count);
            let rate = Decimal::new(percent, 2);
            let (quotas, sources) = drawn(&facts, rate, seed, each);
            for quota in &quotas {
                let share = Decimal::from(quota.forms) * rate;
                let due = Decimal::from(quota.due);
                prop_assert!(share - Decimal::ONE < due && due < share + Decimal::ONE || each && quota.due == 1);
                prop_assert_eq!(quota.drawn, quota.due);
                prop_assert!(!each || quota.drawn > 0);
            }
            let all = (Decimal::from(count) * rate).ceil();
            prop_assert!(each || Decimal::from(sources.len()) == all);
            let different: std::collections::BTreeSet<_> = sources.iter().collect();
            prop_assert_eq!(different.len(), sources.len());
            prop_assert_eq!(drawn(&facts, rate, seed, each).1, sources);
        }
    }

    #[test]
    fn who_is_more_likely_wrong_is_drawn_more_often() {
        let facts = facts(60);
        let mut suspects = 0;
        let mut all = 0;
        for seed in 0..60 {
            let (_, sources) = drawn(&facts, Decimal::new(15, 2), seed, false);
            let number = |source: &String| source.get(..3).and_then(|number| number.parse::<usize>().ok());
            suspects += sources.iter().filter_map(number).filter(|number| number.is_multiple_of(11)).count();
            all += sources.len();
        }
        // 6 of 60 are suspect: without weights a tenth of what is drawn would be.
        assert!(suspects * 100 > all * 15, "{suspects} of {all}");
    }

    #[test]
    fn another_seed_draws_another_list() {
        let facts = facts(60);
        assert_ne!(drawn(&facts, Decimal::new(15, 2), 1, false).1, drawn(&facts, Decimal::new(15, 2), 2, false).1);
    }
}
