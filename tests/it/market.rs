//! Market analysis against the reference vectors and against what is known of days in the bundled window.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use bellwether::{
    desk::{
        market::{
            BarStatus, DataVerdict, DataWarningCode, Dataset, Features, IntradayShocks,
            QualityRequest, Regime, RegimeMachine, RejectReason, ScreenParams, SessionSide,
            Universe, breadth, check_quality, cross_asset, features, macro_assessment, opening_gap,
            regime_on, screen_names,
        },
        stats::max_drawdown,
    },
    engine::math::{Rng, float_to_int, round_cents},
};
use chrono::{Days, NaiveDate};
use serde_json::Value;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date or moment")
}

fn start() -> NaiveDate {
    day("2020-01-01")
}

fn golden() -> Value {
    serde_json::from_str(include_str!("data/golden_vectors.json")).expect("valid JSON")
}

struct Made {
    csv: String,
    closes: Vec<f64>,
    moves: Vec<f64>,
}

/// The generator of the reference: seed, first price, drift, own volatility, and β to a market.
fn made(seed: u64, [p0, mu, sigma]: [f64; 3], market: Option<(&[f64], f64)>) -> Made {
    let mut rng = Rng::new(seed);
    let mut out = Made {
        csv: "date,open,high,low,close,volume\n".to_owned(),
        closes: Vec::new(),
        moves: Vec::new(),
    };
    let mut before = p0;
    for t in 0..300 {
        let (z1, z2) = (rng.normal(), rng.normal());
        let (u1, u2, u3) = (rng.uniform(), rng.uniform(), rng.uniform());
        let ret = mu + sigma * z1 + market.map_or(0.0, |(m, beta)| beta * m[t]);
        let close = round_cents(before * (1.0 + ret));
        let open = round_cents(before * (1.0 + 0.003 * z2));
        let high = round_cents(open.max(close) * (1.0 + 0.004 * u1));
        let low = round_cents(open.min(close) * (1.0 - 0.004 * u2));
        let volume = float_to_int(1_000_000.0 * (0.5 + u3)).expect("small");
        let date = start() + Days::new(u64::try_from(t).expect("small"));
        writeln!(out.csv, "{date},{open},{high},{low},{close},{volume}")
            .expect("a String takes any text");
        out.closes.push(close);
        out.moves.push(ret);
        before = close;
    }
    out
}

fn synthetic() -> BTreeMap<&'static str, Made> {
    let index = made(42, [400.0, 0.0003, 0.009], None);
    let moves = index.moves.clone();
    BTreeMap::from([
        ("IDX", index),
        ("AAA", made(101, [150.0, 0.0002, 0.012], Some((&moves, 1.2)))),
        ("BBB", made(202, [80.0, 0.0001, 0.008], Some((&moves, 0.7)))),
        ("CCC", made(303, [40.0, -0.0001, 0.022], Some((&moves, 1.5)))),
    ])
}

fn parsed(made: &BTreeMap<&'static str, Made>) -> Dataset {
    let files = made.iter().map(|(name, m)| (format!("bars/{name}.csv"), m.csv.as_str()));
    let (data, problems) = Dataset::parse(files);
    assert!(problems.is_empty(), "{problems:?}");
    data
}

fn near(name: &str, got: Option<f64>, want: &Value) {
    let (got, want) = (got.unwrap_or(f64::NAN), want.as_f64().expect("a number"));
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{name}: {got} is not {want}");
}

