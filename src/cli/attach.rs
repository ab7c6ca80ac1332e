//! `bellwether attach`: the console on a day that another process drives.

use std::{
    io::{self, IsTerminal as _, Write},
    net::SocketAddr,
    time::Duration,
};

use clap::Args;

use super::{
    CliContext, CliError, Exit,
    health::Served,
    plain::{self, ConsoleMode},
    serve::PORT,
};
use crate::host::day::{error_chain, tokio_runtime};
use crate::host::{PlainConsoleSetup, PlainError, PlainEventSource, run_plain_console};
use config::{AccessSetting, Config};
use engine::{
    RunState,
    control::{Authority, SessionOpening},
};
use runtime::{
    attach::{
        AttachError, ClientConnection, Disconnect, EngineAddress, SOCKET, attach_to, load_token,
    },
    protocol::{ClientRole, CloseReason, Heartbeat, Hello, PROTOCOL},
};

/// How long a served run may take to answer a question about its state.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// How long its orders may take besides.
const ORDERS_MAX: Duration = Duration::from_millis(200);

/// Words of `bellwether attach`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether attach                    the console on the day that is served in the state folder
  bellwether attach --read-only        the same, without commands
  bellwether attach --plain            in words instead of on a screen
  bellwether attach --tcp              over 127.0.0.1:7411, with the token of the state folder

Leaving the console does not stop the day. After a lost connection it reconnects to the same run. Several
consoles may be attached; one of them at a time is armed.
Ends with 0 when it was left or the day was done, with 1 when the day failed, no process serves one, or it was
left while the connection was lost, and with 3 when it was refused.")]
pub struct AttachArgs {
    /// The console in words: one line per event, and commands typed as lines
    #[arg(long)]
    pub plain: bool,
    /// Where to attach to.
    #[command(flatten)]
    pub at: AttachTarget,
}

/// Where a day is served.
#[derive(Debug, Clone, Copy, Args)]
pub struct AttachTarget {
    /// Over TCP instead of the socket of the state folder, with the token there
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = PORT)]
    pub tcp: Option<SocketAddr>,
}

impl AttachTarget {
    /// Attaches as the configured operator, who may do what the configuration says.
    pub(super) async fn attach(self, config: &Config) -> Result<ClientConnection, CliError> {
        let (place, hello) = self.as_configured(config)?;
        attach_to(&place, hello).await.map_err(Into::into)
    }

    /// Where a day is served, and what the configured operator says there first.
    pub(super) fn as_configured(self, config: &Config) -> Result<(EngineAddress, Hello), CliError> {
        let role = match config.day.access {
            AccessSetting::Control => ClientRole::Control,
            AccessSetting::View => ClientRole::View,
        };
        self.greeting(config, role)
    }

    /// Where a day is served, and what is said there first.
    fn greeting(
        self,
        config: &Config,
        role: ClientRole,
    ) -> Result<(EngineAddress, Hello), CliError> {
        let folder = &config.places.state;
        let (place, token) = match self.tcp {
            None => (EngineAddress::Socket(folder.join(SOCKET)), None),
            Some(address) => {
                let unreadable = |error: io::Error| {
                    let shown = folder.display();
                    let message = format!("cannot read the token in {shown}: {error}");
                    CliError::new(Exit::Failed, message)
                };
                (EngineAddress::Port(address), Some(load_token(folder).map_err(unreadable)?))
            }
        };
        let operator = config.day.operator.chars().take(Hello::NAME_MAX).collect();
        Ok((place, Hello { protocol: PROTOCOL, operator, role, token }))
    }

    /// The run that is served in the state folder with its orders and time; `None` if nothing answers in
    /// time.
    pub(super) async fn served_run(config: &Config) -> Option<Served> {
        let (place, hello) = Self { tcp: None }.greeting(config, ClientRole::View).ok()?;
        let asked = async {
            let ClientConnection { handle, welcome, .. } = attach_to(&place, hello).await.ok()?;
            let run = handle.snapshot().await.ok()?;
            let mut orders = handle.orders();
            if orders.borrow().orders.is_empty() {
                // A run without orders reports none.
                let _ = tokio::time::timeout(ORDERS_MAX, orders.changed()).await;
            }
            let (at, orders) = (run.last_event_at().max(welcome.beat.now), orders.borrow().clone());
            Some(Served { run: *run, orders: (*orders).clone(), at })
        };
        tokio::time::timeout(ANSWER_MAX, asked).await.ok().flatten()
    }

