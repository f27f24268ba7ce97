//! jixiao (绩效) reads the Excel forms of Chinese budget performance management (预算绩效管理), recognises each by a
//! schema file, checks and grades it, writes the unit's own workbook back with marks, and counts coverage.
//!
//! The way of a workbook, floor by floor (imports point down only):
//!
//! ```text
//! cli        commands, exit codes; the only place that prints (in the binary)
//! report     the round as text, JSON, CSV, workbook
//! calibrate  the rules against marks of reviewers
//! annotate   findings drawn onto the unit's workbook      coverage   roster against submissions     manifest   the record
//! review     inputs -> a Round of graded submissions; the only user of threads
//! rules      the table of rules                            register   the table as a policy has it
//! previous   earlier rounds     diff   two rounds compared     decisions   what the bureau decided on explanations
//! form       recognition and extraction     grade   points, bands, ledger     roster   units, projects, who must hand in what
//! template   blank forms and books to be sent out
//! workbook   bytes of any format -> sheets of cells       intake     paths -> inputs
//! schema, policy   files -> models that cannot be invalid; config   a round's jixiao.toml
//! ooxml      parts, byte-range edits, styles, comments    finding    value    toml_file
//! address    text    error    digest   what a file was     docx   official letters
//! ```
//!
//! The library works on memory and stays silent: only `intake` and the binary touch the file system.

pub mod address;
pub mod annotate;
pub mod calibrate;
pub mod config;
pub mod coverage;
pub mod decisions;
pub mod diff;
pub mod digest;
pub mod docx;
pub mod error;
pub mod finding;
pub mod form;
pub mod grade;
pub mod intake;
pub mod manifest;
pub mod ooxml;
pub mod policy;
pub mod previous;
pub mod register;
pub mod report;
pub mod review;
pub mod roster;
pub mod rules;
pub mod schema;
pub mod template;
pub mod text;
mod toml_file;
pub mod value;
pub mod workbook;
