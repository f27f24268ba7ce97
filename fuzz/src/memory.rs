//! The memory that is promised for any input, held against every allocation: whatever asks for more ends the process,
//! and libFuzzer keeps the input.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the library may hold at once, whatever it is given.
const BOUND: usize = 256 << 20;

#[global_allocator]
static MEMORY: Counted = Counted;

static HELD: AtomicUsize = AtomicUsize::new(0);

struct Counted;

impl Counted {
    fn take(size: usize) {
        if HELD.fetch_add(size, Ordering::Relaxed).saturating_add(size) > BOUND {
            // Nothing that allocates may happen here; the exit is what libFuzzer notices.
            std::process::abort();
        }
    }
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::take(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::take(size);
        let new = unsafe { System.realloc(at, layout, size) };
        HELD.fetch_sub(if new.is_null() { size } else { layout.size() }, Ordering::Relaxed);
        new
    }
}
