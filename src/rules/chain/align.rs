//! Which indicator of an earlier form is which of a later one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::form::{Form, Row};
use crate::rules::indicator;
use crate::schema::concept::{INDICATORS, column};
use crate::text::similarity;

/// From which likeness two names in one class are one name written differently.
const RENAMED_FROM: f64 = 0.6;

/// So many pairs of names that found no equal are compared at most.
const COMPARED: usize = 250_000;

/// What tells indicators apart whose names are otherwise alike: 一期 and 二期, 东段 and 西段.
const TELLING: &str = "0123456789零〇一二三四五六七八九十百两甲乙丙丁东南西北";

/// An indicator in two forms.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// As the earlier form has it.
    pub earlier: &'a Row,
    /// As the later form has it.
    pub later: &'a Row,
}

/// What became of the indicators of an earlier form in a later one.
#[derive(Debug, Clone, Default)]
pub struct Alignment<'a> {
    /// The same name, in the order of the later form.
    pub kept: Vec<Pair<'a>>,
    /// Nearly the same name in the same second-level class, in the order of the later form.
    pub renamed: Vec<Pair<'a>>,
    /// In the earlier form alone, in its order.
    pub dropped: Vec<&'a Row>,
    /// In the later form alone, in its order.
    pub added: Vec<&'a Row>,
}

impl<'a> Alignment<'a> {
    /// The indicators that both forms have, in the order of the later form.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair<'a>> {
        let mut pairs: Vec<Pair<'a>> = self.kept.iter().chain(&self.renamed).copied().collect();
        pairs.sort_by_key(|pair| pair.later.row);
        pairs
    }

    /// How many indicators both forms have.
    #[must_use]
    pub fn paired(&self) -> usize {
        self.kept.len() + self.renamed.len()
    }
}

/// An indicator as it is compared.
struct Line<'a> {
    row: &'a Row,
    name: String,
    /// The name without a figure at its end, worked out when it is asked for.
    stem: OnceCell<String>,
    /// The second-level class; empty where the form does not tell.
    class: &'a str,
}

impl<'a> Line<'a> {
    fn stem(&self) -> &str {
        self.stem.get_or_init(|| indicator::stem(&self.name))
    }

    /// Operator, value and unit as written.
    fn target(&self) -> [&'a str; 3] {
        [column::OPERATOR, column::TARGET, column::UNIT].map(|id| self.row.filled(id).unwrap_or_default())
    }

    /// What tells two lines of one name apart.
    fn told(&self) -> ([&'a str; 3], &'a str) {
        (self.target(), self.row.filled(column::WEIGHT).unwrap_or_default())
    }
}

/// By what two lines are the same; `None` for a line that says nothing of the kind.
type Key = for<'l> fn(&'l Line<'l>) -> Option<(&'l str, &'l str)>;

/// Which indicator of an earlier form is which of a later one: by class and name, by name, by class and name without the
/// figure at its end; of the rest by a near name in the same class. Rows of the longer horizon and rows without a name do
/// not count. The order of the rows changes nothing.
#[must_use]
pub fn align<'a>(earlier: &'a Form, later: &'a Form) -> Alignment<'a> {
    let (mut left, mut right) = (lines(earlier), lines(later));
    let mut kept = Vec::new();
    let by: [Key; 3] = [
        |line| Some((line.class, line.name.as_str())),
        |line| Some(("", line.name.as_str())),
        |line| Some((line.class, line.stem())).filter(|(_, stem)| stem.chars().nth(1).is_some()),
    ];
    for key in by {
        let pairs = same(&left, &right, key);
        take(&mut left, &mut right, &pairs, &mut kept);
        if left.is_empty() || right.is_empty() {
            break;
        }
    }
    let mut renamed = Vec::new();
    let pairs = near(&left, &right);
    take(&mut left, &mut right, &pairs, &mut renamed);
    let rows = |lines: Vec<Line<'a>>| {
        let mut rows: Vec<&Row> = lines.into_iter().map(|line| line.row).collect();
        rows.sort_by_key(|row| row.row);
        rows
    };
    for pairs in [&mut kept, &mut renamed] {
        pairs.sort_by_key(|pair| pair.later.row);
    }
    Alignment { kept, renamed, dropped: rows(left), added: rows(right) }
}

/// The indicators of a form, in an order that their content alone decides.
fn lines(form: &Form) -> Vec<Line<'_>> {
    let rows = form.record.tables.get(INDICATORS).map_or(&[][..], |table| &table.rows);
    let line = |row| -> Option<Line<'_>> {
        let name = indicator::name(row)?;
        let class = row.subclass.as_deref().or(row.class.as_deref()).unwrap_or_default();
        Some(Line { row, name, stem: OnceCell::new(), class })
    };
    let mut lines: Vec<Line<'_>> = rows.iter().filter(|row| !row.term).filter_map(line).collect();
    lines.sort_by(|a, b| (a.class, &a.name).cmp(&(b.class, &b.name)).then_with(|| a.told().cmp(&b.told())));
    lines
}

