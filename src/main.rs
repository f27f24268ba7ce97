//! The `jixiao` command.

fn main() {}
