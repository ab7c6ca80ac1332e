//! The order of items in each column, chosen for short lines and few crossings.

/// A task of a block, or the place where a long line passes a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct LayerItem {
    /// The task's place in the block's list; `None` for a line that passes.
    pub(super) task: Option<usize>,
    pub(super) rank: usize,
    /// Its row in the block.
    pub(super) slot: usize,
}

/// The items of a block and the links between neighbouring columns.
pub(super) struct LayerGrid {
    /// Tasks first, in their own order.
    pub(super) items: Vec<LayerItem>,
    /// From item to item, one column to the next; with the drawn link it is part of.
    pub(super) steps: Vec<(usize, usize, usize)>,
    /// Rows.
    pub(super) height: usize,
}

/// Places the tasks of a block.
pub(super) fn place_tasks(ranks: &[usize], drawn: &[(usize, usize)]) -> LayerGrid {
    let task = |(i, &rank): (usize, &usize)| LayerItem { task: Some(i), rank, slot: 0 };
    let mut items: Vec<_> = ranks.iter().enumerate().map(task).collect();
    let mut steps = Vec::new();
    for (link, &(from, to)) in drawn.iter().enumerate() {
        let mut before = from;
        for rank in ranks[from] + 1..ranks[to] {
            items.push(LayerItem { task: None, rank, slot: 0 });
            steps.push((before, items.len() - 1, link));
            before = items.len() - 1;
        }
        steps.push((before, to, link));
    }
    let mut columns = vec![Vec::new(); ranks.iter().max().map_or(0, |most| most + 1)];
    for (i, item) in items.iter().enumerate() {
        columns[item.rank].push(i);
    }
    for column in &columns {
        column.iter().enumerate().for_each(|(slot, &i)| items[i].slot = slot);
    }
    for _ in 0..SWEEPS {
        for column in &mut columns {
            sort(column, &mut items, |i| steps.iter().filter(move |s| s.1 == i).map(|s| s.0));
        }
        for column in columns.iter_mut().rev() {
            sort(column, &mut items, |i| steps.iter().filter(move |s| s.0 == i).map(|s| s.1));
        }
    }
    spread_columns(&columns, &mut items, &steps);
    let height = items.iter().map(|item| item.slot + 1).max().unwrap_or(0);
    LayerGrid { items, steps, height }
}

/// The number of sweeps over the columns, back and forth.
const SWEEPS: usize = 2;

/// Sorts a column by the middle of what its items are linked to.
fn sort<I: Iterator<Item = usize>>(
    column: &mut [usize],
    items: &mut [LayerItem],
    linked: impl Fn(usize) -> I,
) {
    let middle = |i: usize| {
        let slots: Vec<_> = linked(i).map(|other| items[other].slot).collect();
        // Twice over, so that halves are kept apart.
        let count = slots.len().max(1);
        if slots.is_empty() { items[i].slot * 2 } else { slots.iter().sum::<usize>() * 2 / count }
    };
    let mut keyed: Vec<_> = column.iter().map(|&i| (middle(i), items[i].slot, i)).collect();
    keyed.sort_unstable();
    for (slot, (place, (_, _, i))) in column.iter_mut().zip(keyed).enumerate() {
        *place = i;
        items[i].slot = slot;
    }
}

/// Moves items down, the order of each column kept, to stand level with what they wait for.
fn spread_columns(
    columns: &[Vec<usize>],
    items: &mut [LayerItem],
    steps: &[(usize, usize, usize)],
) {
    for column in columns {
        let mut free = 0;
        for &i in column {
            let before = steps.iter().filter(|step| step.1 == i).map(|step| items[step.0].slot);
            items[i].slot = before.min().unwrap_or(free).max(free);
            free = items[i].slot + 1;
        }
    }
}
