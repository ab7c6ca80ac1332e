//! Reader of overlay files, which checks edits against the workflow they change.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    AgentCatalog, DependencyDef, Overlay, OverlayEdit, TaskDef, WorkflowDefinition,
    codes::{NO_CHANGE, RING},
    cycles::{DependencyEdge, find_cycles},
    load::report_ring,
    overlay_edit::{self, EditDraft},
    task_names::TaskNames,
    task_rules, values,
};
use crate::{
    id::{Id, StageId, TaskId},
    time::Window,
};
use diag::{Diagnostic, DiagnosticCollector, MappingReader, NodeContent, YamlDocument, YamlNode};

/// Highest rank of an overlay.
const RANK_MAX: u32 = 1_000;

/// The tasks and stages to which an overlay's edits may refer.
pub(super) struct OverlayScope<'a> {
    pub registry: &'a AgentCatalog,
    pub names: TaskNames,
    /// Tasks of the base workflow that have not been removed.
    pub tasks: BTreeMap<TaskId, &'a TaskDef>,
    /// Windows of the base workflow's stages.
    pub stages: BTreeMap<StageId, Window>,
    pub stage_of: BTreeMap<TaskId, StageId>,
    /// Tasks removed by an earlier edit, with its place.
    pub removed: BTreeMap<TaskId, Range<usize>>,
    /// Tasks added by an edit, with its place.
    pub added: BTreeMap<TaskId, Range<usize>>,
    /// True if there is a base workflow to check names against.
    pub whole: bool,
}

impl<'a> OverlayScope<'a> {
    fn new(
        base: Option<&'a WorkflowDefinition>,
        replaces: bool,
        registry: &'a AgentCatalog,
    ) -> Self {
        let mut desk = Self {
            registry,
            names: TaskNames::new(base.is_none()),
            tasks: BTreeMap::new(),
            stages: BTreeMap::new(),
            stage_of: BTreeMap::new(),
            removed: BTreeMap::new(),
            added: BTreeMap::new(),
            whole: base.is_some(),
        };
        let Some(base) = base else { return desk };
        desk.stages = base.stages.iter().map(|stage| (stage.id.clone(), stage.window)).collect();
        for (stage, task) in base.tasks().filter(|_| !replaces) {
            desk.names.add(&task.id, task.task_type.as_str(), true);
            desk.tasks.insert(task.id.clone(), task);
            desk.stage_of.insert(task.id.clone(), stage.id.clone());
        }
        desk
    }
}

/// A scalar set by an overlay, for comparison with other overlays.
#[derive(Debug, Clone)]
pub(super) struct SetScalar {
    /// The name of the scalar: `task.field`.
    pub of: String,
    pub value: String,
    pub span: Range<usize>,
}

/// An overlay with the scalars it sets and the place of its name.
pub(super) struct ParsedOverlay {
    pub overlay: Overlay,
    pub scalars: Vec<SetScalar>,
    pub name_span: Range<usize>,
}

/// Reads the overlay in `text`, called `source` in messages, and checks its names against `base`.
/// Without a base, any well-formed name is accepted.
///
/// # Errors
///
/// Every problem of the file, warnings included, if at least one is an error.
pub fn load_overlay(
    source: &str,
    text: &str,
    base: Option<&WorkflowDefinition>,
    registry: &AgentCatalog,
) -> Result<(Overlay, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (reading, problems) = read_overlay(diag::parse(source, text)?, base, registry)?;
    Ok((reading.overlay, problems))
}

/// Reads an overlay from a parsed document.
pub(super) fn read_overlay(
    document: YamlDocument,
    base: Option<&WorkflowDefinition>,
    registry: &AgentCatalog,
) -> Result<(ParsedOverlay, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (root, mut sink) = document.into_parts();
    let reading = reading(&root, base, registry, &mut sink);
    let problems = sink.into_result()?;
    // An incomplete overlay was reported as an error, for which `finish` has returned `Err`.
    reading.map(|reading| (reading, problems)).ok_or_else(Vec::new)
}

