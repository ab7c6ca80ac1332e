//! A desk to sit at: a day of fourteen tasks, an engine that runs it, a console over it.

use std::sync::Arc;

use bellwether::{
    engine::{
        Actor, AttemptOutcome, Command, CommandRequest, Engine, EngineInput, EngineStep, Failure,
        FailureKind, RecordedEvent, TaskResult, TaskState,
        control::{Authority, GuardLevel},
    },
    planning::{
        id::{AgentId, StageId, TaskId},
        plan::{AgentIx, DayPlan, PlannedTask, RunMode, StageIx, TaskIx},
        time::Span,
        workflow::{EffectClass as Harm, TaskPriority},
    },
    tui::{
        self, ColorDepth, ConsoleSettings, Effect, Model, Msg, SavedFilters, Theme, keymap::Keymap,
    },
    view::drill::LastDrill,
};
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
};

use super::hands::{answer, given, parse};
use crate::support::plans;

/// A moment of the day, exchange time, `10:42:07`.
pub(crate) fn et(clock: &str) -> DateTime<Utc> {
    let utc: DateTime<Utc> = format!("2018-12-19T{clock}Z").parse().expect("a time of day");
    utc + TimeDelta::hours(5)
}

const AGENTS: [&str; 6] = [
    "analytics_reporting",
    "economist",
    "junior_analyst",
    "portfolio_manager",
    "senior_analyst",
    "trade_execution",
];

const STAGES: [(&str, &str, &str); 4] = [
    ("pre_market", "06:00:00", "09:30:00"),
    ("market_open", "09:30:00", "10:30:00"),
    ("intraday", "10:30:00", "15:00:00"),
    ("post_market", "16:00:00", "18:00:00"),
];

/// Name, stage, agent, what it needs.
const TASKS: [(&str, usize, usize, &[usize]); 14] = [
    ("market_analysis", 0, 4, &[]),
    ("macro_assessment", 0, 1, &[]),
    ("risk_assessment", 0, 3, &[0, 1]),
    ("opportunity_scan", 0, 2, &[0]),
    ("generate_trades", 1, 3, &[2, 3]),
    ("approve_trades", 1, 3, &[4]),
    ("initial_orders", 1, 5, &[5]),
    ("risk_recheck", 2, 3, &[]),
    ("order_status_sync", 2, 5, &[]),
    ("quote_refresh", 2, 2, &[]),
    ("hedge_adjust", 2, 5, &[7]),
    ("close_out_check", 2, 5, &[]),
    ("daily_report", 3, 0, &[6]),
    ("attribution", 3, 0, &[12]),
];

/// The day's plan.
pub(crate) fn plan() -> DayPlan {
    let mut plan = plans::empty(4, 6);
    plan.workflow = "Standard Trading Day".into();
    plan.run = "2018-12-19-standard-1".into();
    plan.overlays = vec!["fomc".into()];
    for (agent, name) in plan.agents.iter_mut().zip(AGENTS) {
        agent.id = AgentId::parse(name).expect("a name");
    }
    for (stage, (name, opens, closes)) in plan.stages.iter_mut().zip(STAGES) {
        stage.id = StageId::parse(name).expect("a name");
        (stage.opens_at, stage.closes_at) = (et(opens), et(closes));
    }
    for (name, stage, agent, needs) in TASKS {
        let new = PlannedTask {
            id: TaskId::parse(name).expect("a name"),
            stage: StageIx::new(stage),
            agent: AgentIx::new(agent),
            timeout: Span::mins(40),
            dependencies: needs.iter().map(|&on| plans::hard(on)).collect(),
            ..plans::task(&plan, stage, agent)
        };
        plan.tasks.push(new);
    }
    plan.tasks[5].effect = Harm::Human;
    for orders in [6, 10] {
        plan.tasks[orders].effect = Harm::Effectful;
        plan.tasks[orders].max_retries = 0;
    }
    plan.tasks[7].priority = TaskPriority::Critical;
    plan.tasks[11].opens_at = et("14:45:00");
    plan
}

/// How the console is set up where a test does not say.
pub(crate) fn settings() -> ConsoleSettings {
    ConsoleSettings {
        keymap: Keymap::default(),
        theme: Theme::default(),
        operator: "ana".into(),
        scenario: None,
        speed: 60.0,
        authority: Authority::Armed,
        zone: None,
        filters: SavedFilters::default(),
        drill: None,
        station: tui::ConsoleKind::Local,
    }
}

/// A run and a console over it.
pub(crate) struct Desk {
    pub(crate) engine: Engine,
    pub(crate) model: Model,
    pub(crate) now: DateTime<Utc>,
    pub(crate) wall: DateTime<Utc>,
    pub(crate) size: (u16, u16),
    pub(crate) guards: GuardLevel,
    /// Everything that happened.
    pub(crate) events: Vec<Arc<RecordedEvent>>,
}

