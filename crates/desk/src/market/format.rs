//! Detection of table formats from header and file name.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::dialect::{canonical_column, canonical_symbol};

/// Key under which VIX closes are stored, like a symbol.
pub(super) const VIX: &str = "VIX";
/// Key of the three-month volatility index.
pub(super) const VIX3M: &str = "VIX3M";

/// The column numbers of a bar's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BarColumns {
    pub(super) date: usize,
    pub(super) symbol: Option<usize>,
    pub(super) open: Option<usize>,
    pub(super) high: Option<usize>,
    pub(super) low: Option<usize>,
    pub(super) close: usize,
    pub(super) adj_close: Option<usize>,
    pub(super) volume: Option<usize>,
    pub(super) split: Option<usize>,
    pub(super) dividend: Option<usize>,
}

impl BarColumns {
    /// Finds the columns by their names; `None` without a date or a close.
    fn find(at: &dyn Fn(&str) -> Option<usize>) -> Option<Self> {
        Some(Self {
            date: at("date")?,
            symbol: at("symbol"),
            open: at("open"),
            high: at("high"),
            low: at("low"),
            close: at("close").or_else(|| at("close_last"))?,
            adj_close: at("adj_close"),
            volume: at("volume"),
            split: at("split_coefficient"),
            dividend: at("dividends"),
        })
    }
}

/// The publication frequency of an economic series, which determines its assumed release day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Quarterly,
}

/// The known table formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TableFormat {
    /// `date,symbol,…`: many symbols, one row each.
    LongBars(BarColumns),
    /// `date,…` of one symbol, named by the file, or of several, named above their columns.
    SymbolBars(Vec<(String, BarColumns)>),
    /// Bars of one symbol that neither a column nor the file names.
    NamelessBars,
    /// A table `date,AAPL,MSFT,…` with closes only.
    WideCloses,
    /// A table with the columns `date,close,vix3m`.
    VixTerm { close: usize, vix3m: usize },
    /// A table with the columns `series,obs_date,release_date,value`.
    MacroLong { series: usize, obs: usize, release: usize, value: usize },
    /// A period column first, then one column per series.
    MacroWide(Frequency),
    /// The list of tradable names.
    Universe,
    /// A table with the columns `date,symbol,ratio`.
    Splits { date: usize, symbol: usize, ratio: usize },
    /// A table in no known format.
    Unknown,
}

/// Detects the format of a file; `header` is trimmed, in its original case.
pub(super) fn detect_format(file: &str, header: &[String]) -> TableFormat {
    let at = |name: &str| header.iter().position(|h| h.eq_ignore_ascii_case(name));
    if let (Some(series), Some(obs), Some(release), Some(value)) =
        (at("series"), at("obs_date"), at("release_date"), at("value"))
    {
        return TableFormat::MacroLong { series, obs, release, value };
    }
    if at("symbol") == Some(0) && (at("sector").is_some() || at("gics_sector").is_some()) {
        return TableFormat::Universe;
    }
    if let Some(columns) = BarColumns::find(&at).filter(|_| at("vix3m").is_none()) {
        return bars(file, header, columns);
    }
    let Some(first) = header.first().map(|h| h.to_ascii_lowercase()) else {
        return TableFormat::Unknown;
    };
    match first.as_str() {
        "month" => TableFormat::MacroWide(Frequency::Monthly),
        "quarter" | "quarter_start" => TableFormat::MacroWide(Frequency::Quarterly),
        "week_ending" => TableFormat::MacroWide(Frequency::Weekly),
        "date" => dated(header, &at),
        _ => TableFormat::Unknown,
    }
}

/// Returns the format of a table with a date and a close.
fn bars(file: &str, header: &[String], columns: BarColumns) -> TableFormat {
    const BAR: [&str; 16] = [
        "date",
        "symbol",
        "open",
        "high",
        "low",
        "close",
        "close_last",
        "adj_close",
        "volume",
        "split_coefficient",
        "dividends",
        "capital_gains",
        "per",
        "time",
        "openint",
        "vwap",
    ];
    // A table with columns other than those of a bar, such as a list of repairs, is not a table of
    // bars.
    if header.iter().any(|h| !BAR.iter().any(|b| h.eq_ignore_ascii_case(b))) {
        return TableFormat::Unknown;
    }
    if columns.symbol.is_some() {
        return TableFormat::LongBars(columns);
    }
    match symbol_of(file) {
        Some(symbol) => TableFormat::SymbolBars(vec![(symbol, columns)]),
        None => TableFormat::NamelessBars,
    }
}

