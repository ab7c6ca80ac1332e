//! One function per fuzz target, which takes any bytes and panics if the program handles them
//! wrongly.
//!
//! They use only the program's public API. `tests/it/fuzzed.rs` runs them on the stored corpus with
//! every test run.

use std::sync::{Arc, OnceLock};

use bellwether::{
    config::{self, env, file},
    desk::market::Dataset,
    diag,
    engine::{CorrelationId, Engine, EngineInput, RunState},
    planning::{
        plan::{
            self, BuildInput, DayPlan, PlanSettings, PlanningFacts, RunMode, WorkflowLibrary,
            build_day_plan,
        },
        workflow::{self, AgentCatalog},
    },
    runtime::protocol::{
        ClientMessage, FROM_ENGINE_MAX, FROM_GUEST_MAX, FrameDecoder, ServerMessage, encode_frame,
    },
    store::EventRow,
};

/// Checks a workflow file or an overlay, and plans a valid one. Every problem must be printable.
pub fn workflow(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let report = workflow::check_files(&[("fuzzed.yaml", &text)], &AgentCatalog::builtin());
    let shown = diag::render(&report.problems, diag::RenderStyle::Plain);
    assert_eq!(shown.is_empty(), report.problems.is_empty());
    assert!(!shown.contains('\u{1b}'), "an escape sequence reaches the terminal");
    if let Some(definition) = report.definition.clone().filter(|_| report.is_sound()) {
        let library = WorkflowLibrary::new(definition, report.overlays);
        let facts = facts();
        // A valid file may still be refused for this day, with an error.
        let settings = settings();
        let input =
            BuildInput { library: &library, facts: &facts, applied: &[], settings: &settings };
        let _refused = build_day_plan(input);
    }
}

/// Reads rows of a journal, one body per line, after the first event of a real day: each valid row
/// must serialize to itself, and the state after all valid ones must be writable, readable and
/// usable.
pub fn journal(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let plan = plan();
    let (engine, first) = Engine::start(plan, facts().day.open);
    let mut state = RunState::from_first_event(&first.events[0]).expect("a day can begin");
    drop(engine);
    let mut at = state.last_event_at();
    for line in text.lines().take(400) {
        let body = line.to_owned();
        let entry = EventRow {
            seq: state.last_seq() + 1,
            at,
            corr: CorrelationId::RUN,
            kind: String::new(),
            body,
        };
        let Ok(recorded) = entry.to_recorded() else { continue };
        let again = serde_json::to_string(&recorded.event).expect("what was read can be written");
        let reread =
            EventRow { body: again, ..entry }.to_recorded().expect("what was written can be read");
        assert_eq!(reread, recorded, "an event changed on its way through the journal");
        let before = state.clone();
        match state.apply(&recorded) {
            Ok(()) => at += planning::time::Span::secs(1).to_delta(),
            Err(_illegal) => assert_eq!(state, before, "a refused event changed the run"),
        }
    }
    let bytes = serde_json::to_vec(&state).expect("a state can be written");
    let read: RunState =
        serde_json::from_slice(&bytes).expect("a state that was written can be read");
    assert_eq!(read, state);
    let mut engine = Engine::from_state(state);
    let step = engine.step(at, EngineInput::Tick);
    let mut folded = read;
    for event in &step.events {
        folded.apply(event).expect("what the engine says can be folded");
    }
    assert_eq!(&folded, engine.state());
}

/// Reads a configuration file, or variables if the first byte is `=`: it must be accepted as a
/// whole or refused with an error.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let problems;
    let given;
    if let Some(vars) = text.strip_prefix('=') {
        let vars: Vec<_> = vars
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        (given, problems) = (env::read_environment(&vars), Vec::new());
    } else {
        (given, problems) = file::read_config_file("fuzzed.yaml", &text);
    }
    for problem in &problems {
        assert!(!problem.to_string().contains('\u{1b}'), "an escape sequence reaches the terminal");
    }
    match config::resolve(&given) {
        Ok(config) => assert_eq!(config.rows.len(), config::SETTINGS.len()),
        Err(error) => {
            assert!(!error.problems.is_empty());
            assert!(
                !error.to_string().contains('\u{1b}'),
                "an escape sequence reaches the terminal"
            );
        }
    }
}

/// Reads market data: a file name up to the first line break, then the file.
pub fn market(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, text) = text.split_once('\n').unwrap_or(("bars.csv", &text));
    let (data, problems) = Dataset::parse([(name, text)].into_iter());
    for problem in &problems {
        assert!(!problem.to_string().contains('\u{1b}'), "an escape sequence reaches the terminal");
    }
    let symbols: Vec<_> = data.symbols().map(str::to_owned).collect();
    for symbol in symbols {
        let _range = data.date_range(&symbol);
    }
}

fn facts() -> PlanningFacts {
    let date = "2018-12-19".parse().expect("it is a date");
    PlanningFacts::for_date(date).expect("the calendar knows the day")
}

fn settings() -> PlanSettings {
    config::Config::default().plan_settings(RunMode::Sim, 1)
}

/// Returns the plan of a standard day, built once.
fn plan() -> Arc<DayPlan> {
    static PLAN: OnceLock<Arc<DayPlan>> = OnceLock::new();
    let made = || {
        let files = plan::builtin_files();
        let report = workflow::check_files(&files, &AgentCatalog::builtin());
        let base = report.definition.expect("the standard day is sound");
        let (facts, settings) = (facts(), settings());
        let library = WorkflowLibrary::new(base, report.overlays);
        let input =
            BuildInput { library: &library, facts: &facts, applied: &[], settings: &settings };
        Arc::new(build_day_plan(input).expect("the standard day can be planned"))
    };
    Arc::clone(PLAN.get_or_init(made))
}

/// Decodes socket input, in pieces whose length the first byte gives: messages of a client, and of
/// an engine. A decoded message must encode to itself.
pub fn wire(data: &[u8]) {
    let Some((piece, data)) = data.split_first() else { return };
    let piece = usize::from(*piece) + 1;
    messages::<ClientMessage>(data, piece, FROM_GUEST_MAX);
    messages::<ServerMessage>(data, piece, FROM_GUEST_MAX);
}

fn messages<M: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
    data: &[u8],
    piece: usize,
    most: usize,
) {
    let mut decoder = FrameDecoder::new(most);
    for mut bytes in data.chunks(piece) {
        loop {
            match decoder.decode::<M>(&mut bytes) {
                Ok(Some(message)) => {
                    let said = encode_frame(&message, FROM_ENGINE_MAX)
                        .expect("what was read can be written");
                    let again = FrameDecoder::new(FROM_ENGINE_MAX).decode::<M>(&mut &said[..]);
                    assert_eq!(again, Ok(Some(message)), "a message changed on its way");
                }
                Ok(None) => break,
                // The start of the next message is unknown.
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    return;
                }
            }
        }
    }
}
