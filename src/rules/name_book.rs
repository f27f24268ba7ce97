//! The names of the units and projects of a round, found in texts all at once.
//!
//! It says where a name stands and whose it is; whether it may stand there is the rules' to say.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::RoundContext;
use super::kinship::Kinship;
use crate::roster::{behind_place, name_key, project_key, unit_key};
use crate::text::find::{Finder, SHORTEST};

/// The names, ready to be looked for.
#[derive(Debug, Clone)]
pub(super) struct NameBook {
    finder: Finder,
    /// By number of the name.
    owners: Vec<(String, Owner)>,
}

/// Whose a name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// Of a unit, by its key.
    Unit(String),
    /// Of a project, in these units by number.
    Project(BTreeSet<usize>),
    /// Of two units, as 实验小学 without its place: nobody's.
    Several,
}

/// A name that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention<'b> {
    pub(super) name: &'b str,
    pub(super) owner: &'b Owner,
    /// Where in the text's key.
    pub(super) range: Range<usize>,
}

impl NameBook {
    pub(super) fn of(round: &RoundContext<'_>, kinship: &Kinship) -> Self {
        let mut names: BTreeMap<String, Owner> = BTreeMap::new();
        let mut units: BTreeSet<String> = round.forms.iter().map(|one| unit_key(&one.identity.unit.name)).collect();
        let roster = round.registry.roster.into_iter().flat_map(|roster| roster.units());
        units.extend(roster.map(|unit| unit_key(&unit.name)));
        for (form, one) in round.forms.iter().enumerate() {
            let (Some(project), Some(unit)) = (&one.identity.project, kinship.unit(form)) else { continue };
            let name = project_key(&project.name);
            if let Owner::Project(units) = names.entry(name).or_insert_with(|| Owner::Project(BTreeSet::new())) {
                units.insert(unit);
            }
        }
        for unit in &units {
            let Some(bare) = behind_place(unit) else { continue };
            let own = Owner::Unit(unit.clone());
            let torn = names.get(bare).is_some_and(|known| matches!(known, Owner::Unit(_) | Owner::Several));
            names.insert(bare.to_owned(), if torn { Owner::Several } else { own });
        }
        // The full name of one unit may be what another's is without its place.
        names.extend(units.into_iter().map(|unit| (unit.clone(), Owner::Unit(unit))));
        // A shorter name is a word: 教育局, 培训费.
        names.retain(|name, _| name.chars().nth(SHORTEST - 1).is_some());
        let owners: Vec<(String, Owner)> = names.into_iter().collect();
        let finder = Finder::of(owners.iter().map(|(name, _)| name.as_str()));
        Self { finder, owners }
    }

    /// The names in a text's key, in order, the longest of those that begin at one place.
    pub(super) fn mentions<'b>(&'b self, key: &str) -> Vec<Mention<'b>> {
        let mention = |(number, range): (usize, _)| {
            let (name, owner) = self.owners.get(number)?;
            Some(Mention { name, owner, range })
        };
        self.finder.find(key).into_iter().filter_map(mention).collect()
    }

    /// What a text says whoever writes it: every name as `#`, every number as `0`, nothing but letters besides.
    pub(super) fn masked(&self, text: &str) -> String {
        let key = name_key(text);
        let mut masked = String::with_capacity(key.len());
        let mut at = 0;
        for Mention { range, .. } in self.mentions(&key) {
            plain(key.get(at..range.start).unwrap_or_default(), &mut masked);
            masked.push('#');
            at = range.end;
        }
        plain(key.get(at..).unwrap_or_default(), &mut masked);
        masked
    }
}

fn plain(text: &str, masked: &mut String) {
    // 汉字 are letters, and nearly all that is asked.
    for c in text.chars().filter(|c| matches!(c, '一'..='鿿') || c.is_alphanumeric()) {
        match (c.is_ascii_digit(), masked.ends_with('0')) {
            (true, true) => {}
            (true, false) => masked.push('0'),
            (false, _) => masked.push(c),
        }
    }
}
