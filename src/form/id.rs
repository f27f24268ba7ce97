//! The name of a concept, as records keep it.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A word of [`concept`](crate::schema::concept), such as `target` or `unit`. A thread keeps each word once: a round of
/// 100 000 forms has some fifty of them, and to look one up reads no memory of the form's own.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(Arc<String>);

impl Id {
    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Borrow<String> for Id {
    fn borrow(&self) -> &String {
        &self.0
    }
}

impl From<&str> for Id {
    fn from(word: &str) -> Self {
        thread_local! {
            static WORDS: RefCell<BTreeSet<Id>> = const { RefCell::new(BTreeSet::new()) };
        }
        WORDS.with_borrow_mut(|words| {
            if let Some(known) = words.get(word) {
                return known.clone();
            }
            let new = Self(Arc::new(word.to_owned()));
            words.insert(new.clone());
            new
        })
    }
}

impl From<&String> for Id {
    fn from(word: &String) -> Self {
        word.as_str().into()
    }
}

impl From<String> for Id {
    fn from(word: String) -> Self {
        word.as_str().into()
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(word.as_ref().into())
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.0.as_str() == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.0.as_str() == *other
    }
}

impl PartialEq<String> for Id {
    fn eq(&self, other: &String) -> bool {
        *self.0 == *other
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
