//! What an expression gives over the cells of a sheet.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

use super::parse::{self, Expression, Function, Sign};
use crate::address::{CellRange, CellRef};
use crate::workbook::cell::Content;
use crate::workbook::sheet::Sheet;

/// How many cells one formula may touch, all that it rests on included: forms have a few dozen.
pub(super) const MOST_CELLS: usize = 2_000;
/// How many formulas may rest one on the other.
pub(super) const LONGEST_CHAIN: usize = 24;

/// What is taken for known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Every cell's kept content, that of formulas too.
    AsKept,
    /// Only what was typed: formulas are calculated anew, where that can be done.
    Anew,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// The cell would show an error such as `#DIV/0!`.
    Error,
    /// Not of the subset: where a formula rests on such a cell, its kept content serves.
    Unknown,
    /// A circle, or too much to follow.
    Lost,
}

/// What a formula gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Blank,
    Number(Decimal),
    Text(String),
    Bool(bool),
}

pub(super) struct Calculator<'a> {
    sheet: &'a Sheet,
    known: Known,
    touched: usize,
    chain: Vec<CellRef>,
    calculated: BTreeMap<CellRef, Value>,
}

impl<'a> Calculator<'a> {
    pub(super) fn new(sheet: &'a Sheet, known: Known) -> Self {
        Self { sheet, known, touched: 0, chain: Vec::new(), calculated: BTreeMap::new() }
    }

