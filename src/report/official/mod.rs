//! The texts that a bureau writes from the statistics: 工作开展情况说明, 通报, 催报.
//!
//! Each is a pure function from the statistics to a [`text::Text`], which is then written as a document or as words; so that
//! all formats say the same.

mod account;
mod circular;
mod docx;
mod figures;
mod markdown;
mod notes;
mod plain;
mod reminders;
mod sentences;
mod sources;
mod text;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use chrono::NaiveDate;

use super::tables::Material;

/// A format of 说明 and 通报.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountFormat {
    /// A Word document in the layout of official documents; figures have footnotes.
    Docx,
    /// Markdown, with the same footnotes.
    Markdown,
}

/// A format of 催报.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReminderFormat {
    /// One Word document, a page a unit.
    Docx,
    /// Plain text to be copied into a chat.
    Text,
}

/// Writes the draft of the yearly 工作开展情况说明. It is dated with the day, where one is given, else as the letterhead says.
///
/// # Errors
/// What the writer reports.
pub fn write_account(
    material: &Material<'_>,
    day: Option<NaiveDate>,
    format: AccountFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(&account::account(material, day), format, out)
}

/// Writes the draft of the 通报 of a round.
///
/// # Errors
/// What the writer reports.
pub fn write_circular(
    material: &Material<'_>,
    day: Option<NaiveDate>,
    format: AccountFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(&circular::circular(material, day), format, out)
}

/// Writes the 催报 of every unit that has not handed in what it owes; a text that says so where there is none.
///
/// # Errors
/// What the writer reports.
pub fn write_reminders(
    material: &Material<'_>,
    day: Option<NaiveDate>,
    format: ReminderFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    let texts = reminders::reminders(material, day);
    match format {
        ReminderFormat::Docx => docx::write(&texts, out),
        ReminderFormat::Text => plain::write(&texts, out),
    }
}

fn write(text: &text::Text, format: AccountFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        AccountFormat::Docx => docx::write(std::slice::from_ref(text), out),
        AccountFormat::Markdown => markdown::write(text, out),
    }
}
