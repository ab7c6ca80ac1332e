//! The pure core on layered random graphs.
fn main() {}
