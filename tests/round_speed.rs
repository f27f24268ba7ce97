//! A province in one round: 100 000 forms through the rules that look across forms. Ignored, because it takes seconds;
//! `cargo test --release --test round_speed -- --ignored --nocapture` says how long each round took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jixiao::form::{Form, Reader, Reading};
use jixiao::policy::Policy;
use jixiao::roster::{Claim, Registry};
use jixiao::rules::{self, RULES, RoundContext, RoundForm, RoundRule};
use jixiao::schema::concept::{column, field};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::value::{Measure, Value};
use jixiao::workbook::sheet_from_text;
use rust_decimal::Decimal;

const FORMS: usize = 100_000;

/// What a round may take whose forms are of their own, as those of a province are.
const MOST: Duration = Duration::from_secs(10);

/// What no round may take, whatever is in it: all pairs of forms would take days. How long each took is printed.
const MOST_OF_COPIES: Duration = Duration::from_secs(40);

const GRID: &str = "
项目支出绩效自评表|<|<|<|<|<|<|<|<
（2024年度）|<|<|<|<|<|<|<|<
项目名称|<|甲项目|<|<|<|<|<|<
主管部门|<|乙局|<|<|实施单位|<|丙站|<
项目资金（万元）|<||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|^|年度资金总额|52.37|52.37|51.86|10|99.03%|9.9
^|^|其中：财政拨款|52.37|52.37|51.86|—|99.03%|—
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
^|目标|<|<|<|完成|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施|<
产出指标|数量指标|指标|≥1个|1个|10|10|原因|<
^|^|指标|≥1个|1个|10|10||<
^|质量指标|指标|≥1个|1个|10|10||<
^|^|指标|≥1个|1个|10|10||<
^|时效指标|指标|≥1个|1个|10|10||<
效益指标|经济效益指标|指标|≥1个|1个|10|10||<
^|社会效益指标|指标|≥1个|1个|10|10||<
^|^|指标|≥1个|1个|10|10||<
满意度指标|服务对象满意度指标|群众满意度|≥90%|95%|10|10||<
总分|<|<|<|<|100|99.9||<
";

/// So many words of two characters, as many as such texts use.
const WORDS: usize = 3_000;

/// Words that follow from a number, the same ones on every machine.
fn words(seed: usize, count: usize) -> String {
    let mut state = u64::try_from(seed).expect("a small number").wrapping_mul(2_654_435_761) ^ 0x9e37;
    let mut next = |many: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % many
    };
    let character = |at: usize| char::from_u32(0x4e00 + u32::try_from(at).expect("a small number")).expect("汉字");
    let word = |_| next(WORDS);
    let numbers: Vec<usize> = (0..count).map(word).collect();
    numbers.into_iter().flat_map(|word| [character(word % 1_000), character(1_000 + word)]).collect()
}

fn write(field: Option<&mut jixiao::form::Field>, text: String) {
    let field = field.expect("the drawn form has it");
    field.provenance.text.clone_from(&text);
    field.reading = Reading::Value(Value::Text(text));
}

/// What stands in a form of the round.
struct Told {
    unit: usize,
    project: String,
    goal: String,
    result: String,
    reason: String,
    indicators: Vec<String>,
    target: usize,
    /// What its money and its satisfaction follow from.
    varied: usize,
}

fn form(blank: &Form, told: Told) -> Form {
    let mut form = blank.clone();
    let fields = &mut form.record.fields;
    write(fields.get_mut(field::UNIT), format!("澄岚区{}{}站", words(told.unit, 3), told.unit));
    write(fields.get_mut(field::DEPARTMENT), format!("澄岚区{}局", words(told.unit / 50, 3)));
    write(fields.get_mut(field::PROJECT), told.project);
    write(fields.get_mut(field::GOAL), told.goal);
    write(fields.get_mut(field::GOAL_ACTUAL), told.result);
    let table = form.record.tables.get_mut("indicators").expect("the drawn form has indicators");
    write(table.rows.first_mut().and_then(|row| row.cells.get_mut(column::REASON)), told.reason);
    for (at, (row, name)) in table.rows.iter_mut().zip(told.indicators).enumerate() {
        write(row.cells.get_mut(column::LEVEL3), name);
        let target = format!("≥{}个", told.target + at);
        row.target = Measure::parse(&target);
        write(row.cells.get_mut(column::TARGET), target);
    }
    if let Some(row) = table.rows.last_mut() {
        row.actual = Measure::parse(&format!("{}%", 90 + told.varied % 10));
        write(row.cells.get_mut(column::ACTUAL), format!("{}%", 90 + told.varied % 10));
    }
    let cents = Decimal::new(523_700 + i64::try_from(told.varied).expect("a small number"), 4);
    for field in form
        .record
        .grids
        .get_mut("funding")
        .into_iter()
        .flat_map(|grid| &mut grid.rows)
        .flat_map(|row| row.cells.values_mut())
    {
        if field.number() == Some(Decimal::new(5_237, 2)) {
            field.reading = Reading::Value(Value::Number(cents));
        }
    }
    form
}

/// How long the rules take for a round of such forms, and how many findings of each rule there are.
fn judge(name: &str, most: Duration, told: impl Fn(usize) -> Told) -> BTreeMap<&'static str, usize> {
    judge_behind(name, most, None, told)
}

