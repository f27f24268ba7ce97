//! The fewest corrections that lift a form to the next band.
//!
//! A correction is a rule mended everywhere. A greedy way gives a set that suffices; a bounded search then looks for
//! a smaller one, so that a form with very many faults costs no more than one with few.

use std::collections::BTreeSet;

use super::{NextStep, ScoreSheet};
use crate::policy::Band;

/// What-ifs that may be tried in search of fewer corrections.
const TRIES: usize = 400;

/// Codes of rules taken as mended.
type Mended = BTreeSet<&'static str>;

/// The steps to a better band, the one that wins most first; empty for 优, and where no correction helps.
pub(super) fn steps(sheet: &ScoreSheet<'_>) -> Vec<NextStep> {
    let now = sheet.outlook(&Mended::new()).1;
    if now == Band::Excellent {
        return Vec::new();
    }
    let Some(enough) = greedy(sheet, now) else { return Vec::new() };
    in_order(sheet, &fewest(sheet, now, &enough).unwrap_or(enough))
}

/// The vetoes that hold the band, then whatever wins most, until the band is better.
fn greedy(sheet: &ScoreSheet<'_>, now: Band) -> Option<Mended> {
    let mut mended = required(sheet, now);
    while sheet.outlook(&mended).1 >= now {
        let left: Mended = codes(sheet).filter(|code| !mended.contains(code)).collect();
        mended.insert(dearest(sheet, &mended, &left)?);
    }
    Some(mended)
}

/// A smaller set that suffices, where the search finds one; of equally small ones the one with the highest score.
fn fewest(sheet: &ScoreSheet<'_>, now: Band, enough: &Mended) -> Option<Mended> {
    let required = required(sheet, now);
    let free: Vec<&'static str> = codes(sheet).filter(|code| !required.contains(code)).collect();
    let mut tries = TRIES;
    for size in 0..enough.len().saturating_sub(required.len()) {
        let mut best = None;
        for picked in combinations(free.len(), size) {
            tries = tries.checked_sub(1)?;
            let mended: Mended =
                required.iter().copied().chain(picked.iter().filter_map(|&at| free.get(at).copied())).collect();
            let (score, band) = sheet.outlook(&mended);
            if band < now && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, mended));
            }
        }
        if let Some((_, mended)) = best {
            return Some(mended);
        }
    }
    None
}

/// The rules whose veto holds the form at this band or a worse one: without mending them nothing helps.
fn required(sheet: &ScoreSheet<'_>, now: Band) -> Mended {
    let holds = |name: &str| sheet.rubric.vetoes.get(name).is_some_and(|band| *band >= now);
    sheet.rules.iter().filter(|rule| holds(rule.name)).map(|rule| rule.code).collect()
}

/// The corrections with what each wins on top of those before it.
fn in_order(sheet: &ScoreSheet<'_>, chosen: &Mended) -> Vec<NextStep> {
    let mut mended = Mended::new();
    let mut score = sheet.outlook(&mended).0;
    let mut steps = Vec::with_capacity(chosen.len());
    while let Some(code) = dearest(sheet, &mended, &chosen.difference(&mended).copied().collect()) {
        mended.insert(code);
        let (after, band) = sheet.outlook(&mended);
        let name = sheet.rules.iter().find(|rule| rule.code == code).map_or("", |rule| rule.name);
        steps.push(NextStep { code, name, points: after - score, score: after, band });
        score = after;
    }
    steps
}

/// The one among `left` whose mending gives the highest score on top of what is mended; of equals the lowest code.
fn dearest(sheet: &ScoreSheet<'_>, mended: &Mended, left: &Mended) -> Option<&'static str> {
    let outlook = |code: &'static str| {
        let with: Mended = mended.iter().copied().chain([code]).collect();
        sheet.outlook(&with).0
    };
    let scored = left.iter().map(|&code| (outlook(code), code));
    scored.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, code)| code)
}

/// The codes of the rules with findings, ascending.
fn codes(sheet: &ScoreSheet<'_>) -> impl Iterator<Item = &'static str> {
    let codes: Mended = sheet.rules.iter().map(|rule| rule.code).collect();
    codes.into_iter()
}

/// Every choice of `size` places out of `places`, in lexicographic order.
fn combinations(places: usize, size: usize) -> impl Iterator<Item = Vec<usize>> {
    let first: Option<Vec<usize>> = (size <= places).then(|| (0..size).collect());
    std::iter::successors(first, move |now| {
        let mut next = now.clone();
        // The rightmost place that can still move to the right, and all behind it close up.
        let at = (0..size).rev().find(|&at| next.get(at).is_some_and(|&place| place < places - size + at))?;
        let start = next.get(at)? + 1;
        for (place, value) in next.iter_mut().skip(at).zip(start..) {
            *place = value;
        }
        Some(next)
    })
}
