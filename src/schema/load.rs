//! From the mirror of a schema file to the model: words filled in from the vocabulary, labels turned into keys, and
//! everything that makes no sense told with its place.

use regex::Regex;
use rust_decimal::Decimal;

use super::file::{
    ChoiceFile, ClassFile, ColumnFile, FieldFile, FormFile, GridFile, IndicatorsFile, LineFile, RulesFile, SchemaFile,
    SignatureFile, SubclassFile, TableFile,
};
use super::layout::Layout;
use super::load_layout::LayoutLoader;
use super::model::{
    Choice, Class, ColumnSpec, FieldKind, FieldSpec, GridSpec, Indicators, LineSpec, Schema, Signature, Subclass,
    TableSpec,
};
use super::stage::{Stage, Subject};
use super::vocabulary::{Vocabulary, Words};
use crate::text::label_key;
use crate::toml_file::{At, Problems, SourceFile, read, regex};

/// The schema of a file; `None` where it cannot be read at all. What it holds may only be used if no problem was told.
pub(super) fn load_schema(
    file: &SourceFile,
    vocabulary: &Vocabulary,
    known_rules: Option<&[&str]>,
    problems: &mut Problems,
) -> Option<Schema> {
    let mirror = read::<SchemaFile>(file, problems)?;
    let mut loader = Loader { file, vocabulary, known_rules, problems };
    let (title, stage, subject, source) = loader.form(mirror.form.as_ref());
    let list = mirror.form.as_ref().is_some_and(|form| form.value().list);
    let signature = loader.signature(mirror.signature.as_ref());
    let fields = loader.list(&mirror.field, field_handle, Loader::field);
    let grids = loader.list(&mirror.grid, |grid| Handle::of(&grid.id, &[]), Loader::grid);
    let tables = loader.list(&mirror.table, |table| Handle::of(&table.id, &[]), Loader::table);
    let indicators = mirror.indicators.as_ref().map(|indicators| loader.indicators(indicators));
    loader.rules(&mirror.rules);
    let mut schema = Schema {
        id: file.id().to_owned(),
        title,
        stage,
        subject,
        source,
        fingerprint: fingerprint(&file.text),
        own: false,
        list,
        signature,
        fields,
        grids,
        tables,
        totals: Vec::new(),
        indicators,
        layout: Layout::default(),
        rule_settings: mirror.rules.settings.into_iter().map(|(rule, keys)| (rule.value().clone(), keys)).collect(),
        rules_off: mirror.rules.off.iter().map(|rule| rule.value().clone()).collect(),
    };
    let mut rest = LayoutLoader { file, schema: &schema, problems };
    let totals = rest.totals(&mirror.total);
    let layout = mirror.layout.as_ref().map(|layout| rest.layout(layout)).unwrap_or_default();
    (schema.totals, schema.layout) = (totals, layout);
    Some(schema)
}

/// FNV-1a of a text, its line ends aside: the same on every machine and for every version of the tool.
fn fingerprint(text: &str) -> String {
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

/// The labels of an entry once the vocabulary has added its own.
struct Named {
    id: String,
    label: String,
    /// Label keys, best first, each once.
    labels: Vec<String>,
    kind: FieldKind,
    choices: Vec<Choice>,
}

/// What tells an entry apart from the others of its list.
struct Handle<'a> {
    id: &'a str,
    /// Label keys.
    keys: &'a [String],
    /// A unit of money and a name may share a label (`单位：万元`, `单位：某局`): their values tell them apart.
    is_money_unit: bool,
}

impl<'a> Handle<'a> {
    fn of(id: &'a str, keys: &'a [String]) -> Self {
        Self { id, keys, is_money_unit: false }
    }
}

fn field_handle(field: &FieldSpec) -> Handle<'_> {
    Handle { is_money_unit: field.kind == FieldKind::MoneyUnit, ..Handle::of(&field.id, &field.labels) }
}

struct Loader<'a> {
    file: &'a SourceFile,
    vocabulary: &'a Vocabulary,
    known_rules: Option<&'a [&'a str]>,
    problems: &'a mut Problems,
}

impl<'a> Loader<'a> {
    fn problem(&mut self, offset: usize, message: impl Into<String>) {
        self.problems.add(self.file, offset, message);
    }

