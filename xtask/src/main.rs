//! `cargo xtask`: what the documents show, made by the program itself.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{DocsArgs, TourArgs, run_tour, write_docs};

/// Commands for those who work on bellwether.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a script of keys over a simulated day: pictures, a recording, and whether it still holds
    Tour(TourArgs),
    /// Write what the documents show: keys, settings, pictures, recording, man page, completions
    Docs(DocsArgs),
}

fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let done = match Xtask::parse().command {
        Command::Tour(args) => run_tour(&args, &mut out, &mut err),
        Command::Docs(args) => write_docs(&args, &mut out),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            // Nothing can be told to somebody whose standard error is closed.
            let _ = writeln!(err, "xtask: {error}");
            error.exit.into()
        }
    }
}
