//! Property tests of the graph on small, large and broken days.

use super::{Direction, Graph, GraphFocus, HOPS, NODES_MAX, lay_out_graph, why_blocked};
use crate::format::GlyphSet;
use engine::{FailureKind, control::CommandVerb};
use planning::plan::{StageIx, TaskIx};
use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

/// The fragment of the design: two ways into `hedge`, one of which has failed, and two stages.
fn broken_run() -> SampleRun {
    let mut tasks = vec![
        task("overnight", 0),
        with_dependencies(task("positions", 2), &[0]),
        task("quotes", 2),
        with_dependencies(task("risk", 2), &[1]),
        with_dependencies(task("hedge", 2), &[1, 2, 3]),
        with_dependencies(task("close_out", 2), &[4]),
        task("report", 3),
    ];
    tasks[0].closes_at = exchange_time("09:30");
    let mut plan = sample::sample_plan(tasks);
    plan.limits.max_concurrent_tasks = 9;
    let mut day = SampleRun::start(plan, "06:00");
    day.end_attempt("06:10", 0, sample::completed("ok"));
    day.advance_to("10:30");
    day.end_attempt("10:31", 1, sample::completed("ok"));
    day.end_attempt("10:33", 3, sample::failed(FailureKind::BadInput, "no limits"));
    day
}

