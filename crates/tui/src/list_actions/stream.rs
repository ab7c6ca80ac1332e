//! Position, filter and layout of a stream that grows at its end.

use chrono::{DateTime, Utc};

use view::filter::Filter;

/// The layout of a stream's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum LineLayout {
    /// A row each, cut where it ends.
    #[default]
    Truncated,
    /// As many rows as it takes.
    Wrapped,
    /// The line under the cursor with all its fields below it, the others cut.
    Unfolded,
}

/// A mark somebody put into a stream. Of this view alone: the store knows nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bookmark {
    /// The line it stands after.
    pub(crate) line: u64,
    pub(crate) name: String,
    /// The time the bookmark was set, on the run's clock.
    pub(crate) at: DateTime<Utc>,
    /// The operator who set the bookmark.
    pub(crate) by: String,
}

/// A place in a stream that grows at its end.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct StreamPosition {
    /// The selected line by its number; `None` follows the newest.
    pub(crate) at: Option<u64>,
    /// The filter on the lines.
    pub(crate) filter: Filter,
    /// The layout of the lines.
    pub(crate) shape: LineLayout,
    /// Lines shown before and after each one that passes the filter.
    pub(crate) context: usize,
    /// Lines before this number were cleared away.
    pub(crate) from: u64,
    /// Marks, in the order of their lines.
    pub(crate) flags: Vec<Bookmark>,
    /// Marks put so far; names the next.
    flagged: usize,
    /// The index of the time span of one histogram bar; `None` hides the histogram.
    pub(crate) bars: Option<usize>,
}

impl StreamPosition {
    /// The same view on another run: nothing in it stands for a line of the old one.
    pub(crate) fn reset(&mut self) {
        let Self { filter, shape, context, bars, .. } = std::mem::take(self);
        *self = Self { filter, shape, context, bars, ..Self::default() };
    }

    /// The marks after the line of a number and before that of the next shown.
    pub(crate) fn flags_between(&self, number: u64, next: Option<u64>) -> &[Bookmark] {
        let from = self.flags.partition_point(|flag| flag.line < number);
        let to = next
            .map_or(self.flags.len(), |next| self.flags.partition_point(|flag| flag.line < next));
        self.flags.get(from..to).unwrap_or_default()
    }

    /// Puts a mark after a line, or takes the one there away; says what was done.
    pub(super) fn toggle_bookmark(&mut self, line: u64, at: DateTime<Utc>, by: &str) -> String {
        let place = self.flags.partition_point(|flag| flag.line < line);
        if self.flags.get(place).is_some_and(|flag| flag.line == line) {
            return format!("mark {} is gone", self.flags.remove(place).name);
        }
        self.flagged += 1;
        let name = format!("m{}", self.flagged);
        let told = format!("mark {name} is set; ' lists the marks");
        self.flags.insert(place, Bookmark { line, name, at, by: by.to_owned() });
        told
    }
}

/// The places shown when `hits` pass and so many neighbours on either side are shown with them,
/// each with whether it passes itself. `hits` ascend and are below `count`.
pub(super) fn with_neighbours(hits: &[usize], context: usize, count: usize) -> Vec<(usize, bool)> {
    let mut shown: Vec<(usize, bool)> = Vec::with_capacity(hits.len());
    for &hit in hits {
        let first = shown.last().map_or(0, |(last, _)| last + 1);
        // What was a neighbour of the hit before may be a hit itself.
        if let Ok(place) = shown.binary_search_by_key(&hit, |(place, _)| *place) {
            shown[place].1 = true;
        }
        for place in hit.saturating_sub(context).max(first)..(hit + context + 1).min(count) {
            shown.push((place, place == hit));
        }
    }
    shown
}

