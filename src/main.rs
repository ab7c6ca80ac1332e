//! The `bellwether` program: hands the command line to [`bellwether::cli`].

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use bellwether::cli;
use config::env;

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let exit = cli::main(std::env::args_os(), &env::of_process(), &mut out, &mut io::stderr());
    let _ = out.flush();
    exit.into()
}
