//! All market data of a run: the bundled window or the files of the user's data directory.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    bar::{Bar, Observation, hole},
    finish::finish,
    load::Loader,
    problem::DataProblem,
    universe::Universe,
    view::{Reach, View},
};

/// Origin, licence and columns of each: `assets/market/PROVENANCE.md`.
const BUNDLED: [(&str, &str); 7] = [
    ("universe.csv", include_str!("../../assets/market/universe.csv")),
    (
        "us16_adjclose_2010_2022.csv",
        include_str!("../../assets/market/us16_adjclose_2010_2022.csv"),
    ),
    ("spx_ohlcv_2000_2020.csv", include_str!("../../assets/market/spx_ohlcv_2000_2020.csv")),
    ("vix_close_2014_2019.csv", include_str!("../../assets/market/vix_close_2014_2019.csv")),
    (
        "macro_monthly_1960_2020.csv",
        include_str!("../../assets/market/macro_monthly_1960_2020.csv"),
    ),
    ("wti_daily_2010_2019.csv", include_str!("../../assets/market/wti_daily_2010_2019.csv")),
    (
        "unemployment_nsa_1948_2016.csv",
        include_str!("../../assets/market/unemployment_nsa_1948_2016.csv"),
    ),
];

/// One input file, as results cite it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Name as given.
    pub name: String,
    /// SHA-256 of the text, lower-case hex.
    pub sha256: String,
    /// Data rows, good and bad.
    pub rows: usize,
    /// Oldest date among its usable rows.
    pub first: Option<NaiveDate>,
    /// Newest date among its usable rows.
    pub last: Option<NaiveDate>,
}

/// Bars by symbol, economic series by FRED id, the universe, and all that was wrong with the files.
///
/// To read as of a day use [`Dataset::as_of`]; the only other way to a bar, [`Dataset::bar`], is
/// for the simulated feed, which has to know the day it plays.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    pub(super) bars: BTreeMap<String, Vec<Bar>>,
    pub(super) series: BTreeMap<String, Vec<Observation>>,
    pub(super) splits: BTreeMap<String, Vec<NaiveDate>>,
    pub(super) problems: Vec<DataProblem>,
    universe: Universe,
    inputs: Vec<Input>,
}

impl Dataset {
    /// The window shipped with the program, 2014-01-03 to 2018-12-31 with history before it.
    #[must_use]
    pub fn bundled() -> Self {
        Self::parse(BUNDLED.into_iter()).0
    }

    /// Reads tables from their text; the formats are told by header and file name. Whatever cannot be
    /// used is in the list, which [`Dataset::problems`] keeps too.
    #[must_use]
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(
        files: impl Iterator<Item = (N, T)>,
    ) -> (Self, Vec<DataProblem>) {
        let mut loader = Loader::default();
        let mut inputs = Vec::new();
        for (name, text) in files {
            let rows = loader.read(name.as_ref(), text.as_ref());
            let sha256 = hex(&Sha256::digest(text.as_ref().as_bytes()));
            let (first, last) = loader.extent(inputs.len());
            inputs.push(Input { name: name.as_ref().to_owned(), sha256, rows, first, last });
        }
        let finished = finish(&mut loader);
        let data = Self {
            bars: finished.bars,
            series: finished.series,
            splits: loader.splits,
            problems: loader.problems,
            universe: loader.universe,
            inputs,
        };
        let problems = data.problems.clone();
        (data, problems)
    }

    /// What was known at a day: see [`Reach`] for which side of its close.
    #[must_use]
    pub const fn as_of(&self, date: NaiveDate, reach: Reach) -> View<'_> {
        View::new(self, date, reach)
    }

    /// The bar of a session and the bar before it (no more than 30 days older), for the simulated feed only: an analysis that
    /// reads today's bar here looks into the future.
    #[must_use]
    pub fn bar(&self, symbol: &str, date: NaiveDate) -> Option<(Option<&Bar>, &Bar)> {
        let bars = self.bars.get(symbol)?;
        let at = bars.binary_search_by_key(&date, |bar| bar.date).ok()?;
        let bar = bars.get(at)?;
        let before = at.checked_sub(1).and_then(|i| bars.get(i));
        Some((before.filter(|before| hole(before.date, date).is_none()), bar))
    }

    /// First and last session of a symbol (`VIX` included), for choosing a day to run.
    #[must_use]
    pub fn span(&self, symbol: &str) -> Option<(NaiveDate, NaiveDate)> {
        let bars = self.bars.get(symbol)?;
        Some((bars.first()?.date, bars.last()?.date))
    }

    /// Every symbol with bars, the benchmark and `VIX` among them.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.bars.keys().map(String::as_str)
    }

    /// The tradable names.
    #[must_use]
    pub const fn universe(&self) -> &Universe {
        &self.universe
    }

    /// Everything that was wrong with the files.
    #[must_use]
    pub fn problems(&self) -> &[DataProblem] {
        &self.problems
    }

    /// The files read, for the provenance of results.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}
