//! How a finding speaks of other forms of the round to one who has this one in hand.

use super::{RoundContext, RoundForm};
use crate::address::CellRef;
use crate::finding::Elsewhere;
use crate::text::excerpt;

/// Forms of a round that a finding lists by name.
pub(super) const LISTED: usize = 3;

/// Forms that are looked for before a finding says 以上.
pub(super) const MOST: usize = 10;

/// A place in another form, with what stands there.
pub(super) fn elsewhere(other: &RoundForm<'_>, cell: Option<CellRef>, text: &str) -> Elsewhere {
    Elsewhere { source: other.source.to_owned(), sheet: other.form.sheet.clone(), cell, text: excerpt(text, 60) }
}

/// `本单位“北山泵站改造”（“乙.xlsx”的工作表“自评表”）`, or with the unit's name before it: what another form is, for one
/// who has this one in hand.
pub(super) fn called(own: &RoundForm<'_>, other: &RoundForm<'_>) -> String {
    let whose = if own.identity.unit.key == other.identity.unit.key {
        "本单位".to_owned()
    } else {
        format!("“{}”的", excerpt(&other.identity.unit.name, 24))
    };
    whose + &named(own, other)
}

/// `“北山泵站改造”（“乙.xlsx”的工作表“自评表”）`: the same of a form of the reader's own unit.
fn named(own: &RoundForm<'_>, other: &RoundForm<'_>) -> String {
    let what = match &other.identity.project {
        Some(project) => format!("“{}”", excerpt(&project.name, 24)),
        None => format!("《{}》", other.form.schema.title),
    };
    let place = if own.source == other.source && own.form.sheet == other.form.sheet {
        "同一张工作表".to_owned()
    } else if own.source == other.source {
        format!("工作表“{}”", other.form.sheet)
    } else {
        format!("“{}”", other.source)
    };
    format!("{what}（{place}）")
}

/// `，另外 2 个是“水质监测”（“乙.xlsx”）、“灌渠整治”（“丙.xlsx”）`: the other projects of the reader's unit.
pub(super) fn besides(round: &RoundContext<'_>, form: usize, peers: &[usize]) -> String {
    let Some(own) = round.forms.get(form) else { return String::new() };
    let others: Vec<&RoundForm<'_>> =
        peers.iter().filter(|other| **other != form).filter_map(|other| round.forms.get(*other)).collect();
    let names: Vec<String> = others.iter().take(LISTED).map(|other| named(own, other)).collect();
    let more = if others.len() > LISTED { "等" } else { "" };
    format!("，另外 {} 个是{}{more}", others.len(), names.join("、"))
}

/// `；这样的还有 3 份` behind the first that is told.
pub(super) fn more(others: usize) -> String {
    match others {
        0 | 1 => String::new(),
        others if others >= MOST => format!("；这样的还有 {} 份以上", others - 1),
        others => format!("；这样的还有 {} 份", others - 1),
    }
}
