//! What the console's loop is told of the world around it.

use std::path::PathBuf;

use super::Logged;
use crate::{config::Look, console::terminal::Talk};

/// What surrounds a console.
#[derive(Debug)]
pub struct Surroundings {
    /// How the reader wants it.
    pub look: Look,
    /// How to talk to the terminal beside the frame.
    pub talk: Talk,
    /// Where exported views go.
    pub exports: PathBuf,
    /// The file of the saved filters.
    pub filters: PathBuf,
    /// The program's own log.
    pub logged: Logged,
}
