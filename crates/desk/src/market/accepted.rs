//! Tables that are accepted, by header, and the nearest one to a header that is not.

use super::dialect::canonical_column;

/// Every accepted table: what it is, and its header. `docs/market-data.md` has a sample of each.
pub const ACCEPTED_TABLES: [(&str, &str); 12] = [
    ("bars of many symbols", "date,symbol,open,high,low,close,adj_close,volume"),
    ("bars of the symbol that the file is named for", "date,open,high,low,close,adj_close,volume"),
    ("closes, one column per symbol", "date,AAPL,MSFT"),
    ("yfinance and Yahoo", "Date,Open,High,Low,Close,Adj Close,Volume"),
    ("Alpha Vantage", "timestamp,open,high,low,close,volume"),
    ("Stooq", "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>"),
    ("Nasdaq.com", "Date,Close/Last,Volume,Open,High,Low"),
    ("volatility indices", "date,close,vix3m"),
    ("economic series with their releases", "series,obs_date,release_date,value"),
    ("economic series, one column each", "month,cpi_sa_index,unemployment_pct"),
    ("tradable names", "symbol,name,sector,lot,tier,adv_override,shortable"),
    ("splits", "date,symbol,ratio"),
];

/// Columns that a table may lack.
const OPTIONAL: [&str; 8] = ["open", "high", "low", "adj_close", "volume", "name", "lot", "tier"];

/// Returns the nearest accepted table, and which of its columns a header lacks or has too many.
pub(super) fn nearest_table(header: &[String]) -> String {
    let have: Vec<String> = header.iter().map(|name| canonical_column(name)).collect();
    let columns =
        |accepted: &str| -> Vec<String> { accepted.split(',').map(canonical_column).collect() };
    let missing = |wanted: &[String]| -> Vec<String> {
        let required = wanted.iter().filter(|name| !OPTIONAL.contains(&name.as_str()));
        required.filter(|name| !have.contains(name)).cloned().collect()
    };
    let distance = |accepted: &str| {
        let wanted = columns(accepted);
        let shared = wanted.iter().filter(|name| have.contains(name)).count();
        (std::cmp::Reverse(shared), missing(&wanted).len())
    };
    let nearest = ACCEPTED_TABLES.into_iter().min_by_key(|(_, accepted)| distance(accepted));
    let Some((what, accepted)) = nearest else { return String::new() };
    let wanted = columns(accepted);
    let extra = header.iter().filter(|name| !wanted.contains(&canonical_column(name)));
    let difference: Vec<String> =
        [("without", missing(&wanted)), ("with", extra.cloned().collect())]
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(word, names)| {
                let shown = names.iter().take(4).map(|name| format!("`{name}`"));
                format!("{word} {}", shown.collect::<Vec<_>>().join(", "))
            })
            .collect();
    if difference.is_empty() {
        return format!("`{accepted}` ({what})");
    }
    format!("`{accepted}` ({what}); yours is {}", difference.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_table_shares_the_most_columns() {
        let header = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let near = nearest_table(&header("Date,Open,High,Low,Clsoe,Volume"));
        assert!(near.starts_with("`date,open,high,low,close,adj_close,volume`"), "{near}");
        assert!(near.ends_with("yours is without `close` and with `Clsoe`"), "{near}");
    }
}
