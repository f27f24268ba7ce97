//! An official text, whatever it is written as: title, headings, paragraphs, lists, tables.
//!
//! A figure carries the place where it stands in the statistics; words a person has to add are a [`Piece::Blank`].

/// A text from its title to its date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text {
    /// The title, in the lines that it breaks into where it is too long for one.
    pub(super) title: Vec<String>,
    /// What follows.
    pub(super) blocks: Vec<Block>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// 发文字号.
    Number(String),
    /// 一级标题: 一、….
    Heading(String),
    /// 二级标题: （一）….
    Subheading(String),
    /// 主送机关.
    Address(String),
    /// A paragraph.
    Paragraph(Sentences),
    /// Paragraphs numbered from 1.
    List(Vec<Sentences>),
    /// A table under its caption.
    Table(Table),
    /// 署名 and 成文日期.
    Signature {
        /// 署名.
        by: String,
        /// 成文日期.
        date: String,
    },
}

/// A table; where its figures stand is told at its caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Over it.
    pub(super) caption: String,
    /// Where its figures stand.
    pub(super) source: Source,
    /// Columns: head and share of the width.
    pub(super) columns: Vec<(&'static str, u32)>,
    /// Columns whose words stand at the left.
    pub(super) left: Vec<usize>,
    /// Lines, one text a column.
    pub(super) lines: Vec<Vec<String>>,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words.
    Words(String),
    /// What a form says or is told of it, word for word; its figures are the form's.
    Quoted(String),
    /// A figure with its unit of measure: 546个, 63,614万元, 96.4%.
    Figure(String, Source),
    /// 【待补充：…】: what a person has to add, and where it usually stands.
    Blank(String),
}

/// Where a figure stands: a column of a line of a table of 统计.xlsx, or a switch of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// The line.
    pub(super) at: Place,
    /// The column's head, or the switch; empty for the line or table as a whole.
    pub(super) column: &'static str,
}

/// Where in the statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Name of the sheet.
    pub(super) table: &'static str,
    /// Heading of the block; empty in a table of one.
    pub(super) block: String,
    /// Which line of the block.
    pub(super) row: Row,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// The one that a cell names.
    Named(String),
    /// 合计.
    Total,
    /// All lines of it, which were counted; of an occasion where one is named.
    All(String),
    /// The sentences above the table.
    Lead,
    /// No line: a switch of the policy.
    Policy,
}

impl Place {
    /// A figure of it.
    pub(super) fn column(&self, column: &'static str) -> Source {
        Source { at: self.clone(), column }
    }
}

/// The pieces of a paragraph, written from the left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sentences(pub(super) Vec<Piece>);

impl Sentences {
    /// Begins with words.
    pub(super) fn of(words: impl Into<String>) -> Self {
        Self(vec![Piece::Words(words.into())])
    }

    /// Words.
    pub(super) fn say(&mut self, words: impl Into<String>) -> &mut Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// What a form says or is told of it.
    pub(super) fn quote(&mut self, words: impl Into<String>) -> &mut Self {
        self.0.push(Piece::Quoted(words.into()));
        self
    }

    /// A figure.
    pub(super) fn figure(&mut self, figure: impl Into<String>, source: Source) -> &mut Self {
        self.0.push(Piece::Figure(figure.into(), source));
        self
    }

    /// What a person has to add.
    pub(super) fn blank(&mut self, what: &str) -> &mut Self {
        self.0.push(Piece::Blank(format!("【待补充：{what}】")));
        self
    }

    /// Other pieces behind.
    pub(super) fn join(&mut self, other: Self) -> &mut Self {
        self.0.extend(other.0);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Text {
    pub(super) fn new(title: impl Into<Vec<String>>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// The title on one line.
    pub(super) fn title(&self) -> String {
        self.title.concat()
    }

    pub(super) fn heading(&mut self, words: impl Into<String>) {
        self.blocks.push(Block::Heading(words.into()));
    }

    pub(super) fn subheading(&mut self, words: impl Into<String>) {
        self.blocks.push(Block::Subheading(words.into()));
    }

    /// A paragraph; none of no pieces.
    pub(super) fn paragraph(&mut self, sentences: Sentences) {
        if !sentences.is_empty() {
            self.blocks.push(Block::Paragraph(sentences));
        }
    }
}
