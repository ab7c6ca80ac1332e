//! Serving the day that a command runs: the socket, the port, and what a service manager is told.

use std::{io::Write, net::SocketAddr, time::Duration};

use tokio::task::JoinHandle;

use super::{CliError, Exit, day::chain, systemd, waiting};
use crate::{
    config::{Access, Config, OnHangup},
    controller::Day,
    runtime::{
        Attendance,
        attach::{DoorError, Doors, Server, Terms},
    },
    wire::Role,
};

/// How long consoles that are behind may go on hearing once the day is over.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Whether there is a day without its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// The day runs all the same.
    Beside,
    /// Being served is what it is for.
    Service,
}

/// How a day is to be served.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    need: Need,
    port: Option<SocketAddr>,
}

impl Service {
    /// Beside what else is done with the day: where it cannot be served, it runs unserved.
    pub(super) const fn beside() -> Self {
        Self { need: Need::Beside, port: None }
    }

    /// As a service, at a port besides if wanted.
    pub(super) const fn whole(port: Option<SocketAddr>) -> Self {
        Self { need: Need::Service, port }
    }

    /// What becomes of the day when its terminal is gone.
    pub(super) const fn on_hangup(self) -> OnHangup {
        match self.need {
            Need::Beside => OnHangup::Finish,
            Need::Service => OnHangup::Headless,
        }
    }

    /// Whether a day that was ended by a signal is taken up by the next start.
    pub(super) fn goes_on(self) -> bool {
        self.need == Need::Service
    }

    /// How a day ends that a signal has ended: a service was meant to run until then.
    pub(super) const fn ended(self) -> Exit {
        match self.need {
            Need::Beside => Exit::Failed,
            Need::Service => Exit::Good,
        }
    }

    /// Whether somebody may come who lets a day go on that waits for a person.
    pub(super) const fn attendance(self) -> Attendance {
        match self.need {
            Need::Beside => Attendance::Unattended,
            Need::Service => Attendance::Served,
        }
    }

    /// Opens the doors of a day that is about to be driven. Must be called inside a runtime.
    pub(super) fn open(
        self,
        config: &Config,
        day: &Day,
        err: &mut dyn Write,
    ) -> Result<Served, CliError> {
        match (server(config, day, self.port), self.need) {
            (Ok(server), Need::Beside) => Ok(Served { server: Some(server), told: None }),
            (Ok(server), Need::Service) => {
                writeln!(err, "bellwether: served at {}", server.socket().display())?;
                if let Some(address) = server.tcp() {
                    writeln!(err, "bellwether: served at {address}, with the token beside it")?;
                }
                let waits = waiting::told(&day.handle);
                let heard = (day.handle.beats(), server.guests(), waits);
                let told = tokio::spawn(systemd::tell(day.plan.run.clone(), heard));
                Ok(Served { server: Some(server), told: Some(told) })
            }
            (Err(error), Need::Beside) => {
                let why = chain(&error);
                writeln!(err, "bellwether: note: no console can be attached to this day: {why}")?;
                Ok(Served { server: None, told: None })
            }
            (Err(error), Need::Service) => Err(CliError::new(Exit::Internal, chain(&error))),
        }
    }
}

fn server(config: &Config, day: &Day, port: Option<SocketAddr>) -> Result<Server, DoorError> {
    let folder = &config.places.state;
    let mut doors = Doors::open(folder)?;
    if let Some(address) = port {
        doors = doors.and_port(address, folder)?;
    }
    let role = match config.day.access {
        Access::Act => Role::Act,
        Access::Look => Role::Look,
    };
    Ok(Server::open(doors, day.handle.clone(), &day.plan, Terms::new(role)))
}

/// A day with its doors open, or without any.
#[derive(Debug)]
pub(super) struct Served {
    server: Option<Server>,
    told: Option<JoinHandle<()>>,
}

impl Served {
    /// Lets the consoles hear the end of a day that is over, and closes the doors.
    pub(super) async fn finish(self) {
        if let Some(told) = self.told {
            systemd::stopping();
            told.abort();
        }
        if let Some(server) = self.server {
            server.finish(LAST_WORDS).await;
        }
    }
}
