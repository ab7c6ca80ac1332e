//! What the console's loop is told of the world around it, and pictures of frames.

use std::path::PathBuf;

use super::Logged;
use crate::{
    config::Look,
    console::{self, Model, terminal::Talk, view},
};

/// What surrounds a console.
#[derive(Debug)]
pub struct Surroundings {
    /// How the reader wants it.
    pub look: Look,
    /// How to talk to the terminal beside the frame.
    pub talk: Talk,
    /// Where exported views go.
    pub exports: PathBuf,
    /// The file of the saved filters.
    pub filters: PathBuf,
    /// The program's own log.
    pub logged: Logged,
}

/// Writes a picture of a frame; see [`console::svg`].
#[must_use]
pub fn picture(model: &Model, (width, height): (u16, u16), title: &str) -> String {
    let backend = ratatui::backend::TestBackend::new(width, height);
    // A test backend cannot fail.
    let Ok(mut terminal) = ratatui::Terminal::new(backend);
    let Ok(_frame) = terminal.draw(|frame| view(model, frame));
    console::svg(terminal.backend().buffer(), title)
}
