//! The quality grade of a form: points by dimension, a ledger that shows every point, and what would lift it.
//!
//! The rubric is policy data. The unit's own 自评得分 is never mixed with it.

mod next;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::finding::{Dimension, Finding, Severity};
use crate::policy::{Band, Rubric};

/// The grade of a form, with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// 0 to 100; the sum of the ledger.
    pub score: Decimal,
    /// After bands and vetoes.
    pub band: Band,
    /// One entry a dimension, in the rubric's order.
    pub ledger: Vec<LedgerEntry>,
    /// The veto that capped the band, where one did: rule name and band.
    pub veto: Option<(&'static str, Band)>,
    /// The fewest corrections that lift the form to the next band; empty for 优.
    pub next: Vec<NextStep>,
}

/// A dimension's points.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerEntry {
    /// The dimension.
    pub dimension: Dimension,
    /// Points it starts with.
    pub full: Decimal,
    /// Points left; never below 0.
    pub left: Decimal,
    /// What was taken, in the order of the findings.
    pub deductions: Vec<DeductionEntry>,
}

/// What one rule took.
#[derive(Debug, Clone, PartialEq)]
pub struct DeductionEntry {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Findings of the rule.
    pub findings: usize,
    /// Points taken, after caps; what a dimension cannot lose any more is not counted here.
    pub points: Decimal,
    /// Why it is so many, in plain Chinese.
    pub reason: String,
}

/// One correction on the way to the next band.
#[derive(Debug, Clone, PartialEq)]
pub struct NextStep {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Points won.
    pub points: Decimal,
    /// Score after this and the steps before it.
    pub score: Decimal,
    /// Band after this and the steps before it.
    pub band: Band,
}

/// Grades a form by its findings: every point the form loses stands in the ledger, and the ledger adds up to the
/// score. The rubric alone decides; a finding whose dimension has no points in it costs nothing.
#[must_use]
pub fn grade(findings: &[Finding], rubric: &Rubric) -> Grade {
    let sheet = ScoreSheet::new(findings, rubric);
    let ledger = sheet.ledger();
    let score = ledger.iter().map(|entry| entry.left).sum();
    let natural = band_of(score, rubric);
    let veto = sheet.veto(&BTreeSet::new()).filter(|(_, band)| *band > natural);
    Grade { score, band: veto.map_or(natural, |(_, band)| band), ledger, veto, next: next::steps(&sheet) }
}

/// The best band whose lower edge the score reaches.
fn band_of(score: Decimal, rubric: &Rubric) -> Band {
    rubric.bands.iter().filter(|edge| score >= edge.from).map(|edge| edge.band).min().unwrap_or(Band::Poor)
}

/// The findings sorted by rule, priced, with their groups settled: what every "what if" starts from.
struct ScoreSheet<'a> {
    rubric: &'a Rubric,
    /// In the order of their first finding.
    rules: Vec<PricedRule<'a>>,
}

/// A rule with findings.
struct PricedRule<'a> {
    code: &'static str,
    name: &'static str,
    dimension: Dimension,
    severity: Severity,
    group: Option<&'a str>,
    /// Points at most for this rule, and whether the rubric names them.
    cap: Decimal,
    cap_named: bool,
    /// The finding's row, `None` for a form-level finding, and its price.
    findings: Vec<(Option<u32>, Decimal)>,
}

/// What a rule takes, as long as its dimension has points.
struct Claim {
    /// The sum of its findings' prices, without those that another finding of their group pays.
    wanted: Decimal,
    /// The same, at most the cap.
    capped: Decimal,
    /// Findings that another one pays.
    grouped: usize,
}

