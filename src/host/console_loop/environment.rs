//! What the console's loop is told of the world around it.

use std::path::PathBuf;

use tokio::sync::oneshot;

use super::{EngineConnection, LogCapture};
use audit::TrailHead;
use config::Appearance;
use engine::{CatchUpChoice, forecast::catch_up::LateStart};
use runtime::Subscription;
use store::TrailHeadHandle;
use tui::{Msg, terminal::TerminalCapabilities};

/// What surrounds a console.
#[derive(Debug)]
pub struct ConsoleEnvironment {
    /// How the reader wants it.
    pub look: Appearance,
    /// How to talk to the terminal beside the frame.
    pub talk: TerminalCapabilities,
    /// Where exported views go.
    pub exports: PathBuf,
    /// The file of the saved filters.
    pub filters: PathBuf,
    /// The state folder, whose journal has the events before this console.
    pub journal: PathBuf,
    /// Sees the run go on.
    pub watcher: Subscription,
    /// The program's own log.
    pub logged: LogCapture,
    /// What is to be asked before the run begins, if it begins late.
    pub late: Option<LateStartPrompt>,
    /// The line to the engine, where that is another process.
    pub line: Option<EngineConnection>,
    /// The audit trail on disk, where this process writes it.
    pub trail: Option<TrailFollower>,
}

/// The question of a late start, and where the answer goes. The run begins with the answer.
#[derive(Debug)]
pub struct LateStartPrompt {
    /// What is asked.
    pub late: LateStart,
    /// Takes the answer.
    pub answer: oneshot::Sender<CatchUpChoice>,
}

/// The audit trail that is being written.
#[derive(Debug, Clone)]
#[expect(clippy::option_option, reason = "not told, no file and a file are three things")]
pub struct TrailFollower {
    previous: Option<TrailHead>,
    seal: TrailHeadHandle,
    /// Where it ended when the console was told last; none: it was not told.
    told: Option<Option<TrailHead>>,
}

impl TrailFollower {
    /// One that goes on from `previous`, and ends where the seal says.
    #[must_use]
    pub const fn new(previous: Option<TrailHead>, seal: TrailHeadHandle) -> Self {
        Self { previous, seal, told: None }
    }

    /// What the console does not know of it yet. It is asked before the first event is heard: the hashes
    /// of a trail follow from what it goes on from.
    pub(super) fn new_head(&mut self) -> Option<Msg> {
        let file = self.seal.head();
        let told = self.told.replace(file.clone());
        let (previous, same) = (self.previous.clone(), told.as_ref() == Some(&file));
        (!same).then_some(Msg::Trail { previous, file })
    }
}
