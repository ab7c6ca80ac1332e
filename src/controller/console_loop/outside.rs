//! What the console's loop is told of the world around it.

use std::path::PathBuf;

use tokio::sync::oneshot;

use super::Logged;
use crate::{
    config::Look, console::terminal::Talk, engine::LateChoice, forecast::late::Late,
    runtime::Watcher,
};

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
    /// Sees the run go on.
    pub watcher: Watcher,
    /// The program's own log.
    pub logged: Logged,
    /// What is to be asked before the run begins, if it begins late.
    pub late: Option<Asking>,
}

/// The question of a late start, and where the answer goes. The run begins with the answer.
#[derive(Debug)]
pub struct Asking {
    /// What is asked.
    pub late: Late,
    /// Takes the answer.
    pub answer: oneshot::Sender<LateChoice>,
}
