//! A package being rewritten: parts changed, added and left out, each seen as it will be; and a journal of what was
//! done, from which all of it can be taken back.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::content_types;
use super::edit::{Edit, Unpatchable, apply, inverse};
use super::package::Package;
use super::relationships::{NewRelations, Relationship, owner, parse, relations_part, without};
use super::undo::Undo;
use crate::error::ErrorKind;

const RELATIONS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";

/// A package and what is to become of it.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    package: &'a Package,
    changes: BTreeMap<String, Arc<[u8]>>,
    additions: Vec<(String, Arc<[u8]>)>,
    removals: BTreeSet<String>,
    /// Own content types to be written, of parts added since they were written last.
    overrides: Vec<(String, &'static str)>,
    /// Content types of extensions.
    defaults: Vec<(&'static str, &'static str)>,
    journal: Undo,
    /// What relationships point to, in lower case, be it there or not; as they were when a name was first asked for.
    targets: OnceCell<BTreeSet<String>>,
}

impl<'a> Draft<'a> {
    /// The package as it is.
    pub(crate) fn of(package: &'a Package) -> Self {
        Self {
            package,
            changes: BTreeMap::new(),
            additions: Vec::new(),
            removals: BTreeSet::new(),
            overrides: Vec::new(),
            defaults: Vec::new(),
            journal: Undo::default(),
            targets: OnceCell::new(),
        }
    }

    /// Forgets what was done so far: what comes is what can be taken back.
    pub(crate) fn start_journal(&mut self) {
        self.journal = Undo::default();
    }

    /// What takes everything back that was done since the journal was started, once content types are written.
    ///
    /// # Errors
    /// Those of reading a part.
    pub(crate) fn journal(&self) -> Result<Undo, ErrorKind> {
        let mut journal = self.journal.clone();
        journal.seal(|part| self.required_part(part))?;
        Ok(journal)
    }

    /// Whether anything was done.
    pub(crate) fn is_untouched(&self) -> bool {
        self.changes.is_empty() && self.additions.is_empty() && self.removals.is_empty()
    }

