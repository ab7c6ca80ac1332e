//! All market data of a run: the bundled data or the files of the data directory.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    as_of::{MarketView, SessionSide},
    bar::{Bar, Observation, long_gap},
    clean::clean_rows,
    data_problem::DataProblem,
    features::DEFAULT_BENCHMARK,
    format::{VIX, VIX3M},
    load::Loader,
    universe::{Listing, Universe},
};

/// Origin, license and columns of each file: `assets/market/PROVENANCE.md`.
const BUNDLED: [(&str, &str); 7] = [
    ("universe.csv", include_str!("../../../../assets/market/universe.csv")),
    (
        "us16_adjclose_2010_2022.csv",
        include_str!("../../../../assets/market/us16_adjclose_2010_2022.csv"),
    ),
    ("spx_ohlcv_2000_2020.csv", include_str!("../../../../assets/market/spx_ohlcv_2000_2020.csv")),
    ("vix_close_2014_2019.csv", include_str!("../../../../assets/market/vix_close_2014_2019.csv")),
    (
        "macro_monthly_1960_2020.csv",
        include_str!("../../../../assets/market/macro_monthly_1960_2020.csv"),
    ),
    ("wti_daily_2010_2019.csv", include_str!("../../../../assets/market/wti_daily_2010_2019.csv")),
    (
        "unemployment_nsa_1948_2016.csv",
        include_str!("../../../../assets/market/unemployment_nsa_1948_2016.csv"),
    ),
];

/// An input file, as cited in results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// Name of the file as given.
    pub name: String,
    /// SHA-256 of the text, in lower-case hex.
    pub sha256: String,
    /// Number of data rows, valid or not.
    pub rows: usize,
    /// Oldest date among its usable rows.
    pub first: Option<NaiveDate>,
    /// Most recent date among its usable rows.
    pub last: Option<NaiveDate>,
}

/// Bars by symbol, economic series by FRED id, the universe, and all problems of the files.
///
/// Analysis reads it through [`Dataset::as_of`]; [`Dataset::bar_with_previous`] is only for the
/// simulated feed, which needs the bar of the day it simulates.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    pub(super) bars: BTreeMap<String, Vec<Bar>>,
    pub(super) series: BTreeMap<String, Vec<Observation>>,
    pub(super) splits: BTreeMap<String, Vec<NaiveDate>>,
    pub(super) problems: Vec<DataProblem>,
    universe: Universe,
    /// True if the universe was derived from the bars because no file lists it.
    derived: bool,
    inputs: Vec<SourceFile>,
}

/// Possible benchmarks; the first one with bars is used.
pub(super) const BENCHMARKS: [&str; 3] = [DEFAULT_BENCHMARK, "SPY", "QQQ"];

impl Dataset {
    /// Returns the days after `from` and until `to` for which a split of the symbol is recorded.
    #[must_use]
    pub fn splits_between(&self, symbol: &str, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let days = self.splits.get(symbol).into_iter().flatten();
        days.filter(|day| from < **day && **day <= to).copied().collect()
    }

    /// Returns the bundled data, 2014-01-03 to 2018-12-31 with earlier history.
    #[must_use]
    pub fn bundled() -> Self {
        Self::parse(BUNDLED.into_iter()).0
    }

    /// Parses tables from their text; formats are detected from header and file name. All problems
    /// are returned, and also kept in [`Dataset::problems`].
    #[must_use]
    pub fn parse<N: AsRef<str>, T: AsRef<str>>(
        files: impl Iterator<Item = (N, T)>,
    ) -> (Self, Vec<DataProblem>) {
        let mut loader = Loader::default();
        let mut inputs = Vec::new();
        for (name, text) in files {
            let rows = loader.load_file(name.as_ref(), text.as_ref());
            let sha256 = hex(&Sha256::digest(text.as_ref().as_bytes()));
            let (first, last) = loader.date_range(inputs.len());
            inputs.push(SourceFile { name: name.as_ref().to_owned(), sha256, rows, first, last });
        }
        let finished = clean_rows(&mut loader);
        let derived = loader.universe.is_empty();
        let mut data = Self {
            bars: finished.bars,
            series: finished.series,
            splits: loader.splits,
            problems: loader.problems,
            universe: loader.universe,
            derived,
            inputs,
        };
        if derived {
            data.universe = data.names();
        }
        let problems = data.problems.clone();
        (data, problems)
    }

