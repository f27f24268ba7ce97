//! The statistics of a round: roster against submissions, grades, projects and money, findings by rule.
//!
//! Every share keeps numerator and denominator. A unit the roster does not know, and a project the ledger does not know,
//! is listed with the nearest name and never merged silently. Judges nothing.

mod assess;
mod count;
mod counts;
mod expected;
mod facts;
mod faults;
mod gather;
mod mending;
mod merge;
mod occasion;
mod standing;
mod statistics;

pub use assess::{Assessed, Part, assess};
pub use count::{Grades, Ratio};
pub use counts::{Counts, Covered, Forms, Mean};
pub use expected::{Coverage, FormLine, MissingForms, Money, UnitLine, UnknownProject, UnknownUnit, measure};
pub use facts::{
    DueFact, EarlierFact, Facts, FaultFact, FormFact, Item, LightFact, ProjectFact, RoundFacts, UnitFact, UnjudgedFact,
};
pub use faults::{FaultLine, faults};
pub use gather::Beside;
pub use mending::{Mending, mended, mending_of};
pub use occasion::Occasion;
pub use standing::{Due, Line, Standing};
pub use statistics::{
    CategoryCount, DepartmentGroup, FaultCount, Mended, OccasionCounts, Statistics, TrendPoint, UnitGroup, Unknown,
};
