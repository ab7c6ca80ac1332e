//! The sessions of one guest: under its own numbers, and no other guest's.

use std::collections::BTreeMap;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::super::{handle::Handle, session::Session};
use crate::{
    acting::{Authority, Denied, NotCommitted, Opening, Standing},
    wire::{FromEngine, Role},
};

/// Sessions a guest may have open. A console has one.
const SEATS_MAX: usize = 8;

/// A session, and whoever tells its guest what it may do.
struct Seat {
    session: Session,
    telling: Option<JoinHandle<()>>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        // It holds the session's standing, and with it the session.
        if let Some(telling) = &self.telling {
            telling.abort();
        }
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct Seats {
    opened: u64,
    open: BTreeMap<u64, Seat>,
}

impl Seats {
    /// Opens a session for a guest that may be `role`.
    pub(super) async fn open(
        &mut self,
        handle: &Handle,
        role: Role,
        mut opening: Opening,
    ) -> Result<(u64, Standing), NotCommitted> {
        if self.open.len() >= SEATS_MAX {
            return Err(Denied::TooMany.into());
        }
        if role == Role::Look {
            opening.authority = Authority::Locked;
        }
        let session = handle.open(opening).await?;
        let standing = *session.standing().borrow();
        self.opened += 1;
        self.open.insert(self.opened, Seat { session, telling: None });
        Ok((self.opened, standing))
    }

    /// Tells the guest from now on what a session may do, whenever it is not what it was `told`.
    pub(super) fn tell(&mut self, number: u64, told: Standing, out: mpsc::Sender<FromEngine>) {
        let Some(seat) = self.open.get_mut(&number) else { return };
        let standing = seat.session.standing();
        seat.telling = Some(tokio::spawn(tell((number, told), standing, out)));
    }

    pub(super) fn get(&self, number: u64) -> Result<&Session, NotCommitted> {
        let seat = self.open.get(&number).ok_or(Denied::NotOpen)?;
        Ok(&seat.session)
    }

    pub(super) fn close(&mut self, number: u64) {
        self.open.remove(&number);
    }
}

async fn tell(
    (session, mut told): (u64, Standing),
    mut standing: watch::Receiver<Standing>,
    out: mpsc::Sender<FromEngine>,
) {
    loop {
        let now = *standing.borrow_and_update();
        if now != told {
            told = now;
            if out.send(FromEngine::Standing { session, standing: now }).await.is_err() {
                return;
            }
        }
        if standing.changed().await.is_err() {
            return;
        }
    }
}
