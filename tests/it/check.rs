//! Checking workflow files: broken ones are told what is wrong and where, sound ones load.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop at the first thing that is off")]

use std::{collections::BTreeSet, fmt::Write as _, fs};

use bellwether::{
    diag::{self, Diagnostic, DiagnosticSeverity, RenderStyle, render},
    planning::{
        id::{AgentId, TaskType},
        workflow::{
            self, AgentCatalog, CheckReport, DependencyKind, EffectClass, OverlayEdit,
            WorkflowDefinition,
        },
    },
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data");

/// The built-in agents and one of the desk's own.
fn registry() -> AgentCatalog {
    let mut registry = AgentCatalog::builtin();
    let types = ["alpha", "beta"].map(|name| TaskType::parse(name).unwrap());
    registry.agents.insert(AgentId::parse("quant").unwrap(), types.into());
    registry
}

/// Checks files of the data folder, called by their bare names.
fn check(names: &[&str]) -> CheckReport {
    let mut files = Vec::new();
    for name in names {
        let text = fs::read_to_string(format!("{DATA}/{name}")).expect(name);
        files.push((name.rsplit('/').next().unwrap(), text));
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    workflow::check_files(&files, &registry())
}

/// What is planted in a broken file, and which files must be checked with it.
struct Planted {
    with: Vec<String>,
    lines: Vec<String>,
}

fn planted(stem: &str) -> Planted {
    let text = fs::read_to_string(format!("{DATA}/broken/{stem}.expected")).expect(stem);
    let (with, lines): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with("with "));
    let with = with.iter().filter_map(|line| line.strip_prefix("with ")).map(Into::into).collect();
    Planted { with, lines: lines.into_iter().map(Into::into).collect() }
}

fn broken() -> Vec<String> {
    let entries = fs::read_dir(format!("{DATA}/broken")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stems = names.filter_map(|name| name.strip_suffix(".yaml").map(Into::into));
    stems.collect::<BTreeSet<String>>().into_iter().collect()
}

fn found(stem: &str) -> Vec<Diagnostic> {
    let mut names: Vec<String> = planted(stem).with;
    let own = format!("broken/{stem}.yaml");
    names.push(own);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    check(&names).problems
}

#[test]
fn every_planted_problem_is_found_at_its_place_and_nothing_else_is() {
    let stems = broken();
    assert!(stems.len() >= 20, "only {} broken files", stems.len());
    for stem in stems {
        let found: Vec<String> = found(&stem)
            .iter()
            .map(|p| {
                assert_eq!(&**p.source_name(), format!("{stem}.yaml"), "{p}");
                format!("{} {}:{} {}", p.code.id, p.place.line, p.place.column, p.message)
            })
            .collect();
        assert_eq!(found, planted(&stem).lines, "{stem}.yaml:\n{}", found.join("\n"));
    }
}

#[test]
fn every_code_is_planted_in_some_file_and_explained_in_the_reference() {
    // Files that are no text, or too large, or wrong in 500 places are made where they are needed, not kept.
    let mut seen = BTreeSet::from(["E001", "E002", "E016"]);
    for stem in broken() {
        seen.extend(found(&stem).iter().map(|problem| problem.code.id));
    }
    let reference = reference();
    for code in diag::CODES.iter().chain(workflow::CODES) {
        assert!(seen.contains(code.id), "{} is raised by no file", code.id);
        let row = format!("| {} | {} |", code.id, code.title);
        assert!(reference.contains(&row), "the reference lacks the row `{row}`");
    }
}

#[test]
fn codes_are_in_order_and_none_means_two_things() {
    let ids: Vec<&str> = diag::CODES.iter().chain(workflow::CODES).map(|code| code.id).collect();
    let (errors, warnings): (Vec<&str>, Vec<&str>) =
        ids.into_iter().partition(|id| id.starts_with('E'));
    for list in [errors, warnings] {
        assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
    }
}

#[test]
fn problems_are_drawn_as_a_compiler_draws_them() {
    for stem in ["dependencies", "ring", "unicode", "control", "retries"] {
        insta::assert_snapshot!(stem, render(&found(stem), RenderStyle::Plain));
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let problems = found("ring");
    let coloured = render(&problems, RenderStyle::Colored);
    assert!(coloured.contains('\u{1b}'));
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert_eq!(plain, render(&problems, RenderStyle::Plain));
}

#[test]
fn the_json_of_a_problem_holds_what_the_drawing_shows() {
    let problems = found("ring");
    let json = problems[0].to_json();
    assert_eq!(json["code"], "E039");
    assert_eq!(json["severity"], "error");
    assert_eq!(json["file"], "ring.yaml");
    assert_eq!((&json["line"], &json["column"]), (&5.into(), &93.into()));
    assert_eq!(json["related"].as_array().unwrap().len(), 2);
    assert_eq!(json["related"][0]["line"], 14);
    assert!(json["help"].is_string());
}

#[test]
fn the_specifications_own_example_loads_as_yaml_and_as_json() {
    let read = |name: &str| {
        let report = check(&[name]);
        assert_eq!(report.problems, [], "{name}");
        report.definition.unwrap()
    };
    let (yaml, json) = (read("sound/specification.yaml"), read("sound/specification.json"));
    assert_eq!(yaml.stages, json.stages);
    let stage = &yaml.stages[0];
    assert_eq!(stage.window.to_string(), "open-3h30m .. open");
    let task = &stage.tasks[0];
    assert_eq!(task.id.as_str(), "market_analysis");
    assert_eq!(task.priority.unwrap().as_str(), "HIGH");
    assert_eq!(task.timeout.unwrap().as_secs(), 300);
    assert_eq!(task.max_retries, Some(2));
    assert_eq!(task.task_data["symbols"], serde_json::json!(["AAPL", "GOOGL"]));
}

fn full() -> WorkflowDefinition {
    check(&["sound/full.yaml"]).definition.unwrap()
}

#[test]
fn every_key_reaches_the_definition() {
    let full = full();
    let task = |id: &str| full.tasks().find(|(_, task)| task.id.as_str() == id).unwrap().1;
    let stages: Vec<&str> = full.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(stages, ["pre_market", "market_open", "intraday", "wind_down"]);
    assert_eq!(task("sod_reconcile").agent.as_str(), "trade_execution", "an alias is settled");
    let on: Vec<&str> =
        task("risk_assessment").dependencies.iter().map(|on| on.on.as_str()).collect();
    assert_eq!(on, ["sod_reconcile", "market_analysis"], "a task type means its one task");
    assert_eq!(task("approve").effect, Some(EffectClass::Human), "whoever is asked is a person");
    let rebalance = task("rebalance");
    assert_eq!(rebalance.when.as_ref().unwrap().to_string(), "rebalance_check.rebalance_needed");
    let soft = rebalance.dependencies.iter().all(|on| on.hardness == DependencyKind::Soft);
    assert!(soft && rebalance.dependencies.len() == 2, "a condition is a soft dependency");
    assert!(task("no_rebalance").when.as_ref().unwrap().negated);
    assert_eq!(task("risk_monitor").every.unwrap().as_secs(), 300);
    assert_eq!(task("closing_plan").group.as_deref(), Some("closing"));
    assert_eq!(task("maintenance").required, Some(false));
    assert_eq!(task("market_analysis").task_data["note"], serde_json::Value::Null);
}

#[test]
fn every_edit_of_an_overlay_is_read_and_changes_a_day_that_exists() {
    let report = check(&["sound/full.yaml", "sound/overlay.yaml"]);
    assert_eq!(report.problems, []);
    let overlay = &report.overlays[0];
    assert_eq!((overlay.name.as_str(), overlay.rank, overlay.replaces), ("fomc", 30, false));
    let kinds: Vec<String> = overlay
        .edits
        .iter()
        .map(|edit| {
            serde_json::to_value(edit).unwrap().as_object().unwrap().keys().next().unwrap().clone()
        })
        .collect();
    assert_eq!(
        kinds,
        ["add", "depend", "remove", "set", "stage", "blackout", "limit", "require_approval"]
    );
    let OverlayEdit::Set { task, fields } = &overlay.edits[3] else {
        unreachable!("the fourth edit")
    };
    assert_eq!(task.as_str(), "risk_monitor");
    assert_eq!(fields.every.unwrap().as_secs(), 60);
    assert_eq!(fields.task_data["horizon"], "short");
}

#[test]
fn an_overlay_without_a_workflow_beside_it_is_read_by_itself() {
    let report = check(&["sound/overlay.yaml"]);
    assert_eq!(report.problems, []);
    assert_eq!(report.overlays.len(), 1);
}

#[test]
fn problems_of_all_files_come_together() {
    let report = check(&["broken/ring.yaml", "broken/overlay_edits.yaml"]);
    let files: BTreeSet<&str> = report.problems.iter().map(|p| &**p.source_name()).collect();
    assert_eq!(files, BTreeSet::from(["ring.yaml", "overlay_edits.yaml"]));
    assert!(!report.is_sound());
    assert!(report.count_of(DiagnosticSeverity::Warning) > 0);
}

#[test]
fn two_tasks_of_one_type_without_ids_both_load() {
    let text = "name: Two scans\nstages:\n  intraday:\n    tasks:\n\
                \x20     - {agent: junior_analyst, task_type: intraday_scan}\n\
                \x20     - {agent: junior_analyst, task_type: intraday_scan}\n";
    let (definition, warnings) = workflow::load_workflow("two.yaml", text, &registry()).unwrap();
    let ids: Vec<&str> = definition.tasks().map(|(_, task)| task.id.as_str()).collect();
    assert_eq!(ids, ["intraday_scan", "intraday_scan_2"]);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_file_beyond_the_limit_is_refused_before_it_is_read() {
    let huge = vec![b' '; diag::FILE_BYTES_MAX + 1];
    assert_eq!(diag::text_of("huge.yaml", &huge).unwrap_err()[0].code.id, "E002");
    let text = String::from_utf8(huge).unwrap();
    assert_eq!(diag::parse("huge.yaml", &text).unwrap_err()[0].code.id, "E002");
}

#[test]
fn bytes_that_are_no_text_are_shown_up_to_where_they_stop_being_text() {
    let problems = diag::text_of("latin.yaml", b"name: Desk\nplace: Caf\xe9\n").unwrap_err();
    assert_eq!(problems.len(), 1);
    let problem = &problems[0];
    assert_eq!((problem.code.id, problem.place.line, problem.place.column), ("E001", 2, 11));
    assert!(problem.message.contains("0xE9"), "{problem}");
    assert!(render(&problems, RenderStyle::Plain).contains("2 | place: Caf"));
}

#[test]
fn a_file_wrong_in_thousands_of_places_is_told_the_first_and_that_there_are_more() {
    let lines: Vec<String> = (0..5_000).map(|n| format!("key{n}: 1")).collect();
    let text = lines.join("\n");
    let problems = workflow::load_workflow("many.yaml", &text, &registry()).unwrap_err();
    assert_eq!(problems.len(), 501);
    assert_eq!(problems.iter().filter(|problem| problem.code.id == "E016").count(), 1);
}

#[test]
fn a_file_on_one_endless_line_is_told_by_line_and_column() {
    let more: Vec<String> = (0..20_000).map(|n| format!("k{n}: some longer words")).collect();
    let text = format!("{{name: Long, {}}}", more.join(", "));
    let problems = workflow::load_workflow("long.yaml", &text, &registry()).unwrap_err();
    let drawn = render(&problems[..1], RenderStyle::Plain);
    assert!(drawn.contains("long.yaml:1:"), "{drawn}");
    assert!(!drawn.contains("words"), "{drawn}");
}

#[test]
fn nesting_no_parser_would_follow_is_told_as_nesting() {
    let problems = diag::parse("deep.yaml", &"[".repeat(1_000_000)).unwrap_err();
    assert_eq!(problems[0].code.id, "E008");
}

#[test]
fn a_type_that_knows_how_it_is_written_is_read_through_the_same_door() {
    type Table = std::collections::BTreeMap<String, u32>;
    let table: Table = diag::deserialize("t.yaml", "a: 1\nb: 2\n").unwrap();
    assert_eq!(table["b"], 2);
    let twice = diag::deserialize::<Table>("t.yaml", "a: 1\na: 2\n").unwrap_err();
    assert_eq!(twice[0].code.id, "E014", "a key given twice is not settled silently");
    assert_eq!(diag::deserialize::<Table>("t.yaml", "a: x\n").unwrap_err()[0].code.id, "E022");
}

#[test]
fn a_chain_of_thousands_of_tasks_is_checked_without_exhausting_the_stack() {
    let mut text = String::from("name: Chain\nstages:\n  intraday:\n    tasks:\n");
    for n in 0..5_000 {
        let on = (n + 1) % 5_000;
        writeln!(
            text,
            "      t{n}: {{agent: economist, task_type: event_calendar, dependencies: [t{on}]}}"
        )
        .unwrap();
    }
    let problems = workflow::load_workflow("chain.yaml", &text, &registry()).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code.id, "E039");
}

fn reference() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/workflow-files.md")).unwrap()
}

#[test]
fn the_reference_lists_the_agents_as_they_are() {
    let (reference, registry) = (reference(), AgentCatalog::builtin());
    for (agent, types) in &registry.agents {
        let row = reference.lines().find(|line| line.starts_with(&format!("| `{agent}`")));
        let row = row.unwrap_or_else(|| unreachable!("no row for {agent}"));
        let told: BTreeSet<&str> = row.split('`').skip(1).step_by(2).collect();
        let aliases = registry.aliases.iter().filter(|(_, of)| *of == agent);
        let mut known: BTreeSet<&str> = aliases.map(|(alias, _)| alias.as_str()).collect();
        known.extend(types.iter().map(TaskType::as_str));
        known.insert(agent.as_str());
        assert_eq!(told, known, "{agent}");
    }
}

#[test]
fn the_examples_of_the_reference_are_sound() {
    let reference = reference();
    let blocks = reference.split("```yaml\n").skip(1);
    let examples: Vec<&str> = blocks.map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(examples.len(), 2);
    let workflow = workflow::load_workflow("example", examples[0], &registry()).unwrap();
    assert_eq!(workflow.1, []);
    let full = full();
    let overlay = workflow::load_overlay("example", examples[1], Some(&full), &registry());
    assert_eq!(overlay.unwrap().1, []);
}

#[test]
fn every_key_a_task_takes_is_in_the_reference() {
    // The keys stand in the help of an unknown one, where the reader itself lists them.
    let problem = found("keys").into_iter().find(|p| p.message.contains("`colour`")).unwrap();
    let help = problem.help.unwrap();
    let keys: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
    assert!(keys.len() > 15, "{keys:?}");
    let reference = reference();
    for key in keys {
        assert!(reference.contains(&format!("| `{key}` |")), "{key}");
    }
}

#[test]
fn the_shipped_workflow_files_have_not_one_problem() {
    let report = workflow::check_files(&planning::plan::builtin_files(), &AgentCatalog::builtin());
    assert_eq!(report.problems, []);
    assert!(report.definition.is_some());
    assert_eq!(report.overlays.len(), planning::plan::OVERLAYS.len());
}
