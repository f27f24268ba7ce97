//! The tables of the statistics, as every format shows them: columns, lines of cells, totals.
//!
//! Knows no format. A cell says what it is (a count, money, a share with both its sums), so that a workbook can hold a
//! live formula where a page holds a number, and both are the same figure.

use rust_decimal::Decimal;

/// A table: one sheet of 统计.xlsx, one section of 报告.html.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// Name of the sheet and of the anchor: 表1目标.
    pub(super) name: String,
    /// Over the table: 绩效目标编报及质量情况汇总表.
    pub(super) title: String,
    /// At its right: 单位：个、万元.
    pub(super) note: String,
    /// Sentences above it.
    pub(super) lead: Vec<String>,
    /// Columns from the left.
    pub(super) columns: Vec<Column>,
    /// Columns that stay in sight.
    pub(super) fixed: u16,
    /// Blocks of lines; a block with a heading is told apart.
    pub(super) blocks: Vec<Block>,
    /// Sentences below it.
    pub(super) notes: Vec<String>,
    /// Whether a reader filters it: a list of single things, not a summary.
    pub(super) is_list: bool,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Its head.
    pub(super) title: &'static str,
    /// Width in characters of Latin text.
    pub(super) width: u32,
}

/// Lines under a heading, with their total.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Block {
    /// 2022年度项目绩效目标; empty for a table of one block.
    pub(super) heading: String,
    /// The lines.
    pub(super) lines: Vec<Line>,
    /// The total of the lines: its counts and amounts are sums of theirs, unless a cell says otherwise.
    pub(super) total: Option<Vec<Cell>>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    /// What a [`Drill`] finds it by: occasion, department, unit, … from the most general on. Lines of a list are ordered by
    /// it, so that what a drill finds stands together.
    pub(super) path: Vec<String>,
    /// One a column; missing ones at the end are blank.
    pub(super) cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// Words in the middle of the cell.
    Word(String),
    /// A count, and where the things stand that were counted.
    Count(usize, Option<Drill>),
    /// A count in a total that is not the sum of the lines above: units that stand in two departments' lines.
    Distinct(usize),
    /// Money in 万元; in a total the sum of the lines above.
    Amount(Option<Decimal>),
    /// Money in a total that is not the sum of the lines above.
    DistinctAmount(Decimal),
    /// Points, a mean, a rate that no other cell of the line gives.
    Figure(Option<Decimal>),
    /// A fraction shown as a percentage, not computable from the line; not rounded, or it would be rounded twice.
    Percent(Option<Decimal>),
    /// A figure that a formula gives, with its result.
    Calculated {
        /// Without `=`.
        formula: String,
        /// What it gives now.
        result: Decimal,
    },
    /// Cells of the same line divided by each other, zero-based columns; shown as a percentage, `—` for nothing to divide by.
    Share {
        /// Columns whose sum is divided.
        part: &'static [u16],
        /// Columns whose sum it is divided by.
        whole: &'static [u16],
        /// Both sums.
        result: (Decimal, Decimal),
    },
    /// The name of another table, and the way to it.
    Sheet(String),
    /// Words that open a returned workbook.
    Link {
        /// Path from the folder of the statistics, `/` between its parts.
        path: String,
        /// The place in that file, as `'表'!H7`; empty for none.
        place: String,
        /// What is shown.
        text: String,
    },
}

/// Where the things stand that were counted: lines of a list whose path begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drill {
    /// Name of the list's table.
    pub(super) table: &'static str,
    /// The beginning of the lines' path.
    pub(super) path: Vec<String>,
    /// What further columns of the list say there: head and words.
    pub(super) also: Vec<(&'static str, String)>,
}

impl Block {
    /// Lines with their total. A count or an amount of the total that is not the sum of the lines (a unit in two lines is one
    /// unit) is told as what it is.
    pub(super) fn new(heading: String, lines: Vec<Line>, total: Vec<Cell>) -> Self {
        let column = |at: usize| lines.iter().filter_map(move |line| line.cells.get(at));
        let settle = |(at, cell): (usize, Cell)| match cell {
            Cell::Count(count, drill) => {
                let count_of = |cell: &Cell| if let Cell::Count(count, _) = cell { *count } else { 0 };
                if column(at).map(count_of).sum::<usize>() == count {
                    Cell::Count(count, drill)
                } else {
                    Cell::Distinct(count)
                }
            }
            Cell::Amount(Some(amount)) => {
                let amount_of =
                    |cell: &Cell| if let Cell::Amount(Some(amount)) = cell { *amount } else { Decimal::ZERO };
                if column(at).map(amount_of).sum::<Decimal>() == amount {
                    Cell::Amount(Some(amount))
                } else {
                    Cell::DistinctAmount(amount)
                }
            }
            cell => cell,
        };
        let total = Some(total.into_iter().enumerate().map(settle).collect());
        Self { heading, lines, total }
    }
}

impl Line {
    /// Whether its cells of these columns say these words.
    pub(super) fn says(&self, words: &[(usize, &str)]) -> bool {
        words.iter().all(
            |(at, words)| matches!(self.cells.get(*at), Some(Cell::Text(text) | Cell::Word(text)) if text == words),
        )
    }
}

impl Cell {
    /// Words.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Words in the middle of the cell.
    pub(super) fn word(text: impl Into<String>) -> Self {
        Self::Word(text.into())
    }

    /// A count that leads nowhere.
    pub(super) fn count(count: usize) -> Self {
        Self::Count(count, None)
    }
}

/// A chart beside the tables.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// Over it.
    pub(super) title: String,
    /// What it shows.
    pub(super) kind: ChartKind,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ChartKind {
    /// A bar a label and series: coverage by department (one series, fractions), grades by form (four series, stacked).
    Bars {
        /// From the top.
        labels: Vec<String>,
        /// Name and a value a label.
        series: Vec<(String, Vec<Decimal>)>,
        /// Whether the series stand on each other.
        stacked: bool,
        /// Whether the values are fractions shown as percentages.
        percent: bool,
    },
    /// Bars from the highest, with the share they sum up to (帕累托图).
    Pareto {
        /// From the highest.
        labels: Vec<String>,
        /// Of each label.
        counts: Vec<usize>,
        /// All, those without a bar included.
        all: usize,
    },
    /// Dots: money × quality.
    Points {
        /// 预算金额（万元）.
        across: String,
        /// 质量得分.
        up: String,
        /// Across, up, what it is.
        points: Vec<(Decimal, Decimal, String)>,
    },
}
