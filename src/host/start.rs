//! Starts the run of a command: its inputs, journal, desk, missed work and server, in one order for
//! every front end.

use std::{io, sync::Arc};

use tokio::sync::oneshot;

use super::{
    DataHealth, OrchestrationController, PreparedRun, RunRequest,
    books::{BookKeeper, MorningBook},
    day::{RunOptions, error_chain, obey_flag_files, start_system},
    desk_backing,
    late_start::{MissedWork, settle_missed_work},
    log::run_events::log_events,
    notifications::start_notifiers,
    open_journal::{JournalRequest, OpenedJournal, RecoveryConsent, open_journal},
    run_inputs::RunInputs,
    serve::{HttpSource, ServeGuard, ServeMode},
};
use crate::cli::CliError;
use audit::TrailHead;
use desk::trading::desk::Desk;
use engine::{Actor, CatchUpChoice, RunState, forecast::catch_up::LateStart, port::EventSink};
use runtime::{Attendance, DriveError, Driver, KillWatch, RecoveryMode, RunClock, RunHandle};
use store::{Store, TrailHeadHandle};

/// Request to start a run.
pub(crate) struct StartRequest {
    pub(crate) options: RunOptions,
    /// Overlays beyond those the calendar and the regime ask for.
    pub(crate) overlays: Vec<String>,
    /// Consent to continue an unfinished run where the configuration leaves it to the command.
    pub(crate) recovery: RecoveryMode,
    pub(crate) attendance: Attendance,
    pub(crate) service: ServeMode,
    /// Sinks that receive every event besides the journal and the audit trail.
    pub(crate) sinks: Vec<Box<dyn EventSink>>,
}

/// The operator's answer to a run that starts after some of its work was missed.
pub(crate) enum MissedWorkAnswer {
    /// A choice.
    Choice(CatchUpChoice),
    /// A choice that is made while the run waits for it.
    #[cfg_attr(not(feature = "tui"), expect(dead_code, reason = "only the console asks so"))]
    Pending(oneshot::Receiver<CatchUpChoice>),
    /// The run is not to begin.
    Leave,
}

/// The front end's side of a start: what the operator is told and asked.
pub(crate) trait StartDialog {
    /// Tells a remark about the run's inputs, its journal or its missed work.
    fn note(&mut self, remark: &str) -> io::Result<()>;

    /// Tells where the run is served, or that it is not.
    fn announce(&mut self, line: &str) -> io::Result<()>;

    /// Shows a run that is to be recovered, and asks for consent where it is needed.
    fn confirm_recovery(&mut self, _journal: &OpenedJournal) -> Result<RecoveryConsent, CliError> {
        Ok(RecoveryConsent::Automatic)
    }

    /// Returns whether missed work can be asked about.
    fn can_ask(&self) -> bool;

    /// Asks about missed work.
    fn ask_missed_work(&mut self, late: LateStart) -> Result<MissedWorkAnswer, CliError>;

    /// Returns whether missed work of a recovered run can be asked about while it runs.
    fn can_ask_later(&self) -> bool;
}

/// A start whose remarks nobody reads, and that nobody can be asked about.
pub(crate) struct SilentDialog;

impl StartDialog for SilentDialog {
    fn note(&mut self, _remark: &str) -> io::Result<()> {
        Ok(())
    }

    fn announce(&mut self, _line: &str) -> io::Result<()> {
        Ok(())
    }

    fn can_ask(&self) -> bool {
        false
    }

    fn ask_missed_work(&mut self, late: LateStart) -> Result<MissedWorkAnswer, CliError> {
        Ok(MissedWorkAnswer::Choice(late.recommended))
    }

    fn can_ask_later(&self) -> bool {
        false
    }
}

/// A started run that waits to be driven.
pub(crate) struct StartedRun {
    pub(crate) controller: OrchestrationController,
    pub(crate) driver: PendingDriver,
    pub(crate) handle: RunHandle,
    pub(crate) kill: Option<KillWatch>,
    pub(crate) served: ServeGuard,
    #[cfg_attr(not(feature = "tui"), expect(dead_code, reason = "only the console shows it"))]
    pub(crate) clock: RunClock,
    pub(crate) store: Store,
    pub(crate) trail_head: TrailHeadHandle,
    /// Head of the previous run's audit trail.
    #[cfg_attr(not(feature = "tui"), expect(dead_code, reason = "only the console shows it"))]
    pub(crate) previous_head: Option<TrailHead>,
    /// One line for each input that differs from those the run began with.
    pub(crate) differing: Vec<String>,
    /// The recovered run as the last process left it.
    pub(crate) recovered: Option<RunState>,
}

