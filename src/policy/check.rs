//! The checks that no policy escapes: what the types allow and sense does not.

use rust_decimal::Decimal;

use super::{Assessment, Band, EXECUTION, Execution, ExecutionScore, Monitoring, Policy, Rubric, Scoring};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::class;
use crate::toml_file::{Layer, Problems, regex};

/// Looks through a policy that was read from these layers; `known_rules` are the names and codes it may use.
pub(super) fn check(policy: &Policy, known_rules: Option<&[&str]>, layers: &[Layer<'_>], problems: &mut Problems) {
    let mut checker = Checker { layers, problems };
    checker.execution(&policy.execution);
    checker.scoring(&policy.scoring);
    checker.weights(policy);
    checker.money(policy);
    checker.fraction(&["satisfaction", "ask_below"], policy.satisfaction.ask_below);
    checker.not_negative(&["exante", "required_from"], policy.exante.required_from);
    checker.monitoring(&policy.monitoring);
    checker.assessment(&policy.assessment);
    let [large, middle] = policy.sampling.sizes;
    if !(Decimal::ZERO <= middle && middle <= large) {
        checker.problem(&["sampling", "sizes"], "大额、中额的起点应从高到低，不能是负数");
    }
    checker.fraction(&["sampling", "low_execution_below"], policy.sampling.low_execution_below);
    checker.words(policy);
    checker.rubric(&policy.rubric);
    if let Some(known) = known_rules {
        checker.rule_names(policy, known);
    }
}

/// Looks for what the types allow and sense does not.
struct Checker<'a> {
    layers: &'a [Layer<'a>],
    problems: &'a mut Problems,
}