#[test]
fn every_indicator_holds_the_reference_vectors() {
    let made = synthetic();
    let data = parsed(&made);
    let view = data.as_of(day("2021-01-01"), SessionSide::ExcludingToday);
    let golden = golden();
    for (symbol, series) in &made {
        let want = &golden["series"][*symbol];
        for (at, close) in series.closes.iter().take(5).enumerate() {
            assert_eq!(Some(*close), want["first5_close"][at].as_f64(), "{symbol} bit for bit");
        }
        let got = features(&view, symbol, "IDX").unwrap();
        let Features { sma20, sma50, sma200, rsi14, atr14, rv20, rv60, .. } = got;
        for (name, value) in [
            ("sma20", sma20),
            ("sma50", sma50),
            ("sma200", sma200),
            ("rsi14", rsi14),
            ("atr14", atr14),
            ("rv20_ann", rv20),
            ("rv60_ann", rv60),
            ("parkinson20_ann", got.parkinson20),
            ("ewma94_ann", got.ewma_vol),
            ("mom_12_1", got.mom_12_1),
            ("mom_20", got.mom_20),
            ("z20", got.z20),
            ("beta120", got.beta120),
            ("corr60", got.corr60),
            ("adv20_shares", got.adv20_shares),
            ("mdd_all", max_drawdown(&series.closes)),
        ] {
            near(&format!("{symbol} {name}"), value, &want[name]);
        }
        assert!(got.warnings.is_empty(), "{:?}", got.warnings);
    }
}

#[test]
fn the_regime_machine_walks_the_reference_sequence() {
    let mut machine = RegimeMachine::default();
    for step in golden()["vix_hysteresis"].as_array().unwrap() {
        let regime = machine.close(step[0].as_f64().unwrap());
        assert_eq!(Some(regime.as_str()), step[1].as_str(), "at {step}");
    }
}

#[test]
fn future_rows_change_nothing_that_a_view_shows() {
    let whole = synthetic();
    let cut = day("2020-09-30");
    let mut past = synthetic();
    for series in past.values_mut() {
        let keep = |line: &&str| line.starts_with("date") || *line < cut.to_string().as_str();
        series.csv = series.csv.lines().filter(keep).collect::<Vec<_>>().join("\n");
        series.csv.push_str("\n2020-09-30,1,2,1,1,5\n2020-10-05,9e5,9e5,9e5,9e5,1\n");
    }
    let files = past.iter().map(|(n, m)| (format!("bars/{n}.csv"), m.csv.as_str()));
    let (altered, _) = Dataset::parse(files);
    let data = parsed(&whole);
    for symbol in whole.keys() {
        let one = features(&data.as_of(cut, SessionSide::ExcludingToday), symbol, "IDX");
        let two = features(&altered.as_of(cut, SessionSide::ExcludingToday), symbol, "IDX");
        assert_eq!(one, two);
        let after = features(&altered.as_of(cut, SessionSide::IncludingToday), symbol, "IDX");
        assert_ne!(one, after, "the day itself shows once its session is over");
    }
}

#[test]
fn a_vintage_shows_from_its_release_and_not_from_its_month() {
    let text = "series,obs_date,release_date,value\n\
                CPIAUCSL,2020-01-01,2020-02-13,100\n\
                CPIAUCSL,2020-01-01,2020-03-11,101\n\
                CPIAUCSL,2020-02-01,2020-03-11,102\n";
    let (data, problems) = Dataset::parse([("macro.csv", text)].into_iter());
    assert!(problems.is_empty());
    let seen = |date: &str, reach| -> Vec<f64> {
        data.as_of(day(date), reach).series("CPIAUCSL").map(|obs| obs.value).collect()
    };
    assert!(seen("2020-02-13", SessionSide::ExcludingToday).is_empty());
    assert_eq!(seen("2020-02-13", SessionSide::IncludingToday), [100.0]);
    assert_eq!(seen("2020-03-11", SessionSide::ExcludingToday), [100.0]);
    assert_eq!(seen("2020-03-12", SessionSide::ExcludingToday), [101.0, 102.0]);
}

#[test]
fn wide_monthly_files_are_known_from_the_middle_of_the_next_month() {
    let data = Dataset::bundled();
    let newest = |date: &str| {
        let view = data.as_of(day(date), SessionSide::ExcludingToday);
        view.series("CPILFESL").last().map(|obs| obs.date)
    };
    assert_eq!(newest("2018-06-15"), Some(day("2018-04-01")));
    assert_eq!(newest("2018-06-16"), Some(day("2018-05-01")));
}