    /// The number that the formula of a cell gives.
    pub(super) fn number_of(&mut self, at: CellRef, expression: &Expression) -> Option<Decimal> {
        match self.given_by(at, expression) {
            Ok(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// What the formula of a cell gives.
    pub(super) fn given_by(&mut self, at: CellRef, expression: &Expression) -> Result<Value, Halt> {
        self.chain.push(at);
        let value = self.value(expression);
        self.chain.pop();
        value
    }

    /// The number of one cell, the sum of the numbers of a range.
    pub(super) fn total_of(&mut self, area: CellRange) -> Option<Decimal> {
        let numbers = self.numbers_in(area).ok().filter(|numbers| !numbers.is_empty())?;
        sum(&numbers).ok()
    }

    /// The cells whose formulas were calculated on the way.
    pub(super) fn into_calculated(self) -> BTreeSet<CellRef> {
        self.calculated.into_keys().collect()
    }

    fn value(&mut self, expression: &Expression) -> Result<Value, Halt> {
        match expression {
            Expression::Number(number) => Ok(Value::Number(*number)),
            Expression::Text(text) => Ok(Value::Text(text.clone())),
            Expression::Area(area) if area.start == area.end => self.cell(area.start),
            Expression::Area(_) => Err(Halt::Unknown),
            Expression::Negative(inner) => Ok(Value::Number(-self.number(inner)?)),
            Expression::Percent(inner) => Ok(Value::Number(self.number(inner)? / Decimal::ONE_HUNDRED)),
            Expression::Binary(sign, left, right) => self.binary(*sign, left, right),
            Expression::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    fn number(&mut self, expression: &Expression) -> Result<Decimal, Halt> {
        as_number(&self.value(expression)?)
    }

    /// What stands in a cell. That of a merged region stands in its first cell alone, as in Excel.
    fn cell(&mut self, at: CellRef) -> Result<Value, Halt> {
        self.touched += 1;
        let is_circle = self.known == Known::Anew && self.chain.contains(&at);
        if self.touched > MOST_CELLS || self.chain.len() > LONGEST_CHAIN || is_circle {
            return Err(Halt::Lost);
        }
        if let Some(value) = self.calculated.get(&at) {
            return Ok(value.clone());
        }
        let Some(cell) = self.sheet.stored(at) else { return Ok(Value::Blank) };
        let formula = cell.formula.as_deref().filter(|_| self.known == Known::Anew);
        let anew = formula.filter(|text| text.len() <= super::LONGEST).and_then(parse::expression);
        if let Some(expression) = anew {
            self.chain.push(at);
            let value = self.value(&expression);
            self.chain.pop();
            match value {
                Ok(value) => {
                    self.calculated.insert(at, value.clone());
                    return Ok(value);
                }
                Err(Halt::Unknown) => {}
                Err(halt) => return Err(halt),
            }
        }
        match &cell.content {
            // A formula whose result the file does not keep.
            Content::Blank if cell.formula.is_some() => Err(Halt::Unknown),
            Content::Blank => Ok(Value::Blank),
            Content::Text(text) => Ok(Value::Text(text.clone())),
            Content::Number(number) => Ok(Value::Number(*number)),
            Content::Bool(value) => Ok(Value::Bool(*value)),
            Content::Date(_) => Err(Halt::Unknown),
            Content::Error(_) => Err(Halt::Error),
        }
    }

    /// The numbers that functions over ranges see in an area: words and truth values in cells do not count.
    fn numbers_in(&mut self, area: CellRange) -> Result<Vec<Decimal>, Halt> {
        let mut numbers = Vec::new();
        let sheet = self.sheet;
        for row in area.start.row..=area.end.row {
            self.touched += 1;
            if self.touched > MOST_CELLS {
                return Err(Halt::Lost);
            }
            for (at, _) in sheet.row(row).filter(|(at, _)| area.contains(*at)) {
                if let Value::Number(number) = self.cell(at)? {
                    numbers.push(number);
                }
            }
        }
        Ok(numbers)
    }

    fn numbers(&mut self, arguments: &[Expression]) -> Result<Vec<Decimal>, Halt> {
        let mut numbers = Vec::new();
        for argument in arguments {
            match argument {
                Expression::Area(area) => numbers.extend(self.numbers_in(*area)?),
                other => numbers.push(self.number(other)?),
            }
        }
        Ok(numbers)
    }

    fn binary(&mut self, sign: Sign, left: &Expression, right: &Expression) -> Result<Value, Halt> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let arithmetic = |of: fn(Decimal, Decimal) -> Option<Decimal>| {
            of(as_number(&left)?, as_number(&right)?).map(Value::Number).ok_or(Halt::Unknown)
        };
        match sign {
            Sign::Plus => arithmetic(Decimal::checked_add),
            Sign::Minus => arithmetic(Decimal::checked_sub),
            Sign::Times => arithmetic(Decimal::checked_mul),
            Sign::Over => match as_number(&right)?.is_zero() {
                true => as_number(&left).and(Err(Halt::Error)),
                false => arithmetic(Decimal::checked_div),
            },
            Sign::Equal => Ok(Value::Bool(compare(&left, &right)?.is_eq())),
            Sign::Unequal => Ok(Value::Bool(compare(&left, &right)?.is_ne())),
            Sign::Less => Ok(Value::Bool(compare(&left, &right)?.is_lt())),
            Sign::More => Ok(Value::Bool(compare(&left, &right)?.is_gt())),
            Sign::AtMost => Ok(Value::Bool(compare(&left, &right)?.is_le())),
            Sign::AtLeast => Ok(Value::Bool(compare(&left, &right)?.is_ge())),
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expression]) -> Result<Value, Halt> {
        match (function, arguments) {
            (Function::If, [condition, yes]) => match self.truth(condition)? {
                true => self.value(yes),
                false => Ok(Value::Bool(false)),
            },
            (Function::If, [condition, yes, no]) => match self.truth(condition)? {
                true => self.value(yes),
                false => self.value(no),
            },
            (Function::IfError, [value, instead]) => match self.value(value) {
                Err(Halt::Error) => self.value(instead),
                other => other,
            },
            (Function::And, _) => {
                let all = arguments.iter().map(|argument| self.truth(argument)).collect::<Result<Vec<_>, _>>()?;
                Ok(Value::Bool(all.into_iter().all(|truth| truth)))
            }
            (Function::Or, _) => {
                let all = arguments.iter().map(|argument| self.truth(argument)).collect::<Result<Vec<_>, _>>()?;
                Ok(Value::Bool(all.into_iter().any(|truth| truth)))
            }
            (Function::IsNumber, [value]) => match self.value(value) {
                Err(halt @ (Halt::Unknown | Halt::Lost)) => Err(halt),
                value => Ok(Value::Bool(matches!(value, Ok(Value::Number(_))))),
            },
            (Function::Abs, [value]) => Ok(Value::Number(self.number(value)?.abs())),
            (Function::Round | Function::RoundDown | Function::RoundUp, [value, places]) => {
                let strategy = match function {
                    Function::RoundDown => RoundingStrategy::ToZero,
                    Function::RoundUp => RoundingStrategy::AwayFromZero,
                    _ => RoundingStrategy::MidpointAwayFromZero,
                };
                rounded(self.number(value)?, self.number(places)?, strategy)
            }
            (Function::Count, _) if arguments.iter().all(|a| matches!(a, Expression::Area(_))) => {
                Ok(Value::Number(self.numbers(arguments)?.len().into()))
            }
            (Function::Sum, _) => Ok(Value::Number(sum(&self.numbers(arguments)?)?)),
            (Function::Product, _) => {
                let numbers = self.numbers(arguments)?;
                let product = numbers.iter().try_fold(Decimal::ONE, |product, number| product.checked_mul(*number));
                product.filter(|_| !numbers.is_empty()).map(Value::Number).ok_or(Halt::Unknown)
            }
            (Function::Average, _) => {
                let numbers = self.numbers(arguments)?;
                sum(&numbers)?.checked_div(numbers.len().into()).map(Value::Number).ok_or(Halt::Error)
            }
            (Function::Min, _) => Ok(Value::Number(self.numbers(arguments)?.into_iter().min().unwrap_or_default())),
            (Function::Max, _) => Ok(Value::Number(self.numbers(arguments)?.into_iter().max().unwrap_or_default())),
            _ => Err(Halt::Unknown),
        }
    }

    fn truth(&mut self, expression: &Expression) -> Result<bool, Halt> {
        match self.value(expression)? {
            Value::Bool(truth) => Ok(truth),
            Value::Number(number) => Ok(!number.is_zero()),
            Value::Blank => Ok(false),
            Value::Text(_) => Err(Halt::Error),
        }
    }
}

fn as_number(value: &Value) -> Result<Decimal, Halt> {
    match value {
        Value::Blank => Ok(Decimal::ZERO),
        Value::Number(number) => Ok(*number),
        Value::Bool(truth) => Ok(if *truth { Decimal::ONE } else { Decimal::ZERO }),
        // Excel reads some texts as numbers, WPS and LibreOffice others.
        Value::Text(text) => match Decimal::from_str(text.trim()) {
            Ok(number) => Ok(number),
            Err(_) if text.chars().any(char::is_numeric) => Err(Halt::Unknown),
            Err(_) => Err(Halt::Error),
        },
    }
}

/// A blank is as good as 0 and as an empty text.
fn compare(left: &Value, right: &Value) -> Result<std::cmp::Ordering, Halt> {
    match (left, right) {
        (Value::Number(_) | Value::Blank, Value::Number(_) | Value::Blank) => {
            Ok(as_number(left)?.cmp(&as_number(right)?))
        }
        (Value::Text(left), Value::Text(right)) => match left == right {
            true => Ok(std::cmp::Ordering::Equal),
            // Which of two words comes first is a matter of the language set.
            false if left.is_empty() => Ok(std::cmp::Ordering::Less),
            false if right.is_empty() => Ok(std::cmp::Ordering::Greater),
            false => Err(Halt::Unknown),
        },
        (Value::Blank, Value::Text(text)) => Ok("".cmp(text.as_str())),
        (Value::Text(text), Value::Blank) => Ok(text.as_str().cmp("")),
        // Every text is more than any number.
        (Value::Number(_), Value::Text(_)) => Ok(std::cmp::Ordering::Less),
        (Value::Text(_), Value::Number(_)) => Ok(std::cmp::Ordering::Greater),
        _ => Err(Halt::Unknown),
    }
}

fn sum(numbers: &[Decimal]) -> Result<Decimal, Halt> {
    numbers.iter().try_fold(Decimal::ZERO, |sum, number| sum.checked_add(*number)).ok_or(Halt::Unknown)
}

/// Rounded to so many places after the digits that Excel works with, so that 1 ÷ 3 × 3 is 1.
fn rounded(value: Decimal, places: Decimal, strategy: RoundingStrategy) -> Result<Value, Halt> {
    let places = u32::try_from(places).map_err(|_| Halt::Unknown)?;
    let value = value.round_sf(15).ok_or(Halt::Unknown)?;
    Ok(Value::Number(value.round_dp_with_strategy(places, strategy)))
}
