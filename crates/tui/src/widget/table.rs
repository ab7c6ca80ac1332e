//! A table of the rows in sight; gives up its least important columns first when narrow.
//!
//! The caller slices: only what is shown is ever made into text.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::fit;

/// One column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// Narrower than this it is of no use.
    pub(crate) least: u16,
    /// Wider than this is a waste; the widest column takes what is left over.
    pub(crate) most: u16,
    /// 0 stays; the largest goes first.
    pub(crate) rank: u8,
}

impl Column {
    /// A column.
    pub(crate) const fn new(title: &'static str, least: u16, most: u16, rank: u8) -> Self {
        Self { title, least, most, rank }
    }
}

/// The width of each column in `room` columns with one blank between; 0 for those left out.
pub(crate) fn column_widths(columns: &[Column], room: u16) -> Vec<u16> {
    let mut kept: Vec<bool> = vec![true; columns.len()];
    let needs = |kept: &[bool]| -> u16 {
        let shown = columns.iter().zip(kept).filter(|(_, kept)| **kept);
        shown.map(|(column, _)| column.least + 1).sum::<u16>().saturating_sub(1)
    };
    while needs(&kept) > room {
        let shown = columns.iter().enumerate().filter(|(i, _)| kept[*i]);
        match shown.max_by_key(|(_, column)| column.rank) {
            Some((worst, column)) if column.rank > 0 => kept[worst] = false,
            Some(_) | None => break,
        }
    }
    let mut left = room.saturating_sub(needs(&kept));
    let mut widths: Vec<u16> =
        columns.iter().zip(&kept).map(|(c, kept)| if *kept { c.least } else { 0 }).collect();
    for (i, column) in columns.iter().enumerate().filter(|(i, _)| kept[*i]) {
        let more = left.min(column.most.saturating_sub(column.least));
        widths[i] += more;
        left -= more;
    }
    let widest = (0..columns.len()).filter(|&i| kept[i]).max_by_key(|&i| columns[i].most);
    if let Some(widest) = widest {
        widths[widest] += left;
    }
    widths
}

/// A cell: its text and its look.
pub(crate) type TableCell = (String, Style);

/// The rows in sight.
pub(crate) struct Table<'a> {
    pub(crate) columns: &'a [Column],
    /// A cell for each column, for each row in sight.
    pub(crate) rows: Vec<Vec<TableCell>>,
    /// Which of them is selected.
    pub(crate) selected: Option<usize>,
    /// How headings and the selected row look.
    pub(crate) looks: (Style, Style),
    /// One column, for what was cut.
    pub(crate) ellipsis: &'static str,
    /// True if headings are shown.
    pub(crate) headed: bool,
}

impl Widget for Table<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let widths = column_widths(self.columns, area.width);
        let line = |cells: &mut dyn Iterator<Item = (&str, Style)>| {
            let mut spans = Vec::new();
            for ((text, style), &width) in cells.zip(&widths).filter(|(_, width)| **width > 0) {
                if !spans.is_empty() {
                    spans.push(Span::raw(" "));
                }
                spans.push(Span::styled(fit(text, width, self.ellipsis), style));
            }
            Line::from(spans)
        };
        let mut ys = area.y..area.y.saturating_add(area.height);
        let at = |y: u16| Rect { y, height: 1, ..area };
        let (heading, selected) = self.looks;
        if self.headed
            && let Some(y) = ys.next()
        {
            let mut cells = self.columns.iter().map(|column| (column.title, heading));
            line(&mut cells).render(at(y), buf);
        }
        for ((i, row), y) in self.rows.iter().enumerate().zip(ys) {
            let mut cells = row.iter().map(|(text, style)| (text.as_str(), *style));
            line(&mut cells).render(at(y), buf);
            if self.selected == Some(i) {
                buf.set_style(at(y), selected);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame_text;

    const COLUMNS: [Column; 4] = [
        Column::new("S", 1, 1, 0),
        Column::new("TASK", 6, 12, 0),
        Column::new("ATT", 3, 3, 2),
        Column::new("NOTE", 8, 99, 3),
    ];

    #[test]
    fn a_narrow_table_drops_its_last_ranks_and_never_overflows() {
        assert_eq!(column_widths(&COLUMNS, 60), [1, 12, 3, 41]);
        assert_eq!(column_widths(&COLUMNS, 21), [1, 6, 3, 8]);
        assert_eq!(
            column_widths(&COLUMNS, 20),
            [1, 12, 3, 0].map(|w: u16| if w == 12 { 14 } else { w })
        );
        assert_eq!(column_widths(&COLUMNS, 9), [1, 7, 0, 0]);
        for room in 8..200 {
            let shown: Vec<_> =
                column_widths(&COLUMNS, room).into_iter().filter(|w| *w > 0).collect();
            let all = shown.iter().sum::<u16>() + u16::try_from(shown.len()).unwrap() - 1;
            assert_eq!(all, room);
        }
    }

    #[test]
    fn names_of_double_width_keep_the_columns_straight() {
        let area = Rect::new(0, 0, 24, 3);
        let mut buffer = Buffer::empty(area);
        let row = |name: &str| {
            [">", name, "1/3", "fine"].map(|text| (text.to_owned(), Style::new())).to_vec()
        };
        let table = Table {
            columns: &COLUMNS,
            rows: vec![row("日本株"), row("risk")],
            selected: None,
            looks: (Style::new(), Style::new()),
            ellipsis: "…",
            headed: true,
        };
        table.render(area, &mut buffer);
        assert_eq!(
            frame_text(&buffer),
            "S TASK      ATT NOTE\n> 日本株    1/3 fine\n> risk      1/3 fine\n"
        );
    }
}
