//! The `bellwether` program: hands the command line to [`bellwether::cli`].
fn main() {}
