//! `template`: blank workbooks for the units.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use jixiao::error::{Error, ErrorKind};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::rule_texts;
use jixiao::roster::Ledger;
use jixiao::schema::{Catalog, Schema};
use jixiao::template::{self, Options, Parcel, Parcels, Prefill, RuleText};
use jixiao::text::{label_key, similarity};

use super::args::TemplateArgs;
use super::claim::Claim;
use super::outputs::{Names, archive, safe};
use super::settings::Settings;
use super::{CLEAN, complain, files, say, settings, setup, stop};

/// A workbook to be made.
struct Blank {
    schema: Arc<Schema>,
    prefill: Prefill,
}

/// What a file of the output folder holds.
enum Contents {
    Workbook(Blank),
    /// Workbooks by their names in the archive.
    Archive(Vec<(String, Blank)>),
}

/// Files by their path below the output folder. Each is made when it is written: of a large roster all would be much.
type Files = BTreeMap<String, Contents>;

/// Writes the workbooks and says which.
pub(super) fn run(args: &TemplateArgs) -> anyhow::Result<u8> {
    let catalog = setup::catalog(args.schemas.as_deref())?;
    let Settings { policy, limits, .. } = settings::at(&args.switches, &args.out)?;
    setup::weights_are_known(&policy, &catalog)?;
    let schemas = chosen(&catalog, &args.forms)?;
    let files = match &args.roster {
        None => blank_forms(&schemas),
        Some(roster) => {
            let Parcels { parcels, notes } = parcels(args, roster, &catalog, &schemas, &limits)?;
            notes.iter().for_each(|note| complain(&format!("提醒 {note}")));
            let workbooks = parcel_workbooks(parcels);
            if args.zip { zipped(workbooks) } else { as_files(workbooks) }
        }
    };
    let writer = Writer { rules: rules(&files, &policy)?, policy, args };
    let _claim = Claim::of(&args.out)?;
    refuse_existing(&args.out, &files, args.force)?;
    stop::watch();
    for (written, (name, contents)) in files.iter().enumerate() {
        let told = || files::stopped(written, files.len(), &args.out);
        stop::here(told)?;
        let bytes = writer.bytes(contents)?;
        stop::or(write_file(&args.out.join(name), &bytes), told)?;
    }
    say(|out| {
        files.keys().take(SHOWN).try_for_each(|name| writeln!(out, "{}", args.out.join(name).display()))?;
        if files.len() > SHOWN {
            writeln!(out, "……")?;
        }
        writeln!(out, "共 {} 个文件", files.len())
    })?;
    Ok(CLEAN)
}

/// Names of files that are said.
const SHOWN: usize = 30;

/// Of a workbook.
const EXTENSION: &str = "xlsx";

/// Who gets what.
fn parcels(
    args: &TemplateArgs,
    roster: &Path,
    catalog: &Catalog,
    schemas: &[Arc<Schema>],
    limits: &Limits,
) -> anyhow::Result<Parcels> {
    let roster = setup::read_roster(roster, catalog, limits)?;
    let ledger = args.ledger.as_deref().map(|path| setup::read_ledger(path, Some(&roster), limits)).transpose()?;
    setup::tell_hints("名册", roster.hints());
    setup::tell_hints("项目台账", ledger.as_ref().map_or(&[], Ledger::hints));
    let previous = args.previous.as_deref().map(|path| setup::read_previous(path, catalog)).transpose()?;
    let year = args.year.and_then(|year| u16::try_from(year).ok());
    let parcels = template::parcels(&roster, ledger.as_ref(), previous.as_ref(), schemas, year);
    if parcels.parcels.is_empty() {
        bail!("名册上没有单位应报所选的表单。请核对名册的“应报表单”一列和命令里写的表单");
    }
    Ok(parcels)
}

/// The schemas that the words on the command line mean: an id, a title, or part of either; all where there are none.
fn chosen(catalog: &Catalog, words: &[String]) -> anyhow::Result<Vec<Arc<Schema>>> {
    if words.is_empty() {
        return Ok(catalog.schemas.clone());
    }
    let mut chosen: BTreeMap<String, Arc<Schema>> = BTreeMap::new();
    for word in words {
        let key = label_key(word);
        let exact = |schema: &&Arc<Schema>| schema.id == *word || label_key(&schema.title) == key;
        let part = |schema: &&Arc<Schema>| schema.id.contains(word.as_str()) || label_key(&schema.title).contains(&key);
        let mut found: Vec<&Arc<Schema>> = catalog.schemas.iter().filter(exact).collect();
        if found.is_empty() && !key.is_empty() {
            found = catalog.schemas.iter().filter(part).collect();
        }
        if found.is_empty() {
            let near = catalog.schemas.iter().max_by(|one, other| {
                let likeness = |schema: &Schema| similarity(&schema.title, word).max(similarity(&schema.id, word));
                likeness(one).total_cmp(&likeness(other))
            });
            let hint = near.map(|schema| format!("，最接近的是 {}（{}）", schema.title, schema.id)).unwrap_or_default();
            bail!("没有表单“{word}”{hint}。用 jixiao schema list 查看全部表单");
        }
        chosen.extend(found.into_iter().map(|schema| (schema.id.clone(), Arc::clone(schema))));
    }
    Ok(chosen.into_values().collect())
}

