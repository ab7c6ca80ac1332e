//! Markdown rendering of the daily report; it shows numbers of the data and computes none.

use std::fmt::Write as _;

use serde_json::Value;

use crate::agents::job::TaskContext;

/// Renders the report as text. Writing to a string cannot fail, so the results of `writeln!` are
/// ignored.
pub(super) fn render_markdown(job: &TaskContext<'_>, data: &Value) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {} · {} · {}", job.date(), text(data, "/day"), text(data, "/mode"));
    let overlays = list(data, "/overlays");
    let named: Vec<&str> = overlays.iter().filter_map(Value::as_str).collect();
    let kinds = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
    let _ =
        writeln!(out, "\nOverlays: {kinds}. Trading state at the end: {}.", text(data, "/state"));
    result(&mut out, data);
    orders(&mut out, data);
    positions(&mut out, data);
    decisions(&mut out, data);
    let _ = writeln!(out, "\n## Inputs\n");
    for input in list(data, "/inputs") {
        let hash: String = text(input, "/sha256").chars().take(12).collect();
        let _ = writeln!(
            out,
            "- {} · {} rows · sha256 {hash}",
            text(input, "/name"),
            text(input, "/rows")
        );
    }
    out
}

fn result(out: &mut String, data: &Value) {
    let at = |path: &str| text(data, &format!("/performance{path}"));
    let part = |path: &str| fraction(data, &format!("/performance{path}"));
    let _ = writeln!(out, "\n## Result\n\n| | |\n|---|---|");
    for (name, value) in [
        ("Equity at the open", usd(&at("/equity_open"))),
        ("Equity at the close", usd(&at("/equity_close"))),
        ("Profit", usd(&at("/pnl/total"))),
        ("… on what was held", usd(&at("/pnl/holding"))),
        ("… on what was traded", usd(&at("/pnl/trading"))),
        ("Fees", usd(&at("/pnl/fees"))),
        ("Return", part("/ret_1d")),
        ("Market", part("/benchmark_ret")),
        ("Own part after beta", part("/beta_adj_alpha")),
        ("Unexplained", usd(&at("/residual"))),
    ] {
        let _ = writeln!(out, "| {name} | {value} |");
    }
}

fn orders(out: &mut String, data: &Value) {
    let all = list(data, "/costs/orders");
    let _ = writeln!(out, "\n## Orders\n");
    if all.is_empty() {
        let _ = writeln!(out, "None.");
        return;
    }
    let _ =
        writeln!(out, "| Name | Side | Ordered | Filled | Decision | Average | Cost bp | State |");
    let _ = writeln!(out, "|---|---|---:|---:|---:|---:|---:|---|");
    for one in all {
        let bps = one.get("is_bps").and_then(Value::as_f64);
        let bps = bps.map_or("–".into(), |bps| format!("{bps:.1}"));
        let cells = ["/symbol", "/side", "/qty", "/filled", "/decision_px", "/avg_px"];
        let cells: Vec<String> = cells.iter().map(|path| text(one, path)).collect();
        let _ = writeln!(out, "| {} | {bps} | {} |", cells.join(" | "), text(one, "/state"));
    }
    let total = usd(&text(data, "/costs/summary/total_usd"));
    let bps = data.pointer("/costs/summary/is_bps").and_then(Value::as_f64);
    let bps = bps.map_or(String::new(), |bps| format!(", {bps:.1} bp of what was planned"));
    let _ = writeln!(out, "\nImplementation shortfall {total}{bps}.");
}

fn positions(out: &mut String, data: &Value) {
    let _ = writeln!(out, "\n## Book at the close\n\n| Name | Shares | Price | Value | Weight |");
    let _ = writeln!(out, "|---|---:|---:|---:|---:|");
    for one in list(data, "/positions") {
        let cells = ["/symbol", "/qty", "/px"].map(|path| text(one, path));
        let (value, weight) = (usd(&text(one, "/mv")), fraction(one, "/w"));
        let _ = writeln!(out, "| {} | {value} | {weight} |", cells.join(" | "));
    }
    let _ = writeln!(out, "\nCash {}.", usd(&text(data, "/performance/cash_close")));
}

fn decisions(out: &mut String, data: &Value) {
    let _ = writeln!(out, "\n## Decisions\n");
    for plan in list(data, "/plans") {
        let hash: String = text(plan, "/plan_hash").chars().take(12).collect();
        let by = match plan.get("approved_by").and_then(Value::as_str) {
            Some(by) => format!("approved: {by} ({})", text(plan, "/approved_as")),
            None => "not approved".to_owned(),
        };
        let (id, orders) = (text(plan, "/plan_id"), text(plan, "/orders"));
        let _ = writeln!(out, "- {id} · {hash} · orders: {orders} · {by}");
    }
    for change in list(data, "/state_changes") {
        let cells = ["/at", "/from", "/to", "/by", "/reason"].map(|path| text(change, path));
        let [at, from, to, by, reason] = cells;
        let _ = writeln!(out, "- {at}: {from} → {to} by {by}: {reason}");
    }
}

fn list<'a>(data: &'a Value, path: &str) -> &'a [Value] {
    data.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(data: &Value, path: &str) -> String {
    match data.pointer(path) {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => {
            other.to_string()
        }
    }
}

fn fraction(data: &Value, path: &str) -> String {
    let value = data.pointer(path).and_then(Value::as_f64);
    value.map_or("–".to_owned(), |value| format!("{:+.2} %", value * 100.0))
}

/// Formats `$1,234.50` from the text of a decimal; any other text is returned unchanged.
fn usd(text: &str) -> String {
    let Ok(amount) = text.parse::<rust_decimal::Decimal>() else { return text.to_owned() };
    let cents = crate::trading::money::round_to_cents(amount.abs());
    let digits = format!("{cents:.2}");
    let (whole, rest) = digits.split_once('.').unwrap_or((&digits, "00"));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if amount.is_sign_negative() && !cents.is_zero() { "-" } else { "" };
    format!("{minus}${grouped}.{rest}")
}
