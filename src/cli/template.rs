//! `template`: blank workbooks for the units.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use jixiao::error::{Error, ErrorKind};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::rule_texts;
use jixiao::schema::{Catalog, Schema};
use jixiao::template::{self, Options, Parcel, Parcels, Previous, RuleText};
use jixiao::text::{label_key, similarity};
use zip::write::SimpleFileOptions;

use super::args::TemplateArgs;
use super::outputs::safe;
use super::{CLEAN, complain, review, say, settings, setup};

/// Workbooks by their path below the output folder.
type Files = BTreeMap<String, Vec<u8>>;

/// Writes the workbooks and says which.
pub(super) fn run(args: &TemplateArgs) -> anyhow::Result<u8> {
    let catalog = setup::catalog(args.schemas.as_deref())?;
    let policy = settings::policy_at(args.policy.as_deref(), args.no_config, &args.out)?;
    let writer = Writer { policy, args, rules: BTreeMap::new() };
    let schemas = chosen(&catalog, &args.forms)?;
    let files = match &args.roster {
        None => writer.blank_forms(&schemas)?,
        Some(roster) => {
            let Parcels { parcels, notes } = parcels(args, roster, &catalog, &schemas)?;
            notes.iter().for_each(|note| complain(&format!("提醒 {note}")));
            let files = writer.parcels(&parcels)?;
            if args.zip { zipped(files)? } else { files }
        }
    };
    write_all(&args.out, &files, args.force)?;
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

/// Who gets what.
fn parcels(args: &TemplateArgs, roster: &Path, catalog: &Catalog, schemas: &[Arc<Schema>]) -> anyhow::Result<Parcels> {
    let limits = Limits::default();
    let roster = review::read_roster(roster, catalog, &limits)?;
    let ledger = args.ledger.as_deref().map(|path| review::read_ledger(path, Some(&roster), &limits)).transpose()?;
    let previous = args.previous.as_deref().map(read_previous).transpose()?;
    let parcels = template::parcels(&roster, ledger.as_ref(), previous.as_ref(), schemas);
    if parcels.parcels.is_empty() {
        bail!("名册上没有单位应报所选的表单。请核对名册的“应报表单”一列和命令里写的表单");
    }
    Ok(parcels)
}

fn read_previous(path: &Path) -> anyhow::Result<Previous> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| Error::new(&shown, ErrorKind::Io(error)));
    text.and_then(|text| Previous::read(&text, &shown)).context("上一轮的结果读不了")
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

/// Makes workbooks; the rules that a form's instructions state are looked up once for each form.
struct Writer<'a> {
    policy: Policy,
    args: &'a TemplateArgs,
    rules: BTreeMap<String, Vec<RuleText>>,
}

impl Writer<'_> {
    /// One workbook a form.
    fn blank_forms(mut self, schemas: &[Arc<Schema>]) -> anyhow::Result<Files> {
        let mut files = Files::new();
        for schema in schemas {
            let bytes = self.workbook(schema, template::Prefill::default())?;
            let shared = schemas.iter().filter(|other| other.title == schema.title).count() > 1;
            let name = if shared { format!("{}（{}）", schema.title, schema.id) } else { schema.title.clone() };
            files.insert(format!("{}.xlsx", safe(&name)), bytes);
        }
        Ok(files)
    }

    /// One workbook for each unit, form and project: `部门/单位/表名-项目.xlsx`.
    fn parcels(mut self, parcels: &[Parcel]) -> anyhow::Result<Files> {
        let mut files = Files::new();
        // Some file systems take `A` for `a`.
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for parcel in parcels {
            let bytes = self.workbook(&parcel.schema, parcel.prefill.clone())?;
            let stem = format!("{}/{}/{}", safe(&parcel.department), safe(&parcel.unit), safe(&parcel.name));
            let mut name = format!("{stem}.xlsx");
            let mut number = 2;
            while !taken.insert(name.to_lowercase()) {
                name = format!("{stem}-{number}.xlsx");
                number += 1;
            }
            files.insert(name, bytes);
        }
        Ok(files)
    }

    fn workbook(&mut self, schema: &Arc<Schema>, prefill: template::Prefill) -> anyhow::Result<Vec<u8>> {
        let failed = || format!("不能生成表单 {}（{}）", schema.title, schema.id);
        if !self.rules.contains_key(&schema.id) {
            self.rules.insert(schema.id.clone(), rule_texts(schema, &self.policy).with_context(failed)?);
        }
        let rules = self.rules.get(&schema.id).map_or(&[][..], Vec::as_slice);
        let options = Options { year: self.args.year, month: self.args.month, prefill };
        template::write(&template::plan(schema, &self.policy, &options), rules).with_context(failed)
    }
}

/// One archive for each unit in place of its folder.
fn zipped(files: Files) -> anyhow::Result<Files> {
    let mut units: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for (path, bytes) in files {
        let (unit, name) = path.rsplit_once('/').unwrap_or(("", &path));
        units.entry(unit.to_owned()).or_default().push((name.to_owned(), bytes));
    }
    let archive = |(unit, files): (String, Vec<(String, Vec<u8>)>)| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        // A fixed date, so that the same forms give the same bytes; a workbook is packed already.
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        for (name, bytes) in files {
            writer.start_file(name, options)?;
            writer.write_all(&bytes)?;
        }
        Ok((format!("{unit}.zip"), writer.finish()?.into_inner()))
    };
    units.into_iter().map(archive).collect::<anyhow::Result<Files>>()
}

/// Writes all files below a folder, or none: what is there already is not touched unless forced.
fn write_all(dir: &Path, files: &BTreeMap<String, Vec<u8>>, force: bool) -> anyhow::Result<()> {
    let existing: Vec<&str> = files.keys().map(String::as_str).filter(|name| dir.join(name).exists()).collect();
    if let (Some(first), false) = (existing.first(), force) {
        let count = existing.len();
        bail!(
            "输出目录 {} 里已有 {first} 等 {count} 个同名文件，未覆盖。换一个输出目录，或加 --force 覆盖",
            dir.display()
        );
    }
    for (name, bytes) in files {
        let path = dir.join(name);
        write_file(&path, bytes)
            .map_err(|error| anyhow!(Error::new(path.display().to_string(), ErrorKind::Io(error))))?;
    }
    Ok(())
}

/// Into a temporary file, then renamed: nobody ever sees half of it.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut staged = PathBuf::from(path);
    staged.set_extension("未完成");
    fs::write(&staged, bytes)?;
    fs::rename(&staged, path)
}
