//! Player of a tour's script: performs each step, draws the requested pictures, records the screen,
//! and checks expectations.

use std::{collections::BTreeMap, io, time::Duration};

use chrono::{DateTime, Utc};

use super::{
    harness::TourHarness,
    script::{Script, TourStep},
};
use crate::{Asciicast, frame_svg};
use bellwether::host::ControllerError;
use config::ConfigError;
use runtime::DriveError;
use tui::Msg;

/// Time between keys, so that dialogs are visible before input.
const KEY: Duration = Duration::from_millis(500);
/// Time between the letters of a text.
const LETTER: Duration = Duration::from_millis(80);
/// Interval of frames while only wall time passes.
const SLICE: Duration = Duration::from_millis(250);
/// Number of frames while the day advances to another time.
const SLICES: i32 = 4;
/// Initial size of the console.
const SIZE: (u16, u16) = (120, 40);
/// The title of the recording.
const TITLE: &str = "bellwether: a tour of the console";

/// The output of a tour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TourOutput {
    /// SVG drawings, by name.
    pub pictures: BTreeMap<String, String>,
    /// The recording in asciinema's format.
    pub cast: String,
    /// Number of expectations checked.
    pub looked: usize,
    /// Expectations that were not met.
    pub missing: Vec<FailedExpectation>,
}

/// An expectation about the screen that was not met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; the screen was\n{screen}")]
pub struct FailedExpectation {
    /// File and line of the script.
    pub place: String,
    /// A description of the failure.
    pub what: String,
    /// The whole screen at that moment.
    pub screen: String,
}

/// The reason for which a tour stopped.
#[derive(Debug, thiserror::Error)]
pub enum TourError {
    /// The script has invalid settings of a day.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A day could not be started.
    #[error(transparent)]
    Day(#[from] ControllerError),
    /// A run could not be driven.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// The recording could not be written.
    #[error("the tour cannot be recorded")]
    Cast(#[from] io::Error),
    /// The console was closed before the end of the script.
    #[error("{0}: the console was left before this step; begin another `day`")]
    Left(String),
}

/// A tour in progress.
struct TourRun {
    cast: Asciicast,
    shown: Duration,
    caption: String,
    size: (u16, u16),
}

/// Plays a script, always with the same output. Must be awaited on a single-threaded runtime.
///
/// # Errors
///
/// [`TourError`] if the tour cannot continue. Expectations that were not met are in
/// [`TourOutput::missing`].
pub async fn play_script(script: &Script) -> Result<TourOutput, TourError> {
    let first = script.steps.iter().find_map(|(_, step)| {
        if let TourStep::Size(width, height) = step { Some((*width, *height)) } else { None }
    });
    let size = first.unwrap_or(SIZE);
    let cast = Asciicast::new(size, TITLE);
    let mut guide = TourRun { cast, shown: Duration::ZERO, caption: String::new(), size };
    let mut sitting = None;
    let (mut pictures, mut looked, mut missing) = (BTreeMap::new(), 0, Vec::new());
    for (line, step) in &script.steps {
        let place = || format!("{}:{line}", script.source);
        match (step, &mut sitting) {
            (TourStep::Day(begin), _) => {
                let at = (script.source.as_str(), *line);
                sitting = Some(Box::pin(TourHarness::set_up(begin, at, guide.size)).await?);
            }
            (TourStep::Size(width, height), none) => {
                guide.size = (*width, *height);
                if let Some(sitting) = none {
                    sitting.send_messages([Msg::Resize(*width, *height)].into()).await?;
                    guide.film(sitting, true)?;
                }
            }
            (_, None) => {}
            (_, Some(sitting)) if sitting.is_closed() => return Err(TourError::Left(place())),
            (TourStep::Picture(name, title), Some(sitting)) => {
                let drawn = frame_svg(&tui::render_frame(&sitting.model), title);
                pictures.insert(name.clone(), drawn);
            }
            (TourStep::Expect(text) | TourStep::Absent(text), Some(sitting)) => {
                looked += 1;
                let screen = tui::frame_text(&tui::render_frame(&sitting.model));
                let wanted = matches!(step, TourStep::Expect(_));
                if screen.contains(text.as_str()) != wanted {
                    let is = if wanted { "is not" } else { "is" };
                    let what = format!("`{text}` {is} on the screen");
                    missing.push(FailedExpectation { place: place(), what, screen });
                }
            }
            (step, Some(sitting)) => guide.run_timed_step(step, sitting).await?,
        }
    }
    Ok(TourOutput { pictures, cast: guide.cast.finish(), looked, missing })
}

impl TourRun {
    /// Performs a step that takes time.
    async fn run_timed_step(
        &mut self,
        step: &TourStep,
        sitting: &mut TourHarness,
    ) -> Result<(), TourError> {
        match step {
            TourStep::At(time) => {
                let (from, to) = (sitting.now(), sitting.moment_of(*time));
                for slice in 1..=SLICES {
                    let until = from + (to - from).max(chrono::TimeDelta::zero()) * slice / SLICES;
                    self.pass(sitting, until, SLICE).await?;
                }
            }
            TourStep::Keys(keys) => {
                for key in keys.messages() {
                    self.press(sitting, key, KEY).await?;
                }
            }
            TourStep::Type(keys) => {
                for key in keys.messages() {
                    self.press(sitting, key, LETTER).await?;
                }
            }
            TourStep::Wait(wait) => {
                let now = sitting.now();
                let mut left = *wait;
                while !left.is_zero() {
                    let slice = left.min(SLICE);
                    self.pass(sitting, now, slice).await?;
                    left -= slice;
                }
            }
            TourStep::Say(caption) => {
                self.caption.clone_from(caption);
                self.film(sitting, true)?;
            }
            TourStep::Day(_)
            | TourStep::Size(..)
            | TourStep::Picture(..)
            | TourStep::Expect(_)
            | TourStep::Absent(_) => {}
        }
        Ok(())
    }

    async fn press(
        &mut self,
        sitting: &mut TourHarness,
        key: Msg,
        after: Duration,
    ) -> Result<(), TourError> {
        let now = sitting.now();
        self.pass(sitting, now, after).await?;
        sitting.send_messages([key].into()).await?;
        self.film(sitting, false)
    }

    async fn pass(
        &mut self,
        sitting: &mut TourHarness,
        until: DateTime<Utc>,
        wall: Duration,
    ) -> Result<(), TourError> {
        self.shown += wall;
        sitting.advance(until, wall).await?;
        self.film(sitting, false)
    }

    /// Records the screen if it changed, or in any case with `anew`.
    fn film(&mut self, sitting: &mut TourHarness, anew: bool) -> Result<(), TourError> {
        if !sitting.model.take_dirty() && !anew {
            return Ok(());
        }
        Ok(self.cast.push_frame(self.shown, &sitting.model, &self.caption)?)
    }
}
