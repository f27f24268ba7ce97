//! `template`: blank workbooks for the units.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use jixiao::error::{Error, ErrorKind};
use jixiao::policy::Policy;
use jixiao::review::rule_texts;
use jixiao::schema::{Catalog, Schema};
use jixiao::template::{self, Options};
use jixiao::text::{label_key, similarity};

use super::args::TemplateArgs;
use super::outputs::safe;
use super::{CLEAN, say, settings, setup};

/// Writes the workbooks and says which.
pub(super) fn run(args: &TemplateArgs) -> anyhow::Result<u8> {
    let catalog = setup::catalog(args.schemas.as_deref())?;
    let policy = settings::policy(&args.policy)?;
    let schemas = chosen(&catalog, &args.forms)?;
    let files = blank_forms(args, &policy, &schemas)?;
    write_all(&args.out, &files, args.force)?;
    say(|out| {
        files.keys().try_for_each(|name| writeln!(out, "{}", args.out.join(name).display()))?;
        writeln!(out, "共 {} 个文件", files.len())
    })?;
    Ok(CLEAN)
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

/// One workbook a form, by file name.
fn blank_forms(
    args: &TemplateArgs,
    policy: &Policy,
    schemas: &[Arc<Schema>],
) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let options = Options { year: args.year, month: args.month, ..Options::default() };
    let mut files = BTreeMap::new();
    for schema in schemas {
        let bytes = workbook(schema, policy, &options)?;
        let shared = schemas.iter().filter(|other| other.title == schema.title).count() > 1;
        let name = if shared { format!("{}（{}）", schema.title, schema.id) } else { schema.title.clone() };
        files.insert(format!("{}.xlsx", safe(&name)), bytes);
    }
    Ok(files)
}

fn workbook(schema: &Arc<Schema>, policy: &Policy, options: &Options) -> anyhow::Result<Vec<u8>> {
    let failed = || format!("不能生成表单 {}（{}）", schema.title, schema.id);
    let rules = rule_texts(schema, policy).with_context(failed)?;
    template::write(&template::plan(schema, policy, options), &rules).with_context(failed)
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
