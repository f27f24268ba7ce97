//! Facts to write texts of; places, units and people are invented.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::coverage::{DueFact, EarlierFact, Facts, FaultFact, FormFact, Item, LightFact, RoundFacts, UnitFact};
use crate::finding::Severity;
use crate::policy::Band;
use crate::previous::Tally;
use crate::roster::unit_key;
use crate::schema::{Stage, Subject};

type Kind = (Stage, Subject, u16);

fn round(forms: Vec<FormFact>, units: Vec<UnitFact>) -> Facts {
    let day = NaiveDate::from_ymd_opt(2022, 12, 15);
    let round = RoundFacts {
        region: "澄岚区".to_owned(),
        name: "2022年度绩效管理材料".to_owned(),
        day,
        policy: "national".to_owned(),
        policy_title: "全国通用".to_owned(),
        against_roster: !units.is_empty(),
        part: None,
        units,
        projects: Vec::new(),
        forms,
        unjudged: Vec::new(),
    };
    Facts::merged([Facts { rounds: vec![round] }]).expect("one round contradicts nothing")
}

fn unit(department: &str, name: &str, due: Vec<DueFact>) -> UnitFact {
    UnitFact {
        department: department.to_owned(),
        name: name.to_owned(),
        key: unit_key(name),
        code: String::new(),
        kind: "区直".to_owned(),
        due,
        hint: None,
    }
}

fn due(form: &str, (stage, subject, year): Kind, projects: u32, amount: i64) -> DueFact {
    DueFact {
        form: form.to_owned(),
        stage,
        subject,
        year: Some(year),
        turn: None,
        projects: Some(projects),
        amount: (amount > 0).then(|| Decimal::from(amount)),
        deadline: NaiveDate::from_ymd_opt(2022, 11, 30),
    }
}

fn form((stage, subject, year): Kind, department: &str, unit: &str, what: &str, amount: i64) -> FormFact {
    let key = if subject.is_project() { format!("{unit} {what}") } else { unit_key(unit) };
    let item =
        Item { key, name: what.to_owned(), budget: (amount > 0).then(|| Decimal::from(amount)), ..Item::default() };
    FormFact {
        source: format!("{unit}/{}{year}{what}.xlsx", stage.title()),
        sheet: "表".to_owned(),
        range: "A1:I32".to_owned(),
        schema: String::new(),
        title: format!("{}{}表", subject.title(), stage.title()),
        stage,
        subject,
        year: Some(year),
        month: None,
        turn: None,
        department: department.to_owned(),
        unit: unit.to_owned(),
        unit_key: unit_key(unit),
        unit_known: None,
        unit_suggestion: None,
        items: vec![item],
        own_score: None,
        score: Decimal::from(92),
        band: Band::Excellent,
        passed: true,
        faults: Vec::new(),
        accepted: 0,
        quantitative: 6,
        qualitative: 2,
        deviation: None,
        light: None,
        suspect: false,
        received: NaiveDate::from_ymd_opt(2022, 11, 20),
        earlier: None,
    }
}

const PLACES: [&str; 10] = ["清水", "青禾", "柳浦", "云台", "东岭", "石桥", "松坪", "白鹭", "南浦", "杏林"];
const TRADES: [&str; 10] = ["水务", "农业", "民政", "教育", "林业", "卫生", "文旅", "交通", "住建", "统计"];

/// The names of so many departments.
fn departments(count: usize) -> Vec<String> {
    let names = TRADES.iter().flat_map(|trade| PLACES.iter().map(move |place| format!("澄岚区{place}{trade}局")));
    names.take(count).collect()
}

/// So many forms of a kind, spread over so many units, the last with what remains of the money. Units beyond the
/// departments belong to these.
fn spread(kind: Kind, (departments, units, forms): (usize, usize, usize), amount: i64) -> Vec<FormFact> {
    let names = self::departments(departments);
    let rest = i64::try_from(forms).expect("few") - 1;
    (0..forms)
        .map(|at| {
            let of = at % units;
            let department = &names[of % departments];
            let unit = if of < departments { department.clone() } else { format!("{department}服务中心") };
            let what = if kind.1.is_project() { project(at) } else { unit.clone() };
            let amount = if at + 1 == forms { amount - rest } else { 1 };
            let mut form = form(kind, department, &unit, &what, amount);
            form.unit_known = Some(true);
            if at % 7 == 3 {
                (form.band, form.score) = (Band::Good, Decimal::from(84));
            }
            form
        })
        .collect()
}

/// A name without digits.
fn project(at: usize) -> String {
    const DIGITS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    format!("{}{}{}项目", DIGITS[at / 100 % 10], DIGITS[at / 10 % 10], DIGITS[at % 10])
}