    fn form(&mut self, form: Option<&At<FormFile>>) -> (String, Stage, Subject, String) {
        let offset = form.map_or(0, At::offset);
        let form = form.map(At::value);
        let title = form.and_then(|form| form.title.as_ref()).map(|title| title.value().clone());
        if title.as_ref().is_none_or(|title| title.trim().is_empty()) {
            self.problem(offset, "[form] 缺少 title（表单的正式标题）");
        }
        let stage = form.and_then(|form| form.stage);
        if stage.is_none() {
            self.problem(
                offset,
                "[form] 缺少 stage（ex-ante、target、monitoring、self-evaluation、evaluation 或 assessment）",
            );
        }
        let subject = form.and_then(|form| form.subject);
        if subject.is_none() {
            self.problem(offset, "[form] 缺少 subject（project、department、transfer、unit 或 several）");
        }
        (
            title.unwrap_or_default(),
            stage.unwrap_or(Stage::Target),
            subject.unwrap_or(Subject::Project),
            form.map(|form| form.source.clone()).unwrap_or_default(),
        )
    }

    fn signature(&mut self, signature: Option<&At<SignatureFile>>) -> Signature {
        let offset = signature.map_or(0, At::offset);
        let positive =
            signature.map(At::value).map_or(0, |s| s.title.len() + s.labels.len() + s.prints.len() + s.classes.len());
        if positive == 0 {
            self.problem(
                offset,
                "[signature] 是空的：至少写 title、labels、prints、classes 之一，否则任何表都认不出来",
            );
        }
        let Some(signature) = signature.map(At::value) else {
            return Signature::default();
        };
        Signature {
            title: self.patterns(&signature.title),
            title_not: self.patterns(&signature.title_not),
            labels: self.keys(&signature.labels),
            labels_not: self.keys(&signature.labels_not),
            prints: self.patterns(&signature.prints),
            classes: self.keys(&signature.classes),
            classes_not: self.keys(&signature.classes_not),
        }
    }

    fn patterns(&mut self, patterns: &[At<String>]) -> Vec<Regex> {
        patterns.iter().filter_map(|pattern| self.pattern(pattern)).collect()
    }

    fn pattern(&mut self, pattern: &At<String>) -> Option<Regex> {
        regex(pattern.value()).map_err(|message| self.problem(pattern.offset(), message)).ok()
    }

