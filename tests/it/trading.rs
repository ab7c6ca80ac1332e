//! The desk's arithmetic against the reference vectors of an independent implementation.

use std::collections::BTreeMap;

use bellwether::{
    desk::{
        stats::{self, simple_returns},
        trading::{
            attribution::{SectorSleeve, brinson_attribution},
            instruments::Instruments,
            money::{from_f64, to_f64},
            order::{ClOrdId, Fill},
            performance::{DayBooks, sharpe, sortino},
            portfolio::Portfolio,
            risk::{Covariance, tail_loss, weighted_returns},
            sizing::{SizingInputs, SizingRules, size_trades},
            slippage::{AlmgrenOrder, square_root_bps, volume_share_bps},
            symbol::{Side, Symbol},
            tca::{BenchmarkPrices, implementation_shortfall},
            twap::slice_sizes,
            weighting::{inverse_vol, risk_parity, vol_scale},
        },
    },
    engine::math::{Rng, int_to_float, round_cents},
};
use chrono::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;

fn golden(section: &str) -> Value {
    let all: Value =
        serde_json::from_str(include_str!("data/golden_vectors.json")).expect("valid JSON");
    all[section].clone()
}

fn near(got: f64, want: &Value) {
    let want = want.as_f64().expect("a number");
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{got} is not {want}");
}

fn name(text: &str) -> Symbol {
    Symbol::parse(text).expect("a ticker")
}

fn usd(text: &str) -> Decimal {
    text.parse().expect("an amount")
}

/// Closes of the reference's generator: seed, first price, drift, own volatility, β to the index.
fn closes(
    seed: u64,
    [p0, mu, sigma, beta]: [f64; 4],
    index: Option<&[f64]>,
) -> (Vec<f64>, Vec<f64>) {
    let mut rng = Rng::new(seed);
    let (mut closes, mut moves, mut last) = (Vec::new(), Vec::new(), p0);
    for t in 0..300 {
        let z = rng.normal();
        let _open = rng.normal();
        let _rest = (rng.uniform(), rng.uniform(), rng.uniform());
        let r = mu + sigma * z + index.map_or(0.0, |index| beta * index[t]);
        last = round_cents(last * (1.0 + r));
        closes.push(last);
        moves.push(r);
    }
    (closes, moves)
}

fn series() -> BTreeMap<Symbol, Vec<f64>> {
    let (_, index) = closes(42, [400.0, 0.0003, 0.009, 0.0], None);
    let of = |seed, numbers| closes(seed, numbers, Some(&index)).0;
    BTreeMap::from([
        (name("AAA"), of(101, [150.0, 0.0002, 0.012, 1.2])),
        (name("BBB"), of(202, [80.0, 0.0001, 0.008, 0.7])),
        (name("CCC"), of(303, [40.0, -0.0001, 0.022, 1.5])),
    ])
}

fn returns() -> BTreeMap<Symbol, Vec<f64>> {
    let last = |closes: &Vec<f64>| {
        let all = simple_returns(closes).expect("positive prices");
        all[all.len() - 250..].to_vec()
    };
    series().iter().map(|(name, closes)| (name.clone(), last(closes))).collect()
}

fn inverse_weights() -> BTreeMap<Symbol, f64> {
    let vol = |closes: &Vec<f64>| {
        let logs = stats::log_returns(closes).expect("positive prices");
        stats::std_dev(&logs[logs.len() - 60..]).expect("a spread") * 252.0_f64.sqrt()
    };
    inverse_vol(&series().iter().map(|(n, c)| (n.clone(), vol(c))).collect()).expect("weights")
}

