//! Reads an overlay file and checks its edits against the workflow they change.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Definition, DependencyDef, Edit, Overlay, Registry, TaskDef,
    code::{NO_CHANGE, RING},
    cycle::{Wait, rings},
    edit::{self, Written},
    load::report_ring,
    names::Names,
    read,
};
use crate::{
    id::{Id, StageId, TaskId},
    time::Window,
    yaml::{self, Document, Fields, Node, Problem, Sink},
};

/// Highest rank an overlay may have.
const RANK_MAX: u32 = 1_000;

/// What an overlay's edits may refer to.
pub(super) struct Desk<'a> {
    pub registry: &'a Registry,
    pub names: Names,
    /// Tasks of the base workflow that are still there.
    pub tasks: BTreeMap<TaskId, &'a TaskDef>,
    /// Windows of the stages, and of the stage each base task stands in.
    pub stages: BTreeMap<StageId, Window>,
    pub stage_of: BTreeMap<TaskId, StageId>,
    /// Tasks an earlier edit has taken out, and where.
    pub removed: BTreeMap<TaskId, Range<usize>>,
    /// Tasks an edit has added, and where.
    pub added: BTreeMap<TaskId, Range<usize>>,
    /// Whether there is a base workflow to check names against.
    pub whole: bool,
}

impl<'a> Desk<'a> {
    fn new(base: Option<&'a Definition>, replaces: bool, registry: &'a Registry) -> Self {
        let mut desk = Self {
            registry,
            names: Names::new(base.is_none()),
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

/// One scalar an overlay sets, for the comparison with other overlays.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    /// What is set: `task.field`.
    pub of: String,
    /// To what.
    pub value: String,
    pub span: Range<usize>,
}

/// An overlay, the scalars it sets, and where its name stands.
pub(super) struct Reading {
    pub overlay: Overlay,
    pub scalars: Vec<Scalar>,
    pub name_span: Range<usize>,
}

/// Reads the overlay in `text`, called `source` in messages, and checks the names it uses against
/// `base`; without one any well-formed name is taken.
///
/// # Errors
///
/// Every problem of the file, warnings among them, when one of them is an error.
pub fn load_overlay(
    source: &str,
    text: &str,
    base: Option<&Definition>,
    registry: &Registry,
) -> Result<(Overlay, Vec<Problem>), Vec<Problem>> {
    let (reading, problems) = overlay(yaml::parse(source, text)?, base, registry)?;
    Ok((reading.overlay, problems))
}

/// Reads an overlay from a document.
pub(super) fn overlay(
    document: Document,
    base: Option<&Definition>,
    registry: &Registry,
) -> Result<(Reading, Vec<Problem>), Vec<Problem>> {
    let (root, mut sink) = document.into_parts();
    let reading = reading(&root, base, registry, &mut sink);
    let problems = sink.finish()?;
    // What could not be read was noted as an error, which `finish` has turned into `Err`.
    reading.map(|reading| (reading, problems)).ok_or_else(Vec::new)
}

fn reading(
    root: &Node,
    base: Option<&Definition>,
    registry: &Registry,
    sink: &mut Sink,
) -> Option<Reading> {
    let mut fields = Fields::of(root, &root.span, "an overlay", sink)?;
    let named = fields.need("overlay");
    let name: Option<Id<read::OverlayKind>> = named.and_then(|entry| read::id(&entry.value, sink));
    let rank = fields.get("rank").and_then(|entry| entry.value.whole(0..=RANK_MAX, sink));
    let replaces = fields.get("replaces").and_then(|entry| entry.value.flag(sink));
    let listed = fields.need("edits");
    fields.finish(sink);
    let replaces = replaces.unwrap_or(false);
    let items = listed.and_then(|entry| entry.value.list("a list of edits", sink)).unwrap_or(&[]);
    if let Some(entry) = listed.filter(|_| items.is_empty() && !sink.failed()) {
        let message = "the overlay has no edits".into();
        sink.report(NO_CHANGE, &entry.key_span, message).label("changes nothing");
    }
    let mut desk = Desk::new(base, replaces, registry);
    let mut written: Vec<Written> =
        items.iter().filter_map(|item| edit::written(item, &mut desk, sink)).collect();
    for edit in &mut written {
        edit::settle(edit, &mut desk, sink);
    }
    ring_free(&written, &desk, sink);
    let scalars = written.iter().flat_map(Written::scalars).collect();
    let edits: Vec<Edit> = written.into_iter().filter_map(Written::build).collect();
    let overlay = Overlay {
        name: name?.to_string(),
        source: sink.source().name().clone(),
        rank: rank.unwrap_or(0),
        replaces,
        edits,
    };
    Some(Reading { overlay, scalars, name_span: named?.value.span.clone() })
}

/// Notes rings that come about only with this overlay's edits.
fn ring_free(written: &[Written], desk: &Desk<'_>, sink: &mut Sink) {
    let base = desk.tasks.values().map(|task| &task.id);
    let ids: Vec<&TaskId> = base.chain(desk.added.keys()).collect();
    let index: BTreeMap<&TaskId, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut waits: Vec<Vec<Wait<Option<Range<usize>>>>> = vec![Vec::new(); ids.len()];
    let mut join = |task: &TaskId, on: &DependencyDef, place: Option<Range<usize>>| {
        let slot = index.get(task).and_then(|at| waits.get_mut(*at));
        if let (Some(slot), Some(on)) = (slot, index.get(&on.on)) {
            slot.push(Wait { on: *on, place });
        }
    };
    for task in desk.tasks.values() {
        task.dependencies.iter().for_each(|on| join(&task.id, on, None));
    }
    for (task, on, span) in written.iter().flat_map(Written::waits) {
        join(task, &on, Some(span.clone()));
    }
    for ring in rings(&waits) {
        let named: Vec<(String, Option<Range<usize>>)> = ring
            .into_iter()
            .map(|(at, span)| (ids.get(at).map(ToString::to_string).unwrap_or_default(), span))
            .collect();
        report(named, sink);
    }
}

/// A ring through the base workflow has places only for the waits that stand in this file.
fn report(mut ring: Vec<(String, Option<Range<usize>>)>, sink: &mut Sink) {
    let Some(first) = ring.iter().position(|(_, span)| span.is_some()) else { return };
    ring.rotate_left(first);
    let whole: Option<Vec<(String, Range<usize>)>> =
        ring.iter().map(|(name, span)| Some((name.clone(), span.clone()?))).collect();
    if let Some(whole) = whole {
        report_ring(&whole, sink);
        return;
    }
    let names = ring.iter().chain(ring.first()).map(|(name, _)| name.as_str());
    let message = format!("tasks wait for each other: {}", names.collect::<Vec<_>>().join(" -> "));
    let mut spans = ring.iter().filter_map(|(_, span)| span.as_ref());
    let Some(span) = spans.next() else { return };
    let problem = sink.report(RING, span, message).label("closes the ring");
    for span in spans {
        problem.also(span, "part of the ring");
    }
    problem.help("the other waits stand in the workflow: take this one out, or remove one of them");
}
