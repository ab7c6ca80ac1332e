//! Serving the day that a command runs: the socket, the port, and what a service manager is told.

use std::{net::SocketAddr, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

use super::{
    DataHealth,
    day::error_chain,
    http::{HttpServer, ObserverParts, RunObserver},
    notifications::NotifierGuard,
    recovery_wait,
    start::StartDialog,
    systemd::{self, ServiceManager},
};
use crate::cli::{CliError, Exit};
use crate::host::PreparedRun;
use config::{AccessSetting, Config, OnHangup};
use runtime::{
    Attendance, EventBus,
    attach::{ListenError, Listeners, RunServer, ServeOptions},
    protocol::ClientRole,
};

/// How long consoles that are behind may go on hearing once the day is over.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Whether there is a day without its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ServeRequirement {
    /// The day runs all the same.
    BestEffort,
    /// Being served is what it is for.
    Required,
}

/// How a day is to be served.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServeMode {
    need: ServeRequirement,
    port: Option<SocketAddr>,
    http: Option<SocketAddr>,
}

/// What the HTTP interface needs besides the run.
pub(crate) struct HttpSource {
    pub(crate) data: DataHealth,
    pub(crate) agents: Vec<String>,
    pub(crate) bus: EventBus,
}

impl ServeMode {
    /// Beside what else is done with the day: where it cannot be served, it runs unserved.
    pub(crate) const fn best_effort() -> Self {
        Self { need: ServeRequirement::BestEffort, port: None, http: None }
    }

    /// As a service, at a port and over HTTP besides if wanted.
    pub(crate) const fn as_service(port: Option<SocketAddr>, http: Option<SocketAddr>) -> Self {
        Self { need: ServeRequirement::Required, port, http }
    }

    /// What becomes of the day when its terminal is gone.
    pub(crate) const fn on_hangup(self) -> OnHangup {
        match self.need {
            ServeRequirement::BestEffort => OnHangup::Finish,
            ServeRequirement::Required => OnHangup::Headless,
        }
    }

    /// Whether a day that was ended by a signal is taken up by the next start.
    pub(crate) fn recovers_on_restart(self) -> bool {
        self.need == ServeRequirement::Required
    }

    /// How a day ends that a signal has ended: a service was meant to run until then.
    pub(crate) const fn exit_after_signal(self) -> Exit {
        match self.need {
            ServeRequirement::BestEffort => Exit::Failed,
            ServeRequirement::Required => Exit::Success,
        }
    }

    /// Whether somebody may come who lets a day go on that waits for a person.
    pub(crate) const fn attendance(self) -> Attendance {
        match self.need {
            ServeRequirement::BestEffort => Attendance::Unattended,
            ServeRequirement::Required => Attendance::Served,
        }
    }

    /// Opens the doors of a day that is about to be driven. Must be called inside a runtime.
    pub(crate) fn open(
        self,
        config: &Config,
        day: &PreparedRun,
        source: HttpSource,
        dialog: &mut dyn StartDialog,
    ) -> Result<ServeGuard, CliError> {
        match (server(config, day, self.port), self.need) {
            (Ok(server), ServeRequirement::BestEffort) => Ok(ServeGuard {
                server: Some(server),
                told: None,
                http: None,
                notifiers: NotifierGuard::default(),
            }),
            (Ok(server), ServeRequirement::Required) => {
                dialog.announce(&format!("served at {}", server.socket_path().display()))?;
                if let Some(address) = server.tcp_address() {
                    dialog.announce(&format!("served at {address}, with the token beside it"))?;
                }
                let http =
                    self.http.map(|at| open_http(at, config, day, (source, server.client_count())));
                let http = http.transpose()?;
                if let Some(http) = &http {
                    let file = "needs the token of `http.token`";
                    dialog.announce(&format!(
                        "HTTP at http://{}; `/metrics` {file}",
                        http.address()
                    ))?;
                }
                let waits = recovery_wait::watch_recovery_wait(&day.handle);
                let heard = (day.handle.heartbeats(), server.client_count(), waits);
                let manager = ServiceManager::connect().map_err(|error| {
                    CliError::new(Exit::Internal, format!("no thread can be started: {error}"))
                })?;
                let run = day.plan.run.clone();
                let told = tokio::spawn(systemd::notify_until_end(manager.clone(), run, heard));
                Ok(ServeGuard {
                    server: Some(server),
                    told: Some((manager, told)),
                    http,
                    notifiers: NotifierGuard::default(),
                })
            }
            (Err(error), ServeRequirement::BestEffort) => {
                let why = error_chain(&error);
                dialog.announce(&format!("note: no console can be attached to this day: {why}"))?;
                Ok(ServeGuard {
                    server: None,
                    told: None,
                    http: None,
                    notifiers: NotifierGuard::default(),
                })
            }
            (Err(error), ServeRequirement::Required) => {
                Err(CliError::new(Exit::Internal, error_chain(&error)))
            }
        }
    }
}

fn open_http(
    address: SocketAddr,
    config: &Config,
    day: &PreparedRun,
    (source, consoles): (HttpSource, watch::Receiver<usize>),
) -> Result<HttpServer, CliError> {
    let HttpSource { data, agents, bus } = source;
    let folder = config.places.state.clone();
    let observer = RunObserver::new(ObserverParts {
        folder: folder.clone(),
        date: config.day.date,
        data,
        handle: day.handle.clone(),
        consoles,
        bus,
        metrics_enabled: config.monitoring.metrics_enabled,
        agents,
    })
    .map_err(|error| CliError::new(Exit::Internal, error.to_string()))?;
    let interval = Duration::from_secs(config.orchestration.health_check_interval.as_secs());
    HttpServer::open(address, &folder, &observer, interval)
        .map_err(|error| CliError::new(Exit::Internal, error_chain(&error)))
}

fn server(
    config: &Config,
    day: &PreparedRun,
    port: Option<SocketAddr>,
) -> Result<RunServer, ListenError> {
    let folder = &config.places.state;
    let mut doors = Listeners::open(folder)?;
    if let Some(address) = port {
        doors = doors.and_port(address, folder)?;
    }
    let role = match config.day.access {
        AccessSetting::Control => ClientRole::Control,
        AccessSetting::View => ClientRole::View,
    };
    Ok(RunServer::open(doors, day.handle.clone(), &day.plan, ServeOptions::new(role)))
}

/// A day with its doors open, or without any.
#[derive(Debug)]
pub(crate) struct ServeGuard {
    server: Option<RunServer>,
    told: Option<(ServiceManager, JoinHandle<()>)>,
    http: Option<HttpServer>,
    notifiers: NotifierGuard,
}

impl ServeGuard {
    /// Keeps the notifiers until the doors close.
    pub(super) fn with_notifiers(self, notifiers: NotifierGuard) -> Self {
        Self { notifiers, ..self }
    }

    /// Lets the consoles hear the end of a day that is over, and closes the doors.
    pub(crate) async fn close(self) {
        // Probes fail from here on.
        drop(self.http);
        if let Some((manager, told)) = self.told {
            told.abort();
            manager.notify_stopping().await;
        }
        if let Some(server) = self.server {
            server.finish(LAST_WORDS).await;
        }
        self.notifiers.close().await;
    }
}