#[test]
fn risk_of_the_reference_portfolio_is_reproduced() {
    let want = golden("portfolio");
    let weights = inverse_weights();
    for (symbol, w) in &weights {
        near(*w, &want["inv_vol_weights"][symbol.as_str()]);
    }
    let cov = Covariance::from_returns(&returns()).expect("aligned");
    for (i, row) in cov.matrix.iter().enumerate() {
        for (j, cell) in row.iter().enumerate() {
            near(*cell, &want["cov_ann"][i][j]);
        }
    }
    let sigma = cov.volatility(&cov.weights_vector(&weights).expect("known names"));
    near(sigma, &want["port_vol_ann"]);
    near(vol_scale(0.10, sigma).expect("a scale"), &want["vol_target_10pct_scale"]);
    for (symbol, w) in risk_parity(&cov).expect("weights") {
        near(w, &want["erc_weights"][symbol.as_str()]);
    }
    let past = weighted_returns(&returns(), &weights).expect("known names");
    for (confidence, var, es, k) in [
        (0.95, "hist_var95_1d", "hist_es95_1d", "k95"),
        (0.99, "hist_var99_1d", "hist_es99_1d", "k99"),
    ] {
        let loss = tail_loss(&past, confidence).expect("a tail");
        near(loss.var, &want[var]);
        near(loss.es, &want[es]);
        assert_eq!(Some(loss.k), want[k].as_u64().and_then(|k| usize::try_from(k).ok()));
    }
    near(sharpe(&past, 0.04).expect("enough"), &want["sharpe_rf4_ann"]);
    near(sortino(&past).expect("enough"), &want["sortino0_ann"]);
    let worth = past.iter().scan(1.0, |worth, r| {
        *worth *= 1.0 + r;
        Some(*worth)
    });
    let path: Vec<f64> = std::iter::once(1.0).chain(worth).collect();
    near(stats::max_drawdown(&path).expect("a path"), &want["mdd"]);
}

#[test]
fn orders_of_the_reference_portfolio_are_reproduced_to_the_share_and_cent() {
    let want = golden("orders");
    let prices: BTreeMap<Symbol, Decimal> = series()
        .iter()
        .map(|(n, c)| (n.clone(), from_f64(*c.last().expect("a close")).expect("a price")))
        .collect();
    let held = [("AAA", 1_200), ("BBB", 4_000)]
        .map(|(n, qty)| (name(n), (qty, prices[&name(n)])))
        .into_iter()
        .collect();
    let book = Portfolio::opening(usd("330496"), &held);
    let targets: BTreeMap<Symbol, f64> =
        inverse_weights().into_iter().map(|(n, w)| (n, w * 0.95)).collect();
    for (symbol, w) in &targets {
        near(*w, &want["targets"][symbol.as_str()]);
    }
    let universe = Instruments::new();
    let equity = usd("1000000");
    let inputs = SizingInputs {
        book: &book,
        equity,
        targets: &targets,
        prices: &prices,
        universe: &universe,
    };
    let sized = size_trades(&inputs, &SizingRules::default());
    let wanted = want["orders"].as_array().expect("orders");
    assert_eq!(sized.trades.len(), wanted.len());
    for (trade, want) in sized.trades.iter().zip(wanted) {
        assert_eq!(want["symbol"], trade.symbol.as_str());
        assert_eq!(want["qty"], trade.qty);
        assert_eq!(want["side"], trade.side.to_string().to_uppercase());
        near(to_f64(trade.notional), &want["notional"]);
    }
    near(sized.turnover_one_way, &want["one_way_turnover"]);
    near(to_f64(sized.cash_after), &want["cash_after_at_ref"]);
}

#[test]
fn slippage_models_give_the_reference_costs() {
    let want = golden("slippage_examples");
    let law = square_root_bps(10_000.0, 1e6, 0.02, 2.0).expect("a cost");
    near(law, &want["sqrt_law_bps(q=10000,adv=1e6,sig_d=0.02,spread=2bps)"]);
    for (key, numbers) in [
        ("almgren2005_bps(q=10% ADV,sig_d=0.0157,T=0.5d,theta/V=263)", [0.1, 0.0157, 0.5, 263.0]),
        ("almgren2005_bps(q=1% ADV,sig_d=0.02,T=0.125d,theta/V=200)", [0.01, 0.02, 0.125, 200.0]),
    ] {
        let [volume_share, sigma_1d, sessions, inverse_turnover] = numbers;
        let order = AlmgrenOrder { volume_share, sigma_1d, sessions, inverse_turnover };
        let cost = order.impact_cost().expect("a cost");
        near(cost.permanent_bps, &want[key][0]);
        near(cost.cost_bps, &want[key][1]);
    }
    near(volume_share_bps(1e9, 1.0).expect("a cost"), &want["lean_volume_share_bps(cap)"]);
    near(volume_share_bps(0.01, 1.0).expect("a cost"), &want["lean_volume_share_bps(1%)"]);
}

