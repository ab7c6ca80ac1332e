//! What the console's loop is told of the world around it.

use std::path::PathBuf;

use tokio::sync::oneshot;

use super::{Line, Logged};
use crate::{
    audit::Head,
    config::Look,
    console::{Msg, terminal::Talk},
    engine::LateChoice,
    forecast::late::Late,
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
    /// What is to be asked before the run begins, if it begins late.
    pub late: Option<Asking>,
    /// The line to the engine, where that is another process.
    pub line: Option<Line>,
    /// The audit trail on disk, where this process writes it.
    pub trail: Option<Followed>,
}

/// The question of a late start, and where the answer goes. The run begins with the answer.
#[derive(Debug)]
pub struct Asking {
    /// What is asked.
    pub late: Late,
    /// Takes the answer.
    pub answer: oneshot::Sender<LateChoice>,
}

/// The audit trail that is being written.
#[derive(Debug, Clone)]
#[expect(clippy::option_option, reason = "not told, no file and a file are three things")]
pub struct Followed {
    previous: Option<Head>,
    seal: Seal,
    /// Where it ended when the console was told last; none: it was not told.
    told: Option<Option<Head>>,
}

impl Followed {
    /// One that goes on from `previous`, and ends where the seal says.
    #[must_use]
    pub const fn new(previous: Option<Head>, seal: Seal) -> Self {
        Self { previous, seal, told: None }
    }

    /// What the console does not know of it yet. It is asked before the first event is heard: the hashes
    /// of a trail follow from what it goes on from.
    pub(super) fn news(&mut self) -> Option<Msg> {
        let file = self.seal.head();
        let told = self.told.replace(file.clone());
        let (previous, same) = (self.previous.clone(), told.as_ref() == Some(&file));
        (!same).then_some(Msg::Trail { previous, file })
    }
}
