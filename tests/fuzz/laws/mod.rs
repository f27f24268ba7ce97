//! What must hold of any input at all, however odd: one function a door of the library, shared by the tests here and by
//! the targets of `fuzz/`.
//!
//! A law takes bytes and panics where it is broken; that the bytes are refused is no breach. It says whether some of them
//! were let in, so that there was something to hold. None touches anything but memory, except `archives`, whose input must
//! lie in a file.

mod archives;
mod books;
mod forms;
mod marking;
mod pack;
mod parts;
mod results;
mod settings;
mod workbooks;

pub(crate) use self::forms::earlier;
pub(crate) use self::pack::{join, unpack};
pub(crate) use self::workbooks::ENGINE;

/// A law by its name.
pub(crate) type Law = (&'static str, fn(&[u8]) -> bool);

/// All of them, the likeliest to be broken first.
pub(crate) const LAWS: [Law; 12] = [
    ("workbook_parts", workbooks::parts),
    ("marking", marking::marking),
    ("forms", forms::forms),
    ("reports", forms::reports),
    ("cleaning", marking::cleaning),
    ("results", results::results),
    ("parts", parts::parts),
    ("books", books::books),
    ("workbook_bytes", workbooks::bytes),
    ("archives", archives::archives),
    ("policies", settings::policies),
    ("schemas", settings::schemas),
];
