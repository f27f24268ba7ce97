//! Figures of a form that are counted and are no faults: its light, how far its indicators are from their targets.

use rust_decimal::Decimal;

use super::{Context, attainment, schedule};
use crate::form::Form;
use crate::policy::{Light, Policy};
use crate::schema::Stage;

/// Farther from the target than this counts as this: one indicator of 5 000 % does not make the mean.
const FARTHEST: Decimal = Decimal::ONE;

/// What is counted of a form beside its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// The last month of a monitoring, 1 to 12.
    pub month: Option<u32>,
    /// The light of a monitoring: the worst of its spending and its indicators. `None` where nothing can be told.
    pub light: Option<Light>,
    /// Indicators whose target is a number (定量).
    pub quantitative: usize,
    /// The other indicators (定性).
    pub qualitative: usize,
    /// 指标偏离度: the mean distance of actual values from their targets as a fraction of these, each at most 1; of
    /// monitoring from the part due by the calendar. `None` where no indicator can be compared.
    pub deviation: Option<Decimal>,
}

/// The figures of a form. No document says how 指标总体偏离度 is made; this is ours.
#[must_use]
pub fn figures(form: &Form, policy: &Policy) -> Figures {
    let context = Context { form, policy };
    let month = schedule::month(form);
    let light = month.and_then(|month| {
        let spending = schedule::spending(form).and_then(|spending| spending.rate());
        let money = spending.and_then(|rate| schedule::of_spending(&context, rate, month)).map(|(_, light)| light);
        schedule::lights(&context, month).iter().map(|lit| lit.light).chain(money).min()
    });
    let rows: Vec<_> =
        form.record.indicators().into_iter().flat_map(|table| &table.rows).filter(|row| !row.term).collect();
    let quantitative = rows.iter().filter(|row| row.target.is_some()).count();
    let is_compared = matches!(form.schema.stage, Stage::SelfEvaluation | Stage::Monitoring);
    let due = month.and_then(|month| Decimal::from(month).checked_div(Decimal::from(12))).unwrap_or(Decimal::ONE);
    let distances: Vec<Decimal> = rows
        .iter()
        .filter(|_| is_compared)
        .filter_map(|row| attainment::of(row, policy))
        .filter_map(|reached| {
            // What must not be exceeded is not due in parts.
            let due = if reached.reverse { reached.target } else { reached.target.checked_mul(due)? };
            let distance = if reached.reverse && reached.met { Decimal::ZERO } else { reached.actual - due };
            distance.abs().checked_div(due).map(|distance| distance.min(FARTHEST))
        })
        .collect();
    let deviation = distances.iter().sum::<Decimal>().checked_div(Decimal::from(distances.len()));
    Figures { month, light, quantitative, qualitative: rows.len() - quantitative, deviation }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Reader;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    #[test]
    fn the_deviation_is_the_mean_distance_and_one_wild_indicator_does_not_make_it() {
        let grid = "项目支出绩效自评表|<|<|<|<|<|<\n（2026年度）|<|<|<|<|<|<\n项目名称|<|河道清淤|<|<|<|<\n\
             主管部门|<|澄岚区水务局|<|实施单位|澄岚区河道所|<\n\
             一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n\
             产出指标|数量指标|清淤长度|≥10公里|8公里|10|8\n\
             产出指标|数量指标|巡查次数|≥10次|900次|10|10\n\
             产出指标|质量指标|制度建立|建立|建立|10|10";
        let sheet = sheet_from_text("表", grid).expect("a valid grid");
        let forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        let policy = Policy::embedded("national").expect("a built-in policy");
        let figures = figures(forms.first().expect("a form"), &policy);
        assert_eq!((figures.quantitative, figures.qualitative), (2, 1));
        assert_eq!(figures.deviation, Some(Decimal::new(6, 1)));
        assert_eq!((figures.month, figures.light), (None, None));
    }
}