impl Desk {
    /// The same with other keys.
    pub(crate) fn keyed(keymap: Keymap) -> Self {
        Self::set(ConsoleSettings { keymap, ..settings() })
    }

    /// The same where the kill was drilled.
    pub(crate) fn drilled(drill: Option<LastDrill>) -> Self {
        Self::set(ConsoleSettings { drill, ..settings() })
    }

    fn set(settings: ConsoleSettings) -> Self {
        let mut desk = Self::new(plan(), (120, 40), ColorDepth::Sixteen);
        desk.model = Model::new(settings, desk.now, desk.size);
        let run = Box::new(desk.engine.state().clone());
        tui::update(&mut desk.model, Msg::Snapshot(run));
        desk
    }

    /// Before anything happened: one minute to six.
    pub(crate) fn new(plan: DayPlan, size: (u16, u16), palette: ColorDepth) -> Self {
        let now = et("05:59:00");
        let (engine, step) = Engine::start(Arc::new(plan), now);
        let mut settings = settings();
        settings.theme.palette = palette;
        let mut desk = Self {
            engine,
            model: Model::new(settings, now, size),
            now,
            wall: now,
            size,
            guards: GuardLevel::Mode,
            events: Vec::new(),
        };
        desk.told(step);
        desk
    }

    /// At 10:42:07: one task failed, one runs, one retries, one is blocked, orders went out.
    pub(crate) fn midday(size: (u16, u16)) -> Self {
        Self::midday_in(RunMode::Sim, size)
    }

    /// The same in another mode.
    pub(crate) fn midday_in(mode: RunMode, size: (u16, u16)) -> Self {
        let mut desk = Self::morning(mode, size);
        desk.until("09:31:00");
        desk.done("generate_trades", "3 orders, $184,220 in all");
        desk.until("09:35:00");
        let approve = desk.ix("approve_trades");
        desk.order(Command::approve_all(approve));
        desk.until("09:36:00");
        desk.done("initial_orders", "3 of 3 orders acknowledged");
        desk.until("10:30:00");
        desk.failed("risk_recheck", FailureKind::Rejected, "gross exposure above the limit");
        desk.until("10:41:00");
        desk.failed("order_status_sync", FailureKind::Transient, "broker answered 503");
        desk.until("10:42:07");
        desk
    }

    /// At 06:45: the analysis is done.
    pub(crate) fn morning(mode: RunMode, size: (u16, u16)) -> Self {
        let mut desk = Self::new(DayPlan { mode, ..plan() }, size, ColorDepth::Sixteen);
        desk.until("06:00:00");
        for (name, clock) in [
            ("market_analysis", "06:12:00"),
            ("macro_assessment", "06:20:00"),
            ("opportunity_scan", "06:31:00"),
            ("risk_assessment", "06:45:00"),
        ] {
            desk.until(clock);
            desk.done(name, "fine");
        }
        desk
    }

    /// Another console over the same run.
    pub(crate) fn sit_anew(&mut self, settings: ConsoleSettings) {
        self.model = Model::new(settings, self.now, self.size);
        let run = Box::new(self.engine.state().clone());
        tui::update(&mut self.model, Msg::Snapshot(run));
    }

    /// Lets time go on to a moment.
    pub(crate) fn until(&mut self, clock: &str) {
        let end = et(clock);
        while let Some(next) = self.engine.next_wake().filter(|next| *next < end) {
            self.now = self.now.max(next);
            let step = self.engine.step(self.now, EngineInput::Tick);
            self.told(step);
        }
        self.now = end;
        let step = self.engine.step(end, EngineInput::Tick);
        self.told(step);
        self.tick(0);
    }

    /// A tick, so many seconds later on the wall.
    pub(crate) fn tick(&mut self, seconds: i64) {
        self.after(seconds * 1_000);
    }

    /// A tick, so many milliseconds later on the wall.
    pub(crate) fn after(&mut self, ms: i64) -> Vec<Effect> {
        self.wall += TimeDelta::milliseconds(ms);
        tui::update(&mut self.model, Msg::Tick { now: self.now, wall: self.wall })
    }

    /// What follows from a tick.
    pub(crate) fn tick_effects(&mut self) -> Vec<Effect> {
        tui::update(&mut self.model, Msg::Tick { now: self.now, wall: self.wall })
    }

    pub(super) fn told(&mut self, step: EngineStep) -> Vec<Effect> {
        let batch: Vec<_> = step.events.into_iter().map(Arc::new).collect();
        self.events.extend(batch.iter().cloned());
        let mut effects = tui::update(&mut self.model, Msg::Engine(batch));
        effects.extend(self.proposed(&effects.clone()));
        effects.retain(|effect| !matches!(effect, Effect::Propose { .. }));
        effects
    }