    /// Labels as printed to keys, each once, in order.
    fn keys(&mut self, labels: &[At<String>]) -> Vec<String> {
        let mut keys = Vec::with_capacity(labels.len());
        for label in labels {
            let key = label_key(label.value());
            if key.is_empty() {
                self.problem(label.offset(), format!("标签“{}”除了空格、括号和符号没有别的字", label.value()));
            } else if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// Own label, own other labels, then the vocabulary's.
    fn name(
        &mut self,
        words: &'a Words,
        offset: usize,
        id: Option<&At<String>>,
        label: Option<&At<String>>,
        labels: &[At<String>],
    ) -> Option<Named> {
        let Some(id) = id else {
            self.problem(offset, "缺少 id（概念编号）");
            return None;
        };
        let word = words.get(id.value());
        let Some(printed) = label.map(At::value).or(word.map(|word| &word.label)) else {
            self.problem(id.offset(), format!("词汇表里没有“{}”，这里也没有写 label", id.value()));
            return None;
        };
        let own: Vec<At<String>> = label.into_iter().chain(labels).cloned().collect();
        let mut keys = self.keys(&own);
        for shared in word.into_iter().flat_map(|word| std::iter::once(&word.label).chain(&word.labels)) {
            let key = label_key(shared);
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        let kind = word.and_then(|word| word.kind).unwrap_or(FieldKind::Text);
        let choices = word.map(|word| self.choices(&word.choices)).unwrap_or_default();
        Some(Named { id: id.value().clone(), label: printed.clone(), labels: keys, kind, choices })
    }

    fn choices(&mut self, choices: &[At<ChoiceFile>]) -> Vec<Choice> {
        self.list(choices, |choice| Handle::of(&choice.id, &choice.labels), Self::choice)
    }

    fn choice(&mut self, choice: &ChoiceFile, offset: usize) -> Option<Choice> {
        let (Some(id), Some(label)) = (&choice.id, &choice.label) else {
            self.problem(offset, "答案要写 id 和 label");
            return None;
        };
        let labels: Vec<At<String>> = std::iter::once(label).chain(&choice.labels).cloned().collect();
        Some(Choice { id: id.value().clone(), label: label.value().clone(), labels: self.keys(&labels) })
    }

    /// The answers of an entry: its own, else the vocabulary's; none where it is no choice. Told where a choice has none, or
    /// another kind has some.
    fn answers(
        &mut self,
        offset: usize,
        id: &str,
        kind: FieldKind,
        own: &[At<ChoiceFile>],
        shared: Vec<Choice>,
    ) -> Vec<Choice> {
        if kind != FieldKind::Choice {
            if !own.is_empty() {
                self.problem(offset, format!("“{id}”写了 choices，kind 应为 choice"));
            }
            return Vec::new();
        }
        let choices = if own.is_empty() { shared } else { self.choices(own) };
        if choices.len() < 2 {
            self.problem(offset, format!("“{id}”的 kind 是 choice，至少要有两个 choices（可选的答案）"));
        }
        choices
    }

    /// Loads each entry, and tells those that cannot be told apart by their handles.
    fn list<F, T>(
        &mut self,
        entries: &[At<F>],
        handle: impl Fn(&T) -> Handle<'_>,
        load: impl Fn(&mut Self, &F, usize) -> Option<T>,
    ) -> Vec<T> {
        let mut loaded: Vec<T> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(item) = load(self, entry.value(), entry.offset()) else { continue };
            let new = handle(&item);
            for earlier in loaded.iter().map(&handle) {
                if earlier.id == new.id {
                    self.problem(entry.offset(), format!("“{}”重复", new.id));
                } else if earlier.is_money_unit == new.is_money_unit
                    && let Some(key) = new.keys.iter().find(|key| earlier.keys.contains(key))
                {
                    let (a, b) = (earlier.id, new.id);
                    self.problem(entry.offset(), format!("标签“{key}”同时指“{a}”和“{b}”，分不清是哪一个"));
                }
            }
            loaded.push(item);
        }
        loaded
    }

    fn field(&mut self, field: &FieldFile, offset: usize) -> Option<FieldSpec> {
        let words = &self.vocabulary.fields;
        let named = self.name(words, offset, field.id.as_ref(), field.label.as_ref(), &field.labels)?;
        let from_title = field.from_title.as_ref().and_then(|written| self.capturing("from_title", written));
        let from_text = field.from_text.as_ref().and_then(|written| self.capturing("from_text", written));
        let Named { id, label, labels, kind, choices } = named;
        let kind = field.kind.unwrap_or(kind);
        let choices = self.answers(offset, &id, kind, &field.choices, choices);
        let (required, max_chars) = (field.required, field.max_chars);
        Some(FieldSpec { id, label, labels, kind, required, from_title, from_text, choices, max_chars })
    }

    /// A pattern whose first group is the value.
    fn capturing(&mut self, key: &str, written: &At<String>) -> Option<Regex> {
        let pattern = self.pattern(written)?;
        if pattern.captures_len() < 2 {
            self.problem(written.offset(), format!("{key} 要有一对括号，取值取的是括号里的部分"));
        }
        Some(pattern)
    }

    fn grid(&mut self, grid: &GridFile, offset: usize) -> Option<GridSpec> {
        let (id, label) = self.block(offset, grid.id.as_ref(), grid.label.as_ref())?;
        if grid.row.is_empty() || grid.column.is_empty() {
            self.problem(offset, format!("[[grid]]“{id}”至少要有一个 row 和一个 column"));
        }
        let rows = self.list(&grid.row, |line| Handle::of(&line.id, &line.labels), Self::line);
        let columns = self.columns(&self.vocabulary.amounts, &grid.column);
        Some(GridSpec { id, label, rows, columns })
    }

    fn table(&mut self, table: &TableFile, offset: usize) -> Option<TableSpec> {
        let (id, label) = self.block(offset, table.id.as_ref(), table.label.as_ref())?;
        if table.column.is_empty() {
            self.problem(offset, format!("[[table]]“{id}”至少要有一个 column"));
        }
        let columns = self.columns(&self.vocabulary.columns, &table.column);
        let ends = self.table_words(&table.ends, &self.vocabulary.ends);
        let totals = self.table_words(&table.totals, &self.vocabulary.totals);
        if let Some(key) = totals.iter().find(|key| ends.contains(key)) {
            self.problem(offset, format!("标签“{key}”既写成结束标签又写成合计行"));
        }
        Some(TableSpec { id, label, columns, ends, totals })
    }

    fn table_words(&mut self, own: &[At<String>], shared: &[String]) -> Vec<String> {
        let mut keys = self.keys(own);
        for key in shared.iter().map(|label| label_key(label)) {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn block(
        &mut self,
        offset: usize,
        id: Option<&At<String>>,
        label: Option<&At<String>>,
    ) -> Option<(String, String)> {
        let Some(id) = id else {
            self.problem(offset, "缺少 id（资金块叫 funding，指标表叫 indicators）");
            return None;
        };
        if label.is_none() {
            self.problem(offset, format!("“{}”缺少 label（整块的标签）", id.value()));
        }
        Some((id.value().clone(), label.map(|label| label.value().clone()).unwrap_or_default()))
    }

    fn line(&mut self, line: &LineFile, offset: usize) -> Option<LineSpec> {
        let words = &self.vocabulary.lines;
        let Named { id, label, labels, .. } =
            self.name(words, offset, line.id.as_ref(), line.label.as_ref(), &line.labels)?;
        Some(LineSpec { id, label, labels, total: line.total, required: line.required })
    }

    fn columns(&mut self, words: &'a Words, columns: &[At<ColumnFile>]) -> Vec<ColumnSpec> {
        let load = |loader: &mut Self, column: &ColumnFile, offset| loader.column(words, column, offset);
        self.list(columns, |column| Handle::of(&column.id, &column.labels), load)
    }

    fn column(&mut self, words: &'a Words, column: &ColumnFile, offset: usize) -> Option<ColumnSpec> {
        let Named { id, label, labels, kind, choices } =
            self.name(words, offset, column.id.as_ref(), column.label.as_ref(), &column.labels)?;
        let kind = column.kind.unwrap_or(kind);
        let choices = self.answers(offset, &id, kind, &column.choices, choices);
        let ColumnFile { required, max_chars, unique, .. } = *column;
        Some(ColumnSpec { id, label, labels, kind, required, choices, max_chars, unique })
    }

    fn indicators(&mut self, at: &At<IndicatorsFile>) -> Indicators {
        let file = at.value();
        if file.class.is_empty() {
            self.problem(at.offset(), "[indicators] 至少要有一个 class（一级指标）");
        }
        let classes = self.list(&file.class, |class| Handle::of(&class.id, &class.labels), Self::class);
        let points: Option<Decimal> = classes.iter().map(|class| class.points).sum();
        let execution = file.execution_points;
        if let (Some(classes), Some(total)) = (points, &file.total_points)
            && classes + execution != *total.value()
        {
            let sum = classes + execution;
            let message = format!(
                "各一级指标分值 {classes} + 预算执行率 {execution} = {sum}，与 total_points {} 不符",
                total.value()
            );
            self.problem(total.offset(), message);
        }
        if file.total_points.is_none() && classes.iter().any(|class| class.points.is_some()) {
            self.problem(at.offset(), "一级指标写了 points，却没有写 total_points");
        }
        Indicators {
            classes,
            minimum: file.minimum,
            execution_points: execution,
            total_points: file.total_points.as_ref().map(|total| *total.value()),
        }
    }

    fn class(&mut self, class: &ClassFile, offset: usize) -> Option<Class> {
        let words = &self.vocabulary.classes;
        let Named { id, label, labels, .. } =
            self.name(words, offset, class.id.as_ref(), class.label.as_ref(), &class.labels)?;
        let subclasses = self.list(&class.subclass, |sub| Handle::of(&sub.id, &sub.labels), Self::subclass);
        Some(Class { id, label, labels, required: class.required, points: class.points, subclasses })
    }

    fn subclass(&mut self, subclass: &SubclassFile, offset: usize) -> Option<Subclass> {
        let words = &self.vocabulary.subclasses;
        let Named { id, label, labels, .. } =
            self.name(words, offset, subclass.id.as_ref(), subclass.label.as_ref(), &subclass.labels)?;
        Some(Subclass { id, label, labels, required: subclass.required })
    }

    fn rules(&mut self, rules: &RulesFile) {
        let Some(known) = self.known_rules else { return };
        for rule in rules.off.iter().chain(rules.settings.keys()) {
            if !known.contains(&rule.value().as_str()) {
                self.problem(rule.offset(), format!("没有名为“{}”的规则，规则名见 jixiao rules", rule.value()));
            }
        }
    }
}
