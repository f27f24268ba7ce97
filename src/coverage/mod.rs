//! The statistics: roster against submissions, grades, projects and money, findings by rule, what can be assessed.
//!
//! Facts of a round are gathered from it, or read from 结果.json; everything else is a pure function of them. Every share
//! keeps numerator and denominator. A unit the roster does not know, and a project the ledger does not know, is listed with
//! the nearest name and never merged silently. Judges nothing.

mod assess;
mod count;
mod counts;
mod facts;
mod gather;
#[cfg(test)]
mod made_up;
mod merge;
mod occasion;
mod read;
mod sample;
mod standing;
mod statistics;

pub use assess::{Assessed, Part, assess};
pub use count::{Grades, Ratio, mended};
pub use counts::{Counts, Covered, Forms, Mean, Money};
pub use facts::{
    DueFact, EarlierFact, Facts, FaultFact, FormFact, Item, LightFact, ProjectFact, RoundFacts, UnitFact, UnjudgedFact,
};
pub use gather::Beside;
pub use occasion::Occasion;
pub use sample::{Draw, Drawn, Quota, Sample, sample};
pub use standing::{Due, Line, Standing};
pub use statistics::{
    CATEGORIES, CategoryCount, DepartmentGroup, FaultCount, OccasionCounts, Statistics, TrendPoint, UnitGroup, Unknown,
};