/// A driver, and the choice about missed work it may have to wait for.
pub(crate) struct PendingDriver {
    driver: Driver,
    choice: Option<oneshot::Receiver<CatchUpChoice>>,
    operator: Actor,
    /// Records the book after the run.
    book: Option<(BookKeeper, Arc<Desk>)>,
}

impl PendingDriver {
    /// Drives the run to its end, once the operator has chosen what becomes of missed work. Without
    /// a choice the run does not begin.
    pub(crate) async fn run(mut self) -> Result<RunState, DriveError> {
        if let Some(choice) = self.choice {
            match choice.await {
                Ok(choice) => {
                    if let Err(refusal) = self.driver.choose_catch_up(choice, self.operator) {
                        tracing::error!("missed work cannot be settled: {refusal}");
                    }
                }
                Err(_left) => return Ok(self.driver.into_state()),
            }
        }
        let state = self.driver.run().await?;
        if let Some((keeper, desk)) = self.book.filter(|_| state.has_ended()) {
            match keeper.record_close(&state, &desk) {
                Ok(Some(recorded)) => tracing::info!("the book is that of {recorded}"),
                Ok(None) => {}
                // The next start works it out from the facts of the desk.
                Err(error) => tracing::error!("{}", error_chain(&error)),
            }
        }
        Ok(state)
    }
}

/// Starts a run; none if the operator would rather not begin. Must be called inside a runtime.
///
/// # Errors
///
/// [`CliError`] for workflow files, data or a date that cannot be used, a journal that cannot be
/// opened or whose run may not be continued, and a desk or a server that cannot be opened.
pub(crate) fn start(
    request: StartRequest,
    dialog: &mut dyn StartDialog,
) -> Result<Option<StartedRun>, CliError> {
    let StartRequest { options, overlays, recovery, attendance, service, mut sinks } = request;
    let RunOptions { config, mode, clock, scenario, embedded } = options;
    let date = config.day.date;
    let mut controller = start_system(config, &embedded)?;
    for remark in controller.day_factory()?.data_remarks(date) {
        dialog.note(&remark)?;
    }
    let inputs = RunInputs::new(
        (controller.day_factory()?, controller.config()),
        &overlays,
        scenario.as_deref(),
    );
    let request = JournalRequest { mode, unless: recovery, attendance, inputs };
    let journal = open_journal(controller.config(), request)?;
    let config = controller.config().clone();
    for remark in &journal.remarks {
        dialog.note(remark)?;
    }
    let consent = dialog.confirm_recovery(&journal)?;
    let (store, recovered) = (journal.store(), journal.recovering_run().cloned());
    // The journal first: what it does not hold is told to nobody.
    let sinks = journal.sinks.into_iter().chain(sinks.drain(..)).collect();
    obey_flag_files(&mut controller);
    let clock = match &recovered {
        Some(run) => clock.at_least(run.last_event_at()),
        None => clock,
    };
    let request = RunRequest {
        date,
        mode,
        clock: clock.clone(),
        scenario,
        overlays,
        attendance,
        sinks,
        begins: journal.begins,
    };
    let days = controller.day_factory()?;
    let mut book = MorningBook::prepare((days, &store), (mode, recovered.is_some()), dialog)?;
    let mut day = controller.prepare_run_on(request, |run| {
        book.record_opening(run);
        desk_backing(&store, run)
    })?;
    let book = book.keeper_of(&day.desk)?;
    let operator = Actor::Operator(config.day.operator.clone());
    if consent == RecoveryConsent::ByOperator {
        day.driver.confirm_recovery(operator.clone());
    }
    let choice = match settle_missed_work(&mut day, &config, dialog)? {
        MissedWork::Settled => None,
        MissedWork::Pending(choice) => Some(choice),
        MissedWork::Left => return Ok(None),
    };
    let source = http_source(&controller)?;
    log_events(&day.handle, &day.plan);
    let notifiers = start_notifiers(&config, &day.handle, &controller.event_bus())?;
    let served = service.open(&config, &day, source, dialog)?.with_notifiers(notifiers);
    let PreparedRun { driver, handle, kill, .. } = day;
    Ok(Some(StartedRun {
        controller,
        driver: PendingDriver { driver, choice, operator, book },
        handle,
        kill,
        served,
        clock,
        store,
        trail_head: journal.seal,
        previous_head: journal.previous,
        differing: journal.differing,
        recovered,
    }))
}

/// Returns what the run's HTTP server tells of besides the run.
fn http_source(controller: &OrchestrationController) -> Result<HttpSource, CliError> {
    let days = controller.day_factory()?;
    Ok(HttpSource {
        data: DataHealth::of_days(days),
        agents: days.agent_names(),
        bus: controller.event_bus(),
    })
}
