//! Reader of workflow files: stages, tasks and dependencies.

use std::{collections::BTreeMap, ops::Range};

use super::{
    AgentCatalog, OnClose, StageDef, WorkflowDefinition,
    codes::{DUPLICATE_ID, EMPTY_STAGE, MADE_UP_ID, NEVER_READY, NO_TASKS, RING},
    cycles::{DependencyEdge, find_cycles},
    needs::judge_needs,
    ordinary_day,
    output_fields::check_conditions,
    task_draft::{TaskDraft, is_empty, read_task},
    task_names::TaskNames,
    task_rules, values,
};
use crate::{
    id::{StageId, TaskId, TaskType},
    time::Window,
    workflow::DependencyKind,
};
use diag::{
    Diagnostic, DiagnosticCollector, MappingEntry, MappingReader, NodeContent, YamlDocument,
    YamlNode, quote,
};

/// A stage being read.
struct StageDraft {
    id: Option<StageId>,
    window: Option<Window>,
    own_hours: bool,
    on_close: OnClose,
}

/// A task being read, with the index of its stage.
struct PlacedTask {
    stage: usize,
    draft: TaskDraft,
}

/// Reads the workflow in `text`, called `source` in messages.
///
/// # Errors
///
/// Every problem of the file, warnings included, if at least one is an error.
pub fn load_workflow(
    source: &str,
    text: &str,
    registry: &AgentCatalog,
) -> Result<(WorkflowDefinition, Vec<Diagnostic>), Vec<Diagnostic>> {
    read_workflow(diag::parse(source, text)?, registry)
}

/// Reads a workflow from a parsed document.
pub(super) fn read_workflow(
    document: YamlDocument,
    registry: &AgentCatalog,
) -> Result<(WorkflowDefinition, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (root, mut sink) = document.into_parts();
    let definition = definition(&root, registry, &mut sink);
    let problems = sink.into_result()?;
    // An incomplete definition was reported as an error, for which `finish` has returned `Err`.
    definition.map(|definition| (definition, problems)).ok_or_else(Vec::new)
}

