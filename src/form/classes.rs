//! Which indicator class a printed level label names.

use memchr::memmem;

use super::record::Row;
use crate::schema::concept::column;
use crate::schema::{Indicators, Subclass};
use crate::text::label_key;

impl Row {
    /// Notes the classes that the row's own cells name.
    pub(crate) fn classify(&mut self, indicators: &Indicators) {
        let key = |id: &str| self.filled(id).map(label_key).unwrap_or_default();
        let (level1, level2) = (key(column::LEVEL1), key(column::LEVEL2));
        self.class = class_of(indicators, &level1);
        self.subclass = subclass_of(indicators, self.class.as_deref(), &level2);
        if self.class.is_none()
            && let Some(subclass) = &self.subclass
        {
            let mut parents =
                indicators.classes.iter().filter(|class| class.subclasses.iter().any(|s| s.id == *subclass));
            if let (Some(parent), None) = (parents.next(), parents.next()) {
                self.class = Some(parent.id.clone());
            }
        }
    }
}

/// The first-level class that a label names.
fn class_of(indicators: &Indicators, key: &str) -> Option<String> {
    if key.is_empty() {
        return None;
    }
    let exact = indicators.classes.iter().find(|class| class.labels.iter().any(|label| label == key));
    let loose = || indicators.classes.iter().find(|class| class.labels.iter().any(|label| alike(key, label)));
    exact.or_else(loose).map(|class| class.id.clone())
}

/// The second-level class that a label names. A label that is another class's own (满意度指标 printed under 效益指标)
/// beats one that is merely alike inside the class; of those alike the one with most in common counts.
fn subclass_of(indicators: &Indicators, class: Option<&str>, key: &str) -> Option<String> {
    if key.is_empty() {
        return None;
    }
    let all = indicators.classes.iter().flat_map(|parent| {
        let inside = class.is_none_or(|id| parent.id == id);
        parent.subclasses.iter().map(move |subclass| (inside, subclass))
    });
    let is_exact = |subclass: &Subclass| subclass.labels.iter().any(|label| label == key);
    // Nothing beats it.
    if let Some((_, own)) = all.clone().find(|(inside, subclass)| *inside && is_exact(subclass)) {
        return Some(own.id.clone());
    }
    let likeness = |(inside, subclass): (bool, &Subclass)| {
        let exact = is_exact(subclass);
        let common =
            subclass.labels.iter().filter(|label| alike(key, label)).map(|label| label.len().min(key.len())).max();
        (exact || common.is_some()).then(|| ((exact, inside, common.unwrap_or(key.len())), subclass.id.clone()))
    };
    // Of equals the first printed one: `max_by` would give the last.
    all.filter_map(likeness).reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, id)| id)
}

/// `质量` and `质量指标`, `社会公众或服务对象满意度指标` and `满意度`: one holds the other's root.
pub(super) fn alike(key: &str, label: &str) -> bool {
    let (key, label) = (root(key), root(label));
    let (long, short) = if key.len() < label.len() { (label, key) } else { (key, label) };
    // The search of the standard library takes longer to set up than such short texts take to look through.
    short.chars().nth(1).is_some() && memmem::find(long.as_bytes(), short.as_bytes()).is_some()
}

/// The text without 指标 at its end.
fn root(mut text: &str) -> &str {
    while let Some(rest) = text.strip_suffix("指标") {
        text = rest;
    }
    text
}
