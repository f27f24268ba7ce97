//! Holds the laws of `tests/fuzz/laws` against what a fuzzer makes up, within the memory that is promised.
//!
//! A panic that the library catches itself, in a reader of another's, is an outcome and no finding; one that comes
//! through to here is.

mod memory;

#[path = "../../tests/fidelity_law/mod.rs"]
#[allow(dead_code, reason = "the laws choose and read by it, and do not judge all that it judges")]
mod fidelity_law;
#[path = "../../tests/fuzz/laws/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests beside them use more of them")]
mod laws;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// What the last panic said.
static SAID: Mutex<String> = Mutex::new(String::new());

/// Keeps panics quiet until one escapes.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let wanted = std::env::var_os("JIXIAO_FUZZ_TRACE").is_some();
        let trace = if wanted { std::backtrace::Backtrace::force_capture().to_string() } else { String::new() };
        if let Ok(mut said) = SAID.lock() {
            *said = format!("{panic}\n{trace}");
        }
    }));
}

/// Holds the law of this name against an input; ends the process where it is broken.
pub fn hold(law: &str, input: &[u8]) {
    let Some((_, holds)) = laws::LAWS.iter().find(|(name, _)| *name == law) else {
        eprintln!("no law {law}");
        std::process::abort();
    };
    if catch_unwind(AssertUnwindSafe(|| holds(input))).is_err() {
        let said = SAID.lock().map(|said| said.clone()).unwrap_or_default();
        eprintln!("{law} is broken: {said}");
        std::process::abort();
    }
}

/// The input for a file; see the packing of the laws.
pub fn unpack(file: &[u8], keep: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    laws::unpack(file, keep)
}

/// 结果.json of forms that others are judged beside.
pub fn earlier() -> String {
    laws::earlier()
}

/// The input that has these parts.
pub fn join(parts: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    laws::join(parts)
}