/// The lines in sight: as many as fit `height` rows around the cursor's, which is in the middle as
/// far as the ends allow. A line takes `tall` rows, at least one; the last one in sight may be
/// cut, the cursor's is cut only when it alone is too tall.
pub(crate) fn visible_range(
    count: usize,
    cursor: usize,
    height: usize,
    tall: impl Fn(usize) -> usize,
) -> std::ops::Range<usize> {
    if count == 0 {
        return 0..0;
    }
    let cursor = cursor.min(count - 1);
    let (mut first, mut end) = (cursor, cursor + 1);
    let mut above = 0;
    let mut below = tall(cursor).max(1);
    while first > 0
        && above + tall(first - 1).max(1) <= (height / 2).min(height.saturating_sub(below))
    {
        first -= 1;
        above += tall(first).max(1);
    }
    while end < count && above + below < height {
        below += tall(end).max(1);
        end += 1;
    }
    // Near the end there is room left above.
    while first > 0 && above + below + tall(first - 1).max(1) <= height {
        first -= 1;
        above += tall(first).max(1);
    }
    first..end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::layout::first_visible_row;

    #[test]
    fn neighbours_are_shown_once_and_a_hit_stays_a_hit() {
        let shown = with_neighbours(&[2, 4, 9], 1, 10);
        let expected = [(1, false), (2, true), (3, false), (4, true), (5, false), (8, false)];
        assert_eq!(shown[..6], expected);
        assert_eq!(shown[6..], [(9, true)]);
        assert_eq!(with_neighbours(&[1, 2], 3, 4), [(0, false), (1, true), (2, true), (3, false)]);
    }

    #[test]
    fn a_second_mark_at_a_line_takes_the_first_away_and_no_name_comes_twice() {
        let mut stream = StreamPosition::default();
        let now = DateTime::<Utc>::MIN_UTC;
        stream.toggle_bookmark(7, now, "ana");
        stream.toggle_bookmark(3, now, "ana");
        assert_eq!(stream.toggle_bookmark(7, now, "ana"), "mark m1 is gone");
        stream.toggle_bookmark(7, now, "bob");
        let names: Vec<_> = stream.flags.iter().map(|flag| flag.name.as_str()).collect();
        assert_eq!(names, ["m2", "m3"]);
    }

    #[test]
    fn a_mark_stands_after_its_line_also_when_that_one_is_not_shown() {
        let mut stream = StreamPosition::default();
        for line in [3, 6, 12] {
            stream.toggle_bookmark(line, DateTime::<Utc>::MIN_UTC, "ana");
        }
        let after = |number, next| {
            let flags = stream.flags_between(number, next).iter();
            flags.map(|flag| flag.line).collect::<Vec<_>>()
        };
        assert_eq!(after(3, Some(5)), [3]);
        assert_eq!(after(5, Some(9)), [6]);
        assert_eq!(after(9, None), [12]);
        assert!(after(20, None).is_empty());
    }

    proptest! {
        #[test]
        fn every_neighbour_is_near_a_hit_and_no_place_comes_twice(
            hits in proptest::collection::btree_set(0..60_usize, 0..20),
            context in 0..6_usize,
        ) {
            let hits: Vec<_> = hits.into_iter().collect();
            let shown = with_neighbours(&hits, context, 60);
            prop_assert!(shown.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for place in 0..60 {
                let near = hits.iter().any(|hit| hit.abs_diff(place) <= context);
                let found = shown.iter().find(|(at, _)| *at == place);
                prop_assert_eq!(found.is_some(), near);
                prop_assert!(found.is_none_or(|(_, hit)| *hit == hits.contains(&place)));
            }
        }

        #[test]
        fn the_cursor_is_in_sight_and_no_row_is_wasted(
            tall in proptest::collection::vec(1..5_usize, 1..40),
            cursor in 0..40_usize,
            height in 1..15_usize,
        ) {
            let cursor = cursor.min(tall.len() - 1);
            let seen = visible_range(tall.len(), cursor, height, |at| tall[at]);
            prop_assert!(seen.contains(&cursor));
            let to_cursor: usize = tall[seen.start..=cursor].iter().sum();
            prop_assert!(to_cursor <= height || seen.start == cursor, "the cursor's row is cut");
            let rows: usize = tall[seen.clone()].iter().sum();
            let full = rows >= height || (seen.end == tall.len()
                && (seen.start == 0 || rows + tall[seen.start - 1] > height));
            prop_assert!(full, "{seen:?} of {} in {height}", tall.len());
        }

        #[test]
        fn rows_of_one_line_are_where_the_tables_are(
            count in 1..60_usize, cursor in 0..60_usize, height in 1..15_usize,
        ) {
            let cursor = cursor.min(count - 1);
            let seen = visible_range(count, cursor, height, |_| 1);
            prop_assert_eq!(seen.start, first_visible_row(cursor, count, height));
        }
    }
}