#[test]
fn the_bundle_parses_with_nothing_but_its_known_blanks_and_jumps_to_say() {
    let data = Dataset::bundled();
    let said: Vec<String> = data.problems().iter().map(ToString::to_string).collect();
    for problem in &said {
        let jump = problem.contains("is recorded") && problem.starts_with("us16");
        let blank = problem.starts_with("macro_monthly") && problem.contains("empty cells");
        assert!(jump || blank, "{problem}");
    }
    assert!(said.iter().any(|p| p.contains("AMD 2016-04-22")), "AMD rose 52%: {said:?}");
    assert_eq!(data.universe().len(), 16);
    for listing in data.universe().iter() {
        assert_eq!(data.date_range(&listing.symbol), Some((day("2010-01-04"), day("2022-12-28"))));
    }
    assert_eq!(data.date_range("VIX"), Some((day("2014-01-03"), day("2019-01-03"))));
    assert!(data.source_files()[1].sha256.starts_with("f5140f58f8e3"));
}

#[test]
fn regimes_of_known_days_are_as_history_remembers_them() {
    let data = Dataset::bundled();
    let at = |date: &str| {
        let view = data.as_of(day(date), SessionSide::ExcludingToday);
        regime_on(&view, "SPX", None, IntradayShocks::default())
    };
    assert_eq!(at("2017-11-24").regime, Regime::Calm);
    let crash = at("2018-02-06"); // the morning after VIX rose 116% to 37.32
    assert_eq!((crash.base, crash.regime), (Regime::Stressed, Regime::Crisis));
    assert!(crash.vix_chg_1d.unwrap() > 1.15);
    assert_eq!(at("2018-12-26").base, Regime::Stressed); // 36.07 on Christmas Eve
    assert!(!crash.blind && crash.rv20_bench.is_some());
}

#[test]
fn without_a_fresh_vix_the_regime_is_never_below_elevated() {
    let data = Dataset::bundled();
    let view = data.as_of(day("2014-01-02"), SessionSide::ExcludingToday);
    let none = regime_on(&view, "SPX", None, IntradayShocks::default());
    assert!(none.blind && none.regime == Regime::Elevated && none.vix.is_none());
    let view = data.as_of(day("2019-06-03"), SessionSide::ExcludingToday);
    let stale = regime_on(&view, "SPX", Some(day("2019-05-31")), IntradayShocks::default());
    assert!(stale.blind && stale.regime >= Regime::Elevated);
    let calm = data.as_of(day("2017-11-24"), SessionSide::ExcludingToday);
    let late = regime_on(&calm, "SPX", Some(day("2017-11-24")), IntradayShocks::default());
    assert_eq!((late.base, late.regime), (Regime::Calm, Regime::Elevated));
}

#[test]
fn several_shocks_raise_the_regime_by_one_step_together() {
    let data = Dataset::bundled();
    let view = data.as_of(day("2017-11-24"), SessionSide::ExcludingToday);
    let shocks =
        IntradayShocks { vix_now: Some(13.0), benchmark_ret: Some(-0.04), circuit_breaker: true };
    let report = regime_on(&view, "SPX", None, shocks);
    assert_eq!((report.base, report.regime), (Regime::Calm, Regime::Normal));
    assert_eq!(report.overrides.len(), 3); // 13.0 is 31% above 9.88
}

