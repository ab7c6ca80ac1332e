//! Writes events as they come, and what the day came to.

use std::io;

use chrono::{DateTime, Utc};

use super::summary::{self, RunTally};
use crate::{
    event_line,
    format::{self, GlyphSet},
};
use audit::TrailHead;
use engine::{Event, RecordedEvent, RunState};
use planning::plan::DayPlan;

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The amount of detail. JSON is always complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// Without the rounds of monitoring loops, queueing and progress.
    #[default]
    Normal,
    /// Every event.
    Verbose,
}

/// Writes a run to a stream.
#[derive(Debug)]
pub struct Reporter<W> {
    out: W,
    format: OutputFormat,
    verbosity: Verbosity,
    glyphs: GlyphSet,
    tally: RunTally,
}

impl<W: io::Write> Reporter<W> {
    /// Creates a reporter that has written nothing yet.
    pub const fn new(out: W, format: OutputFormat, verbosity: Verbosity) -> Self {
        Self { out, format, verbosity, glyphs: GlyphSet::Utf8, tally: RunTally::NONE }
    }

    /// The same, with other marks. Default: UTF-8.
    #[must_use]
    pub fn with_glyphs(self, glyphs: GlyphSet) -> Self {
        Self { glyphs, ..self }
    }

    /// Writes one event. `run` is the state after it.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn event(&mut self, run: &RunState, recorded: &RecordedEvent) -> io::Result<()> {
        let plan = run.plan();
        self.count(run, recorded);
        match self.format {
            OutputFormat::Json => writeln!(self.out, "{}", engine::event_json(recorded, plan)),
            OutputFormat::Text
                if self.verbosity == Verbosity::Normal && is_routine(recorded, plan) =>
            {
                Ok(())
            }
            OutputFormat::Text => {
                let line = event_line::event_line(recorded, plan);
                let mark = line.mark.glyph(self.glyphs);
                let time = format::format_time(line.at);
                writeln!(self.out, "{time} {mark} {:<20} {}", line.kind, line.what)
            }
        }
    }

    /// Counts an event without writing it: one that happened before this process.
    pub fn count(&mut self, run: &RunState, recorded: &RecordedEvent) {
        self.tally.add_event(&recorded.event);
        if matches!(recorded.event, Event::CommandAccepted { .. }) {
            let line = event_line::event_line(recorded, run.plan());
            self.tally.add_command(format!("{} {}", format::format_time(line.at), line.what));
        }
    }

    /// Writes that `missed` events were dropped because the stream was not read in time. As JSON, one
    /// object with `event: "events_missed"`.
    ///
    /// # Errors
    ///
    /// The stream's error.
    pub fn gap(&mut self, run: &RunState, missed: u64, at: DateTime<Utc>) -> io::Result<()> {
        self.tally.add_missed(missed);
        match self.format {
            OutputFormat::Json => {
                let run = &run.plan().run;
                let row = serde_json::json!({
                    "event": "events_missed", "run": run, "at": at, "missed": missed,
                });
                writeln!(self.out, "{row}")
            }
            OutputFormat::Text => {
                let (time, events) = (format::format_time(at), format::count_noun(missed, "event"));
                writeln!(
                    self.out,
                    "{time} ! {:<20} {events} not printed: the output was not read in time",
                    "EVENTS_MISSED"
                )
            }
        }
    }

    /// Adds a line to the summary for each input that differs since the run was begun.
    pub fn set_input_changes(&mut self, lines: Vec<String>) {
        self.tally.set_input_changes(lines);
    }

    /// Where the day's audit trail ends, to be told with what the day came to.
    pub fn set_trail_head(&mut self, head: Option<TrailHead>) {
        self.tally.set_trail_head(head);
    }

    /// Writes an event of a kind that this program does not know: its number, moment, kind and text as it was kept.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn write_unknown_event(
        &mut self,
        (seq, at): (u64, DateTime<Utc>),
        kind: &str,
        body: &str,
    ) -> io::Result<()> {
        match self.format {
            OutputFormat::Json => {
                let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
                let row = serde_json::json!({
                    "seq": seq, "at": at, "event": kind, "unknown": true, "body": body,
                });
                writeln!(self.out, "{row}")
            }
            OutputFormat::Text => {
                let (time, kind) = (format::format_time(at), format::safe_to(kind, 40));
                writeln!(
                    self.out,
                    "{time} ? {:<20} event {seq} of another version: {kind}",
                    "UNKNOWN"
                )
            }
        }
    }

    /// Writes what the day came to, and flushes. As JSON, one object with `event: "summary"`.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn close(&mut self, run: &RunState, at: DateTime<Utc>) -> io::Result<()> {
        match self.format {
            OutputFormat::Json => {
                writeln!(self.out, "{}", summary::summary_json(run, &self.tally, at))?;
            }
            OutputFormat::Text => {
                for line in summary::summary_lines(run, &self.tally, self.glyphs, at) {
                    writeln!(self.out, "{line}")?;
                }
            }
        }
        self.out.flush()
    }

    /// The stream back.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// Returns whether an event says nothing a reader of the day needs: rounds of loops, queueing,