    pub(crate) fn ix(&self, name: &str) -> TaskIx {
        self.engine.state().plan().find_task(name).expect("a task of the day")
    }

    fn answer(&mut self, name: &str, answer: AttemptOutcome) -> Vec<Effect> {
        let task = self.ix(name);
        let attempt = self.engine.state().task(task).attempt;
        let step = self.engine.step(self.now, EngineInput::AttemptEnded { task, attempt, answer });
        self.told(step)
    }

    pub(crate) fn done(&mut self, name: &str, summary: &str) -> Vec<Effect> {
        self.answer(name, AttemptOutcome::Completed(TaskResult::without_data(summary)))
    }

    /// The task is done and gives this output.
    pub(crate) fn gives(&mut self, name: &str, summary: &str, output: serde_json::Value) {
        let result = TaskResult { output: Arc::new(output), ..TaskResult::without_data(summary) };
        self.answer(name, AttemptOutcome::Completed(result));
    }

    pub(crate) fn failed(&mut self, name: &str, kind: FailureKind, message: &str) {
        self.answer(name, AttemptOutcome::Failed(Failure::new(kind, message)));
    }

    pub(crate) fn unknown(&mut self, name: &str) {
        self.answer(
            name,
            AttemptOutcome::InDoubt(Failure::new(FailureKind::Transient, "no answer")),
        );
    }

    /// Lets the day end: whatever is at work is done at once, each approval given.
    pub(crate) fn finish(&mut self, mut each: impl FnMut(&mut Self)) {
        for _ in 0..5_000 {
            let busy = self.engine.state().tasks().find(|(_, t)| t.state == TaskState::Running);
            let at_work = busy.map(|(ix, _)| ix);
            let step = match (at_work, self.engine.next_wake()) {
                (Some(task), _) => {
                    let attempt = self.engine.state().task(task).attempt;
                    let answer = AttemptOutcome::Completed(TaskResult::without_data("fine"));
                    self.engine.step(self.now, EngineInput::AttemptEnded { task, attempt, answer })
                }
                (None, Some(next)) => {
                    self.now = self.now.max(next);
                    self.engine.step(self.now, EngineInput::Tick)
                }
                (None, None) => return,
            };
            self.told(step);
            each(self);
        }
    }

    /// Gives the engine a command behind the console's back.
    pub(crate) fn order(&mut self, command: Command) {
        let by = Actor::Operator("bob".into());
        let id = self.engine.state().last_seq();
        let reason = Some("as agreed".into());
        let step = self
            .engine
            .step(self.now, EngineInput::Command(CommandRequest { id, by, reason, command }));
        assert_eq!(step.refusal, None);
        self.told(step);
    }

    /// Presses keys: characters as they are, others as `<esc>`, `<enter>`, `<tab>`, `<c-c>`.
    pub(crate) fn press(&mut self, keys: &str) -> Vec<Effect> {
        parse(keys).into_iter().flat_map(|key| self.key(key)).collect()
    }

    /// One key, half a second after the last: nobody types into a dialog before it is there.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Vec<Effect> {
        let mut effects = self.after(500);
        // Time passes for the key alone: whom a tick calls is no answer to it.
        effects.retain(|effect| !matches!(effect, Effect::Notify { .. }));
        effects.extend(tui::update(&mut self.model, Msg::Key(key)));
        let asked = self.proposed(&effects);
        effects.extend(asked);
        effects.retain(|effect| !matches!(effect, Effect::Propose { .. }));
        effects
    }

    /// What reaches the engine of keys pressed, once it can no longer be taken back; with reasons.
    pub(crate) fn given(&mut self, keys: &str) -> Vec<(Command, Option<String>)> {
        let mut effects = self.press(keys);
        effects.extend(self.after(3_500));
        given(&effects)
    }

    /// One key without any time before it.
    pub(crate) fn key_at_once(&mut self, c: char) -> Vec<Effect> {
        let key = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        let effects = tui::update(&mut self.model, Msg::Key(key));
        self.proposed(&effects);
        effects.into_iter().filter(|it| !matches!(it, Effect::Propose { .. })).collect()
    }

    fn proposed(&mut self, effects: &[Effect]) -> Vec<Effect> {
        answer(&mut self.model, (self.now, self.guards), effects)
    }

    /// Puts the cursor on a task.
    pub(crate) fn select(&mut self, name: &str) {
        let ix = self.ix(name);
        self.press("1g");
        for _ in 0..TASKS.len() {
            if self.model.selected_task() == Some(ix) {
                return;
            }
            self.press("j");
        }
        unreachable!("{name} is not on the board");
    }

    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        tui::update(&mut self.model, Msg::Resize(size.0, size.1));
    }

    pub(crate) fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| tui::draw(&self.model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    pub(crate) fn frame(&self) -> String {
        tui::frame_text(&self.buffer())
    }
}