fn reading(
    root: &YamlNode,
    base: Option<&WorkflowDefinition>,
    registry: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Option<ParsedOverlay> {
    let mut fields = MappingReader::open(root, &root.span, "an overlay", sink)?;
    let named = fields.required("overlay");
    let name: Option<Id<values::OverlayIdKind>> =
        named.and_then(|entry| values::id(&entry.value, sink));
    let rank = fields.get("rank").and_then(|entry| entry.value.read_integer(0..=RANK_MAX, sink));
    let replaces = fields.get("replaces").and_then(|entry| entry.value.read_bool(sink));
    let listed = fields.required("edits");
    fields.finish(sink);
    let replaces = replaces.unwrap_or(false);
    let items =
        listed.and_then(|entry| entry.value.read_list("a list of edits", sink)).unwrap_or(&[]);
    if let Some(entry) = listed.filter(|_| items.is_empty() && !sink.has_errors()) {
        let message = "the overlay has no edits".into();
        sink.report(NO_CHANGE, &entry.key_span, message).label("changes nothing");
    }
    let mut desk = OverlayScope::new(base, replaces, registry);
    let mut written: Vec<EditDraft> =
        items.iter().filter_map(|item| overlay_edit::read_edit(item, &mut desk, sink)).collect();
    for edit in &mut written {
        overlay_edit::resolve_edit(edit, &mut desk, sink);
    }
    ring_free(&written, &desk, sink);
    demands_free(&written, &desk, sink);
    let scalars = written.iter().flat_map(EditDraft::set_scalars).collect();
    let edits: Vec<OverlayEdit> = written.into_iter().filter_map(EditDraft::build).collect();
    let overlay = Overlay {
        name: name?.to_string(),
        source: sink.source().name().clone(),
        rank: rank.unwrap_or(0),
        replaces,
        edits,
    };
    Some(ParsedOverlay { overlay, scalars, name_span: named?.value.span.clone() })
}

/// Reports cycles that exist only with this overlay's edits.
fn ring_free(written: &[EditDraft], desk: &OverlayScope<'_>, sink: &mut DiagnosticCollector) {
    let base = desk.tasks.values().map(|task| &task.id);
    let ids: Vec<&TaskId> = base.chain(desk.added.keys()).collect();
    let index: BTreeMap<&TaskId, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut waits: Vec<Vec<DependencyEdge<Option<Range<usize>>>>> = vec![Vec::new(); ids.len()];
    let mut join = |task: &TaskId, on: &DependencyDef, place: Option<Range<usize>>| {
        let slot = index.get(task).and_then(|at| waits.get_mut(*at));
        if let (Some(slot), Some(on)) = (slot, index.get(&on.on)) {
            slot.push(DependencyEdge { on: *on, place });
        }
    };
    for task in desk.tasks.values() {
        task.dependencies.iter().for_each(|on| join(&task.id, on, None));
    }
    for (task, on, span) in written.iter().flat_map(EditDraft::added_dependencies) {
        join(task, &on, Some(span.clone()));
    }
    for ring in find_cycles(&waits) {
        let named: Vec<(String, Option<Range<usize>>)> = ring
            .into_iter()
            .map(|(at, span)| (ids.get(at).map(ToString::to_string).unwrap_or_default(), span))
            .collect();
        report(named, sink);
    }
}

/// Reports dependencies of this overlay on a task on demand, of the workflow or of the overlay.
fn demands_free(written: &[EditDraft], desk: &OverlayScope<'_>, sink: &mut DiagnosticCollector) {
    let added = written.iter().filter_map(EditDraft::added_on_demand);
    let of_base = desk.tasks.values().filter(|task| task.on_demand).map(|task| &task.id);
    let on_demand: BTreeSet<&TaskId> = of_base.chain(added).collect();
    for (_, needed, at) in written.iter().flat_map(EditDraft::added_dependencies) {
        if on_demand.contains(&needed.on) {
            task_rules::report_demand(&needed.on, at, sink);
        }
    }
}

/// In a cycle through the base workflow, only the dependencies of this file have places.
fn report(mut ring: Vec<(String, Option<Range<usize>>)>, sink: &mut DiagnosticCollector) {
    let Some(first) = ring.iter().position(|(_, span)| span.is_some()) else { return };
    ring.rotate_left(first);
    let whole: Option<Vec<(String, Range<usize>)>> =
        ring.iter().map(|(name, span)| Some((name.clone(), span.clone()?))).collect();
    if let Some(whole) = whole {
        report_ring(&whole, sink);
        return;
    }
    let names = ring.iter().chain(ring.first()).map(|(name, _)| name.as_str());
    let message = format!("tasks depend on each other: {}", names.collect::<Vec<_>>().join(" -> "));
    let mut spans = ring.iter().filter_map(|(_, span)| span.as_ref());
    let Some(span) = spans.next() else { return };
    let problem = sink.report(RING, span, message).label("closes the cycle");
    for span in spans {
        problem.with_related(span, "part of the cycle");
    }
    problem
        .with_help("the other dependencies are in the workflow: remove this one, or one of them");
}

/// Returns whether a document is meant as an overlay.
pub(super) fn is_overlay(root: &YamlNode) -> bool {
    let NodeContent::Map(entries) = &root.content else { return false };
    let has = |key: &str| entries.iter().any(|entry| entry.key == key);
    has("overlay") || (has("edits") && !has("stages"))
}