/// Pairs of lines with the same key; of several those with the same target first.
fn same<'l, 'a>(left: &'l [Line<'a>], right: &'l [Line<'a>], key: Key) -> Vec<(usize, usize)> {
    // Indices on either side.
    type Sides = (Vec<usize>, Vec<usize>);
    let mut groups: BTreeMap<(&str, &str), Sides> = BTreeMap::new();
    for (at, line) in left.iter().enumerate() {
        if let Some(key) = key(line) {
            groups.entry(key).or_default().0.push(at);
        }
    }
    for (at, line) in right.iter().enumerate() {
        if let Some(group) = key(line).and_then(|key| groups.get_mut(&key)) {
            group.1.push(at);
        }
    }
    let mut pairs = Vec::new();
    let target = |lines: &[Line<'a>], at: usize| lines.get(at).map(Line::target);
    for (ours, theirs) in groups.into_values() {
        if let ([own], [other]) = (&ours[..], &theirs[..]) {
            pairs.push((*own, *other));
            continue;
        }
        let mut by_target: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
        for other in &theirs {
            by_target.entry(target(right, *other)).or_default().push_back(*other);
        }
        let (mut open, mut taken) = (Vec::new(), BTreeSet::new());
        for own in ours {
            match by_target.get_mut(&target(left, own)).and_then(VecDeque::pop_front) {
                Some(other) => {
                    taken.insert(other);
                    pairs.push((own, other));
                }
                None => open.push(own),
            }
        }
        pairs.extend(open.into_iter().zip(theirs.into_iter().filter(|other| !taken.contains(other))));
    }
    pairs
}

/// Pairs of lines of one class with near names, the nearest first. Of more than [`COMPARED`] names nothing is said: no form
/// has so many, and to compare all with all would take hours.
fn near(left: &[Line<'_>], right: &[Line<'_>]) -> Vec<(usize, usize)> {
    if left.len().saturating_mul(right.len()) > COMPARED {
        return Vec::new();
    }
    let mut scored = Vec::new();
    for (own, one) in left.iter().enumerate() {
        for (other, two) in right.iter().enumerate().filter(|(_, two)| two.class == one.class) {
            if let Some(score) = nearness(&one.name, &two.name) {
                scored.push((score, own, other));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, own, other) in scored {
        if !ours.contains(&own) && !theirs.contains(&other) {
            ours.insert(own);
            theirs.insert(other);
            pairs.push((own, other));
        }
    }
    pairs
}

/// How near two names are that may be one; `None` where they are two.
fn nearness(a: &str, b: &str) -> Option<f64> {
    let marks = |name: &str| name.chars().filter(|c| TELLING.contains(*c)).collect::<String>();
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let is_short_form = || {
        let mut long = long.chars();
        short.chars().nth(3).is_some() && short.chars().all(|c| long.any(|other| other == c))
    };
    let score = similarity(a, b);
    (marks(a) == marks(b) && (score >= RENAMED_FROM || is_short_form())).then_some(score)
}

/// Takes the paired lines out of both lists.
fn take<'a>(left: &mut Vec<Line<'a>>, right: &mut Vec<Line<'a>>, pairs: &[(usize, usize)], into: &mut Vec<Pair<'a>>) {
    for (own, other) in pairs {
        if let (Some(one), Some(two)) = (left.get(*own), right.get(*other)) {
            into.push(Pair { earlier: one.row, later: two.row });
        }
    }
    let drop = |lines: &mut Vec<Line<'a>>, gone: BTreeSet<usize>| {
        let mut at = 0;
        lines.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
    };
    drop(left, pairs.iter().map(|(own, _)| *own).collect());
    drop(right, pairs.iter().map(|(_, other)| *other).collect());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select, subsequence};

    use super::*;
    use crate::form::Reader;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    /// Second-level class, name, operator, value, unit.
    type Drawn = [&'static str; 5];

    /// Names so different that none is near another.
    const APART: [[&str; 2]; 8] = [
        ["数量指标", "维护渠道长度"],
        ["数量指标", "改造泵站座数"],
        ["数量指标", "发放物资批次"],
        ["质量指标", "工程验收合格率"],
        ["质量指标", "资料归档完整率"],
        ["时效指标", "补贴到账及时率"],
        ["社会效益指标", "惠及村庄个数"],
        ["服务对象满意度指标", "农户满意度"],
    ];

    fn form(rows: &[Drawn]) -> Form {
        let mut drawn = "部门预算项目绩效目标申报表|<|<|<|<|<|<|<|<|<\n（2023年度）||||||||金额单位：元|<\n\
             单位名称|项目名称|预算数|年度目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位\n"
            .to_owned();
        for (at, [class, name, operator, value, unit]) in rows.iter().enumerate() {
            let left = if at == 0 { "水利站|清水渠维护|120000|维护12公里" } else { "^|^|^|^" };
            let first = match *class {
                "社会效益指标" => "效益指标",
                "服务对象满意度指标" => "满意度指标",
                _ => "产出指标",
            };
            drawn.push_str(&format!("{left}|{first}|{class}|{name}|{operator}|{value}|{unit}\n"));
        }
        let sheet = sheet_from_text("表", drawn.trim_end()).expect("a valid grid");
        Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms.remove(0)
    }

    /// What an alignment says, whatever rows it is said of.
    fn said(alignment: &Alignment<'_>) -> Vec<String> {
        let row = |row: &Row| {
            let ids = [column::LEVEL2, column::LEVEL3, column::OPERATOR, column::TARGET, column::UNIT];
            ids.map(|id| row.filled(id).unwrap_or_default()).join(" ")
        };
        let pairs = |kind: &str, pairs: &[Pair<'_>]| -> Vec<String> {
            pairs.iter().map(|pair| format!("{kind}: {} / {}", row(pair.earlier), row(pair.later))).collect()
        };
        let rows = |kind: &str, rows: &[&Row]| -> Vec<String> {
            rows.iter().map(|one| format!("{kind}: {}", row(one))).collect()
        };
        let mut said = [
            pairs("kept", &alignment.kept),
            pairs("renamed", &alignment.renamed),
            rows("dropped", &alignment.dropped),
            rows("added", &alignment.added),
        ]
        .concat();
        said.sort();
        said
    }

    /// Rows of few names, so that names come twice, near each other, in two classes and with several targets.
    fn rows() -> impl Strategy<Value = Vec<Drawn>> {
        let row = (
            select(&["数量指标", "质量指标", "社会效益指标"][..]),
            select(&["清淤长度", "清淤总长度", "河道清淤长度", "清淤长度≥3公里", "验收合格率", "一期验收合格率"][..]),
            select(&["≥", "="][..]),
            select(&["3", "5"][..]),
            select(&["公里", "米", "%"][..]),
        )
            .prop_map(|(class, name, operator, value, unit)| [class, name, operator, value, unit]);
        prop::collection::vec(row, 1..9)
    }

    fn told_apart() -> impl Strategy<Value = Vec<Drawn>> {
        subsequence(APART.to_vec(), 1..=APART.len())
            .prop_map(|rows| rows.into_iter().map(|[class, name]| [class, name, "≥", "90", "%"]).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn the_order_of_the_rows_changes_nothing(
            ((earlier, later), (mixed_earlier, mixed_later)) in (rows(), rows()).prop_flat_map(|(earlier, later)| {
                let mixed = (Just(earlier.clone()).prop_shuffle(), Just(later.clone()).prop_shuffle());
                (Just((earlier, later)), mixed)
            })
        ) {
            let (one, two) = (form(&earlier), form(&later));
            let (three, four) = (form(&mixed_earlier), form(&mixed_later));
            prop_assert_eq!(said(&align(&one, &two)), said(&align(&three, &four)));
        }

        #[test]
        fn every_row_is_told_of_once(earlier in rows(), later in rows()) {
            let (one, two) = (form(&earlier), form(&later));
            let alignment = align(&one, &two);
            let places = |rows: Vec<&Row>| rows.into_iter().map(|row| row.row).collect::<BTreeSet<_>>();
            let pairs = alignment.pairs();
            let ours = pairs.iter().map(|pair| pair.earlier).chain(alignment.dropped.iter().copied()).collect();
            let theirs = pairs.iter().map(|pair| pair.later).chain(alignment.added.iter().copied()).collect();
            prop_assert_eq!(alignment.paired() + alignment.dropped.len(), earlier.len());
            prop_assert_eq!(alignment.paired() + alignment.added.len(), later.len());
            prop_assert_eq!(places(ours).len(), earlier.len());
            prop_assert_eq!(places(theirs).len(), later.len());
        }

        #[test]
        fn one_row_renamed_is_one_renamed_and_one_left_out_is_one_dropped(
            rows in told_apart(),
            at in any::<Index>(),
            word in select(&["年度", "累计", "本区"][..]),
        ) {
            let at = at.index(rows.len());
            let before = form(&rows);
            let mut renamed = rows.clone();
            let name = format!("{word}{}", rows[at][1]);
            renamed[at][1] = Box::leak(name.into_boxed_str());
            let after = form(&renamed);
            let alignment = align(&before, &after);
            prop_assert_eq!(alignment.renamed.len(), 1, "{:?}", said(&alignment));
            prop_assert_eq!(alignment.kept.len(), rows.len() - 1);
            prop_assert_eq!(alignment.renamed[0].later.filled(column::LEVEL3), Some(renamed[at][1]));
            let mut fewer = rows.clone();
            fewer.remove(at);
            if !fewer.is_empty() {
                let after = form(&fewer);
                let alignment = align(&before, &after);
                let dropped: Vec<_> = alignment.dropped.iter().filter_map(|row| row.filled(column::LEVEL3)).collect();
                prop_assert_eq!(dropped, vec![rows[at][1]]);
                prop_assert!(alignment.renamed.is_empty() && alignment.added.is_empty());
            }
        }
    }

    #[test]
    fn names_of_two_parts_of_a_work_are_never_one_renamed() {
        for (one, other) in
            [("一期验收合格率", "二期验收合格率"), ("东段护岸长度", "西段护岸长度"), ("农户满意度", "学生满意度")]
        {
            assert_eq!(nearness(one, other), None, "{one} {other}");
        }
        assert!(nearness("清淤河道长度", "清淤河道总长度").is_some());
    }
}
