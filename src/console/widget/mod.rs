//! Values that draw themselves: texts of a given width, tables, one-line strips, popups.
mod big;
mod pieces;
mod popup;
mod table;
mod text;

pub(super) use big::{HEIGHT, big};
pub(super) use pieces::{Piece, strip};
pub(super) use popup::{field_line, inner_columns, inner_width, popup, text_width};
pub(super) use table::{Cell, Column, Table, widths};
pub(super) use text::{columns, fit, wrap};