fn definition(
    root: &YamlNode,
    registry: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Option<WorkflowDefinition> {
    let mut fields = MappingReader::open(root, &root.span, "a workflow", sink)?;
    let name = fields.required("name").and_then(|entry| entry.value.read_text(sink));
    let (mut stages, mut tasks) = (Vec::new(), Vec::new());
    if let Some(entry) = fields.required("stages") {
        let entries =
            entry.value.read_mapping("a mapping from stage to its tasks", sink).unwrap_or(&[]);
        for entry in entries {
            stage(entry, (&mut stages, &mut tasks), registry, sink);
        }
        if tasks.is_empty() && !sink.has_errors() {
            let message = "the workflow has no tasks".into();
            sink.report(NO_TASKS, &entry.key_span, message).label("nothing to do all day");
        }
    }
    fields.finish(sink);
    let names = name_all(&mut tasks, sink);
    for placed in &mut tasks {
        placed.draft.resolve_names(&names, sink);
        let window = stages.get(placed.stage).and_then(|stage: &StageDraft| stage.window);
        task_rules::judge_draft(&placed.draft, window, sink);
    }
    graph(&tasks, &stages, sink);
    let drafts: Vec<_> = tasks.iter().map(|placed| &placed.draft).collect();
    judge_needs(&drafts, sink);
    task_rules::judge_demands(&drafts, sink);
    check_conditions(&drafts, |_| None, sink);
    let source = sink.source().name().clone();
    let stages = assemble(stages, tasks)?;
    Some(WorkflowDefinition { name: name?.into(), source, stages })
}

fn stage(
    entry: &MappingEntry,
    (stages, tasks): (&mut Vec<StageDraft>, &mut Vec<PlacedTask>),
    registry: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) {
    let id: Option<StageId> = values::read_id(&entry.key, &entry.key_span, sink);
    let index = stages.len();
    let what = format!("the stage {}", quote(&entry.key));
    let standard = id.as_ref().and_then(ordinary_day::standard_stage_window);
    if is_empty(&entry.value) {
        empty_stage(entry, sink);
        stages.push(StageDraft {
            id,
            window: standard,
            own_hours: false,
            on_close: OnClose::default(),
        });
        return;
    }
    let Some(mut fields) = MappingReader::open(&entry.value, &entry.key_span, &what, sink) else {
        return;
    };
    let own = fields.get("window");
    let window = match own {
        Some(own) => values::read_window(&own.value, sink),
        None => standard,
    };
    let on_close = fields.get("on_close").and_then(|entry| values::on_close(&entry.value, sink));
    let (own_hours, on_close) = (own.is_some(), on_close.unwrap_or_default());
    stages.push(StageDraft { id, window, own_hours, on_close });
    let list = fields.get("tasks");
    fields.finish(sink);
    let Some(list) = list.filter(|list| !is_empty(&list.value)) else {
        empty_stage(entry, sink);
        return;
    };
    let drafts: Vec<TaskDraft> = if let NodeContent::Map(entries) = &list.value.content {
        let read = |entry: &MappingEntry| read_task(&entry.value, Some(entry), registry, sink);
        entries.iter().filter_map(read).collect()
    } else {
        let items = list.value.read_list("a list of tasks, or a mapping from id to task", sink);
        let read = |node| read_task(node, None, registry, sink);
        items.unwrap_or(&[]).iter().filter_map(read).collect()
    };
    tasks.extend(drafts.into_iter().map(|draft| PlacedTask { stage: index, draft }));
}

fn empty_stage(entry: &MappingEntry, sink: &mut DiagnosticCollector) {
    let message = format!("the stage {} has no tasks", quote(&entry.key));
    sink.report(EMPTY_STAGE, &entry.key_span, message).label("opens and closes, does nothing");
}

/// Gives every task its id: the one written, otherwise its task type, with a numeric suffix if that
/// is taken.
fn name_all(tasks: &mut [PlacedTask], sink: &mut DiagnosticCollector) -> TaskNames {
    let mut names = TaskNames::default();
    let mut seen: BTreeMap<TaskId, Range<usize>> = BTreeMap::new();
    for PlacedTask { draft, .. } in tasks.iter_mut() {
        let (Some(id), Some(written)) = (&draft.id, &draft.written) else { continue };
        if let Some(first) = seen.get(id) {
            sink.report(DUPLICATE_ID, &written.span, format!("there are two tasks `{id}`"))
                .label("again here")
                .with_related(first, "first named here")
                .with_help("give each its own `id`");
            draft.id = None;
        } else {
            seen.insert(id.clone(), written.span.clone());
            names.add(id, draft.task_type.as_ref().map_or("", TaskType::as_str), true);
        }
    }
    for PlacedTask { draft, .. } in tasks.iter_mut().filter(|placed| placed.draft.id.is_none()) {
        let fresh = draft.written.is_none().then_some(draft.task_type.as_ref()).flatten();
        let Some(task_type) = fresh else {
            draft.mark_names_unusable(&mut names);
            continue;
        };
        let Some(id) = unused_overlay_id(task_type.as_str(), &seen) else { continue };
        if id.as_str() != task_type.as_str() {
            let message = format!("another task is called `{task_type}`, so this one is `{id}`");
            sink.report(MADE_UP_ID, &draft.span, message)
                .label("has no `id`")
                .with_help("give it an `id` of its own, which stays when tasks are moved");
        }
        seen.insert(id.clone(), draft.span.clone());
        names.add(&id, task_type.as_str(), false);
        draft.id = Some(id);
    }
    names
}

/// Returns `base`, or `base_2`, `base_3` … cut to the length of an id.
fn unused_overlay_id(base: &str, seen: &BTreeMap<TaskId, Range<usize>>) -> Option<TaskId> {
    let plain = TaskId::parse(base).ok()?;
    if !seen.contains_key(&plain) {
        return Some(plain);
    }
    // One more candidate than there are names always contains a free one.
    (2..=seen.len() + 2).find_map(|n| {
        let end = format!("_{n}");
        let room = TaskId::LEN_MAX.saturating_sub(end.chars().count());
        let start: String = base.chars().take(room).collect();
        TaskId::parse(&(start + &end)).ok().filter(|id| !seen.contains_key(id))
    })
}

/// Reports cycles, and dependencies that end too late to be met.
fn graph(tasks: &[PlacedTask], stages: &[StageDraft], sink: &mut DiagnosticCollector) {
    let ids = tasks.iter().enumerate();
    let index: BTreeMap<&TaskId, usize> =
        ids.filter_map(|(at, placed)| Some((placed.draft.id.as_ref()?, at))).collect();
    let waits: Vec<Vec<DependencyEdge<Range<usize>>>> = tasks
        .iter()
        .map(|placed| {
            let known = placed.draft.settled.iter().filter_map(|(dependency, span)| {
                Some(DependencyEdge { on: *index.get(&dependency.on)?, place: span.clone() })
            });
            known.collect()
        })
        .collect();
    let name = |at: usize| {
        let id = tasks.get(at).and_then(|placed| placed.draft.id.as_ref());
        id.map_or_else(String::new, ToString::to_string)
    };
    for ring in find_cycles(&waits) {
        report_ring(
            &ring.iter().map(|(at, span)| (name(*at), span.clone())).collect::<Vec<_>>(),
            sink,
        );
    }
    let window = |placed: &PlacedTask| {
        placed.draft.set.window.or(stages.get(placed.stage).and_then(|stage| stage.window))
    };
    for placed in tasks {
        let carried = stages.get(placed.stage).is_some_and(|s| s.on_close == OnClose::Carry);
        let Some(own) = window(placed).filter(|_| !carried) else { continue };
        for (dependency, span) in &placed.draft.settled {
            let other = index.get(&dependency.on).and_then(|at| tasks.get(*at)).and_then(window);
            let Some(other) = other.filter(|_| dependency.hardness == DependencyKind::Hard) else {
                continue;
            };
            if ordinary_day::ordinary_day_offset_ms(other.from)
                >= ordinary_day::ordinary_day_offset_ms(own.to)
            {
                let message = format!("`{}` starts after this task must have", dependency.on);
                sink.report(NEVER_READY, span, message)
                    .label(format!("waits for {other}, may start in {own}"))
                    .with_help("the task would be MISSED every day");
            }
        }
    }
}

/// Reports a cycle of tasks, each with the place of its dependency on the next.
pub(super) fn report_ring(ring: &[(String, Range<usize>)], sink: &mut DiagnosticCollector) {
    let Some(((first, span), rest)) = ring.split_first() else { return };
    let names = ring.iter().map(|(name, _)| name.as_str()).chain([first.as_str()]);
    let path = names.collect::<Vec<_>>().join(" -> ");
    let label = |at: usize| {
        let (from, _) = ring.get(at)?;
        let (to, _) = ring.get(at + 1).or(ring.first())?;
        Some(format!("`{from}` waits for `{to}`"))
    };
    let message = if rest.is_empty() {
        format!("`{first}` waits for itself")
    } else {
        format!("tasks depend on each other: {path}")
    };
    let problem = sink.report(RING, span, message).label(label(0).unwrap_or_default());
    for (at, (_, span)) in rest.iter().enumerate() {
        problem.with_related(span, label(at + 1).unwrap_or_default());
    }
    problem.with_help("take one of them out, or none of them ever starts");
}

fn assemble(stages: Vec<StageDraft>, tasks: Vec<PlacedTask>) -> Option<Vec<StageDef>> {
    let drafts = stages.into_iter().map(|stage| {
        let StageDraft { id, window, own_hours, on_close } = stage;
        Some(StageDef { id: id?, window: window?, own_hours, on_close, tasks: Vec::new() })
    });
    let mut whole: Vec<StageDef> = drafts.collect::<Option<_>>()?;
    for placed in tasks {
        whole.get_mut(placed.stage)?.tasks.push(placed.draft.build()?);
    }
    Some(whole)
}