#[test]
fn slices_are_those_of_the_reference() {
    let want = golden("twap");
    assert_eq!(want["1037 in 8"], serde_json::json!(slice_sizes(1_037, 8, 1)));
    assert_eq!(want["1037 in 8 lot 100"], serde_json::json!(slice_sizes(1_037, 8, 100)));
}

fn fill(side: Side, qty: i64, price: &str, fee: &str) -> Fill {
    Fill {
        exec_id: format!("X-{side}-{qty}"),
        order: ClOrdId::parse("X").expect("an id"),
        child: 1,
        symbol: name("AAA"),
        side,
        qty,
        price: usd(price),
        fee: usd(fee),
        at: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn shortfall_of_the_reference_order_is_reproduced() {
    let want = golden("implementation_shortfall");
    let marks = BenchmarkPrices { decision: usd("100"), arrival: usd("100.12"), end: usd("100.9") };
    let fills = [fill(Side::Buy, 3_000, "100.20", "15"), fill(Side::Buy, 1_500, "100.31", "7.5")];
    let cost = implementation_shortfall(Side::Buy, 5_000, &marks, &fills).expect("its own fills");
    near(to_f64(cost.delay), &want["delay"]);
    near(to_f64(cost.execution), &want["execution"]);
    near(to_f64(cost.opportunity), &want["opportunity"]);
    near(to_f64(cost.fees), &want["fees"]);
    near(to_f64(cost.total_usd), &want["total_usd"]);
    near(cost.bps.expect("a price"), &want["bps"]);
}

#[test]
fn attribution_of_the_reference_book_is_reproduced_without_residual() {
    let want = golden("brinson");
    let side = |rows: [(&str, f64, f64); 3]| -> BTreeMap<String, SectorSleeve> {
        rows.map(|(s, weight, ret)| (s.to_owned(), SectorSleeve { weight, ret }))
            .into_iter()
            .collect()
    };
    let book = side([("Tech", 0.5, 0.02), ("Fin", 0.3, -0.01), ("Hlth", 0.2, 0.005)]);
    let bench = side([("Tech", 0.4, 0.015), ("Fin", 0.35, -0.005), ("Hlth", 0.25, 0.0)]);
    let out = brinson_attribution(&book, &bench);
    near(out.rp, &want["rp"]);
    near(out.rb, &want["rb"]);
    for (sector, effect) in &out.sectors {
        near(effect.allocation, &want["allocation"][sector]);
        near(effect.selection, &want["selection"][sector]);
        near(effect.interaction, &want["interaction"][sector]);
    }
    assert!(out.residual.abs() < 1e-15, "{}", out.residual);
}

#[test]
fn profit_of_the_reference_day_is_reproduced_to_the_cent() {
    let want = golden("pnl");
    let aaa = name("AAA");
    let at = |px: &str| BTreeMap::from([(aaa.clone(), usd(px))]);
    let (before, after, dividends) = (at("50"), at("53"), at("0.1"));
    let held = BTreeMap::from([(aaa.clone(), (100, usd("50")))]);
    let opening = Portfolio::opening(usd("10000"), &held);
    let fills = [fill(Side::Buy, 40, "51", "0.7"), fill(Side::Sell, 30, "52", "0.5")];
    let mut closing = opening.clone();
    for fill in &fills {
        closing.book_fill(fill).expect("a sound fill");
    }
    let day = DayBooks {
        opening: &opening,
        closing: &closing,
        fills: &fills,
        previous_close: &before,
        close: &after,
        dividends: &dividends,
    };
    let out = day.pnl().expect("books agree");
    near(to_f64(out.pnl.holding), &want["holding"]);
    near(to_f64(out.pnl.trading), &want["trading"]);
    near(to_f64(out.pnl.dividend), &want["dividend"]);
    near(to_f64(out.pnl.fees), &want["fees"]);
    near(to_f64(out.pnl.total), &want["total"]);
    near(to_f64(out.pnl.total), &want["check_mv"]);
    assert_eq!(out.residual, Decimal::ZERO);
    near(int_to_float(closing.quantity(&aaa)), &serde_json::json!(110));
}
