//! Parser for the broker faults of a scenario.

use desk::trading::{
    broker::{BrokerFaults, FaultPeriod, FaultPeriodKind, OrderFault, OrderSelector},
    order::ClOrdId,
    symbol::Symbol,
};
use diag::{DiagnosticCollector, MappingEntry, MappingReader, NodeContent, YamlNode};
use planning::time::Span;

/// The kinds of broker faults, as named in a scenario file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BrokerFaultKind {
    AckLost,
    OrderLost,
    AckTwice,
    AckSlow,
    Reject,
    Partial,
    Disconnect,
    WrongPosition,
}

const WORDS: &[(&str, BrokerFaultKind)] = &[
    ("ack_lost", BrokerFaultKind::AckLost),
    ("order_lost", BrokerFaultKind::OrderLost),
    ("ack_twice", BrokerFaultKind::AckTwice),
    ("ack_slow", BrokerFaultKind::AckSlow),
    ("reject", BrokerFaultKind::Reject),
    ("partial", BrokerFaultKind::Partial),
    ("disconnect", BrokerFaultKind::Disconnect),
    ("wrong_position", BrokerFaultKind::WrongPosition),
];

/// Duration of a fault that gives none.
const USUAL: Span = Span::mins(1);

/// Returns whether a fault concerns the broker.
pub(super) fn is_at_broker(node: &YamlNode) -> bool {
    match &node.content {
        NodeContent::Map(entries) => entries.iter().any(|entry| entry.key == "broker"),
        NodeContent::Null
        | NodeContent::Bool(_)
        | NodeContent::Number(_)
        | NodeContent::Text(_)
        | NodeContent::List(_) => false,
    }
}

/// Reads a duration; reports an invalid one.
pub(super) fn read_duration(entry: &MappingEntry, sink: &mut DiagnosticCollector) -> Option<Span> {
    let text = entry.value.read_scalar_text("a length of time", sink)?;
    let read = text.parse().map_err(|error| {
        sink.report(diag::WRONG_TYPE, &entry.value.span, format!("{error}"));
    });
    read.ok()
}

/// Reads a broker fault: about one order (`order`, its number, or `id`), or for some time from
/// `after` the open.
pub(super) fn read_broker_fault(
    node: &YamlNode,
    faults: &mut BrokerFaults,
    sink: &mut DiagnosticCollector,
) {
    let Some(mut fields) = MappingReader::open(node, &node.span, "a fault of the broker", sink)
    else {
        return;
    };
    let word = fields.required("broker").and_then(|entry| entry.value.read_keyword(WORDS, sink));
    let number = fields.get("order").and_then(|entry| entry.value.read_integer(1..=100_000, sink));
    let id = fields
        .get("id")
        .and_then(|entry| parse_value(&entry.value, "an order's id", ClOrdId::parse, sink));
    let symbol = fields
        .get("symbol")
        .and_then(|entry| parse_value(&entry.value, "a ticker", Symbol::parse, sink));
    let shares =
        fields.get("shares").and_then(|entry| entry.value.read_integer(0..=100_000_000, sink));
    let percent = fields.get("percent").and_then(|entry| entry.value.read_integer(0..=100, sink));
    let after = fields.get("after").and_then(|entry| read_duration(entry, sink));
    let lasts = fields.get("for").map_or(Some(USUAL), |entry| read_duration(entry, sink));
    let message =
        fields.get("message").and_then(|e| e.value.read_scalar_text("a line of text", sink));
    let place = fields.span().clone();
    fields.finish(sink);
    let which = number.map(OrderSelector::Number).or(id.map(OrderSelector::Id));
    let (Some(word), Some(lasts)) = (word, lasts) else { return };
    let reason = message.unwrap_or_else(|| "refused by the scenario".into());
    let percent = percent.and_then(|percent: u32| u8::try_from(percent).ok()).unwrap_or(50);
    let spell = |kind| after.map(|after| FaultPeriod { after, lasts, kind });
    let trouble = match word {
        BrokerFaultKind::AckLost => OrderFault::AckLost,
        BrokerFaultKind::OrderLost => OrderFault::OrderLost,
        BrokerFaultKind::AckTwice => OrderFault::DuplicateAck,
        BrokerFaultKind::AckSlow => OrderFault::SlowAck(lasts),
        BrokerFaultKind::Reject => OrderFault::Reject(reason),
        BrokerFaultKind::Partial => OrderFault::PartialFill(percent),
        BrokerFaultKind::Disconnect => OrderFault::Disconnect(lasts),
        BrokerFaultKind::WrongPosition => {
            let kind = symbol.zip(shares).map(|(symbol, shares)| {
                FaultPeriodKind::PositionMismatch { symbol, shares: i64::from(shares) }
            });
            if let Some(wrong) = kind.and_then(spell) {
                faults.spells.push(wrong);
            } else {
                let text = "a wrong position says `symbol`, `shares` and `after` the open";
                sink.report(diag::MISSING_KEY, &place, text.into());
            }
            return;
        }
    };
    match (which, spell(FaultPeriodKind::Disconnect), word) {
        (Some(which), None, _) => faults.orders.push((which, trouble)),
        (None, Some(cut), BrokerFaultKind::Disconnect) => faults.spells.push(cut),
        _neither_or_both => {
            let text = "a fault of the broker says with which `order` (its number) or `id`; a lost connection may say `after` the open instead";
            sink.report(diag::MISSING_KEY, &place, text.into());
        }
    }
}

