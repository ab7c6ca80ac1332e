//! What the console's loop is told of the world around it.

use std::path::PathBuf;

use super::Logged;
use crate::{
    audit::Head,
    config::Look,
    console::{Msg, terminal::Talk},
    runtime::Watcher,
    store::Seal,
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
    /// The audit trail on disk, where this process writes it.
    pub trail: Option<Followed>,
}

/// The audit trail that is being written.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Where the trail of the run before it ended.
    pub previous: Option<Head>,
    /// Where it ends.
    pub seal: Seal,
}

impl Followed {
    /// What the console is to know of it.
    pub(super) fn msg(&self) -> Msg {
        Msg::Trail { previous: self.previous.clone(), file: self.seal.head() }
    }
}
