//! What is asked for when, and how a unit answers: forms and days of the year, layouts, packing.

/// A time of the year at which forms are due.
pub(crate) struct Call {
    pub(crate) form: &'static str,
    /// What files are called.
    pub(crate) file: &'static str,
    pub(crate) year: u16,
    pub(crate) turn: Option<u8>,
    pub(crate) month: u32,
    pub(crate) deadline: &'static str,
    /// The day on the forms; month and day by which they came, in time and late.
    pub(crate) day: &'static str,
    pub(crate) in_time: &'static str,
    pub(crate) late: &'static str,
}

pub(crate) static TARGETS_2022: Call = Call {
    form: "项目支出绩效目标申报表",
    file: "绩效目标申报表",
    year: 2022,
    turn: None,
    month: 0,
    deadline: "2022-02-28",
    day: "2022年2月18日",
    in_time: "2022-02-24",
    late: "2022-03-04",
};
pub(crate) static TARGETS_2023: Call = Call {
    year: 2023,
    deadline: "2022-11-30",
    day: "2022年11月21日",
    in_time: "2022-11-28",
    late: "2022-12-06",
    ..TARGETS_2022
};
pub(crate) static FIRST_MONITORING: Call = Call {
    form: "项目支出绩效运行监控表",
    file: "1-7月绩效监控表",
    year: 2022,
    turn: Some(1),
    month: 7,
    deadline: "2022-08-15",
    day: "2022年8月8日",
    in_time: "2022-08-12",
    late: "2022-08-19",
};
pub(crate) static SECOND_MONITORING: Call = Call {
    file: "1-10月绩效监控表",
    turn: Some(2),
    month: 10,
    deadline: "2022-11-10",
    day: "2022年11月4日",
    in_time: "2022-11-09",
    late: "2022-11-17",
    ..FIRST_MONITORING
};
pub(crate) static SELF_EVALUATIONS: Call = Call {
    form: "项目支出绩效自评表",
    file: "绩效自评表",
    year: 2021,
    turn: None,
    month: 0,
    deadline: "2022-03-31",
    day: "2022年3月21日",
    in_time: "2022-03-29",
    late: "2022-04-07",
};
pub(crate) static TRANSFERS: Call =
    Call { form: "转移支付绩效自评表", file: "转移支付绩效自评表", ..SELF_EVALUATIONS };
pub(crate) static EXANTE: Call = Call { form: "事前绩效评估表", file: "事前绩效评估表", ..TARGETS_2023 };
pub(crate) static ASSESSMENT: Call = Call {
    form: "预算绩效管理考核评分表",
    file: "考核评分表",
    deadline: "2022-12-31",
    day: "2022年12月20日",
    in_time: "2022-12-22",
    late: "2022-12-22",
    ..TARGETS_2022
};

/// The forms about a unit as a whole that go with those about its projects.
pub(crate) fn whole(call: &Call) -> (&'static str, &'static str) {
    match call.form {
        "项目支出绩效目标申报表" => ("goal.dept", "部门（单位）整体支出绩效目标申报表"),
        "项目支出绩效运行监控表" => ("monitor.dept", "部门整体绩效运行监控表"),
        _ => ("selfeval.dept", "部门整体支出绩效自评表"),
    }
}

/// How a unit works.
pub(crate) struct Habits {
    pub(crate) packing: Packing,
    pub(crate) look: usize,
    /// Whether it uses the newer forms, those of another province, or the first ones.
    pub(crate) layout: usize,
    pub(crate) yuan: bool,
    pub(crate) casual: bool,
    pub(crate) archive: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// A workbook a project.
    Workbooks,
    /// The bureau's template a project.
    Templates,
    /// A sheet a project.
    Sheets,
    /// A list where there is one.
    List,
}

/// The form that a unit uses.
pub(crate) fn schema(call: &Call, habits: &Habits) -> &'static str {
    match (call.form, habits.packing, habits.layout) {
        ("项目支出绩效目标申报表", Packing::List, _) if call.year == 2023 => "goal.list",
        // What is monitored is asked for in the words of the first form.
        ("项目支出绩效目标申报表", _, 0..12) => "goal.project.v1",
        ("项目支出绩效目标申报表", ..) if call.year == 2022 => "goal.project.v1",
        ("项目支出绩效目标申报表", ..) => "goal.project.v2",
        ("项目支出绩效运行监控表", ..) => "monitor.project",
        ("转移支付绩效自评表", _, 0..13) => "selfeval.transfer",
        ("转移支付绩效自评表", ..) => "selfeval.transfer.v2",
        (_, Packing::List, _) => "selfeval.list",
        (.., 0..10) => "selfeval.project.v1",
        (.., 10..16) => "selfeval.project.v2",
        (.., 16..18) => "selfeval.project.sc",
        _ => "selfeval.project.hb",
    }
}
