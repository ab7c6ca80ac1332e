//! What holds of every day that can be settled, and of every file it is settled from.

use std::collections::BTreeSet;

use bellwether::planning::{
    calendar,
    plan::{DayPlan, PlanningFacts, builtin_files, select_overlays},
    workflow::{AgentCatalog, DependencyKind, load_overlay, load_workflow},
};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use super::day::{applied, facts, has, library, settle, volatility};

fn sound(plan: &DayPlan) {
    let date = plan.date;
    for task in &plan.tasks {
        let (id, on) = (&task.id, |at: DateTime<Utc>| calendar::exchange_local(at).date());
        assert!(task.opens_at < task.closes_at, "{date} {id}: empty window");
        assert!(on(task.opens_at) == date && on(task.closes_at) == date, "{date} {id}: other day");
        assert!(task.opens_at < task.deadline, "{date} {id}: deadline before the window");
        for waits in task.dependencies.iter().filter(|known| known.hardness == DependencyKind::Hard)
        {
            let opens_at = plan.task(waits.on).opens_at;
            assert!(opens_at < task.closes_at, "{date} {id}: waits for what opens too late");
        }
    }
    for stage in &plan.stages {
        assert!(stage.opens_at <= stage.closes_at, "{date} {}", stage.id);
    }
    for note in &plan.notes {
        let origin = note.origin.as_str();
        let file = builtin_files().iter().any(|(name, _)| *name == origin);
        let kinds = ["configuration: ", "calendar: ", "volatility: ", "default"];
        let known = file || kinds.iter().any(|kind| origin.starts_with(kind));
        assert!(known, "{date}: {origin} is no rule");
    }
}

#[test]
fn every_session_of_five_years_can_be_settled_in_calm_and_in_stress() {
    let (from, to) = ("2014-01-01".parse().unwrap(), "2018-12-31".parse().unwrap());
    let library = library();
    let mut sessions = 0;
    for day in calendar::sessions(from, to).unwrap() {
        let mut facts = facts(&day.date.to_string());
        for regime in [None, Some(volatility("stressed", 0.4, 30))] {
            facts.volatility = regime;
            let plan = settle(&library, &facts, &select_overlays(&facts, &library)).unwrap();
            sound(&plan);
            assert!(has(&plan, "execute_open") && has(&plan, "eod_reconcile"), "{}", day.date);
        }
        sessions += 1;
    }
    assert_eq!(sessions, 1_258, "sessions of 2014 to 2018");
}

#[test]
fn the_shipped_files_have_no_problem_not_even_a_warning() {
    let registry = AgentCatalog::builtin();
    let mut files = builtin_files().into_iter();
    let (source, text) = files.next().unwrap();
    let (base, warnings) = load_workflow(source, text, &registry).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    for (source, text) in files {
        let (overlay, warnings) = load_overlay(source, text, Some(&base), &registry).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(source, format!("workflows/{}.yaml", overlay.name));
    }
}

#[test]
fn the_shipped_files_are_the_ones_in_the_folder() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let on_disk: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("workflows/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    let shipped: BTreeSet<_> =
        builtin_files().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(shipped, on_disk);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_overlays_in_any_order_make_one_and_the_same_sound_day(
        days in 0_u64..1_800,
        chosen in proptest::sample::subsequence(
            vec![
                "early_close", "expiration", "quad_witching", "earnings", "earnings_tonight",
                "fomc", "high_volatility", "closed",
            ],
            0..=8,
        ).prop_shuffle(),
    ) {
        let date = NaiveDate::from_ymd_opt(2014, 1, 1).unwrap() + chrono::Days::new(days);
        let facts = PlanningFacts::for_date(date).unwrap();
        let library = library();
        let mut asked: Vec<_> = chosen.into_iter().map(applied).collect();
        let plan = settle(&library, &facts, &asked).unwrap();
        sound(&plan);
        asked.reverse();
        prop_assert_eq!(settle(&library, &facts, &asked).unwrap(), plan);
    }
}
