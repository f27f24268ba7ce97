//! Writes a synthetic district of the size of a real one: its books, what its units handed in over a year, and the truth
//! about it.
//!
//! `cargo run --release --example district -- --out DIR [--scale N] [--seed S]`: one district into DIR, or N districts into
//! DIR/区01 and so on. The same seed gives the same bytes.

mod books;
mod calls;
mod chance;
mod district;
#[path = "../../tests/generated/fill.rs"]
mod fill;
mod forms;
mod hand_in;
mod lists;
mod names;
mod pack;
#[path = "../../tests/generated/plant.rs"]
mod plant;
mod sheet;
mod tables;
mod themes;
#[path = "../../tests/generated/trades.rs"]
mod trades;
mod truth;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use crate::hand_in::Office;

/// Writes synthetic districts.
#[derive(Parser)]
struct Arguments {
    /// The folder to write into.
    #[arg(long)]
    out: PathBuf,
    /// How many districts.
    #[arg(long, default_value_t = 1)]
    scale: usize,
    /// What the figures of chance follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<()> {
    let Arguments { out, scale, seed } = Arguments::parse();
    let office = Office::new();
    for number in 1..=scale {
        let folder = if scale == 1 { out.clone() } else { out.join(format!("区{number:02}")) };
        office.write(number, seed, &folder)?;
    }
    Ok(())
}
