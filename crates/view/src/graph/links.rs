//! Direct dependencies between the tasks of a block without redundant ones, and their depth.

use std::collections::BTreeMap;

use planning::plan::{DayPlan, TaskIx};

/// Links longer than this many steps are told below the block and not drawn through it.
pub(super) const STEPS_MAX: usize = 6;

/// The waits inside a block: places in its list of tasks.
pub(super) struct Links {
    /// From what is waited for to what waits, left out what follows from others.
    pub(super) drawn: Vec<(usize, usize)>,
    /// Of those too long to be drawn.
    pub(super) told: Vec<(usize, usize)>,
    /// Steps each task stands behind the first ones.
    pub(super) ranks: Vec<usize>,
}

/// The waits among these tasks.
pub(super) fn dependency_edges(plan: &DayPlan, tasks: &[TaskIx]) -> Links {
    let places: BTreeMap<_, _> = tasks.iter().enumerate().map(|(i, &ix)| (ix, i)).collect();
    let needs: Vec<Vec<usize>> = tasks
        .iter()
        .map(|&ix| {
            let on = plan.task(ix).dependencies.iter().map(|dependency| dependency.on);
            let mut on: Vec<_> = on.filter_map(|on| places.get(&on).copied()).collect();
            on.sort_unstable();
            on.dedup();
            on
        })
        .collect();
    let (order, ranks) = rank_nodes(&needs);
    let kept = reduce_links(&needs, &order);
    let (drawn, told) =
        kept.into_iter().partition(|&(from, to)| ranks[to] <= ranks[from] + STEPS_MAX);
    Links { drawn, told, ranks }
}

/// An order in which each comes after what it needs, and the longest way to each in steps. What
/// waits for itself in a circle, which no plan has, stands at the start.
fn rank_nodes(needs: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut open: Vec<_> = needs.iter().map(Vec::len).collect();
    let mut feeds = vec![Vec::new(); needs.len()];
    for (to, on) in needs.iter().enumerate() {
        for &from in on {
            feeds[from].push(to);
        }
    }
    let mut order: Vec<_> = (0..needs.len()).filter(|&i| open[i] == 0).collect();
    let mut ranks = vec![0; needs.len()];
    let mut next = 0;
    while let Some(&from) = order.get(next) {
        next += 1;
        for &to in &feeds[from] {
            ranks[to] = ranks[to].max(ranks[from] + 1);
            open[to] -= 1;
            if open[to] == 0 {
                order.push(to);
            }
        }
    }
    (order, ranks)
}

/// The links that do not follow from two others.
fn reduce_links(needs: &[Vec<usize>], order: &[usize]) -> Vec<(usize, usize)> {
    // What each task needs, however far up.
    let mut above = vec![vec![false; needs.len()]; needs.len()];
    let mut kept = Vec::new();
    for &to in order {
        let mut all = vec![false; needs.len()];
        for &on in &needs[to] {
            for (place, above) in above[on].iter().enumerate() {
                all[place] |= above;
            }
        }
        kept.extend(needs[to].iter().filter(|&&on| !all[on]).map(|&on| (on, to)));
        needs[to].iter().for_each(|&on| all[on] = true);
        above[to] = all;
    }
    kept.sort_unstable();
    kept
}