/// progress.
pub(super) fn is_routine(recorded: &RecordedEvent, plan: &DayPlan) -> bool {
    // Of a loop the first start is told, and its end.
    if let Event::TaskStarted { task, attempt: 2.. } = &recorded.event {
        return plan.task(*task).every.is_some();
    }
    matches!(
        recorded.event,
        Event::TaskQueued { .. }
            | Event::TaskDequeued { .. }
            | Event::TaskProgress { .. }
            | Event::TaskRoundCompleted { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Engine, EngineInput, FailureKind};
    use planning::{plan::TaskIx, time::Span};
    use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

    fn report_text(
        day: &SampleRun,
        format: OutputFormat,
        verbosity: Verbosity,
        time: &str,
    ) -> String {
        let mut reporter =
            Reporter::new(Vec::new(), format, verbosity).with_glyphs(GlyphSet::Ascii);
        for recorded in &day.events {
            reporter.event(day.run(), recorded).unwrap();
        }
        reporter.close(day.run(), exchange_time(time)).unwrap();
        String::from_utf8(reporter.into_inner()).unwrap()
    }

    fn small_day() -> SampleRun {
        let mut watch = task("watch", 2);
        watch.every = Some(Span::mins(1));
        watch.required = false;
        let mut plan = sample::sample_plan(vec![
            watch,
            task("risk_check", 2),
            with_dependencies(task("orders", 2), &[1]),
            task("performance_analysis", 3),
        ]);
        plan.tasks[0].closes_at = exchange_time("10:33");
        let mut day = SampleRun::start(plan, "10:30");
        day.end_attempt("10:30:10", 0, sample::completed("calm"));
        let crash = || sample::failed(FailureKind::Transient, "LLM 429");
        day.end_attempt("10:30:20", 1, crash());
        day.advance_to("10:30:21");
        day.end_attempt("10:30:40", 1, sample::failed(FailureKind::BadInput, "no such symbol"));
        day.advance_to("10:31");
        day.end_attempt("10:31:10", 0, sample::completed("calm"));
        let skip = engine::Command::Skip { task: TaskIx(2), satisfies: false };
        day.order("10:32", skip, "no risk figures");
        day.advance_to("10:33");
        day.end_attempt("10:33:10", 0, sample::completed("calm"));
        day.advance_to("15:00");
        day.advance_to("16:00");
        let output =
            std::sync::Arc::new(serde_json::json!({ "data": { "pnl": { "total": 358.8 } } }));
        let quality = engine::ResultQuality::Ok;
        let outcome = engine::TaskResult { quality, summary: "day +358.80".into(), output };
        day.end_attempt("16:05", 3, engine::AttemptOutcome::Completed(outcome));
        day
    }

    #[test]
    fn a_day_is_told_in_lines_without_the_rounds_of_its_loops() {
        let day = small_day();
        assert!(day.run().has_ended());
        insta::assert_snapshot!(report_text(&day, OutputFormat::Text, Verbosity::Normal, "16:06"), @r#"
        10:30:00 > WORKFLOW_STARTED     2024-01-16-standard-1: Standard Trading Day, regular session, 4 tasks in 4 stages
        10:30:00 > STAGE_STARTED        pre_market opened
        10:30:00 > STAGE_STARTED        market_open opened
        10:30:00 > STAGE_STARTED        intraday opened
        10:30:00 > TASK_STARTED         watch attempt 1 by economist
        10:30:00 > TASK_STARTED         risk_check 1/3 by economist
        10:30:00 + STAGE_COMPLETED      pre_market completed
        10:30:00 + STAGE_COMPLETED      market_open completed
        10:30:20 x AGENT_ERROR          economist at risk_check: LLM 429
        10:30:20 ~ TASK_RETRYING        risk_check 1/3 again in 1s: LLM 429
        10:30:21 > TASK_STARTED         risk_check 2/3 by economist
        10:30:40 x TASK_FAILED          risk_check (bad input; a retry would fail again): no such symbol
        10:30:40 b TASK_UPSTREAM_FAILED orders cannot run: risk_check did not complete
        10:32:00 @ OPERATOR_ACTED       ana: skip orders "no risk figures"
        10:32:00 - TASK_SKIPPED         orders: skipped by an operator
        10:33:10 + TASK_COMPLETED       watch: calm
        10:33:10 ! STAGE_STUCK          intraday is blocked: an operator must act
        10:33:10 ! SYSTEM_ALERT         stage_stuck: stage intraday is blocked: an operator must act
        15:00:00 x STAGE_FAILED         intraday failed, 1 task ended badly
        16:00:00 > STAGE_STARTED        post_market opened
        16:00:00 > TASK_STARTED         performance_analysis 1/3 by economist
        16:05:00 + TASK_COMPLETED       performance_analysis: day +358.80
        16:05:00 + STAGE_COMPLETED      post_market completed
        16:05:00 x WORKFLOW_FAILED      stage intraday FAILED

        2024-01-16-standard-1 FAILED: stage intraday FAILED
        tasks    4 of 4 ended  2+ 1x 1-
        stage    pre_market     COMPLETED              0/0
        stage    market_open    COMPLETED              0/0
        stage    intraday       FAILED                 3/3  1 bad
        stage    post_market    COMPLETED              1/1
        x risk_check FAILED: no such symbol (bad input)
        retries  1
        commands 1
          10:32:00 ana: skip orders "no risk figures"
        P&L      +358.80 USD
        "#);
        let all = report_text(&day, OutputFormat::Text, Verbosity::Verbose, "16:06");
        assert!(all.contains("TASK_TICKED") && all.contains("TASK_QUEUED"));
    }

    #[test]
    fn json_is_one_object_a_line_and_tells_every_event() {
        let day = small_day();
        let text = report_text(&day, OutputFormat::Json, Verbosity::Normal, "16:06");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), day.events.len() + 1);
        assert!(lines.iter().all(|line| line["run"] == "2024-01-16-standard-1"));
        let summary = lines.last().unwrap();
        assert_eq!((&summary["event"], &summary["status"]), (&"summary".into(), &"FAILED".into()));
        assert_eq!(summary["bad"][0]["task"], "risk_check");
        assert_eq!(summary["retries"], 1);
        assert_eq!(summary["pnl_usd"], 358.8);
    }

    #[test]
    fn dropped_events_are_counted_at_the_gap_and_in_the_summary() {
        let day = small_day();
        for (format, gap, summary) in [
            (OutputFormat::Text, "12 events not printed", "missed   12 events were not printed"),
            (OutputFormat::Json, r#""missed":12"#, r#""missed_events":12"#),
        ] {
            let mut reporter = Reporter::new(Vec::new(), format, Verbosity::Normal);
            reporter.gap(day.run(), 12, exchange_time("16:05")).unwrap();
            reporter.close(day.run(), exchange_time("16:06")).unwrap();
            let text = String::from_utf8(reporter.into_inner()).unwrap();
            let (first, rest) = text.split_once('\n').unwrap();
            assert!(first.contains(gap) && rest.contains(summary), "{text}");
        }
    }

    #[test]
    fn the_summary_lists_inputs_that_differ() {
        let day = small_day();
        for format in [OutputFormat::Text, OutputFormat::Json] {
            let mut reporter = Reporter::new(Vec::new(), format, Verbosity::Normal);
            reporter.set_input_changes(vec!["data: recorded with a1, now b2".into()]);
            reporter.close(day.run(), exchange_time("16:06")).unwrap();
            let text = String::from_utf8(reporter.into_inner()).unwrap();
            assert!(text.contains("data: recorded with a1, now b2"), "{text}");
        }
    }

    #[test]
    fn a_stream_that_breaks_is_reported_and_not_hidden() {
        struct Full;
        impl io::Write for Full {
            fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let plan = std::sync::Arc::new(sample::sample_plan(vec![task("a", 2)]));
        let (mut engine, first) = Engine::start(plan, exchange_time("10:30"));
        engine.step(exchange_time("10:31"), EngineInput::Tick);
        let mut reporter = Reporter::new(Full, OutputFormat::Text, Verbosity::Normal);
        let error = reporter.event(engine.state(), &first.events[0]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
