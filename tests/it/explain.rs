//! What `calendar explain` says of days settled from the shipped workflow files.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::collections::BTreeMap;

use bellwether::{
    planning::{
        plan::{
            BuildInput, DayPlan, MorningVolatility, PlanSettings, PlanningFacts, WorkflowLibrary,
            build_day_plan, select_overlays,
        },
        time::Span,
        workflow::AgentCatalog,
    },
    view::explain::explain_plan,
};

fn plan(date: &str, volatility: Option<MorningVolatility>) -> DayPlan {
    let library = WorkflowLibrary::builtin(&AgentCatalog::builtin()).unwrap();
    let facts =
        PlanningFacts { volatility, ..PlanningFacts::for_date(date.parse().unwrap()).unwrap() };
    let (applied, settings) = (select_overlays(&facts, &library), PlanSettings::default());
    let input =
        BuildInput { library: &library, facts: &facts, applied: &applied, settings: &settings };
    build_day_plan(input).unwrap()
}

fn crisis() -> MorningVolatility {
    MorningVolatility {
        regime: "crisis".into(),
        vix: Some(45.0),
        multipliers: BTreeMap::from([("gross".into(), 0.15), ("order_notional".into(), 0.25)]),
        monitor_every: Some(Span::secs(30)),
        approval: Some("all".into()),
    }
}

/// The rows under a heading, up to the next empty row.
fn under(plan: &DayPlan, heading: &str) -> Vec<String> {
    let rows = explain_plan(plan).rows();
    let from = rows.iter().position(|row| row.starts_with(heading)).unwrap();
    rows.into_iter().skip(from + 1).take_while(|row| !row.is_empty()).collect()
}

#[test]
fn a_normal_day_differs_from_a_normal_day_in_nothing() {
    let plan = plan("2018-07-10", None);
    for heading in ["overlays", "different from a normal day", "conflicts"] {
        assert_eq!(under(&plan, heading), ["  none"], "{heading}");
    }
}

#[test]
fn no_row_is_wider_than_eighty_columns() {
    for date in ["2018-07-10", "2018-12-19", "2018-12-24", "2018-09-21", "2018-12-05", "2018-11-01"]
    {
        for regime in [None, Some(crisis())] {
            for row in explain_plan(&plan(date, regime)).rows() {
                assert!(row.chars().count() <= 80, "{date}: {row}");
                assert!(row == row.trim_end(), "{date}: blanks at the end of `{row}`");
            }
        }
    }
}

#[test]
fn a_decision_day_is_explained_change_by_change() {
    insta::assert_snapshot!(explain_plan(&plan("2018-12-19", None)).rows().join("\n"));
}

#[test]
fn a_half_day_is_explained_change_by_change() {
    let plan = plan("2018-12-24", None);
    insta::assert_snapshot!(under(&plan, "different from a normal day").join("\n"));
}

#[test]
fn a_conflict_names_both_rules_and_why_one_won() {
    let told = under(&plan("2018-07-10", Some(crisis())), "conflicts").join(" ");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "limit gross: x0.15 from volatility: crisis (VIX 45.0) \
                    (workflows/high_volatility.yaml wants 0.7: the stricter wins)";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn the_json_form_says_what_the_text_says() {
    let plan = plan("2018-12-24", None);
    let json = serde_json::to_value(explain_plan(&plan)).unwrap();
    assert_eq!(json["date"], "2018-12-24");
    assert_eq!(json["close"], "2018-12-24T18:00:00Z");
    assert_eq!(json["overlays"][0]["overlay"], "early_close");
    assert_eq!(json["overlays"][0]["origin"], "workflows/early_close.yaml");
    let stages = json["stages"].as_array().unwrap();
    let tasks: usize = stages.iter().map(|stage| stage["tasks"].as_array().unwrap().len()).sum();
    assert_eq!(tasks, plan.tasks.len());
    for stage in stages {
        for task in stage["tasks"].as_array().unwrap() {
            let fields: Vec<_> = task["rules"].as_array().unwrap().iter().collect();
            for field in ["window", "deadline", "timeout", "max_retries", "effect"] {
                assert!(fields.iter().any(|note| note["field"] == field), "{field} of {task}");
            }
        }
    }
}
