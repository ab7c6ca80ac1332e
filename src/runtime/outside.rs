//! Reads what a scenario makes go wrong at the simulated broker.

use crate::{
    time::Span,
    trading::{
        broker::{Faults, Spell, SpellKind, Trouble, Which},
        order::ClOrdId,
        symbol::Symbol,
    },
    yaml::{self, Content, Fields, Node, Sink},
};

/// What can go wrong there, as a file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    AckLost,
    OrderLost,
    AckTwice,
    AckSlow,
    Reject,
    Partial,
    Disconnect,
    WrongPosition,
}

const WORDS: &[(&str, Word)] = &[
    ("ack_lost", Word::AckLost),
    ("order_lost", Word::OrderLost),
    ("ack_twice", Word::AckTwice),
    ("ack_slow", Word::AckSlow),
    ("reject", Word::Reject),
    ("partial", Word::Partial),
    ("disconnect", Word::Disconnect),
    ("wrong_position", Word::WrongPosition),
];

/// For how long something goes on that does not say.
const USUAL: Span = Span::mins(1);

/// Whether a fault is one of the broker's.
pub(super) fn is_at_broker(node: &Node) -> bool {
    match &node.content {
        Content::Map(entries) => entries.iter().any(|entry| entry.key == "broker"),
        Content::Null
        | Content::Flag(_)
        | Content::Number(_)
        | Content::Text(_)
        | Content::List(_) => false,
    }
}

/// The length of time under `key`; the outer none where the key is absent, the inner one where it
/// holds no length of time, which is then reported.
pub(super) fn span(
    fields: &mut Fields<'_>,
    key: &'static str,
    sink: &mut Sink,
) -> Option<Option<Span>> {
    let entry = fields.get(key)?;
    let Some(text) = entry.value.plain("a length of time", sink) else { return Some(None) };
    let read = text.parse().map_err(|error| {
        sink.report(yaml::WRONG_TYPE, &entry.value.span, format!("{error}"));
    });
    Some(read.ok())
}

/// Reads a fault of the broker: with one order (`order`, its number, or `id`), or for a while from
/// so long `after` the open.
pub(super) fn read(node: &Node, faults: &mut Faults, sink: &mut Sink) {
    let Some(mut fields) = Fields::of(node, &node.span, "a fault of the broker", sink) else {
        return;
    };
    let word = fields.need("broker").and_then(|entry| entry.value.word(WORDS, sink));
    let number = fields.get("order").and_then(|entry| entry.value.whole(1..=100_000, sink));
    let id = fields
        .get("id")
        .and_then(|entry| parsed(&entry.value, "an order's id", ClOrdId::parse, sink));
    let symbol = fields
        .get("symbol")
        .and_then(|entry| parsed(&entry.value, "a ticker", Symbol::parse, sink));
    let shares = fields.get("shares").and_then(|entry| entry.value.whole(0..=100_000_000, sink));
    let percent = fields.get("percent").and_then(|entry| entry.value.whole(0..=100, sink));
    let after = span(&mut fields, "after", sink);
    let lasts = span(&mut fields, "for", sink).unwrap_or(Some(USUAL));
    let message = fields.get("message").and_then(|e| e.value.plain("a line of text", sink));
    let place = fields.span().clone();
    fields.finish(sink);
    let which = number.map(Which::Number).or(id.map(Which::Id));
    let (Some(word), Some(lasts)) = (word, lasts) else { return };
    let reason = message.unwrap_or_else(|| "refused by the scenario".into());
    let percent = percent.and_then(|percent: u32| u8::try_from(percent).ok()).unwrap_or(50);
    let spell = |kind| after.flatten().map(|after| Spell { after, lasts, kind });
    let trouble = match word {
        Word::AckLost => Trouble::AckLost,
        Word::OrderLost => Trouble::OrderLost,
        Word::AckTwice => Trouble::AckTwice,
        Word::AckSlow => Trouble::AckSlow(lasts),
        Word::Reject => Trouble::Reject(reason),
        Word::Partial => Trouble::Partial(percent),
        Word::Disconnect => Trouble::Disconnect(lasts),
        Word::WrongPosition => {
            let kind = symbol.zip(shares).map(|(symbol, shares)| SpellKind::WrongPosition {
                symbol,
                shares: i64::from(shares),
            });
            match kind.and_then(spell) {
                Some(wrong) => faults.spells.push(wrong),
                None => {
                    let text = "a wrong position says `symbol`, `shares` and `after` the open";
                    sink.report(yaml::MISSING_KEY, &place, text.into());
                }
            }
            return;
        }
    };
    match (which, spell(SpellKind::Disconnect), word) {
        (Some(which), None, _) => faults.orders.push((which, trouble)),
        (None, Some(cut), Word::Disconnect) => faults.spells.push(cut),
        _neither_or_both => {
            let text = "a fault of the broker says with which `order` (its number) or `id`; a lost connection may say `after` the open instead";
            sink.report(yaml::MISSING_KEY, &place, text.into());
        }
    }
}

fn parsed<T, E: std::fmt::Display>(
    node: &Node,
    what: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    sink: &mut Sink,
) -> Option<T> {
    let text = node.plain(what, sink)?;
    let read = parse(&text).map_err(|error| {
        sink.report(yaml::WRONG_TYPE, &node.span, error.to_string());
    });
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Scenario;

    fn faults(lines: &str) -> Result<Faults, String> {
        let text = format!("scenario: x\ntitle: y\nfaults:\n{lines}");
        let scenario = Scenario::parse("s.yaml", &text).map_err(|error| error.to_string())?;
        Ok(scenario.broker().clone())
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
            (Which::Number(1), Trouble::AckLost),
            (Which::Id(id), Trouble::AckSlow(Span::mins(4))),
            (Which::Number(2), Trouble::Partial(30)),
            (Which::Number(3), Trouble::Reject("no".into())),
            (Which::Number(4), Trouble::Disconnect(Span::secs(30))),
            (Which::Number(5), Trouble::OrderLost),
            (Which::Number(6), Trouble::AckTwice),
        ];
        let symbol = Symbol::parse("AAPL").unwrap();
        let wrong = SpellKind::WrongPosition { symbol, shares: 7 };
        let spells = vec![
            Spell { after: Span::mins(45), lasts: Span::mins(5), kind: SpellKind::Disconnect },
            Spell { after: Span::mins(60), lasts: USUAL, kind: wrong },
        ];
        assert_eq!(read, Faults { orders, spells });
    }

    #[test]
    fn a_fault_that_fits_no_order_or_time_is_refused() {
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
