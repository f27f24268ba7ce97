//! Values with their places, and evidence, as a part of a round keeps them for the others and a run for the next: whole, and
//! short. Most cells say what they mean, so their text stands once.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record::{Evidence, Field, Provenance, Reading, Stale, Stored};
use crate::address::CellRef;
use crate::value::Value;

/// Where a value stands and what is written there.
#[derive(Serialize, Deserialize)]
struct Place<'a>(CellRef, Stored, Cow<'a, str>, Cow<'a, Option<String>>, Cow<'a, Option<Box<Stale>>>);

/// The same of a value; what it means is left out where that is its text.
#[derive(Serialize, Deserialize)]
struct Whole<'a>(Place<'a>, Cow<'a, Option<Reading>>);

impl<'a> From<&'a Provenance> for Place<'a> {
    fn from(of: &'a Provenance) -> Self {
        Self(of.cell, of.stored, Cow::Borrowed(&of.text), Cow::Borrowed(&of.formula), Cow::Borrowed(&of.stale))
    }
}

impl From<Place<'_>> for Provenance {
    fn from(Place(cell, stored, text, formula, stale): Place<'_>) -> Self {
        let (text, formula, stale) = (text.into_owned(), formula.into_owned(), stale.into_owned());
        Self { cell, text, stored, formula, stale }
    }
}

impl Serialize for Provenance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Place::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Provenance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Place::deserialize(deserializer).map(Self::from)
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let told = match &self.reading {
            Reading::Value(Value::Text(text)) if *text == self.provenance.text => None,
            reading => Some(reading.clone()),
        };
        Whole(Place::from(&self.provenance), Cow::Owned(told)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Whole(place, told) = Whole::deserialize(deserializer)?;
        let provenance = Provenance::from(place);
        let reading = told.into_owned().unwrap_or_else(|| Reading::Value(Value::Text(provenance.text.clone())));
        Ok(Self { reading, provenance })
    }
}

/// A piece of evidence; its points to the last bit.
#[derive(Serialize, Deserialize)]
struct Sign<'a>(Option<CellRef>, Cow<'a, str>, u64);

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Sign(self.cell, Cow::Borrowed(&self.what), self.points.to_bits()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Sign(cell, what, points) = Sign::deserialize(deserializer)?;
        Ok(Self { cell, what: what.into_owned(), points: f64::from_bits(points) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_part_keeps_of_a_cell_is_the_whole_of_it() {
        let place = |text: &str, stored| Provenance {
            cell: CellRef::new(6, 7),
            text: text.to_owned(),
            stored,
            formula: Some("SUM(H2:H6)".to_owned()),
            stale: None,
        };
        let stale = Some(Box::new(Stale {
            outdated: crate::workbook::Outdated {
                value: "1.50".parse().expect("a number"),
                inputs: vec![("A1:B2".parse().expect("a range"), None)],
                through: std::iter::once(CellRef::new(1, 1)).collect(),
                own: true,
            },
            reading: Reading::Value(Value::Number("1.50".parse().expect("a number"))),
            text: "1.50".to_owned(),
        }));
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day");
        for (reading, stored, text) in [
            (Reading::Blank, Stored::Blank, ""),
            (Reading::NotApplicable, Stored::Text, "—"),
            (Reading::Unreadable("不是数字".to_owned()), Stored::Error, "#REF!"),
            (Reading::Value(Value::Text("清水渠".to_owned())), Stored::Text, "清水渠"),
            (Reading::Value(Value::Text("清水渠".to_owned())), Stored::Text, " 清水渠"),
            (Reading::Value(Value::Number("0.980".parse().expect("a number"))), Stored::Number, "98%"),
            (Reading::Value(Value::Date(day)), Stored::Date, "2026-03-01"),
            (Reading::Value(Value::Bool(true)), Stored::Bool, "是"),
        ] {
            let provenance = Provenance { stale: stale.clone(), ..place(text, stored) };
            let field = Field { reading, provenance };
            let text = serde_json::to_string(&field).expect("written");
            assert_eq!(serde_json::from_str::<Field>(&text).expect(&text), field);
        }
    }
}
