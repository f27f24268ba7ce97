//! Draws what stands around the blocks: title, year, unit, notes, signatures.

use super::canvas::{Draw, LINE};
use super::columns::{Want, spread};
use super::plan::{Input, Kind, Look};
use crate::schema::concept::field;
use crate::schema::{Block, Class, ColumnSpec, FieldSpec, Schema};
use crate::text::{bracketed, display_width};

impl Draw<'_> {
    pub(super) fn head(&mut self, blocks: &[Block]) {
        let schema = self.schema;
        let all = self.width();
        if let Some(lead) = &schema.layout.lead {
            self.text(0, all, 1, lead, Look::Lead);
            self.heights.push(20.0);
        }
        let own = self.options.own.as_ref();
        let title = own.and_then(|own| own.title.as_deref()).unwrap_or(&schema.title);
        self.text(0, all, 1, title, Look::Title);
        self.heights.push(36.0);
        let printed = |id: &str| self.printed_fields.iter().any(|printed| printed == id);
        let (year, unit, money) = (printed(field::YEAR), printed(field::UNIT), printed(field::MONEY_UNIT));
        let in_left = schema.list;
        let year = year || own.is_some_and(|own| own.year_in_title);
        if let Some(spec) = schema.field(field::YEAR).filter(|_| !year) {
            self.year_line(spec);
        }
        let unit = schema.field(field::UNIT).filter(|_| !unit && !in_left);
        let money =
            schema.field(field::MONEY_UNIT).filter(|_| !money && (unit.is_some() || !says_money(schema, blocks)));
        if unit.is_some() || money.is_some() {
            self.unit_line(unit, money);
        }
    }

    fn year_line(&mut self, spec: &FieldSpec) {
        let all = self.width();
        match self.options.year {
            Some(year) => self.text(0, all, 1, &format!("（{year}年度）"), Look::Year),
            None => {
                let kind = Kind::Input(Input { bordered: false, ..self.field_input(spec) });
                self.put(0, all, 1, kind);
            }
        }
        self.heights.push(22.0);
    }

    fn unit_line(&mut self, unit: Option<&FieldSpec>, money: Option<&FieldSpec>) {
        let all = self.width();
        let money_text =
            money.map(|spec| format!("{}：万元", if spec.label == "金额单位" { "单位" } else { &spec.label }));
        match unit {
            None => self.text(0, all, 1, &money_text.unwrap_or_default(), Look::Remark),
            Some(spec) => {
                let lead = format!("{}（盖章）：", spec.label.trim_end_matches("（盖章）"));
                let mut wants = vec![Want::value(40.0)];
                wants.extend(money_text.as_deref().map(Want::label));
                let spans = spread(&self.widths, &wants);
                let mut col = 0;
                let kinds = [
                    Some(Kind::Input(Input { bordered: false, lead, ..self.field_input(spec) })),
                    money_text.map(|text| Kind::Text { text, look: Look::Remark }),
                ];
                for (kind, span) in kinds.into_iter().flatten().zip(spans) {
                    self.put(col, span, 1, kind);
                    col += span;
                }
            }
        }
        self.heights.push(22.0);
    }

    /// Notes and signatures.
    pub(super) fn foot(&mut self) {
        let all = self.width();
        let schema = self.schema;
        let own = self.options.own.as_ref().map(|own| own.notes.clone());
        let notes = own.unwrap_or_else(|| schema.layout.notes.iter().map(|note| self.note(note)).collect());
        for note in notes {
            self.text(0, all, 1, &note, Look::Note);
            let lines = self.lines(0, all, &note);
            self.heights.push(f64::from(lines) * (LINE - 1.0) + 4.0);
        }
        let specs: Vec<&FieldSpec> = schema.layout.signature.iter().filter_map(|id| schema.field(id)).collect();
        for specs in specs.chunks(all.clamp(1, 4)) {
            let lead = |spec: &FieldSpec| format!("{}：", spec.label);
            let wants = specs.iter().map(|spec| Want::value(f64::from(display_width(&lead(spec))) + 8.0));
            let spans = spread(&self.widths, &wants.collect::<Vec<_>>());
            let mut col = 0;
            for (spec, span) in specs.iter().zip(spans) {
                // What is filled in above is only signed here.
                let kind = if self.printed_fields.contains(&spec.id) {
                    Kind::Text { text: lead(spec), look: Look::Caption }
                } else {
                    Kind::Input(Input { bordered: false, lead: lead(spec), ..self.field_input(spec) })
                };
                self.put(col, span, 1, kind);
                col += span;
            }
            self.heights.push(28.0);
        }
    }

    /// A note; what it says of the points is what the policy says.
    fn note(&self, note: &str) -> String {
        const POINTS: &str = "分值统一为";
        let (Some(indicators), true) = (&self.indicators, self.policy.weights.contains_key(&self.schema.id)) else {
            return note.to_owned();
        };
        let Some((before, _)) = note.split_once(POINTS) else { return note.to_owned() };
        let of_class = |class: &Class| Some(format!("{}{}分", class.label, class.points?.normalize()));
        let execution = format!("预算执行率{}分", indicators.execution_points.normalize());
        let parts = std::iter::once(execution).chain(indicators.classes.iter().filter_map(of_class));
        format!("{before}{POINTS}{}；得分不得超过分值上限。", parts.collect::<Vec<_>>().join("、"))
    }
}

/// Whether the form says its unit of money in the brackets of a printed label.
fn says_money(schema: &Schema, blocks: &[Block]) -> bool {
    let is_money = |text: &str| bracketed(text).is_some_and(|inside| inside == "万元" || inside == "元");
    let columns = |columns: &[ColumnSpec], printed: &[String]| {
        columns.iter().any(|column| printed.contains(&column.id) && is_money(&column.label))
    };
    blocks.iter().any(|block| match block {
        Block::Grid { grid, label, columns: printed, rows } => {
            let spec = schema.grid(grid);
            is_money(label)
                || spec.is_some_and(|spec| {
                    columns(&spec.columns, printed)
                        || spec.rows.iter().any(|row| rows.contains(&row.id) && is_money(&row.label))
                })
        }
        Block::Table { table, label, columns: printed, groups, .. } => {
            is_money(label)
                || groups.iter().any(|group| is_money(&group.label))
                || schema.table(table).is_some_and(|spec| columns(&spec.columns, printed))
        }
        Block::Fields { fields, .. } | Block::Heads { fields, .. } => {
            fields.iter().filter_map(|id| schema.field(id)).any(|spec| is_money(&spec.label))
        }
    })
}
