//! Dependency checks after overlays have added and removed tasks: lost, missing and cyclic ones.

use std::collections::BTreeSet;

use super::{
    day_draft::{DayDraft, awaited_state_text},
    error::DayPlanProblem,
    note::NotedValue,
    resolve_task::effect_of,
};
use crate::{
    id::TaskId,
    workflow::{DependencyDef, DependencyKind, EffectClass},
};

impl DayDraft {
    /// Adjusts dependencies to the remaining tasks and reports every one that cannot be kept.
    ///
    /// A task whose condition asks a removed task is removed too; conditions become soft
    /// dependencies; dependencies on removed tasks are dropped, except those on an approval.
    pub(super) fn settle_dependencies(&mut self) {
        self.drop_conditional();
        for draft in self.tasks.values_mut() {
            let Some(when) = &draft.def.when else { continue };
            let on = when.task.clone();
            if draft.def.dependencies.iter().all(|known| known.on != on) {
                draft.def.dependencies.push(DependencyDef { on, hardness: DependencyKind::Soft });
            }
        }
        let ids: Vec<_> = self.tasks.keys().cloned().collect();
        for id in &ids {
            self.settle_dependencies_of(id);
        }
        self.find_rings();
    }

    /// Removes tasks whose condition asks a removed task, until none is left.
    fn drop_conditional(&mut self) {
        let orphan = |draft: &Self| {
            draft.tasks.iter().find_map(|(id, task)| {
                let asked = &task.def.when.as_ref()?.task;
                draft.gone.contains_key(asked).then(|| (id.clone(), asked.clone()))
            })
        };
        while let Some((task, asked)) = orphan(self) {
            let origin = self.source.to_string();
            self.remove(&task, &format!("its condition asks {asked}, which was removed"), &origin);
        }
    }

    fn settle_dependencies_of(&mut self, id: &TaskId) {
        let Some(draft) = self.tasks.get_mut(id) else { return };
        let effect = effect_of(&draft.def);
        let known = std::mem::take(&mut draft.def.dependencies);
        let (kept, lost): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|dependency| self.tasks.contains_key(&dependency.on));
        if let Some(draft) = self.tasks.get_mut(id) {
            draft.def.dependencies = kept;
        }
        for DependencyDef { on, hardness } in lost {
            let Some(gone) = self.gone.get(&on) else {
                let (task, missing) = (id.clone(), on);
                self.problems.push(DayPlanProblem::UnknownDependency { task, missing });
                continue;
            };
            let guard = gone.effect == EffectClass::Human && hardness == DependencyKind::Hard;
            if guard && effect == EffectClass::Effectful {
                let (task, approval, why) = (id.clone(), on, gone.why.clone());
                self.problems.push(DayPlanProblem::MissingApproval { task, approval, why });
                continue;
            }
            let (about, by) = (NotedValue::WaitsFor(on.to_string()), &gone.origin);
            let note = self.ledger.add_note(Some(id), about, "no longer, it is removed", by);
            note.was = Some(awaited_state_text(hardness).into());
        }
    }

    /// Finds cycles of dependencies: tasks that cannot become ready even if all others succeed.
    fn find_rings(&mut self) {
        let mut stuck: BTreeSet<TaskId> = self.tasks.keys().cloned().collect();
        loop {
            let next = stuck.iter().find(|id| self.waits_within(id, &stuck).is_none()).cloned();
            match next {
                Some(free) => stuck.remove(&free),
                None => break,
            };
        }
        // Each remaining task depends on a remaining one, so every walk reaches a cycle.
        while let Some(start) = stuck.first().cloned() {
            let (mut walk, mut next) = (Vec::new(), Some(start));
            while let Some(id) = next.take_if(|id| !walk.contains(id)) {
                next = self.waits_within(&id, &stuck);
                walk.push(id);
            }
            let round = walk.iter().position(|id| next.as_ref() == Some(id));
            stuck.retain(|id| !walk.contains(id));
            let mut cycle = walk.split_off(round.unwrap_or(walk.len()));
            let least = (0..cycle.len()).min_by_key(|place| &cycle[*place]).unwrap_or(0);
            cycle.rotate_left(least);
            if !cycle.is_empty() {
                self.problems.push(DayPlanProblem::Cycle { cycle });
            }
        }
    }

    /// Returns the first task of `within` on which `id` depends.
    fn waits_within(&self, id: &TaskId, within: &BTreeSet<TaskId>) -> Option<TaskId> {
        let dependencies = self.tasks.get(id).map(|draft| draft.def.dependencies.iter());
        dependencies?.map(|dependency| &dependency.on).find(|on| within.contains(*on)).cloned()
    }
}