/// The same, every form behind a target that says `approved`, where such are given.
#[expect(clippy::print_stdout, reason = "how long it took is what the test is run for")]
fn judge_behind(
    name: &str,
    most: Duration,
    approved: Option<&dyn Fn(usize) -> Told>,
    told: impl Fn(usize) -> Told,
) -> BTreeMap<&'static str, usize> {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    let policy = Policy::load(&[], &SourceFile::new("case.toml", String::new()), &names).expect("the national preset");
    let sheet = sheet_from_text("表", GRID.trim()).expect("a valid grid");
    let blank = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet).forms.remove(0);
    let forms: Vec<Form> = (0..FORMS).map(|at| form(&blank, told(at))).collect();
    let goal = Catalog::embedded().get("goal.project.v1").expect("the form of targets");
    let target = |at| Form { schema: goal.clone(), ..form(&blank, approved.map_or_else(|| told(at), |one| one(at))) };
    let targets: Vec<Form> = (0..approved.map_or(0, |_| FORMS)).map(target).collect();
    let claims: Vec<Claim> = forms.iter().chain(&targets).map(Claim::of).collect();
    let registry = Registry::default();
    let started = Instant::now();
    let identities = registry.identify(&claims);
    let identified = started.elapsed();
    let sources: Vec<String> = (0..FORMS).map(|at| format!("{at:06}.xlsx")).collect();
    let beside = |((form, identity), source)| RoundForm { source, form, identity };
    let all = forms.iter().chain(&targets).zip(&identities).zip(sources.iter().cycle().map(String::as_str));
    let all: Vec<RoundForm<'_>> = all.map(beside).collect();
    let (round, past) = all.split_at(FORMS);
    let started = Instant::now();
    let context = RoundContext::new(round, &policy, registry, past);
    let ask = |rule: RoundRule| {
        let started = Instant::now();
        let said = rule.ask(&context);
        (started.elapsed(), rule.code(), said)
    };
    let mut asked: Vec<_> = RoundRule::all().into_iter().map(ask).collect();
    let times: Vec<(Duration, &str)> = asked.iter().map(|(time, code, _)| (*time, *code)).collect();
    let judged = rules::gather(&context, asked.drain(..).map(|(.., said)| said));
    let took = started.elapsed();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in judged.iter().flat_map(|(findings, _)| findings) {
        *found.entry(finding.code).or_default() += 1;
        assert!(finding.elsewhere.len() < 10 && finding.message.chars().count() < 600, "{}", finding.message);
    }
    println!("{name}: identified in {identified:.1?}, judged in {took:.1?}: {found:?}");
    let mut slowest = times;
    slowest.sort_unstable_by(|a, b| b.cmp(a));
    let slowest: Vec<String> = slowest.iter().take(10).map(|(time, code)| format!("{code} {time:.1?}")).collect();
    println!("  the longest: {}", slowest.join(", "));
    assert!(took < most || cfg!(debug_assertions), "{name}: {took:?}");
    found
}

fn own(at: usize) -> Told {
    Told {
        unit: at / 20,
        project: format!("{}{at}号", words(at, 4)),
        goal: format!("全年{}{at}处，{}，{}。", words(at, 8), words(at + 1, 12), words(at + 2, 12)),
        result: format!("实际{}{at}处，{}，{}。", words(at + 3, 8), words(at + 4, 12), words(at + 5, 12)),
        reason: format!("因{}，{}推迟。", words(at + 6, 6), words(at + 7, 8)),
        indicators: (0..8).map(|row| format!("{}数量", words(at * 8 + row, 3))).collect(),
        target: at,
        varied: at,
    }
}

#[test]
#[ignore = "takes seconds; run it in release"]
fn a_round_of_100_000_forms_of_their_own_is_judged_in_seconds() {
    let found = judge("each its own", MOST, own);
    assert!(!found.contains_key("X102") && !found.contains_key("X105"), "{found:?}");
}

#[test]
#[ignore = "takes seconds; run it in release"]
fn a_round_of_100_000_times_one_form_takes_a_few_times_as_long() {
    let one = |at| Told { unit: at / 20, project: own(at).project, ..own(7) };
    let found = judge("all the same", MOST_OF_COPIES, one);
    assert!(found["X102"] > FORMS / 2 && found["X105"] > FORMS / 2, "{found:?}");
}

#[test]
#[ignore = "takes seconds; run it in release"]
fn a_round_of_100_000_nearly_equal_forms_takes_a_few_times_as_long() {
    let near = |at: usize| {
        let mut told = Told { unit: at / 20, project: own(at).project, ..own(7) };
        told.goal = format!("{}{}", told.goal, words(at, 2));
        told.result = format!("{}{}", words(at, 2), told.result);
        told.reason = format!("{}{}", told.reason, words(at, 1));
        if let Some(last) = told.indicators.last_mut() {
            *last = words(at, 4);
        }
        told
    };
    let found = judge("nearly the same", MOST_OF_COPIES, near);
    assert!(found["X102"] > FORMS / 2 && found["X105"] > FORMS / 2, "{found:?}");
}

#[test]
#[ignore = "takes seconds; run it in release"]
fn a_round_of_100_000_forms_behind_their_targets_is_judged_in_seconds() {
    // Every tenth project raises its targets by one and renames its first indicator.
    let later = |at: usize| {
        let mut told = own(at);
        if at.is_multiple_of(10) {
            told.target += 1;
            told.indicators[0] = format!("年度{}", told.indicators[0]);
        }
        told
    };
    let found = judge_behind("each behind its target", MOST, Some(&own), later);
    assert_eq!((found.get("X122"), found.get("X124")), (Some(&(FORMS / 10)), Some(&(FORMS / 10 * 8))), "{found:?}");
}