/// One workbook a form.
fn blank_forms(schemas: &[Arc<Schema>]) -> Files {
    let mut names = Names::default();
    let mut files = Files::new();
    for schema in schemas {
        let shared = schemas.iter().filter(|other| other.title == schema.title).count() > 1;
        let name = if shared { format!("{}（{}）", schema.title, schema.id) } else { schema.title.clone() };
        let blank = Blank { schema: Arc::clone(schema), prefill: Prefill::default() };
        files.insert(names.free(&safe(&name), EXTENSION), Contents::Workbook(blank));
    }
    files
}

/// One workbook for each unit, form and project: `部门/单位/表名-项目.xlsx`.
fn parcel_workbooks(parcels: Vec<Parcel>) -> BTreeMap<String, Blank> {
    let mut names = Names::default();
    let named = |Parcel { department, unit, name, schema, prefill }| {
        let path = format!("{}/{}/{}", safe(&department), safe(&unit), safe(&name));
        (names.free(&path, EXTENSION), Blank { schema, prefill })
    };
    parcels.into_iter().map(named).collect()
}

fn as_files(workbooks: BTreeMap<String, Blank>) -> Files {
    workbooks.into_iter().map(|(path, blank)| (path, Contents::Workbook(blank))).collect()
}

/// One archive for each unit in place of its folder.
fn zipped(workbooks: BTreeMap<String, Blank>) -> Files {
    // Some file systems take `A` for `a`: units whose folders would be one share an archive.
    let mut units: BTreeMap<String, (String, Vec<(String, Blank)>)> = BTreeMap::new();
    for (path, blank) in workbooks {
        let (unit, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let (_, archive) = units.entry(unit.to_lowercase()).or_insert_with(|| (format!("{unit}.zip"), Vec::new()));
        archive.push((name.to_owned(), blank));
    }
    units.into_values().map(|(path, archive)| (path, Contents::Archive(archive))).collect()
}

/// What the instructions of each form state, by schema. A form that cannot be drawn is told here, before anything is
/// written.
fn rules(files: &Files, policy: &Policy) -> anyhow::Result<BTreeMap<String, Vec<RuleText>>> {
    let blanks = files.values().flat_map(|contents| match contents {
        Contents::Workbook(blank) => vec![blank],
        Contents::Archive(archive) => archive.iter().map(|(_, blank)| blank).collect(),
    });
    let mut rules = BTreeMap::new();
    for Blank { schema, .. } in blanks {
        if !rules.contains_key(&schema.id) {
            rules.insert(schema.id.clone(), rule_texts(schema, policy).with_context(|| failed(schema))?);
        }
    }
    Ok(rules)
}

fn failed(schema: &Schema) -> String {
    format!("不能生成表单 {}（{}）", schema.title, schema.id)
}

/// Makes workbooks.
struct Writer<'a> {
    policy: Policy,
    args: &'a TemplateArgs,
    /// By schema.
    rules: BTreeMap<String, Vec<RuleText>>,
}

impl Writer<'_> {
    fn bytes(&self, contents: &Contents) -> anyhow::Result<Vec<u8>> {
        match contents {
            Contents::Workbook(blank) => self.workbook(blank),
            Contents::Archive(archive) => self.archive(archive),
        }
    }

    fn workbook(&self, Blank { schema, prefill }: &Blank) -> anyhow::Result<Vec<u8>> {
        let rules = self.rules.get(&schema.id).map_or(&[][..], Vec::as_slice);
        let options = Options { year: self.args.year, month: self.args.month, prefill: prefill.clone(), own: None };
        template::write(&template::plan(schema, &self.policy, &options), rules).with_context(|| failed(schema))
    }

    fn archive(&self, workbooks: &[(String, Blank)]) -> anyhow::Result<Vec<u8>> {
        let files = workbooks.iter().map(|(name, blank)| Ok((name.clone(), self.workbook(blank)?)));
        Ok(archive(&files.collect::<anyhow::Result<Vec<_>>>()?)?)
    }
}

/// What is there already is not touched unless forced.
fn refuse_existing(dir: &Path, files: &Files, force: bool) -> anyhow::Result<()> {
    let existing: Vec<&str> = files.keys().map(String::as_str).filter(|name| dir.join(name).exists()).collect();
    if let (Some(first), false) = (existing.first(), force) {
        let count = existing.len();
        bail!(
            "输出目录 {} 里已有 {first} 等 {count} 个同名文件，未覆盖。换一个输出目录，或加 --force 覆盖",
            dir.display()
        );
    }
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::new(folder.display().to_string(), ErrorKind::Io(error)))?;
    }
    files::write(path, |out| out.write_all(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_are_one_file_name_get_a_file_each() {
        let schema = |id: &str, title: &str| {
            let base = Catalog::embedded().schemas.first().expect("a schema");
            Arc::new(Schema { id: id.to_owned(), title: title.to_owned(), ..Schema::clone(base) })
        };
        let long = "绩".repeat(90);
        let schemas = [schema("a", "自评表A/B"), schema("b", "自评表a:b"), schema("c", &long), schema("d", &long)];
        let files = blank_forms(&schemas);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names.contains(&"自评表A_B.xlsx") && names.contains(&"自评表a_b-2.xlsx"), "{names:?}");
    }
}
