//! The alerts of a run that is driven in this process: from its events to its notifiers.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, TrySendError},
    },
    time::Duration,
};

use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    conditions::{component_condition, journal_condition, run_conditions},
    message::{AlertMessage, AlertStatus},
    outbox::Outbox,
    sender::{SenderInput, SenderParts, spawn},
};
use crate::cli::{CliError, Exit};
use config::{Config, Notifier};
use engine::{OrchestrationEvent, RunState};
use runtime::{BusMessage, EventBus, RunHandle, Subscription, SubscriptionItem};

/// How often the alerts of a run are looked at while its events go on.
const LOOK: Duration = Duration::from_millis(200);
/// How long the end of a run waits for its last alerts to be delivered.
const LAST_ALERTS: Duration = Duration::from_secs(5);

/// The alerts of one run, until it ends.
#[derive(Debug)]
pub(crate) struct AlertService {
    inputs: SyncSender<SenderInput>,
    following: JoinHandle<()>,
    journal: JoinHandle<()>,
}

/// Refuses notifiers whose variables are not set.
///
/// # Errors
///
/// [`CliError`] with every notifier and its variables.
pub(crate) fn require_secrets(notifiers: &[Notifier]) -> Result<(), CliError> {
    let wrong: Vec<_> = notifiers
        .iter()
        .filter(|notifier| !notifier.missing.is_empty())
        .map(|it| {
            format!("notifier {}: {} is not set", diag::quote(&it.name), it.missing.join(", "))
        })
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let message = format!("{}; set the variable or remove the notifier", wrong.join("; "));
    Err(CliError::new(Exit::Usage, message))
}

impl AlertService {
    /// Starts the service; none where the configuration has no notifiers. Must be called inside a runtime,
    /// before the run is driven.
    ///
    /// # Errors
    ///
    /// [`CliError`] for a variable that is not set, an outbox that cannot be read, and threads that cannot
    /// be started.
    pub(crate) fn start(
        config: &Config,
        handle: &RunHandle,
        bus: &EventBus,
    ) -> Result<Option<Self>, CliError> {
        let notifiers = config.monitoring.notifiers.clone();
        if notifiers.is_empty() {
            return Ok(None);
        }
        require_secrets(&notifiers)?;
        let folder = config.places.state.clone();
        let failed = |error: std::io::Error| {
            let message =
                format!("cannot open the outbox of alerts in {}: {error}", folder.display());
            CliError::new(Exit::Internal, message)
        };
        let mut outbox = Outbox::load(&folder).map_err(failed)?;
        outbox.keep_lanes(&notifiers);
        let parts =
            SenderParts { notifiers, folder: folder.clone(), zone: config.look.zone, outbox };
        let inputs = spawn(parts).map_err(failed)?;
        let run = Arc::new(Mutex::new(None));
        let components = (inputs.clone(), Arc::clone(&run));
        bus.register_event_handler(
            OrchestrationEvent::SystemAlert,
            Arc::new(move |message: Arc<BusMessage>| {
                report_component(&components.0, &components.1, &message);
                Box::pin(std::future::ready(()))
            }),
        );
        let journal = tokio::spawn(watch_journal(handle.clone(), inputs.clone(), Arc::clone(&run)));
        let following = tokio::spawn(follow(handle.subscribe(), inputs.clone(), run));
        Ok(Some(Self { inputs, following, journal }))
    }

    /// Sends what the run's last events raised. What cannot be delivered in [`LAST_ALERTS`] stays in the
    /// outbox for the next run.
    pub(crate) async fn close(self) {
        // The events of a run that has ended are at hand; a run that hangs has none.
        let _ = timeout(LAST_ALERTS, self.following).await;
        self.journal.abort();
        let (done, finished) = oneshot::channel();
        let inputs = self.inputs;
        let told = tokio::task::spawn_blocking(move || inputs.send(SenderInput::Finish(done)));
        // A receiver that hangs keeps nobody.
        let _ = timeout(LAST_ALERTS, async {
            let _ = told.await;
            finished.await
        })
        .await;
    }
}

/// The run as last seen, for alerts that its state does not hold.
type SeenRun = Arc<Mutex<Option<RunState>>>;

async fn follow(mut events: Subscription, inputs: SyncSender<SenderInput>, seen: SeenRun) {
    let mut first = true;
    let mut open = true;
    while open {
        let mut changed = false;
        // Events are gathered, so that a day at full speed costs no look per event.
        let pause = sleep(if first { Duration::ZERO } else { LOOK });
        tokio::pin!(pause);
        loop {
            let item = tokio::select! {
                biased;
                item = events.next() => item,
                () = &mut pause, if changed => break,
            };
            match item {
                None => {
                    open = false;
                    break;
                }
                Some(item) => {
                    apply(&seen, item);
                    changed = true;
                }
            }
        }
        if let Some((run, alerts)) = look(&seen) {
            let input = SenderInput::Look { run, alerts, first };
            first = false;
            if let Err(input) = offer(&inputs, input)
                && !open
            {
                // The last look says everything: it is waited for.
                let inputs = inputs.clone();
                let _ = tokio::task::spawn_blocking(move || inputs.send(input)).await;
            }
        }
    }
}

fn apply(seen: &SeenRun, item: SubscriptionItem) {
    let mut run = seen.lock().unwrap_or_else(PoisonError::into_inner);
    match item {
        SubscriptionItem::Snapshot(state) => *run = Some(*state),
        SubscriptionItem::Event(event) => {
            // An event that does not follow is followed by a snapshot.
            let _ = run.as_mut().map(|run| run.apply(&event));
        }
    }
}

fn look(seen: &SeenRun) -> Option<(String, Vec<AlertMessage>)> {
    let run = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let run = run.as_ref()?;
    Some((run.plan().run.to_string(), run_conditions(run, run.last_event_at())))
}

/// Gives the thread an input without waiting; gives it back where its queue is full.
fn offer(inputs: &SyncSender<SenderInput>, input: SenderInput) -> Result<(), SenderInput> {
    match inputs.try_send(input) {
        // Without its thread nothing is sent, and nothing is owed.
        Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
        Err(TrySendError::Full(input)) => Err(input),
    }
}

fn report_component(inputs: &SyncSender<SenderInput>, seen: &SeenRun, message: &BusMessage) {
    // The events of the run come with its state.
    if message.recorded.is_some() {
        return;
    }
    let run = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let alert = run.as_ref().and_then(|run| component_condition(run, &message.data));
    if let Some(alert) = alert
        && offer(inputs, SenderInput::One(Box::new(alert))).is_err()
    {
        tracing::warn!("an alert about a component was left out: too many wait");
    }
}

async fn watch_journal(handle: RunHandle, inputs: SyncSender<SenderInput>, seen: SeenRun) {
    let mut fault = handle.journal_fault();
    while fault.changed().await.is_ok() {
        let why = fault.borrow_and_update().clone();
        let alert = {
            let run = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(run) = run.as_ref() else { continue };
            let alert = journal_condition(run, why.as_deref().unwrap_or("it is written again"));
            let status = if why.is_some() { AlertStatus::Firing } else { AlertStatus::Resolved };
            AlertMessage { status, ..alert }
        };
        if offer(&inputs, SenderInput::One(Box::new(alert))).is_err() {
            tracing::warn!("an alert about the journal was left out: too many wait");
        }
    }
}
