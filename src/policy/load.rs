//! Policies from files: presets and what extends them.

use std::collections::BTreeSet;

use super::Policy;
use super::check::check;
use crate::error::ErrorKind;
use crate::toml_file::{Layer, Problems, SourceFile, read_layers};

/// The built-in presets, by the name messages give them.
const PRESETS: &[(&str, &str)] = &[
    ("schemas/policy/hubei.toml", include_str!("../../schemas/policy/hubei.toml")),
    ("schemas/policy/jiangxi.toml", include_str!("../../schemas/policy/jiangxi.toml")),
    ("schemas/policy/national.toml", NATIONAL),
    ("schemas/policy/sichuan.toml", include_str!("../../schemas/policy/sichuan.toml")),
    ("schemas/policy/zhejiang.toml", include_str!("../../schemas/policy/zhejiang.toml")),
];

/// The preset beneath all others: every switch with its source.
pub(super) const NATIONAL: &str = include_str!("../../schemas/policy/national.toml");

/// What a file extends that does not say so itself.
const BASE: &str = "national";

/// The table of a round's file that holds its policy; other tables of such a file belong to the round.
const SECTION: &str = "policy";

/// The tables of jixiao.toml that are not the policy's: what files belong to the round, who writes to the units, what
/// a file may cost.
const OTHERS: [&str; 3] = ["round", "letter", "limits"];

/// The key of the register to lay over the policy.
const REGISTER: &str = "register";

impl Policy {
    /// Ids of the built-in presets.
    #[must_use]
    pub fn preset_ids() -> Vec<String> {
        embedded_files().iter().map(|file| file.id().to_owned()).collect()
    }

    /// A built-in preset.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] where there is none of this id.
    pub fn embedded(id: &str) -> Result<Self, ErrorKind> {
        let presets = embedded_files();
        match presets.iter().find(|preset| preset.id() == id) {
            Some(preset) => load(&presets, preset, None),
            None => Err(ErrorKind::Invalid(vec![unknown_preset(id, &presets)])),
        }
    }

    /// The policy of a file: the preset it names with `extends = "…"` (`national` where it names none) and its own
    /// switches laid over it. `presets` are the bureau's own, beside and instead of the built-in ones of the same
    /// stem. In a file with a `[policy]` table only that table counts. `known_rules` are the names and codes that
    /// severities and rubric may use.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] with every problem of every file as `file:line:column：message`.
    pub fn load(presets: &[SourceFile], file: &SourceFile, known_rules: &[&str]) -> Result<Self, ErrorKind> {
        let mut all = presets.to_vec();
        all.extend(embedded_files().into_iter().filter(|own| presets.iter().all(|preset| preset.id() != own.id())));
        load(&all, file, Some(known_rules))
    }

    /// The rule register that a policy file names with `register = "…"`, as written there; whoever opens files lays it
    /// over the policy.
    #[must_use]
    pub fn register_of(file: &SourceFile) -> Option<String> {
        let mut problems = Problems::default();
        layer(file, &mut problems).take_text(REGISTER, &mut problems).map(|(path, _)| path)
    }
}

/// The file's switches, of a round's file those of its policy.
fn layer<'a>(file: &'a SourceFile, problems: &mut Problems) -> Layer<'a> {
    let mut layer = Layer::parse(file, problems);
    if !layer.table.contains_key(SECTION) {
        for other in OTHERS {
            layer.table.remove(other);
        }
    }
    layer.section(SECTION)
}

fn embedded_files() -> Vec<SourceFile> {
    PRESETS.iter().map(|(name, text)| SourceFile::new(*name, *text)).collect()
}

fn unknown_preset(id: &str, presets: &[SourceFile]) -> String {
    let known: Vec<&str> = presets.iter().map(SourceFile::id).collect();
    format!("没有口径“{id}”，可用：{}", known.join("、"))
}

fn load(presets: &[SourceFile], file: &SourceFile, known_rules: Option<&[&str]>) -> Result<Policy, ErrorKind> {
    let mut problems = Problems::default();
    let Some(layers) = layers(presets, file, &mut problems) else { return Err(problems.into_error()) };
    let Some(policy) = read_layers::<Policy>(&layers, &mut problems) else {
        return Err(problems.into_error());
    };
    check(&policy, known_rules, &layers, &mut problems);
    problems.or(policy)
}

/// The file and what it extends, the basis first; `None` where that leads nowhere.
fn layers<'a>(presets: &'a [SourceFile], file: &'a SourceFile, problems: &mut Problems) -> Option<Vec<Layer<'a>>> {
    let mut layers = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(file);
    while let Some(current) = next {
        seen.insert(current.name.as_str());
        let mut layer = layer(current, problems);
        if layers.is_empty() {
            layer.take_text(REGISTER, problems);
        }
        let extends = layer.take_text("extends", problems);
        layers.push(layer);
        let is_base = current.id() == BASE && presets.iter().any(|preset| preset.name == current.name);
        let (id, offset) = match extends {
            Some(extends) => extends,
            None if is_base => break,
            None => (BASE.to_owned(), 0),
        };
        match presets.iter().find(|preset| preset.id() == id) {
            None => {
                problems.add(current, offset, unknown_preset(&id, presets));
                return None;
            }
            Some(found) if seen.contains(found.name.as_str()) => {
                problems.add(current, offset, format!("extends 绕成了圈：“{id}”已在链上"));
                return None;
            }
            found => next = found,
        }
    }
    layers.reverse();
    Some(layers)
}
