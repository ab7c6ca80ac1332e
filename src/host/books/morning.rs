//! The book of a run that is about to start: found, told, and recorded before its desk opens.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{BookKeeper, BooksError, OpeningBook, carries, opening_book, settle_runs};
use crate::{
    cli::CliError,
    host::{ControllerError, day::moment_of_day, days::DayFactory, start::StartDialog},
};
use desk::trading::desk::Desk;
use planning::plan::RunMode;
use runtime::wall_now;
use store::Store;

/// The book of a morning, if the run carries one.
pub(crate) struct MorningBook {
    keeper: Option<BookKeeper>,
    /// None for a recovered run, which has its own.
    opening: Option<OpeningBook>,
    at: DateTime<Utc>,
    failure: Option<BooksError>,
}

impl MorningBook {
    /// Settles the books of earlier runs and finds the one that a run opens with; tells both.
    pub(crate) fn prepare(
        (days, store): (&DayFactory, &Store),
        (mode, recovers): (RunMode, bool),
        dialog: &mut dyn StartDialog,
    ) -> Result<Self, CliError> {
        let config = &days.config;
        let date = config.day.date;
        let at = match mode {
            RunMode::Paper | RunMode::Live => wall_now(),
            RunMode::Sim | RunMode::Dry | RunMode::Replay => {
                moment_of_day(config, config.day.start)
            }
        };
        let folder = config.places.state.clone();
        let keeper = carries(config, mode).map(|mode| BookKeeper { folder, mode, date });
        let mut opening = None;
        if keeper.is_some() && !recovers {
            for line in settle_runs((days, store), mode, at).map_err(ControllerError::from)? {
                dialog.note(&line)?;
            }
            let found = opening_book(days, date, mode).map_err(ControllerError::from)?;
            dialog.note(&found.to_line())?;
            for line in found.split_warnings(days.data(), date) {
                dialog.note(&line)?;
            }
            opening = Some(found);
        }
        Ok(Self { keeper, opening, at, failure: None })
    }

    /// Records what the run opens with.
    pub(crate) fn record_opening(&mut self, run: &str) {
        if let (Some(keeper), Some(opening)) = (&self.keeper, &self.opening) {
            self.failure = keeper.record_opening(run, opening, self.at).err();
        }
    }

    /// Returns who records the book after the run.
    ///
    /// # Errors
    ///
    /// The opening could not be recorded.
    pub(crate) fn keeper_of(
        self,
        desk: &Arc<Desk>,
    ) -> Result<Option<(BookKeeper, Arc<Desk>)>, ControllerError> {
        match self.failure {
            Some(error) => Err(error.into()),
            None => Ok(self.keeper.map(|keeper| (keeper, Arc::clone(desk)))),
        }
    }
}