fn dated(header: &[String], at: &dyn Fn(&str) -> Option<usize>) -> TableFormat {
    if let (Some(date), Some(symbol), Some(ratio)) = (at("date"), at("symbol"), at("ratio")) {
        return TableFormat::Splits { date, symbol, ratio };
    }
    if let (Some(close), Some(vix3m)) = (at("close"), at("vix3m")) {
        return TableFormat::VixTerm { close, vix3m };
    }
    let others = header.get(1..).unwrap_or_default();
    if others.iter().any(|h| series_id(Frequency::Daily, h).is_some()) {
        TableFormat::MacroWide(Frequency::Daily)
    } else if !others.is_empty() && (others.iter().all(|h| is_ticker(h)) || lower_tickers(others)) {
        TableFormat::WideCloses
    } else {
        TableFormat::Unknown
    }
}

/// Returns whether columns are several short names, as tickers in lower case are, and none of them
/// a word of tables.
fn lower_tickers(columns: &[String]) -> bool {
    const WORDS: [&str; 10] =
        ["open", "high", "low", "close", "price", "value", "rate", "index", "total", "count"];
    let short = |name: &String| name.len() <= 5 && is_ticker(&name.to_ascii_uppercase());
    columns.len() > 1 && columns.iter().all(|name| short(name) && !WORDS.contains(&name.as_str()))
}

/// Returns the format of a table of `yfinance` with two header rows, fields and tickers, in either
/// order; `None` if the rows are no such header.
pub(super) fn two_row_header(first: &[String], second: &[String]) -> Option<TableFormat> {
    let head = |row: &[String]| row.first().map(|cell| cell.to_ascii_lowercase());
    let (fields, tickers) = match (head(first)?.as_str(), head(second)?.as_str()) {
        ("price" | "", "ticker" | "") => (first, second),
        ("ticker", "price") => (second, first),
        _ => return None,
    };
    let mut names: Vec<&String> = tickers.iter().skip(1).filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    let columns_of = |name: &&String| {
        let at = |field: &str| {
            if field == "date" {
                return Some(0);
            }
            let same = |(one, ticker): (&String, &String)| {
                ticker == *name && canonical_column(one) == field
            };
            fields.iter().zip(tickers).position(same)
        };
        Some((canonical_symbol(name), BarColumns::find(&at)?))
    };
    let all: Option<Vec<_>> = names.iter().map(columns_of).collect();
    all.filter(|all| !all.is_empty()).map(TableFormat::SymbolBars)
}

/// Returns the symbol named by a file: `bars/BRK_B.csv` → `BRK_B`; in other folders the first part
/// that is no word for a table: `spx_ohlcv_2000_2020.csv` → `SPX`, `daily_AAPL.csv` → `AAPL`;
/// `None` if there is none, as in `HistoricalData_1751.csv`.
fn symbol_of(file: &str) -> Option<String> {
    const WORDS: [&str; 15] = [
        "daily",
        "adjusted",
        "historicaldata",
        "historical",
        "history",
        "data",
        "download",
        "ohlcv",
        "prices",
        "price",
        "quotes",
        "export",
        "table",
        "closes",
        "bars",
    ];
    let mut parts = file.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if parts.next() == Some("bars") {
        return Some(canonical_symbol(stem)).filter(|symbol| !symbol.is_empty());
    }
    let generic = |word: &str| {
        let bare = word.trim_end_matches(|c: char| c.is_ascii_digit() || "() ".contains(c));
        bare.is_empty() || WORDS.iter().any(|one| bare.eq_ignore_ascii_case(one))
    };
    let word = stem.split(['_', ' ']).find(|word| !generic(word))?;
    Some(canonical_symbol(word))
}

/// Returns whether a text is a ticker: upper-case letters, digits, dots, dashes, carets and
/// underscores, not starting with a digit.
pub(super) fn is_ticker(text: &str) -> bool {
    let ok = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || ".-^_=".contains(c);
    !text.is_empty()
        && text.len() <= 12
        && text.chars().all(ok)
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns the FRED id of a column's series; the same column may be daily in one file and monthly
/// in another.
pub(super) fn series_id(frequency: Frequency, column: &str) -> Option<&'static str> {
    let daily = frequency == Frequency::Daily;
    Some(match column {
        "core_cpi_sa_index" => "CPILFESL",
        "cpi_sa_index" => "CPIAUCSL",
        "cpi_nsa_index" => "CPIAUCNS",
        "core_pce_index" => "PCEPILFE",
        "aaa_yield_pct" => "AAA",
        "baa_yield_pct" => "BAA",
        "brent_usd_bbl" if daily => "DCOILBRENTEU",
        "brent_usd_bbl" => "MCOILBRENTEU",
        "wti_usd_bbl" if daily => "DCOILWTICO",
        "wti_usd_bbl" => "MCOILWTICO",
        "unemployment_nsa_pct" => "UNRATENSA",
        "unemployment_pct" => "UNRATE",
        "fed_funds_pct" if daily => "DFF",
        "fed_funds_pct" => "FEDFUNDS",
        "ust_2y_pct" if daily => "DGS2",
        "ust_2y_pct" => "GS2",
        "ust_10y_pct" if daily => "DGS10",
        "ust_10y_pct" => "GS10",
        "hy_oas_pct" if daily => "BAMLH0A0HYM2",
        "breakeven_10y_pct" if daily => "T10YIE",
        "initial_claims" => "ICSA",
        "payrolls_thousands" => "PAYEMS",
        "indpro_index" => "INDPRO",
        "retail_sales_musd" => "RSAFS",
        "housing_starts_k_saar" => "HOUST",
        "m2_busd" => "M2SL",
        "real_gdp_b2017usd_saar" => "GDPC1",
        "nominal_gdp_busd_saar" => "GDP",
        _ => return None,
    })
}