impl Checker<'_> {
    /// A problem with a switch, told at the last file that sets it.
    fn problem(&mut self, path: &[&str], message: impl Into<String>) {
        self.problem_at(path, None, message);
    }

    fn problem_at(&mut self, path: &[&str], item: Option<usize>, message: impl Into<String>) {
        let found = self.layers.iter().rev().find_map(|layer| Some((layer.file, layer.offset(path, item)?)));
        let place = found.or_else(|| self.layers.last().map(|layer| (layer.file, 0)));
        if let Some((file, offset)) = place {
            self.problems.add(file, offset, message);
        }
    }

    /// A problem between switches of one table, told at the last file that sets one of them.
    fn problem_between(&mut self, table: &str, switches: &[&str], message: String) {
        let set = |layer: &Layer<'_>| switches.iter().find_map(|switch| layer.offset(&[table, switch], None));
        let found = self.layers.iter().rev().find_map(|layer| Some((layer.file, set(layer)?)));
        if let Some((file, offset)) = found {
            self.problems.add(file, offset, message);
        }
    }

    fn fraction(&mut self, path: &[&str], value: Decimal) {
        if value < Decimal::ZERO || value > Decimal::ONE {
            self.problem(path, format!("{value} 应在 0 与 1 之间（90% 写 0.9）"));
        }
    }

    fn not_negative(&mut self, path: &[&str], value: Decimal) {
        if value < Decimal::ZERO {
            self.problem(path, format!("{value} 不能是负数"));
        }
    }

    fn execution(&mut self, execution: &Execution) {
        let path = ["execution", "steps"];
        self.fraction(&["execution", "reason_below"], execution.reason_below);
        if execution.score == ExecutionScore::Steps && execution.steps.is_empty() {
            self.problem(&["execution", "score"], "score = \"steps\" 时要列出 steps（各档）");
        }
        for (index, step) in execution.steps.iter().enumerate() {
            for value in [step.from, step.share] {
                if value < Decimal::ZERO || value > Decimal::ONE {
                    self.problem_at(&path, Some(index), format!("{value} 应在 0 与 1 之间（80% 写 0.8）"));
                }
            }
        }
        for (index, pair) in execution.steps.windows(2).enumerate() {
            if let [upper, lower] = pair
                && (lower.from >= upper.from || lower.share > upper.share)
            {
                self.problem_at(&path, Some(index + 1), "各档应从高到低排列，起点不重复，得分比例不回升");
            }
        }
    }

    fn scoring(&mut self, scoring: &Scoring) {
        let [full, some] = scoring.bands;
        if !(Decimal::ZERO < some && some < full && full < Decimal::ONE) {
            let message = format!("定性指标两条分界线 {full}、{some} 应从高到低，都在 0 与 1 之间");
            self.problem(&["scoring", "bands"], message);
        }
        let Scoring { over_completion_note: note, over_completion_warn: warn, over_completion_strong: strong, .. } =
            *scoring;
        if note < Decimal::ONE {
            self.problem(&["scoring", "over_completion_note"], format!("{note} 不能小于 1（120% 写 1.2）"));
        }
        if warn < note {
            let message = format!("over_completion_warn {warn} 不能小于 over_completion_note {note}");
            self.problem_between("scoring", &["over_completion_warn", "over_completion_note"], message);
        }
        if strong < warn {
            let message = format!("over_completion_strong {strong} 不能小于 over_completion_warn {warn}");
            self.problem_between("scoring", &["over_completion_strong", "over_completion_warn"], message);
        }
        self.not_negative(&["scoring", "tolerance"], scoring.tolerance);
    }

    /// A set replaces the whole split: what it does not name has no points.
    fn weights(&mut self, policy: &Policy) {
        const KNOWN: [&str; 5] = [EXECUTION, class::COST, class::OUTPUT, class::BENEFIT, class::SATISFACTION];
        for (schema, set) in &policy.weights {
            for (concept, points) in set {
                let path = ["weights", schema, concept];
                if !KNOWN.contains(&concept.as_str()) {
                    self.problem(&path, format!("没有名为“{concept}”的一级指标，可用：{}", KNOWN.join("、")));
                }
                self.not_negative(&path, *points);
            }
            let sum: Decimal = set.values().sum();
            if sum != Decimal::ONE_HUNDRED {
                self.problem(&["weights", schema], format!("各项分值合计 {sum}，应为 100（含预算执行率 execution）"));
            }
        }
    }

    fn monitoring(&mut self, monitoring: &Monitoring) {
        for (index, pair) in monitoring.rounds.windows(2).enumerate() {
            if pair.first() >= pair.last() {
                self.problem_at(&["monitoring", "rounds"], Some(index + 1), "各次监控应从早到晚排列，月份不重复");
            }
        }
        if let Some(index) = monitoring.rounds.iter().position(|month| !(1..=12).contains(month)) {
            self.problem_at(&["monitoring", "rounds"], Some(index), "各次监控截至的月份应在 1–12 之间");
        }
        let path = ["monitoring", "lines"];
        for (index, line) in monitoring.lines.iter().enumerate() {
            if !(1..=12).contains(&line.month) {
                self.problem_at(&path, Some(index), format!("month = {} 不是月份（1–12）", line.month));
            }
            if line.rate < Decimal::ZERO || line.rate > Decimal::ONE {
                self.problem_at(&path, Some(index), format!("{} 应在 0 与 1 之间（40% 写 0.4）", line.rate));
            }
        }
        for (index, pair) in monitoring.lines.windows(2).enumerate() {
            if let [earlier, later] = pair
                && (later.month <= earlier.month || later.rate <= earlier.rate)
            {
                self.problem_at(&path, Some(index + 1), "各月应从早到晚排列，月份不重复，执行率逐月提高");
            }
        }
        let Monitoring { red_below: red, yellow_below: yellow, blue_from: blue, .. } = *monitoring;
        if !(Decimal::ZERO <= red && red <= yellow && yellow <= blue) {
            let message = format!("红、黄、蓝灯的界线 {red}、{yellow}、{blue} 应从低到高，不能是负数");
            self.problem_between("monitoring", &["red_below", "yellow_below", "blue_from"], message);
        }
        if monitoring.gap_from < Decimal::ZERO || monitoring.gap_from > Decimal::ONE {
            self.problem(
                &["monitoring", "gap_from"],
                format!("{} 应在 0 与 1 之间（10% 写 0.1）", monitoring.gap_from),
            );
        }
    }

    fn assessment(&mut self, assessment: &Assessment) {
        let Assessment { cut_below, points, scales, .. } = assessment;
        if *cut_below < Decimal::ZERO || *cut_below > Decimal::ONE_HUNDRED {
            self.problem(&["assessment", "cut_below"], format!("{cut_below} 应在 0 与 100 之间"));
        }
        let parts = [points.coverage, points.timeliness, points.quality, points.correction];
        if parts.iter().any(|part| *part < Decimal::ZERO) || points.sum() != Decimal::ONE_HUNDRED {
            let sum = points.sum().normalize();
            self.problem(&["assessment", "points"], format!("各块的分值不能是负数，合计应为 100，现在是 {sum}"));
        }
        for (index, scale) in scales.iter().enumerate() {
            if scale.points <= Decimal::ZERO || scales.iter().take(index).any(|earlier| earlier.kind == scale.kind) {
                let message = format!("“{}”的折算分应大于 0，一个类型只写一次", scale.kind);
                self.problem_at(&["assessment", "scales"], Some(index), message);
            }
        }
    }

    fn money(&mut self, policy: &Policy) {
        self.not_negative(&["money", "sum_tolerance"], policy.money.sum_tolerance);
        self.not_negative(&["money", "adjusted_from"], policy.money.adjusted_from);
    }

    fn words(&mut self, policy: &Policy) {
        let words = &policy.words;
        let lists = [
            ("empty_marks", &words.empty_marks),
            ("vague", &words.vague),
            ("prompts", &words.prompts),
            ("empty_reasons", &words.empty_reasons),
            ("units", &words.units),
            ("execution_indicators", &words.execution_indicators),
            ("inputs", &words.inputs),
            ("reverse", &words.reverse),
            ("reached", &words.reached),
            ("missed", &words.missed),
            ("wishes", &words.wishes),
            ("abstractions", &words.abstractions),
            ("earnings", &words.earnings),
            ("standing_costs", &words.standing_costs),
        ];
        for (name, list) in lists {
            self.list(&["words", name], list);
        }
        for (name, map) in [("class_words", &words.class_words), ("misplaced", &words.misplaced)] {
            for (concept, list) in map {
                self.list(&["words", name, concept], list);
            }
        }
        for (name, patterns) in [("placeholders", &words.placeholders), ("vague_goals", &words.vague_goals)] {
            for (index, pattern) in patterns.iter().enumerate() {
                // The empty pattern, like an empty word, would be found in every text.
                if pattern.text().trim().is_empty() {
                    self.problem_at(&["words", name], Some(index), "词不能是空的");
                }
                if let Err(message) = regex(pattern.text()) {
                    self.problem_at(&["words", name], Some(index), message);
                }
            }
        }
    }

    /// An empty word would be found in every text.
    fn list(&mut self, path: &[&str], words: &[String]) {
        for (index, word) in words.iter().enumerate() {
            if word.trim().is_empty() {
                self.problem_at(path, Some(index), "词不能是空的");
            }
        }
    }

    fn rubric(&mut self, rubric: &Rubric) {
        let points = ["rubric", "points"];
        let missing: Vec<&str> =
            Dimension::ALL.iter().filter(|d| !rubric.points.contains_key(d)).map(|d| d.title()).collect();
        if !missing.is_empty() {
            self.problem(&points, format!("缺少维度：{}", missing.join("、")));
        }
        let sum: Decimal = rubric.points.values().sum();
        if sum != Decimal::ONE_HUNDRED {
            self.problem(&points, format!("各维度分值合计 {sum}，应为 100"));
        }
        if rubric.points.values().any(|points| *points < Decimal::ZERO) {
            self.problem(&points, "维度分值不能是负数");
        }
        self.deductions(rubric);
        if rubric.repeats == 0 {
            self.problem(&["rubric", "repeats"], "同一问题至少计一次");
        }
        let bands = ["rubric", "bands"];
        if !rubric.bands.iter().map(|edge| edge.band).eq(Band::ALL) {
            self.problem(&bands, "应依次列出优、良、中、差，每档一次");
        }
        for (index, pair) in rubric.bands.windows(2).enumerate() {
            if let [better, worse] = pair
                && worse.from >= better.from
            {
                let message = format!("“{}”与“{}”重叠：起点应逐档降低", worse.band.title(), better.band.title());
                self.problem_at(&bands, Some(index + 1), message);
            }
        }
        if rubric.bands.last().is_some_and(|worst| worst.from != Decimal::ZERO) {
            self.problem_at(&bands, Some(rubric.bands.len() - 1), "最低一档应从 0 起，否则有的分数没有等级");
        }
        if rubric.bands.first().is_some_and(|best| best.from > Decimal::ONE_HUNDRED) {
            self.problem_at(&bands, Some(0), "最高一档的起点不能超过 100");
        }
        for (rule, band) in &rubric.vetoes {
            if *band == Band::Excellent {
                self.problem(&["rubric", "vetoes", rule], "限到“优”等于没有限制");
            }
        }
    }

    fn deductions(&mut self, rubric: &Rubric) {
        let path = ["rubric", "by_severity"];
        let by = |severity: Severity| rubric.by_severity.get(&severity).copied();
        match (by(Severity::Error), by(Severity::Warning), by(Severity::Info)) {
            (Some(error), Some(warning), Some(info)) => {
                if !(error >= warning && warning >= info && info >= Decimal::ZERO) {
                    self.problem(&path, "扣分应为 严重 error ≥ 一般 warning ≥ 提示 info ≥ 0");
                }
            }
            _ => self.problem(&path, "error、warning、info 三级都要写"),
        }
        for (rule, deduction) in &rubric.rules {
            let path = ["rubric", "rules", rule];
            let points = deduction.points.unwrap_or_default();
            self.not_negative(&path, points);
            if deduction.cap.is_some_and(|cap| cap < points) {
                self.problem(&path, "cap（封顶）不能小于 points（每处扣分）");
            }
        }
    }

    fn rule_names(&mut self, policy: &Policy, known: &[&str]) {
        let tables = [
            (&["severities"][..], policy.severities.keys().collect::<Vec<_>>()),
            (&["rubric", "rules"][..], policy.rubric.rules.keys().collect()),
            (&["rubric", "vetoes"][..], policy.rubric.vetoes.keys().collect()),
        ];
        for (table, names) in tables {
            for name in names.into_iter().filter(|name| !known.contains(&name.as_str())) {
                let path: Vec<&str> = table.iter().copied().chain([name.as_str()]).collect();
                self.problem(&path, format!("没有名为“{name}”的规则，规则名见 jixiao rules"));
            }
        }
        // The rubric knows rules by name alone: a code there would be silently without effect.
        let by_name = [
            ("rules", policy.rubric.rules.keys().collect::<Vec<_>>()),
            ("vetoes", policy.rubric.vetoes.keys().collect()),
        ];
        for (table, names) in by_name {
            for code in names.into_iter().filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase())) {
                if known.contains(&code.as_str()) {
                    self.problem(&["rubric", table, code], format!("这里写规则名称，不写编码“{code}”"));
                }
            }
        }
    }
}