fn text(graph: &Graph, set: GlyphSet) -> String {
    graph.rows(set).into_iter().map(|row| row.text).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_day_is_drawn_in_stages_with_what_waits_for_what() {
    let day = broken_run();
    let all = lay_out_graph(day.run(), GraphFocus::Day, None, exchange_time("10:42"));
    assert_eq!(all.note, None);
    insta::assert_snapshot!(text(&all, GlyphSet::Utf8), @"
    pre_market 06:00–09:30  COMPLETED
     [✓ overnight 1/3]

    intraday 10:30–15:00  OPEN
     [✓ positions 1/3]───▸[✗ risk 1/3]─┬──▸[b hedge 0/3]───▸[b close_out 0/3]
     [▸ quotes 1/3]────────────────────┘
      positions also needs overnight of pre_market (COMPLETED)

    post_market 16:00–18:00  WAITING
     [· report 0/3]
    ");
    insta::assert_snapshot!(text(&all, GlyphSet::Ascii), @"
    pre_market 06:00-09:30  COMPLETED
     [+ overnight 1/3]

    intraday 10:30-15:00  OPEN
     [+ positions 1/3]--->[x risk 1/3]-+-->[b hedge 0/3]--->[b close_out 0/3]
     [> quotes 1/3]--------------------+
      positions also needs overnight of pre_market (COMPLETED)

    post_market 16:00-18:00  WAITING
     [. report 0/3]
    ");
    assert!(text(&all, GlyphSet::Ascii).is_ascii());
}

#[test]
fn lines_of_different_tasks_cross_without_touching() {
    let tasks = vec![
        task("a", 2),
        task("b", 2),
        task("c", 2),
        with_dependencies(task("needs_c", 2), &[2]),
        with_dependencies(task("needs_all", 2), &[0, 1, 2]),
        with_dependencies(task("late", 2), &[4, 0]),
        with_dependencies(task("later", 2), &[5, 1]),
        with_dependencies(task("passed", 2), &[3, 6]),
    ];
    let day = SampleRun::start(sample::sample_plan(tasks), "10:30");
    let drawn =
        lay_out_graph(day.run(), GraphFocus::Stage(StageIx(2)), None, exchange_time("10:31"));
    insta::assert_snapshot!(text(&drawn, GlyphSet::Utf8), @"
    intraday 10:30–15:00  OPEN
     [▸ a 1/3]──┬┳━━▸[· needs_all 0/3*]━━━▸[· late 0/3*]━━━▸[· later 0/3*]━┳━━▸[· passed 0/3*]
     [▸ b 1/3]──┘┃                                                         │
     [o c 0/3*]━━┻──▸[· needs_c 0/3]───────────────────────────────────────┘
      * critical path: c, needs_all, late, later, passed
    ");
}

#[test]
fn a_cursor_follows_lines_across_and_rows_up_and_down() {
    let day = broken_run();
    let all = lay_out_graph(day.run(), GraphFocus::Day, None, exchange_time("10:42"));
    let go = |from: u32, way| all.neighbour(TaskIx(from), way).map(|ix| ix.0);
    assert_eq!(go(4, Direction::Left), Some(3));
    assert_eq!(go(3, Direction::Left), Some(1));
    assert_eq!(go(1, Direction::Left), Some(1));
    assert_eq!(go(2, Direction::Right), Some(4));
    assert_eq!(go(1, Direction::Down), Some(2));
    assert_eq!(go(1, Direction::Up), Some(0));
    assert_eq!(go(2, Direction::Down), Some(6));
    assert_eq!(all.neighbour(TaskIx(99), Direction::Up), Some(TaskIx(0)));
    // Up and down alone visit every row that has a node.
    let (mut here, mut rows) = (TaskIx(0), vec![all.node(TaskIx(0)).unwrap().y]);
    while let Some(next) = all.neighbour(here, Direction::Down).filter(|&ix| ix != here) {
        here = next;
        rows.push(all.node(here).unwrap().y);
    }
    assert!(rows.is_sorted() && rows.len() >= 4, "{rows:?}");
}

#[test]
fn what_blocks_a_task_is_told_from_the_root_cause_down() {
    let day = broken_run();
    let chain = why_blocked(day.run(), TaskIx(5), exchange_time("10:42"));
    let lines: Vec<_> = chain
        .into_iter()
        .map(|c| {
            format!(
                "{} {}: {} [{}]",
                c.id,
                c.state,
                c.note,
                c.verb.map_or("wait", CommandVerb::as_str)
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    risk FAILED: no limits (bad input) [retry]
    hedge UPSTREAM_FAILED: needs risk (FAILED) [wait]
    close_out UPSTREAM_FAILED: needs risk (FAILED) [wait]
    ");
    assert_eq!(why_blocked(day.run(), TaskIx(6), exchange_time("10:42")).len(), 1);
}

#[test]
fn a_large_day_is_shown_in_part_and_says_so() {
    let mut tasks: Vec<_> = (0..5_000).map(|i| task(&format!("t{i}"), 2)).collect();
    for (before, one) in (0..).zip(tasks.iter_mut().take(2_000).skip(1)) {
        *one = with_dependencies(one.clone(), &[before]);
    }
    let many: Vec<u32> = (2_000..5_000).collect();
    tasks.push(with_dependencies(task("join", 2), &many));
    tasks.push(task("early", 0));
    let day = SampleRun::start(sample::sample_plan(tasks), "10:30");
    let shown =
        lay_out_graph(day.run(), GraphFocus::Day, Some(TaskIx(1_000)), exchange_time("10:31"));
    assert_eq!(shown.nodes.len(), 5);
    let note = shown.note.as_deref().unwrap();
    assert_eq!(note, "stage intraday has too many tasks to draw: tasks within 2 steps of t1000");
    let joined =
        lay_out_graph(day.run(), GraphFocus::Day, Some(TaskIx(5_000)), exchange_time("10:31"));
    assert_eq!(joined.nodes.len(), NODES_MAX);
    assert!(joined.note.unwrap().ends_with("; only 200 are shown"));
    let small =
        lay_out_graph(day.run(), GraphFocus::Day, Some(TaskIx(5_001)), exchange_time("10:31"));
    assert_eq!(small.nodes.len(), 1);
    assert_eq!(
        small.note.as_deref(),
        Some("5002 tasks are too many to draw: only stage pre_market is shown")
    );
    let chain = why_blocked(day.run(), TaskIx(1_999), exchange_time("10:31"));
    assert!(
        chain.len() <= 64 && chain[0].ix == TaskIx(0) && chain.last().unwrap().ix == TaskIx(1_999)
    );
    let near = GraphFocus::Around { task: TaskIx(7), hops: HOPS };
    assert_eq!(lay_out_graph(day.run(), near, None, exchange_time("10:31")).nodes.len(), 5);
}

proptest::proptest! {
    #[test]
    fn no_two_nodes_overlap_and_every_row_keeps_its_width(
        needs in proptest::collection::vec(proptest::collection::btree_set(0_u32..30, 0..4), 1..30),
    ) {
        let tasks = needs.iter().enumerate().map(|(i, on)| {
            let on: Vec<_> = on.iter().copied().filter(|&on| u64::from(on) < u64::try_from(i).unwrap()).collect();
            with_dependencies(task(&format!("t{i}"), u32::try_from(i % 4).unwrap() / 2 * 2), &on)
        });
        let day = SampleRun::start(sample::sample_plan(tasks.collect()), "10:30");
        let all = lay_out_graph(day.run(), GraphFocus::Day, None, exchange_time("10:31"));
        proptest::prop_assert_eq!(all.nodes.len(), needs.len());
        let rows = all.rows(GlyphSet::Utf8);
        proptest::prop_assert_eq!(rows.len(), all.height);
        for row in rows {
            proptest::prop_assert!(row.text.chars().count() <= all.width);
            for pair in row.pieces.windows(2) {
                proptest::prop_assert!(pair[0].x + pair[0].width < pair[1].x);
            }
            for piece in row.pieces {
                let name = day.run().plan().task(piece.ix).id.as_str();
                let drawn: String = row.text.chars().skip(piece.x).take(piece.width).collect();
                proptest::prop_assert!(drawn.starts_with('[') && drawn.ends_with(']') && drawn.contains(name), "{}", drawn);
            }
        }
    }
}