/// Returns the first day of the period named by a cell: a date, or `2009Q3`.
pub(super) fn parse_period(text: &str) -> Option<NaiveDate> {
    if let Some((year, quarter)) = text.split_once('Q') {
        let quarter: u32 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        return NaiveDate::from_ymd_opt(year.parse().ok()?, quarter * 3 - 2, 1);
    }
    date(text)
}

/// Parses `YYYY-MM-DD`; years outside 1800 to 2200 are rejected as typing errors.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let year = year.parse().ok().filter(|y| (1800..=2200).contains(y))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Returns the assumed release day of a value, for files without release dates.
///
/// A daily series is a market price, known the same day; weekly claims are published on the
/// Thursday after their Saturday; month m about the middle of month m+1; a quarter a month after
/// its end.
pub(super) fn assumed_release(frequency: Frequency, of: NaiveDate) -> NaiveDate {
    match frequency {
        Frequency::Daily => of,
        Frequency::Weekly => of + Days::new(5),
        Frequency::Monthly => month_start(of) + Months::new(1) + Days::new(14),
        Frequency::Quarterly => month_start(of) + Months::new(4),
    }
}

fn month_start(of: NaiveDate) -> NaiveDate {
    of.with_day(1).unwrap_or(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn day(text: &str) -> NaiveDate {
        date(text).unwrap()
    }

    #[test]
    fn a_list_of_repairs_is_not_taken_for_bars() {
        let columns = header("date,symbol,old_close,open,high,low,close");
        assert_eq!(detect_format("repairs.csv", &columns), TableFormat::Unknown);
    }

    #[test]
    fn the_symbol_of_a_single_file_comes_from_its_name() {
        let symbol = |file: &str| symbol_of(file).unwrap_or_default();
        assert_eq!(symbol("bars/BRK_B.csv"), "BRK_B");
        assert_eq!(symbol("data/spx_ohlcv_2000_2020.csv"), "SPX");
        assert_eq!(symbol("vix.csv"), "VIX");
        assert_eq!(symbol("daily_AAPL.csv"), "AAPL");
        assert_eq!(symbol("aapl.us.csv"), "AAPL");
        assert_eq!(symbol_of("HistoricalData_1751.csv"), None);
    }

    #[test]
    fn upper_case_columns_are_tickers_and_lower_case_ones_series() {
        assert_eq!(detect_format("x.csv", &header("date,AAPL,BRK.B")), TableFormat::WideCloses);
        let daily = TableFormat::MacroWide(Frequency::Daily);
        assert_eq!(detect_format("x.csv", &header("date,ust_2y_pct,ust_10y_pct")), daily);
        assert_eq!(detect_format("x.csv", &header("date,surprise")), TableFormat::Unknown);
        assert_eq!(detect_format("x.csv", &header("date,aapl,msft")), TableFormat::WideCloses);
    }

    #[test]
    fn nothing_is_known_before_its_period_is_over() {
        let monthly = assumed_release(Frequency::Monthly, day("2018-12-01"));
        assert_eq!(monthly, day("2019-01-15"));
        assert_eq!(assumed_release(Frequency::Quarterly, day("2018-10-01")), day("2019-02-01"));
        assert_eq!(assumed_release(Frequency::Weekly, day("2018-12-01")), day("2018-12-06"));
    }

    #[test]
    fn dates_are_read_strictly() {
        assert_eq!(date("2018-1-02"), None);
        assert_eq!(date("2018-02-30"), None);
        assert_eq!(date("2018-02-03T00:00"), None);
        assert_eq!(parse_period("2009Q3"), Some(day("2009-07-01")));
        assert_eq!(parse_period("2009Q5"), None);
    }
}