/// A year as large as a district's.
pub(super) fn everything() -> Facts {
    let goals = (Stage::Target, Subject::Project, 2023);
    let units = (0..92).map(|at| {
        let names = departments(56);
        let department = &names[at % 56];
        let name = if at < 56 { department.clone() } else { format!("{department}服务中心") };
        let projects = if at < 86 { 6 } else { 5 };
        let amount = if at == 545 % 92 { 63_614 - 545 + 5 } else { projects };
        let mut owed = vec![due("项目支出绩效目标表", goals, u32::try_from(projects).expect("few"), amount)];
        if at < 56 {
            owed.push(due("部门整体支出绩效目标表", (Stage::Target, Subject::Department, 2022), 1, 0));
        }
        unit(department, &name, owed)
    });
    let units: Vec<UnitFact> = units.collect();
    let mut forms = spread((Stage::Target, Subject::Department, 2022), (56, 56, 56), 0);
    forms.extend(spread((Stage::Target, Subject::Project, 2022), (50, 71, 318), 24_543));
    forms.extend(spread(goals, (56, 92, 546), 63_614));
    for turn in [1, 2] {
        let mut monitored = spread((Stage::Monitoring, Subject::Project, 2022), (40, 40, 60), 12_000);
        for (at, form) in monitored.iter_mut().enumerate() {
            form.source = format!("{turn}/{}", form.source);
            form.turn = Some(turn);
            form.light = Some(match at {
                0 if turn == 1 => LightFact::Red,
                1..5 => LightFact::Yellow,
                _ => LightFact::Green,
            });
            for item in &mut form.items {
                item.executed = item.budget.map(|budget| budget * Decimal::new(if turn == 1 { 45 } else { 78 }, 2));
            }
        }
        forms.extend(monitored);
    }
    forms.extend(spread((Stage::SelfEvaluation, Subject::Department, 2021), (59, 59, 59), 173_382));
    let mut evaluated = spread((Stage::SelfEvaluation, Subject::Project, 2021), (56, 87, 259), 44_289);
    for (at, form) in evaluated.iter_mut().enumerate() {
        form.own_score = Some(if at % 9 == 0 { Decimal::ONE_HUNDRED } else { Decimal::new(965, 1) });
        form.suspect = at % 90 == 0;
        if at % 20 == 5 {
            form.faults = vec![fault("A101", 2, "H8 预算执行得分填 9，应为 8.62")];
            form.earlier = Some(EarlierFact { passed: Some(false), fates: Tally::default() });
        }
    }
    forms.extend(evaluated);
    forms.extend(spread((Stage::SelfEvaluation, Subject::Transfer, 2021), (16, 16, 34), 8_381));
    forms.push(list((Stage::ExAnte, Subject::Several, 2022), bonds()));
    forms.push(list((Stage::Evaluation, Subject::Several, 2022), evaluations()));
    round(forms, units)
}

fn fault(code: &str, count: usize, message: &str) -> FaultFact {
    FaultFact {
        code: code.to_owned(),
        severity: Severity::Error,
        count,
        cell: "H8".to_owned(),
        message: message.to_owned(),
    }
}

fn list(kind: Kind, items: Vec<Item>) -> FormFact {
    FormFact { items, ..form(kind, "澄岚区财政局", "澄岚区财政局", "清单", 0) }
}

fn bonds() -> Vec<Item> {
    let amount = |at: usize| if at == 12 { 74_263 - 12 * 1_500 } else { 1_500 };
    let bond = |at: usize| Item {
        key: format!("债 {at}"),
        name: format!("{}街道老旧小区改造{}期项目", PLACES[at % 10], if at < 10 { "一" } else { "二" }),
        category: "bond".to_owned(),
        budget: Some(Decimal::from(amount(at))),
        ..Item::default()
    };
    (0..13).map(bond).collect()
}

fn evaluations() -> Vec<Item> {
    let evaluation = |at: usize| Item {
        key: format!("评 {at}"),
        name: format!("{}重点评价", project(at)),
        category: ["department", "funds", "monitoring"][usize::from(at >= 10) + usize::from(at >= 22)].to_owned(),
        budget: Some(Decimal::from(100)),
        done: Some(!(20..22).contains(&at)),
        published: Some(at < 9),
        ..Item::default()
    };
    (0..24).map(evaluation).collect()
}

/// Three units: one missing, one late and poor, one in order.
pub(super) fn little() -> Facts {
    let kind = (Stage::SelfEvaluation, Subject::Project, 2022);
    let owed = |projects| vec![due("项目支出绩效自评表", kind, projects, i64::from(projects) * 100)];
    let mut missing = unit("澄岚区水务局", "澄岚区清水渠管理所", owed(2));
    missing.hint = Some("清水渠/自评（扫描件）.pdf".to_owned());
    let units = vec![
        missing,
        unit("澄岚区农业局", "澄岚区农机站", owed(2)),
        unit("澄岚区民政局", "澄岚区养老服务中心", owed(1)),
    ];
    let mut good = form(kind, "澄岚区民政局", "澄岚区养老服务中心", "居家养老补助", 100);
    good.unit_known = Some(true);
    let mut poor = form(kind, "澄岚区农业局", "澄岚区农机站", "农机购置补贴", 100);
    poor.unit_known = Some(true);
    (poor.band, poor.score, poor.passed) = (Band::Poor, Decimal::from(41), false);
    poor.received = NaiveDate::from_ymd_opt(2022, 12, 5);
    poor.faults = vec![fault("A101", 1, "权重合计填 95，应为 100"), fault("C101", 3, "“实际完成值”没有填写")];
    round(vec![good, poor], units)
}

/// A round into which nothing came, without a roster.
pub(super) fn nothing() -> Facts {
    round(Vec::new(), Vec::new())
}

/// Units and projects whose names look like markup, fields and control characters.
pub(super) fn hostile() -> Facts {
    let kind = (Stage::SelfEvaluation, Subject::Project, 2022);
    let names = [
        "<script>alert(1)</script>局",
        "# 甲|乙*丙*_丁_局",
        "{ PAGE } =1+1 局",
        "局\u{202e}\u{7}\u{0}名",
        "[点我](http://x.cn)`局`",
    ];
    let units = names.iter().map(|name| unit(name, name, vec![due("表<w:p/>|\n表", kind, 2, 100)]));
    let mut forms: Vec<FormFact> = names.iter().map(|name| form(kind, name, name, name, 10)).collect();
    for form in &mut forms {
        form.unit_known = Some(true);
        (form.band, form.score, form.passed) = (Band::Poor, Decimal::from(30), false);
        form.faults = vec![fault("A101", 1, "填“<b>”，![图](x)应为 HYPERLINK \"x\"")];
    }
    round(forms, units.collect())
}
