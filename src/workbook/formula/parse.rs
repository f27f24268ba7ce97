//! From the text of a formula to an expression; `None` at the first sign that is not of the subset.

use rust_decimal::Decimal;

use crate::address::{CellRange, CellRef};

/// How deep brackets may nest.
const DEEPEST: usize = 32;

/// A formula, understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(Decimal),
    Text(String),
    /// One cell or a range.
    Area(CellRange),
    Negative(Box<Expression>),
    Percent(Box<Expression>),
    Binary(Sign, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
}

/// A sign between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Equal,
    Unequal,
    Less,
    More,
    AtMost,
    AtLeast,
}

/// A function of the subset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Sum,
    Product,
    Average,
    Count,
    Min,
    Max,
    Abs,
    Round,
    RoundDown,
    RoundUp,
    If,
    IfError,
    And,
    Or,
    IsNumber,
}

impl Function {
    fn named(name: &str) -> Option<Self> {
        const NAMES: [(&str, Function); 15] = [
            ("SUM", Function::Sum),
            ("PRODUCT", Function::Product),
            ("AVERAGE", Function::Average),
            ("COUNT", Function::Count),
            ("MIN", Function::Min),
            ("MAX", Function::Max),
            ("ABS", Function::Abs),
            ("ROUND", Function::Round),
            ("ROUNDDOWN", Function::RoundDown),
            ("ROUNDUP", Function::RoundUp),
            ("IF", Function::If),
            ("IFERROR", Function::IfError),
            ("AND", Function::And),
            ("OR", Function::Or),
            ("ISNUMBER", Function::IsNumber),
        ];
        NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, function)| *function)
    }
}

impl Expression {
    /// The addresses it names, in its order.
    pub(super) fn areas(&self) -> Vec<CellRange> {
        match self {
            Self::Number(_) | Self::Text(_) => Vec::new(),
            Self::Area(area) => vec![*area],
            Self::Negative(inner) | Self::Percent(inner) => inner.areas(),
            Self::Binary(_, left, right) => [left.areas(), right.areas()].concat(),
            Self::Call(_, arguments) => arguments.iter().flat_map(Self::areas).collect(),
        }
    }
}

/// The expression that the text of a formula says.
pub(super) fn expression(text: &str) -> Option<Expression> {
    let mut parser = Parser { rest: text.trim().trim_start_matches('='), depth: 0 };
    let whole = parser.comparison()?;
    parser.spaces();
    parser.rest.is_empty().then_some(whole)
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.spaces();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn one_of(&mut self, signs: &[(&str, Sign)]) -> Option<Sign> {
        signs.iter().find(|(written, _)| self.take(written)).map(|(_, sign)| *sign)
    }

    fn comparison(&mut self) -> Option<Expression> {
        const SIGNS: [(&str, Sign); 6] = [
            ("<=", Sign::AtMost),
            (">=", Sign::AtLeast),
            ("<>", Sign::Unequal),
            ("<", Sign::Less),
            (">", Sign::More),
            ("=", Sign::Equal),
        ];
        self.binary(&SIGNS, Self::sum)
    }

    fn sum(&mut self) -> Option<Expression> {
        self.binary(&[("+", Sign::Plus), ("-", Sign::Minus)], Self::product)
    }

    fn product(&mut self) -> Option<Expression> {
        self.binary(&[("*", Sign::Times), ("/", Sign::Over)], Self::signed)
    }

    fn binary(&mut self, signs: &[(&str, Sign)], operand: fn(&mut Self) -> Option<Expression>) -> Option<Expression> {
        let mut left = operand(self)?;
        while let Some(sign) = self.one_of(signs) {
            left = Expression::Binary(sign, Box::new(left), Box::new(operand(self)?));
        }
        Some(left)
    }

    fn signed(&mut self) -> Option<Expression> {
        let mut negative = false;
        loop {
            if self.take("-") {
                negative = !negative;
            } else if !self.take("+") {
                break;
            }
        }
        let mut value = self.operand()?;
        while self.take("%") {
            value = Expression::Percent(Box::new(value));
        }
        Some(if negative { Expression::Negative(Box::new(value)) } else { value })
    }

    fn operand(&mut self) -> Option<Expression> {
        if self.take("(") {
            return self.inside(|parser| {
                let inner = parser.comparison()?;
                parser.take(")").then_some(inner)
            });
        }
        if self.take("\"") {
            return self.text();
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return self.number();
        }
        let word = self.word()?;
        if self.take("(") {
            let function = Function::named(word)?;
            return self.inside(|parser| parser.arguments()).map(|arguments| Expression::Call(function, arguments));
        }
        let start: CellRef = word.parse().ok()?;
        if !self.take(":") {
            return Some(Expression::Area(start.into()));
        }
        self.spaces();
        let end: CellRef = self.word()?.parse().ok()?;
        Some(Expression::Area(CellRange::new(start, end)))
    }

    /// Reads one level further down.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn arguments(&mut self) -> Option<Vec<Expression>> {
        let mut arguments = vec![self.comparison()?];
        loop {
            if self.take(")") {
                return Some(arguments);
            }
            // OpenDocument separates arguments with `;`.
            if !self.take(",") && !self.take(";") {
                return None;
            }
            arguments.push(self.comparison()?);
        }
    }

    /// The rest of a text whose first quote is taken; a doubled quote is not worth reading.
    fn text(&mut self) -> Option<Expression> {
        let (inner, rest) = self.rest.split_once('"')?;
        self.rest = rest;
        (!rest.starts_with('"')).then(|| Expression::Text(inner.to_owned()))
    }

    fn number(&mut self) -> Option<Expression> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        // `2E3`, `300天`: no number of a form.
        let ends = !rest.starts_with(char::is_alphabetic);
        ends.then(|| digits.parse().ok().map(Expression::Number)).flatten()
    }

    /// A name or an address.
    fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '$').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        // A name of another sheet or of the workbook goes on with signs that are not of the subset.
        let ends = !rest.starts_with(|c: char| c == '!' || c == '_' || c == '.' || c.is_alphabetic());
        (ends && !word.is_empty()).then_some(word)
    }
}
