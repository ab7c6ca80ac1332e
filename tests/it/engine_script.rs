//! A day played by hand: minutes pass, agents answer, a person gives orders, and all is written down.

use std::sync::Arc;

use bellwether::{
    engine::{
        Actor, AttemptOutcome, Command, CommandRefusal, CommandRequest, Engine, EngineInput,
        EngineStep, Event, Failure, FailureKind, OrchestrationEvent, RecordedEvent, RunState,
        TaskResult, TaskRun, TaskState, WorkItem,
    },
    planning::plan::{DayPlan, Dependency, PlannedTask, TaskIx},
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::support::plans;

/// A plan of one stage from 06:00 to 09:00 and one agent of three slots, without tasks.
pub(crate) fn quiet() -> DayPlan {
    plans::empty(1, 1)
}

/// Adds a pure task of the first stage and agent, changed by `set`, and gives its place.
pub(crate) fn add(plan: &mut DayPlan, set: impl FnOnce(&mut PlannedTask)) -> TaskIx {
    let mut task = plans::task(plan, 0, 0);
    set(&mut task);
    plan.tasks.push(task);
    TaskIx::new(plan.tasks.len() - 1)
}

/// As [`add`], after others it needs.
pub(crate) fn after(plan: &mut DayPlan, needs: &[TaskIx]) -> TaskIx {
    let needs = needs.iter().map(|on| plans::hard(on.at())).collect::<Vec<Dependency>>();
    add(plan, |task| task.dependencies = needs)
}

/// A day under way.
pub(crate) struct Script {
    pub(crate) engine: Engine,
    pub(crate) at: DateTime<Utc>,
    pub(crate) journal: Vec<RecordedEvent>,
    pub(crate) work: Vec<WorkItem>,
    orders: u64,
}

impl Script {
    pub(crate) fn begin(plan: DayPlan) -> Self {
        let at = plans::morning();
        let (engine, step) = Engine::start(Arc::new(plan), at);
        let mut script = Self { engine, at, journal: Vec::new(), work: Vec::new(), orders: 0 };
        script.note(step);
        script
    }

    fn note(&mut self, step: EngineStep) {
        self.journal.extend(step.events);
        self.work.extend(step.work);
    }

    pub(crate) fn input(&mut self, input: EngineInput) -> Option<CommandRefusal> {
        let mut step = self.engine.step(self.at, input);
        let refusal = step.refusal.take();
        self.note(step);
        refusal
    }

    /// Lets time pass, waking the engine whenever it asks to be woken.
    pub(crate) fn pass(&mut self, seconds: i64) {
        let target = self.at + TimeDelta::seconds(seconds);
        while let Some(wake) = self.engine.next_wake().filter(|wake| *wake <= target) {
            self.at = wake.max(self.at);
            self.input(EngineInput::Tick);
        }
        self.at = target;
        self.input(EngineInput::Tick);
    }

    /// The engine is gone, and another takes the run up from what was kept of it.
    pub(crate) fn crash(&mut self) {
        let kept = serde_json::to_vec(self.engine.state()).expect("a state can be written");
        self.engine = Engine::from_state(serde_json::from_slice(&kept).expect("and read"));
    }

    /// The program is gone, and another takes the run up as it was left, at `wall` on the wall.
    pub(crate) fn take_up(&mut self, wall: DateTime<Utc>) {
        let (engine, step) = Engine::recover(self.engine.state().clone(), self.at, wall);
        self.engine = engine;
        self.work.clear();
        self.note(step);
    }

    /// What the engine asked to be done since somebody last looked.
    pub(crate) fn asked(&mut self) -> Vec<WorkItem> {
        std::mem::take(&mut self.work)
    }

    /// Lets time pass until so many minutes after 06:00.
    pub(crate) fn until(&mut self, minute: i64) {
        let left = plans::morning() + TimeDelta::minutes(minute) - self.at;
        assert!(left >= TimeDelta::zero(), "that minute is over");
        self.pass(left.num_seconds());
    }

    /// The living attempt of a task answers.
    pub(crate) fn answer(&mut self, task: TaskIx, answer: AttemptOutcome) {
        let attempt = self.task(task).attempt;
        self.input(EngineInput::AttemptEnded { task, attempt, answer });
    }

    pub(crate) fn done(&mut self, task: TaskIx) {
        self.answer(task, AttemptOutcome::Completed(TaskResult::without_data("done")));
    }

    pub(crate) fn fails(&mut self, task: TaskIx, kind: FailureKind) {
        self.answer(task, AttemptOutcome::Failed(Failure::new(kind, "it broke")));
    }

    pub(crate) fn unclear(&mut self, task: TaskIx) {
        self.answer(
            task,
            AttemptOutcome::InDoubt(Failure::new(FailureKind::Crash, "line went dead")),
        );
    }

    /// A person asks for something and says why.
    pub(crate) fn ask(&mut self, command: Command) -> Result<(), CommandRefusal> {
        self.ask_because(Some("desk call"), command)
    }

    pub(crate) fn ask_because(
        &mut self,
        reason: Option<&str>,
        command: Command,
    ) -> Result<(), CommandRefusal> {
        self.orders += 1;
        let by = Actor::Operator("ana".into());
        let order = CommandRequest { id: self.orders, by, reason: reason.map(Into::into), command };
        self.input(EngineInput::Command(order)).map_or(Ok(()), Err)
    }

    /// As [`Script::ask`], of something that must be granted.
    pub(crate) fn order(&mut self, command: Command) {
        let shown = format!("{command:?}");
        if let Err(refusal) = self.ask(command) {
            assert_eq!(refusal.to_string(), "", "{shown} was refused");
        }
    }

    pub(crate) fn run(&self) -> &RunState {
        self.engine.state()
    }

    pub(crate) fn task(&self, task: TaskIx) -> &TaskRun {
        self.engine.state().task(task)
    }

    pub(crate) fn state(&self, task: TaskIx) -> TaskState {
        self.task(task).state
    }

    /// The states of all tasks, in order.
    pub(crate) fn states(&self) -> Vec<TaskState> {
        self.run().tasks().map(|(_, task)| task.state).collect()
    }

    /// The tasks that run, in order.
    pub(crate) fn running(&self) -> Vec<TaskIx> {
        let all = self.run().tasks();
        all.filter(|(_, task)| task.state == TaskState::Running).map(|(ix, _)| ix).collect()
    }

    /// How many events of a kind were recorded.
    pub(crate) fn told(&self, kind: OrchestrationEvent) -> usize {
        self.journal.iter().filter(|recorded| recorded.event.kind() == kind).count()
    }

    /// How many alerts with a code were raised.
    pub(crate) fn alerts(&self, wanted: &str) -> usize {
        let raised = |recorded: &&RecordedEvent| matches!(&recorded.event, Event::SystemAlert { code, .. } if code == wanted);
        self.journal.iter().filter(raised).count()
    }
}
