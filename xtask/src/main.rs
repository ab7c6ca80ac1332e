//! Command line of `cargo xtask`, which generates documentation from the program itself.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{DocsArgs, TourArgs, run_tour, write_docs};

/// Commands for developers of bellwether.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a script of keys over a simulated day: pictures, a recording, and a check of its
    /// expectations
    Tour(TourArgs),
    /// Write the generated documentation: keys, settings, pictures, recording, man page,
    /// completions
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
            // If standard error is closed, the message has no reader.
            let _ = writeln!(err, "xtask: {error}");
            error.exit.into()
        }
    }
}