impl<'a> ScoreSheet<'a> {
    fn new(findings: &[Finding], rubric: &'a Rubric) -> Self {
        let mut rules: Vec<PricedRule<'a>> = Vec::new();
        // What the bureau accepts costs nothing and caps nothing.
        for finding in findings.iter().filter(|finding| !finding.is_accepted()) {
            let entry = rubric.rules.get(finding.name);
            let by_severity = || rubric.by_severity.get(&finding.severity).copied().unwrap_or_default();
            let price = entry.and_then(|entry| entry.points).unwrap_or_else(by_severity);
            let priced = (finding.cell.map(|cell| cell.row), price);
            match rules.iter_mut().find(|rule| rule.code == finding.code) {
                Some(rule) => rule.findings.push(priced),
                None => rules.push(PricedRule {
                    code: finding.code,
                    name: finding.name,
                    dimension: finding.dimension,
                    severity: finding.severity,
                    group: entry.and_then(|entry| entry.group.as_deref()),
                    cap: entry.and_then(|entry| entry.cap).unwrap_or_else(|| price * Decimal::from(rubric.repeats)),
                    cap_named: entry.is_some_and(|entry| entry.cap.is_some()),
                    findings: vec![priced],
                }),
            }
        }
        Self { rubric, rules }
    }

    /// The rules that stand once those of the given codes are mended, each with its claim.
    fn claims(&self, mended: &BTreeSet<&str>) -> impl Iterator<Item = (&PricedRule<'a>, Claim)> {
        let standing: Vec<&PricedRule<'a>> = self.rules.iter().filter(|rule| !mended.contains(rule.code)).collect();
        let owners = group_owners(&standing);
        standing.into_iter().map(move |rule| (rule, rule.claim(&owners)))
    }

    /// Every dimension with what was taken from it.
    fn ledger(&self) -> Vec<LedgerEntry> {
        let full = |(&dimension, &full)| LedgerEntry { dimension, full, left: full, deductions: Vec::new() };
        let mut ledger: Vec<LedgerEntry> = self.rubric.points.iter().map(full).collect();
        for (rule, claim) in self.claims(&BTreeSet::new()) {
            if let Some(entry) = ledger.iter_mut().find(|entry| entry.dimension == rule.dimension) {
                rule.charge(&claim, entry);
            }
        }
        ledger
    }

    /// The sum of the ledger once the rules of these codes are mended.
    fn score(&self, mended: &BTreeSet<&str>) -> Decimal {
        let mut left = self.rubric.points.clone();
        for (rule, claim) in self.claims(mended) {
            if let Some(left) = left.get_mut(&rule.dimension) {
                *left -= claim.capped.min(*left);
            }
        }
        left.into_values().sum()
    }

    /// The hardest veto that still stands once the rules of these codes are mended.
    fn veto(&self, mended: &BTreeSet<&str>) -> Option<(&'static str, Band)> {
        let standing = self.rules.iter().filter(|rule| !mended.contains(rule.code));
        // A bureau that makes a rule a hint asks nothing of it: what need not be mended caps no grade.
        let standing = standing.filter(|rule| rule.severity != Severity::Info);
        let vetoes = standing.filter_map(|rule| Some((rule.name, *self.rubric.vetoes.get(rule.name)?)));
        // Of equally hard ones the first found is named.
        vetoes.reduce(|hardest, veto| if veto.1 > hardest.1 { veto } else { hardest })
    }

    /// Score and band once the rules of these codes are mended.
    fn outlook(&self, mended: &BTreeSet<&str>) -> (Decimal, Band) {
        let score = self.score(mended);
        let natural = band_of(score, self.rubric);
        (score, self.veto(mended).map_or(natural, |(_, band)| band.max(natural)))
    }
}

/// Which finding of a fault group pays for its row: group and row → code and place of the dearest finding there.
fn group_owners<'a>(rules: &[&PricedRule<'a>]) -> BTreeMap<(&'a str, u32), (&'static str, usize)> {
    let mut dearest: BTreeMap<(&'a str, u32), (Decimal, &'static str, usize)> = BTreeMap::new();
    for rule in rules {
        let Some(group) = rule.group else { continue };
        for (index, (row, price)) in rule.findings.iter().enumerate() {
            // A form-level finding stands in no row: each is a fault of its own.
            let Some(row) = *row else { continue };
            let holder = dearest.entry((group, row)).or_insert((*price, rule.code, index));
            if *price > holder.0 {
                *holder = (*price, rule.code, index);
            }
        }
    }
    dearest.into_iter().map(|(key, (_, code, index))| (key, (code, index))).collect()
}