    /// Names of the parts that will be there: those of the package in its order, then those added.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        let kept = self.package.parts().filter(|part| !self.removals.contains(*part));
        kept.chain(self.additions.iter().map(|(name, _)| name.as_str()))
    }

    /// Whether there will be a part of this name; case and a leading `/` do not matter.
    pub(crate) fn contains(&self, name: &str) -> bool {
        let name = name.trim_start_matches('/');
        let kept = self.package.spelled(name).is_some_and(|name| !self.removals.contains(name));
        kept || self.additions.iter().any(|(added, _)| added.eq_ignore_ascii_case(name))
    }

    /// The part as it will be; `None` where there will be none of the name.
    ///
    /// # Errors
    /// Those of [`Package::part`].
    pub(crate) fn part(&self, name: &str) -> Result<Option<Arc<[u8]>>, ErrorKind> {
        let wanted = name.trim_start_matches('/');
        if let Some((_, bytes)) = self.additions.iter().find(|(added, _)| added.eq_ignore_ascii_case(wanted)) {
            return Ok(Some(Arc::clone(bytes)));
        }
        match self.package.spelled(name) {
            Some(name) if self.removals.contains(name) => Ok(None),
            Some(name) => match self.changes.get(name) {
                Some(bytes) => Ok(Some(Arc::clone(bytes))),
                None => self.package.part(name),
            },
            None => Ok(None),
        }
    }

    /// The part as it will be.
    ///
    /// # Errors
    /// Those of [`Package::required_part`].
    pub(crate) fn required_part(&self, name: &str) -> Result<Arc<[u8]>, ErrorKind> {
        self.part(name)?.ok_or_else(|| ErrorKind::bad_part(name, "缺少这个内部文件"))
    }

    /// The relationships of a part as they will be; of the package itself for an empty name.
    ///
    /// # Errors
    /// Those of [`Package::relationships`].
    pub(crate) fn relationships(&self, part: &str) -> Result<Vec<Relationship>, ErrorKind> {
        match self.part(&relations_part(part.trim_start_matches('/')))? {
            Some(bytes) => parse(part, &bytes),
            None => Ok(Vec::new()),
        }
    }

    /// Changes a part by these edits of what it is now.
    ///
    /// # Errors
    /// A part that is not there, and edits that do not fit it.
    pub(crate) fn edit(&mut self, part: &str, edits: Vec<Edit>) -> Result<(), ErrorKind> {
        if edits.is_empty() {
            return Ok(());
        }
        let before = self.required_part(part)?;
        let back = inverse(&before, &edits);
        let after = apply(&before, edits).map_err(|error| error.on(part))?;
        if after == *before {
            return Ok(());
        }
        if let Some((name, bytes)) = self.additions.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(part)) {
            *bytes = after.into();
            self.journal.note_added(name);
            return Ok(());
        }
        let name = self.package.spelled(part).unwrap_or(part).to_owned();
        self.journal.note_edits(&name, back);
        self.changes.insert(name, after.into());
        Ok(())
    }

    /// Adds a part. Its own content type is written with the others; of one without, its extension tells.
    pub(crate) fn add(&mut self, name: String, bytes: Vec<u8>, content_type: Option<&'static str>) {
        self.overrides.extend(content_type.map(|kind| (name.clone(), kind)));
        self.journal.note_added(&name);
        self.additions.push((name, bytes.into()));
    }

    /// Puts other bytes in the place of a part that was added.
    pub(crate) fn refill(&mut self, name: &str, content: Vec<u8>) {
        self.additions
            .iter_mut()
            .filter(|(added, _)| added == name)
            .for_each(|(_, bytes)| *bytes = content.clone().into());
    }

    /// Makes sure that parts of this extension have a content type.
    pub(crate) fn declare(&mut self, extension: &'static str, content_type: &'static str) {
        if !self.defaults.iter().any(|(known, _)| *known == extension) {
            self.defaults.push((extension, content_type));
        }
    }

    /// Leaves out a part of the package. What names it elsewhere is the caller's business.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Some(name) = self.package.spelled(name) {
            self.removals.insert(name.to_owned());
        }
    }

    /// Adds a relationship from a part, of the type `base/kind`, and returns its id.
    ///
    /// # Errors
    /// A relationships part that is none.
    pub(crate) fn relate(&mut self, from: &str, base: &str, kind: &str, target: &str) -> Result<String, ErrorKind> {
        let part = relations_part(from);
        let bytes = self.part(&part)?;
        let mut new = NewRelations::of(bytes.as_deref()).map_err(|error| error.on(&part))?;
        let owner = self.part(from)?.unwrap_or_default();
        let id = new.add(base, kind, &format!("/{target}"), &owner);
        match bytes {
            Some(_) => self.edit(&part, new.edits())?,
            None => {
                self.declare("rels", RELATIONS_TYPE);
                self.add(part, new.into_part(), None);
            }
        }
        Ok(id)
    }

    /// Takes a relationship from a part away, by its id.
    ///
    /// # Errors
    /// A relationships part that is none.
    pub(crate) fn unrelate(&mut self, from: &str, id: &str) -> Result<(), ErrorKind> {
        let part = relations_part(from);
        let Some(bytes) = self.part(&part)? else { return Ok(()) };
        let edits = without(&bytes, &[id]).map_err(|error| error.on(&part))?;
        self.edit(&part, edits)
    }

    /// Whether a relationship points to this name, though no part may have it.
    fn is_pointed_to(&self, name: &str) -> bool {
        let read = || {
            let owned = self.parts().filter_map(|part| Some((owner(part)?, part)));
            let relations = owned.filter_map(|(owner, part)| parse(&owner, &self.part(part).ok()??).ok());
            let inside = relations.flatten().filter(|relation| !relation.external);
            inside.map(|relation| relation.target.to_lowercase()).collect()
        };
        self.targets.get_or_init(read).contains(&name.to_lowercase())
    }

    /// A name no part has and nothing points to, else what is missing would be found in our part: `stem` seen from the folder
    /// of `from`, with the first free number.
    pub(crate) fn free_name(&self, from: &str, stem: &str, extension: &str) -> String {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (folder, stem) = match stem.strip_prefix("../") {
            Some(stem) => (folder.rsplit_once('/').map_or("", |(folder, _)| folder), stem),
            None => (folder, stem),
        };
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut number = 1;
        loop {
            let name = format!("{folder}{slash}{stem}{number}.{extension}");
            if !self.contains(&name) && !self.is_pointed_to(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// Writes the content types of what was added and takes out those of what was left out.
    ///
    /// # Errors
    /// `[Content_Types].xml` is not what its name says.
    pub(crate) fn write_content_types(&mut self) -> Result<(), ErrorKind> {
        let fail = |error: Unpatchable| error.on(content_types::PART);
        let (overrides, defaults) = (std::mem::take(&mut self.overrides), std::mem::take(&mut self.defaults));
        let types = self.required_part(content_types::PART)?;
        let mut edits = Vec::new();
        for name in self.removals.iter().filter(|name| !self.contains(name)) {
            edits.extend(content_types::without(&types, name).map_err(fail)?);
        }
        if !overrides.is_empty() || !defaults.is_empty() {
            edits.extend(content_types::add(&types, &overrides, &defaults).map_err(fail)?);
        }
        self.edit(content_types::PART, edits)
    }

    /// Takes back what a journal says, if the parts are still as they were when it was written; `false`, and nothing
    /// done, where they are not.
    ///
    /// # Errors
    /// Those of reading a part, and a journal that does not fit.
    pub(crate) fn take_back(&mut self, journal: &Undo) -> Result<bool, ErrorKind> {
        if !journal.fits(|part| self.part(part))? {
            return Ok(false);
        }
        for (part, edits) in journal.steps_back() {
            self.edit(part, edits.to_vec())?;
        }
        for name in journal.added() {
            self.remove(name);
        }
        Ok(true)
    }

    /// The package as it will be.
    ///
    /// # Errors
    /// Those of [`Package::rewrite_without`].
    pub(crate) fn write(&self) -> Result<Vec<u8>, ErrorKind> {
        self.package.rewrite_without(&self.changes, &self.additions, &self.removals)
    }
}