#[test]
fn the_economy_invents_nothing_that_the_bundle_lacks() {
    let data = Dataset::bundled();
    let found = macro_assessment(&data.as_of(day("2018-06-20"), SessionSide::ExcludingToday));
    assert_eq!(
        found.curve_pp.or(found.sahm_pp).or(found.hy_oas_pct).or(found.real_policy_pp),
        None
    );
    assert_eq!(found.cpi_series, Some("CPILFESL"));
    assert!((found.cpi_yoy_pct.unwrap() - 2.211_426_366_027).abs() < 1e-9);
    assert!((found.baa_aaa_pp.unwrap() - 0.83).abs() < 1e-9);
    assert!((found.credit_z.unwrap() + 0.551_548_877_404).abs() < 1e-9);
    assert_eq!(found.unknown_flags.len(), 2);
    assert!((found.risk_budget_scale - 1.0).abs() < 1e-12);
    let ended = |w: &&desk::market::DataWarning| w.code == DataWarningCode::StaleSeries;
    assert!(found.warnings.iter().find(ended).unwrap().msg.contains("2016-12-01"));
    let earlier = macro_assessment(&data.as_of(day("2015-06-19"), SessionSide::ExcludingToday));
    assert!(earlier.unemployment_yoy_pp.unwrap() < 0.0 && earlier.sahm_pp.is_none());
}

#[test]
fn two_dangers_cut_the_risk_budget_to_three_quarters() {
    let mut text = "series,obs_date,release_date,value\n".to_owned();
    for back in 0..400_u64 {
        let date = day("2020-06-30") - Days::new(back);
        let spread = if back == 0 { 9.0 } else { 3.0 + f64::from(u32::from(back % 2 == 0)) };
        let long = if back > 100 { 1.0 } else { 3.0 };
        writeln!(text, "BAMLH0A0HYM2,{date},{date},{spread}").expect("a String takes any text");
        writeln!(text, "DGS10,{date},{date},{long}\nDGS2,{date},{date},2")
            .expect("a String takes any text");
    }
    let (data, _) = Dataset::parse([("macro.csv", text)].into_iter());
    let found = macro_assessment(&data.as_of(day("2020-06-30"), SessionSide::IncludingToday));
    assert_eq!(found.flags.len(), 2, "{found:?}");
    assert!((found.risk_budget_scale - 0.75).abs() < 1e-12);
    assert!((found.curve_pp.unwrap() - 1.0).abs() < 1e-12);
    let before = macro_assessment(&data.as_of(day("2020-06-30"), SessionSide::ExcludingToday));
    assert_eq!(before.flags.len(), 1);
}

#[test]
fn a_spike_of_volatility_shows_across_assets() {
    let data = Dataset::bundled();
    let found = cross_asset(&data.as_of(day("2018-02-05"), SessionSide::IncludingToday), "SPX");
    assert!(found.alert && found.moves.len() == 3);
    assert!(found.moves[0].z.unwrap() < -5.0 && found.moves[2].z.unwrap() > 5.0);
    assert!(found.stock_vix_corr60.unwrap() < -0.6);
    assert_eq!(found.stock_bond_corr60, None);
}

fn bundled_features(on: &str) -> Vec<Features> {
    let data = Dataset::bundled();
    let view = data.as_of(day(on), SessionSide::ExcludingToday);
    view.universe().iter().filter_map(|l| features(&view, &l.symbol, "SPX")).collect()
}

#[test]
fn closes_alone_leave_ranges_and_volumes_null_and_say_so() {
    let all = bundled_features("2018-12-19");
    assert_eq!(all.len(), 16);
    for found in &all {
        assert_eq!((found.atr14, found.parkinson20, found.adv20_usd), (None, None, None));
        let codes: Vec<_> = found.warnings.iter().map(|w| w.code).collect();
        assert_eq!(codes, [DataWarningCode::NoRange, DataWarningCode::NoVolume]);
        assert!(found.typical_range().unwrap().from_closes);
        assert!((0.0..4.0).contains(&found.beta120.unwrap()), "{}", found.symbol);
    }
    let breadth = breadth(&all);
    // Counted apart from this program, from the same file.
    assert_eq!((breadth.advancing, breadth.declining, breadth.adv_dec), (7, 8, -1));
    assert_eq!((breadth.pct_above_50, breadth.pct_above_200), (Some(3.0 / 16.0), Some(9.0 / 16.0)));
    assert_eq!((breadth.new_highs, breadth.new_lows), (0, 1));
}