    /// The run that is served in the state folder as it stands, and its time; nothing where none is.
    pub(super) async fn snapshot_if_served(
        config: &Config,
    ) -> Result<Option<(RunState, Heartbeat)>, CliError> {
        let (place, hello) = Self { tcp: None }.greeting(config, ClientRole::View)?;
        match attach_to(&place, hello).await {
            // A day that is over meanwhile is none.
            Ok(ClientConnection { handle, welcome, .. }) => {
                Ok(handle.snapshot().await.ok().map(|run| (*run, welcome.beat)))
            }
            Err(AttachError::NoListener { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl From<AttachError> for CliError {
    fn from(error: AttachError) -> Self {
        let exit = match &error {
            AttachError::NoListener { .. } => Exit::Failed,
            AttachError::Address(_) => Exit::Usage,
            AttachError::Rejected(_) => Exit::Refused,
            AttachError::NoEngine(_) => Exit::Internal,
        };
        Self::new(exit, error_chain(&error))
    }
}

/// Opens the console on a served day.
///
/// # Errors
///
/// [`CliError`] for a configuration that makes no sense, when nobody serves a day or lets this
/// console in, when the connection is lost, or when `out` cannot be written.
pub fn run(
    args: &AttachArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    match plain::console_mode(args.plain, context) {
        #[cfg(feature = "tui")]
        ConsoleMode::Drawn => return super::console::open_attached(args.at, context),
        #[cfg(not(feature = "tui"))]
        ConsoleMode::Drawn => {}
        ConsoleMode::Plain => {}
        ConsoleMode::PlainNoTerminal(why) => {
            writeln!(err, "bellwether: {why}: one line per event instead of a screen (--plain)")?;
        }
    }
    plain::tell_piped_input(err)?;
    in_words(args.at, context, out)
}

fn in_words(
    at: AttachTarget,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let ClientConnection { handle, ended, .. } = runtime.block_on(at.attach(&config))?;
    let opening = SessionOpening {
        operator: config.day.operator.clone(),
        authority: configured_authority(&config),
    };
    let lines = io::stdin().is_terminal().then(plain::stdin_lines);
    let events = PlainEventSource::FromSubscription(Box::new(handle.subscribe()));
    let listener = PlainConsoleSetup { handle, run: None, events, lines, opening };
    match runtime.block_on(run_plain_console(listener, None, out)) {
        Ok(run) => exit_of_attached(run.as_ref(), || runtime.block_on(ended).ok()),
        // A reader that left had enough.
        Err(PlainError::Write(error)) => Err(error.into()),
        Err(error) => Err(CliError::new(Exit::Internal, error_chain(&error))),
    }
}

/// What a console on this configuration may do.
pub(super) const fn configured_authority(config: &Config) -> Authority {
    match config.day.access {
        AccessSetting::Control => Authority::Armed,
        AccessSetting::View => Authority::ReadOnly,
    }
}

/// How a console that was attached ends, given the run as it was last seen, and why the connection
/// ended.
pub(super) fn exit_of_attached(
    run: Option<&RunState>,
    ended: impl FnOnce() -> Option<Disconnect>,
) -> Result<Exit, CliError> {
    if let Some(run) = run.filter(|run| run.has_ended()) {
        return Ok(super::run::exit_of_run(run));
    }
    match ended() {
        None | Some(Disconnect::ClientLeft) => Ok(Exit::Success),
        Some(Disconnect::RunEnded(CloseReason::RunEnded)) => {
            Err(CliError::new(Exit::Failed, "the engine was stopped before the day was over"))
        }
        Some(Disconnect::RunEnded(parting)) => {
            Err(CliError::new(Exit::Refused, parting.to_string()))
        }
        Some(Disconnect::Lost(why)) => {
            Err(CliError::new(Exit::Failed, format!("the connection was lost: {why}")))
        }
    }
}
