//! What a folder of market data holds and what is wrong with it, file by file and row by row.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::CliError;
use crate::host::{ControllerError, market_data};
use desk::market::{ACCEPTED_TABLES, DataProblem, DataProblemKind, Dataset, RowTreatment};

/// A folder of market data that was read.
#[derive(Debug)]
pub(super) struct MarketDataFolder {
    folder: PathBuf,
    data: Dataset,
    problems: Vec<DataProblem>,
}

impl MarketDataFolder {
    /// Reads every `.csv` file of a folder and of its folders.
    ///
    /// # Errors
    ///
    /// [`CliError`] for a folder or a file that cannot be read.
    pub(super) fn load(folder: &Path) -> Result<Self, CliError> {
        let (data, problems) = market_data(folder).map_err(ControllerError::from)?;
        Ok(Self { folder: folder.into(), data, problems })
    }

    /// Whether there are prices, and no row of them had to be left out.
    pub(super) fn is_sound(&self) -> bool {
        self.data.symbols().next().is_some() && !self.problems.iter().any(costly)
    }

    /// One object for each problem.
    pub(super) fn to_json(&self) -> impl Iterator<Item = Value> {
        self.problems.iter().map(|problem| {
            json!({
                "severity": severity(problem), "file": problem.file, "line": problem.row,
                "symbol": problem.symbol, "date": problem.date,
                "message": problem.reason.to_string(), "action": problem.reason.treatment(),
            })
        })
    }

    /// Problems, then the files, then what all of it comes to.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let problems = self.problems.iter();
        let problems = problems.map(|problem| format!("{}: {problem}", severity(problem)));
        let files = self.data.source_files().iter().map(|input| {
            let span = match input.first.zip(input.last) {
                Some((first, last)) => format!("{first} to {last}"),
                None => "nothing usable".into(),
            };
            format!("{}: {} rows, {span}", input.name, input.rows)
        });
        let errors = self.problems.iter().filter(|problem| costly(problem)).count();
        let warnings = self.problems.len() - errors;
        let total = format!(
            "{}: {} symbols, {errors} errors, {warnings} warnings",
            self.folder.display(),
            self.data.symbols().count()
        );
        problems.chain(files).chain(self.accepted_headers()).chain([total])
    }

    /// Every accepted header, if a file has none of them.
    fn accepted_headers(&self) -> impl Iterator<Item = String> + use<> {
        let unknown =
            |problem: &DataProblem| matches!(problem.reason, DataProblemKind::UnknownFormat { .. });
        let tables = ACCEPTED_TABLES.iter().map(|(what, header)| format!("  {header}  ({what})"));
        let all = std::iter::once("accepted headers:".to_owned()).chain(tables);
        self.problems.iter().any(unknown).then_some(all).into_iter().flatten()
    }
}

/// Whether something was lost that somebody meant to be there.
fn costly(problem: &DataProblem) -> bool {
    let lost = matches!(
        problem.reason.treatment(),
        RowTreatment::Dropped | RowTreatment::PartDropped | RowTreatment::FileIgnored
    );
    lost && !matches!(
        problem.reason,
        DataProblemKind::EmptyValues { .. } | DataProblemKind::Overlap { .. }
    )
}

fn severity(problem: &DataProblem) -> &'static str {
    if costly(problem) { "error" } else { "warning" }
}