impl PricedRule<'_> {
    fn claim(&self, owners: &BTreeMap<(&str, u32), (&'static str, usize)>) -> Claim {
        let pays = |index: usize, row: Option<u32>| match (self.group, row) {
            (Some(group), Some(row)) => owners.get(&(group, row)) == Some(&(self.code, index)),
            _ => true,
        };
        let mut claim = Claim { wanted: Decimal::ZERO, capped: Decimal::ZERO, grouped: 0 };
        for (index, (row, price)) in self.findings.iter().enumerate() {
            if pays(index, *row) {
                claim.wanted += price;
            } else {
                claim.grouped += 1;
            }
        }
        claim.capped = claim.wanted.min(self.cap);
        claim
    }

    /// Takes the rule's points from its dimension and enters why; what costs nothing is not entered.
    fn charge(&self, claim: &Claim, entry: &mut LedgerEntry) {
        let price = self.findings.iter().map(|(_, price)| *price).max().unwrap_or_default();
        if price.is_zero() {
            return;
        }
        let points = claim.capped.min(entry.left);
        let mut reason = format!("{} 处，每处扣 {} 分", self.findings.len(), price.normalize());
        if claim.grouped > 0 {
            reason.push_str(&format!("；其中 {} 处与同一行的另一问题同源，不重复扣分", claim.grouped));
        }
        if claim.capped < claim.wanted {
            let what = if self.cap_named { "本规则" } else { "同类问题合计" };
            reason.push_str(&format!("；{what}最多扣 {} 分", self.cap.normalize()));
        }
        if points < claim.capped {
            reason.push_str(&format!("；“{}”只剩 {} 分可扣", entry.dimension, entry.left.normalize()));
        }
        entry.left -= points;
        entry.deductions.push(DeductionEntry {
            code: self.code,
            name: self.name,
            findings: self.findings.len(),
            points,
            reason,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::address::CellRef;
    use crate::policy::{BandFrom, Deduction};

    /// Rules of the tests: code, name, severity, dimension.
    const RULES: [(&str, &str, Severity, Dimension); 5] = [
        ("A101", "sum-off", Severity::Error, Dimension::Consistency),
        ("A102", "rate-off", Severity::Warning, Dimension::Consistency),
        ("C101", "value-missing", Severity::Warning, Dimension::Completeness),
        ("C102", "class-missing", Severity::Error, Dimension::Completeness),
        ("W101", "vague", Severity::Info, Dimension::Feasibility),
    ];

    fn finding(rule: usize, row: Option<u32>) -> Finding {
        let (code, name, severity, dimension) = RULES[rule];
        Finding { name, severity, dimension, cell: row.map(|row| CellRef::new(row, 1)), ..Finding::sample(code) }
    }

    fn rubric() -> Rubric {
        let points = [20, 20, 20, 20, 20].map(Decimal::from);
        let priced = |points: i64, group: Option<&str>| Deduction {
            points: Some(Decimal::from(points)),
            cap: None,
            group: group.map(str::to_owned),
        };
        Rubric {
            points: Dimension::ALL.into_iter().zip(points).collect(),
            by_severity: [(Severity::Error, 10), (Severity::Warning, 3), (Severity::Info, 1)]
                .map(|(severity, points)| (severity, Decimal::from(points)))
                .into(),
            repeats: 3,
            rules: [
                ("sum-off".to_owned(), priced(6, Some("money"))),
                ("rate-off".to_owned(), priced(4, Some("money"))),
            ]
            .into(),
            vetoes: [("class-missing".to_owned(), Band::Fair)].into(),
            bands: [(Band::Excellent, 90), (Band::Good, 80), (Band::Fair, 60), (Band::Poor, 0)]
                .map(|(band, from)| BandFrom { band, from: Decimal::from(from) })
                .into(),
        }
    }

    fn entry(grade: &Grade, code: &str) -> DeductionEntry {
        let all = grade.ledger.iter().flat_map(|entry| &entry.deductions);
        all.clone().find(|deduction| deduction.code == code).cloned().expect("the rule has an entry")
    }

    #[test]
    fn a_form_without_findings_is_excellent_and_needs_nothing() {
        let grade = grade(&[], &rubric());
        assert_eq!((grade.score, grade.band), (Decimal::ONE_HUNDRED, Band::Excellent));
        assert!(grade.next.is_empty() && grade.veto.is_none());
    }

    #[test]
    fn a_mistake_repeated_on_every_row_counts_three_times() {
        let findings: Vec<Finding> = (0..12).map(|row| finding(2, Some(row))).collect();
        let grade = grade(&findings, &rubric());
        let taken = entry(&grade, "C101");
        assert_eq!((taken.findings, taken.points), (12, Decimal::from(9)));
        assert_eq!(taken.reason, "12 处，每处扣 3 分；同类问题合计最多扣 9 分");
    }

    #[test]
    fn one_root_cause_in_one_row_is_charged_once_the_dearest() {
        let grade = grade(&[finding(1, Some(4)), finding(0, Some(4)), finding(1, Some(5))], &rubric());
        assert_eq!(entry(&grade, "A101").points, Decimal::from(6));
        let rate = entry(&grade, "A102");
        assert_eq!(rate.points, Decimal::from(4));
        assert_eq!(rate.reason, "2 处，每处扣 4 分；其中 1 处与同一行的另一问题同源，不重复扣分");
    }

    #[test]
    fn a_dimension_never_falls_below_zero_and_says_so() {
        let findings: Vec<Finding> = (0..4).map(|row| finding(0, Some(row))).chain([finding(1, Some(9))]).collect();
        let grade = grade(&findings, &rubric());
        assert_eq!(entry(&grade, "A102").points, Decimal::from(2));
        assert!(entry(&grade, "A102").reason.ends_with("“规范与勾稽”只剩 2 分可扣"));
        assert_eq!(grade.score, Decimal::from(80));
    }

    #[test]
    fn a_rule_that_the_policy_made_a_hint_caps_no_grade() {
        let hint = Finding { severity: Severity::Info, ..finding(3, None) };
        let grade = grade(&[hint], &rubric());
        assert_eq!((grade.veto, grade.band), (None, Band::Excellent));
    }

    #[test]
    fn a_veto_caps_the_band_not_the_score_and_is_the_first_to_mend() {
        let grade = grade(&[finding(3, None)], &rubric());
        assert_eq!((grade.score, grade.band), (Decimal::from(90), Band::Fair));
        assert_eq!(grade.veto, Some(("class-missing", Band::Fair)));
        let codes: Vec<&str> = grade.next.iter().map(|step| step.code).collect();
        assert_eq!(codes, ["C102"]);
        assert_eq!(grade.next.last().map(|step| step.band), Some(Band::Excellent));
    }

    #[test]
    fn the_fewest_corrections_reach_the_next_band() {
        // 100 − 9 − 6 − 1 = 84: mending the three blanks alone reaches 93.
        let mut findings: Vec<Finding> = (0..3).map(|row| finding(2, Some(row))).collect();
        findings.extend([finding(0, Some(7)), finding(4, Some(8))]);
        let grade = grade(&findings, &rubric());
        assert_eq!((grade.score, grade.band), (Decimal::from(84), Band::Good));
        let steps: Vec<(&str, Decimal)> = grade.next.iter().map(|step| (step.code, step.score)).collect();
        assert_eq!(steps, [("C101", Decimal::from(93))]);
    }

    proptest! {
        #[test]
        fn the_ledger_adds_up_and_the_steps_lead_where_they_say(
            drawn in prop::collection::vec((0..RULES.len(), prop::option::of(0_u32..6)), 0..40),
        ) {
            let rubric = rubric();
            let findings: Vec<Finding> = drawn.iter().map(|(rule, row)| finding(*rule, *row)).collect();
            let graded = grade(&findings, &rubric);
            for entry in &graded.ledger {
                let taken: Decimal = entry.deductions.iter().map(|deduction| deduction.points).sum();
                prop_assert_eq!(entry.full - taken, entry.left);
                prop_assert!(entry.left >= Decimal::ZERO);
            }
            prop_assert_eq!(graded.ledger.iter().map(|entry| entry.left).sum::<Decimal>(), graded.score);
            prop_assert_eq!(graded.next.is_empty(), graded.band == Band::Excellent);
            if let Some(last) = graded.next.last() {
                let mended: Vec<&str> = graded.next.iter().map(|step| step.code).collect();
                let left: Vec<Finding> = findings.into_iter().filter(|f| !mended.contains(&f.code)).collect();
                let after = grade(&left, &rubric);
                prop_assert_eq!((after.score, after.band), (last.score, last.band));
                prop_assert!(after.band < graded.band);
            }
        }
    }
}