    /// Returns every symbol with bars that is not an index, with its sector if the program knows
    /// it.
    fn names(&self) -> Universe {
        let mut known = Loader::default();
        let (name, text) = BUNDLED[0];
        known.load_file(name, text);
        let mut universe = Universe::default();
        let tradable =
            |symbol: &&str| ![VIX, VIX3M].contains(symbol) && !BENCHMARKS.contains(symbol);
        for symbol in self.symbols().filter(tradable) {
            let listing = known.universe.get(symbol);
            universe.insert(Listing {
                symbol: symbol.to_owned(),
                name: listing.map_or_else(String::new, |known| known.name.clone()),
                sector: listing.map_or_else(|| "unknown".into(), |known| known.sector.clone()),
                lot: listing.map_or(1, |known| known.lot),
                tier: listing.map_or(1, |known| known.tier),
                adv_override: None,
                shortable: false,
            });
        }
        universe
    }

    /// Returns the data for a day. If no file lists the tradable names, they are those with prices
    /// just before the day, because a folder may hold other names in other years.
    #[must_use]
    pub fn for_day(self: &Arc<Self>, date: NaiveDate) -> Arc<Self> {
        if !self.derived {
            return Arc::clone(self);
        }
        let view = self.as_of(date, SessionSide::ExcludingToday);
        let coming = |symbol: &str| {
            view.last_bar(symbol).is_some_and(|bar| long_gap(bar.date, date).is_none())
        };
        let mut universe = Universe::default();
        for listing in self.universe.iter().filter(|listing| coming(&listing.symbol)) {
            universe.insert(listing.clone());
        }
        Arc::new(Self { universe, ..Self::clone(self) })
    }

    /// Returns the benchmark of the whole data, for choosing a day to run; an analysis reads
    /// [`MarketView::benchmark`].
    #[must_use]
    pub fn benchmark(&self) -> &'static str {
        BENCHMARKS
            .into_iter()
            .find(|name| self.date_range(name).is_some())
            .unwrap_or(DEFAULT_BENCHMARK)
    }

    /// Returns the data as known on a day; [`SessionSide`] selects the side of its close.
    #[must_use]
    pub const fn as_of(&self, date: NaiveDate, reach: SessionSide) -> MarketView<'_> {
        MarketView::new(self, date, reach)
    }

    /// Returns the bar of a session and the previous one (at most 30 days older), for the simulated
    /// feed only: an analysis that reads today's bar would look into the future.
    #[must_use]
    pub fn bar_with_previous(&self, symbol: &str, date: NaiveDate) -> Option<(Option<&Bar>, &Bar)> {
        let bars = self.bars.get(symbol)?;
        let at = bars.binary_search_by_key(&date, |bar| bar.date).ok()?;
        let bar = bars.get(at)?;
        let before = at.checked_sub(1).and_then(|i| bars.get(i));
        Some((before.filter(|before| long_gap(before.date, date).is_none()), bar))
    }

    /// Returns the first and last session of a symbol (`VIX` included), for choosing a day to run.
    #[must_use]
    pub fn date_range(&self, symbol: &str) -> Option<(NaiveDate, NaiveDate)> {
        let bars = self.bars.get(symbol)?;
        Some((bars.first()?.date, bars.last()?.date))
    }

    /// Returns every symbol with bars, including the benchmark and `VIX`.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.bars.keys().map(String::as_str)
    }

    /// Returns the id of every economic series, the oldest and most recent day or period it
    /// describes, and its number of observations.
    pub fn series_ranges(&self) -> impl Iterator<Item = (&str, NaiveDate, NaiveDate, usize)> {
        self.series.iter().filter_map(|(id, all)| {
            Some((id.as_str(), all.first()?.date, all.last()?.date, all.len()))
        })
    }

    /// Returns the tradable names.
    #[must_use]
    pub const fn universe(&self) -> &Universe {
        &self.universe
    }

    /// Returns all problems of the files.
    #[must_use]
    pub fn problems(&self) -> &[DataProblem] {
        &self.problems
    }

    /// Returns the files read, for the provenance of results.
    #[must_use]
    pub fn source_files(&self) -> &[SourceFile] {
        &self.inputs
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // Writing to a `String` cannot fail
        text
    })
}