fn parse_value<T, E: std::fmt::Display>(
    node: &YamlNode,
    what: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    sink: &mut DiagnosticCollector,
) -> Option<T> {
    let text = node.read_scalar_text(what, sink)?;
    let read = parse(&text).map_err(|error| {
        sink.report(diag::WRONG_TYPE, &node.span, error.to_string());
    });
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;

    fn faults(lines: &str) -> Result<BrokerFaults, String> {
        let text = format!("scenario: x\ntitle: y\nfaults:\n{lines}");
        let scenario = Scenario::parse("s.yaml", &text).map_err(|error| error.to_string())?;
        Ok(scenario.broker_faults().clone())
    }

    #[test]
    fn every_fault_of_the_broker_can_be_scripted() {
        let read = faults(
            "  - {broker: ack_lost, order: 1}\n  - {broker: ack_slow, id: S1812191-ab12cd-3, for: 4m}\n  \
             - {broker: partial, order: 2, percent: 30}\n  - {broker: reject, order: 3, message: no}\n  \
             - {broker: disconnect, order: 4, for: 30s}\n  - {broker: disconnect, after: 45m, for: 5m}\n  \
             - {broker: wrong_position, symbol: AAPL, shares: 7, after: 1h}\n  - {task: a, fail: 1}\n  \
             - {broker: order_lost, order: 5}\n  - {broker: ack_twice, order: 6}\n",
        )
        .unwrap();
        let id = ClOrdId::parse("S1812191-ab12cd-3").unwrap();
        let orders = vec![
            (OrderSelector::Number(1), OrderFault::AckLost),
            (OrderSelector::Id(id), OrderFault::SlowAck(Span::mins(4))),
            (OrderSelector::Number(2), OrderFault::PartialFill(30)),
            (OrderSelector::Number(3), OrderFault::Reject("no".into())),
            (OrderSelector::Number(4), OrderFault::Disconnect(Span::secs(30))),
            (OrderSelector::Number(5), OrderFault::OrderLost),
            (OrderSelector::Number(6), OrderFault::DuplicateAck),
        ];
        let symbol = Symbol::parse("AAPL").unwrap();
        let wrong = FaultPeriodKind::PositionMismatch { symbol, shares: 7 };
        let spells = vec![
            FaultPeriod {
                after: Span::mins(45),
                lasts: Span::mins(5),
                kind: FaultPeriodKind::Disconnect,
            },
            FaultPeriod { after: Span::mins(60), lasts: USUAL, kind: wrong },
        ];
        assert_eq!(read, BrokerFaults { orders, spells });
    }

    #[test]
    fn refuses_fault_without_order_or_time() {
        for bad in [
            "  - {broker: ack_lost}\n",
            "  - {broker: ack_lost, after: 1m}\n",
            "  - {broker: disconnect}\n",
            "  - {broker: disconnect, order: 1, after: 1m}\n",
            "  - {broker: wrong_position, symbol: AAPL}\n",
            "  - {broker: partial, order: 1, percent: 101}\n",
            "  - {broker: ack_lots, order: 1}\n",
            "  - {broker: ack_lost, order: 1, id: 'A B'}\n",
        ] {
            assert!(faults(bad).is_err(), "{bad}");
        }
    }
}
