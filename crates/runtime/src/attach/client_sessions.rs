//! Operator sessions of one client, with client-local ids.

use std::collections::BTreeMap;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::super::{handle::RunHandle, operator_session::OperatorSession};
use crate::protocol::{ClientRole, ServerMessage};
use engine::control::{Authority, CommitDenied, CommitError, SessionOpening, SessionStatus};

/// Most sessions that a client may have open. A console has one.
const SEATS_MAX: usize = 8;

/// A session with the task that forwards its status.
struct ClientSession {
    session: OperatorSession,
    telling: Option<JoinHandle<()>>,
}

impl Drop for ClientSession {
    fn drop(&mut self) {
        // The task holds a receiver of the session's status, and with it the session.
        if let Some(telling) = &self.telling {
            telling.abort();
        }
    }
}

/// The open sessions of one client, by client-local id.
#[derive(Default)]
pub(super) struct ClientSessions {
    opened: u64,
    open: BTreeMap<u64, ClientSession>,
}

impl ClientSessions {
    /// Opens a session for a client with this role.
    pub(super) async fn open(
        &mut self,
        handle: &RunHandle,
        role: ClientRole,
        mut opening: SessionOpening,
    ) -> Result<(u64, SessionStatus), CommitError> {
        if self.open.len() >= SEATS_MAX {
            return Err(CommitDenied::TooMany.into());
        }
        if role == ClientRole::View {
            opening.authority = Authority::ReadOnly;
        }
        let session = handle.open(opening).await?;
        let standing = *session.status().borrow();
        self.opened += 1;
        self.open.insert(self.opened, ClientSession { session, telling: None });
        Ok((self.opened, standing))
    }

    /// Forwards the status of a session to its client whenever it changes from the one already
    /// sent.
    pub(super) fn forward_status(
        &mut self,
        number: u64,
        told: SessionStatus,
        out: mpsc::Sender<ServerMessage>,
    ) {
        let Some(seat) = self.open.get_mut(&number) else { return };
        let standing = seat.session.status();
        seat.telling = Some(tokio::spawn(forward_status_changes((number, told), standing, out)));
    }

    pub(super) fn get(&self, number: u64) -> Result<&OperatorSession, CommitError> {
        let seat = self.open.get(&number).ok_or(CommitDenied::SessionNotOpen)?;
        Ok(&seat.session)
    }

    pub(super) fn close(&mut self, number: u64) {
        self.open.remove(&number);
    }
}

async fn forward_status_changes(
    (session, mut told): (u64, SessionStatus),
    mut standing: watch::Receiver<SessionStatus>,
    out: mpsc::Sender<ServerMessage>,
) {
    loop {
        let now = *standing.borrow_and_update();
        if now != told {
            told = now;
            if out.send(ServerMessage::SessionStatus { session, standing: now }).await.is_err() {
                return;
            }
        }
        if standing.changed().await.is_err() {
            return;
        }
    }
}