#[test]
fn the_screen_puts_every_name_in_one_list_and_keeps_what_is_held() {
    let data = Dataset::bundled();
    let all = bundled_features("2015-08-24");
    let held = BTreeSet::from(["AMD".to_owned()]);
    let params = ScreenParams { top_k: 5, ..ScreenParams::default() };
    let found = screen_names(&all, data.universe(), &held, &params);
    assert_eq!(found.candidates.len() + found.rejected.len(), 16);
    assert_eq!(found.candidates.len(), 6);
    let amd = found.candidates.iter().find(|c| c.symbol == "AMD").unwrap();
    assert!(amd.held, "at $1.77 AMD fails the price filter, yet it is held");
    assert!(found.candidates.windows(2).all(|w| w[0].score >= w[1].score));
    assert!(found.candidates.iter().all(|c| c.score.abs() <= 1.0));
    let nobody = screen_names(&all, &Universe::default(), &BTreeSet::new(), &params);
    assert!(nobody.candidates.is_empty(), "an unknown turnover does not pass the filter");
}

#[test]
fn scores_agree_with_a_second_computation_of_the_same_formula() {
    let data = Dataset::bundled();
    let all = bundled_features("2018-12-19");
    let found = screen_names(&all, data.universe(), &BTreeSet::new(), &ScreenParams::default());
    for (at, (symbol, score)) in [
        ("MRK", 0.859_531_518_538_564),
        ("MSFT", 0.727_556_844_501_336),
        ("PG", 0.630_001_268_870_831),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(found.candidates[at].symbol, symbol);
        assert!((found.candidates[at].score - score).abs() < 1e-9, "{symbol}");
    }
    assert_eq!(found.rejected[0].rule, RejectReason::MaxAtrPct, "AMD moved 5% a day");
}

#[test]
fn a_gap_of_a_whole_range_is_flagged() {
    let found = bundled_features("2018-12-19").remove(0);
    let range = found.typical_range().unwrap().usd;
    assert!(opening_gap(&found, found.close - 1.01 * range).unwrap().flag);
    assert!(!opening_gap(&found, found.close + 0.5 * range).unwrap().flag);
    assert_eq!(opening_gap(&found, -1.0), None);
    assert_eq!(opening_gap(&found, f64::NAN), None);
}

#[test]
fn collection_fails_for_a_held_name_without_bars_and_degrades_for_others() {
    let data = Dataset::bundled();
    let sessions: Vec<NaiveDate> = data
        .as_of(day("2019-01-01"), SessionSide::ExcludingToday)
        .bars("SPX")
        .iter()
        .map(|bar| bar.date)
        .collect();
    let view = data.as_of(day("2018-12-19"), SessionSide::ExcludingToday);
    let ask = |symbols: &[&str], held: &[&str]| {
        let symbols: Vec<String> = symbols.iter().map(ToString::to_string).collect();
        let held = held.iter().map(ToString::to_string).collect();
        let sessions = &sessions;
        let lookback = 260;
        let request =
            QualityRequest { symbols: &symbols, benchmark: "SPX", held: &held, lookback, sessions };
        check_quality(&view, &request)
    };
    let fine = ask(&["AAPL", "KO"], &["KO"]);
    assert_eq!((fine.verdict, fine.rows), (DataVerdict::Ok, 3 * 260));
    assert_eq!(fine.symbols[0].last_session, Some(day("2018-12-18")));
    let absent = ask(&["AAPL", "NONE"], &["NONE"]);
    assert_eq!(absent.verdict, DataVerdict::Fail);
    assert_eq!(absent.symbols[2].status, BarStatus::Missing);
    let all: Vec<String> = data.universe().iter().map(|l| l.symbol.clone()).collect();
    let mut many: Vec<&str> = all.iter().map(String::as_str).collect();
    let ge = ask(&many, &["GE"]);
    assert!(ge.coverage.unwrap() > 0.999, "{:?}", ge.reasons);
    many.truncate(3);
    many.push("NONE");
    assert_eq!(ask(&many, &[]).verdict, DataVerdict::Fail, "80% are too few");
}
