//! Values that draw themselves: texts of a given width, tables, one-line strips, popups.

mod big_text;
mod popup_box;
mod segments;
mod table;
mod text;

pub(super) use big_text::{HEIGHT, big_text};
pub(super) use popup_box::{draw_popup, field_line, inner_columns, inner_width, text_width};
pub(super) use segments::{Segment, draw_strip};
pub(super) use table::{Column, Table, TableCell, column_widths};
pub(super) use text::{display_width, fit, wrap};
