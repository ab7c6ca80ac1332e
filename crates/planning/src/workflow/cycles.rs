//! Search for cycles of dependencies.

/// Most cycles reported: with many intertwined ones, fixing a few changes all others.
pub(super) const RINGS_MAX: usize = 20;

/// A dependency of one task on another, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DependencyEdge<P> {
    /// Index of the task depended on.
    pub on: usize,
    /// Place of the dependency in the file.
    pub place: P,
}

/// Returns cycles among `waits`, where `waits[t]` holds the dependencies of task `t`. A cycle lists
/// its tasks, each with the place of its dependency on the next, the last on the first; it begins
/// at its least index. At most [`RINGS_MAX`] are returned.
pub(super) fn find_cycles<P: Clone>(waits: &[Vec<DependencyEdge<P>>]) -> Vec<Vec<(usize, P)>> {
    let mut state = vec![VisitState::New; waits.len()];
    let mut found = Vec::new();
    for start in 0..waits.len() {
        if state.get(start) == Some(&VisitState::New) {
            walk(start, waits, &mut state, &mut found);
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VisitState {
    New,
    /// On the current path.
    InProgress,
    Done,
}

/// Searches depth first with an explicit stack: a chain of 10,000 tasks must not overflow the call
/// stack.
fn walk<P: Clone>(
    start: usize,
    waits: &[Vec<DependencyEdge<P>>],
    state: &mut [VisitState],
    found: &mut Vec<Vec<(usize, P)>>,
) {
    let mut path: Vec<(usize, usize)> = vec![(start, 0)];
    set(state, start, VisitState::InProgress);
    while let Some((task, next)) = path.last_mut() {
        let Some(wait) = waits.get(*task).and_then(|list| list.get(*next)) else {
            set(state, *task, VisitState::Done);
            path.pop();
            continue;
        };
        *next += 1;
        match state.get(wait.on) {
            Some(VisitState::New) => {
                set(state, wait.on, VisitState::InProgress);
                path.push((wait.on, 0));
            }
            Some(VisitState::InProgress) if found.len() < RINGS_MAX => {
                found.extend(ring(&path, wait.on, waits));
            }
            Some(VisitState::InProgress | VisitState::Done) | None => {}
        }
    }
}

fn set(state: &mut [VisitState], task: usize, to: VisitState) {
    if let Some(slot) = state.get_mut(task) {
        *slot = to;
    }
}

/// Returns the part of `path` from `first` on, with the dependencies followed.
fn ring<P: Clone>(
    path: &[(usize, usize)],
    first: usize,
    waits: &[Vec<DependencyEdge<P>>],
) -> Option<Vec<(usize, P)>> {
    let from = path.iter().position(|(task, _)| *task == first)?;
    let followed = path.iter().skip(from).filter_map(|(task, next)| {
        let wait = waits.get(*task)?.get(next.checked_sub(1)?)?;
        Some((*task, wait.place.clone()))
    });
    let mut ring: Vec<(usize, P)> = followed.collect();
    let least = ring.iter().enumerate().min_by_key(|(_, (task, _))| *task).map_or(0, |(at, _)| at);
    ring.rotate_left(least);
    Some(ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[usize]]) -> Vec<Vec<DependencyEdge<usize>>> {
        let list =
            |to: &&[usize]| to.iter().map(|on| DependencyEdge { on: *on, place: *on }).collect();
        edges.iter().map(list).collect()
    }

    #[test]
    fn a_ring_is_given_whole_from_its_least_task() {
        let waits = graph(&[&[], &[0, 3], &[1], &[2], &[4]]);
        // 1 depends on 3, 3 on 2, 2 on 1; 4 on itself.
        assert_eq!(find_cycles(&waits), [vec![(1, 3), (3, 2), (2, 1)], vec![(4, 4)]]);
    }

    #[test]
    fn finds_no_cycle_in_long_acyclic_graph() {
        let waits: Vec<Vec<DependencyEdge<usize>>> = (0..50_000_usize)
            .map(|n| {
                n.checked_sub(1).into_iter().map(|on| DependencyEdge { on, place: on }).collect()
            })
            .collect();
        assert!(find_cycles(&waits).is_empty());
    }
}
