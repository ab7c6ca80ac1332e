//! Property tests of the filter language on a run with every state.

use chrono::{DateTime, Utc};

use super::{Filter, FilterRecord, FilterVocabulary, LineSeverity, StateFilter, complete};
use crate::event_line;
use engine::AgentHealth;
use planning::plan::TaskIx;
use testkit::sample::{self, SampleRun, exchange_time};

fn now() -> DateTime<Utc> {
    exchange_time("10:42:07")
}

fn passing(day: &SampleRun, filter: &Filter) -> Vec<String> {
    let all = day.run().tasks().map(|(ix, _)| ix);
    let passing = all.filter(|ix: &TaskIx| filter.task(day.run(), *ix, now()));
    passing.map(|ix| day.run().plan().task(ix).id.to_string()).collect()
}

fn names(day: &SampleRun, filter: &str) -> Vec<String> {
    passing(day, &Filter::parse(filter).unwrap())
}

#[test]
fn each_field_finds_what_it_says() {
    let day = sample::every_state();
    for (filter, expected) in [
        ("state:failed,to", vec!["t_failed", "t_timeout"]),
        ("state:FA", vec!["t_failed"]),
        ("state:active", vec!["t_running", "t_cancelling"]),
        ("state:healthy", vec![]),
        ("agent:econ* !running", vec!["t_queued", "t_cancelling"]),
        ("agent:*exec*", vec!["t_in_doubt"]),
        ("stage:intraday task:t_m*", vec!["t_missed"]),
        ("pri>=high", vec!["t_running", "t_cancelling"]),
        ("pri=low", vec!["t_queued"]),
        ("is:slow !state:cancelling", vec!["t_running"]),
        ("age>10m state:held", vec![]),
        ("age>5m state:held", vec!["t_held"]),
        ("429", vec!["t_retrying"]),
        ("REGIME", vec!["t_completed"]),
        (r#""regime calm""#, vec!["t_completed"]),
        (r#""t_*""#, vec![]),
        ("/^t_(held|missed)$/", vec!["t_held", "t_missed"]),
        ("/SUCH symbol/", vec!["t_failed"]),
        ("!/^t_/", vec![]),
        ("try>0 state:bad", vec!["t_failed", "t_timeout"]),
        ("corr:41aa", vec![]),
        ("since:10:42", vec!["t_retrying", "t_cancelling"]),
    ] {
        assert_eq!(names(&day, filter), expected, "{filter}");
    }
    assert_eq!(names(&day, "").len(), 14);
}

#[test]
fn a_term_that_makes_no_sense_is_named_with_its_place_and_what_would() {
    for (filter, at, unfinished, error) in [
        (
            "x stat:failed",
            2,
            false,
            "`stat:failed`: there is no field `stat`; there are state, agent, stage, task, type, is, pri, try, age, kind, corr, sev, since, until, at",
        ),
        (
            "state:broken",
            0,
            false,
            "`state:broken`: `broken` is no state; there are pending, queued, running, retrying, held, cancelling, in_doubt, completed, failed, timeout, cancelled, skipped, upstream_failed, missed, and bad, active, ended, blocked; of agents healthy, degraded, paused, …; of orders working, filled, …; of alerts new, acked",
        ),
        (
            "ä state:",
            2,
            true,
            "`state:`: a value is missing: a state such as `failed`, several with commas",
        ),
        (
            "state: x",
            0,
            false,
            "`state:`: a value is missing: a state such as `failed`, several with commas",
        ),
        ("a !", 2, true, "`!`: write what to leave out after `!`"),
        ("/x", 0, true, "`/x`: the closing `/` is missing"),
        (
            "/x/y",
            0,
            false,
            "`/x/y`: an expression ends with `/` and a blank; quote a text with slashes",
        ),
        ("/(x/", 0, false, "`/(x/`: unclosed group"),
        ("//", 0, false, "`//`: an expression is missing between the slashes"),
        ("/x{9999}{9999}/", 0, false, "`/x{9999}{9999}/`: the expression is too large"),
        (r#""x"#, 0, true, "`\"x`: the closing quote is missing"),
        (r#""""#, 0, true, "`\"\"`: write a text between the quotes"),
        ("agent>x", 0, false, "`agent>x`: `agent` is compared with `:`"),
        ("pri>=urgent", 0, false, "`pri>=urgent`: `urgent` is none of critical, high, medium, low"),
        ("pri>=hi", 0, true, "`pri>=hi`: `hi` is none of critical, high, medium, low"),
        ("try>two", 0, false, "`try>two`: `two` is no number"),
        (
            "age>5x",
            0,
            false,
            "`age>5x`: `5x` is not a duration: write `90s`, `5m`, `1h30` or a number of seconds",
        ),
        ("since:noon", 0, false, "`since:noon`: `noon` is no time of day: write `10:30`"),
        ("since:10", 0, true, "`since:10`: `10` is no time of day: write `10:30`"),
        (
            "is:red",
            0,
            false,
            "`is:red`: `red` is none of slow, stalled, late, flaky, forced, tainted, catch_up",
        ),
        (
            "sev>loud",
            0,
            false,
            "`sev>loud`: `loud` is none of trace, debug, info, warning, error, critical",
        ),
    ] {
        let fault = Filter::parse(filter).unwrap_err();
        assert_eq!(fault.to_string(), error);
        assert_eq!((fault.at, fault.unfinished), (at, unfinished), "{filter}");
    }
    assert!(Filter::parse(&"x".repeat(1 << 20)).is_err());
}

#[test]
fn while_it_is_typed_what_makes_sense_filters_and_the_rest_is_named() {
    let day = sample::every_state();
    for (text, kept, missing) in [
        ("state:bad age>", "state:bad", vec![(10, true)]),
        ("state:bad /t_f", "state:bad", vec![(10, true)]),
        ("state: agent:econ* since:1", "agent:econ*", vec![(0, false), (19, true)]),
        ("state:fai", "", vec![(0, true)]),
    ] {
        let typed = Filter::parse_partial(text);
        assert_eq!(typed.filter, Filter::parse(kept).unwrap(), "{text}");
        assert_eq!(passing(&day, &typed.filter), names(&day, kept));
        let places: Vec<_> = typed.faults.iter().map(|f| (f.at, f.unfinished)).collect();
        assert_eq!(places, missing, "{text}");
    }
}

#[test]
fn events_are_found_by_kind_loudness_time_and_what_they_belong_to() {
    let day = sample::every_state();
    let plan = day.run().plan();
    let lines: Vec<_> = day.events.iter().map(|e| event_line::event_line(e, plan)).collect();
    let count = |filter: &str| {
        let filter = Filter::parse(filter).unwrap();
        lines.iter().filter(|line| filter.event(day.run(), line, now())).count()
    };
    assert_eq!(count(""), lines.len());
    assert_eq!(count("event:task_failed"), 1);
    assert_eq!(count("kind:task_* task:t_in_doubt"), 4);
    assert_eq!(count("sev>=crit state:failed"), 1);
    assert_eq!(count("level:critical state:failed"), 1);
    assert_eq!(count("sev>=error"), count("sev:critical"));
    assert_eq!(count("since:10:42 event:operator*"), 1);
    assert_eq!(count("since:10:42 event:operator* !t_cancelling"), 0);
    let corr = lines.iter().find(|line| line.kind == "TASK_FAILED").unwrap().corr;
    assert!(count(&format!("corr:{corr}")) >= 3);
}

#[test]
fn rows_of_other_lists_are_asked_for_what_they_have() {
    let texts = ["feed gap 3.2 s", "AL-17"];
    let row = FilterRecord {
        texts: &texts,
        state: Some(StateFilter::Agent(AgentHealth::Degraded)),
        agent: Some("economist"),
        level: Some(LineSeverity::Error),
        at: Some(exchange_time("10:41")),
        ..FilterRecord::default()
    };
    for (filter, passes) in [
        ("gap al-17", true),
        ("state:degraded", true),
        ("state:failed", false),
        ("!state:failed", true),
        ("agent:eco* level:error age>1m", true),
        ("sev>=critical", false),
        ("task:*", false),
        ("pri>=low", false),
    ] {
        assert_eq!(Filter::parse(filter).unwrap().matches_record(&row, now()), passes, "{filter}");
    }
}

#[test]
fn a_filter_refines_another_when_it_only_narrows_it() {
    for (newer, older, refines) in [
        ("quote", "quo", true),
        ("quo", "quote", false),
        ("!quo", "!quote", true),
        ("!quote", "!quo", false),
        ("a b", "b", true),
        ("a", "", true),
        ("", "a", false),
        ("state:failed", "state:failed,timeout", true),
        ("state:bad", "state:failed", false),
        ("agent:port*", "agent:po*", true),
        ("pri>=high", "pri>=medium", true),
        ("pri>=medium", "pri>=high", false),
        ("try>2", "try>1", true),
        ("age<5m", "age<1h", true),
        ("age>5", "age>5m", false),
        ("since:10:45", "since:10:30", true),
        ("/a/", "/a/", true),
        ("/ab/", "/a/", false),
    ] {
        let read = |text| Filter::parse(text).unwrap();
        assert_eq!(read(newer).is_narrower_than(&read(older)), refines, "{newer} refines {older}");
    }
}

#[test]
fn completion_offers_live_values_and_puts_them_in_the_place_of_what_is_typed() {
    let day = sample::every_state();
    let vocabulary = FilterVocabulary::from_run(day.run());
    let shown = |text: &str| {
        let found = complete(text, text.chars().count(), &vocabulary);
        let show = |c: super::Completion| {
            let head: String = text.chars().take(c.from).collect();
            format!("{head}{} | {}", c.insert, c.display)
        };
        found.into_iter().map(show).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(
        ["st", "ä !state:fa", "state:failed,t", "agent:", "stage:p", "pri>=h", "t_held x t_he", "kind:stage_s", "since:1"]
            .map(|text| format!("[{text}]\n{}", shown(text))).join("\n"), @"
    [st]
    state: | state:  a state such as `failed`, several with commas
    stage: | stage:  the name of a stage, `*` for any text
    t_upstream_failed | t_upstream_failed  task
    [ä !state:fa]
    ä !state:failed | failed  1 task
    [state:failed,t]
    state:failed,timeout | timeout  1 task
    [agent:]
    agent:economist | economist
    agent:portfolio_manager | portfolio_manager
    agent:trade_execution | trade_execution
    [stage:p]
    stage:pre_market | pre_market
    stage:post_market | post_market
    [pri>=h]
    pri>=high | high
    [t_held x t_he]
    t_held x t_held | t_held  task
    [kind:stage_s]
    kind:stage_started | stage_started
    kind:stage_stuck | stage_stuck
    [since:1]
    since:10:30 | 10:30  intraday opens
    since:16:00 | 16:00  post_market opens
    ");
    for nothing in ["", "state:failed ", "/sta", "\"sta", "try>", "nonsense:x", "state:failed"] {
        assert_eq!(shown(nothing), "", "{nothing}");
    }
    assert_eq!(complete("state:fa rest", 8, &vocabulary).len(), 1);
    assert_eq!(complete("state:fa", 999, &vocabulary).len(), 1);
}

proptest::proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(text in ".{0,60}|[!a-z\"/]{1,8}[:<>=]{1,2}[*a-z0-9,]{0,8}") {
        let day = sample::every_state();
        if let Ok(filter) = Filter::parse(&text) {
            passing(&day, &filter);
            let typed = Filter::parse_partial(&text);
            proptest::prop_assert!(typed.faults.is_empty());
            proptest::prop_assert_eq!(passing(&day, &typed.filter), passing(&day, &filter));
        } else {
            proptest::prop_assert!(!Filter::parse_partial(&text).faults.is_empty());
        }
        let found = complete(&text, 30, &FilterVocabulary::from_run(day.run()));
        proptest::prop_assert!(found.iter().all(|c| c.from <= text.chars().count()));
    }

    #[test]
    fn what_refines_lets_through_nothing_more(
        one in "(!?(t_|fa|ed|state:(bad|failed|ended)|try>[01]|pri>=(high|low)|agent:(p\\*|e\\*)) ?){1,2}",
        two in "(!?(t_|fa|ed|failed|state:(bad|failed|ended)|try>[01]|pri>=(high|low)|agent:(po\\*|p\\*)) ?){1,2}",
    ) {
        let day = sample::every_state();
        let (Ok(newer), Ok(older)) = (Filter::parse(&one), Filter::parse(&two)) else { return Ok(()) };
        if newer.is_narrower_than(&older) {
            let old = passing(&day, &older);
            let new = passing(&day, &newer);
            proptest::prop_assert!(new.iter().all(|id| old.contains(id)), "{} {}", one, two);
        }
    }
}
