//! Ctrl+C and termination: the first ends the work as soon as what is in hand is whole, the second at once.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Once};

use anyhow::anyhow;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// What a shell takes for "ended by signal n" begins here.
const BY_SIGNAL: u8 = 128;

/// The signal that came; 0 before one does. Signals are of the whole process, and so is this.
static CALLED: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Catches signals from here on. For work that asks [`is_called`] often: other work is best ended as ever.
pub(super) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let armed = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: what ends the process at once is armed by the first signal for the second. Where signals cannot be
            // caught they end the process, which is what they are for.
            let _ = flag::register_conditional_shutdown(signal, i32::from(BY_SIGNAL) + signal, Arc::clone(&armed));
            let _ = flag::register(signal, Arc::clone(&armed));
            let _ = flag::register_usize(signal, Arc::clone(&CALLED), usize::try_from(signal).unwrap_or_default());
        }
    });
}

/// Whether the work is to end.
pub(super) fn is_called() -> bool {
    CALLED.load(Ordering::Relaxed) != 0
}

/// The exit code of a command that was stopped; `None` where nobody asked for it.
pub(super) fn code() -> Option<u8> {
    let signal = CALLED.load(Ordering::Relaxed);
    (signal != 0).then(|| BY_SIGNAL.saturating_add(u8::try_from(signal).unwrap_or_default()))
}

/// Ends a command that was asked to: `told` says what was done and how to go on.
pub(super) fn here(told: impl FnOnce() -> String) -> anyhow::Result<()> {
    if is_called() { Err(anyhow!(told())) } else { Ok(()) }
}

/// The same for a failure, which being asked to end explains.
pub(super) fn or<T, E: Into<anyhow::Error>>(done: Result<T, E>, told: impl FnOnce() -> String) -> anyhow::Result<T> {
    done.map_err(|error| if is_called() { anyhow!(told()) } else { error.into() })
}

/// A writer that fails once the work is to end.
pub(super) struct Stopping<W>(pub(super) W);

impl<W: Write> Write for Stopping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if is_called() {
            return Err(io::Error::other("按要求停止，没有写完"));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
